//! Records what made up each fingerprint, for the runtime to keep beside the results.

use super::watched::Watched;
use crate::close::{Closure, NodeSet, Web};
use crate::content::{Hash, describe};
use crate::hash::Hasher;
use crate::link::Program;
use checkpointing_closure::{Builds, Closures, Item, Recorded, Shape};
use std::collections::BTreeMap;

/// The closures of the rows so far.
pub(super) struct Record {
    /// By node: its place in `items`; `None` where an item comes from, which is no reason to run again: the item
    /// itself says what changed.
    places: Vec<Option<u32>>,
    /// Sorted by content, so that the same code gives the same bytes.
    items: Vec<Item>,
    /// Those of them that belong to every function.
    watched: Vec<u32>,
    functions: BTreeMap<[u8; 32], Recorded>,
}

impl Record {
    /// `used`: the nodes of all closures.
    pub(super) fn new(
        program: &Program<'_>,
        web: &Web,
        hasher: &Hasher,
        used: &NodeSet,
        watched: &[Watched],
    ) -> Self {
        let nodes = used.iter().map(|index| (index, web.nodes()[index]));
        let nodes = nodes.filter(|(_, node)| !program.is_origin(*node));
        let nodes =
            nodes.map(|(index, node)| (describe(program, node).item(hasher.node(index)), Some(index)));
        let mut all: Vec<(Item, Option<usize>)> = nodes.collect();
        all.extend(watched.iter().map(|file| (file.item(), None)));
        all.sort();
        let mut record = Record {
            places: vec![None; web.nodes().len()],
            items: Vec::with_capacity(all.len()),
            watched: Vec::new(),
            functions: BTreeMap::new(),
        };
        for ((item, node), place) in all.into_iter().zip(0..) {
            record.items.push(item);
            match node {
                Some(node) => record.places[node] = Some(place),
                None => record.watched.push(place),
            }
        }
        record
    }

    pub(super) fn add(&mut self, fingerprint: Hash, closure: &Closure, shape: Option<Shape>, builds: Builds) {
        if let Some(recorded) = self.functions.get_mut(&fingerprint.0) {
            recorded.builds = recorded.builds.and(builds);
            recorded.shape = recorded.shape.filter(|known| Some(*known) == shape);
            return;
        }
        let places = closure.reached.iter().filter_map(|node| self.places[node]);
        let items: NodeSet = places.chain(self.watched.iter().copied()).map(|place| place as usize).collect();
        let items = items.iter().map(|place| place as u32).collect();
        self.functions.insert(fingerprint.0, Recorded { fingerprint: fingerprint.0, shape, builds, items });
    }

    pub(super) fn finish(self) -> Closures {
        Closures { functions: self.functions.into_values().collect(), items: self.items }
    }
}
