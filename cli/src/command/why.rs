//! `why`: prints what changed since a function's results were stored, and by which way it is reached.

use crate::arguments::{Compared, Format};
use crate::compare::{self, Comparison};
use crate::exit::Exit;
use crate::failure::Result;
use crate::names::{self, Found, Titles};
use crate::packages::Roots;
use crate::source;
use crate::terminal::{self, DIM, HEADER, NAME, Terminal};
use crate::view::Freshness;
use crate::ways::Ways;
use anstyle::{AnsiColor, Style};
use checkpointing_closure::Item;
use clap::Args;
use serde::Serialize;
use std::io::Write;
use std::time::SystemTime;

const REMOVED: Style = AnsiColor::Red.on_default();
const ADDED: Style = AnsiColor::Green.on_default();

#[derive(Args)]
pub(crate) struct Arguments {
    /// Functions, by path or by as much of its end as tells it from the others; by default all marked ones
    functions: Vec<String>,
    #[command(flatten)]
    compared: Compared,
}

/// One line of the JSON form: a function.
#[derive(Serialize)]
struct Row<'g> {
    package: &'g str,
    function: &'g str,
    file: Option<&'g str>,
    line: Option<u32>,
    state: Freshness,
    #[serde(skip_serializing_if = "Option::is_none")]
    stored: Option<String>,
    /// With which the results were stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint_before: Option<String>,
    fingerprint: &'g str,
    /// None where the store does not say what the code was.
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<Vec<Change<'g>>>,
    #[serde(skip)]
    accepted: Option<SystemTime>,
}

/// An item that differs.
#[derive(Serialize)]
pub(super) struct Change<'g> {
    /// `changed`, `added` or `removed`.
    #[serde(rename = "change")]
    how: &'static str,
    /// With the versions of packages and the place of items.
    item: String,
    kind: String,
    path: String,
    /// From the function to the item; empty for what was removed.
    way: Vec<&'g str>,
    /// The commit that the lines are compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    lines: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let view = arguments.compared.view(Roots::Marked, terminal)?;
    let titles = Titles::new(&view.graphs);
    let mut wanted = Vec::new();
    for name in &arguments.functions {
        wanted.extend(names::find_marked(&view.graphs, name, &arguments.compared.selection, terminal)?);
    }
    let is_named = !wanted.is_empty();
    if !is_named {
        wanted.extend(Found::once(&view.graphs));
    }
    let mut told = 0;
    for found in wanted {
        let state = view.state(found);
        // Asked of all functions, the answer is about those that changed.
        if !is_named && state.freshness != Freshness::Changed {
            continue;
        }
        let comparison = Comparison::of(found, &state);
        let row = Row {
            package: &found.graph.package,
            function: found.path(),
            file: found.node().file.as_deref(),
            line: found.node().line,
            state: state.freshness,
            stored: comparison.as_ref().map(|comparison| terminal::date(comparison.stored)),
            fingerprint_before: comparison.as_ref().map(|comparison| comparison.fingerprint.to_string()),
            fingerprint: &found.function.fingerprint,
            changes: comparison.as_ref().and_then(|comparison| changes(found, comparison)),
            accepted: state.accepted.last().map(|accepted| accepted.since),
        };
        match arguments.compared.format {
            Format::Json => terminal.json(&row)?,
            Format::Text => {
                if told > 0 {
                    writeln!(terminal)?;
                }
                text(&row, &titles.whole(found), comparison.as_ref(), terminal)?;
            }
        }
        told += 1;
    }
    if told == 0 && arguments.compared.format == Format::Text {
        writeln!(terminal, "No function changed since its results were stored.")?;
    }
    Ok(Exit::Success)
}

pub(super) fn changes<'g>(found: Found<'g>, comparison: &Comparison) -> Option<Vec<Change<'g>>> {
    let all = comparison.changes.as_ref()?;
    let ways = Ways::of(found.graph, found.function);
    let present = |how: &'static str, item: &Item, text: String| {
        let node = compare::node(found, item);
        let difference = node.filter(|_| how == "changed").and_then(|node| {
            source::difference(&found.graph.directory, &found.graph.nodes[node], comparison.stored)
        });
        let (since, lines) = difference.map(|difference| (difference.commit, difference.lines)).unzip();
        let way = node.map(|node| ways.to(node)).unwrap_or_default();
        Change {
            how,
            item: text,
            kind: item.kind.clone(),
            path: item.path.clone(),
            way: way.into_iter().map(|node| found.graph.nodes[node].path.as_str()).collect(),
            since,
            lines: lines.unwrap_or_default(),
        }
    };
    let changed = all.changed.iter().map(|change| present("changed", &change.after, change.to_string()));
    let added = all.added.iter().map(|item| present("added", item, item.to_string()));
    let removed = all.removed.iter().map(|item| present("removed", item, item.to_string()));
    Some(changed.chain(added).chain(removed).collect())
}

fn text(
    row: &Row<'_>,
    function: &str,
    comparison: Option<&Comparison>,
    terminal: &mut Terminal,
) -> Result<()> {
    let function = terminal.paint(HEADER, function);
    let Some(comparison) = comparison else {
        let said = match row.state {
            Freshness::NotStored => "nothing is stored",
            _ => "its stored results are those of its code",
        };
        writeln!(terminal, "{function}: {said}")?;
        return Ok(());
    };
    let ago = terminal::ago(comparison.stored);
    let accepted = match row.accepted {
        Some(since) => format!(", and its results are accepted ({})", terminal::ago(since)),
        None => String::new(),
    };
    writeln!(terminal, "{function} changed since its last result was stored ({ago}){accepted}")?;
    match &row.changes {
        None => writeln!(terminal, "  the store does not have what it consisted of then")?,
        Some(changes) if changes.is_empty() => {
            writeln!(terminal, "  the same items, which refer to each other in another way")?;
        }
        Some(changes) => changes.iter().try_for_each(|change| told(change, terminal))?,
    }
    Ok(())
}

pub(super) fn told(change: &Change<'_>, terminal: &mut Terminal) -> Result<()> {
    let item = terminal.paint(NAME, &change.item);
    writeln!(terminal, "  {} {item}", change.how)?;
    if change.way.len() > 1 {
        let way = terminal.paint(DIM, change.way.join(" -> "));
        writeln!(terminal, "    by {way}")?;
    }
    if let Some(commit) = &change.since {
        writeln!(terminal, "    since commit {commit}:")?;
    }
    for line in &change.lines {
        let style = if line.starts_with('-') { REMOVED } else { ADDED };
        writeln!(terminal, "    {}", terminal.paint(style, line))?;
    }
    Ok(())
}
