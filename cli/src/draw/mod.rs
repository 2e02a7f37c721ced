//! Draws a graph: for graphviz, for Mermaid, as a picture, as a page. One file a form.

mod dot;
mod mermaid;
mod page;
mod svg;

use checkpointing_fingerprint::{Graph, GraphNode};
use serde::Serialize;
use std::collections::BTreeSet;

pub(crate) use dot::dot;
pub(crate) use mermaid::mermaid;
pub(crate) use page::page;
pub(crate) use svg::svg;

/// What is drawn.
pub(crate) struct Drawing<'g> {
    pub(crate) graph: &'g Graph,
    /// How each node stands to what is stored; empty where that is not known.
    pub(crate) changes: Vec<Change>,
}

/// How a node stands to what it was when the results were stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Change {
    Same,
    Changed,
    Added,
}

impl Drawing<'_> {
    /// The functions that it is about.
    fn roots(&self) -> BTreeSet<usize> {
        self.graph.functions.iter().map(|function| function.node).collect()
    }

    /// Edges between different nodes.
    fn edges(&self) -> impl Iterator<Item = (usize, usize)> {
        let nodes = self.graph.nodes.iter().enumerate();
        nodes.flat_map(|(from, node)| {
            node.refs.iter().map(move |&to| (from, to)).filter(|(from, to)| from != to)
        })
    }

    /// The colour of a node's border where it changed.
    fn border(&self, node: usize) -> Option<&'static str> {
        match self.changes.get(node) {
            Some(Change::Changed) => Some(CHANGED),
            Some(Change::Added) => Some(ADDED),
            _ => None,
        }
    }
}

const CHANGED: &str = "#d1242f";
const ADDED: &str = "#bf8700";

/// Each kind's colour: of the node in every form of drawing.
const COLORS: [(&str, &str); 11] = [
    ("fn", "#a5d8ff"),
    ("type", "#b2f2bb"),
    ("trait", "#d0bfff"),
    ("impl", "#eebefa"),
    ("const", "#ffec99"),
    ("static", "#ffd8a8"),
    ("macro", "#fcc2d7"),
    ("module", "#c5f6fa"),
    ("package", "#dee2e6"),
    ("file", "#e9e3d3"),
    ("opaque", "#ced4da"),
];

fn color(kind: &str) -> &'static str {
    COLORS.iter().find(|(name, _)| *name == kind).map_or("#ffffff", |(_, color)| color)
}

/// The end of a path that still says what it is: a method with its type.
fn short(node: &GraphNode) -> &str {
    let path = node.path.as_str();
    if matches!(node.kind, "package" | "file") {
        return path;
    }
    // `<A as b::C>::f` has `::` within.
    let mut starts = Vec::new();
    let mut nested = 0usize;
    for (index, character) in path.char_indices() {
        match character {
            '<' => nested += 1,
            '>' => nested = nested.saturating_sub(1),
            ':' if nested == 0 && path[index..].starts_with("::") => starts.push(index + 2),
            _ => {}
        }
    }
    let keep = usize::from(starts.last().is_some_and(|&last| {
        let before = starts.iter().rev().nth(1).copied().unwrap_or_default();
        path[before..last].starts_with(|first: char| first.is_uppercase() || first == '<')
    }));
    starts.iter().rev().nth(keep).map_or(path, |&start| &path[start..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_the_end_of_the_path_with_the_type_of_a_method() {
        let node = |kind, path: &str| GraphNode {
            kind,
            path: path.to_owned(),
            file: None,
            line: None,
            end_line: None,
            hash: String::new(),
            refs: Vec::new(),
            whole: false,
        };
        for (kind, path, label) in [
            ("fn", "a::b::f", "f"),
            ("fn", "a::b::Model::fit", "Model::fit"),
            ("fn", "a::b::<Model as c::Fit>::fit", "<Model as c::Fit>::fit"),
            ("impl", "a::b::<Model as c::Fit>", "<Model as c::Fit>"),
            ("type", "a::b::Model", "Model"),
            ("fn", "f", "f"),
            ("package", "serde 1.0.0", "serde 1.0.0"),
        ] {
            assert_eq!(short(&node(kind, path)), label);
        }
    }
}
