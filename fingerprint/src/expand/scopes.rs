//! Keeps what textual scope says of macros: what stands above a place, and under which conditions.

use crate::ir::{self, World};
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

pub(super) enum Entry {
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

impl Scopes {
    pub(super) fn push(&mut self, above: Above, entry: Entry) -> u32 {
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
