//! Says by its full path what an item names of other packages and of the standard library. Fingerprints
//! need only to know which package that is; lints need to know what.

use super::Program;
use super::collect::ItemId;
use super::lookup::Target;
use super::path::Reached;
use super::scopes::{Namespace3, ScopeId};
use super::symbols::Sym;
use crate::ir::{Anchor, ItemKind, Namespace, PathRef, Ref, Ty, TyIdx};
use std::collections::BTreeSet;

/// Aliases of aliases: a circle of them does not compile, and ends here.
const ALIASES: u32 = 16;

impl Program<'_> {
    /// Every path in another crate that a reference can mean, `std::time::Instant::now`: through imports,
    /// aliases and re-exports, and behind a glob what nothing else defines.
    pub(crate) fn foreign_paths(&self, id: ItemId, path: &PathRef) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        self.find_foreign(id, path, ALIASES, &mut found);
        found
    }

    fn find_foreign(&self, id: ItemId, path: &PathRef, aliases: u32, found: &mut BTreeSet<String>) {
        let segments: Vec<Sym> = path.segments.iter().map(|name| self.sym(id, *name)).collect();
        let scope = self.entry(id).block(path.scope);
        match path.anchor {
            Anchor::Generic(_) | Anchor::SelfType => return,
            Anchor::Qualified { ty, trait_len: 0 } => {
                return self.behind_type(id, ty, &segments, aliases, found);
            }
            Anchor::Qualified { .. } => return,
            Anchor::Plain | Anchor::Global | Anchor::Crate | Anchor::Super(_) => {}
        }
        let namespaces = match path.namespace {
            Namespace::Any => Namespace3::of(Namespace::Type),
            other => Namespace3::of(other),
        };
        for end in self.resolve(scope, path.anchor, &segments, namespaces).ends {
            match end.reached {
                Reached::Target(Target::Foreign(_, full)) => _ = found.insert(full.to_string()),
                Reached::Target(Target::Item(item)) => {
                    let rest = segments.get(end.rest..).unwrap_or_default();
                    if let ItemKind::TypeAlias { ty: Some(ty), .. } = self.item(item).kind {
                        self.behind_type(item, ty, rest, aliases, found);
                    }
                }
                Reached::Unknown if path.anchor == Anchor::Plain => {
                    self.behind_globs(scope, &segments, found);
                }
                _ => {}
            }
        }
    }

    /// `<Type>::rest`, and `Alias::rest`.
    fn behind_type(&self, id: ItemId, ty: TyIdx, rest: &[Sym], aliases: u32, found: &mut BTreeSet<String>) {
        let Some(aliases) = aliases.checked_sub(1) else { return };
        let Ty::Path { path, .. } = self.ty(id, ty) else { return };
        let Ref::Path(path) = self.reference(id, *path) else { return };
        let mut heads = BTreeSet::new();
        self.find_foreign(id, path, aliases, &mut heads);
        let rest: String = rest.iter().flat_map(|name| ["::", self.text(*name)]).collect();
        found.extend(heads.into_iter().map(|head| head + &rest));
    }

    /// A name that nothing of ours defines, under `use rand::prelude::*`.
    fn behind_globs(&self, from: ScopeId, segments: &[Sym], found: &mut BTreeSet<String>) {
        let rest = self.join(segments);
        let mut next = Some(from);
        while let Some(id) = next {
            let scope = self.scope(id);
            for index in 0..scope.globs.len() {
                for target in self.glob_targets(id, index).iter() {
                    if let Target::Foreign(_, path) = target {
                        found.insert(format!("{path}::{rest}"));
                    }
                }
            }
            next = if scope.is_module { None } else { scope.parent };
        }
    }
}
