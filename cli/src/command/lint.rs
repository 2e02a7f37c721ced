//! `lint`: prints what marked functions reach that a stored result does not notice.

use crate::arguments::{Format, Selection};
use crate::exit::Exit;
use crate::failure::Result;
use crate::names;
use crate::packages::Roots;
use crate::terminal::{DIM, NAME, Terminal};
use checkpointing_fingerprint::{Graph, GraphLint};
use clap::Args;
use serde::Serialize;
use std::collections::BTreeSet;
use std::io::Write;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Functions, by path or by as much of its end as tells it from the others; by default all marked ones
    functions: Vec<String>,
    /// Those too that a mark allows
    #[arg(long)]
    allowed: bool,
    #[command(flatten)]
    selection: Selection,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::default())]
    format: Format,
}

/// One line of the JSON form.
#[derive(Serialize)]
struct Row<'g> {
    package: &'g str,
    function: &'g str,
    kind: &'g str,
    what: &'g str,
    file: &'g str,
    line: u32,
    /// From the function to the item that holds the place.
    way: Vec<&'g str>,
    allowed: bool,
}

impl<'g> Row<'g> {
    fn of(graph: &'g Graph, lint: &'g GraphLint) -> Self {
        let path = |&node: &usize| graph.nodes[node].path.as_str();
        Row {
            package: &graph.package,
            function: path(&lint.function),
            kind: lint.kind,
            what: &lint.what,
            file: &lint.file,
            line: lint.line,
            way: lint.path.iter().map(path).collect(),
            allowed: lint.allowed,
        }
    }
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let graphs = arguments.selection.load(Roots::Marked, terminal)?;
    let mut wanted: BTreeSet<&str> = BTreeSet::new();
    for name in &arguments.functions {
        let found = names::find_marked(&graphs, name, &arguments.selection, terminal)?;
        wanted.extend(found.iter().map(names::Found::path));
    }
    let lints = graphs.iter().flat_map(|graph| graph.lints.iter().map(move |lint| Row::of(graph, lint)));
    let is_wanted = |row: &Row<'_>| {
        (wanted.is_empty() || wanted.contains(row.function)) && (arguments.allowed || !row.allowed)
    };
    let rows: Vec<Row<'_>> = lints.filter(is_wanted).collect();
    for row in &rows {
        match arguments.format {
            Format::Json => terminal.json(row)?,
            Format::Text => {
                let place = terminal.paint(DIM, format!("{}:{}", row.file, row.line));
                let function = terminal.paint(NAME, row.function);
                let allowed = if row.allowed { " (allowed)" } else { "" };
                writeln!(terminal, "{place}: {function} reaches {} ({}){allowed}", row.what, row.kind)?;
                if row.way.len() > 1 {
                    writeln!(terminal, "    by {}", row.way.join(" -> "))?;
                }
            }
        }
    }
    if rows.is_empty() && arguments.format == Format::Text {
        writeln!(terminal, "Nothing that a stored result does not notice.")?;
    }
    Ok(if rows.iter().any(|row| !row.allowed) { Exit::Found } else { Exit::Success })
}
