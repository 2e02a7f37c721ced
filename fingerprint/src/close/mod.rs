//! Finds what a marked function can reach: every mention is a reference, methods are resolved by
//! name over the impls whose types are live (rapid type analysis), and code that no call names
//! (operators, `Drop`, `Display`) is reached with the type that it is implemented for.
//!
//! One [`Reach`] serves many roots, one after another; its tables are stamped, not cleared.

mod edges;
mod open;

pub(crate) use edges::{Edges, Groups};

use crate::ir::{ItemKind, World};
use crate::link::{ItemId, Link, Node, Program, QueryId, TraitOf};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Everything that one function can reach.
#[derive(Clone, Debug)]
pub(crate) struct Closure {
    pub(crate) root: Node,
    /// The function itself included. Sorted.
    pub(crate) nodes: Vec<Node>,
    /// A bound in the root's signature lets the caller bring code in.
    pub(crate) open: bool,
}

pub(crate) struct Reach<'p, 'a> {
    program: &'p Program<'a>,
    /// Items that a procedural macro's source names, by package.
    named: HashMap<usize, Vec<ItemId>>,
    stamp: u32,
    /// By item: reached, and (types) live.
    reached: Vec<u32>,
    /// By impl: live.
    live: Vec<u32>,
    asked: Vec<u32>,
    others: BTreeSet<Node>,
    queue: Vec<Node>,
    /// Methods that are called and whose impl is not live yet.
    waiting: HashMap<usize, Vec<ItemId>>,
    forced: HashSet<usize>,
    any_function: bool,
    world: World,
    found: Vec<Node>,
}

impl<'p, 'a> Reach<'p, 'a> {
    pub(crate) fn new(program: &'p Program<'a>) -> Self {
        Reach {
            program,
            named: HashMap::new(),
            stamp: 0,
            reached: vec![0; program.item_ids().count()],
            live: vec![0; program.impls().all.len()],
            asked: Vec::new(),
            others: BTreeSet::new(),
            queue: Vec::new(),
            waiting: HashMap::new(),
            forced: HashSet::new(),
            any_function: false,
            world: World::NotTest,
            found: Vec::new(),
        }
    }

    /// The closure of a function in one of the two worlds, with or without `cfg(test)`.
    pub(crate) fn close(&mut self, root: ItemId, world: World) -> Closure {
        self.stamp += 1;
        self.world = world;
        self.others.clear();
        self.waiting.clear();
        self.forced.clear();
        self.any_function = false;
        self.found.clear();
        self.reach(Node::Item(root));
        for index in 0..self.program.impls().all.len() {
            if self.program.impls().all[index].required.is_empty() {
                self.make_live(index);
            }
        }
        let open = self.open_root(root);
        while let Some(node) = self.queue.pop() {
            self.visit(node);
        }
        let mut nodes = std::mem::take(&mut self.found);
        nodes.sort_unstable();
        Closure { root: Node::Item(root), nodes, open }
    }

    /// A foreign package and all that it depends on.
    pub(crate) fn close_package(&mut self, index: usize) -> Closure {
        self.stamp += 1;
        self.others.clear();
        self.found.clear();
        self.reach(Node::Package(index));
        while let Some(node) = self.queue.pop() {
            self.visit(node);
        }
        let mut nodes = std::mem::take(&mut self.found);
        nodes.sort_unstable();
        Closure { root: Node::Package(index), nodes, open: false }
    }

    fn reach(&mut self, node: Node) {
        match node {
            Node::Item(id) => {
                let entry = self.program.entry(id);
                // Dependencies are never compiled with cfg(test).
                let world = if self.program.package_of(id) == 0 { self.world } else { World::NotTest };
                let stamp = &mut self.reached[id.0 as usize];
                if *stamp == self.stamp || !entry.exists_in(world) {
                    return;
                }
                *stamp = self.stamp;
            }
            other => {
                if !self.others.insert(other) {
                    return;
                }
            }
        }
        self.found.push(node);
        self.queue.push(node);
    }

    fn visit(&mut self, node: Node) {
        let program = self.program;
        match node {
            Node::Item(id) => self.visit_item(id),
            Node::Package(index) => {
                for &below in &program.project.foreign[index].dependencies {
                    self.reach_package(below);
                }
            }
            Node::ProcMacro(index) => {
                for edge in &program.project.packages[index].dependencies {
                    self.reach_package(edge.to);
                }
                // The code that it makes names items of any package, through words of its own source.
                for id in self.named_in_package(index) {
                    self.reach(Node::Item(id));
                }
            }
            Node::BuildScript(index) => {
                let edges = &program.project.packages[index].dependencies;
                for edge in edges.iter().filter(|edge| edge.kind == crate::project::DependencyKind::Build) {
                    self.reach_package(edge.to);
                }
            }
            Node::File(_) | Node::Definition(_) => {}
        }
    }

