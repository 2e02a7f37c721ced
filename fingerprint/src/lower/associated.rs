//! Lowers impls and traits to their headers, and what stands in them to items of its own.

use super::context::{Cx, FileCx};
use super::functions::{self, Function};
use super::head::Spans;
use super::item_macros::{macro_call, verbatim};
use super::items::{first, path_type, visibility};
use super::scope::Outer;
use crate::ir::{self, ItemIdx, ItemKind, Position, Visibility};
use proc_macro2::Span;
use syn::punctuated::Punctuated;
use syn::{Attribute, ImplItem, Token, TraitItem, TypeParamBound};

/// A const wherever it stands.
pub(super) struct Constant<'a> {
    pub attributes: &'a [Attribute],
    pub visibility: Visibility,
    pub defaultness: bool,
    pub ident: &'a syn::Ident,
    pub generics: &'a syn::Generics,
    pub ty: &'a syn::Type,
    pub value: Option<&'a syn::Expr>,
    pub first: Span,
    pub last: Span,
    /// The name counts.
    pub named: bool,
}

pub(super) fn constant(file: &mut FileCx<'_>, constant: &Constant<'_>, outer: &Outer) -> Option<ItemIdx> {
    let head = file.head(constant.attributes)?;
    let before = file.enter(&head);
    let mut cx = Cx::new(file, outer);
    let said = cx.item_attributes(&head);
    if constant.defaultness {
        cx.w.word("default");
    }
    cx.w.word("const");
    let name = (constant.ident != "_").then(|| cx.name(constant.ident));
    if let Some(name) = name
        && constant.named
    {
        cx.write_name(name);
    }
    cx.generics(constant.generics);
    cx.w.word(":");
    let ty = Some(cx.ty(constant.ty));
    let value = constant.value.map(|value| {
        cx.w.word("=");
        cx.expr(value)
    });
    let spans = Spans { name: Some(constant.ident), first: constant.first, last: constant.last };
    let kind = ItemKind::Const { ty, value };
    let index = cx.finish(kind, name, constant.visibility, &head, said, &spans);
    file.leave(before);
    Some(index)
}

/// A type alias or associated type.
pub(super) struct Alias<'a> {
    pub attributes: &'a [Attribute],
    pub visibility: Visibility,
    pub defaultness: bool,
    pub ident: &'a syn::Ident,
    pub generics: &'a syn::Generics,
    pub bounds: Option<&'a Punctuated<TypeParamBound, Token![+]>>,
    pub ty: Option<&'a syn::Type>,
    pub first: Span,
    pub last: Span,
}

pub(super) fn alias(file: &mut FileCx<'_>, alias: &Alias<'_>, outer: &Outer) -> Option<ItemIdx> {
    let head = file.head(alias.attributes)?;
    let before = file.enter(&head);
    let mut cx = Cx::new(file, outer);
    let said = cx.item_attributes(&head);
    if alias.defaultness {
        cx.w.word("default");
    }
    cx.w.word("type");
    let name = cx.ident(alias.ident);
    let generics = cx.generics(alias.generics);
    let bounds = alias.bounds.map(|bounds| {
        cx.w.word(":");
        cx.bounds(bounds, false)
    });
    let ty = alias.ty.map(|ty| {
        cx.w.word("=");
        let before = cx.w.end();
        let ty = cx.ty(ty);
        cx.w.is_result(before);
        ty
    });
    let spans = Spans { name: Some(alias.ident), first: alias.first, last: alias.last };
    let kind = ItemKind::TypeAlias { generics, ty, bounds: bounds.unwrap_or_default() };
    let index = cx.finish(kind, Some(name), alias.visibility, &head, said, &spans);
    file.leave(before);
    Some(index)
}

fn outer_of(cx: &Cx<'_, '_>) -> Outer {
    Outer {
        types: cx.scope.generics.iter().map(|(name, _)| *name).collect(),
        lifetimes: cx.scope.lifetimes.iter().map(|(name, _)| *name).collect(),
    }
}

/// The generics of an impl or trait, before its header is written.
fn outer_generics(file: &mut FileCx<'_>, generics: &syn::Generics) -> Outer {
    let mut cx = Cx::new(file, &Outer::default());
    cx.generics(generics);
    outer_of(&cx)
}

