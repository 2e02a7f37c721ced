//! Says which impls of other people's traits an item's code makes run without naming them: operators,
//! formatting, `?`, `for`, and what functions of the standard library and of packages call back.
//!
//! Foreign code calls a method of ours only through a trait, on a type that it was given. So an impl of a
//! trait of the standard library is reached when its types are live *and* some reached code uses what
//! may call that trait, on what may be these types. Where the operands' types are not certain, any live
//! type is meant; where code of another package may be entered, any foreign trait.

mod calls;
mod finder;
mod operators;
mod packages;
mod std_calls;
mod traits;
mod types;

pub(super) use packages::Declared;
pub(super) use traits::TraitSet;

use super::collect::ItemId;
use super::links::{Query, QueryId};
use super::{ImplInfo, Node, Program, SelfHead, TraitOf};
use serde::{Deserialize, Serialize};

/// Traits of other people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Traits {
    /// Of the standard library.
    pub(super) std: TraitSet,
    /// Those of packages, all of them.
    pub(super) packages: bool,
}

/// What may be called: methods of these traits, on these types.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Callback {
    pub(crate) traits: Traits,
    pub(crate) on: On,
}

/// Which impls are meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum On {
    Any,
    /// Those with one of these types of ours in their header. Sorted.
    Held(Vec<ItemId>),
    /// Those for this type whose trait has this argument: `impl Add<Right> for Left`.
    Pair(Operand, Operand),
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum Operand {
    Any,
    /// One of these types of ours, or a type around one of them. Sorted.
    Types(Vec<ItemId>),
    /// A type of other people that holds none of ours.
    Foreign,
}

/// What an item's code makes run.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Callbacks {
    /// On any type.
    pub(crate) any: Traits,
    /// On certain types: what may be called, and the impls that this means.
    pub(crate) exact: Vec<(Traits, QueryId)>,
    /// A value of another package's type may come up.
    pub(crate) holds_foreign: bool,
    /// Something is done to a value whose type is not certain.
    pub(crate) is_uncertain: bool,
}

/// What an item's code makes run, without `cfg(test)` and with it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct InWorlds {
    pub(crate) in_builds: Callbacks,
    /// `None`: the same.
    pub(crate) in_tests: Option<Callbacks>,
}

impl Callback {
    /// Whatever foreign code can call.
    fn everything(on: On) -> Self {
        Callback { traits: Traits::ALL, on }
    }

    pub(super) fn allows(&self, info: &ImplInfo) -> bool {
        if info.traits.without(self.traits) == info.traits {
            return false;
        }
        match &self.on {
            On::Any => true,
            On::Held(types) => {
                info.head == SelfHead::Generic || info.required.iter().any(|id| types.contains(id))
            }
            On::Pair(left, right) => {
                let (head, types) = match &info.argument {
                    Some((head, types)) => (*head, types),
                    // `Add` alone is `Add<Self>`.
                    None => (info.head, &info.self_types),
                };
                left.fits(info.head, &info.self_types) && right.fits(head, types)
            }
        }
    }
}

impl Traits {
    pub(crate) const ALL: Traits = Traits { std: TraitSet::ALL, packages: true };

    /// That of an impl; none where it is ours, or not listed.
    pub(super) fn of(of_trait: &TraitOf) -> Self {
        match of_trait {
            TraitOf::Foreign(name, krate) => {
                Traits { std: TraitSet::named(name), packages: !krate.is_empty() }
            }
            TraitOf::Inherent | TraitOf::Local(_) => Traits::default(),
        }
    }

    fn of_std(std: TraitSet) -> Self {
        Traits { std, packages: false }
    }

    #[must_use]
    pub(crate) fn and(self, other: Traits) -> Traits {
        Traits { std: self.std.and(other.std), packages: self.packages || other.packages }
    }

    #[must_use]
    pub(crate) fn without(self, other: Traits) -> Traits {
        Traits { std: self.std.without(other.std), packages: self.packages && !other.packages }
    }

    pub(crate) fn is_empty(self) -> bool {
        self == Traits::default()
    }

    /// One by one, those of packages as one.
    pub(crate) fn each(self) -> impl Iterator<Item = Traits> {
        let packages = self.packages.then_some(Traits { packages: true, ..Traits::default() });
        self.std.each().map(Traits::of_std).chain(packages)
    }
}

impl Operand {
    fn fits(&self, head: SelfHead, types: &[ItemId]) -> bool {
        match self {
            Operand::Any => true,
            Operand::Types(wanted) => head == SelfHead::Generic || types.iter().any(|id| wanted.contains(id)),
            Operand::Foreign => head != SelfHead::Local,
        }
    }
}

/// Whether impls of a trait are reached only where something may call them.
pub(crate) fn is_called_by_name(name: &str, krate: &str) -> bool {
    !krate.is_empty() || !TraitSet::named(name).is_empty()
}

impl Program<'_> {
    /// Worked out once.
    pub(crate) fn callbacks(&self, id: ItemId) -> &InWorlds {
        self.beyond.code(id);
        self.callbacks[id.0 as usize].get_or_init(|| {
            // What an expanded macro call stands for says it itself.
            if self.is_origin(Node::Item(id)) {
                return InWorlds::default();
            }
            let (in_builds, differs) = finder::find(self, id, false);
            InWorlds { in_builds, in_tests: differs.then(|| finder::find(self, id, true).0) }
        })
    }

    /// The impls of these traits, of whatever types, a query for each trait.
    pub(crate) fn impls_called(&self, traits: Traits) -> Vec<QueryId> {
        traits.each().map(|traits| self.query_id(Query::Called(Callback { traits, on: On::Any }))).collect()
    }
}
