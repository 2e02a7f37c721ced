//! Unifies types whose parts a body decides step by step, in the order in which rustc does.
//!
//! A variable that something unseen may have decided is bound to [`Type::Unknown`] for good: a later
//! use could otherwise be a coercion and be mistaken for what decides it.

use super::known;
use super::ty::Type;

#[derive(Default)]
pub(super) struct Vars {
    bound: Vec<Option<Type>>,
}

impl Vars {
    pub(super) fn fresh(&mut self) -> Type {
        self.bound.push(None);
        Type::Var(self.bound.len() as u32 - 1)
    }

    /// What stands at the head of the type.
    pub(super) fn shallow(&self, ty: &Type) -> Type {
        let mut ty = ty;
        while let Type::Var(number) = ty {
            match &self.bound[*number as usize] {
                Some(bound) => ty = bound,
                None => break,
            }
        }
        ty.clone()
    }

    /// The type with all that is known by now.
    pub(super) fn deep(&self, ty: &Type) -> Type {
        ty.mapped(&mut |part| match part {
            Type::Var(_) => match self.shallow(part) {
                open @ Type::Var(_) => Some(open),
                bound => Some(self.deep(&bound)),
            },
            _ => None,
        })
    }

    /// The type at the end of the body.
    pub(super) fn settled(&self, ty: &Type) -> Type {
        self.deep(ty).mapped(&mut |part| matches!(part, Type::Var(_)).then_some(Type::Unknown))
    }

    /// The variable at the end of a chain of variables.
    fn last(&self, ty: &Type) -> Option<usize> {
        let Type::Var(number) = ty else { return None };
        let mut at = *number as usize;
        while let Some(Type::Var(next)) = &self.bound[at] {
            at = *next as usize;
        }
        Some(at)
    }

    fn bind(&mut self, at: u32, ty: &Type) {
        let ty = self.deep(ty);
        let occurs = ty.any(&mut |part| *part == Type::Var(at));
        self.bound[at as usize] = Some(if occurs { Type::Unknown } else { ty });
    }

    /// Something that is not seen may decide what is open in the type.
    pub(super) fn forget(&mut self, ty: &Type) {
        let mut open = Vec::new();
        self.deep(ty).any(&mut |part| {
            if let Type::Var(number) = part {
                open.push(*number);
            }
            false
        });
        for number in open {
            self.bound[number as usize] = Some(Type::Unknown);
        }
    }

    /// The same for all that is open.
    pub(super) fn forget_all(&mut self) {
        for bound in &mut self.bound {
            bound.get_or_insert(Type::Unknown);
        }
    }

    /// The two are one type.
    pub(super) fn unify(&mut self, a: &Type, b: &Type) {
        let (left, right) = (self.shallow(a), self.shallow(b));
        match (&left, &right) {
            (Type::Var(x), Type::Var(y)) if x == y => {}
            (Type::Var(number), ty) | (ty, Type::Var(number)) => self.bind(*number, ty),
            (Type::Unknown, ty) | (ty, Type::Unknown) => self.forget(ty),
            (Type::Local(x, one), Type::Local(y, other)) if x == y => self.unify_all(one, other),
            (Type::Std(x, one), Type::Std(y, other)) if x == y => self.unify_all(one, other),
            (Type::Std(x, _), Type::Std(y, _)) if known::are_literal_and_number(x, y) => {}
            (Type::Foreign(x, one), Type::Foreign(y, other)) if x == y => self.unify_all(one, other),
            (Type::Tuple(one), Type::Tuple(other)) => self.unify_all(one, other),
            (Type::Slice(one), Type::Slice(other)) => self.unify(one, other),
            (Type::Callable(params, ret), Type::Callable(others, other)) => {
                self.unify_all(params, others);
                self.unify(ret, other);
            }
            _ if left == right => {}
            _ => self.differ(a, b),
        }
    }

    fn unify_all(&mut self, one: &[Type], other: &[Type]) {
        for index in 0..one.len().max(other.len()) {
            match (one.get(index), other.get(index)) {
                (Some(a), Some(b)) => self.unify(a, b),
                (Some(rest), None) | (None, Some(rest)) => self.forget(rest),
                (None, None) => {}
            }
        }
    }

    /// There is a coercion that is not understood: nothing about the two is certain.
    fn differ(&mut self, a: &Type, b: &Type) {
        for ty in [a, b] {
            self.forget(ty);
            if let Some(number) = self.last(ty) {
                self.bound[number] = Some(Type::Unknown);
            }
        }
    }

