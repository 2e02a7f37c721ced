//! Tests the pass as a whole, over packages in temporary folders and without building them.

#[cfg(unix)]
mod asked;
mod edited;
mod features;
mod golden;
mod kept;
mod layers;
mod lints;
mod modules;
mod notes;
mod offline;
mod packages;
mod record;
mod same;
mod shapes;
mod speed;
mod watching;

use crate::emit::Config;
use crate::project::{FeatureSelection, Project, Request};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

/// Which files the pass gets to see, and the folder that it writes to.
pub(crate) struct Place {
    root: TempDir,
    /// Outside of the package, as with an external target directory.
    out: TempDir,
    /// The package that asks, below `root`.
    package: String,
    features: BTreeSet<String>,
}

const MANIFEST: &str = "[package]\nname = \"p\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
const LOCK: &str = "version = 4\n\n[[package]]\nname = \"p\"\nversion = \"0.1.0\"\n";

impl Place {
    /// Exactly these files.
    fn of(files: &[(&str, &str)]) -> Self {
        let root = tempfile::tempdir().expect("a folder for the test");
        let out = tempfile::tempdir().expect("a folder to write to");
        let place = Place { root, out, package: String::new(), features: BTreeSet::new() };
        for (path, text) in files {
            place.write(path, text);
        }
        place
    }

    /// A package `p` without dependencies, with these files beside its manifest and its lock file.
    pub(crate) fn package(files: &[(&str, &str)]) -> Self {
        let mut all = vec![("Cargo.toml", MANIFEST), ("Cargo.lock", LOCK)];
        all.extend(files);
        Self::of(&all)
    }

    /// The same with path dependencies: the lock file is cargo's.
    fn locked(files: &[(&str, &str)], package: &str) -> Self {
        let place = Place { package: package.to_owned(), ..Self::of(files) };
        let mut cargo = std::process::Command::new(cargo());
        cargo.args(["generate-lockfile", "--offline"]).current_dir(place.directory());
        let output = cargo.output().expect("cargo runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        place
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root.path().canonicalize().expect("the test's folder").join(path)
    }

    fn directory(&self) -> PathBuf {
        if self.package.is_empty() { self.path("") } else { self.path(&self.package) }
    }

    fn out(&self) -> PathBuf {
        self.out.path().to_owned()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// As if nothing had been written for a while.
    fn settle(&self) {
        let before = SystemTime::now() - Duration::from_secs(60);
        for entry in walkdir::WalkDir::new(self.path("")) {
            let file = fs::File::open(entry.expect("an entry").path()).expect("a file");
            file.set_modified(before).expect("a date");
        }
    }

    fn request(&self) -> Request {
        Request {
            manifest: self.directory().join("Cargo.toml"),
            cargo: cargo(),
            platforms: vec!["x86_64-unknown-linux-gnu".to_owned()],
            features: FeatureSelection::Exact(self.features.clone()),
            cfgs: BTreeMap::from([("unix".to_owned(), BTreeSet::new())]),
            out: Some(self.out()),
            locked: false,
        }
    }

    fn project(&self) -> (Project, Vec<String>) {
        Project::load(&self.request()).expect("the package can be read")
    }

    pub(crate) fn pass(&self) -> crate::pass::Pass {
        crate::pass::Pass::load(&self.request(), |_| crate::walk::LoweredCache::none())
            .expect("the package can be read")
    }

    /// What the build script prints, less the start of the pass.
    fn emit(&self) -> Vec<String> {
        self.emit_with(&Config::new())
    }

    fn emit_with(&self, config: &Config) -> Vec<String> {
        let request = self.request();
        let lines = crate::lower::with_big_stack(|| config.write(&request, &self.out()));
        lines.expect("the pass runs")
    }

    fn table(&self) -> String {
        fs::read_to_string(self.out().join("checkpoints.rs")).expect("a table")
    }

    /// The fingerprint of a function, by its path in the table.
    fn fingerprint(&self, path: &str) -> String {
        let table = self.table();
        let row = table.lines().find(|row| row.split('\t').next() == Some(path));
        let row = row.unwrap_or_else(|| panic!("no {path} in\n{table}"));
        row.split('\t').nth(1).expect("a fingerprint").to_owned()
    }

    /// The shape of a function's result; `-` where it is not known.
    fn shape(&self, path: &str) -> String {
        let table = self.table();
        let row = table.lines().find(|row| row.split('\t').next() == Some(path));
        row.and_then(|row| row.split('\t').nth(10)).expect("a shape").to_owned()
    }

    /// The flags of a function.
    fn flags(&self, path: &str) -> String {
        let table = self.table();
        let row = table.lines().find(|row| row.split('\t').next() == Some(path));
        row.and_then(|row| row.split('\t').nth(6)).expect("flags").to_owned()
    }
}

fn cargo() -> std::ffi::OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// The newest version of a package whose source cargo has unpacked, or a folder.
fn unpacked(name: &str) -> Option<PathBuf> {
    if Path::new(name).join("Cargo.toml").is_file() {
        return Some(PathBuf::from(name));
    }
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")))?;
    let registries = std::fs::read_dir(home.join("registry/src")).ok()?.filter_map(Result::ok);
    let folders = registries.filter_map(|registry| std::fs::read_dir(registry.path()).ok()).flatten();
    let named = folders.filter_map(Result::ok).map(|entry| entry.path()).filter(|path| {
        let version = path.file_name().and_then(|full| full.to_str()?.strip_prefix(name)?.strip_prefix('-'));
        version.is_some_and(|version| version.starts_with(|c: char| c.is_ascii_digit()))
    });
    named.max()
}

/// The values of one kind of line, less the test's folder, and less the list that every pass leaves.
fn values(place: &Place, lines: &[String], kind: &str) -> Vec<String> {
    let lines = lines.iter().filter(|line| !line.ends_with("/checkpoints.watched"));
    let root = format!("{}/", place.path("").to_string_lossy().trim_end_matches('/'));
    let found = lines.filter_map(|line| line.strip_prefix(&format!("cargo::{kind}=")));
    found.map(|value| value.replace(&root, "").replace(root.trim_end_matches('/'), ".")).collect()
}

fn copy(from: &Path, to: &Path) {
    let mut entries: Vec<_> = walkdir::WalkDir::new(from).into_iter().filter_map(Result::ok).collect();
    // Another order than the first copy's.
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.path().to_owned()));
    for entry in entries.iter().filter(|entry| entry.file_type().is_file()) {
        let to = to.join(entry.path().strip_prefix(from).expect("a path below"));
        fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        fs::copy(entry.path(), to).expect("a copy");
    }
}
