//! Tests the lines that make cargo run the build script again: all that was read, nothing that is
//! absent, nothing that the pass itself writes.

use super::{Config, MANIFEST, Place, values};
use std::fs;
use std::time::{Duration, SystemTime};

const MARKED: &str = "/// checkpoint\npub fn f() -> i64 { 1 }\n";

fn changed(place: &Place) -> Vec<String> {
    values(place, &place.emit(), "rerun-if-changed")
}

#[test]
fn folders_and_files_that_were_read() {
    let lib = "#[path = \"../shared/far.rs\"]\nmod far;\nmod near;\n/// checkpoint\npub fn f() -> &'static str { include_str!(\"../data/text.txt\") }\n";
    let place = Place::package(&[
        ("src/lib.rs", lib),
        ("src/near.rs", ""),
        ("shared/far.rs", ""),
        ("data/text.txt", "text"),
        ("build.rs", "fn main() {}"),
        ("tests/plain.rs", "#[test] fn t() {}"),
    ]);
    let expected = ["Cargo.lock", "Cargo.toml", "build.rs", "data/text.txt", "shared/far.rs", "src"];
    assert_eq!(changed(&place), expected.map(str::to_owned));
}

#[test]
fn every_line_names_something_that_exists() {
    let lib = format!(
        "mod absent;\n{MARKED}pub const T: &str = include_str!(\"../data/absent.txt\");\n/// checkpoint\npub fn g() -> &'static str {{ T }}\n"
    );
    let place = Place::package(&[("src/lib.rs", &lib), ("data/other.txt", "")]);
    let lines = place.emit();
    let watched = values(&place, &lines, "rerun-if-changed");
    assert!(watched.iter().all(|path| place.path(path).exists()), "{watched:?}");
    // The file's folder tells when it comes.
    assert!(watched.contains(&"data".to_owned()), "{watched:?}");
}

#[test]
fn a_path_dependency_is_watched_with_its_manifest_and_build_script() {
    let app = format!("{MANIFEST}[dependencies]\nq = {{ path = \"../q\" }}\n");
    let place = Place::locked(
        &[
            ("p/Cargo.toml", &app),
            ("p/src/lib.rs", "/// checkpoint\npub fn f() -> i64 { q::g() }\n"),
            ("q/Cargo.toml", "[package]\nname = \"q\"\nversion = \"0.1.0\"\nedition = \"2024\"\n"),
            ("q/build.rs", "fn main() {}"),
            ("q/src/lib.rs", "pub fn g() -> i64 { 1 }"),
            ("q/tests/t.rs", "/// checkpoint\nfn t() {}\n"),
        ],
        "p",
    );
    let expected = ["p/Cargo.lock", "p/Cargo.toml", "p/src", "q/Cargo.toml", "q/build.rs", "q/src"];
    assert_eq!(changed(&place), expected.map(str::to_owned));
}

#[test]
fn tests_examples_and_benches_only_where_they_use_the_crate() {
    let place = Place::package(&[
        ("src/lib.rs", MARKED),
        ("tests/plain.rs", "#[test]\nfn t() {}\n"),
        ("tests/marked.rs", "mod common;\n/// checkpoint\nfn t() -> i64 { 1 }\n"),
        ("tests/common/mod.rs", ""),
        ("examples/plain.rs", "fn main() {}\n"),
        ("examples/calls.rs", "fn main() { checkpointing::cached!(p::f()); }\n"),
        ("benches/plain.rs", "fn main() {}\n"),
    ]);
    let watched = changed(&place);
    let expected =
        ["Cargo.lock", "Cargo.toml", "examples/calls.rs", "src", "tests/common/mod.rs", "tests/marked.rs"];
    assert_eq!(watched, expected.map(str::to_owned));
}

#[test]
fn what_is_watched_is_listed_for_the_macros() {
    let place = Place::package(&[("src/lib.rs", MARKED), ("tests/marked.rs", MARKED)]);
    place.emit();
    let list = fs::read_to_string(place.out().join("checkpoints.watched")).unwrap();
    assert_eq!(list, "Cargo.lock\nCargo.toml\nsrc\ntests/marked.rs");
}

#[test]
fn sources_beside_the_manifest_are_watched_one_by_one() {
    // The target directory may lie in the same folder: cargo would run the build script for ever.
    let manifest = format!("{MANIFEST}[lib]\npath = \"lib.rs\"\n");
    let place = Place::package(&[("Cargo.toml", &manifest), ("lib.rs", "mod a;"), ("a.rs", MARKED)]);
    assert_eq!(changed(&place), ["Cargo.lock", "Cargo.toml", "a.rs", "lib.rs"].map(str::to_owned));
}