    fn named_in_package(&mut self, package: usize) -> Vec<ItemId> {
        let program = self.program;
        let find = || {
            let words = crate::walk::words(&program.project.packages[package].directory);
            let is_named = |id: &ItemId| {
                program.name_of(*id).is_some_and(|name| words.contains(program.text(name)))
                    && !matches!(program.item(*id).kind, ItemKind::Mod(_) | ItemKind::Use(_))
            };
            program.item_ids().filter(is_named).collect()
        };
        self.named.entry(package).or_insert_with(find).clone()
    }

    fn reach_package(&mut self, id: crate::project::PackageId) {
        use crate::project::PackageId;
        match id {
            PackageId::Foreign(index) if !self.program.project.foreign[index].is_toolkit() => {
                self.reach(Node::Package(index));
            }
            PackageId::Analysed(index) if self.program.project.packages[index].is_proc_macro() => {
                self.reach(Node::ProcMacro(index));
            }
            // A path dependency is reached item by item.
            _ => {}
        }
    }

    fn visit_item(&mut self, id: ItemId) {
        let program = self.program;
        for link in program.links(id) {
            self.follow(link);
        }
        let entry = program.entry(id);
        for around in [entry.owner, entry.made_by].into_iter().flatten() {
            self.reach(Node::Item(around));
        }
        for &definition in program.expanded(id).unwrap_or_default() {
            self.reach(Node::Definition(definition));
        }
        let around = entry.unknown_cfgs.iter().flat_map(|cfgs| cfgs.iter());
        for predicate in program.item(id).unknown_cfgs.iter().chain(around) {
            let mut link = Link::default();
            program.link_cfg(id, predicate, &mut link);
            self.follow(&link);
        }
        match &program.item(id).kind {
            ItemKind::Struct { .. } | ItemKind::Enum { .. } | ItemKind::Union { .. } => {
                for &index in program.impls().with_type(id) {
                    self.make_live_when_ready(index);
                }
                for &opaque in program.impls().opaque_with_type(id) {
                    self.reach(Node::Item(opaque));
                }
            }
            // A file that only its package's build script knows.
            ItemKind::Include(_) => self.reach(Node::BuildScript(program.package_of(id))),
            ItemKind::Trait { items, .. } => {
                for &index in program.impls().of_trait(id) {
                    if self.live[index] == self.stamp {
                        self.reach(Node::Item(program.impls().all[index].id));
                    }
                }
                for item in program.members(id, items) {
                    if belongs_to_all(&program.item(item).kind) {
                        self.reach(Node::Item(item));
                    }
                }
            }
            ItemKind::Impl(impl_) => {
                for item in program.members(id, &impl_.items) {
                    if belongs_to_all(&program.item(item).kind) {
                        self.reach(Node::Item(item));
                    }
                }
            }
            _ => {}
        }
    }

    fn follow(&mut self, link: &Link) {
        for &node in &link.nodes {
            self.reach(node);
        }
        for &query in &link.queries {
            self.ask(query);
        }
        if let Some(of_trait) = &link.dyn_trait {
            self.force_trait(of_trait);
        }
    }

    fn ask(&mut self, query: QueryId) {
        let index = query.0 as usize;
        if self.asked.len() <= index {
            self.asked.resize(index + 1, 0);
        }
        if self.asked[index] == self.stamp {
            return;
        }
        self.asked[index] = self.stamp;
        let found = self.program.candidates(query);
        for &(item, in_impl) in found.iter() {
            match in_impl {
                Some(index) if self.live[index] != self.stamp => {
                    self.waiting.entry(index).or_default().push(item);
                }
                _ => self.reach(Node::Item(item)),
            }
        }
    }

    fn is_reached(&self, id: ItemId) -> bool {
        self.reached[id.0 as usize] == self.stamp
    }

    fn make_live_when_ready(&mut self, index: usize) {
        let required = &self.program.impls().all[index].required;
        if required.iter().all(|&id| self.is_reached(id)) {
            self.make_live(index);
        }
    }

    fn make_live(&mut self, index: usize) {
        if self.live[index] == self.stamp {
            return;
        }
        self.live[index] = self.stamp;
        let info = &self.program.impls().all[index];
        match &info.of_trait {
            TraitOf::Inherent => {}
            TraitOf::Local(traits) => {
                if traits.iter().any(|&id| self.is_reached(id)) || self.forced.contains(&index) {
                    self.reach(Node::Item(info.id));
                }
            }
            TraitOf::Foreign(..) => {
                self.reach(Node::Item(info.id));
                for &(_, item) in &info.items {
                    self.reach(Node::Item(item));
                }
            }
        }
        for item in self.waiting.remove(&index).unwrap_or_default() {
            self.reach(Node::Item(item));
        }
    }
}

/// Items of a trait or of its impls that no name has to lead to: associated types, and what a macro defines.
fn belongs_to_all(kind: &ItemKind) -> bool {
    matches!(kind, ItemKind::TypeAlias { .. } | ItemKind::MacroCall { .. })
}
