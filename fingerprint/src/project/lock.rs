//! Reads `Cargo.lock` for what `cargo metadata` does not tell: checksums, and versions off line.

use serde::Deserialize;
use std::path::{Path, PathBuf};

#[derive(Debug, Default, Deserialize)]
pub(super) struct Lock {
    #[serde(default)]
    pub(super) package: Vec<LockedPackage>,
}

#[derive(Debug, Deserialize)]
pub(super) struct LockedPackage {
    pub(super) name: String,
    pub(super) version: String,
    #[serde(default)]
    pub(super) source: String,
    #[serde(default)]
    pub(super) checksum: String,
    /// `name`, `name version` or `name version (source)`.
    #[serde(default)]
    pub(super) dependencies: Vec<String>,
}

impl Lock {
    /// The lock file of the package in `directory`: there, or in a directory above.
    pub(super) fn find(directory: &Path) -> Option<(PathBuf, Lock)> {
        directory.ancestors().find_map(|directory| {
            let path = directory.join("Cargo.lock");
            let text = std::fs::read_to_string(&path).ok()?;
            Some((path, toml::from_str(&text).ok()?))
        })
    }

    pub(super) fn checksum(&self, name: &str, version: &str, source: &str) -> &str {
        let found = self.package.iter().find(|p| p.name == name && p.version == version && p.source == source);
        found.map_or("", |package| &package.checksum)
    }
}
