//! Tests what is told of calls: counts, records, the program's own observer, and what is not worth it.

mod child;

use checkpointing::{Config, Event, TableRef, call, configure, stats};
use child::{command, said};
use std::fs;
use std::time::Duration;

const ROWS: &str = rows!("events": "slow" "-" "-", "fast" "-" "-", "quiet" "on_error=\"ignore\"" "-");

fn slow(a: u64) -> u64 {
    println!("RUN: slow");
    std::thread::sleep(Duration::from_millis(20));
    a
}

fn fast(a: u64) -> u64 {
    a + 1
}

fn quiet(a: u64) -> u64 {
    a + 1
}

#[test]
#[ignore = "what the other tests start"]
fn child() {
    let table: TableRef = child::table(ROWS);
    match std::env::var("SCENARIO").unwrap_or_default().as_str() {
        "observed" => {
            configure(Config::new().observe(|event| {
                let word = match event {
                    Event::Hit { function, took, .. } => {
                        assert!(*took >= Duration::from_millis(20));
                        format!("hit {function}")
                    }
                    Event::Miss { function, changed: None, .. } => format!("miss {function}"),
                    Event::Stored { function, bytes: 1, .. } => format!("stored {function}"),
                    Event::Error { function, .. } => format!("error {function}"),
                    other => format!("{other}"),
                };
                println!("EVENT: {word}");
            }))
            .unwrap();
            call(table, slow, (7,));
            call(table, slow, (7,));
        }
        "counted" => {
            for a in [1, 1, 2, 1] {
                call(table, slow, (a,));
            }
            let stats = stats();
            let slow = &stats.functions["events::slow"];
            assert!(slow.computed >= Duration::from_millis(40) && slow.saved >= Duration::from_millis(40));
            assert_eq!(stats.total().hits, slow.hits);
            println!("RESULT: {:?}", (slow.hits, slow.misses, slow.reruns, slow.stored, stats.errors));
        }
        "fast" => (0..400).for_each(|_| assert_eq!(call(table, fast, (1,)), 2)),
        "quiet" => (0..400).for_each(|_| assert_eq!(call(table, quiet, (1,)), 2)),
        "worth" => (0..400).for_each(|_| assert_eq!(call(table, slow, (1,)), 1)),
        "off" => {
            configure(Config::new().cost_warning(false)).unwrap();
            (0..400).for_each(|_| assert_eq!(call(table, fast, (1,)), 2));
        }
        "bounded" => {
            configure(Config::new().max_size(40_000)).unwrap();
            (0..30).for_each(|a| assert_eq!(call(table, fast, (a,)), a + 1));
        }
        _ => {}
    }
}

fn events(scenario: &str, folder: &std::path::Path) -> Vec<String> {
    let output = command(scenario, folder).output().unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{stdout}");
    stdout.lines().filter_map(|line| Some(line.split_once("EVENT: ")?.1.to_owned())).collect()
}

#[test]
fn an_observer_is_told_what_happens() {
    let folder = tempfile::tempdir().unwrap();
    let told = events("observed", &folder.path().join("cache"));
    assert_eq!(told, ["miss events::slow", "stored events::slow", "hit events::slow"]);
    assert_eq!(events("observed", &folder.path().join("cache")), ["hit events::slow"; 2]);
    let file = folder.path().join("file");
    fs::write(&file, "in the way").unwrap();
    let errors = events("observed", &file);
    assert!(errors.contains(&String::from("error events::slow")), "{errors:?}");
}

#[test]
fn calls_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let run = || said(&command("counted", folder.path()).output().unwrap());
    assert_eq!(run().result, "(2, 2, 0, 2, 0)");
    let refreshed = command("counted", folder.path()).env("CHECKPOINTING", "refresh").output().unwrap();
    assert_eq!(said(&refreshed).result, "", "it saved nothing, which the child asserts");
}

#[test]
fn the_store_is_told_what_all_processes_counted() {
    let folder = tempfile::tempdir().unwrap();
    let store = checkpointing::Directory::new(folder.path());
    let counts = || {
        let recorded = checkpointing::Store::recorded(&store).unwrap();
        let slow = recorded.iter().find(|(function, _)| function.path == "events::slow");
        let slow = slow.map(|(_, stats)| *stats).unwrap_or_default();
        (slow.hits, slow.misses, slow.stored)
    };
    let run = |variable: &str, value: &str| {
        let output = command("counted", folder.path()).env(variable, value).output().unwrap();
        said(&output)
    };
    run("CHECKPOINTING_STATS", "on");
    // On other systems the main thread's end is not seen.
    if cfg!(all(target_os = "linux", target_env = "gnu")) {
        assert_eq!(counts(), (2, 2, 2));
    }
    let before = counts();
    run("CHECKPOINTING_STATS", "off");
    run("CHECKPOINTING", "readonly");
    assert_eq!(counts(), before);
}

#[test]
fn a_function_that_is_not_worth_it_is_told_once() {
    // The functions of these tests are of equal code to the table: each has a folder of its own.
    let stderr = |scenario: &str| {
        let folder = tempfile::tempdir().unwrap();
        said(&command(scenario, folder.path()).output().unwrap()).stderr
    };
    let warning = stderr("fast");
    assert_eq!(warning.matches("`events::fast` is not worth caching").count(), 1, "{warning}");
    assert!(warning.contains("tests/x.rs:7"), "{warning}");
    assert_eq!([stderr("quiet"), stderr("worth"), stderr("off")], ["", "", ""]);
}

#[test]
fn a_program_bounds_its_store() {
    let folder = tempfile::tempdir().unwrap();
    let said = said(&command("bounded", folder.path()).output().unwrap());
    assert!(said.success && said.stderr.is_empty(), "{said:?}");
    // Each takes a block of 4 KiB.
    let left = child::entries(folder.path()).len();
    assert!((5..=9).contains(&left), "{left}");
}
