//! `graph`: prints or draws nodes, references and closures.
use crate::arguments::{Format, Selection};
use crate::exit::Exit;
use crate::failure::Result;
use crate::packages::Roots;
use crate::terminal::Terminal;
use clap::Args;
#[derive(Args)]
pub(crate) struct Arguments {
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    selection: Selection,
    #[arg(long, value_enum, default_value_t = Format::default())]
    format: Format,
}
pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit> {
    for g in arguments.selection.load_silently(if arguments.all {Roots::All} else {Roots::Marked}, terminal)? { terminal.json(&g)?; }
    Ok(Exit::Success) }
