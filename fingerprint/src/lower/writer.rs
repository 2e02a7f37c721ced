//! Writes the text of a skeleton and collects the references in its holes.
//!
//! Numbers of local names are written at once and remembered, so that they can be turned back into
//! the names when the item proves to hold tokens that see them.

use super::names::Names;
use crate::ir::{Name, Ref, RefIdx, Skeleton};
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
}

#[derive(Default)]
pub(super) struct Writer {
    text: String,
    refs: Vec<Ref>,
    lines: Vec<u32>,
    numbered: Vec<Numbered>,
    /// References without a hole: they are reached, and leave no trace in the text.
    silent: Vec<(Ref, u32)>,
    /// The last name that was read: where the next reference stands.
    place: Option<Span>,
    /// What [`Skeleton`] says of places in its text.
    result: Option<(usize, usize)>,
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

    pub(super) fn number(&mut self, sigil: Sigil, number: u32, name: Name) {
        self.space();
        let start = self.text.len();
        let _ = write!(self.text, "{}{number}", sigil.text());
        self.numbered.push(Numbered { start, end: self.text.len(), sigil, name });
    }

    /// Where the text ends now.
    pub(super) fn end(&self) -> usize {
        self.text.len()
    }

    /// What was written since is a function's result type, or an alias's type.
    pub(super) fn is_result(&mut self, since: usize) {
        self.result = Some((since, self.end()));
    }

    /// What was written since is the options of its mark.
    pub(super) fn is_options(&mut self, since: usize) {
        self.options = Some((since, self.end()));
    }

    /// Says where the next reference stands.
    pub(super) fn at(&mut self, span: Span) {
        self.place = Some(span);
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
        let Self { text, mut refs, mut lines, numbered, silent, place: _, result, options } = self;
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
            return Skeleton { text, refs, lines, result, options };
        }
        let mut out = String::with_capacity(text.len() + 8 * numbered.len());
        let mut at = 0;
        for Numbered { start, end, sigil, name } in numbered {
            out.push_str(text.get(at..start).unwrap_or_default());
            if matches!(sigil, Sigil::Label | Sigil::Lifetime) {
                out.push('\'');
            }
            out.push_str(names.get(name));
            at = end;
            ends.push((end, out.len()));
        }
        out.push_str(text.get(at..).unwrap_or_default());
        let (result, options) = (places(&ends, result), places(&ends, options));
        Skeleton { text: out, refs, lines, result, options }
    }
}
