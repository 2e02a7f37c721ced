//! Runs scenarios in processes of their own: settings hold for a process, and stderr is looked at.
//!
//! A test starts its own executable again, filtered to the ignored test `child`, which does what the
//! variable `SCENARIO` says. The table is made by hand: nothing here needs the build pass.

use checkpointing::{Table, TableRef, call};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

/// Rows of the functions that the scenarios call, of this test's crate `$krate`.
#[macro_export]
macro_rules! rows {
    ($krate:literal: $($name:literal $options:literal $sources:literal),*) => {
        concat!($(
            $krate, "::", $name,
            "\t5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a\t-\ttests/x.rs\t7\t4\tdoc\t",
            $options, "\t-\t", $sources, "\t-\n"
        ),*)
    };
}

/// A table with these rows; its one source file is named by the variable `SOURCE`.
pub fn table(functions: &'static str) -> TableRef {
    let source = std::env::var("SOURCE").unwrap_or_else(|_| String::from("no-such-file.rs"));
    let start = std::env::var("START").unwrap_or_else(|_| String::from("1700000000000000000"));
    let sources = Box::leak(source.into_boxed_str());
    let table = Table { package: "hand-made", functions, sources, ..Table::EMPTY };
    let origin = format!("{start} /hand-made");
    TableRef::new(Box::leak(Box::new(table)), Box::leak(origin.into_boxed_str()))
}

#[allow(dead_code)] // not every test calls it
pub fn calc(a: u64) -> Vec<u64> {
    println!("RUN: calc");
    vec![a; 3]
}

/// Does the scenario `calc` or `twice`, which call [`calc`].
#[allow(dead_code)]
pub fn calls(scenario: &str, table: TableRef) {
    match scenario {
        "calc" => println!("RESULT: {:?}", call(table, calc, (7,))),
        "twice" => println!("RESULT: {:?}", (call(table, calc, (7,)), call(table, calc, (8,)))),
        _ => {}
    }
}

/// A process that will do what `scenario` says, with its cache in `folder`.
pub fn command(scenario: &str, folder: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "child", "--ignored", "--nocapture", "--test-threads=1"])
        .env("SCENARIO", scenario)
        .env("CHECKPOINTING_DIR", folder)
        .env_remove("CHECKPOINTING")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// The same under limits, as the shell's `ulimit` takes them.
#[allow(dead_code)] // not every test has one
pub fn limited(scenario: &str, folder: &Path, limits: &str) -> Command {
    let plain = command(scenario, folder);
    let mut limited = Command::new("sh");
    limited.arg("-c").arg(format!("{limits}; exec \"$0\" \"$@\"")).arg(plain.get_program());
    limited.args(plain.get_args());
    for (name, value) in plain.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    limited.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    limited
}

/// What such a process said.
#[derive(Debug)]
#[allow(dead_code)] // not every test looks at all
pub struct Said {
    pub success: bool,
    /// How often the function ran.
    pub runs: usize,
    /// The last result.
    pub result: String,
    pub stderr: String,
}

#[allow(dead_code)] // not every test has both
pub fn run(scenario: &str, folder: &Path) -> Said {
    said(&command(scenario, folder).output().unwrap())
}

#[allow(dead_code)]
pub fn end(child: Child) -> Said {
    said(&child.wait_with_output().unwrap())
}

pub fn said(output: &Output) -> Said {
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    let all = |word: &str| -> Vec<String> {
        stdout
            .lines()
            .filter_map(|line| line.split_once(word))
            .map(|(_, rest)| rest.trim().to_owned())
            .collect()
    };
    Said {
        success: output.status.success(),
        runs: all("RUN:").len(),
        result: all("RESULT:").pop().unwrap_or_default(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// All entries under a folder.
#[allow(dead_code)]
pub fn entries(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    let Ok(files) = std::fs::read_dir(folder) else {
        return found;
    };
    for file in files {
        let path = file.unwrap().path();
        if path.is_dir() {
            found.extend(entries(&path));
        } else if path.file_name().unwrap().len() == 64 && !path.parent().unwrap().ends_with("locks") {
            found.push(path);
        }
    }
    found.sort();
    found
}
