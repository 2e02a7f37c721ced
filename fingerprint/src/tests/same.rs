//! Tests that content alone decides what comes out: not the folder, the order of files, the number of
//! threads, or what the last pass kept.

use super::{MANIFEST, Place, copy};
use crate::{Graph, GraphOptions};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn workspace() -> Place {
    let files = [
        (
            "app/Cargo.toml",
            "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\nunits = { path = \"../units\" }\n",
        ),
        (
            "app/src/lib.rs",
            "mod a;\nmod b;\n/// checkpoint\npub fn top(x: i64) -> i64 { a::a(x) + b::b(x) + units::scale(x) }\n",
        ),
        ("app/src/a.rs", "use crate::b::Both;\npub fn a(x: i64) -> i64 { Both { x }.go() }\n"),
        (
            "app/src/b.rs",
            "pub struct Both { pub x: i64 }\nimpl Both { pub fn go(&self) -> i64 { self.x } }\nimpl Drop for Both { fn drop(&mut self) {} }\npub fn b(x: i64) -> i64 { x + N }\nconst N: i64 = 2;\n",
        ),
        ("units/Cargo.toml", "[package]\nname = \"units\"\nversion = \"0.1.0\"\nedition = \"2021\"\n"),
        (
            "units/src/lib.rs",
            "/// checkpoint\npub fn scale(x: i64) -> i64 { x * FACTOR }\nconst FACTOR: i64 = 3;\n",
        ),
    ];
    Place::locked(&files, "app")
}

fn graph(place: &Place) -> Graph {
    let manifest = place.directory().join("Cargo.toml");
    let options = GraphOptions { manifest, all: true, ..GraphOptions::default() };
    // All but the folder that it was asked for.
    Graph { directory: PathBuf::new(), ..Graph::load(&options).expect("a graph") }
}

#[test]
fn another_folder_gives_the_same_bytes() {
    let first = workspace();
    first.emit();
    let second = Place { package: "app".to_owned(), ..Place::of(&[]) };
    copy(&first.path(""), &second.path(""));
    second.emit();
    assert_eq!(first.table(), second.table());
    assert!(!first.table().contains(&*first.path("").to_string_lossy()));
    assert_eq!(format!("{:?}", graph(&first)), format!("{:?}", graph(&second)));
}

#[test]
fn passes_at_the_same_time_and_one_thread_agree() {
    let place = workspace();
    let alone = format!("{:?}", graph(&place));
    let many: Vec<String> = std::thread::scope(|scope| {
        let started: Vec<_> = (0..6).map(|_| scope.spawn(|| format!("{:?}", graph(&place)))).collect();
        started.into_iter().map(|thread| thread.join().expect("a graph")).collect()
    });
    assert!(many.iter().all(|graph| *graph == alone));
}

#[test]
fn a_warm_pass_parses_what_was_edited_and_changes_nothing_else() {
    let place = workspace();
    let parsed = |lines: Vec<String>| lines[0].clone();
    assert!(parsed(place.emit()).starts_with("checkpointing: 4 of 4 files"));
    let cold = place.table();
    assert!(parsed(place.emit()).starts_with("checkpointing: 0 of 4 files"));
    assert_eq!(place.table(), cold);

    place.write(
        "app/src/b.rs",
        &fs::read_to_string(place.path("app/src/b.rs")).unwrap().replace("= 2", "= 4"),
    );
    assert!(parsed(place.emit()).starts_with("checkpointing: 1 of 4 files"));
    let warm = place.table();
    fs::remove_dir_all(place.out()).unwrap();
    fs::create_dir_all(place.out()).unwrap();
    place.emit();
    assert_eq!(place.table(), warm, "a cold pass gives what the warm one gave");
    assert_ne!(warm, cold);
}

