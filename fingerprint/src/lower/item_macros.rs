//! Lowers macros as items: definitions, calls that define what nobody here can see, and the two of
//! the standard library that can be read (`thread_local!`, `include!`).

use super::context::{Cx, FileCx};
use super::head::{Head, Said, Spans};
use super::included;
use super::items::{StaticParts, first, lower_static, visibility};
use super::macros;
use super::scope::Outer;
use crate::ir::{self, ItemIdx, ItemKind, Namespace, Position, Ty, Visibility};
use proc_macro2::{Span, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, Macro, StaticMutability, Token};

pub(super) fn lower_macro(file: &mut FileCx<'_>, item: &syn::ItemMacro, out: &mut Vec<ItemIdx>) {
    let syn::ItemMacro { attrs, ident, mac, semi_token: _ } = item;
    let Some(ident) = ident else {
        let trusted =
            macros::std_name(&mac.path).filter(|(name, _)| !file.settings.distrusted_macros.contains(name));
        match trusted {
            Some((name, _)) if name == "thread_local" => thread_locals(file, attrs, mac, out),
            Some((name, qualified)) if name == "include" => {
                if !qualified {
                    file.trusted.insert(name);
                }
                out.extend(include(file, attrs, mac));
            }
            _ => out.extend(macro_call(file, attrs, mac, Position::Module, &Outer::default())),
        }
        return;
    };
    let Some(head) = file.head(attrs) else { return };
    let mut cx = Cx::new(file, &Outer::default());
    let said = cx.item_attributes(&head);
    let name = cx.name(ident);
    let words = cx.path_words(&mac.path);
    cx.w.word(&words);
    cx.w.word("! {");
    cx.unread = true;
    cx.tokens(mac.tokens.clone());
    cx.w.word("}");
    let (first, last) = macro_spans(mac);
    let spans = Spans { name: Some(ident), first, last };
    let visibility = if said.macro_export { Visibility::Public } else { Visibility::Private };
    let definition = ir::Definition {
        tokens: cx.file.plain(mac.tokens.clone()),
        local_inner_macros: said.local_inner_macros,
    };
    let kind = ItemKind::Macro { exported: said.macro_export, definition };
    out.push(cx.finish(kind, Some(name), visibility, &head, said, &spans));
}

fn macro_spans(mac: &Macro) -> (Span, Span) {
    let last = match &mac.delimiter {
        syn::MacroDelimiter::Paren(token) => token.span.close(),
        syn::MacroDelimiter::Brace(token) => token.span.close(),
        syn::MacroDelimiter::Bracket(token) => token.span.close(),
    };
    let first = match (&mac.path.leading_colon, mac.path.segments.first()) {
        (Some(colon), _) => colon.spans[0],
        (None, Some(segment)) => segment.ident.span(),
        (None, None) => last,
    };
    (first, last)
}

/// A macro call in item position.
pub(super) fn macro_call(
    file: &mut FileCx<'_>,
    attributes: &[Attribute],
    mac: &Macro,
    position: Position,
    outer: &Outer,
) -> Option<ItemIdx> {
    let head = file.head(attributes)?;
    let mut cx = Cx::new(file, outer);
    let said = cx.item_attributes(&head);
    let path = cx.path_reference(&mac.path, Namespace::Macro, false, false);
    cx.w.word("! (");
    cx.unknown_tokens(mac.tokens.clone());
    cx.w.word(")");
    let idents = cx.idents(mac.tokens.clone());
    let (first, last) = macro_spans(mac);
    // `line!()` in an expansion is the line of the call, not of attributes before it.
    let name = mac.path.segments.first().map(|segment| &segment.ident);
    let spans = Spans { name, first, last };
    let call = ir::Call {
        tokens: cx.file.plain(mac.tokens.clone()),
        position,
        types: outer.types.clone(),
        lifetimes: outer.lifetimes.clone(),
    };
    let kind = ItemKind::MacroCall { path, idents, call };
    Some(cx.finish(kind, None, Visibility::Private, &head, said, &spans))
}

fn include(file: &mut FileCx<'_>, attributes: &[Attribute], mac: &Macro) -> Option<ItemIdx> {
    let head = file.head(attributes)?;
    let arg = syn::parse2::<syn::Expr>(mac.tokens.clone())
        .map_or(ir::FileArg::Unknown, |expr| included::file_arg(&expr));
    let mut cx = Cx::new(file, &Outer::default());
    let said = cx.item_attributes(&head);
    cx.macro_call(mac);
    let (first, last) = macro_spans(mac);
    let spans = Spans { name: None, first, last };
    Some(cx.finish(ItemKind::Include(arg), None, Visibility::Private, &head, said, &spans))
}

