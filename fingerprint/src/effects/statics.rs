//! Says which statics can have another value later: those that are `mut`, and those that hold a cell, a
//! lock or an atomic.

use super::known;
use crate::ir::{Fields, ItemKind, Ref, Ty, TyIdx};
use crate::link::{ItemId, Node, Program};
use std::collections::BTreeSet;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    /// A `OnceLock` or the like: a value that does not change any more once it is there.
    WrittenOnce,
    Written,
    ThreadLocal,
}

/// `None` for constant statics and everything else.
pub(super) fn state(program: &Program<'_>, id: ItemId) -> Option<State> {
    let item = program.item(id);
    match item.kind {
        ItemKind::Static { mutable: true, .. } => Some(State::Written),
        ItemKind::Static { ty, .. } => {
            let is_thread_local = matches!(item.body.types.get(ty.0 as usize), Some(Ty::Unknown))
                && item.skeleton.text.contains("thread_local static");
            if is_thread_local {
                return Some(State::ThreadLocal);
            }
            let mut search = Search { program, seen: BTreeSet::from([id]), found: None };
            search.ty(id, ty);
            search.found
        }
        // `lazy_static! { static ref X: Mutex<..> = ..; }`
        ItemKind::MacroCall { path, .. } => {
            let reference = |index: usize| match &item.skeleton.refs[index] {
                Ref::Path(path) => program.foreign_paths(id, path),
                _ => BTreeSet::new(),
            };
            let is_lazy = reference(path.0 as usize).iter().any(|path| known::is_lazy_static(path));
            let paths = (0..item.skeleton.refs.len()).filter(|_| is_lazy).flat_map(reference);
            paths.filter_map(|path| known::cell(&path)).max()
        }
        _ => None,
    }
}

struct Search<'p, 'a> {
    program: &'p Program<'a>,
    /// Types refer to themselves.
    seen: BTreeSet<ItemId>,
    found: Option<State>,
}

impl Search<'_, '_> {
    fn ty(&mut self, id: ItemId, ty: TyIdx) {
        match self.program.ty(id, ty) {
            Ty::Path { path, args, .. } => {
                let reference = path.0 as usize;
                if let Ref::Path(path) = self.program.reference(id, *path) {
                    let cells = self.program.foreign_paths(id, path);
                    self.found = cells.iter().filter_map(|path| known::cell(path)).chain(self.found).max();
                }
                for &node in &self.program.links(id)[reference].nodes {
                    if let Node::Item(inner) = node {
                        self.definition(inner);
                    }
                }
                self.types(id, args);
            }
            Ty::Slice(inner) | Ty::Array(inner) | Ty::Ref { inner, .. } => self.ty(id, *inner),
            Ty::Tuple(types) => self.types(id, types),
            _ => {}
        }
    }

    fn types(&mut self, id: ItemId, types: &[TyIdx]) {
        for &ty in types {
            self.ty(id, ty);
        }
    }

    /// The fields of a local type.
    fn definition(&mut self, id: ItemId) {
        if !self.seen.insert(id) {
            return;
        }
        match &self.program.item(id).kind {
            ItemKind::Struct { fields, .. } | ItemKind::Union { fields, .. } => self.fields(id, fields),
            ItemKind::Enum { variants, .. } => {
                for variant in variants {
                    self.fields(id, &variant.fields);
                }
            }
            ItemKind::TypeAlias { ty: Some(ty), .. } => self.ty(id, *ty),
            _ => {}
        }
    }

    fn fields(&mut self, id: ItemId, fields: &Fields) {
        match fields {
            Fields::Unit => {}
            Fields::Tuple(types) => self.types(id, types),
            Fields::Named(fields) => {
                for &(_, ty) in fields {
                    self.ty(id, ty);
                }
            }
        }
    }
}
