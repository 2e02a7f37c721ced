//! Walks a crate in the order of its text: finds the macro calls in item position, and what is defined
//! above each of them. A call that may define macros is expanded on the way.

use super::Expander;
use super::bodies::{self, Stands};
use super::names::{Effect, From, words};
use super::scopes::{Above, Conditions, Entry};
use crate::ir::{self, ItemIdx, ItemKind, Ref};
use crate::walk::{LoweredCache, MacroPlace, Sources};
use std::collections::BTreeSet;
use std::sync::Arc;

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

pub(super) struct Walker<'a> {
    expander: &'a mut Expander,
    sources: &'a mut Sources,
    cache: &'a mut LoweredCache,
    krate: usize,
    /// What follows is still to be walked: calls that may define macros can be expanded.
    in_order: bool,
    /// The words of the calls whose expansions are walked.
    given: Vec<BTreeSet<String>>,
    /// Calls to be expanded.
    pub(super) found: Vec<Site>,
}

impl<'a> Walker<'a> {
    pub(super) fn new(
        expander: &'a mut Expander,
        sources: &'a mut Sources,
        cache: &'a mut LoweredCache,
        krate: usize,
        in_order: bool,
    ) -> Self {
        Walker { expander, sources, cache, krate, in_order, given: Vec::new(), found: Vec::new() }
    }

    fn file(&self, module: usize) -> &ir::File {
        &self.sources.files[self.sources.crates[self.krate].modules[module].file].lowered
    }

    fn push(&mut self, above: Above, entry: Entry) -> u32 {
        self.expander.scopes.push(above, entry)
    }

    /// Walks a module's file; returns what stands above whatever follows it.
    pub(super) fn module(&mut self, module: usize, above: Above, conditions: &Conditions) -> Above {
        let root = self.file(module).root.clone();
        self.items(module, &root, above, conditions)
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
        let source = &self.sources.crates[self.krate].modules[module];
        let children = source.children.get(&index).cloned().unwrap_or_default();
        let file = self.file(module);
        let item = &file.items[index.0 as usize];
        let conditions = conditions.and(item);
        if !item.calls.is_empty() {
            let site = bodies::Site::new(
                self.expander,
                self.sources,
                Stands { krate: self.krate, module, above },
                index,
                &conditions,
            );
            self.expander.bodies.push(site);
        }
        let file = self.file(module);
        let item = &file.items[index.0 as usize];
        if !item.body.scopes.is_empty() {
            self.blocks(module, index, above, &conditions);
        }
        let file = self.file(module);
        let item = &file.items[index.0 as usize];
        match &item.kind {
            ItemKind::Macro { .. } => {
                let Some(name) = item.name else { return above };
                let name = file.names[name.0 as usize].clone();
                // Who may use a name that a macro's body gives is not decided here.
                if self.given.last().is_some_and(|given| !given.contains(&name)) {
                    return Some(self.push(above, Entry::Perhaps(Arc::new(BTreeSet::from([name])))));
                }
                let place = MacroPlace { krate: self.krate, module, item: index };
                Some(self.push(above, Entry::Macro { name, place, conditions }))
            }
            ItemKind::Mod(inner) => {
                let macro_use = inner.macro_use;
                let below = match (inner.items.clone(), children.as_slice()) {
                    (Some(items), _) => self.items(module, &items, above, &conditions),
                    (None, [child]) => self.module(*child, above, &conditions),
                    (None, children) => {
                        for &child in children {
                            self.module(child, above, &conditions);
                        }
                        Some(self.push(above, Entry::Anything))
                    }
                };
                if macro_use { below } else { above }
            }
            ItemKind::Include(_) => match children.as_slice() {
                [child] => self.module(*child, above, &conditions),
                _ => Some(self.push(above, Entry::Anything)),
            },
            ItemKind::Impl(ir::Impl { items, .. })
            | ItemKind::Trait { items, .. }
            | ItemKind::ForeignMod { items } => {
                let items = items.clone();
                self.items(module, &items, above, &conditions);
                above
            }
            ItemKind::MacroCall { .. } => self.call(module, index, above, &conditions),
            ItemKind::Opaque { .. } => Some(self.push(above, Entry::Anything)),
            _ => above,
        }
    }

    fn call(&mut self, module: usize, index: ItemIdx, above: Above, conditions: &Conditions) -> Above {
        let file = self.file(module);
        let item = &file.items[index.0 as usize];
        let ItemKind::MacroCall { path, call, .. } = &item.kind else { return above };
        let Some(Ref::Path(path)) = item.skeleton.refs.get(path.0 as usize) else { return above };
        let segments: Vec<&str> =
            path.segments.iter().map(|name| file.names[name.0 as usize].as_str()).collect();
        let from = From { krate: self.krate, above, conditions };
        let names = &self.expander.names;
        let means = names.resolve(&self.expander.scopes, &from, path.anchor, &segments);
        let name = segments.last().copied().unwrap_or_default();
        let effect = names.effect(self.sources, means, name, &call.tokens);
        let site = means.map(|means| Site {
            krate: self.krate,
            module,
            item: index,
            above,
            conditions: conditions.clone(),
            means,
        });
        let entry = match effect {
            Effect::None => {
                self.found.extend(site);
                return above;
            }
            Effect::Perhaps(words) => Entry::Perhaps(Arc::new(words)),
            Effect::Anything => Entry::Anything,
        };
        let given = words(&call.tokens);
        let expanded = site
            .filter(|_| self.in_order && self.given.len() < super::DEPTH)
            .and_then(|site| self.expander.now(self.sources, self.cache, &site));
        let Some(child) = expanded else { return Some(self.push(above, entry)) };
        self.given.push(given);
        let below = self.module(child, above, conditions);
        self.given.pop();
        below
    }

    /// Items in the blocks of a body. Which macros of a block stand above them is not told here.
    fn blocks(&mut self, module: usize, index: ItemIdx, above: Above, conditions: &Conditions) {
        let file = self.file(module);
        let scopes = &file.items[index.0 as usize].body.scopes;
        let items: Vec<ItemIdx> = scopes.iter().flat_map(|(_, items)| items).copied().collect();
        let defined = items.iter().filter_map(|index| {
            let item = &file.items[index.0 as usize];
            let is_macro = matches!(item.kind, ItemKind::Macro { .. });
            item.name.filter(|_| is_macro).map(|name| file.names[name.0 as usize].clone())
        });
        let defined: BTreeSet<String> = defined.collect();
        let inside = if defined.is_empty() {
            above
        } else {
            Some(self.push(above, Entry::Perhaps(Arc::new(defined))))
        };
        let in_order = std::mem::replace(&mut self.in_order, false);
        for index in items {
            self.item(module, index, inside, conditions);
        }
        self.in_order = in_order;
    }
}
