//! Says where code of other packages may be entered: there any foreign trait may be called.

use super::finder::Finder;
use super::types::{Held, Holding};
use super::{Callback, On as Which, TraitSet};
use crate::ir::{Anchor, ExprIdx, Generics, ItemKind, Namespace, PathRef, Ref, RefIdx, Ty, TyIdx};
use crate::link::links::Query;
use crate::link::lookup::Target;
use crate::link::path::Reached;
use crate::link::scopes::Namespace3;
use crate::link::{Node, On, Origin, Program, Sym, TraitOf};
use crate::project::PackageId;
use crate::walk::FunctionNames;
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

/// Above this many bytes of source, a package may declare any name.
const MOST_SOURCE: u64 = 4 << 20;

/// The names of functions that packages may declare, by package. `None`: any.
#[derive(Default)]
pub(in crate::link) struct Declared(RefCell<HashMap<usize, Option<Rc<FunctionNames>>>>);

impl Program<'_> {
    /// Whether a package, or one that it depends on, may declare a function of this name.
    fn declares(&self, package: usize, name: &str) -> bool {
        let mut seen = BTreeSet::from([package]);
        let mut queue = vec![package];
        // A package may give a name to a macro of another one.
        let (mut is_given, mut by_macro) = (false, false);
        while let Some(index) = queue.pop() {
            let Some(names) = self.words_of(index) else { return true };
            if names.is_written(name) {
                return true;
            }
            is_given |= names.is_given(name);
            by_macro |= names.by_macro();
            let below = self.project.foreign[index].dependencies.iter().filter_map(|id| match id {
                PackageId::Foreign(below) => Some(*below),
                PackageId::Analysed(_) => None,
            });
            queue.extend(below.filter(|below| seen.insert(*below)));
        }
        is_given && by_macro
    }

    fn words_of(&self, package: usize) -> Option<Rc<FunctionNames>> {
        if let Some(words) = self.declared.0.borrow().get(&package) {
            return words.clone();
        }
        let directory = self.project.foreign[package].directory.as_deref();
        let words = directory.and_then(|path| crate::walk::function_names(path, MOST_SOURCE)).map(Rc::new);
        self.declared.0.borrow_mut().insert(package, words.clone());
        words
    }
}

impl Finder<'_, '_> {
    /// A method call whose method may be a package's.
    pub(super) fn may_be_of_package(&mut self, on: &On, receiver: ExprIdx, name: Sym, method: RefIdx) {
        let Ref::Method { scope, .. } = self.reference(method) else { return };
        let scope = self.program.entry(self.id).block(*scope);
        let in_scope = self.program.foreign_traits(scope);
        let text = self.program.text(name);
        let is_declared = in_scope.iter().any(|node| match node {
            Node::Package(index) => self.program.declares(*index, text),
            _ => true,
        });
        match on {
            On::Any | On::AnyTrait | On::Bounds(_) | On::Dyn(_) | On::Traits(_) => {
                self.is_uncertain = true;
                self.enters |= is_declared;
            }
            // A default body of the package's trait, or a method for types that do not tell.
            On::Types { .. } | On::Foreign if is_declared && !self.is_implemented(name, on) => {
                let mut given = Holding::default();
                given.add(&self.type_at(receiver), &self.view, TraitSet::ALL);
                match given.held() {
                    Held::Nothing => {}
                    Held::Types(types) => self.ask(Callback::everything(Which::Held(types))),
                    Held::Anything => self.enters = true,
                }
            }
            On::Types { .. } | On::Foreign => {
                self.is_uncertain |= !self.is_of_std(name) && !self.has_candidates(name, on);
            }
        }
    }

    /// Whether an impl of a package's trait has this function: then it is what the name means.
    fn is_implemented(&self, name: Sym, on: &On) -> bool {
        let program = self.program;
        let found = program.candidates_of(&Query::Named { name, on: on.clone() });
        found.iter().any(|(_, index)| {
            let of_trait = index.map(|index| &program.impls().all[index].of_trait);
            matches!(of_trait, Some(TraitOf::Foreign(_, krate)) if !krate.is_empty())
        })
    }

    /// The derives and attributes of other packages write code that we do not see.
    pub(super) fn attributes(&mut self) {
        for &index in &self.item.attributes {
            let Ref::Path(path) = self.reference(index) else { continue };
            for target in self.program.path_targets(self.id, path) {
                match target {
                    Target::Foreign(Origin::Std | Origin::Toolkit, _) => {}
                    // Serialisation runs when somebody calls it, and that call enters the package.
                    Target::Foreign(_, full) if full.starts_with("serde::") => {}
                    _ => self.enters = true,
                }
            }
        }
    }

    /// What the item's paths lead to.
    pub(super) fn references(&mut self) {
        let traits = self.trait_positions();
        for (index, reference) in self.item.skeleton.refs.iter().enumerate() {
            let index = RefIdx(index as u32);
            match reference {
                Ref::Path(_) if self.item.attributes.contains(&index) || traits.contains(&index) => {}
                Ref::Path(path) => self.path(index, path),
                // What has a receiver is an expression.
                Ref::Method { name, receiver: None, scope } => {
                    self.is_uncertain = true;
                    let name = self.program.sym(self.id, *name);
                    self.called_by_name(name);
                    let scope = self.program.entry(self.id).block(*scope);
                    self.enters |= !self.program.foreign_traits(scope).is_empty();
                }
                Ref::File { .. } => self.is_uncertain = true,
                Ref::Expanded(_)
                | Ref::Method { .. }
                | Ref::Text { .. }
                | Ref::Env { .. }
                | Ref::Cfg(_)
                | Ref::Shown(_) => {}
            }
        }
    }