#[test]
fn a_broken_cache_is_an_empty_one() {
    let place = workspace();
    place.emit();
    let table = place.table();
    // Something is in the file of what came since, too.
    let source = place.path("app/src/a.rs");
    let text = fs::read_to_string(&source).unwrap();
    fs::write(&source, text.replace("i64 {", "i64 { 1 +")).unwrap();
    place.emit();
    let edited = place.table();
    fs::write(&source, text).unwrap();
    place.emit();
    assert!(place.table() == table && edited != table);
    let kept = |kind: &str| {
        let all = fs::read_dir(place.out()).unwrap().map(|entry| entry.unwrap().path());
        let mut found: Vec<PathBuf> = all.filter(|path| path.to_string_lossy().contains(kind)).collect();
        found.sort();
        found
    };
    for cache in kept("lowered").into_iter().chain(kept("facts")) {
        broken_in_every_way(&place, &cache, &table);
    }
    assert!(kept("lowered").len() == 4 && kept("facts").len() == 1);
}

fn broken_in_every_way(place: &Place, cache: &Path, table: &str) {
    let whole = fs::read(cache).unwrap();
    let mut flipped = whole.clone();
    let last = flipped.last_mut().expect("bytes");
    *last ^= 1;
    for broken in [&whole[..whole.len() / 2], b"", b"\xff\xff\xff\xff\xff\xff\xff\xff", &flipped[..]] {
        fs::write(cache, broken).unwrap();
        let parsed = place.emit()[0].clone();
        // What came since may be nothing.
        let name = cache.to_string_lossy();
        let all = name.contains("lowered") && !name.contains("since");
        assert!(parsed.starts_with("checkpointing: 4 of 4 files") || !all, "{parsed}");
        assert_eq!(place.table(), table);
    }
}

/// The attribute's own reference stands behind those of the code: it must not be taken for the first of them.
#[test]
fn a_mark_changes_nothing_in_what_the_code_means() {
    let source = |mark: &str, go: &str, other: &str| {
        format!(
            "use checkpointing::checkpoint;\nstruct X; impl X {{ fn new() -> X {{ X }} fn go(&self) -> i64 {{ {go} }} }}\nstruct Y; impl Y {{ fn go(&self) -> i64 {{ {other} }} }}\n{mark}\npub fn f() -> i64 {{ let x = X::new(); let y = Y; x.go() }}\n"
        )
    };
    for mark in ["/// checkpoint", "#[checkpoint]", "#[checkpoint(version = 2)]"] {
        let files = [
            ("Cargo.toml", format!("{MANIFEST}[dependencies]\ncheckpointing = {{ path = \"c\" }}\n")),
            ("src/lib.rs", source(mark, "1", "5")),
            ("c/Cargo.toml", MANIFEST.replace("\"p\"", "\"checkpointing\"")),
            ("c/src/lib.rs", String::new()),
        ];
        let place = Place::locked(&files.each_ref().map(|(path, text)| (*path, text.as_str())), "");
        let found = [("1", "5"), ("2", "5"), ("1", "6"), ("1", "5")].map(|(go, other)| {
            place.write("src/lib.rs", &source(mark, go, other));
            place.emit();
            place.fingerprint("p::f")
        });
        assert!(found[0] != found[1] && found[0] == found[3], "{mark}: the method that is called");
        assert_eq!(found[0], found[2], "{mark}: a method of another type");
    }
}

#[test]
fn a_function_has_one_fingerprint_wherever_it_stands() {
    let body = "fn h(x: i64) -> i64 { x + 1 }\n/// checkpoint\npub fn f(x: i64) -> i64 { h(x) }\n";
    let moved = format!("pub fn other() {{}}\npub mod inner {{\n{body}}}\n");
    let here = Place::package(&[("src/lib.rs", body)]);
    let there = Place::package(&[("src/lib.rs", &moved)]);
    let split = Place::package(&[("src/lib.rs", "pub mod inner;"), ("src/inner/mod.rs", body)]);
    for place in [&here, &there, &split] {
        place.emit();
    }
    assert_eq!(here.fingerprint("p::f"), there.fingerprint("p::inner::f"));
    assert_eq!(here.fingerprint("p::f"), split.fingerprint("p::inner::f"));
}

