//! Finds what glob imports open. They often go in circles (`use super::*`), so that one may depend on all: what
//! they open is worked out for all of them together, round by round, until nothing is added.

use super::Program;
use super::lookup::{Origin, Target, Visiting};
use super::path::Reached;
use super::scopes::{Namespace3, ScopeId};
use std::collections::HashMap;
use std::rc::Rc;

/// A glob import: its scope, and which one it is there.
type Glob = (ScopeId, usize);

/// What each opens. Sorted, without repetition.
pub(super) type Globs = HashMap<Glob, Rc<[Target]>>;

impl Program<'_> {
    /// Must run before anything is looked up.
    pub(super) fn open_globs(&self) {
        // First what is seen alone: what may be unseen depends on what is not found.
        for visiting in [Visiting::seen, Visiting::default] {
            while self.open_more(visiting) {}
        }
    }

    /// Whether something was added in this round.
    fn open_more(&self, visiting: impl Fn() -> Visiting) -> bool {
        let mut added = false;
        for scope in (0..self.scopes.len() as u32).map(ScopeId) {
            for (index, import) in self.scope(scope).globs.iter().enumerate() {
                let ends = self.resolve_import(scope, import, Namespace3::Type, &mut visiting());
                let known = self.glob_targets(scope, index);
                let mut targets = known.to_vec();
                targets.extend(ends.into_iter().filter_map(|end| match end.reached {
                    // Once a glob opens something of a package, it may seem to hold its own path, without end.
                    Reached::Target(Target::Foreign(origin, _)) if opens(&known, origin) => None,
                    Reached::Target(target) => Some(target),
                    Reached::Unknown => None,
                }));
                targets.sort();
                targets.dedup();
                if targets.len() > known.len() {
                    self.globs.borrow_mut().insert((scope, index), targets.into());
                    added = true;
                }
            }
        }
        // They were found with fewer globs open.
        self.lookups.borrow_mut().clear();
        self.opened.borrow_mut().clear();
        added
    }

    /// What a glob import of a scope opens.
    pub(super) fn glob_targets(&self, scope: ScopeId, index: usize) -> Rc<[Target]> {
        self.globs.borrow().get(&(scope, index)).cloned().unwrap_or_default()
    }
}

fn opens(known: &[Target], origin: Origin) -> bool {
    known.iter().any(|target| matches!(target, Target::Foreign(own, _) if *own == origin))
}
