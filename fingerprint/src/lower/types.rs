//! Writes types, and describes them for the inference of receivers.

use super::attributes::Presence;
use super::context::Cx;
use super::paths::{Use, Written};
use crate::ir::{Namespace, Ty, TyIdx};
use syn::punctuated::Punctuated;
use syn::{Abi, FnPtrVariadic, NamedArg, PointerMutability, ReturnType, Token, Type};

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
                if let Some(ty) = self.expanded_type(mac) {
                    return ty;
                }
                self.unknown_macro(mac);
                Ty::Unknown
            }
            Type::Never(syn::TypeNever { attrs: _, bang_token: _ }) => {
                self.w.word("!");
                Ty::Never
            }
            Type::Path(syn::TypePath { attrs: _, qself, path }) => {
                let Written { path, args, assoc, .. } =
                    self.path(qself.as_ref(), path, Use::of(Namespace::Type));
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

    pub(super) fn named_args(&mut self, inputs: &Punctuated<NamedArg, Token![,]>) -> Vec<TyIdx> {
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
}

pub(super) fn pointer(mutability: &PointerMutability) -> &'static str {
    match mutability {
        PointerMutability::Const(_) => "* const",
        PointerMutability::Mut(_) => "* mut",
    }
}
