//! Tests what becomes of entries that something happened to: the result is right, it is said, and it heals.

mod child;

use checkpointing::{Config, TableRef, call, configure};
use child::{entries, run, said};
use std::cell::Cell;
use std::fs;
use std::path::Path;

const ROWS: &str = rows!("harmed": "child::calc" "-" "-", "short" "-" "-", "long" "-" "-");

thread_local! {
    static RUNS: Cell<usize> = const { Cell::new(0) };
}

fn short(a: u64) -> u64 {
    RUNS.set(RUNS.get() + 1);
    a + 1
}

/// So long that it becomes a value piece by piece.
fn long(a: u64) -> Vec<(u64, String)> {
    RUNS.set(RUNS.get() + 1);
    (0..40_000).map(|n| (n * a, "text".repeat(8 * (n % 9) as usize))).collect()
}

/// The same call again; whether it ran.
fn reran(table: TableRef) -> bool {
    let before = RUNS.get();
    assert_eq!(call(table, short, (7,)), 8);
    RUNS.get() > before
}

#[test]
#[ignore = "what the other tests start"]
fn child() {
    let table: TableRef = child::table(ROWS);
    match std::env::var("SCENARIO").unwrap_or_default().as_str() {
        "bits" => {
            configure(Config::new().memory(0).cost_warning(false)).unwrap();
            assert!(reran(table));
            let [entry] = &entries(Path::new(&std::env::var_os("CHECKPOINTING_DIR").unwrap()))[..] else {
                panic!("one entry")
            };
            let good = fs::read(entry).unwrap();
            for bit in 0..good.len() * 8 {
                let mut bad = good.clone();
                bad[bit / 8] ^= 1 << (bit % 8);
                fs::write(entry, &bad).unwrap();
                assert!(reran(table) && !reran(table), "bit {bit}");
            }
            for length in 0..good.len() {
                fs::write(entry, &good[..length]).unwrap();
                assert!(reran(table) && !reran(table), "length {length}");
            }
            println!("RESULT: {} bits", good.len() * 8);
        }
        "long" => {
            configure(Config::new().memory(0).cost_warning(false)).unwrap();
            let runs = || {
                RUNS.set(0);
                let expected = long(7);
                assert!(call(table, long, (7,)) == expected);
                RUNS.get() - 1
            };
            assert_eq!([runs(), runs()], [1, 0]);
            let folder = std::env::var_os("CHECKPOINTING_DIR").unwrap();
            let entry = entries(Path::new(&folder)).remove(0);
            let good = fs::read(&entry).unwrap();
            assert!(good.len() > 9 << 19, "{}", good.len());
            for at in [good.len() - 1, good.len() / 2, 5000] {
                let mut bad = good.clone();
                bad[at] ^= 1;
                fs::write(&entry, &bad).unwrap();
                assert_eq!([runs(), runs()], [1, 0], "{at}");
                fs::write(&entry, &good[..at]).unwrap();
                assert_eq!([runs(), runs()], [1, 0], "{at}");
            }
            println!("RESULT: long");
        }
        usual => child::calls(usual, table),
    }
}

#[test]
fn every_bit_and_every_length_of_a_small_entry_counts() {
    let folder = tempfile::tempdir().unwrap();
    let said = run("bits", folder.path());
    assert!(said.success, "{}", said.stderr);
    let bits: usize = said.result.trim_end_matches(" bits").parse().unwrap();
    assert!(bits > 144 * 8, "{bits}");
    // Once for a function and kind of error.
    assert_eq!(said.stderr.matches("warning: checkpointing").count(), 1, "{}", said.stderr);
}

#[test]
fn a_long_entry_is_checked_before_it_becomes_a_value() {
    let folder = tempfile::tempdir().unwrap();
    let said = run("long", folder.path());
    assert!(said.success && said.result == "long", "{}", said.stderr);
}

/// Stores a result, lets `harm` change its entry, and checks that it is computed again and replaced.
fn harmed(expected: &str, harm: impl FnOnce(&Path)) {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run("calc", folder.path()).runs, 1);
    let [entry] = &entries(folder.path())[..] else { panic!("one entry") };
    harm(entry);
    let again = run("calc", folder.path());
    assert_eq!((again.runs, again.result.as_str()), (1, "[7, 7, 7]"), "{}", again.stderr);
    assert!(again.stderr.contains(expected), "{}", again.stderr);
    assert!(again.stderr.contains(&entry.display().to_string()), "it names the file: {}", again.stderr);
    let healed = run("calc", folder.path());
    assert_eq!((healed.runs, healed.result.as_str(), healed.stderr.as_str()), (0, "[7, 7, 7]", ""));
}

