//! `cache stats`: counts what is stored of each function.

use crate::arguments::Format;
use crate::exit::Exit;
use crate::failure::Result;
use crate::stores::{Contents, StoreArguments};
use crate::table::{self, Align, Column};
use crate::terminal::{self, NAME, Terminal};
use anstyle::Style;
use clap::Args;
use serde::Serialize;
use std::collections::BTreeMap;
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
#[derive(Serialize)]
struct Row<'a> {
    function: &'a str,
    entries: usize,
    /// How many different codes computed them.
    fingerprints: usize,
    bytes: u64,
    /// How long computing them took, in seconds.
    took: f64,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let stores = arguments.store.directories();
    let contents = Contents::read(&stores, terminal);
    contents.warn(terminal);
    let mut functions: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for kept in &contents.entries {
        functions.entry(&kept.entry.header.function).or_default().push(&kept.entry);
    }
    let rows = functions.iter().map(|(function, entries)| {
        let mut fingerprints: Vec<_> = entries.iter().map(|entry| entry.header.fingerprint).collect();
        fingerprints.sort_unstable();
        fingerprints.dedup();
        Row {
            function,
            entries: entries.len(),
            fingerprints: fingerprints.len(),
            bytes: entries.iter().map(|entry| entry.size).sum(),
            took: entries.iter().map(|entry| entry.header.took).sum::<Duration>().as_secs_f64(),
        }
    });
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
    ];
    let cells = rows.iter().map(|row| {
        vec![
            row.function.to_owned(),
            row.entries.to_string(),
            row.fingerprints.to_string(),
            terminal::bytes(row.bytes),
            terminal::took(Duration::from_secs_f64(row.took)),
        ]
    });
    table::print(terminal, &columns, &cells.collect::<Vec<_>>())?;
    let bytes = rows.iter().map(|row| row.bytes).sum();
    let entries = super::counted(contents.entries.len(), "entry", "entries");
    writeln!(terminal, "\n{entries}, {}", terminal::bytes(bytes))?;
    Ok(Exit::Success)
}
