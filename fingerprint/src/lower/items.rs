//! Lowers the items of a file. What is inside an item and can be reached on its own (methods, items
//! of modules) becomes an item of its own.

use super::attributes::effective;
use super::bodies::Expansions;
use super::cfg::Truth;
use super::context::{Cx, FileCx};
use super::functions::{self, Function};
use super::head::{Said, Spans};
use super::item_macros::{lower_macro, macro_call, verbatim};
use super::paths::{Use, Written};
use super::scope::Outer;
use super::verbatim::Flat;
use super::{Settings, associated, uses};
use crate::ir::{self, ItemIdx, ItemKind, Namespace, Position, Ty, Visibility, World};
use proc_macro2::Span;
use syn::{Attribute, ForeignItem, Item, StaticMutability};

/// Lowers a parsed file.
pub(super) fn file(
    source: &str,
    settings: &Settings,
    file: &syn::File,
    flat: Flat,
    expansions: &Expansions,
) -> ir::File {
    let mut cx = FileCx::new(source, settings, flat, expansions);
    let syn::File { shebang: _, frontmatter: _, attrs, items } = file;
    let inner = effective(attrs, &settings.cfg);
    let gate = inner.gate;
    let mut root = Vec::new();
    let no_implicit_prelude = inner
        .list
        .iter()
        .any(|attr| ["no_implicit_prelude", "no_core"].iter().any(|a| attr.meta.path().is_ident(a)));
    cx.world = match (gate.with_test, gate.without_test) {
        (Truth::False, Truth::False) => return ir::File::default(),
        (_, Truth::False) => World::Test,
        (Truth::False, _) => World::NotTest,
        _ => World::Any,
    };
    cx.unknown_cfgs = gate.unknown;
    cx.unknown_cfgs.sort();
    for item in items {
        lower(&mut cx, item, &mut root);
    }
    cx.finish(root, no_implicit_prelude)
}

pub(super) fn visibility(vis: &syn::Visibility) -> Visibility {
    match vis {
        syn::Visibility::Public(_) => Visibility::Public,
        syn::Visibility::Restricted(restricted) => {
            if restricted.path.is_ident("self") {
                Visibility::Private
            } else {
                Visibility::Crate
            }
        }
        syn::Visibility::Inherited => Visibility::Private,
    }
}

/// The first token of an item behind its attributes.
pub(super) fn first(vis: &syn::Visibility, modifiers: &[Option<Span>], keyword: Span) -> Span {
    match vis {
        syn::Visibility::Public(token) => token.span,
        syn::Visibility::Restricted(restricted) => restricted.pub_token.span,
        syn::Visibility::Inherited => modifiers.iter().flatten().next().copied().unwrap_or(keyword),
    }
}

