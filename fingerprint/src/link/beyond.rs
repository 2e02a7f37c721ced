//! Notes what the facts of an item depend on beyond its own code and the outlines of all items: code of other
//! items, and whether some word is a name at all. Facts that are kept hold only as long as that is as it was.

use super::{ItemId, Program};
use crate::ir::ItemKind;
use serde::{Deserialize, Serialize};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
pub(super) struct Beyond {
    /// Whose facts are worked out. What is found out for nobody may be used for anybody.
    current: Cell<Option<ItemId>>,
    asked: RefCell<Asked>,
}

/// What was asked for, for whatever item.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Asked {
    /// Items of whose code others know something.
    pub(crate) code: BTreeSet<ItemId>,
    /// Whether these words are names.
    pub(crate) names: BTreeMap<String, bool>,
}

impl Beyond {
    /// Somebody looks at an item's code, or at what was found out by looking at it.
    pub(super) fn code(&self, id: ItemId) {
        if self.current.get() != Some(id) {
            self.asked.borrow_mut().code.insert(id);
        }
    }

    pub(super) fn name(&self, text: &str, is_one: bool) {
        let names = &mut self.asked.borrow_mut().names;
        if !names.contains_key(text) {
            names.insert(text.to_owned(), is_one);
        }
    }
}

impl Program<'_> {
    /// What was asked for so far can be seen in other ways.
    pub(super) fn forget_asked(&self) {
        *self.beyond.asked.borrow_mut() = Asked::default();
    }

    /// Works out facts of an item.
    pub(crate) fn within<R>(&self, id: ItemId, work: impl FnOnce() -> R) -> R {
        let before = self.beyond.current.replace(Some(id));
        let result = work();
        self.beyond.current.set(before);
        result
    }

    /// What facts depend on that were worked out so far. All of an item that is no function can be seen.
    pub(crate) fn asked(&self) -> Asked {
        let mut asked = self.beyond.asked.borrow().clone();
        asked.code.retain(|&id| matches!(self.head(id).kind, ItemKind::Fn(_)));
        asked
    }

    /// Whether some file has the name.
    pub(crate) fn is_name(&self, text: &str) -> bool {
        self.symbols.find(text).is_some()
    }

    /// The names that macros join were looked for among all names.
    pub(crate) fn asked_for_all_names(&self) -> bool {
        self.opaques.asked_for_all_names()
    }

    /// Every name, sorted.
    pub(crate) fn all_names(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self.symbols.all().map(|(_, text)| text).collect();
        all.sort_unstable();
        all
    }
}
