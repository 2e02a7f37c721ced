//! Runs `cargo checkpoint`: shows what checkpointed functions depend on, and what is stored of them.
//!
//! `arguments` says what can be asked, `command` has a file for each answer. What they share: `packages`
//! (which packages, analysed), `stores` (what is kept), `owners` (of which functions), `view`
//! (both side by side), `names` (functions by name), `instance` (full names of functions), `terminal` (where the answer goes), `failure`
//! and `exit` (how it ends).

mod arguments;
mod build_script;
mod command;
mod compare;
mod draw;
mod exit;
mod failure;
mod instance;
mod names;
mod owners;
mod packages;
mod source;
mod stores;
mod table;
mod terminal;
mod view;
mod ways;

use arguments::Cli;
use clap::Parser;
use exit::Exit;
use std::process::ExitCode;
use terminal::Terminal;

fn main() -> ExitCode {
    // As `cargo checkpoint ..`, cargo passes the subcommand's own name on.
    let mut words: Vec<std::ffi::OsString> = std::env::args_os().collect();
    if words.get(1).is_some_and(|word| word == "checkpoint") {
        words.remove(1);
    }
    let cli = Cli::parse_from(words);
    let mut terminal = Terminal::new(&cli.global);
    let result = command::run(&cli.command, &mut terminal);
    match result.and_then(|exit| terminal.finish().map(|()| exit)) {
        Ok(exit) => exit.into(),
        // Whoever reads has read enough.
        Err(failure) if failure.is_closed_pipe() => Exit::Success.into(),
        Err(failure) => {
            terminal.fail(&failure);
            failure.exit().into()
        }
    }
}
