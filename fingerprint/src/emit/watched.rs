//! Hashes the files that a build script watches by hand.

use crate::content::{Framed, Hash};
use crate::project::Project;
use checkpointing_closure::Item;
use std::path::PathBuf;

/// One path given to `watch`: a file, or a folder with all files below it.
pub(super) struct Watched {
    /// Relative to the package.
    path: String,
    hash: Hash,
}

impl Watched {
    /// What there is, and one hash of it all: `None` when nothing is watched.
    pub(super) fn read(project: &Project, paths: &[PathBuf]) -> (Vec<Watched>, Option<Hash>) {
        let mut all = Framed::new();
        let mut read = |path: &PathBuf| {
            let files = walkdir::WalkDir::new(path).sort_by_file_name().into_iter().filter_map(Result::ok);
            let files: Vec<_> = files.filter(|entry| entry.file_type().is_file()).collect();
            let mut own = Framed::new();
            all.number(files.len() as u64);
            for file in files {
                let relative =
                    file.path().strip_prefix(path).unwrap_or(file.path()).to_string_lossy().into_owned();
                let bytes = std::fs::read(file.path()).unwrap_or_default();
                for out in [&mut own, &mut all] {
                    out.bytes(relative.as_bytes());
                    out.bytes(&bytes);
                }
            }
            Watched { path: project.relative(path), hash: own.finish() }
        };
        let watched = paths.iter().map(&mut read).collect();
        (watched, (!paths.is_empty()).then(|| all.finish()))
    }

    pub(super) fn item(&self) -> Item {
        let kind = String::from("watched");
        let (path, file) = (self.path.clone(), Some(self.path.clone()));
        Item { kind, path, version: None, file, line: 0, hash: self.hash.0 }
    }
}
