//! Reads the rules of a `macro_rules!`: what each matches, and what it stands for.
//!
//! What is not known for certain (a fragment of a newer compiler, `${..}`) makes the macro unreadable.
//! What `local_inner_macros` does is written out in the template.

use super::lexed::{self, Lexed};
use crate::ir::{Definition, Delimiter, Token};

/// What a metavariable matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Ident,
    Lifetime,
    Tt,
    /// Without `_` and `const {}`, as before edition 2024.
    Expr2021,
    /// Without `|`, as before edition 2021.
    PatParam,
    Fragment(crate::ir::Fragment),
}

impl Kind {
    fn read(name: &str) -> Option<Self> {
        use crate::ir::Fragment as F;
        Some(match name {
            "ident" => Self::Ident,
            "lifetime" => Self::Lifetime,
            "tt" => Self::Tt,
            "expr_2021" => Self::Expr2021,
            "pat_param" => Self::PatParam,
            "block" => Self::Fragment(F::Block),
            "expr" => Self::Fragment(F::Expr),
            "item" => Self::Fragment(F::Item),
            "literal" => Self::Fragment(F::Literal),
            "meta" => Self::Fragment(F::Meta),
            "pat" => Self::Fragment(F::Pat),
            "path" => Self::Fragment(F::Path),
            "stmt" => Self::Fragment(F::Stmt),
            "ty" => Self::Fragment(F::Ty),
            "vis" => Self::Fragment(F::Vis),
            _ => return None,
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Times {
    Any,
    AtLeastOnce,
    Perhaps,
}

/// `$(..),*`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Repeat<T> {
    pub(super) inner: Vec<T>,
    pub(super) separator: Option<Lexed>,
    pub(super) times: Times,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Pattern {
    Token(Lexed),
    Group(Delimiter, Vec<Pattern>),
    Variable(String, Kind),
    Repeat(Repeat<Pattern>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Template {
    Token(Token),
    Group(Delimiter, Vec<Template>),
    /// `$x`; where nothing of this name was matched it stays as it is.
    Variable(String),
    /// `$crate`
    Crate,
    Repeat(Repeat<Template>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) pattern: Vec<Pattern>,
    pub(super) template: Vec<Template>,
}

/// The rules in the order in which they are tried.
pub(super) fn read(definition: &Definition) -> Option<Vec<Rule>> {
    let Definition { tokens, local_inner_macros } = definition;
    let mut rules = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some(Token::Group(delimiter, pattern)) = tokens.get(at) else { return None };
        let (arrow, length) = lexed::next(tokens, at + 1)?;
        let Some(Token::Group(_, template)) = tokens.get(at + 1 + length) else { return None };
        if arrow != Lexed::Operator("=>".into()) || matches!(delimiter, Delimiter::Fragment(_)) {
            return None;
        }
        let mut template = templates(template)?;
        if *local_inner_macros {
            template = with_crate(template, true)?;
        }
        rules.push(Rule { pattern: patterns(pattern)?, template });
        at += 2 + length;
        if at < tokens.len() {
            if lexed::next(tokens, at)? != (Lexed::Operator(";".into()), 1) {
                return None;
            }
            at += 1;
        }
    }
    (!rules.is_empty()).then_some(rules)
}

fn is_dollar(token: &Token) -> bool {
    matches!(token, Token::Punct('$', _))
}

fn patterns(tokens: &[Token]) -> Option<Vec<Pattern>> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match (token, tokens.get(at + 1)) {
            (dollar, Some(Token::Group(Delimiter::Paren, inner))) if is_dollar(dollar) => {
                let (separator, times, next) = repetition(tokens, at + 2)?;
                out.push(Pattern::Repeat(Repeat { inner: patterns(inner)?, separator, times }));
                at = next;
            }
            (dollar, Some(Token::Ident(name, _))) if is_dollar(dollar) => {
                let (Some(Token::Punct(':', _)), Some(Token::Ident(kind, _))) =
                    (tokens.get(at + 2), tokens.get(at + 3))
                else {
                    return None;
                };
                out.push(Pattern::Variable(name.clone(), Kind::read(kind)?));
                at += 4;
            }
            (dollar, _) if is_dollar(dollar) => return None,
            (Token::Group(Delimiter::Fragment(_), _), _) => return None,
            (Token::Group(delimiter, inner), _) => {
                out.push(Pattern::Group(*delimiter, patterns(inner)?));
                at += 1;
            }
            _ => {
                let (token, length) = lexed::next(tokens, at)?;
                out.push(Pattern::Token(token));
                at += length;
            }
        }
    }
    Some(out)
}

/// What stands behind `$(..)`: the separator, how often, and where to go on.
fn repetition(tokens: &[Token], at: usize) -> Option<(Option<Lexed>, Times, usize)> {
    let (first, length) = lexed::next(tokens, at)?;
    if let Some(times) = times(&first) {
        return Some((None, times, at + length));
    }
    if matches!(tokens.get(at), Some(Token::Group(..) | Token::Punct('$', _))) {
        return None;
    }
    let (second, second_length) = lexed::next(tokens, at + length)?;
    match times(&second)? {
        // Never with a separator.
        Times::Perhaps => None,
        times => Some((Some(first), times, at + length + second_length)),
    }
}

fn times(token: &Lexed) -> Option<Times> {
    match token {
        Lexed::Operator(text) => match &**text {
            "*" => Some(Times::Any),
            "+" => Some(Times::AtLeastOnce),
            "?" => Some(Times::Perhaps),
            _ => None,
        },
        _ => None,
    }
}

fn templates(tokens: &[Token]) -> Option<Vec<Template>> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match (token, tokens.get(at + 1)) {
            (dollar, Some(Token::Group(Delimiter::Paren, inner))) if is_dollar(dollar) => {
                let (separator, times, next) = repetition(tokens, at + 2)?;
                out.push(Template::Repeat(Repeat { inner: templates(inner)?, separator, times }));
                at = next;
            }
            (dollar, Some(Token::Ident(name, _))) if is_dollar(dollar) => {
                out.push(if name == "crate" { Template::Crate } else { Template::Variable(name.clone()) });
                at += 2;
            }
            (dollar, _) if is_dollar(dollar) => return None,
            // What a macro that made this one was given.
            (Token::Group(Delimiter::Fragment(_), _), _) => {
                out.push(Template::Token(token.clone()));
                at += 1;
            }
            (Token::Group(delimiter, inner), _) => {
                out.push(Template::Group(*delimiter, templates(inner)?));
                at += 1;
            }
            // What stands for `$x` does not continue the operator before it.
            (Token::Punct(c, _), Some(dollar)) if is_dollar(dollar) => {
                out.push(Template::Token(Token::Punct(*c, false)));
                at += 1;
            }
            (token, _) => {
                out.push(Template::Token(token.clone()));
                at += 1;
            }
        }
    }
    Some(out)
}

/// Writes `$crate::` before the names of macros that are called, as `local_inner_macros` has it. `None`: what looks
/// like a call stands among the tokens of another one, which may compare them.
fn with_crate(template: Vec<Template>, is_code: bool) -> Option<Vec<Template>> {
    let mut out = Vec::with_capacity(template.len());
    for part in template {
        let called = match (&*out, &part) {
            ([.., path, bang], Template::Group(..)) if is_punct(bang, '!') => {
                matches!(path, Template::Token(Token::Ident(..)) | Template::Variable(_))
            }
            _ => false,
        };
        if let ([before @ .., Template::Token(Token::Ident(..)), _], true) = (&*out, called)
            && !before.last().is_some_and(|last| is_punct(last, ':'))
        {
            if !is_code {
                return None;
            }
            let colons = [true, false].map(|joint| Template::Token(Token::Punct(':', joint)));
            let at = before.len();
            out.splice(at..at, [Template::Crate].into_iter().chain(colons));
        }
        out.push(match part {
            Template::Group(delimiter, inner) => {
                Template::Group(delimiter, with_crate(inner, is_code && !called)?)
            }
            Template::Repeat(Repeat { inner, separator, times }) => {
                Template::Repeat(Repeat { inner: with_crate(inner, is_code)?, separator, times })
            }
            other => other,
        });
    }
    Some(out)
}

fn is_punct(part: &Template, c: char) -> bool {
    matches!(part, Template::Token(Token::Punct(own, _)) if *own == c)
}
