//! Fills the page: style, script, libraries and graph in one file that needs nothing else.

use super::{ADDED, CHANGED, COLORS, Change, Drawing, short};
use crate::failure::Result;
use checkpointing_fingerprint::Graph;
use serde::Serialize;
use std::collections::BTreeMap;

const PAGE: &str = include_str!("../../assets/graph.html");
const STYLE: &str = include_str!("../../assets/graph.css");
const SCRIPT: &str = include_str!("../../assets/graph.js");
/// Each needs those before it. `assets/vendor.sh` brings them.
const LIBRARIES: [&str; 4] = [
    include_str!("../../assets/vendor/cytoscape/cytoscape.min.js"),
    include_str!("../../assets/vendor/layout-base/layout-base.js"),
    include_str!("../../assets/vendor/cose-base/cose-base.js"),
    include_str!("../../assets/vendor/cytoscape-fcose/cytoscape-fcose.js"),
];

#[derive(Serialize)]
struct Data<'g> {
    graph: &'g Graph,
    /// What is written on each node.
    labels: Vec<&'g str>,
    changes: &'g [Change],
    colors: BTreeMap<&'static str, &'static str>,
    borders: BTreeMap<&'static str, &'static str>,
}

pub(crate) fn page(drawing: &Drawing<'_>) -> Result<String> {
    let data = Data {
        graph: drawing.graph,
        labels: drawing.graph.nodes.iter().map(short).collect(),
        changes: &drawing.changes,
        colors: COLORS.into(),
        borders: [("changed", CHANGED), ("added", ADDED)].into(),
    };
    let data = within_script(&serde_json::to_string(&data)?);
    let libraries: Vec<String> =
        LIBRARIES.iter().map(|library| format!("<script>{}</script>", within_script(library))).collect();
    let package = drawing.graph.package.replace('&', "&amp;").replace('<', "&lt;");
    let parts = [
        ("title", package),
        ("style", STYLE.into()),
        ("libraries", libraries.join("\n")),
        ("data", data),
        ("script", SCRIPT.into()),
    ];
    // One part after the other, so that nothing in a part is taken for the place of another.
    let mut page =
        String::with_capacity(PAGE.len() + parts.iter().map(|(_, text)| text.len()).sum::<usize>());
    let mut rest = PAGE;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").unwrap_or((after, ""));
        page.push_str(before);
        page.push_str(parts.iter().find(|(part, _)| *part == name).map_or("", |(_, text)| text));
        rest = after;
    }
    page.push_str(rest);
    Ok(page)
}

/// Nothing in it ends the element that it stands in. In JSON and in JavaScript's strings, `\/` is `/`.
fn within_script(text: &str) -> String {
    text.replace("</", "<\\/").replace("<!--", "<\\!--")
}
