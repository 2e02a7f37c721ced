//! The graph of a package for tools: nodes, references and closures as plain data.

use crate::close::{Closure as Reached, NodeSet, Root, Web};
use crate::error::Error;
use crate::hash::{self, Hash, Hasher, Numbers};
use crate::ir::{ItemKind, World};
use crate::link::{ItemId, Node, Program};
use crate::lint::Linter;
use crate::marks::{self, Marked};
use crate::notes::notes;
use crate::pass::Pass;
use crate::project::{Request, TargetKind};
use crate::stored::{self, Stored};
use crate::walk::LoweredCache;
use checkpointing_closure::{Builds, Closure, Item};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// What to look at.
#[derive(Clone, Debug, Default)]
pub struct GraphOptions {
    /// The package's `Cargo.toml`.
    pub manifest: PathBuf,
    /// Every function with a body outside of tests, as if it were marked.
    pub all: bool,
    /// Feature flags as for cargo (`--features`, `a,b`, `--no-default-features`).
    pub features: Vec<String>,
    /// The target triple; the host's when `None`.
    pub target: Option<String>,
    /// An error where cargo cannot resolve the package with the lock file that is there; otherwise that is a
    /// warning, and the manifests decide.
    pub locked: bool,
    /// Keeps what was read of each file in the target directory, where there is one, so that the next pass
    /// parses only what changed. Nothing is written otherwise.
    pub keep: bool,
}

/// The graph, as `cargo checkpoint graph --format json` prints it.
#[derive(Debug, Serialize)]
pub struct Graph {
    /// Version of this form.
    pub schema: u32,
    /// The package's name.
    pub package: String,
    /// Everything that some closure holds, sorted by kind and place.
    pub nodes: Vec<GraphNode>,
    /// The marked functions (or all), sorted by place.
    pub functions: Vec<Function>,
    /// What makes results of marked functions depend on more than arguments and code: one for each
    /// function of this package and kind, at the nearest place, sorted by function and kind.
    pub lints: Vec<GraphLint>,
    /// What could not be analysed and was taken whole.
    pub notes: Vec<GraphNote>,
    /// The package's folder, absolute: what [`GraphNode::file`] is relative to.
    #[serde(skip)]
    pub directory: PathBuf,
    /// What makes the graph wider than it should be, besides the notes.
    #[serde(skip)]
    pub warnings: Vec<String>,
    /// How many files were parsed, and how many were read in all.
    #[serde(skip)]
    pub parsed: (usize, usize),
}

/// One item, package or file.
#[derive(Debug, Serialize)]
pub struct GraphNode {
    /// `fn`, `const`, `static`, `type`, `trait`, `impl`, `macro`, `module`, `package`, `file`, `opaque`.
    pub kind: &'static str,
    /// Full path, without line numbers.
    pub path: String,
    /// Relative to the package; of a path dependency `../` or absolute. `None` for packages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Line of the item's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Last line of the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_line: Option<u32>,
    /// Hash of the node's own content, hexadecimal.
    pub hash: String,
    /// Indexes of the nodes that it refers to, as far as a closure holds them. Sorted.
    pub refs: Vec<usize>,
    /// The node counts with all its text.
    pub whole: bool,
}

/// A function that can be cached.
#[derive(Debug, Serialize)]
pub struct Function {
    /// Index of its node.
    pub node: usize,
    /// Its fingerprint outside of `cfg(test)`, hexadecimal.
    pub fingerprint: String,
    /// Whether it carries a mark.
    pub marked: bool,
    /// Indexes of everything that it can reach, itself included.
    pub closure: NodeSet,
    /// What stored results say of it, where it is marked.
    #[serde(skip)]
    pub stored: Option<Stored>,
}

/// Something that a marked function reaches and that a stored result does not notice: a clock, a file.
#[derive(Debug, Serialize)]
pub struct GraphLint {
    /// Index of the marked function's node.
    pub function: usize,
    /// `clock`, `random`, `environment`, `file`, `network`, `process`, `stdin`, `static`,
    /// `thread_local`, `foreign` or `build_script`.
    pub kind: &'static str,
    /// What is named there: `std::time::SystemTime::now`, the path of a static.
    pub what: String,
    /// The file of the place, as in [`GraphNode::file`].
    pub file: String,
    /// Its line, from 1.
    pub line: u32,
    /// Indexes of the nodes from the marked function to the item that holds the place, both included.
    pub path: Vec<usize>,
    /// The mark says `allow(..)`: the build does not warn.
    pub allowed: bool,
    /// All of this in a sentence, as the build says it.
    pub message: String,
}

/// A place that was taken whole.
#[derive(Debug, Serialize)]
pub struct GraphNote {
    /// As in [`GraphNode::file`].
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// Why.
    pub message: String,
    /// A macro call that is not expanded: nothing is wrong there.
    #[serde(skip)]
    pub is_call: bool,
}

