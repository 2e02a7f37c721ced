//! Matches what a macro is given with the pattern of a rule.
//!
//! As rustc does it: all ways through the pattern advance together, token by token; a fragment is
//! parsed only where it is the one way to go on. What rustc rejects, and what cannot be told here, is
//! [`Outcome::Unclear`].

use super::fragments::{self, Reach};
use super::lexed::{self, Lexed};
use super::rules::{Kind, Pattern, Times};
use crate::ir::{Delimiter, Token};
use crate::lower::Edition;
use std::rc::Rc;

/// What a metavariable stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    One(Vec<Token>),
    Many(Vec<Bound>),
}

/// Names and what they stand for, in the order of the pattern.
pub(super) type Bindings = Vec<(String, Bound)>;

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Matched(Bindings),
    /// The next rule is tried.
    Failed,
    Unclear,
}

/// One step of a pattern, laid out flat.
enum Step<'p> {
    Token(&'p Lexed),
    Open(Delimiter),
    Close(Delimiter),
    /// `variables`: how many are in it, from `first` on. `behind`: the step after it.
    Repeat {
        times: Times,
        variables: usize,
        first: usize,
        behind: usize,
        depth: usize,
    },
    /// The end of a repetition without a separator.
    Again {
        times: Times,
        start: usize,
    },
    Separator(&'p Lexed),
    /// Behind a separator.
    AfterSeparator {
        start: usize,
    },
    Variable {
        kind: Kind,
        index: usize,
        depth: usize,
    },
    End,
}

/// Token trees laid out flat: what is there, and where.
enum Piece<'t> {
    Tree { list: &'t [Token], at: usize },
    Close(Delimiter),
}

/// Far beyond what any macro needs: repetitions of nothing would go on for ever.
const STEPS: usize = 2_000_000;

struct Layout<'p> {
    steps: Vec<Step<'p>>,
    names: Vec<String>,
}

impl<'p> Layout<'p> {
    fn add(&mut self, patterns: &'p [Pattern], depth: usize) {
        for pattern in patterns {
            match pattern {
                Pattern::Token(token) => self.steps.push(Step::Token(token)),
                Pattern::Group(delimiter, inner) => {
                    self.steps.push(Step::Open(*delimiter));
                    self.add(inner, depth);
                    self.steps.push(Step::Close(*delimiter));
                }
                Pattern::Variable(name, kind) => {
                    self.steps.push(Step::Variable { kind: *kind, index: self.names.len(), depth });
                    self.names.push(name.clone());
                }
                Pattern::Repeat(repeat) => {
                    let at = self.steps.len();
                    let first = self.names.len();
                    let times = repeat.times;
                    self.steps.push(Step::Repeat { times, variables: 0, first, behind: 0, depth });
                    self.add(&repeat.inner, depth + 1);
                    match &repeat.separator {
                        None => self.steps.push(Step::Again { times, start: at + 1 }),
                        Some(separator) => {
                            self.steps.push(Step::Separator(separator));
                            self.steps.push(Step::AfterSeparator { start: at + 1 });
                        }
                    }
                    let (variables, behind) = (self.names.len() - first, self.steps.len());
                    self.steps[at] = Step::Repeat { times, variables, first, behind, depth };
                }
            }
        }
    }
}

/// A way through the pattern.
#[derive(Clone)]
struct Way {
    step: usize,
    bound: Rc<Vec<Bound>>,
}

impl Way {
    fn at(&self, step: usize) -> Self {
        Self { step, bound: Rc::clone(&self.bound) }
    }

    fn bind(&mut self, index: usize, depth: usize, bound: Bound) {
        let all = Rc::make_mut(&mut self.bound);
        if depth == 0 {
            all.push(bound);
            return;
        }
        let Some(mut here) = all.get_mut(index) else { return };
        for _ in 1..depth {
            let Bound::Many(list) = here else { return };
            let Some(round) = list.last_mut() else { return };
            here = round;
        }
        if let Bound::Many(list) = here {
            list.push(bound);
        }
    }
}

pub(super) fn matches(patterns: &[Pattern], tokens: &[Token], edition: Edition) -> Outcome {
    let mut layout = Layout { steps: Vec::new(), names: Vec::new() };
    layout.add(patterns, 0);
    layout.steps.push(Step::End);
    let mut pieces = Vec::new();
    lay_out(tokens, &mut pieces);
    Matcher { steps: &layout.steps, pieces: &pieces, edition, budget: STEPS }.run(layout.names)
}

fn lay_out<'t>(list: &'t [Token], out: &mut Vec<Piece<'t>>) {
    for (at, token) in list.iter().enumerate() {
        out.push(Piece::Tree { list, at });
        if let Token::Group(delimiter, inner) = token
            && !matches!(delimiter, Delimiter::Fragment(_))
        {
            lay_out(inner, out);
            out.push(Piece::Close(*delimiter));
        }
    }
}

/// How many pieces a token tree takes.
fn pieces_of(token: &Token) -> usize {
    match token {
        Token::Group(Delimiter::Fragment(_), _) => 1,
        Token::Group(_, inner) => 2 + inner.iter().map(pieces_of).sum::<usize>(),
        _ => 1,
    }
}

