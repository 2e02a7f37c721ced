//! Lists what a query can mean, whatever is live: once for every query.

use crate::ir::ItemKind;
use crate::link::{ItemId, On, Owner, Program, QueryId, SelfHead, TraitOf};
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

/// An item, and the impl that must be live for it.
type Candidate = (ItemId, Option<usize>);

#[derive(Default)]
pub(super) struct Candidates {
    of: HashMap<QueryId, Rc<[Candidate]>>,
    in_package: HashMap<usize, Rc<[ItemId]>>,
}

impl Candidates {
    pub(super) fn of(&mut self, program: &Program<'_>, id: QueryId) -> Rc<[Candidate]> {
        Rc::clone(self.of.entry(id).or_insert_with(|| candidates(program, id).into()))
    }

    /// Items of any analysed package whose name is a word in the source of a procedural macro.
    pub(super) fn named_in_package(&mut self, program: &Program<'_>, package: usize) -> Vec<ItemId> {
        let found = self.in_package.entry(package).or_insert_with(|| {
            let words = crate::hash::words_of_package(program, package);
            let named = program.item_ids().filter(|&id| {
                program.name_of(id).is_some_and(|name| words.contains(program.text(name)))
                    && !matches!(program.item(id).kind, ItemKind::Mod(_) | ItemKind::Use(_))
            });
            named.collect()
        });
        found.to_vec()
    }
}

pub(crate) fn candidates(program: &Program<'_>, id: QueryId) -> Vec<Candidate> {
    let query = program.query(id);
    let allowed = Allowed::new(program, &query.on);
    let mut found: Vec<Candidate> = program
        .impls()
        .named(query.name)
        .iter()
        .filter(|(_, owner)| allowed.owner(program, *owner))
        .map(|&(item, owner)| match owner {
            Owner::Impl(index) => (item, Some(index)),
            Owner::Trait(_) => (item, None),
        })
        .collect();
    if !matches!(query.on, On::Traits(_)) {
        found.extend(program.opaques().named(query.name).iter().map(|&id| (id, None)));
    }
    found.sort_unstable();
    found.dedup();
    found
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
        let select = |wanted: &dyn Fn(&crate::link::ImplInfo) -> bool| {
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
                let alias = |id: &ItemId| matches!(program.item(*id).kind, ItemKind::TraitAlias { .. });
                if traits.iter().any(alias) { Allowed::AnyTrait } else { Allowed::Traits(traits.clone()) }
            }
            On::Foreign => select(&|info| info.head != SelfHead::Local),
            On::Types(types) => {
                let Some((types, foreign)) = program.with_derefs(types) else { return Allowed::Any };
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

