//! Says what every reference of an item means: the items, packages and files that it leads to for
//! certain, and the questions that only the set of live types answers ([`Query`]).

use super::Program;
use super::collect::ItemId;
use super::lookup::{Origin, Target, Visiting};
use super::path::Reached;
use super::scopes::{Definition, Namespace3, ScopeId};
use super::symbols::Sym;
use crate::ir::{Anchor, BlockScope, FileArg, FileMacro, ItemKind, Namespace, PathRef, Ref, Shown};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;

/// Something that can be part of a closure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

/// An associated item by name: a method call, or what is left of a path behind a type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Query {
    pub(crate) name: Sym,
    pub(crate) on: On,
}

/// A query by number: the same question is asked in many places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct QueryId(pub(crate) u32);

#[derive(Default)]
pub(super) struct Queries {
    list: Vec<Query>,
    index: HashMap<Query, QueryId>,
}

/// Where an associated item is looked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum On {
    /// In every live impl.
    Any,
    /// In what these local types have, through blanket impls and `Deref` too; `foreign`: and in what
    /// types of other packages have.
    Types { types: Vec<ItemId>, foreign: bool },
    /// In these traits, their impls, and traits that everything implements.
    Bounds(Vec<ItemId>),
    /// In these traits and their impls.
    Traits(Vec<ItemId>),
    /// In traits and their impls only: a bound decides which.
    AnyTrait,
    /// In impls for types of other packages, and blanket impls.
    Foreign,
}

