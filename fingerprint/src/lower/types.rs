//! Writes types, paths, bounds and generics, and describes them for the inference of receivers.

use super::attributes::Presence;
use super::context::Cx;
use super::writer::Sigil;
use crate::ir::{self, Anchor, Name, Namespace, PathRef, Ref, RefIdx, Ty, TyIdx};
use syn::punctuated::Punctuated;
use syn::{
    Abi, AngleBracketedGenericArguments, AssocConst, AssocType, BoundLifetimes, CapturedParam, Constraint,
    FnPtrVariadic, GenericArgument, GenericParam, NamedArg, ParenthesizedGenericArguments, Path,
    PathArguments, PointerMutability, PreciseCapture, PredicateLifetime, PredicateType, QSelf, ReturnType,
    Token, TraitBound, Type, TypeParamBound, WherePredicate,
};

/// A path that was written: its reference and what its last segment was given.
pub(super) struct Written {
    pub path: RefIdx,
    pub args: Vec<TyIdx>,
    pub assoc: Vec<(Name, TyIdx)>,
}

/// How a path is used.
#[derive(Clone, Copy)]
pub(super) struct Use {
    pub namespace: Namespace,
    pub is_dyn: bool,
    pub uncertain: bool,
}

impl Use {
    pub(super) fn of(namespace: Namespace) -> Self {
        Self { namespace, is_dyn: false, uncertain: false }
    }
}

impl Cx<'_, '_> {
    pub(super) fn ty(&mut self, ty: &Type) -> TyIdx {
        let ty = match ty {
            Type::Array(syn::TypeArray { attrs: _, bracket_token: _, elem, semi_token: _, len }) => {
                self.w.word("[");
                let inner = self.ty(elem);
                self.w.word(";");
                self.expr(len);
                self.w.word("]");
                Ty::Array(inner)
            }
            Type::FnPtr(pointer) => return self.fn_pointer(pointer),
            Type::Group(syn::TypeGroup { attrs: _, group_token: _, elem })
            | Type::Paren(syn::TypeParen { attrs: _, paren_token: _, elem }) => return self.ty(elem),
            Type::ImplTrait(syn::TypeImplTrait { attrs: _, impl_token: _, bounds }) => {
                self.w.word("impl (");
                let bounds = self.bounds(bounds, false);
                self.w.word(")");
                Ty::Impl(bounds)
            }
            Type::Infer(syn::TypeInfer { attrs: _, underscore_token: _ }) => {
                self.w.word("_");
                Ty::Infer
            }
            Type::Macro(syn::TypeMacro { attrs: _, mac }) => {
                self.unknown_macro(mac);
                Ty::Unknown
            }
            Type::Never(syn::TypeNever { attrs: _, bang_token: _ }) => {
                self.w.word("!");
                Ty::Never
            }
            Type::Path(syn::TypePath { attrs: _, qself, path }) => {
                let Written { path, args, assoc } = self.path(qself.as_ref(), path, Use::of(Namespace::Type));
                Ty::Path { path, args, assoc }
            }
            Type::Ptr(syn::TypePtr { attrs: _, star_token: _, mutability, elem }) => {
                self.w.word(pointer(mutability));
                Ty::Ptr(self.ty(elem))
            }
            Type::Reference(syn::TypeReference { attrs: _, and_token: _, lifetime, mutability, elem }) => {
                self.w.word("&");
                if let Some(lifetime) = lifetime {
                    self.lifetime(lifetime);
                }
                if mutability.is_some() {
                    self.w.word("mut");
                }
                Ty::Ref { mutable: mutability.is_some(), inner: self.ty(elem) }
            }
            Type::Slice(syn::TypeSlice { attrs: _, bracket_token: _, elem }) => {
                self.w.word("[");
                let inner = self.ty(elem);
                self.w.word("]");
                Ty::Slice(inner)
            }
            Type::TraitObject(syn::TypeTraitObject { attrs: _, dyn_token: _, bounds }) => {
                self.w.word("dyn (");
                let bounds = self.bounds(bounds, true);
                self.w.word(")");
                Ty::Dyn(bounds)
            }
            Type::Tuple(syn::TypeTuple { attrs: _, paren_token: _, elems }) => {
                self.w.word("(");
                let elems = elems
                    .iter()
                    .map(|elem| {
                        let ty = self.ty(elem);
                        self.w.word(",");
                        ty
                    })
                    .collect();
                self.w.word(")");
                Ty::Tuple(elems)
            }
            Type::Verbatim(tokens) => {
                self.unknown_tokens(tokens.clone());
                Ty::Unknown
            }
            _ => {
                self.whole = true;
                Ty::Unknown
            }
        };
        self.push_ty(ty)
    }

