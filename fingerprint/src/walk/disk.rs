//! Records which files, folders and variables the pass looked at: they become the build script's
//! `rerun-if-*` lines, and a rerun that does not happen is a stale hit.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

#[derive(Debug, Default)]
pub(crate) struct Disk {
    files: BTreeSet<PathBuf>,
    folders: BTreeSet<PathBuf>,
    variables: BTreeSet<String>,
}

impl Disk {
    pub(crate) fn record_file(&mut self, path: &Path) {
        self.files.insert(without_detours(path));
    }

    pub(crate) fn forget_file(&mut self, path: &Path) {
        self.files.remove(&without_detours(path));
    }

    pub(crate) fn record_variable(&mut self, name: &str) {
        self.variables.insert(name.to_owned());
    }

    /// Watches the folder of a crate's sources, so that a module file that appears is seen.
    ///
    /// Not where the sources lie in the package's own folder: the target directory may be below it,
    /// and cargo would rerun the build script for ever.
    pub(crate) fn watch_sources(&mut self, package: &Path, sources: &Path) {
        if sources != package && sources.starts_with(package) {
            self.folders.insert(sources.to_owned());
        }
    }

    /// What cargo must watch. Files below a watched folder are left out.
    pub(crate) fn watched(&self) -> impl Iterator<Item = &Path> {
        let below = |path: &Path| path.ancestors().skip(1).any(|folder| self.folders.contains(folder));
        self.files.iter().chain(&self.folders).map(PathBuf::as_path).filter(move |path| !below(path))
    }

    pub(crate) fn variables(&self) -> impl Iterator<Item = &str> {
        self.variables.iter().map(String::as_str)
    }
}

/// The path without `a/../`: one file has one path, and what lies outside of a watched folder looks so.
pub(crate) fn without_detours(path: &Path) -> PathBuf {
    if !path.components().any(|part| part == Component::ParentDir) {
        return path.components().filter(|part| *part != Component::CurDir).collect();
    }
    let mut straight = PathBuf::new();
    for part in path.components() {
        match (part, straight.components().next_back()) {
            (Component::ParentDir, Some(Component::Normal(_))) => _ = straight.pop(),
            (Component::CurDir, _) => {}
            _ => straight.push(part),
        }
    }
    // Behind a link to a folder `..` is another folder.
    let is_same = !straight.exists()
        || matches!((path.canonicalize(), straight.canonicalize()), (Ok(a), Ok(b)) if a == b);
    if is_same { straight } else { path.canonicalize().unwrap_or(straight) }
}
