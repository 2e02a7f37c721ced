//! Compares functions as they are with the results that are stored.

use crate::compare;
use crate::names::Found;
use crate::stores::{Contents, Kept};
use checkpointing::{Acceptance, Directory, Fingerprint, Store};
use checkpointing_fingerprint::Graph;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
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
    entries: BTreeMap<&'c str, Vec<&'c Kept<'s>>>,
    accepted: &'c [(&'s Directory, Acceptance)],
    fingerprints: BTreeMap<String, BTreeSet<[u8; 32]>>,
}

impl<'c, 's> States<'c, 's> {
    pub(crate) fn new(graphs: &[Graph], contents: &'c Contents<'s>) -> Self {
        let (entries, accepted) = (contents.by_function(), &contents.accepted);
        States { entries, accepted, fingerprints: fingerprints(graphs) }
    }

    /// Whether a code is the present one of a function, by its name in entries.
    pub(crate) fn is_present(&self, name: &str, fingerprint: &Fingerprint) -> bool {
        self.fingerprints.get(name).is_some_and(|current| current.contains(fingerprint.as_bytes()))
    }

    pub(crate) fn of(&self, found: Found<'_>) -> State<'c, 's> {
        let name = found.function.stored.as_ref().map_or(found.path(), |stored| &stored.name);
        let mut entries = self.entries.get(name).cloned().unwrap_or_default();
        entries.sort_by_key(|kept| kept.entry.header.created);
        let is_current = |kept: &&Kept<'_>| self.is_present(name, &kept.entry.header.fingerprint);
        let shape = found.function.stored.as_ref().and_then(|stored| stored.shape.as_ref().ok());
        // As the runtime reads them; and there are results.
        let serves = |store: &Directory, accepted: &Acceptance| {
            let has_results = |kept: &&Kept<'_>| {
                std::ptr::eq(store, kept.store) && accepted.results == kept.entry.header.fingerprint
            };
            accepted.function == name
                && Some(&accepted.shape) == shape
                && self.is_present(name, &accepted.fingerprint)
                && entries.iter().any(has_results)
        };
        let accepted = self.accepted.iter().filter(|(store, accepted)| serves(store, accepted));
        let accepted: Vec<&Acceptance> = accepted.map(|(_, accepted)| accepted).collect();
        let is_same = || {
            let last = entries.last()?;
            let before = last.store.closure(&last.entry.header.fingerprint).ok().flatten()?;
            Some(compare::is_same_but_watched(found, &before))
        };
        let freshness = if entries.iter().any(is_current) || is_same() == Some(true) {
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

/// The fingerprints of each function, by its name in entries: with and without `cfg(test)`, and that of all
/// functions of the name together, which the runtime uses where a call cannot tell them apart.
pub(crate) fn fingerprints(graphs: &[Graph]) -> BTreeMap<String, BTreeSet<[u8; 32]>> {
    let mut found: BTreeMap<String, BTreeSet<[u8; 32]>> = BTreeMap::new();
    for graph in graphs {
        let mut same: BTreeMap<&str, [Vec<[u8; 32]>; 2]> = BTreeMap::new();
        for function in &graph.functions {
            let Some(stored) = &function.stored else { continue };
            let both = same.entry(&stored.name).or_default();
            for (list, hex) in both.iter_mut().zip([&function.fingerprint, &stored.test_fingerprint]) {
                list.extend(blake3::Hash::from_hex(hex).map(|hash| *hash.as_bytes()).ok());
            }
        }
        for (name, lists) in same {
            let all = found.entry(name.to_owned()).or_default();
            for list in lists {
                if list.len() > 1 {
                    all.insert(blake3::hash(list.as_flattened()).into());
                }
                all.extend(list);
            }
        }
    }
    found
}
