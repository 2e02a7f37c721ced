//! Finds the shortest way from a marked function to each item that it reaches.

use crate::close::Closure;
use crate::hash::Hasher;
use crate::link::{ItemId, Node, Program};
use std::collections::HashMap;

pub(super) struct Trails {
    /// Where each node was first reached from; the root and what no reference leads to have none.
    from: HashMap<Node, Option<Node>>,
    root: Node,
    nearest: Vec<ItemId>,
}

impl Trails {
    pub(super) fn new(program: &Program<'_>, hasher: &Hasher<'_, '_>, closure: &Closure) -> Self {
        let size = closure.nodes.iter().map(|&node| program.slot(node) + 1).max().unwrap_or_default();
        let mut inside = vec![false; size];
        closure.nodes.iter().for_each(|&node| inside[program.slot(node)] = true);
        let mut from = HashMap::from([(closure.root, None)]);
        let mut order = vec![closure.root];
        let mut at = 0;
        let mut left = closure.nodes.iter();
        loop {
            while let Some(&node) = order.get(at) {
                at += 1;
                let groups = hasher.groups(node);
                for (&next, &slot) in groups.nodes().iter().zip(groups.slots()) {
                    if inside.get(slot as usize) == Some(&true) && !from.contains_key(&next) {
                        from.insert(next, Some(node));
                        order.push(next);
                    }
                }
            }
            // Live for everyone, or chosen by the caller.
            let Some(&node) = left.find(|node| !from.contains_key(*node)) else { break };
            from.insert(node, None);
            order.push(node);
        }
        let nearest = order.into_iter().filter_map(|node| match node {
            Node::Item(id) => Some(id),
            _ => None,
        });
        Trails { root: closure.root, nearest: nearest.collect(), from }
    }

    /// All items of the closure, those first that the fewest steps lead to.
    pub(super) fn nearest(&self) -> &[ItemId] {
        &self.nearest
    }

    /// From the root to the item, both included.
    pub(super) fn to(&self, id: ItemId) -> Vec<Node> {
        let mut trail = vec![Node::Item(id)];
        while let Some(Some(before)) = trail.last().and_then(|node| self.from.get(node)) {
            trail.push(*before);
        }
        if trail.last() != Some(&self.root) {
            trail.push(self.root);
        }
        trail.reverse();
        trail
    }
}
