//! Turns written types into inferred ones.

use super::known::{self, Sig};
use super::ty::{Args, Assoc, Subst, TraitKey, Type, Written};
use crate::ir::{Anchor, Generics, ItemKind, PathRef, Ref, Ty, TyIdx};
use crate::link::lookup::{Origin, Target};
use crate::link::path::Reached;
use crate::link::scopes::Namespace3;
use crate::link::{ItemId, Program, TraitOf};
use std::rc::Rc;
use std::sync::Arc;

/// Deeper types than these are not followed.
const DEPTH: u32 = 24;

impl Program<'_> {
    /// A written type, with the generic parameters of its item.
    pub(in crate::link) fn type_of(&self, id: ItemId, ty: TyIdx) -> Type {
        if let Some(known) = self.written_types.borrow().get(&(id, ty)) {
            return known.clone();
        }
        let found = self.type_at(id, ty, 0);
        let found = if found.any(&mut |part| *part == Type::HOLE) { Type::Unknown } else { found };
        self.written_types.borrow_mut().insert((id, ty), found.clone());
        found
    }

    /// The same with [`Type::HOLE`] for each `_`.
    pub(super) fn type_with_holes(&self, id: ItemId, ty: TyIdx) -> Type {
        self.type_at(id, ty, 0)
    }

    fn type_at(&self, id: ItemId, ty: TyIdx, depth: u32) -> Type {
        if depth > DEPTH {
            return Type::Unknown;
        }
        let each =
            |types: &[TyIdx]| types.iter().map(|&ty| self.type_at(id, ty, depth + 1)).collect::<Args>();
        match self.ty(id, ty) {
            Ty::Ref { inner, .. } => self.type_at(id, *inner, depth + 1),
            Ty::Slice(inner) | Ty::Array(inner) => Type::slice(self.type_at(id, *inner, depth + 1)),
            Ty::Tuple(types) => Type::Tuple(each(types)),
            Ty::Ptr(inner) => Type::Std("ptr", each(&[*inner])),
            Ty::FnPtr { params, ret } => {
                let ret = ret.map_or_else(Type::unit, |ret| self.type_at(id, ret, depth + 1));
                Type::Callable(each(params), Rc::new(ret))
            }
            Ty::Impl(bounds) => {
                self.type_of_bounds(id, bounds).unwrap_or_else(|| Type::Opaque(Rc::new(self.written(id, ty))))
            }
            Ty::Dyn(bounds) => {
                self.type_of_bounds(id, bounds).unwrap_or_else(|| Type::Dyn(Rc::new(self.written(id, ty))))
            }
            Ty::Never => Type::Never,
            Ty::Infer => Type::HOLE,
            Ty::Unknown => Type::Unknown,
            Ty::Path { path, args, .. } => {
                let Ref::Path(path) = self.reference(id, *path) else { return Type::Unknown };
                self.type_of_path(id, path, &each(args), depth)
            }
        }
    }

    /// Bounds as they stand, with the item's own parameters.
    fn written(&self, id: ItemId, ty: TyIdx) -> Written {
        let count = self.generics_around(id).iter().map(|(_, g)| g.first + g.params.len() as u32).max();
        let own = match self.entry(id).owner {
            Some(owner) => match &self.item(owner).kind {
                ItemKind::Trait { .. } => Some(Type::SelfOf(owner)),
                _ => None,
            },
            None => matches!(self.item(id).kind, ItemKind::Trait { .. }).then_some(Type::SelfOf(id)),
        };
        Written { item: id, ty, args: (0..count.unwrap_or(0)).map(Type::Param).collect(), own }
    }

    /// What a single bound on `Fn` says entirely.
    fn type_of_bounds(&self, id: ItemId, bounds: &[TyIdx]) -> Option<Type> {
        let mut callable = None;
        for &bound in bounds {
            match self.trait_of(id, bound) {
                TraitOf::Foreign(name, _) if matches!(&*name, "Fn" | "FnMut" | "FnOnce") => {
                    callable = self.callable_of(id, bound);
                }
                // They have no methods that matter.
                TraitOf::Foreign(name, _) if matches!(&*name, "Send" | "Sync" | "Unpin" | "Copy") => {}
                _ => return None,
            }
        }
        callable
    }

    /// `Fn(A, B) -> C`
    pub(super) fn callable_of(&self, id: ItemId, bound: TyIdx) -> Option<Type> {
        let Ty::Path { args, assoc, .. } = self.ty(id, bound) else { return None };
        let Some(Type::Tuple(params)) = args.first().map(|&tuple| self.type_of(id, tuple)) else {
            return None;
        };
        let output = assoc.iter().find(|(name, _)| self.text(self.sym(id, *name)) == "Output");
        let ret = output.map_or(Type::Unknown, |(_, ty)| self.type_of(id, *ty));
        Some(Type::Callable(params, Rc::new(ret)))
    }

    pub(in crate::link) fn type_of_path(&self, id: ItemId, path: &PathRef, args: &Args, depth: u32) -> Type {
        match path.anchor {
            Anchor::Generic(number) => {
                return match path.segments.as_slice() {
                    [] => Type::Param(number),
                    [name] => self.assoc_of(id, Type::Param(number), self.text(self.sym(id, *name))),
                    _ => Type::Unknown,
                };
            }
            Anchor::SelfType => return self.type_of_self(id, path, depth),
            Anchor::Qualified { ty, trait_len } => return self.type_of_qualified(id, path, ty, trait_len),
            _ => {}
        }
        let segments: Vec<_> = path.segments.iter().map(|name| self.sym(id, *name)).collect();
        let scope = self.entry(id).block(path.scope);
        let resolution = self.resolve(scope, path.anchor, &segments, &[Namespace3::Type]);
        match resolution.ends.as_slice() {
            [end] => match &end.reached {
                Reached::Target(Target::Item(item)) if end.rest == segments.len() => {
                    self.type_of_item(*item, args, depth)
                }
                Reached::Target(Target::Foreign(Origin::Std, full)) => type_of_std(full, args),
                Reached::Target(Target::Foreign(Origin::Package(_), full)) => {
                    Type::Foreign(Arc::clone(full), Rc::clone(args))
                }
                Reached::Unknown => match segments.as_slice() {
                    [name] if known::is_prelude(self.text(*name)) => {
                        // Another package's glob can hide all but the primitives.
                        let hidden = resolution.foreign_globs.iter().any(|origin| *origin != Origin::Std)
                            || self.text(*name) == "Result" && !resolution.foreign_globs.is_empty();
                        let name = self.text(*name);
                        if hidden && !known::is_primitive(name) {
                            return Type::Unknown;
                        }
                        type_of_std(name, args)
                    }
                    _ => Type::Unknown,
                },
                Reached::Target(_) => Type::Unknown,
            },
            _ => Type::Unknown,
        }
    }

    /// A type of the analysed crates, or an alias, with these arguments.
    pub(super) fn type_of_item(&self, item: ItemId, args: &Args, depth: u32) -> Type {
        match &self.item(item).kind {
            ItemKind::Struct { generics, .. }
            | ItemKind::Union { generics, .. }
            | ItemKind::Enum { generics, .. } => Type::Local(item, self.completed(item, generics, args)),
            ItemKind::TypeAlias { generics, ty: Some(ty), .. } if self.entry(item).owner.is_none() => {
                let args = self.completed(item, generics, args);
                Subst::new(&args, None).apply(&self.type_at(item, *ty, depth + 1))
            }
            _ => Type::Unknown,
        }
    }

    /// Arguments with the defaults of those that are not written.
    fn completed(&self, item: ItemId, generics: &Generics, args: &Args) -> Args {
        if args.len() >= generics.params.len() {
            return Rc::clone(args);
        }
        let mut all = args.to_vec();
        for param in &generics.params[args.len()..] {
            let default = param.default.map_or(Type::Unknown, |default| self.type_of(item, default));
            all.push(Subst::new(&all, None).apply(&default));
        }
        all.into()
    }

    fn type_of_self(&self, id: ItemId, path: &PathRef, depth: u32) -> Type {
        let Some(owner) = self.entry(id).owner.or_else(|| self.holds_self(id)) else { return Type::Unknown };
        let own = match &self.item(owner).kind {
            ItemKind::Impl(impl_) => self.type_at(owner, impl_.self_ty, depth + 1),
            ItemKind::Trait { .. } => Type::SelfOf(owner),
            ItemKind::Struct { generics, .. }
            | ItemKind::Enum { generics, .. }
            | ItemKind::Union { generics, .. } => {
                let count = generics.params.len() as u32;
                Type::Local(owner, (0..count).map(|number| Type::Param(generics.first + number)).collect())
            }
            _ => return Type::Unknown,
        };
        match path.segments.as_slice() {
            [] => own,
            [name] => {
                let name = self.sym(id, *name);
                if let ItemKind::Impl(impl_) = &self.item(owner).kind {
                    // `Self::Item` inside of an impl is what the impl says.
                    let mut items = self.members(owner, &impl_.items).into_iter();
                    let found = items.find_map(|item| match &self.item(item).kind {
                        ItemKind::TypeAlias { ty: Some(ty), .. } if self.name_of(item) == Some(name) => {
                            Some((item, *ty))
                        }
                        _ => None,
                    });
                    if let Some((item, ty)) = found {
                        return self.type_at(item, ty, depth + 1);
                    }
                }
                self.assoc_of(id, own, self.text(name))
            }
            _ => Type::Unknown,
        }
    }

    fn holds_self(&self, id: ItemId) -> Option<ItemId> {
        (self.is_type(id) || matches!(self.item(id).kind, ItemKind::Impl(_) | ItemKind::Trait { .. }))
            .then_some(id)
    }

    /// `<T as Trait>::Name`
    fn type_of_qualified(&self, id: ItemId, path: &PathRef, ty: TyIdx, trait_len: u32) -> Type {
        let base = self.type_of(id, ty);
        let Some((of_trait, [name])) = path.segments.split_at_checked(trait_len as usize) else {
            return Type::Unknown;
        };
        let name = self.text(self.sym(id, *name));
        if of_trait.is_empty() {
            return self.assoc_of(id, base, name);
        }
        let segments: Vec<_> = of_trait.iter().map(|name| self.sym(id, *name)).collect();
        let (anchor, segments) = self.anchored(&segments);
        let scope = self.entry(id).block(path.scope);
        let resolution = self.resolve(scope, anchor, segments, &[Namespace3::Type]);
        let of_trait = match resolution.ends.as_slice() {
            [end] => match &end.reached {
                Reached::Target(Target::Item(item)) => TraitKey::Local(*item),
                Reached::Target(Target::Foreign(Origin::Std, full)) => {
                    TraitKey::Std(full.rsplit("::").next().unwrap_or(full).into())
                }
                Reached::Unknown if resolution.foreign_globs.is_empty() => match segments {
                    [name] if known::is_prelude_trait(self.text(*name)) => {
                        TraitKey::Std(self.text(*name).into())
                    }
                    _ => return Type::Unknown,
                },
                _ => return Type::Unknown,
            },
            _ => return Type::Unknown,
        };
        self.projected(id, &Assoc { base, of_trait, name: name.into() })
    }

    /// `T::Name`, where bounds say which trait it is of.
    fn assoc_of(&self, id: ItemId, base: Type, name: &str) -> Type {
        let of_trait = self.trait_with(id, &base, name);
        self.projected(id, &Assoc { base, of_trait, name: name.into() })
    }
}

