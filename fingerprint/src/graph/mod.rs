//! The graph of a package for tools: nodes, references and closures as plain data.
//!
//! [`build`] makes it from a linked program, [`kept`] keeps it for the next command, and [`inputs`] says how long it
//! holds.

mod build;
mod inputs;
mod kept;

use crate::close::NodeSet;
use crate::error::Error;
use crate::facts::{Earlier, Facts};
use crate::pass::Pass;
use crate::project::{Project, Request};
use crate::stored::Stored;
use crate::walk::LoweredCache;
use build::Builder;
use checkpointing_closure::{Builds, Closure, Item};
use inputs::Inputs;
use kept::Kept;
use serde::Serialize;
use std::path::PathBuf;
use std::time::SystemTime;

const SCHEMA: u32 = 1;

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
    /// Keeps the graph and what was read of each file in the target directory, where there is one: the next pass
    /// parses only what changed, and where nothing did there is none. Nothing is written otherwise.
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
    /// An earlier call made it, and nothing changed since; see [`GraphOptions::keep`].
    #[serde(skip)]
    pub is_kept: bool,
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
        let started = SystemTime::now();
        let mut request =
            Request::from_manifest(&options.manifest, options.features.clone(), options.target.as_deref())?;
        request.locked = options.locked;
        let (project, warnings) = Project::load(&request)?;
        let folder = kept_in(options, &project);
        let kept = Kept::of(options, &request, &project).filter(|_| warnings.is_empty());
        if let Some(graph) = kept.as_ref().and_then(Kept::read) {
            return Ok(graph);
        }
        let cache = folder.as_deref().map_or_else(LoweredCache::none, LoweredCache::open);
        let pass = Pass::of(project, warnings, cache)?;
        let program = pass.link();
        let facts = match &folder {
            Some(folder) => Facts::open(&program, Earlier::read(folder)),
            None => Facts::new(&program),
        };
        let mut graph = Builder { pass: &pass, program: &program, facts: &facts }.build(options.all);
        // Without it the next command works everything out again.
        let _ = facts.save();
        // What is missing may come anywhere.
        if let Some(kept) = kept.filter(|_| graph.warnings.is_empty() && pass.missing.is_empty())
            && let Err(error) = kept.write(&graph, &Inputs::of(&pass, &program), started)
        {
            graph.warnings.push(format!("the next command will do all of this again: {error}"));
        }
        Ok(graph)
    }
}

/// Where what is kept of a package lies.
fn kept_in(options: &GraphOptions, project: &Project) -> Option<PathBuf> {
    let target = project.target_directory.as_ref().filter(|target| options.keep && target.is_dir())?;
    Some(target.join("checkpoint").join(&project.packages[0].name))
}
