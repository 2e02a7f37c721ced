//! Types of calls: what is called is instantiated, its arguments are coerced to its parameters (closures
//! last, since the others say what those are called with), and its declared result is the answer.

use super::known::{Sig, Signature};
use super::ty::{Subst, TraitKey, Type};
use super::walk::Walk;
use crate::ir::{ExprIdx, Fn, Generics, ItemKind, Ty, TyIdx};
use crate::link::{ItemId, TraitOf};
use std::rc::Rc;
use std::sync::Arc;

/// Something that can be called, for one call.
pub(super) struct Callee {
    params: Vec<Param>,
    ret: Type,
    bounds: Vec<Demand>,
}

enum Param {
    Type(Type),
    /// Whatever iterates over this.
    Each(Type),
    Closure(Vec<Type>, Box<Param>),
    /// Nothing that matters.
    Any,
}

/// What a bound of the callee asks of a type.
enum Demand {
    /// `F: Fn(A) -> B`
    Call(Type, Type),
    /// `I: Trait<Item = T>`
    Assoc(Type, TraitKey, Box<str>, Type),
    /// Something else that may decide it.
    Unseen(Type),
}

impl Callee {
    pub(super) fn simple(params: &[Type], ret: Type) -> Self {
        Callee { params: params.iter().cloned().map(Param::Type).collect(), ret, bounds: Vec::new() }
    }

    pub(super) fn unknown() -> Self {
        Callee { params: Vec::new(), ret: Type::Unknown, bounds: Vec::new() }
    }

    pub(super) fn returning(mut self, ret: Type) -> Self {
        self.ret = ret;
        self
    }

    pub(super) fn into_result(self) -> Type {
        self.ret
    }

    /// As a value.
    pub(super) fn value(self) -> Type {
        let param = |param: Param| match param {
            Param::Type(ty) => ty,
            _ => Type::Unknown,
        };
        Type::Callable(self.params.into_iter().map(param).collect(), Rc::new(self.ret))
    }

    /// The first parameter, and the callee of the rest: a method that is called by its path.
    pub(super) fn with_receiver(mut self, receiver: &Type) -> Self {
        self.params.insert(0, Param::Type(receiver.clone()));
        self
    }
}

