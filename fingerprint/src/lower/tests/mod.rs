//! Tests the lowering of files: what counts as the same code, what is recorded, and that nothing
//! makes it fail.

mod facts;
mod robust;
mod skeletons;
mod soup;

use super::{CfgEnv, Edition, Settings, lower};
use crate::ir::{self, ItemKind, Ref, Skeleton};
use std::fmt::Write as _;

fn settings() -> Settings {
    let mut cfg = CfgEnv::well_known();
    cfg.known.insert("unix".to_owned(), std::collections::BTreeSet::new());
    cfg.features.insert("on".to_owned());
    Settings { edition: Edition::E2021, cfg, ..Settings::default() }
}

fn file(source: &str) -> ir::File {
    lower(source, &settings())
}

/// The first item with this name.
fn item<'f>(file: &'f ir::File, name: &str) -> &'f ir::Item {
    let is = |item: &&ir::Item| item.name.is_some_and(|found| file.names[found.0 as usize] == name);
    file.items.iter().find(is).unwrap_or_else(|| panic!("no item {name}"))
}

/// The skeleton with its references written out.
fn rendered(file: &ir::File, skeleton: &Skeleton) -> String {
    let name = |name: &ir::Name| file.names[name.0 as usize].clone();
    let mut refs = skeleton.refs.iter();
    let mut out = String::new();
    let write = |out: &mut String, reference: &Ref| {
        let _ = match reference {
            Ref::Path(path) => {
                let segments: Vec<String> = path.segments.iter().map(name).collect();
                let doubt = if path.uncertain { "?" } else { "" };
                write!(out, "<{:?}{doubt} {:?} {}>", path.namespace, path.anchor, segments.join("::"))
            }
            Ref::Method { name: method, receiver, .. } => {
                write!(out, "<method {} {}>", name(method), receiver.is_some())
            }
            other => write!(out, "<{other:?}>"),
        };
    };
    for c in skeleton.text.chars() {
        if c == Skeleton::HOLE {
            write(&mut out, refs.next().expect("a reference for each hole"));
        } else {
            out.push(c);
        }
    }
    for reference in refs {
        out.push_str(" silent");
        write(&mut out, reference);
    }
    out
}

/// The skeleton of the first item that is neither a module nor an import.
fn skeleton(source: &str) -> String {
    let file = file(source);
    assert!(file.notes.is_empty(), "{source}: {:?}", file.notes);
    let item = file
        .root
        .iter()
        .map(|index| &file.items[index.0 as usize])
        .find(|item| !matches!(item.kind, ItemKind::Use(_) | ItemKind::Mod(_)))
        .unwrap_or_else(|| panic!("no item in {source}"));
    rendered(&file, &item.skeleton)
}
