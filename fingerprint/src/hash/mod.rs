//! Turns a closure into a fingerprint: numbers the reached nodes in a depth-first walk from the root
//! and hashes, in that order, every node's skeleton and the numbers that its references have.
//!
//! A set of hashes would not do: two helpers that swap bodies leave the set as it was. Content alone
//! decides, so the same code in another file, crate order or machine has the same fingerprint.

mod node;

pub(crate) use node::{kind_word, path, words_of_package};

use crate::close::{Closure, Edges};
use crate::link::{Node, Program};
use std::cell::RefCell;
use std::collections::HashMap;

/// Another way to make fingerprints is another number: no old result fits a new fingerprint.
const ALGORITHM: &str = "checkpointing fingerprint 1";

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Hash(pub(crate) [u8; 32]);

impl Hash {
    pub(crate) fn hex(self) -> String {
        blake3::Hash::from_bytes(self.0).to_hex().to_string()
    }
}

pub(crate) struct Hasher<'p, 'a> {
    program: &'p Program<'a>,
    edges: Edges<'p, 'a>,
    nodes: RefCell<HashMap<Node, Hash>>,
}

impl<'p, 'a> Hasher<'p, 'a> {
    pub(crate) fn new(program: &'p Program<'a>) -> Self {
        Hasher { program, edges: Edges::new(program), nodes: RefCell::default() }
    }

    /// The hash of a node's own content, without what it refers to.
    pub(crate) fn node(&self, node: Node) -> Hash {
        if let Some(&hash) = self.nodes.borrow().get(&node) {
            return hash;
        }
        let hash = node::hash(self.program, node);
        self.nodes.borrow_mut().insert(node, hash);
        hash
    }

    /// Decides between candidates of one reference.
    fn order(&self, node: Node) -> (Hash, String) {
        (self.node(node), node::path(self.program, node))
    }

    /// What the node refers to, a group for every reference.
    pub(crate) fn groups(&self, node: Node) -> std::rc::Rc<[Vec<Node>]> {
        self.edges.of(node, &|node| self.order(node))
    }

    pub(crate) fn fingerprint(&self, closure: &Closure) -> Hash {
        let numbers = self.number(closure);
        let mut order: Vec<(usize, Node)> = numbers.iter().map(|(node, number)| (*number, *node)).collect();
        order.sort_unstable();
        let shows_places = closure.nodes.iter().any(|node| match node {
            Node::Item(id) => self.program.links(*id).iter().any(|link| link.shows_places),
            _ => false,
        });
        let mut out = Framed::new();
        out.bytes(ALGORITHM.as_bytes());
        for (_, node) in order {
            out.bytes(&self.node(node).0);
            if let (true, Node::Item(id)) = (shows_places, node) {
                out.bytes(self.program.path_of(id).as_bytes());
                out.bytes(self.program.relative_file(id).as_bytes());
                out.number(u64::from(self.program.item(id).place.line));
            }
            let groups = self.groups(node);
            out.number(groups.len() as u64);
            for group in groups.iter() {
                let reached: Vec<usize> =
                    group.iter().filter_map(|node| numbers.get(node).copied()).collect();
                out.number(reached.len() as u64);
                for number in reached {
                    out.number(number as u64);
                }
            }
        }
        out.finish()
    }

    /// Numbers in the order in which a depth-first walk meets the nodes; what no reference leads to
    /// (an impl that is live for everyone) follows in the order of content.
    fn number(&self, closure: &Closure) -> HashMap<Node, usize> {
        let mut numbers = HashMap::with_capacity(closure.nodes.len());
        self.walk(closure.root, closure, &mut numbers);
        let mut left: Vec<Node> =
            closure.nodes.iter().filter(|node| !numbers.contains_key(node)).copied().collect();
        left.sort_by_cached_key(|node| self.order(*node));
        for node in left {
            self.walk(node, closure, &mut numbers);
        }
        numbers
    }

    fn walk(&self, start: Node, closure: &Closure, numbers: &mut HashMap<Node, usize>) {
        let mut stack = vec![start];
        while let Some(node) = stack.pop() {
            if numbers.contains_key(&node) || !closure.contains(node) {
                continue;
            }
            numbers.insert(node, numbers.len());
            let groups = self.groups(node);
            stack.extend(groups.iter().flatten().rev());
        }
    }
}

/// Hashes fields so that no two sequences of fields give the same bytes.
pub(crate) struct Framed(blake3::Hasher);

impl Framed {
    pub(crate) fn new() -> Self {
        Framed(blake3::Hasher::new())
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.0.update(bytes);
    }

    pub(crate) fn number(&mut self, number: u64) {
        self.0.update(&number.to_le_bytes());
    }

    pub(crate) fn finish(&self) -> Hash {
        Hash(*self.0.finalize().as_bytes())
    }
}
