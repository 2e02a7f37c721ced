//! `cache prune`: removes entries that are old, large, or of code that is no more.

use crate::arguments::Selection;
use crate::exit::Exit;
use crate::failure::Result;
use crate::names::Found;
use crate::owners;
use crate::packages::Roots;
use crate::stores::{Contents, Kept, StoreArguments};
use crate::terminal::Terminal;
use bytesize::ByteSize;
use clap::{ArgGroup, Args};
use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

#[derive(Args)]
#[command(group(ArgGroup::new("what").required(true).multiple(true).args(["older", "larger", "unreachable", "max_size"])))]
pub(crate) struct Arguments {
    /// Those stored longer ago than this: `30days`, `12h`
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    older: Option<Duration>,
    /// Those that take more than this: `10MB`
    #[arg(long, value_name = "SIZE")]
    larger: Option<ByteSize>,
    /// Those of a code that no marked function of the workspace has now
    #[arg(long)]
    unreachable: bool,
    /// The longest unused, until no more than this is left: `1GB`
    #[arg(long, value_name = "SIZE")]
    max_size: Option<ByteSize>,
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
        Contents::told(arguments.store.directories(arguments.selection.manifest_path.as_deref()), terminal);
    let current = arguments.unreachable.then(|| current(arguments, terminal)).transpose()?;
    let now = SystemTime::now();
    let is_unwanted = |kept: &&Kept| {
        let header = &kept.entry.header;
        let age = now.duration_since(header.created).unwrap_or_default();
        arguments.older.is_some_and(|limit| age > limit)
            || arguments.larger.is_some_and(|limit| kept.entry.size > limit.as_u64())
            || current.as_ref().is_some_and(|current| {
                !current.contains(header.fingerprint.as_bytes()) && !serves(&contents, kept, current)
            })
    };
    let (mut unwanted, mut left): (Vec<&Kept>, Vec<&Kept>) = contents.entries.iter().partition(is_unwanted);
    if let Some(limit) = arguments.max_size {
        left.sort_by_key(|kept| {
            (kept.entry.used.max(Some(kept.entry.header.created)), kept.entry.header.key)
        });
        let mut bytes: u64 = left.iter().map(|kept| kept.entry.size).sum();
        for kept in left {
            if bytes <= limit.as_u64() {
                break;
            }
            bytes -= kept.entry.size;
            unwanted.push(kept);
        }
    }
    super::remove(&unwanted, arguments.dry_run, terminal)?;
    // What a code accepted that is no more.
    let gone = contents.accepted.iter().filter(|(_, accepted)| {
        current.as_ref().is_some_and(|current| !current.contains(accepted.fingerprint.as_bytes()))
    });
    super::revoke(gone, arguments.dry_run, terminal)?;
    Ok(Exit::Success)
}

/// Whether an entry was accepted for one of the present codes.
fn serves(contents: &Contents, kept: &Kept, current: &BTreeSet<[u8; 32]>) -> bool {
    contents.accepted.iter().any(|(store, accepted)| {
        kept.is_in(store)
            && accepted.results == kept.entry.header.fingerprint
            && current.contains(accepted.fingerprint.as_bytes())
    })
}

/// The fingerprints of all marked functions. Of the whole workspace, unless packages are named: programs of
/// several packages may share a store.
fn current(arguments: &Arguments, terminal: &Terminal) -> Result<BTreeSet<[u8; 32]>> {
    let selection = &arguments.selection;
    let graphs = if selection.package.is_empty() {
        selection.load_workspace(Roots::Marked, terminal)?
    } else {
        selection.load(Roots::Marked, terminal)?
    };
    let stored = Found::all(&graphs).filter_map(|found| found.function.stored.as_ref());
    Ok(stored.flat_map(owners::fingerprints).collect())
}
