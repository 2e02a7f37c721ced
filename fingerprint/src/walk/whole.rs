//! Reads packages that count as a whole: all Rust files of a procedural macro, or what a build
//! script consists of.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// The Rust files below a package's folder, sorted by path relative to it. Folders that cargo or git
/// own are left out, and so are packages inside of the package.
pub(crate) fn rust_files(directory: &Path) -> Vec<(String, PathBuf)> {
    let is_ours = |entry: &walkdir::DirEntry| {
        let name = entry.file_name().to_string_lossy();
        let nested = entry.depth() > 0 && entry.path().join("Cargo.toml").is_file();
        entry.depth() == 0
            || !(entry.file_type().is_dir()
                && (name.starts_with('.')
                    || nested
                    || matches!(&*name, "target" | "tests" | "examples" | "benches")))
    };
    let files =
        WalkDir::new(directory).sort_by_file_name().into_iter().filter_entry(is_ours).filter_map(Result::ok);
    files
        .filter(|entry| {
            entry.file_type().is_file() && entry.path().extension().is_some_and(|end| end == "rs")
        })
        .map(|entry| {
            let relative = entry.path().strip_prefix(directory).unwrap_or(entry.path());
            (relative.to_string_lossy().replace('\\', "/"), entry.path().to_owned())
        })
        .collect()
}

/// Every identifier and every word of a string in the sources of a package.
pub(crate) fn words(directory: &Path) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for (_, path) in rust_files(directory) {
        let text = std::fs::read(path).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let found = text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
        words.extend(found.map(str::to_owned));
    }
    words
}
