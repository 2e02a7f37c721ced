//! `cache verify`: reads and hashes every entry.

use crate::arguments::Format;
use crate::exit::Exit;
use crate::failure::Result;
use crate::stores::{Contents, StoreArguments};
use crate::terminal::Terminal;
use checkpointing::{Directory, Store, StoreError};
use clap::Args;
use serde::Serialize;
use std::io::Write;
use std::rc::Rc;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Remove what is broken
    #[arg(long)]
    fix: bool,
    /// With --fix: say what would be removed, and remove nothing
    #[arg(long, requires = "fix")]
    dry_run: bool,
    #[command(flatten)]
    store: StoreArguments,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::default())]
    format: Format,
}

/// One line of the JSON form.
#[derive(Serialize)]
struct Row {
    problem: String,
    removed: bool,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let contents = Contents::read(arguments.store.directories(None), terminal);
    let progress = terminal.progress(Some(contents.entries.len()), "verifying");
    let mut broken: Vec<(Rc<Directory>, StoreError)> = contents.broken;
    let mut whole = 0;
    for kept in &contents.entries {
        match kept.store.verify(&kept.entry.header.key) {
            // Somebody removed it meanwhile.
            Ok(None) => {}
            Ok(Some(_)) => whole += 1,
            Err(error) => broken.push((Rc::clone(&kept.store), error)),
        }
        progress.inc(1);
    }
    progress.finish_and_clear();
    let mut left = 0;
    for (store, error) in broken {
        // What the system refuses to read is not known to be broken.
        let removed = match &error {
            StoreError::Entry { key, .. } if arguments.fix => arguments.dry_run || store.remove(key)?,
            _ => false,
        };
        left += usize::from(!removed || arguments.dry_run);
        let said = match (removed, arguments.dry_run) {
            (true, true) => " (would be removed)",
            (true, false) => " (removed)",
            (false, _) => "",
        };
        match arguments.format {
            Format::Json => {
                terminal.json(&Row { problem: error.to_string(), removed: removed && !arguments.dry_run })?;
            }
            Format::Text => writeln!(terminal, "{error}{said}")?,
        }
    }
    if arguments.format == Format::Text {
        writeln!(terminal, "{} whole", super::counted(whole, "entry is", "entries are"))?;
    }
    Ok(if left > 0 { Exit::Found } else { Exit::Success })
}
