//! Says what every reference of an item means: the items, packages and files that it leads to for
//! certain, and the questions that only the set of live types answers ([`Query`]).

use super::Program;
use super::callbacks::Callback;
use super::collect::ItemId;
use super::symbols::Sym;
use crate::ir::{FileArg, Ref, RefIdx, Shown};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;

/// Something that can be part of a closure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum Node {
    Item(ItemId),
    /// Index into `Project::foreign`.
    Package(usize),
    /// Index into `Project::packages`: a procedural macro, with all its source.
    ProcMacro(usize),
    /// Index into `Project::packages`: what its build script may decide.
    BuildScript(usize),
    /// Index into the program's included files.
    File(usize),
    /// A macro that was expanded: what it wrote is in what it made.
    Definition(ItemId),
}

/// What one reference of an item means.
#[derive(Clone, Debug, Default)]
pub(crate) struct Link {
    /// What it counts as in the item's own text: empty where a local item's name is dropped.
    pub(crate) text: String,
    /// Sorted.
    pub(crate) nodes: Vec<Node>,
    pub(crate) queries: Vec<QueryId>,
    /// `dyn Trait`: every impl of it can stand behind the value.
    pub(crate) dyn_trait: Option<super::TraitOf>,
    pub(crate) witness: Option<Witness>,
    /// The names or places of items show in results (`type_name`, `Location::caller`).
    pub(crate) shows_places: bool,
}

/// A question that only the live impls answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Query {
    /// An associated item by name: a method call, or what is left of a path behind a type.
    Named { name: Sym, on: On },
    /// What foreign code may call.
    Called(Callback),
}

/// The same, with names as words.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum KeptQuery {
    Named(String, On),
    Called(Callback),
}

/// A query by number: the same question is asked in many places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct QueryId(pub(crate) u32);

#[derive(Default)]
pub(super) struct Queries {
    list: Vec<Query>,
    index: HashMap<Query, QueryId>,
}

/// Where an associated item is looked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum On {
    /// In every live impl.
    Any,
    /// In what these local types have, through blanket impls and `Deref` too; `foreign`: and in what
    /// types of other packages have.
    Types { types: Vec<ItemId>, foreign: bool },
    /// In these traits, their impls, and traits that everything implements.
    Bounds(Vec<ItemId>),
    /// Of a trait object: in these traits, their impls, and impls for types of other packages.
    Dyn(Vec<ItemId>),
    /// In these traits and their impls.
    Traits(Vec<ItemId>),
    /// In traits and their impls only: a bound decides which.
    AnyTrait,
    /// In impls for types of other packages, and blanket impls.
    Foreign,
}

/// A value that only rustc knows, and that the key takes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Witness {
    /// `option_env!(name)`
    Variable(String),
    /// `cfg!(predicate)`
    Cfg(String),
}

/// A file that an item includes or a procedural macro's string names.
#[derive(Clone, Debug)]
pub(crate) struct IncludedFile {
    pub(crate) path: PathBuf,
    /// `None`: it cannot be read.
    pub(crate) hash: Option<[u8; 32]>,
}

#[derive(Default)]
pub(super) struct Files {
    /// Variables that paths begin with.
    variables: BTreeSet<String>,
    list: Vec<IncludedFile>,
    index: BTreeMap<PathBuf, usize>,
}

impl Files {
    pub(super) fn get(&self, index: usize) -> IncludedFile {
        self.list[index].clone()
    }

    pub(super) fn all(&self) -> &[IncludedFile] {
        &self.list
    }

    pub(super) fn add(&mut self, path: PathBuf) -> usize {
        if let Some(&index) = self.index.get(&path) {
            return index;
        }
        let hash = std::fs::read(&path).ok().map(|bytes| *blake3::hash(&bytes).as_bytes());
        self.list.push(IncludedFile { path: path.clone(), hash });
        self.index.insert(path, self.list.len() - 1);
        self.list.len() - 1
    }
}

