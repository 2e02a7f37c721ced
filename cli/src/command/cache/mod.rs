//! `cache`: looks into stores of results and removes what is not needed. One file an action.

mod clear;
mod ls;
mod prune;
mod show;
mod stats;
mod verify;

use crate::arguments::Selection;
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::names::{self, Called};
use crate::packages::Roots;
use crate::stores::{Contents, Kept};
use crate::terminal::{self, Terminal};
use checkpointing::{Acceptance, Directory, Store};
use clap::Subcommand;
use std::collections::BTreeSet;
use std::io::Write;
use std::rc::Rc;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Count entries, bytes, hits and misses of each function, and the time saved
    Stats(stats::Arguments),
    /// List the entries
    Ls(ls::Arguments),
    /// Show an entry: its header, and the value where it can be read
    Show(show::Arguments),
    /// Remove entries that are old, large, or of code that is no more
    Prune(prune::Arguments),
    /// Remove all entries, or those of functions
    Clear(clear::Arguments),
    /// Read and hash every entry
    Verify(verify::Arguments),
}

pub(crate) fn run(command: &Command, terminal: &mut Terminal) -> Result<Exit> {
    match command {
        Command::Stats(arguments) => stats::run(arguments, terminal),
        Command::Ls(arguments) => ls::run(arguments, terminal),
        Command::Show(arguments) => show::run(arguments, terminal),
        Command::Prune(arguments) => prune::run(arguments, terminal),
        Command::Clear(arguments) => clear::run(arguments, terminal),
        Command::Verify(arguments) => verify::run(arguments, terminal),
    }
}

/// The functions of entries that the given names mean.
fn functions<'c>(
    contents: &'c Contents,
    given: &[String],
    selection: &Selection,
    terminal: &Terminal,
) -> Result<BTreeSet<Called<'c>>> {
    let known: BTreeSet<Called<'_>> = contents.entries.iter().flat_map(Kept::called).collect();
    let unknown = |name: &str, similar: Option<&str>| {
        let hint = similar
            .map_or("`cargo checkpoint cache stats` has the functions with results".to_owned(), |similar| {
                format!("did you mean `{similar}`?")
            });
        Failure::usage(format!("nothing is stored of a function `{name}`"), hint)
    };
    let mut meant = BTreeSet::new();
    for name in given {
        let found = names::among(&known, name)?.or_else(|| {
            // There may be no package here.
            let graphs = selection.load_silently(Roots::Marked, terminal).ok()?;
            names::among_those_of(&graphs, &known, name)
        });
        let similar = || names::suggestion(name, known.iter().map(|called| called.path));
        meant.extend(found.ok_or_else(|| unknown(name, similar()))?);
    }
    Ok(meant)
}

/// Removes entries, or says what would be removed.
fn remove(entries: &[&Kept], dry_run: bool, terminal: &mut Terminal) -> Result<()> {
    let progress = terminal.progress(Some(entries.len()), "removing");
    let mut bytes = 0;
    for kept in entries {
        bytes += kept.entry.size;
        if !dry_run {
            kept.store.remove(&kept.entry.header.key)?;
        }
        progress.inc(1);
    }
    progress.finish_and_clear();
    let verb = if dry_run { "would remove" } else { "removed" };
    writeln!(terminal, "{verb} {}, {}", counted(entries.len(), "entry", "entries"), terminal::bytes(bytes))?;
    Ok(())
}

/// Takes acceptances back whose results or whose code are no more, or says how many would be.
fn revoke<'c>(
    accepted: impl Iterator<Item = &'c (Rc<Directory>, Acceptance)>,
    dry_run: bool,
    terminal: &mut Terminal,
) -> Result<()> {
    let mut count = 0;
    for (store, accepted) in accepted {
        count += usize::from(dry_run || store.revoke(accepted)?);
    }
    if count > 0 {
        let verb = if dry_run { "would take back" } else { "took back" };
        writeln!(terminal, "{verb} {}", counted(count, "acceptance", "acceptances"))?;
    }
    Ok(())
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
