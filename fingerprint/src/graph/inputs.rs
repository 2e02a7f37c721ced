//! Says what a graph was made from, and in what state that is: a graph that was kept is that of the code while
//! nothing of it changed.
//!
//! Bytes count, and the names of files that could become modules or be included. Dates do not: a file that was
//! unpacked or checked out can have any.

use crate::content::{Framed, Hash};
use crate::handover;
use crate::link::Program;
use crate::pass::Pass;
use crate::walk::{map, rust_files};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use walkdir::{DirEntry, WalkDir};

/// Files, folders and variables that a pass looked at.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Inputs {
    files: BTreeSet<PathBuf>,
    /// Folders of sources: a file that appears anywhere below can be a module.
    trees: BTreeSet<PathBuf>,
    /// Folders in which code may name files by their strings.
    folders: BTreeSet<PathBuf>,
    /// Packages whose Rust files all count.
    whole: BTreeSet<PathBuf>,
    variables: BTreeSet<String>,
}

impl Inputs {
    pub(super) fn of(pass: &Pass, program: &Program<'_>) -> Inputs {
        let read = pass.sources.files[..pass.sources.read].iter().map(|file| file.path.clone());
        let packages = &pass.project.packages;
        let included = program.included_files().into_iter().map(|file| file.path);
        let scripts = packages.iter().filter_map(|package| package.build_script.clone());
        let files: BTreeSet<PathBuf> = read.chain(included).chain(scripts).collect();
        let folders: BTreeSet<PathBuf> = packages.iter().map(|package| package.directory.clone()).collect();
        let templates = folders.iter().map(|folder| folder.join("templates"));
        let beside = files.iter().filter_map(|file| Some(file.parent()?.to_owned()));
        // A package's own folder can hold anything, the target directory too; and who knows what lies outside.
        let is_within = |folder: &Path| folder.ancestors().skip(1).any(|above| folders.contains(above));
        let trees = beside.chain(templates).filter(|folder| is_within(folder) && !folders.contains(folder));
        let trees = trees.collect();
        let whole = packages.iter().filter(|package| package.is_proc_macro());
        let whole = whole.map(|package| package.directory.clone()).collect();
        let mut variables = program.included_variables();
        variables.extend(pass.disk.variables().map(str::to_owned));
        Inputs { files, trees, folders, whole, variables }
    }

    /// A hash of all that they hold. `None` where something is newer than a pass that started then.
    pub(super) fn state(&self, pass_started: Option<SystemTime>) -> Option<Hash> {
        let mut state = Framed::new();
        let is_settled = |path: &Path| pass_started.is_none_or(|start| handover::is_settled(path, start));
        let mut all_settled = true;
        for entry in self.listed() {
            all_settled &= !entry.file_type().is_dir() || is_settled(entry.path());
            if !entry.file_type().is_dir() {
                state.bytes(entry.path().as_os_str().as_encoded_bytes());
            }
        }
        let whole = self.whole.iter().flat_map(|folder| rust_files(folder)).map(|(_, path)| path);
        let files: Vec<PathBuf> = self.files.iter().cloned().chain(whole).collect();
        let read = |path: &PathBuf| {
            let hash = std::fs::read(path).ok().map(|bytes| *blake3::hash(&bytes).as_bytes());
            (hash, is_settled(path))
        };
        for (path, (hash, is_settled)) in files.iter().zip(map(&files, read)) {
            state.bytes(path.as_os_str().as_encoded_bytes());
            state.bytes(hash.as_ref().map_or(&[], |hash| hash.as_slice()));
            all_settled &= is_settled;
        }
        for name in &self.variables {
            state.bytes(name.as_bytes());
            state.bytes(std::env::var_os(name).unwrap_or_default().as_encoded_bytes());
        }
        all_settled.then(|| state.finish())
    }

    /// What the folders hold, sorted.
    fn listed(&self) -> impl Iterator<Item = DirEntry> {
        let is_ours = |entry: &DirEntry| {
            let name = entry.file_name().to_string_lossy();
            entry.depth() == 0 || !entry.file_type().is_dir() || !(name.starts_with('.') || name == "target")
        };
        // What is below another one is listed with it.
        let is_top = |tree: &&PathBuf| !tree.ancestors().skip(1).any(|above| self.trees.contains(above));
        let trees = self.trees.iter().filter(is_top).map(WalkDir::new);
        let folders = self.folders.iter().map(|folder| WalkDir::new(folder).max_depth(1));
        let walks = trees.chain(folders).map(WalkDir::sort_by_file_name);
        walks.flat_map(move |walk| walk.into_iter().filter_entry(is_ours).filter_map(Result::ok))
    }
}
