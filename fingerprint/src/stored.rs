//! Says under which names and fingerprints the runtime stores the results of marked functions.
//!
//! Where a call by name can mean several functions, the runtime takes their fingerprints together: so is it here.

use crate::content::Hash;
use crate::facts::Facts;
use crate::ir::{Anchor, ItemKind, Ref, Ty, TyIdx};
use crate::link::{Head, ItemId, Program};
use crate::marks::Marked;
use crate::shape;
use checkpointing_closure::Shape;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Deeper types than these are not written out.
const DEPTH: u32 = 16;

/// How the results of a marked function are found in a store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Stored {
    /// The function's name in entries, see [`Stored::is_named`]: that of `std::any::type_name`, less generic
    /// arguments. A default body's has `*` in the place of its `Self`.
    pub name: String,
    /// The self type of its impl, as `std::any::type_name` has it but without modules; `*` stands for what is
    /// generic or not known.
    pub self_type: Option<String>,
    /// The fingerprint that its entries have, hexadecimal: its own, or that of all functions together that a
    /// call by this name can mean.
    pub fingerprint: String,
    /// The same under `cfg(test)`; where it differs, tests have entries of their own.
    pub test_fingerprint: String,
    /// A call by this name can mean several functions.
    pub is_joined: bool,
    /// The folder that the mark names.
    pub directory: Option<String>,
    /// The shape of its stored result; the reason where it is not known.
    pub shape: Result<Shape, String>,
}

impl Stored {
    /// Whether entries of this name can be of the function: a default body has those of every type that does
    /// not replace it.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        self.name == name || any_self(name).is_some_and(|any| any == self.name)
    }
}

/// `<a::T as a::Tr>::f` as the default body is called that it may be: `<* as a::Tr>::f`.
fn any_self(name: &str) -> Option<String> {
    let (_, of) = name.strip_prefix('<')?.split_once(" as ")?;
    Some(format!("<* as {of}"))
}

/// What is stored of each marked function, by its fingerprints without and with `cfg(test)`.
pub(crate) fn stored(
    facts: &Facts<'_, '_>,
    marks: &[Marked],
    fingerprints: &BTreeMap<ItemId, [Hash; 2]>,
) -> BTreeMap<ItemId, Stored> {
    let program = facts.program;
    let ids: Vec<ItemId> = marks.iter().map(|marked| marked.id).collect();
    let order = Order::of(program, marks);
    let describe = |(marked, shape): (&Marked, Result<Shape, String>)| {
        let own = fingerprints.get(&marked.id)?;
        let joined = order.joined(marked);
        let [fingerprint, test_fingerprint] = [0, 1].map(|world| {
            let mut rows: Vec<(&Marked, Hash)> = Vec::new();
            for other in &joined {
                let hash = fingerprints.get(&other.id).unwrap_or(own)[world];
                // As the runtime, which takes rows that say the same for one.
                if !rows.iter().any(|(row, known)| *known == hash && is_twin(row, other)) {
                    rows.push((other, hash));
                }
            }
            match rows[..] {
                [] => own[world].hex(),
                [(_, only)] => only.hex(),
                _ => {
                    let all: Vec<u8> = rows.iter().flat_map(|(_, hash)| hash.0).collect();
                    blake3::hash(&all).to_hex().to_string()
                }
            }
        });
        let stored = Stored {
            name: marked.lookup.clone(),
            self_type: self_type(program, marked.id),
            is_joined: fingerprint != own[0].hex(),
            fingerprint,
            test_fingerprint,
            directory: marked.directory.clone(),
            shape,
        };
        Some((marked.id, stored))
    };
    marks.iter().zip(shape::shapes(facts, &ids)).filter_map(describe).collect()
}

/// The marked functions as the table has them.
struct Order<'m>(Vec<&'m Marked>);

impl<'m> Order<'m> {
    fn of(program: &Program<'_>, marks: &'m [Marked]) -> Self {
        let mut order: Vec<&Marked> = marks.iter().collect();
        order.sort_by_cached_key(|marked| {
            let place = program.head(marked.id).place;
            let file = program.file_from_root(marked.id);
            (marked.lookup.clone(), file, place.line, place.column)
        });
        Order(order)
    }

    /// Those that a call of the function can mean. The attribute finds its own by place.
    fn joined(&self, marked: &Marked) -> Vec<&'m Marked> {
        if !marked.is_doc {
            return Vec::new();
        }
        let any = any_self(&marked.lookup);
        let is_meant = |other: &&Marked| other.lookup == marked.lookup || Some(&other.lookup) == any.as_ref();
        self.0.iter().copied().filter(is_meant).collect()
    }
}

fn is_twin(a: &Marked, b: &Marked) -> bool {
    (&a.lookup, a.is_doc, a.is_generic, &a.options) == (&b.lookup, b.is_doc, b.is_generic, &b.options)
}

fn self_type(program: &Program<'_>, id: ItemId) -> Option<String> {
    let owner = program.entry(id).owner?;
    match &program.head(owner).kind {
        ItemKind::Impl(impl_) => Some(type_name(program, owner, impl_.self_ty, 0)),
        _ => None,
    }
}

fn type_name(program: &Program<'_>, id: ItemId, ty: TyIdx, depth: u32) -> String {
    let inner = |ty: TyIdx| type_name(program, id, ty, depth + 1);
    let all = |types: &[TyIdx]| types.iter().map(|&ty| inner(ty)).collect::<Vec<_>>().join(", ");
    match program.ty(id, ty) {
        _ if depth > DEPTH => "*".to_owned(),
        Ty::Ref { mutable, inner: of } => format!("&{}{}", if *mutable { "mut " } else { "" }, inner(*of)),
        Ty::Slice(of) => format!("[{}]", inner(*of)),
        Ty::Array(of) => format!("[{}; *]", inner(*of)),
        Ty::Tuple(of) if of.len() == 1 => format!("({},)", all(of)),
        Ty::Tuple(of) => format!("({})", all(of)),
        Ty::Path { path, args, .. } => {
            let Ref::Path(path) = program.reference(id, *path) else { return "*".to_owned() };
            let is_open =
                matches!(path.anchor, Anchor::Generic(_) | Anchor::Qualified { .. } | Anchor::SelfType);
            match program.head_of(id, path) {
                _ if is_open => "*".to_owned(),
                Head::Alias(alias) => match &program.item(alias).kind {
                    ItemKind::TypeAlias { ty: Some(ty), .. } if args.is_empty() => {
                        type_name(program, alias, *ty, depth + 1)
                    }
                    _ => "*".to_owned(),
                },
                _ if args.is_empty() => program.type_word(id, ty),
                _ => format!("{}<{}>", program.type_word(id, ty), all(args)),
            }
        }
        _ => "*".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_default_body_is_that_of_every_type() {
        assert_eq!(any_self("<a::T as a::Tr>::f").as_deref(), Some("<* as a::Tr>::f"));
        assert_eq!(any_self("a::T::f"), None);
    }
}
