//! Puts functions beside what is stored of them: what every command needs that compares the two.

use crate::arguments::Compared;
use crate::compare;
use crate::failure::Result;
use crate::names::Found;
use crate::owners::{self, Owners};
use crate::packages::Roots;
use crate::stores::{Contents, Kept};
use crate::terminal::Terminal;
use checkpointing::{Acceptance, Directory, Fingerprint, Store};
use checkpointing_fingerprint::Graph;
use serde::Serialize;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::SystemTime;

/// Packages, analysed, and the stores of their results.
pub(crate) struct View {
    pub(crate) graphs: Vec<Graph>,
    pub(crate) contents: Contents,
    /// Indexes of each function's entries in the contents, by the function's address.
    entries: BTreeMap<usize, Vec<usize>>,
}

impl Compared {
    /// Analyses the packages and reads their stores. Warns of what cannot be.
    pub(crate) fn view(&self, roots: Roots, terminal: &Terminal) -> Result<View> {
        let graphs = self.selection.load(roots, terminal)?;
        let stores = self.store.directories_of(&self.selection, &graphs);
        Ok(View::new(graphs, Contents::told(stores, terminal)))
    }
}

impl View {
    pub(crate) fn new(graphs: Vec<Graph>, contents: Contents) -> View {
        let entries = Owners::new(&graphs).entries(&contents);
        View { graphs, contents, entries }
    }

    /// Each function once, and what is stored of it.
    pub(crate) fn functions(&self) -> impl Iterator<Item = (Found<'_>, State<'_>)> {
        Found::once(&self.graphs).into_iter().map(|found| (found, self.state(found)))
    }

    /// What is stored of a function of these graphs.
    pub(crate) fn state(&self, found: Found<'_>) -> State<'_> {
        let indexes = self.entries.get(&owners::address(found)).into_iter().flatten();
        let mut entries: Vec<&Kept> = indexes.map(|&index| &self.contents.entries[index]).collect();
        entries.sort_by_key(|kept| kept.entry.header.created);
        let stored = found.function.stored.as_ref();
        let own: Vec<[u8; 32]> = stored.into_iter().flat_map(owners::fingerprints).collect();
        let is_current = |fingerprint: &Fingerprint| own.contains(fingerprint.as_bytes());
        // As the runtime reads them; and there are results.
        let serves = |store: &Rc<Directory>, accepted: &Acceptance| {
            let has_results =
                |kept: &&Kept| kept.is_in(store) && accepted.results == kept.entry.header.fingerprint;
            stored.is_some_and(|stored| {
                stored.is_named(&accepted.function) && stored.shape.as_ref() == Ok(&accepted.shape)
            }) && is_current(&accepted.fingerprint)
                && entries.iter().any(has_results)
        };
        let accepted = self.contents.accepted.iter().filter(|(store, accepted)| serves(store, accepted));
        let accepted: Vec<&Acceptance> = accepted.map(|(_, accepted)| accepted).collect();
        let is_same = || {
            let last = entries.last()?;
            let before = last.store.closure(&last.entry.header.fingerprint).ok().flatten()?;
            Some(compare::is_same_but_watched(found, &before))
        };
        let is_up_to_date = entries.iter().any(|kept| is_current(&kept.entry.header.fingerprint));
        let freshness = if is_up_to_date || is_same() == Some(true) {
            Freshness::UpToDate
        } else if entries.is_empty() {
            Freshness::NotStored
        } else if accepted.is_empty() {
            Freshness::Changed
        } else {
            Freshness::Accepted
        };
        State { freshness, entries, accepted }
    }
}

/// Whether a function's stored results are those of its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Freshness {
    /// Nothing is stored.
    NotStored,
    UpToDate,
    /// They are those of a code that was accepted for it.
    Accepted,
    /// Something that it depends on changed since: the next call reruns.
    Changed,
}

impl Freshness {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Freshness::NotStored => "not stored",
            Freshness::UpToDate => "up to date",
            Freshness::Accepted => "up to date by acceptance",
            Freshness::Changed => "changed since",
        }
    }
}

/// What is stored of a function.
pub(crate) struct State<'v> {
    pub(crate) freshness: Freshness,
    /// Oldest first.
    pub(crate) entries: Vec<&'v Kept>,
    /// By what results of other codes serve the present one. Oldest first.
    pub(crate) accepted: Vec<&'v Acceptance>,
}

impl State<'_> {
    pub(crate) fn bytes(&self) -> u64 {
        self.entries.iter().map(|kept| kept.entry.size).sum()
    }

    pub(crate) fn last(&self) -> Option<SystemTime> {
        self.entries.iter().map(|kept| kept.entry.header.created).max()
    }
}
