//! Weaves the web: asks the program what each node leads to, as far as some root can reach.
//!
//! All roots are followed together, in both worlds. What one of them reaches is a part of that.

use super::reach::{Reach, Start};
use super::web::{Calls, Candidate, Exists, Force, Impl, Kind, Lead, NONE, Step, Web};
use super::{Root, belongs_to_all};
use crate::facts::Facts;
use crate::ir::{ItemKind, World};
use crate::link::{Callbacks, ItemId, Node, Program, QueryId, TraitOf, Traits, is_called_by_name};
use crate::project::{DependencyKind, PackageId};
use std::collections::HashMap;

impl Web {
    /// The web of these functions; where a caller of one can bring code in, foreign packages are in it too.
    pub(crate) fn new(facts: &Facts<'_, '_>, functions: &[ItemId]) -> Web {
        let program = facts.program;
        let mut weaver = Weaver::new(facts);
        let mut reach = Reach::default();
        reach.begin(None);
        let slot = |id: ItemId| program.slot(Node::Item(id)) as u32;
        let mut openings: Vec<_> = functions.iter().map(|&id| (slot(id), weaver.opening(id))).collect();
        openings.sort_by_key(|(slot, _)| *slot);
        let is_open = openings.iter().any(|(_, opening)| opening.open);
        weaver.web.openings = openings;
        let packages = 0..if is_open { program.project.foreign.len() } else { 0 };
        let roots =
            functions.iter().map(|&id| Root::Function(id, World::Any)).chain(packages.map(Root::Package));
        for root in roots {
            reach.start(&weaver.web, Start::new(program, root).in_both());
        }
        loop {
            reach.run(&weaver.web);
            let missing = std::mem::take(&mut reach.missing);
            if missing.is_empty() {
                break;
            }
            for slot in missing.steps {
                let step = weaver.step(program.node_at(slot as usize));
                weaver.web.set_step(slot, step);
                reach.visit(&weaver.web, slot);
            }
            for query in missing.queries {
                weaver.query(QueryId(query));
                reach.ask(&weaver.web, query);
            }
            for index in missing.bounds {
                weaver.bounds(index);
                reach.force_bounds(&weaver.web, index);
            }
            if missing.functions {
                weaver.functions();
                reach.functions(&weaver.web);
            }
        }
        weaver.web.number(reach.found, program);
        weaver.web
    }

    fn set_step(&mut self, slot: u32, step: Step) {
        let slot = slot as usize;
        if self.steps.len() <= slot {
            self.steps.resize_with(slot + 1, || None);
        }
        self.steps[slot] = Some(Box::new(step));
    }

    fn number(&mut self, mut found: Vec<u32>, program: &Program<'_>) {
        found.sort_unstable();
        let decides = |&slot: &u32| {
            let step = self.steps.get(slot as usize).and_then(Option::as_deref);
            matches!(self.exists.get(slot as usize), Some(Exists::In(_)))
                || step.is_some_and(|step| step.in_tests.is_some())
        };
        let is_filled =
            |lead: &Lead| !(lead.nodes.is_empty() && lead.queries.is_empty() && lead.forces.is_empty());
        self.worlds_differ = found.iter().any(decides)
            || self
                .functions
                .as_ref()
                .is_some_and(|[_, tests, builds]| is_filled(tests) || is_filled(builds));
        self.indexes = vec![NONE; found.last().map_or(0, |last| *last as usize + 1)];
        for (index, &slot) in found.iter().enumerate() {
            self.indexes[slot as usize] = index as u32;
        }
        self.nodes = found.iter().map(|&slot| program.node_at(slot as usize)).collect();
    }
}

pub(super) struct Weaver<'p, 'a> {
    pub(super) program: &'p Program<'a>,
    pub(super) facts: &'p Facts<'p, 'a>,
    web: Web,
    forces: HashMap<TraitOf, u32>,
}

