//! Runs every command of the book's page on inspecting, in a copy of `tests/fixture`, and compares what it
//! prints. `UPDATE=1` writes what is printed into the page instead.
//!
//! What differs from run to run does not count.
#![cfg(unix)]

mod weather;

use std::fs;
use weather::{Weather, checkout, normal};

const PAGE: &str = "docs/src/inspecting.md";

#[test]
fn the_page_on_inspecting_shows_what_is_printed() {
    let weather = Weather::new("weather");
    let folder = &weather.folder;
    weather.commit();
    let _ = fs::remove_dir_all(folder.join(".checkpointing"));

    let page = fs::read_to_string(checkout().join(PAGE)).unwrap();
    let mut updated = String::new();
    let mut lines = page.lines().peekable();
    let mut differences = Vec::new();
    let mut commands = 0;
    let mut in_console = false;
    while let Some(line) = lines.next() {
        updated.extend([line, "\n"]);
        if line.starts_with("```") {
            in_console = line == "```console";
        }
        let Some(command) = line.strip_prefix("$ ").filter(|_| in_console) else { continue };
        let mut expected = String::new();
        while let Some(output) = lines.next_if(|line| !line.starts_with("```") && !line.starts_with("$ ")) {
            expected.extend([output, "\n"]);
        }
        commands += 1;
        let printed = weather.run(command);
        if normal(&printed) == normal(&expected) {
            updated.push_str(&expected);
        } else {
            differences.push(format!("$ {command}\nprinted:\n{printed}\nthe page has:\n{expected}"));
            updated.push_str(printed.trim_end());
            updated.push('\n');
        }
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::write(checkout().join(PAGE), updated).unwrap();
    } else {
        assert!(
            differences.is_empty(),
            "{}\n`UPDATE=1 cargo test -p cargo-checkpoint --test book` writes the page",
            differences.join("\n")
        );
    }
    assert!(commands > 10, "{commands} commands were found");
}