    /// A value of one type stands where another is expected: it may be coerced.
    pub(super) fn coerce(&mut self, from: &Type, to: &Type) {
        let (value, place) = (self.shallow(from), self.shallow(to));
        match (&value, &place) {
            (Type::Never, _) => {}
            (Type::Unknown, ty) | (ty, Type::Unknown) => self.forget(ty),
            (_, Type::Var(_)) => self.unify(from, to),
            (
                Type::Var(_),
                Type::Dyn(_) | Type::Opaque(_) | Type::Assoc(_) | Type::Slice(_) | Type::Callable(..),
            ) => self.forget(&value),
            (Type::Var(_), _) => self.unify(from, to),
            (Type::Std(x, one), Type::Std(y, other)) if x == y && known::pointee(&value).is_some() => {
                for (value, place) in one.iter().zip(other.iter()) {
                    self.coerce(value, place);
                }
            }
            (Type::Std("Vec", one), Type::Slice(other)) => {
                if let [item] = &**one {
                    self.unify(item, other);
                }
            }
            (Type::Std(..), Type::Std(..)) if known::pointee(&value).is_none() => self.unify(&value, &place),
            (Type::Callable(params, ret), Type::Callable(others, other)) => {
                self.unify_all(params, others);
                self.unify(ret, other);
            }
            (Type::Local(x, _), Type::Local(y, _)) if x == y => self.unify(&value, &place),
            (Type::Foreign(x, _), Type::Foreign(y, _)) if x == y => self.unify(&value, &place),
            (Type::Tuple(_), Type::Tuple(_)) | (Type::Slice(_), Type::Slice(_)) => {
                self.unify(&value, &place);
            }
            (Type::Std(..), _) if known::pointee(&value).is_some() && !matches!(place, Type::Dyn(_)) => {
                let inner = known::pointee(&value).cloned().unwrap_or_default();
                self.coerce(&inner, &place);
            }
            _ => {
                self.forget(&value);
                self.forget(&place);
            }
        }
    }

    /// What a value has whose branches have these types: they agree, or nothing is certain.
    ///
    /// A branch that never ends says nothing, and what ends in `;` beside a value has diverged.
    pub(super) fn joined(&mut self, types: impl IntoIterator<Item = Type>) -> Type {
        let mut result = Type::Never;
        let mut units = false;
        for ty in types {
            match self.shallow(&ty) {
                Type::Never => {}
                ty if ty.is_unit() => units = true,
                _ if result == Type::Never => result = ty,
                _ => result = self.merged(&result, &ty),
            }
        }
        if units && result == Type::Never { Type::unit() } else { result }
    }

    /// Two types of one value. A reference, a `Box` or a function in a branch may be coerced to what
    /// another branch has.
    fn merged(&mut self, a: &Type, b: &Type) -> Type {
        let (left, right) = (self.shallow(a), self.shallow(b));
        match (&left, &right) {
            (Type::Var(_), Type::Var(_)) => {
                self.unify(&left, &right);
                left
            }
            (Type::Var(_), ty) | (ty, Type::Var(_)) => {
                // What it is coerced to may be another type.
                if matches!(ty, Type::Dyn(_) | Type::Callable(..) | Type::Opaque(_) | Type::Unknown) {
                    self.differ(&left, &right);
                    return Type::Unknown;
                }
                self.unify(&left, &right);
                ty.clone()
            }
            (Type::Never, ty) | (ty, Type::Never) => ty.clone(),
            (Type::Local(x, one), Type::Local(y, other)) if x == y => {
                Type::Local(*x, self.merged_all(one, other))
            }
            (Type::Std(x, one), Type::Std(y, other)) if x == y => Type::Std(x, self.merged_all(one, other)),
            (Type::Std(x, _), Type::Std(y, _)) if known::are_literal_and_number(x, y) => {
                if known::is_literal(x) { right } else { left }
            }
            (Type::Foreign(x, one), Type::Foreign(y, other)) if x == y => {
                Type::Foreign(std::sync::Arc::clone(x), self.merged_all(one, other))
            }
            (Type::Tuple(one), Type::Tuple(other)) if one.len() == other.len() => {
                Type::Tuple(self.merged_all(one, other))
            }
            (Type::Slice(one), Type::Slice(other)) => Type::slice(self.merged(one, other)),
            (Type::Callable(params, ret), Type::Callable(others, other)) if params.len() == others.len() => {
                Type::Callable(self.merged_all(params, others), std::rc::Rc::new(self.merged(ret, other)))
            }
            _ if left == right => left,
            _ => {
                self.forget(&left);
                self.forget(&right);
                Type::Unknown
            }
        }
    }

    fn merged_all(&mut self, one: &[Type], other: &[Type]) -> super::ty::Args {
        let count = one.len().max(other.len());
        let at = |types: &[Type], index: usize| types.get(index).cloned().unwrap_or_default();
        (0..count).map(|index| self.merged(&at(one, index), &at(other, index))).collect()
    }
}
