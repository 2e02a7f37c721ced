//! Finds what makes a result depend on more than arguments and code: marked functions that reach a clock,
//! a random number, a file. A warning for each marked function and kind, at the nearest place.
//!
//! A lint never changes a fingerprint. It looks at paths as name resolution understands them, so a
//! function of the user's own that is called `now` is none.

mod trail;

use crate::close::{Closure, NodeSet, Web};
use crate::content;
use crate::effects::{Effect, Kind};
use crate::facts::Facts;
use crate::hash::Hasher;
use crate::ir::ItemKind;
use crate::link::{ItemId, Node, Program};
use crate::marks::Marked;
use std::collections::BTreeSet;

/// One warning.
pub(crate) struct Finding {
    pub(crate) kind: Kind,
    /// What is named there: a path, a static, a package.
    pub(crate) what: String,
    /// The item that names it, and where.
    pub(crate) item: ItemId,
    pub(crate) line: u32,
    /// From the marked function to that item, both included.
    pub(crate) trail: Vec<Node>,
    /// The mark says that this is meant.
    pub(crate) allowed: bool,
    pub(crate) message: String,
}

pub(crate) struct Linter<'p, 'a> {
    program: &'p Program<'a>,
    facts: &'p Facts<'p, 'a>,
    web: &'p Web,
    hasher: &'p Hasher,
    /// Nodes that do something.
    acting: NodeSet,
}

impl<'p, 'a> Linter<'p, 'a> {
    pub(crate) fn new(facts: &'p Facts<'p, 'a>, web: &'p Web, hasher: &'p Hasher) -> Self {
        let acts = |node: &Node| matches!(node, Node::Item(id) if !facts.of(*id).effects.is_empty());
        let nodes = web.nodes().iter().enumerate();
        let acting = nodes.filter(|(_, node)| acts(node)).map(|(index, _)| index).collect();
        Linter { program: facts.program, facts, web, hasher, acting }
    }

    /// What a marked function reaches, one finding a kind, sorted by kind.
    pub(crate) fn findings(&self, marked: &Marked, closure: &Closure) -> Vec<Finding> {
        let mut wanted: BTreeSet<Kind> = BTreeSet::new();
        if !closure.reached.meets(&self.acting) {
            return Vec::new();
        }
        for index in closure.reached.shared(&self.acting) {
            wanted.extend(self.effects(index).iter().map(|effect| effect.kind));
        }
        let Some(trails) = trail::Trails::new(self.web, self.hasher, closure) else { return Vec::new() };
        let mut found = Vec::new();
        for (index, id) in trails.nearest() {
            for effect in self.effects(index) {
                if wanted.remove(&effect.kind) {
                    found.push(self.finding(marked, id, effect, trails.to(index)));
                }
            }
            if wanted.is_empty() {
                break;
            }
        }
        found.sort_by_key(|finding| finding.kind);
        found
    }

    fn effects(&self, index: usize) -> &[Effect] {
        match self.web.nodes()[index] {
            Node::Item(id) => &self.facts.of(id).effects,
            _ => &[],
        }
    }

    fn finding(&self, marked: &Marked, item: ItemId, effect: &Effect, trail: Vec<Node>) -> Finding {
        let Effect { kind, what, line } = effect;
        let program = self.program;
        let root = program.head(marked.id).place.line;
        let through = self.through(&trail);
        let message = format!(
            "{}:{root}: `{}` {}: {what} at {}:{line}{through}. {}, or allow it: checkpoint(allow({}))",
            self.program.file_from_root(marked.id),
            program.path_of(marked.id),
            kind.does(),
            self.program.file_from_root(item),
            capital(kind.advice()),
            kind.name(),
        );
        let allowed = marked.allowed.iter().any(|name| name == kind.name());
        Finding { kind: *kind, what: what.clone(), item, line: *line, trail, allowed, message }
    }

    /// The functions between, where there are any: `, through a, b and c`.
    fn through(&self, trail: &[Node]) -> String {
        let shown = |node: &&Node| match node {
            Node::Item(id) => !matches!(
                self.program.head(*id).kind,
                ItemKind::Impl(_) | ItemKind::Trait { .. } | ItemKind::Mod(_) | ItemKind::Use(_)
            ),
            _ => false,
        };
        let names: Vec<String> =
            trail.iter().skip(1).filter(shown).map(|&node| content::path(self.program, node)).collect();
        match names.as_slice() {
            [] => String::new(),
            [first, second, .., before, last] if names.len() > 5 => {
                format!(", through {first} -> {second} -> .. -> {before} -> {last}")
            }
            names => format!(", through {}", names.join(" -> ")),
        }
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
