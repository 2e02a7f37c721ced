//! `graph`: prints or draws nodes, references and closures.

use super::show::place;
use crate::arguments::Selection;
use crate::compare::{self, Comparison};
use crate::draw::{self, Change, Drawing};
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::names;
use crate::packages::Roots;
use crate::stores::{Contents, StoreArguments};
use crate::terminal::{DIM, HEADER, Terminal};
use crate::view::{Freshness, View};
use anyhow::Context;
use checkpointing_fingerprint::Graph;
use clap::{Args, ValueEnum};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Functions, by path or by as much of its end as tells it from the others; by default all marked ones
    functions: Vec<String>,
    /// Every function with a body outside of tests, as if it were marked
    #[arg(long, conflicts_with = "functions")]
    all: bool,
    /// File to write to, instead of the standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    store: StoreArguments,
    /// How to print or draw
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A function, and below it what it can reach
    Text,
    /// For programs, one object a package
    Json,
    /// For graphviz
    Dot,
    /// For Markdown on code hosts
    Mermaid,
    /// A picture
    Svg,
    /// A page to search and click in, alone in one file
    Html,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let graphs = graphs(arguments, terminal)?;
    let text = match arguments.format {
        Form::Text => graphs.iter().map(|graph| text(graph, terminal)).collect(),
        Form::Json => return json(arguments, &graphs, terminal),
        form => {
            if graphs.len() != 1 {
                return Err(Failure::usage(
                    format!("a drawing has one package, and these are {}", graphs.len()),
                    "name one with --package",
                ));
            }
            let stores = arguments.store.directories_of(&arguments.selection, &graphs);
            let view = View::new(graphs, Contents::read(stores, terminal));
            let drawing = Drawing { graph: &view.graphs[0], changes: changes(&view) };
            match form {
                Form::Dot => draw::dot(&drawing),
                Form::Mermaid => draw::mermaid(&drawing),
                Form::Svg => {
                    let spinner = terminal.spinner("drawing");
                    let picture = draw::svg(&drawing);
                    spinner.finish_and_clear();
                    picture?
                }
                _ => draw::page(&drawing)?,
            }
        }
    };
    match &arguments.output {
        Some(path) => {
            std::fs::write(path, text).with_context(|| format!("{}: cannot be written", path.display()))?;
            terminal.note(&format!("wrote {}", path.display()));
        }
        None => terminal.write_all(text.as_bytes())?,
    }
    Ok(Exit::Success)
}

/// An object a package. The closures of a big package fill gigabytes: nothing is gathered first.
fn json(arguments: &Arguments, graphs: &[Graph], terminal: &mut Terminal) -> Result<Exit> {
    let write = |out: &mut dyn std::io::Write| -> std::io::Result<()> {
        let mut out = std::io::BufWriter::with_capacity(1 << 16, out);
        for graph in graphs {
            serde_json::to_writer(&mut out, graph)?;
            out.write_all(b"\n")?;
        }
        out.flush()
    };
    match &arguments.output {
        Some(path) => {
            let written = std::fs::File::create(path).and_then(|mut file| write(&mut file));
            written.with_context(|| format!("{}: cannot be written", path.display()))?;
            terminal.note(&format!("wrote {}", path.display()));
        }
        None => write(terminal)?,
    }
    Ok(Exit::Success)
}

/// How the nodes stand to what is stored; empty where nothing says it.
fn changes(view: &View) -> Vec<Change> {
    let mut is_known = false;
    let mut changes = vec![Change::Same; view.graphs[0].nodes.len()];
    for (found, state) in view.functions() {
        is_known |= state.freshness != Freshness::NotStored;
        let compared = Comparison::of(found, &state).and_then(|comparison| comparison.changes);
        let (other, new) = compared.map(|compared| compare::nodes(found, &compared)).unwrap_or_default();
        for node in other {
            changes[node] = Change::Changed;
        }
        for node in new {
            changes[node] = Change::Added;
        }
    }
    if is_known { changes } else { Vec::new() }
}

fn graphs(arguments: &Arguments, terminal: &Terminal) -> Result<Vec<Graph>> {
    if arguments.functions.is_empty() {
        let roots = if arguments.all { Roots::All } else { Roots::Marked };
        return match arguments.format {
            // The notes are in it.
            Form::Json => arguments.selection.load_silently(roots, terminal),
            _ => arguments.selection.load(roots, terminal),
        };
    }
    let graphs = names::graphs_with(&arguments.selection, &arguments.functions, terminal)?;
    let mut wanted: BTreeSet<String> = BTreeSet::new();
    for name in &arguments.functions {
        wanted.extend(names::find(&graphs, name)?.iter().map(|found| found.path().to_owned()));
    }
    let parts = graphs.into_iter().map(|graph| part(graph, &wanted));
    Ok(parts.filter(|graph| !graph.functions.is_empty()).collect())
}

/// The graph of these functions alone.
fn part(mut graph: Graph, names: &BTreeSet<String>) -> Graph {
    let mut functions = std::mem::take(&mut graph.functions);
    functions.retain(|function| names.contains(&graph.nodes[function.node].path));
    let wanted: BTreeSet<usize> = functions.iter().map(|function| function.node).collect();
    let kept: BTreeSet<usize> = functions.iter().flat_map(|function| function.closure.iter()).collect();
    // In the order of the graph, so that what was sorted stays so.
    let index: BTreeMap<usize, usize> = kept.iter().enumerate().map(|(new, &old)| (old, new)).collect();
    let renumber = |list: &[usize]| list.iter().filter_map(|old| index.get(old).copied()).collect();
    for function in &mut functions {
        function.node = index[&function.node];
        function.closure = function.closure.iter().filter_map(|old| index.get(&old).copied()).collect();
    }
    let nodes = std::mem::take(&mut graph.nodes).into_iter().enumerate();
    let nodes = nodes.filter(|(old, _)| kept.contains(old)).map(|(_, mut node)| {
        node.refs = renumber(&node.refs);
        node
    });
    graph.nodes = nodes.collect();
    graph.lints.retain(|lint| wanted.contains(&lint.function));
    for lint in &mut graph.lints {
        lint.function = index[&lint.function];
        lint.path = renumber(&lint.path);
    }
    graph.functions = functions;
    graph
}

/// A function a line, and below it what it can reach.
fn text(graph: &Graph, terminal: &Terminal) -> String {
    let mut out = String::new();
    for function in &graph.functions {
        let node = &graph.nodes[function.node];
        let fingerprint = terminal.paint(DIM, &function.fingerprint[..12]);
        // Writing to a string does not fail.
        let _ = writeln!(out, "{} {fingerprint}", terminal.paint(HEADER, &node.path));
        for index in function.closure.iter().filter(|&index| index != function.node) {
            let node = &graph.nodes[index];
            let place = place(node).map_or(String::new(), |place| format!("  {place}"));
            let _ = writeln!(out, "    {} {}{}", node.kind, node.path, terminal.paint(DIM, place));
        }
    }
    out
}
