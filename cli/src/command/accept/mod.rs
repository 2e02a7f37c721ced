//! `accept`: lets stored results serve the changed code, lists what serves, and takes it back.

mod give;
mod list;
mod undo;

use crate::arguments::Compared;
use crate::exit::Exit;
use crate::failure::Result;
use crate::terminal::Terminal;
use clap::Args;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Functions, by path or by as much of its end as tells it from the others
    #[arg(required_unless_present = "list")]
    functions: Vec<String>,
    /// List what is accepted
    #[arg(long, conflicts_with_all = ["functions", "undo", "from", "dry_run"])]
    list: bool,
    /// Take back what is accepted for the functions
    #[arg(long)]
    undo: bool,
    /// The code that computed the results, by the beginning of its fingerprint; by default that of the last
    /// stored result. May be given several times
    #[arg(long, value_name = "FINGERPRINT")]
    from: Vec<String>,
    /// Say what would be done, and write nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    compared: Compared,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit> {
    match (arguments.list, arguments.undo) {
        (true, _) => list::run(arguments, terminal),
        (_, true) => undo::run(arguments, terminal),
        _ => give::run(arguments, terminal),
    }
}

/// How much of a fingerprint people see.
fn short(fingerprint: checkpointing::Fingerprint) -> String {
    fingerprint.to_string()[..12].to_owned()
}

/// Whether a fingerprint is meant by one of its beginnings, or there is none.
fn is_from(from: &[String], fingerprint: checkpointing::Fingerprint) -> bool {
    let text = fingerprint.to_string();
    from.is_empty() || from.iter().any(|start| text.starts_with(&start.to_lowercase()))
}
