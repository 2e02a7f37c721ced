//! Finds what a name means in a scope: its own items, then imports, then globs; and outward through
//! blocks to the module, the crates by name, and the macros of the crate.
//!
//! All meanings come back where a cfg decides between them. Privacy matters for globs only: a path
//! that names something private does not compile.

use super::Program;
use super::collect::ItemId;
use super::path::{End, Reached};
use super::scopes::{Definition, ImportEntry, Namespace3, ScopeId};
use super::symbols::Sym;
use crate::ir::{Anchor, ItemKind, Visibility};
use crate::project::{DependencyKind, PackageId};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

/// Whose code a path that leaves the analysed crates leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Origin {
    /// The standard library: the toolchain in the key stands for it.
    Std,
    /// Index into `Project::foreign`.
    Package(usize),
    /// Index into `Project::packages`: a procedural macro, taken whole.
    ProcMacro(usize),
    /// This toolkit: never part of what a function depends on.
    Toolkit,
}

/// What a name or a path leads to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Target {
    Item(ItemId),
    Module(ScopeId),
    /// A variant of an enum.
    Variant(ItemId, Sym),
    Foreign(Origin, Arc<str>),
    /// Something that this item may define, unseen: a macro call.
    Opaque(ItemId),
    /// Bound by an import that leads nowhere that we see.
    Lost(Arc<str>),
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Lookup {
    scope: ScopeId,
    namespace: Namespace3,
    name: Sym,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    /// Each with the visibility of the name here. Sorted, without repetition.
    pub(super) targets: Vec<(Target, Visibility)>,
    /// Nothing further out can be meant.
    pub(super) complete: bool,
    /// Imports on the way that a cfg decides.
    pub(super) uses: BTreeSet<ItemId>,
}

/// Foreign crates whose globs stand between the name and what was found.
#[derive(Default)]
pub(super) struct InScope {
    pub(super) targets: Vec<Target>,
    pub(super) foreign_globs: BTreeSet<Origin>,
    pub(super) complete: bool,
}

impl Found {
    fn sort(&mut self) {
        self.targets.sort_by(|a, b| a.0.cmp(&b.0));
        self.targets.dedup_by(|a, b| a.0 == b.0);
    }
}

/// A lookup with or without the scope's globs.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Step {
    Scope(Lookup),
    Direct(Lookup),
}

/// The chain of lookups that led here: imports can go in circles.
#[derive(Default)]
pub(super) struct Visiting {
    stack: Vec<Step>,
    circles: usize,
    /// What an unseen definition may be is being looked for: within that, nothing unseen is.
    in_unseen: bool,
    /// Imports on the way that a cfg decides.
    pub(super) uses: BTreeSet<ItemId>,
}

impl Visiting {
    /// Finds nothing unseen.
    pub(super) fn seen() -> Self {
        Visiting { in_unseen: true, ..Visiting::default() }
    }

    /// Runs the search for what is unseen, but not within another: imports in circles would make it endless.
    pub(super) fn unseen<T: Default>(&mut self, run: impl FnOnce(&mut Visiting) -> T) -> T {
        if self.in_unseen {
            self.circles += 1;
            return T::default();
        }
        self.in_unseen = true;
        let found = run(self);
        self.in_unseen = false;
        found
    }
}

