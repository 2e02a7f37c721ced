//! Says what bounds give a type that has no other name: generic parameters, `Self` in a trait,
//! associated types, `impl Trait` and `dyn Trait`.

use super::known;
use super::ty::{Subst, TraitKey, Type};
use crate::ir::{Anchor, Generics, ItemKind, Ref, Ty, TyIdx};
use crate::link::{ItemId, Program, TraitOf};
use std::collections::BTreeSet;

/// One bound: where it is written, and what the names in it stand for.
pub(super) struct Bound {
    pub(super) item: ItemId,
    pub(super) ty: TyIdx,
    /// `None`: it is written around the body itself.
    pub(super) subst: Option<Subst>,
}

/// What all bounds of a type say together.
#[derive(Default)]
pub(super) struct Bounds {
    /// Traits of ours, with those above them.
    pub(super) traits: BTreeSet<ItemId>,
    /// Names of other traits.
    pub(super) foreign: BTreeSet<Box<str>>,
    /// Some of those are not the standard library's: they can say what an associated type is.
    pub(super) unseen: bool,
    pub(super) list: Vec<Bound>,
}

impl Bounds {
    fn add_foreign(&mut self, name: &str, krate: &str) {
        self.unseen |= !krate.is_empty() || !known::is_trait(name);
        self.foreign.insert(name.into());
    }

    /// What it dereferences to has methods of its own.
    pub(super) fn may_deref(&self) -> bool {
        self.foreign.iter().any(|name| is_deref(name))
    }
}

