//! Follows `Deref` of the analysed types.

use super::bounds::is_deref;
use super::ty::{Subst, Type};
use crate::ir::{ItemKind, Ref, TyIdx};
use crate::link::{ItemId, Program, SelfHead, TraitOf};
use std::collections::BTreeSet;

#[derive(PartialEq, Eq)]
pub(super) enum Derefs {
    Not,
    To(Type),
    Unknown,
}

impl Derefs {
    pub(super) fn target(self) -> Option<Type> {
        match self {
            Derefs::To(ty) => Some(ty),
            Derefs::Not | Derefs::Unknown => None,
        }
    }
}

impl Program<'_> {
    /// Local types, and those that they dereference to; whether a foreign type is among the targets.
    /// `None`: a target is not known.
    pub(in crate::link) fn with_derefs(&self, types: &[ItemId]) -> Option<(BTreeSet<ItemId>, bool)> {
        let mut all: BTreeSet<ItemId> = types.iter().copied().collect();
        let mut foreign = false;
        let mut queue = types.to_vec();
        while let Some(id) = queue.pop() {
            for (item, ty) in self.deref_targets(id)? {
                let mut targets = BTreeSet::new();
                match self.types_in(item, ty, &mut targets, 0) {
                    SelfHead::Local => {}
                    SelfHead::Foreign => foreign = true,
                    SelfHead::Generic => return None,
                }
                queue.extend(targets.into_iter().filter(|id| all.insert(*id)));
            }
        }
        Some((all, foreign))
    }

    /// `Target` of every `impl Deref` for a type. `None`: a macro makes the impl, or may.
    pub(super) fn deref_targets(&self, id: ItemId) -> Option<Vec<(ItemId, TyIdx)>> {
        if self.may_be_made(id, &|word| word.ends_with("Deref") || word == "Shrinkwrap") {
            return None;
        }
        let infos = self.impls().with_type(id).iter().map(|&index| &self.impls().all[index]);
        let derefs = infos.filter(|info| {
            matches!(&info.of_trait, TraitOf::Foreign(name, _) if is_deref(name))
                && info.self_types.contains(&id)
        });
        // `DerefMut` has no target of its own.
        let derefs = derefs
            .filter(|info| !matches!(&info.of_trait, TraitOf::Foreign(name, _) if &**name == "DerefMut"));
        derefs
            .map(|info| {
                info.items.iter().find_map(|&(name, item)| match &self.item(item).kind {
                    ItemKind::TypeAlias { ty: Some(ty), .. }
                        if name.is_some_and(|n| self.text(n) == "Target") =>
                    {
                        Some((item, *ty))
                    }
                    _ => None,
                })
            })
            .collect()
    }

    /// What a type of ours dereferences to.
    pub(super) fn dereferenced(&self, ty: &Type) -> Derefs {
        self.deref_type(ty).unwrap_or(Derefs::Unknown)
    }

    fn deref_type(&self, ty: &Type) -> Option<Derefs> {
        let Type::Local(id, args) = ty else { return Some(Derefs::Not) };
        let targets = self.deref_targets(*id)?;
        let (item, target) = match targets.as_slice() {
            [] => return Some(Derefs::Not),
            [only] => *only,
            _ => return None,
        };
        let owner = self.entry(item).owner?;
        let ItemKind::Impl(impl_) = &self.item(owner).kind else { return None };
        let mut subst = Subst::default();
        if !subst.fit(&self.type_of(owner, impl_.self_ty), &Type::Local(*id, args.clone())) {
            return None;
        }
        Some(Derefs::To(subst.with_own(ty.clone()).apply(&self.type_of(item, target))))
    }

    /// Whether a macro call with the type among its tokens, or an attribute of it, has such a word.
    pub(super) fn may_be_made(&self, id: ItemId, wanted: &dyn Fn(&str) -> bool) -> bool {
        let item = self.item(id);
        if !item.attributes.is_empty() {
            let paths = item.skeleton.refs.iter().filter_map(|reference| match reference {
                Ref::Path(path) => path.segments.last(),
                _ => None,
            });
            let mut named = paths.map(|name| self.text(self.sym(id, *name)));
            if named.any(wanted) || item.skeleton.text.split(' ').any(wanted) {
                return true;
            }
        }
        let calls = self.impls().opaque_with_type(id).iter();
        let mut words = calls.map(|&call| self.opaques().words_around(self, call));
        words.any(|words| words.iter().any(|word| wanted(self.text(*word))))
    }

    /// Whether a type derives a trait of the standard library.
    pub(super) fn derives(&self, id: ItemId, of_trait: &str) -> bool {
        let text = &self.item(id).skeleton.text;
        text.split("# [ derive (").skip(1).any(|list| {
            let list = list.split(") ]").next().unwrap_or_default();
            list.split([' ', ',']).any(|word| word == of_trait)
        })
    }
}
