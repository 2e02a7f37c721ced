//! Finds the shortest way from a function to each thing that it reaches.

use checkpointing_fingerprint::{Function, Graph};
use std::collections::{BTreeMap, VecDeque};

/// A tree over a closure: each node once, under the one that leads to it in the fewest steps.
pub(crate) struct Ways {
    root: usize,
    /// The node before, for all but the root.
    before: BTreeMap<usize, usize>,
    depth: BTreeMap<usize, usize>,
    /// Nearest first.
    order: Vec<usize>,
}

impl Ways {
    /// What no reference leads to (an impl that applies to everything) stands right under the function.
    pub(crate) fn of(graph: &Graph, function: &Function) -> Ways {
        let mut ways = Ways {
            root: function.node,
            before: BTreeMap::new(),
            depth: BTreeMap::from([(function.node, 0)]),
            order: vec![function.node],
        };
        let mut queue = VecDeque::from([function.node]);
        ways.walk(graph, function, &mut queue);
        for node in function.closure.iter() {
            if !ways.depth.contains_key(&node) {
                ways.step(function.node, node, &mut queue);
                ways.walk(graph, function, &mut queue);
            }
        }
        ways
    }

    fn walk(&mut self, graph: &Graph, function: &Function, queue: &mut VecDeque<usize>) {
        while let Some(node) = queue.pop_front() {
            for &next in &graph.nodes[node].refs {
                if !self.depth.contains_key(&next) && function.closure.contains(next) {
                    self.step(node, next, queue);
                }
            }
        }
    }

    fn step(&mut self, from: usize, to: usize, queue: &mut VecDeque<usize>) {
        self.before.insert(to, from);
        self.depth.insert(to, self.depth[&from] + 1);
        self.order.push(to);
        queue.push_back(to);
    }

    /// All nodes with the function first, nearest next.
    pub(crate) fn order(&self) -> &[usize] {
        &self.order
    }

    pub(crate) fn depth(&self, node: usize) -> usize {
        self.depth.get(&node).copied().unwrap_or_default()
    }

    pub(crate) fn before(&self, node: usize) -> Option<usize> {
        self.before.get(&node).copied()
    }

    /// From the function to a node, both included.
    pub(crate) fn to(&self, node: usize) -> Vec<usize> {
        let mut way: Vec<usize> = std::iter::successors(Some(node), |&node| self.before(node)).collect();
        way.reverse();
        way
    }

    /// What stands under each node, in the order of the graph.
    pub(crate) fn below(&self) -> BTreeMap<usize, Vec<usize>> {
        let mut below: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (&node, &before) in &self.before {
            below.entry(before).or_default().push(node);
        }
        below
    }

    pub(crate) fn root(&self) -> usize {
        self.root
    }
}
