//! Says whether a token can begin a fragment, and how far the fragment reaches: rustc's own rules for
//! the first, the parser for the second.

use super::lexed::{self, Lexed};
use super::rules::Kind;
use crate::ir::{Delimiter, Fragment, Token};
use crate::lower::{Edition, fragment_length};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    Yes,
    No,
    Unclear,
}

impl From<bool> for Reach {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

/// Words that are no names in any edition.
const RESERVED: [&str; 49] = [
    "_", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "if", "impl", "in", "let", "loop", "macro", "match",
    "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "Self", "static", "struct",
    "super", "trait", "true", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while",
];

/// Words that are names in some editions only.
const BY_EDITION: [&str; 6] = ["abstract", "async", "await", "dyn", "gen", "try"];

const PATH_WORDS: [&str; 4] = ["self", "Self", "super", "crate"];

const EXPR_WORDS: [&str; 20] = [
    "async", "do", "box", "break", "const", "continue", "false", "for", "if", "let", "loop", "match", "move",
    "return", "static", "true", "try", "unsafe", "while", "yield",
];

const TYPE_WORDS: [&str; 8] = ["_", "for", "impl", "fn", "unsafe", "extern", "typeof", "dyn"];

fn is_reserved(word: &str) -> bool {
    RESERVED.contains(&word) || word == "yield" || word == "abstract"
}

/// Whether the first of the tokens can begin a fragment of this kind.
pub(super) fn may_begin(kind: Kind, tokens: &[Token], edition: Edition) -> Reach {
    let Some((token, _)) = lexed::next(tokens, 0) else { return Reach::Unclear };
    // A keyword of one edition is a name in another, and the word does not say which it is from.
    let uncertain_word = matches!(&token, Lexed::Ident(word) if BY_EDITION.contains(&&**word));
    let fragment = match &token {
        Lexed::Group(Delimiter::Fragment(fragment)) => Some(*fragment),
        _ => None,
    };
    match kind {
        Kind::Ident => matches!(&token, Lexed::Ident(word) if &**word != "_").into(),
        Kind::Lifetime => matches!(token, Lexed::Lifetime(_)).into(),
        Kind::Tt | Kind::Fragment(Fragment::Item | Fragment::Stmt) => Reach::Yes,
        Kind::Expr2021 | Kind::Fragment(Fragment::Expr) => {
            let new = kind != Kind::Expr2021 && edition >= Edition::E2024;
            let word = |word: &str| match word {
                "let" => false,
                "_" => new,
                "const" => new,
                word => begins(word, &EXPR_WORDS),
            };
            let group = |fragment| {
                matches!(fragment, Fragment::Block | Fragment::Expr | Fragment::Literal | Fragment::Path)
            };
            let begins = first(&token, &word, &group, EXPR_OPERATORS);
            unclear_if(uncertain_word && !is_name_or_expr(&token), begins)
        }
        Kind::Fragment(Fragment::Ty) => {
            // As a name and as a keyword it begins a type.
            let is_dyn = matches!(&token, Lexed::Ident(word) if &**word == "dyn");
            unclear_if(uncertain_word && !is_dyn, can_begin_type(&token))
        }
        Kind::Fragment(Fragment::Vis) => match &token {
            Lexed::Ident(_) => Reach::Yes,
            Lexed::Operator(text) if &**text == "," => Reach::Yes,
            Lexed::Group(Delimiter::Fragment(_)) => Reach::Yes,
            token => can_begin_type(token).into(),
        },
        Kind::Fragment(Fragment::Block) => match (&token, fragment) {
            (_, Some(inner)) => {
                matches!(inner, Fragment::Block | Fragment::Stmt | Fragment::Expr | Fragment::Literal).into()
            }
            (Lexed::Group(Delimiter::Brace), _) => Reach::Yes,
            (Lexed::Lifetime(_), _) => Reach::Unclear,
            _ => Reach::No,
        },
        Kind::Fragment(Fragment::Path | Fragment::Meta) => match (&token, fragment) {
            (_, Some(inner)) => (!matches!(inner, Fragment::Item | Fragment::Block | Fragment::Vis)).into(),
            (Lexed::Ident(_), _) => Reach::Yes,
            (Lexed::Operator(text), _) => (&**text == "::").into(),
            _ => Reach::No,
        },
        Kind::PatParam | Kind::Fragment(Fragment::Pat) => {
            let or = kind != Kind::PatParam && edition >= Edition::E2021;
            match (&token, fragment) {
                (_, Some(inner)) => matches!(
                    inner,
                    Fragment::Expr
                        | Fragment::Literal
                        | Fragment::Meta
                        | Fragment::Pat
                        | Fragment::Path
                        | Fragment::Ty
                )
                .into(),
                (Lexed::Ident(_) | Lexed::Literal(_), _) => Reach::Yes,
                (Lexed::Group(delimiter), _) => (*delimiter != Delimiter::Brace).into(),
                (Lexed::Operator(text), _) => {
                    let begins = matches!(&**text, "&" | "&&" | "-" | ".." | "..." | "::" | "<" | "<<");
                    (begins || or && &**text == "|").into()
                }
                (Lexed::Lifetime(_), _) => Reach::No,
            }
        }
        Kind::Fragment(Fragment::Literal) => match (&token, fragment) {
            (_, Some(Fragment::Literal)) => Reach::Yes,
            (_, Some(Fragment::Expr)) => Reach::Unclear,
            (Lexed::Literal(_), _) => Reach::Yes,
            (Lexed::Ident(word), _) => matches!(&**word, "true" | "false").into(),
            (Lexed::Operator(text), _) => (&**text == "-").into(),
            _ => Reach::No,
        },
    }
}

const EXPR_OPERATORS: &[&str] =
    &["!", "-", "*", "|", "||", "&", "&&", "..", "...", "..=", "<", "<<", "::", "#"];

fn unclear_if(unclear: bool, begins: bool) -> Reach {
    if unclear { Reach::Unclear } else { begins.into() }
}

/// In every edition these words begin an expression: as names, or as keywords.
fn is_name_or_expr(token: &Lexed) -> bool {
    matches!(token, Lexed::Ident(word) if matches!(&**word, "async" | "try" | "gen"))
}

fn begins(word: &str, words: &[&str]) -> bool {
    !is_reserved(word) || PATH_WORDS.contains(&word) || words.contains(&word)
}

/// For expressions: all delimiters, literals and lifetimes (labels) begin one.
fn first(
    token: &Lexed,
    word: &dyn Fn(&str) -> bool,
    group: &dyn Fn(Fragment) -> bool,
    operators: &[&str],
) -> bool {
    match token {
        Lexed::Ident(text) => word(text),
        Lexed::Literal(_) | Lexed::Lifetime(_) => true,
        Lexed::Operator(text) => operators.contains(&&**text),
        Lexed::Group(Delimiter::Fragment(fragment)) => group(*fragment),
        Lexed::Group(_) => true,
    }
}

fn can_begin_type(token: &Lexed) -> bool {
    match token {
        Lexed::Ident(word) => begins(word, &TYPE_WORDS),
        Lexed::Lifetime(_) => true,
        Lexed::Literal(_) => false,
        Lexed::Operator(text) => matches!(&**text, "!" | "*" | "&" | "&&" | "?" | "<" | "<<" | "::"),
        Lexed::Group(delimiter) => matches!(
            delimiter,
            Delimiter::Paren | Delimiter::Bracket | Delimiter::Fragment(Fragment::Ty | Fragment::Path)
        ),
    }
}

/// How many token trees a fragment takes; `None` where that cannot be told.
pub(super) fn length(kind: Kind, tokens: &[Token], edition: Edition) -> Option<usize> {
    let (_, lexed) = lexed::next(tokens, 0)?;
    let fragment = match kind {
        Kind::Ident | Kind::Lifetime | Kind::Tt => return Some(lexed),
        Kind::Expr2021 => Fragment::Expr,
        Kind::PatParam => Fragment::Pat,
        Kind::Fragment(fragment) => fragment,
    };
    if let Some(length) = quick(fragment, tokens) {
        return Some(length);
    }
    if let Some(Token::Group(Delimiter::Fragment(inner), _)) = tokens.first() {
        match (fragment, inner) {
            (Fragment::Expr | Fragment::Ty, _) => {}
            (Fragment::Vis, inner) => return Some(usize::from(*inner == Fragment::Vis)),
            (wanted, inner) if wanted == *inner => return Some(1),
            (Fragment::Stmt, _) => {}
            _ => return None,
        }
    }
    if fragment == Fragment::Literal {
        return literal(tokens);
    }
    let edition = if kind == Kind::PatParam { Edition::E2018 } else { edition };
    // No fragment of these kinds has a semicolon or a `=>` in it.
    let end = match fragment {
        Fragment::Item | Fragment::Stmt => tokens.len(),
        _ => (0..tokens.len()).find(|&at| ends(tokens, at)).unwrap_or(tokens.len()),
    };
    let length = fragment_length(fragment, tokens.get(..end)?, edition)?;
    let taken = tokens.get(..length)?;
    let opaque = |token: &Token| matches!(token, Token::Group(Delimiter::Fragment(_), _));
    let transparent = !matches!(fragment, Fragment::Expr | Fragment::Ty | Fragment::Item | Fragment::Stmt);
    (length > 0 || fragment == Fragment::Vis).then_some(())?;
    (!(transparent && taken.iter().any(opaque))).then_some(length)
}

fn ends(tokens: &[Token], at: usize) -> bool {
    match tokens.get(at) {
        Some(Token::Punct(';', _)) => true,
        Some(Token::Punct('=', true)) => matches!(tokens.get(at + 1), Some(Token::Punct('>', _))),
        _ => false,
    }
}

/// One word or literal before something that ends any fragment.
fn quick(fragment: Fragment, tokens: &[Token]) -> Option<usize> {
    let closed =
        tokens.len() == 1 || matches!(tokens.get(1), Some(Token::Punct(',' | ';', _))) || ends(tokens, 1);
    let plain = match tokens.first()? {
        Token::Ident(word, _) => !is_reserved(word) || matches!(word.as_str(), "true" | "false" | "self"),
        Token::Literal(_, _) => matches!(fragment, Fragment::Expr),
        _ => false,
    };
    (closed && plain && matches!(fragment, Fragment::Expr | Fragment::Ty | Fragment::Path)).then_some(1)
}

fn literal(tokens: &[Token]) -> Option<usize> {
    let minus = usize::from(matches!(tokens.first(), Some(Token::Punct('-', _))));
    match tokens.get(minus)? {
        Token::Literal(_, _) => Some(minus + 1),
        Token::Ident(word, _) if minus == 0 && matches!(word.as_str(), "true" | "false") => Some(1),
        _ => None,
    }
}

/// What the metavariable stands for: plain tokens, or one thing from now on.
pub(super) fn whole(kind: Kind, taken: &[Token]) -> Vec<Token> {
    let fragment = match kind {
        Kind::Ident | Kind::Lifetime | Kind::Tt => {
            let mut tokens = taken.to_vec();
            // What follows it in the macro does not continue the operator.
            if let Some(Token::Punct(_, joint)) = tokens.last_mut() {
                *joint = false;
            }
            return tokens;
        }
        Kind::Expr2021 => Fragment::Expr,
        Kind::PatParam => Fragment::Pat,
        Kind::Fragment(fragment) => fragment,
    };
    match taken {
        [Token::Group(Delimiter::Fragment(inner), _)] if *inner == fragment => taken.to_vec(),
        _ => vec![Token::Group(Delimiter::Fragment(fragment), taken.to_vec())],
    }
}
