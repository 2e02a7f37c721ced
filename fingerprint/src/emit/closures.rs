//! Records what made up each fingerprint, for the runtime to keep beside the results.

use super::watched::Watched;
use crate::close::Closure;
use crate::hash::{Hash, Hasher, describe};
use crate::link::{Node, PerNode, Program};
use checkpointing_closure::{Builds, Closures, Item, Recorded, Shape};
use std::collections::BTreeMap;

/// The closures of the rows so far.
pub(super) struct Record<'p, 'a> {
    program: &'p Program<'a>,
    hasher: &'p Hasher<'p, 'a>,
    /// Where each node is in `items`.
    known: PerNode<u32>,
    items: Vec<Item>,
    /// How many of `items` belong to every function.
    watched: u32,
    functions: BTreeMap<[u8; 32], Recorded>,
}

impl<'p, 'a> Record<'p, 'a> {
    pub(super) fn new(program: &'p Program<'a>, hasher: &'p Hasher<'p, 'a>, watched: &[Watched]) -> Self {
        let items: Vec<Item> = watched.iter().map(Watched::item).collect();
        let watched = items.len() as u32;
        Record { program, hasher, known: PerNode::default(), items, watched, functions: BTreeMap::new() }
    }

    pub(super) fn add(&mut self, fingerprint: Hash, closure: &Closure, shape: Option<Shape>, builds: Builds) {
        if let Some(recorded) = self.functions.get_mut(&fingerprint.0) {
            recorded.builds = recorded.builds.and(builds);
            recorded.shape = recorded.shape.filter(|known| Some(*known) == shape);
            return;
        }
        // Where an item comes from is no reason to run again: the item itself says what changed.
        let program = self.program;
        let nodes = closure.nodes.iter().filter(|&&node| !program.is_origin(node));
        let mut items: Vec<u32> = nodes.map(|&node| self.index(node)).collect();
        items.extend(0..self.watched);
        self.functions.insert(fingerprint.0, Recorded { fingerprint: fingerprint.0, shape, builds, items });
    }

    fn index(&mut self, node: Node) -> u32 {
        let slot = self.program.slot(node);
        if let Some(&index) = self.known.get(slot) {
            return index;
        }
        let index = self.items.len() as u32;
        self.items.push(describe(self.program, node).item(self.hasher.node(node)));
        self.known.insert(slot, index);
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
