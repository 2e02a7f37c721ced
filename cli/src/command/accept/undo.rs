//! `accept --undo F`: takes back what is accepted for functions, whatever their code is now.

use super::{Arguments, is_from, short};
use crate::arguments::Format;
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::names::{self, Called};
use crate::packages::Roots;
use crate::terminal::{NAME, Terminal};
use serde::Serialize;
use std::collections::BTreeSet;
use std::io::Write;

/// One line of the JSON form.
#[derive(Serialize)]
struct Row<'a> {
    function: &'a str,
    fingerprint: String,
    results: String,
    undone: bool,
}

pub(super) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let view = arguments.compared.view(Roots::Marked, terminal)?;
    let contents = &view.contents;
    let functions = contents.accepted.iter().map(|(_, accepted)| &*accepted.function);
    let known: BTreeSet<Called<'_>> = functions.map(|path| Called { path, instance: "" }).collect();
    let unknown = |name: &str, similar: Option<&str>| {
        let hint = similar
            .map_or("`cargo checkpoint accept --list` has what is accepted".to_owned(), |similar| {
                format!("did you mean `{similar}`?")
            });
        Failure::usage(format!("nothing is accepted for a function `{name}`"), hint)
    };
    let mut meant: BTreeSet<Called<'_>> = BTreeSet::new();
    for name in &arguments.functions {
        let found = names::among(&known, name)?.or_else(|| names::among_those_of(&view.graphs, &known, name));
        let similar = || names::suggestion(name, known.iter().map(|called| called.path));
        meant.extend(found.ok_or_else(|| unknown(name, similar()))?);
    }
    for (store, accepted) in &contents.accepted {
        if !meant.iter().any(|function| function.path == accepted.function)
            || !is_from(&arguments.from, accepted.results)
        {
            continue;
        }
        let undone = !arguments.dry_run && store.revoke(accepted)?;
        if arguments.compared.format == Format::Json {
            let (fingerprint, results) = (accepted.fingerprint.to_string(), accepted.results.to_string());
            terminal.json(&Row { function: &accepted.function, fingerprint, results, undone })?;
            continue;
        }
        let function = terminal.paint(NAME, &accepted.function);
        let (results, code) = (short(accepted.results), short(accepted.fingerprint));
        let said = if arguments.dry_run { "would no longer serve" } else { "no longer serve" };
        writeln!(terminal, "{function}: results of code {results} {said} code {code}")?;
    }
    Ok(Exit::Success)
}
