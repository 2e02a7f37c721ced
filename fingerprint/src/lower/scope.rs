//! Numbers the names that an item binds: locals, labels, generics and lifetimes.
//!
//! Each binding gets a number of its own, also when it shadows another. A name that is bound is not
//! visible until the pattern around it has ended.

use crate::ir::Name;

/// What a single identifier in value position can mean inside the item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Local {
    Bound {
        number: u32,
        /// A glob import stands between the use and the binding: an item may hide it.
        doubtful: bool,
    },
    /// An item or import of an inner block hides it.
    Hidden,
}

/// The generics around an associated item, in order.
#[derive(Clone, Default)]
pub(super) struct Outer {
    pub types: Vec<Name>,
    pub lifetimes: Vec<Name>,
}

#[derive(Default)]
pub(super) struct Scope {
    /// `None`: an item of this name.
    pub locals: Vec<(Name, Option<u32>)>,
    /// Bound by a pattern that has not ended.
    pub pending: Vec<(Name, u32)>,
    pub labels: Vec<(Name, u32)>,
    pub generics: Vec<(Name, u32)>,
    pub lifetimes: Vec<(Name, u32)>,
    /// Locals below it are doubtful.
    pub globs: usize,
    /// There is a `self`: local 0.
    pub receiver: bool,
    /// Names with a capital that stand where a binding could.
    pub capitals: Vec<Name>,
    /// How many generics and lifetimes are those of the impl or trait around.
    pub outer: Outer,
    next_local: u32,
    next_label: u32,
    next_generic: u32,
    next_lifetime: u32,
    /// Where the bindings of the or-pattern start, from its second case on.
    alternatives: Option<usize>,
}

impl Scope {
    pub(super) fn new(outer: &Outer) -> Self {
        let mut scope = Self { outer: outer.clone(), ..Self::default() };
        for name in &outer.types {
            scope.generic(*name);
        }
        for name in &outer.lifetimes {
            scope.lifetime(*name);
        }
        scope
    }

    pub(super) fn set_receiver(&mut self) {
        self.receiver = true;
        self.next_local = self.next_local.max(1);
    }

    fn fresh(&mut self) -> u32 {
        self.next_local += 1;
        self.next_local - 1
    }

    /// Binds a name in a pattern.
    pub(super) fn bind(&mut self, name: Name) -> u32 {
        if let Some(start) = self.alternatives {
            let bound = self.pending.get(start..).unwrap_or_default();
            if let Some((_, number)) = bound.iter().find(|(bound, _)| *bound == name) {
                return *number;
            }
        }
        let number = self.fresh();
        self.pending.push((name, number));
        number
    }

    /// Starts an or-pattern; give what it returns to [`Self::end_or`].
    pub(super) fn begin_or(&mut self) -> Option<usize> {
        self.alternatives.replace(self.alternatives.unwrap_or(self.pending.len()))
    }

    pub(super) fn end_or(&mut self, before: Option<usize>) {
        self.alternatives = before;
    }

    /// Makes what patterns bound since `mark` visible.
    pub(super) fn publish(&mut self, mark: usize) {
        self.locals.extend(self.pending.drain(mark..).map(|(name, number)| (name, Some(number))));
    }

    pub(super) fn local(&self, name: Name) -> Option<Local> {
        let position = self.locals.iter().rposition(|(bound, _)| *bound == name)?;
        let (_, number) = self.locals.get(position)?;
        Some(match number {
            Some(number) => Local::Bound { number: *number, doubtful: position < self.globs },
            None => Local::Hidden,
        })
    }

    /// An item of this name hides locals around the block.
    pub(super) fn hide(&mut self, name: Name) {
        self.locals.push((name, None));
    }

    /// Binds a name anew, to something that nothing is known of.
    pub(super) fn obscure(&mut self, name: Name) {
        let number = self.fresh();
        self.locals.push((name, Some(number)));
    }

    pub(super) fn bind_label(&mut self, name: Name) -> u32 {
        self.labels.push((name, self.next_label));
        self.next_label += 1;
        self.next_label - 1
    }

    pub(super) fn label(&self, name: Name) -> Option<u32> {
        last(&self.labels, name)
    }

    pub(super) fn generic(&mut self, name: Name) -> u32 {
        self.generics.push((name, self.next_generic));
        self.next_generic += 1;
        self.next_generic - 1
    }

    pub(super) fn lifetime(&mut self, name: Name) -> u32 {
        self.lifetimes.push((name, self.next_lifetime));
        self.next_lifetime += 1;
        self.next_lifetime - 1
    }

    pub(super) fn generic_number(&self, name: Name) -> Option<u32> {
        last(&self.generics, name)
    }

    pub(super) fn lifetime_number(&self, name: Name) -> Option<u32> {
        last(&self.lifetimes, name)
    }

    pub(super) fn next_generic(&self) -> u32 {
        self.next_generic
    }
}

fn last(list: &[(Name, u32)], name: Name) -> Option<u32> {
    list.iter().rev().find(|(bound, _)| *bound == name).map(|(_, number)| *number)
}
