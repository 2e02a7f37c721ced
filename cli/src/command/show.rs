//! `show`: prints what a function depends on, each item once, under what leads to it in the fewest steps.

use crate::arguments::{Format, Selection};
use crate::exit::Exit;
use crate::failure::Result;
use crate::names::{self, Found};
use crate::table::{self, Align, Column};
use crate::terminal::{DIM, HEADER, NAME, Terminal};
use crate::ways::Ways;
use checkpointing_fingerprint::GraphNode;
use clap::Args;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::Write;
use termtree::Tree;

#[derive(Args)]
pub(crate) struct Arguments {
    /// The function's path, or as much of its end as tells it from the others
    function: String,
    /// How many steps to follow
    #[arg(long, value_name = "STEPS", default_value_t = usize::MAX, hide_default_value = true)]
    depth: usize,
    /// The packages alone, and those that they need in turn
    #[arg(long)]
    packages: bool,
    /// The files alone
    #[arg(long, conflicts_with_all = ["packages", "depth"])]
    files: bool,
    #[command(flatten)]
    selection: Selection,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::default())]
    format: Format,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let graphs =
        names::graphs_with(&arguments.selection, std::slice::from_ref(&arguments.function), terminal)?;
    for found in names::find(&graphs, &arguments.function)? {
        if arguments.files {
            files(arguments, found, terminal)?;
        } else {
            items(arguments, found, terminal)?;
        }
    }
    Ok(Exit::Success)
}

#[derive(Serialize)]
struct Items<'g> {
    function: &'g str,
    fingerprint: &'g str,
    #[serde(rename = "items")]
    nearest_first: Vec<Item<'g>>,
}

#[derive(Serialize)]
struct Item<'g> {
    kind: &'g str,
    path: &'g str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'g str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    /// Steps from the function.
    depth: usize,
    /// Path of the item that leads to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    via: Option<&'g str>,
    hash: &'g str,
}

fn items(arguments: &Arguments, found: Found<'_>, terminal: &mut Terminal) -> Result<()> {
    let nodes = &found.graph.nodes;
    let ways = Ways::of(found.graph, found.function);
    let is_wanted = |node: usize| {
        node == ways.root()
            || ways.depth(node) <= arguments.depth && (!arguments.packages || nodes[node].kind == "package")
    };
    if arguments.format == Format::Json {
        let item = |&index: &usize| {
            let node = &nodes[index];
            Item {
                kind: node.kind,
                path: &node.path,
                file: node.file.as_deref(),
                line: node.line,
                depth: ways.depth(index),
                via: ways.before(index).map(|before| nodes[before].path.as_str()),
                hash: &node.hash,
            }
        };
        let nearest_first = ways.order().iter().filter(|&&node| is_wanted(node)).map(item).collect();
        let (function, fingerprint) = (found.path(), found.function.fingerprint.as_str());
        return terminal.json(&Items { function, fingerprint, nearest_first });
    }
    let mut below: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (node, children) in ways.below() {
        for child in children.into_iter().filter(|&child| is_wanted(child)) {
            // A package that an item leads to stands right under the function when only packages are shown.
            let parent = if is_wanted(node) { node } else { ways.root() };
            // What packages need in turn would bury the items.
            if arguments.packages || nodes[parent].kind != "package" {
                below.entry(parent).or_default().push(child);
            }
        }
    }
    let tree = tree(ways.root(), &below, &|node| label(terminal, &nodes[node], node == ways.root()));
    write!(terminal, "{tree}")?;
    writeln!(terminal, "\n{}", summary(found))?;
    Ok(())
}

fn tree(node: usize, below: &BTreeMap<usize, Vec<usize>>, label: &impl Fn(usize) -> String) -> Tree<String> {
    let leaves = below.get(&node).into_iter().flatten().map(|&child| tree(child, below, label));
    Tree::new(label(node)).with_leaves(leaves)
}

fn label(terminal: &Terminal, node: &GraphNode, is_root: bool) -> String {
    let style = if is_root { HEADER } else { NAME };
    let kind = terminal.paint(DIM, node.kind);
    let path = terminal.paint(style, &node.path);
    match place(node) {
        Some(place) if node.kind != "file" => format!("{kind} {path}  {}", terminal.paint(DIM, place)),
        _ => format!("{kind} {path}"),
    }
}

/// `file:line`, for those that have one.
pub(crate) fn place(node: &GraphNode) -> Option<String> {
    let file = node.file.as_ref()?;
    Some(node.line.map_or_else(|| file.clone(), |line| format!("{file}:{line}")))
}

/// How many items, files and packages there are, itself not counted.
fn summary(found: Found<'_>) -> String {
    let count = |wanted: fn(&str) -> bool| {
        let nodes = found.function.closure.iter().filter(|&node| node != found.function.node);
        nodes.filter(|&node| wanted(found.graph.nodes[node].kind)).count()
    };
    let counts = [
        (count(|kind| !matches!(kind, "package" | "file")), "item"),
        (count(|kind| kind == "file"), "file"),
        (count(|kind| kind == "package"), "package"),
    ];
    let told: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}{}", if *count == 1 { "" } else { "s" }))
        .collect();
    if told.is_empty() {
        "depends on nothing but itself".to_owned()
    } else {
        format!("depends on {}", told.join(", "))
    }
}

#[derive(Serialize)]
struct Files<'g> {
    function: &'g str,
    #[serde(rename = "files")]
    sorted: Vec<File<'g>>,
}

#[derive(Serialize)]
struct File<'g> {
    file: &'g str,
    /// How many items of it are reached; none of a file that is included as a whole.
    items: usize,
}

fn files(arguments: &Arguments, found: Found<'_>, terminal: &mut Terminal) -> Result<()> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for index in found.function.closure.iter() {
        let node = &found.graph.nodes[index];
        if let Some(file) = &node.file {
            *counts.entry(file).or_default() += usize::from(node.kind != "file");
        }
    }
    let sorted = counts.into_iter().map(|(file, items)| File { file, items }).collect();
    let files = Files { function: found.path(), sorted };
    if arguments.format == Format::Json {
        return terminal.json(&files);
    }
    let columns = [Column("file", Align::Left, NAME), Column("items", Align::Right, anstyle::Style::new())];
    let rows: Vec<Vec<String>> =
        files.sorted.iter().map(|file| vec![file.file.to_owned(), file.items.to_string()]).collect();
    table::print(terminal, &columns, &rows)
}
