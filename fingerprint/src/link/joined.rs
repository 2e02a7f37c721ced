//! Finds the names that a macro may join from words: `paste! { [<get_ $field>] }`, `seq!(N in 0..4 { f~N() })`.
//!
//! Which macro joins, and how, is not known: every name of the program counts that is nothing but words of the
//! call, whatever their case. It says nothing of names that a macro joins with words of its own.

use super::symbols::{Sym, Symbols};
use std::collections::BTreeSet;

/// Every name of the program in the form in which words are compared, sorted.
pub(super) struct Names(Vec<(String, Sym)>);

impl Names {
    pub(super) fn new(symbols: &Symbols) -> Self {
        let all = symbols.all().map(|(symbol, text)| (plain(text), symbol));
        let mut names: Vec<(String, Sym)> = all.filter(|(name, _)| !name.is_empty()).collect();
        names.sort_unstable();
        Names(names)
    }

    /// The names that are made of words of these canonical texts.
    pub(super) fn joined_from<'t>(&self, texts: impl Iterator<Item = &'t str>) -> BTreeSet<Sym> {
        let mut words = BTreeSet::new();
        let mut numbers = false;
        for text in texts {
            numbers |= text.split(' ').any(|token| token == "~");
            words.extend(text.split(' ').flat_map(word_of).map(plain).filter(|word| !word.is_empty()));
        }
        let words = Words { words, numbers };
        let mut found = BTreeSet::new();
        for word in &words.words {
            let from = self.0.partition_point(|(name, _)| name < word);
            let begun = self.0[from..].iter().take_while(|(name, _)| name.starts_with(word.as_str()));
            let made = begun.filter(|(name, _)| words.make(&name[word.len()..]));
            found.extend(made.map(|(_, symbol)| *symbol));
        }
        found
    }
}

/// What names are made of.
struct Words {
    words: BTreeSet<String>,
    /// Numbers that stand nowhere count too: they are counted up.
    numbers: bool,
}

impl Words {
    /// Whether a text is a row of these words.
    fn make(&self, text: &str) -> bool {
        let mut reached = vec![false; text.len() + 1];
        reached[0] = true;
        for at in 0..text.len() {
            if !reached[at] {
                continue;
            }
            let rest = &text[at..];
            for (end, c) in rest.char_indices().map(|(start, c)| (start + c.len_utf8(), c)) {
                let is_number =
                    self.numbers && c.is_ascii_digit() && rest[..end].bytes().all(|b| b.is_ascii_digit());
                if is_number || self.words.contains(&rest[..end]) {
                    reached[at + end] = true;
                }
            }
        }
        reached[text.len()]
    }
}

/// Whether a canonical text has what macros that join names are told with.
pub(super) fn joins(text: &str) -> bool {
    let mut tokens = text.split(' ').peekable();
    while let Some(token) = tokens.next() {
        match token {
            "[" if tokens.peek() == Some(&"<") => return true,
            "~" => return true,
            _ if token.contains("concat_") && tokens.peek() == Some(&"!") => return true,
            _ => {}
        }
    }
    false
}

/// The words in a token: an identifier, a number, what is in a string or behind a lifetime's mark.
fn word_of(token: &str) -> impl Iterator<Item = &str> {
    token.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}

/// A word without what the change of its case adds or takes away.
fn plain(word: &str) -> String {
    word.chars().filter(|c| *c != '_').flat_map(char::to_lowercase).collect()
}
