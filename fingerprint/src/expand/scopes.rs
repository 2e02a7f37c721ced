//! Follows the textual scope of macros through a crate: what is defined above each macro call.

use super::names::{From, Names};
use crate::ir::{self, ItemIdx, ItemKind, Ref, World};
use crate::walk::{CrateSource, MacroPlace, Sources};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What must hold in a build for an item to be there, as far as it is not known.
#[derive(Clone, Debug, Default)]
pub(super) struct Conditions {
    pub(super) world: World,
    pub(super) cfgs: Arc<BTreeSet<String>>,
}

impl Conditions {
    /// Those of an item that stands under these.
    pub(super) fn and(&self, item: &ir::Item) -> Self {
        let world = if self.world == World::Any { item.world } else { self.world };
        let mut cfgs = Arc::clone(&self.cfgs);
        if !item.unknown_cfgs.iter().all(|cfg| cfgs.contains(cfg)) {
            Arc::make_mut(&mut cfgs).extend(item.unknown_cfgs.iter().cloned());
        }
        Self { world, cfgs }
    }

    /// Where these hold, the others do.
    pub(super) fn imply(&self, others: &Self) -> bool {
        (others.world == World::Any || others.world == self.world) && others.cfgs.is_subset(&self.cfgs)
    }
}

/// What stands above a place: an index into [`Scopes`].
pub(super) type Above = Option<u32>;

enum Entry {
    Macro {
        name: String,
        place: MacroPlace,
        conditions: Conditions,
    },
    /// Any of these may be defined here.
    Perhaps(Arc<BTreeSet<String>>),
    Anything,
}

#[derive(Default)]
pub(super) struct Scopes {
    entries: Vec<(Above, Entry)>,
}

/// What a name means by textual scope.
pub(super) enum Chain<'s> {
    Macro(MacroPlace, &'s Conditions),
    Unclear,
    /// Nothing above defines it.
    End,
}

/// A macro call in item position that is certain.
pub(super) struct Site {
    pub(super) krate: usize,
    pub(super) module: usize,
    pub(super) item: ItemIdx,
    pub(super) above: Above,
    pub(super) conditions: Conditions,
    /// The macro that it certainly calls.
    pub(super) means: MacroPlace,
}

impl Scopes {
    fn push(&mut self, above: Above, entry: Entry) -> u32 {
        self.entries.push((above, entry));
        self.entries.len() as u32 - 1
    }

    pub(super) fn find(&self, from: Above, name: &str) -> Chain<'_> {
        let mut next = from;
        while let Some(index) = next {
            let (above, entry) = &self.entries[index as usize];
            match entry {
                Entry::Macro { name: defined, place, conditions } if defined == name => {
                    return Chain::Macro(*place, conditions);
                }
                Entry::Perhaps(words) if words.contains(name) => return Chain::Unclear,
                Entry::Anything => return Chain::Unclear,
                Entry::Macro { .. } | Entry::Perhaps(_) => {}
            }
            next = *above;
        }
        Chain::End
    }
}

/// The conditions of every module of a crate.
pub(super) fn conditions(sources: &Sources, krate: &CrateSource) -> Vec<Conditions> {
    let mut found = vec![Conditions::default(); krate.modules.len()];
    // A module stands behind the one that names it.
    for (index, module) in krate.modules.iter().enumerate() {
        for (item, children) in &module.children {
            let item = &sources.files[module.file].lowered.items[item.0 as usize];
            for &child in children {
                found[child] = found[index].and(item);
            }
        }
    }
    found
}

pub(super) struct Walker<'a> {
    pub(super) sources: &'a Sources,
    pub(super) names: &'a Names,
    pub(super) scopes: &'a mut Scopes,
    pub(super) krate: usize,
    pub(super) found: Vec<Site>,
}

