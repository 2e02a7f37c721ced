//! Writes the language of Mermaid, which code hosts draw in Markdown.

use super::{ADDED, CHANGED, COLORS, Change, Drawing, short};
use crate::command::show::place;
use std::fmt::Write;

pub(crate) fn mermaid(drawing: &Drawing<'_>) -> String {
    let mut out = String::from("flowchart LR\n");
    for (index, node) in drawing.graph.nodes.iter().enumerate() {
        let mut label = escaped(short(node));
        if let Some(place) = place(node).filter(|place| *place != node.path) {
            // Writing to a string does not fail.
            let _ = write!(label, "<br/>{}", escaped(&place));
        }
        // `class` and the like are words of the language: a prefix keeps kinds apart from them.
        let _ = writeln!(out, "  n{index}[\"{label}\"]:::kind_{}", node.kind);
    }
    for (from, to) in drawing.edges() {
        let _ = writeln!(out, "  n{from} --> n{to}");
    }
    for (kind, color) in COLORS {
        if drawing.graph.nodes.iter().any(|node| node.kind == kind) {
            let _ = writeln!(out, "  classDef kind_{kind} fill:{color},stroke:#868e96,color:#212529");
        }
    }
    for (change, color) in [(Change::Changed, CHANGED), (Change::Added, ADDED)] {
        let changed = drawing.changes.iter().enumerate().filter(|(_, found)| **found == change);
        for (index, _) in changed {
            let _ = writeln!(out, "  style n{index} stroke:{color},stroke-width:3px");
        }
    }
    let roots: Vec<String> = drawing.roots().iter().map(|root| format!("n{root}")).collect();
    if !roots.is_empty() {
        let _ = writeln!(out, "  classDef root font-weight:bold\n  class {} root", roots.join(","));
    }
    out
}

/// Entities, since `<` begins HTML there and `"` ends the label.
fn escaped(text: &str) -> String {
    text.replace('&', "#amp;").replace('"', "#quot;").replace('<', "#lt;").replace('>', "#gt;")
}
