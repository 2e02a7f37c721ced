//! Links one method call to the traits in scope: importing another trait is another call.

use super::Program;
use super::collect::ItemId;
use super::link_paths::node_of;
use super::links::Node;
use super::lookup::{Target, Visiting};
use super::path::Reached;
use super::scopes::{Namespace3, ScopeId};
use super::symbols::Sym;
use std::collections::BTreeSet;
use std::rc::Rc;

impl Program<'_> {
    /// Methods of this name that traits in scope declare: importing another trait is another call.
    pub(super) fn traits_in_scope_with(&self, scope: ScopeId, name: Sym) -> Vec<Node> {
        let mut found = Vec::new();
        for &(item, owner) in self.impls.named(name) {
            if let super::Owner::Trait(of_trait) = owner
                && self.trait_in_scope(scope, of_trait)
            {
                found.push(Node::Item(item));
            }
        }
        found
    }

    pub(super) fn trait_in_scope(&self, from: ScopeId, of_trait: ItemId) -> bool {
        let Some(name) = self.name_of(of_trait) else { return false };
        for id in self.outward(from) {
            let mut visiting = Visiting::default();
            let is_it = |target: &Target| *target == Target::Item(of_trait);
            if self.lookup_in(id, Namespace3::Type, name, &mut visiting).targets.iter().any(|(t, _)| is_it(t))
            {
                return true;
            }
            let scope = self.scope(id);
            let renamed = scope.imports.values().flatten().chain(&scope.unnamed);
            for import in renamed.filter(|import| import.segments.last() == Some(&name)) {
                let ends = self.resolve_import(id, import, Namespace3::Type, &mut visiting);
                if ends.iter().any(|end| end.reached == Reached::Target(Target::Item(of_trait))) {
                    return true;
                }
            }
        }
        false
    }

    /// Whether a macro call that is seen from a scope may define a trait with a method of this name.
    pub(super) fn macro_in_scope(&self, from: ScopeId, name: Sym) -> bool {
        let defines = |target: &Target| match target {
            Target::Opaque(id) => self.opaques.may_define(*id, name),
            Target::Module(module) => !self.opaque_definitions(*module, name).is_empty(),
            _ => false,
        };
        for id in self.outward(from) {
            let scope = self.scope(id);
            if !self.opaque_definitions(id, name).is_empty() {
                return true;
            }
            let mut visiting = Visiting::default();
            for import in scope.imports.values().flatten().chain(&scope.unnamed) {
                let ends = self.resolve_import(id, import, Namespace3::Type, &mut visiting);
                let mut targets = ends.iter().filter_map(|end| match &end.reached {
                    Reached::Target(target @ Target::Opaque(_)) => Some(target),
                    _ => None,
                });
                if targets.any(defines) {
                    return true;
                }
            }
            for glob in 0..scope.globs.len() {
                if self.glob_targets(id, glob).iter().any(defines) {
                    return true;
                }
            }
        }
        false
    }

    /// Packages whose traits may be in scope: their methods are called without a path.
    pub(super) fn foreign_traits(&self, from: ScopeId) -> Rc<[Node]> {
        if let Some(found) = self.foreign_traits.borrow().get(&from) {
            return Rc::clone(found);
        }
        let found: Rc<[Node]> = self.find_foreign_traits(from).into();
        self.foreign_traits.borrow_mut().insert(from, Rc::clone(&found));
        found
    }

    fn find_foreign_traits(&self, from: ScopeId) -> Vec<Node> {
        let mut found = BTreeSet::new();
        for id in self.outward(from) {
            let scope = self.scope(id);
            let mut visiting = Visiting::default();
            let named = scope.imports.values().flatten().filter(|import| {
                import.segments.last().is_some_and(|name| self.text(*name).starts_with(char::is_uppercase))
            });
            for import in named.chain(&scope.unnamed) {
                for end in self.resolve_import(id, import, Namespace3::Type, &mut visiting) {
                    if let Reached::Target(Target::Foreign(origin, _)) = end.reached {
                        found.extend(node_of(origin));
                    }
                }
            }
            for index in 0..scope.globs.len() {
                for target in self.glob_targets(id, index).iter() {
                    if let Target::Foreign(origin, _) = target {
                        found.extend(node_of(*origin));
                    }
                }
            }
        }
        found.into_iter().collect()
    }
}