/// Lowers one item; what it becomes is appended to `out`.
pub(super) fn lower(file: &mut FileCx<'_>, item: &Item, out: &mut Vec<ItemIdx>) {
    let outer = Outer::default();
    match item {
        Item::Const(item) => {
            let syn::ItemConst {
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
            let constant = associated::Constant {
                attributes: attrs,
                visibility: visibility(vis),
                defaultness: modifiers.defaultness.is_some(),
                ident,
                generics,
                ty,
                value: Some(expr),
                first: first(vis, &[modifiers.defaultness.map(|t| t.span)], const_token.span),
                last: semi_token.span,
                named: false,
            };
            out.extend(associated::constant(file, &constant, &outer));
        }
        Item::Enum(item) => out.extend(lower_enum(file, item)),
        Item::ExternCrate(item) => out.extend(extern_crate(file, item)),
        Item::Fn(syn::ItemFn { attrs, vis, modifiers, sig, block }) => {
            let function = Function {
                attributes: attrs,
                visibility: visibility(vis),
                defaultness: modifiers.defaultness.is_some(),
                signature: sig,
                block: Some(block),
                first: first(vis, &[modifiers.defaultness.map(|t| t.span)], functions::first_token(sig)),
                last: block.brace_token.span.close(),
                named: false,
            };
            out.extend(functions::lower(file, &function, &outer));
        }
        Item::ForeignMod(item) => out.extend(foreign_mod(file, item)),
        Item::Impl(item) => out.extend(associated::lower_impl(file, item)),
        Item::Macro(item) => lower_macro(file, item, out),
        Item::Mod(item) => out.extend(lower_mod(file, item)),
        Item::Static(item) => {
            let syn::ItemStatic {
                attrs,
                vis,
                static_token,
                mutability,
                ident,
                colon_token: _,
                ty,
                eq_token: _,
                expr,
                semi_token,
            } = item;
            let spans =
                Spans { name: Some(ident), first: first(vis, &[], static_token.span), last: semi_token.span };
            let parts = StaticParts { mutability, ty, value: Some(expr), named: false, foreign: None };
            out.extend(lower_static(file, attrs, visibility(vis), &spans, &parts));
        }
        Item::Struct(item) => {
            let syn::ItemStruct { attrs, vis, struct_token, ident, generics, fields, semi_token } = item;
            let last = match (semi_token, fields) {
                (Some(semi), _) => semi.span,
                (None, syn::Fields::Named(fields)) => fields.brace_token.span.close(),
                (None, syn::Fields::Unnamed(fields)) => fields.paren_token.span.close(),
                (None, syn::Fields::Unit) => ident.span(),
            };
            let spans = Spans { name: Some(ident), first: first(vis, &[], struct_token.span), last };
            out.extend(named(file, attrs, visibility(vis), &spans, "struct", |cx| {
                let generics = cx.generics(generics);
                ItemKind::Struct { generics, fields: cx.fields(fields) }
            }));
        }
        Item::Trait(item) => out.extend(associated::lower_trait(file, item)),
        Item::TraitAlias(item) => {
            let syn::ItemTraitAlias {
                attrs,
                vis,
                trait_token,
                ident,
                generics,
                eq_token: _,
                bounds,
                semi_token,
            } = item;
            let spans =
                Spans { name: Some(ident), first: first(vis, &[], trait_token.span), last: semi_token.span };
            out.extend(named(file, attrs, visibility(vis), &spans, "trait", |cx| {
                let generics = cx.generics(generics);
                cx.w.word("=");
                ItemKind::TraitAlias { generics, bounds: cx.bounds(bounds, false) }
            }));
        }
        Item::Type(item) => {
            let syn::ItemType {
                attrs,
                vis,
                modifiers,
                type_token,
                ident,
                generics,
                eq_token: _,
                ty,
                semi_token,
                where_clause_placement: _,
            } = item;
            let alias = associated::Alias {
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
            out.extend(associated::alias(file, &alias, &outer));
        }
        Item::Union(item) => {
            let syn::ItemUnion { attrs, vis, union_token, ident, generics, fields } = item;
            let last = fields.brace_token.span.close();
            let spans = Spans { name: Some(ident), first: first(vis, &[], union_token.span), last };
            out.extend(named(file, attrs, visibility(vis), &spans, "union", |cx| {
                let generics = cx.generics(generics);
                ItemKind::Union { generics, fields: ir::Fields::Named(cx.named_fields(fields)) }
            }));
        }
        Item::Use(item) => {
            let syn::ItemUse { attrs, vis, use_token, leading_colon, tree, semi_token } = item;
            let spans = Spans { name: None, first: first(vis, &[], use_token.span), last: semi_token.span };
            let Some(head) = file.head(attrs) else { return };
            let leaves = uses::leaves(&mut file.names, leading_colon.is_some(), tree);
            let cx = Cx::new(file, &outer);
            out.push(cx.finish(ItemKind::Use(leaves), None, visibility(vis), &head, Said::default(), &spans));
        }
        Item::Verbatim(tokens) => verbatim(file, tokens, out),
        _ => file.note(1, "an item of a kind that is not known"),
    }
}

/// An item whose name counts, and that holds no other items.
fn named(
    file: &mut FileCx<'_>,
    attributes: &[Attribute],
    visibility: Visibility,
    spans: &Spans<'_>,
    keyword: &str,
    write: impl FnOnce(&mut Cx<'_, '_>) -> ItemKind,
) -> Option<ItemIdx> {
    let head = file.head(attributes)?;
    let before = file.enter(&head);
    let mut cx = Cx::new(file, &Outer::default());
    let said = cx.item_attributes(&head);
    cx.w.word(keyword);
    let name = spans.name.map(|ident| cx.ident(ident));
    let kind = write(&mut cx);
    let index = cx.finish(kind, name, visibility, &head, said, spans);
    file.leave(before);
    Some(index)
}

fn lower_enum(file: &mut FileCx<'_>, item: &syn::ItemEnum) -> Option<ItemIdx> {
    let syn::ItemEnum { attrs, vis, enum_token, ident, generics, brace_token, variants } = item;
    let spans =
        Spans { name: Some(ident), first: first(vis, &[], enum_token.span), last: brace_token.span.close() };
    named(file, attrs, visibility(vis), &spans, "enum", |cx| {
        let generics = cx.generics(generics);
        cx.w.word("{");
        let variants = variants.iter().filter_map(|variant| cx.variant(variant)).collect();
        cx.w.word("}");
        ItemKind::Enum { generics, variants }
    })
}

fn extern_crate(file: &mut FileCx<'_>, item: &syn::ItemExternCrate) -> Option<ItemIdx> {
    let syn::ItemExternCrate { attrs, vis, extern_token, crate_token: _, ident, rename, semi_token } = item;
    let head = file.head(attrs)?;
    let krate = file.names.ident(ident);
    let name = match rename {
        Some((_, rename)) if rename == "_" => None,
        Some((_, rename)) => Some(file.names.ident(rename)),
        None => Some(krate),
    };
    let spans = Spans { name: Some(ident), first: first(vis, &[], extern_token.span), last: semi_token.span };
    let mut cx = Cx::new(file, &Outer::default());
    let said = cx.item_attributes(&head);
    let kind = ItemKind::ExternCrate { krate, macro_use: said.macro_use };
    Some(cx.finish(kind, name, visibility(vis), &head, said, &spans))
}

/// What there is to a static beside its place.
#[derive(Clone, Copy)]
pub(super) struct StaticParts<'a> {
    pub mutability: &'a StaticMutability,
    pub ty: &'a syn::Type,
    pub value: Option<&'a syn::Expr>,
    pub named: bool,
    /// The word for the safety of a foreign static.
    pub foreign: Option<&'a str>,
}

pub(super) fn lower_static(
    file: &mut FileCx<'_>,
    attributes: &[Attribute],
    visibility: Visibility,
    spans: &Spans<'_>,
    parts: &StaticParts<'_>,
) -> Option<ItemIdx> {
    let StaticParts { mutability, ty, value, named, foreign } = *parts;
    let head = file.head(attributes)?;
    let before = file.enter(&head);
    let mut cx = Cx::new(file, &Outer::default());
    let said = cx.item_attributes(&head);
    if let Some(word) = foreign {
        cx.w.word(word);
    }
    cx.w.word("static");
    let mutable = matches!(mutability, StaticMutability::Mut(_));
    if mutable {
        cx.w.word("mut");
    }
    let name = spans.name.map(|ident| cx.name(ident));
    if let Some(name) = name
        && (named || said.exported_symbol)
    {
        cx.write_name(name);
    }
    cx.w.word(":");
    let ty = cx.ty(ty);
    let value = value.map(|value| {
        cx.w.word("=");
        cx.expr(value)
    });
    let index = cx.finish(ItemKind::Static { ty, value, mutable }, name, visibility, &head, said, spans);
    file.leave(before);
    Some(index)
}

fn lower_mod(file: &mut FileCx<'_>, item: &syn::ItemMod) -> Option<ItemIdx> {
    let syn::ItemMod { attrs, vis, unsafety, mod_token, ident, content, semi } = item;
    let head = file.head(attrs)?;
    let before = file.enter(&head);
    let items = content.as_ref().map(|(_, items)| {
        let mut list = Vec::new();
        for item in items {
            lower(file, item, &mut list);
        }
        list
    });
    let mut cx = Cx::new(file, &Outer::default());
    let mut said = cx.item_attributes(&head);
    if unsafety.is_some() {
        cx.w.word("unsafe");
    }
    cx.w.word("mod");
    let name = cx.name(ident);
    let kind = ItemKind::Mod(ir::Mod {
        items,
        paths: std::mem::take(&mut said.paths),
        may_be_usual: !said.certain_path,
        macro_use: said.macro_use,
        no_implicit_prelude: said.no_implicit_prelude,
    });
    let last = match (content, semi) {
        (Some((brace, _)), _) => brace.span.close(),
        (None, Some(semi)) => semi.span,
        (None, None) => ident.span(),
    };
    let first = first(vis, &[unsafety.map(|t| t.span)], mod_token.span);
    let spans = Spans { name: Some(ident), first, last };
    let index = cx.finish(kind, Some(name), visibility(vis), &head, said, &spans);
    file.leave(before);
    Some(index)
}

fn foreign_mod(file: &mut FileCx<'_>, item: &syn::ItemForeignMod) -> Option<ItemIdx> {
    let syn::ItemForeignMod { attrs, unsafety, abi, brace_token, items } = item;
    let head = file.head(attrs)?;
    let before = file.enter(&head);
    let mut list = Vec::new();
    for item in items {
        foreign_item(file, item, &mut list);
    }
    let mut cx = Cx::new(file, &Outer::default());
    let said = cx.item_attributes(&head);
    if unsafety.is_some() {
        cx.w.word("unsafe");
    }
    cx.abi(Some(abi));
    let first = unsafety.map_or(abi.extern_token.span, |token| token.span);
    let spans = Spans { name: None, first, last: brace_token.span.close() };
    let kind = ItemKind::ForeignMod { items: list };
    let index = cx.finish(kind, None, Visibility::Private, &head, said, &spans);
    file.leave(before);
    Some(index)
}

pub(super) fn foreign_item(file: &mut FileCx<'_>, item: &ForeignItem, list: &mut Vec<ItemIdx>) {
    match item {
        ForeignItem::Fn(syn::ForeignItemFn { attrs, vis, modifiers, sig, semi_token }) => {
            let function = Function {
                attributes: attrs,
                visibility: visibility(vis),
                defaultness: modifiers.defaultness.is_some(),
                signature: sig,
                block: None,
                first: first(vis, &[], functions::first_token(sig)),
                last: semi_token.span,
                named: true,
            };
            list.extend(functions::lower(file, &function, &Outer::default()));
        }
        ForeignItem::Static(item) => {
            let syn::ForeignItemStatic {
                attrs,
                vis,
                safety,
                static_token,
                mutability,
                ident,
                colon_token: _,
                ty,
                semi_token,
            } = item;
            let foreign = match safety {
                syn::Safety::Safe(_) => Some("safe"),
                syn::Safety::Unsafe(_) => Some("unsafe"),
                syn::Safety::Default => None,
            };
            let first = first(vis, &[], static_token.span);
            let spans = Spans { name: Some(ident), first, last: semi_token.span };
            let parts = StaticParts { mutability, ty, value: None, named: true, foreign };
            list.extend(lower_static(file, attrs, visibility(vis), &spans, &parts));
        }
        ForeignItem::Type(syn::ForeignItemType {
            attrs,
            vis,
            modifiers: _,
            type_token,
            ident,
            generics,
            semi_token,
        }) => {
            let alias = associated::Alias {
                attributes: attrs,
                visibility: visibility(vis),
                defaultness: false,
                ident,
                generics,
                bounds: None,
                ty: None,
                first: first(vis, &[], type_token.span),
                last: semi_token.span,
            };
            list.extend(associated::alias(file, &alias, &Outer::default()));
        }
        ForeignItem::Macro(syn::ForeignItemMacro { attrs, mac, semi_token: _ }) => {
            list.extend(macro_call(file, attrs, mac, Position::Foreign, &Outer::default()));
        }
        ForeignItem::Verbatim(tokens) => verbatim(file, tokens, list),
        _ => file.note(1, "a foreign item of a kind that is not known"),
    }
}

/// The type of a path that was written.
pub(super) fn path_type(cx: &mut Cx<'_, '_>, path: &syn::Path) -> ir::TyIdx {
    let Written { path, args, assoc, .. } = cx.path(None, path, Use::of(Namespace::Type));
    cx.push_ty(Ty::Path { path, args, assoc })
}