/// A type of the tables, with the arguments that stand for its parameters.
pub(super) fn sig_type(sig: &Sig, args: &[Type]) -> Type {
    let each = |sigs: &[Sig]| sigs.iter().map(|sig| sig_type(sig, args)).collect::<Args>();
    match sig {
        Sig::Slot(slot) => args.get(*slot).cloned().unwrap_or_default(),
        Sig::Std(name, inner) => Type::Std(name, each(inner)),
        Sig::Tuple(inner) => Type::Tuple(each(inner)),
        Sig::Slice(inner) => Type::slice(sig_type(inner, args)),
        Sig::Closure(params, ret) => Type::Callable(each(params), Rc::new(sig_type(ret, args))),
        Sig::Never => Type::Never,
        Sig::Own | Sig::Each(_) | Sig::Unknown => Type::Unknown,
    }
}

/// A type of the standard library by its path.
pub(super) fn type_of_std(full: &str, args: &Args) -> Type {
    let start = full.rmatch_indices("::").nth(1).map_or(0, |(at, _)| at + 2);
    let (last_two, last) = (&full[start..], full.rsplit("::").next().unwrap_or(full));
    if let Some((_, is)) = known::alias(last_two).or_else(|| known::alias(last)) {
        return sig_type(is, args);
    }
    match known::head_name(last_two).or_else(|| known::head_name(last)) {
        Some(name) => {
            let wanted = known::head(name).map_or(0, |head| head.slots);
            let missing = wanted.saturating_sub(args.len());
            Type::Std(name, args.iter().cloned().chain(std::iter::repeat_n(Type::Unknown, missing)).collect())
        }
        None => Type::Foreign(full.into(), Rc::clone(args)),
    }
}
