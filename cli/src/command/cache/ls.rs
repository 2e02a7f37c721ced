//! `cache ls`: lists the entries.

use crate::arguments::{Format, Selection};
use crate::exit::Exit;
use crate::failure::Result;
use crate::stores::{Contents, Kept, StoreArguments};
use crate::table::{self, Align, Column};
use crate::terminal::{self, DIM, NAME, Terminal};
use anstyle::Style;
use clap::Args;
use serde::Serialize;
use std::io::Write;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Functions, by path or by as much of its end as tells it from the others; by default all
    functions: Vec<String>,
    #[command(flatten)]
    store: StoreArguments,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::default())]
    format: Format,
    #[command(flatten)]
    selection: Selection,
}

/// One line of the JSON form, also of `cache show`.
#[derive(Serialize)]
pub(super) struct Row<'a> {
    key: String,
    function: &'a str,
    /// Its full name and its file, where the entry has them.
    #[serde(skip_serializing_if = "str::is_empty")]
    instance: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    file: &'a str,
    /// Further functions that use it.
    users: &'a [String],
    fingerprint: String,
    codec: &'a str,
    /// RFC 3339.
    created: String,
    /// How long computing it took, in seconds.
    took: f64,
    bytes: u64,
    payload_bytes: u64,
}

impl<'a> Row<'a> {
    pub(super) fn of(kept: &'a Kept) -> Self {
        let header = &kept.entry.header;
        Row {
            key: header.key.to_string(),
            function: &header.function,
            instance: &header.instance,
            file: &header.file,
            users: &kept.entry.users,
            fingerprint: header.fingerprint.to_string(),
            codec: &header.codec,
            created: terminal::date(header.created),
            took: header.took.as_secs_f64(),
            bytes: kept.entry.size,
            payload_bytes: header.length,
        }
    }
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let contents =
        Contents::told(arguments.store.directories(arguments.selection.manifest_path.as_deref()), terminal);
    let wanted = super::functions(&contents, &arguments.functions, &arguments.selection, terminal)?;
    let is_wanted =
        |kept: &&Kept| wanted.is_empty() || kept.called().any(|function| wanted.contains(&function));
    let entries: Vec<&Kept> = contents.entries.iter().filter(is_wanted).collect();
    if arguments.format == Format::Json {
        entries.iter().try_for_each(|kept| terminal.json(&Row::of(kept)))?;
        return Ok(Exit::Success);
    }
    if entries.is_empty() {
        writeln!(terminal, "{}", contents.nothing())?;
        return Ok(Exit::Success);
    }
    let columns = [
        Column("key", Align::Left, DIM),
        Column("function", Align::Left, NAME),
        Column("bytes", Align::Right, Style::new()),
        Column("computed in", Align::Right, Style::new()),
        Column("stored", Align::Left, Style::new()),
    ];
    let cells = entries.iter().map(|kept| {
        let header = &kept.entry.header;
        vec![
            header.key.to_string()[..12].to_owned(),
            header.function.clone(),
            terminal::bytes(kept.entry.size),
            terminal::took(header.took),
            terminal::ago(header.created),
        ]
    });
    table::print(terminal, &columns, &cells.collect::<Vec<_>>())?;
    Ok(Exit::Success)
}
