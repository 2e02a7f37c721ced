//! Resolves names: turns lowered files into a program of items that refer to items.
//!
//! `collect` lays out crates, scopes and items; `lookup` finds a name in a scope; `path` follows a path;
//! `impls` indexes what implements what; `links` says what every reference of an item can mean, on
//! demand and once. Resolution never guesses: it says *these items*, *not ours* or *unknown*, and
//! where several meanings are possible it gives them all.

mod beyond;
mod callbacks;
mod candidates;
mod collect;
mod expanded;
mod foreign;
mod globs;
mod impls;
mod infer;
mod joined;
mod link_methods;
mod link_paths;
mod link_words;
mod links;
mod lookup;
mod opaque;
mod path;
mod scopes;
mod slots;
mod symbols;
mod types;
mod unseen;
mod values;

pub(crate) use beyond::Asked;
pub(crate) use callbacks::{Callbacks, InWorlds, Traits, is_called_by_name};
pub(crate) use collect::{Entry, ItemId};
pub(crate) use impls::{ImplInfo, Owner, SelfHead, TraitOf};
pub(crate) use links::{IncludedFile, KeptQuery, Link, Node, QueryId, Witness};
use links::{On, Query};
pub(crate) use lookup::Origin;
pub(crate) use scopes::ScopeId;
pub(crate) use symbols::Sym;
pub(crate) use types::Head;

use crate::ir;
use crate::project::Project;
use crate::walk::{Key, Sources};
use collect::{Crate, Expanded, Instance};
use scopes::Scope;
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use symbols::Symbols;

/// All analysed crates, with their names resolved.
pub(crate) struct Program<'a> {
    pub(crate) project: &'a Project,
    pub(crate) sources: &'a Sources,
    symbols: Symbols,
    instances: Vec<Instance>,
    items: Vec<Entry>,
    scopes: Vec<Scope>,
    crates: Vec<Crate>,
    /// Every `macro_rules!`, by crate and name: textual scope is taken as the whole crate.
    macros: HashMap<(u32, Sym), Vec<ItemId>>,
    /// Functions and statics with an exported symbol, by their names: `extern` blocks mean them.
    exported: HashMap<Sym, Vec<ItemId>>,
    /// Macro calls whose expansion is known.
    expanded: HashMap<ItemId, Expanded>,
    opaques: opaque::Opaques,
    impls: impls::Impls,
    lookups: RefCell<HashMap<lookup::Step, Rc<lookup::Found>>>,
    globs: RefCell<globs::Globs>,
    opened: RefCell<HashMap<unseen::Place, Rc<unseen::Opened>>>,
    /// Whether items that procedural macros see may define names beside them.
    defining: RefCell<HashMap<ItemId, bool>>,
    links: Vec<OnceCell<Vec<Link>>>,
    files: RefCell<links::Files>,
    queries: RefCell<links::Queries>,
    candidates: RefCell<HashMap<Query, Rc<[candidates::Candidate]>>>,
    inferred: Vec<OnceCell<infer::Types>>,
    callbacks: Vec<OnceCell<callbacks::InWorlds>>,
    foreign_traits: RefCell<HashMap<ScopeId, Rc<[Node]>>>,
    /// Names that packages declare.
    declared: callbacks::Declared,
    written_types: RefCell<HashMap<(ItemId, ir::TyIdx), infer::Type>>,
    /// How deep an associated type is being looked up: they can go in circles.
    projecting: std::cell::Cell<u32>,
    /// Whose code is looked at, and what was looked at besides.
    beyond: beyond::Beyond,
}

impl<'a> Program<'a> {
    pub(crate) fn new(project: &'a Project, sources: &'a Sources) -> Self {
        let collected = collect::collect(sources);
        let count = collected.items.len();
        let mut program = Program {
            project,
            sources,
            symbols: collected.symbols,
            instances: collected.instances,
            items: collected.items,
            scopes: collected.scopes,
            crates: collected.crates,
            macros: collected.macros,
            exported: collected.exported,
            expanded: collected.expanded,
            opaques: opaque::Opaques::default(),
            impls: impls::Impls::default(),
            lookups: RefCell::default(),
            globs: RefCell::default(),
            opened: RefCell::default(),
            defining: RefCell::default(),
            links: std::iter::repeat_with(OnceCell::new).take(count).collect(),
            files: RefCell::default(),
            queries: RefCell::default(),
            candidates: RefCell::default(),
            foreign_traits: RefCell::default(),
            declared: callbacks::Declared::default(),
            beyond: beyond::Beyond::default(),
            written_types: RefCell::default(),
            projecting: std::cell::Cell::new(0),
            inferred: std::iter::repeat_with(OnceCell::new).take(count).collect(),
            callbacks: std::iter::repeat_with(OnceCell::new).take(count).collect(),
        };
        program.opaques = opaque::Opaques::new(&program);
        program.open_globs();
        program.impls = impls::Impls::new(&program, &collected.impls);
        program.forget_asked();
        program
    }

