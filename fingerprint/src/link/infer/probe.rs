//! Finds what a method call means, as rustc does: step by step through what the receiver dereferences
//! to, and at each step what the analysed crates give the type before what the standard library does.

use super::convert::sig_type;
use super::deref::Derefs;
use super::known::{self, Sig, Signature};
use super::ty::{Subst, TraitKey, Type};
use super::walk::Walk;
use crate::ir::{ItemKind, Ty};
use crate::link::{ItemId, Owner, Program, ScopeId, SelfHead, Sym, TraitOf};

/// An associated item of the analysed crates, and what the parameters around it are.
pub(super) struct Found {
    pub(super) item: ItemId,
    pub(super) subst: Subst,
    /// The traits that it can be of; none for an inherent one.
    of_traits: Vec<ItemId>,
    /// A bound says that the type has it.
    is_bound: bool,
    /// The body that a trait declares, for a blanket impl.
    is_blanket: bool,
}

pub(super) enum Method {
    Ours(Vec<Found>),
    /// Of the standard library, on this type, with what it iterates over.
    Std(&'static Signature, Type, Option<Type>),
    Unknown,
}

impl Walk<'_, '_> {
    pub(super) fn probe(&mut self, receiver: &Type, name: Sym, scope: ScopeId) -> Method {
        let mut ty = self.head(receiver);
        for _ in 0..8 {
            if !ty.is_known() {
                return Method::Unknown;
            }
            let known = self.vars.deep(&ty);
            let Some(found) = self.program.own_items(self.id, &known, name, scope) else {
                return Method::Unknown;
            };
            // A blanket impl may not hold for the type: what comes after it may be meant.
            if !found.is_empty()
                && found.iter().all(|found| self.program.is_blanket(found))
                && (self.next_step(&ty).is_some() || self.std_method(&ty, name).is_some())
            {
                return Method::Unknown;
            }
            if !found.is_empty() {
                let found = self.program.callable_here(found, scope);
                return match found {
                    Some(found) if !self.may_be_by_value(&known, name) => Method::Ours(found),
                    _ => Method::Unknown,
                };
            }
            if let Some((signature, item)) = self.std_method(&ty, name) {
                return Method::Std(signature, ty, item);
            }
            let Some(next) = self.next_step(&ty) else { return Method::Unknown };
            ty = self.head(&next);
        }
        Method::Unknown
    }

    fn next_step(&self, ty: &Type) -> Option<Type> {
        match ty {
            // A derive of another package may give it what it does not write itself.
            Type::Local(id, _) if self.program.item(*id).attributes.is_empty() => {
                self.program.dereferenced(ty).target()
            }
            Type::Std(name, args) => Some(sig_type(known::head(name)?.derefs.as_ref()?, args)),
            _ => None,
        }
    }

    /// Methods of `Iterator` that take `self` come before an inherent `&self`.
    fn may_be_by_value(&self, ty: &Type, name: Sym) -> bool {
        match (ty, self.program.text(name)) {
            (Type::Local(..), "into" | "try_into") => true,
            (Type::Local(..), name) => {
                let takes_self = !matches!(
                    name,
                    "next"
                        | "nth"
                        | "size_hint"
                        | "by_ref"
                        | "next_back"
                        | "nth_back"
                        | "try_fold"
                        | "any"
                        | "all"
                        | "find"
                        | "find_map"
                        | "position"
                        | "len"
                        | "is_empty"
                        | "eq"
                        | "ne"
                        | "lt"
                        | "le"
                        | "gt"
                        | "ge"
                        | "cmp"
                        | "partial_cmp"
                );
                takes_self
                    && known::of_trait("Iterator", name).is_some()
                    && self.program.implements_by_default(ty, "Iterator", name)
            }
            _ => false,
        }
    }

