//! Makes a graph from a linked program: closes over the functions, and describes what they reach.

use super::{Function, Graph, GraphLint, GraphNode, GraphNote, SCHEMA};
use crate::close::{Closure as Reached, Jobs, NodeSet, Root, Web};
use crate::content::{self, Hash};
use crate::facts::Facts;
use crate::hash::{Hasher, Numbers};
use crate::ir::{ItemKind, World};
use crate::link::{ItemId, Node, Program};
use crate::lint::Linter;
use crate::marks::{self, Marked};
use crate::notes::notes;
use crate::pass::Pass;
use crate::project::TargetKind;
use crate::stored;
use std::collections::{BTreeMap, BTreeSet};

pub(super) struct Builder<'p, 'a> {
    pub(super) pass: &'p Pass,
    pub(super) program: &'p Program<'a>,
    pub(super) facts: &'p Facts<'p, 'a>,
}

/// The nodes that the graph shows, in its order.
struct Shown {
    /// Indexes of nodes of the web.
    nodes: Vec<usize>,
    /// And the other way round; only what a closure holds has a place that counts.
    places: Vec<usize>,
}

impl Builder<'_, '_> {
    pub(super) fn build(&self, all: bool) -> Graph {
        let marks = marks::marked(self.program);
        let marked: BTreeMap<ItemId, &Marked> = marks.iter().map(|marked| (marked.id, marked)).collect();
        let mut roots: BTreeSet<ItemId> = marked.keys().copied().collect();
        if all {
            roots.extend(self.program.item_ids().filter(|&id| self.is_function(id)));
        }
        let roots: Vec<ItemId> = roots.into_iter().collect();
        let web = Web::new(self.facts, &roots);
        let hasher = Hasher::new(self.facts, &web);
        let closures = self.closures(&roots, World::NotTest, &web, &hasher);
        let own: Vec<ItemId> = marked
            .keys()
            .copied()
            .filter(|&id| web.worlds_differ() && self.program.package_of(id) == 0)
            .collect();
        let tests = self.closures(&own, World::Test, &web, &hasher);
        let tests: BTreeMap<ItemId, Hash> =
            own.into_iter().zip(tests.iter().map(|(_, hash)| *hash)).collect();

        let shown = self.shown(&web, &closures);
        let nodes = shown.nodes.iter().map(|&node| self.node(node, &web, &hasher, &shown)).collect();
        let lints = self.lints(&marks, &roots, &closures, &web, &hasher, &shown);
        let both = |(&id, (_, usual)): (&ItemId, &(Reached, Hash))| {
            marked.contains_key(&id).then(|| (id, [*usual, *tests.get(&id).unwrap_or(usual)]))
        };
        let fingerprints = roots.iter().zip(&closures).filter_map(both).collect();
        let mut stored = stored::stored(self.facts, &marks, &fingerprints);
        let mut functions: Vec<Function> = Vec::new();
        // The closures are big: each makes room for the next.
        for (id, (closure, fingerprint)) in roots.into_iter().zip(closures) {
            let Some(root) = closure.root.filter(|_| closure.has_root()) else { continue };
            let stored = stored.remove(&id);
            functions.push(Function {
                node: shown.places[root],
                fingerprint: fingerprint.hex(),
                marked: stored.is_some(),
                closure: closure.reached.iter().map(|node| shown.places[node]).collect(),
                stored,
            });
        }
        functions.sort_by_key(|function| function.node);
        Graph {
            schema: SCHEMA,
            package: self.pass.project.packages[0].name.clone(),
            nodes,
            functions,
            lints,
            notes: notes(self.pass, self.program, shown.nodes.iter().map(|&node| web.nodes()[node]))
                .into_iter()
                .map(|((file, line, message), is_call)| GraphNote { file, line, message, is_call })
                .collect(),
            directory: self.pass.project.packages[0].directory.clone(),
            warnings: self.pass.warnings.clone(),
            is_kept: false,
            parsed: (self.pass.sources.parsed, self.pass.sources.files.len()),
        }
    }

