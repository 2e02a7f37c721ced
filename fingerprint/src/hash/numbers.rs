//! Numbers the nodes of a closure in the order in which a depth-first walk meets them; what no reference
//! leads to (an impl that is live for everyone) follows in the order of content.

use super::Hasher;
use crate::close::{Closure, Edges, GroupId};
use std::ops::Range;

/// One table for many closures.
#[derive(Default)]
pub(crate) struct Numbers {
    /// By node: its number, or one of the two below.
    table: Vec<u32>,
    order: Vec<u32>,
    stack: Vec<u32>,
    /// By group: whether all its nodes have numbers, and where its numbers stand in `framed`.
    groups: Vec<Group>,
    framed: Vec<u8>,
}

#[derive(Clone, Default)]
struct Group {
    is_done: bool,
    framed: Range<usize>,
}

/// In the closure, and not met yet.
const OPEN: u32 = u32::MAX - 1;
const OUTSIDE: u32 = u32::MAX;

impl Numbers {
    pub(super) fn give(&mut self, hasher: &Hasher, closure: &Closure) {
        self.table.clear();
        self.table.resize(hasher.hashes.len(), OUTSIDE);
        self.groups.clear();
        self.groups.resize(hasher.edges.group_count(), Group::default());
        self.order.clear();
        self.framed.clear();
        for node in closure.reached.iter().filter(|&node| !hasher.origins[node]) {
            self.table[node] = OPEN;
        }
        if let Some(root) = closure.root {
            self.walk(&hasher.edges, root as u32);
        }
        let is_left = |node: &u32| self.table[*node as usize] == OPEN;
        let mut left: Vec<u32> = closure.reached.iter().map(|node| node as u32).filter(is_left).collect();
        left.sort_unstable_by_key(|&node| hasher.ranks[node as usize]);
        for node in left {
            self.walk(&hasher.edges, node);
        }
    }

    pub(super) fn order(&self) -> &[u32] {
        &self.order
    }

    fn walk(&mut self, edges: &Edges, start: u32) {
        self.stack.push(start);
        while let Some(node) = self.stack.pop() {
            let number = &mut self.table[node as usize];
            if *number != OPEN {
                continue;
            }
            *number = self.order.len() as u32;
            self.order.push(node);
            for &group in edges.of(node as usize).iter().rev() {
                // Candidates of a method that is called all over: nothing is left of them soon.
                let is_done = &mut self.groups[group.index()].is_done;
                if *is_done {
                    continue;
                }
                let before = self.stack.len();
                let open = edges.members(group).iter().rev();
                self.stack.extend(open.filter(|&&member| self.table[member as usize] == OPEN));
                *is_done = self.stack.len() == before;
            }
        }
    }

    /// How many nodes of the group are in the closure, and their numbers.
    pub(super) fn framed(&mut self, edges: &Edges, group: GroupId) -> &[u8] {
        let place = &mut self.groups[group.index()].framed;
        if place.start == place.end {
            let start = self.framed.len();
            self.framed.extend([0; 8]);
            let mut count = 0_u64;
            for &member in edges.members(group) {
                let number = self.table[member as usize];
                if number != OUTSIDE {
                    count += 1;
                    self.framed.extend(u64::from(number).to_le_bytes());
                }
            }
            self.framed[start..start + 8].copy_from_slice(&count.to_le_bytes());
            *place = start..self.framed.len();
        }
        &self.framed[place.clone()]
    }
}
