//! `cache clear`: removes everything, or what is stored of functions.

use crate::arguments::Selection;
use crate::exit::Exit;
use crate::failure::Result;
use crate::stores::{Contents, Kept, StoreArguments};
use crate::terminal::Terminal;
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
    let stores = arguments.store.directories();
    let contents = Contents::read(&stores, terminal);
    let wanted = super::functions(&contents, &arguments.functions, &arguments.selection, terminal)?;
    // An entry that another function uses as well is computed again for that one.
    let is_wanted =
        |kept: &&Kept<'_>| wanted.is_empty() || kept.functions().any(|name| wanted.contains(name));
    let entries: Vec<&Kept<'_>> = contents.entries.iter().filter(is_wanted).collect();
    super::remove(&entries, arguments.dry_run, terminal)?;
    let accepted = contents
        .accepted
        .iter()
        .filter(|(_, accepted)| wanted.is_empty() || wanted.contains(&*accepted.function));
    super::revoke(accepted, arguments.dry_run, terminal)?;
    if wanted.is_empty() && !arguments.dry_run {
        // What cannot be read, and what other versions left.
        stores.iter().try_for_each(checkpointing::Directory::clear)?;
    }
    Ok(Exit::Success)
}
