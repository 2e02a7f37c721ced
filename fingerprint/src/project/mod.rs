//! Finds out what is built: the package, its path dependencies, its registry and git dependencies,
//! features and cfgs. Reads manifests through cargo, never writes, and opens no source file.

mod features;
mod kept;
mod lock;
mod offline;
mod request;
mod resolved;

pub(crate) use request::{FeatureSelection, Request};

use crate::error::Error;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Everything that one build knows before a source file is opened.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Project {
    /// Packages whose source is analysed. The first is the one that asked.
    pub(crate) packages: Vec<Package>,
    /// Packages that count as a whole, by name, version and checksum. Sorted.
    pub(crate) foreign: Vec<ForeignPackage>,
    /// Cfgs of the target: `target_os` -> {`linux`}, `unix` -> {}.
    pub(crate) cfgs: BTreeMap<String, BTreeSet<String>>,
    /// No lock file tells which versions are built.
    pub(crate) unlocked: bool,
    /// `Cargo.lock`, where there is one: which versions a package node stands for.
    pub(crate) lock_file: Option<PathBuf>,
    /// `OUT_DIR` of the package, in a build script.
    pub(crate) out: Option<PathBuf>,
    /// Where cargo builds, as far as cargo could be asked.
    pub(crate) target_directory: Option<PathBuf>,
}

/// A package that is analysed function by function.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) directory: PathBuf,
    pub(crate) targets: Vec<Target>,
    pub(crate) dependencies: Vec<Dependency>,
    /// Features that are certainly on.
    pub(crate) features: BTreeSet<String>,
    /// Features that are on or off depending on what else is built with this package.
    pub(crate) unknown_features: BTreeSet<String>,
    /// Its build script, which may set cfgs and variables.
    pub(crate) build_script: Option<PathBuf>,
}

impl Package {
    pub(crate) fn is_proc_macro(&self) -> bool {
        self.targets.iter().any(|target| target.kind == TargetKind::ProcMacro)
    }

    /// Part of this toolkit, which never belongs to what a function depends on.
    pub(crate) fn is_toolkit(&self) -> bool {
        is_toolkit(&self.name)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum TargetKind {
    Lib,
    ProcMacro,
    Bin,
    Example,
    Test,
    Bench,
}

/// A crate that cargo would compile.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Target {
    pub(crate) kind: TargetKind,
    /// The name that the crate has in code.
    pub(crate) crate_name: String,
    pub(crate) root: PathBuf,
    pub(crate) edition: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum DependencyKind {
    Normal,
    Dev,
    Build,
}

/// One edge of the graph of packages.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Dependency {
    /// The name that the crate has in the dependent's code.
    pub(crate) extern_name: String,
    pub(crate) kind: DependencyKind,
    pub(crate) to: PackageId,
}

/// Index into [`Project::packages`] or [`Project::foreign`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum PackageId {
    Analysed(usize),
    Foreign(usize),
}

/// A registry or git package, or one of the toolkit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct ForeignPackage {
    /// Where its source lies; `None` where cargo could not be asked.
    pub(crate) directory: Option<PathBuf>,
    pub(crate) name: String,
    pub(crate) version: String,
    /// Registry or git revision, as cargo writes it.
    pub(crate) source: String,
    pub(crate) checksum: String,
    pub(crate) features: Vec<String>,
    /// The name that types of this package carry.
    pub(crate) crate_name: String,
    /// Its own dependencies (build dependencies too: they decide what it is). Sorted.
    pub(crate) dependencies: Vec<PackageId>,
    /// Its features depend on what else is built.
    pub(crate) uncertain_features: bool,
}

impl ForeignPackage {
    pub(crate) fn is_toolkit(&self) -> bool {
        is_toolkit(&self.name)
    }
}

fn is_toolkit(name: &str) -> bool {
    matches!(
        name,
        "checkpointing"
            | "checkpointing-closure"
            | "checkpointing-fingerprint"
            | "checkpointing-macros"
            | "checkpointing-mark"
            | "cargo-checkpoint"
    )
}

