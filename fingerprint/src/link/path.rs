//! Follows a path, segment by segment, as far as it leads through modules, enums and crates.
//!
//! What is left behind the last module or type (`Type::new`, `Trait::CONST`) is an associated item:
//! `links` turns it into a query over impls.

use super::Program;
use super::collect::ItemId;
use super::lookup::{Origin, Target, Visiting};
use super::scopes::{Namespace3, ScopeId};
use super::symbols::Sym;
use crate::ir::Anchor;
use std::collections::BTreeSet;

/// One possible meaning of a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct End {
    pub(super) reached: Reached,
    /// How many segments were followed.
    pub(super) rest: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reached {
    Target(Target),
    Unknown,
}

/// All meanings of a path, and whose globs might have given it another.
#[derive(Default)]
pub(super) struct Resolution {
    pub(super) ends: Vec<End>,
    pub(super) foreign_globs: BTreeSet<Origin>,
    /// Imports on the way that a cfg decides: another build may mean something else.
    pub(super) uses: BTreeSet<ItemId>,
}

impl Program<'_> {
    /// Resolves a path that a reference holds, seen from a scope.
    pub(super) fn resolve(
        &self,
        scope: ScopeId,
        anchor: Anchor,
        segments: &[Sym],
        namespaces: &[Namespace3],
    ) -> Resolution {
        let mut resolution = Resolution::default();
        for &namespace in namespaces {
            let mut visiting = Visiting::default();
            if let (Anchor::Plain, Some(&first)) = (anchor, segments.first()) {
                let namespace = if segments.len() > 1 { Namespace3::Type } else { namespace };
                let found = self.lookup_in_scope(scope, namespace, first, &mut visiting);
                if !found.complete {
                    resolution.foreign_globs.extend(found.foreign_globs);
                }
            }
            resolution.ends.extend(self.resolve_path(scope, anchor, segments, namespace, &mut visiting));
            resolution.uses.extend(visiting.uses);
        }
        resolution.ends.sort();
        resolution.ends.dedup();
        if resolution.ends.iter().any(|end| end.reached != Reached::Unknown) {
            resolution.ends.retain(|end| end.reached != Reached::Unknown);
        }
        resolution
    }

    pub(super) fn resolve_path(
        &self,
        scope: ScopeId,
        anchor: Anchor,
        segments: &[Sym],
        namespace: Namespace3,
        visiting: &mut Visiting,
    ) -> Vec<End> {
        let krate = self.scope(scope).krate as usize;
        let root = self.crates[krate].root;
        let mut ends = Vec::new();
        match anchor {
            Anchor::Plain => {
                let Some(&first) = segments.first() else { return ends };
                let wanted = if segments.len() > 1 { Namespace3::Type } else { namespace };
                for target in self.lookup_in_scope(scope, wanted, first, visiting).targets {
                    self.follow(target, segments, 1, namespace, visiting, &mut ends);
                }
            }
            Anchor::Global => {
                let Some(&first) = segments.first() else {
                    return vec![End { reached: Reached::Target(Target::Module(root)), rest: 0 }];
                };
                if self.crates[krate].edition_2015 {
                    self.follow(Target::Module(root), segments, 0, namespace, visiting, &mut ends);
                    ends.retain(|end| end.reached != Reached::Unknown);
                }
                // What a glob import of a package, or a macro, may bring is not known to be there.
                let is_ours = |end: &End| {
                    !matches!(end.reached, Reached::Target(Target::Foreign(..) | Target::Opaque(_)))
                };
                if let (false, Some(target)) = (ends.iter().any(is_ours), self.crate_named(krate, first)) {
                    self.follow(target, segments, 1, namespace, visiting, &mut ends);
                }
            }
            Anchor::Crate => self.follow(Target::Module(root), segments, 0, namespace, visiting, &mut ends),
            Anchor::Super(levels) => {
                let mut module = self.module_of(scope);
                for _ in 0..levels {
                    module = self.scope(module).parent.map_or(module, |parent| self.module_of(parent));
                }
                self.follow(Target::Module(module), segments, 0, namespace, visiting, &mut ends);
            }
            Anchor::SelfType | Anchor::Generic(_) | Anchor::Qualified { .. } => {}
        }
        if ends.is_empty() {
            ends.push(End { reached: Reached::Unknown, rest: 0 });
        }
        ends
    }

    fn follow(
        &self,
        target: Target,
        segments: &[Sym],
        at: usize,
        namespace: Namespace3,
        visiting: &mut Visiting,
        ends: &mut Vec<End>,
    ) {
        let Some(&segment) = segments.get(at) else {
            ends.push(End { reached: Reached::Target(target), rest: at });
            return;
        };
        match target {
            Target::Module(module) => {
                let wanted = if at + 1 < segments.len() { Namespace3::Type } else { namespace };
                let found = self.lookup_in(module, wanted, segment, visiting);
                for (target, _) in &found.targets {
                    self.follow(target.clone(), segments, at + 1, namespace, visiting, ends);
                }
                if !found.complete {
                    for target in self.opaque_definitions(module, segment) {
                        ends.push(End { reached: Reached::Target(target), rest: at });
                    }
                    self.through_foreign_globs(module, segments, at, visiting, ends);
                }
                if ends.is_empty() {
                    let unseen = self.unseen_definitions(module, segment, false, visiting);
                    ends.extend(
                        unseen.into_iter().map(|target| End { reached: Reached::Target(target), rest: at }),
                    );
                }
            }
            Target::Item(item) if self.has_variant(item, segment) => {
                self.follow(Target::Variant(item, segment), segments, at + 1, namespace, visiting, ends);
            }
            Target::Foreign(origin, path) => {
                let path = format!("{path}::{}", self.join(&segments[at..]));
                ends.push(End {
                    reached: Reached::Target(Target::Foreign(origin, path.into())),
                    rest: segments.len(),
                });
            }
            other => ends.push(End { reached: Reached::Target(other), rest: at }),
        }
    }

    /// `pub use other_crate::*` in a module of ours: a name that nothing else defines comes from there.
    fn through_foreign_globs(
        &self,
        module: ScopeId,
        segments: &[Sym],
        at: usize,
        visiting: &mut Visiting,
        ends: &mut Vec<End>,
    ) {
        for index in 0..self.scope(module).globs.len() {
            for target in self.glob_targets(module, index).iter() {
                if let Target::Foreign(..) = target {
                    self.follow(target.clone(), segments, at, Namespace3::Type, visiting, ends);
                }
            }
        }
    }
}
