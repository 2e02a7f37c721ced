//! `list`: prints the marked functions, a line each.

use crate::arguments::{Compared, Format};
use crate::exit::Exit;
use crate::failure::Result;
use crate::names::{Found, Titles};
use crate::packages::Roots;
use crate::table::{self, Align, Column};
use crate::terminal::{self, DIM, NAME, Terminal};
use crate::view::{Freshness, State};
use clap::Args;
use serde::Serialize;
use std::io::Write;
use std::time::SystemTime;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Every function with a body outside of tests, as if it were marked
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    compared: Compared,
}

/// One line of the JSON form.
#[derive(Serialize)]
struct Row<'a> {
    package: &'a str,
    function: &'a str,
    /// The type of its impl, as far as functions are told apart by it; `*` is any.
    #[serde(skip_serializing_if = "Option::is_none")]
    self_type: Option<&'a str>,
    file: Option<&'a str>,
    line: Option<u32>,
    fingerprint: &'a str,
    /// How many items, packages and files it can reach, itself not counted.
    reaches: usize,
    entries: usize,
    bytes: u64,
    /// When the last result was stored, RFC 3339.
    computed: Option<String>,
    state: Freshness,
    #[serde(skip)]
    last: Option<SystemTime>,
    #[serde(skip)]
    title: String,
}

impl<'a> Row<'a> {
    fn of(found: Found<'a>, state: &State<'_>, titles: &Titles<'a>) -> Self {
        Row {
            package: &found.graph.package,
            function: found.path(),
            self_type: found.self_type(),
            file: found.node().file.as_deref(),
            line: found.node().line,
            fingerprint: &found.function.fingerprint,
            reaches: found.function.closure.len() - 1,
            entries: state.entries.len(),
            bytes: state.bytes(),
            computed: state.last().map(terminal::date),
            state: state.freshness,
            last: state.last(),
            title: titles.path(found),
        }
    }
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let roots = if arguments.all { Roots::All } else { Roots::Marked };
    let view = arguments.compared.view(roots, terminal)?;
    let titles = Titles::new(&view.graphs);
    let rows: Vec<Row<'_>> = view.functions().map(|(found, state)| Row::of(found, &state, &titles)).collect();
    if arguments.compared.format == Format::Json {
        return rows.iter().try_for_each(|row| terminal.json(row)).map(|()| Exit::Success);
    }
    if rows.is_empty() {
        let packages: Vec<&str> = view.graphs.iter().map(|graph| graph.package.as_str()).collect();
        let packages = packages.join(", ");
        writeln!(
            terminal,
            "No function of {packages} is marked. Mark one with #[checkpoint], or with a line `/// checkpoint`."
        )?;
        return Ok(Exit::Success);
    }
    let columns = [
        Column("function", Align::Left, NAME),
        Column("fingerprint", Align::Left, DIM),
        Column("reaches", Align::Right, anstyle::Style::new()),
        Column("entries", Align::Right, anstyle::Style::new()),
        Column("bytes", Align::Right, anstyle::Style::new()),
        Column("computed", Align::Left, anstyle::Style::new()),
        Column("state", Align::Left, anstyle::Style::new()),
        Column("place", Align::Left, DIM),
    ];
    let cells = rows.iter().map(|row| {
        let place = format!("{}:{}", row.file.unwrap_or_default(), row.line.unwrap_or_default());
        vec![
            row.title.clone(),
            row.fingerprint[..12].to_owned(),
            row.reaches.to_string(),
            row.entries.to_string(),
            terminal::bytes(row.bytes),
            row.last.map_or("-".to_owned(), terminal::ago),
            row.state.text().to_owned(),
            place,
        ]
    });
    table::print(terminal, &columns, &cells.collect::<Vec<_>>())?;
    Ok(Exit::Success)
}
