//! Tests that what could not be analysed is listed, with its place and the reason, and nothing else.

use super::{MANIFEST, Place};
use crate::{Graph, GraphOptions};

#[test]
fn what_is_not_expanded_is_listed() {
    let lib = "macro_rules! known { () => { pub fn a() -> i64 { 1 } } }\nknown!();\nunknown!();\n\
               pub fn b() -> i64 {\n    println!(\"read\");\n    unknown::make!(1)\n}\n\
               unsafe extern \"C\" { fn native() -> i64; }\npub fn c() -> i64 { unsafe { native() } }\n\
               macro_rules! one { () => { 1 } }\npub fn d() -> i64 { one!() }\n";
    let place = Place::package(&[("Cargo.toml", MANIFEST), ("src/lib.rs", lib)]);
    let options = GraphOptions { manifest: place.path("Cargo.toml"), all: true, ..GraphOptions::default() };
    let graph = Graph::load(&options).expect("a graph");
    let notes: Vec<_> =
        graph.notes.iter().map(|note| (note.file.as_str(), note.line, note.message.as_str())).collect();
    assert_eq!(
        notes,
        [
            ("src/lib.rs", 3, "`unknown!` is not expanded: it may define anything, and all its tokens count"),
            ("src/lib.rs", 6, "`unknown::make!` is not expanded: every name among its tokens counts"),
        ]
    );
    let opaque: Vec<_> = graph.nodes.iter().filter(|node| node.kind == "opaque").collect();
    assert!(matches!(opaque[..], [only] if only.line == Some(3) && only.whole), "{opaque:?}");
}
