//! Finds what may define a name that nothing seen defines: calls of other packages' macros, and items that
//! procedural macros see. Whole items count, as what they make is not known.

use super::Program;
use super::collect::ItemId;
use super::infer::is_in_prelude;
use super::lookup::{Origin, Target, Visiting};
use super::scopes::{Namespace3, ScopeId};
use super::symbols::Sym;
use crate::ir::{PathRef, Ref};
use std::collections::BTreeSet;
use std::rc::Rc;

/// What is opened where a name is looked for.
pub(super) struct Opened {
    /// The scopes, and the modules that their glob imports open, and those of these.
    modules: BTreeSet<ScopeId>,
    /// Of these, those with a glob import of something else than a module, such as an enum.
    with_other_globs: BTreeSet<ScopeId>,
    /// A glob import opens another package.
    leaves: bool,
    /// Some of them hold what may define names unseen.
    is_doubtful: bool,
}

/// Where a name is looked for: a scope, and whether those around it are meant too.
pub(super) type Place = (ScopeId, bool);

impl Program<'_> {
    /// Items in a scope, in the modules whose names it has, and (`outward`) around it.
    pub(super) fn unseen_definitions(
        &self,
        from: ScopeId,
        name: Sym,
        outward: bool,
        visiting: &mut Visiting,
    ) -> Vec<Target> {
        if outward && is_in_prelude(self.text(name)) {
            return Vec::new();
        }
        visiting.unseen(|visiting| {
            let opened = self.opened((from, outward));
            if !opened.is_doubtful || self.is_defined(&opened, name, visiting) {
                return Vec::new();
            }
            // The name is then most likely that package's. What a derive makes has the type's name in its own.
            let is_likely = |item: &&ItemId| {
                !opened.leaves
                    || self.name_of(**item).is_some_and(|own| self.text(name).contains(self.text(own)))
            };
            let scopes = || opened.modules.iter().map(|&id| self.scope(id));
            let calls = scopes().flat_map(|scope| &scope.opaque).filter(|&&id| self.opaques.is_foreign(id));
            let derived = scopes().flat_map(|scope| &scope.derived).filter(is_likely);
            let derived = derived.filter(|&&id| self.may_define_beside(id));
            calls.chain(derived).map(|&id| Target::Opaque(id)).collect()
        })
    }

    /// Whether what a procedural macro makes of an item may define names beside it. Serde's derives write impls alone.
    fn may_define_beside(&self, id: ItemId) -> bool {
        if let Some(&known) = self.defining.borrow().get(&id) {
            return known;
        }
        // The names of its own attributes may lead here again: then nobody knows them.
        self.defining.borrow_mut().insert(id, true);
        let may = self.item(id).attributes.iter().any(|&attribute| match self.reference(id, attribute) {
            Ref::Path(path) => !self.is_known_to_implement(id, path),
            _ => true,
        });
        self.defining.borrow_mut().insert(id, may);
        may
    }

    fn is_known_to_implement(&self, id: ItemId, path: &PathRef) -> bool {
        let targets = self.path_targets(id, path);
        let is_known = |target: &Target| match target {
            Target::Foreign(Origin::Std | Origin::Toolkit, _) => true,
            Target::Foreign(_, full) => matches!(&**full, "serde::Serialize" | "serde::Deserialize"),
            _ => false,
        };
        let is_helper = || matches!(path.segments[..], [name] if self.text(self.sym(id, name)) == "serde");
        if targets.is_empty() { is_helper() } else { targets.iter().all(is_known) }
    }

    fn opened(&self, place: Place) -> Rc<Opened> {
        if let Some(known) = self.opened.borrow().get(&place) {
            return Rc::clone(known);
        }
        let (from, outward) = place;
        let mut queue: Vec<ScopeId> = self.outward(from).take(if outward { usize::MAX } else { 1 }).collect();
        let mut opened = Opened {
            modules: queue.iter().copied().collect(),
            with_other_globs: BTreeSet::new(),
            leaves: false,
            is_doubtful: false,
        };
        while let Some(id) = queue.pop() {
            let scope = self.scope(id);
            opened.is_doubtful |= !scope.opaque.is_empty() || !scope.derived.is_empty();
            for index in 0..scope.globs.len() {
                for target in self.glob_targets(id, index).iter() {
                    match *target {
                        Target::Module(module) if opened.modules.insert(module) => queue.push(module),
                        Target::Module(_) => {}
                        Target::Foreign(..) => opened.leaves = true,
                        _ => _ = opened.with_other_globs.insert(id),
                    }
                }
            }
        }
        let opened = Rc::new(opened);
        self.opened.borrow_mut().insert(place, Rc::clone(&opened));
        opened
    }

    /// Whether something seen has the name in another namespace.
    fn is_defined(&self, opened: &Opened, name: Sym, visiting: &mut Visiting) -> bool {
        let all = [Namespace3::Type, Namespace3::Value, Namespace3::Macro];
        // What a module has through its globs, the modules that these open have themselves.
        let may_have = |id: &&ScopeId| {
            let scope = self.scope(**id);
            opened.with_other_globs.contains(*id)
                || scope.imports.contains_key(&name)
                || all.iter().any(|&namespace| scope.names.contains_key(&(namespace, name)))
        };
        opened.modules.iter().filter(may_have).any(|&scope| {
            all.iter().any(|&namespace| {
                let found = self.lookup_in(scope, namespace, name, visiting);
                found.targets.iter().any(|(target, _)| !matches!(target, Target::Lost(_)))
            })
        })
    }
}