    fn closures(&self, roots: &[ItemId], world: World, web: &Web, hasher: &Hasher) -> Vec<(Reached, Hash)> {
        let jobs: Vec<Vec<Root>> = roots.iter().map(|&id| vec![Root::Function(id, world)]).collect();
        web.each(&Jobs::new(self.program, &jobs), |numbers: &mut Numbers, mut closures: Vec<Reached>| {
            let closure = closures.swap_remove(0);
            let fingerprint = hasher.fingerprint(&closure, numbers);
            (closure, fingerprint)
        })
    }

    fn shown(&self, web: &Web, closures: &[(Reached, Hash)]) -> Shown {
        let mut used = NodeSet::default();
        for (closure, _) in closures {
            used.add(&closure.reached);
        }
        let mut nodes: Vec<usize> = used.iter().collect();
        nodes.sort_by_cached_key(|&node| self.place_key(web.nodes()[node]));
        let mut places = vec![usize::MAX; web.nodes().len()];
        for (place, &node) in nodes.iter().enumerate() {
            places[node] = place;
        }
        Shown { nodes, places }
    }

    fn lints(
        &self,
        marks: &[Marked],
        roots: &[ItemId],
        closures: &[(Reached, Hash)],
        web: &Web,
        hasher: &Hasher,
        shown: &Shown,
    ) -> Vec<GraphLint> {
        let linter = Linter::new(self.facts, web, hasher);
        let place = |node: &Node| web.index(self.program.slot(*node)).map(|index| shown.places[index]);
        let mut lints = Vec::new();
        for marked in marks.iter().filter(|marked| self.program.package_of(marked.id) == 0) {
            let Ok(at) = roots.binary_search(&marked.id) else { continue };
            let closure = &closures[at].0;
            let Some(root) = closure.root.filter(|_| closure.has_root()) else { continue };
            lints.extend(linter.findings(marked, closure).into_iter().map(|finding| GraphLint {
                function: shown.places[root],
                kind: finding.kind.name(),
                what: finding.what,
                file: self.program.file_from_root(finding.item),
                line: finding.line,
                path: finding.trail.iter().filter_map(place).collect(),
                allowed: finding.allowed,
                message: finding.message,
            }));
        }
        lints.sort_by_key(|lint| lint.function);
        lints
    }

    /// A function with a body in the package's own library or binaries, outside of tests.
    fn is_function(&self, id: ItemId) -> bool {
        let target = &self.pass.sources.crates[self.program.crate_of(id)].target;
        let has_body =
            matches!(&self.program.head(id).kind, ItemKind::Fn(function) if function.block.is_some());
        has_body
            && self.program.package_of(id) == 0
            && target.kind <= TargetKind::Bin
            && self.program.entry(id).exists_in(World::NotTest)
    }

    fn place_key(&self, node: Node) -> (u8, Option<String>, u32, u32, String) {
        let path = content::path(self.program, node);
        match node {
            Node::Item(id) | Node::Definition(id) => {
                let place = self.program.head(id).place;
                (0, Some(self.program.file_from_root(id)), place.line, place.column, path)
            }
            Node::Package(_) | Node::ProcMacro(_) | Node::BuildScript(_) => (2, None, 0, 0, path),
            Node::File(_) => (1, None, 0, 0, path),
        }
    }

    fn node(&self, index: usize, web: &Web, hasher: &Hasher, shown: &Shown) -> GraphNode {
        let refs = hasher.groups(index).flatten().map(|&node| shown.places[node as usize]);
        let mut refs: Vec<usize> = refs.filter(|place| *place != usize::MAX).collect();
        refs.sort_unstable();
        refs.dedup();
        let node = web.nodes()[index];
        let content::Description { kind, path, version, file, lines } = content::describe(self.program, node);
        let whole = match node {
            Node::Item(id) => self.program.head(id).whole || kind == "opaque",
            Node::Definition(_) => false,
            Node::Package(_) | Node::ProcMacro(_) => false,
            Node::BuildScript(_) | Node::File(_) => true,
        };
        let path = version.map_or(path.clone(), |version| format!("{path} {version}"));
        let (line, end_line) = lines.unzip();
        GraphNode { kind, path, file, line, end_line, hash: hasher.node(index).hex(), refs, whole }
    }
}
