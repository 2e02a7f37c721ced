//! Writes generic parameters, bounds and where clauses, and numbers the parameters.

use super::attributes::Presence;
use super::context::Cx;
use super::paths::{Use, Written};
use super::scope::Word;
use super::writer::Sigil;
use crate::ir::{self, Namespace, Ty, TyIdx};
use syn::punctuated::Punctuated;
use syn::{
    BoundLifetimes, CapturedParam, GenericParam, Path, PreciseCapture, PredicateLifetime, PredicateType,
    Token, TraitBound, TypeParamBound, WherePredicate,
};

impl Cx<'_, '_> {
    /// Writes bounds, each with `+` behind it; returns the traits.
    pub(super) fn bounds(
        &mut self,
        bounds: &Punctuated<TypeParamBound, Token![+]>,
        is_dyn: bool,
    ) -> Vec<TyIdx> {
        let mut traits = Vec::new();
        for bound in bounds {
            match bound {
                TypeParamBound::Trait(TraitBound {
                    paren_token: _,
                    lifetimes,
                    modifiers: _,
                    maybe,
                    path,
                }) => {
                    let mark = self.scope.lifetimes.len();
                    self.binder(lifetimes.as_ref());
                    if maybe.is_some() {
                        self.w.word("?");
                    }
                    let usage = Use { namespace: Namespace::Type, is_dyn, uncertain: false };
                    let Written { path, args, assoc, .. } = self.path(None, path, usage);
                    self.scope.lifetimes.truncate(mark);
                    let ty = self.push_ty(Ty::Path { path, args, assoc });
                    if maybe.is_none() {
                        traits.push(ty);
                    }
                }
                TypeParamBound::Lifetime(lifetime) => self.lifetime(lifetime),
                TypeParamBound::PreciseCapture(capture) => {
                    let PreciseCapture { use_token: _, lt_token: _, params, gt_token: _ } = capture;
                    self.w.word("use <");
                    for param in params {
                        match param {
                            CapturedParam::Lifetime(lifetime) => self.lifetime(lifetime),
                            CapturedParam::Ident(ident) => {
                                let name = self.name(ident);
                                match self.scope.generic_number(name) {
                                    Some(number) => self.w.number(Sigil::Generic, number, Word::plain(name)),
                                    None => self.write_name(name),
                                }
                            }
                            _ => self.whole = true,
                        }
                        self.w.word(",");
                    }
                    self.w.word(">");
                }
                TypeParamBound::Verbatim(tokens) => self.unknown_tokens(tokens.clone()),
                _ => self.whole = true,
            }
            self.w.word("+");
        }
        traits
    }

    /// `for<'a>`: the caller truncates the lifetimes again.
    pub(super) fn binder(&mut self, lifetimes: Option<&BoundLifetimes>) {
        let Some(BoundLifetimes { for_token: _, lt_token: _, lifetimes, gt_token: _ }) = lifetimes else {
            return;
        };
        self.w.word("for <");
        for param in lifetimes {
            self.declare(param);
        }
        for param in lifetimes {
            self.generic_param(param, &mut ir::Generics::default());
        }
        self.w.word(">");
    }

    fn declare(&mut self, param: &GenericParam) {
        match param {
            GenericParam::Lifetime(param) => {
                let name = self.name(&param.lifetime.ident);
                self.scope.lifetime(name);
            }
            GenericParam::Type(param) => {
                let name = self.name(&param.ident);
                self.scope.generic(name);
            }
            GenericParam::Const(param) => {
                let name = self.name(&param.ident);
                self.scope.generic(name);
            }
        }
    }

    /// Writes generic parameters and the where clause, and brings the parameters into scope.
    pub(super) fn generics(&mut self, generics: &syn::Generics) -> ir::Generics {
        let syn::Generics { lt_token: _, params, gt_token: _, where_clause } = generics;
        let mut out = ir::Generics { first: self.scope.next_generic(), ..ir::Generics::default() };
        if !params.is_empty() {
            for param in params {
                if !self.is_gone(attributes_of(param)) {
                    self.declare(param);
                }
            }
            self.w.word("<");
            for param in params {
                self.generic_param(param, &mut out);
            }
            self.w.word(">");
        }
        if let Some(syn::WhereClause { where_token: _, predicates }) = where_clause
            && !predicates.is_empty()
        {
            self.w.word("where");
            for predicate in predicates {
                self.predicate(predicate, &mut out);
            }
            self.w.word("end");
        }
        out
    }

    fn generic_param(&mut self, param: &GenericParam, out: &mut ir::Generics) {
        if self.node(attributes_of(param)) == Presence::Gone {
            return;
        }
        match param {
            GenericParam::Lifetime(syn::LifetimeParam { attrs: _, lifetime, colon_token: _, bounds }) => {
                self.lifetime(lifetime);
                for bound in bounds {
                    self.w.word("+");
                    self.lifetime(bound);
                }
            }
            GenericParam::Type(syn::TypeParam { attrs: _, ident, colon_token: _, bounds, default }) => {
                let name = self.name(ident);
                let path = Path::from(ident.clone());
                let Written { path, args, assoc, .. } = self.path(None, &path, Use::of(Namespace::Type));
                let ty = self.push_ty(Ty::Path { path, args, assoc });
                if !bounds.is_empty() {
                    self.w.word(":");
                    let bounds = self.bounds(bounds, false);
                    out.bounds.push((ty, bounds));
                }
                let default = default.as_ref().map(|(_, default)| {
                    self.w.word("=");
                    self.ty(default)
                });
                out.params.push(ir::GenericParam { name, is_const: false, default });
            }
            GenericParam::Const(param) => {
                let syn::ConstParam { attrs: _, const_token: _, ident, colon_token: _, ty, default } = param;
                let name = self.name(ident);
                self.w.word("const");
                match self.scope.generic_number(name) {
                    Some(number) => self.w.number(Sigil::Generic, number, Word::plain(name)),
                    None => self.write_name(name),
                }
                self.w.word(":");
                self.ty(ty);
                if let Some((_, default)) = default {
                    self.w.word("=");
                    self.expr(default);
                }
                out.params.push(ir::GenericParam { name, is_const: true, default: None });
            }
        }
        self.w.word(",");
    }

    fn predicate(&mut self, predicate: &WherePredicate, out: &mut ir::Generics) {
        match predicate {
            WherePredicate::Lifetime(PredicateLifetime { attrs, lifetime, colon_token: _, bounds }) => {
                if self.node(attrs) == Presence::Gone {
                    return;
                }
                self.lifetime(lifetime);
                self.w.word(":");
                for bound in bounds {
                    self.lifetime(bound);
                    self.w.word("+");
                }
            }
            WherePredicate::Type(PredicateType { attrs, lifetimes, bounded_ty, colon_token: _, bounds }) => {
                if self.node(attrs) == Presence::Gone {
                    return;
                }
                let mark = self.scope.lifetimes.len();
                self.binder(lifetimes.as_ref());
                let ty = self.ty(bounded_ty);
                self.w.word(":");
                let bounds = self.bounds(bounds, false);
                self.scope.lifetimes.truncate(mark);
                out.bounds.push((ty, bounds));
            }
            _ => self.whole = true,
        }
        self.w.word(",");
    }
}

fn attributes_of(param: &GenericParam) -> &[syn::Attribute] {
    match param {
        GenericParam::Lifetime(param) => &param.attrs,
        GenericParam::Type(param) => &param.attrs,
        GenericParam::Const(param) => &param.attrs,
    }
}
