//! Lists what a node refers to, in an order that content alone decides: references as they occur,
//! candidates of one reference by the hash of their skeletons, then what is attached to the node.
//!
//! The lists do not depend on a root; of each, only what the root reached counts.

use crate::ir::{ItemKind, Skeleton};
use crate::link::{ItemId, Node, PerNode, Program, QueryId, TraitOf};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Groups of nodes: one for every reference, and a last one for what is attached.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    /// Of all groups, one after another.
    nodes: Vec<Node>,
    /// Their slots (see [`Program::slot`]).
    slots: Vec<u32>,
    /// Where each group ends.
    ends: Vec<u32>,
}

impl Groups {
    fn push(&mut self, program: &Program<'_>, nodes: &[Node]) {
        self.slots.extend(nodes.iter().map(|&node| program.slot(node) as u32));
        self.nodes.extend(nodes);
        self.ends.push(self.nodes.len() as u32);
    }

    pub(crate) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    pub(crate) fn slots(&self) -> &[u32] {
        &self.slots
    }

    /// The slots of every group.
    pub(crate) fn each(&self) -> impl ExactSizeIterator<Item = &[u32]> {
        (0..self.ends.len()).map(|index| {
            let start = if index == 0 { 0 } else { self.ends[index - 1] };
            &self.slots[start as usize..self.ends[index] as usize]
        })
    }
}

pub(crate) struct Edges<'p, 'a> {
    program: &'p Program<'a>,
    groups: RefCell<PerNode<Rc<Groups>>>,
    queries: RefCell<HashMap<QueryId, Rc<[Node]>>>,
}

impl<'p, 'a> Edges<'p, 'a> {
    pub(crate) fn new(program: &'p Program<'a>) -> Self {
        Edges { program, groups: RefCell::default(), queries: RefCell::default() }
    }

    /// `order` gives the key by which the nodes of one group are sorted.
    pub(crate) fn of<K: Ord>(&self, node: Node, order: &dyn Fn(Node) -> K) -> Rc<Groups> {
        let slot = self.program.slot(node);
        if let Some(groups) = self.groups.borrow().get(slot) {
            return Rc::clone(groups);
        }
        let mut groups = Groups::default();
        for group in self.compute(node, order) {
            groups.push(self.program, &group);
        }
        let groups = Rc::new(groups);
        self.groups.borrow_mut().insert(slot, Rc::clone(&groups));
        groups
    }

    fn compute<K: Ord>(&self, node: Node, order: &dyn Fn(Node) -> K) -> Vec<Vec<Node>> {
        let program = self.program;
        let sort = |nodes: &mut Vec<Node>| {
            nodes.sort_unstable();
            nodes.dedup();
            nodes.sort_by_cached_key(|node| order(*node));
        };
        let Node::Item(id) = node else {
            let mut nodes = packages_below(program, node);
            sort(&mut nodes);
            return vec![nodes];
        };
        let mut groups = Vec::new();
        for link in program.links(id) {
            let mut nodes = link.nodes.clone();
            sort(&mut nodes);
            groups.push(nodes);
            for &query in &link.queries {
                groups.push(self.candidates(query, order).to_vec());
            }
        }
        // A reference without a hole (our own mark) leaves no trace.
        let holes = program.item(id).skeleton.text.matches(Skeleton::HOLE).count();
        while groups.len() > holes && groups.last().is_some_and(Vec::is_empty) {
            groups.pop();
        }
        let mut attached = attached(program, id);
        sort(&mut attached);
        groups.push(attached);
        groups
    }

    fn candidates<K: Ord>(&self, query: QueryId, order: &dyn Fn(Node) -> K) -> Rc<[Node]> {
        if let Some(found) = self.queries.borrow().get(&query) {
            return Rc::clone(found);
        }
        let mut nodes: Vec<Node> =
            self.program.candidates(query).iter().map(|(item, _)| Node::Item(*item)).collect();
        nodes.dedup();
        nodes.sort_by_cached_key(|node| order(*node));
        let nodes: Rc<[Node]> = nodes.into();
        self.queries.borrow_mut().insert(query, Rc::clone(&nodes));
        nodes
    }
}

fn packages_below(program: &Program<'_>, node: Node) -> Vec<Node> {
    use crate::project::PackageId;
    let to_node = |id: PackageId| match id {
        PackageId::Foreign(index) => Some(Node::Package(index)),
        PackageId::Analysed(index) => {
            program.project.packages[index].is_proc_macro().then_some(Node::ProcMacro(index))
        }
    };
    match node {
        Node::Package(index) => {
            program.project.foreign[index].dependencies.iter().filter_map(|id| to_node(*id)).collect()
        }
        Node::ProcMacro(index) | Node::BuildScript(index) => {
            program.project.packages[index].dependencies.iter().filter_map(|edge| to_node(edge.to)).collect()
        }
        Node::File(_) | Node::Item(_) | Node::Definition(_) => Vec::new(),
    }
}

/// What belongs to an item without being named in it: the impl around a method, impls of a type or
/// trait, items of an impl that foreign code calls.
fn attached(program: &Program<'_>, id: ItemId) -> Vec<Node> {
    let index = program.impls();
    let impl_nodes =
        |indexes: &[usize]| indexes.iter().map(|&at| Node::Item(index.all[at].id)).collect::<Vec<_>>();
    let entry = program.entry(id);
    let mut nodes: Vec<Node> = [entry.owner, entry.made_by].into_iter().flatten().map(Node::Item).collect();
    nodes.extend(program.expanded(id).unwrap_or_default().iter().copied().map(Node::Definition));
    let types_of = |items: &[crate::ir::ItemIdx]| {
        let ids = program.members(id, items).into_iter();
        ids.filter(|&item| super::belongs_to_all(&program.item(item).kind))
            .map(Node::Item)
            .collect::<Vec<_>>()
    };
    match &program.item(id).kind {
        ItemKind::Struct { .. } | ItemKind::Enum { .. } | ItemKind::Union { .. } => {
            nodes.extend(impl_nodes(index.with_type(id)));
            nodes.extend(index.opaque_with_type(id).iter().map(|&id| Node::Item(id)));
        }
        ItemKind::Trait { items, .. } => {
            nodes.extend(impl_nodes(index.of_trait(id)));
            nodes.extend(types_of(items));
        }
        ItemKind::Impl(block) => {
            let whole = index.info(id).is_some_and(|info| matches!(info.of_trait, TraitOf::Foreign(..)));
            if whole {
                nodes.extend(program.members(id, &block.items).into_iter().map(Node::Item));
            } else {
                nodes.extend(types_of(&block.items));
            }
        }
        _ => {}
    }
    nodes
}
