//! Tests the pass where cargo's resolver cannot answer: nothing downloaded yet, or no lock file.

use super::{LOCK, MANIFEST, Place, values};
use crate::{Graph, GraphOptions};
use std::fs;

/// No registry has this package, so no cargo has downloaded it.
const NEVER: &str = "never-published-anywhere";
const CALL: &str = "/// checkpoint\npub fn f() -> i64 { never_published_anywhere::g() }\n";

fn lock(version: &str, checksum: &str) -> String {
    format!(
        "version = 4\n\n[[package]]\nname = \"{NEVER}\"\nversion = \"{version}\"\nsource = \"registry+https://example.invalid/index\"\nchecksum = \"{checksum}\"\n\n[[package]]\nname = \"p\"\nversion = \"0.1.0\"\ndependencies = [\n \"{NEVER}\",\n]\n"
    )
}

fn place(table: &str, lib: &str) -> Place {
    let manifest = format!("{MANIFEST}{table}");
    Place::of(&[("Cargo.toml", &manifest), ("Cargo.lock", &lock("1.2.3", "00")), ("src/lib.rs", lib)])
}

#[test]
fn what_was_never_downloaded_is_taken_from_the_lock_file() {
    let place = place(&format!("[dependencies]\n{NEVER} = \"1\"\n"), CALL);
    let warnings = values(&place, &place.emit(), "warning");
    let [warning] = warnings.as_slice() else { panic!("{warnings:?}") };
    assert!(
        warning.starts_with("cargo metadata failed (") && warning.ends_with("Run `cargo fetch` to be exact")
    );
    let first = place.fingerprint("p::f");
    // Its features are not known: the compiler's answer goes to the key.
    assert_eq!(place.flags("p::f"), "doc marker");

    place.write("Cargo.lock", &lock("1.2.4", "00"));
    place.emit();
    let second = place.fingerprint("p::f");
    place.write("Cargo.lock", &lock("1.2.4", "01"));
    place.emit();
    assert!(first != second && second != place.fingerprint("p::f"), "version and checksum count");
}

#[test]
fn a_patch_that_is_a_folder_is_analysed_function_by_function() {
    let lib = "/// checkpoint\npub fn f() -> i64 { never_published_anywhere::g() + other::h() }\n";
    let place = place(
        &format!(
            "[dependencies]\n{NEVER} = \"1\"\nother = \"1\"\n\n[patch.crates-io]\nother = {{ path = \"other\" }}\n"
        ),
        lib,
    );
    let patched = "\n[[package]]\nname = \"other\"\nversion = \"1.0.0\"\n";
    place.write(
        "Cargo.lock",
        &format!("{}{patched}", lock("1.2.3", "00"))
            .replace("dependencies = [\n", "dependencies = [\n \"other\",\n"),
    );
    place.write("other/Cargo.toml", "[package]\nname = \"other\"\nversion = \"1.0.0\"\nedition = \"2024\"\n");
    let other = "pub fn h() -> i64 { 1 }\npub fn i() -> i64 { 5 }\n";
    let fingerprint = |code: &str| {
        place.write("other/src/lib.rs", code);
        place.emit();
        place.fingerprint("p::f")
    };
    let before = fingerprint(other);
    assert_eq!(before, fingerprint(&other.replace("{ 5 }", "{ 6 }")));
    assert_ne!(before, fingerprint(&other.replace("{ 1 }", "{ 2 }")));
}

#[test]
fn a_dev_dependency_alone_does_not_count() {
    let place =
        place(&format!("[dev-dependencies]\n{NEVER} = \"1\"\n"), "/// checkpoint\npub fn f() -> i64 { 1 }\n");
    assert_eq!(values(&place, &place.emit(), "warning").len(), 1);
    let plain = Place::package(&[("src/lib.rs", "/// checkpoint\npub fn f() -> i64 { 1 }\n")]);
    assert_eq!(values(&plain, &plain.emit(), "warning"), [""; 0]);
    assert_eq!(place.fingerprint("p::f"), plain.fingerprint("p::f"));
}

