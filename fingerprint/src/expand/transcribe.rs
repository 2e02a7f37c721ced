//! Writes what a rule stands for: its template, with what the metavariables matched in their places.

use super::lexed::Lexed;
use super::matcher::{Bindings, Bound};
use super::rules::{Repeat, Template};
use crate::ir::{Step, Token};
use std::collections::BTreeMap;

/// No macro of a person makes more.
const TOKENS: usize = 200_000;

/// Numbers the steps of the expansions in one text: each step writes words of its own.
#[derive(Clone, Debug, Default)]
pub(super) struct Steps {
    last: Step,
    /// What the words of a template become, by the step that wrote the template.
    current: BTreeMap<Step, Step>,
}

impl Steps {
    /// For what is given some tokens.
    pub(super) fn after(tokens: &[Token]) -> Self {
        Steps { last: newest(tokens), current: BTreeMap::new() }
    }

    /// Whether any step has written something.
    pub(super) fn is_begun(&self) -> bool {
        self.last > 0
    }

    /// Begins another step; returns what its own words are marked with.
    fn begin(&mut self) -> Step {
        self.current.clear();
        self.of(0)
    }

    fn of(&mut self, written: Step) -> Step {
        let last = &mut self.last;
        *self.current.entry(written).or_insert_with(|| {
            *last += 1;
            *last
        })
    }
}

fn newest(tokens: &[Token]) -> Step {
    let of = |token: &Token| match token {
        Token::Ident(_, step) | Token::Literal(_, step) => *step,
        Token::Group(_, inner) => newest(inner),
        Token::Punct(..) => 0,
    };
    tokens.iter().map(of).max().unwrap_or(0)
}

/// What a rule stands for, and the step that wrote its template's words. `None`: rustc would reject it, or
/// it is out of all bounds. `krate` is the word for `$crate`.
pub(super) fn transcribe(
    template: &[Template],
    bindings: &Bindings,
    krate: &str,
    steps: &mut Steps,
) -> Option<(Vec<Token>, Step)> {
    let step = steps.begin();
    let tokens = Scribe { bindings, krate, indexes: Vec::new(), steps, count: 0 }.list(template)?;
    Some((tokens, step))
}

struct Scribe<'b, 's> {
    bindings: &'b Bindings,
    krate: &'b str,
    /// Of the repetitions around.
    indexes: Vec<usize>,
    steps: &'s mut Steps,
    count: usize,
}

impl Scribe<'_, '_> {
    fn list(&mut self, templates: &[Template]) -> Option<Vec<Token>> {
        let mut tokens = Vec::new();
        for template in templates {
            match template {
                Template::Token(token) => {
                    self.count(1)?;
                    tokens.push(self.marked(token));
                }
                Template::Group(delimiter, inner) => {
                    self.count(1)?;
                    tokens.push(Token::Group(*delimiter, self.list(inner)?));
                }
                Template::Crate => tokens.push(Token::Ident(self.krate.to_owned(), 0)),
                Template::Variable(name) => match self.bound(name) {
                    Some(Bound::One(matched)) => {
                        let matched = matched.clone();
                        for token in &matched {
                            self.count(size(token))?;
                        }
                        tokens.extend(matched);
                    }
                    // Still to be repeated.
                    Some(Bound::Many(_)) => return None,
                    None => {
                        let step = self.steps.of(0);
                        tokens.extend([Token::Punct('$', false), Token::Ident(name.clone(), step)]);
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
                tokens.extend(plain(separator, self.steps.of(0)));
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
        self.count += more;
        (self.count <= TOKENS).then_some(())
    }

    /// A token of the template, as this step writes it.
    fn marked(&mut self, token: &Token) -> Token {
        match token {
            Token::Ident(text, step) => Token::Ident(text.clone(), self.steps.of(*step)),
            Token::Literal(text, step) => Token::Literal(text.clone(), self.steps.of(*step)),
            Token::Group(delimiter, inner) => {
                Token::Group(*delimiter, inner.iter().map(|token| self.marked(token)).collect())
            }
            Token::Punct(..) => token.clone(),
        }
    }
}

fn size(token: &Token) -> usize {
    match token {
        Token::Group(_, inner) => 1 + inner.iter().map(size).sum::<usize>(),
        _ => 1,
    }
}

fn plain(separator: &Lexed, step: Step) -> Vec<Token> {
    match separator {
        Lexed::Ident(text) => vec![Token::Ident(text.to_string(), step)],
        Lexed::Literal(text) => vec![Token::Literal(text.to_string(), step)],
        Lexed::Lifetime(name) => vec![Token::Punct('\'', true), Token::Ident(name.to_string(), step)],
        Lexed::Operator(text) => {
            let last = text.chars().count() - 1;
            text.chars().enumerate().map(|(at, c)| Token::Punct(c, at < last)).collect()
        }
        Lexed::Group(_) => Vec::new(),
    }
}