#[test]
fn what_the_build_script_made_is_read_and_not_watched() {
    let lib =
        "include!(concat!(env!(\"OUT_DIR\"), \"/made.rs\"));\n/// checkpoint\npub fn f() -> i64 { made() }\n";
    let place = Place::package(&[("src/lib.rs", lib)]);
    let mut seen = Vec::new();
    for value in [1, 2] {
        fs::write(place.out().join("made.rs"), format!("fn made() -> i64 {{ {value} }}")).unwrap();
        let lines = place.emit();
        assert_eq!(values(&place, &lines, "warning"), [""; 0]);
        let out = place.out();
        let below = |line: &&String| line.contains(&format!("changed={}", out.display()));
        let list = format!("cargo::rerun-if-changed={}", out.join("checkpoints.watched").display());
        assert_eq!(lines.iter().filter(below).collect::<Vec<_>>(), [&list]);
        assert_eq!(values(&place, &lines, "rerun-if-env-changed"), [""; 0]);
        seen.push(place.fingerprint("p::f"));
    }
    assert_ne!(seen[0], seen[1]);
}

#[test]
fn a_variable_that_decides_which_file_is_read_is_watched() {
    let lib = "/// checkpoint\npub fn f() -> &'static [u8] { include_bytes!(concat!(env!(\"P_DATA_FOLDER\"), \"/x.bin\")) }\n";
    let place = Place::package(&[("src/lib.rs", lib)]);
    assert_eq!(values(&place, &place.emit(), "rerun-if-env-changed"), ["P_DATA_FOLDER"]);
}

#[test]
fn nothing_is_rewritten_when_nothing_changed() {
    let place = Place::package(&[("src/lib.rs", MARKED)]);
    place.emit();
    let old = SystemTime::now() - Duration::from_secs(3600);
    let files: Vec<_> = fs::read_dir(place.out()).unwrap().map(|entry| entry.unwrap().path()).collect();
    for path in &files {
        fs::File::options().write(true).open(path).unwrap().set_modified(old).unwrap();
    }
    place.emit();
    for path in &files {
        assert_eq!(fs::metadata(path).unwrap().modified().unwrap(), old, "{}", path.display());
    }
    // A comment moves no line here: the table stays as it is, too.
    place.write("src/lib.rs", &format!("{MARKED}// a comment\n"));
    place.emit();
    assert_eq!(fs::metadata(place.out().join("checkpoints.rs")).unwrap().modified().unwrap(), old);
}

#[test]
fn watched_by_hand() {
    let place = Place::package(&[("src/lib.rs", MARKED), ("native/a.c", "1"), ("model.bin", "1")]);
    let mut config = Config::new();
    config.watch("native").watch("model.bin");
    let lines = place.emit_with(&config);
    let watched = values(&place, &lines, "rerun-if-changed");
    assert_eq!(watched, ["Cargo.lock", "Cargo.toml", "model.bin", "native", "src"].map(str::to_owned));
    let mut seen = std::collections::BTreeSet::from([place.fingerprint("p::f")]);
    let mut edit = |path: &str, text: &str| {
        place.write(path, text);
        place.emit_with(&config);
        assert!(seen.insert(place.fingerprint("p::f")), "{path} counts");
    };
    edit("model.bin", "2");
    edit("native/a.c", "2");
    edit("native/deep/b.c", "");
    fs::rename(place.path("native/deep/b.c"), place.path("native/deep/c.c")).unwrap();
    edit("src/other.rs", "");
}

#[test]
fn watching_what_is_missing_says_so() {
    let place = Place::package(&[("src/lib.rs", MARKED), ("native/a.c", "1")]);
    let mut config = Config::new();
    config.watch("native/b.c");
    let lines = place.emit_with(&config);
    let warning = "watch(\"native/b.c\") in build.rs: there is no such file or folder; nothing is counted";
    assert_eq!(values(&place, &lines, "warning"), [warning]);
    assert!(values(&place, &lines, "rerun-if-changed").contains(&"native".to_owned()));
    let before = place.fingerprint("p::f");
    place.write("native/b.c", "");
    assert_eq!(values(&place, &place.emit_with(&config), "warning"), [""; 0]);
    assert_ne!(place.fingerprint("p::f"), before);
}
