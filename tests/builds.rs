//! Tests what one folder holds for several builds, versions and clocks.

mod child;

use checkpointing::{Config, Directory, Fingerprint, Header, Store, call, configure};
use child::{Said, command, entries, run, said};
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

const ROWS: &str = rows!("builds": "calc" "-" "-");

/// What a build with another fingerprint returns.
fn calc(a: u64) -> String {
    println!("RUN: calc");
    format!("{a} of {}", std::env::var("CODE").unwrap_or_default())
}

#[test]
#[ignore = "what the other tests start"]
fn child() {
    let code = std::env::var("CODE").unwrap_or_default();
    let rows = if code == "b" { ROWS.replace("5b3a", "6c4b").leak() } else { ROWS };
    let table = child::table(rows);
    match std::env::var("SCENARIO").unwrap_or_default().as_str() {
        "calc" => println!("RESULT: {}", call(table, calc, (7,))),
        "many" => {
            for key in 0..50 {
                assert_eq!(call(table, calc, (key,)), format!("{key} of {code}"));
            }
            println!("RESULT: right");
        }
        "hour" => {
            configure(Config::new().expires(Duration::from_secs(3600))).unwrap();
            println!("RESULT: {}", call(table, calc, (7,)));
        }
        _ => {}
    }
}

fn build(code: &str, scenario: &str, folder: &Path) -> Said {
    said(&command(scenario, folder).env("CODE", code).output().unwrap())
}

#[test]
fn two_builds_share_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    for runs in [1, 0] {
        for code in ["a", "b"] {
            let said = build(code, "calc", folder.path());
            let expected = (runs, format!("7 of {code}"), String::new());
            assert_eq!((said.runs, said.result, said.stderr), expected);
        }
    }
    assert_eq!(entries(folder.path()).len(), 2);
    // At the same time.
    let start = |code| command("many", folder.path()).env("CODE", code).spawn().unwrap();
    let builds: Vec<_> = ["a", "b", "a", "b"].map(start).into_iter().map(child::end).collect();
    assert!(builds.iter().all(|said| said.result == "right" && said.stderr.is_empty()), "{builds:?}");
    assert_eq!(builds.iter().map(|said| said.runs).sum::<usize>(), 98, "{builds:?}");
}

#[test]
fn other_versions_of_the_format_are_neither_read_nor_harmed() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run("calc", folder.path()).runs, 1);
    let entry = entries(folder.path()).remove(0);
    let good = fs::read(&entry).unwrap();
    let name = entry.file_name().unwrap();
    // An older and a newer version beside this one, with an entry of the same name.
    for version in ["v1", "v3"] {
        let other = folder.path().join(version).join(entry.parent().unwrap().file_name().unwrap());
        fs::create_dir_all(&other).unwrap();
        fs::write(other.join(name), "what it wrote").unwrap();
    }
    assert_eq!((run("calc", folder.path()).runs, run("calc", folder.path()).stderr.as_str()), (0, ""));
    fs::remove_file(&entry).unwrap();
    assert_eq!(run("calc", folder.path()).runs, 1, "the others' are not found");
    // An entry of an older version, or of a newer one, in the place of one of this.
    for version in [0_u32, 1, 3, u32::MAX] {
        let mut other = good.clone();
        other[8..12].copy_from_slice(&version.to_le_bytes());
        fs::write(&entry, &other).unwrap();
        let said = run("calc", folder.path());
        assert_eq!(said.runs, 1);
        assert!(said.stderr.contains(&format!("was written in format {version}")), "{}", said.stderr);
        assert_eq!((run("calc", folder.path()).runs, run("calc", folder.path()).stderr.as_str()), (0, ""));
    }
    for version in ["v1", "v3"] {
        let other = folder.path().join(version).join(entry.parent().unwrap().file_name().unwrap());
        assert_eq!(fs::read(other.join(name)).unwrap(), b"what it wrote");
    }
}

#[test]
fn a_clock_that_was_set_costs_a_run_at_most() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run("calc", folder.path()).runs, 1);
    let store = Directory::new(folder.path());
    let listed = store.list().next().unwrap().unwrap();
    let payload = store.get(&listed.header.key).unwrap().unwrap().payload().to_vec();
    let now = SystemTime::now();
    let day = Duration::from_secs(24 * 60 * 60);
    // When it seems to be stored, and what a limit of an hour makes of it.
    let minute = Duration::from_secs(60);
    let times = [(now - minute, 0), (now + minute, 0), (now - day, 1), (now + day, 1)];
    for (created, expired) in times.into_iter().chain([(SystemTime::UNIX_EPOCH, 1)]) {
        let mut header = listed.header.clone();
        header.created = created;
        store.put(&header, &payload).unwrap();
        let said = run("calc", folder.path());
        assert_eq!((said.runs, said.result.as_str(), said.stderr.as_str()), (0, "7 of", ""));
        assert_eq!(run("hour", folder.path()).runs, expired, "{created:?}");
        assert_eq!(run("hour", folder.path()).runs, 0, "it is of now");
    }
    // What was left aside in the future is cleaned up, too.
    let left = folder.path().join("v2/tmp/left");
    fs::File::create(&left).unwrap().set_modified(now + 3 * day).unwrap();
    let header = Header::new(listed.header.key, "f", Fingerprint::new([0; 32]), "json", minute, b"1");
    Directory::new(folder.path()).put(&header, b"1").unwrap();
    assert!(!left.exists());
}
