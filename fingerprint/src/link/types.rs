//! Says of a type that is written somewhere how much of it is seen.

use super::Program;
use super::collect::ItemId;
use super::lookup::Target;
use super::path::Reached;
use super::scopes::Namespace3;
use crate::ir::{Anchor, ItemKind, PathRef};

/// What a path to a type leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Head {
    /// `Result` of the standard library, or what another package calls so.
    Result,
    /// An alias of ours.
    Alias(ItemId),
    Other,
    /// Nothing that is seen: a macro's work, an associated type, an import that leads nowhere.
    Unseen,
}

/// Types that every module has without an import, and traits that bound a type's parameters.
const PRELUDE: [&str; 17] = [
    "Box",
    "Option",
    "Result",
    "String",
    "Vec",
    "Clone",
    "Copy",
    "Default",
    "Eq",
    "From",
    "Into",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Send",
    "Sized",
    "Sync",
];

impl Program<'_> {
    /// What a path to a type leads to, generic parameters and `Self` excepted.
    pub(crate) fn head_of(&self, id: ItemId, path: &PathRef) -> Head {
        if matches!(path.anchor, Anchor::Qualified { .. }) {
            return Head::Unseen;
        }
        let segments: Vec<_> = path.segments.iter().map(|name| self.sym(id, *name)).collect();
        let scope = self.entry(id).block(path.scope);
        let ends = self.resolve(scope, path.anchor, &segments, &[Namespace3::Type]).ends;
        let mut heads = ends.iter().map(|end| match &end.reached {
            Reached::Target(Target::Item(found)) if end.rest == segments.len() => {
                match &self.item(*found).kind {
                    ItemKind::TypeAlias { ty: Some(_), .. } => Head::Alias(*found),
                    ItemKind::Struct { .. }
                    | ItemKind::Enum { .. }
                    | ItemKind::Union { .. }
                    // Of a bound.
                    | ItemKind::Trait { .. } => Head::Other,
                    _ => Head::Unseen,
                }
            }
            Reached::Target(Target::Foreign(_, full)) => match full.rsplit("::").next() {
                Some("Result") => Head::Result,
                _ => Head::Other,
            },
            Reached::Unknown => match segments.as_slice() {
                [only] if self.text(*only) == "Result" => Head::Result,
                [only] if PRELUDE.contains(&self.text(*only)) => Head::Other,
                [only] if super::infer::is_primitive(self.text(*only)) => Head::Other,
                _ => Head::Unseen,
            },
            Reached::Target(_) => Head::Unseen,
        });
        match (heads.next(), heads.next()) {
            (Some(head), None) => head,
            (None, _) => Head::Unseen,
            // A cfg decides between them: each counts.
            (Some(first), Some(second)) => {
                let unseen =
                    [first, second].contains(&Head::Unseen) || heads.any(|head| head == Head::Unseen);
                if unseen { Head::Unseen } else { Head::Other }
            }
        }
    }
}
