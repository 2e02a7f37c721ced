//! Declares what can be asked on the command line.

use crate::command::{accept, cache, completions, graph, init, lint, list, man, outdated, show, why};
use crate::exit;
use crate::stores::StoreArguments;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Parser)]
#[command(
    name = "cargo-checkpoint",
    bin_name = "cargo checkpoint",
    version,
    about = "Shows what checkpointed functions depend on, and what is stored of them",
    after_help = exit::HELP
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) global: Global,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// List the marked functions, their fingerprints, and how many items each can reach
    List(list::Arguments),
    /// Show what a function depends on, as a tree
    Show(show::Arguments),
    /// Draw or print what functions can reach
    Graph(graph::Arguments),
    /// Say what changed since the last result was computed, and by which way it is reached
    Why(why::Arguments),
    /// Say which functions changed since their results were stored; exits with 1 where any did
    Outdated(outdated::Arguments),
    /// Let stored results serve the changed code: the change does not matter
    Accept(accept::Arguments),
    /// Look into the stored results, and remove what is not needed
    #[command(subcommand)]
    Cache(cache::Command),
    /// Check what a stored result does not notice: clocks, files, the environment
    Lint(lint::Arguments),
    /// Set up a package: dependencies and build script
    Init(init::Arguments),
    /// Print a script that completes arguments in a shell
    Completions(completions::Arguments),
    /// Print the manual page, or that of a command
    Man(man::Arguments),
}

#[derive(Args)]
pub(crate) struct Global {
    /// When to colour
    #[arg(long, global = true, value_enum, default_value_t = clap::ColorChoice::Auto, value_name = "WHEN")]
    pub(crate) color: clap::ColorChoice,
    /// Print the answer and errors alone
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Print what was done
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
}

/// Which packages, and which build of them.
#[derive(Args)]
#[expect(clippy::struct_excessive_bools, reason = "a flag each, as cargo has them")]
pub(crate) struct Selection {
    /// Package to look at; by default that of this folder
    #[arg(short, long, value_name = "NAME", help_heading = "Package Selection")]
    pub(crate) package: Vec<String>,
    /// Look at all packages of the workspace
    #[arg(long, conflicts_with = "package", help_heading = "Package Selection")]
    pub(crate) workspace: bool,
    /// Space or comma separated features to activate
    #[arg(short = 'F', long, value_name = "FEATURES", help_heading = "Feature Selection")]
    pub(crate) features: Vec<String>,
    /// Activate all features
    #[arg(long, help_heading = "Feature Selection")]
    pub(crate) all_features: bool,
    /// Do not activate the default feature
    #[arg(long, help_heading = "Feature Selection")]
    pub(crate) no_default_features: bool,
    /// Target triple
    #[arg(long, value_name = "TRIPLE", help_heading = "Build Options")]
    pub(crate) target: Option<String>,
    /// Path to Cargo.toml; by default that of this folder, or of the nearest above it
    #[arg(long, value_name = "PATH", help_heading = "Manifest Options")]
    pub(crate) manifest_path: Option<PathBuf>,
    /// Fail where Cargo.lock does not settle every version
    #[arg(long, help_heading = "Manifest Options")]
    pub(crate) locked: bool,
    /// Do without the network, as this command always does
    #[arg(long, help_heading = "Manifest Options")]
    pub(crate) offline: bool,
    /// Same as --locked and --offline
    #[arg(long, help_heading = "Manifest Options")]
    pub(crate) frozen: bool,
}

/// What commands share that compare code with what is stored.
#[derive(Args)]
pub(crate) struct Compared {
    #[command(flatten)]
    pub(crate) selection: Selection,
    #[command(flatten)]
    pub(crate) store: StoreArguments,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::default())]
    pub(crate) format: Format,
}

/// How an answer is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Text,
    /// For programs, one object a line
    Json,
}