impl Program<'_> {
    /// All bounds of a type, as seen from an item.
    pub(super) fn bounds_of(&self, id: ItemId, ty: &Type) -> Bounds {
        let mut bounds = Bounds::default();
        let mut traits: Vec<ItemId> = Vec::new();
        match ty {
            Type::Param(_) | Type::SelfOf(_) | Type::Assoc(_) => {
                let key = key_of(ty);
                for (holder, generics) in self.generics_around(id) {
                    // A bound on something else says nothing of this type.
                    let matching = generics
                        .bounds
                        .iter()
                        .filter(|(on, _)| key.is_some() && self.bounded(holder, *on) == key);
                    for &bound in matching.flat_map(|(_, list)| list) {
                        bounds.list.push(Bound { item: holder, ty: bound, subst: None });
                    }
                }
                if let Type::SelfOf(of_trait) = ty {
                    traits.push(*of_trait);
                }
                if let Type::Assoc(assoc) = ty
                    && let TraitKey::Local(of_trait) = assoc.of_trait
                    && let Some((alias, declared)) = self.declared_assoc(of_trait, &assoc.name)
                {
                    for &bound in declared {
                        let subst = Subst::default().with_own(assoc.base.clone());
                        bounds.list.push(Bound { item: alias, ty: bound, subst: Some(subst) });
                    }
                }
            }
            Type::Opaque(written) | Type::Dyn(written) => {
                let list = match self.ty(written.item, written.ty) {
                    Ty::Impl(list) | Ty::Dyn(list) => list.as_slice(),
                    _ => &[],
                };
                for &bound in list {
                    let own = if matches!(ty, Type::Dyn(_)) { Some(ty.clone()) } else { written.own.clone() };
                    let subst = Some(Subst::new(&written.args, own));
                    bounds.list.push(Bound { item: written.item, ty: bound, subst });
                }
            }
            _ => {}
        }
        let list = std::mem::take(&mut bounds.list);
        for bound in list {
            if self.bound_assoc(&bound, "Target").is_some() {
                bounds.foreign.insert("Deref".into());
            }
            match self.trait_of(bound.item, bound.ty) {
                TraitOf::Local(ids) => traits.extend(ids),
                TraitOf::Foreign(name, krate) => bounds.add_foreign(&name, &krate),
                TraitOf::Inherent => {}
            }
            bounds.list.push(bound);
        }
        if matches!(ty, Type::Assoc(assoc) if &*assoc.name == "IntoIter" && assoc.of_trait == TraitKey::Std("IntoIterator".into()))
        {
            bounds.foreign.insert("Iterator".into());
        }
        self.add_supertraits(ty, traits, &mut bounds);
        bounds
    }

    fn add_supertraits(&self, ty: &Type, mut queue: Vec<ItemId>, bounds: &mut Bounds) {
        bounds.traits.extend(&queue);
        while let Some(id) = queue.pop() {
            let (supertraits, clauses): (&[TyIdx], Vec<TyIdx>) = match &self.item(id).kind {
                ItemKind::Trait { supertraits, generics, .. } => {
                    let key = key_of(&Type::SelfOf(id));
                    let own = generics.bounds.iter().filter(|(on, _)| self.bounded(id, *on) == key);
                    (supertraits, own.flat_map(|(_, list)| list).copied().collect())
                }
                ItemKind::TraitAlias { bounds, .. } => (bounds, Vec::new()),
                _ => continue,
            };
            for &bound in supertraits.iter().chain(&clauses) {
                match self.trait_of(id, bound) {
                    TraitOf::Local(ids) => {
                        queue.extend(ids.into_iter().filter(|id| bounds.traits.insert(*id)));
                    }
                    TraitOf::Foreign(name, krate) => bounds.add_foreign(&name, &krate),
                    TraitOf::Inherent => {}
                }
                let subst = Subst::default().with_own(ty.clone());
                bounds.list.push(Bound { item: id, ty: bound, subst: Some(subst) });
            }
        }
    }

    /// What a bound is written on. References are left out here too.
    fn bounded(&self, id: ItemId, on: TyIdx) -> Option<Key> {
        let Ty::Path { path, .. } = self.ty(id, on) else {
            return match self.ty(id, on) {
                Ty::Ref { inner, .. } => self.bounded(id, *inner),
                _ => None,
            };
        };
        let Ref::Path(path) = self.reference(id, *path) else { return None };
        let names = |names: &[crate::ir::Name]| -> Vec<Box<str>> {
            names.iter().map(|name| self.text(self.sym(id, *name)).into()).collect()
        };
        match path.anchor {
            Anchor::Generic(number) => Some((Some(number), names(&path.segments))),
            Anchor::SelfType => Some((None, names(&path.segments))),
            Anchor::Qualified { ty, trait_len } => {
                let (root, mut path_of) = self.bounded(id, ty)?;
                path_of.extend(names(path.segments.get(trait_len as usize..)?));
                Some((root, path_of))
            }
            _ => None,
        }
    }

    /// `Item = T` in a bound.
    pub(super) fn bound_assoc(&self, bound: &Bound, name: &str) -> Option<Type> {
        let Ty::Path { assoc, .. } = self.ty(bound.item, bound.ty) else {
            return None;
        };
        let found = assoc.iter().find(|(given, _)| self.text(self.sym(bound.item, *given)) == name);
        let written = self.type_of(bound.item, found?.1);
        Some(bound.subst.as_ref().map_or(written.clone(), |subst| subst.apply(&written)))
    }

    /// What a call of a value gives whose bounds have `Fn`.
    pub(super) fn bound_callable(&self, id: ItemId, ty: &Type) -> Option<Type> {
        let bounds = self.bounds_of(id, ty);
        bounds.list.iter().find_map(|bound| match self.trait_of(bound.item, bound.ty) {
            TraitOf::Foreign(name, _) if matches!(&*name, "Fn" | "FnMut" | "FnOnce") => {
                let written = self.callable_of(bound.item, bound.ty)?;
                Some(bound.subst.as_ref().map_or(written.clone(), |subst| subst.apply(&written)))
            }
            _ => None,
        })
    }

    /// The argument of the one bound on a trait of the standard library: `X` in `T: AsRef<X>`.
    pub(super) fn bound_argument(&self, id: ItemId, ty: &Type, of_trait: &str) -> Option<Type> {
        let bounds = self.bounds_of(id, ty);
        let is_of = |bound: &&Bound| matches!(self.trait_of(bound.item, bound.ty), TraitOf::Foreign(name, _) if &*name == of_trait);
        let mut matching = bounds.list.iter().filter(is_of);
        let (bound, None) = (matching.next()?, matching.next()) else { return None };
        let Ty::Path { args, .. } = self.ty(bound.item, bound.ty) else {
            return None;
        };
        let written = self.type_of(bound.item, *args.first()?);
        Some(bound.subst.as_ref().map_or(written.clone(), |subst| subst.apply(&written)))
    }

    /// An associated type that a trait declares, and its bounds.
    fn declared_assoc(&self, of_trait: ItemId, name: &str) -> Option<(ItemId, &[TyIdx])> {
        let ItemKind::Trait { items, .. } = &self.item(of_trait).kind else { return None };
        self.members(of_trait, items).into_iter().find_map(|item| match &self.item(item).kind {
            ItemKind::TypeAlias { bounds, .. }
                if self.name_of(item).is_some_and(|n| self.text(n) == name) =>
            {
                Some((item, bounds.as_slice()))
            }
            _ => None,
        })
    }

    /// The trait whose associated type `T::Name` is.
    pub(super) fn trait_with(&self, id: ItemId, base: &Type, name: &str) -> TraitKey {
        let bounds = self.bounds_of(id, base);
        let local = bounds.traits.iter().filter(|id| self.declared_assoc(**id, name).is_some());
        let mut found: Vec<TraitKey> = local.map(|id| TraitKey::Local(*id)).collect();
        let declares = |of_trait: &str| match name {
            "Item" => matches!(
                of_trait,
                "Iterator" | "IntoIterator" | "DoubleEndedIterator" | "ExactSizeIterator" | "FusedIterator"
            ),
            "IntoIter" => of_trait == "IntoIterator",
            "Target" => is_deref(of_trait),
            "Err" => of_trait == "FromStr",
            "Error" => matches!(of_trait, "TryFrom" | "TryInto"),
            "Owned" => of_trait == "ToOwned",
            "Output" => {
                OPERATORS.iter().any(|(_, of)| *of == of_trait)
                    || matches!(
                        of_trait,
                        "Neg" | "Not" | "Index" | "IndexMut" | "Fn" | "FnMut" | "FnOnce" | "Future"
                    )
            }
            _ => false,
        };
        let foreign = bounds.foreign.iter().filter(|of_trait| declares(of_trait));
        found.extend(foreign.map(|of_trait| TraitKey::Std(canonical(of_trait).into())));
        found.dedup();
        match found.as_slice() {
            [only] => only.clone(),
            _ => TraitKey::Unknown,
        }
    }

    /// The generics of an item and of the impl or trait around it.
    pub(super) fn generics_around(&self, id: ItemId) -> Vec<(ItemId, &Generics)> {
        let holders = std::iter::once(id).chain(self.entry(id).owner);
        holders
            .filter_map(|holder| {
                let generics = match &self.item(holder).kind {
                    ItemKind::Fn(function) => &function.generics,
                    ItemKind::Impl(impl_) => &impl_.generics,
                    ItemKind::Trait { generics, .. }
                    | ItemKind::Struct { generics, .. }
                    | ItemKind::Enum { generics, .. }
                    | ItemKind::Union { generics, .. }
                    | ItemKind::TypeAlias { generics, .. } => generics,
                    _ => return None,
                };
                Some((holder, generics))
            })
            .collect()
    }
}

