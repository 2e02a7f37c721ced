//! Flattens `use` trees to one leaf a name.

use super::names::Names;
use crate::ir::{Anchor, Import, Name, UseLeaf};
use syn::{UseGlob, UseGroup, UseName, UsePath, UseRename, UseTree};

pub(super) fn leaves(names: &mut Names, global: bool, tree: &UseTree) -> Vec<UseLeaf> {
    let mut out = Vec::new();
    walk(names, global, tree, &mut Vec::new(), &mut out);
    out
}

fn walk(names: &mut Names, global: bool, tree: &UseTree, path: &mut Vec<Name>, out: &mut Vec<UseLeaf>) {
    match tree {
        UseTree::Path(UsePath { ident, colon2_token: _, tree }) => {
            let name = names.ident(ident);
            path.push(name);
            walk(names, global, tree, path, out);
            path.pop();
        }
        UseTree::Name(UseName { ident }) => {
            let name = names.ident(ident);
            leaf(names, global, path, Some(name), None, out);
        }
        UseTree::Rename(UseRename { ident, as_token: _, rename }) => {
            let name = names.ident(ident);
            let rename = if rename == "_" { Import::Unnamed } else { Import::Named(names.ident(rename)) };
            leaf(names, global, path, Some(name), Some(rename), out);
        }
        UseTree::Glob(UseGlob { star_token: _ }) => {
            leaf(names, global, path, None, Some(Import::Glob), out);
        }
        UseTree::Group(UseGroup { brace_token: _, items }) => {
            for item in items {
                walk(names, global, item, path, out);
            }
        }
    }
}

fn leaf(
    names: &mut Names,
    global: bool,
    path: &[Name],
    last: Option<Name>,
    import: Option<Import>,
    out: &mut Vec<UseLeaf>,
) {
    let mut segments = path.to_vec();
    // `a::{self}` names the module alone; a `self` in front is an anchor.
    let selves = last.is_some_and(|last| names.get(last) == "self") && !path.is_empty();
    if !selves {
        segments.extend(last);
    }
    let (mut anchor, mut consumed) = (Anchor::Plain, 0);
    if global {
        anchor = Anchor::Global;
    } else {
        match segments.first().map(|first| names.get(*first)) {
            Some("crate" | "$crate") => (anchor, consumed) = (Anchor::Crate, 1),
            Some("self" | "super") => {
                let words: Vec<&str> = segments.iter().map(|name| names.get(*name)).collect();
                consumed = words.iter().take_while(|word| matches!(**word, "self" | "super")).count();
                let supers = words.iter().take(consumed).filter(|word| **word == "super").count();
                anchor = Anchor::Super(supers as u32);
            }
            _ => {}
        }
    }
    segments.drain(..consumed);
    let import = match (import, segments.last().copied()) {
        (Some(Import::Named(name)), _) if selves => Import::SelfNamed(name),
        (Some(import), _) => import,
        (None, Some(name)) if selves => Import::SelfNamed(name),
        (None, Some(name)) => Import::Named(name),
        // `use crate::{self}` and the like bind nothing that could be named.
        (None, None) => Import::Unnamed,
    };
    out.push(UseLeaf { anchor, segments, import });
}

/// What the leaves bring into a block.
pub(super) struct Imported {
    pub names: Vec<Name>,
    pub globs: bool,
}

pub(super) fn imported(leaves: &[UseLeaf]) -> Imported {
    let mut imported = Imported { names: Vec::new(), globs: false };
    for leaf in leaves {
        match leaf.import {
            // A module alone hides no local.
            Import::SelfNamed(_) | Import::Unnamed => {}
            Import::Named(name) => imported.names.push(name),
            Import::Glob => imported.globs = true,
        }
    }
    imported
}