    fn fn_pointer(&mut self, pointer: &syn::TypeFnPtr) -> TyIdx {
        let syn::TypeFnPtr {
            attrs: _,
            lifetimes,
            unsafety,
            abi,
            fn_token: _,
            paren_token: _,
            inputs,
            variadic,
            output,
        } = pointer;
        let mark = self.scope.lifetimes.len();
        self.binder(lifetimes.as_ref());
        if unsafety.is_some() {
            self.w.word("unsafe");
        }
        self.abi(abi.as_ref());
        self.w.word("fn (");
        let params = self.named_args(inputs);
        if let Some(FnPtrVariadic { attrs: _, name: _, dots: _, comma: _ }) = variadic {
            self.w.word("...");
        }
        self.w.word(")");
        let ret = self.ret(output);
        self.scope.lifetimes.truncate(mark);
        self.push_ty(Ty::FnPtr { params, ret })
    }

    fn named_args(&mut self, inputs: &Punctuated<NamedArg, Token![,]>) -> Vec<TyIdx> {
        let mut params = Vec::with_capacity(inputs.len());
        for NamedArg { attrs, name: _, ty } in inputs {
            if self.node(attrs) == Presence::Gone {
                continue;
            }
            params.push(self.ty(ty));
            self.w.word(",");
        }
        params
    }

    pub(super) fn abi(&mut self, abi: Option<&Abi>) {
        if let Some(Abi { extern_token: _, name }) = abi {
            self.w.word("extern");
            let name = name.as_ref().map_or_else(|| "C".to_owned(), syn::LitStr::value);
            self.w.quoted("", &name, "");
        }
    }

    pub(super) fn ret(&mut self, output: &ReturnType) -> Option<TyIdx> {
        match output {
            ReturnType::Default => None,
            ReturnType::Type(_, ty) => {
                self.w.word("->");
                Some(self.ty(ty))
            }
        }
    }

    /// Writes a path with its generic arguments.
    pub(super) fn path(&mut self, qself: Option<&QSelf>, path: &Path, usage: Use) -> Written {
        let mut qualified = None;
        if let Some(QSelf { lt_token: _, ty, position, as_token: _, gt_token: _ }) = qself {
            self.w.word("<");
            let ty = self.ty(ty);
            self.w.word(">");
            qualified = Some((ty, *position as u32));
        }
        let reference = self.path_hole(qualified, path, usage);
        let last = path.segments.len().saturating_sub(1);
        let (mut args, mut assoc) = (Vec::new(), Vec::new());
        for (index, segment) in path.segments.iter().enumerate() {
            let given = match &segment.arguments {
                PathArguments::None => continue,
                PathArguments::AngleBracketed(arguments) => {
                    if index < last {
                        self.w.word(&format!("@{}", last - index));
                    }
                    self.angle_bracketed(arguments)
                }
                PathArguments::Parenthesized(arguments) => {
                    if index < last {
                        self.w.word(&format!("@{}", last - index));
                    }
                    self.parenthesized(arguments)
                }
            };
            if index == last {
                (args, assoc) = given;
            }
        }
        Written { path: reference, args, assoc }
    }

