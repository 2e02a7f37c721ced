//! Kills processes at random moments while they store results, hundreds of times.
#![cfg(unix)]

mod child;

use checkpointing::{Config, Directory, Store, call, configure};
use child::command;
use std::fs::{self, File};
use std::path::Path;
use std::thread;
use std::time::{Duration, SystemTime};

const ROWS: &str = rows!("killed": "bytes" "-" "-");
const KEYS: u64 = 24;
const ROUNDS: u64 = 80;
const PROCESSES: usize = 3;

/// Some are written in one piece, some in several.
fn bytes(key: u64) -> Vec<u8> {
    let length = if key.is_multiple_of(4) { 70_000 } else { 500 };
    vec![key as u8; length]
}

#[test]
#[ignore = "what the other tests start"]
fn child() {
    let table = child::table(ROWS);
    let rounds = match std::env::var("SCENARIO").unwrap_or_default().as_str() {
        "for ever" => u64::MAX,
        "once" => 1,
        _ => return,
    };
    // Everything is read from the disk.
    configure(Config::new().memory(0).cost_warning(false)).unwrap();
    let start = u64::from(std::process::id());
    for round in 0..rounds {
        for key in (0..KEYS).map(|key| (key * 7 + start + round) % KEYS) {
            assert_eq!(call(table, bytes, (key,)), bytes(key));
        }
    }
}

fn verify(folder: &Path) {
    let store = Directory::new(folder);
    for entry in store.list() {
        store.verify(&entry.unwrap().header.key).unwrap();
    }
}

fn aside(folder: &Path) -> Vec<std::path::PathBuf> {
    let folders = ["v2/tmp", "v2/locks"].map(|name| fs::read_dir(folder.join(name)));
    folders.into_iter().flatten().flatten().map(|file| file.unwrap().path()).collect()
}

#[test]
fn processes_can_be_killed_at_any_moment() {
    let folder = tempfile::tempdir().unwrap();
    // Odd numbers of microseconds, the same in every run.
    let mut random = 12_345_u64;
    for round in 0..ROUNDS {
        let children: Vec<_> = (0..PROCESSES)
            .map(|process| {
                // Some replace what another one reads.
                let switch = if process == 0 { "on" } else { "refresh" };
                command("for ever", folder.path()).env("CHECKPOINTING", switch).spawn().unwrap()
            })
            .collect();
        for mut child in children {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            thread::sleep(Duration::from_micros(3_000 + (random >> 40) % 12_000));
            child.kill().unwrap();
            let output = child.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(said.is_empty(), "round {round}: {said}");
        }
        if round % 8 == 0 {
            verify(folder.path());
        }
    }
    verify(folder.path());
    assert!(!aside(folder.path()).is_empty(), "nobody was killed while something was being stored");
    let old = SystemTime::now() - Duration::from_secs(3 * 24 * 60 * 60);
    for path in aside(folder.path()) {
        File::options().write(true).open(path).unwrap().set_modified(old).unwrap();
    }
    let store = Directory::new(folder.path());
    let first = store.list().next().unwrap().unwrap();
    assert!(store.remove(&first.header.key).unwrap());
    let last = command("once", folder.path()).output().unwrap();
    assert!(last.status.success() && last.stderr.is_empty(), "{last:?}");
    assert_eq!(aside(folder.path()), Vec::<std::path::PathBuf>::new(), "the next store cleans up");
    assert_eq!(store.list().count() as u64, KEYS);
}
