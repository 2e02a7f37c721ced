//! Lowers what a macro call stands for: tokens that another stage made, and where they stand.
//!
//! The tokens are printed and read again, so that every one has a place. An invisible group is printed
//! as one in parentheses that begins with a word nobody writes.

use super::context::FileCx;
use super::scope::Outer;
use super::verbatim::Flat;
use super::{Settings, associated, items, opaque, plain, stack};
use crate::ir::{self, Delimiter, Fragment, Position, Token};
use proc_macro2::{Group, LineColumn, TokenStream, TokenTree};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use syn::parse::{ParseStream, Parser as _};

/// The tokens of an expansion, and what they are read as.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Expansion {
    pub tokens: Vec<Token>,
    pub position: Position,
    /// Generic parameters and lifetimes of the impl or trait around.
    pub types: Vec<String>,
    pub lifetimes: Vec<String>,
}

/// Where invisible groups begin, and what they are.
pub(super) type Fragments = HashMap<LineColumn, Fragment>;

/// Lowers an expansion as if it were a file. One that cannot be read is an opaque file.
#[must_use]
pub fn lower_expansion(expansion: &Expansion, settings: &Settings) -> ir::File {
    let mut text = String::new();
    print(&expansion.tokens, false, &mut text);
    let flat = Flat::new(&text);
    if flat.depth > stack::LIMIT {
        return opaque::file(&text, &flat, 1, "the expansion is nested too deeply to be analysed");
    }
    let result = super::guarded(|| parse(&text, expansion, settings));
    result.unwrap_or_else(|| opaque::file(&text, &Flat::new(&text), 1, "the expansion cannot be parsed"))
}

fn parse(text: &str, expansion: &Expansion, settings: &Settings) -> Option<ir::File> {
    let mut fragments = Fragments::new();
    let tokens = with_fragments(text.parse().ok()?, &mut fragments);
    let mut cx = FileCx::new(text, settings, Flat::new(text));
    cx.marks.clear();
    cx.fragments = fragments;
    let outer = Outer {
        types: expansion.types.iter().map(|name| cx.names.text(name)).collect(),
        lifetimes: expansion.lifetimes.iter().map(|name| cx.names.text(name)).collect(),
    };
    let mut root = Vec::new();
    match expansion.position {
        Position::Module => {
            for item in &list::<syn::Item>(tokens)? {
                items::lower(&mut cx, item, &mut root);
            }
        }
        Position::Impl => {
            for item in &list::<syn::ImplItem>(tokens)? {
                associated::impl_item(&mut cx, item, &outer, &mut root);
            }
        }
        Position::Trait => {
            for item in &list::<syn::TraitItem>(tokens)? {
                associated::trait_item(&mut cx, item, &outer, &mut root);
            }
        }
        Position::Foreign => {
            for item in &list::<syn::ForeignItem>(tokens)? {
                items::foreign_item(&mut cx, item, &mut root);
            }
        }
    }
    Some(ir::File {
        names: cx.names.into_list(),
        items: cx.items,
        root,
        no_implicit_prelude: false,
        trusted_macros: cx.trusted.into_iter().collect(),
        notes: cx.notes,
    })
}

fn list<T: syn::parse::Parse>(tokens: TokenStream) -> Option<Vec<T>> {
    let parser = |input: ParseStream<'_>| {
        let mut items = Vec::new();
        while !input.is_empty() {
            items.push(input.parse::<T>()?);
        }
        Ok(items)
    };
    parser.parse2(tokens).ok()
}

/// The first word in an invisible group, as it is printed.
fn word(fragment: Fragment) -> &'static str {
    match fragment {
        Fragment::Block => "__checkpointing_block",
        Fragment::Expr => "__checkpointing_expr",
        Fragment::Item => "__checkpointing_item",
        Fragment::Literal => "__checkpointing_literal",
        Fragment::Meta => "__checkpointing_meta",
        Fragment::Pat => "__checkpointing_pat",
        Fragment::Path => "__checkpointing_path",
        Fragment::Stmt => "__checkpointing_stmt",
        Fragment::Ty => "__checkpointing_ty",
        Fragment::Vis => "__checkpointing_vis",
    }
}

