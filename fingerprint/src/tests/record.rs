//! Tests what the build script records of each fingerprint's closure.

use super::{LOCK, MANIFEST, Place};
use crate::{Closure, Config, Graph, GraphOptions};
use checkpointing_closure::Closures;
use std::fs;

const CODE: &str = "pub const RATE: u64 = 3;
pub fn helper(x: u64) -> u64 { x * RATE }
pub struct P;
impl Drop for P { fn drop(&mut self) {} }
/// checkpoint
pub fn calc(x: u64) -> u64 { let _p = P; helper(x) }
/// checkpoint
pub fn other(x: u64) -> u64 { x }
";

fn closure(place: &Place, function: &str) -> Closure {
    let file = fs::read(place.out().join("checkpoints.closures")).expect("the file");
    let fingerprint = blake3::Hash::from_hex(place.fingerprint(function)).expect("a fingerprint");
    Closures::find(&file, &[fingerprint.into()]).expect("it can be read").expect("a closure")
}

fn changes(before: &[(&str, &str)], after: &[(&str, &str)]) -> String {
    let [before, after] = [before, after].map(|files| {
        let place = Place::package(files);
        place.emit();
        closure(&place, "p::calc")
    });
    before.changes(&after).to_string()
}

#[test]
fn the_record_is_what_the_graph_says() {
    let place = Place::package(&[("src/lib.rs", CODE)]);
    place.emit();
    let options = GraphOptions { manifest: place.path("Cargo.toml"), ..GraphOptions::default() };
    let graph = Graph::load(&options).expect("a graph");
    for function in &graph.functions {
        assert_eq!(graph.closure(function), closure(&place, &graph.nodes[function.node].path));
    }
    let paths: Vec<String> = closure(&place, "p::calc").items().iter().map(ToString::to_string).collect();
    assert_eq!(
        paths,
        [
            "const p::RATE (src/lib.rs:1)",
            "fn p::<P as Drop>::drop (src/lib.rs:4)",
            "fn p::calc (src/lib.rs:6)",
            "fn p::helper (src/lib.rs:2)",
            "impl p::<P as Drop> (src/lib.rs:4)",
            "type p::P (src/lib.rs:3)",
        ]
    );
    assert_eq!(closure(&place, "p::other").items().len(), 1);
}

#[test]
fn what_changed_is_told() {
    let edited = CODE
        .replace("= 3", "= 4")
        .replace("x * RATE", "x + RATE")
        .replace("impl Drop for P { fn drop(&mut self) {} }\n", "");
    assert_eq!(
        changes(&[("src/lib.rs", CODE)], &[("src/lib.rs", &edited)]),
        "changed const p::RATE (src/lib.rs:1), fn p::helper (src/lib.rs:2); \
         removed fn p::<P as Drop>::drop (src/lib.rs:4), impl p::<P as Drop> (src/lib.rs:4)"
    );
    let renamed = CODE.replace("helper", "scaled").replace("let _p = P;", "let _p = (P, 1);");
    assert_eq!(
        changes(&[("src/lib.rs", CODE)], &[("src/lib.rs", &renamed)]),
        "changed fn p::calc (src/lib.rs:6)"
    );
}

#[test]
fn a_dependency_and_a_watched_file_are_told() {
    let manifest = format!("{MANIFEST}[dependencies]\nitoa = \"1\"\n");
    let code = "/// checkpoint\npub fn calc(x: u64) -> usize { itoa::Buffer::new().format(x).len() }";
    let build = |version: &str, model: &str| {
        let lock = format!(
            "{LOCK}dependencies = [\"itoa\"]\n\n[[package]]\nname = \"itoa\"\nversion = \"{version}\"\nsource = \"registry+https://example.invalid/index\"\nchecksum = \"00\"\n",
        );
        let place = Place::of(&[
            ("Cargo.toml", &manifest),
            ("Cargo.lock", &lock),
            ("src/lib.rs", code),
            ("model.bin", model),
        ]);
        place.emit_with(Config::new().watch("model.bin"));
        closure(&place, "p::calc")
    };
    let before = build("1.0.1", "a");
    assert_eq!(before.changes(&build("1.0.2", "a")).to_string(), "changed package itoa 1.0.1 -> 1.0.2");
    assert_eq!(before.changes(&build("1.0.1", "b")).to_string(), "changed watched model.bin");
}

#[test]
fn the_record_is_not_written_again_when_nothing_changed() {
    let place = Place::package(&[("src/lib.rs", CODE)]);
    place.emit();
    let path = place.out().join("checkpoints.closures");
    let time = || fs::metadata(&path).and_then(|data| data.modified()).expect("a time");
    let before = time();
    place.emit();
    assert_eq!(before, time());
}
