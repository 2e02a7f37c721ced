//! Tests that what is stored is counted for the functions that computed it, where several have one path or one
//! has several names: a default body, a library and its program, two impls.
#![cfg(unix)]

mod weather;

use checkpointing::{Directory, Fingerprint, Header, Key, Store};
use std::fs;
use std::time::Duration;
use weather::Weather;

const LIB: &str = r#"
use checkpointing::checkpoint;
use serde::Serialize;

pub mod shapes;

#[checkpoint]
pub fn calc(a: i64) -> i64 {
    println!("calc of the library runs");
    a + 1
}

#[derive(Serialize)]
pub struct G<T>(pub T);
"#;

const SHAPES: &str = r#"
use super::G;
use checkpointing::checkpoint;
use serde::Serialize;

#[derive(Serialize)]
pub struct Square(pub u32);
#[derive(Serialize)]
pub struct Circle(pub u32);

pub trait Shape: Serialize + Sized {
    fn side(&self) -> u32;
    #[checkpoint]
    fn area(&self) -> u32 {
        println!("area runs");
        self.side() * 100
    }
    /// checkpoint
    fn round(&self) -> u32 {
        println!("round runs");
        self.side() * 4
    }
}

impl Shape for Square {
    fn side(&self) -> u32 {
        self.0
    }
}

impl Shape for Circle {
    fn side(&self) -> u32 {
        self.0 * 2
    }
    /// checkpoint
    fn round(&self) -> u32 {
        println!("round of the circle runs");
        self.side() * 3
    }
}

impl G<u8> {
    #[checkpoint]
    pub fn size(&self) -> u32 {
        println!("size of u8 runs");
        1000
    }
    /// checkpoint
    pub fn wide(&self) -> u32 {
        println!("wide of u8 runs");
        10
    }
}

impl G<u16> {
    #[checkpoint]
    pub fn size(&self) -> u32 {
        println!("size of u16 runs");
        2000
    }
    /// checkpoint
    pub fn wide(&self) -> u32 {
        println!("wide of u16 runs");
        20
    }
}
"#;

const MAIN: &str = r#"
use checkpointing::{cached, checkpoint};
use weather::G;
use weather::shapes::{Circle, Shape, Square};

#[checkpoint]
fn calc(a: i64) -> i64 {
    println!("calc of the program runs");
    a * 3
}

fn main() {
    let _ = (calc(2), calc(3), weather::calc(2));
    let _ = (Square(2).area(), Circle(2).area());
    let _ = (cached!(Square::round(&Square(2))), cached!(Circle::round(&Circle(2))));
    let _ = (G(1u8).size(), G(2u8).size(), G(1u16).size());
    let _ = (cached!(G::<u8>::wide(&G(1))), cached!(G::<u16>::wide(&G(1))));
}
"#;

fn program(name: &str) -> Weather {
    let weather = Weather::new(name);
    for (file, text) in [("src/lib.rs", LIB), ("src/shapes.rs", SHAPES), ("src/main.rs", MAIN)] {
        fs::write(weather.folder.join(file), text).unwrap();
    }
    assert_eq!(weather.run("cargo run -q").lines().count(), 12, "everything runs once");
    assert_eq!(weather.run("cargo run -q"), "");
    weather
}

/// Each function with its line, entries and state.
fn listed(weather: &Weather) -> Vec<(String, String)> {
    let text = weather.run("cargo checkpoint list --format json");
    let rows = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    rows.map(|row| {
        let word = |name: &str| row[name].as_str().unwrap().to_owned();
        let path = word("function").replace("weather::", "").replace("shapes::", "");
        let source = fs::read_to_string(weather.folder.join(word("file"))).unwrap();
        let above: Vec<&str> = source.lines().take(row["line"].as_u64().unwrap() as usize).collect();
        let place = above.iter().rev().find(|line| line.starts_with("impl G"));
        let place = place.filter(|_| path.starts_with("G::")).map_or(word("file"), |line| (*line).to_owned());
        (format!("{path} in {place}"), format!("{} {}", row["entries"], word("state")))
    })
    .collect()
}

