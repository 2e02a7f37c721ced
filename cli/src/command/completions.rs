//! `completions`: prints a completion script for a shell.

use crate::arguments::Cli;
use crate::exit::Exit;
use crate::failure::Result;
use crate::terminal::Terminal;
use clap::{Args, CommandFactory};
use clap_complete::Shell;
use std::io::Write;

#[derive(Args)]
pub(crate) struct Arguments {
    /// The shell that reads it
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit> {
    // Scripts complete the program's own name: shells know nothing of cargo's subcommands.
    let mut command = Cli::command().bin_name("cargo-checkpoint");
    // It panics where it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "cargo-checkpoint", &mut script);
    terminal.write_all(&script)?;
    Ok(Exit::Success)
}
