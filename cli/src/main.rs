//! `cargo checkpoint`: shows what checkpointed functions depend on.

mod graph;
mod list;

use anyhow::{Context, Result};
use checkpointing_fingerprint::{Graph, GraphOptions};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(
    name = "cargo-checkpoint",
    bin_name = "cargo checkpoint",
    version,
    about = "Shows what checkpointed functions depend on"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List the marked functions, their fingerprints, and how many items each can reach
    List(Selection),
    /// Print the graph of everything that the marked functions can reach
    Graph {
        /// Treat every function with a body outside of tests as if it were marked
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        selection: Selection,
    },
}

/// Which build of which package.
#[derive(Args)]
struct Selection {
    /// Path to the package's Cargo.toml; by default the one of this folder, or of the nearest above it
    #[arg(long, value_name = "PATH")]
    manifest_path: Option<PathBuf>,
    /// Space or comma separated features to activate
    #[arg(short = 'F', long, value_name = "FEATURES")]
    features: Vec<String>,
    /// Activate all features
    #[arg(long)]
    all_features: bool,
    /// Do not activate the default feature
    #[arg(long)]
    no_default_features: bool,
    /// Target triple
    #[arg(long, value_name = "TRIPLE")]
    target: Option<String>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::default())]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}

impl Selection {
    /// Analyses the package. What could not be read is said where no list would show it.
    fn load(&self, all: bool, shows_notes: bool) -> Result<Graph> {
        let graph = Graph::load(&self.options(all)?)?;
        for note in graph.notes.iter().filter(|_| !shows_notes) {
            eprintln!("warning: {}:{}: {}", note.file, note.line, note.message);
        }
        Ok(graph)
    }

    fn manifest(&self) -> Result<PathBuf> {
        if let Some(path) = &self.manifest_path {
            return Ok(path.clone());
        }
        let here = std::env::current_dir().context("the working directory cannot be read")?;
        let found = here.ancestors().map(|folder| folder.join("Cargo.toml")).find(|path| path.is_file());
        found.with_context(|| {
            format!("no Cargo.toml in {} or above it: name one with --manifest-path", here.display())
        })
    }

    fn options(&self, all: bool) -> Result<GraphOptions> {
        let mut features = Vec::new();
        for names in &self.features {
            features.extend(["--features".to_owned(), names.clone()]);
        }
        if self.all_features {
            features.push("--all-features".to_owned());
        }
        if self.no_default_features {
            features.push("--no-default-features".to_owned());
        }
        let (manifest, target) = (self.manifest()?, self.target.clone());
        Ok(GraphOptions { manifest, all, features, target, ..GraphOptions::default() })
    }
}

fn main() -> ExitCode {
    // As `cargo checkpoint ..`, cargo passes the subcommand's own name on.
    let mut args: Vec<std::ffi::OsString> = std::env::args_os().collect();
    if args.get(1).is_some_and(|word| word == "checkpoint") {
        args.remove(1);
    }
    let cli = Cli::parse_from(args);
    let result = match &cli.command {
        Command::List(selection) => list::run(selection),
        Command::Graph { all, selection } => graph::run(selection, *all),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
