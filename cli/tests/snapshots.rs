//! Compares what commands print on a copy of `tests/fixture` with `tests/snapshots`, as the book does for what its
//! readers see. `INSTA_UPDATE=always cargo test -p cargo-checkpoint --test snapshots` writes them anew.
#![cfg(unix)]

mod weather;

use std::fmt::Write;
use weather::{Weather, normal};

/// What is printed when these lines are typed, the exit code where it is not 0 included.
fn session(weather: &Weather, lines: &[&str]) -> String {
    let mut typed = String::new();
    for line in lines {
        let printed = weather.run(&format!("{line}\ncode=$?; [ $code = 0 ] || echo \"exit code $code\""));
        write!(typed, "$ {line}\n{printed}").unwrap();
    }
    normal(&typed.replace(&*weather.folder.to_string_lossy(), "FOLDER"))
}

const EDIT: &str = "sed -i 's/DAMPING: f64 = 0.5/DAMPING: f64 = 0.4/' src/model.rs";

#[test]
fn accepting_a_change_and_taking_that_back() {
    let weather = Weather::new("snapshot-accept");
    let lines = [
        "cargo run -q",
        "cargo checkpoint accept --list",
        "cargo checkpoint accept forecast",
        EDIT,
        "cargo checkpoint accept forecast --dry-run",
        "cargo checkpoint accept forecast --dry-run --format json",
        "cargo checkpoint accept --list --format json",
        "cargo checkpoint accept forecast --from 0",
        "cargo checkpoint accept forecast load",
        "cargo checkpoint accept --list",
        "cargo checkpoint accept --list --format json",
        "cargo checkpoint outdated",
        "cargo checkpoint why forecast",
        "cargo run -q",
        "cargo checkpoint cache stats",
        "cargo checkpoint accept --undo load",
        "cargo checkpoint accept --undo forcast",
        "cargo checkpoint accept --undo forecast --dry-run",
        "cargo checkpoint accept --undo forecast",
        "cargo checkpoint accept --undo forecast",
        "cargo checkpoint accept --list",
        "cargo checkpoint accept forecast --quiet --format json",
        "cargo checkpoint accept --undo forecast --format json",
        "sed -i 's/pub degrees: f64,/#[serde(rename = \"t\")] pub degrees: f64,/' src/model.rs",
        "cargo checkpoint accept forecast",
        "cargo checkpoint accept forecast --format json",
        "cargo checkpoint accept",
        "cargo checkpoint accept --list forecast",
    ];
    insta::assert_snapshot!("accept", session(&weather, &lines));
}

#[test]
fn what_programs_read() {
    let weather = Weather::new("snapshot-json");
    let mut lines = vec!["cargo run -q"];
    lines.push("cargo checkpoint cache ls --format json | sed 's/\"key\":\"[^\"]*\"/\"key\":KEY/'");
    let commands = [
        "cargo checkpoint list --format json",
        "cargo checkpoint list --all --format json",
        "cargo checkpoint show forecast --format json",
        "cargo checkpoint show load --depth 1 --format json",
        "cargo checkpoint show load --files --format json",
        "cargo checkpoint graph load --format json",
        "cargo checkpoint lint --format json",
        "cargo checkpoint outdated --format json",
        "cargo checkpoint cache stats --format json",
        "cargo checkpoint cache verify --format json",
        EDIT,
        "cargo checkpoint outdated --format json",
        "cargo checkpoint why --format json",
    ];
    lines.extend(commands);
    insta::assert_snapshot!("json", session(&weather, &lines));
}

#[test]
fn what_is_not_understood_is_answered_with_a_hint() {
    let weather = Weather::new("snapshot-errors");
    // Otherwise a store of the folders around would do: the examples leave one.
    std::fs::create_dir(weather.folder.join(".checkpointing")).unwrap();
    let lines = [
        "cargo checkpoint list",
        "cargo checkpoint why",
        "cargo checkpoint outdated",
        "cargo checkpoint cache stats",
        "cargo checkpoint show trian",
        "cargo checkpoint show forcast",
        "cargo checkpoint show zzz",
        "cargo checkpoint graph forcast",
        "cargo checkpoint why forcast",
        "cargo checkpoint lint forcast",
        "cargo checkpoint why trend",
        "cargo checkpoint accept trend",
        "cargo checkpoint lint trend",
        "cargo checkpoint list -p unts",
        "cargo checkpoint list -p zzz",
        "cargo checkpoint list --target nowhere",
        "cargo checkpoint list --features nothing",
        "cargo checkpoint list --features nothing --locked",
        "cargo checkpoint man lst",
        "cargo checkpoint list --manifest-path nowhere/Cargo.toml",
        "cd / && cargo checkpoint list",
        "cargo checkpoint graph --workspace --format html",
        "cargo checkpoint cache show 00",
        "cargo checkpoint cache ls forecast",
        "cargo checkpoint cache clear forecast",
        "cargo checkpoint cache prune",
        "cargo checkpoint cache prune --older tomorrow",
        "cargo checkpoint cache verify --dry-run",
        "cargo checkpoint lst",
    ];
    insta::assert_snapshot!("errors", session(&weather, &lines));
}
