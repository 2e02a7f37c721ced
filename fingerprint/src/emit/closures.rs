//! Records what made up each fingerprint, for the runtime to keep beside the results.

use super::watched::Watched;
use crate::close::{Closure, NodeSet, Web};
use crate::content::{Hash, describe};
use crate::hash::Hasher;
use crate::link::Program;
use checkpointing_closure::{Builds, Closures, Indexes, Item, Recorded, Shape};
use std::collections::BTreeMap;

/// What closures consist of.
pub(super) struct Items {
    /// By node: its place in `items`; `None` where an item comes from, which is no reason to run again: the item
    /// itself says what changed.
    places: Vec<Option<u32>>,
    /// Sorted by content, so that the same code gives the same bytes.
    all: Vec<Item>,
    /// Those of them that belong to every function.
    watched: Vec<u32>,
}

impl Items {
    pub(super) fn new(program: &Program<'_>, web: &Web, hasher: &Hasher, watched: &[Watched]) -> Self {
        let nodes = web.nodes().iter().enumerate().filter(|(_, node)| !program.is_origin(**node));
        let nodes =
            nodes.map(|(index, &node)| (describe(program, node).item(hasher.node(index)), Some(index)));
        let mut all: Vec<(Item, Option<usize>)> = nodes.collect();
        all.extend(watched.iter().map(|file| (file.item(), None)));
        all.sort_unstable();
        let mut found = Items {
            places: vec![None; web.nodes().len()],
            all: Vec::with_capacity(all.len()),
            watched: Vec::new(),
        };
        for ((item, node), place) in all.into_iter().zip(0..) {
            found.all.push(item);
            match node {
                Some(node) => found.places[node] = Some(place),
                None => found.watched.push(place),
            }
        }
        found
    }

    /// The places of what a closure holds.
    pub(super) fn of(&self, closure: &Closure) -> Indexes {
        let places = closure.reached.iter().filter_map(|node| self.places[node]);
        let places: NodeSet =
            places.chain(self.watched.iter().copied()).map(|place| place as usize).collect();
        places.iter().map(|place| place as u32).collect()
    }
}

/// The closures of the rows so far.
#[derive(Default)]
pub(super) struct Record(BTreeMap<[u8; 32], Recorded>);

impl Record {
    /// `items`: the places of what the closure holds.
    pub(super) fn add(&mut self, fingerprint: Hash, items: Indexes, shape: Option<Shape>, builds: Builds) {
        if let Some(recorded) = self.0.get_mut(&fingerprint.0) {
            recorded.builds = recorded.builds.and(builds);
            recorded.shape = recorded.shape.filter(|known| Some(*known) == shape);
            return;
        }
        self.0.insert(fingerprint.0, Recorded { fingerprint: fingerprint.0, shape, builds, items });
    }

    /// `used`: the nodes of all closures. What is in none is left out.
    pub(super) fn finish(self, items: Items, used: &NodeSet) -> Closures {
        let Items { places, all: items, watched } = items;
        let mut functions: Vec<Recorded> = self.0.into_values().collect();
        let used = used.iter().filter_map(|node| places[node]).chain(watched);
        let used: NodeSet = used.map(|place| place as usize).collect();
        if used.len() == items.len() {
            return Closures { items, functions };
        }
        let mut places = vec![0; items.len()];
        for (place, old) in (0..).zip(used.iter()) {
            places[old] = place;
        }
        for recorded in &mut functions {
            recorded.items = recorded.items.iter().map(|place| places[place as usize]).collect();
        }
        let items = items.into_iter().enumerate().filter(|(place, _)| used.contains(*place));
        Closures { items: items.map(|(_, item)| item).collect(), functions }
    }
}