#[test]
fn each_function_has_the_entries_that_are_its_own() {
    let weather = program("same-names");
    let names = [
        "calc in src/lib.rs",
        "calc in src/main.rs",
        "Shape::area in src/shapes.rs",
        "Shape::round in src/shapes.rs",
        "<Circle as Shape>::round in src/shapes.rs",
        "G::size in impl G<u8> {",
        "G::wide in impl G<u8> {",
        "G::size in impl G<u16> {",
        "G::wide in impl G<u16> {",
    ];
    let rows = |states: [&str; 9]| -> Vec<(String, String)> {
        names.iter().zip(states).map(|(name, state)| ((*name).to_owned(), state.to_owned())).collect()
    };
    let same = "1 up_to_date";
    let all = ["1 up_to_date", "2 up_to_date", "2 up_to_date", same, same, "2 up_to_date", same, same, same];
    assert_eq!(listed(&weather), rows(all));
    let said = weather.run("cargo checkpoint outdated; echo $?");
    assert_eq!(said, "All 9 functions with stored results are up to date.\n0\n");

    // Each by itself: it alone is outdated, and reruns.
    for (file, old, new, changed, runs) in [
        ("src/lib.rs", "a + 1", "a + 2", "weather::calc (src/lib.rs:8)", "calc of the library runs\n"),
        (
            "src/main.rs",
            "a * 3",
            "a * 4",
            "weather::calc (src/main.rs:7)",
            "calc of the program runs\ncalc of the program runs\n",
        ),
        ("src/shapes.rs", "* 100", "* 200", "weather::shapes::Shape::area", "area runs\narea runs\n"),
        (
            "src/shapes.rs",
            "1000",
            "1001",
            "weather::shapes::G<u8>::size",
            "size of u8 runs\nsize of u8 runs\n",
        ),
        ("src/shapes.rs", "2000", "2001", "weather::shapes::G<u16>::size", "size of u16 runs\n"),
    ] {
        weather.edit(file, old, new);
        let said = weather.run("cargo checkpoint outdated; echo $?");
        let lines: Vec<&str> = said.lines().collect();
        assert!(lines.len() == 3 && lines[0].starts_with(&format!("{changed} changed")), "{said}");
        assert_eq!(lines[2], "1");
        assert_eq!(weather.run("cargo run -q"), runs);
        assert!(weather.run("cargo checkpoint outdated; echo $?").ends_with("\n0\n"));
    }
    // A call by name can mean both: as the runtime has it, both changed.
    weather.edit("src/shapes.rs", "        10\n", "        11\n");
    let said = weather.run("cargo checkpoint outdated");
    assert_eq!(said.matches("::wide changed").count(), 2, "{said}");
    assert_eq!(weather.run("cargo run -q"), "wide of u8 runs\nwide of u16 runs\n");
    // The circle's call may be the default body's, as far as its name tells.
    weather.edit("src/shapes.rs", "* 3", "* 5");
    let said = weather.run("cargo checkpoint outdated");
    assert!(said.starts_with("weather::shapes::<Circle as Shape>::round changed"), "{said}");
    assert_eq!(weather.run("cargo run -q"), "round of the circle runs\n");
}

#[test]
fn a_function_is_known_by_its_name_in_the_code_and_by_that_in_entries() {
    let weather = program("two-names");
    let found = |name: &str| {
        let said = weather.run(&format!("cargo checkpoint cache ls '{name}' --format json"));
        said.lines().filter(|line| line.starts_with('{')).count()
    };
    for (name, entries) in [
        ("weather::shapes::Shape::area", 2),
        ("Shape::area", 2),
        ("area", 2),
        ("<weather::Square as weather::Shape>::area", 1),
        ("Square::area", 1),
        ("weather::shapes::<Circle as Shape>::round", 1),
        ("weather::shapes::G::size", 3),
        ("weather::G::size", 3),
        ("weather::shapes::G<u8>::size", 2),
        ("G<u8>::size", 2),
        ("G<u16>::size", 1),
        ("calc", 3),
    ] {
        assert_eq!(found(name), entries, "{name}");
    }
    weather.edit("src/shapes.rs", "* 100", "* 200");
    for name in ["Shape::area", "<weather::Square as weather::Shape>::area"] {
        let said = weather.run(&format!("cargo checkpoint why '{name}'"));
        assert!(said.starts_with("weather::shapes::Shape::area changed since"), "{said}");
    }
    // What is accepted for the default body serves each type.
    let said = weather.run("cargo checkpoint accept Shape::area; echo $?");
    assert!(said.contains("2 results") && said.ends_with("0\n"), "{said}");
    assert!(weather.run("cargo checkpoint outdated; echo $?").ends_with("1 by acceptance.\n0\n"));
    assert_eq!(weather.run("cargo run -q"), "");
    let said = weather.run("cargo checkpoint accept --undo weather::shapes::Shape::area; echo $?");
    assert!(said.matches("no longer serve").count() == 2 && said.ends_with("0\n"), "{said}");
    assert_eq!(weather.run("cargo run -q"), "area runs\narea runs\n");

    let said = weather.run("cargo checkpoint cache clear Shape::area --dry-run");
    assert!(said.starts_with("would remove 4 entries"), "{said}");
    let said = weather.run("cargo checkpoint show 'G<u8>::size'");
    assert!(said.matches("weather::shapes::G::size").count() == 1 && said.contains("shapes.rs:44"), "{said}");
    let said = weather.run("cargo checkpoint cache clear 'G<u8>::size' --dry-run");
    assert!(said.starts_with("would remove 2 entries"), "{said}");
    let said = weather.run("cargo checkpoint cache clear weather::shapes::G::size");
    assert!(said.starts_with("removed 3 entries"), "{said}");
    assert_eq!(weather.run("cargo run -q").lines().count(), 3);
}

