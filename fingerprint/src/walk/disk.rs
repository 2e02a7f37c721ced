//! Records which files, folders and variables the pass looked at: they become the build script's
//! `rerun-if-*` lines, and a rerun that does not happen is a stale hit.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

#[derive(Debug, Default)]
pub(crate) struct Disk {
    files: BTreeSet<PathBuf>,
    folders: BTreeSet<PathBuf>,
    variables: BTreeSet<String>,
}

impl Disk {
    pub(crate) fn record_file(&mut self, path: &Path) {
        self.files.insert(path.to_owned());
    }

    pub(crate) fn forget_file(&mut self, path: &Path) {
        self.files.remove(path);
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

    /// Reads a file that an item includes; recorded even when it is not there yet, if its folder is.
    pub(crate) fn read(&mut self, path: &Path) -> std::io::Result<Vec<u8>> {
        let bytes = std::fs::read(path);
        match (&bytes, path.parent()) {
            (Ok(_), _) => self.record_file(path),
            // An absent path would rerun the build script at every build; its folder does not.
            (Err(_), Some(folder)) if folder.is_dir() => _ = self.folders.insert(folder.to_owned()),
            _ => {}
        }
        bytes
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
