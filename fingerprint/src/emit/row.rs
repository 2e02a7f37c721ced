//! Works out the table's rows: fingerprints with and without `cfg(test)`, witnesses, sources.

use super::closures::Record;
use super::watched::Watched;
use crate::close::{Closure, NodeSet, Root, Web};
use crate::content::{Framed, Hash};
use crate::facts::Facts;
use crate::hash::{Hasher, Numbers};
use crate::ir::World;
use crate::link::{Node, Program, Witness};
use crate::lint::Linter;
use crate::marks::{self, Marked};
use crate::shape;
use checkpointing_closure::{Builds, Closures, Shape};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

/// One marked function.
pub(super) struct Row {
    pub(super) lookup: String,
    pub(super) fingerprint: Hash,
    /// With `cfg(test)`.
    pub(super) test_fingerprint: Hash,
    pub(super) file: String,
    pub(super) line: u32,
    pub(super) column: u32,
    pub(super) flags: Vec<&'static str>,
    pub(super) options: BTreeMap<String, String>,
    pub(super) witnesses: BTreeSet<Witness>,
    /// Indexes into [`Rows::sources`].
    pub(super) sources: NodeSet,
    /// Of the stored result, where it is known.
    pub(super) shape: Option<Shape>,
}

/// The rows, sorted, and what is wrong with marks of this package.
pub(super) struct Rows {
    pub(super) functions: Vec<Row>,
    pub(super) problems: Vec<String>,
    /// What makes results of this package's functions depend on more than code, and is not allowed.
    pub(super) lints: Vec<String>,
    /// Crate name and hash of every foreign package, where a caller can bring in code of theirs.
    pub(super) packages: BTreeMap<String, Hash>,
    /// Relative to the package, as they were met.
    pub(super) sources: Vec<String>,
    /// What made up each fingerprint.
    pub(super) closures: Closures,
}

/// What a marked function reaches in the two worlds.
struct Closed {
    closure: Closure,
    fingerprint: Hash,
    /// With `cfg(test)`, where that is something else.
    test: Option<(Closure, Hash)>,
}

pub(super) fn rows(facts: &Facts<'_, '_>, watched: &[PathBuf]) -> Rows {
    let program = facts.program;
    let marks = marks::marked(program);
    let web = Web::new(facts, &marks.iter().map(|marked| marked.id).collect::<Vec<_>>());
    let hasher = Hasher::new(facts, &web);
    let closed = close(program, &web, &hasher, &marks);

    let (watched, watched_hash) = Watched::read(program.project, watched);
    let mut used = NodeSet::default();
    for Closed { closure, test, .. } in &closed {
        used.add(&closure.reached);
        if let Some((test, _)) = test {
            used.add(&test.reached);
        }
    }
    let mut record = Record::new(program, &web, &hasher, &used, &watched);
    let mut sources = Sources::new(facts, &web);
    let linter = Linter::new(facts, &web, &hasher);
    let (mut rows, mut problems, mut lints) = (Vec::new(), Vec::new(), Vec::new());
    let shapes = shape::shapes(facts, &marks.iter().map(|marked| marked.id).collect::<Vec<_>>());
    for ((marked, closed), shape) in marks.iter().zip(&closed).zip(shapes) {
        // A dependency's functions are told where it is built itself.
        if program.package_of(marked.id) == 0 {
            let world = match &closed.test {
                Some((test, _)) if !closed.closure.has_root() => test,
                _ => &closed.closure,
            };
            let found = linter.findings(marked, world).into_iter();
            lints.extend(found.filter(|finding| !finding.allowed).map(|finding| finding.message));
        }
        let row = Row { shape: shape.ok(), ..row(program, marked, closed, watched_hash, &mut sources) };
        let same = row.fingerprint == row.test_fingerprint;
        let builds = if same { Builds::All } else { Builds::NotTest };
        record.add(row.fingerprint, &closed.closure, row.shape, builds);
        if let (Some((test, _)), false) = (&closed.test, same) {
            record.add(row.test_fingerprint, test, row.shape, Builds::Test);
        }
        if let (Some(problem), 0) = (&marked.problem, program.package_of(marked.id)) {
            let name = program.name_of(marked.id).map_or("_", |name| program.text(name));
            problems.push(format!(
                "{}:{}: `{name}` cannot be cached: {}",
                row.file,
                row.line,
                super::one_line(problem)
            ));
        }
        rows.push(row);
    }
    rows.sort_by(|a, b| (&a.lookup, &a.file, a.line, a.column).cmp(&(&b.lookup, &b.file, b.line, b.column)));
    problems.sort();
    let is_open = closed.iter().any(|closed| closed.closure.open);
    Rows {
        functions: rows,
        problems,
        lints,
        packages: if is_open { packages(program, &web, &hasher) } else { BTreeMap::new() },
        sources: sources.list,
        closures: record.finish(),
    }
}

fn close(program: &Program<'_>, web: &Web, hasher: &Hasher, marks: &[Marked]) -> Vec<Closed> {
    // Code of a dependency is never built with cfg(test).
    let worlds = |id| match program.package_of(id) {
        0 if web.worlds_differ() => [World::NotTest, World::Test].as_slice(),
        _ => &[World::NotTest],
    };
    let roots = |marked: &Marked| {
        worlds(marked.id).iter().map(|&world| Root::Function(marked.id, world)).collect::<Vec<_>>()
    };
    let jobs: Vec<Vec<Root>> = marks.iter().map(roots).collect();
    web.each(program, &jobs, |numbers: &mut Numbers, mut closures: Vec<Closure>| {
        let closure = closures.swap_remove(0);
        let fingerprint = hasher.fingerprint(&closure, numbers);
        // The same nodes are numbered in the same way.
        let test = closures.pop().filter(|test| test.reached != closure.reached);
        let test =
            test.map(|test| (hasher.fingerprint(&test, numbers), test)).map(|(hash, test)| (test, hash));
        Closed { closure, fingerprint, test }
    })
}

