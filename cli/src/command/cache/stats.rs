//! `cache stats`: counts what is stored of each function, and what programs counted of its calls.

use crate::arguments::Format;
use crate::exit::Exit;
use crate::failure::Result;
use crate::stores::{Contents, StoreArguments};
use crate::table::{self, Align, Column};
use crate::terminal::{self, NAME, Terminal};
use anstyle::Style;
use checkpointing::{Fingerprint, FunctionStats, Store};
use clap::Args;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::time::Duration;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    store: StoreArguments,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::default())]
    format: Format,
}

/// One line of the JSON form.
#[derive(Default, Serialize)]
struct Row<'a> {
    function: &'a str,
    entries: usize,
    /// How many different codes computed them.
    fingerprints: usize,
    bytes: u64,
    /// How long computing them took, in seconds.
    took: f64,
    /// Results that were returned, as far as programs counted them.
    hits: u64,
    /// Of these, those of another code that was accepted.
    accepted: u64,
    /// Runs because there was no result, and runs that were asked for.
    misses: u64,
    reruns: u64,
    /// How long computing had taken what hits returned, in seconds.
    saved: f64,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let stores = arguments.store.directories();
    let contents = Contents::told(&stores, terminal);
    let counted: Vec<BTreeMap<String, FunctionStats>> =
        stores.iter().map(Store::recorded).collect::<std::result::Result<_, _>>()?;
    let mut rows: BTreeMap<&str, (Row<'_>, BTreeSet<Fingerprint>)> = BTreeMap::new();
    for kept in &contents.entries {
        let header = &kept.entry.header;
        let (row, codes) = rows.entry(&header.function).or_default();
        codes.insert(header.fingerprint);
        row.entries += 1;
        row.bytes += kept.entry.size;
        row.took += header.took.as_secs_f64();
    }
    for (function, stats) in counted.iter().flatten() {
        let (row, _) = rows.entry(function).or_default();
        row.hits += stats.hits;
        row.accepted += stats.accepted;
        row.misses += stats.misses;
        row.reruns += stats.reruns;
        row.saved += stats.saved.as_secs_f64();
    }
    let rows =
        rows.into_iter().map(|(function, (row, codes))| Row { function, fingerprints: codes.len(), ..row });
    let rows: Vec<Row<'_>> = rows.collect();
    if arguments.format == Format::Json {
        rows.iter().try_for_each(|row| terminal.json(row))?;
        return Ok(Exit::Success);
    }
    let number = |name| Column(name, Align::Right, Style::new());
    let columns = [
        Column("function", Align::Left, NAME),
        number("entries"),
        number("codes"),
        number("bytes"),
        number("computed in"),
        number("hits"),
        number("misses"),
        number("saved"),
    ];
    let took = |seconds: f64| terminal::took(Duration::from_secs_f64(seconds));
    let cells = rows.iter().map(|row| {
        vec![
            row.function.to_owned(),
            row.entries.to_string(),
            row.fingerprints.to_string(),
            terminal::bytes(row.bytes),
            took(row.took),
            row.hits.to_string(),
            (row.misses + row.reruns).to_string(),
            took(row.saved),
        ]
    });
    table::print(terminal, &columns, &cells.collect::<Vec<_>>())?;
    let bytes = rows.iter().map(|row| row.bytes).sum();
    let entries = super::counted(contents.entries.len(), "entry", "entries");
    let saved = took(rows.iter().map(|row| row.saved).sum());
    writeln!(terminal, "\n{entries}, {}, {saved} saved", terminal::bytes(bytes))?;
    Ok(Exit::Success)
}
