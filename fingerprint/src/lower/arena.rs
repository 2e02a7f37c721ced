//! Keeps the items of a file while it is lowered. Those of expansions in bodies go behind all others, so that
//! the others have the numbers that they have without expansions.

use crate::ir::{Item, ItemIdx, ItemKind};

/// Numbers from here on are those of items in expansions, until the file ends.
const ASIDE: u32 = 1 << 31;

#[derive(Default)]
pub(super) struct Items {
    written: Vec<Item>,
    aside: Vec<Item>,
}

impl Items {
    pub(super) fn add(&mut self, item: Item, in_expansion: bool) -> ItemIdx {
        let (list, first) = if in_expansion { (&mut self.aside, ASIDE) } else { (&mut self.written, 0) };
        list.push(item);
        ItemIdx(first + (list.len() - 1) as u32)
    }

    pub(super) fn get(&self, index: ItemIdx) -> Option<&Item> {
        match index.0.checked_sub(ASIDE) {
            Some(aside) => self.aside.get(aside as usize),
            None => self.written.get(index.0 as usize),
        }
    }

    pub(super) fn get_mut(&mut self, index: ItemIdx) -> Option<&mut Item> {
        match index.0.checked_sub(ASIDE) {
            Some(aside) => self.aside.get_mut(aside as usize),
            None => self.written.get_mut(index.0 as usize),
        }
    }

    pub(super) fn into_list(self) -> Vec<Item> {
        let Self { written: mut items, aside } = self;
        if aside.is_empty() {
            return items;
        }
        let behind = items.len() as u32;
        items.extend(aside);
        for item in &mut items {
            let lists = match &mut item.kind {
                ItemKind::Mod(module) => module.items.as_mut(),
                ItemKind::Impl(block) => Some(&mut block.items),
                ItemKind::Trait { items, .. } | ItemKind::ForeignMod { items } => Some(items),
                _ => None,
            };
            let in_blocks = item.body.scopes.iter_mut().map(|(_, items)| items);
            for index in lists.into_iter().chain(in_blocks).flatten() {
                if let Some(aside) = index.0.checked_sub(ASIDE) {
                    index.0 = behind + aside;
                }
            }
        }
        items
    }
}
