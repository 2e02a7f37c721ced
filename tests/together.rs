//! Tests that threads and processes compute a missing result once, and that none waits for ever.

mod child;

use checkpointing::{TableRef, call};
use child::{command, end, run};
use std::path::Path;
use std::process::Stdio;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

const ROWS: &str = rows!("together": "slow" "-" "-", "square" "-" "-", "shaky" "-" "-", "hangs" "-" "-", "outer" "-" "-", "stolen" "-" "-", "joined" "-" "-");

/// Keys that all threads of all processes want.
const KEYS: u64 = 40;

fn slow(key: u64) -> u64 {
    println!("RUN: {key}");
    thread::sleep(Duration::from_millis(300));
    key * 2
}

/// Large enough that half of it would be seen.
fn square(key: u64) -> Vec<u64> {
    println!("RUN: {key}");
    thread::sleep(Duration::from_millis(3));
    vec![key * key; 10_000]
}

/// Panics where its marker is there, which is once a key.
fn shaky(key: u64) -> u64 {
    println!("RUN: {key}");
    let marker = std::env::var_os("MARKER").unwrap();
    let first = std::fs::remove_file(Path::new(&marker).join(key.to_string())).is_ok();
    assert!(!first, "on purpose");
    key
}

/// Calls with every key in an order of its own, in four threads.
fn in_threads(calls: impl Fn(u64) + Sync) {
    let process = u64::from(std::process::id());
    thread::scope(|scope| {
        for thread in 0..4 {
            let calls = &calls;
            // Primes to the number of keys.
            let step = [1, 3, 7, 11][thread as usize];
            scope.spawn(move || (0..KEYS).for_each(|key| calls((key * step + process + thread) % KEYS)));
        }
    });
}