pub(super) fn lower_impl(file: &mut FileCx<'_>, item: &syn::ItemImpl) -> Option<ItemIdx> {
    let syn::ItemImpl {
        attrs,
        modifiers,
        unsafety,
        impl_token,
        generics,
        trait_,
        self_ty,
        brace_token,
        items,
    } = item;
    let head = file.head(attrs)?;
    let before = file.enter(&head);
    let outer = outer_generics(file, generics);
    let mut list = Vec::with_capacity(items.len());
    for item in items {
        impl_item(file, item, &outer, &mut list);
    }
    let mut cx = Cx::new(file, &Outer::default());
    let said = cx.item_attributes(&head);
    for (present, word) in [(modifiers.defaultness.is_some(), "default"), (unsafety.is_some(), "unsafe")] {
        if present {
            cx.w.word(word);
        }
    }
    cx.w.word("impl");
    let generics = cx.generics(generics);
    if modifiers.polarity.is_some() {
        cx.w.word("!");
    }
    let of_trait = trait_.as_ref().map(|(path, _)| {
        let ty = path_type(&mut cx, path);
        cx.w.word("for");
        ty
    });
    let self_ty = cx.ty(self_ty);
    let kind = ItemKind::Impl(ir::Impl {
        generics,
        of_trait,
        negative: modifiers.polarity.is_some(),
        self_ty,
        items: list,
    });
    let modifiers = [modifiers.defaultness.map(|t| t.span), unsafety.map(|t| t.span)];
    let first = first(&syn::Visibility::Inherited, &modifiers, impl_token.span);
    let spans = Spans { name: None, first, last: brace_token.span.close() };
    let index = cx.finish(kind, None, Visibility::Private, &head, said, &spans);
    file.leave(before);
    Some(index)
}

pub(super) fn impl_item(file: &mut FileCx<'_>, item: &ImplItem, outer: &Outer, list: &mut Vec<ItemIdx>) {
    match item {
        ImplItem::Const(item) => {
            let syn::ImplItemConst {
                attrs,
                vis,
                modifiers,
                const_token,
                ident,
                generics,
                colon_token: _,
                ty,
                eq_token: _,
                expr,
                semi_token,
            } = item;
            let parts = Constant {
                attributes: attrs,
                visibility: visibility(vis),
                defaultness: modifiers.defaultness.is_some(),
                ident,
                generics,
                ty,
                value: Some(expr),
                first: first(vis, &[modifiers.defaultness.map(|t| t.span)], const_token.span),
                last: semi_token.span,
                named: true,
            };
            list.extend(constant(file, &parts, outer));
        }
        ImplItem::Fn(syn::ImplItemFn { attrs, vis, modifiers, sig, block }) => {
            let function = Function {
                attributes: attrs,
                visibility: visibility(vis),
                defaultness: modifiers.defaultness.is_some(),
                signature: sig,
                block: Some(block),
                first: first(vis, &[modifiers.defaultness.map(|t| t.span)], functions::first_token(sig)),
                last: block.brace_token.span.close(),
                named: true,
            };
            list.extend(functions::lower(file, &function, outer));
        }
        ImplItem::Type(item) => {
            let syn::ImplItemType {
                attrs,
                vis,
                modifiers,
                type_token,
                ident,
                generics,
                eq_token: _,
                ty,
                semi_token,
            } = item;
            let parts = Alias {
                attributes: attrs,
                visibility: visibility(vis),
                defaultness: modifiers.defaultness.is_some(),
                ident,
                generics,
                bounds: None,
                ty: Some(ty),
                first: first(vis, &[modifiers.defaultness.map(|t| t.span)], type_token.span),
                last: semi_token.span,
            };
            list.extend(alias(file, &parts, outer));
        }
        ImplItem::Macro(syn::ImplItemMacro { attrs, mac, semi_token: _ }) => {
            list.extend(macro_call(file, attrs, mac, Position::Impl, outer));
        }
        ImplItem::Verbatim(tokens) => verbatim(file, tokens, list),
        _ => file.note(1, "an item of an impl of a kind that is not known"),
    }
}

