//! Tests that results of another code serve where the user accepted that, and nowhere else.

mod child;

use checkpointing::{
    Acceptance, Config, Directory, Event, Fingerprint, Shape, Store, StoreError, call, configure, stats,
};
use child::{Said, command, said};
use std::path::Path;

const SHAPE: [u8; 16] = [0xcc; 16];

fn calc(a: u64) -> u64 {
    println!("RUN: calc");
    a + 1
}

/// The function's row with the code and the shape that the variables name.
fn row() -> &'static str {
    let variable = |name| std::env::var(name).unwrap();
    let (code, shape) = (variable("CODE").repeat(64), variable("SHAPE").repeat(32));
    format!("accepted::calc\t{code}\t-\ttests/x.rs\t7\t4\tdoc\t-\t-\t-\t{shape}\n").leak()
}

#[test]
#[ignore = "what the other tests start"]
fn child() {
    let table = child::table(row());
    configure(Config::new().observe(|event| {
        if let Event::Hit { accepted: Some(code), .. } = event {
            println!("EVENT: hit of {code}");
        }
    }))
    .unwrap();
    match std::env::var("SCENARIO").unwrap_or_default().as_str() {
        "calls" => {
            let results = [1, 2, 1].map(|a| call(table, calc, (a,)));
            let total = stats().total();
            println!("RESULT: {results:?} {} {} {}", total.hits, total.accepted, total.misses);
        }
        other => panic!("{other}"),
    }
}

fn run(folder: &Path, code: &str, shape: &str) -> Said {
    said(&command("calls", folder).env("CODE", code).env("SHAPE", shape).output().unwrap())
}

/// Results of code `from` serve code `to`; both are a digit.
fn acceptance(to: u8, from: u8) -> Acceptance {
    let [to, from] = [to, from].map(|digit| Fingerprint::new([digit * 0x11; 32]));
    Acceptance::new("accepted::calc", to, from, Shape::new(SHAPE))
}

#[test]
fn results_of_an_accepted_code_serve_until_that_is_taken_back() -> Result<(), StoreError> {
    let folder = tempfile::tempdir().unwrap();
    let store = Directory::new(folder.path());
    let run = |code| run(folder.path(), code, "c");
    assert_eq!(run("1").result, "[2, 3, 2] 1 0 2");
    let changed = run("2");
    assert_eq!((changed.runs, changed.result.as_str()), (2, "[2, 3, 2] 1 0 2"));
    for entry in store.list() {
        let header = entry?.header;
        if header.fingerprint == Fingerprint::new([0x22; 32]) {
            store.remove(&header.key)?;
        }
    }
    store.accept(&acceptance(2, 1))?;
    let accepted = run("2");
    assert_eq!((accepted.runs, accepted.result.as_str()), (0, "[2, 3, 2] 3 3 0"));
    assert_eq!(store.list().count(), 2, "nothing is stored in the accepting code's name");
    // Code 2 has no results of its own: code 3 gets nothing through it.
    store.accept(&acceptance(3, 2))?;
    assert_eq!(run("3").runs, 2);
    assert!(store.revoke(&acceptance(2, 1))?);
    let undone = run("2");
    assert_eq!((undone.runs, undone.result.as_str()), (2, "[2, 3, 2] 1 0 2"));
    Ok(())
}

#[test]
fn a_result_of_another_shape_serves_nobody() -> Result<(), StoreError> {
    let folder = tempfile::tempdir().unwrap();
    let store = Directory::new(folder.path());
    assert_eq!(run(folder.path(), "1", "c").runs, 2);
    store.accept(&acceptance(2, 1))?;
    assert_eq!(run(folder.path(), "2", "d").runs, 2, "the table says another shape");
    Ok(())
}

#[test]
fn own_results_come_first() -> Result<(), StoreError> {
    let folder = tempfile::tempdir().unwrap();
    let store = Directory::new(folder.path());
    run(folder.path(), "1", "c");
    run(folder.path(), "2", "c");
    store.accept(&acceptance(2, 1))?;
    assert_eq!(run(folder.path(), "2", "c").result, "[2, 3, 2] 3 0 0");
    Ok(())
}
