//! Reads tokens as rustc does where macros match them: operators in one piece, lifetimes in one piece.

use crate::ir::{Delimiter, Token};

/// One token as a pattern compares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Lexed {
    Ident(Box<str>),
    Lifetime(Box<str>),
    Literal(Box<str>),
    Operator(Box<str>),
    /// A group, taken as one.
    Group(Delimiter),
}

/// Operators of more than one character, longest first.
const OPERATORS: [&str; 25] = [
    "<<=", ">>=", "...", "..=", "::", "->", "<-", "=>", "==", "!=", "<=", ">=", "&&", "||", "+=", "-=", "*=",
    "/=", "%=", "^=", "&=", "|=", "<<", ">>", "..",
];

/// The token at an index, and how many token trees it takes.
pub(super) fn next(tokens: &[Token], at: usize) -> Option<(Lexed, usize)> {
    Some(match tokens.get(at)? {
        Token::Ident(text, _) => (Lexed::Ident(text.as_str().into()), 1),
        Token::Literal(text, _) => (Lexed::Literal(text.as_str().into()), 1),
        Token::Group(delimiter, _) => (Lexed::Group(*delimiter), 1),
        Token::Punct('\'', true) => match tokens.get(at + 1)? {
            Token::Ident(name, _) => (Lexed::Lifetime(name.as_str().into()), 2),
            _ => return None,
        },
        Token::Punct(..) => {
            let mut text = String::new();
            for token in tokens.iter().skip(at).take(3) {
                let Token::Punct(c, joint) = token else { break };
                text.push(*c);
                if !joint {
                    break;
                }
            }
            let length =
                OPERATORS.iter().find(|operator| text.starts_with(**operator)).map_or(1, |op| op.len());
            let operator: String = text.chars().take(length).collect();
            (Lexed::Operator(operator.into()), length)
        }
    })
}