impl Program<'_> {
    /// What a plain name means, seen from a scope.
    pub(super) fn lookup_in_scope(
        &self,
        from: ScopeId,
        namespace: Namespace3,
        name: Sym,
        visiting: &mut Visiting,
    ) -> InScope {
        let mut result = InScope::default();
        for id in self.outward(from) {
            let found = self.lookup_in(id, namespace, name, visiting);
            result.targets.extend(found.targets.iter().map(|(target, _)| target.clone()));
            let scope = self.scope(id);
            result.complete = found.complete;
            if result.complete {
                break;
            }
            for index in 0..scope.globs.len() {
                for target in self.glob_targets(id, index).iter() {
                    if let Target::Foreign(origin, _) = target {
                        result.foreign_globs.insert(*origin);
                    }
                }
            }
            result.targets.extend(self.opaque_definitions(id, name));
        }
        if !result.complete {
            let krate = self.scope(from).krate as usize;
            match namespace {
                Namespace3::Type => result.targets.extend(self.crate_named(krate, name)),
                Namespace3::Macro => result.targets.extend(self.macros_named(krate, name)),
                Namespace3::Value => {}
            }
        }
        // An attribute that no macro has is the helper of another.
        if result.targets.is_empty() && namespace != Namespace3::Macro {
            result.targets.extend(self.unseen_definitions(from, name, true, visiting));
        }
        result.targets.sort();
        result.targets.dedup();
        result
    }

    /// What a name means in exactly this scope.
    pub(super) fn lookup_in(
        &self,
        scope: ScopeId,
        namespace: Namespace3,
        name: Sym,
        visiting: &mut Visiting,
    ) -> Rc<Found> {
        let lookup = Lookup { scope, namespace, name };
        self.guarded(Step::Scope(lookup), visiting, |visiting| {
            let direct = self.direct(lookup, visiting);
            if direct.complete {
                return Found::clone(&direct);
            }
            let mut found = Found::clone(&direct);
            self.find_in_globs(lookup, &mut found, visiting);
            found.sort();
            found
        })
    }

    /// What the scope itself defines or imports by name.
    fn direct(&self, lookup: Lookup, visiting: &mut Visiting) -> Rc<Found> {
        self.guarded(Step::Direct(lookup), visiting, |visiting| {
            let Lookup { scope: id, namespace, name } = lookup;
            let scope = self.scope(id);
            let mut found = Found::default();
            for named in scope.names.get(&(namespace, name)).into_iter().flatten() {
                let target = match named.definition {
                    Definition::Item(item) => Target::Item(item),
                    Definition::Module(module) => Target::Module(module),
                };
                found.targets.push((target, named.visibility));
                found.complete |= named.certain;
            }
            for import in scope.imports.get(&name).into_iter().flatten() {
                if import.module_only && namespace != Namespace3::Type {
                    continue;
                }
                found.uses.extend(import.decided_by);
                for end in self.resolve_import(id, import, namespace, visiting) {
                    // `use a::b` binds the namespaces that `a::b` has; not knowing is not having.
                    found.complete |= import.certain && end.reached != Reached::Unknown;
                    let target = match end.reached {
                        Reached::Target(target) => target,
                        Reached::Unknown => Target::Lost(self.join(&import.segments).into()),
                    };
                    found.targets.push((target, import.visibility));
                }
            }
            found.sort();
            found
        })
    }

    /// Remembers a result, and ends a circle of imports with nothing.
    fn guarded(
        &self,
        step: Step,
        visiting: &mut Visiting,
        run: impl FnOnce(&mut Visiting) -> Found,
    ) -> Rc<Found> {
        if let Some(found) = self.lookups.borrow().get(&step) {
            visiting.uses.extend(&found.uses);
            return Rc::clone(found);
        }
        if visiting.stack.contains(&step) {
            visiting.circles += 1;
            return Rc::default();
        }
        let circles = visiting.circles;
        visiting.stack.push(step);
        let before = std::mem::take(&mut visiting.uses);
        let mut found = run(visiting);
        found.uses.extend(&visiting.uses);
        visiting.uses.extend(before);
        let found = Rc::new(found);
        visiting.stack.pop();
        // A result that was cut by a circle is only good for the lookup that began it.
        if visiting.circles == circles || visiting.stack.is_empty() {
            self.lookups.borrow_mut().insert(step, Rc::clone(&found));
        }
        found
    }

    /// Follows globs from module to module, each once: they often go in circles (`use super::*`).
    fn find_in_globs(&self, lookup: Lookup, found: &mut Found, visiting: &mut Visiting) {
        let Lookup { scope: from, namespace, name } = lookup;
        let mut visited = BTreeSet::from([from]);
        let mut queue = vec![from];
        while let Some(id) = queue.pop() {
            for (index, glob) in self.scope(id).globs.iter().enumerate() {
                if id != from && !self.is_visible(glob.visibility, id, from) {
                    continue;
                }
                visiting.uses.extend(glob.decided_by);
                for target in self.glob_targets(id, index).iter() {
                    match *target {
                        Target::Module(module) if visited.insert(module) => {
                            let inner = self.direct(Lookup { scope: module, namespace, name }, visiting);
                            let before = found.targets.len();
                            let visible =
                                inner.targets.iter().filter(|(_, vis)| self.is_visible(*vis, module, from));
                            found
                                .targets
                                .extend(visible.map(|(target, _)| (target.clone(), glob.visibility)));
                            let hit = found.targets.len() > before;
                            found.complete |= hit && inner.complete && glob.certain;
                            if !(hit && inner.complete) {
                                queue.push(module);
                            }
                        }
                        Target::Item(item)
                            if namespace != Namespace3::Macro && self.has_variant(item, name) =>
                        {
                            found.targets.push((Target::Variant(item, name), glob.visibility));
                            found.complete |= glob.certain;
                        }
                        _ => {}
                    }
                }
            }
        }
    }

    pub(super) fn resolve_import(
        &self,
        scope: ScopeId,
        import: &ImportEntry,
        namespace: Namespace3,
        visiting: &mut Visiting,
    ) -> Vec<End> {
        if import.extern_crate {
            let name = import.segments[0];
            let krate = self.scope(scope).krate as usize;
            let target = if self.text(name) == "self" {
                Some(Target::Module(self.crates[krate].root))
            } else {
                self.crate_named(krate, name)
            };
            let reached = target.map_or(Reached::Unknown, Reached::Target);
            return if namespace == Namespace3::Type { vec![End { reached, rest: 1 }] } else { Vec::new() };
        }
        let from_root =
            self.crates[self.scope(scope).krate as usize].edition_2015 && import.anchor == Anchor::Plain;
        let anchor = if from_root { Anchor::Global } else { import.anchor };
        self.resolve_path(scope, anchor, &import.segments, namespace, visiting)
    }

    /// A crate by its name in code: a dependency, the package's own library, or the standard library.
    pub(super) fn crate_named(&self, krate: usize, name: Sym) -> Option<Target> {
        let text = self.text(name);
        let package = self.crates[krate].package;
        if let Some(library) = text.strip_prefix(crate::ir::DOLLAR_CRATE) {
            return self.dollar_crate(krate, library.strip_prefix('_')).map(Target::Module);
        }
        if !self.crates[krate].is_library
            && let Some(library) = self.library_of(package)
            && self.sources.crates[library].target.crate_name == text
        {
            return Some(Target::Module(self.crates[library].root));
        }
        let edges = &self.project.packages[package].dependencies;
        let edge = edges.iter().find(|edge| edge.extern_name == text && edge.kind != DependencyKind::Build);
        match edge.map(|edge| edge.to) {
            Some(PackageId::Analysed(to)) => match self.library_of(to) {
                Some(library) => Some(Target::Module(self.crates[library].root)),
                None if self.project.packages[to].is_toolkit() => {
                    Some(Target::Foreign(Origin::Toolkit, text.into()))
                }
                None => Some(Target::Foreign(Origin::ProcMacro(to), text.into())),
            },
            Some(PackageId::Foreign(to)) => {
                let foreign = &self.project.foreign[to];
                let origin = if foreign.is_toolkit() { Origin::Toolkit } else { Origin::Package(to) };
                Some(Target::Foreign(origin, foreign.crate_name.as_str().into()))
            }
            None if self.is_own_toolkit(package, text) => Some(Target::Foreign(Origin::Toolkit, text.into())),
            None => matches!(text, "std" | "core" | "alloc" | "proc_macro" | "test")
                .then(|| Target::Foreign(Origin::Std, text.into())),
        }
    }

    /// What an expansion has in the place of `$crate`: this crate, or the library of the name.
    fn dollar_crate(&self, krate: usize, library: Option<&str>) -> Option<ScopeId> {
        let Some(name) = library else { return Some(self.crates[krate].root) };
        let mut crates = self.crates.iter().zip(&self.sources.crates);
        let found = crates.find(|(entry, source)| entry.is_library && source.target.crate_name == name);
        found.map(|(entry, _)| entry.root)
    }

    /// The toolkit's own tests name its library, which is not analysed.
    fn is_own_toolkit(&self, package: usize, name: &str) -> bool {
        let package = &self.project.packages[package];
        package.is_toolkit() && package.name.replace('-', "_") == name
    }

    /// Macros by textual scope (taken as the whole crate) and by `#[macro_use]` of a crate.
    fn macros_named(&self, krate: usize, name: Sym) -> Vec<Target> {
        let own = self.macros.get(&(krate as u32, name)).into_iter().flatten().map(|&id| Target::Item(id));
        let mut found: Vec<Target> = own.collect();
        for (other, entry) in self.crates.iter().enumerate() {
            let linked = entry.is_library && other != krate && self.is_linked(krate, entry.package);
            if linked && self.has_macro_use(krate) {
                let exported = self.macros.get(&(other as u32, name)).into_iter().flatten();
                found.extend(exported.map(|&id| Target::Item(id)));
            }
        }
        found
    }

    /// Whether nothing that is known here gives a macro's name another meaning than the standard library.
    pub(super) fn is_std_macro(&self, scope: ScopeId, name: Sym) -> bool {
        let krate = self.scope(scope).krate;
        let found = self.lookup_in_scope(scope, Namespace3::Macro, name, &mut Visiting::default());
        !self.macros.contains_key(&(krate, name))
            && found.targets.iter().all(|target| matches!(target, Target::Foreign(Origin::Std, _)))
    }

    fn is_linked(&self, krate: usize, package: usize) -> bool {
        let own = self.crates[krate].package;
        own == package
            || self.project.packages[own]
                .dependencies
                .iter()
                .any(|edge| edge.to == PackageId::Analysed(package))
    }

    fn has_macro_use(&self, krate: usize) -> bool {
        let modules = &self.sources.crates[krate].modules;
        modules.first().is_some_and(|root| {
            let items = &self.sources.files[root.file].lowered.items;
            items.iter().any(|item| matches!(item.kind, ItemKind::ExternCrate { macro_use: true, .. }))
        })
    }

    /// Macro calls of the scope whose tokens, or whose macros' bodies, have the name.
    pub(super) fn opaque_definitions(&self, scope: ScopeId, name: Sym) -> Vec<Target> {
        let opaque = self.scope(scope).opaque.iter();
        opaque.filter(|&&id| self.opaques.may_define(id, name)).map(|&id| Target::Opaque(id)).collect()
    }

    pub(super) fn has_variant(&self, item: ItemId, name: Sym) -> bool {
        match &self.item(item).kind {
            ItemKind::Enum { variants, .. } => {
                variants.iter().any(|variant| self.sym(item, variant.name) == name)
            }
            _ => false,
        }
    }

    fn is_visible(&self, visibility: Visibility, defined: ScopeId, from: ScopeId) -> bool {
        match visibility {
            Visibility::Public => true,
            Visibility::Crate => self.scope(defined).krate == self.scope(from).krate,
            Visibility::Private => {
                let module = self.module_of(defined);
                let mut scope = Some(from);
                std::iter::from_fn(|| {
                    let here = scope?;
                    scope = self.scope(here).parent;
                    Some(here)
                })
                .any(|here| here == module)
            }
        }
    }

    /// The nearest module around a scope.
    pub(super) fn module_of(&self, mut scope: ScopeId) -> ScopeId {
        while let (false, Some(parent)) = (self.scope(scope).is_module, self.scope(scope).parent) {
            scope = parent;
        }
        scope
    }

    /// Whether an item stands in the module of another, or below: it sees what is private there.
    pub(super) fn is_inside(&self, id: ItemId, of: ItemId) -> bool {
        let module = self.module_of(self.entry(of).scope);
        let mut next = Some(self.entry(id).scope);
        while let Some(scope) = next {
            if scope == module {
                return true;
            }
            next = self.scope(scope).parent;
        }
        false
    }

    /// A scope and those around it, up to the module: where a plain name is looked for.
    pub(super) fn outward(&self, from: ScopeId) -> impl Iterator<Item = ScopeId> {
        let inner = |id: &ScopeId| Some(self.scope(*id)).filter(|scope| !scope.is_module);
        std::iter::successors(Some(from), move |id| inner(id)?.parent)
    }

    pub(super) fn scope(&self, id: ScopeId) -> &super::scopes::Scope {
        &self.scopes[id.0 as usize]
    }

    pub(super) fn join(&self, segments: &[Sym]) -> String {
        let words: Vec<&str> = segments.iter().map(|segment| self.text(*segment)).collect();
        words.join("::")
    }
}