    /// A method that the standard library gives the type itself, and what the type iterates over.
    fn std_method(&mut self, ty: &Type, name: Sym) -> Option<(&'static Signature, Option<Type>)> {
        let text = self.program.text(name);
        let (head, args) = match ty {
            Type::Std(name, args) => (Some(*name), args.to_vec()),
            Type::Slice(item) => (Some("slice"), vec![Type::clone(item)]),
            _ => (None, Vec::new()),
        };
        if let Some(head) = head.and_then(known::head) {
            let fitting = head
                .methods(text)
                .iter()
                .find(|signature| signature.of.iter().zip(&args).all(|(sig, ty)| self.fits(sig, ty)));
            if let Some(signature) = fitting {
                return Some((signature, None));
            }
            for of_trait in &head.traits {
                if let Some(signature) = known::of_trait(of_trait, text) {
                    return Some((signature, Some(self.iterated(ty))));
                }
            }
            if head.is_bare {
                return None;
            }
        }
        if let Some(found) = self.of_iterator(ty, text) {
            return Some(found);
        }
        let universal = ["Clone", "PartialEq", "PartialOrd", "Ord", "ToString", "Hash", "Display", "Debug"];
        let signature = universal.iter().find_map(|of_trait| known::of_trait(of_trait, text))?;
        let is_certain = match (ty, text) {
            (Type::Foreign(..) | Type::Dyn(_), _) => false,
            (Type::Local(id, _), "clone") => {
                self.program.dereferenced(ty) == Derefs::Not
                    || self.program.derives(*id, "Clone")
                    || self.program.implements(ty, "Clone")
            }
            (Type::Local(id, _), "max" | "min" | "clamp") => self.program.derives(*id, "Ord"),
            (Type::Std(..), "max" | "min" | "clamp") => known::pointee(ty).is_none(),
            (_, "max" | "min" | "clamp") => false,
            // `Deref` of what is not known can lead elsewhere.
            (Type::Param(_) | Type::SelfOf(_) | Type::Assoc(_) | Type::Opaque(_), _) => {
                !self.program.bounds_of(self.id, ty).may_deref()
            }
            _ => true,
        };
        is_certain.then_some((signature, None))
    }

    /// A method of the iterator traits that a type of ours, or bounds, implement.
    fn of_iterator(&mut self, ty: &Type, text: &str) -> Option<(&'static Signature, Option<Type>)> {
        for of_trait in ["Iterator", "DoubleEndedIterator", "ExactSizeIterator"] {
            let Some(signature) = known::of_trait(of_trait, text) else { continue };
            let implements = match ty {
                Type::Local(..) => self.program.implements_std(ty, of_trait),
                Type::Param(_) | Type::SelfOf(_) | Type::Assoc(_) | Type::Opaque(_) | Type::Dyn(_) => {
                    let bounds = self.program.bounds_of(self.id, ty);
                    bounds.foreign.iter().any(|name| {
                        matches!(&**name, "Iterator" | "DoubleEndedIterator" | "ExactSizeIterator")
                    })
                }
                _ => false,
            };
            if implements {
                return Some((signature, Some(self.projected(ty, TraitKey::Std("Iterator".into()), "Item"))));
            }
        }
        None
    }

    /// Whether a type has the form that a table's section is about.
    fn fits(&mut self, sig: &Sig, ty: &Type) -> bool {
        let ty = self.head(ty);
        match (sig, &ty) {
            (Sig::Slot(_), _) => true,
            (Sig::Std(name, inner), Type::Std(of, args)) => {
                (name == of || known::are_literal_and_number(name, of))
                    && inner.iter().zip(args.iter()).all(|(sig, ty)| self.fits(sig, ty))
            }
            (Sig::Slice(inner), Type::Slice(item)) => self.fits(inner, item),
            (Sig::Tuple(inner), Type::Tuple(elems)) => {
                inner.len() == elems.len()
                    && inner.iter().zip(elems.iter()).all(|(sig, ty)| self.fits(sig, ty))
            }
            _ => false,
        }
    }
}

impl Program<'_> {
    /// Whether some associated item has this name, or a macro may define one.
    pub(super) fn is_named(&self, text: &str) -> bool {
        let named = |name| !self.impls().named(name).is_empty() || !self.opaques().named(name).is_empty();
        self.find_symbol(text).is_some_and(named)
    }

