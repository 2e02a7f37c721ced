//! `accept --list`: prints which results serve which codes.

use super::{Arguments, short};
use crate::arguments::Format;
use crate::exit::Exit;
use crate::failure::Result;
use crate::owners::Owners;
use crate::packages::{Roots, shown};
use crate::table::{self, Align, Column};
use crate::terminal::{self, DIM, NAME, Terminal};
use anstyle::Style;
use serde::Serialize;
use std::io::Write;

/// One line of the JSON form.
#[derive(Serialize)]
struct Row<'a> {
    function: &'a str,
    /// The code that is served.
    fingerprint: String,
    /// The code that computed the results.
    results: String,
    /// How many of them there are.
    entries: usize,
    /// RFC 3339.
    since: String,
    /// The code that is served is that of the function now.
    present: bool,
    store: String,
}

pub(super) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let view = arguments.compared.view(Roots::Marked, terminal)?;
    let (contents, owners) = (&view.contents, Owners::new(&view.graphs));
    let rows = contents.accepted.iter().map(|(store, accepted)| {
        let computed = contents.entries.iter().filter(|kept| {
            kept.is_in(store)
                && kept.entry.header.fingerprint == accepted.results
                && kept.functions().any(|name| name == accepted.function)
        });
        Row {
            function: &accepted.function,
            fingerprint: accepted.fingerprint.to_string(),
            results: accepted.results.to_string(),
            entries: computed.count(),
            since: terminal::date(accepted.since),
            present: owners.is_present_in(&accepted.function, &accepted.fingerprint),
            store: shown(store.path()).to_string(),
        }
    });
    let rows: Vec<Row<'_>> = rows.collect();
    if arguments.compared.format == Format::Json {
        rows.iter().try_for_each(|row| terminal.json(row))?;
        return Ok(Exit::Success);
    }
    if rows.is_empty() {
        writeln!(terminal, "Nothing is accepted.")?;
        return Ok(Exit::Success);
    }
    let columns = [
        Column("function", Align::Left, NAME),
        Column("results of", Align::Left, DIM),
        Column("entries", Align::Right, Style::new()),
        Column("serve", Align::Left, DIM),
        Column("which is", Align::Left, Style::new()),
        Column("since", Align::Left, Style::new()),
    ];
    let cells = rows.iter().zip(&contents.accepted).map(|(row, (_, accepted))| {
        vec![
            row.function.to_owned(),
            short(accepted.results),
            row.entries.to_string(),
            short(accepted.fingerprint),
            if row.present { "the present code" } else { "another code" }.to_owned(),
            terminal::ago(accepted.since),
        ]
    });
    table::print(terminal, &columns, &cells.collect::<Vec<_>>())?;
    Ok(Exit::Success)
}
