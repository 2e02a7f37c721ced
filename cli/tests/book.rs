//! Runs every command of the book's page on inspecting, in a copy of `tests/fixture`, and compares what it
//! prints. `UPDATE=1` writes what is printed into the page instead.
//!
//! What differs from run to run does not count: hashes, times, the width of columns.
#![cfg(unix)]

use regex::Regex;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const PAGE: &str = "docs/src/inspecting.md";

fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Copies the fixture, with dependencies on this checkout and its lock file, so that it builds off line.
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

/// A shell as the reader's, in which `cargo checkpoint` is the program under test.
fn run(command: &str, folder: &Path, target: &Path) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_cargo-checkpoint")).parent().unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    let mut shell = Command::new("sh");
    for (name, _) in std::env::vars() {
        let outer = name.starts_with("CARGO") && name != "CARGO_HOME";
        if outer || name.starts_with("CHECKPOINTING") || name == "OUT_DIR" {
            shell.env_remove(name);
        }
    }
    shell.args(["-c", &format!("{{ {command}\n}} 2>&1")]).current_dir(folder);
    shell.env("PATH", format!("{}:{path}", program.display()));
    shell.env("CARGO_TARGET_DIR", target).env("CARGO_NET_OFFLINE", "true");
    String::from_utf8(shell.output().unwrap().stdout).unwrap()
}

/// What a reader would compare.
fn normal(text: &str) -> String {
    let rules = [
        (r"\b[0-9a-f]{64}\b", "HASH"),
        (r"\b[0-9a-f]{12}\b", "hash"),
        (r"commit [0-9a-f]{7,}\b", "commit ID"),
        (r"v2/[0-9a-f]{2}/", "v2/xx/"),
        (r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "DATE"),
        (r"\b\d+ (second|minute|hour)s? ago", "AGO"),
        (r"\b\d+(\.\d+)?(ns|µs|ms|s)\b", "TIME"),
        (r" {2,}", "  "),
    ];
    let mut text = text.to_owned();
    for (pattern, replacement) in rules {
        text = Regex::new(pattern).unwrap().replace_all(&text, replacement).into_owned();
    }
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim_end().to_owned()
}

#[test]
fn the_page_on_inspecting_shows_what_is_printed() {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR"));
    // The target directory is that of the end-to-end tests, which build the same dependencies.
    let (folder, target) = (place.join("weather"), place.join("target"));
    let _ = fs::remove_dir_all(&folder);
    copy(&checkout().join("cli/tests/fixture"), &folder);
    fs::copy(checkout().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    // Builds, and settles the lock file of this workspace.
    let built = run(
        "cargo build -q --offline && git init -q . && git add -A && git -c user.name=n -c user.email=e commit -qm fixture",
        &folder,
        &target,
    );
    assert_eq!(built, "", "the fixture must build");
    let _ = fs::remove_dir_all(folder.join(".checkpointing"));

    let page = fs::read_to_string(checkout().join(PAGE)).unwrap();
    let mut updated = String::new();
    let mut lines = page.lines().peekable();
    let mut differences = Vec::new();
    let mut commands = 0;
    let mut in_console = false;
    while let Some(line) = lines.next() {
        updated.extend([line, "\n"]);
        if line.starts_with("```") {
            in_console = line == "```console";
        }
        let Some(command) = line.strip_prefix("$ ").filter(|_| in_console) else { continue };
        let mut expected = String::new();
        while let Some(output) = lines.next_if(|line| !line.starts_with("```") && !line.starts_with("$ ")) {
            expected.extend([output, "\n"]);
        }
        commands += 1;
        let printed = run(command, &folder, &target);
        if normal(&printed) == normal(&expected) {
            updated.push_str(&expected);
        } else {
            differences.push(format!("$ {command}\nprinted:\n{printed}\nthe page has:\n{expected}"));
            updated.push_str(printed.trim_end());
            updated.push('\n');
        }
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::write(checkout().join(PAGE), updated).unwrap();
    } else {
        assert!(
            differences.is_empty(),
            "{}\n`UPDATE=1 cargo test -p cargo-checkpoint --test book` writes the page",
            differences.join("\n")
        );
    }
    assert!(commands > 10, "{commands} commands were found");
}