const ALL: [Fragment; 10] = [
    Fragment::Block,
    Fragment::Expr,
    Fragment::Item,
    Fragment::Literal,
    Fragment::Meta,
    Fragment::Pat,
    Fragment::Path,
    Fragment::Stmt,
    Fragment::Ty,
    Fragment::Vis,
];

/// `passed_on`: the tokens are those of another macro call, for which a fragment stays one thing.
fn print(tokens: &[Token], passed_on: bool, out: &mut String) {
    for (index, token) in tokens.iter().enumerate() {
        match token {
            Token::Ident(text) => {
                out.push_str(text);
                out.push(' ');
            }
            Token::Literal(text) => {
                out.push_str(text);
                out.push(' ');
            }
            Token::Punct(c, joint) => {
                out.push(*c);
                if !joint {
                    out.push(' ');
                }
            }
            Token::Group(Delimiter::Fragment(fragment), inner) => {
                fragment_text(*fragment, inner, passed_on, out);
            }
            Token::Group(delimiter, inner) => {
                let (open, close) = match delimiter {
                    Delimiter::Brace => ("{ ", "} "),
                    Delimiter::Bracket => ("[ ", "] "),
                    Delimiter::Paren | Delimiter::Fragment(_) => ("( ", ") "),
                };
                out.push_str(open);
                print(inner, passed_on || is_macro_call(tokens, index), out);
                out.push_str(close);
            }
        }
    }
}

fn fragment_text(fragment: Fragment, inner: &[Token], passed_on: bool, out: &mut String) {
    let single = matches!(inner, [Token::Ident(_) | Token::Literal(_)]);
    let invisible =
        passed_on || matches!(fragment, Fragment::Expr | Fragment::Literal | Fragment::Ty) && !single;
    if invisible {
        out.push_str("( ");
        out.push_str(word(fragment));
        out.push(' ');
        print(inner, passed_on, out);
        out.push_str(") ");
    } else if fragment == Fragment::Pat && inner.contains(&Token::Punct('|', false)) {
        out.push_str("( ");
        print(inner, false, out);
        out.push_str(") ");
    } else {
        print(inner, false, out);
    }
}

/// Whether the group at this index is what a macro is given.
fn is_macro_call(tokens: &[Token], index: usize) -> bool {
    let before = |steps: usize| index.checked_sub(steps).and_then(|at| tokens.get(at));
    let bang = |token: Option<&Token>| matches!(token, Some(Token::Punct('!', _)));
    bang(before(1)) && matches!(before(2), Some(Token::Ident(_)))
        || bang(before(2)) && matches!(before(1), Some(Token::Ident(_)))
}

/// Makes the groups invisible that were printed as such.
fn with_fragments(tokens: TokenStream, found: &mut Fragments) -> TokenStream {
    let convert = |token: TokenTree| {
        let TokenTree::Group(group) = token else { return token };
        let mut inner = group.stream().into_iter().peekable();
        let fragment = match inner.peek() {
            Some(TokenTree::Ident(ident)) => ALL.into_iter().find(|fragment| ident == word(*fragment)),
            _ => None,
        };
        if let Some(fragment) = fragment {
            inner.next();
            found.insert(group.span_open().start(), fragment);
        }
        let delimiter = fragment.map_or(group.delimiter(), |_| proc_macro2::Delimiter::None);
        let mut new = Group::new(delimiter, with_fragments(inner.collect(), found));
        new.set_span(group.span());
        TokenTree::Group(new)
    };
    tokens.into_iter().map(convert).collect()
}

impl FileCx<'_> {
    /// Tokens as plain data.
    pub(super) fn plain(&self, tokens: TokenStream) -> Vec<Token> {
        plain::plain(tokens, &|group| self.fragments.get(&group.span_open().start()).copied())
    }
}
