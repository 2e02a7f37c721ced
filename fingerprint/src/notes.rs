//! Lists what could not be analysed and counts with all its text, and why. What a lint says is not here.

use crate::ir::{ItemKind, Ref, RefIdx};
use crate::link::{ItemId, Node, Program};
use crate::pass::Pass;
use std::collections::BTreeMap;

/// File, relative to the package, line and message.
type Said = (String, u32, String);

/// What the files and these nodes have to say, and whether it is about a call in good code.
pub(crate) fn notes(
    pass: &Pass,
    program: &Program<'_>,
    nodes: impl Iterator<Item = Node>,
) -> BTreeMap<Said, bool> {
    let project = &pass.project;
    let mut found: BTreeMap<Said, bool> = BTreeMap::new();
    for file in &pass.sources.files {
        for note in &file.lowered.notes {
            found.insert((project.relative(&file.path), note.line, note.message.clone()), false);
        }
    }
    for missing in &pass.missing {
        found.insert((project.relative(&missing.file), missing.line, missing.message.clone()), false);
    }
    for node in nodes {
        let Node::Item(id) = node else { continue };
        let file = program.file_from_root(id);
        let calls = unread(program, id).into_iter();
        found.extend(calls.map(|(line, message)| ((file.clone(), line, message), true)));
    }
    found
}

/// What of an item was not read, and the lines.
fn unread(program: &Program<'_>, id: ItemId) -> Vec<(u32, String)> {
    let item = program.item(id);
    match &item.kind {
        ItemKind::MacroCall { .. } if program.expanded(id).is_some() => Vec::new(),
        ItemKind::MacroCall { path, .. } => {
            let name = name_of(program, id, *path);
            vec![(
                item.place.line,
                format!("`{name}!` is not expanded: it may define anything, and all its tokens count"),
            )]
        }
        ItemKind::Include(_) if !program.is_included(id) => {
            vec![(
                item.place.line,
                String::from("the included file is not known: the build script stands for it"),
            )]
        }
        ItemKind::Opaque { .. } => {
            vec![(item.place.line, String::from("tokens that cannot be read count as they are"))]
        }
        _ => {
            let line = |path: RefIdx| item.skeleton.lines.get(path.0 as usize).copied();
            let calls = item.calls.iter().map(|call| {
                let name = name_of(program, id, call.path);
                let line = line(call.path).unwrap_or(item.place.line);
                (line, format!("`{name}!` is not expanded: every name among its tokens counts"))
            });
            calls.collect()
        }
    }
}

fn name_of(program: &Program<'_>, id: ItemId, path: RefIdx) -> String {
    match program.reference(id, path) {
        Ref::Path(path) | Ref::Expanded(path) => {
            let words = path.segments.iter().map(|name| program.text(program.sym(id, *name)));
            words.collect::<Vec<_>>().join("::")
        }
        _ => String::from("a macro"),
    }
}
