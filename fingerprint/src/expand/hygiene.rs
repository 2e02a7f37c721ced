//! Says whether an expansion reads the same without hygiene.
//!
//! A local of the macro's body is another one than a name of the same spelling in the call, and the
//! text of the expansion does not show that. So a name that both write, and that one of them may bind
//! as a local or a label, makes the expansion uncertain. Items are found by name, whoever wrote it.

use super::transcribe::Written;
use crate::ir::{Delimiter, Token};
use std::collections::BTreeMap;

/// How one side writes a name.
#[derive(Default)]
struct Use {
    binds: bool,
    reads: bool,
}

#[derive(Default)]
struct Uses<'t> {
    /// By name: in the template, in what it was given.
    names: BTreeMap<&'t str, [Use; 2]>,
    /// Identifiers and literals so far.
    seen: usize,
}

pub(super) fn is_plain(written: &Written) -> bool {
    let mut uses = Uses::default();
    uses.list(&written.tokens, &written.by_template, false);
    uses.names.values().all(|[body, given]| !(body.binds && given.reads || given.binds && body.reads))
}

impl<'t> Uses<'t> {
    /// `passed_on`: another macro may make anything of the tokens.
    fn list(&mut self, tokens: &'t [Token], by_template: &[bool], passed_on: bool) {
        for (at, token) in tokens.iter().enumerate() {
            match token {
                Token::Group(_, inner) => {
                    let call = at > 0 && is_bang(tokens.get(at - 1)) || at > 1 && is_bang(tokens.get(at - 2));
                    self.list(inner, by_template, passed_on || call);
                }
                Token::Ident(name) => {
                    let side = self.side(by_template);
                    let name = name.strip_prefix("r#").unwrap_or(name);
                    if !name.starts_with(|c: char| c == '_' || c.is_lowercase()) || is_word(name) {
                        continue;
                    }
                    let place = Place { tokens, at };
                    let entry = &mut self.names.entry(name).or_default()[side];
                    let alone = passed_on && !place.is_field() && !place.is_in_path();
                    entry.binds |= place.may_bind() || alone && !is_primitive(name);
                    entry.reads |= place.may_read() || alone;
                }
                Token::Literal(text) => {
                    let side = self.side(by_template);
                    for name in captures(text) {
                        self.names.entry(name).or_default()[side].reads = true;
                    }
                }
                Token::Punct(..) => {}
            }
        }
    }

    /// Who wrote the next identifier or literal.
    fn side(&mut self, by_template: &[bool]) -> usize {
        self.seen += 1;
        usize::from(!by_template.get(self.seen - 1).copied().unwrap_or(true))
    }
}

/// Names that a string may capture when it formats.
fn captures(text: &str) -> impl Iterator<Item = &str> {
    let word = |rest: &'_ str| rest.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(rest.len());
    text.split(['{', '$']).skip(1).map(move |rest| &rest[..word(rest)]).filter(|name| !name.is_empty())
}

/// An identifier among its neighbours.
struct Place<'t> {
    tokens: &'t [Token],
    at: usize,
}

impl Place<'_> {
    fn before(&self, steps: usize) -> Option<&Token> {
        self.at.checked_sub(steps).and_then(|at| self.tokens.get(at))
    }

    fn behind(&self, steps: usize) -> Option<&Token> {
        self.tokens.get(self.at + steps)
    }

    fn is_label(&self) -> bool {
        matches!(self.before(1), Some(Token::Punct('\'', true)))
    }

    /// Whether a pattern or a label could stand here.
    fn may_bind(&self) -> bool {
        if self.is_label() {
            let body = match self.behind(2) {
                Some(Token::Ident(word)) => matches!(word.as_str(), "loop" | "while" | "for"),
                Some(Token::Group(delimiter, _)) => *delimiter == Delimiter::Brace,
                _ => false,
            };
            return body && matches!(self.behind(1), Some(Token::Punct(':', _)));
        }
        if matches!(self.before(1), Some(Token::Ident(word)) if matches!(word.as_str(), "let" | "mut" | "ref" | "for"))
            || matches!(self.before(1), Some(Token::Punct('|', _)))
        {
            return true;
        }
        if matches!(self.tokens.get(self.at), Some(Token::Ident(word)) if is_primitive(word)) {
            return false;
        }
        let opens = match self.before(1) {
            None => true,
            Some(Token::Punct(c, _)) => matches!(c, ',' | '&' | ';' | '@' | '$'),
            Some(Token::Ident(_) | Token::Literal(_)) => false,
            Some(Token::Group(..)) => true,
        };
        let closes = match self.behind(1) {
            None => true,
            Some(Token::Punct(':', _)) => !matches!(self.behind(2), Some(Token::Punct(':', _))),
            Some(Token::Punct('.', _)) => matches!(self.behind(2), Some(Token::Punct('.', _))),
            Some(Token::Punct(c, _)) => matches!(c, ',' | '|' | '=' | '@' | ';'),
            Some(Token::Ident(word)) => matches!(word.as_str(), "in" | "if" | "else"),
            Some(Token::Group(..) | Token::Literal(_)) => false,
        };
        opens && closes && !self.is_field()
    }

    /// `.name`, but not `..name`.
    fn is_field(&self) -> bool {
        let dot = |token: Option<&Token>| matches!(token, Some(Token::Punct('.', _)));
        dot(self.before(1)) && !dot(self.before(2))
    }

    /// Whether a local or a label of this name could be meant.
    fn may_read(&self) -> bool {
        let defined = matches!(self.before(1), Some(Token::Ident(word))
            if matches!(word.as_str(), "fn" | "mod" | "struct" | "const" | "static" | "type" | "use" | "trait"));
        let called = matches!(self.behind(1), Some(Token::Punct('!', false)))
            && matches!(self.behind(2), Some(Token::Group(..)));
        !(defined || called || self.is_in_path() || self.is_field())
    }

    /// A segment of a path that has others.
    fn is_in_path(&self) -> bool {
        let colons = |first: Option<&Token>, second: Option<&Token>| {
            matches!(first, Some(Token::Punct(':', _))) && matches!(second, Some(Token::Punct(':', _)))
        };
        colons(self.before(2), self.before(1)) || colons(self.behind(1), self.behind(2))
    }
}

fn is_bang(token: Option<&Token>) -> bool {
    matches!(token, Some(Token::Punct('!', _)))
}

fn is_primitive(word: &str) -> bool {
    matches!(
        word,
        "bool"
            | "char"
            | "str"
            | "f32"
            | "f64"
            | "i8"
            | "i16"
            | "i32"
            | "i64"
            | "i128"
            | "isize"
            | "u8"
            | "u16"
            | "u32"
            | "u64"
            | "u128"
            | "usize"
    )
}

/// Words that bind nothing.
fn is_word(word: &str) -> bool {
    matches!(
        word,
        "_" | "as"
            | "async"
            | "await"
            | "break"
            | "const"
            | "continue"
            | "crate"
            | "dyn"
            | "else"
            | "enum"
            | "extern"
            | "false"
            | "fn"
            | "for"
            | "if"
            | "impl"
            | "in"
            | "let"
            | "loop"
            | "match"
            | "mod"
            | "move"
            | "mut"
            | "pub"
            | "ref"
            | "return"
            | "self"
            | "static"
            | "struct"
            | "super"
            | "trait"
            | "true"
            | "type"
            | "unsafe"
            | "use"
            | "where"
            | "while"
            | "yield"
    )
}
