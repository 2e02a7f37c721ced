//! Numbers the names that an item binds: locals, labels, generics and lifetimes.
//!
//! Each binding gets a number of its own, also when it shadows another. A name that is bound is not
//! visible until the pattern around it has ended.

use crate::ir::{Name, Step};

/// A name, and which step of an expansion wrote it: what a macro binds is another local than one of the same
/// spelling that it was given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Word {
    pub name: Name,
    pub step: Step,
}

impl Word {
    pub(super) fn plain(name: Name) -> Self {
        Word { name, step: 0 }
    }
}

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

/// The first so many locals and labels.
#[derive(Clone, Copy)]
pub(super) struct Above {
    locals: usize,
    labels: usize,
}

#[derive(Default)]
pub(super) struct Scope {
    /// `None`: an item of this name.
    pub locals: Vec<(Word, Option<u32>)>,
    /// Bound by a pattern that has not ended.
    pub pending: Vec<(Word, u32)>,
    pub labels: Vec<(Word, u32)>,
    /// Macros that blocks around define, and how many locals and labels stand above each.
    pub macros: Vec<(Name, Above)>,
    /// What the words of such macros see beside what the same step wrote.
    seen: Vec<(Step, Above)>,
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
    pub(super) fn bind(&mut self, word: Word) -> u32 {
        if let Some(start) = self.alternatives {
            let bound = self.pending.get(start..).unwrap_or_default();
            if let Some((_, number)) = bound.iter().find(|(bound, _)| *bound == word) {
                return *number;
            }
        }
        let number = self.fresh();
        self.pending.push((word, number));
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
        self.locals.extend(self.pending.drain(mark..).map(|(word, number)| (word, Some(number))));
    }

    pub(super) fn local(&self, word: Word) -> Option<Local> {
        let above = self.above(word.step).map(|above| above.locals);
        let mut newest = self.locals.iter().enumerate().rev();
        // An item is found whoever wrote its name.
        let (position, (_, number)) = newest.find(|(at, (bound, number))| {
            bound.name == word.name && (number.is_none() || is_seen(*bound, word, *at, above))
        })?;
        Some(match number {
            Some(number) => Local::Bound { number: *number, doubtful: position < self.globs },
            None => Local::Hidden,
        })
    }

    /// An item of this name hides locals around the block.
    pub(super) fn hide(&mut self, name: Name) {
        self.locals.push((Word::plain(name), None));
    }

    /// Whether any local has this name.
    pub(super) fn binds(&self, name: Name) -> bool {
        self.locals.iter().any(|(bound, _)| bound.name == name)
    }

    /// Binds a name anew, to something that nothing is known of.
    pub(super) fn obscure(&mut self, word: Word) {
        let number = self.fresh();
        self.locals.push((word, Some(number)));
    }

    /// The same for all locals of a name, whoever wrote it.
    pub(super) fn obscure_all(&mut self, name: Name) {
        let mut words: Vec<Word> = self.locals.iter().map(|(word, _)| *word).collect();
        words.retain(|word| word.name == name);
        words.sort_by_key(|word| word.step);
        words.dedup();
        for word in words {
            self.obscure(word);
        }
    }

    /// A macro is defined here.
    pub(super) fn define(&mut self, name: Name) {
        self.macros.push((name, Above { locals: self.locals.len(), labels: self.labels.len() }));
    }

    /// What a step writes is what a macro of this name writes, which a block around defines.
    pub(super) fn see(&mut self, step: Step, name: Name) {
        let defined = self.macros.iter().rev().find(|(defined, _)| *defined == name);
        self.seen.extend(defined.map(|(_, above)| (step, *above)));
    }

    fn above(&self, step: Step) -> Option<Above> {
        self.seen.iter().find(|(seen, _)| *seen == step).map(|(_, above)| *above)
    }

    pub(super) fn bind_label(&mut self, word: Word) -> u32 {
        self.labels.push((word, self.next_label));
        self.next_label += 1;
        self.next_label - 1
    }

    pub(super) fn label(&self, word: Word) -> Option<u32> {
        let above = self.above(word.step).map(|above| above.labels);
        let mut newest = self.labels.iter().enumerate().rev();
        newest.find(|(at, (bound, _))| is_seen(*bound, word, *at, above)).map(|(_, (_, number))| *number)
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

/// Whether a word means what is bound at a place in the list of all that is bound.
fn is_seen(bound: Word, word: Word, at: usize, above: Option<usize>) -> bool {
    let step = if above.is_some_and(|above| at < above) { 0 } else { word.step };
    bound.name == word.name && bound.step == step
}

fn last(list: &[(Name, u32)], name: Name) -> Option<u32> {
    list.iter().rev().find(|(bound, _)| *bound == name).map(|(_, number)| *number)
}
