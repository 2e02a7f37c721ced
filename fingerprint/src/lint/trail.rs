//! Finds the shortest way from a marked function to each item that it reaches.

use crate::close::{Closure, Web};
use crate::hash::Hasher;
use crate::link::{ItemId, Node};

pub(super) struct Trails<'w> {
    web: &'w Web,
    root: usize,
    /// By node: where it was first reached from. The root and what no reference leads to have themselves.
    from: Vec<Option<u32>>,
    nearest: Vec<u32>,
}

impl<'w> Trails<'w> {
    /// `None` where the root is not in the closure's world.
    pub(super) fn new(web: &'w Web, hasher: &Hasher, closure: &Closure) -> Option<Self> {
        let root = closure.root.filter(|_| closure.has_root())?;
        let mut from = vec![None; web.nodes().len()];
        from[root] = Some(root as u32);
        let mut order = vec![root as u32];
        let mut at = 0;
        let mut left = closure.reached.iter();
        loop {
            while let Some(&node) = order.get(at) {
                at += 1;
                for &next in hasher.groups(node as usize).flatten() {
                    if closure.reached.contains(next as usize) && from[next as usize].is_none() {
                        from[next as usize] = Some(node);
                        order.push(next);
                    }
                }
            }
            // Live for everyone, or chosen by the caller.
            let Some(node) = left.find(|&node| from[node].is_none()) else { break };
            from[node] = Some(node as u32);
            order.push(node as u32);
        }
        Some(Trails { web, root, from, nearest: order })
    }

    /// All items of the closure, those first that the fewest steps lead to.
    pub(super) fn nearest(&self) -> impl Iterator<Item = (usize, ItemId)> {
        self.nearest.iter().filter_map(|&index| match self.web.nodes()[index as usize] {
            Node::Item(id) => Some((index as usize, id)),
            _ => None,
        })
    }

    /// From the root to the node, both included.
    pub(super) fn to(&self, node: usize) -> Vec<Node> {
        let mut trail = vec![node];
        let mut last = node;
        while let Some(before) = self.from[last].map(|before| before as usize).filter(|&from| from != last) {
            trail.push(before);
            last = before;
        }
        if last != self.root {
            trail.push(self.root);
        }
        trail.iter().rev().map(|&index| self.web.nodes()[index]).collect()
    }
}
