//! Writes functions and methods: signature, body, and whether their results could be cached.

use super::attributes::Presence;
use super::context::{Cx, FileCx};
use super::head::Spans;
use super::scope::Outer;
use crate::ir::{self, ItemIdx, ItemKind, Obstacle, Ty};
use proc_macro2::Span;
use syn::{
    Attribute, Block, FnArg, GenericArgument, Pat, PathArguments, Receiver, ReceiverKind, ReturnType, Safety,
    Signature, Type, TypeParamBound,
};

/// A function wherever it stands.
pub(super) struct Function<'a> {
    pub attributes: &'a [Attribute],
    pub visibility: ir::Visibility,
    pub defaultness: bool,
    pub signature: &'a Signature,
    pub block: Option<&'a Block>,
    /// First token behind the attributes, and the last.
    pub first: Span,
    pub last: Span,
    /// The name counts: of methods, and where foreign code looks for it.
    pub named: bool,
}

/// The first token of a signature.
pub(super) fn first_token(signature: &Signature) -> Span {
    let Signature { constness, asyncness, safety, abi, fn_token, .. } = signature;
    let safety = match safety {
        Safety::Safe(token) => Some(token.span),
        Safety::Unsafe(token) => Some(token.span),
        Safety::Default => None,
    };
    constness
        .map(|token| token.span)
        .or(asyncness.map(|token| token.span))
        .or(safety)
        .or(abi.as_ref().map(|abi| abi.extern_token.span))
        .unwrap_or(fn_token.span)
}

pub(super) fn lower(file: &mut FileCx<'_>, function: &Function<'_>, outer: &Outer) -> Option<ItemIdx> {
    let head = file.head(function.attributes)?;
    let before = file.enter(&head);
    let mut cx = Cx::new(file, outer);
    let said = cx.item_attributes(&head);
    let Signature {
        constness,
        asyncness,
        safety,
        abi,
        fn_token: _,
        ident,
        generics,
        paren_token: _,
        inputs,
        variadic,
        output,
    } = function.signature;
    let words = [
        (function.defaultness, "default"),
        (constness.is_some(), "const"),
        (asyncness.is_some(), "async"),
        (matches!(safety, Safety::Safe(_)), "safe"),
        (matches!(safety, Safety::Unsafe(_)), "unsafe"),
    ];
    for (_, word) in words.iter().filter(|(present, _)| *present) {
        cx.w.word(word);
    }
    cx.abi(abi.as_ref());
    cx.w.word("fn");
    let name = cx.name(ident);
    if function.named || said.exported_symbol {
        cx.write_name(name);
    }
    let generics = cx.generics(generics);
    cx.w.word("(");
    let mut receiver = None;
    let mut params = Vec::with_capacity(inputs.len());
    if inputs.iter().any(|input| matches!(input, FnArg::Receiver(_))) {
        cx.scope.set_receiver();
    }
    for input in inputs {
        match input {
            FnArg::Receiver(input) => receiver = cx.receiver(input),
            FnArg::Typed(input) => params.extend(cx.param(input)),
        }
    }
    if let Some(syn::Variadic { attrs, pat, dots: _, comma: _ }) = variadic
        && cx.node(attrs) != Presence::Gone
    {
        if let Some((pat, _)) = pat {
            cx.binding(pat, false);
        }
        cx.w.word("...");
    }
    cx.w.word(")");
    let before_result = cx.w.end();
    let ret = cx.ret(output);
    cx.w.is_result(before_result);
    let signature = cx.signature();
    cx.w.is_signature();
    let block = function.block.map(|block| cx.block(block));
    if block.is_none() {
        cx.w.word(";");
    }
    let function_kind = ir::Fn {
        generics,
        receiver,
        params,
        ret,
        block,
        is_async: asyncness.is_some(),
        is_const: constness.is_some(),
        exported_symbol: said.exported_symbol,
        is_head: false,
        obstacle: obstacle(function.signature),
        signature,
    };
    let spans = Spans { name: Some(ident), first: function.first, last: function.last };
    let index = cx.finish(ItemKind::Fn(function_kind), Some(name), function.visibility, &head, said, &spans);
    file.leave(before);
    Some(index)
}

impl Cx<'_, '_> {
    /// What was written so far.
    fn signature(&self) -> ir::Signature {
        let ir::Body { types, pats, .. } = &self.body;
        ir::Signature { types: types.len() as u32, pats: pats.len() as u32, refs: self.w.holes() as u32 }
    }

