//! Tests that threads and processes compute a missing result once, and that none waits for ever.

mod child;

use checkpointing::{TableRef, call};
use child::{command, end, run};
use std::process::Stdio;
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

const ROWS: &str =
    rows!("together": "slow" "-" "-", "hangs" "-" "-", "panics" "-" "-", "outer" "-" "-", "stolen" "-" "-");

fn slow(key: u64) -> u64 {
    println!("RUN: {key}");
    thread::sleep(Duration::from_millis(300));
    key * 2
}

fn hangs(hang: String) -> u64 {
    println!("RUN: hangs");
    // An argument that counts would give the two processes two keys.
    if std::path::Path::new(&hang).exists() {
        std::fs::remove_file(hang).unwrap();
        println!("HANGS");
        thread::sleep(Duration::from_secs(600));
    }
    1
}

fn panics(marker: String) -> u64 {
    println!("RUN: panics");
    let first = std::fs::remove_file(marker).is_ok();
    assert!(!first, "on purpose");
    1
}

fn table() -> TableRef {
    static TABLE: OnceLock<TableRef> = OnceLock::new();
    *TABLE.get_or_init(|| child::table(ROWS))
}

fn outer(key: u64) -> u64 {
    println!("RUN: outer");
    call(table(), slow, (key,)) + call(table(), slow, (key,))
}

/// Waits in a join for work that another worker, or this one on this stack, does.
fn stolen(depth: u64) -> u64 {
    if depth == 0 {
        thread::sleep(Duration::from_millis(20));
        return 1;
    }
    let (a, b) = rayon::join(|| call(table(), stolen, (depth - 1,)), || call(table(), stolen, (depth - 1,)));
    a + b
}

#[test]
#[ignore = "what the other tests start"]
fn child() {
    let scenario = std::env::var("SCENARIO").unwrap_or_default();
    let marker = std::env::var("MARKER").unwrap_or_default();
    match scenario.as_str() {
        "threads" => thread::scope(|scope| {
            for thread in 0..4 {
                scope.spawn(move || {
                    for key in 0..3 {
                        assert_eq!(call(table(), slow, ((key + thread) % 3,)), (key + thread) % 3 * 2);
                    }
                });
            }
        }),
        "hangs" => println!("RESULT: {}", call(table(), hangs, (marker,))),
        "panics" => {
            let first = std::panic::catch_unwind(|| call(table(), panics, (marker.clone(),)));
            assert!(first.is_err());
            println!("RESULT: {}", call(table(), panics, (marker,)));
        }
        "outer" => println!("RESULT: {}", call(table(), outer, (1,))),
        "stolen" => {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
            println!("RESULT: {}", pool.install(|| call(table(), stolen, (6,))));
        }
        _ => {}
    }
}

#[test]
fn every_key_is_computed_once_by_all_threads_of_all_processes() {
    let folder = tempfile::tempdir().unwrap();
    let processes: Vec<_> = (0..6).map(|_| command("threads", folder.path()).spawn().unwrap()).collect();
    let said: Vec<_> = processes.into_iter().map(end).collect();
    assert!(said.iter().all(|said| said.success && said.stderr.is_empty()), "{said:?}");
    assert_eq!(said.iter().map(|said| said.runs).sum::<usize>(), 3, "{said:?}");
    assert_eq!(child::entries(folder.path()).len(), 3);
    let locks = std::fs::read_dir(folder.path().join("v2/locks")).unwrap().count();
    assert!(locks == 0 || !cfg!(unix), "no lock file is left");
}

#[test]
fn a_killed_holder_blocks_nobody() {
    use std::io::{BufRead, BufReader};
    let folder = tempfile::tempdir().unwrap();
    let marker = folder.path().join("marker");
    std::fs::write(&marker, "").unwrap();
    let cache = folder.path().join("cache");
    let mut holder = command("hangs", &cache).env("MARKER", &marker).spawn().unwrap();
    let mut lines = BufReader::new(holder.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("HANGS")));
    let waiter = command("hangs", &cache).env("MARKER", &marker).spawn().unwrap();
    thread::sleep(Duration::from_millis(300));
    holder.kill().unwrap();
    holder.wait().unwrap();
    let said = end(waiter);
    assert_eq!((said.runs, said.result.as_str()), (1, "1"), "{}", said.stderr);
}

#[test]
fn a_panic_lets_the_next_one_in() {
    let folder = tempfile::tempdir().unwrap();
    let marker = folder.path().join("marker");
    std::fs::write(&marker, "").unwrap();
    let child =
        command("panics", folder.path()).env("MARKER", &marker).stderr(Stdio::null()).spawn().unwrap();
    let said = end(child);
    assert_eq!((said.runs, said.result.as_str()), (2, "1"));
}

#[test]
fn marked_functions_call_marked_functions() {
    let folder = tempfile::tempdir().unwrap();
    let said = run("outer", folder.path());
    assert_eq!((said.runs, said.result.as_str(), said.stderr.as_str()), (2, "4", ""));
}

#[test]
fn workers_that_steal_tasks_do_not_wait_for_themselves() {
    let start = Instant::now();
    for _ in 0..5 {
        let folder = tempfile::tempdir().unwrap();
        let said = run("stolen", folder.path());
        assert_eq!((said.result.as_str(), said.stderr.as_str()), ("64", ""));
    }
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}