    /// Writes the hole of a path, and its words where they count.
    fn path_hole(&mut self, qualified: Option<(TyIdx, u32)>, path: &Path, usage: Use) -> RefIdx {
        let Path { leading_colon, segments } = path;
        let mut names: Vec<Name> = segments.iter().map(|segment| self.name(&segment.ident)).collect();
        let mut anchor = Anchor::Plain;
        let mut consumed = 0;
        let mut in_text = false;
        if let Some((ty, trait_len)) = qualified {
            anchor = Anchor::Qualified { ty, trait_len };
            if leading_colon.is_some() {
                self.w.word("::");
            }
        } else if leading_colon.is_some() {
            anchor = Anchor::Global;
        } else if let Some(first) = names.first().copied() {
            match self.file.names.get(first) {
                "crate" => (anchor, consumed) = (Anchor::Crate, 1),
                "Self" => (anchor, consumed) = (Anchor::SelfType, 1),
                "self" | "super" => {
                    let words = names.iter().map(|name| self.file.names.get(*name));
                    consumed = words.take_while(|word| matches!(*word, "self" | "super")).count();
                    let supers =
                        names.iter().take(consumed).filter(|name| self.file.names.get(**name) == "super");
                    anchor = Anchor::Super(supers.count() as u32);
                }
                _ => {
                    if let Some(number) = self.scope.generic_number(first) {
                        (anchor, consumed) = (Anchor::Generic(number), 1);
                        self.w.number(Sigil::Generic, number, first);
                    }
                }
            }
        }
        names.drain(..consumed);
        // What follows a type is a name that stays; a hole alone might say too little.
        if matches!(anchor, Anchor::Generic(_) | Anchor::SelfType) {
            in_text = true;
            if matches!(anchor, Anchor::SelfType) {
                self.w.word("Self");
            }
            for name in &names {
                self.w.word("::");
                self.write_name(*name);
            }
        } else if let Some(single) = names.first().copied()
            && names.len() == 1
            && self.scope.capitals.contains(&single)
        {
            in_text = true;
            self.write_name(single);
        }
        let Use { namespace, is_dyn, uncertain } = usage;
        self.w.reference(Ref::Path(PathRef {
            anchor,
            segments: names,
            namespace,
            scope: self.block,
            in_text,
            uncertain,
            is_dyn,
        }))
    }

    /// Writes a path without generic arguments: of a macro, a derive, an attribute.
    pub(super) fn path_reference(
        &mut self,
        path: &Path,
        namespace: Namespace,
        in_text: bool,
        uncertain: bool,
    ) -> RefIdx {
        if in_text {
            let words = self.path_words(path);
            self.w.word(&words);
        }
        let reference = self.bare_path(path, namespace, in_text, uncertain);
        self.w.reference(reference)
    }

    pub(super) fn bare_path(
        &mut self,
        path: &Path,
        namespace: Namespace,
        in_text: bool,
        uncertain: bool,
    ) -> Ref {
        let Path { leading_colon, segments } = path;
        let names: Vec<Name> = segments.iter().map(|segment| self.name(&segment.ident)).collect();
        self.names_reference(leading_colon.is_some(), names, namespace, in_text, uncertain)
    }

    /// The reference of a path whose names are known.
    pub(super) fn names_reference(
        &mut self,
        global: bool,
        mut names: Vec<Name>,
        namespace: Namespace,
        in_text: bool,
        uncertain: bool,
    ) -> Ref {
        let word = names.first().map_or("", |name| self.file.names.get(*name));
        let (anchor, consumed) = match word {
            _ if global => (Anchor::Global, 0),
            "crate" => (Anchor::Crate, 1),
            "Self" => (Anchor::SelfType, 1),
            "self" | "super" => {
                let is = |name: &Name, words: &[&str]| words.contains(&self.file.names.get(*name));
                let consumed = names.iter().take_while(|name| is(name, &["self", "super"])).count();
                let supers = names.iter().take(consumed).filter(|name| is(name, &["super"])).count();
                (Anchor::Super(supers as u32), consumed)
            }
            _ => (Anchor::Plain, 0),
        };
        names.drain(..consumed);
        Ref::Path(PathRef {
            anchor,
            segments: names,
            namespace,
            scope: self.block,
            in_text,
            uncertain,
            is_dyn: false,
        })
    }