impl<'p, 'a> Weaver<'p, 'a> {
    fn new(facts: &'p Facts<'p, 'a>) -> Self {
        let program = facts.program;
        let exists = |id: ItemId| match program.entry(id).world {
            World::Any => Exists::Always,
            // Dependencies are never compiled with cfg(test).
            World::Test if program.package_of(id) != 0 => Exists::Never,
            World::NotTest if program.package_of(id) != 0 => Exists::Always,
            only => Exists::In(only),
        };
        let one_by_one = Traits::ALL.each().zip(program.impls_called(Traits::ALL));
        let mut weaver = Weaver { program, facts, web: Web::default(), forces: HashMap::new() };
        weaver.web.exists = program.item_ids().map(exists).collect();
        weaver.web.called = one_by_one.map(|(traits, query)| (traits, query.0)).collect();
        weaver.web.impls = program
            .impls()
            .all
            .iter()
            .map(|info| {
                let slots = |ids: &[ItemId]| ids.iter().map(|&id| weaver.slot(Node::Item(id))).collect();
                let (kind, items) = match &info.of_trait {
                    TraitOf::Inherent => (Kind::Inherent, Box::default()),
                    TraitOf::Local(traits) => (Kind::Local(slots(traits)), Box::default()),
                    TraitOf::Foreign(name, krate) => (
                        Kind::Foreign { at_once: !is_called_by_name(name, krate) },
                        info.items.iter().map(|&(_, item)| weaver.slot(Node::Item(item))).collect(),
                    ),
                };
                Impl { slot: weaver.slot(Node::Item(info.id)), required: slots(&info.required), kind, items }
            })
            .collect();
        let impls = weaver.web.impls.iter().enumerate();
        weaver.web.ready =
            impls.filter(|(_, info)| info.required.is_empty()).map(|(index, _)| index as u32).collect();
        weaver
    }

    fn slot(&self, node: Node) -> u32 {
        self.program.slot(node) as u32
    }

    fn step(&mut self, node: Node) -> Step {
        let program = self.program;
        let mut nodes = Vec::new();
        match node {
            Node::Item(id) => return self.item(id),
            Node::Package(index) => {
                let below = &program.project.foreign[index].dependencies;
                nodes.extend(below.iter().filter_map(|&id| package(program, id)));
            }
            Node::ProcMacro(index) => {
                let edges = &program.project.packages[index].dependencies;
                nodes.extend(edges.iter().filter_map(|edge| package(program, edge.to)));
                // The code that it makes names items of any package, through words of its own source.
                nodes.extend(named_in_package(program, index).into_iter().map(Node::Item));
            }
            Node::BuildScript(index) => {
                let edges = program.project.packages[index].dependencies.iter();
                let edges = edges.filter(|edge| edge.kind == DependencyKind::Build);
                nodes.extend(edges.filter_map(|edge| package(program, edge.to)));
            }
            Node::File(_) | Node::Definition(_) => {}
        }
        Step { lead: self.lead(nodes, Vec::new(), Vec::new()), ..Step::default() }
    }

    fn item(&mut self, id: ItemId) -> Step {
        let program = self.program;
        let facts = self.facts.of(id);
        let mut nodes = [facts.all_nodes(), &facts.decided_by].concat();
        let queries = facts.all_queries().to_vec();
        let forces = facts.traits.iter().map(|of_trait| self.force(of_trait)).collect();
        let entry = program.entry(id);
        nodes.extend([entry.owner, entry.made_by].into_iter().flatten().map(Node::Item));
        nodes.extend(program.expanded(id).unwrap_or_default().iter().map(|&macro_| Node::Definition(macro_)));
        let mut impls: &[usize] = &[];
        let mut is_trait = false;
        match &program.head(id).kind {
            ItemKind::Struct { .. } | ItemKind::Enum { .. } | ItemKind::Union { .. } => {
                impls = program.impls().with_type(id);
                nodes.extend(program.impls().opaque_with_type(id).iter().map(|&opaque| Node::Item(opaque)));
            }
            // A file that only its package's build script knows.
            ItemKind::Include(_) => nodes.push(Node::BuildScript(program.package_of(id))),
            ItemKind::Trait { items, .. } => {
                (impls, is_trait) = (program.impls().of_trait(id), true);
                nodes.extend(self.for_all(id, items));
            }
            ItemKind::Impl(block) => nodes.extend(self.for_all(id, &block.items)),
            _ => {}
        }
        let in_builds = self.calls(&facts.calls.in_builds);
        let in_tests = facts.calls.in_tests.as_ref().map(|callbacks| Box::new(self.calls(callbacks)));
        Step {
            impls: impls.iter().map(|&index| index as u32).collect(),
            is_trait,
            in_builds,
            in_tests,
            lead: self.lead(nodes, queries, forces),
        }
    }

