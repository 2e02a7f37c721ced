//! Tells which names a macro call in item position may define: any identifier of its tokens and of
//! the bodies of the macros that it may call, transitively. Works by name alone, before resolution.

use super::Program;
use super::collect::ItemId;
use super::symbols::Sym;
use crate::ir::{Item, ItemKind, Ref};
use std::collections::{BTreeMap, BTreeSet, HashMap};

#[derive(Default)]
pub(crate) struct Opaques {
    idents: BTreeMap<ItemId, BTreeSet<Sym>>,
    by_name: HashMap<Sym, Vec<ItemId>>,
}

impl Opaques {
    pub(super) fn new(program: &Program<'_>) -> Self {
        let mut bodies: HashMap<Sym, BTreeSet<Sym>> = HashMap::new();
        for (&(_, name), items) in &program.macros {
            let words = items.iter().flat_map(|&id| words(program, program.item(id)));
            bodies.entry(name).or_default().extend(words);
        }
        let mut opaques = Opaques::default();
        for id in program.item_ids() {
            let item = program.item(id);
            let own: BTreeSet<Sym> = match &item.kind {
                ItemKind::MacroCall { idents, .. } | ItemKind::Opaque { idents } => {
                    idents.iter().map(|name| program.sym(id, *name)).collect()
                }
                _ => continue,
            };
            let mut all = own;
            let mut queue: Vec<Sym> = all.iter().copied().collect();
            // The macro itself is named by its path, not among the tokens.
            for reference in &item.skeleton.refs {
                if let Ref::Path(path) = reference {
                    queue.extend(path.segments.last().map(|name| program.sym(id, *name)));
                }
            }
            let mut expanded = BTreeSet::new();
            while let Some(name) = queue.pop() {
                if expanded.insert(name) {
                    for &word in bodies.get(&name).into_iter().flatten() {
                        all.insert(word);
                        queue.push(word);
                    }
                }
            }
            for &name in &all {
                opaques.by_name.entry(name).or_default().push(id);
            }
            opaques.idents.insert(id, all);
        }
        opaques
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = ItemId> {
        self.idents.keys().copied()
    }

    pub(super) fn mentions(&self, id: ItemId, name: Sym) -> bool {
        self.idents.get(&id).is_some_and(|idents| idents.contains(&name))
    }

    /// Items that may define something of this name.
    pub(crate) fn named(&self, name: Sym) -> &[ItemId] {
        self.by_name.get(&name).map_or(&[], Vec::as_slice)
    }
}

/// The identifiers of an item's canonical text that some file uses as a name.
fn words(program: &Program<'_>, item: &Item) -> Vec<Sym> {
    item.skeleton.text.split(' ').filter_map(|word| program.find_symbol(word)).collect()
}