impl<'a> Walk<'_, 'a> {
    /// Walks the arguments of a call; gives what it returns.
    pub(super) fn apply(&mut self, callee: Callee, args: &[ExprIdx]) -> Type {
        let mut closures = Vec::new();
        for (position, &arg) in args.iter().enumerate() {
            let param = callee.params.get(position).unwrap_or(&Param::Any);
            if self.is_closure(arg) {
                closures.push((arg, param));
                continue;
            }
            let ty = self.expr(arg);
            self.give(&ty, param);
        }
        for demand in &callee.bounds {
            self.demand(demand, false);
        }
        for (arg, param) in closures {
            self.give_closure(arg, param, &callee.bounds);
        }
        for demand in &callee.bounds {
            self.demand(demand, true);
        }
        callee.ret
    }

    fn give(&mut self, ty: &Type, param: &Param) {
        match param {
            Param::Type(to) => self.vars.coerce(ty, to),
            Param::Each(item) => {
                let iterated = self.iterated(ty);
                self.vars.unify(&iterated, item);
            }
            Param::Closure(params, ret) => match self.head(ty) {
                Type::Callable(given, returned) => {
                    for (expected, given) in params.iter().zip(given.iter()) {
                        self.vars.coerce(expected, given);
                    }
                    self.give(&returned, ret);
                }
                other => {
                    let called = self.program.bound_callable(self.id, &other);
                    if let Some(Type::Callable(_, returned)) = called {
                        self.give(&returned, ret);
                    } else {
                        self.vars.forget(&other);
                        self.give(&Type::Unknown, ret);
                    }
                }
            },
            Param::Any => self.vars.forget(ty),
        }
    }

    fn give_closure(&mut self, arg: ExprIdx, param: &Param, bounds: &[Demand]) {
        match param {
            Param::Closure(params, ret) => {
                let ty = self.expected_closure(arg, params);
                if let Type::Callable(_, returned) = ty {
                    self.give(&returned, ret);
                }
            }
            Param::Type(to) => {
                let to = self.head(to);
                let expected = match &to {
                    Type::Callable(..) => Some(to.clone()),
                    Type::Opaque(_) => self.program.bound_callable(self.id, &to),
                    _ => bounds.iter().find_map(|demand| match demand {
                        Demand::Call(bounded, call) if self.vars.shallow(bounded) == to => Some(call.clone()),
                        _ => None,
                    }),
                };
                let called_with = match &expected {
                    Some(Type::Callable(params, _)) => params.to_vec(),
                    _ => Vec::new(),
                };
                let ty = self.expected_closure(arg, &called_with);
                if let (Type::Callable(_, given), Some(Type::Callable(_, wanted))) = (&ty, &expected) {
                    self.vars.coerce(given, wanted);
                }
                if matches!(to, Type::Var(_)) {
                    self.vars.unify(&to, &ty);
                }
            }
            Param::Each(_) | Param::Any => {
                let ty = self.expected_closure(arg, &[]);
                self.vars.forget(&ty);
            }
        }
    }

    fn demand(&mut self, demand: &Demand, is_last: bool) {
        match demand {
            Demand::Call(bounded, call) => match (self.head(bounded), call) {
                (Type::Callable(params, ret), Type::Callable(wanted, returned)) if !is_last => {
                    for (given, wanted) in params.iter().zip(wanted.iter()) {
                        self.vars.coerce(wanted, given);
                    }
                    self.vars.unify(&ret, returned);
                }
                (Type::Callable(..), _) => {}
                (open @ Type::Var(_), _) if !is_last => _ = open,
                _ => self.vars.forget(call),
            },
            Demand::Assoc(bounded, of_trait, name, wanted) => {
                let base = self.head(bounded);
                let found = match (&base, &**name) {
                    (Type::Var(_), _) => Type::Unknown,
                    (_, "Item") => self.iterated(&base),
                    _ => self.projected(&base, of_trait.clone(), name),
                };
                if found.is_known() {
                    self.vars.unify(&found, wanted);
                } else if is_last {
                    self.vars.forget(wanted);
                }
            }
            Demand::Unseen(ty) => {
                if is_last {
                    self.vars.forget(ty);
                }
            }
        }
    }

    /// A function of the analysed crates; the parameters around it are in `subst`.
    pub(super) fn function(
        &mut self,
        id: ItemId,
        function: &Fn,
        mut subst: Subst,
        explicit: &[TyIdx],
    ) -> Callee {
        let owner = self.program.entry(id).owner;
        if let Some((owner, generics)) = owner.and_then(|owner| Some((owner, self.generics(owner)?))) {
            let is_impl = matches!(self.program.head(owner).kind, ItemKind::Impl(_));
            self.fill(generics, &mut subst, is_impl);
        }
        for (position, &ty) in explicit.iter().enumerate() {
            let ty = self.written(ty);
            subst.set(function.generics.first + position as u32, ty);
        }
        self.fill(&function.generics, &mut subst, true);
        // `impl Trait` in an argument is a parameter without a name: what it says is read there.
        let mut bounds = Vec::new();
        let around = owner.and_then(|owner| Some((owner, self.generics(owner)?)));
        for (holder, generics) in around.into_iter().chain([(id, &function.generics)]) {
            self.demands(holder, generics, &subst, &mut bounds);
        }
        let params = function.params.iter().map(|param| {
            let written = self.program.type_of(id, param.ty);
            Param::Type(self.instance(&subst, &written))
        });
        let params = params.collect();
        let ret = function.ret.map_or_else(Type::unit, |ret| {
            let written = self.program.type_of(id, ret);
            self.instance(&subst, &written)
        });
        let ret = if function.is_async { Type::std(super::known::FUTURE, [ret]) } else { ret };
        Callee { params, ret, bounds }
    }

    fn instance(&mut self, subst: &Subst, written: &Type) -> Type {
        let ty = subst.apply(written);
        if ty.any(&mut |part| matches!(part, Type::Assoc(_))) { self.normalized(&ty) } else { ty }
    }

    pub(super) fn generics(&self, id: ItemId) -> Option<&'a Generics> {
        match &self.program.item(id).kind {
            ItemKind::Impl(impl_) => Some(&impl_.generics),
            ItemKind::Trait { generics, .. }
            | ItemKind::Struct { generics, .. }
            | ItemKind::Enum { generics, .. }
            | ItemKind::Union { generics, .. } => Some(generics),
            ItemKind::Fn(function) => Some(&function.generics),
            _ => None,
        }
    }

    /// Parameters that nothing tells yet.
    pub(super) fn fill(&mut self, generics: &Generics, subst: &mut Subst, open: bool) {
        for (position, param) in generics.params.iter().enumerate() {
            let number = generics.first + position as u32;
            if !subst.has(number) {
                let ty = if open && !param.is_const { self.vars.fresh() } else { Type::Unknown };
                subst.set(number, ty);
            }
        }
    }

    fn demands(&mut self, holder: ItemId, generics: &Generics, subst: &Subst, out: &mut Vec<Demand>) {
        for (bounded, list) in &generics.bounds {
            let bounded = subst.apply(&self.program.type_of(holder, *bounded));
            for &bound in list {
                let Ty::Path { args, assoc, .. } = self.program.ty(holder, bound) else {
                    continue;
                };
                let of_trait = self.program.trait_of(holder, bound);
                if let TraitOf::Foreign(name, _) = &of_trait
                    && matches!(&**name, "Fn" | "FnMut" | "FnOnce")
                {
                    if let Some(call) = self.program.callable_of(holder, bound) {
                        let call = self.instance(subst, &call);
                        out.push(Demand::Call(bounded.clone(), call));
                    }
                    continue;
                }
                let key = match &of_trait {
                    TraitOf::Local(ids) if ids.len() == 1 => TraitKey::Local(ids[0]),
                    TraitOf::Foreign(name, krate) if krate.is_empty() => TraitKey::Std(Arc::clone(name)),
                    _ => TraitKey::Unknown,
                };
                for &(name, ty) in assoc {
                    let wanted = subst.apply(&self.program.type_of(holder, ty));
                    let name = self.program.text(self.program.sym(holder, name));
                    out.push(Demand::Assoc(bounded.clone(), key.clone(), name.into(), wanted));
                }
                for &ty in args {
                    out.push(Demand::Unseen(subst.apply(&self.program.type_of(holder, ty))));
                }
            }
        }
    }

    /// A function of the standard library, on a type with what it iterates over, and what `::<..>` gives.
    pub(super) fn known_function(
        &mut self,
        signature: &'static Signature,
        own: &Type,
        item: Option<&Type>,
        explicit: &[TyIdx],
    ) -> Callee {
        let untold = explicit.iter().skip(signature.explicit.len());
        if untold.into_iter().any(|&ty| !matches!(self.written(ty), Type::Var(_))) {
            // What a parameter is given that no table names: the arguments are coerced to it.
            return Callee::unknown();
        }
        let slots: Vec<Type> = (0..signature.slots).map(|_| self.vars.fresh()).collect();
        let own_head = self.head(own);
        if let (Some(item), Some(slot)) = (item, slots.first()) {
            self.vars.unify(slot, item);
        }
        let args = match &own_head {
            Type::Slice(item) => vec![Type::clone(item)],
            other => other.args().to_vec(),
        };
        for (sig, ty) in signature.of.iter().zip(&args) {
            self.match_sig(sig, ty, &slots);
        }
        for (slot, &ty) in signature.explicit.iter().zip(explicit) {
            let ty = self.written(ty);
            self.vars.unify(&slots[*slot], &ty);
        }
        let params = signature.params.iter().map(|sig| param(sig, &slots, own)).collect();
        Callee { params, ret: sig_instance(&signature.ret, &slots, own), bounds: Vec::new() }
    }

    fn match_sig(&mut self, sig: &Sig, ty: &Type, slots: &[Type]) {
        match sig {
            Sig::Slot(slot) => self.vars.unify(&slots[*slot], ty),
            Sig::Std(_, inner) => {
                let args = self.head(ty).args().to_vec();
                for (sig, ty) in inner.iter().zip(&args) {
                    self.match_sig(sig, ty, slots);
                }
            }
            Sig::Slice(inner) => {
                if let Type::Slice(item) = self.head(ty) {
                    self.match_sig(inner, &item, slots);
                }
            }
            Sig::Tuple(inner) => {
                if let Type::Tuple(elems) = self.head(ty) {
                    for (sig, ty) in inner.iter().zip(elems.iter()) {
                        self.match_sig(sig, ty, slots);
                    }
                }
            }
            _ => {}
        }
    }
}

