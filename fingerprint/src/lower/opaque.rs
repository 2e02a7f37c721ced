//! Takes a whole file as one item when it cannot be parsed.

use super::names::Names;
use super::verbatim::Flat;
use super::writer::Writer;
use crate::ir;

pub(super) fn file(source: &str, flat: &Flat, line: u32, message: &str) -> ir::File {
    let mut names = Names::default();
    let mut idents = Vec::new();
    // Words in strings are among them: more names than there are do no harm.
    for word in flat.text().split(|c: char| c != '_' && !c.is_alphanumeric()) {
        if word.starts_with(|c: char| c == '_' || c.is_alphabetic()) {
            idents.push(names.text(word));
        }
    }
    idents.sort_by(|a, b| names.get(*a).cmp(names.get(*b)));
    idents.dedup();
    let mut writer = Writer::default();
    writer.foreign(flat.text());
    let item = ir::Item {
        kind: ir::ItemKind::Opaque { idents },
        name: None,
        place: ir::Place {
            line: 1,
            column: 1,
            start_line: 1,
            end_line: source.lines().count().max(1) as u32,
        },
        visibility: ir::Visibility::Private,
        world: ir::World::Any,
        unknown_cfgs: Vec::new(),
        mark: None,
        attributes: Vec::new(),
        verbatim: ir::Hash::of(flat.text().as_bytes()),
        whole: true,
        unread: true,
        skeleton: writer.finish(true, &names),
        body: ir::Body::default(),
        calls: Vec::new(),
    };
    ir::File {
        names: names.into_list(),
        items: vec![item],
        root: vec![ir::ItemIdx(0)],
        no_implicit_prelude: false,
        trusted_macros: Vec::new(),
        notes: vec![ir::Note { line, message: message.to_owned() }],
        outlines: ir::Hash::default(),
    }
}
