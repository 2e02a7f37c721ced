//! Lowers what a macro call stands for: tokens that another stage made, and where they stand.
//!
//! Macro calls in it may be expanded in their turn, as in any file.

use super::bodies::Expansions;
use super::context::FileCx;
use super::print::Printed;
use super::scope::Outer;
use super::verbatim::Flat;
use super::{Settings, associated, items, opaque, plain, stack};
use crate::ir::{self, Position, Token};
use proc_macro2::{Group, TokenStream};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
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

/// Lowers an expansion as if it were a file. One that cannot be read is an opaque file.
#[must_use]
pub fn lower_expansion(expansion: &Expansion, settings: &Settings, bodies: &Expansions) -> ir::File {
    let none = BTreeMap::new();
    let mut printed = Printed::new(&expansion.tokens, &none, settings);
    let text = printed.text.clone();
    if printed.flat.depth > stack::LIMIT {
        return opaque::file(&text, &printed.flat, 1, "the expansion is nested too deeply to be analysed");
    }
    let result = super::guarded(|| parse(&text, &mut printed, expansion, settings, bodies));
    result.unwrap_or_else(|| opaque::file(&text, &Flat::new(&text), 1, "the expansion cannot be parsed"))
}

fn parse<'s>(
    text: &'s str,
    printed: &mut Printed<'s>,
    expansion: &Expansion,
    settings: &'s Settings,
    bodies: &'s Expansions,
) -> Option<ir::File> {
    let (tokens, sites) = printed.tokens()?;
    let mut cx = FileCx::new(text, settings, Flat::new(text), bodies);
    cx.marks.clear();
    (cx.sites.fragments, cx.sites.steps) = (sites.fragments, sites.steps);
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
    Some(cx.finish(root, false))
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

impl FileCx<'_> {
    /// Tokens as plain data.
    pub(super) fn plain(&self, tokens: TokenStream) -> Vec<Token> {
        let fragment = |group: &Group| self.sites.fragments.get(&group.span_open().start()).copied();
        plain::plain(tokens, &fragment, &|span| self.sites.step(span))
    }
}
