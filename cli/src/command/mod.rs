//! Holds the subcommands, one a file: the arguments of each, and what it prints.

pub(crate) mod accept;
pub(crate) mod cache;
pub(crate) mod completions;
pub(crate) mod graph;
pub(crate) mod init;
pub(crate) mod lint;
pub(crate) mod list;
pub(crate) mod man;
pub(crate) mod outdated;
pub(crate) mod show;
pub(crate) mod why;

use crate::arguments::Command;
use crate::exit::Exit;
use crate::failure::Result;
use crate::terminal::Terminal;

pub(crate) fn run(command: &Command, terminal: &mut Terminal) -> Result<Exit> {
    match command {
        Command::List(arguments) => list::run(arguments, terminal),
        Command::Show(arguments) => show::run(arguments, terminal),
        Command::Graph(arguments) => graph::run(arguments, terminal),
        Command::Lint(arguments) => lint::run(arguments, terminal),
        Command::Why(arguments) => why::run(arguments, terminal),
        Command::Outdated(arguments) => outdated::run(arguments, terminal),
        Command::Accept(arguments) => accept::run(arguments, terminal),
        Command::Cache(command) => cache::run(command, terminal),
        Command::Init(arguments) => init::run(arguments, terminal),
        Command::Completions(arguments) => completions::run(arguments, terminal),
        Command::Man(arguments) => man::run(arguments, terminal),
    }
}
