//! Records what made up each fingerprint, for the runtime to keep beside the results.

use super::watched::Watched;
use crate::close::{Closure, Web};
use crate::content::{Hash, describe};
use crate::hash::Hasher;
use crate::link::Program;
use checkpointing_closure::{Builds, Closures, Item, Recorded, Shape};
use std::collections::BTreeMap;

/// The closures of the rows so far.
pub(super) struct Record<'p, 'a> {
    program: &'p Program<'a>,
    web: &'p Web,
    hasher: &'p Hasher,
    /// By node: where it is in `items`.
    known: Vec<Option<u32>>,
    items: Vec<Item>,
    /// How many of `items` belong to every function.
    watched: u32,
    functions: BTreeMap<[u8; 32], Recorded>,
}

impl<'p, 'a> Record<'p, 'a> {
    pub(super) fn new(
        program: &'p Program<'a>,
        web: &'p Web,
        hasher: &'p Hasher,
        watched: &[Watched],
    ) -> Self {
        let items: Vec<Item> = watched.iter().map(Watched::item).collect();
        let watched = items.len() as u32;
        let known = vec![None; web.nodes().len()];
        Record { program, web, hasher, known, items, watched, functions: BTreeMap::new() }
    }

    pub(super) fn add(&mut self, fingerprint: Hash, closure: &Closure, shape: Option<Shape>, builds: Builds) {
        if let Some(recorded) = self.functions.get_mut(&fingerprint.0) {
            recorded.builds = recorded.builds.and(builds);
            recorded.shape = recorded.shape.filter(|known| Some(*known) == shape);
            return;
        }
        // Where an item comes from is no reason to run again: the item itself says what changed.
        let (program, web) = (self.program, self.web);
        let nodes = closure.reached.iter().filter(|&node| !program.is_origin(web.nodes()[node]));
        let mut items: Vec<u32> = nodes.map(|node| self.index(node)).collect();
        items.extend(0..self.watched);
        self.functions.insert(fingerprint.0, Recorded { fingerprint: fingerprint.0, shape, builds, items });
    }

    fn index(&mut self, node: usize) -> u32 {
        if let Some(index) = self.known[node] {
            return index;
        }
        let index = self.items.len() as u32;
        let description = describe(self.program, self.web.nodes()[node]);
        self.items.push(description.item(self.hasher.node(node)));
        self.known[node] = Some(index);
        index
    }

    /// The items sorted by content, so that the same code gives the same bytes.
    pub(super) fn finish(self) -> Closures {
        let mut order: Vec<(Item, u32)> = self.items.into_iter().zip(0..).collect();
        order.sort();
        let mut places = vec![0_u32; order.len()];
        for ((_, old), new) in order.iter().zip(0..) {
            places[*old as usize] = new;
        }
        let functions = self.functions.into_values().map(|mut recorded| {
            recorded.items.iter_mut().for_each(|index| *index = places[*index as usize]);
            recorded.items.sort_unstable();
            recorded
        });
        Closures { functions: functions.collect(), items: order.into_iter().map(|(item, _)| item).collect() }
    }
}
