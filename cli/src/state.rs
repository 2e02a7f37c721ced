//! Compares functions as they are with the results that are stored.

use crate::compare;
use crate::names::Found;
use crate::stores::{Contents, Kept};
use checkpointing::Store;
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
    /// Something that it depends on changed since: the next call reruns.
    Changed,
}

impl Freshness {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Freshness::NotStored => "not stored",
            Freshness::UpToDate => "up to date",
            Freshness::Changed => "changed since",
        }
    }
}

/// What is stored of a function.
pub(crate) struct State<'c, 's> {
    pub(crate) freshness: Freshness,
    /// Oldest first.
    pub(crate) entries: Vec<&'c Kept<'s>>,
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
    fingerprints: BTreeMap<String, BTreeSet<[u8; 32]>>,
}

impl<'c, 's> States<'c, 's> {
    pub(crate) fn new(graphs: &[Graph], contents: &'c Contents<'s>) -> Self {
        States { entries: contents.by_function(), fingerprints: fingerprints(graphs) }
    }

    pub(crate) fn of(&self, found: Found<'_>) -> State<'c, 's> {
        let name = found.function.stored.as_ref().map_or(found.path(), |stored| &stored.name);
        let mut entries = self.entries.get(name).cloned().unwrap_or_default();
        entries.sort_by_key(|kept| kept.entry.header.created);
        let is_current = |kept: &&Kept<'_>| {
            let fingerprint = kept.entry.header.fingerprint.as_bytes();
            self.fingerprints.get(name).is_some_and(|current| current.contains(fingerprint))
        };
        let is_same = || {
            let last = entries.last()?;
            let before = last.store.closure(&last.entry.header.fingerprint).ok().flatten()?;
            Some(compare::is_same_but_watched(found, &before))
        };
        let freshness = match entries.iter().any(is_current) || is_same() == Some(true) {
            true => Freshness::UpToDate,
            false if entries.is_empty() => Freshness::NotStored,
            false => Freshness::Changed,
        };
        State { freshness, entries }
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
