//! Looks through an item's references and method calls for what makes a result depend on more than code.

use super::known::{self, Paths, Position};
use super::{Kind, statics};
use crate::ir::{Expr, ItemKind, Namespace, PathRef, Ref, RefIdx};
use crate::link::{ItemId, Link, Node, Program};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Effect {
    pub(crate) kind: Kind,
    pub(crate) what: String,
    pub(crate) line: u32,
}

/// Sorted by kind.
pub(crate) fn of(program: &Program<'_>, paths: &Paths, id: ItemId) -> Vec<Effect> {
    let mut finder = Finder { program, paths, id, found: BTreeMap::new() };
    finder.references();
    finder.methods();
    finder.build_script();
    finder.found.into_values().collect()
}

struct Finder<'p, 'a> {
    program: &'p Program<'a>,
    paths: &'p Paths,
    id: ItemId,
    found: BTreeMap<Kind, Effect>,
}

impl Finder<'_, '_> {
    fn add(&mut self, kind: Kind, line: u32, what: impl FnOnce() -> String) {
        self.found.entry(kind).or_insert_with(|| Effect { kind, what: what(), line });
    }

    fn references(&mut self) {
        let item = self.program.code(self.id);
        if matches!(item.kind, ItemKind::Use(_) | ItemKind::Mod(_) | ItemKind::ExternCrate { .. }) {
            return;
        }
        let links = self.program.links(self.id);
        for (index, (reference, link)) in item.skeleton.refs.iter().zip(links).enumerate() {
            let Ref::Path(path) = reference else { continue };
            let line = item.skeleton.lines.get(index).copied().unwrap_or(item.place.line);
            self.foreign_path(path, link, line);
            self.own_nodes(RefIdx(index as u32), link, line);
        }
    }

    /// A path into another crate.
    fn foreign_path(&mut self, path: &PathRef, link: &Link, at: u32) {
        // What leads to an item of ours and no further is no such path.
        if !path.in_text && (link.text.is_empty() || link.text == "::") {
            return;
        }
        // Only a function has a value of a type that it names: a field may be for others.
        let is_fn = matches!(self.program.head(self.id).kind, ItemKind::Fn(_));
        let position = match path.namespace {
            Namespace::Value => Position::Value,
            Namespace::Any => Position::Token,
            Namespace::Type if is_fn => Position::Type,
            Namespace::Type => return,
            Namespace::Macro => Position::Macro,
        };
        for full in self.program.foreign_paths(self.id, path) {
            if let Some(kind) = self.paths.kind(&full, position) {
                self.add(kind, at, || full.clone());
            }
        }
    }

    /// Statics and foreign functions among what a path leads to.
    fn own_nodes(&mut self, reference: RefIdx, link: &Link, at: u32) {
        let program = self.program;
        for node in &link.nodes {
            let &Node::Item(id) = node else { continue };
            let is_foreign = program
                .entry(id)
                .owner
                .is_some_and(|owner| matches!(program.head(owner).kind, ItemKind::ForeignMod { .. }));
            if is_foreign {
                if program.exported_as(id).is_empty() {
                    self.add(Kind::Foreign, at, || program.path_of(id));
                }
            } else if let Some(state) = statics::state(program, id)
                && !(state == statics::State::WrittenOnce && self.only_initialises(reference))
            {
                let kind =
                    if state == statics::State::ThreadLocal { Kind::ThreadLocal } else { Kind::Static };
                self.add(kind, at, || program.path_of(id));
            }
        }
    }

    /// `CELL.get_or_init(..)`: whoever comes first, the value is the same.
    fn only_initialises(&self, reference: RefIdx) -> bool {
        let item = self.program.code(self.id);
        let is_it = |expr: &Expr| matches!(expr, Expr::Path { path, .. } if *path == reference);
        item.body.exprs.iter().any(|expr| match expr {
            Expr::MethodCall { receiver, name, .. } => {
                let name = self.program.text(self.program.sym(self.id, *name));
                is_it(&item.body.exprs[receiver.0 as usize])
                    && matches!(name, "get_or_init" | "get_or_try_init")
            }
            _ => false,
        })
    }

    /// Methods of the standard library's types: `path.exists()`.
    fn methods(&mut self) {
        let item = self.program.code(self.id);
        for expr in &item.body.exprs {
            let Expr::MethodCall { receiver, name, method, .. } = expr else { continue };
            let name = self.program.text(self.program.sym(self.id, *name));
            if !known::has_method(name) {
                continue;
            }
            let Some(ty) = self.program.std_receiver(self.id, *receiver) else { continue };
            if let Some(kind) = known::method(&ty, name) {
                let line = item.skeleton.lines.get(method.0 as usize).copied().unwrap_or(item.place.line);
                self.add(kind, line, || format!("{ty}::{name}"));
            }
        }
    }

    /// Where a path dependency's build script decides, its source stands for it.
    fn build_script(&mut self) {
        let program = self.program;
        let index = program.package_of(self.id);
        let package = &program.project.packages[index];
        if index == 0 || package.build_script.is_none() {
            return;
        }
        let item = program.code(self.id);
        let decided = |predicate: &String| !matches!(predicate.as_str(), "test" | "debug_assertions");
        let around = program.entry(self.id).unknown_cfgs.iter().flat_map(|cfgs| cfgs.iter());
        if let Some(predicate) = item.unknown_cfgs.iter().chain(around).find(|cfg| decided(cfg)) {
            self.add(Kind::BuildScript, item.place.line, || format!("cfg({predicate})"));
        }
        for (index, reference) in item.skeleton.refs.iter().enumerate() {
            let line = item.skeleton.lines.get(index).copied().unwrap_or(item.place.line);
            match reference {
                Ref::Cfg(predicate) if decided(predicate) => {
                    self.add(Kind::BuildScript, line, || format!("cfg({predicate})"));
                }
                // Cargo tells these to whoever asks.
                Ref::Env { name, .. } if !name.starts_with("CARGO_") => {
                    self.add(Kind::BuildScript, line, || format!("env!({name:?})"));
                }
                _ => {}
            }
        }
        if matches!(item.kind, ItemKind::Include(_)) {
            self.add(Kind::BuildScript, item.place.line, || "include!".to_owned());
        }
    }
}
