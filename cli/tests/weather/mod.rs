//! Copies `tests/fixture`, a small workspace whose program caches two functions, and runs commands in it as a
//! reader of the book would.

use regex::Regex;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

pub fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// What a reader would compare: without what differs from run to run, hashes, times and the width of columns.
#[allow(dead_code)] // not every test compares
pub fn normal(text: &str) -> String {
    let rules = [
        (r"\b[0-9a-f]{64}\b", "HASH"),
        (r"\b[0-9a-f]{12}\b", "hash"),
        (r"commit [0-9a-f]{7,}\b", "commit ID"),
        (r"v2/[0-9a-f]{2}/", "v2/xx/"),
        (r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "DATE"),
        (r"\b(\d+ (second|minute|hour)s? ago|just now)", "AGO"),
        (r"\b\d+(\.\d+)?(ns|µs|ms|s)\b", "TIME"),
        (r#""(took|saved)":[0-9.e-]+"#, "\"$1\":TIME"),
        (r" {2,}", "  "),
    ];
    let mut text = text.to_owned();
    for (pattern, replacement) in rules {
        text = Regex::new(pattern).unwrap().replace_all(&text, replacement).into_owned();
    }
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim_end().to_owned()
}

/// A copy of the fixture, built.
pub struct Weather {
    pub folder: PathBuf,
    target: PathBuf,
}

impl Weather {
    /// Copies it to a folder of this name, with dependencies on this checkout and its lock file, so that it
    /// builds off line.
    pub fn new(name: &str) -> Weather {
        let place = Path::new(env!("CARGO_TARGET_TMPDIR"));
        // The target directory is that of the end-to-end tests, which build the same dependencies.
        let weather = Weather { folder: place.join(name), target: place.join("target") };
        let _ = fs::remove_dir_all(&weather.folder);
        copy(&checkout().join("cli/tests/fixture"), &weather.folder);
        fs::copy(checkout().join("Cargo.lock"), weather.folder.join("Cargo.lock")).unwrap();
        assert_eq!(weather.run("cargo build -q --offline"), "", "the fixture must build");
        weather
    }

    /// Puts it under git.
    #[allow(dead_code)] // not every test needs it
    pub fn commit(&self) {
        let git = "git init -q . && git add -A && git -c user.name=n -c user.email=e commit -qm fixture";
        assert_eq!(self.run(git), "");
    }

    /// What a command prints in a shell as the reader's, in which `cargo checkpoint` is the program under test.
    pub fn run(&self, command: &str) -> String {
        let program = Path::new(env!("CARGO_BIN_EXE_cargo-checkpoint")).parent().unwrap();
        let path = std::env::var("PATH").unwrap_or_default();
        let mut shell = Command::new("sh");
        for (name, _) in std::env::vars() {
            let outer = name.starts_with("CARGO") && name != "CARGO_HOME";
            if outer || name.starts_with("CHECKPOINTING") || name == "OUT_DIR" {
                shell.env_remove(name);
            }
        }
        shell.args(["-c", &format!("{{ {command}\n}} 2>&1")]).current_dir(&self.folder);
        shell.env("PATH", format!("{}:{path}", program.display()));
        shell.env("CARGO_TARGET_DIR", &self.target).env("CARGO_NET_OFFLINE", "true");
        String::from_utf8(shell.output().unwrap().stdout).unwrap()
    }

    /// Replaces text of a file that has it.
    #[allow(dead_code)] // not every test edits
    pub fn edit(&self, file: &str, old: &str, new: &str) {
        let path = self.folder.join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(old), "{file} has no {old}");
        fs::write(path, text.replace(old, new)).unwrap();
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            let text = fs::read_to_string(&path).unwrap();
            fs::write(target, text.replace("\"../../..", &format!("\"{}", checkout().display()))).unwrap();
        }
    }
}