impl Graph {
    /// What a function depends on, as the build records it beside the function's results; less what the
    /// build script watches by hand (kind `watched`), which a graph does not know.
    #[must_use]
    pub fn closure(&self, function: &Function) -> Closure {
        let item = |index: usize| {
            let node = &self.nodes[index];
            let (path, version) = match node.path.rsplit_once(' ').filter(|_| node.kind == "package") {
                Some((name, version)) => (name.to_owned(), Some(version.to_owned())),
                None => (node.path.clone(), None),
            };
            let hash = blake3::Hash::from_hex(&node.hash).map(Into::into).unwrap_or_default();
            let (kind, file, line) = (node.kind.to_owned(), node.file.clone(), node.line.unwrap_or_default());
            Item { kind, path, version, file, line, hash }
        };
        let stored = function.stored.as_ref();
        let builds = match stored {
            Some(stored) if stored.test_fingerprint != stored.fingerprint => Builds::NotTest,
            _ => Builds::All,
        };
        let shape = stored.and_then(|stored| stored.shape.clone().ok());
        Closure::new(function.closure.iter().map(item).collect()).of_result(shape).in_builds(builds)
    }

    /// Analyses a package. Reads only, but for [`GraphOptions::keep`].
    ///
    /// # Errors
    /// When the manifest, or the root file of the package's library or binary, cannot be read, and as
    /// [`GraphOptions::locked`] says.
    pub fn load(options: &GraphOptions) -> Result<Graph, Error> {
        crate::lower::with_big_stack(|| Self::build(options))
    }

    fn build(options: &GraphOptions) -> Result<Graph, Error> {
        let mut request =
            Request::from_manifest(&options.manifest, options.features.clone(), options.target.as_deref())?;
        request.locked = options.locked;
        let pass = Pass::load(&request, |project| match &project.target_directory {
            Some(target) if options.keep && target.is_dir() => {
                LoweredCache::open(&target.join("checkpoint").join(&project.packages[0].name))
            }
            _ => LoweredCache::none(),
        })?;
        let program = pass.link();
        Ok(Builder { pass: &pass, program: &program }.build(options.all))
    }
}

struct Builder<'p, 'a> {
    pass: &'p Pass,
    program: &'p Program<'a>,
}

/// The nodes that the graph shows, in its order.
struct Shown {
    /// Indexes of nodes of the web.
    nodes: Vec<usize>,
    /// And the other way round; only what a closure holds has a place that counts.
    places: Vec<usize>,
}

impl Builder<'_, '_> {
    fn build(&self, all: bool) -> Graph {
        let marks = marks::marked(self.program);
        let marked: BTreeMap<ItemId, &Marked> = marks.iter().map(|marked| (marked.id, marked)).collect();
        let mut roots: BTreeSet<ItemId> = marked.keys().copied().collect();
        if all {
            roots.extend(self.program.item_ids().filter(|&id| self.is_function(id)));
        }
        let roots: Vec<ItemId> = roots.into_iter().collect();
        let web = Web::new(self.program, &roots);
        let hasher = Hasher::new(self.program, &web);
        let closures = self.closures(&roots, World::NotTest, &web, &hasher);
        let own: Vec<ItemId> =
            marked.keys().copied().filter(|&id| self.program.package_of(id) == 0).collect();
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
        let mut stored = stored::stored(self.program, &marks, &fingerprints);
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
            schema: 1,
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
            parsed: (self.pass.sources.parsed, self.pass.sources.files.len()),
        }
    }

    fn closures(&self, roots: &[ItemId], world: World, web: &Web, hasher: &Hasher) -> Vec<(Reached, Hash)> {
        let jobs: Vec<Vec<Root>> = roots.iter().map(|&id| vec![Root::Function(id, world)]).collect();
        web.each(self.program, &jobs, |numbers: &mut Numbers, mut closures: Vec<Reached>| {
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
        let linter = Linter::new(self.program, web, hasher);
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
            matches!(&self.program.item(id).kind, ItemKind::Fn(function) if function.block.is_some());
        has_body
            && self.program.package_of(id) == 0
            && target.kind <= TargetKind::Bin
            && self.program.entry(id).exists_in(World::NotTest)
    }

    fn place_key(&self, node: Node) -> (u8, Option<String>, u32, u32, String) {
        let path = hash::path(self.program, node);
        match node {
            Node::Item(id) | Node::Definition(id) => {
                let place = self.program.item(id).place;
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
        let hash::Description { kind, path, version, file, lines } = hash::describe(self.program, node);
        let whole = match node {
            Node::Item(id) => self.program.item(id).whole || kind == "opaque",
            Node::Definition(_) => false,
            Node::Package(_) | Node::ProcMacro(_) => false,
            Node::BuildScript(_) | Node::File(_) => true,
        };
        let path = version.map_or(path.clone(), |version| format!("{path} {version}"));
        let (line, end_line) = lines.unzip();
        GraphNode { kind, path, file, line, end_line, hash: hasher.node(index).hex(), refs, whole }
    }
}
