//! `man`: prints the manual page.

use crate::arguments::Cli;
use crate::exit::Exit;
use crate::failure::Result;
use crate::terminal::Terminal;
use clap::CommandFactory;

pub(crate) fn run(terminal: &mut Terminal) -> Result<Exit> {
    clap_mangen::Man::new(Cli::command()).render(terminal)?;
    Ok(Exit::Success)
}
