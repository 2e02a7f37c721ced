//! Turns written types into inferred ones, and fits generic arguments into them.

use super::{Type, std_types};
use crate::ir::{Anchor, ItemKind, PathRef, Ref, Ty, TyIdx};
use crate::link::lookup::{Origin, Target};
use crate::link::{ItemId, Program};
use std::rc::Rc;

/// Arguments for the generic parameters of an item, by number; what is missing is unknown.
#[derive(Clone, Default)]
pub(super) struct Arguments(Vec<Type>);

impl Arguments {
    pub(super) fn from_slice(args: &[Type]) -> Self {
        Arguments(args.to_vec())
    }

    fn set(&mut self, number: u32, ty: &Type) {
        let index = number as usize;
        if self.0.len() <= index {
            self.0.resize(index + 1, Type::Open);
        }
        // Where two arguments differ, one is coerced.
        self.0[index] = self.0[index].merged(ty);
    }

    fn get(&self, number: u32) -> Type {
        self.0.get(number as usize).map(Type::settled).unwrap_or_default()
    }

    /// Reads off what the parameters in a pattern must be for it to be this type.
    pub(super) fn fit(&mut self, pattern: &Type, actual: &Type) {
        match (pattern, actual) {
            (Type::Param(number), actual) => self.set(*number, actual),
            (Type::Local(a, inner), Type::Local(b, known)) if a == b => self.fit_all(inner, known),
            (Type::Std(a, inner), Type::Std(b, known)) if a == b => self.fit_all(inner, known),
            (Type::Tuple(inner), Type::Tuple(known)) => self.fit_all(inner, known),
            (Type::Slice(inner), Type::Slice(known)) => self.fit(inner, known),
            (Type::Slice(inner), Type::Std(name, known)) if &**name == "Vec" => {
                if let Some(known) = known.first() {
                    self.fit(inner, known);
                }
            }
            _ => {}
        }
    }

    fn fit_all(&mut self, patterns: &[Type], actual: &[Type]) {
        for (pattern, actual) in patterns.iter().zip(actual) {
            self.fit(pattern, actual);
        }
    }

    /// The type with its parameters replaced.
    pub(super) fn apply(&self, ty: &Type) -> Type {
        let all = |types: &Rc<[Type]>| types.iter().map(|ty| self.apply(ty)).collect::<Rc<[Type]>>();
        match ty {
            Type::Param(number) => self.get(*number),
            Type::Local(id, args) => Type::Local(*id, all(args)),
            Type::Std(name, args) => Type::Std(Rc::clone(name), all(args)),
            Type::Tuple(args) => Type::Tuple(all(args)),
            Type::Slice(inner) => Type::Slice(Rc::new(self.apply(inner))),
            Type::Callable(inner) => Type::Callable(Rc::new(self.apply(inner))),
            other => other.clone(),
        }
    }
}

