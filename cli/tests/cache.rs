//! Tests `cargo checkpoint cache` on stores that are made here.

use checkpointing::{Directory, Fingerprint, Header, Key, Store};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// Standard output and error, and the exit code.
fn cache(store: &Path, arguments: &[&str]) -> (String, String, i32) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-checkpoint"));
    let output = command.arg("cache").args(arguments).arg("--store").arg(store).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code().unwrap())
}

/// Two small results of `a::load` and a large one of `a::train`.
fn filled() -> (tempfile::TempDir, Directory) {
    let folder = tempfile::tempdir().unwrap();
    let store = Directory::new(folder.path().join("store"));
    for (number, function, payload) in [
        (1, "a::load", b"[1,2]".to_vec()),
        (2, "a::load", b"[3]".to_vec()),
        (3, "a::train", vec![b' '; 100_000]),
    ] {
        let (key, code) = (Key::new([number; 32]), Fingerprint::new([9; 32]));
        let header = Header::new(key, function, code, "json", Duration::from_millis(3), &payload);
        store.put(&header, &payload).unwrap();
    }
    (folder, store)
}

fn left(store: &Directory) -> usize {
    store.list().count()
}

#[test]
fn stats_and_ls_count_and_list_each_function() {
    let (_folder, store) = filled();
    let (stdout, _, code) = cache(store.path(), &["stats", "--format", "json"]);
    let rows: Vec<serde_json::Value> =
        stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((code, rows.len()), (0, 2));
    assert_eq!((&rows[0]["function"], &rows[0]["entries"]), (&"a::load".into(), &2.into()));
    let (stdout, _, _) = cache(store.path(), &["ls", "load", "--format", "json"]);
    assert_eq!(stdout.lines().count(), 2);
    let (_, stderr, code) = cache(store.path(), &["ls", "laod"]);
    assert!(code == 2 && stderr.contains("did you mean `a::load`?"), "{stderr}");
}

#[test]
fn show_prints_a_readable_value_and_takes_the_beginning_of_a_key() {
    let (_folder, store) = filled();
    let (stdout, _, code) = cache(store.path(), &["show", "0101", "--format", "json"]);
    let shown: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((code, &shown["value"]), (0, &serde_json::json!([1, 2])));
    let (_, stderr, code) = cache(store.path(), &["show", "0"]);
    assert!(code == 2 && stderr.contains("3 entries"), "{stderr}");
}

#[test]
fn prune_removes_what_it_says_and_a_dry_run_nothing() {
    let (_folder, store) = filled();
    let (stdout, _, code) = cache(store.path(), &["prune", "--larger", "50KB", "--dry-run"]);
    assert!(code == 0 && stdout.starts_with("would remove 1 entry, "), "{stdout}");
    assert_eq!(left(&store), 3);
    let (stdout, _, _) = cache(store.path(), &["prune", "--older", "1h"]);
    assert!(stdout.starts_with("removed 0 entries"), "{stdout}");
    cache(store.path(), &["prune", "--larger", "50KB"]);
    assert_eq!(left(&store), 2);
    cache(store.path(), &["prune", "--max-size", "200B"]);
    assert_eq!(left(&store), 1);
    assert_eq!(cache(store.path(), &["prune"]).2, 2, "it must be told what");
}

#[test]
fn clear_takes_one_function_or_everything() {
    let (_folder, store) = filled();
    cache(store.path(), &["clear", "train", "--dry-run"]);
    assert_eq!(left(&store), 3);
    cache(store.path(), &["clear", "train"]);
    assert_eq!(left(&store), 2);
    cache(store.path(), &["clear"]);
    assert_eq!(left(&store), 0);
}

#[test]
fn verify_finds_a_flipped_bit_and_removes_the_entry_when_asked() {
    let (_folder, store) = filled();
    let (stdout, _, code) = cache(store.path(), &["verify"]);
    assert_eq!((stdout.as_str(), code), ("3 entries are whole\n", 0));
    let path = store.entry_path(&Key::new([2; 32]));
    let mut bytes = fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&path, bytes).unwrap();
    let (stdout, _, code) = cache(store.path(), &["verify"]);
    assert!(code == 1 && stdout.contains(&*path.to_string_lossy()), "{stdout}");
    let (_, _, code) = cache(store.path(), &["verify", "--fix", "--dry-run"]);
    assert_eq!((code, path.exists()), (1, true));
    let (_, _, code) = cache(store.path(), &["verify", "--fix"]);
    assert_eq!((code, path.exists(), left(&store)), (0, false, 2));
    assert_eq!(cache(store.path(), &["verify"]).2, 0);
}

#[test]
fn the_store_is_that_of_the_package_that_is_named() {
    let (folder, store) = filled();
    fs::rename(store.path(), folder.path().join(".checkpointing")).unwrap();
    fs::write(folder.path().join("Cargo.toml"), "[package]\nname = \"a\"\n").unwrap();
    let run = |action: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-checkpoint"));
        let manifest = folder.path().join("Cargo.toml");
        let output = command.args(["cache", action, "--manifest-path"]).arg(manifest).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(run("stats").contains("3 entries"));
    assert_eq!(run("ls").lines().count(), 4);
    assert!(run("clear").starts_with("removed 3 entries"));
}
