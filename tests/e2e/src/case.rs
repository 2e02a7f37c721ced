//! Describes a case: the files of a package, an edit, and what the program must then do.
//!
//! The usual case is one line of prose and one of code: `rerun("23", "const_value", CODE)` with
//! `.edit("= 3", "= 4")`. The code is the package's `src/main.rs`; a `main` that prints `calc()` is added
//! where it has none. A marked function prints `ran`, which tells whether its body was entered.

use std::collections::BTreeMap;
use std::path::Path;

/// What the program must do after the edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expect {
    /// Run the marked function again.
    Rerun,
    /// Use the stored result.
    Skip,
    /// Use the stored result although it is no longer right: a known limit, that the manual names.
    Limit,
    /// There is no edit: the program runs, is right, and its stderr (or the build's) has these texts.
    Says(Vec<&'static str>),
    /// There is no edit: the build fails, and its messages have these texts.
    Stops(Vec<&'static str>),
}

/// One change of a case's files.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    /// Replaces a text that occurs exactly once.
    Replace { file: String, from: String, to: String },
    /// Replaces every whole word in every Rust file.
    Rename { from: String, to: String },
    /// Creates or overwrites a file.
    Write { file: String, text: String },
    /// Deletes a file.
    Remove { file: String },
}

/// A package, an edit of it, and what must happen. Build one with [`rerun`], [`skip`], [`limit`], [`says`] or [`stops`].
#[derive(Clone, Debug)]
pub struct Case {
    /// The lines of `behaviour.md` and the traps that it covers: `24 T1`.
    pub covers: &'static str,
    /// Its name, also that of its package.
    pub name: &'static str,
    /// What must happen.
    pub expect: Expect,
    /// The files, by path below the case's folder.
    pub files: BTreeMap<String, String>,
    /// What changes between the second and the third run.
    pub(crate) edits: Vec<Edit>,
    /// The program's arguments, before and after.
    pub args: [Vec<&'static str>; 2],
    /// Environment variables of the build and of the program: name, value before, value after.
    pub variables: Vec<(&'static str, Option<&'static str>, Option<&'static str>)>,
    /// How often the body is entered in the first run.
    pub first_runs: usize,
    /// Dependencies that the workspace names.
    pub uses: Vec<&'static str>,
}

/// A case that must run again after the edit.
#[must_use]
pub fn rerun(covers: &'static str, name: &'static str, code: &str) -> Case {
    Case::new(covers, name, Expect::Rerun, code)
}

/// A case that must use the stored result after the edit.
#[must_use]
pub fn skip(covers: &'static str, name: &'static str, code: &str) -> Case {
    Case::new(covers, name, Expect::Skip, code)
}

/// A case in which the stored result comes back although another one is right.
#[must_use]
pub fn limit(covers: &'static str, name: &'static str, code: &str) -> Case {
    Case::new(covers, name, Expect::Limit, code)
}

/// A case whose program warns, and is right all the same.
#[must_use]
pub fn says(covers: &'static str, name: &'static str, texts: &[&'static str], code: &str) -> Case {
    Case::new(covers, name, Expect::Says(texts.to_vec()), code)
}

/// A case that does not build.
#[must_use]
pub fn stops(covers: &'static str, name: &'static str, texts: &[&'static str], code: &str) -> Case {
    Case::new(covers, name, Expect::Stops(texts.to_vec()), code)
}

const MAIN: &str = "src/main.rs";
const PRELUDE: &str = "#[allow(unused_imports)] use checkpointing::{cached, checkpoint, rerun};\n";
const PRINT: &str = "\nfn main() { println!(\"{:?}\", calc()); }\n";
pub(crate) const BUILD_SCRIPT: &str = "fn main() { checkpointing_fingerprint::emit(); }\n";

/// The manifest of a package without further dependencies.
pub(crate) fn manifest(name: &str) -> String {
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
         [build-dependencies]\ncheckpointing-fingerprint.workspace = true\n\n\
         [dependencies]\ncheckpointing.workspace = true\n"
    )
}

impl Case {
    fn new(covers: &'static str, name: &'static str, expect: Expect, code: &str) -> Self {
        let manifest = manifest(name);
        let main = if code.contains("fn main()") { "" } else { PRINT };
        let files = [
            ("Cargo.toml", manifest),
            ("build.rs", String::from(BUILD_SCRIPT)),
            (MAIN, format!("{PRELUDE}{code}{main}")),
        ];
        Self {
            covers,
            name,
            expect,
            files: files.map(|(path, text)| (path.to_owned(), text)).into(),
            edits: Vec::new(),
            args: [Vec::new(), Vec::new()],
            variables: Vec::new(),
            first_runs: 1,
            uses: Vec::new(),
        }
    }

    /// Adds a file, or replaces one that every case has.
    #[must_use]
    pub fn file(mut self, path: &str, text: &str) -> Self {
        self.files.insert(path.to_owned(), text.to_owned());
        self
    }

    /// Takes a file away that every case has.
    #[must_use]
    pub fn without(mut self, path: &str) -> Self {
        self.files.remove(path);
        self
    }

    /// Adds text to the end of a file: a line to the manifest's `[dependencies]`, a section.
    #[must_use]
    pub fn append(mut self, path: &str, text: &str) -> Self {
        self.files.entry(path.to_owned()).or_default().push_str(text);
        self
    }

    /// Adds a dependency that the workspace names, such as serde.
    #[must_use]
    pub fn uses(mut self, package: &'static str) -> Self {
        self.uses.push(package);
        self.append("Cargo.toml", &format!("{package}.workspace = true\n"))
    }

    /// Gives the package in a folder another edition; the folder of the case's own is `.`.
    #[must_use]
    pub fn edition(mut self, folder: &str, edition: &str) -> Self {
        let manifest =
            if folder == "." { String::from("Cargo.toml") } else { format!("{folder}/Cargo.toml") };
        let manifest = self.files.entry(manifest).or_default();
        *manifest = manifest.replace("edition = \"2024\"", &format!("edition = \"{edition}\""));
        self
    }

    /// Adds a path dependency in the folder of that name.
    #[must_use]
    pub fn dep(self, name: &str, code: &str) -> Self {
        let line = format!("{name} = {{ path = \"{name}\", package = \"{}-{name}\" }}\n", self.name);
        self.package(name, code).append("Cargo.toml", &line)
    }

    /// Adds a path dependency of the path dependency `parent`.
    #[must_use]
    pub fn dep_of(self, parent: &str, name: &str, code: &str) -> Self {
        let line = format!("{name} = {{ path = \"../{name}\", package = \"{}-{name}\" }}\n", self.name);
        self.package(name, code).append(&format!("{parent}/Cargo.toml"), &line)
    }

    /// Gives a path dependency another name in the package that uses it.
    #[must_use]
    pub fn renamed_dependency(mut self, from: &str, to: &str) -> Self {
        let manifest = self.files.entry(String::from("Cargo.toml")).or_default();
        *manifest = manifest.replace(&format!("\n{from} = "), &format!("\n{to} = "));
        self
    }

    /// Makes a path dependency a proc macro.
    #[must_use]
    pub fn proc_macro(mut self, name: &str) -> Self {
        let manifest = self.files.entry(format!("{name}/Cargo.toml")).or_default();
        *manifest = manifest.replace("[lib]\n", "[lib]\nproc-macro = true\n");
        self
    }

    fn package(self, name: &str, code: &str) -> Self {
        let manifest = format!(
            "[package]\nname = \"{}-{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
             [lib]\nname = \"{name}\"\n\n[dependencies]\n",
            self.name
        );
        self.file(&format!("{name}/Cargo.toml"), &manifest).file(&format!("{name}/src/lib.rs"), code)
    }

    /// Replaces a text of `src/main.rs` that occurs exactly once.
    #[must_use]
    pub fn edit(self, from: &str, to: &str) -> Self {
        self.edit_in(MAIN, from, to)
    }

    /// Replaces a text of a file that occurs exactly once.
    #[must_use]
    pub fn edit_in(mut self, file: &str, from: &str, to: &str) -> Self {
        let [file, from, to] = [file, from, to].map(str::to_owned);
        self.edits.push(Edit::Replace { file, from, to });
        self
    }

    /// Renames a word everywhere.
    #[must_use]
    pub fn rename(mut self, from: &str, to: &str) -> Self {
        let [from, to] = [from, to].map(str::to_owned);
        self.edits.push(Edit::Rename { from, to });
        self
    }

    /// Swaps two texts of `src/main.rs` that occur exactly once each.
    #[must_use]
    pub fn swap(self, one: &str, other: &str) -> Self {
        self.edit(one, "<first>").edit(other, one).edit("<first>", other)
    }

    /// Writes a file as part of the edit. `src/main.rs` is given without its usual first line and `main`.
    #[must_use]
    pub fn write(mut self, file: &str, text: &str) -> Self {
        let text = if file == MAIN {
            let main = if text.contains("fn main()") { "" } else { PRINT };
            format!("{PRELUDE}{text}{main}")
        } else {
            text.to_owned()
        };
        self.edits.push(Edit::Write { file: file.to_owned(), text });
        self
    }

    /// Deletes a file as part of the edit.
    #[must_use]
    pub fn remove(mut self, file: &str) -> Self {
        self.edits.push(Edit::Remove { file: file.to_owned() });
        self
    }

    /// Sets the program's arguments, before and after the edit.
    #[must_use]
    pub fn args(mut self, before: &[&'static str], after: &[&'static str]) -> Self {
        self.args = [before.to_vec(), after.to_vec()];
        self
    }

    /// Sets an environment variable of build and run, before and after the edit.
    #[must_use]
    pub fn variable(
        mut self,
        name: &'static str,
        before: Option<&'static str>,
        after: Option<&'static str>,
    ) -> Self {
        self.variables.push((name, before, after));
        self
    }

    /// Says how often the body is entered in the first run, where that is not once.
    #[must_use]
    pub fn first_runs(mut self, count: usize) -> Self {
        self.first_runs = count;
        self
    }

    /// Whether it can be one of several programs of a package: it is `src/` alone that it brings and edits.
    pub(crate) fn is_source_alone(&self) -> bool {
        let mut plain = manifest(self.name);
        self.uses.iter().for_each(|package| plain.extend([package, ".workspace = true\n"]));
        let own = |file: &str| match file {
            "Cargo.toml" => self.files.get(file) == Some(&plain),
            "build.rs" => self.files.get(file).is_some_and(|text| text == BUILD_SCRIPT),
            "src/lib.rs" => false,
            _ => file.starts_with("src/"),
        };
        let edited = |edit: &Edit| match edit {
            Edit::Rename { .. } => true,
            Edit::Replace { file, .. } | Edit::Write { file, .. } | Edit::Remove { file } => {
                file.starts_with("src/") && own(file)
            }
        };
        matches!(self.expect, Expect::Rerun | Expect::Skip | Expect::Limit)
            && self.files.contains_key("build.rs")
            && self.files.keys().all(|file| own(file))
            && self.edits.iter().all(edited)
    }

    /// The files after the edit, or what is wrong with the edit.
    ///
    /// # Errors
    /// A text that does not occur exactly once, or a file that is not there.
    pub fn edited(&self) -> Result<BTreeMap<String, String>, String> {
        let mut files = self.files.clone();
        for edit in &self.edits {
            match edit {
                Edit::Replace { file, from, to } => {
                    let text = files.get_mut(file).ok_or_else(|| format!("no file {file}"))?;
                    if text.matches(from.as_str()).count() != 1 {
                        return Err(format!("{from:?} does not occur exactly once in {file}"));
                    }
                    *text = text.replacen(from, to, 1);
                }
                Edit::Rename { from, to } => {
                    let rust = |path: &str| Path::new(path).extension().is_some_and(|end| end == "rs");
                    let sources = files.iter_mut().filter(|(path, _)| rust(path));
                    sources.for_each(|(_, text)| *text = rename_words(text, from, to));
                }
                Edit::Write { file, text } => {
                    files.insert(file.clone(), text.clone());
                }
                Edit::Remove { file } => {
                    files.remove(file).ok_or_else(|| format!("no file {file}"))?;
                }
            }
        }
        if !self.edits.is_empty() && files == self.files {
            return Err(String::from("the edit changes nothing"));
        }
        Ok(files)
    }
}

fn rename_words(text: &str, from: &str, to: &str) -> String {
    let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut renamed = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(from) {
        let (head, tail) = (&rest[..at], &rest[at + from.len()..]);
        let whole = !head.ends_with(part_of_word) && !tail.starts_with(part_of_word);
        renamed.push_str(head);
        renamed.push_str(if whole { to } else { from });
        rest = tail;
    }
    renamed + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_are_renamed() {
        assert_eq!(rename_words("a + ab + a(a)", "a", "x"), "x + ab + x(x)");
    }

    #[test]
    fn an_edit_that_does_not_fit_is_an_error() {
        let case = skip("6", "x", "fn calc() { 1; 1; }").edit("1", "2");
        assert!(case.edited().is_err());
    }
}
