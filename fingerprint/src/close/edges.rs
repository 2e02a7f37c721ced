//! Lists what a node refers to, in an order that content alone decides: references as they occur,
//! candidates of one reference by rank, then what is attached to the node.
//!
//! The lists do not depend on a root; of each, only what the root reached counts. What no root of the web
//! reaches is left out.

use super::Web;
use crate::facts::Facts;
use crate::ir::{ItemIdx, ItemKind};
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

/// What one reference of a node means, where some root reaches any of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mention {
    /// Which of the node's references it is, from 1; [`Mention::ATTACHED`] for what is attached to the node.
    pub(crate) place: u32,
    pub(crate) group: GroupId,
}

impl Mention {
    pub(crate) const ATTACHED: u32 = 0;
}

#[derive(Default)]
pub(crate) struct Edges {
    /// Indexes of nodes, list after list, and where each list ends.
    members: Vec<u32>,
    ends: Vec<u32>,
    /// What all nodes mention, one node after another, what is attached last. And where each node's end.
    mentions: Vec<Mention>,
    node_ends: Vec<u32>,
}

impl Edges {
    /// `ranks` decides between the candidates of one reference.
    pub(crate) fn new(facts: &Facts<'_, '_>, web: &Web, ranks: &[u32]) -> Self {
        let builder = Builder {
            facts,
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

    /// What a node mentions, by its index.
    pub(crate) fn of(&self, node: usize) -> &[Mention] {
        &self.mentions[range(&self.node_ends, node)]
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
    facts: &'p Facts<'p, 'a>,
    web: &'p Web,
    ranks: &'p [u32],
    edges: Edges,
    /// The list of one node alone, by that node.
    single: Vec<Option<GroupId>>,
    queries: HashMap<QueryId, Option<GroupId>>,
}

impl Builder<'_, '_> {
    fn build(mut self) -> Edges {
        for &node in self.web.nodes() {
            self.node(node);
            self.edges.node_ends.push(self.edges.mentions.len() as u32);
        }
        self.edges
    }

    fn node(&mut self, node: Node) {
        let program = self.facts.program;
        let Node::Item(id) = node else {
            let group = self.group(&packages_below(program, node));
            return self.mention(Mention::ATTACHED, group);
        };
        let mut place = Mention::ATTACHED;
        for (nodes, queries) in self.facts.of(id).references() {
            place += 1;
            let group = self.group(nodes);
            self.mention(place, group);
            for &query in queries {
                place += 1;
                let group = self.query(query);
                self.mention(place, group);
            }
        }
        let group = self.group(&attached(program, id));
        self.mention(Mention::ATTACHED, group);
    }

    fn mention(&mut self, place: u32, group: Option<GroupId>) {
        self.edges.mentions.extend(group.map(|group| Mention { place, group }));
    }

    fn query(&mut self, query: QueryId) -> Option<GroupId> {
        if let Some(&known) = self.queries.get(&query) {
            return known;
        }
        let nodes: Vec<Node> =
            self.facts.program.candidates(query).iter().map(|(item, _)| Node::Item(*item)).collect();
        let found = self.group(&nodes);
        self.queries.insert(query, found);
        found
    }

    /// The list of these nodes, as far as some root reaches them; `None` where it reaches none.
    fn group(&mut self, nodes: &[Node]) -> Option<GroupId> {
        let indexes = nodes.iter().filter_map(|&node| self.web.index(self.facts.program.slot(node)));
        let mut indexes: Vec<u32> = indexes.map(|index| index as u32).collect();
        indexes.sort_unstable_by_key(|&index| self.ranks[index as usize]);
        indexes.dedup();
        let next = GroupId(self.edges.ends.len() as u32);
        match indexes.as_slice() {
            [] => return None,
            [only] => {
                let known = self.single[*only as usize].get_or_insert(next);
                if *known != next {
                    return Some(*known);
                }
            }
            _ => {}
        }
        self.edges.members.extend(indexes);
        self.edges.ends.push(self.edges.members.len() as u32);
        Some(next)
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
        ids.filter(|&item| super::belongs_to_all(&program.head(item).kind))
            .map(Node::Item)
            .collect::<Vec<_>>()
    };
    match &program.head(id).kind {
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
