//! Turns a closure into a fingerprint: numbers the reached nodes in a depth-first walk from the root
//! and hashes, in that order, every node's skeleton and the numbers that its references have.
//!
//! A set of hashes would not do: two helpers that swap bodies leave the set as it was. Content alone
//! decides, so the same code in another file, crate order or machine has the same fingerprint.

mod describe;
mod node;

pub(crate) use describe::{Description, describe};
pub(crate) use node::{kind_word, path};

use crate::close::{Closure, Edges, Groups};
use crate::link::{Node, PerNode, Program};
use std::cell::RefCell;
use std::rc::Rc;

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
    nodes: RefCell<PerNode<Hash>>,
    paths: RefCell<PerNode<Rc<str>>>,
    shows_places: RefCell<PerNode<bool>>,
    numbers: RefCell<Numbers>,
}

impl<'p, 'a> Hasher<'p, 'a> {
    pub(crate) fn new(program: &'p Program<'a>) -> Self {
        Hasher {
            program,
            edges: Edges::new(program),
            nodes: RefCell::default(),
            paths: RefCell::default(),
            shows_places: RefCell::default(),
            numbers: RefCell::default(),
        }
    }

    /// The hash of a node's own content, without what it refers to.
    pub(crate) fn node(&self, node: Node) -> Hash {
        self.once(&self.nodes, node, || node::hash(self.program, node))
    }

    /// Decides between candidates of one reference.
    fn order(&self, node: Node) -> (Hash, Rc<str>) {
        (self.node(node), self.once(&self.paths, node, || node::path(self.program, node).into()))
    }

    fn shows_places(&self, node: Node) -> bool {
        let Node::Item(id) = node else { return false };
        let find = || self.program.links(id).iter().any(|link| link.shows_places);
        self.once(&self.shows_places, node, find)
    }

    fn once<T: Clone>(&self, known: &RefCell<PerNode<T>>, node: Node, make: impl FnOnce() -> T) -> T {
        let slot = self.program.slot(node);
        if let Some(value) = known.borrow().get(slot) {
            return value.clone();
        }
        let value = make();
        known.borrow_mut().insert(slot, value.clone());
        value
    }

    /// What the node refers to, a group for every reference.
    pub(crate) fn groups(&self, node: Node) -> Rc<Groups> {
        self.edges.of(node, &|node| self.order(node))
    }

    pub(crate) fn fingerprint(&self, closure: &Closure) -> Hash {
        let mut numbers = self.numbers.borrow_mut();
        let order = self.number(closure, &mut numbers);
        let shows_places = order.iter().any(|&node| self.shows_places(node));
        let mut out = Framed::new();
        out.bytes(ALGORITHM.as_bytes());
        let mut reached = Vec::new();
        for node in order {
            out.bytes(&self.node(node).0);
            if let (true, Node::Item(id)) = (shows_places, node) {
                out.bytes(self.program.path_of(id).as_bytes());
                out.bytes(self.program.relative_file(id).as_bytes());
                out.number(u64::from(self.program.item(id).place.line));
            }
            let groups = self.groups(node);
            let groups = groups.each();
            out.number(groups.len() as u64);
            for group in groups {
                reached.clear();
                reached.extend(group.iter().filter_map(|&slot| numbers.of(slot)));
                out.number(reached.len() as u64);
                for &number in &reached {
                    out.number(u64::from(number));
                }
            }
        }
        out.finish()
    }

    /// The nodes in the order in which a depth-first walk meets them; what no reference leads to
    /// (an impl that is live for everyone) follows in the order of content.
    fn number(&self, closure: &Closure, numbers: &mut Numbers) -> Vec<Node> {
        // Where an item comes from counts for nothing: the item says all that it is.
        let nodes = closure.nodes.iter().filter(|&&node| !self.program.is_origin(node));
        let nodes: Vec<Node> = nodes.copied().collect();
        let slots: Vec<usize> = nodes.iter().map(|&node| self.program.slot(node)).collect();
        numbers.begin(&slots);
        let mut order = Vec::with_capacity(nodes.len());
        self.walk(closure.root, numbers, &mut order);
        let left = nodes.iter().zip(&slots).filter(|(_, slot)| numbers.is_open(**slot));
        let mut left: Vec<Node> = left.map(|(&node, _)| node).collect();
        left.sort_by_cached_key(|node| self.order(*node));
        for node in left {
            self.walk(node, numbers, &mut order);
        }
        order
    }

    fn walk(&self, start: Node, numbers: &mut Numbers, order: &mut Vec<Node>) {
        let mut stack = vec![start];
        while let Some(node) = stack.pop() {
            if !numbers.take(self.program.slot(node), order.len()) {
                continue;
            }
            order.push(node);
            let groups = self.groups(node);
            let open = groups.nodes().iter().zip(groups.slots()).rev();
            stack.extend(open.filter(|(_, slot)| numbers.is_open(**slot as usize)).map(|(&node, _)| node));
        }
    }
}

/// Which nodes belong to a closure, and the number that each has in it; one table for many closures.
#[derive(Default)]
struct Numbers {
    /// `base` and above: of this closure.
    table: Vec<u64>,
    base: u64,
}

/// In the closure, and not met yet.
const OPEN: u64 = u32::MAX as u64;

impl Numbers {
    fn begin(&mut self, slots: &[usize]) {
        self.base += 1 << 32;
        let size = slots.iter().max().map_or(0, |slot| slot + 1);
        if self.table.len() < size {
            self.table.resize(size, 0);
        }
        for &slot in slots {
            self.table[slot] = self.base + OPEN;
        }
    }

    fn is_open(&self, slot: usize) -> bool {
        self.table.get(slot) == Some(&(self.base + OPEN))
    }

    /// Gives an open node its number; whether it was one.
    fn take(&mut self, slot: usize, number: usize) -> bool {
        let is_open = self.is_open(slot);
        if is_open {
            self.table[slot] = self.base + number as u64;
        }
        is_open
    }

    fn of(&self, slot: u32) -> Option<u32> {
        let value = *self.table.get(slot as usize)?;
        value.checked_sub(self.base).map(|number| number as u32)
    }
}

/// Hashes fields so that no two sequences of fields give the same bytes.
pub(crate) struct Framed {
    hasher: blake3::Hasher,
    /// Most fields are numbers: hashed one by one they would cost several times as much.
    waiting: Vec<u8>,
}

/// Enough for blake3 to work on several of its chunks at once.
const BLOCK: usize = 16 * 1024;

impl Framed {
    pub(crate) fn new() -> Self {
        Framed { hasher: blake3::Hasher::new(), waiting: Vec::new() }
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.add(bytes);
    }

    pub(crate) fn number(&mut self, number: u64) {
        self.add(&number.to_le_bytes());
    }

    fn add(&mut self, bytes: &[u8]) {
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() >= BLOCK {
            self.hasher.update(&self.waiting);
            self.waiting.clear();
        }
    }

    pub(crate) fn finish(mut self) -> Hash {
        self.hasher.update(&self.waiting);
        Hash(*self.hasher.finalize().as_bytes())
    }
}
