//! Numbers nodes without gaps, so that tables over nodes are vectors and not maps.

use super::{ItemId, Node, Program};

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

    /// The node in a slot.
    pub(crate) fn node_at(&self, slot: usize) -> Node {
        type Kind = fn(usize) -> Node;
        let (items, foreign, packages) =
            (self.items.len(), self.project.foreign.len(), self.project.packages.len());
        let kinds: [(usize, Kind); 5] = [
            (items, |index| Node::Item(ItemId(index as u32))),
            (foreign, Node::Package),
            (packages, Node::ProcMacro),
            (packages, Node::BuildScript),
            (items, |index| Node::Definition(ItemId(index as u32))),
        ];
        let mut index = slot;
        for (count, node) in kinds {
            if index < count {
                return node(index);
            }
            index -= count;
        }
        Node::File(index)
    }
}