/// A value that only rustc knows, and that the key takes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
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

    fn add(&mut self, path: PathBuf) -> usize {
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
        self.links[id.0 as usize].get_or_init(|| {
            let refs = &self.item(id).skeleton.refs;
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
            Ref::Method { name, scope, receiver } => {
                let name = self.sym(id, *name);
                let scope = self.entry(id).block(*scope);
                let on = receiver.map_or(On::Any, |receiver| self.receiver(id, receiver));
                link.nodes.extend(self.traits_in_scope_with(scope, name));
                link.nodes.extend(self.foreign_traits(scope));
                link.queries.push(self.query_id(name, on));
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

    fn included_path(&self, id: ItemId, arg: &FileArg) -> Option<PathBuf> {
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

    fn link_path(&self, id: ItemId, path: &PathRef, link: &mut Link) {
        let segments: Vec<Sym> = path.segments.iter().map(|name| self.sym(id, *name)).collect();
        let scope = self.entry(id).block(path.scope);
        let mut texts = BTreeSet::new();
        match path.anchor {
            Anchor::Generic(number) => {
                texts.insert(format!("%{number}::{}", self.join(&segments)));
                link.queries.extend(segments.last().map(|&name| self.query_id(name, On::AnyTrait)));
            }
            Anchor::SelfType => {
                texts.insert(format!("Self::{}", self.join(&segments)));
                self.link_self(id, &segments, link);
            }
            Anchor::Qualified { ty, trait_len } => {
                let (of_trait, rest) = segments.split_at((trait_len as usize).min(segments.len()));
                texts.insert(format!("<>::{}", self.join(rest)));
                if of_trait.is_empty() {
                    let on = self.on_type(id, ty);
                    link.queries.extend(rest.last().map(|&name| self.query_id(name, on)));
                } else {
                    let (anchor, segments) = self.anchored(&segments);
                    self.link_plain(id, scope, anchor, segments, path, &mut texts, link);
                }
            }
            anchor => self.link_plain(id, scope, anchor, &segments, path, &mut texts, link),
        }
        if !path.in_text {
            link.text = texts.into_iter().collect::<Vec<_>>().join("|");
        }
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one path")]
    fn link_plain(
        &self,
        id: ItemId,
        scope: ScopeId,
        anchor: Anchor,
        segments: &[Sym],
        path: &PathRef,
        texts: &mut BTreeSet<String>,
        link: &mut Link,
    ) {
        let resolution = self.resolve(scope, anchor, segments, Namespace3::of(path.namespace));
        link.nodes.extend(resolution.uses.iter().map(|&id| Node::Item(id)));
        let mut certain = false;
        for end in resolution.ends {
            let rest = &segments[end.rest.min(segments.len())..];
            match end.reached {
                Reached::Target(Target::Item(item)) => {
                    certain = true;
                    self.link_item(item, rest, path, link);
                    if matches!(self.item(item).kind, ItemKind::Macro { .. }) {
                        self.link_macro_body(id, scope, item, link, &mut BTreeSet::new());
                    }
                    texts.insert(format!("::{}", self.join(rest)));
                }
                Reached::Target(Target::Variant(item, variant)) => {
                    certain = true;
                    link.nodes.push(Node::Item(item));
                    texts.insert(format!("::{}", self.text(variant)));
                }
                Reached::Target(Target::Module(module)) => {
                    certain = true;
                    // A macro may join the module's path and a name.
                    if path.in_text && path.uncertain {
                        let words = self.opaques().words_around(self, id);
                        link.nodes.extend(self.items_in(module, &|name| words.contains(&name)));
                    }
                }
                Reached::Target(Target::Foreign(origin, full)) => {
                    certain |= !path.uncertain;
                    self.link_foreign(origin, &full, segments, path, link);
                    texts.insert(full.to_string());
                }
                Reached::Target(Target::Opaque(item)) => {
                    link.nodes.push(Node::Item(item));
                    texts.insert(self.join(segments));
                }
                Reached::Target(Target::Lost(text)) => {
                    texts.insert(text.to_string());
                    self.link_unknown(segments, path, link);
                }
                Reached::Unknown => {
                    // What may be no path at all counts for nothing when it leads nowhere.
                    if !path.uncertain {
                        texts.insert(self.join(segments));
                    }
                    self.link_unknown(segments, path, link);
                }
            }
        }
        texts.extend(self.macro_before(id, &link.nodes));
        if !certain && !path.uncertain {
            link.nodes.extend(resolution.foreign_globs.iter().filter_map(|origin| node_of(*origin)));
        }
        if path.is_dyn && link.dyn_trait.is_none() {
            let name = segments.last().map_or("?", |name| self.text(*name));
            link.dyn_trait = Some(super::TraitOf::Foreign(name.into(), "".into()));
        }
    }

    /// Of several macros of one name, the last one above the item holds: its text stands for the order.
    fn macro_before(&self, id: ItemId, nodes: &[Node]) -> Option<String> {
        let macros = || {
            nodes.iter().filter_map(|node| match node {
                Node::Item(item) if matches!(self.item(*item).kind, ItemKind::Macro { .. }) => Some(*item),
                _ => None,
            })
        };
        macros().nth(1)?;
        let here = self.item(id).place;
        let above = macros().filter(|&item| {
            let place = self.item(item).place;
            self.file_of(item) == self.file_of(id) && (place.line, place.column) < (here.line, here.column)
        });
        let last = above.max_by_key(|&item| (self.item(item).place.line, self.item(item).place.column))?;
        Some(self.item(last).skeleton.text.clone())
    }

    /// Items that a module defines itself, by name.
    fn items_in(&self, module: ScopeId, wanted: &dyn Fn(Sym) -> bool) -> Vec<Node> {
        let names = self.scope(module).names.iter().filter(|((_, name), _)| wanted(*name));
        names
            .flat_map(|(_, named)| named)
            .filter_map(|named| match named.definition {
                Definition::Item(id) => Some(Node::Item(id)),
                Definition::Module(_) => None,
            })
            .collect()
    }

    /// A macro's body names items as the place of the call sees them (`$crate` apart).
    fn link_macro_body(
        &self,
        caller: ItemId,
        scope: ScopeId,
        id: ItemId,
        link: &mut Link,
        seen: &mut BTreeSet<ItemId>,
    ) {
        if !seen.insert(id) {
            return;
        }
        let hole = crate::ir::Skeleton::HOLE.to_string();
        let tokens = self.item(id).skeleton.text.split(' ').filter(|word| *word != hole).collect::<Vec<_>>();
        let joins = |window: &[&str]| matches!(window, [".", "$", _, "(" | "::" | "$"] | ["::", "$", ..]);
        if tokens.windows(4).any(joins) {
            // `$value.$method()`: the name is in the call, or in a macro that passes it on.
            let words = self.opaques().words_around(self, caller);
            let methods = words.iter().filter(|name| !self.impls.named(**name).is_empty());
            link.queries.extend(methods.map(|&name| self.query_id(name, On::Any)));
        }
        for reference in &self.item(id).skeleton.refs {
            let Ref::Path(path) = reference else { continue };
            if !matches!(path.anchor, Anchor::Plain | Anchor::Super(_)) {
                continue;
            }
            let segments: Vec<Sym> = path.segments.iter().map(|name| self.sym(id, *name)).collect();
            for end in self.resolve(scope, path.anchor, &segments, Namespace3::of(path.namespace)).ends {
                let rest = &segments[end.rest.min(segments.len())..];
                match end.reached {
                    Reached::Target(Target::Item(item)) => {
                        self.link_item(item, rest, path, link);
                        if matches!(self.item(item).kind, ItemKind::Macro { .. }) {
                            self.link_macro_body(caller, scope, item, link, seen);
                        }
                    }
                    Reached::Target(Target::Variant(item, _) | Target::Opaque(item)) => {
                        link.nodes.push(Node::Item(item));
                    }
                    Reached::Target(Target::Foreign(origin, _)) => link.nodes.extend(node_of(origin)),
                    // `module::$name`: the name is in the call.
                    Reached::Target(Target::Module(module)) => {
                        let words = self.opaques().words_around(self, caller);
                        link.nodes.extend(self.items_in(module, &|name| words.contains(&name)));
                    }
                    _ => {}
                }
            }
        }
    }

    fn link_item(&self, item: ItemId, rest: &[Sym], path: &PathRef, link: &mut Link) {
        link.nodes.push(Node::Item(item));
        let kind = &self.item(item).kind;
        if let (ItemKind::Fn(_) | ItemKind::Static { .. }, Some(owner)) = (kind, self.entry(item).owner)
            && matches!(self.item(owner).kind, ItemKind::ForeignMod { .. })
        {
            link.nodes.extend(self.exported_as(item).into_iter().map(Node::Item));
        }
        if path.is_dyn && matches!(kind, ItemKind::Trait { .. } | ItemKind::TraitAlias { .. }) {
            link.dyn_trait = Some(super::TraitOf::Local(vec![item]));
        }
        let Some(&name) = rest.last() else { return };
        let on = match kind {
            // `Type::Assoc::name`: what the associated type is, its impl knows.
            _ if rest.len() > 1 => On::Any,
            ItemKind::Struct { .. } | ItemKind::Enum { .. } | ItemKind::Union { .. } => {
                On::Types { types: vec![item], foreign: false }
            }
            ItemKind::Trait { .. } | ItemKind::TraitAlias { .. } => On::Traits(vec![item]),
            ItemKind::TypeAlias { ty: Some(ty), .. } => self.on_type(item, *ty),
            _ => On::Any,
        };
        link.queries.push(self.query_id(name, on));
    }

    fn link_foreign(&self, origin: Origin, full: &str, segments: &[Sym], path: &PathRef, link: &mut Link) {
        link.nodes.extend(node_of(origin));
        let shown = ["type_name", "type_name_of_val", "Location::caller"];
        link.shows_places |= origin == Origin::Std && shown.iter().any(|end| full.ends_with(end));
        if path.is_dyn {
            link.dyn_trait =
                Some(super::TraitOf::Foreign(full.rsplit("::").next().unwrap_or(full).into(), "".into()));
        }
        self.link_unknown(segments, path, link);
    }

    /// `Vec::name`, `f64::name`: a local trait may give foreign types what the path names.
    fn link_unknown(&self, segments: &[Sym], path: &PathRef, link: &mut Link) {
        if let [.., ty, name] = segments
            && matches!(path.namespace, Namespace::Value | Namespace::Any)
            && may_be_type(self.text(*ty))
        {
            link.queries.push(self.query_id(*name, On::Foreign));
        }
    }

    /// `<T as crate::Trait>::f` has its keyword among the segments.
    fn anchored<'s>(&self, segments: &'s [Sym]) -> (Anchor, &'s [Sym]) {
        match segments.first().map(|first| self.text(*first)) {
            Some("crate" | "$crate") => (Anchor::Crate, &segments[1..]),
            Some("self") => (Anchor::Super(0), &segments[1..]),
            Some("super") => {
                let levels = segments.iter().take_while(|segment| self.text(**segment) == "super").count();
                (Anchor::Super(levels as u32), &segments[levels..])
            }
            _ => (Anchor::Plain, segments),
        }
    }

    fn link_self(&self, id: ItemId, segments: &[Sym], link: &mut Link) {
        let owner = self.entry(id).owner.unwrap_or(id);
        let ItemKind::Impl(impl_) = &self.item(owner).kind else {
            link.queries.extend(segments.last().map(|&name| self.query_id(name, On::AnyTrait)));
            return;
        };
        let mut types = BTreeSet::new();
        self.types_in(owner, impl_.self_ty, &mut types, 0);
        link.nodes.extend(types.iter().map(|&id| Node::Item(id)));
        if let [first, ..] = segments
            && types.iter().any(|&id| self.has_variant(id, *first))
        {
            return;
        }
        let on = if segments.len() > 1 { On::Any } else { self.on_type(owner, impl_.self_ty) };
        link.queries.extend(segments.last().map(|&name| self.query_id(name, on)));
    }

    /// Where associated items of a written type are found.
    fn on_type(&self, id: ItemId, ty: crate::ir::TyIdx) -> On {
        let mut types = BTreeSet::new();
        match self.types_in(id, ty, &mut types, 0) {
            super::SelfHead::Local => On::Types { types: types.into_iter().collect(), foreign: false },
            super::SelfHead::Foreign => On::Foreign,
            super::SelfHead::Generic => On::Any,
        }
    }

    /// Methods of this name that traits in scope declare: importing another trait is another call.
    fn traits_in_scope_with(&self, scope: ScopeId, name: Sym) -> Vec<Node> {
        let mut found = Vec::new();
        for &(item, owner) in self.impls.named(name) {
            if let super::Owner::Trait(of_trait) = owner
                && self.trait_in_scope(scope, of_trait)
            {
                found.push(Node::Item(item));
            }
        }
        found
    }

    fn trait_in_scope(&self, from: ScopeId, of_trait: ItemId) -> bool {
        let Some(name) = self.name_of(of_trait) else { return false };
        let mut next = Some(from);
        while let Some(id) = next {
            let mut visiting = Visiting::default();
            let is_it = |target: &Target| *target == Target::Item(of_trait);
            if self.lookup_in(id, Namespace3::Type, name, &mut visiting).targets.iter().any(|(t, _)| is_it(t))
            {
                return true;
            }
            let scope = self.scope(id);
            let renamed = scope.imports.values().flatten().chain(&scope.unnamed);
            for import in renamed.filter(|import| import.segments.last() == Some(&name)) {
                let ends = self.resolve_import(id, import, Namespace3::Type, &mut visiting);
                if ends.iter().any(|end| end.reached == Reached::Target(Target::Item(of_trait))) {
                    return true;
                }
            }
            next = if scope.is_module { None } else { scope.parent };
        }
        false
    }

    /// Packages whose traits may be in scope: their methods are called without a path.
    fn foreign_traits(&self, from: ScopeId) -> Vec<Node> {
        let mut found = BTreeSet::new();
        let mut next = Some(from);
        while let Some(id) = next {
            let scope = self.scope(id);
            let mut visiting = Visiting::default();
            let named = scope.imports.values().flatten().filter(|import| {
                import.segments.last().is_some_and(|name| self.text(*name).starts_with(char::is_uppercase))
            });
            for import in named.chain(&scope.unnamed) {
                for end in self.resolve_import(id, import, Namespace3::Type, &mut visiting) {
                    if let Reached::Target(Target::Foreign(origin, _)) = end.reached {
                        found.extend(node_of(origin));
                    }
                }
            }
            for index in 0..scope.globs.len() {
                for target in self.glob_targets(id, index, &mut visiting).iter() {
                    if let Target::Foreign(origin, _) = target {
                        found.extend(node_of(*origin));
                    }
                }
            }
            next = if scope.is_module { None } else { scope.parent };
        }
        found.into_iter().collect()
    }

    fn link_file(&self, id: ItemId, macro_: FileMacro, arg: &FileArg, link: &mut Link) {
        let Some(path) = self.included_path(id, arg) else {
            link.nodes.push(Node::BuildScript(self.package_of(id)));
            return;
        };
        if macro_ == FileMacro::Rust {
            // The code stands where it is included: its words are looked up there.
            let text = std::fs::read(&path).unwrap_or_default();
            let scope = self.entry(id).scope;
            self.link_words(id, &String::from_utf8_lossy(&text), scope, link);
        }
        link.nodes.push(Node::File(self.files.borrow_mut().add(path)));
    }

    /// A string in the input of a procedural macro: the paths in it, and the file that it may name.
    fn link_text(&self, id: ItemId, text: &str, scope: BlockScope, link: &mut Link) {
        self.link_words(id, text, self.entry(id).block(scope), link);
        let package = &self.project.packages[self.package_of(id)].directory;
        let beside = self.sources.files[self.file_of(id)].path.parent().unwrap_or(package);
        if text.contains('.') && !text.contains(['\n', '\0']) && text.len() < 200 {
            let folders =
                [package.clone(), package.join("src"), package.join("templates"), beside.to_owned()];
            for folder in folders {
                let path = folder.join(text);
                if path.is_file() {
                    link.nodes.push(Node::File(self.files.borrow_mut().add(path)));
                }
            }
        }
    }

    /// Every word of a text that may be a path or a method.
    fn link_words(&self, id: ItemId, text: &str, scope: ScopeId, link: &mut Link) {
        let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
        for word in words.filter(|word| !word.is_empty()) {
            let mut segments = Vec::new();
            let mut anchor = Anchor::Plain;
            for part in word.split("::").map(|part| part.trim_matches(':')).filter(|part| !part.is_empty()) {
                match part {
                    "crate" => anchor = Anchor::Crate,
                    "self" => anchor = Anchor::Super(0),
                    "super" => anchor = Anchor::Super(if let Anchor::Super(n) = anchor { n + 1 } else { 1 }),
                    _ => segments.extend(self.find_symbol(part)),
                }
            }
            let Some(&last) = segments.last() else { continue };
            let path = PathRef {
                anchor,
                segments: Vec::new(),
                namespace: Namespace::Any,
                scope: BlockScope(0),
                in_text: true,
                uncertain: true,
                is_dyn: false,
            };
            let mut inner = Link::default();
            self.link_plain(id, scope, anchor, &segments, &path, &mut BTreeSet::new(), &mut inner);
            // `with = "module"`: the macro adds the names.
            for end in self.resolve(scope, anchor, &segments, &[Namespace3::Type]).ends {
                if let Reached::Target(Target::Module(module)) = end.reached {
                    inner.nodes.extend(self.items_in(module, &|_| true));
                }
            }
            link.nodes.extend(inner.nodes);
            link.queries.extend(inner.queries);
            if text.contains(&format!(".{}", self.text(last))) {
                link.queries.push(self.query_id(last, On::Any));
            }
        }
    }

    /// Files that links led to, for the watch list.
    pub(crate) fn included_files(&self) -> Vec<IncludedFile> {
        self.files.borrow().all().to_vec()
    }

    /// Variables that decided which files those are.
    pub(crate) fn included_variables(&self) -> BTreeSet<String> {
        self.files.borrow().variables.clone()
    }

    fn query_id(&self, name: Sym, on: On) -> QueryId {
        let mut queries = self.queries.borrow_mut();
        let query = Query { name, on };
        if let Some(&id) = queries.index.get(&query) {
            return id;
        }
        let id = QueryId(queries.list.len() as u32);
        queries.list.push(query.clone());
        queries.index.insert(query, id);
        id
    }

    pub(super) fn query(&self, id: QueryId) -> Query {
        self.queries.borrow().list[id.0 as usize].clone()
    }
}

fn node_of(origin: Origin) -> Option<Node> {
    match origin {
        Origin::Package(index) => Some(Node::Package(index)),
        Origin::ProcMacro(index) => Some(Node::ProcMacro(index)),
        Origin::Std | Origin::Toolkit => None,
    }
}

/// Types begin with a capital; primitives and modules do not.
fn may_be_type(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
        || matches!(
            word,
            "bool"
                | "char"
                | "str"
                | "f16"
                | "f32"
                | "f64"
                | "f128"
                | "i8"
                | "i16"
                | "i32"
                | "i64"
                | "i128"
                | "isize"
                | "u8"
                | "u16"
                | "u32"
                | "u64"
                | "u128"
                | "usize"
        )
}
