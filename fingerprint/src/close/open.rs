//! Adds what the caller of a function can choose: through bounds of its generics, `impl Trait` and
//! `dyn Trait` arguments, and functions that are passed in.

use super::Reach;
use crate::ir::{Generics, Item, ItemKind, Ref, Ty, TyIdx};
use crate::link::{ItemId, TraitOf};

impl Reach<'_, '_> {
    /// Makes every impl of a trait live: any of them can stand behind a value that comes from outside.
    pub(super) fn force_trait(&mut self, of_trait: &TraitOf) {
        let impls = self.program.impls();
        let found: Vec<usize> = match of_trait {
            TraitOf::Inherent => Vec::new(),
            TraitOf::Local(traits) => {
                for &id in traits {
                    self.reach(crate::link::Node::Item(id));
                }
                traits.iter().flat_map(|&id| impls.of_trait(id)).copied().collect()
            }
            TraitOf::Foreign(name, _)
                if matches!(&**name, "Fn" | "FnMut" | "FnOnce" | "AsyncFn" | "AsyncFnMut") =>
            {
                self.force_functions();
                Vec::new()
            }
            TraitOf::Foreign(name, krate) => {
                // `iter.map(f)` is an iterator that calls `f`.
                if ["Iterator", "Stream", "Future"].iter().any(|adapted| name.ends_with(adapted)) {
                    self.force_functions();
                }
                // Blanket impls of the other package may make a type fit that implements another of its traits.
                let same = std::iter::once(&**name).chain(implied_by(name).iter().copied());
                let mut found: Vec<usize> =
                    same.flat_map(|name| impls.of_foreign_trait(name)).copied().collect();
                found.extend(impls.of_traits_in(krate));
                found
            }
        };
        for index in found {
            self.force_impl(index);
        }
    }

    fn force_impl(&mut self, index: usize) {
        if !self.forced.insert(index) {
            return;
        }
        let info = &self.program.impls().all[index];
        self.reach(crate::link::Node::Item(info.id));
        for &id in &info.required {
            self.reach(crate::link::Node::Item(id));
        }
        self.make_live_when_ready(index);
        // The caller chooses the parameters of a generic type too.
        if let ItemKind::Impl(impl_) = &self.program.item(info.id).kind {
            self.force_bounds(info.id, &impl_.generics);
        }
    }

    fn force_bounds(&mut self, id: ItemId, generics: &Generics) {
        for &bound in generics.bounds.iter().flat_map(|(_, bounds)| bounds) {
            self.force_trait(&self.program.trait_of(id, bound));
        }
    }

    /// Any function that some code uses as a value can be passed in.
    fn force_functions(&mut self) {
        if std::mem::replace(&mut self.any_function, true) {
            return;
        }
        let program = self.program;
        for &(id, reference) in program.function_values() {
            if !program.entry(id).exists_in(self.world) {
                continue;
            }
            let link = &program.links(id)[reference.0 as usize];
            self.follow(link);
            // `Iterator::next` as a value: of any type that implements it.
            if let Some(of_trait) = program.foreign_trait_in(id, reference) {
                self.force_trait(&of_trait);
            }
        }
    }

    /// What the caller of a root can choose; whether there is anything.
    pub(super) fn open_root(&mut self, root: ItemId) -> bool {
        let program = self.program;
        let mut open = false;
        for id in std::iter::once(root).chain(program.entry(root).owner) {
            let item = program.item(id);
            let generics = match &item.kind {
                ItemKind::Fn(function) => {
                    for param in &function.params {
                        open |= self.force_argument(id, item, param.ty);
                    }
                    &function.generics
                }
                ItemKind::Impl(impl_) => &impl_.generics,
                ItemKind::Trait { generics, supertraits, .. } => {
                    open = true;
                    self.force_trait(&TraitOf::Local(vec![id]));
                    for &bound in supertraits {
                        self.force_trait(&program.trait_of(id, bound));
                    }
                    generics
                }
                _ => continue,
            };
            open |= !generics.params.is_empty();
            self.force_bounds(id, generics);
            open |=
                id == root && item.skeleton.refs.iter().any(|r| matches!(r, Ref::Path(path) if path.is_dyn));
        }
        open
    }

    /// `impl Trait` and function pointers in an argument's type.
    fn force_argument(&mut self, id: ItemId, item: &Item, ty: TyIdx) -> bool {
        let mut each = |types: &[TyIdx]| {
            let mut open = false;
            for &ty in types {
                open |= self.force_argument(id, item, ty);
            }
            open
        };
        match &item.body.types[ty.0 as usize] {
            Ty::Impl(bounds) => {
                for &bound in bounds {
                    self.force_trait(&self.program.trait_of(id, bound));
                }
                true
            }
            Ty::FnPtr { .. } => {
                self.force_functions();
                true
            }
            Ty::Path { args, .. } => each(args),
            Ty::Tuple(types) => each(types),
            Ty::Ref { inner, .. } | Ty::Ptr(inner) | Ty::Slice(inner) | Ty::Array(inner) => each(&[*inner]),
            _ => false,
        }
    }
}

/// Traits of std whose blanket impls make a type fit a bound.
fn implied_by(name: &str) -> &'static [&'static str] {
    match name {
        "IntoIterator" => &["Iterator"],
        "Into" => &["From"],
        "TryInto" => &["TryFrom", "From", "Into"],
        "TryFrom" => &["From", "Into"],
        "ToString" => &["Display"],
        "ToOwned" => &["Clone"],
        "DeserializeOwned" => &["Deserialize"],
        "Pattern" => &["FnMut"],
        "Future" | "IntoFuture" => &["Future"],
        "Any" => &[],
        _ => &[],
    }
}
