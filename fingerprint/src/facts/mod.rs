//! Says of each item what later stages ask of its code: what it leads to, its hash, what it does. Worked out once,
//! and kept between passes (`kept`). Nothing here depends on what is marked.

mod kept;

pub(crate) use kept::Earlier;

use crate::content::{self, Hash};
use crate::effects::{self, Effect, Paths};
use crate::ir::Ref;
use crate::link::{InWorlds, ItemId, Link, Node, Program, QueryId, TraitOf, Witness};
use serde::{Deserialize, Serialize};
use std::cell::OnceCell;
use std::collections::BTreeSet;

/// What the code of one item says.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct ItemFacts {
    /// What all references lead to, one after another; where the nodes and the queries of each end.
    nodes: Vec<Node>,
    queries: Vec<QueryId>,
    ends: Vec<(u32, u32)>,
    /// It writes a `dyn Trait`.
    pub(crate) is_dyn: bool,
    /// Traits of such: every impl of them can stand behind a value.
    pub(crate) traits: Vec<TraitOf>,
    /// Build scripts that may decide over it.
    pub(crate) decided_by: Vec<Node>,
    pub(crate) calls: InWorlds,
    /// Of its own content.
    pub(crate) hash: Hash,
    /// The names or places of items show in results.
    pub(crate) shows_places: bool,
    pub(crate) witnesses: BTreeSet<Witness>,
    /// Features that are not known here decide.
    pub(crate) asks_features: bool,
    pub(crate) effects: Vec<Effect>,
    /// Files that it names are read anew in each pass.
    reads: bool,
}

impl ItemFacts {
    /// What each reference leads to.
    pub(crate) fn references(&self) -> impl Iterator<Item = (&[Node], &[QueryId])> {
        let starts = std::iter::once(&(0, 0)).chain(&self.ends);
        starts.zip(&self.ends).map(|(from, to)| {
            (&self.nodes[from.0 as usize..to.0 as usize], &self.queries[from.1 as usize..to.1 as usize])
        })
    }

    /// What all of them lead to.
    pub(crate) fn all_nodes(&self) -> &[Node] {
        &self.nodes
    }

    pub(crate) fn all_queries(&self) -> &[QueryId] {
        &self.queries
    }
}

/// Functions that an item's code uses as values.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Values {
    pub(crate) nodes: Vec<Node>,
    pub(crate) queries: Vec<QueryId>,
    pub(crate) traits: Vec<TraitOf>,
}

/// The facts of a program's items, as far as somebody asked.
pub(crate) struct Facts<'p, 'a> {
    pub(crate) program: &'p Program<'a>,
    paths: Paths,
    items: Vec<OnceCell<Box<ItemFacts>>>,
    values: Vec<OnceCell<Values>>,
    place: kept::Place,
}

impl<'p, 'a> Facts<'p, 'a> {
    pub(crate) fn new(program: &'p Program<'a>) -> Self {
        let count = program.item_ids().count();
        Facts {
            program,
            paths: Paths::default(),
            items: std::iter::repeat_with(OnceCell::new).take(count).collect(),
            values: std::iter::repeat_with(OnceCell::new).take(count).collect(),
            place: kept::Place::default(),
        }
    }

    pub(crate) fn of(&self, id: ItemId) -> &ItemFacts {
        self.items[id.index()].get_or_init(|| Box::new(self.program.within(id, || self.find(id))))
    }

    /// The hash of a node's own content.
    pub(crate) fn content(&self, node: Node) -> Hash {
        match node {
            Node::Item(id) => self.of(id).hash,
            _ => content::hash(self.program, node),
        }
    }

    pub(crate) fn values(&self, id: ItemId) -> &Values {
        self.values[id.index()].get_or_init(|| self.program.within(id, || self.find_values(id)))
    }

    fn find(&self, id: ItemId) -> ItemFacts {
        let program = self.program;
        let item = program.code(id);
        let mut facts = ItemFacts {
            calls: program.callbacks(id).clone(),
            hash: content::hash(program, Node::Item(id)),
            effects: effects::of(program, &self.paths, id),
            ..ItemFacts::default()
        };
        for link in program.links(id) {
            facts.nodes.extend(&link.nodes);
            facts.queries.extend(&link.queries);
            facts.ends.push((facts.nodes.len() as u32, facts.queries.len() as u32));
            facts.traits.extend(link.dyn_trait.clone());
            facts.shows_places |= link.shows_places;
            facts.witnesses.extend(link.witness.clone());
        }
        let is_dependency = program.package_of(id) != 0;
        let around = program.entry(id).unknown_cfgs.iter().flat_map(|cfgs| cfgs.iter());
        for predicate in item.unknown_cfgs.iter().chain(around) {
            let mut link = Link::default();
            program.link_cfg(id, predicate, &mut link);
            facts.decided_by.extend(link.nodes);
            facts.witnesses.extend(link.witness);
            facts.asks_features |= is_dependency && predicate.contains("feature");
        }
        for reference in &item.skeleton.refs {
            match reference {
                Ref::Cfg(predicate) => facts.asks_features |= is_dependency && predicate.contains("feature"),
                Ref::File { .. } | Ref::Text { .. } | Ref::Env { .. } => facts.reads = true,
                Ref::Path(path) => facts.is_dyn |= path.is_dyn,
                Ref::Expanded(_) | Ref::Method { .. } | Ref::Shown(_) => {}
            }
        }
        facts
    }

    fn find_values(&self, id: ItemId) -> Values {
        let program = self.program;
        let mut values = Values::default();
        for reference in program.function_values(id) {
            let link = &program.links(id)[reference.0 as usize];
            values.nodes.extend(&link.nodes);
            values.queries.extend(&link.queries);
            // `Iterator::next` as a value: of any type that implements it.
            let named = program.foreign_trait_in(id, reference);
            values.traits.extend(link.dyn_trait.iter().cloned().chain(named));
        }
        values
    }
}