#[test]
fn a_trait_object_of_a_dependency_can_be_any_type_that_its_traits_are_for() {
    // The other package may implement `Expected` for every `Visitor`.
    let lib = "struct V;\nimpl never_published_anywhere::Visitor for V { fn visit(&self) -> i64 { 1 } }\n/// checkpoint\npub fn f(e: &dyn never_published_anywhere::Expected) -> i64 { e.show() }\n";
    let place = place(&format!("[dependencies]\n{NEVER} = \"1\"\n"), lib);
    place.emit();
    let before = place.fingerprint("p::f");
    place.write("src/lib.rs", &lib.replace("{ 1 }", "{ 2 }"));
    place.emit();
    assert_ne!(place.fingerprint("p::f"), before);
}

#[test]
fn a_renamed_dependency_is_found_by_its_name_in_code() {
    let plain = place(&format!("[dependencies]\n{NEVER} = \"1\"\n"), CALL);
    let renamed = place(
        &format!("[dependencies]\nshort = {{ package = \"{NEVER}\", version = \"1\" }}\n"),
        "/// checkpoint\npub fn f() -> i64 { short::g() }\n",
    );
    plain.emit();
    renamed.emit();
    assert_eq!(plain.fingerprint("p::f"), renamed.fingerprint("p::f"));
}

#[test]
fn path_dependencies_are_analysed_without_the_resolver() {
    let manifest = format!("{MANIFEST}[dependencies]\n{NEVER} = \"1\"\nq = {{ path = \"../q\" }}\n");
    let mut place = Place::of(&[
        ("p/Cargo.toml", &manifest),
        ("p/Cargo.lock", &lock("1.0.0", "00")),
        ("p/src/lib.rs", "/// checkpoint\npub fn f() -> i64 { q::g() }\n"),
        (
            "q/Cargo.toml",
            "[package]\nname = \"q\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[features]\nfast = []\n",
        ),
        ("q/src/lib.rs", "pub fn g() -> i64 { if cfg!(feature = \"fast\") { 1 } else { 2 } }\n"),
    ]);
    place.package = "p".to_owned();
    place.emit();
    let before = place.fingerprint("p::f");
    assert_eq!(place.flags("p::f"), "doc marker", "whether `fast` is on is not known");
    place.write("q/src/lib.rs", "pub fn g() -> i64 { if cfg!(feature = \"fast\") { 1 } else { 3 } }\n");
    place.emit();
    assert_ne!(place.fingerprint("p::f"), before);
}

#[test]
fn without_a_lock_file_the_table_says_so_and_nothing_is_written() {
    let place =
        Place::of(&[("Cargo.toml", MANIFEST), ("src/lib.rs", "/// checkpoint\npub fn f() -> i64 { 1 }\n")]);
    let lines = place.emit();
    assert_eq!(values(&place, &lines, "warning"), [""; 0], "normal for a package from a registry");
    assert_eq!(place.flags("p::f"), "doc marker unlocked");
    assert!(!place.path("Cargo.lock").exists());
    assert_eq!(values(&place, &lines, "rerun-if-changed"), ["Cargo.toml", "src"]);
}

#[test]
fn the_lock_file_is_never_written() {
    // One that cargo would complete: the dependency is not in it.
    let manifest = format!("{MANIFEST}[dependencies]\nq = {{ path = \"q\" }}\n");
    let place = Place::package(&[
        ("src/lib.rs", "/// checkpoint\npub fn f() -> i64 { q::g() }\n"),
        ("q/Cargo.toml", "[package]\nname = \"q\"\nversion = \"0.1.0\"\nedition = \"2024\"\n"),
        ("q/src/lib.rs", "pub fn g() -> i64 { 1 }\n"),
    ]);
    place.write("Cargo.toml", &manifest);
    place.emit();
    assert_eq!(fs::read_to_string(place.path("Cargo.lock")).unwrap(), LOCK);
    let before = place.fingerprint("p::f");
    place.write("q/src/lib.rs", "pub fn g() -> i64 { 2 }\n");
    place.emit();
    assert_ne!(place.fingerprint("p::f"), before);
}

