//! Tests that a graph is given again while nothing of it changed, and only then.

use super::Place;
use crate::{Graph, GraphOptions};
use std::fs;

const CODE: &str = "mod m;\nconst TEXT: &str = include_str!(\"text.txt\");\n/// checkpoint\npub fn calc(x: i64) -> i64 { m::f(x) + TEXT.len() as i64 }\n/// checkpoint\npub fn now() -> std::time::SystemTime { std::time::SystemTime::now() }\n#[cfg(feature = \"more\")]\n/// checkpoint\npub fn more() {}\n";
const FEATURES: &str = "[features]\nmore = []\n[[bin]]\nname = \"b\"\npath = \"bin/b.rs\"\n";

type Edit = fn(&Place);

fn place() -> Place {
    let place = Place::package(&[
        ("src/lib.rs", CODE),
        ("src/m.rs", "pub fn f(x: i64) -> i64 { x }\n"),
        ("src/text.txt", "text"),
        ("bin/b.rs", "fn main() {}\n"),
        ("target/CACHEDIR.TAG", ""),
    ]);
    place.write("Cargo.toml", &format!("{}{FEATURES}", super::MANIFEST));
    place
}

fn options(place: &Place) -> GraphOptions {
    GraphOptions { manifest: place.path("Cargo.toml"), keep: true, ..GraphOptions::default() }
}

fn load(options: &GraphOptions) -> Graph {
    Graph::load(options).expect("a graph")
}

/// All that a graph says.
fn told(graph: Graph) -> String {
    format!("{:#?}", Graph { is_kept: false, parsed: (0, 0), ..graph })
}

/// The graph that a second load gives again, which is the one that a pass makes.
fn kept(place: &Place, options: &GraphOptions) -> String {
    place.settle();
    assert!(!load(options).is_kept);
    let again = load(options);
    assert!(again.is_kept);
    let again = told(again);
    assert_eq!(again, told(load(&GraphOptions { keep: false, ..options.clone() })));
    again
}

#[test]
fn a_graph_is_given_again_as_it_was_made() {
    let place = place();
    let graph = kept(&place, &options(&place));
    for part in ["p::calc", "text.txt", "std::time::SystemTime::now", "Shape"] {
        assert!(graph.contains(part), "{part}");
    }
    kept(&place, &GraphOptions { all: true, ..options(&place) });
    assert!(load(&options(&place)).is_kept, "each has its own");
}

#[test]
fn whatever_changes_makes_a_new_one() {
    let place = place();
    let options = options(&place);
    let mut before = kept(&place, &options);
    let edits: [(&str, Edit); 7] = [
        ("a source file", |place| place.write("src/m.rs", "pub fn f(x: i64) -> i64 { y }\n")),
        ("an included file", |place| place.write("src/text.txt", "Text")),
        ("no included file", |place| fs::remove_file(place.path("src/text.txt")).expect("a file")),
        ("another module file", |place| {
            fs::remove_file(place.path("src/m.rs")).expect("a file");
            place.write("src/m/mod.rs", "pub fn f(x: i64) -> i64 { x }\n");
        }),
        ("a program", |place| {
            place.write("src/main.rs", "/// checkpoint\nfn program() {}\nfn main() {}\n");
        }),
        ("a test", |place| place.write("tests/t.rs", "/// checkpoint\nfn test() {}\n")),
        ("the manifest", |place| {
            let text = format!("{}{FEATURES}[lib]\nname = \"q\"\n", super::MANIFEST);
            place.write("Cargo.toml", &text);
        }),
    ];
    for (what, edit) in edits {
        edit(&place);
        let after = kept(&place, &options);
        assert_ne!(before, after, "{what}");
        before = after;
    }
    let more = GraphOptions { features: vec!["--features".to_owned(), "more".to_owned()], ..options.clone() };
    assert!(!load(&more).is_kept && !load(&options).is_kept);
}

#[test]
fn what_is_edited_just_now_or_damaged_is_not_given_again() {
    let place = place();
    let options = options(&place);
    let first = kept(&place, &options);
    place.write("src/m.rs", "pub fn f(x: i64) -> i64 { z }\n");
    // It may have been written while the pass read it.
    assert!(!load(&options).is_kept && !load(&options).is_kept);
    let second = kept(&place, &options);
    assert_ne!(first, second);
    let folder = place.path("target/checkpoint/p");
    let files = fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let graph =
        files.into_iter().find(|path| path.to_string_lossy().contains("graph.marked")).expect("it is kept");
    let whole = fs::read(&graph).expect("a file");
    for at in (0..whole.len()).step_by(whole.len() / 40) {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x10;
        fs::write(&graph, &flipped).expect("a file");
        let other = load(&options);
        assert!(!other.is_kept && told(other) == second);
        fs::write(&graph, &whole[..at]).expect("a file");
        assert!(!load(&options).is_kept);
    }
}