    fn receiver(&mut self, receiver: &Receiver) -> Option<ir::Receiver> {
        let Receiver { attrs, mutability, self_token: _, kind } = receiver;
        if self.node(attrs) == Presence::Gone {
            return None;
        }
        if mutability.is_some() {
            self.w.word("mut");
        }
        let own = |cx: &mut Self| {
            let path = syn::Path::from(syn::Ident::new("Self", Span::call_site()));
            let written = cx.path(None, &path, super::paths::Use::of(ir::Namespace::Type));
            cx.push_ty(Ty::Path { path: written.path, args: Vec::new(), assoc: Vec::new() })
        };
        let ty = match kind {
            ReceiverKind::Value => {
                self.w.word("self");
                own(self)
            }
            ReceiverKind::Reference(_, lifetime, mutability) => {
                self.w.word("&");
                if let Some(lifetime) = lifetime {
                    self.lifetime(lifetime);
                }
                if mutability.is_some() {
                    self.w.word("mut");
                }
                self.w.word("self");
                let inner = own(self);
                self.push_ty(Ty::Ref { mutable: mutability.is_some(), inner })
            }
            ReceiverKind::Typed(_, ty) => {
                self.w.word("self :");
                self.ty(ty)
            }
            _ => {
                self.whole = true;
                self.push_ty(Ty::Unknown)
            }
        };
        self.w.word(",");
        Some(ir::Receiver { ty })
    }

    fn param(&mut self, param: &syn::PatType) -> Option<ir::Param> {
        let syn::PatType { attrs, pat, colon_token: _, ty } = param;
        if self.node(attrs) == Presence::Gone {
            return None;
        }
        let name = match pat.as_ref() {
            Pat::Ident(pat) if pat.subpat.is_none() => Some(self.name(&pat.ident)),
            _ => None,
        };
        let pat = self.binding(pat, false);
        self.w.word(":");
        let ty = self.ty(ty);
        self.w.word(",");
        Some(ir::Param { pat, ty, name })
    }
}

/// Why results cannot be cached, as far as the signature tells.
fn obstacle(signature: &Signature) -> Option<Obstacle> {
    for input in &signature.inputs {
        match input {
            FnArg::Receiver(receiver) => {
                let mutable = match &receiver.kind {
                    ReceiverKind::Reference(_, _, mutability) => mutability.is_some(),
                    ReceiverKind::Typed(_, ty) => is_mutable_reference(ty),
                    _ => false,
                };
                if mutable {
                    return Some(Obstacle::MutableArgument("self".to_owned()));
                }
            }
            FnArg::Typed(param) if is_mutable_reference(&param.ty) => {
                let name = match param.pat.as_ref() {
                    Pat::Ident(pat) => pat.ident.to_string(),
                    _ => "_".to_owned(),
                };
                return Some(Obstacle::MutableArgument(name));
            }
            FnArg::Typed(_) => {}
        }
    }
    if signature.variadic.is_some() {
        return Some(Obstacle::Variadic);
    }
    match &signature.output {
        ReturnType::Default => None,
        ReturnType::Type(_, ty) => in_result(ty),
    }
}

fn is_mutable_reference(ty: &Type) -> bool {
    match ty {
        Type::Reference(reference) => reference.mutability.is_some(),
        Type::Paren(inner) => is_mutable_reference(&inner.elem),
        Type::Group(inner) => is_mutable_reference(&inner.elem),
        _ => false,
    }
}

fn in_result(ty: &Type) -> Option<Obstacle> {
    let is_static = |lifetime: &syn::Lifetime| lifetime.ident == "static";
    match ty {
        Type::Array(array) => in_result(&array.elem),
        Type::Slice(slice) => in_result(&slice.elem),
        Type::Paren(inner) => in_result(&inner.elem),
        Type::Group(inner) => in_result(&inner.elem),
        Type::Tuple(tuple) => tuple.elems.iter().find_map(in_result),
        Type::ImplTrait(_) => Some(Obstacle::OpaqueResult),
        Type::Reference(reference) => match &reference.lifetime {
            Some(lifetime) if is_static(lifetime) => in_result(&reference.elem),
            _ => Some(Obstacle::BorrowedResult),
        },
        Type::TraitObject(object) => object.bounds.iter().find_map(|bound| match bound {
            TypeParamBound::Lifetime(lifetime) if !is_static(lifetime) => Some(Obstacle::BorrowedResult),
            _ => None,
        }),
        Type::Path(path) => path.path.segments.iter().find_map(|segment| match &segment.arguments {
            PathArguments::AngleBracketed(arguments) => {
                arguments.args.iter().find_map(|argument| match argument {
                    GenericArgument::Lifetime(lifetime) if !is_static(lifetime) => {
                        Some(Obstacle::BorrowedResult)
                    }
                    GenericArgument::Type(ty) => in_result(ty),
                    GenericArgument::AssocType(assoc) => in_result(&assoc.ty),
                    _ => None,
                })
            }
            // The arguments of `Fn(&A) -> &B` are no borrows.
            PathArguments::Parenthesized(_) | PathArguments::None => None,
        }),
        _ => None,
    }
}
