//! Compares what a function depends on with what it depended on when its results were stored.

use crate::names::Found;
use crate::stores::Kept;
use crate::view::{Freshness, State};
use checkpointing::{Fingerprint, Store};
use checkpointing_closure::{Changes, Closure, Item};
use std::collections::BTreeSet;
use std::time::SystemTime;

/// What the build script watches by hand. A graph does not know it, so that it cannot be compared.
const WATCHED: &str = "watched";

/// What changed since a function's last result was stored.
pub(crate) struct Comparison {
    pub(crate) stored: SystemTime,
    pub(crate) fingerprint: Fingerprint,
    /// `None` where the store does not say what the code was.
    pub(crate) changes: Option<Changes>,
}

impl Comparison {
    /// `None` where nothing is stored, or it is that of the present code.
    pub(crate) fn of(found: Found<'_>, state: &State<'_>) -> Option<Comparison> {
        let differs = matches!(state.freshness, Freshness::Changed | Freshness::Accepted);
        state.entries.last().filter(|_| differs).map(|last| Comparison::with(found, last))
    }

    /// With the code of a stored result.
    pub(crate) fn with(found: Found<'_>, kept: &Kept) -> Comparison {
        let fingerprint = kept.entry.header.fingerprint;
        let changes = before(kept).map(|before| known(&before).changes(&found.graph.closure(found.function)));
        Comparison { stored: kept.entry.header.created, fingerprint, changes }
    }
}

/// What the code of a stored result consisted of.
pub(crate) fn before(kept: &Kept) -> Option<Closure> {
    let bytes = kept.store.closure(&kept.entry.header.fingerprint).ok().flatten()?;
    Closure::decode(&bytes).ok()
}

/// Whether the build script watched files by hand.
pub(crate) fn is_watched(closure: &Closure) -> bool {
    closure.items().iter().any(|item| item.kind == WATCHED)
}

/// Whether code whose fingerprint cannot be compared, since files are watched by hand, consists of the same
/// items as the function does.
pub(crate) fn is_same_but_watched(found: Found<'_>, before: &[u8]) -> bool {
    let Ok(before) = Closure::decode(before) else { return false };
    is_watched(&before) && known(&before).items() == found.graph.closure(found.function).items()
}

fn known(closure: &Closure) -> Closure {
    Closure::new(closure.items().iter().filter(|item| item.kind != WATCHED).cloned().collect())
}

/// The node of an item of the present code.
pub(crate) fn node(found: Found<'_>, item: &Item) -> Option<usize> {
    let hash = blake3::Hash::from_bytes(item.hash).to_hex();
    let is_it = |&index: &usize| {
        let node = &found.graph.nodes[index];
        let named = node.path.strip_prefix(item.path.as_str());
        node.kind == item.kind
            && node.hash == hash.as_str()
            && named.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    found.function.closure.iter().find(is_it)
}

/// The nodes that changed and that were added.
pub(crate) fn nodes(found: Found<'_>, changes: &Changes) -> (BTreeSet<usize>, BTreeSet<usize>) {
    (
        changes.changed.iter().filter_map(|change| node(found, &change.after)).collect(),
        changes.added.iter().filter_map(|item| node(found, item)).collect(),
    )
}