/// The hash of every foreign package with all below it, by crate name.
fn packages(program: &Program<'_>, web: &Web, hasher: &Hasher) -> BTreeMap<String, Hash> {
    let foreign = program.project.foreign.iter().enumerate().filter(|(_, package)| !package.is_toolkit());
    let foreign: Vec<_> = foreign.collect();
    let jobs: Vec<Vec<Root>> = foreign.iter().map(|&(index, _)| vec![Root::Package(index)]).collect();
    let each = web.each(program, &jobs, |numbers: &mut Numbers, closures: Vec<Closure>| {
        hasher.fingerprint(&closures[0], numbers)
    });
    let mut packages = BTreeMap::new();
    for ((_, package), hash) in foreign.into_iter().zip(each) {
        // Two versions of one package share a crate name: both count.
        let entry = packages.entry(package.crate_name.clone()).or_insert(hash);
        if *entry != hash {
            let mut both = Framed::new();
            both.bytes(&entry.0);
            both.bytes(&hash.0);
            *entry = both.finish();
        }
    }
    packages
}

fn row(
    program: &Program<'_>,
    marked: &Marked,
    closed: &Closed,
    watched: Option<Hash>,
    of: &mut Sources<'_, '_>,
) -> Row {
    let place = program.item(marked.id).place;
    let mut uncertain = program.project.unlocked;
    let (mut witnesses, mut sources) = (BTreeSet::new(), NodeSet::default());
    let tests = closed.test.iter().flat_map(|(test, _)| test.reached.iter());
    for node in closed.closure.reached.iter().chain(tests) {
        let (source, asks) = of.node(node);
        source.map(|source| sources.insert(source));
        if let Some(asks) = asks {
            witnesses.extend(asks.witnesses.iter().cloned());
            uncertain |= asks.features;
        }
    }
    let fingerprint = |hash: Hash| match watched {
        None => hash,
        Some(watched) => {
            let mut out = Framed::new();
            out.bytes(&hash.0);
            out.bytes(&watched.0);
            out.finish()
        }
    };
    let test_fingerprint = closed.test.as_ref().map_or(closed.fingerprint, |(_, hash)| *hash);
    let mut flags = vec![if marked.is_doc { "doc" } else { "attribute" }];
    flags.extend(marked.is_generic.then_some("generic"));
    flags.extend(closed.closure.open.then_some("open"));
    flags.extend(uncertain.then_some("marker"));
    flags.extend(program.project.unlocked.then_some("unlocked"));
    Row {
        lookup: marked.lookup.clone(),
        fingerprint: fingerprint(closed.fingerprint),
        test_fingerprint: fingerprint(test_fingerprint),
        file: program.file_from_root(marked.id),
        line: place.line,
        column: place.column,
        flags,
        options: marked.options.clone(),
        witnesses,
        sources,
        shape: None,
    }
}

/// What each node adds to a row; a node is in many closures.
struct Sources<'p, 'a> {
    facts: &'p Facts<'p, 'a>,
    web: &'p Web,
    list: Vec<String>,
    numbers: HashMap<PathBuf, usize>,
    known: Vec<Option<(Option<usize>, Option<Asks>)>>,
}

/// What a node asks rustc for.
struct Asks {
    witnesses: BTreeSet<Witness>,
    /// Features that are not known here decide.
    features: bool,
}

impl<'p, 'a> Sources<'p, 'a> {
    fn new(facts: &'p Facts<'p, 'a>, web: &'p Web) -> Self {
        let known = web.nodes().iter().map(|_| None).collect();
        Sources { facts, web, list: Vec::new(), numbers: HashMap::new(), known }
    }

    /// The number of the node's file, and what it asks for.
    fn node(&mut self, node: usize) -> (Option<usize>, Option<&Asks>) {
        if self.known[node].is_none() {
            let program = self.facts.program;
            let file = |id| program.sources.files[program.file_of(id)].path.as_path();
            let (source, asks) = match self.web.nodes()[node] {
                Node::Item(id) => {
                    let facts = self.facts.of(id);
                    let asks = Asks { witnesses: facts.witnesses.clone(), features: facts.asks_features };
                    (Some(self.number(file(id))), Some(asks))
                }
                Node::Definition(id) => (Some(self.number(file(id))), None),
                Node::Package(index) => {
                    let features = program.project.foreign[index].uncertain_features;
                    (None, Some(Asks { witnesses: BTreeSet::new(), features }))
                }
                Node::File(index) => (Some(self.number(&program.included_file(index).path)), None),
                Node::ProcMacro(_) | Node::BuildScript(_) => (None, None),
            };
            let asks = asks.filter(|asks| asks.features || !asks.witnesses.is_empty());
            self.known[node] = Some((source, asks));
        }
        match &self.known[node] {
            Some((source, asks)) => (*source, asks.as_ref()),
            None => (None, None),
        }
    }

    fn number(&mut self, path: &Path) -> usize {
        if let Some(&number) = self.numbers.get(path) {
            return number;
        }
        let relative = self.facts.program.project.relative(path);
        let number = self.list.iter().position(|source| *source == relative).unwrap_or_else(|| {
            self.list.push(relative);
            self.list.len() - 1
        });
        self.numbers.insert(path.to_owned(), number);
        number
    }
}