fn hangs(hang: String) -> u64 {
    println!("RUN: hangs");
    // An argument that counts would give the two processes two keys.
    if Path::new(&hang).exists() {
        std::fs::remove_file(hang).unwrap();
        println!("HANGS");
        thread::sleep(Duration::from_secs(600));
    }
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

/// Waits in a join for a worker that takes up a task meanwhile which needs this very result: T24.
fn joined(key: u64) -> u64 {
    static TAKEN: AtomicBool = AtomicBool::new(false);
    println!("RUN: joined");
    let first = !TAKEN.load(SeqCst);
    let wait = || {
        while !TAKEN.load(SeqCst) {
            std::hint::spin_loop();
        }
    };
    let steal = || {
        if first {
            rayon::spawn(move || _ = call(table(), joined, (key,)));
            TAKEN.store(true, SeqCst);
            rayon::yield_now();
        }
    };
    rayon::join(wait, steal);
    key
}

#[test]
#[ignore = "what the other tests start"]
fn child() {
    let scenario = std::env::var("SCENARIO").unwrap_or_default();
    let marker = std::env::var("MARKER").unwrap_or_default();
    match scenario.as_str() {
        "threads" => in_threads(|key| assert_eq!(call(table(), square, (key,)), vec![key * key; 10_000])),
        "shaky" => in_threads(|key| {
            let tries = (0..5).filter_map(|_| std::panic::catch_unwind(|| call(table(), shaky, (key,))).ok());
            assert_eq!(tries.take(1).collect::<Vec<_>>(), [key]);
        }),
        "hangs" => println!("RESULT: {}", call(table(), hangs, (marker,))),
        "outer" => println!("RESULT: {}", call(table(), outer, (1,))),
        "stolen" => {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
            println!("RESULT: {}", pool.install(|| call(table(), stolen, (6,))));
        }
        "joined" => {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
            println!("RESULT: {}", pool.install(|| call(table(), joined, (1,))));
        }
        _ => {}
    }
}

fn no_lock_is_left(folder: &Path) {
    let locks = std::fs::read_dir(folder.join("v2/locks")).unwrap().count();
    assert!(locks == 0 || !cfg!(unix), "{locks} locks are left");
}

#[test]
fn every_key_is_computed_once_by_all_threads_of_all_processes() {
    let folder = tempfile::tempdir().unwrap();
    let processes: Vec<_> = (0..16).map(|_| command("threads", folder.path()).spawn().unwrap()).collect();
    let said: Vec<_> = processes.into_iter().map(end).collect();
    assert!(said.iter().all(|said| said.success && said.stderr.is_empty()), "{said:?}");
    assert_eq!(child::entries(folder.path()).len() as u64, KEYS);
    assert_eq!(said.iter().map(|said| said.runs).sum::<usize>() as u64, KEYS, "{said:?}");
    no_lock_is_left(folder.path());
}

#[test]
fn every_key_is_computed_again_by_one_after_a_panic() {
    let folder = tempfile::tempdir().unwrap();
    let markers = tempfile::tempdir().unwrap();
    (0..KEYS).for_each(|key| std::fs::write(markers.path().join(key.to_string()), "").unwrap());
    let start = || {
        let mut command = command("shaky", folder.path());
        command.env("MARKER", markers.path()).stderr(Stdio::null()).spawn().unwrap()
    };
    let processes: Vec<_> = (0..6).map(|_| start()).collect();
    let said: Vec<_> = processes.into_iter().map(end).collect();
    assert!(said.iter().all(|said| said.success), "{said:?}");
    assert_eq!(said.iter().map(|said| said.runs).sum::<usize>() as u64, 2 * KEYS, "{said:?}");
    no_lock_is_left(folder.path());
}

#[test]
fn those_that_are_not_killed_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let processes: Vec<_> = (0..12).map(|_| command("threads", folder.path()).spawn().unwrap()).collect();
    let start = Instant::now();
    let (mut killed, mut said) = (0, Vec::new());
    for (index, mut process) in processes.into_iter().enumerate() {
        if index % 2 == 0 {
            thread::sleep(Duration::from_millis(10));
            process.kill().unwrap();
            killed += 1;
            process.wait_with_output().unwrap();
        } else {
            said.push(process);
        }
    }
    let said: Vec<_> = said.into_iter().map(end).collect();
    assert!(said.iter().all(|said| said.success && said.stderr.is_empty()), "{said:?}");
    // Each of the killed may have computed what nobody has.
    assert!(said.iter().map(|said| said.runs).sum::<usize>() as u64 <= KEYS + 4 * killed, "{said:?}");
    assert!(start.elapsed() < Duration::from_secs(20), "nobody waited for the dead: {:?}", start.elapsed());
}

#[test]
fn a_hung_holder_is_waited_for_and_named() {
    use std::io::{BufRead, BufReader};
    let folder = tempfile::tempdir().unwrap();
    let marker = folder.path().join("marker");
    std::fs::write(&marker, "").unwrap();
    let cache = folder.path().join("cache");
    let start = || command("hangs", &cache).env("MARKER", &marker).spawn().unwrap();
    let mut holder = start();
    let mut lines = BufReader::new(holder.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("HANGS")));
    let mut waiter = start();
    let begun = Instant::now();
    let warning = BufReader::new(waiter.stderr.take().unwrap()).lines().next().unwrap().unwrap();
    assert!(warning.contains(&format!("waiting for process {},", holder.id())), "{warning}");
    assert!(warning.contains("together::hangs"), "it says what is waited for: {warning}");
    assert!(begun.elapsed() > Duration::from_secs(3), "{:?}", begun.elapsed());
    assert!(waiter.try_wait().unwrap().is_none(), "it waits on");
    holder.kill().unwrap();
    holder.wait().unwrap();
    let said = end(waiter);
    assert_eq!((said.runs, said.result.as_str()), (1, "1"));
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

#[test]
fn workers_that_wait_for_each_other_go_on() {
    let (folder, start) = (tempfile::tempdir().unwrap(), Instant::now());
    let said = run("joined", folder.path());
    assert_eq!((said.runs, said.result.as_str()), (2, "1"), "{}", said.stderr);
    // Nothing moves there but this; elsewhere than on Linux that is not seen.
    let limit = Duration::from_secs(if cfg!(target_os = "linux") { 20 } else { 40 });
    assert!(start.elapsed() < limit, "{:?}", start.elapsed());
}
