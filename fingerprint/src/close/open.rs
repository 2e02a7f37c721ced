//! Says what the caller of a function can choose: through bounds of its generics, `impl Trait` and
//! `dyn Trait` arguments, and functions that are passed in.

use super::weave::Weaver;
use super::web::Opening;
use crate::ir::{Generics, Item, ItemKind, Ty, TyIdx};
use crate::link::{ItemId, TraitOf};

impl Weaver<'_, '_> {
    /// The traits and the impls that are reached when any impl of a trait may stand behind a value, and
    /// whether functions can be passed in.
    pub(super) fn forced_by(&self, of_trait: &TraitOf) -> (Vec<ItemId>, Vec<usize>, bool) {
        let impls = self.program.impls();
        match of_trait {
            TraitOf::Inherent => (Vec::new(), Vec::new(), false),
            TraitOf::Local(traits) => {
                let found = traits.iter().flat_map(|&id| impls.of_trait(id)).copied();
                (traits.clone(), found.collect(), false)
            }
            TraitOf::Foreign(name, _)
                if matches!(&**name, "Fn" | "FnMut" | "FnOnce" | "AsyncFn" | "AsyncFnMut") =>
            {
                (Vec::new(), Vec::new(), true)
            }
            TraitOf::Foreign(name, krate) => {
                // `iter.map(f)` is an iterator that calls `f`.
                let adapts = ["Iterator", "Stream", "Future"].iter().any(|adapted| name.ends_with(adapted));
                // Blanket impls of the other package may make a type fit that implements another of its traits.
                let same = std::iter::once(&**name).chain(implied_by(name).iter().copied());
                let mut found: Vec<usize> =
                    same.flat_map(|name| impls.of_foreign_trait(name)).copied().collect();
                found.extend(impls.of_traits_in(krate));
                (Vec::new(), found, adapts)
            }
        }
    }

    pub(super) fn bounds_of(&mut self, id: ItemId, generics: &Generics) -> Vec<u32> {
        let bounds = generics.bounds.iter().flat_map(|(_, bounds)| bounds);
        bounds.map(|&bound| self.force(&self.program.trait_of(id, bound))).collect()
    }

    /// What the caller of a root can choose.
    pub(super) fn opening(&mut self, root: ItemId) -> Opening {
        let program = self.program;
        let mut opening = Opening::default();
        for id in std::iter::once(root).chain(program.entry(root).owner) {
            let item = program.item(id);
            let generics = match &item.kind {
                ItemKind::Fn(function) => {
                    for param in &function.params {
                        self.argument(id, item, param.ty, &mut opening);
                    }
                    &function.generics
                }
                ItemKind::Impl(impl_) => &impl_.generics,
                ItemKind::Trait { generics, supertraits, .. } => {
                    opening.open = true;
                    opening.forces.push(self.force(&TraitOf::Local(vec![id])));
                    for &bound in supertraits {
                        opening.forces.push(self.force(&program.trait_of(id, bound)));
                    }
                    generics
                }
                _ => continue,
            };
            opening.open |= !generics.params.is_empty();
            opening.forces.extend(self.bounds_of(id, generics));
            opening.open |= id == root && self.facts.of(id).is_dyn;
        }
        opening
    }

    /// `impl Trait` and function pointers in an argument's type.
    fn argument(&mut self, id: ItemId, item: &Item, ty: TyIdx, opening: &mut Opening) {
        let mut each = |this: &mut Self, types: &[TyIdx]| {
            for &ty in types {
                this.argument(id, item, ty, opening);
            }
        };
        match &item.body.types[ty.0 as usize] {
            Ty::Impl(bounds) => {
                opening.open = true;
                for &bound in bounds {
                    opening.forces.push(self.force(&self.program.trait_of(id, bound)));
                }
            }
            Ty::FnPtr { .. } => (opening.open, opening.functions) = (true, true),
            Ty::Path { args, .. } => each(self, args),
            Ty::Tuple(types) => each(self, types),
            Ty::Ref { inner, .. } | Ty::Ptr(inner) | Ty::Slice(inner) | Ty::Array(inner) => {
                each(self, &[*inner]);
            }
            _ => {}
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
