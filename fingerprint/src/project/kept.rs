//! Keeps what cargo said of a build beside the build script's other files: the next pass need not ask again, while
//! nothing changed that the answer depends on. To ask takes tens of milliseconds, to look at all that takes one.

use super::Project;
use super::request::Request;
use crate::handover::{self, dated, is_settled, maker};
use cargo_metadata::Metadata;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Part of the file's name: another form is another file.
const FORMAT: u32 = 1;

/// Where cargo finds crates that no manifest names, below a package.
const ROOTS: [&str; 6] = ["", "src", "src/bin", "examples", "tests", "benches"];

/// What an answer of cargo's depends on, beside the request and the environment.
#[derive(Serialize, Deserialize)]
struct Asked {
    /// Manifests and the lock file, also where there is none: their bytes count.
    texts: BTreeSet<PathBuf>,
    /// Cargo's configuration: the same.
    configurations: BTreeSet<PathBuf>,
    /// Manifests of registries' packages, which nobody writes twice.
    unchanging: BTreeSet<PathBuf>,
    /// Folders of the packages that are analysed.
    packages: BTreeSet<PathBuf>,
}

fn path(request: &Request) -> Option<PathBuf> {
    Some(request.out.as_ref()?.join(format!("checkpoints.project.{FORMAT}")))
}

/// The project, where cargo would say of it what it said.
pub(super) fn read(request: &Request) -> Option<Project> {
    let bytes = std::fs::read(path(request)?).ok()?;
    let (asked, rest): (Asked, _) = postcard::take_from_bytes(handover::content(&bytes)?).ok()?;
    let (state, project): ([u8; 32], Project) = postcard::from_bytes(rest).ok()?;
    (asked.state(request)? == state).then_some(project)
}

/// Leaves it for the next pass, but for what may have changed since cargo looked at it.
pub(super) fn write(
    request: &Request,
    metadata: &Metadata,
    project: &Project,
    started: SystemTime,
) -> std::io::Result<()> {
    let (Some(path), Some(lock)) = (path(request), &project.lock_file) else { return Ok(()) };
    let asked = Asked::of(metadata, lock);
    let Some(state) = asked.state(request).filter(|_| asked.is_settled(started)) else { return Ok(()) };
    let encoded = postcard::to_stdvec(&(asked, state, project)).map_err(std::io::Error::other)?;
    handover::write(&path, &[&encoded])
}

impl Asked {
    fn of(metadata: &Metadata, lock: &Path) -> Self {
        let (own, others): (Vec<_>, Vec<_>) =
            metadata.packages.iter().partition(|package| package.source.is_none());
        let manifest = |package: &&cargo_metadata::Package| package.manifest_path.clone().into_std_path_buf();
        let packages = own.iter().map(manifest).filter_map(|path| Some(path.parent()?.to_owned()));
        let packages: BTreeSet<PathBuf> = packages.collect();
        let here = std::env::current_dir().ok();
        // A manifest that appears above makes it a package of that workspace.
        let above = packages.iter().chain(&here).flat_map(|folder| folder.ancestors());
        let mut texts: BTreeSet<PathBuf> = above.map(|folder| folder.join("Cargo.toml")).collect();
        texts.extend(own.iter().map(manifest));
        // Of a workspace that is not above it.
        texts.extend(own.iter().filter_map(|package| elsewhere(package.manifest_path.as_std_path())));
        texts.insert(metadata.workspace_root.join("Cargo.toml").into());
        texts.insert(lock.to_owned());
        let configurations = configurations(here.as_deref());
        Asked { texts, configurations, unchanging: others.iter().map(manifest).collect(), packages }
    }

    /// A hash of all that; `None` where more decides.
    fn state(&self, request: &Request) -> Option<[u8; 32]> {
        let mut hasher = blake3::Hasher::new();
        // What is printed for people who look for faults has every field.
        hasher.update(format!("{:?}", (maker()?, request, environment())).as_bytes());
        hasher.update(format!("{:?}", dated(Path::new(&request.cargo))?).as_bytes());
        for path in self.texts.iter().chain(&self.configurations) {
            let text = std::fs::read(path).ok();
            // It may name files that are configuration too.
            let names_files = || text.as_ref().is_some_and(|text| contains(text, b"include"));
            if self.configurations.contains(path) && names_files() {
                return None;
            }
            hasher.update(format!("{:?}", (path, text.map(|text| blake3::hash(&text)))).as_bytes());
        }
        for path in &self.unchanging {
            hasher.update(format!("{:?}", (path, dated(path))).as_bytes());
        }
        for folder in self.packages.iter().flat_map(|package| ROOTS.map(|below| package.join(below))) {
            hasher.update(format!("{:?}", (&folder, roots(&folder))).as_bytes());
        }
        Some(*hasher.finalize().as_bytes())
    }

    fn is_settled(&self, started: SystemTime) -> bool {
        let folders = self.packages.iter().flat_map(|package| ROOTS.map(|below| package.join(below)));
        let files = self.texts.iter().chain(&self.configurations).cloned();
        files.chain(folders).all(|path| is_settled(&path, started))
    }
}

/// The manifest of the workspace that a package names as its own.
fn elsewhere(manifest: &Path) -> Option<PathBuf> {
    let text = std::fs::read_to_string(manifest).ok()?;
    let root =
        toml::from_str::<toml::Table>(&text).ok()?.get("package")?.get("workspace")?.as_str()?.to_owned();
    Some(manifest.parent()?.join(root).join("Cargo.toml"))
}

/// The files from which cargo takes its configuration when it is called here.
fn configurations(here: Option<&Path>) -> BTreeSet<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let folders = here.into_iter().flat_map(Path::ancestors).map(|folder| folder.join(".cargo")).chain(home);
    folders.flat_map(|folder| ["config", "config.toml"].map(|name| folder.join(name))).collect()
}

/// Variables that cargo or rustc may read. Those of its job server are others in each build.
fn environment() -> BTreeMap<OsString, OsString> {
    let is_read = |name: &OsString| {
        let name = name.to_string_lossy();
        (name.starts_with("CARGO") || name.starts_with("RUST")) && name != "CARGO_MAKEFLAGS"
    };
    std::env::vars_os().filter(|(name, _)| is_read(name)).collect()
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|part| part == word)
}

/// What may be the root of a crate in a folder: a file, or a folder with a `main.rs`.
fn roots(folder: &Path) -> BTreeSet<OsString> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let is_root = |entry: &std::fs::DirEntry| {
        let path = entry.path();
        path.extension().is_some_and(|end| end == "rs") || path.join("main.rs").is_file()
    };
    entries.filter(is_root).map(|entry| entry.file_name()).collect()
}
