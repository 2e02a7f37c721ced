//! Kills processes at every step of a store: no half of an entry is ever read, and the next run works.

use super::*;
use crate::store::{Directory, Store};
use crate::table::Table;
use std::fs::{self, File};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::time::{Duration, SystemTime};

static TABLE: Table = Table {
    package: "killed",
    functions: concat!(
        "checkpointing::call::killed_tests::calc\t",
        "5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a",
        "\t-\tsrc/x.rs\t6\t4\tdoc\t-\t-\t-\t-"
    ),
    ..Table::EMPTY
};

/// Entries of this length are written in one piece, and in several.
const LENGTHS: [usize; 2] = [10, 200_000];
/// Bytes of all entries; so many are never stored.
const LIMIT: u64 = 1 << 20;

fn calc(length: usize) -> Vec<u8> {
    println!("RUN: {length}");
    (0..length).map(|n| (n * 31) as u8).collect()
}

#[test]
#[ignore = "what the other tests start"]
fn child() {
    let number = |name| std::env::var(name).unwrap().parse().unwrap();
    crate::configure(crate::Config::new().max_size(number("LIMIT"))).unwrap();
    let length = number("LENGTH") as usize;
    let table = TableRef::new(&TABLE, "1700000000000000000 /killed");
    let result = call(table, calc, (length,));
    assert_eq!(result, (0..length).map(|n| (n * 31) as u8).collect::<Vec<u8>>());
}

/// Runs the child; how it ended, how often the function ran, and what was said.
fn run(folder: &Path, length: usize, kill_at: &str, limit: u64) -> (ExitStatus, usize, String) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "call::killed_tests::child", "--ignored", "--nocapture", "--test-threads=1"])
        .env("CHECKPOINTING_DIR", folder)
        .env("LENGTH", length.to_string())
        .env("LIMIT", limit.to_string())
        .env("KILL_AT", kill_at)
        .output()
        .unwrap();
    let runs = String::from_utf8_lossy(&output.stdout).matches("RUN:").count();
    (output.status, runs, String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Nothing in the folder is damaged, and every file aside becomes so old that it is cleaned up.
fn check(folder: &Path) {
    let store = Directory::new(folder);
    for entry in store.list() {
        store.verify(&entry.unwrap().header.key).unwrap();
    }
    let old = SystemTime::now() - Duration::from_secs(3 * 24 * 60 * 60);
    for aside in ["v2/tmp", "v2/locks"] {
        for file in fs::read_dir(folder.join(aside)).into_iter().flatten() {
            File::options().write(true).open(file.unwrap().path()).unwrap().set_modified(old).unwrap();
        }
    }
}

fn left(folder: &Path) -> usize {
    let files = |aside: &str| fs::read_dir(folder.join(aside)).map_or(0, Iterator::count);
    files("v2/tmp") + files("v2/locks")
}

#[test]
fn a_process_can_be_killed_at_every_step_of_a_store() {
    // Where it is killed, which lengths get there, and whether the result is there then.
    let points = [
        ("locked", LENGTHS, false),
        ("computed", LENGTHS, false),
        ("created", LENGTHS, false),
        ("part", [LENGTHS[1]; 2], false),
        ("written", LENGTHS, false),
        ("renamed", LENGTHS, true),
        ("usage", LENGTHS, true),
        ("unlocking", LENGTHS, true),
        ("unlocked", LENGTHS, true),
    ];
    for (point, length, stored) in points.iter().flat_map(|(p, lengths, s)| lengths.map(|l| (*p, l, *s))) {
        // In a folder that is not there yet, and in one that is.
        for first in [None, Some(1)] {
            let folder = tempfile::tempdir().unwrap();
            let run = |length, point| run(folder.path(), length, point, LIMIT);
            assert!(first.is_none_or(|length| run(length, "").0.success()));
            let (status, _, said) = run(length, point);
            assert_eq!(status.signal(), Some(9), "{point} {length}: {said}");
            check(folder.path());
            let (status, runs, said) = run(length, "");
            assert!(status.success() && said.is_empty(), "{point} {length}: {said}");
            assert_eq!(runs, usize::from(!stored), "{point} {length}");
            // A hit cleans nothing up: something has to be stored.
            let (status, runs, said) = run(2, "");
            assert!(status.success() && said.is_empty() && runs == 1, "{point} {length}: {said}");
            assert_eq!(left(folder.path()), 0, "{point} {length}");
            assert_eq!(run(length, "").1, 0, "{point} {length}");
        }
    }
}

#[test]
fn a_process_can_be_killed_while_it_makes_room() {
    let folder = tempfile::tempdir().unwrap();
    assert!(run(folder.path(), LENGTHS[1], "", LIMIT).0.success());
    let (status, _, said) = run(folder.path(), LENGTHS[0], "removed", 1000);
    assert_eq!(status.signal(), Some(9), "{said}");
    check(folder.path());
    let (status, _, said) = run(folder.path(), LENGTHS[1], "", LIMIT);
    assert!(status.success() && said.is_empty(), "{said}");
    assert_eq!(run(folder.path(), LENGTHS[1], "", LIMIT).1, 0);
}
