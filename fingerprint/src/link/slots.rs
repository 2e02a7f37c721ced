//! Numbers nodes without gaps, so that tables over nodes are vectors and not maps.

use super::{Node, Program};

impl Program<'_> {
    /// Items first, then packages; files last, since links may still find more of them.
    pub(crate) fn slot(&self, node: Node) -> usize {
        let (items, foreign, packages) =
            (self.items.len(), self.project.foreign.len(), self.project.packages.len());
        match node {
            Node::Item(id) => id.0 as usize,
            Node::Package(index) => items + index,
            Node::ProcMacro(index) => items + foreign + index,
            Node::BuildScript(index) => items + foreign + packages + index,
            Node::Definition(id) => items + foreign + 2 * packages + id.0 as usize,
            Node::File(index) => 2 * items + foreign + 2 * packages + index,
        }
    }
}

/// A value for every node, made when it is first asked for.
pub(crate) struct PerNode<T> {
    values: Vec<Option<T>>,
}

impl<T> Default for PerNode<T> {
    fn default() -> Self {
        PerNode { values: Vec::new() }
    }
}

impl<T> PerNode<T> {
    pub(crate) fn get(&self, slot: usize) -> Option<&T> {
        self.values.get(slot).and_then(Option::as_ref)
    }

    pub(crate) fn insert(&mut self, slot: usize, value: T) {
        if self.values.len() <= slot {
            self.values.resize_with(slot + 1, || None);
        }
        self.values[slot] = Some(value);
    }
}
