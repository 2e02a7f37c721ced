//! Reads packages that count as a whole: all Rust files of a procedural macro, or what a build
//! script consists of.

use std::collections::{BTreeSet, HashSet};
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

/// The names of functions that a package may declare. `None`: it is larger than that many bytes, or
/// cannot be read.
pub(crate) fn function_names(directory: &Path, most: u64) -> Option<HashSet<String>> {
    let source = directory.join("src");
    let files = rust_files(if source.is_dir() { &source } else { directory });
    let sizes = files.iter().map(|(_, path)| std::fs::metadata(path).map_or(most + 1, |data| data.len()));
    if files.is_empty() || sizes.sum::<u64>() > most {
        return None;
    }
    let mut names = HashSet::new();
    let mut all = HashSet::new();
    let mut made_by_macros = false;
    for (_, path) in files {
        let text = String::from_utf8_lossy(&std::fs::read(path).ok()?).into_owned();
        let mut before = "";
        for word in text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')) {
            if word.is_empty() {
                continue;
            }
            if before == "fn" {
                made_by_macros |= word.starts_with('$');
                names.insert(word.to_owned());
            }
            if !all.contains(word) {
                all.insert(word.to_owned());
            }
            before = word;
        }
    }
    // A macro is given the names: each word may be one.
    Some(if made_by_macros { all } else { names })
}
