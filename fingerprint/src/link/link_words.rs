//! Links text whose words may be paths: included code, strings in the input of procedural macros, and names
//! that macros join.

use super::Program;
use super::collect::ItemId;
use super::links::{Link, Node, On};
use super::lookup::Target;
use super::path::Reached;
use super::scopes::{Namespace3, ScopeId};
use super::symbols::Sym;
use crate::ir::{Anchor, BlockScope, FileArg, FileMacro, Namespace, PathRef};
use std::collections::BTreeSet;

impl Program<'_> {
    pub(super) fn link_file(&self, id: ItemId, macro_: FileMacro, arg: &FileArg, link: &mut Link) {
        let Some(path) = self.included_path(id, arg) else {
            link.nodes.push(Node::BuildScript(self.package_of(id)));
            return;
        };
        if macro_ == FileMacro::Rust {
            // The code stands where it is included: its words are looked up there.
            let text = std::fs::read(&path).unwrap_or_default();
            let scope = self.entry(id).scope;
            self.link_words(id, &String::from_utf8_lossy(&text), scope, link);
        }
        link.nodes.push(Node::File(self.files.borrow_mut().add(path)));
    }

    /// A string in the input of a procedural macro: the paths in it, and the file that it may name.
    pub(super) fn link_text(&self, id: ItemId, text: &str, scope: BlockScope, link: &mut Link) {
        self.link_words(id, text, self.entry(id).block(scope), link);
        let package = &self.project.packages[self.package_of(id)].directory;
        let beside = self.sources.files[self.file_of(id)].path.parent().unwrap_or(package);
        if text.contains('.') && !text.contains(['\n', '\0']) && text.len() < 200 {
            let folders =
                [package.clone(), package.join("src"), package.join("templates"), beside.to_owned()];
            for folder in folders {
                let path = folder.join(text);
                if path.is_file() {
                    link.nodes.push(Node::File(self.files.borrow_mut().add(path)));
                }
            }
        }
    }

    /// Every word of a text that may be a path or a method.
    fn link_words(&self, id: ItemId, text: &str, scope: ScopeId, link: &mut Link) {
        let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
        for word in words.filter(|word| !word.is_empty()) {
            let mut segments = Vec::new();
            let mut anchor = Anchor::Plain;
            for part in word.split("::").map(|part| part.trim_matches(':')).filter(|part| !part.is_empty()) {
                match part {
                    "crate" => anchor = Anchor::Crate,
                    "self" => anchor = Anchor::Super(0),
                    "super" => anchor = Anchor::Super(if let Anchor::Super(n) = anchor { n + 1 } else { 1 }),
                    _ => segments.extend(self.find_symbol(part)),
                }
            }
            let Some(&last) = segments.last() else { continue };
            let mut inner = self.link_word(id, scope, anchor, &segments);
            // `with = "module"`: the macro adds the names.
            for end in self.resolve(scope, anchor, &segments, &[Namespace3::Type]).ends {
                if let Reached::Target(Target::Module(module)) = end.reached {
                    inner.nodes.extend(self.items_in(module, &|_| true));
                }
            }
            link.nodes.extend(inner.nodes);
            link.queries.extend(inner.queries);
            if text.contains(&format!(".{}", self.text(last))) {
                link.queries.push(self.named_query(last, On::Any));
            }
        }
    }

    /// The names that the macros of an item may join: in scope, or a method.
    pub(super) fn link_joined(&self, id: ItemId, scope: ScopeId, link: &mut Link) {
        for &name in self.opaques().joined(self, id).iter() {
            let inner = self.link_word(id, scope, Anchor::Plain, &[name]);
            link.nodes.extend(inner.nodes);
            link.queries.extend(inner.queries);
            if !self.impls.named(name).is_empty() {
                link.queries.push(self.named_query(name, On::Any));
            }
        }
    }

    /// What may be a path.
    fn link_word(&self, id: ItemId, scope: ScopeId, anchor: Anchor, segments: &[Sym]) -> Link {
        let path = PathRef {
            anchor,
            segments: Vec::new(),
            namespace: Namespace::Any,
            scope: BlockScope(0),
            in_text: true,
            uncertain: true,
            is_dyn: false,
        };
        let mut link = Link::default();
        self.link_plain(id, scope, anchor, segments, &path, &mut BTreeSet::new(), &mut link);
        link
    }
}