    fn path(&mut self, index: RefIdx, path: &PathRef) {
        let program = self.program;
        let segments: Vec<Sym> = path.segments.iter().map(|name| program.sym(self.id, *name)).collect();
        let is_value = path.namespace != Namespace::Type;
        let scope = program.entry(self.id).block(path.scope);
        match path.anchor {
            Anchor::Qualified { trait_len, .. } => {
                let of_trait = &segments[..(trait_len as usize).min(segments.len())];
                if is_value && !of_trait.is_empty() {
                    let found = program.resolve(scope, Anchor::Plain, of_trait, &[Namespace3::Type]);
                    self.enters |= found.ends.iter().any(|end| is_of_package(&end.reached));
                }
                self.named(index, is_value, &segments);
                self.is_uncertain |= is_value;
                return;
            }
            Anchor::Generic(_) => {
                self.named(index, is_value, &segments);
                self.is_uncertain |= is_value;
                return;
            }
            Anchor::SelfType => {
                self.named(index, is_value, &segments);
                return;
            }
            _ => {}
        }
        let found = program.resolve(scope, path.anchor, &segments, Namespace3::of(path.namespace));
        for end in &found.ends {
            match &end.reached {
                Reached::Target(Target::Module(_)) => {}
                Reached::Target(Target::Item(_) | Target::Variant(..)) if end.rest >= segments.len() => {}
                reached if is_of_package(reached) && is_value => self.enters = true,
                reached if is_of_package(reached) => self.holds_foreign = true,
                Reached::Target(Target::Foreign(Origin::Std, full)) if is_value => {
                    let is_macro = path.namespace == Namespace::Macro;
                    // An identifier in a pattern can only be a const.
                    let is_pattern = path.uncertain && !path.in_text;
                    if !is_macro
                        && !is_pattern
                        && !full.contains("arch::")
                        && !self.settled.contains(&index)
                        && let Some(&name) = segments.last()
                    {
                        self.called_in_std(name);
                    }
                }
                // A macro that nobody here knows: of another package.
                Reached::Unknown if path.namespace == Namespace::Macro => {
                    let name = segments.last().map_or("", |name| program.text(*name));
                    self.enters |= !crate::lower::is_std_macro(name);
                }
                Reached::Target(Target::Lost(_) | Target::Opaque(_)) => {
                    self.is_uncertain |= is_value;
                    self.named(index, is_value, &segments);
                }
                _ => self.named(index, is_value, &segments),
            }
        }
        let globs = found.foreign_globs.iter();
        self.enters |= is_value && globs.clone().any(|origin| matches!(origin, Origin::Package(_)));
        self.holds_foreign |= globs.into_iter().any(|origin| matches!(origin, Origin::Package(_)));
    }

    fn named(&mut self, index: RefIdx, is_value: bool, segments: &[Sym]) {
        if let (true, Some(&name), false) = (is_value, segments.last(), self.settled.contains(&index)) {
            self.called_by_name(name);
        }
    }

    /// Paths that name a trait where it is implemented or bounds something: no value comes from there.
    fn trait_positions(&self) -> BTreeSet<RefIdx> {
        let mut types: Vec<TyIdx> = Vec::new();
        match &self.item.kind {
            ItemKind::Impl(block) => types.extend(block.of_trait),
            ItemKind::Trait { supertraits, .. } => types.extend(supertraits),
            ItemKind::TypeAlias { bounds, .. } | ItemKind::TraitAlias { bounds, .. } => types.extend(bounds),
            _ => {}
        }
        if let Some(generics) = generics_of(&self.item.kind) {
            types.extend(generics.bounds.iter().flat_map(|(_, bounds)| bounds));
        }
        let paths = types.into_iter().filter_map(|ty| match &self.item.body.types[ty.0 as usize] {
            Ty::Path { path, .. } => Some(*path),
            _ => None,
        });
        paths.collect()
    }

    /// Whether a trait of another package bounds a type that the item works on.
    pub(super) fn is_bound_by_package(&self) -> bool {
        let program = self.program;
        std::iter::once(self.id).chain(program.entry(self.id).owner).any(|holder| {
            let kind = &program.item(holder).kind;
            let mut bounds: Vec<TyIdx> = generics_of(kind)
                .into_iter()
                .flat_map(|generics| generics.bounds.iter().flat_map(|(_, bounds)| bounds.iter().copied()))
                .collect();
            if let ItemKind::Trait { supertraits, .. } = kind {
                bounds.extend(supertraits);
            }
            bounds.into_iter().any(
                |bound| matches!(program.trait_of(holder, bound), TraitOf::Foreign(_, krate) if !krate.is_empty()),
            )
        })
    }
}

fn generics_of(kind: &ItemKind) -> Option<&Generics> {
    match kind {
        ItemKind::Fn(function) => Some(&function.generics),
        ItemKind::Impl(block) => Some(&block.generics),
        ItemKind::Struct { generics, .. }
        | ItemKind::Enum { generics, .. }
        | ItemKind::Union { generics, .. }
        | ItemKind::TypeAlias { generics, .. }
        | ItemKind::TraitAlias { generics, .. }
        | ItemKind::Trait { generics, .. } => Some(generics),
        _ => None,
    }
}

fn is_of_package(reached: &Reached) -> bool {
    matches!(reached, Reached::Target(Target::Foreign(Origin::Package(_) | Origin::ProcMacro(_), _)))
}
