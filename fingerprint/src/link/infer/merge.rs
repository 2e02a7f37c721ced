//! Joins the types that the branches of an expression have.
//!
//! A reference, a `Box` or a function in a branch may be coerced to what another branch has (`&A` to
//! `&dyn Trait`, `&Wrapper` to what it dereferences to): branches agree, or nothing is certain.

use super::{Type, std_types};
use std::rc::Rc;

impl Type {
    /// What a value has whose branches have these types. One that never ends says nothing, and what
    /// ends in `;` beside a value has diverged.
    pub(super) fn joined(types: impl IntoIterator<Item = Type>) -> Type {
        let mut result = Type::Never;
        let mut units = false;
        for ty in types {
            match ty {
                Type::Never => {}
                ty if ty.is_unit() => units = true,
                ty => result = result.merged(&ty),
            }
        }
        if units && result == Type::Never { Type::Tuple(Rc::new([])) } else { result }
    }

    /// Two types of one value; unknown where they differ.
    pub(super) fn merged(&self, other: &Type) -> Type {
        match (self, other) {
            (Type::Never | Type::Open, ty) | (ty, Type::Never | Type::Open) => ty.clone(),
            (Type::Local(a, left), Type::Local(b, right)) if a == b => Type::Local(*a, all(left, right)),
            (Type::Std(a, left), Type::Std(b, right)) if a == b => Type::Std(Rc::clone(a), all(left, right)),
            (Type::Std(a, _), Type::Std(b, _)) if std_types::is_literal(a) && std_types::is_primitive(b) => {
                other.clone()
            }
            (Type::Std(a, _), Type::Std(b, _)) if std_types::is_primitive(a) && std_types::is_literal(b) => {
                self.clone()
            }
            (Type::Tuple(left), Type::Tuple(right)) if left.len() == right.len() => {
                Type::Tuple(all(left, right))
            }
            (Type::Slice(left), Type::Slice(right)) => Type::Slice(Rc::new(left.merged(right))),
            (Type::Callable(left), Type::Callable(right)) => Type::Callable(Rc::new(left.merged(right))),
            (left, right) if left == right => left.clone(),
            _ => Type::Unknown,
        }
    }

    /// The type with nothing left open: a later use may say what it is.
    pub(super) fn settled(&self) -> Type {
        self.mapped(&|ty| (*ty == Type::Open).then_some(Type::Unknown))
    }

    fn mapped(&self, replace: &dyn Fn(&Type) -> Option<Type>) -> Type {
        let each = |types: &Rc<[Type]>| types.iter().map(|ty| ty.mapped(replace)).collect::<Rc<[Type]>>();
        if let Some(ty) = replace(self) {
            return ty;
        }
        match self {
            Type::Local(id, args) if !args.is_empty() => Type::Local(*id, each(args)),
            Type::Std(name, args) if !args.is_empty() => Type::Std(Rc::clone(name), each(args)),
            Type::Tuple(args) if !args.is_empty() => Type::Tuple(each(args)),
            Type::Slice(inner) => Type::Slice(Rc::new(inner.mapped(replace))),
            Type::Callable(inner) => Type::Callable(Rc::new(inner.mapped(replace))),
            other => other.clone(),
        }
    }

    /// The type with `Self` of a trait replaced.
    pub(super) fn with_self(&self, own: &Type) -> Type {
        self.mapped(&|ty| matches!(ty, Type::SelfOf(_)).then(|| own.clone()))
    }

    pub(super) fn is_unit(&self) -> bool {
        matches!(self, Type::Tuple(elems) if elems.is_empty())
    }
}

/// Arguments in pairs; those that are missing on one side are not written there.
fn all(left: &[Type], right: &[Type]) -> Rc<[Type]> {
    let (longer, shorter) = if left.len() < right.len() { (right, left) } else { (left, right) };
    let pairs = longer.iter().enumerate();
    pairs.map(|(i, ty)| shorter.get(i).map_or_else(|| ty.clone(), |other| ty.merged(other))).collect()
}