impl Program<'_> {
    /// A written type, with the generic parameters of its item.
    pub(super) fn type_of(&self, id: ItemId, ty: TyIdx) -> Type {
        self.type_at(id, ty, 0)
    }

    fn type_at(&self, id: ItemId, ty: TyIdx, depth: u32) -> Type {
        if depth > 24 {
            return Type::Unknown;
        }
        let item = self.item(id);
        let each =
            |types: &[TyIdx]| types.iter().map(|&ty| self.type_at(id, ty, depth + 1)).collect::<Rc<[Type]>>();
        match &item.body.types[ty.0 as usize] {
            Ty::Ref { inner, .. } => self.type_at(id, *inner, depth + 1),
            Ty::Slice(inner) | Ty::Array(inner) => Type::Slice(Rc::new(self.type_at(id, *inner, depth + 1))),
            Ty::Tuple(types) => Type::Tuple(each(types)),
            Ty::Ptr(inner) => Type::Std("*".into(), each(&[*inner])),
            Ty::FnPtr { ret, .. } => {
                let ret =
                    ret.map_or_else(|| Type::Tuple(Rc::new([])), |ret| self.type_at(id, ret, depth + 1));
                Type::Callable(Rc::new(ret))
            }
            Ty::Impl(bounds) => self.type_of_bounds(id, bounds, depth),
            Ty::Never => Type::Never,
            // A trait object has inherent methods too, where its trait is ours.
            Ty::Dyn(_) | Ty::Infer | Ty::Unknown => Type::Unknown,
            Ty::Path { path, args, .. } => {
                let Ref::Path(path) = &item.skeleton.refs[path.0 as usize] else { return Type::Unknown };
                self.type_of_path(id, path, &each(args), depth)
            }
        }
    }

    fn type_of_bounds(&self, id: ItemId, bounds: &[TyIdx], depth: u32) -> Type {
        use crate::link::TraitOf;
        let item = self.item(id);
        if self.may_deref(id, bounds) {
            return Type::Unknown;
        }
        // A trait of ours beside another has methods that no type of the standard library has.
        if bounds.iter().any(|&bound| matches!(self.trait_of(id, bound), TraitOf::Local(_))) {
            return Type::Traits;
        }
        for &bound in bounds {
            let Ty::Path { assoc, .. } = &item.body.types[bound.0 as usize] else { continue };
            let TraitOf::Foreign(name, _) = self.trait_of(id, bound) else { continue };
            let value = |wanted: &str| {
                let found = assoc.iter().find(|(name, _)| self.text(self.sym(id, *name)) == wanted);
                found.map(|(_, ty)| self.type_at(id, *ty, depth + 1))
            };
            match &*name {
                "Iterator" | "DoubleEndedIterator" | "ExactSizeIterator" => {
                    return Type::std(std_types::ITERATOR, value("Item"));
                }
                "Fn" | "FnMut" | "FnOnce" => {
                    return Type::Callable(Rc::new(value("Output").unwrap_or_default()));
                }
                "Future" => return Type::std(std_types::FUTURE, value("Output")),
                _ => {}
            }
        }
        Type::Traits
    }

    pub(super) fn type_of_path(&self, id: ItemId, path: &PathRef, args: &Rc<[Type]>, depth: u32) -> Type {
        match path.anchor {
            Anchor::Generic(number) if path.segments.is_empty() => return Type::Param(number),
            Anchor::SelfType => return self.type_of_self(id, path, depth),
            Anchor::Generic(_) | Anchor::Qualified { .. } => return Type::Unknown,
            _ => {}
        }
        let targets = self.path_targets(id, path);
        match targets.as_slice() {
            [Target::Item(item)] => match &self.item(*item).kind {
                _ if self.is_type(*item) => Type::Local(*item, Rc::clone(args)),
                ItemKind::TypeAlias { ty: Some(ty), .. } if self.entry(*item).owner.is_none() => {
                    let written = self.type_at(*item, *ty, depth + 1);
                    Arguments::from_slice(args).apply(&written)
                }
                _ => Type::Unknown,
            },
            [Target::Foreign(Origin::Std, full)] => {
                let name = full.rsplit("::").next().unwrap_or(full);
                Type::Std(name.into(), Rc::clone(args))
            }
            [] => match path.segments.as_slice() {
                [name] if std_types::is_prelude(self.text(self.sym(id, *name))) => {
                    Type::Std(self.text(self.sym(id, *name)).into(), Rc::clone(args))
                }
                _ => Type::Unknown,
            },
            _ => Type::Unknown,
        }
    }

    fn type_of_self(&self, id: ItemId, path: &PathRef, depth: u32) -> Type {
        let Some(owner) = self.entry(id).owner.or_else(|| self.holds_self(id)) else { return Type::Unknown };
        match (&self.item(owner).kind, path.segments.as_slice()) {
            (ItemKind::Impl(impl_), []) => self.type_at(owner, impl_.self_ty, depth + 1),
            // `Self::Item` inside of an impl is what the impl says.
            (ItemKind::Impl(impl_), [name]) => {
                let name = self.sym(id, *name);
                let found = self.members(owner, &impl_.items).into_iter().find(|&item| {
                    matches!(self.item(item).kind, ItemKind::TypeAlias { .. })
                        && self.name_of(item) == Some(name)
                });
                match found.map(|item| (item, &self.item(item).kind)) {
                    Some((item, ItemKind::TypeAlias { ty: Some(ty), .. })) => {
                        self.type_at(item, *ty, depth + 1)
                    }
                    _ => Type::Unknown,
                }
            }
            (ItemKind::Trait { .. }, []) => Type::SelfOf(owner),
            (ItemKind::Struct { generics, .. } | ItemKind::Enum { generics, .. }, []) => {
                let first = generics.first;
                let params = (0..generics.params.len() as u32).map(|number| Type::Param(first + number));
                Type::Local(owner, params.collect())
            }
            _ => Type::Unknown,
        }
    }

    fn holds_self(&self, id: ItemId) -> Option<ItemId> {
        (self.is_type(id) || matches!(self.item(id).kind, ItemKind::Impl(_) | ItemKind::Trait { .. }))
            .then_some(id)
    }
}
