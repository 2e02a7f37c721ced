//! Types of method calls.

use super::calls::Callee;
use super::probe::{Found, Method};
use super::ty::{TraitKey, Type};
use super::walk::Walk;
use crate::ir::{ExprIdx, ItemKind, Name, Ref, RefIdx, TyIdx};
use crate::link::ScopeId;

impl Walk<'_, '_> {
    pub(super) fn method_call(
        &mut self,
        receiver: ExprIdx,
        name: Name,
        method: RefIdx,
        turbofish: &[TyIdx],
        args: &[ExprIdx],
    ) -> Type {
        let receiver = self.expr(receiver);
        let scope = match &self.item.skeleton.refs[method.0 as usize] {
            Ref::Method { scope, .. } => self.program.entry(self.id).block(*scope),
            _ => self.program.entry(self.id).scope,
        };
        match self.probe(&receiver, self.sym(name), scope) {
            Method::Std(signature, own, item) => {
                let callee = self.known_function(signature, &own, item.as_ref(), turbofish);
                let ret = self.apply(callee, args);
                if let ("collect", Some(item)) = (self.text(name), &item) {
                    self.collect(&ret, item);
                }
                ret
            }
            Method::Ours(found) => self.call_found(found, turbofish, args, &receiver),
            Method::Unknown => {
                let ret = self.converted(&receiver, name, scope);
                self.vars.forget(&receiver);
                self.apply(Callee::unknown().returning(ret), args)
            }
        }
    }

    /// `as_ref()` and the like, where a bound says to what.
    fn converted(&mut self, receiver: &Type, name: Name, scope: ScopeId) -> Type {
        let of_trait = match self.text(name) {
            "as_ref" => "AsRef",
            "as_mut" => "AsMut",
            "borrow" => "Borrow",
            "borrow_mut" => "BorrowMut",
            "into" => "Into",
            "into_iter" => "IntoIterator",
            _ => return Type::Unknown,
        };
        let ty = self.head(receiver);
        let is_bounded = matches!(ty, Type::Param(_) | Type::SelfOf(_) | Type::Assoc(_) | Type::Opaque(_));
        if !is_bounded {
            return Type::Unknown;
        }
        let name = self.sym(name);
        let is_other =
            self.program.own_items(self.id, &ty, name, scope).is_none_or(|found| !found.is_empty());
        if is_other || self.program.bounds_of(self.id, &ty).may_deref() {
            return Type::Unknown;
        }
        if of_trait == "IntoIterator" {
            return self.projected(&ty, TraitKey::Std(of_trait.into()), "IntoIter");
        }
        self.program.bound_argument(self.id, &ty, of_trait).unwrap_or_default()
    }

    /// A call of what may be several items: where they differ, nothing is certain.
    fn call_found(
        &mut self,
        mut found: Vec<Found>,
        turbofish: &[TyIdx],
        args: &[ExprIdx],
        receiver: &Type,
    ) -> Type {
        if let [only] = found.as_mut_slice() {
            let ItemKind::Fn(function) = &self.program.item(only.item).kind else { return Type::Unknown };
            let callee = self.function(only.item, function, std::mem::take(&mut only.subst), turbofish);
            return self.apply(callee, args);
        }
        let ret = self.common_result(&found);
        self.vars.forget(receiver);
        self.apply(Callee::unknown(), args);
        ret
    }

    /// The result that all of them declare, less what the arguments tell.
    pub(super) fn common_result(&mut self, found: &[Found]) -> Type {
        let mut result: Option<Type> = None;
        for found in found {
            let ItemKind::Fn(function) = &self.program.item(found.item).kind else { return Type::Unknown };
            let ret = function.ret.map_or_else(Type::unit, |ret| {
                let written = self.program.type_of(found.item, ret);
                found.subst.apply(&written)
            });
            let ret = self.normalized(&ret);
            if function.is_async {
                return Type::Unknown;
            }
            result = Some(result.map_or(ret.clone(), |before| before.agreed(&ret)));
        }
        result.unwrap_or_default()
    }
}
