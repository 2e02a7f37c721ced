//! `init`: sets a package up. What is there already stays as it is.

use crate::arguments::Selection;
use crate::build_script::{self, Edit};
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::packages::shown;
use crate::terminal::Terminal;
use anyhow::Context;
use clap::Args;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

#[derive(Args)]
pub(crate) struct Arguments {
    /// Take the crates from a checkout of checkpointing, instead of the registry
    #[arg(long, value_name = "FOLDER")]
    path: Option<PathBuf>,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    selection: Selection,
}

/// A crate that a package needs, and where.
struct Needed {
    name: &'static str,
    section: &'static str,
    option: Option<&'static str>,
    /// Its folder in a checkout.
    folder: &'static str,
}

const NEEDED: [Needed; 2] = [
    Needed { name: "checkpointing", section: "dependencies", option: None, folder: "" },
    Needed {
        name: "checkpointing-fingerprint",
        section: "build-dependencies",
        option: Some("--build"),
        folder: "fingerprint",
    },
];

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit> {
    for manifest in arguments.selection.manifests()? {
        set_up(arguments, &manifest, terminal)?;
    }
    Ok(Exit::Success)
}

fn set_up(arguments: &Arguments, manifest: &Path, terminal: &mut Terminal) -> Result<()> {
    let text = fs::read_to_string(manifest)
        .with_context(|| format!("{}: the manifest cannot be read", shown(manifest)))?;
    let table: toml::Table =
        text.parse().with_context(|| format!("{}: the manifest cannot be understood", shown(manifest)))?;
    // Decided before anything is written, so that a refusal leaves the package as it was.
    let script = script(manifest, &table)?;
    let has =
        |needed: &Needed| table.get(needed.section).is_some_and(|section| section.get(needed.name).is_some());
    let missing: Vec<&Needed> = NEEDED.iter().filter(|needed| !has(needed)).collect();
    if missing.is_empty() && script.is_none() {
        writeln!(terminal, "{} is set up already.", shown(manifest))?;
        return next(terminal);
    }
    let (added, wrote) = if arguments.dry_run { ("would add", "would write") } else { ("added", "wrote") };
    for needed in missing {
        if !arguments.dry_run {
            add(arguments, manifest, needed)?;
        }
        writeln!(terminal, "{added} {} to [{}] of {}", needed.name, needed.section, shown(manifest))?;
    }
    if let Some((path, text)) = script {
        if !arguments.dry_run {
            let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
            folder
                .and_then(|()| fs::write(&path, text))
                .with_context(|| format!("{}: cannot be written", shown(&path)))?;
        }
        writeln!(terminal, "{wrote} {}, which now calls checkpointing_fingerprint::emit()", shown(&path))?;
    }
    if arguments.dry_run { Ok(()) } else { next(terminal) }
}

fn next(terminal: &mut Terminal) -> Result<()> {
    writeln!(
        terminal,
        "\nNext: mark a function and run the program twice.\n\n    #[checkpointing::checkpoint]\n    fn calc(a: i64, b: i64) -> i64 {{ a + b }}\n\n`cargo checkpoint list` then shows it."
    )?;
    Ok(())
}

/// The build script and its new text; none where it is right already.
fn script(manifest: &Path, table: &toml::Table) -> Result<Option<(PathBuf, String)>> {
    let by_hand = |path: &Path, why: &str| {
        Failure::hinted(
            anyhow::anyhow!("{}: {why}", shown(path)),
            "let `checkpointing_fingerprint::emit();` be the last that the build script's `main` does",
        )
    };
    let folder = manifest.parent().unwrap_or(Path::new("."));
    let path = match table.get("package").and_then(|package| package.get("build")) {
        Some(toml::Value::String(path)) => folder.join(path),
        Some(toml::Value::Boolean(false)) => {
            return Err(by_hand(manifest, "`build = false` says that there is no build script"));
        }
        Some(toml::Value::Array(_)) => return Err(by_hand(manifest, "there are several build scripts")),
        _ => folder.join("build.rs"),
    };
    if !path.exists() {
        return Ok(Some((path, build_script::NEW.to_owned())));
    }
    let text = fs::read_to_string(&path).with_context(|| format!("{}: cannot be read", shown(&path)))?;
    match build_script::edit(&text) {
        Edit::Nothing => Ok(None),
        Edit::Text(text) => Ok(Some((path, text))),
        Edit::Refused(why) => Err(by_hand(&path, why)),
    }
}

fn add(arguments: &Arguments, manifest: &Path, needed: &Needed) -> Result<()> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["add", "--quiet", "--manifest-path"]).arg(manifest).args(needed.option);
    match &arguments.path {
        Some(checkout) => cargo.arg("--path").arg(checkout.join(needed.folder)),
        None => cargo.arg(needed.name),
    };
    let selection = &arguments.selection;
    let flags =
        [(selection.offline, "--offline"), (selection.locked, "--locked"), (selection.frozen, "--frozen")];
    cargo.args(flags.iter().filter(|(on, _)| *on).map(|(_, flag)| flag));
    let output = cargo.stdin(Stdio::null()).output().context("cargo cannot be started")?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.trim().trim_start_matches("error: ").to_owned();
    let error = anyhow::Error::msg(said).context(format!("cargo add {} did not succeed", needed.name));
    Err(Failure::hinted(error, "--path takes the crates from a checkout, --offline from what was downloaded"))
}