#[test]
fn a_harmed_entry_is_told_computed_again_and_replaced() {
    harmed("is truncated", |entry| fs::write(entry, &fs::read(entry).unwrap()[..100]).unwrap());
    harmed("is truncated", |entry| fs::write(entry, "").unwrap());
    harmed("is damaged", |entry| {
        let mut bytes = fs::read(entry).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(entry, bytes).unwrap();
    });
    harmed("is no checkpointing entry", |entry| fs::write(entry, "hello, world, this is a text").unwrap());
    harmed("was written in format 9", |entry| {
        let mut bytes = fs::read(entry).unwrap();
        bytes[8] = 9;
        fs::write(entry, bytes).unwrap();
    });
}

#[test]
#[cfg(unix)]
fn what_is_too_long_is_neither_read_nor_given_memory() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run("calc", folder.path()).runs, 1);
    let entry = entries(folder.path()).remove(0);
    let good = fs::read(&entry).unwrap();
    // Of zeros alone, a sound start with zeros behind it, and one whose header says so, too.
    let mut lying = good.clone();
    lying[104..112].copy_from_slice(&(u64::from(good[104]) + (8 << 30)).to_le_bytes());
    for start in [&[][..], &good, &lying] {
        fs::write(&entry, start).unwrap();
        let file = fs::File::options().write(true).open(&entry).unwrap();
        file.set_len(good.len() as u64 + (8 << 30)).unwrap();
        let said = said(&child::limited("calc", folder.path(), "ulimit -v 1000000").output().unwrap());
        assert_eq!((said.runs, said.result.as_str()), (1, "[7, 7, 7]"), "{}", said.stderr);
        assert_eq!(said.stderr.matches("warning").count(), 1, "{}", said.stderr);
        // The time and its check differ.
        assert_eq!(fs::metadata(&entry).unwrap().len(), good.len() as u64, "healed");
    }
}

#[test]
fn entries_in_the_place_of_others_are_told() {
    let folder = tempfile::tempdir().unwrap();
    run("twice", folder.path());
    let [a, b] = &entries(folder.path())[..] else { panic!("two entries") };
    let swap = || {
        let [first, second] = [a, b].map(|path| fs::read(path).unwrap());
        fs::write(a, second).unwrap();
        fs::write(b, first).unwrap();
    };
    let copy = || _ = fs::copy(a, b).unwrap();
    for (harm, runs) in [(&copy as &dyn Fn(), 1), (&swap, 2)] {
        harm();
        let again = run("twice", folder.path());
        assert_eq!((again.runs, again.result.as_str()), (runs, "([7, 7, 7], [8, 8, 8])"));
        assert_eq!(again.stderr.matches("belongs to another call").count(), 1, "{}", again.stderr);
        let healed = run("twice", folder.path());
        assert_eq!((healed.runs, healed.stderr.as_str()), (0, ""));
    }
}

#[test]
#[cfg(unix)]
fn a_link_in_the_place_of_an_entry_is_followed_and_replaced() {
    let folder = tempfile::tempdir().unwrap();
    run("twice", folder.path());
    let [a, b] = &entries(folder.path())[..] else { panic!("two entries") };
    let kept = fs::read(a).unwrap();
    let moved = folder.path().join("moved");
    fs::copy(b, &moved).unwrap();
    let nowhere = folder.path().join("nowhere");
    // To the entry itself, elsewhere; to another one; to nothing, to itself, to a folder, to what has no end.
    let targets = [&moved, a, &nowhere, b, Path::new("/"), Path::new("/dev/zero")];
    for (index, target) in targets.into_iter().enumerate() {
        fs::remove_file(b).unwrap();
        std::os::unix::fs::symlink(target, b).unwrap();
        let again = run("twice", folder.path());
        let expected = usize::from(index > 0);
        assert_eq!((again.runs, again.result.as_str()), (expected, "([7, 7, 7], [8, 8, 8])"));
        assert!(again.stderr.matches("warning").count() <= 1, "{}", again.stderr);
        let healed = run("twice", folder.path());
        assert_eq!((healed.runs, healed.stderr.as_str()), (0, ""));
        assert_eq!(fs::read(a).unwrap(), kept, "the link was replaced, and not what it led to");
        assert!(!nowhere.exists());
    }
}

#[test]
fn a_file_or_folder_in_the_way_costs_the_cache_and_not_the_result() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "in the way").unwrap();
    let said = run("calc", &file);
    assert_eq!((said.runs, said.result.as_str()), (1, "[7, 7, 7]"));
    assert!(said.stderr.contains("cannot") && said.stderr.contains("harmed::child::calc"), "{}", said.stderr);
    assert_eq!(said.stderr.matches("warning").count(), 1, "{}", said.stderr);

    run("calc", folder.path());
    let entry = entries(folder.path()).remove(0);
    fs::remove_file(&entry).unwrap();
    fs::create_dir_all(entry.join("inside")).unwrap();
    let said = run("calc", folder.path());
    assert_eq!((said.runs, said.result.as_str()), (1, "[7, 7, 7]"), "{}", said.stderr);
    assert!(said.stderr.contains(&entry.display().to_string()), "{}", said.stderr);
}
