//! Prints the tokens of an expansion and reads them again, so that every one has a place. What text cannot
//! say is kept beside it, by place: invisible groups, which step wrote a word, which calls are expanded.
//!
//! An invisible group is printed as one in parentheses that begins with a word nobody writes.

use super::bodies::{Expanded, Sites};
use super::verbatim::Flat;
use super::{Settings, is_std_macro};
use crate::ir::{Delimiter, Fragment, Token};
use proc_macro2::{Group, LineColumn, TokenStream, TokenTree};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

/// An expansion as text.
pub(super) struct Printed<'e> {
    pub text: String,
    pub flat: Flat,
    sites: Sites<'e>,
}

impl<'e> Printed<'e> {
    /// `inner`: the expansions of calls among the tokens, by their number.
    pub(super) fn new(
        tokens: &[Token],
        inner: &'e BTreeMap<u32, Expanded>,
        settings: &'e Settings,
    ) -> Printed<'e> {
        let mut printer = Printer {
            settings,
            inner,
            text: String::new(),
            line: 1,
            column: 0,
            sites: Sites::default(),
            calls: 0,
        };
        printer.list(tokens, false);
        let Printer { text, sites, .. } = printer;
        Printed { flat: Flat::new(&text), text, sites }
    }

    /// The tokens, each in its place, and what is known of the places.
    pub(super) fn tokens(&mut self) -> Option<(TokenStream, Sites<'e>)> {
        let mut sites = std::mem::take(&mut self.sites);
        let tokens = with_fragments(self.text.parse().ok()?, &mut sites.fragments);
        Some((tokens, sites))
    }
}

/// Where the path of a macro call stands, whose arguments are the group at this index.
pub fn called_path(tokens: &[Token], group: usize) -> Option<Range<usize>> {
    if !matches!(tokens.get(group)?, Token::Group(delimiter, _) if !matches!(delimiter, Delimiter::Fragment(_)))
    {
        return None;
    }
    let bang = group.checked_sub(1)?;
    let is = |at: usize, c: char| matches!(tokens.get(at), Some(Token::Punct(p, _)) if *p == c);
    let mut start = bang.checked_sub(1)?;
    if !is(bang, '!') || !matches!(tokens[start], Token::Ident(..)) {
        return None;
    }
    while start >= 3
        && is(start - 1, ':')
        && is(start - 2, ':')
        && matches!(tokens[start - 3], Token::Ident(..))
    {
        start -= 3;
    }
    Some(start..bang)
}

struct Printer<'e> {
    settings: &'e Settings,
    inner: &'e BTreeMap<u32, Expanded>,
    text: String,
    line: usize,
    column: usize,
    sites: Sites<'e>,
    /// How many calls have been met.
    calls: u32,
}

impl Printer<'_> {
    fn place(&self) -> LineColumn {
        LineColumn { line: self.line, column: self.column }
    }

    fn add(&mut self, text: &str) {
        for c in text.chars() {
            if c == '\n' {
                (self.line, self.column) = (self.line + 1, 0);
            } else {
                self.column += 1;
            }
        }
        self.text.push_str(text);
    }

    fn word(&mut self, text: &str) {
        self.add(text);
        self.add(" ");
    }

    /// `passed_on`: the tokens are those of another macro call, for which a fragment stays one thing.
    fn list(&mut self, tokens: &[Token], passed_on: bool) {
        let mut paths = HashMap::new();
        for index in 0..tokens.len() {
            if let Some(path) = called_path(tokens, index) {
                paths.insert(path.start, index);
            }
        }
        let mut starts: HashMap<usize, LineColumn> = HashMap::new();
        for (index, token) in tokens.iter().enumerate() {
            if let Some(group) = paths.get(&index) {
                starts.insert(*group, self.place());
            }
            match token {
                Token::Ident(text, step) | Token::Literal(text, step) => {
                    if *step != 0 {
                        self.sites.steps.insert(self.place(), *step);
                    }
                    self.word(text);
                }
                Token::Punct(c, joint) => {
                    self.add(c.encode_utf8(&mut [0; 4]));
                    if !joint {
                        self.add(" ");
                    }
                }
                Token::Group(Delimiter::Fragment(fragment), inner) => {
                    self.fragment(*fragment, inner, passed_on);
                    if !passed_on && *fragment == Fragment::Stmt && needs_end(inner, tokens.get(index + 1)) {
                        self.word(";");
                    }
                }
                Token::Group(delimiter, inner) => {
                    let (open, close) = match delimiter {
                        Delimiter::Brace => ("{", "}"),
                        Delimiter::Bracket => ("[", "]"),
                        Delimiter::Paren | Delimiter::Fragment(_) => ("(", ")"),
                    };
                    self.word(open);
                    let call = starts.get(&index).copied();
                    if let Some(place) = call {
                        if let Some(expanded) = self.inner.get(&self.calls) {
                            self.sites.calls.insert(place, expanded);
                        }
                        self.calls += 1;
                    }
                    self.list(inner, passed_on || self.keeps_fragments(tokens, index));
                    self.word(close);
                }
            }
        }
    }

    fn fragment(&mut self, fragment: Fragment, inner: &[Token], passed_on: bool) {
        let single = matches!(inner, [Token::Ident(..) | Token::Literal(..)]);
        let invisible =
            passed_on || matches!(fragment, Fragment::Expr | Fragment::Literal | Fragment::Ty) && !single;
        let is_or = |token: &Token| matches!(token, Token::Punct('|', _));
        if invisible {
            self.word("(");
            self.word(word(fragment));
            self.list(inner, passed_on);
            self.word(")");
        } else if fragment == Fragment::Pat && inner.iter().any(is_or) {
            self.word("(");
            self.list(inner, false);
            self.word(")");
        } else {
            self.list(inner, false);
        }
    }

    /// Whether the group at this index is what a macro is given that takes tokens. Those of the standard
    /// library take expressions.
    fn keeps_fragments(&self, tokens: &[Token], index: usize) -> bool {
        let before = |steps: usize| index.checked_sub(steps).and_then(|at| tokens.get(at));
        let bang = |token: Option<&Token>| matches!(token, Some(Token::Punct('!', _)));
        match (before(2), before(1)) {
            (Some(Token::Ident(name, _)), token) if bang(token) => {
                !is_std_macro(name) || self.settings.distrusted_macros.contains(name)
            }
            (token, Some(Token::Ident(..))) => bang(token),
            _ => false,
        }
    }
}

/// Whether a statement that a macro was given ends only with a semicolon: a macro need not write one behind it.
fn needs_end(statement: &[Token], next: Option<&Token>) -> bool {
    let mut words = statement;
    while let [Token::Punct('#', _), Token::Group(..), rest @ ..] = words {
        words = rest;
    }
    let is_let = matches!(words, [Token::Ident(word, _), ..] if word == "let");
    match next {
        Some(Token::Punct(';', _)) => false,
        Some(_) => true,
        // It may be the value of the block.
        None => is_let,
    }
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

/// Makes the groups invisible that were printed as such.
fn with_fragments(tokens: TokenStream, found: &mut HashMap<LineColumn, Fragment>) -> TokenStream {
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
