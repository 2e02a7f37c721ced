//! Turns tokens into plain data and back, and says how far one fragment of a macro call reaches.

use super::Edition;
use crate::ir::{Delimiter, Fragment, Step, Token};
use proc_macro2::{Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream, Parser as _};

/// `fragment` says what an invisible group is, `step` who wrote a word.
pub(super) fn plain(
    tokens: TokenStream,
    fragment: &dyn Fn(&Group) -> Option<Fragment>,
    step: &dyn Fn(Span) -> Step,
) -> Vec<Token> {
    let convert = |token| match token {
        TokenTree::Ident(ident) => Token::Ident(ident.to_string(), step(ident.span())),
        TokenTree::Punct(punct) => Token::Punct(punct.as_char(), punct.spacing() == Spacing::Joint),
        TokenTree::Literal(literal) => Token::Literal(literal.to_string(), step(literal.span())),
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
            Token::Group(delimiter, plain(group.stream(), fragment, step))
        }
    };
    tokens.into_iter().map(convert).collect()
}

fn stream(tokens: &[Token]) -> Option<TokenStream> {
    tokens.iter().map(tree).collect()
}

fn tree(token: &Token) -> Option<TokenTree> {
    Some(match token {
        Token::Ident(text, _) => TokenTree::Ident(match text.strip_prefix("r#") {
            Some(raw) => Ident::new_raw(raw, Span::call_site()),
            None => Ident::new(text, Span::call_site()),
        }),
        Token::Punct(c, joint) => {
            TokenTree::Punct(Punct::new(*c, if *joint { Spacing::Joint } else { Spacing::Alone }))
        }
        Token::Literal(text, _) => TokenTree::Literal(text.parse::<Literal>().ok()?),
        Token::Group(delimiter, inner) => {
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
pub fn fragment_length(fragment: Fragment, tokens: &[Token], edition: Edition) -> Option<usize> {
    super::guarded(|| {
        let stream = stream(tokens)?;
        let left = match fragment {
            Fragment::Block => left(stream, syn::Block::parse),
            Fragment::Expr => left(stream, syn::Expr::parse),
            Fragment::Item => left(stream, syn::Item::parse),
            Fragment::Literal => left(stream, syn::Lit::parse),
            Fragment::Meta => left(stream, syn::Meta::parse),
            Fragment::Pat if edition >= Edition::E2021 => {
                left(stream, syn::Pat::parse_multi_with_leading_vert)
            }
            Fragment::Pat => left(stream, syn::Pat::parse_single),
            Fragment::Path => left(stream, syn::Path::parse),
            Fragment::Stmt => None,
            Fragment::Ty => left(stream, syn::Type::parse),
            Fragment::Vis => left(stream, syn::Visibility::parse),
        };
        tokens.len().checked_sub(left?)
    })
}

/// How many tokens are left behind what is parsed.
fn left<T>(stream: TokenStream, parse: impl Fn(ParseStream<'_>) -> syn::Result<T>) -> Option<usize> {
    let parser = |input: ParseStream<'_>| {
        parse(input)?;
        Ok(input.parse::<TokenStream>()?.into_iter().count())
    };
    parser.parse2(stream).ok()
}
