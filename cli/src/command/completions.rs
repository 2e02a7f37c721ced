//! `completions`: prints a completion script for a shell.

use crate::arguments::Cli;
use crate::exit::Exit;
use crate::terminal::Terminal;
use clap::{Args, CommandFactory};
use clap_complete::Shell;

#[derive(Args)]
pub(crate) struct Arguments {
    /// The shell that reads it
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Exit {
    // Scripts complete the program's own name: shells know nothing of cargo's subcommands.
    let mut command = Cli::command().bin_name("cargo-checkpoint");
    clap_complete::generate(arguments.shell, &mut command, "cargo-checkpoint", terminal);
    Exit::Success
}
