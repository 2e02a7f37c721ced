//! Works out the table's rows: fingerprints with and without `cfg(test)`, witnesses, sources.

use super::closures::{Items, Record};
use super::sources::Sources;
use super::watched::Watched;
use crate::close::{Closure, Jobs, NodeSet, Root, Web};
use crate::content::{Framed, Hash};
use crate::facts::Facts;
use crate::hash::{Hasher, Numbers};
use crate::ir::World;
use crate::link::{Program, Witness};
use crate::lint::Linter;
use crate::marks::{self, Marked};
use crate::shape;
use crate::walk::beside;
use checkpointing_closure::{Builds, Closures, Indexes, Shape};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

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
    /// Relative to the package.
    pub(super) sources: Vec<String>,
    /// What made up each fingerprint.
    pub(super) closures: Closures,
}

/// What a marked function reaches in the two worlds.
struct Closed {
    closure: Closure,
    fingerprint: Hash,
    /// The places of what it reaches in the record.
    items: Indexes,
    /// With `cfg(test)`, where that is something else.
    test: Option<(Closure, Hash, Indexes)>,
    /// Of both.
    sources: NodeSet,
}

impl Closed {
    fn closures(&self) -> Vec<&Closure> {
        std::iter::once(&self.closure).chain(self.test.iter().map(|(test, ..)| test)).collect()
    }
}

pub(super) fn rows(facts: &Facts<'_, '_>, watched: &[PathBuf]) -> Rows {
    let program = facts.program;
    let marks = marks::marked(program);
    let web = Web::new(facts, &marks.iter().map(|marked| marked.id).collect::<Vec<_>>());
    let hasher = Hasher::new(facts, &web);
    let (watched, watched_hash) = Watched::read(program.project, watched);
    let items = Items::new(program, &web, &hasher, &watched);
    let sources = Sources::new(facts, &web);
    let jobs = jobs(program, &web, &marks);
    let close = || close(&web, &hasher, &jobs, (&items, &sources));
    let of_results = || shape::shapes(facts, &marks.iter().map(|marked| marked.id).collect::<Vec<_>>());
    let (closed, shapes) = beside(close, of_results);
    let is_open = closed.iter().any(|closed| closed.closure.open);

    let mut used = NodeSet::default();
    let mut record = Record::default();
    let linter = Linter::new(facts, &web, &hasher);
    let (mut rows, mut problems, mut lints) = (Vec::new(), Vec::new(), Vec::new());
    for ((marked, closed), shape) in marks.iter().zip(closed).zip(shapes) {
        closed.closures().into_iter().for_each(|closure| used.add(&closure.reached));
        // A dependency's functions are told where it is built itself.
        if program.package_of(marked.id) == 0 {
            let world = match &closed.test {
                Some((test, ..)) if !closed.closure.has_root() => test,
                _ => &closed.closure,
            };
            let found = linter.findings(marked, world).into_iter();
            lints.extend(found.filter(|finding| !finding.allowed).map(|finding| finding.message));
        }
        let row = Row { shape: shape.ok(), ..row(program, marked, &closed, watched_hash, &sources) };
        let same = row.fingerprint == row.test_fingerprint;
        let builds = if same { Builds::All } else { Builds::NotTest };
        record.add(row.fingerprint, closed.items, row.shape, builds);
        if let (Some((_, _, items)), false) = (closed.test, same) {
            record.add(row.test_fingerprint, items, row.shape, Builds::Test);
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
    Rows {
        functions: rows,
        problems,
        lints,
        packages: if is_open { packages(program, &web, &hasher) } else { BTreeMap::new() },
        sources: sources.list,
        closures: record.finish(items, &used),
    }
}

fn jobs(program: &Program<'_>, web: &Web, marks: &[Marked]) -> Jobs {
    // Code of a dependency is never built with cfg(test).
    let worlds = |id| match program.package_of(id) {
        0 if web.worlds_differ() => [World::NotTest, World::Test].as_slice(),
        _ => &[World::NotTest],
    };
    let roots = |marked: &Marked| {
        worlds(marked.id).iter().map(|&world| Root::Function(marked.id, world)).collect::<Vec<_>>()
    };
    Jobs::new(program, &marks.iter().map(roots).collect::<Vec<_>>())
}

fn close(web: &Web, hasher: &Hasher, jobs: &Jobs, (items, sources): (&Items, &Sources)) -> Vec<Closed> {
    web.each(jobs, |numbers: &mut Numbers, mut closures: Vec<Closure>| {
        let closure = closures.swap_remove(0);
        let fingerprint = hasher.fingerprint(&closure, numbers);
        // The same nodes are numbered in the same way.
        let test = closures.pop().filter(|test| test.reached != closure.reached);
        let test = test.map(|test| {
            let (hash, items) = (hasher.fingerprint(&test, numbers), items.of(&test));
            (test, hash, items)
        });
        let items = items.of(&closure);
        let closed = Closed { closure, fingerprint, items, test, sources: NodeSet::default() };
        Closed { sources: sources.of(&closed.closures()), ..closed }
    })
}

/// The hash of every foreign package with all below it, by crate name.
fn packages(program: &Program<'_>, web: &Web, hasher: &Hasher) -> BTreeMap<String, Hash> {
    let foreign = program.project.foreign.iter().enumerate().filter(|(_, package)| !package.is_toolkit());
    let foreign: Vec<_> = foreign.collect();
    let jobs: Vec<Vec<Root>> = foreign.iter().map(|&(index, _)| vec![Root::Package(index)]).collect();
    let each = web.each(&Jobs::new(program, &jobs), |numbers: &mut Numbers, closures: Vec<Closure>| {
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
    sources: &Sources,
) -> Row {
    let place = program.head(marked.id).place;
    let asks = sources.asked_by(&closed.closures());
    let uncertain = program.project.unlocked || asks.features;
    let fingerprint = |hash: Hash| match watched {
        None => hash,
        Some(watched) => {
            let mut out = Framed::new();
            out.bytes(&hash.0);
            out.bytes(&watched.0);
            out.finish()
        }
    };
    let test_fingerprint = closed.test.as_ref().map_or(closed.fingerprint, |(_, hash, _)| *hash);
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
        witnesses: asks.witnesses,
        sources: closed.sources.clone(),
        shape: None,
    }
}
