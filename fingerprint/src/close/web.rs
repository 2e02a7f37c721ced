//! Holds what each node leads to as plain numbers, so that many closures can be found at once.
//!
//! A node is its slot ([`Program::slot`](crate::link::Program::slot)) while the web is woven. What some root
//! reaches is numbered anew, without gaps and in the order of slots.

use super::NodeSet;
use crate::ir::World;
use crate::link::{Node, Traits};

/// What one thing leads to.
#[derive(Debug, Default)]
pub(super) struct Lead {
    /// Slots.
    pub(super) nodes: Box<[u32]>,
    pub(super) queries: Box<[u32]>,
    /// Indexes into [`Web::forces`].
    pub(super) forces: Box<[u32]>,
}

/// What a reached node leads to.
#[derive(Debug, Default)]
pub(super) struct Step {
    pub(super) lead: Lead,
    /// Impls that may become live with a type, or that matter with a trait.
    pub(super) impls: Box<[u32]>,
    pub(super) is_trait: bool,
    pub(super) in_builds: Calls,
    /// With `cfg(test)`, where that is something else.
    pub(super) in_tests: Option<Box<Calls>>,
}

/// What code calls back.
#[derive(Debug, Default)]
pub(super) struct Calls {
    /// On any type, and on certain ones.
    pub(super) any: Traits,
    pub(super) exact: Box<[(Traits, u32)]>,
    pub(super) holds_foreign: bool,
    pub(super) is_uncertain: bool,
}

/// A candidate of a query: a slot, and the impl that must be live for it (or [`NONE`]).
pub(super) type Candidate = (u32, u32);

pub(super) const NONE: u32 = u32::MAX;

/// An impl.
#[derive(Debug)]
pub(super) struct Impl {
    pub(super) slot: u32,
    /// Slots of the types that must be live.
    pub(super) required: Box<[u32]>,
    pub(super) kind: Kind,
    /// Of an impl of a foreign trait: slots of its items.
    pub(super) items: Box<[u32]>,
}

#[derive(Debug)]
pub(super) enum Kind {
    Inherent,
    /// Slots of the traits.
    Local(Box<[u32]>),
    Foreign {
        /// Its items are reached with the impl.
        at_once: bool,
    },
}

/// What it means that any impl of a trait may stand behind a value.
#[derive(Debug, Default)]
pub(super) struct Force {
    pub(super) nodes: Box<[u32]>,
    pub(super) impls: Box<[u32]>,
    /// Any function that some code uses as a value.
    pub(super) functions: bool,
}

/// What the caller of a root can choose.
#[derive(Debug, Default)]
pub(super) struct Opening {
    pub(super) open: bool,
    pub(super) forces: Vec<u32>,
    pub(super) functions: bool,
}

/// In which worlds a node exists; dependencies are never compiled with `cfg(test)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exists {
    Always,
    In(World),
    Never,
}

/// Everything that some root can reach.
#[derive(Debug, Default)]
pub(crate) struct Web {
    pub(super) steps: Vec<Option<Box<Step>>>,
    pub(super) queries: Vec<Option<Box<[Candidate]>>>,
    pub(super) impls: Vec<Impl>,
    /// Impls that are live for everyone.
    pub(super) ready: Vec<u32>,
    pub(super) forces: Vec<Force>,
    /// By impl: what the caller chooses with it.
    pub(super) bounds: Vec<Option<Box<[u32]>>>,
    /// The query for the impls of each foreign trait, of whatever types.
    pub(super) called: Vec<(Traits, u32)>,
    /// Functions that are used as values: in both worlds, with `cfg(test)`, without.
    pub(super) functions: Option<[Lead; 3]>,
    /// By slot of an item.
    pub(super) exists: Vec<Exists>,
    /// Sorted by root.
    pub(super) openings: Vec<(u32, Opening)>,
    /// What some root reaches: by index.
    pub(super) nodes: Vec<Node>,
    /// By slot: the index, or [`NONE`].
    pub(super) indexes: Vec<u32>,
    /// What a root reaches may depend on `cfg(test)`.
    pub(super) worlds_differ: bool,
}

/// Everything that one root can reach.
#[derive(Clone, Debug)]
pub(crate) struct Closure {
    /// Index of the root; `None` where it exists in no world.
    pub(crate) root: Option<usize>,
    /// Indexes, the root's included.
    pub(crate) reached: NodeSet,
    /// A bound in the root's signature lets the caller bring code in.
    pub(crate) open: bool,
}

impl Closure {
    /// Whether the root exists in the closure's world.
    pub(crate) fn has_root(&self) -> bool {
        self.root.is_some_and(|root| self.reached.contains(root))
    }
}

impl Web {
    /// Every node, by index.
    pub(crate) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Whether what a root reaches may depend on `cfg(test)`.
    pub(crate) fn worlds_differ(&self) -> bool {
        self.worlds_differ
    }

    /// The index of a node by its slot, where some root reaches it.
    pub(crate) fn index(&self, slot: usize) -> Option<usize> {
        self.indexes.get(slot).filter(|index| **index != NONE).map(|index| *index as usize)
    }

    pub(super) fn exists(&self, slot: u32, world: Option<World>) -> bool {
        match self.exists.get(slot as usize) {
            None | Some(Exists::Always) => true,
            Some(Exists::Never) => false,
            Some(Exists::In(only)) => world.is_none_or(|world| world == *only),
        }
    }

    pub(super) fn opening(&self, root: u32) -> Option<&Opening> {
        let at = self.openings.binary_search_by_key(&root, |(root, _)| *root).ok()?;
        Some(&self.openings[at].1)
    }
}
