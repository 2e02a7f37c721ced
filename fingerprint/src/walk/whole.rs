//! Reads packages that count as a whole: all Rust files of a procedural macro, or what a build
//! script consists of.

use crate::lower::{is_std_macro, with_tokens};
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

/// The names of functions that a package's own code declares, and what may be one.
#[derive(Default)]
pub(crate) struct FunctionNames {
    /// Behind `fn`.
    written: HashSet<String>,
    /// What macros are given.
    given: HashSet<String>,
    /// A macro of the package declares functions by names that it is given.
    by_macro: bool,
}

impl FunctionNames {
    pub(crate) fn is_written(&self, name: &str) -> bool {
        self.written.contains(name)
    }

    /// Whether a macro that declares what it is given may declare this.
    pub(crate) fn is_given(&self, name: &str) -> bool {
        self.given.contains(name)
    }

    pub(crate) fn by_macro(&self) -> bool {
        self.by_macro
    }

    /// `None`: the names are put together from parts.
    fn add(&mut self, tokens: &[&str]) -> Option<()> {
        // For every delimiter that is open: whether a macro is given what is in it.
        let mut open = vec![false];
        for (at, &token) in tokens.iter().enumerate() {
            let next = tokens.get(at + 1).copied().unwrap_or_default();
            match token {
                "(" | "[" | "{" => {
                    let given = match (at.checked_sub(2).map(|at| tokens[at]), at.checked_sub(1)) {
                        (Some(name), Some(bang)) if tokens[bang] == "!" && is_word(name) => {
                            !is_std_macro(name)
                        }
                        _ => false,
                    };
                    open.push(given || open.last().copied().unwrap_or_default());
                }
                ")" | "]" | "}" => _ = open.pop(),
                "fn" if next == "$" => self.by_macro = true,
                "fn" if next == "[" => return None,
                "fn" if is_word(next) => _ = self.written.insert(unraw(next)),
                word if is_word(word) && open.last() == Some(&true) => _ = self.given.insert(unraw(word)),
                _ => {}
            }
        }
        Some(())
    }
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c == '_' || c.is_alphabetic())
}

fn unraw(word: &str) -> String {
    word.strip_prefix("r#").unwrap_or(word).to_owned()
}

/// The names of functions that a package may declare. `None`: any, since it is larger than that many bytes,
/// or cannot be read.
pub(crate) fn function_names(directory: &Path, most: u64) -> Option<FunctionNames> {
    let source = directory.join("src");
    let files = rust_files(if source.is_dir() { &source } else { directory });
    let sizes = files.iter().map(|(_, path)| std::fs::metadata(path).map_or(most + 1, |data| data.len()));
    if files.is_empty() || sizes.sum::<u64>() > most {
        return None;
    }
    let mut names = FunctionNames::default();
    for (_, path) in files {
        let text = String::from_utf8_lossy(&std::fs::read(path).ok()?).into_owned();
        with_tokens(&text, |tokens| names.add(tokens))?;
    }
    Some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn macros_declare_what_they_are_given() {
        let mut names = FunctionNames::default();
        let code = "macro_rules! m { ($n:ident) => { fn $n() { let inner = \"fn text\"; } } }
            m!(made); m! { r#other ('(' x) } fn written() { vec![no]; unknown } // fn comment
            const fn more() {}";
        assert_eq!(with_tokens(code, |tokens| names.add(tokens)), Some(()));
        assert!(names.by_macro());
        for name in ["made", "other", "x"] {
            assert!(names.is_given(name), "{name}");
        }
        for name in ["inner", "no", "unknown", "text", "comment"] {
            assert!(!names.is_given(name) && !names.is_written(name), "{name}");
        }
        assert!(names.is_written("written") && names.is_written("more") && !names.is_given("written"));
        assert_eq!(with_tokens("paste! { fn [<to_ $t>]() {} }", |tokens| names.add(tokens)), None);
    }
}
