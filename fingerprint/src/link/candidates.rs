//! Lists what a query can mean, whatever is live: once for every query.

use super::callbacks::Callback;
use super::{ImplInfo, ItemId, On, Owner, Program, Query, QueryId, SelfHead, Sym, TraitOf};
use crate::ir::ItemKind;
use std::collections::BTreeSet;
use std::rc::Rc;

/// An item, and the impl (by index) that must be live for it.
pub(crate) type Candidate = (ItemId, Option<usize>);

impl Program<'_> {
    /// Sorted, without repetition.
    pub(crate) fn candidates(&self, id: QueryId) -> Rc<[Candidate]> {
        self.candidates_of(&self.query(id))
    }

    pub(super) fn candidates_of(&self, query: &Query) -> Rc<[Candidate]> {
        if let Some(found) = self.candidates.borrow().get(query) {
            return Rc::clone(found);
        }
        let found: Rc<[Candidate]> = compute(self, query).into();
        self.candidates.borrow_mut().insert(query.clone(), Rc::clone(&found));
        found
    }
}

fn compute(program: &Program<'_>, query: &Query) -> Vec<Candidate> {
    match query {
        Query::Named { name, on } => named(program, *name, on),
        Query::Called(callback) => called(program, callback),
    }
}

/// All that the impls have which foreign code may call.
fn called(program: &Program<'_>, callback: &Callback) -> Vec<Candidate> {
    let impls = program.impls().all.iter().enumerate().filter(|(_, info)| callback.allows(info));
    let mut found: Vec<Candidate> = impls
        .flat_map(|(index, info)| info.items.iter().map(move |&(_, item)| (item, Some(index))))
        .collect();
    found.sort_unstable();
    found
}

fn named(program: &Program<'_>, name: Sym, on: &On) -> Vec<Candidate> {
    let mut found = allowed(program, name, &Allowed::new(program, on));
    if let (true, On::Types { types, .. }) = (found.is_empty(), on)
        && types.iter().any(|&id| program.is_seen_by_macro(id))
    {
        // What a derive makes has it, perhaps a `Deref` to any type.
        found = allowed(program, name, &Allowed::Any);
    }
    if !matches!(on, On::Traits(_)) {
        found.extend(program.opaques().named(name).iter().map(|&id| (id, None)));
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn allowed(program: &Program<'_>, name: Sym, allowed: &Allowed) -> Vec<Candidate> {
    let all = program.impls().named(name).iter();
    let found = all.filter(|(_, owner)| allowed.owner(program, *owner));
    found
        .map(|&(item, owner)| match owner {
            Owner::Impl(index) => (item, Some(index)),
            Owner::Trait(_) => (item, None),
        })
        .collect()
}

/// Which impls and traits a query looks into.
enum Allowed {
    Any,
    /// These impls, and the traits that they are for.
    Impls(BTreeSet<usize>, BTreeSet<ItemId>),
    Traits(Vec<ItemId>),
    AnyTrait,
}

impl Allowed {
    fn new(program: &Program<'_>, on: &On) -> Self {
        let select = |wanted: &dyn Fn(&ImplInfo) -> bool| {
            let impls = program.impls().all.iter().enumerate().filter(|(_, info)| wanted(info));
            let (mut indexes, mut traits) = (BTreeSet::new(), BTreeSet::new());
            for (index, info) in impls {
                indexes.insert(index);
                if let TraitOf::Local(ids) = &info.of_trait {
                    traits.extend(ids.iter().copied());
                }
            }
            Allowed::Impls(indexes, traits)
        };
        match on {
            On::Any => Allowed::Any,
            On::AnyTrait => Allowed::AnyTrait,
            On::Traits(traits) => {
                let alias = |id: &ItemId| matches!(program.head(*id).kind, ItemKind::TraitAlias { .. });
                if traits.iter().any(alias) { Allowed::AnyTrait } else { Allowed::Traits(traits.clone()) }
            }
            On::Foreign => select(&|info| info.head != SelfHead::Local),
            On::Bounds(traits) => {
                let blanket = program.impls().all.iter().filter(|info| info.head == SelfHead::Generic);
                let everywhere = blanket.filter_map(|info| match &info.of_trait {
                    TraitOf::Local(ids) => Some(ids),
                    _ => None,
                });
                Allowed::Traits(traits.iter().chain(everywhere.flatten()).copied().collect())
            }
            On::Dyn(traits) => {
                let is_its = |info: &ImplInfo| matches!(&info.of_trait, TraitOf::Local(ids) if ids.iter().any(|id| traits.contains(id)));
                let Allowed::Impls(impls, mut of) =
                    select(&|info| info.head != SelfHead::Local || is_its(info))
                else {
                    return Allowed::Any;
                };
                of.extend(traits);
                Allowed::Impls(impls, of)
            }
            On::Types { types, foreign } => {
                let Some((types, derefs_to_foreign)) = program.with_derefs(types) else {
                    return Allowed::Any;
                };
                let foreign = *foreign || derefs_to_foreign;
                select(&|info| {
                    info.head == SelfHead::Generic
                        || (foreign && info.head == SelfHead::Foreign)
                        || info.self_types.iter().any(|id| types.contains(id))
                })
            }
        }
    }

    fn owner(&self, program: &Program<'_>, owner: Owner) -> bool {
        let of_trait = |index: usize| &program.impls().all[index].of_trait;
        match (self, owner) {
            (Allowed::Any, _) | (Allowed::AnyTrait, Owner::Trait(_)) => true,
            (Allowed::AnyTrait, Owner::Impl(index)) => *of_trait(index) != TraitOf::Inherent,
            (Allowed::Impls(impls, _), Owner::Impl(index)) => impls.contains(&index),
            (Allowed::Impls(_, traits), Owner::Trait(id)) => traits.contains(&id),
            (Allowed::Traits(traits), Owner::Trait(id)) => traits.contains(&id),
            (Allowed::Traits(traits), Owner::Impl(index)) => {
                matches!(of_trait(index), TraitOf::Local(ids) if ids.iter().any(|id| traits.contains(id)))
            }
        }
    }
}
