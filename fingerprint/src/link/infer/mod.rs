//! Infers what a method is called on, where that is certain; the rest stays unknown and widens.
//!
//! One forward walk over a body: annotated bindings, literals, constructors, fields, declared return
//! types, `?`, and what the standard library's own types do. References are left out of a type: for
//! the question which impls a call can mean, `&T` and `T` are one (auto-ref tries both).

mod calls;
mod convert;
mod merge;
mod patterns;
mod std_types;
mod walk;

pub(super) use std_types::is_primitive;

use super::Program;
use super::collect::ItemId;
use super::links::On;
use super::{SelfHead, TraitOf};
use crate::ir::{ExprIdx, Generics, ItemKind, Ref};
use std::collections::BTreeSet;
use std::rc::Rc;

/// A type, as far as it is certain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Type {
    #[default]
    Unknown,
    /// Left to other code: the error of an `Ok(..)`, what is in a `None`.
    Open,
    /// A type of the analysed crates, with its arguments.
    Local(ItemId, Rc<[Type]>),
    /// A primitive or a type of the standard library, by its last name.
    Std(Rc<str>, Rc<[Type]>),
    /// A generic parameter of the item, by number.
    Param(u32),
    /// `impl Trait`: only traits give it methods.
    Traits,
    /// `Self` in a trait.
    SelfOf(ItemId),
    Tuple(Rc<[Type]>),
    /// Arrays too.
    Slice(Rc<Type>),
    /// A closure or function pointer, by what it returns.
    Callable(Rc<Type>),
    Never,
}

impl Type {
    fn std(name: &str, args: impl IntoIterator<Item = Type>) -> Self {
        Type::Std(name.into(), args.into_iter().collect())
    }

    fn is_known(&self) -> bool {
        !matches!(self, Type::Unknown | Type::Open | Type::Never)
    }
}

/// The types of an item's expressions, by their number.
pub(super) type Types = Rc<[Type]>;