#[test]
fn bodies_that_change_places_change_the_fingerprint() {
    let source = |a: &str, b: &str| {
        format!(
            "fn a() -> i64 {{ {a} }}\nfn b() -> i64 {{ {b} }}\n/// checkpoint\npub fn f() -> i64 {{ a() - b() }}\n"
        )
    };
    let mut found = BTreeMap::new();
    for (a, b) in [("1", "2"), ("2", "1")] {
        let place = Place::package(&[("src/lib.rs", &source(a, b))]);
        place.emit();
        found.insert(place.fingerprint("p::f"), (a, b));
    }
    assert_eq!(found.len(), 2);
}

#[test]
fn a_graph_says_how_stored_results_name_a_marked_function() {
    let lib = "pub struct S;\ntrait T { fn f(&self) -> u8; }\nimpl T for S {\n    /// checkpoint(directory = \"kept/here\")\n    fn f(&self) -> u8 { helper() }\n}\nfn helper() -> u8 { 1 }\n#[cfg(test)] fn unused() {}\n#[cfg(not(test))] fn g() -> u8 { 1 }\n#[cfg(test)] fn g() -> u8 { 2 }\n/// checkpoint\npub fn h() -> u8 { g() }\n";
    let place = Place::package(&[("src/lib.rs", lib)]);
    place.emit();
    let graph = graph(&place);
    let stored = |path: &str| {
        let function = graph.functions.iter().find(|function| graph.nodes[function.node].path == path);
        let function = function.expect("it is there");
        (function.stored.clone().expect("it is marked"), function.fingerprint.clone())
    };
    let (f, fingerprint) = stored("p::<S as T>::f");
    assert_eq!((f.name.as_str(), f.directory.as_deref()), ("<p::S as p::T>::f", Some("kept/here")));
    assert_eq!(f.test_fingerprint, fingerprint);
    assert_eq!(place.fingerprint(&f.name), fingerprint);
    let (h, fingerprint) = stored("p::h");
    assert_ne!(h.test_fingerprint, fingerprint);
    assert!(graph.functions.iter().any(|function| function.stored.is_none()), "helper is not marked");
}

#[test]
fn a_graph_joins_what_a_call_by_name_cannot_tell_apart() {
    let lib = "pub struct G<T>(T);\ntype U = u16;\nimpl G<u8> {\n    /// checkpoint\n    fn f(&self) -> u8 { 1 }\n}\nimpl G<U> {\n    /// checkpoint\n    fn f(&self) -> u8 { 2 }\n}\npub trait T {\n    /// checkpoint\n    fn d(&self) -> u8 { 3 }\n}\nimpl<X> T for G<X> {\n    /// checkpoint\n    fn d(&self) -> u8 { 4 }\n}\n";
    let place = Place::package(&[("src/lib.rs", lib)]);
    place.emit();
    let graph = graph(&place);
    let all: Vec<_> =
        graph.functions.iter().map(|function| (function.stored.clone().expect("a mark"), function)).collect();
    let of = |self_type: Option<&str>| {
        all.iter().find(|(stored, _)| stored.self_type.as_deref() == self_type).expect("it is there")
    };
    let (byte, word, default, own) = (of(Some("G<u8>")), of(Some("G<u16>")), of(None), of(Some("G<*>")));
    let joined = |fingerprints: [&str; 2]| {
        let bytes = fingerprints.map(|hex| *blake3::Hash::from_hex(hex).expect("hex").as_bytes());
        blake3::hash(bytes.as_flattened()).to_hex().to_string()
    };
    assert_eq!(byte.0.fingerprint, joined([&byte.1.fingerprint, &word.1.fingerprint]));
    assert_eq!((&byte.0.fingerprint, byte.0.is_joined), (&word.0.fingerprint, true));
    // A call of `<S as T>::d` is the default body's; one of `<G as T>::d` may be either's, as far as names tell.
    assert_eq!((&default.0.fingerprint, default.0.is_joined), (&default.1.fingerprint, false));
    assert_eq!(own.0.fingerprint, joined([&default.1.fingerprint, &own.1.fingerprint]));
    assert!(default.0.is_named("<p::S as p::T>::d") && !default.0.is_named("<p::S as p::U>::d"));
    assert!(own.0.is_named("<p::G as p::T>::d") && !own.0.is_named("<p::S as p::T>::d"));
}
