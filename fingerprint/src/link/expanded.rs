//! Tells what stands in the place of macro calls that were expanded.

use super::links::Link;
use super::lookup::Target;
use super::path::Reached;
use super::scopes::Namespace3;
use super::{ItemId, Node, Program, Sym};
use crate::ir::{ItemIdx, ItemKind, PathRef};

impl Program<'_> {
    /// The macros that a call used, where it was expanded: what it stands for counts in its place.
    pub(crate) fn expanded(&self, call: ItemId) -> Option<&[ItemId]> {
        self.expanded.get(&call).map(|expanded| expanded.definitions.as_slice())
    }

    /// Whether the files that an `include!` names are known.
    pub(crate) fn is_included(&self, include: ItemId) -> bool {
        let modules = self.sources.crates[self.crate_of(include)].modules.iter();
        let index = self.entry(include).index;
        modules
            .filter(|module| module.file == self.file_of(include))
            .any(|module| module.children.get(&index).is_some_and(|files| !files.is_empty()))
    }

    /// The macro of a call in a body that was expanded: what it wrote stands in the body.
    pub(super) fn link_expanded(&self, id: ItemId, path: &PathRef, link: &mut Link) {
        let segments: Vec<Sym> = path.segments.iter().map(|name| self.sym(id, *name)).collect();
        let scope = self.entry(id).block(path.scope);
        for end in self.resolve(scope, path.anchor, &segments, &[Namespace3::Macro]).ends {
            if let Reached::Target(Target::Item(item)) = end.reached
                && matches!(self.head(item).kind, ItemKind::Macro { .. })
            {
                link.nodes.push(Node::Definition(item));
            }
        }
    }

    /// What an impl, a trait or an extern block holds: what macro calls stand for in place of the calls.
    pub(crate) fn members(&self, owner: ItemId, items: &[ItemIdx]) -> Vec<ItemId> {
        let mut members = Vec::with_capacity(items.len());
        for &item in items {
            self.add_members(self.sibling(owner, item), &mut members);
        }
        members
    }

    fn add_members(&self, item: ItemId, members: &mut Vec<ItemId>) {
        match self.expanded.get(&item) {
            Some(expanded) => expanded.items.iter().for_each(|&item| self.add_members(item, members)),
            None => members.push(item),
        }
    }

    /// Whether a node only says where other nodes come from: its text is in theirs.
    pub(crate) fn is_origin(&self, node: Node) -> bool {
        match node {
            Node::Definition(_) => true,
            Node::Item(id) => self.expanded.contains_key(&id),
            Node::Package(_) | Node::ProcMacro(_) | Node::BuildScript(_) | Node::File(_) => false,
        }
    }
}
