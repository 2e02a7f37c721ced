//! `cache clear`: removes everything, or what is stored of functions.

use crate::arguments::Selection;
use crate::exit::Exit;
use crate::failure::Result;
use crate::stores::{Contents, Kept, StoreArguments};
use crate::terminal::Terminal;
use checkpointing::Acceptance;
use clap::Args;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Functions, by path or by as much of its end as tells it from the others; by default everything
    functions: Vec<String>,
    /// Say what would be removed, and remove nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    selection: Selection,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let contents =
        Contents::read(arguments.store.directories(arguments.selection.manifest_path.as_deref()), terminal);
    let wanted = super::functions(&contents, &arguments.functions, &arguments.selection, terminal)?;
    // An entry that another function uses as well is computed again for that one.
    let is_wanted =
        |kept: &&Kept| wanted.is_empty() || kept.called().any(|function| wanted.contains(&function));
    let entries: Vec<&Kept> = contents.entries.iter().filter(is_wanted).collect();
    super::remove(&entries, arguments.dry_run, terminal)?;
    let is_gone = |accepted: &Acceptance| {
        let of_it = wanted.is_empty() || wanted.iter().any(|function| function.path == accepted.function);
        let serves = |kept: &Kept| kept.entry.header.fingerprint == accepted.results && !is_wanted(&kept);
        of_it && !contents.entries.iter().any(serves)
    };
    super::revoke(
        contents.accepted.iter().filter(|(_, accepted)| is_gone(accepted)),
        arguments.dry_run,
        terminal,
    )?;
    if wanted.is_empty() && !arguments.dry_run {
        // What cannot be read, and what other versions left.
        contents.stores.iter().try_for_each(|store| store.clear())?;
    }
    Ok(Exit::Success)
}