    /// What the analysed crates give exactly this type under a name. `None`: not certain.
    pub(super) fn own_items(&self, id: ItemId, ty: &Type, name: Sym, scope: ScopeId) -> Option<Vec<Found>> {
        if self.macro_may_give(ty, name, scope) {
            return None;
        }
        let named = self.impls().named(name);
        if named.is_empty() {
            return Some(Vec::new());
        }
        let by_bounds =
            matches!(ty, Type::Param(_) | Type::SelfOf(_) | Type::Assoc(_) | Type::Opaque(_) | Type::Dyn(_));
        let bounds = by_bounds.then(|| self.bounds_of(id, ty));
        if bounds.as_ref().is_some_and(super::bounds::Bounds::may_deref) {
            return None;
        }
        let mut found = Vec::new();
        for &(item, owner) in named {
            match owner {
                Owner::Impl(index) => {
                    let info = &self.impls().all[index];
                    let of_traits = match &info.of_trait {
                        TraitOf::Local(ids) => ids.clone(),
                        _ => Vec::new(),
                    };
                    // What a bound declares is found with the trait.
                    let is_declared = bounds
                        .as_ref()
                        .is_some_and(|bounds| of_traits.iter().any(|id| bounds.traits.contains(id)));
                    if !is_declared && let Some(subst) = self.impl_fits(info, ty) {
                        found.push(Found { item, subst, of_traits, is_bound: false, is_blanket: false });
                    }
                }
                Owner::Trait(of_trait) => {
                    if let Some(bounds) = bounds.as_ref().filter(|bounds| bounds.traits.contains(&of_trait)) {
                        let subst = self.trait_subst(bounds, of_trait).with_own(ty.clone());
                        found.push(Found {
                            item,
                            subst,
                            of_traits: vec![of_trait],
                            is_bound: true,
                            is_blanket: false,
                        });
                        continue;
                    }
                    // A default body, for an impl without one of its own.
                    let impls = self.impls().of_trait(of_trait).iter().map(|&index| &self.impls().all[index]);
                    for info in impls.filter(|info| info.items.iter().all(|(own, _)| *own != Some(name))) {
                        if self.impl_fits(info, ty).is_some() {
                            let subst = Subst::default().with_own(ty.clone());
                            let is_blanket = info.head == SelfHead::Generic;
                            let of_traits = vec![of_trait];
                            found.push(Found { item, subst, of_traits, is_bound: false, is_blanket });
                            break;
                        }
                    }
                }
            }
        }
        Some(found)
    }

    /// Whether a macro call that is not seen through may give a type something of this name: in an impl
    /// for it, with a trait that it defines, or by implementing one that is seen.
    fn macro_may_give(&self, ty: &Type, name: Sym, scope: ScopeId) -> bool {
        let calls = self.opaques().named(name);
        if calls.is_empty() {
            return false;
        }
        if let Type::Local(id, _) = ty
            && self.impls().opaque_with_type(*id).iter().any(|call| calls.contains(call))
        {
            return true;
        }
        let in_impl = |call: &ItemId| {
            let owner = self.entry(*call).owner;
            owner.is_some_and(|owner| match self.impls().info(owner) {
                Some(info) => self.impl_fits(info, ty).is_some(),
                None => true,
            })
        };
        if calls.iter().any(in_impl) || self.macro_in_scope(scope, name) {
            return true;
        }
        let mut declaring = self.impls().named(name).iter().filter_map(|(_, owner)| match owner {
            Owner::Trait(id) => Some(*id),
            Owner::Impl(_) => None,
        });
        declaring.any(|of_trait| {
            let word = self.name_of(of_trait);
            self.trait_in_scope(scope, of_trait)
                && self.opaques().ids().any(|call| {
                    word.is_none_or(|word| self.opaques().words_around(self, call).contains(&word))
                })
        })
    }

