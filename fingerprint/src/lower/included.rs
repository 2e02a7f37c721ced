//! Reads which file an `include` macro names, as far as that can be told from its tokens.

use super::macros::name_of;
use crate::ir::FileArg;
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::{Expr, ExprLit, Lit, LitStr, Token};

/// What an `include` macro is given.
pub(super) fn file_arg(expr: &Expr) -> FileArg {
    let mut parts = Vec::new();
    if !file_parts(expr, &mut parts) {
        return FileArg::Unknown;
    }
    let mut parts = parts.into_iter().peekable();
    let variable = parts.next_if(|part| matches!(part, FilePart::Variable(_)));
    let texts = parts.map(|part| if let FilePart::Text(text) = part { Some(text) } else { None });
    match (variable, texts.collect::<Option<String>>()) {
        (None, Some(text)) => FileArg::Literal(text),
        (Some(FilePart::Variable(name)), Some(rest)) => FileArg::Variable { name, rest },
        _ => FileArg::Unknown,
    }
}

/// A piece of a file's name.
enum FilePart {
    Text(String),
    Variable(String),
}

/// Takes `concat!(env!("OUT_DIR"), "/x", 1, ".rs")` apart; whether all of it is understood.
fn file_parts(expr: &Expr, parts: &mut Vec<FilePart>) -> bool {
    match expr {
        Expr::Lit(ExprLit { attrs: _, lit }) => {
            let text = match lit {
                Lit::Str(text) => text.value(),
                Lit::Char(letter) => letter.value().to_string(),
                Lit::Int(number) => number.base10_digits().to_owned(),
                Lit::Bool(value) => value.value.to_string(),
                _ => return false,
            };
            parts.push(FilePart::Text(text));
            true
        }
        Expr::Paren(inner) => file_parts(&inner.expr, parts),
        Expr::Group(inner) => file_parts(&inner.expr, parts),
        Expr::Macro(syn::ExprMacro { attrs: _, mac }) => {
            let tokens = mac.tokens.clone();
            match name_of(mac).as_deref() {
                Some("concat") => Punctuated::<Expr, Token![,]>::parse_terminated
                    .parse2(tokens)
                    .is_ok_and(|inner| inner.iter().all(|part| file_parts(part, parts))),
                Some("env") => {
                    let names = Punctuated::<LitStr, Token![,]>::parse_terminated.parse2(tokens);
                    let name = names.ok().and_then(|names| names.first().map(LitStr::value));
                    let found = name.is_some();
                    parts.extend(name.map(FilePart::Variable));
                    found
                }
                _ => false,
            }
        }
        _ => false,
    }
}
