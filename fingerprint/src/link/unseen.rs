//! Finds what may define a name that nothing seen defines: calls of other packages' macros, and items that
//! procedural macros see. Whole items count, as what they make is not known.

use super::Program;
use super::infer::is_in_prelude;
use super::lookup::{Target, Visiting};
use super::scopes::{Namespace3, ScopeId};
use super::symbols::Sym;
use std::collections::BTreeSet;

impl Program<'_> {
    /// Items in a scope, in the modules whose names it has, and (`outward`) around it.
    pub(super) fn unseen_definitions(
        &self,
        from: ScopeId,
        name: Sym,
        outward: bool,
        visiting: &mut Visiting,
    ) -> Vec<Target> {
        let scopes: Vec<ScopeId> = self.outward(from).take(if outward { usize::MAX } else { 1 }).collect();
        let (globbed, leaves) = self.globbed(&scopes, visiting);
        let modules: BTreeSet<ScopeId> = scopes.iter().copied().chain(globbed).collect();
        let calls = || modules.iter().flat_map(|&id| &self.scope(id).opaque);
        let derived = || modules.iter().flat_map(|&id| &self.scope(id).derived);
        if (calls().next().is_none() && derived().next().is_none())
            || (outward && is_in_prelude(self.text(name)))
            || self.is_defined(&modules, name, visiting)
        {
            return Vec::new();
        }
        // The name is then most likely that package's. What a derive makes has the type's name in its own.
        let is_likely = |item: &&super::ItemId| {
            !leaves || self.name_of(**item).is_some_and(|own| self.text(name).contains(self.text(own)))
        };
        let calls = calls().filter(|&&id| self.opaques.is_foreign(id));
        calls.chain(derived().filter(is_likely)).map(|&id| Target::Opaque(id)).collect()
    }

    /// The modules that glob imports of scopes open, and whether one opens another package.
    fn globbed(&self, scopes: &[ScopeId], visiting: &mut Visiting) -> (BTreeSet<ScopeId>, bool) {
        let mut modules = BTreeSet::new();
        let mut leaves = false;
        let mut queue = scopes.to_vec();
        while let Some(id) = queue.pop() {
            for index in 0..self.scope(id).globs.len() {
                for target in self.glob_targets(id, index, visiting).iter() {
                    match *target {
                        Target::Module(module) if modules.insert(module) => queue.push(module),
                        Target::Foreign(..) => leaves = true,
                        _ => {}
                    }
                }
            }
        }
        (modules, leaves)
    }

    /// Whether something seen has the name in another namespace.
    fn is_defined(&self, scopes: &BTreeSet<ScopeId>, name: Sym, visiting: &mut Visiting) -> bool {
        let all = [Namespace3::Type, Namespace3::Value, Namespace3::Macro];
        scopes.iter().any(|&scope| {
            all.iter().any(|&namespace| {
                let found = self.lookup_in(scope, namespace, name, visiting);
                found.targets.iter().any(|(target, _)| !matches!(target, Target::Lost(_)))
            })
        })
    }
}
