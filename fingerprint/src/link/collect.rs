//! Lays out the program: numbers the items of every crate, builds the tree of scopes (modules, and
//! blocks that hold items) and enters every name that an item defines or imports.

use super::scopes::{Definition, ImportEntry, Named, Namespace3, Scope, ScopeId};
use super::symbols::{Sym, Symbols};
use crate::ir::{self, ItemIdx, ItemKind, Visibility, World};
use crate::project::TargetKind;
use crate::walk::{CrateSource, MacroPlace, Sources};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::rc::Rc;

/// An item of the program. The same file in two crates gives two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct ItemId(pub(crate) u32);

impl ItemId {
    /// For tables over items.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// A file standing as a module of a crate.
pub(super) struct Instance {
    pub(super) krate: u32,
    pub(super) file: usize,
    first_item: u32,
    /// The file's names as symbols.
    pub(super) names: Vec<Sym>,
}

pub(crate) struct Entry {
    pub(super) instance: u32,
    pub(super) index: ItemIdx,
    pub(super) scope: ScopeId,
    /// The impl, trait or extern block that holds the item.
    pub(crate) owner: Option<ItemId>,
    /// With what the modules around it say.
    pub(crate) world: World,
    /// Unknown cfgs on the modules around it, in other files too.
    pub(crate) unknown_cfgs: Option<Rc<[String]>>,
    /// The macro call in whose expansion the item stands.
    pub(crate) made_by: Option<ItemId>,
    /// Scope of the item's first block with items; the others follow.
    first_block: u32,
}

/// A macro call whose expansion is known.
pub(super) struct Expanded {
    /// The macros that made it.
    pub(super) definitions: Vec<ItemId>,
    /// What stands in its place.
    pub(super) items: Vec<ItemId>,
}

impl Entry {
    pub(super) fn block(&self, scope: ir::BlockScope) -> ScopeId {
        if scope.0 == 0 { self.scope } else { ScopeId(self.first_block + scope.0 - 1) }
    }

    pub(crate) fn exists_in(&self, world: World) -> bool {
        self.world == World::Any || self.world == world
    }
}

pub(super) struct Crate {
    pub(super) package: usize,
    pub(super) is_library: bool,
    pub(super) root: ScopeId,
    pub(super) edition_2015: bool,
}

#[derive(Default)]
pub(super) struct Collected {
    pub(super) symbols: Symbols,
    pub(super) instances: Vec<Instance>,
    pub(super) items: Vec<Entry>,
    pub(super) scopes: Vec<Scope>,
    pub(super) crates: Vec<Crate>,
    pub(super) impls: Vec<ItemId>,
    pub(super) macros: HashMap<(u32, Sym), Vec<ItemId>>,
    pub(super) exported: HashMap<Sym, Vec<ItemId>>,
    pub(super) expanded: HashMap<ItemId, Expanded>,
    /// By crate and module.
    by_module: HashMap<(usize, usize), u32>,
    /// Calls, the macros that they call, and what stands in their place.
    calls: Vec<(ItemId, Vec<MacroPlace>, Vec<ItemId>)>,
}

pub(super) fn collect(sources: &Sources) -> Collected {
    let mut collected = Collected::default();
    // The names of a file become symbols once, in the order of the files.
    let names: Vec<Vec<Sym>> = sources
        .files
        .iter()
        .map(|file| file.lowered.names.iter().map(|name| collected.symbols.intern(name)).collect())
        .collect();
    for (index, krate) in sources.crates.iter().enumerate() {
        let root = collected.new_scope(Scope { krate: index as u32, is_module: true, ..Scope::default() });
        collected.crates.push(Crate {
            package: krate.package,
            is_library: krate.target.kind == TargetKind::Lib,
            root,
            edition_2015: krate.target.edition == "2015",
        });
        if !krate.modules.is_empty() {
            let mut walker =
                Walker { sources, names: &names, krate, number: index as u32, out: &mut collected };
            let around = Around {
                scope: root,
                owner: None,
                made_by: None,
                world: World::Any,
                certain: true,
                cfgs: None,
            };
            walker.file(0, &around);
        }
    }
    for (call, places, items) in std::mem::take(&mut collected.calls) {
        let definition = |place: &MacroPlace| {
            let instance = *collected.by_module.get(&(place.krate, place.module))?;
            Some(ItemId(collected.instances[instance as usize].first_item + place.item.0))
        };
        let definitions = places.iter().filter_map(definition).collect();
        collected.expanded.insert(call, Expanded { definitions, items });
    }
    collected
}

impl Collected {
    fn new_scope(&mut self, scope: Scope) -> ScopeId {
        self.scopes.push(scope);
        ScopeId(self.scopes.len() as u32 - 1)
    }
}

/// Where items stand.
#[derive(Clone)]
struct Around {
    scope: ScopeId,
    owner: Option<ItemId>,
    made_by: Option<ItemId>,
    world: World,
    /// No unknown cfg decides whether this module exists.
    certain: bool,
    cfgs: Option<Rc<[String]>>,
}

struct Walker<'a> {
    sources: &'a Sources,
    names: &'a [Vec<Sym>],
    krate: &'a CrateSource,
    number: u32,
    out: &'a mut Collected,
}