pub(super) fn lower_trait(file: &mut FileCx<'_>, item: &syn::ItemTrait) -> Option<ItemIdx> {
    let syn::ItemTrait {
        attrs,
        vis,
        modifiers,
        unsafety,
        trait_token,
        ident,
        generics,
        colon_token: _,
        supertraits,
        brace_token,
        items,
    } = item;
    let head = file.head(attrs)?;
    let before = file.enter(&head);
    let outer = outer_generics(file, generics);
    let mut list = Vec::with_capacity(items.len());
    for item in items {
        trait_item(file, item, &outer, &mut list);
    }
    let mut cx = Cx::new(file, &Outer::default());
    let said = cx.item_attributes(&head);
    for (present, word) in [(unsafety.is_some(), "unsafe"), (modifiers.auto_token.is_some(), "auto")] {
        if present {
            cx.w.word(word);
        }
    }
    cx.w.word("trait");
    let name = cx.ident(ident);
    let generics = cx.generics(generics);
    cx.w.word(":");
    let supertraits = cx.bounds(supertraits, false);
    let kind = ItemKind::Trait { generics, supertraits, items: list };
    let modifiers = [unsafety.map(|t| t.span), modifiers.auto_token.map(|t| t.span)];
    let spans = Spans {
        name: Some(ident),
        first: first(vis, &modifiers, trait_token.span),
        last: brace_token.span.close(),
    };
    let index = cx.finish(kind, Some(name), visibility(vis), &head, said, &spans);
    file.leave(before);
    Some(index)
}

pub(super) fn trait_item(file: &mut FileCx<'_>, item: &TraitItem, outer: &Outer, list: &mut Vec<ItemIdx>) {
    match item {
        TraitItem::Const(item) => {
            let syn::TraitItemConst {
                attrs,
                modifiers,
                const_token,
                ident,
                generics,
                colon_token: _,
                ty,
                default,
                semi_token,
            } = item;
            let parts = Constant {
                attributes: attrs,
                visibility: Visibility::Public,
                defaultness: modifiers.defaultness.is_some(),
                ident,
                generics,
                ty,
                value: default.as_ref().map(|(_, value)| value),
                first: modifiers.defaultness.map_or(const_token.span, |token| token.span),
                last: semi_token.span,
                named: true,
            };
            list.extend(constant(file, &parts, outer));
        }
        TraitItem::Fn(syn::TraitItemFn { attrs, modifiers, sig, default, semi_token }) => {
            let end = match (default, semi_token) {
                (Some(block), _) => block.brace_token.span.close(),
                (None, Some(semi)) => semi.span,
                (None, None) => sig.ident.span(),
            };
            let function = Function {
                attributes: attrs,
                visibility: Visibility::Public,
                defaultness: modifiers.defaultness.is_some(),
                signature: sig,
                block: default.as_ref(),
                first: modifiers.defaultness.map_or_else(|| functions::first_token(sig), |token| token.span),
                last: end,
                named: true,
            };
            list.extend(functions::lower(file, &function, outer));
        }
        TraitItem::Type(item) => {
            let syn::TraitItemType {
                attrs,
                modifiers,
                type_token,
                ident,
                generics,
                colon_token: _,
                bounds,
                default,
                semi_token,
            } = item;
            let parts = Alias {
                attributes: attrs,
                visibility: Visibility::Public,
                defaultness: modifiers.defaultness.is_some(),
                ident,
                generics,
                bounds: Some(bounds),
                ty: default.as_ref().map(|(_, ty)| ty),
                first: modifiers.defaultness.map_or(type_token.span, |token| token.span),
                last: semi_token.span,
            };
            list.extend(alias(file, &parts, outer));
        }
        TraitItem::Macro(syn::TraitItemMacro { attrs, mac, semi_token: _ }) => {
            list.extend(macro_call(file, attrs, mac, Position::Trait, outer));
        }
        TraitItem::Verbatim(tokens) => verbatim(file, tokens, list),
        _ => file.note(1, "an item of a trait of a kind that is not known"),
    }
}