/// A generic parameter (or `Self`), and the associated types behind it by name.
type Key = (Option<u32>, Vec<Box<str>>);

fn key_of(ty: &Type) -> Option<Key> {
    match ty {
        Type::Param(number) => Some((Some(*number), Vec::new())),
        Type::SelfOf(_) => Some((None, Vec::new())),
        Type::Assoc(assoc) => {
            let (root, mut names) = key_of(&assoc.base)?;
            names.push((&*assoc.name).into());
            Some((root, names))
        }
        _ => None,
    }
}

/// Operators, and the traits that say what they do.
pub(super) const OPERATORS: [(&str, &str); 10] = [
    ("+", "Add"),
    ("-", "Sub"),
    ("*", "Mul"),
    ("/", "Div"),
    ("%", "Rem"),
    ("&", "BitAnd"),
    ("|", "BitOr"),
    ("^", "BitXor"),
    ("<<", "Shl"),
    (">>", "Shr"),
];

/// The trait that declares the associated type, of one that has it from there.
fn canonical(of_trait: &str) -> &str {
    match of_trait {
        "DoubleEndedIterator" | "ExactSizeIterator" | "FusedIterator" => "Iterator",
        "IndexMut" => "Index",
        "Fn" | "FnMut" => "FnOnce",
        other => other,
    }
}

/// Traits whose types dereference to another, as far as they are known by name.
pub(super) fn is_deref(name: &str) -> bool {
    matches!(name, "Deref" | "DerefMut" | "DerefPure" | "StableDeref" | "CloneStableDeref" | "?")
}
