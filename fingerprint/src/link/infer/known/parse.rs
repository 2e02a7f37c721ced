//! Reads the tables of the standard library's types.

use std::collections::HashMap;

/// A type in a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Sig {
    /// A type parameter, by number: the section's own first.
    Slot(usize),
    /// `Self`
    Own,
    Std(&'static str, Vec<Sig>),
    /// `each<T>`
    Each(Box<Sig>),
    Tuple(Vec<Sig>),
    Slice(Box<Sig>),
    Closure(Vec<Sig>, Box<Sig>),
    Never,
    Unknown,
}

#[derive(Clone, Debug)]
pub(in super::super) struct Signature {
    /// The arguments of the type that it belongs to.
    pub(in super::super) of: Vec<Sig>,
    /// Parameters that `::<..>` gives.
    pub(in super::super) explicit: Vec<usize>,
    pub(in super::super) slots: usize,
    /// A function, and no constant.
    pub(in super::super) is_called: bool,
    pub(in super::super) params: Vec<Sig>,
    pub(in super::super) ret: Sig,
}

/// The head line of a section, and its signatures.
pub(super) struct Section {
    pub(super) is_trait: bool,
    pub(super) names: Vec<&'static str>,
    pub(super) slots: usize,
    pub(super) derefs: Option<Sig>,
    pub(super) iterates: Option<Sig>,
    /// It has no `Clone` and the like that come before those of what it dereferences to.
    pub(super) is_bare: bool,
    pub(super) traits: Vec<&'static str>,
    pub(super) is: Option<Sig>,
    pub(super) methods: Vec<(&'static str, Signature)>,
    /// Called by their path.
    pub(super) functions: Vec<(&'static str, Signature)>,
}

pub(super) fn sections(text: &'static str) -> Vec<Section> {
    let mut sections: Vec<(Section, Vec<Sig>, Slots)> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        if let Some(line) = line.strip_prefix("    ") {
            if let Some((section, of, slots)) = sections.last_mut() {
                signatures(line, section, of, slots);
            }
        } else {
            sections.push(section(line));
        }
    }
    sections.into_iter().map(|(section, ..)| section).collect()
}

type Slots = HashMap<&'static str, usize>;

fn section(line: &'static str) -> (Section, Vec<Sig>, Slots) {
    let mut slots = Slots::new();
    let mut input = Input { rest: line };
    let is_trait = input.word() == "trait";
    let mut names = vec![input.word()];
    let mut of = Vec::new();
    if input.eat("<") {
        of = input.list(">", &mut slots);
    }
    while input.eat("|") {
        names.push(input.word());
        if input.eat("<") {
            input.list(">", &mut slots);
        }
    }
    let mut section = Section {
        is_trait,
        names,
        slots: of.len(),
        derefs: None,
        iterates: None,
        is_bare: false,
        traits: Vec::new(),
        is: None,
        methods: Vec::new(),
        functions: Vec::new(),
    };
    loop {
        match input.word() {
            "derefs" => section.derefs = Some(input.ty(&mut slots)),
            "iterates" => section.iterates = Some(input.ty(&mut slots)),
            "bare" => section.is_bare = true,
            "has" => section.traits.push(input.word()),
            "is" => section.is = Some(input.ty(&mut slots)),
            _ => break,
        }
    }
    (section, of, slots)
}

/// `names<explicit>(parameters) -> result`
fn signatures(line: &'static str, section: &mut Section, of: &[Sig], slots: &Slots) {
    let mut slots = slots.clone();
    let mut input = Input { rest: line };
    let by_path = input.eat("::");
    let mut names = vec![input.word()];
    while input.eat(",") {
        names.push(input.word());
    }
    let mut explicit = Vec::new();
    if input.eat("<") {
        let given = input.list(">", &mut slots);
        explicit.extend(
            given.iter().filter_map(|sig| if let Sig::Slot(slot) = sig { Some(*slot) } else { None }),
        );
    }
    let is_called = input.eat("(");
    let params = if is_called { input.list(")", &mut slots) } else { Vec::new() };
    let ret = if input.eat("->") { input.ty(&mut slots) } else { Sig::Tuple(Vec::new()) };
    let signature = Signature { of: of.to_vec(), explicit, slots: slots.len(), is_called, params, ret };
    let list = if by_path { &mut section.functions } else { &mut section.methods };
    list.extend(names.into_iter().map(|name| (name, signature.clone())));
}

struct Input {
    rest: &'static str,
}

impl Input {
    fn eat(&mut self, token: &str) -> bool {
        match self.rest.trim_start().strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// An identifier, also a path (`hash_map::Iter`) and a literal's type.
    fn word(&mut self) -> &'static str {
        let rest = self.rest.trim_start();
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '{' | '}');
        let mut end = 0;
        loop {
            end += rest[end..].find(|c| !is_part(c)).unwrap_or(rest.len() - end);
            match rest[end..].strip_prefix("::") {
                Some(more) if end > 0 && more.starts_with(is_part) => end += 2,
                _ => break,
            }
        }
        self.rest = &rest[end..];
        &rest[..end]
    }

    fn list(&mut self, close: &str, slots: &mut Slots) -> Vec<Sig> {
        let mut list = Vec::new();
        while !self.eat(close) {
            list.push(self.ty(slots));
            // An unclosed list ends with its line.
            if !self.eat(",") && self.rest.trim().is_empty() {
                break;
            }
        }
        list
    }

    fn ty(&mut self, slots: &mut Slots) -> Sig {
        if self.eat("(") {
            return Sig::Tuple(self.list(")", slots));
        }
        if self.eat("[") {
            let item = self.ty(slots);
            self.eat("]");
            return Sig::Slice(Box::new(item));
        }
        if self.eat("!") {
            return Sig::Never;
        }
        let word = self.word();
        let args = if self.eat("<") { self.list(">", slots) } else { Vec::new() };
        match word {
            "_" | "" => {
                // Leave no endless loop behind a sign that is not known.
                let mut rest = self.rest.chars();
                if word.is_empty() && !self.rest.starts_with([')', '>', ',']) {
                    rest.next();
                    self.rest = rest.as_str();
                }
                Sig::Unknown
            }
            "Self" => Sig::Own,
            "each" => Sig::Each(Box::new(args.into_iter().next().unwrap_or(Sig::Unknown))),
            "fn" => {
                self.eat("(");
                let params = self.list(")", slots);
                let ret = if self.eat("->") { self.ty(slots) } else { Sig::Tuple(Vec::new()) };
                Sig::Closure(params, Box::new(ret))
            }
            letter if letter.len() == 1 && letter.starts_with(|c: char| c.is_ascii_uppercase()) => {
                let next = slots.len();
                Sig::Slot(*slots.entry(letter).or_insert(next))
            }
            name => Sig::Std(name, args),
        }
    }
}
