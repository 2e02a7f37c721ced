//! Compares functions as they are with the results that are stored.

use crate::compare;
use crate::names::Found;
use crate::owners::{self, Owners};
use crate::stores::{Contents, Kept};
use checkpointing::{Acceptance, Directory, Fingerprint, Store};
use checkpointing_fingerprint::Graph;
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::SystemTime;

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
pub(crate) struct State<'c, 's> {
    pub(crate) freshness: Freshness,
    /// Oldest first.
    pub(crate) entries: Vec<&'c Kept<'s>>,
    /// By what results of other codes serve the present one. Oldest first.
    pub(crate) accepted: Vec<&'c Acceptance>,
}

impl State<'_, '_> {
    pub(crate) fn bytes(&self) -> u64 {
        self.entries.iter().map(|kept| kept.entry.size).sum()
    }

    pub(crate) fn last(&self) -> Option<SystemTime> {
        self.entries.iter().map(|kept| kept.entry.header.created).max()
    }
}

/// The functions of graphs beside what is stored of them.
pub(crate) struct States<'c, 's> {
    /// By the function's address.
    entries: BTreeMap<usize, Vec<&'c Kept<'s>>>,
    accepted: &'c [(&'s Directory, Acceptance)],
}

impl<'c, 's> States<'c, 's> {
    pub(crate) fn new(graphs: &[Graph], contents: &'c Contents<'s>) -> Self {
        States { entries: Owners::new(graphs).entries(contents), accepted: &contents.accepted }
    }

    pub(crate) fn of(&self, found: Found<'_>) -> State<'c, 's> {
        let mut entries = self.entries.get(&owners::address(found)).cloned().unwrap_or_default();
        entries.sort_by_key(|kept| kept.entry.header.created);
        let stored = found.function.stored.as_ref();
        let own: Vec<[u8; 32]> = stored.into_iter().flat_map(owners::fingerprints).collect();
        let is_current = |fingerprint: &Fingerprint| own.contains(fingerprint.as_bytes());
        // As the runtime reads them; and there are results.
        let serves = |store: &Directory, accepted: &Acceptance| {
            let has_results = |kept: &&Kept<'_>| {
                std::ptr::eq(store, kept.store) && accepted.results == kept.entry.header.fingerprint
            };
            stored.is_some_and(|stored| {
                stored.is_named(&accepted.function) && stored.shape.as_ref() == Ok(&accepted.shape)
            }) && is_current(&accepted.fingerprint)
                && entries.iter().any(has_results)
        };
        let accepted = self.accepted.iter().filter(|(store, accepted)| serves(store, accepted));
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
