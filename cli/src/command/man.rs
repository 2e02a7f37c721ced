//! `man`: prints the manual page, or that of a command.

use crate::arguments::Cli;
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::names;
use crate::terminal::Terminal;
use clap::{Args, Command, CommandFactory};

#[derive(Args)]
pub(crate) struct Arguments {
    /// A command: `list`, `cache prune`
    command: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let mut page = Cli::command();
    // Tells commands their full names.
    page.build();
    for name in &arguments.command {
        let known: Vec<String> =
            page.get_subcommands().map(|command| command.get_name().to_owned()).collect();
        let found: Option<Command> = page.find_subcommand(name).cloned();
        page = found.ok_or_else(|| {
            let known = known.iter().map(String::as_str);
            let hint = names::suggestion(name, known.clone())
                .map_or_else(|| names::listed(&known.collect(), "or"), |similar| format!("`{similar}`"));
            Failure::usage(
                format!("no command `{}`", arguments.command.join(" ")),
                format!("did you mean {hint}?"),
            )
        })?;
    }
    clap_mangen::Man::new(page).render(terminal)?;
    Ok(Exit::Success)
}
