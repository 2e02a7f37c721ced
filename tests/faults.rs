//! Tests what happens when something is wrong with the cache: the result is right, and it is said.

mod child;

use checkpointing::{Config, OnError, TableRef, call, configure};
use child::{calc, command, entries, run, said};
use std::fs;

const ROWS: &str = rows!("faults": "child::calc" "-" "0", "raising" "on_error=\"raise\"" "-", "ignoring" "on_error=\"ignore\"" "-", "future" "colour=\"red\"" "-", "json" "format=\"json\"" "-", "keyless" "-" "-");

fn raising(a: u64) -> u64 {
    println!("RUN: raising");
    a
}

fn ignoring(a: u64) -> u64 {
    println!("RUN: ignoring");
    a
}

fn future(a: u64) -> u64 {
    println!("RUN: future");
    a
}

fn json(a: u64) -> Vec<u64> {
    println!("RUN: json");
    vec![a, 1]
}

fn keyless(_: NoKey) -> u64 {
    println!("RUN: keyless");
    1
}

struct NoKey;

impl serde::Serialize for NoKey {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("no such key"))
    }
}

struct Logger;

impl log::Log for Logger {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        println!("LOG: {} {} {}", record.level(), record.target(), record.args());
    }

    fn flush(&self) {}
}

#[test]
#[ignore = "what the other tests start"]
fn child() {
    let table: TableRef = child::table(ROWS);
    let scenario = std::env::var("SCENARIO").unwrap_or_default();
    match scenario.as_str() {
        "raising" => println!("RESULT: {:?}", call(table, raising, (7,))),
        "ignoring" => println!("RESULT: {:?}", call(table, ignoring, (7,))),
        "future" => println!("RESULT: {:?}", call(table, future, (7,))),
        "json" => println!("RESULT: {:?}", call(table, json, (7,))),
        "keyless" => println!("RESULT: {:?}", call(table, keyless, (NoKey,))),
        "logger" => {
            log::set_logger(&Logger).unwrap();
            log::set_max_level(log::LevelFilter::Debug);
            println!("RESULT: {:?}", call(table, calc, (7,)));
        }
        "late" => {
            call(table, calc, (7,));
            println!("RESULT: {}", configure(Config::new().on_error(OnError::Raise)).unwrap_err());
        }
        "configured" => {
            configure(Config::new().on_error(OnError::Raise)).unwrap();
            println!("RESULT: {:?}", call(table, calc, (7,)));
        }
        usual => child::calls(usual, table),
    }
}

#[test]
fn on_error_says_what_happens() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "in the way").unwrap();
    let raised = run("raising", &file);
    assert!(!raised.success && raised.runs == 0 && raised.stderr.contains("checkpointing: "), "{raised:?}");
    assert!(raised.stderr.contains("panicked at tests/faults.rs:"), "at the call: {}", raised.stderr);
    let ignored = run("ignoring", &file);
    assert_eq!((ignored.runs, ignored.result.as_str(), ignored.stderr.as_str()), (1, "7", ""));
    let configured = run("configured", &file);
    assert!(!configured.success, "the program's setting holds where the mark has none");
    let keyless = run("keyless", folder.path());
    assert_eq!((keyless.runs, keyless.result.as_str()), (1, "1"));
    assert!(keyless.stderr.contains("argument 0 cannot be hashed: no such key"), "{}", keyless.stderr);
    let future = run("future", folder.path());
    assert_eq!((future.runs, future.result.as_str()), (1, "7"));
    assert!(future.stderr.contains("does not have the option"), "{}", future.stderr);
}

#[test]
fn warnings_go_to_the_logger_when_there_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "in the way").unwrap();
    let output = command("logger", &file).output().unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(stdout.contains("LOG: WARN checkpointing "), "{stdout}");
    assert_eq!(said(&output).stderr, "");
}

#[test]
fn settings_come_before_the_first_call() {
    let folder = tempfile::tempdir().unwrap();
    let late = run("late", folder.path());
    assert!(
        late.result.contains("faults.rs:") && late.result.contains("before the first"),
        "{}",
        late.result
    );
}

#[test]
fn a_readable_format_and_entries_of_the_other_format() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run("json", folder.path()).result, "[7, 1]");
    let entry = fs::read(&entries(folder.path())[0]).unwrap();
    assert!(entry.ends_with(b"[7,1]"));
    assert_eq!(run("json", folder.path()).runs, 0);
}

#[test]
fn the_switch_is_obeyed() {
    let folder = tempfile::tempdir().unwrap();
    let switched = |position: &str| {
        said(&command("calc", folder.path()).env("CHECKPOINTING", position).output().unwrap())
    };
    assert_eq!(switched("readonly").runs, 1);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is written, not even a folder");
    assert_eq!(switched("off").runs, 1);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    assert_eq!((switched("on").runs, switched("on").runs, switched("readonly").runs), (1, 0, 0));
    assert_eq!((switched("off").runs, switched("refresh").runs, switched("refresh").runs), (1, 1, 1));
    let typo = switched("of");
    assert_eq!(typo.runs, 0);
    assert!(typo.stderr.contains("on, off, refresh or readonly"), "{}", typo.stderr);
}

#[test]
fn code_that_may_be_newer_than_its_fingerprint_is_not_stored() {
    let folder = tempfile::tempdir().unwrap();
    let (cache, source) = (folder.path().join("cache"), folder.path().join("lib.rs"));
    fs::write(&source, "").unwrap();
    let now = std::time::SystemTime::now();
    let start = |seconds_ago: u64| {
        let start = now - std::time::Duration::from_secs(seconds_ago);
        start.duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos().to_string()
    };
    let run = |start: String| {
        let mut command = command("calc", &cache);
        said(&command.env("SOURCE", &source).env("START", start).output().unwrap())
    };
    // The table is newer than this executable, so that cannot have been linked after it.
    let linked = fs::metadata(std::env::current_exe().unwrap()).unwrap().modified().unwrap();
    let since = now.duration_since(linked).unwrap().as_secs();
    if since > 2 {
        let edited = run(start(1));
        assert_eq!(
            (edited.runs, edited.stderr.contains("lib.rs was edited")),
            (1, true),
            "{}",
            edited.stderr
        );
        assert_eq!(entries(&cache).len(), 0);
    }
    // Edited after the executable was linked: the edit cannot be in it.
    assert_eq!((run(start(since + 60)).runs, entries(&cache).len()), (1, 1));
    // Edited between the pass and the end of the link.
    fs::remove_dir_all(&cache).unwrap();
    fs::File::options().write(true).open(&source).unwrap().set_modified(linked).unwrap();
    assert!(run(start(since + 60)).stderr.contains("was edited"));
    assert_eq!(entries(&cache).len(), 0);
}
