//! Finds what a marked function can reach: every mention is a reference, methods are resolved by
//! name over the impls whose types are live (rapid type analysis), and code that no call names
//! (operators, `Drop`, `Display`) is reached with the type that it is implemented for.
//!
//! `weave` asks the program once what each node leads to, for all roots together: that is the [`Web`]. A
//! [`Reach`] then follows plain numbers, root after root, on as many threads as there are.

mod edges;
mod open;
mod reach;
mod set;
mod weave;
mod web;

pub(crate) use edges::{Edges, GroupId, Mention};
pub use set::NodeSet;
pub(crate) use web::{Closure, Web};

use crate::ir::{ItemKind, World};
use crate::link::{ItemId, Program};
use crate::walk;
use reach::{Reach, Start};

/// What is closed over.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Root {
    /// A function, in one of the two worlds: with or without `cfg(test)`.
    Function(ItemId, World),
    /// A foreign package (index into `Project::foreign`) and all that it depends on.
    Package(usize),
}

/// Roots whose closures are made something of, one list after another. Threads do not share the program: a root is
/// only a number to them.
pub(crate) struct Jobs(Vec<Vec<Start>>);

impl Jobs {
    pub(crate) fn new(program: &Program<'_>, roots: &[Vec<Root>]) -> Self {
        let start = |roots: &Vec<Root>| roots.iter().map(|&root| Start::new(program, root)).collect();
        Jobs(roots.iter().map(start).collect())
    }
}

impl Web {
    /// What `make` makes of the closures of some roots, on all cores, in the order of the jobs. The state
    /// serves one job after another.
    pub(crate) fn each<S: Default, R: Send>(
        &self,
        jobs: &Jobs,
        make: impl Fn(&mut S, Vec<Closure>) -> R + Sync,
    ) -> Vec<R> {
        let state = || (Reach::default(), S::default());
        walk::map_with(&jobs.0, state, |(reach, state), starts| {
            make(state, starts.iter().map(|&start| reach.close(self, start)).collect())
        })
    }
}

/// Items of a trait or of its impls that no name has to lead to: associated types, and what a macro defines.
fn belongs_to_all(kind: &ItemKind) -> bool {
    matches!(kind, ItemKind::TypeAlias { .. } | ItemKind::MacroCall { .. })
}