    fn calls(&mut self, callbacks: &Callbacks) -> Calls {
        // They may be asked for another root than the first that gets here.
        callbacks.exact.iter().for_each(|(_, query)| self.query(*query));
        Calls {
            any: callbacks.any,
            exact: callbacks.exact.iter().map(|&(traits, query)| (traits, query.0)).collect(),
            holds_foreign: callbacks.holds_foreign,
            is_uncertain: callbacks.is_uncertain,
        }
    }

    fn for_all(&self, owner: ItemId, items: &[crate::ir::ItemIdx]) -> impl Iterator<Item = Node> {
        let program = self.program;
        let items = program.members(owner, items).into_iter();
        items.filter(|&item| belongs_to_all(&program.head(item).kind)).map(Node::Item)
    }

    fn lead(&self, nodes: Vec<Node>, mut queries: Vec<QueryId>, mut forces: Vec<u32>) -> Lead {
        let mut slots: Vec<u32> = nodes.into_iter().map(|node| self.slot(node)).collect();
        slots.sort_unstable();
        slots.dedup();
        queries.sort_unstable();
        queries.dedup();
        forces.sort_unstable();
        forces.dedup();
        Lead {
            nodes: slots.into(),
            queries: queries.into_iter().map(|query| query.0).collect(),
            forces: forces.into(),
        }
    }

    fn query(&mut self, query: QueryId) {
        let index = query.0 as usize;
        if self.web.queries.len() <= index {
            self.web.queries.resize_with(index + 1, || None);
        }
        if self.web.queries[index].is_none() {
            let found = self.program.candidates(query);
            let candidate = |&(item, in_impl): &(ItemId, Option<usize>)| -> Candidate {
                (self.slot(Node::Item(item)), in_impl.map_or(NONE, |index| index as u32))
            };
            self.web.queries[index] = Some(found.iter().map(candidate).collect());
        }
    }

    /// Of an impl that may stand behind a value.
    fn bounds(&mut self, index: u32) {
        let index = index as usize;
        let id = self.program.impls().all[index].id;
        let forces = match &self.program.head(id).kind {
            ItemKind::Impl(block) => self.bounds_of(id, &block.generics),
            _ => Vec::new(),
        };
        if self.web.bounds.len() <= index {
            self.web.bounds.resize_with(index + 1, || None);
        }
        self.web.bounds[index] = Some(forces.into());
    }

    fn functions(&mut self) {
        let program = self.program;
        let lead_of = |this: &mut Self, world: World| {
            let (mut nodes, mut queries, mut forces) = (Vec::new(), Vec::new(), Vec::new());
            for id in program.item_ids().filter(|id| program.entry(*id).world == world) {
                let values = this.facts.values(id);
                nodes.extend(&values.nodes);
                queries.extend(&values.queries);
                forces.extend(values.traits.iter().map(|of_trait| this.force(of_trait)));
            }
            this.lead(nodes, queries, forces)
        };
        self.web.functions =
            Some([World::Any, World::Test, World::NotTest].map(|world| lead_of(self, world)));
    }

    /// The number of what it means that any impl of a trait may stand behind a value.
    pub(super) fn force(&mut self, of_trait: &TraitOf) -> u32 {
        if let Some(&known) = self.forces.get(of_trait) {
            return known;
        }
        let (traits, impls, functions) = self.forced_by(of_trait);
        let nodes = traits.into_iter().map(|id| self.slot(Node::Item(id))).collect();
        let impls = impls.into_iter().map(|index| index as u32).collect();
        self.web.forces.push(Force { nodes, impls, functions });
        let number = self.web.forces.len() as u32 - 1;
        self.forces.insert(of_trait.clone(), number);
        number
    }
}

/// A package as a node; a path dependency is reached item by item.
fn package(program: &Program<'_>, id: PackageId) -> Option<Node> {
    match id {
        PackageId::Foreign(index) => {
            (!program.project.foreign[index].is_toolkit()).then_some(Node::Package(index))
        }
        PackageId::Analysed(index) => {
            program.project.packages[index].is_proc_macro().then_some(Node::ProcMacro(index))
        }
    }
}

fn named_in_package(program: &Program<'_>, package: usize) -> Vec<ItemId> {
    let words = crate::walk::words(&program.project.packages[package].directory);
    let is_named = |id: &ItemId| {
        program.name_of(*id).is_some_and(|name| words.contains(program.text(name)))
            && !matches!(program.head(*id).kind, ItemKind::Mod(_) | ItemKind::Use(_))
    };
    program.item_ids().filter(is_named).collect()
}
