//! Turns a closure into a fingerprint: numbers the reached nodes in a depth-first walk from the root
//! and hashes, in that order, every node's skeleton and the numbers that its references have.
//!
//! A set of hashes would not do: two helpers that swap bodies leave the set as it was. Content alone
//! decides, so the same code in another file, crate order or machine has the same fingerprint.

mod numbers;

pub(crate) use numbers::Numbers;

use crate::close::{Closure, Edges, Web};
use crate::content::{self, Framed, Hash};
use crate::facts::Facts;
use crate::link::{Node, Program};
use std::cell::OnceCell;

/// Another way to make fingerprints is another number: no old result fits a new fingerprint.
const ALGORITHM: &str = "checkpointing fingerprint 3";

/// What the fingerprints of a web's closures are made of. A node is its index in the web.
pub(crate) struct Hasher {
    hashes: Vec<Hash>,
    /// The order of content: by hash, then by path.
    ranks: Vec<u32>,
    edges: Edges,
    /// Where an item comes from counts for nothing: the item says all that it is.
    origins: Vec<bool>,
    shows_places: Vec<bool>,
    /// Of items, where some node shows them: path, file and line.
    places: Vec<Option<(String, String, u32)>>,
}

impl Hasher {
    pub(crate) fn new(facts: &Facts<'_, '_>, web: &Web) -> Self {
        let (program, nodes) = (facts.program, web.nodes());
        let hashes: Vec<Hash> = nodes.iter().map(|&node| facts.content(node)).collect();
        let ranks = ranks(program, nodes, &hashes);
        let shows = |node: &Node| match *node {
            Node::Item(id) => facts.of(id).shows_places,
            _ => false,
        };
        let shows_places: Vec<bool> = nodes.iter().map(shows).collect();
        let place = |node: &Node| match *node {
            Node::Item(id) => {
                Some((program.path_of(id), program.relative_file(id), program.head(id).place.line))
            }
            _ => None,
        };
        let is_shown = shows_places.contains(&true);
        Hasher {
            edges: Edges::new(facts, web, &ranks),
            origins: nodes.iter().map(|&node| program.is_origin(node)).collect(),
            places: nodes.iter().filter(|_| is_shown).map(place).collect(),
            hashes,
            ranks,
            shows_places,
        }
    }

    /// The hash of a node's own content, without what it refers to.
    pub(crate) fn node(&self, node: usize) -> Hash {
        self.hashes[node]
    }

    /// What a node refers to, a list for every reference that leads somewhere.
    pub(crate) fn groups(&self, node: usize) -> impl DoubleEndedIterator<Item = &[u32]> {
        self.edges.of(node).iter().map(|mention| self.edges.members(mention.group))
    }

    /// `numbers` may serve one closure after another.
    pub(crate) fn fingerprint(&self, closure: &Closure, numbers: &mut Numbers) -> Hash {
        numbers.give(self, closure);
        let shows_places = numbers.order().iter().any(|&node| self.shows_places[node as usize]);
        let mut out = Framed::new();
        out.bytes(ALGORITHM.as_bytes());
        for at in 0..numbers.order().len() {
            let node = numbers.order()[at] as usize;
            out.framed(&self.hashes[node].0);
            if shows_places && let Some((path, file, line)) = &self.places[node] {
                out.bytes(path.as_bytes());
                out.bytes(file.as_bytes());
                out.number(u64::from(*line));
            }
            out.framed(numbers.mentioned(&self.edges, node));
        }
        out.finish()
    }
}

fn ranks(program: &Program<'_>, nodes: &[Node], hashes: &[Hash]) -> Vec<u32> {
    let paths: Vec<OnceCell<String>> = vec![OnceCell::new(); nodes.len()];
    let path = |index: usize| paths[index].get_or_init(|| content::path(program, nodes[index]));
    let mut order: Vec<usize> = (0..nodes.len()).collect();
    order.sort_unstable_by(|&a, &b| {
        hashes[a].cmp(&hashes[b]).then_with(|| path(a).cmp(path(b))).then(a.cmp(&b))
    });
    let mut ranks = vec![0; nodes.len()];
    for (rank, index) in (0..).zip(order) {
        ranks[index] = rank;
    }
    ranks
}
