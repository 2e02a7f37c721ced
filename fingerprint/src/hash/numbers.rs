//! Numbers the nodes of a closure in the order in which a depth-first walk meets them; what no reference
//! leads to (an impl that is live for everyone) follows in the order of content.

use super::Hasher;
use crate::close::{Closure, Edges, GroupId, Mention};
use std::ops::Range;

/// One table for many closures.
#[derive(Default)]
pub(crate) struct Numbers {
    /// By node: its number, or one of the two below.
    table: Vec<u32>,
    /// The nodes that have a number.
    order: Vec<u32>,
    stack: Vec<u32>,
    /// By group, as far as it is of this round.
    groups: Vec<Group>,
    round: u32,
    /// The numbers of groups.
    framed: Vec<u8>,
    /// What one node mentions.
    mentioned: Vec<u8>,
    /// The numbers of one group.
    inside: Vec<u32>,
}

#[derive(Clone, Copy, Default)]
struct Group {
    /// In which round each of the two was found.
    done: u32,
    known: u32,
    /// Where its numbers stand in `framed`.
    start: u32,
    end: u32,
}

impl Group {
    fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// In the closure, and not met yet.
const OPEN: u32 = u32::MAX - 1;
const OUTSIDE: u32 = u32::MAX;

impl Numbers {
    pub(super) fn give(&mut self, hasher: &Hasher, closure: &Closure) {
        for node in self.order.drain(..) {
            self.table[node as usize] = OUTSIDE;
        }
        self.table.resize(hasher.hashes.len(), OUTSIDE);
        self.groups.resize(hasher.edges.group_count(), Group::default());
        self.round += 1;
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
            for mention in edges.of(node as usize).iter().rev() {
                // Candidates of a method that is called all over: nothing is left of them soon.
                let done = &mut self.groups[mention.group.index()].done;
                if *done == self.round {
                    continue;
                }
                let before = self.stack.len();
                for &member in edges.members(mention.group).iter().rev() {
                    if self.table[member as usize] == OPEN {
                        self.stack.push(member);
                    }
                }
                if self.stack.len() == before {
                    *done = self.round;
                }
            }
        }
    }

    /// What a node mentions of the closure: each reference that leads to some of its nodes by how far it is behind
    /// the one before, and what it leads to; after a 0 what is attached to the node.
    pub(super) fn mentioned(&mut self, edges: &Edges, node: usize) -> &[u8] {
        self.mentioned.clear();
        let mut before = Mention::ATTACHED;
        let mut attached = Group::default();
        for mention in edges.of(node) {
            let group = self.group(edges, mention.group);
            if mention.place == Mention::ATTACHED {
                attached = group;
            } else if !group.range().is_empty() {
                short(mention.place - before, &mut self.mentioned);
                before = mention.place;
                self.mentioned.extend_from_slice(&self.framed[group.range()]);
            }
        }
        short(0, &mut self.mentioned);
        if attached.range().is_empty() {
            short(0, &mut self.mentioned);
        } else {
            self.mentioned.extend_from_slice(&self.framed[attached.range()]);
        }
        &self.mentioned
    }

    /// How many nodes of the group are in the closure, and their numbers; nothing where none is.
    fn group(&mut self, edges: &Edges, id: GroupId) -> Group {
        let mut group = self.groups[id.index()];
        if group.known != self.round {
            group.known = self.round;
            group.start = self.framed.len() as u32;
            self.inside.clear();
            for &member in edges.members(id) {
                let number = self.table[member as usize];
                if number != OUTSIDE {
                    self.inside.push(number);
                }
            }
            if !self.inside.is_empty() {
                short(self.inside.len() as u32, &mut self.framed);
                for &number in &self.inside {
                    short(number, &mut self.framed);
                }
            }
            group.end = self.framed.len() as u32;
            self.groups[id.index()] = group;
        }
        group
    }
}

/// Seven bits a byte, the lowest first; all but the last byte have the highest bit. Most of what is hashed are such
/// numbers.
fn short(mut number: u32, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}
