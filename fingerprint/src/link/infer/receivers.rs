//! Says where the methods of a receiver are found.

use super::convert::sig_type;
use super::deref::Derefs;
use super::known;
use super::ty::{TraitKey, Type};
use super::walk;
use crate::ir::ExprIdx;
use crate::link::links::On;
use crate::link::{ItemId, Program};
use std::rc::Rc;
use std::sync::Arc;

impl Program<'_> {
    /// The type of an expression of an item, as far as it is certain.
    pub(in crate::link) fn type_of_expr(&self, id: ItemId, expr: ExprIdx) -> Type {
        self.beyond.code(id);
        let types = self.inferred[id.0 as usize].get_or_init(|| walk::infer(self, id));
        types.get(expr.0 as usize).cloned().unwrap_or_default()
    }

    /// Where the methods of a receiver are found.
    pub(in crate::link) fn receiver(&self, id: ItemId, receiver: ExprIdx) -> On {
        self.methods_of(id, &self.type_of_expr(id, receiver))
    }

    /// The type of the standard library that a method is called on, by its last name and behind pointers,
    /// where that is certain.
    pub(crate) fn std_receiver(&self, id: ItemId, receiver: ExprIdx) -> Option<Arc<str>> {
        let mut ty = &self.type_of_expr(id, receiver);
        while let Some(inner) = known::pointee(ty) {
            ty = inner;
        }
        let path = match ty {
            Type::Std(name, _) => name,
            Type::Foreign(path, _)
                if ["std::", "core::", "alloc::"].iter().any(|krate| path.starts_with(krate)) =>
            {
                &**path
            }
            _ => return None,
        };
        Some(path.rsplit("::").next().unwrap_or(path).into())
    }

    /// The types of the standard library whose own methods a value has, each of which the one before dereferences
    /// to, by the last word of their paths. `None` where that is not certain.
    pub(in crate::link) fn std_holders(&self, ty: &Type) -> Option<Vec<&'static str>> {
        let mut holders = Vec::new();
        let mut ty = ty.clone();
        for _ in 0..16 {
            ty = match &ty {
                Type::Std(name, args) => {
                    holders.push(name.rsplit("::").next().unwrap_or(name));
                    match known::head(name).map(|head| &head.derefs) {
                        Some(Some(target)) => sig_type(target, args),
                        Some(None) => return Some(holders),
                        None => return (*name == known::ITERATOR).then_some(holders),
                    }
                }
                Type::Slice(_) => {
                    holders.push("[]");
                    return Some(holders);
                }
                Type::Tuple(_) | Type::Callable(..) => return Some(holders),
                Type::Local(id, _) => match self.dereferenced(&ty) {
                    Derefs::To(target) => target,
                    Derefs::Not if !self.is_seen_by_macro(*id) => return Some(holders),
                    Derefs::Not | Derefs::Unknown => return None,
                },
                _ => return None,
            };
        }
        None
    }

    pub(super) fn methods_of(&self, id: ItemId, ty: &Type) -> On {
        match ty {
            Type::Local(local, _) => On::Types { types: vec![*local], foreign: false },
            Type::Std(name, _) => match (known::pointee(ty), known::head(name)) {
                (Some(inner), _) => match self.methods_of(id, inner) {
                    On::Types { types, .. } => On::Types { types, foreign: true },
                    On::Dyn(traits) => On::Dyn(traits),
                    On::Foreign => On::Foreign,
                    _ => On::Any,
                },
                // A pointer to what is not known.
                (None, Some(known::Head { derefs: Some(known::Sig::Slot(0)), .. }) | None) => On::Any,
                (None, Some(_)) => On::Foreign,
            },
            // Only what it is given can lead to a type of ours.
            Type::Foreign(_, args) if args.iter().all(is_closed) => On::Foreign,
            Type::Slice(_) | Type::Tuple(_) | Type::Callable(..) => On::Foreign,
            Type::Param(_) | Type::SelfOf(_) | Type::Assoc(_) | Type::Opaque(_) => {
                let bounds = self.bounds_of(id, ty);
                // A bound that is not seen may make it any type.
                let unseen = matches!(ty, Type::Assoc(assoc)
                    if assoc.of_trait == TraitKey::Unknown || self.bounds_of(id, &assoc.base).unseen);
                if unseen || bounds.may_deref() {
                    On::Any
                } else {
                    On::Bounds(bounds.traits.into_iter().collect())
                }
            }
            Type::Dyn(_) => {
                let bounds = self.bounds_of(id, ty);
                if bounds.may_deref() { On::Any } else { On::Dyn(bounds.traits.into_iter().collect()) }
            }
            Type::Foreign(..) | Type::Unknown | Type::Never | Type::Var(_) => On::Any,
        }
    }
}

/// Whether no type of ours is, or can be, among the parts of a type.
fn is_closed(ty: &Type) -> bool {
    !ty.any(&mut |part| {
        matches!(
            part,
            Type::Unknown
                | Type::Var(_)
                | Type::Local(..)
                | Type::Param(_)
                | Type::SelfOf(_)
                | Type::Assoc(_)
                | Type::Opaque(_)
                | Type::Dyn(_)
        )
    })
}

/// The types of an item's expressions, by their number.
pub(in crate::link) type Types = Rc<[Type]>;
