//! Turns tokens into plain data and back, and says how far one fragment of a macro call reaches.

use super::Edition;
use crate::ir::{Delimiter, Fragment, Step, Token as Plain};
use proc_macro2::{Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use syn::parse::discouraged::Speculative as _;
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::{Attribute, Block, Expr, Pat, Stmt, StmtMacro, Token, Type};

/// `fragment` says what an invisible group is, `step` who wrote a word.
pub(super) fn plain(
    tokens: TokenStream,
    fragment: &dyn Fn(&Group) -> Option<Fragment>,
    step: &dyn Fn(Span) -> Step,
) -> Vec<Plain> {
    let convert = |token| match token {
        TokenTree::Ident(ident) => Plain::Ident(ident.to_string(), step(ident.span())),
        TokenTree::Punct(punct) => Plain::Punct(punct.as_char(), punct.spacing() == Spacing::Joint),
        TokenTree::Literal(literal) => Plain::Literal(literal.to_string(), step(literal.span())),
        TokenTree::Group(group) => {
            let delimiter = match group.delimiter() {
                proc_macro2::Delimiter::Parenthesis => Delimiter::Paren,
                proc_macro2::Delimiter::Brace => Delimiter::Brace,
                proc_macro2::Delimiter::Bracket => Delimiter::Bracket,
                // Only expansions have such groups, and all of theirs are known.
                proc_macro2::Delimiter::None => {
                    Delimiter::Fragment(fragment(&group).unwrap_or(Fragment::Stmt))
                }
            };
            Plain::Group(delimiter, plain(group.stream(), fragment, step))
        }
    };
    tokens.into_iter().map(convert).collect()
}

fn stream(tokens: &[Plain]) -> Option<TokenStream> {
    tokens.iter().map(tree).collect()
}

fn tree(token: &Plain) -> Option<TokenTree> {
    Some(match token {
        Plain::Ident(text, _) => TokenTree::Ident(match text.strip_prefix("r#") {
            Some(raw) => Ident::new_raw(raw, Span::call_site()),
            None => Ident::new(text, Span::call_site()),
        }),
        Plain::Punct(c, joint) => {
            TokenTree::Punct(Punct::new(*c, if *joint { Spacing::Joint } else { Spacing::Alone }))
        }
        Plain::Literal(text, _) => TokenTree::Literal(text.parse::<Literal>().ok()?),
        Plain::Group(delimiter, inner) => {
            let delimiter = match delimiter {
                Delimiter::Paren => proc_macro2::Delimiter::Parenthesis,
                Delimiter::Brace => proc_macro2::Delimiter::Brace,
                Delimiter::Bracket => proc_macro2::Delimiter::Bracket,
                Delimiter::Fragment(_) => proc_macro2::Delimiter::None,
            };
            TokenTree::Group(Group::new(delimiter, stream(inner)?))
        }
    })
}

/// How many of the tokens one fragment takes, from the first one on. `None`: it cannot be told.
///
/// `edition` is that of the macro's definition.
#[must_use]
pub fn fragment_length(fragment: Fragment, tokens: &[Plain], edition: Edition) -> Option<usize> {
    super::guarded(|| {
        let stream = stream(tokens)?;
        let left = match fragment {
            Fragment::Block => left(stream, Block::parse),
            Fragment::Expr => left(stream, Expr::parse),
            Fragment::Item => left(stream, syn::Item::parse),
            Fragment::Literal => left(stream, syn::Lit::parse),
            Fragment::Meta => left(stream, syn::Meta::parse),
            Fragment::Pat if edition >= Edition::E2021 => left(stream, Pat::parse_multi_with_leading_vert),
            Fragment::Pat => left(stream, Pat::parse_single),
            Fragment::Path => left(stream, syn::Path::parse),
            Fragment::Stmt => left(stream, statement),
            Fragment::Ty => left(stream, Type::parse),
            Fragment::Vis => left(stream, syn::Visibility::parse),
        };
        tokens.len().checked_sub(left?)
    })
}

/// A statement, without a semicolon behind it: that is the macro's. One that an item needs is the item's.
fn statement(input: ParseStream<'_>) -> syn::Result<()> {
    let ahead = input.fork();
    ahead.call(Attribute::parse_outer)?;
    if ahead.peek(Token![let]) {
        input.call(Attribute::parse_outer)?;
        input.parse::<Token![let]>()?;
        Pat::parse_single(input)?;
        if input.parse::<Option<Token![:]>>()?.is_some() {
            input.parse::<Type>()?;
        }
        if input.parse::<Option<Token![=]>>()?.is_some() {
            input.parse::<Expr>()?;
            if input.parse::<Option<Token![else]>>()?.is_some() {
                input.parse::<Block>()?;
            }
        }
        return Ok(());
    }
    let ahead = input.fork();
    if let Ok(Stmt::Item(_) | Stmt::Expr(_, None) | Stmt::Macro(StmtMacro { semi_token: None, .. })) =
        ahead.parse()
    {
        input.advance_to(&ahead);
    } else {
        input.call(Attribute::parse_outer)?;
        Expr::parse_with_earlier_boundary_rule(input)?;
    }
    Ok(())
}

/// How many tokens are left behind what is parsed.
fn left<T>(stream: TokenStream, parse: impl Fn(ParseStream<'_>) -> syn::Result<T>) -> Option<usize> {
    let parser = |input: ParseStream<'_>| {
        parse(input)?;
        Ok(input.parse::<TokenStream>()?.into_iter().count())
    };
    parser.parse2(stream).ok()
}
