//! Writes what a rule stands for: its template, with what the metavariables matched in their places.

use super::lexed::Lexed;
use super::matcher::{Bindings, Bound};
use super::rules::{Repeat, Template};
use crate::ir::Token;

/// No macro of a person makes more.
const TOKENS: usize = 200_000;

/// The tokens, and for every identifier and literal among them (depth first) whether the template wrote it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) tokens: Vec<Token>,
    pub(super) by_template: Vec<bool>,
    count: usize,
}

/// `None`: rustc would reject it, or it is out of all bounds. `krate` is the word for `$crate`.
pub(super) fn transcribe(template: &[Template], bindings: &Bindings, krate: &str) -> Option<Written> {
    let mut written = Written::default();
    let mut scribe = Scribe { bindings, krate, indexes: Vec::new(), out: &mut written };
    let tokens = scribe.list(template)?;
    written.tokens = tokens;
    Some(written)
}

struct Scribe<'b, 'o> {
    bindings: &'b Bindings,
    krate: &'b str,
    /// Of the repetitions around.
    indexes: Vec<usize>,
    out: &'o mut Written,
}

impl Scribe<'_, '_> {
    fn list(&mut self, templates: &[Template]) -> Option<Vec<Token>> {
        let mut tokens = Vec::new();
        for template in templates {
            match template {
                Template::Token(token) => {
                    self.count(1)?;
                    self.note(token, true);
                    tokens.push(token.clone());
                }
                Template::Group(delimiter, inner) => {
                    self.count(1)?;
                    tokens.push(Token::Group(*delimiter, self.list(inner)?));
                }
                Template::Crate => {
                    self.out.by_template.push(true);
                    tokens.push(Token::Ident(self.krate.to_owned()));
                }
                Template::Variable(name) => match self.bound(name) {
                    Some(Bound::One(matched)) => {
                        let matched = matched.clone();
                        for token in &matched {
                            self.count(size(token))?;
                            self.note(token, false);
                        }
                        tokens.extend(matched);
                    }
                    // Still to be repeated.
                    Some(Bound::Many(_)) => return None,
                    None => {
                        let token = Token::Ident(name.clone());
                        self.note(&token, true);
                        tokens.extend([Token::Punct('$', false), token]);
                    }
                },
                Template::Repeat(repeat) => self.repeat(repeat, &mut tokens)?,
            }
        }
        Some(tokens)
    }

    fn repeat(&mut self, repeat: &Repeat<Template>, tokens: &mut Vec<Token>) -> Option<()> {
        let mut times = None;
        self.times(&repeat.inner, &mut times)?;
        for index in 0..times? {
            if let (true, Some(separator)) = (index > 0, &repeat.separator) {
                self.count(1)?;
                let separator = plain(separator);
                for token in &separator {
                    self.note(token, true);
                }
                tokens.extend(separator);
            }
            self.indexes.push(index);
            let inner = self.list(&repeat.inner);
            self.indexes.pop();
            tokens.extend(inner?);
        }
        Some(())
    }

    /// How often the variables in a repetition repeat: all of them as often. `None`: they disagree.
    fn times(&self, templates: &[Template], found: &mut Option<usize>) -> Option<()> {
        for template in templates {
            match template {
                Template::Variable(name) => {
                    if let Some(Bound::Many(list)) = self.bound(name)
                        && *found.get_or_insert(list.len()) != list.len()
                    {
                        return None;
                    }
                }
                Template::Group(_, inner) | Template::Repeat(Repeat { inner, .. }) => {
                    self.times(inner, found)?;
                }
                Template::Token(_) | Template::Crate => {}
            }
        }
        Some(())
    }

    /// What a variable stands for in this round of the repetitions around.
    fn bound(&self, name: &str) -> Option<&Bound> {
        let mut bound = &self.bindings.iter().find(|(bound, _)| bound == name)?.1;
        for &index in &self.indexes {
            match bound {
                Bound::One(_) => break,
                Bound::Many(list) => bound = list.get(index)?,
            }
        }
        Some(bound)
    }

    fn count(&mut self, more: usize) -> Option<()> {
        self.out.count += more;
        (self.out.count <= TOKENS).then_some(())
    }

    fn note(&mut self, token: &Token, by_template: bool) {
        match token {
            Token::Ident(_) | Token::Literal(_) => self.out.by_template.push(by_template),
            Token::Group(_, inner) => inner.iter().for_each(|token| self.note(token, by_template)),
            Token::Punct(..) => {}
        }
    }
}

fn size(token: &Token) -> usize {
    match token {
        Token::Group(_, inner) => 1 + inner.iter().map(size).sum::<usize>(),
        _ => 1,
    }
}

fn plain(separator: &Lexed) -> Vec<Token> {
    match separator {
        Lexed::Ident(text) => vec![Token::Ident(text.to_string())],
        Lexed::Literal(text) => vec![Token::Literal(text.to_string())],
        Lexed::Lifetime(name) => vec![Token::Punct('\'', true), Token::Ident(name.to_string())],
        Lexed::Operator(text) => {
            let last = text.chars().count() - 1;
            text.chars().enumerate().map(|(at, c)| Token::Punct(c, at < last)).collect()
        }
        Lexed::Group(_) => Vec::new(),
    }
}