    pub(super) fn angle_bracketed(
        &mut self,
        arguments: &AngleBracketedGenericArguments,
    ) -> (Vec<TyIdx>, Vec<(Name, TyIdx)>) {
        let AngleBracketedGenericArguments { colon2_token: _, lt_token: _, args, gt_token: _ } = arguments;
        let (mut types, mut assoc) = (Vec::new(), Vec::new());
        self.w.word("<");
        for argument in args {
            match argument {
                GenericArgument::Lifetime(lifetime) => self.lifetime(lifetime),
                GenericArgument::Type(ty) => {
                    types.push(self.ty(ty));
                    self.perhaps_const(ty);
                }
                GenericArgument::Const(expr) => {
                    self.w.word("const");
                    self.expr(expr);
                }
                GenericArgument::AssocType(AssocType { ident, generics, eq_token: _, ty }) => {
                    let name = self.ident(ident);
                    self.own_arguments(generics.as_ref());
                    self.w.word("=");
                    let ty = self.ty(ty);
                    assoc.push((name, ty));
                }
                GenericArgument::AssocConst(AssocConst { ident, generics, eq_token: _, value }) => {
                    self.ident(ident);
                    self.own_arguments(generics.as_ref());
                    self.w.word("= const");
                    self.expr(value);
                }
                GenericArgument::Constraint(Constraint { ident, generics, colon_token: _, bounds }) => {
                    self.ident(ident);
                    self.own_arguments(generics.as_ref());
                    self.w.word(":");
                    self.bounds(bounds, false);
                }
                _ => self.whole = true,
            }
            self.w.word(",");
        }
        self.w.word(">");
        (types, assoc)
    }

    fn own_arguments(&mut self, generics: Option<&AngleBracketedGenericArguments>) {
        if let Some(generics) = generics {
            self.angle_bracketed(generics);
        }
    }

    /// `Foo<N>`: N can be a const as well as a type.
    fn perhaps_const(&mut self, ty: &Type) {
        if let Type::Path(syn::TypePath { attrs: _, qself: None, path }) = ty
            && let Some(ident) = path.get_ident()
        {
            let name = self.name(ident);
            if self.scope.generic_number(name).is_none() {
                self.uncertain_value(name);
            }
        }
    }

    /// A name that may be that of a const, without words in the text.
    pub(super) fn uncertain_value(&mut self, name: Name) {
        let reference = self.names_reference(false, vec![name], Namespace::Value, false, true);
        self.w.reference(reference);
    }

    fn parenthesized(
        &mut self,
        arguments: &ParenthesizedGenericArguments,
    ) -> (Vec<TyIdx>, Vec<(Name, TyIdx)>) {
        let ParenthesizedGenericArguments { paren_token: _, inputs, output } = arguments;
        self.w.word("(");
        let inputs = self.named_args(inputs);
        self.w.word(")");
        let output = self.ret(output);
        let tuple = self.push_ty(Ty::Tuple(inputs));
        let output = output.unwrap_or_else(|| self.push_ty(Ty::Tuple(Vec::new())));
        let name = self.file.names.text("Output");
        (vec![tuple], vec![(name, output)])
    }

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
                    let Written { path, args, assoc } = self.path(None, path, usage);
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
                                    Some(number) => self.w.number(Sigil::Generic, number, name),
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
                let Written { path, args, assoc } = self.path(None, &path, Use::of(Namespace::Type));
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
                    Some(number) => self.w.number(Sigil::Generic, number, name),
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

pub(super) fn pointer(mutability: &PointerMutability) -> &'static str {
    match mutability {
        PointerMutability::Const(_) => "* const",
        PointerMutability::Mut(_) => "* mut",
    }
}
