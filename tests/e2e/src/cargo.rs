//! Runs cargo and programs with a clean environment, and reads what cargo says in JSON.
//!
//! A cargo that a test starts would inherit `OUT_DIR` and every variable that a build script set (T29).

use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, io};

/// What one invocation made of one package.
#[derive(Clone, Debug, Default)]
pub struct Built {
    /// Programs by target name.
    pub programs: BTreeMap<String, PathBuf>,
    /// `OUT_DIR` of its build script.
    pub out_dir: Option<PathBuf>,
    /// What the compiler said, rendered, with the program that it was about; none for a library.
    pub messages: Vec<(Option<String>, String)>,
    /// Whether every target was fresh, that is, nothing was compiled.
    pub fresh: bool,
}

/// What one invocation of cargo did.
#[derive(Debug)]
pub struct Outcome {
    /// By package name.
    pub packages: BTreeMap<String, Built>,
    /// Whether cargo succeeded.
    pub success: bool,
    /// Its whole stderr.
    pub stderr: String,
}

/// A command without the variables that the outer cargo set.
pub fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        let outer = text.starts_with("CARGO") && text != "CARGO_HOME";
        if outer || text.starts_with("RUSTC") || text.starts_with("CHECKPOINTING") || text == "OUT_DIR" {
            command.env_remove(&name);
        }
    }
    command
}

/// The cargo that built this harness, offline and with its own target directory.
#[must_use]
pub fn cargo(target: &Path, folder: &Path) -> Command {
    let mut cargo = command(env!("CARGO"));
    cargo.current_dir(folder).env("CARGO_TARGET_DIR", target).env("CARGO_NET_OFFLINE", "true");
    cargo
}

/// Runs a cargo subcommand that was given `--message-format json`, and reads what it made.
///
/// # Errors
/// When cargo cannot be started.
pub fn run(mut cargo: Command) -> io::Result<Outcome> {
    let output = cargo.output()?;
    let mut packages: BTreeMap<String, Built> = BTreeMap::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(message) = serde_json::from_str::<Message>(line) else { continue };
        message.add_to(&mut packages);
    }
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    Ok(Outcome { packages, success: output.status.success(), stderr })
}

impl Outcome {
    /// What was said about one program of a package: by rustc, by the build script, by cargo.
    #[must_use]
    pub fn said_about(&self, package: &str, program: &str) -> String {
        let dependencies = format!("{package}-");
        let packages = self.packages.iter();
        let ours = packages.filter(|(name, _)| *name == package || name.starts_with(&dependencies));
        let messages = ours.flat_map(|(_, built)| &built.messages);
        let about = messages.filter(|(target, _)| target.as_deref().is_none_or(|target| target == program));
        let mut text: String = about.map(|(_, message)| message.as_str()).collect();
        let names = [format!("{package}@"), format!("`{package} v"), format!("/{package}/")];
        for block in blocks(&self.stderr) {
            if names.iter().any(|name| block.contains(name.as_str())) {
                text.push_str(&block);
            }
        }
        text
    }
}

/// Splits cargo's stderr where a line starts a new message.
fn blocks(stderr: &str) -> Vec<String> {
    let mut blocks: Vec<String> = Vec::new();
    for line in stderr.lines() {
        let starts = ["error", "warning"].iter().any(|word| line.starts_with(word));
        match blocks.last_mut() {
            Some(block) if !starts => block.extend([line, "\n"]),
            _ => blocks.push(format!("{line}\n")),
        }
    }
    blocks
}

#[derive(Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
enum Message {
    #[serde(rename = "compiler-artifact")]
    Artifact {
        package_id: String,
        target: Target,
        executable: Option<PathBuf>,
        fresh: bool,
    },
    #[serde(rename = "compiler-message")]
    Said {
        package_id: String,
        target: Target,
        message: Diagnostic,
    },
    BuildScriptExecuted {
        package_id: String,
        out_dir: PathBuf,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

#[derive(Deserialize)]
struct Diagnostic {
    rendered: Option<String>,
}

impl Message {
    fn add_to(self, packages: &mut BTreeMap<String, Built>) {
        match self {
            Self::Artifact { package_id, target, executable, fresh } => {
                let built = entry(packages, &package_id);
                built.fresh &= fresh;
                if let Some(program) = executable.filter(|_| target.kind != ["custom-build"]) {
                    built.programs.insert(target.name, program);
                }
            }
            Self::Said { package_id, target, message } => {
                let program = (target.kind == ["bin"]).then_some(target.name);
                entry(packages, &package_id).messages.push((program, message.rendered.unwrap_or_default()));
            }
            Self::BuildScriptExecuted { package_id, out_dir } => {
                entry(packages, &package_id).out_dir = Some(out_dir);
            }
            Self::Other => {}
        }
    }
}

fn entry<'a>(packages: &'a mut BTreeMap<String, Built>, id: &str) -> &'a mut Built {
    packages.entry(package_name(id)).or_insert_with(|| Built { fresh: true, ..Built::default() })
}

/// `path+file:///x/name#0.1.0` or `path+file:///x/y#name@0.1.0`
fn package_name(id: &str) -> String {
    let (path, fragment) = id.split_once('#').unwrap_or((id, ""));
    match fragment.split_once('@') {
        Some((name, _)) => name.to_owned(),
        None => path.rsplit('/').next().unwrap_or(path).to_owned(),
    }
}