impl Walker<'_> {
    /// Enters the items of a module's file into a scope.
    fn file(&mut self, module: usize, around: &Around) {
        let file = self.krate.modules[module].file;
        let lowered = &self.sources.files[file].lowered;
        let first_item = self.out.items.len() as u32;
        let instance = self.out.instances.len() as u32;
        self.out.by_module.insert((self.number as usize, module), instance);
        self.out.instances.push(Instance {
            krate: self.number,
            file,
            first_item,
            names: self.names[file].clone(),
        });
        for index in 0..lowered.items.len() as u32 {
            self.out.items.push(Entry {
                instance,
                index: ItemIdx(index),
                scope: around.scope,
                owner: None,
                world: around.world,
                unknown_cfgs: around.cfgs.clone(),
                made_by: around.made_by,
                first_block: 0,
            });
        }
        if lowered.no_implicit_prelude {
            self.out.scopes[around.scope.0 as usize].no_implicit_prelude = true;
        }
        self.items(instance, module, &lowered.root, around);
    }

    fn items(&mut self, instance: u32, module: usize, items: &[ItemIdx], around: &Around) {
        for &index in items {
            self.item(instance, module, index, around);
        }
    }

    fn item(&mut self, instance: u32, module: usize, index: ItemIdx, around: &Around) {
        let Instance { file, first_item, .. } = self.out.instances[instance as usize];
        let item = &self.sources.files[file].lowered.items[index.0 as usize];
        let id = ItemId(first_item + index.0);
        let world = if around.world == World::Any { item.world } else { around.world };
        let certain = around.certain && item.unknown_cfgs.is_empty() && item.world == World::Any;
        let is_decided = item.world != World::Any || !item.unknown_cfgs.is_empty();
        let decided_by = is_decided.then_some(id);
        let name = item.name.map(|name| self.names[file][name.0 as usize]);

        let first_block = self.out.scopes.len() as u32;
        for (parent, _) in &item.body.scopes {
            let parent = if parent.0 == 0 { around.scope } else { ScopeId(first_block + parent.0 - 1) };
            let krate = self.number;
            let block = Scope { krate, parent: Some(parent), of_item: Some(id), ..Scope::default() };
            self.out.new_scope(block);
        }
        let entry = &mut self.out.items[id.0 as usize];
        (entry.scope, entry.owner, entry.world, entry.first_block) =
            (around.scope, around.owner, world, first_block);
        entry.unknown_cfgs.clone_from(&around.cfgs);
        let cfgs = match (&around.cfgs, item.unknown_cfgs.as_slice()) {
            (around, []) => around.clone(),
            (None, own) => Some(own.into()),
            (Some(around), own) => Some(around.iter().chain(own).cloned().collect()),
        };
        for (block, (_, items)) in item.body.scopes.iter().enumerate() {
            let scope = ScopeId(first_block + block as u32);
            self.items(
                instance,
                module,
                items,
                &Around { scope, owner: None, world, certain, cfgs: cfgs.clone(), ..around.clone() },
            );
        }

        if item.is_seen_by_macro() {
            self.out.scopes[around.scope.0 as usize].derived.push(id);
        }
        let inside = Around { owner: Some(id), world, certain, cfgs: cfgs.clone(), ..around.clone() };
        let in_scope = around.owner.is_none_or(|owner| self.is_foreign_mod(owner));
        let define: &[Namespace3] = match &item.kind {
            ItemKind::Fn(function) => {
                if let (true, Some(name)) = (function.exported_symbol, name) {
                    self.out.exported.entry(name).or_default().push(id);
                }
                &[Namespace3::Value]
            }
            ItemKind::Static { .. } => {
                let text = &item.skeleton.text;
                if let (true, Some(name)) = (text.contains("no_mangle") || text.contains("export_name"), name)
                {
                    self.out.exported.entry(name).or_default().push(id);
                }
                &[Namespace3::Value]
            }
            ItemKind::Const { .. } => &[Namespace3::Value],
            ItemKind::Struct { fields: ir::Fields::Named(_), .. } => &[Namespace3::Type],
            ItemKind::Struct { .. } => &[Namespace3::Type, Namespace3::Value],
            ItemKind::Union { .. } | ItemKind::Enum { .. } | ItemKind::TypeAlias { .. } => {
                &[Namespace3::Type]
            }
            ItemKind::TraitAlias { .. } => &[Namespace3::Type],
            ItemKind::Trait { items, .. } => {
                self.items(instance, module, items, &inside);
                &[Namespace3::Type]
            }
            ItemKind::Impl(impl_) => {
                self.out.impls.push(id);
                self.items(instance, module, &impl_.items, &inside);
                &[]
            }
            ItemKind::ForeignMod { items } => {
                self.items(instance, module, items, &inside);
                &[]
            }
            ItemKind::Mod(inner) => {
                self.module(
                    instance,
                    module,
                    index,
                    inner,
                    name,
                    &Around { world, certain, cfgs, ..around.clone() },
                    item.visibility,
                );
                &[]
            }
            ItemKind::Use(leaves) => {
                self.uses(file, leaves, item.visibility, &(certain, decided_by), around.scope);
                &[]
            }
            ItemKind::ExternCrate { krate, .. } => {
                let segments = vec![self.names[file][krate.0 as usize]];
                if let Some(name) = name {
                    let entry = ImportEntry {
                        anchor: ir::Anchor::Global,
                        segments,
                        visibility: item.visibility,
                        certain,
                        decided_by,
                        module_only: false,
                        extern_crate: true,
                    };
                    self.out.scopes[around.scope.0 as usize].imports.entry(name).or_default().push(entry);
                }
                &[]
            }
            ItemKind::Macro { exported, .. } => {
                if let Some(name) = name {
                    self.out.macros.entry((self.number, name)).or_default().push(id);
                    if *exported {
                        let root = self.out.crates[self.number as usize].root;
                        self.define(
                            root,
                            Namespace3::Macro,
                            name,
                            Definition::Item(id),
                            Visibility::Public,
                            certain,
                        );
                    }
                }
                &[Namespace3::Macro]
            }
            ItemKind::MacroCall { .. } | ItemKind::Opaque { .. } => {
                let children = self.krate.modules[module].children.get(&index);
                match children.and_then(|children| children.first()) {
                    Some(&child) => {
                        let around = Around { certain, world, cfgs, made_by: Some(id), ..around.clone() };
                        self.expansion(id, child, &around);
                    }
                    None => self.out.scopes[around.scope.0 as usize].opaque.push(id),
                }
                &[]
            }
            ItemKind::Include(_) => {
                if self.krate.modules[module].children.get(&index).is_none_or(Vec::is_empty) {
                    // A file that cannot be found here may define anything.
                    self.out.scopes[around.scope.0 as usize].opaque.push(id);
                }
                let children = self.krate.modules[module].children.get(&index).cloned().unwrap_or_default();
                for child in children {
                    self.file(child, &Around { certain, world, cfgs: cfgs.clone(), ..around.clone() });
                }
                &[]
            }
        };
        if let (true, Some(name)) = (in_scope, name) {
            for &namespace in define {
                self.define(around.scope, namespace, name, Definition::Item(id), item.visibility, certain);
            }
        }
    }

    /// Enters what a macro call stands for, where the call stands.
    fn expansion(&mut self, call: ItemId, module: usize, around: &Around) {
        let source = &self.krate.modules[module];
        let first = self.out.items.len() as u32;
        let root = &self.sources.files[source.file].lowered.root;
        let items = root.iter().map(|index| ItemId(first + index.0)).collect();
        self.out.calls.push((call, source.expands.clone(), items));
        self.file(module, around);
    }

    fn is_foreign_mod(&self, id: ItemId) -> bool {
        let entry = &self.out.items[id.0 as usize];
        let file = self.out.instances[entry.instance as usize].file;
        let item = &self.sources.files[file].lowered.items[entry.index.0 as usize];
        matches!(item.kind, ItemKind::ForeignMod { .. })
    }

    #[allow(clippy::too_many_arguments, reason = "one call, with the parts of one item")]
    fn module(
        &mut self,
        instance: u32,
        module: usize,
        index: ItemIdx,
        inner: &ir::Mod,
        name: Option<Sym>,
        around: &Around,
        visibility: Visibility,
    ) {
        let parent = &self.out.scopes[around.scope.0 as usize];
        let scope = Scope {
            krate: self.number,
            parent: Some(around.scope),
            name,
            is_module: true,
            no_implicit_prelude: inner.no_implicit_prelude || parent.no_implicit_prelude,
            ..Scope::default()
        };
        let scope = self.out.new_scope(scope);
        if let Some(name) = name {
            let definition = Definition::Module(scope);
            self.define(around.scope, Namespace3::Type, name, definition, visibility, around.certain);
        }
        let inside = Around { scope, owner: None, ..around.clone() };
        if let Some(items) = &inner.items {
            self.items(instance, module, items, &inside);
        } else {
            let children = self.krate.modules[module].children.get(&index).cloned().unwrap_or_default();
            for child in children {
                self.file(child, &inside);
            }
        }
    }

    fn uses(
        &mut self,
        file: usize,
        leaves: &[ir::UseLeaf],
        visibility: Visibility,
        (certain, decided_by): &(bool, Option<ItemId>),
        scope: ScopeId,
    ) {
        let names = &self.names[file];
        let scope = &mut self.out.scopes[scope.0 as usize];
        for leaf in leaves {
            let entry = ImportEntry {
                anchor: leaf.anchor,
                segments: leaf.segments.iter().map(|name| names[name.0 as usize]).collect(),
                visibility,
                certain: *certain,
                decided_by: *decided_by,
                module_only: matches!(leaf.import, ir::Import::SelfNamed(_)),
                extern_crate: false,
            };
            match leaf.import {
                ir::Import::Named(name) | ir::Import::SelfNamed(name) => {
                    scope.imports.entry(names[name.0 as usize]).or_default().push(entry);
                }
                ir::Import::Unnamed => scope.unnamed.push(entry),
                ir::Import::Glob => scope.globs.push(entry),
            }
        }
    }

    fn define(
        &mut self,
        scope: ScopeId,
        namespace: Namespace3,
        name: Sym,
        definition: Definition,
        visibility: Visibility,
        certain: bool,
    ) {
        let names = &mut self.out.scopes[scope.0 as usize].names;
        names.entry((namespace, name)).or_default().push(Named { definition, visibility, certain });
    }
}
