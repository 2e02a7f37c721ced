//! Infers what a method is called on, where that is certain.

use super::Program;
use super::collect::ItemId;
use super::links::On;
use super::{SelfHead, TraitOf};
use crate::ir::{ExprIdx, ItemKind};
use std::collections::BTreeSet;

impl Program<'_> {
    /// Where the methods of a receiver are found.
    #[allow(clippy::unused_self, reason = "inference follows")]
    pub(super) fn receiver(&self, _id: ItemId, _receiver: ExprIdx) -> On {
        On::Any
    }

    /// Local types, and those that they dereference to; whether a foreign type is among the targets.
    /// `None`: a target is not known.
    pub(crate) fn with_derefs(&self, types: &[ItemId]) -> Option<(BTreeSet<ItemId>, bool)> {
        let mut all: BTreeSet<ItemId> = types.iter().copied().collect();
        let mut foreign = false;
        let mut queue = types.to_vec();
        while let Some(id) = queue.pop() {
            for &index in self.impls().with_type(id) {
                let info = &self.impls().all[index];
                let is_deref = matches!(&info.of_trait, TraitOf::Foreign(name) if &**name == "Deref");
                if !is_deref || !info.self_types.contains(&id) {
                    continue;
                }
                for &(name, item) in &info.items {
                    if let (Some("Target"), ItemKind::TypeAlias { ty: Some(ty), .. }) =
                        (name.map(|name| self.text(name)), &self.item(item).kind)
                    {
                        let mut targets = BTreeSet::new();
                        match self.types_in(item, *ty, &mut targets, 0) {
                            SelfHead::Local => queue.extend(targets.iter().filter(|id| all.insert(**id))),
                            SelfHead::Foreign => {
                                foreign = true;
                                queue.extend(targets.iter().filter(|id| all.insert(**id)));
                            }
                            SelfHead::Generic => return None,
                        }
                    }
                }
            }
        }
        Some((all, foreign))
    }
}