#[test]
fn what_is_counted_is_told_for_each_function_as_in_a_list() {
    let weather = program("counted");
    let count = || -> Vec<String> {
        let stats = weather.run("cargo checkpoint cache stats");
        let rows = stats.lines().skip(1).take_while(|line| !line.is_empty());
        let words = |line: &str| {
            let (title, numbers) = line.split_once("  ").unwrap();
            let numbers: Vec<&str> = numbers.split_whitespace().collect();
            // Entries, hits, misses: the units of bytes and times stand by themselves.
            format!("{title}: {} {} {}", numbers[0], numbers[numbers.len() - 3], numbers[numbers.len() - 2])
        };
        rows.map(words).collect()
    };
    assert_eq!(
        count(),
        [
            "<weather::Circle as weather::Shape>::area: 1 1 1",
            "<weather::Circle as weather::Shape>::round: 1 1 1",
            "<weather::Square as weather::Shape>::area: 1 1 1",
            "<weather::Square as weather::Shape>::round: 1 1 1",
            "weather::shapes::G<u16>::size: 1 1 1",
            "weather::shapes::G<u8>::size: 2 2 2",
            "weather::shapes::G<u16>::wide: 1 1 1",
            "weather::shapes::G<u8>::wide: 1 1 1",
            "weather::calc (src/lib.rs:8): 1 1 1",
            "weather::calc (src/main.rs:7): 2 2 2",
        ]
    );
    // Without the code, entries tell the file.
    fs::remove_file(weather.folder.join("Cargo.toml")).unwrap();
    let rows = count();
    let told = ["weather::calc (src/lib.rs): 1 1 1", "weather::calc (src/main.rs): 2 2 2"];
    assert!(told.iter().all(|row| rows.contains(&(*row).to_owned())), "{rows:?}");
}

#[test]
fn a_miss_is_explained_by_the_last_code_of_the_same_function() {
    let weather = program("reasons");
    let observed = "fn main() {
    let observe = |event: &checkpointing::Event<'_>| {
        if let checkpointing::Event::Miss { function, changed, .. } = event {
            println!(\"{function}: {}\", changed.unwrap_or(\"no reason\"));
        }
    };
    checkpointing::configure(checkpointing::Config::new().observe(observe)).unwrap();";
    weather.edit("src/main.rs", "fn main() {", observed);
    assert_eq!(weather.run("cargo run -q"), "");
    let misses = |arguments: [(&str, &str); 2]| {
        for (old, new) in arguments {
            weather.edit("src/main.rs", old, new);
        }
        let printed = weather.run("cargo run -q");
        let lines = printed.lines().filter(|line| line.starts_with("weather::") && !line.ends_with("run"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    // Other arguments, the same code: there is nothing to explain, whatever code others of the path have.
    let new = [("weather::calc(2)", "weather::calc(5)"), ("G(2u8)", "G(3u8)")];
    assert_eq!(misses(new), ["weather::calc: no reason", "weather::G::size: no reason"]);
    let edits = [("a * 3", "a * 4"), ("G(3u8)", "G(4u8)")];
    let here = "weather::calc: changed fn weather::calc (src/main.rs:7)";
    assert_eq!(misses(edits), [here, here, "weather::G::size: no reason"]);
}

#[test]
fn an_entry_that_does_not_say_more_than_the_path_counts_for_all_of_the_path() {
    let weather = program("old-entries");
    let store = Directory::new(weather.folder.join(".checkpointing"));
    let put = |number: u8, file: Option<&str>| {
        let (key, code) = (Key::new([number; 32]), Fingerprint::new([number; 32]));
        let header = Header::new(key, "weather::calc", code, "json", Duration::ZERO, b"1");
        let header = match file {
            Some(file) => header.computed_by("weather::calc", file),
            None => header,
        };
        store.put(&header, b"1").unwrap();
    };
    let calc = || listed(&weather).into_iter().take(2).map(|(_, state)| state).collect::<Vec<_>>();
    assert_eq!(calc(), ["1 up_to_date", "2 up_to_date"]);
    put(1, None);
    assert_eq!(calc(), ["2 up_to_date", "3 up_to_date"]);
    put(2, Some("src/main.rs"));
    assert_eq!(calc(), ["2 up_to_date", "4 up_to_date"]);
}
