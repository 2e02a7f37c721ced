//! Describes a node for people and for records: what it is and where it stands.

use super::{Hash, kind_word, path};
use crate::ir::ItemKind;
use crate::link::{Node, Program};
use checkpointing_closure::Item;

/// What tells a node from others.
pub(crate) struct Description {
    pub(crate) kind: &'static str,
    /// Full path; a file's path; a package's name.
    pub(crate) path: String,
    /// Of packages that are not analysed.
    pub(crate) version: Option<String>,
    /// Relative to the package.
    pub(crate) file: Option<String>,
    /// Of an item's name, and its last one.
    pub(crate) lines: Option<(u32, u32)>,
}

pub(crate) fn describe(program: &Program<'_>, node: Node) -> Description {
    let project = program.project;
    let whole_file = |file: Option<String>| Description {
        kind: "file",
        path: file.clone().unwrap_or_else(|| path(program, node)),
        version: None,
        file,
        lines: None,
    };
    let package = |path: String, version: Option<String>| Description {
        kind: "package",
        path,
        version,
        file: None,
        lines: None,
    };
    match node {
        Node::Item(id) | Node::Definition(id) => {
            let place = program.head(id).place;
            Description {
                kind: match program.head(id).kind {
                    // What it stands for was read.
                    ItemKind::MacroCall { .. } if program.expanded(id).is_some() => "macro",
                    ItemKind::Include(_) if program.is_included(id) => "macro",
                    ItemKind::ForeignMod { .. } => "module",
                    _ => kind_word(program, id),
                },
                path: path(program, node),
                version: None,
                file: Some(program.file_from_root(id)),
                lines: Some((place.line, place.end_line)),
            }
        }
        Node::Package(index) => {
            let found = &project.foreign[index];
            package(found.name.clone(), Some(found.version.clone()))
        }
        Node::ProcMacro(_) => package(path(program, node), None),
        Node::BuildScript(index) => {
            whole_file(project.packages[index].build_script.as_deref().map(|path| project.relative(path)))
        }
        Node::File(index) => whole_file(Some(project.relative(&program.included_file(index).path))),
    }
}

impl Description {
    /// For a record of closures.
    pub(crate) fn item(self, hash: Hash) -> Item {
        let Description { kind, path, version, file, lines } = self;
        let line = lines.map_or(0, |(line, _)| line);
        Item { kind: kind.to_owned(), path, version, file, line, hash: hash.0 }
    }
}
