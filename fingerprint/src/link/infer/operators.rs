//! Types of operators: the standard library's on its own types, and what impls say on ours.

use super::bounds::OPERATORS;
use super::deref::Derefs;
use super::known;
use super::ty::{Subst, TraitKey, Type};
use super::walk::Walk;
use crate::ir::{ExprIdx, ItemKind, Ty};
use crate::link::{ItemId, Program, TraitOf};
use std::rc::Rc;

impl Walk<'_, '_> {
    pub(super) fn binary(&mut self, op: &str, left: ExprIdx, right: ExprIdx) -> Type {
        let left = self.expr(left);
        let right = self.expr(right);
        let (left, right) = (self.head(&left), self.head(&right));
        match op {
            "==" | "!=" | "<" | ">" | "<=" | ">=" => {
                self.beside(&left, &right);
                Type::boolean()
            }
            "&&" | "||" => Type::boolean(),
            _ if op.len() > 1 && op.ends_with('=') && op != "<<" && op != ">>" => {
                self.beside(&left, &right);
                Type::unit()
            }
            _ => self.arithmetic(op, &left, &right),
        }
    }

    /// What is open in operands of one operator is not decided by it for certain.
    fn beside(&mut self, left: &Type, right: &Type) {
        self.vars.forget(left);
        self.vars.forget(right);
    }

    fn arithmetic(&mut self, op: &str, left: &Type, right: &Type) -> Type {
        let is_primitive = |ty: &Type| matches!(ty, Type::Std(name, _) if known::is_primitive(name));
        match (left, right) {
            (Type::Std(a, _), Type::Std(b, _)) if known::is_primitive(a) && known::is_primitive(b) => {
                let shifts = matches!(op, "<<" | ">>");
                return if known::is_literal(a) && !shifts { right.clone() } else { left.clone() };
            }
            (Type::Std("String", _), _) if op == "+" && !matches!(right, Type::Local(..)) => {
                return left.clone();
            }
            (Type::Std("Wrapping" | "Saturating" | "Duration", _), _) if left == right => {
                return left.clone();
            }
            (Type::Std(name @ ("HashSet" | "BTreeSet"), _), Type::Std(of, _)) if name == of => {
                return left.clone();
            }
            _ => {}
        }
        self.beside(left, right);
        let Some((_, of_trait)) = OPERATORS.iter().find(|(sign, _)| *sign == op) else {
            return Type::Unknown;
        };
        match left {
            Type::Param(_) | Type::SelfOf(_) | Type::Assoc(_) => {
                let output = self.program.bound_output(self.id, left, of_trait);
                output.map_or(Type::Unknown, |output| self.normalized(&output))
            }
            Type::Local(..) => self.program.operator_output(left, of_trait, Some(right)),
            _ if is_primitive(left) && right.is_known() => {
                self.program.operator_output(left, of_trait, Some(right))
            }
            _ => Type::Unknown,
        }
    }

    /// `-x` and `!x`
    pub(super) fn unary(&mut self, inner: &Type) -> Type {
        let inner = self.head(inner);
        match &inner {
            Type::Std(name, _) if known::is_primitive(name) => inner,
            Type::Std("Wrapping" | "Saturating", _) => inner,
            Type::Local(..) => {
                let (negated, not) = (
                    self.program.operator_output(&inner, "Neg", None),
                    self.program.operator_output(&inner, "Not", None),
                );
                // Which of the two it is, is not written down.
                match (self.program.implements(&inner, "Neg"), self.program.implements(&inner, "Not")) {
                    (true, false) => negated,
                    (false, true) => not,
                    _ if negated == not => negated,
                    _ => Type::Unknown,
                }
            }
            _ => Type::Unknown,
        }
    }

    /// `*x`: a reference, which is left out, or `Deref`.
    pub(super) fn dereferenced(&mut self, inner: &Type) -> Type {
        let inner = self.head(inner);
        match &inner {
            Type::Local(..) if self.program.dereferenced(&inner) == Derefs::Not => inner,
            Type::Param(_) | Type::SelfOf(_) | Type::Assoc(_) | Type::Opaque(_) | Type::Dyn(_) => {
                if self.program.bounds_of(self.id, &inner).may_deref() { Type::Unknown } else { inner }
            }
            Type::Local(..) | Type::Foreign(..) => {
                self.vars.forget(&inner);
                Type::Unknown
            }
            Type::Std("ptr", args) => args.first().cloned().unwrap_or_default(),
            // It is behind a reference, or what it dereferences to is meant: what has no methods of ours
            // stands for both.
            Type::Std(name, _)
                if known::head(name).is_some_and(|head| head.derefs.is_some())
                    && self.program.has_methods_of_ours(&inner) =>
            {
                self.vars.forget(&inner);
                Type::Unknown
            }
            _ => inner,
        }
    }

