//! Writes the text of a skeleton and collects the references in its holes.
//!
//! Numbers of local names are written at once and remembered, so that they can be turned back into
//! the names when the item proves to hold tokens that see them.

use super::names::Names;
use super::scope::Word;
use crate::ir::{Name, Ref, RefIdx, Skeleton, Step};
use proc_macro2::Span;
use std::fmt::Write as _;

/// What a number stands for.
#[derive(Clone, Copy)]
pub(super) enum Sigil {
    Local,
    Label,
    Generic,
    Lifetime,
}

impl Sigil {
    fn text(self) -> &'static str {
        match self {
            Self::Local => "#",
            Self::Label => "'#",
            Self::Generic => "%",
            Self::Lifetime => "'%",
        }
    }
}

struct Numbered {
    start: usize,
    end: usize,
    sigil: Sigil,
    name: Name,
    /// Which of the expansions in the item wrote it, from 1.
    rank: usize,
}

#[derive(Default)]
pub(super) struct Writer {
    text: String,
    refs: Vec<Ref>,
    lines: Vec<u32>,
    numbered: Vec<Numbered>,
    /// Steps of expansions, in the order in which they were met.
    steps: Vec<Step>,
    /// References without a hole: they are reached, and leave no trace in the text.
    silent: Vec<(Ref, u32)>,
    /// The last name that was read: where the next reference stands.
    place: Option<Span>,
    pinned: bool,
    /// What [`Skeleton`] says of places in its text.
    result: Option<(usize, usize)>,
    signature: Option<usize>,
    options: Option<(usize, usize)>,
}

impl Writer {
    fn space(&mut self) {
        if !self.text.is_empty() {
            self.text.push(' ');
        }
    }

    pub(super) fn word(&mut self, word: &str) {
        self.space();
        self.text.push_str(word);
    }

    /// Text of tokens or literals, in which the character of the holes could occur.
    pub(super) fn foreign(&mut self, text: &str) {
        self.space();
        if text.contains([Skeleton::HOLE, '\u{2}']) {
            for c in text.chars() {
                match c {
                    Skeleton::HOLE => self.text.push_str("\u{2}1"),
                    '\u{2}' => self.text.push_str("\u{2}2"),
                    c => self.text.push(c),
                }
            }
        } else {
            self.text.push_str(text);
        }
    }

    /// A quoted value: printable, and different for different values.
    pub(super) fn quoted(&mut self, prefix: &str, value: &str, suffix: &str) {
        self.space();
        self.text.push_str(prefix);
        self.text.push('"');
        for c in value.chars() {
            match c {
                '"' | '\\' => {
                    self.text.push('\\');
                    self.text.push(c);
                }
                c if c.is_control() => {
                    let _ = write!(self.text, "\\u{{{:x}}}", c as u32);
                }
                c => self.text.push(c),
            }
        }
        self.text.push('"');
        self.text.push_str(suffix);
    }

    pub(super) fn number(&mut self, sigil: Sigil, number: u32, word: Word) {
        self.space();
        let start = self.text.len();
        let _ = write!(self.text, "{}{number}", sigil.text());
        let (name, rank) = (word.name, self.rank(word.step));
        self.numbered.push(Numbered { start, end: self.text.len(), sigil, name, rank });
    }

    /// Where the text ends now.
    pub(super) fn end(&self) -> usize {
        self.text.len()
    }

    /// How many holes there are so far.
    pub(super) fn holes(&self) -> usize {
        self.refs.len()
    }

    /// What was written since is a function's result type, or an alias's type.
    pub(super) fn is_result(&mut self, since: usize) {
        self.result = Some((since, self.end()));
    }

    /// A function's signature ends here.
    pub(super) fn is_signature(&mut self) {
        self.signature = Some(self.end());
    }

    /// What was written since is the options of its mark.
    pub(super) fn is_options(&mut self, since: usize) {
        self.options = Some((since, self.end()));
    }

    /// Says where the next reference stands.
    pub(super) fn at(&mut self, span: Span) {
        if !self.pinned {
            self.place = Some(span);
        }
    }

    /// Whether references stand where the last one stood; returns what was before.
    pub(super) fn pin(&mut self, pinned: bool) -> bool {
        std::mem::replace(&mut self.pinned, pinned)
    }

    /// Says that a step of an expansion wrote the last word.
    pub(super) fn step(&mut self, step: Step) {
        if step != 0 {
            let rank = self.rank(step);
            self.word(&format!("~{rank}"));
        }
    }

    fn rank(&mut self, step: Step) -> usize {
        if step == 0 {
            return 0;
        }
        let known = self.steps.iter().position(|known| *known == step);
        known.unwrap_or_else(|| {
            self.steps.push(step);
            self.steps.len() - 1
        }) + 1
    }

    fn line(&self) -> u32 {
        self.place.map_or(0, |span| span.start().line as u32)
    }

    /// Writes a hole for a reference.
    pub(super) fn reference(&mut self, reference: Ref) -> RefIdx {
        self.space();
        self.text.push(Skeleton::HOLE);
        self.lines.push(self.line());
        self.refs.push(reference);
        RefIdx(self.refs.len() as u32 - 1)
    }

    /// Keeps a reference for behind the last hole; counts within [`Self::finish`]'s silent ones.
    pub(super) fn silent(&mut self, reference: Ref) -> usize {
        self.silent.push((reference, self.line()));
        self.silent.len() - 1
    }

    /// The index that a silent reference will have; no hole may follow.
    pub(super) fn silent_index(&self, silent: usize) -> RefIdx {
        RefIdx((self.refs.len() + silent) as u32)
    }

    /// Ends the skeleton; `by_name` puts the names back where numbers stand.
    pub(super) fn finish(self, by_name: bool, names: &Names) -> Skeleton {
        let Self { text, mut refs, mut lines, numbered, silent, result, signature, options, .. } = self;
        for (reference, line) in silent {
            refs.push(reference);
            lines.push(line);
        }
        // Where each number ends, before and after names are put back.
        let mut ends: Vec<(usize, usize)> = vec![(0, 0)];
        let place = |ends: &[(usize, usize)], at: usize| {
            let last = ends.partition_point(|(before, _)| *before <= at) - 1;
            let (before, after) = ends[last];
            (at - before + after) as u32
        };
        let places = |ends: &[(usize, usize)], range: Option<(usize, usize)>| {
            range.map(|(from, to)| (place(ends, from), place(ends, to)))
        };
        if !by_name || numbered.is_empty() {
            let (result, options) = (places(&ends, result), places(&ends, options));
            let signature = signature.map(|at| place(&ends, at));
            return Skeleton { text, refs, lines, result, signature, options };
        }
        let mut out = String::with_capacity(text.len() + 8 * numbered.len());
        let mut at = 0;
        for Numbered { start, end, sigil, name, rank } in numbered {
            out.push_str(text.get(at..start).unwrap_or_default());
            if matches!(sigil, Sigil::Label | Sigil::Lifetime) {
                out.push('\'');
            }
            out.push_str(names.get(name));
            if rank > 0 {
                let _ = write!(out, "~{rank}");
            }
            at = end;
            ends.push((end, out.len()));
        }
        out.push_str(text.get(at..).unwrap_or_default());
        let (result, options) = (places(&ends, result), places(&ends, options));
        let signature = signature.map(|at| place(&ends, at));
        Skeleton { text: out, refs, lines, result, signature, options }
    }
}