    pub(crate) fn item_ids(&self) -> impl Iterator<Item = ItemId> + use<> {
        (0..self.items.len() as u32).map(ItemId)
    }

    pub(crate) fn entry(&self, id: ItemId) -> &Entry {
        &self.items[id.0 as usize]
    }

    /// The item's head: of a function, all but its signature and its code.
    pub(crate) fn head(&self, id: ItemId) -> &'a ir::Item {
        let entry = self.entry(id);
        let file = self.instances[entry.instance as usize].file;
        &self.sources.files[file].lowered.items[entry.index.0 as usize]
    }

    /// The item's outline: of a function, its signature.
    pub(crate) fn item(&self, id: ItemId) -> &'a ir::Item {
        let entry = self.entry(id);
        let file = self.instances[entry.instance as usize].file;
        self.sources.files[file].item(entry.index)
    }

    /// The whole item.
    pub(crate) fn code(&self, id: ItemId) -> &'a ir::Item {
        self.beyond.code(id);
        let entry = self.entry(id);
        let file = self.instances[entry.instance as usize].file;
        self.sources.files[file].code(entry.index)
    }

    /// A type that is written in an item.
    pub(crate) fn ty(&self, id: ItemId, ty: ir::TyIdx) -> &'a ir::Ty {
        let at = ty.0 as usize;
        self.item(id).body.types.get(at).unwrap_or_else(|| &self.code(id).body.types[at])
    }

    /// A reference of an item.
    pub(crate) fn reference(&self, id: ItemId, reference: ir::RefIdx) -> &'a ir::Ref {
        let at = reference.0 as usize;
        self.item(id).skeleton.refs.get(at).unwrap_or_else(|| &self.code(id).skeleton.refs[at])
    }

    /// What the item's file was made from.
    pub(crate) fn key_of(&self, id: ItemId) -> Key {
        self.sources.files[self.file_of(id)].key
    }

    /// Index into [`Sources::files`].
    pub(crate) fn file_of(&self, id: ItemId) -> usize {
        self.instances[self.entry(id).instance as usize].file
    }

    /// The path of an item's file for people, relative to the package that is analysed.
    pub(crate) fn file_from_root(&self, id: ItemId) -> String {
        self.project.relative(&self.sources.files[self.file_of(id)].path)
    }

    pub(crate) fn crate_of(&self, id: ItemId) -> usize {
        self.instances[self.entry(id).instance as usize].krate as usize
    }

    pub(crate) fn crate_name_of(&self, id: ItemId) -> &str {
        &self.sources.crates[self.crate_of(id)].target.crate_name
    }

    /// Whether a type is written as a path, and not as a reference or the like.
    pub(crate) fn is_path(&self, id: ItemId, ty: ir::TyIdx) -> bool {
        matches!(self.ty(id, ty), ir::Ty::Path { .. })
    }

    /// Index into [`Project::packages`].
    pub(crate) fn package_of(&self, id: ItemId) -> usize {
        self.sources.crates[self.crate_of(id)].package
    }

    pub(crate) fn edition_of(&self, id: ItemId) -> &str {
        &self.sources.crates[self.crate_of(id)].target.edition
    }

    /// Whether an attribute or a derive of an item may be a procedural macro.
    pub(crate) fn is_seen_by_macro(&self, id: ItemId) -> bool {
        self.head(id).is_seen_by_macro()
    }

    pub(crate) fn opaques(&self) -> &opaque::Opaques {
        &self.opaques
    }

    pub(crate) fn impls(&self) -> &impls::Impls {
        &self.impls
    }

    pub(crate) fn text(&self, symbol: Sym) -> &str {
        self.symbols.text(symbol)
    }

    /// The symbol of a name of the file that the item stands in.
    pub(crate) fn sym(&self, id: ItemId, name: ir::Name) -> Sym {
        self.instances[self.entry(id).instance as usize].names[name.0 as usize]
    }

    pub(crate) fn name_of(&self, id: ItemId) -> Option<Sym> {
        self.head(id).name.map(|name| self.sym(id, name))
    }

    /// The symbol of a word, where some file has it.
    pub(crate) fn find_symbol(&self, text: &str) -> Option<Sym> {
        let found = self.symbols.find(text);
        self.beyond.name(text, found.is_some());
        found
    }

    /// Functions and statics whose symbol an `extern` block can mean.
    pub(crate) fn exported_as(&self, foreign: ItemId) -> Vec<ItemId> {
        let renamed = |id: ItemId, by: &str| self.item(id).skeleton.text.contains(by);
        let any = renamed(foreign, "link_name");
        let all = self.exported.iter().flat_map(|(name, ids)| ids.iter().map(move |&id| (*name, id)));
        all.filter(|&(name, id)| any || self.name_of(foreign) == Some(name) || renamed(id, "export_name"))
            .map(|(_, id)| id)
            .collect()
    }

    /// Files that items include, in the order in which they were met.
    pub(crate) fn included_file(&self, index: usize) -> IncludedFile {
        self.files.borrow().get(index)
    }

    /// `crate::module::name`, with the path of the type for what stands in an impl.
    pub(crate) fn path_of(&self, id: ItemId) -> String {
        let entry = self.entry(id);
        let name = self.name_of(id).map(|name| self.text(name).to_owned());
        let mut path = match entry.owner {
            Some(owner) => match &self.head(owner).kind {
                ir::ItemKind::Impl(_) => self.impl_path(owner),
                ir::ItemKind::ForeignMod { .. } => self.scope_path(entry.scope),
                _ => self.path_of(owner),
            },
            None => self.scope_path(entry.scope),
        };
        if let ir::ItemKind::Impl(_) = self.head(id).kind {
            return self.impl_path(id);
        }
        path.push_str("::");
        path.push_str(name.as_deref().unwrap_or(self.kind_word(id)));
        path
    }

    /// What stands in a path for an item without a name.
    fn kind_word(&self, id: ItemId) -> &'static str {
        match self.head(id).kind {
            ir::ItemKind::MacroCall { .. } | ir::ItemKind::Include(_) => "{macro}",
            ir::ItemKind::ForeignMod { .. } => "{extern}",
            ir::ItemKind::Use(_) => "{use}",
            ir::ItemKind::Const { .. } => "_",
            _ => "{unnamed}",
        }
    }

    fn impl_path(&self, id: ItemId) -> String {
        let info = self.impls.info(id);
        let scope = self.scope_path(self.entry(id).scope);
        let of_trait = info.map_or(String::new(), |info| info.trait_text(self));
        let self_text = info.map_or(String::new(), |info| info.self_text.clone());
        if of_trait.is_empty() {
            format!("{scope}::{self_text}")
        } else {
            format!("{scope}::<{self_text} as {of_trait}>")
        }
    }

    /// `crate::module`, and the functions whose blocks it lies in.
    pub(crate) fn scope_path(&self, scope: ScopeId) -> String {
        self.scope_path_by(scope, &|item| self.path_of(item))
    }

    /// The same with another way to write the function around a block.
    pub(crate) fn scope_path_by(&self, scope: ScopeId, item_path: &dyn Fn(ItemId) -> String) -> String {
        let entry = &self.scopes[scope.0 as usize];
        match (entry.parent, entry.name, entry.of_item) {
            (None, ..) => self.sources.crates[entry.krate as usize].target.crate_name.clone(),
            (Some(parent), Some(name), _) => {
                format!("{}::{}", self.scope_path_by(parent, item_path), self.text(name))
            }
            (Some(_), None, Some(item)) => item_path(item),
            (Some(parent), None, None) => self.scope_path_by(parent, item_path),
        }
    }

    pub(crate) fn scope_of(&self, id: ItemId) -> ScopeId {
        self.entry(id).scope
    }

    /// Whether an attribute is our own mark: by its path, or through a glob of ours when nothing else
    /// that is known has the name.
    pub(crate) fn is_our_mark(&self, id: ItemId, path: &ir::PathRef) -> bool {
        let is_ours = |target: &lookup::Target| matches!(target, lookup::Target::Foreign(Origin::Toolkit, _));
        let targets = self.path_targets(id, path);
        if !targets.is_empty() {
            return targets.iter().any(is_ours);
        }
        let krate = self.crate_of(id) as u32;
        let scopes = self.scopes.iter().enumerate().filter(|(_, scope)| scope.krate == krate);
        scopes
            .flat_map(|(at, scope)| (0..scope.globs.len()).map(move |glob| (ScopeId(at as u32), glob)))
            .any(|(scope, glob)| self.glob_targets(scope, glob).iter().any(is_ours))
    }

    /// The local type at the head of a type, behind references and aliases.
    pub(crate) fn head_type(&self, id: ItemId, ty: ir::TyIdx) -> Option<ItemId> {
        match self.ty(id, ty) {
            ir::Ty::Ref { inner, .. } => self.head_type(id, *inner),
            ir::Ty::Path { path, .. } => {
                let ir::Ref::Path(path) = self.reference(id, *path) else { return None };
                self.path_targets(id, path).into_iter().find_map(|target| match target {
                    lookup::Target::Item(found) if self.is_type(found) => Some(found),
                    lookup::Target::Item(found) => match &self.item(found).kind {
                        ir::ItemKind::TypeAlias { ty: Some(ty), .. } => self.head_type(found, *ty),
                        _ => None,
                    },
                    _ => None,
                })
            }
            _ => None,
        }
    }

    /// The library of an analysed package, as a crate.
    fn library_of(&self, package: usize) -> Option<usize> {
        self.crates.iter().position(|krate| krate.package == package && krate.is_library)
    }
}
