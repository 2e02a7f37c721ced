//! Finds the names that a macro may join from words: `paste! { [<get_ $field>] }`, `seq!(N in 0..4 { f~N() })`.
//!
//! Between `[<` and `>]` the name is told, whatever its case. Otherwise it is not known how a macro joins names:
//! every name of the program counts that is nothing but words of the call. It says nothing of names that a macro joins with words of its own.

use super::symbols::{Sym, Symbols};
use std::collections::{BTreeSet, HashSet};

/// Every name of the program in the form in which words are compared, sorted.
pub(super) struct Names(Vec<(String, Sym)>);

impl Names {
    pub(super) fn new(symbols: &Symbols) -> Self {
        let all = symbols.all().map(|(symbol, text)| (plain(text), symbol));
        let mut names: Vec<(String, Sym)> = all.filter(|(name, _)| !name.is_empty()).collect();
        names.sort_unstable();
        Names(names)
    }

    /// The names that macros may join which are given these canonical texts.
    pub(super) fn joined_from(&self, texts: &[&str]) -> BTreeSet<Sym> {
        let names: Option<Vec<Vec<String>>> = texts.iter().map(|text| told(text)).collect();
        match names {
            Some(names) => names.iter().flatten().flat_map(|name| self.named(name)).collect(),
            None => self.made_of(texts),
        }
    }

    fn named(&self, name: &str) -> impl Iterator<Item = Sym> {
        let from = self.0.partition_point(|(other, _)| other.as_str() < name);
        self.0[from..].iter().take_while(move |(other, _)| other == name).map(|(_, symbol)| *symbol)
    }

    /// The names that are nothing but words of these texts.
    fn made_of(&self, texts: &[&str]) -> BTreeSet<Sym> {
        let tokens = || texts.iter().flat_map(|text| text.split(' '));
        let words: BTreeSet<String> =
            tokens().flat_map(words_of).map(plain).filter(|word| !word.is_empty()).collect();
        let longest = words.iter().map(String::len).max().unwrap_or_default();
        let numbers = tokens().any(|token| token == "~");
        let words = Words { all: words.iter().map(String::as_str).collect(), longest, numbers };
        let mut reached = Vec::new();
        let made = self.0.iter().filter(|(name, _)| words.make(name, &mut reached));
        made.map(|(_, symbol)| *symbol).collect()
    }
}

/// The names between `[<` and `>]`; `None` where a text joins names in another way, or of words that stand
/// elsewhere.
fn told(text: &str) -> Option<Vec<String>> {
    let tokens: Vec<&str> = text.split(' ').collect();
    let mut names = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match (tokens[at], tokens.get(at + 1)) {
            ("[", Some(&"<")) => {
                let end = at + tokens[at..].iter().position(|token| *token == "]")?;
                let mut name = String::new();
                let mut inner = tokens[at + 2..end].iter();
                while let Some(token) = inner.next() {
                    match *token {
                        // `:camel` and the like.
                        ":" => _ = inner.next(),
                        ">" => {}
                        "$" | "env" | "#" => return None,
                        token => name.extend(words_of(token).map(plain)),
                    }
                }
                names.push(name);
                at = end;
            }
            ("~", _) => return None,
            (token, Some(&"!")) if token.contains("concat_") => return None,
            _ => {}
        }
        at += 1;
    }
    Some(names)
}

/// What names are made of.
struct Words<'w> {
    all: HashSet<&'w str>,
    /// In bytes, of those.
    longest: usize,
    /// Numbers that stand nowhere count too, behind a word: they are counted up.
    numbers: bool,
}

impl Words<'_> {
    /// Whether a text is a row of these words. `reached` is for one text after another.
    fn make(&self, text: &str, reached: &mut Vec<bool>) -> bool {
        reached.clear();
        reached.resize(text.len() + 1, false);
        reached[0] = true;
        for at in 0..text.len() {
            if !reached[at] {
                continue;
            }
            let rest = &text[at..];
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            if self.numbers && at > 0 {
                reached[at + 1..=at + digits].fill(true);
            }
            for end in 1..=rest.len().min(self.longest) {
                if !reached[at + end] && rest.get(..end).is_some_and(|word| self.all.contains(word)) {
                    reached[at + end] = true;
                }
            }
        }
        reached[text.len()]
    }
}

/// Whether a canonical text has what macros that join names are told with.
pub(super) fn joins(text: &str) -> bool {
    told(text).is_none_or(|names| !names.is_empty())
}

/// The words in a token: an identifier, a number, what is in a string or behind a lifetime's mark.
fn words_of(token: &str) -> impl Iterator<Item = &str> {
    token.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}

/// A word without what the change of its case adds or takes away.
fn plain(word: &str) -> String {
    word.chars().filter(|c| *c != '_').flat_map(char::to_lowercase).collect()
}
