//! Parses files in which an item is a call of a macro named `default`: the parser takes the word for a modifier.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

/// For a file that the parser rejects as it is.
pub(super) fn parse_file(source: &str) -> Option<syn::File> {
    let is_script = source.starts_with("#!") && !source.starts_with("#![");
    if is_script || !source.contains("default") {
        return None;
    }
    syn::parse2(with_raw_calls(source.parse().ok()?)).ok()
}

/// Writes `r#default` where a call of that name begins an item.
fn with_raw_calls(tokens: TokenStream) -> TokenStream {
    let mut out: Vec<TokenTree> = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let is_called = matches!(tokens.peek(), Some(TokenTree::Punct(punct)) if punct.as_char() == '!');
        out.push(match token {
            TokenTree::Ident(ident) if is_called && ident == "default" && begins_item(out.last()) => {
                TokenTree::Ident(Ident::new_raw("default", ident.span()))
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let mut new = Group::new(Delimiter::Brace, with_raw_calls(group.stream()));
                new.set_span(group.span());
                TokenTree::Group(new)
            }
            other => other,
        });
    }
    out.into_iter().collect()
}

/// Whether an item may stand behind a token.
fn begins_item(before: Option<&TokenTree>) -> bool {
    match before {
        None => true,
        Some(TokenTree::Punct(punct)) => punct.as_char() == ';',
        // The item before, or an attribute of this one.
        Some(TokenTree::Group(group)) => group.delimiter() != Delimiter::Parenthesis,
        Some(TokenTree::Ident(_) | TokenTree::Literal(_)) => false,
    }
}
