//! Interns names over all files, so that resolution compares numbers.

use std::collections::HashMap;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Sym(u32);

#[derive(Default)]
pub(super) struct Symbols {
    texts: Vec<String>,
    index: HashMap<String, Sym>,
}

impl Symbols {
    pub(super) fn intern(&mut self, text: &str) -> Sym {
        if let Some(&symbol) = self.index.get(text) {
            return symbol;
        }
        let symbol = Sym(self.texts.len() as u32);
        self.texts.push(text.to_owned());
        self.index.insert(text.to_owned(), symbol);
        symbol
    }

    pub(super) fn find(&self, text: &str) -> Option<Sym> {
        self.index.get(text).copied()
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (Sym, &str)> {
        self.texts.iter().enumerate().map(|(index, text)| (Sym(index as u32), text.as_str()))
    }

    pub(super) fn text(&self, symbol: Sym) -> &str {
        &self.texts[symbol.0 as usize]
    }
}