/// The statics of a `thread_local!`. Their type is not the one that is written.
pub(super) fn thread_locals(
    file: &mut FileCx<'_>,
    attributes: &[Attribute],
    mac: &Macro,
    out: &mut Vec<ItemIdx>,
) {
    let Some(call) = file.head(attributes) else { return };
    let parser = |input: ParseStream<'_>| {
        let mut statics = Vec::new();
        while !input.is_empty() {
            let attributes = input.call(Attribute::parse_outer)?;
            let vis: syn::Visibility = input.parse()?;
            let keyword: Token![static] = input.parse()?;
            let ident: syn::Ident = input.parse()?;
            input.parse::<Token![:]>()?;
            let ty: syn::Type = input.parse()?;
            input.parse::<Token![=]>()?;
            let value: syn::Expr = input.parse()?;
            let end = input.parse::<Option<Token![;]>>()?;
            statics.push((attributes, vis, keyword, ident, ty, value, end));
        }
        Ok(statics)
    };
    let trusted =
        macros::std_name(&mac.path).is_some_and(|(name, _)| !file.settings.distrusted_macros.contains(&name));
    let (true, Ok(statics)) = (trusted, parser.parse2(mac.tokens.clone())) else {
        out.extend(macro_call(file, attributes, mac, Position::Module, &Outer::default()));
        return;
    };
    if mac.path.segments.len() == 1 {
        file.trusted.insert("thread_local".to_owned());
    }
    let before = file.enter(&call);
    for (attributes, vis, keyword, ident, ty, value, end) in &statics {
        let last = end.map_or_else(|| macro_spans(mac).1, |end| end.span);
        let spans = Spans { name: Some(ident), first: first(vis, &[], keyword.span), last };
        let parts = StaticParts {
            mutability: &StaticMutability::None,
            ty,
            value: Some(value),
            named: false,
            foreign: Some("thread_local"),
        };
        let Some(index) = lower_static(file, attributes, visibility(vis), &spans, &parts) else { continue };
        if let Some(item) = file.items.get_mut(index)
            && let ItemKind::Static { ty, .. } = &mut item.kind
        {
            item.body.types.push(Ty::Unknown);
            *ty = ir::TyIdx(item.body.types.len() as u32 - 1);
        }
        out.push(index);
    }
    file.leave(before);
}

/// Tokens that syn keeps as they are: `macro f() {}`, or what only a newer compiler knows.
pub(super) fn verbatim(file: &mut FileCx<'_>, tokens: &TokenStream, out: &mut Vec<ItemIdx>) {
    let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let (Some(start), Some(end)) = (trees.first(), trees.last()) else { return };
    let end = match end {
        TokenTree::Group(group) => group.span_close(),
        other => other.span(),
    };
    let parser = |input: ParseStream<'_>| {
        let attributes = input.call(Attribute::parse_outer)?;
        let vis = input.parse::<syn::Visibility>().unwrap_or(syn::Visibility::Inherited);
        let name = if input.peek(Token![macro]) {
            input.parse::<Token![macro]>()?;
            Some(input.parse::<syn::Ident>()?)
        } else {
            None
        };
        input.parse::<TokenStream>()?;
        Ok((attributes, vis, name))
    };
    let (attributes, vis, ident) =
        parser.parse2(tokens.clone()).unwrap_or((Vec::new(), syn::Visibility::Inherited, None));
    let Some(head) = file.head(&attributes) else { return };
    let line = start.span().start().line as u32;
    if ident.is_none() {
        file.note(line, "an item that cannot be read is taken as it is");
    }
    let spans = Spans { name: ident.as_ref(), first: start.span(), last: end };
    out.push(opaque(file, &head, tokens, visibility(&vis), &spans));
}

fn opaque(
    file: &mut FileCx<'_>,
    head: &Head<'_>,
    tokens: &TokenStream,
    visibility: Visibility,
    spans: &Spans<'_>,
) -> ItemIdx {
    let mut cx = Cx::new(file, &Outer::default());
    let name = spans.name.map(|ident| cx.name(ident));
    cx.unknown_tokens(tokens.clone());
    let idents = cx.idents(tokens.clone());
    let kind = if name.is_some() {
        ItemKind::Macro {
            exported: matches!(visibility, Visibility::Public),
            definition: ir::Definition::default(),
        }
    } else {
        cx.whole = true;
        ItemKind::Opaque { idents }
    };
    cx.finish(kind, name, visibility, head, Said::default(), spans)
}