    /// The arguments that a bound gives its trait.
    fn trait_subst(&self, bounds: &super::bounds::Bounds, of_trait: ItemId) -> Subst {
        let is_of = |bound: &&super::bounds::Bound| matches!(self.trait_of(bound.item, bound.ty), TraitOf::Local(ids) if ids.contains(&of_trait));
        let mut given = bounds.list.iter().filter(is_of);
        let (Some(bound), None) = (given.next(), given.next()) else { return Subst::default() };
        let Ty::Path { args, .. } = self.ty(bound.item, bound.ty) else {
            return Subst::default();
        };
        let args: Vec<Type> = args
            .iter()
            .map(|&ty| self.type_of(bound.item, ty))
            .map(|ty| bound.subst.as_ref().map_or(ty.clone(), |subst| subst.apply(&ty)))
            .collect();
        Subst::new(&args, None)
    }

    /// Those that a call in a scope can mean: an inherent one, or what traits in scope declare.
    fn callable_here(&self, found: Vec<Found>, scope: ScopeId) -> Option<Vec<Found>> {
        let has_inherent = found.iter().any(|found| self.is_inherent(found));
        let callable: Vec<Found> = found
            .into_iter()
            .filter(|found| {
                self.is_inherent(found)
                    || found.is_bound
                    // Impls of other people's traits.
                    || found.of_traits.is_empty()
                    || found.of_traits.iter().any(|id| self.trait_in_scope(scope, *id))
            })
            .filter(|found| !has_inherent || self.is_inherent(found) || self.is_by_value(found.item))
            .collect();
        (!callable.is_empty()).then_some(callable)
    }

    fn is_inherent(&self, found: &Found) -> bool {
        let info = self.entry(found.item).owner.and_then(|owner| self.impls().info(owner));
        info.is_some_and(|info| info.of_trait == TraitOf::Inherent)
    }

    /// Whether only the bounds of an impl say for which types it is.
    fn is_blanket(&self, found: &Found) -> bool {
        let is_generic = |owner| self.impls().info(owner).is_some_and(|info| info.head == SelfHead::Generic);
        found.is_blanket || self.entry(found.item).owner.is_some_and(is_generic)
    }

    fn is_by_value(&self, id: ItemId) -> bool {
        match &self.item(id).kind {
            ItemKind::Fn(function) => function
                .receiver
                .as_ref()
                .is_some_and(|receiver| !matches!(self.ty(id, receiver.ty), Ty::Ref { .. })),
            _ => false,
        }
    }

    /// Whether an impl for the type is certainly of the standard library's trait.
    fn implements_std(&self, ty: &Type, of_trait: &str) -> bool {
        self.impls_for(ty).into_iter().map(|index| &self.impls().all[index]).any(|info| {
            info.head == SelfHead::Local
                && matches!(&info.of_trait, TraitOf::Foreign(name, krate) if &**name == of_trait && krate.is_empty())
                && self.impl_fits(info, ty).is_some()
        })
    }

    /// Whether an impl for the type has the trait's own body for this method.
    fn implements_by_default(&self, ty: &Type, of_trait: &str, method: &str) -> bool {
        self.impls_for(ty).into_iter().map(|index| &self.impls().all[index]).any(|info| {
            matches!(&info.of_trait, TraitOf::Foreign(name, _) if &**name == of_trait)
                && self.impl_fits(info, ty).is_some()
                && !info.items.iter().any(|(name, _)| name.is_some_and(|name| self.text(name) == method))
        })
    }

    /// Whether a trait of ours is implemented for exactly this type of the standard library, or may be.
    pub(super) fn has_methods_of_ours(&self, ty: &Type) -> bool {
        self.impls_for(ty).into_iter().map(|index| &self.impls().all[index]).any(|info| {
            info.head == SelfHead::Foreign
                && matches!(info.of_trait, TraitOf::Local(_))
                && self.impl_fits(info, ty).is_some()
        })
    }

    /// Whether an impl of ours makes pointers to anything iterate, or the like.
    pub(super) fn implements_for_pointer(&self, of_trait: &str) -> bool {
        let impls = self.impls();
        let mut infos = impls.of_foreign_trait(of_trait).iter().map(|&index| &impls.all[index]);
        infos.any(|info| info.head != SelfHead::Local)
    }
}
