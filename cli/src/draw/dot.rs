//! Writes the language of graphviz.

use super::{Drawing, color, short};
use crate::command::show::place;
use std::fmt::Write;

pub(crate) fn dot(drawing: &Drawing<'_>) -> String {
    let roots = drawing.roots();
    let mut out = format!(
        "digraph {} {{\n  rankdir=LR;\n  node [shape=box, style=filled, fontname=\"sans-serif\", fontsize=11];\n",
        quoted(&drawing.graph.package)
    );
    for (index, node) in drawing.graph.nodes.iter().enumerate() {
        let mut label = short(node).to_owned();
        if let Some(place) = place(node).filter(|place| *place != label) {
            label = format!("{label}\n{place}");
        }
        // Writing to a string does not fail.
        let _ = write!(out, "  n{index} [label={}, fillcolor={:?}", quoted(&label), color(node.kind));
        if let Some(border) = drawing.border(index) {
            let _ = write!(out, ", color={border:?}, penwidth=2");
        } else if roots.contains(&index) {
            out.push_str(", penwidth=2");
        }
        out.push_str("];\n");
    }
    for (from, to) in drawing.edges() {
        let _ = writeln!(out, "  n{from} -> n{to};");
    }
    out.push_str("}\n");
    out
}

/// As graphviz reads it: `\n` is a new line, and only `"` and `\` need care.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}
