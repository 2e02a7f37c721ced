//! `cache show`: prints an entry.

use super::ls::Row;
use crate::arguments::Format;
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::stores::{Contents, Kept, StoreArguments};
use crate::terminal::{self, DIM, HEADER, Terminal};
use checkpointing::Store;
use clap::Args;
use serde::Serialize;
use std::io::Write;

#[derive(Args)]
pub(crate) struct Arguments {
    /// The entry's key, or as much of its beginning as tells it from the others
    key: String,
    #[command(flatten)]
    store: StoreArguments,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::default())]
    format: Format,
}

/// The JSON form.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    row: Row<'a>,
    /// The value, where its form is readable without its type.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<serde_json::Value>,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let contents = Contents::read(arguments.store.directories(None), terminal);
    let given = arguments.key.to_lowercase();
    let is_meant = |kept: &&Kept| kept.entry.header.key.to_string().starts_with(&given);
    let found: Vec<&Kept> = contents.entries.iter().filter(is_meant).collect();
    let [kept] = found.as_slice() else {
        let message = match found.len() {
            0 => format!("no entry has a key that begins with `{}`", arguments.key),
            several => format!("{several} entries have a key that begins with `{}`", arguments.key),
        };
        return Err(Failure::usage(message, "`cargo checkpoint cache ls` lists the keys"));
    };
    let header = &kept.entry.header;
    let entry = kept.store.get(&header.key)?;
    let value = entry
        .filter(|_| header.codec == "json")
        .and_then(|entry| serde_json::from_slice::<serde_json::Value>(entry.payload()).ok());
    if arguments.format == Format::Json {
        terminal.json(&Shown { row: Row::of(kept), value })?;
        return Ok(Exit::Success);
    }
    writeln!(terminal, "{}", terminal.paint(HEADER, &header.function))?;
    let created = format!("{} ({})", terminal::date(header.created), terminal::ago(header.created));
    let size = format!(
        "{}, of these {} the result",
        terminal::bytes(kept.entry.size),
        terminal::bytes(header.length)
    );
    let mut lines = Vec::new();
    if !header.instance.is_empty() {
        lines.push(("instance", header.instance.clone()));
    }
    if !header.file.is_empty() {
        lines.push(("source", header.file.clone()));
    }
    lines.extend([
        ("key", header.key.to_string()),
        ("fingerprint", header.fingerprint.to_string()),
        ("stored", created),
        ("computed in", terminal::took(header.took)),
        ("codec", header.codec.to_string()),
        ("size", size),
        ("file", crate::packages::shown(&kept.store.entry_path(&header.key)).to_string()),
    ]);
    if !kept.entry.users.is_empty() {
        lines.push(("used by", kept.entry.users.join(", ")));
    }
    for (name, text) in lines {
        let name = terminal.paint(DIM, format!("{name:<12}"));
        writeln!(terminal, "{name} {text}")?;
    }
    match value {
        Some(value) => writeln!(terminal, "\n{value:#}")?,
        None => terminal.note(&format!(
            "a value in `{}` cannot be shown, since it does not say what it is made of; with `format = json` it can",
            header.codec
        )),
    }
    Ok(Exit::Success)
}
