//! Works out the table's rows: fingerprints with and without `cfg(test)`, witnesses, sources.

use super::closures::Record;
use super::watched::Watched;
use crate::close::{Closure, Reach};
use crate::hash::{Framed, Hash, Hasher};
use crate::ir::World;
use crate::link::{ItemId, Link, Node, PerNode, Program, Witness};
use crate::lint::Linter;
use crate::marks::{self, Marked};
use crate::shape::Shapes;
use checkpointing_closure::{Builds, Closures, Shape};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::rc::Rc;

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
    pub(super) sources: BTreeSet<String>,
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
    /// What made up each fingerprint.
    pub(super) closures: Closures,
}

pub(super) fn rows(program: &Program<'_>, watched: &[PathBuf]) -> Rows {
    let hasher = Hasher::new(program);
    let mut reach = Reach::new(program);
    let (watched, watched_hash) = Watched::read(program.project, watched);
    let mut record = Record::new(program, &hasher, &watched);
    let seen = Seen::default();
    let mut rows = Vec::new();
    let mut problems = Vec::new();
    let linter = Linter::new(program, &hasher);
    let mut shapes = Shapes::new(program, &hasher);
    let mut lints = Vec::new();
    let mut any_open = false;
    for marked in marks::marked(program) {
        let closure = reach.close(marked.id, World::NotTest);
        // Code of a dependency is never built with cfg(test).
        let test = if program.package_of(marked.id) == 0 {
            reach.close(marked.id, World::Test)
        } else {
            closure.clone()
        };
        any_open |= closure.open;
        // A dependency's functions are told where it is built itself.
        if program.package_of(marked.id) == 0 {
            let exists = closure.nodes.binary_search(&closure.root).is_ok();
            let world = if exists { &closure } else { &test };
            let found = linter.findings(&marked, world).into_iter();
            lints.extend(found.filter(|finding| !finding.allowed).map(|finding| finding.message));
        }
        let row = Builder { program, hasher: &hasher, marked: &marked, watched: watched_hash, seen: &seen }
            .row(&closure, &test, shapes.of(marked.id).ok());
        if row.fingerprint == row.test_fingerprint {
            record.add(row.fingerprint, &closure, row.shape, Builds::All);
        } else {
            record.add(row.fingerprint, &closure, row.shape, Builds::NotTest);
            record.add(row.test_fingerprint, &test, row.shape, Builds::Test);
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
    let mut packages = BTreeMap::new();
    if any_open {
        for (index, package) in
            program.project.foreign.iter().enumerate().filter(|(_, package)| !package.is_toolkit())
        {
            let hash = hasher.fingerprint(&reach.close_package(index));
            // Two versions of one package share a crate name: both count.
            let entry = packages.entry(package.crate_name.clone()).or_insert(hash);
            if *entry != hash {
                let mut both = Framed::new();
                both.bytes(&entry.0);
                both.bytes(&hash.0);
                *entry = both.finish();
            }
        }
    }
    problems.sort();
    Rows { functions: rows, problems, lints, packages, closures: record.finish() }
}

struct Builder<'p, 'a> {
    program: &'p Program<'a>,
    hasher: &'p Hasher<'p, 'a>,
    marked: &'p Marked,
    watched: Option<Hash>,
    seen: &'p Seen,
}

impl Builder<'_, '_> {
    fn row(&self, closure: &Closure, test: &Closure, shape: Option<Shape>) -> Row {
        let program = self.program;
        let id = self.marked.id;
        let place = program.item(id).place;
        let mut uncertain = program.project.unlocked;
        let (mut witnesses, mut files, mut included) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for node in closure.nodes.iter().chain(&test.nodes) {
            match *node {
                Node::Item(id) => {
                    files.insert(program.file_of(id));
                    let asks = self.seen.of(program, id);
                    witnesses.extend(asks.witnesses.iter().cloned());
                    uncertain |= asks.features;
                }
                Node::Definition(id) => _ = files.insert(program.file_of(id)),
                Node::Package(index) => uncertain |= program.project.foreign[index].uncertain_features,
                Node::File(index) => _ = included.insert(index),
                Node::ProcMacro(_) | Node::BuildScript(_) => {}
            }
        }
        let files = files.into_iter().map(|file| self.relative(&program.sources.files[file].path));
        let included = included.into_iter().map(|file| self.relative(&program.included_file(file).path));
        let sources = files.chain(included).collect();
        let fingerprint = self.fingerprint(closure);
        // The same nodes are numbered in the same way.
        let same = closure.nodes == test.nodes;
        let test_fingerprint = if same { fingerprint } else { self.fingerprint(test) };
        let mut flags = vec![if self.marked.is_doc { "doc" } else { "attribute" }];
        flags.extend(self.marked.is_generic.then_some("generic"));
        flags.extend(closure.open.then_some("open"));
        flags.extend(uncertain.then_some("marker"));
        flags.extend(program.project.unlocked.then_some("unlocked"));
        Row {
            lookup: self.marked.lookup.clone(),
            fingerprint,
            test_fingerprint,
            file: self.relative(&program.sources.files[program.file_of(id)].path),
            line: place.line,
            column: place.column,
            flags,
            options: self.marked.options.clone(),
            witnesses,
            sources,
            shape,
        }
    }

    fn fingerprint(&self, closure: &Closure) -> Hash {
        let hash = self.hasher.fingerprint(closure);
        let Some(watched) = self.watched else { return hash };
        let mut out = Framed::new();
        out.bytes(&hash.0);
        out.bytes(&watched.0);
        out.finish()
    }

    fn relative(&self, path: &std::path::Path) -> String {
        self.program.project.relative(path)
    }
}

/// What an item asks rustc for.
#[derive(Default)]
struct Asks {
    witnesses: BTreeSet<Witness>,
    /// Features that are not known here decide.
    features: bool,
}

/// What the items so far ask for: each is in many closures.
#[derive(Default)]
struct Seen(RefCell<PerNode<Rc<Asks>>>);

impl Seen {
    fn of(&self, program: &Program<'_>, id: ItemId) -> Rc<Asks> {
        let slot = program.slot(Node::Item(id));
        if let Some(asks) = self.0.borrow().get(slot) {
            return Rc::clone(asks);
        }
        let asks = Rc::new(asks(program, id));
        self.0.borrow_mut().insert(slot, Rc::clone(&asks));
        asks
    }
}

fn asks(program: &Program<'_>, id: ItemId) -> Asks {
    let mut asks = Asks::default();
    asks.witnesses.extend(program.links(id).iter().filter_map(|link| link.witness.clone()));
    let around = program.entry(id).unknown_cfgs.iter().flat_map(|cfgs| cfgs.iter());
    let is_dependency = program.package_of(id) != 0;
    for predicate in program.item(id).unknown_cfgs.iter().chain(around) {
        let mut link = Link::default();
        program.link_cfg(id, predicate, &mut link);
        asks.witnesses.extend(link.witness);
        asks.features |= is_dependency && predicate.contains("feature");
    }
    asks.features |= is_dependency
        && program.item(id).skeleton.refs.iter().any(
            |reference| matches!(reference, crate::ir::Ref::Cfg(predicate) if predicate.contains("feature")),
        );
    asks
}