struct Matcher<'m> {
    steps: &'m [Step<'m>],
    pieces: &'m [Piece<'m>],
    edition: Edition,
    budget: usize,
}

impl Matcher<'_> {
    fn run(&mut self, names: Vec<String>) -> Outcome {
        let mut ways = vec![Way { step: 0, bound: Rc::new(Vec::new()) }];
        let mut at = 0;
        loop {
            let (mut next, mut waiting, mut ended) = (Vec::new(), Vec::new(), Vec::new());
            let here = match self.pieces.get(at) {
                Some(Piece::Tree { list, at }) => match lexed::next(list, *at) {
                    Some((token, length)) => Here::Tree { list, at: *at, token, length },
                    None => return Outcome::Unclear,
                },
                Some(Piece::Close(delimiter)) => Here::Close(*delimiter),
                None => Here::End,
            };
            while let Some(way) = ways.pop() {
                let Some(budget) = self.budget.checked_sub(1) else { return Outcome::Unclear };
                self.budget = budget;
                let moved = self.advance(way, &here, &mut ways, &mut next, &mut waiting, &mut ended);
                if moved.is_none() {
                    return Outcome::Unclear;
                }
            }
            if let Here::End = here {
                return match (ended.pop(), ended.is_empty()) {
                    (None, _) => Outcome::Failed,
                    (Some(_), false) => Outcome::Unclear,
                    (Some(bound), true) => {
                        let bound = Rc::try_unwrap(bound).unwrap_or_else(|shared| shared.to_vec());
                        Outcome::Matched(names.into_iter().zip(bound).collect())
                    }
                };
            }
            match (next.is_empty(), waiting.pop()) {
                (true, None) => return Outcome::Failed,
                (false, None) => {
                    at += match &here {
                        Here::Tree { length, .. } => *length,
                        Here::Close(_) | Here::End => 1,
                    };
                    ways = next;
                }
                (true, Some((mut way, kind, index, depth))) if waiting.is_empty() => {
                    let Here::Tree { list, at: from, .. } = &here else { return Outcome::Unclear };
                    let rest = list.get(*from..).unwrap_or_default();
                    let Some(length) = fragments::length(kind, rest, self.edition) else {
                        return Outcome::Unclear;
                    };
                    let Some(taken) = rest.get(..length) else { return Outcome::Unclear };
                    at += taken.iter().map(pieces_of).sum::<usize>();
                    way.bind(index, depth, Bound::One(fragments::whole(kind, taken)));
                    ways = vec![way.at(way.step + 1)];
                }
                _ => return Outcome::Unclear,
            }
        }
    }

    /// Moves one way as far as it goes without a token; `None` where that cannot be told.
    fn advance(
        &self,
        mut way: Way,
        here: &Here<'_>,
        ways: &mut Vec<Way>,
        next: &mut Vec<Way>,
        waiting: &mut Vec<(Way, Kind, usize, usize)>,
        ended: &mut Vec<Rc<Vec<Bound>>>,
    ) -> Option<()> {
        let is = |wanted: &Lexed| matches!(here, Here::Tree { token, .. } if token == wanted);
        match self.steps.get(way.step)? {
            Step::Token(wanted) => {
                if is(wanted) {
                    next.push(way.at(way.step + 1));
                }
            }
            Step::Open(delimiter) => {
                if is(&Lexed::Group(*delimiter)) {
                    next.push(way.at(way.step + 1));
                }
            }
            Step::Close(delimiter) => {
                if matches!(here, Here::Close(closed) if closed == delimiter) {
                    next.push(way.at(way.step + 1));
                }
            }
            &Step::Repeat { times, variables, first, behind, depth } => {
                for index in first..first + variables {
                    way.bind(index, depth, Bound::Many(Vec::new()));
                }
                if times != Times::AtLeastOnce {
                    ways.push(way.at(behind));
                }
                ways.push(way.at(way.step + 1));
            }
            &Step::Again { times, start } => {
                ways.push(way.at(way.step + 1));
                if times != Times::Perhaps {
                    ways.push(way.at(start));
                }
            }
            Step::Separator(separator) => {
                ways.push(way.at(way.step + 2));
                if is(separator) {
                    next.push(way.at(way.step + 1));
                }
            }
            &Step::AfterSeparator { start } => ways.push(way.at(start)),
            &Step::Variable { kind, index, depth } => {
                if let Here::Tree { list, at, .. } = here {
                    match fragments::may_begin(kind, list.get(*at..).unwrap_or_default(), self.edition) {
                        Reach::Yes => waiting.push((way, kind, index, depth)),
                        Reach::No => {}
                        Reach::Unclear => return None,
                    }
                }
            }
            Step::End => {
                if matches!(here, Here::End) {
                    ended.push(way.bound);
                }
            }
        }
        Some(())
    }
}

/// What stands at the place that is looked at.
enum Here<'t> {
    Tree { list: &'t [Token], at: usize, token: Lexed, length: usize },
    Close(Delimiter),
    End,
}