    pub(super) fn indexed(&mut self, base: ExprIdx, index: ExprIdx) -> Type {
        let base = self.expr(base);
        let index = self.expr(index);
        let index = self.head(&index);
        let mut ty = self.head(&base);
        for _ in 0..8 {
            let found = match (&ty, &index) {
                (Type::Slice(item), Type::Std(name, _)) if known::is_integer(name) => Some(Type::clone(item)),
                (Type::Slice(_), Type::Std(name, _)) if name.starts_with("Range") => Some(ty.clone()),
                (Type::Std("str", _), _) => Some(ty.clone()),
                (Type::Std("VecDeque", args), _) => args.first().cloned(),
                (Type::Std("HashMap" | "BTreeMap", args), _) => args.get(1).cloned(),
                (Type::Local(..), _) => Some(self.program.operator_output(&ty, "Index", Some(&index))),
                (Type::Param(_) | Type::SelfOf(_) | Type::Assoc(_), _) => {
                    let output = self.program.bound_output(self.id, &ty, "Index");
                    Some(output.map_or(Type::Unknown, |output| self.normalized(&output)))
                }
                _ => None,
            };
            match (found, &ty) {
                // It may be indexed through what it dereferences to.
                (Some(Type::Unknown), Type::Local(..)) if !self.program.implements(&ty, "Index") => {}
                (Some(found), _) => {
                    let indexed_by_ours = matches!(index, Type::Local(..) | Type::Unknown | Type::Var(_))
                        && !matches!(ty, Type::Local(..) | Type::Param(_) | Type::SelfOf(_) | Type::Assoc(_));
                    if indexed_by_ours && self.program.implements_for_pointer("Index") {
                        return Type::Unknown;
                    }
                    return found;
                }
                _ => {}
            }
            let next = match &ty {
                Type::Std("Vec", args) => args.first().map(|item| Type::slice(item.clone())),
                Type::Std("String", _) => Some(Type::std("str", [])),
                Type::Std(..) => known::pointee(&ty).cloned(),
                Type::Local(..) => self.program.dereferenced(&ty).target(),
                _ => None,
            };
            match next {
                Some(next) => ty = self.head(&next),
                None => break,
            }
        }
        self.vars.forget(&base);
        Type::Unknown
    }

    pub(super) fn range(&mut self, start: Option<ExprIdx>, end: Option<ExprIdx>, inclusive: bool) -> Type {
        let start = self.optional(start);
        let end = self.optional(end);
        let name = match (&start, &end, inclusive) {
            (Some(_), Some(_), false) => "Range",
            (Some(_), Some(_), true) => "RangeInclusive",
            (Some(_), None, _) => "RangeFrom",
            (None, Some(_), false) => "RangeTo",
            (None, Some(_), true) => "RangeToInclusive",
            (None, None, _) => return Type::std("RangeFull", []),
        };
        let of = self.vars.joined(start.into_iter().chain(end));
        Type::Std(name, Rc::new([of]))
    }

    /// An associated type in it that is known by now, as what it is.
    pub(super) fn normalized(&mut self, ty: &Type) -> Type {
        let ty = self.vars.deep(ty);
        ty.mapped(&mut |part| match part {
            Type::Assoc(_) => Some(self.head(part)),
            _ => None,
        })
    }
}

impl Program<'_> {
    /// `Output` of the operator that impls of ours define for operands of these types, where all agree.
    pub(super) fn operator_output(&self, left: &Type, of_trait: &str, right: Option<&Type>) -> Type {
        let opaque = match left {
            Type::Local(id, _) => self.may_be_made(*id, &|word| word == of_trait),
            _ => false,
        };
        if opaque {
            return Type::Unknown;
        }
        let mut result: Option<Type> = None;
        for index in self.impls_for(left) {
            let info = &self.impls().all[index];
            let is_of = matches!(&info.of_trait, TraitOf::Foreign(name, _) if &**name == of_trait);
            if !is_of {
                continue;
            }
            let Some(mut subst) = self.impl_fits(info, left) else { continue };
            if let Some(right) = right
                && !self.argument_fits(info.id, left, right, &mut subst)
            {
                continue;
            }
            let output = info.items.iter().find_map(|&(name, item)| match &self.item(item).kind {
                ItemKind::TypeAlias { ty: Some(ty), .. }
                    if name.is_some_and(|n| self.text(n) == "Output") =>
                {
                    Some(subst.apply(&self.type_of(item, *ty)))
                }
                _ => None,
            });
            let output = output.unwrap_or_default();
            match &result {
                None => result = Some(output),
                Some(before) => result = Some(before.agreed(&output)),
            }
        }
        result.unwrap_or_default()
    }

    /// Whether the argument of the trait in an impl's header can be this type.
    fn argument_fits(&self, id: ItemId, own: &Type, right: &Type, subst: &mut Subst) -> bool {
        let ItemKind::Impl(impl_) = &self.item(id).kind else { return false };
        let Some(of_trait) = impl_.of_trait else { return false };
        let Ty::Path { args, .. } = self.ty(id, of_trait) else { return true };
        match args.first() {
            Some(&argument) => subst.fit(&self.type_of(id, argument), right),
            // `Rhs = Self`
            None => Subst::default().fit(own, right),
        }
    }

    /// `Output` that a bound on an operator gives.
    fn bound_output(&self, id: ItemId, left: &Type, of_trait: &str) -> Option<Type> {
        let bounds = self.bounds_of(id, left);
        let mut outputs = bounds.list.iter().filter(|bound| {
            matches!(self.trait_of(bound.item, bound.ty), TraitOf::Foreign(name, _) if &*name == of_trait)
        });
        let (only, None) = (outputs.next()?, outputs.next()) else { return None };
        Some(self.bound_assoc(only, "Output").unwrap_or_else(|| {
            Type::Assoc(Rc::new(super::ty::Assoc {
                base: left.clone(),
                of_trait: TraitKey::Std(of_trait.into()),
                name: "Output".into(),
            }))
        }))
    }
}
