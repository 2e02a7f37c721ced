//! `outdated`: prints the functions whose stored results are not those of their code, for scripts and CI.

use crate::arguments::{Compared, Format};
use crate::exit::Exit;
use crate::failure::Result;
use crate::names::Titles;
use crate::packages::Roots;
use crate::terminal::{self, NAME, Terminal};
use crate::view::Freshness;
use clap::Args;
use serde::Serialize;
use std::io::Write;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    compared: Compared,
}

/// One line of the JSON form.
#[derive(Serialize)]
struct Row<'a> {
    package: &'a str,
    function: &'a str,
    file: Option<&'a str>,
    line: Option<u32>,
    fingerprint: &'a str,
    entries: usize,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let view = arguments.compared.view(Roots::Marked, terminal)?;
    let titles = Titles::new(&view.graphs);
    let (mut outdated, mut accepted, mut with_results) = (0, 0, 0);
    for (found, state) in view.functions() {
        with_results += usize::from(state.freshness != Freshness::NotStored);
        accepted += usize::from(state.freshness == Freshness::Accepted);
        if state.freshness != Freshness::Changed {
            continue;
        }
        outdated += 1;
        if arguments.compared.format == Format::Json {
            terminal.json(&Row {
                package: &found.graph.package,
                function: found.path(),
                file: found.node().file.as_deref(),
                line: found.node().line,
                fingerprint: &found.function.fingerprint,
                entries: state.entries.len(),
            })?;
            continue;
        }
        let ago = state.last().map_or(String::new(), terminal::ago);
        let function = terminal.paint(NAME, titles.whole(found));
        writeln!(terminal, "{function} changed since its results were stored ({ago})")?;
    }
    if arguments.compared.format == Format::Text {
        match (outdated, with_results) {
            (0, 0) => writeln!(terminal, "Nothing is stored yet.")?,
            (0, _) => {
                let by = if accepted > 0 { format!(", {accepted} by acceptance") } else { String::new() };
                let which = match with_results {
                    1 => String::from("The only function with stored results is"),
                    many => format!("All {many} functions with stored results are"),
                };
                writeln!(terminal, "{which} up to date{by}.")?;
            }
            _ => writeln!(terminal, "`cargo checkpoint why` says what changed.")?,
        }
    }
    Ok(if outdated > 0 { Exit::Found } else { Exit::Success })
}
