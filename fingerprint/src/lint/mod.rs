//! Finds what makes a result depend on more than arguments and code: marked functions that reach a clock,
//! a random number, a file. A warning for each marked function and kind, at the nearest place.
//!
//! A lint never changes a fingerprint. It looks at paths as name resolution understands them, so a
//! function of the user's own that is called `now` is none.

mod effects;
mod known;
mod statics;
mod trail;

use crate::close::{Closure, Web};
use crate::hash::{self, Hasher};
use crate::ir::ItemKind;
use crate::link::{ItemId, Node, Program};
use crate::marks::Marked;
use effects::Effect;
use std::cell::OnceCell;
use std::collections::BTreeSet;

/// What a result can depend on beside arguments and code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Clock,
    Random,
    Environment,
    File,
    Network,
    Process,
    Stdin,
    Static,
    ThreadLocal,
    Foreign,
    BuildScript,
}

impl Kind {
    const ALL: [Kind; 11] = [
        Kind::Clock,
        Kind::Random,
        Kind::Environment,
        Kind::File,
        Kind::Network,
        Kind::Process,
        Kind::Stdin,
        Kind::Static,
        Kind::ThreadLocal,
        Kind::Foreign,
        Kind::BuildScript,
    ];

    /// As in [`checkpointing_mark::LINTS`].
    /// The kind of this name.
    pub(crate) fn named(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Clock => "clock",
            Kind::Random => "random",
            Kind::Environment => "environment",
            Kind::File => "file",
            Kind::Network => "network",
            Kind::Process => "process",
            Kind::Stdin => "stdin",
            Kind::Static => "static",
            Kind::ThreadLocal => "thread_local",
            Kind::Foreign => "foreign",
            Kind::BuildScript => "build_script",
        }
    }

    fn does(self) -> &'static str {
        match self {
            Kind::Clock => "reads the clock",
            Kind::Random => "draws random numbers",
            Kind::Environment => "depends on the environment that it runs in",
            Kind::File => "reads or writes files",
            Kind::Network => "uses the network",
            Kind::Process => "starts, ends or identifies a process",
            Kind::Stdin => "reads the standard input",
            Kind::Static => "uses a static that can be written",
            Kind::ThreadLocal => "uses a thread-local",
            Kind::Foreign => "calls foreign code, whose source does not count",
            Kind::BuildScript => {
                "depends on what another package's build script decides, of which only the source counts"
            }
        }
    }

    fn advice(self) -> &'static str {
        match self {
            Kind::Static | Kind::ThreadLocal => "pass its value as an argument",
            Kind::Foreign => "count the source with `watch` in build.rs",
            Kind::BuildScript => "count what it reads with `watch` in build.rs",
            Kind::Process | Kind::Network => {
                "a stored result does not do that again; pass what it brings as an argument"
            }
            _ => "a stored result does not notice a change; pass what is read as an argument",
        }
    }
}

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
    web: &'p Web,
    hasher: &'p Hasher,
    paths: known::Paths,
    /// By node.
    effects: Vec<OnceCell<Vec<Effect>>>,
}

impl<'p, 'a> Linter<'p, 'a> {
    pub(crate) fn new(program: &'p Program<'a>, web: &'p Web, hasher: &'p Hasher) -> Self {
        let effects = std::iter::repeat_with(OnceCell::new).take(web.nodes().len()).collect();
        Linter { program, web, hasher, paths: known::Paths::default(), effects }
    }

    /// What a marked function reaches, one finding a kind, sorted by kind.
    pub(crate) fn findings(&self, marked: &Marked, closure: &Closure) -> Vec<Finding> {
        let mut wanted: BTreeSet<Kind> = BTreeSet::new();
        for index in closure.reached.iter() {
            wanted.extend(self.effects(index).iter().map(|effect| effect.kind));
        }
        if wanted.is_empty() {
            return Vec::new();
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
        self.effects[index].get_or_init(|| match self.web.nodes()[index] {
            Node::Item(id) => effects::of(self.program, &self.paths, id),
            _ => Vec::new(),
        })
    }

    fn finding(&self, marked: &Marked, item: ItemId, effect: &Effect, trail: Vec<Node>) -> Finding {
        let Effect { kind, what, line } = effect;
        let program = self.program;
        let root = program.item(marked.id).place.line;
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
                self.program.item(*id).kind,
                ItemKind::Impl(_) | ItemKind::Trait { .. } | ItemKind::Mod(_) | ItemKind::Use(_)
            ),
            _ => false,
        };
        let names: Vec<String> =
            trail.iter().skip(1).filter(shown).map(|&node| hash::path(self.program, node)).collect();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_can_allow_every_kind() {
        assert_eq!(Kind::ALL.map(Kind::name), checkpointing_mark::LINTS);
    }
}
