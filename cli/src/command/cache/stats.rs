//! `cache stats`: counts what is stored of each function, and what programs counted of its calls.

use crate::arguments::{Format, Selection};
use crate::exit::Exit;
use crate::failure::Result;
use crate::names::Titles;
use crate::owners::Owners;
use crate::packages::Roots;
use crate::stores::{Contents, Kept, StoreArguments};
use crate::table::{self, Align, Column};
use crate::terminal::{self, NAME, Terminal};
use anstyle::Style;
use checkpointing::{Fingerprint, FunctionName, FunctionStats, Store};
use clap::Args;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::time::Duration;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    selection: Selection,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::default())]
    format: Format,
}

/// One line of the JSON form.
#[derive(Default, Serialize)]
struct Row<'a> {
    function: &'a str,
    /// As people are told it, where several functions have the path.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
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
    let contents =
        Contents::told(arguments.store.directories(arguments.selection.manifest_path.as_deref()), terminal);
    let counted: Vec<BTreeMap<FunctionName, FunctionStats>> =
        contents.stores.iter().map(|store| store.recorded()).collect::<std::result::Result<_, _>>()?;
    let computed_by: Vec<FunctionName> = contents.entries.iter().map(Kept::computed_by).collect();
    let names = computed_by.iter().chain(counted.iter().flat_map(BTreeMap::keys)).collect();
    let titles = titles(&names, &arguments.selection, terminal);
    let mut rows: BTreeMap<(&str, &str), (Row<'_>, BTreeSet<Fingerprint>)> = BTreeMap::new();
    for (kept, name) in contents.entries.iter().zip(&computed_by) {
        let (row, codes) = rows.entry((&name.path, &titles[name])).or_default();
        codes.insert(kept.entry.header.fingerprint);
        row.entries += 1;
        row.bytes += kept.entry.size;
        row.took += kept.entry.header.took.as_secs_f64();
    }
    for (name, stats) in counted.iter().flatten() {
        let (row, _) = rows.entry((&name.path, &titles[name])).or_default();
        row.hits += stats.hits;
        row.accepted += stats.accepted;
        row.misses += stats.misses;
        row.reruns += stats.reruns;
        row.saved += stats.saved.as_secs_f64();
    }
    let rows = rows.into_iter().map(|((function, title), (row, codes))| {
        let title = Some(title).filter(|title| *title != function);
        Row { function, title, fingerprints: codes.len(), ..row }
    });
    let rows: Vec<Row<'_>> = rows.collect();
    if arguments.format == Format::Json {
        rows.iter().try_for_each(|row| terminal.json(row))?;
        return Ok(Exit::Success);
    }
    if rows.is_empty() {
        writeln!(terminal, "{}", contents.nothing())?;
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
            row.title.unwrap_or(row.function).to_owned(),
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

/// What functions are called: where several have one path, as the other commands call those of the code here, and
/// what is of none of them by its file.
fn titles<'n>(
    names: &BTreeSet<&'n FunctionName>,
    selection: &Selection,
    terminal: &Terminal,
) -> BTreeMap<&'n FunctionName, String> {
    let mut of_path: BTreeMap<&str, Vec<&FunctionName>> = BTreeMap::new();
    for name in names {
        of_path.entry(&name.path).or_default().push(name);
    }
    let is_alone = |name: &FunctionName| of_path[name.path.as_str()].len() == 1;
    // There may be no package here.
    let graphs = if names.iter().all(|name| is_alone(name)) {
        Vec::new()
    } else {
        selection.load_silently(Roots::Marked, terminal).unwrap_or_default()
    };
    let (owners, known) = (Owners::new(&graphs), Titles::new(&graphs));
    let title = |name: &'n FunctionName| {
        let others = || of_path[name.path.as_str()].iter();
        let title = match owners.only(name).filter(|_| !is_alone(name)) {
            Some(found) => known.whole(found),
            None if name.file.is_empty() || others().all(|other| other.file == name.file) => {
                name.path.clone()
            }
            None => format!("{} ({})", name.path, name.file),
        };
        (name, title)
    };
    names.iter().map(|name| title(name)).collect()
}