impl Program<'_> {
    /// Where the methods of a receiver are found.
    pub(super) fn receiver(&self, id: ItemId, receiver: ExprIdx) -> On {
        let types = self.inferred[id.0 as usize].get_or_init(|| walk::infer(self, id));
        types.get(receiver.0 as usize).map_or(On::Any, |ty| self.methods_of(id, ty))
    }

    /// The type of the standard library that a method is called on, by its last name and behind pointers,
    /// where that is certain.
    pub(crate) fn std_receiver(&self, id: ItemId, receiver: ExprIdx) -> Option<Rc<str>> {
        let types = self.inferred[id.0 as usize].get_or_init(|| walk::infer(self, id));
        let mut ty = types.get(receiver.0 as usize)?;
        while let Type::Std(name, args) = ty {
            match std_types::pointee(name, args) {
                Some(inner) => ty = inner,
                None => return Some(Rc::clone(name)),
            }
        }
        None
    }

    fn methods_of(&self, id: ItemId, ty: &Type) -> On {
        match ty {
            Type::Local(local, _) => On::Types { types: vec![*local], foreign: false },
            Type::Std(name, args) => match std_types::pointee(name, args) {
                Some(inner) => match self.methods_of(id, inner) {
                    On::Types { types, .. } => On::Types { types, foreign: true },
                    On::Foreign => On::Foreign,
                    _ => On::Any,
                },
                None if std_types::is_flat(name) => On::Foreign,
                None => On::Any,
            },
            Type::Slice(_) | Type::Tuple(_) | Type::Callable(_) => On::Foreign,
            Type::Param(_) => self.methods_of_bounds(id, ty, BTreeSet::new()),
            Type::SelfOf(of_trait) => self.methods_of_bounds(id, ty, BTreeSet::from([*of_trait])),
            Type::Traits => On::AnyTrait,
            Type::Unknown | Type::Open | Type::Never => On::Any,
        }
    }

    /// Only bounds give a generic parameter methods, and traits that everything implements.
    fn methods_of_bounds(&self, id: ItemId, ty: &Type, mut traits: BTreeSet<ItemId>) -> On {
        let mut may_deref = false;
        for (holder, generics) in self.generics_around(id) {
            // A bound on something else says nothing of this type.
            let bounds = generics.bounds.iter().filter(|(bounded, _)| self.type_of(holder, *bounded) == *ty);
            for &bound in bounds.flat_map(|(_, bounds)| bounds) {
                match self.trait_of(holder, bound) {
                    TraitOf::Local(ids) => traits.extend(ids),
                    TraitOf::Foreign(name, _) => may_deref |= is_deref(&name),
                    TraitOf::Inherent => {}
                }
            }
        }
        let traits = self.with_supertraits(traits, &mut may_deref);
        // What it dereferences to has methods of its own.
        if may_deref { On::Any } else { On::Bounds(traits.into_iter().collect()) }
    }

    /// Whether one of these bounds brings `Deref`.
    fn may_deref(&self, id: ItemId, bounds: &[crate::ir::TyIdx]) -> bool {
        let mut may_deref = false;
        for &bound in bounds {
            match self.trait_of(id, bound) {
                TraitOf::Local(ids) => _ = self.with_supertraits(BTreeSet::from_iter(ids), &mut may_deref),
                TraitOf::Foreign(name, _) => may_deref |= is_deref(&name),
                TraitOf::Inherent => {}
            }
        }
        may_deref
    }

    /// Traits and those above them; `may_deref` where one of those is `Deref`.
    fn with_supertraits(&self, traits: BTreeSet<ItemId>, may_deref: &mut bool) -> BTreeSet<ItemId> {
        let mut queue: Vec<ItemId> = traits.iter().copied().collect();
        let mut all = traits;
        while let Some(id) = queue.pop() {
            let (supertraits, clauses) = match &self.item(id).kind {
                ItemKind::Trait { supertraits, generics, .. } => (supertraits, Some(generics)),
                ItemKind::TraitAlias { bounds, .. } => (bounds, None),
                _ => continue,
            };
            let clauses = clauses
                .into_iter()
                .flat_map(|generics| generics.bounds.iter().flat_map(|(_, bounds)| bounds));
            for &bound in supertraits.iter().chain(clauses) {
                match self.trait_of(id, bound) {
                    TraitOf::Local(ids) => queue.extend(ids.into_iter().filter(|id| all.insert(*id))),
                    TraitOf::Foreign(name, _) => *may_deref |= is_deref(&name),
                    TraitOf::Inherent => {}
                }
            }
        }
        all
    }

    /// The generics of an item and of the impl or trait around it.
    fn generics_around(&self, id: ItemId) -> Vec<(ItemId, &Generics)> {
        let holders = std::iter::once(id).chain(self.entry(id).owner);
        holders
            .filter_map(|holder| {
                let generics = match &self.item(holder).kind {
                    ItemKind::Fn(function) => &function.generics,
                    ItemKind::Impl(impl_) => &impl_.generics,
                    ItemKind::Trait { generics, .. } => generics,
                    _ => return None,
                };
                Some((holder, generics))
            })
            .collect()
    }

    /// Local types, and those that they dereference to; whether a foreign type is among the targets.
    /// `None`: a target is not known.
    pub(super) fn with_derefs(&self, types: &[ItemId]) -> Option<(BTreeSet<ItemId>, bool)> {
        let mut all: BTreeSet<ItemId> = types.iter().copied().collect();
        let mut foreign = false;
        let mut queue = types.to_vec();
        while let Some(id) = queue.pop() {
            for (item, ty) in self.deref_targets(id)? {
                let mut targets = BTreeSet::new();
                match self.types_in(item, ty, &mut targets, 0) {
                    SelfHead::Local => {}
                    SelfHead::Foreign => foreign = true,
                    SelfHead::Generic => return None,
                }
                queue.extend(targets.into_iter().filter(|id| all.insert(*id)));
            }
        }
        Some((all, foreign))
    }

    /// `Target` of every `impl Deref` for a type. `None`: a macro makes the impl, or may.
    pub(super) fn deref_targets(&self, id: ItemId) -> Option<Vec<(ItemId, crate::ir::TyIdx)>> {
        if self.may_derive_deref(id) {
            return None;
        }
        let infos = self.impls().with_type(id).iter().map(|&index| &self.impls().all[index]);
        let derefs = infos.filter(|info| {
            matches!(&info.of_trait, TraitOf::Foreign(name, _) if &**name == "Deref")
                && info.self_types.contains(&id)
        });
        derefs
            .map(|info| {
                info.items.iter().find_map(|&(name, item)| match &self.item(item).kind {
                    ItemKind::TypeAlias { ty: Some(ty), .. }
                        if name.is_some_and(|n| self.text(n) == "Target") =>
                    {
                        Some((item, *ty))
                    }
                    _ => None,
                })
            })
            .collect()
    }

    /// Whether a macro call with the type among its tokens, or a derive on it, speaks of `Deref`.
    fn may_derive_deref(&self, id: ItemId) -> bool {
        let names_deref = |word: &str| word.ends_with("Deref") || word == "Shrinkwrap";
        let item = self.item(id);
        if !item.attributes.is_empty() {
            let paths = item.skeleton.refs.iter().filter_map(|reference| match reference {
                Ref::Path(path) => path.segments.last(),
                _ => None,
            });
            let mut named = paths.map(|name| self.text(self.sym(id, *name)));
            if named.any(names_deref) || item.skeleton.text.split(' ').any(names_deref) {
                return true;
            }
        }
        let calls = self.impls().opaque_with_type(id).iter();
        let mut words = calls.flat_map(|&call| self.opaques().words_around(self, call));
        words.any(|word| names_deref(self.text(word)))
    }
}

/// Traits whose types dereference to another, as far as they are known by name.
fn is_deref(name: &str) -> bool {
    matches!(name, "Deref" | "DerefMut" | "DerefPure" | "StableDeref" | "CloneStableDeref" | "?")
}