impl Program<'_> {
    /// The meanings of an item's references, in the order of its holes. Worked out once.
    pub(crate) fn links(&self, id: ItemId) -> &[Link] {
        self.beyond.code(id);
        self.links[id.0 as usize].get_or_init(|| {
            let refs = &self.code(id).skeleton.refs;
            if self.expanded(id).is_some() {
                return vec![Link::default(); refs.len()];
            }
            refs.iter()
                .map(|reference| {
                    let mut link = self.link(id, reference);
                    link.nodes.sort_unstable();
                    link.nodes.dedup();
                    link
                })
                .collect()
        })
    }

    fn link(&self, id: ItemId, reference: &Ref) -> Link {
        let mut link = Link::default();
        match reference {
            Ref::Path(path) => self.link_path(id, path, &mut link),
            Ref::Expanded(path) => self.link_expanded(id, path, &mut link),
            Ref::Method { name, scope, receiver } => {
                let name = self.sym(id, *name);
                let scope = self.entry(id).block(*scope);
                let on = receiver.map_or(On::Any, |receiver| self.receiver(id, receiver));
                link.nodes.extend(self.traits_in_scope_with(scope, name));
                link.nodes.extend(self.foreign_traits(scope).iter().copied());
                link.queries.push(self.named_query(name, on));
            }
            Ref::Text { text, scope } => self.link_text(id, text, *scope, &mut link),
            Ref::File { macro_, arg } => self.link_file(id, *macro_, arg, &mut link),
            Ref::Env { name, .. } => self.link_variable(id, name, &mut link),
            Ref::Cfg(predicate) => self.link_cfg(id, predicate, &mut link),
            Ref::Shown(Shown::ModulePath) => link.text = self.scope_path(self.entry(id).scope),
            Ref::Shown(Shown::File) => link.text = self.relative_file(id),
        }
        link
    }

    /// The item's file, relative to its package: the same wherever the project lies.
    pub(crate) fn relative_file(&self, id: ItemId) -> String {
        let path = &self.sources.files[self.file_of(id)].path;
        let package = &self.project.packages[self.package_of(id)].directory;
        path.strip_prefix(package).unwrap_or(path).to_string_lossy().replace('\\', "/")
    }

    /// What an unknown cfg on or in an item means: rustc's witness for our own package; elsewhere the
    /// build script that may set it.
    pub(crate) fn link_cfg(&self, id: ItemId, predicate: &str, link: &mut Link) {
        let package = self.package_of(id);
        // Dependencies are never built with cfg(test).
        if package == 0 {
            link.witness = Some(Witness::Cfg(predicate.to_owned()));
        } else if predicate != "test" {
            link.witness =
                Some(Witness::Cfg(predicate.to_owned())).filter(|_| predicate == "debug_assertions");
            link.nodes.push(Node::BuildScript(package));
        }
    }

    fn link_variable(&self, id: ItemId, name: &str, link: &mut Link) {
        let package = self.package_of(id);
        if package == 0 || !(name.starts_with("CARGO_") || name == "OUT_DIR") {
            link.witness = Some(Witness::Variable(name.to_owned()));
        }
        if package != 0 {
            link.nodes.push(Node::BuildScript(package));
            if name.starts_with("CARGO_") {
                let manifest = self.project.packages[package].directory.join("Cargo.toml");
                link.nodes.push(Node::File(self.files.borrow_mut().add(manifest)));
            }
        }
    }

    pub(super) fn included_path(&self, id: ItemId, arg: &FileArg) -> Option<PathBuf> {
        let package = self.package_of(id);
        let path = match arg {
            FileArg::Literal(path) => self.sources.files[self.file_of(id)].path.parent()?.join(path),
            FileArg::Variable { name, rest } => {
                self.files.borrow_mut().variables.insert(name.clone());
                PathBuf::from(format!("{}{rest}", self.project.variable(package, name)?))
            }
            FileArg::Unknown => return None,
        };
        Some(path)
    }

    /// Files that links led to, for the watch list.
    pub(crate) fn included_files(&self) -> Vec<IncludedFile> {
        self.files.borrow().all().to_vec()
    }

    /// Variables that decided which files those are.
    pub(crate) fn included_variables(&self) -> BTreeSet<String> {
        self.files.borrow().variables.clone()
    }

    pub(super) fn named_query(&self, name: Sym, on: On) -> QueryId {
        self.query_id(Query::Named { name, on })
    }

    pub(super) fn query_id(&self, query: Query) -> QueryId {
        let mut queries = self.queries.borrow_mut();
        if let Some(&id) = queries.index.get(&query) {
            return id;
        }
        let id = QueryId(queries.list.len() as u32);
        queries.list.push(query.clone());
        queries.index.insert(query, id);
        id
    }

    /// A meaning of one reference, where those of the others are of no interest.
    pub(crate) fn link_at(&self, id: ItemId, reference: RefIdx) -> Link {
        if self.links[id.0 as usize].get().is_some() {
            return self.links(id)[reference.0 as usize].clone();
        }
        let mut link = self.link(id, self.reference(id, reference));
        link.nodes.sort_unstable();
        link.nodes.dedup();
        link
    }

    /// All questions so far, in the order of their numbers.
    pub(crate) fn kept_queries(&self) -> Vec<KeptQuery> {
        let queries = self.queries.borrow();
        let kept = queries.list.iter().map(|query| match query {
            Query::Named { name, on } => KeptQuery::Named(self.text(*name).to_owned(), on.clone()),
            Query::Called(callback) => KeptQuery::Called(callback.clone()),
        });
        kept.collect()
    }

    /// Gives questions of another pass the numbers that they have now; `None` where a name is none any more.
    pub(crate) fn renumbered(&self, kept: Vec<KeptQuery>) -> Vec<Option<QueryId>> {
        let query = |kept| {
            Some(match kept {
                KeptQuery::Named(name, on) => Query::Named { name: self.symbols.find(&name)?, on },
                KeptQuery::Called(callback) => Query::Called(callback),
            })
        };
        kept.into_iter().map(|kept| query(kept).map(|query| self.query_id(query))).collect()
    }

    pub(super) fn query(&self, id: QueryId) -> Query {
        self.queries.borrow().list[id.0 as usize].clone()
    }
}