#[test]
fn features_of_a_command_line_count_without_the_resolver_too() {
    let features = "[features]\ndefault = [\"a\"]\na = []\nb = [\"c\"]\nc = []\n";
    let lib = "#[cfg(feature = \"a\")]\npub fn a() {}\n#[cfg(feature = \"b\")]\npub fn b() {}\n#[cfg(feature = \"c\")]\npub fn c() {}\n";
    let place = place(&format!("{features}[dependencies]\n{NEVER} = \"1\"\n"), lib);
    let functions = |flags: &[&str]| -> Vec<String> {
        let features = flags.iter().map(|flag| (*flag).to_owned()).collect();
        let manifest = place.path("Cargo.toml");
        let options = GraphOptions { manifest, all: true, features, ..GraphOptions::default() };
        let graph = Graph::load(&options).expect("a graph");
        graph.functions.iter().map(|function| graph.nodes[function.node].path.clone()).collect()
    };
    assert_eq!(functions(&[]), ["p::a"]);
    assert_eq!(functions(&["--features", "b"]), ["p::a", "p::b", "p::c"]);
    assert_eq!(functions(&["--no-default-features", "--features", "b"]), ["p::b", "p::c"]);
    assert_eq!(functions(&["--all-features"]), ["p::a", "p::b", "p::c"]);
}

#[test]
fn a_manifest_that_is_broken_is_an_error_with_its_path() {
    let place = Place::of(&[("Cargo.toml", "[package\n"), ("src/lib.rs", "")]);
    let error = super::Config::new().write(&place.request(), &place.out()).expect_err("no table");
    assert!(error.to_string().contains("Cargo.toml: the manifest cannot be read"), "{error}");
    assert!(!place.out().join("checkpoints.rs").exists());
}

#[test]
fn where_the_lock_file_must_decide_and_cannot_it_is_an_error() {
    let place = place(&format!("[dependencies]\n{NEVER} = \"1\"\n"), CALL);
    let options = GraphOptions { manifest: place.path("Cargo.toml"), ..GraphOptions::default() };
    let graph = Graph::load(&options).expect("a graph");
    assert!(graph.warnings.iter().any(|warning| warning.contains("cargo metadata failed")));
    let error = Graph::load(&GraphOptions { locked: true, ..options }).expect_err("not resolved");
    assert!(matches!(error, crate::Error::Unlocked { .. }) && error.to_string().contains(NEVER), "{error}");
}

#[test]
fn a_graph_keeps_what_it_read_only_where_there_is_a_target_directory() {
    let place = Place::package(&[("src/lib.rs", "/// checkpoint\npub fn f() -> i64 { 1 }\n")]);
    let manifest = place.directory().join("Cargo.toml");
    let parsed = |keep| {
        let options = GraphOptions { manifest: manifest.clone(), keep, ..GraphOptions::default() };
        Graph::load(&options).expect("a graph").parsed
    };
    assert_eq!([parsed(true), parsed(true)], [(1, 1); 2]);
    assert!(!place.directory().join("target").exists());
    fs::create_dir(place.directory().join("target")).unwrap();
    assert_eq!([parsed(false), parsed(true), parsed(true)], [(1, 1), (1, 1), (0, 1)]);
    place.write("src/lib.rs", "/// checkpoint\npub fn f() -> i64 { 2 }\n");
    assert_eq!([parsed(true), parsed(true)], [(1, 1), (0, 1)]);
}

#[test]
fn a_feature_that_does_not_exist_is_an_error_and_nothing_else() {
    let place = Place::package(&[("src/lib.rs", "/// checkpoint\npub fn f() {}\n")]);
    for locked in [false, true] {
        let features = vec!["--features".to_owned(), "nothing".to_owned()];
        let manifest = place.path("Cargo.toml");
        let options = GraphOptions { manifest, features, locked, ..GraphOptions::default() };
        let error = Graph::load(&options).expect_err("there is no such feature");
        assert!(
            matches!(error, crate::Error::Features { .. }) && error.to_string().contains("nothing"),
            "{error}"
        );
    }
}
