//! Lists what a node refers to, in an order that content alone decides: references as they occur,
//! candidates of one reference by rank, then what is attached to the node.
//!
//! The lists do not depend on a root; of each, only what the root reached counts. What no root of the web
//! reaches is left out.

use super::Web;
use crate::ir::{ItemIdx, ItemKind, Skeleton};
use crate::link::{ItemId, Node, Program, QueryId, TraitOf};
use crate::project::PackageId;
use std::collections::HashMap;

/// A list of nodes: what one reference means. Many nodes share one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GroupId(u32);

impl GroupId {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

#[derive(Default)]
pub(crate) struct Edges {
    /// Indexes of nodes, list after list, and where each list ends.
    members: Vec<u32>,
    ends: Vec<u32>,
    /// The lists of all nodes, one node after another: one for every reference, and a last one for what is
    /// attached. And where each node's end.
    groups: Vec<GroupId>,
    node_ends: Vec<u32>,
}

impl Edges {
    /// `ranks` decides between the candidates of one reference.
    pub(crate) fn new(program: &Program<'_>, web: &Web, ranks: &[u32]) -> Self {
        let builder = Builder {
            program,
            web,
            ranks,
            edges: Edges::default(),
            single: vec![None; web.nodes().len()],
            queries: HashMap::new(),
        };
        builder.build()
    }

    pub(crate) fn group_count(&self) -> usize {
        self.ends.len()
    }

    /// The groups of a node, by its index.
    pub(crate) fn of(&self, node: usize) -> &[GroupId] {
        &self.groups[range(&self.node_ends, node)]
    }

    /// Indexes of nodes.
    pub(crate) fn members(&self, group: GroupId) -> &[u32] {
        &self.members[range(&self.ends, group.index())]
    }
}

fn range(ends: &[u32], index: usize) -> std::ops::Range<usize> {
    let start = if index == 0 { 0 } else { ends[index - 1] };
    start as usize..ends[index] as usize
}

struct Builder<'p, 'a> {
    program: &'p Program<'a>,
    web: &'p Web,
    ranks: &'p [u32],
    edges: Edges,
    /// The list of one node alone, by that node.
    single: Vec<Option<GroupId>>,
    queries: HashMap<QueryId, (GroupId, bool)>,
}

impl Builder<'_, '_> {
    fn build(mut self) -> Edges {
        // The list of none.
        self.edges.ends.push(0);
        for &node in self.web.nodes() {
            self.node(node);
            self.edges.node_ends.push(self.edges.groups.len() as u32);
        }
        self.edges
    }

    fn node(&mut self, node: Node) {
        let program = self.program;
        let Node::Item(id) = node else {
            let group = self.group(&packages_below(program, node));
            return self.edges.groups.push(group);
        };
        let first = self.edges.groups.len();
        // Whether each has candidates, reached or not.
        let mut filled = Vec::new();
        for link in program.links(id) {
            let group = self.group(&link.nodes);
            self.edges.groups.push(group);
            filled.push(!link.nodes.is_empty());
            for &query in &link.queries {
                let (group, is_filled) = self.query(query);
                self.edges.groups.push(group);
                filled.push(is_filled);
            }
        }
        // A reference without a hole (our own mark) leaves no trace.
        let holes = program.code(id).skeleton.text.matches(Skeleton::HOLE).count();
        while filled.len() > holes && filled.last() == Some(&false) {
            filled.pop();
        }
        self.edges.groups.truncate(first + filled.len());
        let group = self.group(&attached(program, id));
        self.edges.groups.push(group);
    }

    fn query(&mut self, query: QueryId) -> (GroupId, bool) {
        if let Some(&known) = self.queries.get(&query) {
            return known;
        }
        let nodes: Vec<Node> =
            self.program.candidates(query).iter().map(|(item, _)| Node::Item(*item)).collect();
        let found = (self.group(&nodes), !nodes.is_empty());
        self.queries.insert(query, found);
        found
    }

    fn group(&mut self, nodes: &[Node]) -> GroupId {
        let indexes = nodes.iter().filter_map(|&node| self.web.index(self.program.slot(node)));
        let mut indexes: Vec<u32> = indexes.map(|index| index as u32).collect();
        indexes.sort_unstable_by_key(|&index| self.ranks[index as usize]);
        indexes.dedup();
        match indexes.as_slice() {
            [] => return GroupId(0),
            [only] => {
                if let Some(known) = self.single[*only as usize] {
                    return known;
                }
                self.single[*only as usize] = Some(GroupId(self.edges.ends.len() as u32));
            }
            _ => {}
        }
        self.edges.members.extend(indexes);
        self.edges.ends.push(self.edges.members.len() as u32);
        GroupId(self.edges.ends.len() as u32 - 1)
    }
}

fn packages_below(program: &Program<'_>, node: Node) -> Vec<Node> {
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
    let types_of = |items: &[ItemIdx]| {
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
