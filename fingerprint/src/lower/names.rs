//! Keeps every identifier of a file once.

use crate::ir::Name;
use proc_macro2::Ident;
use std::collections::HashMap;
use std::fmt::Write as _;

#[derive(Default)]
pub(super) struct Names {
    list: Vec<String>,
    index: HashMap<String, Name>,
    buffer: String,
}

impl Names {
    /// The name of an identifier, without `r#`.
    pub(super) fn ident(&mut self, ident: &Ident) -> Name {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        let _ = write!(buffer, "{ident}");
        let name = self.text(&buffer);
        self.buffer = buffer;
        name
    }

    pub(super) fn text(&mut self, text: &str) -> Name {
        let text = text.strip_prefix("r#").unwrap_or(text);
        if let Some(name) = self.index.get(text) {
            return *name;
        }
        let name = Name(self.list.len() as u32);
        self.list.push(text.to_owned());
        self.index.insert(text.to_owned(), name);
        name
    }

    pub(super) fn get(&self, name: Name) -> &str {
        self.list.get(name.0 as usize).map_or("", String::as_str)
    }

    pub(super) fn into_list(self) -> Vec<String> {
        self.list
    }
}
