//! Finds functions that are used as values: paths to them that are not called on the spot. A root
//! that takes a function can be given any of them.

use super::collect::ItemId;
use super::{Node, Program, TraitOf};
use crate::ir::{Anchor, Expr, ItemKind, Namespace, Ref, RefIdx};
use std::collections::BTreeSet;

impl Program<'_> {
    /// By their references.
    pub(crate) fn function_values(&self, id: ItemId) -> Vec<RefIdx> {
        let item = self.code(id);
        let exprs = &item.body.exprs;
        let path_of = |expr: &Expr| match expr {
            Expr::Path { path, .. } => Some(*path),
            _ => None,
        };
        let called: BTreeSet<RefIdx> = exprs
            .iter()
            .filter_map(|expr| match expr {
                Expr::Call { callee, .. } => path_of(&exprs[callee.0 as usize]),
                _ => None,
            })
            .collect();
        let paths = exprs.iter().filter_map(path_of).filter(|path| !called.contains(path));
        // Among the tokens of a macro any path may be a value.
        let in_tokens = item.skeleton.refs.iter().enumerate().filter_map(|(index, reference)| {
            let Ref::Path(path) = reference else { return None };
            let is_token = path.in_text && path.uncertain && path.namespace == Namespace::Any;
            is_token.then_some(RefIdx(index as u32))
        });
        let is_function = |reference: &RefIdx| {
            let nodes = &self.links(id)[reference.0 as usize].nodes;
            nodes
                .iter()
                .any(|node| matches!(node, Node::Item(id) if matches!(self.head(*id).kind, ItemKind::Fn(_))))
        };
        let in_tokens: Vec<RefIdx> = in_tokens.filter(is_function).collect();
        paths.chain(in_tokens).collect()
    }

    /// The foreign trait whose method a path names: `Iterator::next`.
    pub(crate) fn foreign_trait_in(&self, id: ItemId, reference: RefIdx) -> Option<TraitOf> {
        let Ref::Path(path) = self.reference(id, reference) else { return None };
        let [.., of_trait, _] = path.segments.as_slice() else { return None };
        let plain = path.namespace == Namespace::Value
            && !matches!(path.anchor, Anchor::Generic(_) | Anchor::SelfType);
        let name = self.text(self.sym(id, *of_trait));
        let implemented = !self.impls().of_foreign_trait(name).is_empty();
        (plain && implemented).then(|| TraitOf::Foreign(name.into(), "".into()))
    }
}
