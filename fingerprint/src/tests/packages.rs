//! Tests how packages hang together: names in code, versions, inheritance, where things lie.

use super::{Place, values};

fn manifest(name: &str, version: &str, rest: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"{version}\"\nedition = \"2024\"\n{rest}")
}

#[test]
fn two_versions_of_one_package_are_two() {
    let table = "[dependencies]\nold = { package = \"q\", path = \"../q1\" }\nnew = { package = \"q\", path = \"../q2\" }\n";
    let lib =
        "/// checkpoint\npub fn f() -> i64 { old::g() }\n/// checkpoint\npub fn h() -> i64 { new::g() }\n";
    let place = Place::locked(
        &[
            ("p/Cargo.toml", &manifest("p", "0.1.0", table)),
            ("p/src/lib.rs", lib),
            ("q1/Cargo.toml", &manifest("q", "1.0.0", "")),
            ("q1/src/lib.rs", "pub fn g() -> i64 { 1 }\n"),
            ("q2/Cargo.toml", &manifest("q", "2.0.0", "")),
            ("q2/src/lib.rs", "pub fn g() -> i64 { 2 }\n"),
        ],
        "p",
    );
    place.emit();
    let before = (place.fingerprint("p::f"), place.fingerprint("p::h"));
    assert_ne!(before.0, before.1);
    place.write("q2/src/lib.rs", "pub fn g() -> i64 { 3 }\n");
    place.emit();
    assert_eq!(place.fingerprint("p::f"), before.0, "the other version does not count");
    assert_ne!(place.fingerprint("p::h"), before.1);
}

#[test]
fn a_workspace_hands_its_values_down() {
    let root = "[workspace]\nresolver = \"3\"\nmembers = [\"p\", \"q\"]\n[workspace.package]\nversion = \"0.3.0\"\nedition = \"2024\"\n[workspace.dependencies]\nshort = { package = \"q\", path = \"q\" }\n";
    let member = |name: &str, rest: &str| {
        format!("[package]\nname = \"{name}\"\nversion.workspace = true\nedition.workspace = true\n{rest}")
    };
    let place = Place::locked(
        &[
            ("Cargo.toml", root),
            ("p/Cargo.toml", &member("p", "[dependencies]\nshort.workspace = true\n")),
            ("p/src/lib.rs", "/// checkpoint\npub fn f() -> i64 { short::g() }\n"),
            ("q/Cargo.toml", &member("q", "")),
            ("q/src/lib.rs", "pub fn g() -> i64 { 1 }\n"),
        ],
        "p",
    );
    let lines = place.emit();
    assert_eq!(values(&place, &lines, "warning"), [""; 0]);
    let watched = values(&place, &lines, "rerun-if-changed");
    assert!(watched.contains(&"Cargo.lock".to_owned()), "the workspace's: {watched:?}");
    assert!(
        watched.contains(&"Cargo.toml".to_owned()),
        "editions and features may come from it: {watched:?}"
    );
    let before = place.fingerprint("p::f");
    place.write("q/src/lib.rs", "pub fn g() -> i64 { 2 }\n");
    place.emit();
    assert_ne!(place.fingerprint("p::f"), before);
}

#[test]
fn a_dependency_names_its_own_folder() {
    let lib = "pub fn g() -> &'static str { include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/text.txt\")) }\ninclude!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/more.rs\"));\n";
    let table = "[dependencies]\nq = { path = \"../q\" }\n";
    let place = Place::locked(
        &[
            ("p/Cargo.toml", &manifest("p", "0.1.0", table)),
            (
                "p/src/lib.rs",
                "/// checkpoint\npub fn f() -> &'static str { q::g() }\n/// checkpoint\npub fn h() -> i64 { q::more() }\n",
            ),
            ("q/Cargo.toml", &manifest("q", "0.1.0", "")),
            ("q/src/lib.rs", lib),
            ("q/text.txt", "1"),
            ("q/more.rs", "pub fn more() -> i64 { 1 }"),
        ],
        "p",
    );
    let lines = place.emit();
    assert_eq!(values(&place, &lines, "warning"), [""; 0]);
    let watched = values(&place, &lines, "rerun-if-changed");
    assert!(
        watched.contains(&"q/text.txt".to_owned()) && watched.contains(&"q/more.rs".to_owned()),
        "{watched:?}"
    );
    let before = (place.fingerprint("p::f"), place.fingerprint("p::h"));
    place.write("q/text.txt", "2");
    place.write("q/more.rs", "pub fn more() -> i64 { 2 }");
    place.emit();
    assert_ne!(place.fingerprint("p::f"), before.0);
    assert_ne!(place.fingerprint("p::h"), before.1);
}
