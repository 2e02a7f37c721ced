//! Records what made up each fingerprint, for the runtime to keep beside the results.

use super::watched::Watched;
use crate::close::{Closure, Web};
use crate::hash::{Hash, Hasher, describe};
use crate::link::Program;
use checkpointing_closure::{Closures, Item};
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
    functions: BTreeMap<[u8; 32], Vec<u32>>,
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

    pub(super) fn add(&mut self, fingerprint: Hash, closure: &Closure) {
        if self.functions.contains_key(&fingerprint.0) {
            return;
        }
        // Where an item comes from is no reason to run again: the item itself says what changed.
        let (program, web) = (self.program, self.web);
        let nodes = closure.reached.iter().filter(|&node| !program.is_origin(web.nodes()[node]));
        let mut indexes: Vec<u32> = nodes.map(|node| self.index(node)).collect();
        indexes.extend(0..self.watched);
        self.functions.insert(fingerprint.0, indexes);
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
        let functions = self.functions.into_iter().map(|(fingerprint, indexes)| {
            let mut indexes: Vec<u32> = indexes.into_iter().map(|index| places[index as usize]).collect();
            indexes.sort_unstable();
            (fingerprint, indexes)
        });
        Closures { functions: functions.collect(), items: order.into_iter().map(|(item, _)| item).collect() }
    }
}