impl Project {
    /// Asks cargo; where cargo cannot answer off line, falls back to the manifests and the lock file.
    ///
    /// # Errors
    /// When not even the package's own manifest can be read, or cargo must decide and cannot.
    pub(crate) fn load(request: &Request) -> Result<(Project, Vec<String>), Error> {
        match resolved::load(request) {
            Ok(project) => Ok((project, Vec::new())),
            Err(reason) if is_of_features(request) => {
                Err(Error::Features { path: request.manifest.clone(), reason: told(&reason).to_owned() })
            }
            Err(reason) if request.locked => {
                Err(Error::Unlocked { path: request.manifest.clone(), reason: told(&reason).to_owned() })
            }
            Err(reason) => {
                let project = offline::load(request)?;
                // Without a lock file, as in a registry's own copy of a package, this is normal.
                let warnings = if project.unlocked { Vec::new() } else { vec![fallback_warning(&reason)] };
                Ok((project, warnings))
            }
        }
    }
}

impl Project {
    /// What `env!(name)` gives while a package is compiled, as far as it is known here.
    pub(crate) fn variable(&self, package: usize, name: &str) -> Option<String> {
        match name {
            "CARGO_MANIFEST_DIR" => Some(self.packages[package].directory.to_string_lossy().into_owned()),
            // Another package's folder, and what its build script sets, are its own.
            _ if package != 0 => None,
            "OUT_DIR" => Some(self.out.as_ref()?.to_string_lossy().into_owned()),
            _ => std::env::var(name).ok(),
        }
    }

    /// A path as the table and the graph show it: seen from the package.
    pub(crate) fn relative(&self, path: &Path) -> String {
        relative(&self.packages[0].directory, path)
    }
}

/// Whether cargo can do without the features what it cannot do with them.
fn is_of_features(request: &Request) -> bool {
    let without = FeatureSelection::Flags(Vec::new());
    matches!(&request.features, FeatureSelection::Flags(flags) if !flags.is_empty())
        && resolved::load(&Request { features: without, ..request.clone() }).is_ok()
}

fn fallback_warning(reason: &str) -> String {
    format!(
        "cargo metadata failed ({}); dependencies are taken from Cargo.lock and the manifests, with all the features that they name. Run `cargo fetch` to be exact",
        told(reason)
    )
}

/// What cargo says of its failure.
fn reason(error: cargo_metadata::Error) -> String {
    match error {
        cargo_metadata::Error::CargoMetadata { stderr } if stderr.trim().is_empty() => {
            String::from("`cargo metadata` failed and did not say why")
        }
        cargo_metadata::Error::CargoMetadata { stderr } => {
            stderr.trim().trim_start_matches("error: ").to_owned()
        }
        other => other.to_string(),
    }
}

/// The line that says why: what comes before is progress, such as a wait for another cargo's lock.
fn told(reason: &str) -> &str {
    let lines = || reason.lines().map(str::trim).filter(|line| !line.is_empty());
    let error = lines().find_map(|line| line.strip_prefix("error: "));
    error.or_else(|| lines().next()).unwrap_or("no reason given")
}

/// The crate name of a target: `-` cannot stand in code.
fn crate_name(name: &str) -> String {
    name.replace('-', "_")
}

/// A path as seen from a folder, with `/`: `../` where they share a parent, else absolute.
fn relative(from: &Path, path: &Path) -> String {
    let shared = from.components().zip(path.components()).take_while(|(a, b)| a == b).count();
    // The root (and a drive's prefix) alone is nothing to share.
    if shared < 2 {
        return path.to_string_lossy().replace('\\', "/");
    }
    let up = from.components().skip(shared).map(|_| "..".to_owned());
    let down = path.components().skip(shared).map(|part| part.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::{reason, told};

    #[test]
    fn the_reason_is_the_error_and_not_the_progress_before_it() {
        let reason = "    Blocking waiting for file lock on package cache\nerror: failed to download `x v1.0.0`\n\nCaused by:\n  no";
        assert_eq!(told(reason), "failed to download `x v1.0.0`");
        assert_eq!(told("\n cannot run cargo \n"), "cannot run cargo");
        assert_eq!(told(""), "no reason given");
    }

    #[test]
    fn a_cargo_that_says_nothing_leaves_no_bare_colon() {
        let said = |stderr: &str| reason(cargo_metadata::Error::CargoMetadata { stderr: stderr.to_owned() });
        assert_eq!(said(" \n"), "`cargo metadata` failed and did not say why");
        assert_eq!(said("error: unclosed table\n"), "unclosed table");
    }
}