impl Walker<'_> {
    /// Walks a module's file; returns what stands above whatever follows it.
    pub(super) fn module(&mut self, module: usize, above: Above, conditions: &Conditions) -> Above {
        let sources = self.sources;
        let file = sources.crates[self.krate].modules[module].file;
        self.items(module, &sources.files[file].lowered.root, above, conditions)
    }

    fn items(
        &mut self,
        module: usize,
        items: &[ItemIdx],
        mut above: Above,
        conditions: &Conditions,
    ) -> Above {
        for &index in items {
            above = self.item(module, index, above, conditions);
        }
        above
    }

    fn item(&mut self, module: usize, index: ItemIdx, above: Above, conditions: &Conditions) -> Above {
        let sources = self.sources;
        let source = &sources.crates[self.krate].modules[module];
        let file = &sources.files[source.file].lowered;
        let item = &file.items[index.0 as usize];
        let conditions = conditions.and(item);
        self.blocks(module, item, above, &conditions);
        let children = source.children.get(&index).map_or(&[][..], Vec::as_slice);
        match &item.kind {
            ItemKind::Macro { .. } => {
                let Some(name) = item.name else { return above };
                let name = file.names[name.0 as usize].clone();
                let place = MacroPlace { krate: self.krate, module, item: index };
                Some(self.scopes.push(above, Entry::Macro { name, place, conditions }))
            }
            ItemKind::Mod(inner) => {
                let below = match (&inner.items, children) {
                    (Some(items), _) => self.items(module, items, above, &conditions),
                    (None, [child]) => self.module(*child, above, &conditions),
                    (None, children) => {
                        for &child in children {
                            self.module(child, above, &conditions);
                        }
                        Some(self.scopes.push(above, Entry::Anything))
                    }
                };
                if inner.macro_use { below } else { above }
            }
            ItemKind::Include(_) => match children {
                [child] => self.module(*child, above, &conditions),
                _ => Some(self.scopes.push(above, Entry::Anything)),
            },
            ItemKind::Impl(ir::Impl { items, .. })
            | ItemKind::Trait { items, .. }
            | ItemKind::ForeignMod { items } => {
                self.items(module, items, above, &conditions);
                above
            }
            ItemKind::MacroCall { path, call, .. } => {
                let Some(Ref::Path(path)) = item.skeleton.refs.get(path.0 as usize) else { return above };
                let words: Vec<&str> =
                    path.segments.iter().map(|name| file.names[name.0 as usize].as_str()).collect();
                let from = From { krate: self.krate, above, conditions: &conditions };
                let means = self.names.resolve(self.scopes, &from, path.anchor, &words);
                let name = words.last().copied().unwrap_or_default();
                let made = self.names.may_make(name, &call.tokens);
                let maker = self.names.is_maker(name);
                let krate = self.krate;
                if let Some(means) = means {
                    self.found.push(Site { krate, module, item: index, above, conditions, means });
                }
                match (maker, made.is_empty()) {
                    (true, _) => Some(self.scopes.push(above, Entry::Anything)),
                    (false, false) => Some(self.scopes.push(above, Entry::Perhaps(Arc::new(made)))),
                    (false, true) => above,
                }
            }
            ItemKind::Opaque { .. } => Some(self.scopes.push(above, Entry::Anything)),
            _ => above,
        }
    }

    /// Items in the blocks of a body. Which macros of a block stand above them is not told here.
    fn blocks(&mut self, module: usize, item: &ir::Item, above: Above, conditions: &Conditions) {
        let sources = self.sources;
        let file = &sources.files[sources.crates[self.krate].modules[module].file].lowered;
        let defined = item.body.scopes.iter().flat_map(|(_, items)| items).filter_map(|index| {
            let item = &file.items[index.0 as usize];
            let is_macro = matches!(item.kind, ItemKind::Macro { .. });
            item.name.filter(|_| is_macro).map(|name| file.names[name.0 as usize].clone())
        });
        let defined: BTreeSet<String> = defined.collect();
        let inside = if defined.is_empty() {
            above
        } else {
            Some(self.scopes.push(above, Entry::Perhaps(Arc::new(defined))))
        };
        for (_, items) in &item.body.scopes {
            for &index in items {
                self.item(module, index, inside, conditions);
            }
        }
    }
}
