//! Finds what an associated type is, through the impls of the type that it belongs to.

use super::known;
use super::ty::{Assoc, Subst, TraitKey, Type};
use crate::ir::{Anchor, ItemKind, Ref, Ty, TyIdx};
use crate::link::{ImplInfo, ItemId, Program, SelfHead, TraitOf};
use std::rc::Rc;

impl Program<'_> {
    /// `<Base as Trait>::Name`, seen from an item: the type itself, or the same where only bounds say it.
    pub(super) fn projected(&self, id: ItemId, assoc: &Assoc) -> Type {
        let depth = self.projecting.get();
        if depth > 12 {
            return Type::Unknown;
        }
        self.projecting.set(depth + 1);
        let ty = self.project(id, assoc);
        self.projecting.set(depth);
        ty
    }

    fn project(&self, id: ItemId, assoc: &Assoc) -> Type {
        match &assoc.base {
            Type::Unknown | Type::Never => Type::Unknown,
            Type::Var(_) => Type::Assoc(Rc::new(assoc.clone())),
            Type::Param(_) | Type::SelfOf(_) | Type::Assoc(_) | Type::Opaque(_) | Type::Dyn(_) => {
                if let (Type::Assoc(iter), "Item") = (&assoc.base, &*assoc.name)
                    && &*iter.name == "IntoIter"
                {
                    return self.projected(id, &Assoc { name: "Item".into(), ..Assoc::clone(iter) });
                }
                let bounds = self.bounds_of(id, &assoc.base);
                let mut given = bounds.list.iter().filter_map(|bound| self.bound_assoc(bound, &assoc.name));
                if let Some(first) = given.next() {
                    // Of a reference and of what it points to, both may be said.
                    return if given.all(|other| other == first) { first } else { Type::Unknown };
                }
                // An iterator is its own `IntoIter`.
                if &*assoc.name == "IntoIter" && bounds.foreign.contains("Iterator") {
                    return assoc.base.clone();
                }
                Type::Assoc(Rc::new(assoc.clone()))
            }
            Type::Local(..) => self.project_local(assoc),
            _ => self.project_foreign(assoc),
        }
    }

    fn project_local(&self, assoc: &Assoc) -> Type {
        let Type::Local(local, _) = assoc.base else { return Type::Unknown };
        let name = self.find_symbol(&assoc.name);
        let opaque = name.map_or(&[][..], |name| self.opaques().named(name));
        if self.impls().opaque_with_type(local).iter().any(|id| opaque.contains(id)) {
            return Type::Unknown;
        }
        let ty = self.in_impls(assoc);
        match (&*assoc.name, &assoc.of_trait) {
            // An iterator is its own `IntoIter`.
            ("Item", TraitKey::Std(of)) if ty == Type::Unknown && &**of == "IntoIterator" => {
                self.in_impls(&Assoc { of_trait: TraitKey::Std("Iterator".into()), ..assoc.clone() })
            }
            ("IntoIter", _) if ty == Type::Unknown && self.implements(&assoc.base, "Iterator") => {
                assoc.base.clone()
            }
            _ => ty,
        }
    }

    fn project_foreign(&self, assoc: &Assoc) -> Type {
        if let TraitKey::Local(_) = assoc.of_trait {
            return self.in_impls(assoc);
        }
        match &*assoc.name {
            "Item" => iterated(&assoc.base),
            "IntoIter" => Type::std(known::ITERATOR, [iterated(&assoc.base)]),
            "Target" => known::pointee(&assoc.base).cloned().unwrap_or_default(),
            "Output" if matches!(&assoc.base, Type::Std(name, _) if known::is_number(name)) => {
                // Another operand can be of a type of ours.
                Type::Unknown
            }
            "Output" => match &assoc.base {
                Type::Callable(_, ret) => Type::clone(ret),
                Type::Std(known::FUTURE, args) => args.first().cloned().unwrap_or_default(),
                _ => Type::Unknown,
            },
            _ => Type::Unknown,
        }
    }

    /// What the impls say that can be meant, where they agree.
    fn in_impls(&self, assoc: &Assoc) -> Type {
        let mut result: Option<Type> = None;
        for index in self.impls_for(&assoc.base) {
            let info = &self.impls().all[index];
            if !is_of(info, &assoc.of_trait) {
                continue;
            }
            let alias = info.items.iter().find_map(|&(name, item)| match &self.item(item).kind {
                ItemKind::TypeAlias { ty: Some(ty), .. }
                    if name.is_some_and(|name| self.text(name) == &*assoc.name) =>
                {
                    Some((item, *ty))
                }
                _ => None,
            });
            let Some((item, ty)) = alias else { continue };
            let Some(subst) = self.impl_fits(info, &assoc.base) else { continue };
            let found = subst.apply(&self.type_of(item, ty));
            match &result {
                None => result = Some(found),
                Some(before) => result = Some(before.agreed(&found)),
            }
        }
        result.unwrap_or_default()
    }

    /// Impls whose self type can be this one, by their index.
    pub(super) fn impls_for(&self, ty: &Type) -> Vec<usize> {
        let impls = self.impls();
        let mut found: Vec<usize> = if let Type::Local(id, _) = ty {
            impls.with_type(*id).to_vec()
        } else {
            let all = impls.all.iter().enumerate();
            all.filter(|(_, info)| info.head == SelfHead::Foreign).map(|(index, _)| index).collect()
        };
        found.extend(impls.generic());
        found.sort_unstable();
        found.dedup();
        found
    }

    /// What an impl's parameters are for a type, where it can be for that type.
    pub(super) fn impl_fits(&self, info: &ImplInfo, ty: &Type) -> Option<Subst> {
        let ItemKind::Impl(impl_) = &self.item(info.id).kind else { return None };
        let mut subst = Subst::default();
        let fits = match (info.head, ty) {
            // `impl Trait for Box<X>` has X among its types, and is not for X.
            (SelfHead::Local, Type::Local(..)) | (SelfHead::Foreign | SelfHead::Generic, _) => {
                subst.fit(&self.type_of(info.id, impl_.self_ty), ty)
            }
            (SelfHead::Local, _) => false,
        };
        let holds = fits && (info.head != SelfHead::Generic || self.blanket_may_hold(info, &subst, 0));
        holds.then(|| subst.with_own(ty.clone()))
    }

    /// Whether the bounds of a blanket impl may hold, as far as traits of ours are concerned.
    fn blanket_may_hold(&self, info: &ImplInfo, subst: &Subst, depth: u32) -> bool {
        let ItemKind::Impl(impl_) = &self.item(info.id).kind else { return false };
        let Ty::Path { path, .. } = self.behind_references(info.id, impl_.self_ty) else { return true };
        let Ref::Path(path) = self.reference(info.id, *path) else { return true };
        let (Anchor::Generic(number), []) = (path.anchor, path.segments.as_slice()) else { return true };
        let ty = subst.get(number);
        if depth > 4 || !matches!(ty, Type::Local(..) | Type::Std(..) | Type::Slice(_) | Type::Tuple(_)) {
            return true;
        }
        let bounds = self.bounds_of(info.id, &Type::Param(number));
        bounds.traits.iter().all(|of_trait| {
            let word = self.name_of(*of_trait);
            let mut others = self.impls().of_trait(*of_trait).iter().map(|&index| &self.impls().all[index]);
            let implemented = others.any(|other| {
                let ItemKind::Impl(impl_) = &self.item(other.id).kind else { return true };
                let mut subst = Subst::default();
                other.id != info.id
                    && (other.head != SelfHead::Local || matches!(ty, Type::Local(..)))
                    && subst.fit(&self.type_of(other.id, impl_.self_ty), &ty)
                    && (other.head != SelfHead::Generic || self.blanket_may_hold(other, &subst, depth + 1))
            });
            // A macro may implement it.
            implemented
                || self.opaques().ids().any(|call| {
                    word.is_none_or(|word| self.opaques().words_around(self, call).contains(&word))
                })
        })
    }

    fn behind_references(&self, id: ItemId, ty: TyIdx) -> &Ty {
        match self.ty(id, ty) {
            Ty::Ref { inner, .. } => self.behind_references(id, *inner),
            other => other,
        }
    }

    /// Whether a type of ours has an impl of a trait of the standard library, or may have it.
    pub(super) fn implements(&self, ty: &Type, of_trait: &str) -> bool {
        let of_trait = TraitKey::Std(of_trait.into());
        let mut infos = self.impls_for(ty).into_iter().map(|index| &self.impls().all[index]);
        infos.any(|info| is_of(info, &of_trait) && self.impl_fits(info, ty).is_some())
    }
}

fn is_of(info: &ImplInfo, of_trait: &TraitKey) -> bool {
    match (&info.of_trait, of_trait) {
        (TraitOf::Inherent, _) => false,
        (_, TraitKey::Unknown) => true,
        (TraitOf::Local(ids), TraitKey::Local(id)) => ids.contains(id),
        (TraitOf::Foreign(name, _), TraitKey::Std(wanted)) => name == wanted,
        _ => false,
    }
}

/// What `for x in value` binds, for a type of the standard library.
pub(super) fn iterated(ty: &Type) -> Type {
    let args = ty.args();
    match ty {
        Type::Slice(item) => Type::clone(item),
        Type::Std(name, _) => match known::head(name) {
            Some(known::Head { iterates: Some(item), .. }) => super::convert::sig_type(item, args),
            Some(_) => known::pointee(ty).map_or(Type::Unknown, |inner| match inner {
                // `Box<I>` and `&mut I` are iterators where `I` is one.
                Type::Std(known::ITERATOR, _) | Type::Opaque(_) | Type::Dyn(_) => iterated(inner),
                _ => Type::Unknown,
            }),
            None => Type::Unknown,
        },
        _ => Type::Unknown,
    }
}
