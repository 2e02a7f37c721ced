//! Hashes one node: an item's skeleton with what its references count as, a package's identity, a
//! file's bytes.

use super::{Framed, Hash};
use crate::ir::{ItemKind, MarkKind, Skeleton};
use crate::link::{ItemId, Node, Program};
use crate::walk::rust_files;

pub(crate) fn hash(program: &Program<'_>, node: Node) -> Hash {
    let mut out = Framed::new();
    match node {
        Node::Item(id) | Node::Definition(id) => item(program, id, &mut out),
        Node::Package(index) => {
            let package = &program.project.foreign[index];
            for part in ["package", &package.name, &package.version, &package.source, &package.checksum] {
                out.bytes(part.as_bytes());
            }
            for feature in &package.features {
                out.bytes(feature.as_bytes());
            }
        }
        Node::ProcMacro(index) => {
            let package = &program.project.packages[index];
            out.bytes(b"procedural macro");
            out.bytes(package.name.as_bytes());
            out.bytes(package.version.as_bytes());
            for feature in package.features.iter().chain(&package.unknown_features) {
                out.bytes(feature.as_bytes());
            }
            for (_, path) in rust_files(&package.directory) {
                out.bytes(tokens(&std::fs::read(path).unwrap_or_default()).as_bytes());
            }
        }
        Node::BuildScript(index) => {
            out.bytes(b"build script");
            if let Some(path) = &program.project.packages[index].build_script {
                out.bytes(tokens(&std::fs::read(path).unwrap_or_default()).as_bytes());
            }
        }
        Node::File(index) => {
            let file = program.included_file(index);
            out.bytes(b"file");
            out.bytes(&file.hash.unwrap_or_default());
        }
    }
    out.finish()
}

/// The tokens of a Rust file: comments and layout do not count. Text that is no Rust counts as it is.
fn tokens(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    match text.parse::<proc_macro2::TokenStream>() {
        Ok(tokens) => tokens.to_string(),
        Err(_) => text.into_owned(),
    }
}

fn item(program: &Program<'_>, id: ItemId, out: &mut Framed) {
    let item = program.code(id);
    out.bytes(kind_word(program, id).as_bytes());
    out.bytes(program.edition_of(id).as_bytes());
    let links = program.links(id);
    let mut pieces = item.skeleton.text.split(Skeleton::HOLE);
    out.bytes(pieces.next().unwrap_or_default().as_bytes());
    for (index, piece) in pieces.enumerate() {
        out.bytes(links.get(index).map_or("", |link| &link.text).as_bytes());
        out.bytes(piece.as_bytes());
    }
    for cfg in &item.unknown_cfgs {
        out.bytes(cfg.as_bytes());
    }
    // A macro that is not ours sees the item as it is written.
    if !item.whole && has_foreign_attribute(program, id) {
        out.bytes(&item.verbatim.0);
    }
}

fn has_foreign_attribute(program: &Program<'_>, id: ItemId) -> bool {
    let item = program.item(id);
    let ours = match item.mark.as_ref().map(|mark| &mark.kind) {
        Some(MarkKind::Attribute(reference, path)) => Some((*reference, path)),
        Some(MarkKind::Doc) | None => None,
    };
    let is_ours = ours.is_none_or(|(_, path)| program.is_our_mark(id, path));
    let own = ours.map(|(reference, _)| reference);
    !is_ours || item.attributes.iter().any(|&attribute| Some(attribute) != own)
}

pub(crate) fn kind_word(program: &Program<'_>, id: ItemId) -> &'static str {
    match program.head(id).kind {
        ItemKind::Fn(_) => "fn",
        ItemKind::Const { .. } => "const",
        ItemKind::Static { .. } => "static",
        ItemKind::Struct { .. }
        | ItemKind::Enum { .. }
        | ItemKind::Union { .. }
        | ItemKind::TypeAlias { .. } => "type",
        ItemKind::Trait { .. } | ItemKind::TraitAlias { .. } => "trait",
        ItemKind::Impl(_) => "impl",
        ItemKind::Mod(_) | ItemKind::Use(_) | ItemKind::ExternCrate { .. } => "module",
        ItemKind::Macro { .. } => "macro",
        ItemKind::MacroCall { .. }
        | ItemKind::Include(_)
        | ItemKind::ForeignMod { .. }
        | ItemKind::Opaque { .. } => "opaque",
    }
}

/// How a node is called where people read it. Holds no line numbers.
pub(crate) fn path(program: &Program<'_>, node: Node) -> String {
    match node {
        Node::Item(id) | Node::Definition(id) => program.path_of(id),
        Node::Package(index) => {
            let package = &program.project.foreign[index];
            format!("{} {}", package.name, package.version)
        }
        Node::ProcMacro(index) => program.project.packages[index].name.clone(),
        Node::BuildScript(index) => format!("{} build script", program.project.packages[index].name),
        Node::File(index) => program.included_file(index).path.display().to_string(),
    }
}