fn param(sig: &Sig, slots: &[Type], own: &Type) -> Param {
    match sig {
        Sig::Unknown => Param::Any,
        Sig::Each(item) => Param::Each(sig_instance(item, slots, own)),
        Sig::Closure(params, ret) => {
            let params = params.iter().map(|sig| sig_instance(sig, slots, own)).collect();
            Param::Closure(params, Box::new(param(ret, slots, own)))
        }
        sig => Param::Type(sig_instance(sig, slots, own)),
    }
}

fn sig_instance(sig: &Sig, slots: &[Type], own: &Type) -> Type {
    let each = |sigs: &[Sig]| sigs.iter().map(|sig| sig_instance(sig, slots, own)).collect();
    match sig {
        Sig::Slot(slot) => slots[*slot].clone(),
        Sig::Own => own.clone(),
        Sig::Std(name, inner) => Type::Std(name, each(inner)),
        Sig::Tuple(inner) => Type::Tuple(each(inner)),
        Sig::Slice(inner) => Type::slice(sig_instance(inner, slots, own)),
        Sig::Closure(params, ret) => Type::Callable(each(params), Rc::new(sig_instance(ret, slots, own))),
        Sig::Never => Type::Never,
        Sig::Each(_) | Sig::Unknown => Type::Unknown,
    }
}
