//! Tests which features the pass takes as on: what the root alone switches on, by cargo's rules, and not
//! what other members of a workspace add.

use super::Place;
use std::collections::BTreeSet;

/// A workspace of `root`, `mid` (a dependency that is asked for features) and `leaf` (optional in `mid`).
fn place(root: &str, mid: &str, on: &[&str]) -> Place {
    let head =
        |name: &str| format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
    let files = [
        (
            "Cargo.toml",
            "[workspace]\nresolver = \"3\"\nmembers = [\"root\", \"mid\", \"leaf\", \"other\"]\n".to_owned(),
        ),
        ("root/Cargo.toml", format!("{}{root}", head("root"))),
        ("mid/Cargo.toml", format!("{}{mid}", head("mid"))),
        (
            "leaf/Cargo.toml",
            format!("{}[features]\ndefault = [\"d\"]\nd = []\nf = []\ng = []\n", head("leaf")),
        ),
        // Cargo's answer unites its wishes with those of `root`.
        (
            "other/Cargo.toml",
            format!("{}[dependencies]\nleaf = {{ path = \"../leaf\", features = [\"g\"] }}\n", head("other")),
        ),
        ("root/src/lib.rs", String::new()),
        ("mid/src/lib.rs", String::new()),
        ("leaf/src/lib.rs", String::new()),
        ("other/src/lib.rs", String::new()),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let mut place = Place::locked(&files, "root");
    place.features = on.iter().map(|name| (*name).to_owned()).collect();
    place
}

/// The features that are certainly on, `None` for a package that is not built.
fn on(place: &Place, name: &str) -> Option<Vec<String>> {
    let (project, warnings) = place.project();
    assert!(warnings.is_empty(), "{warnings:?}");
    let package = project.packages.iter().find(|package| package.name == name)?;
    assert!(package.features.is_disjoint(&package.unknown_features));
    Some(package.features.iter().cloned().collect())
}

#[expect(clippy::unnecessary_wraps, reason = "stands beside what `on` gives")]
fn some(names: &[&str]) -> Option<Vec<String>> {
    Some(names.iter().map(|name| (*name).to_owned()).collect())
}

const LEAF: &str =
    "[dependencies]\nleaf = { path = \"../leaf\", default-features = false, optional = true }\n";

#[test]
fn default_features_are_on_unless_switched_off() {
    let plain = place("[dependencies]\nleaf = { path = \"../leaf\" }\n", "", &[]);
    assert_eq!(on(&plain, "leaf"), some(&["d", "default"]));
    let off = place("[dependencies]\nleaf = { path = \"../leaf\", default-features = false }\n", "", &[]);
    assert_eq!(on(&off, "leaf"), some(&[]));
    let named =
        "[dependencies]\nleaf = { path = \"../leaf\", default-features = false, features = [\"f\"] }\n";
    assert_eq!(on(&place(named, "", &[]), "leaf"), some(&["f"]));
}

#[test]
fn what_others_switch_on_is_unknown() {
    let place = place("[dependencies]\nleaf = { path = \"../leaf\" }\n", "", &[]);
    let (project, _) = place.project();
    let leaf = project.packages.iter().find(|package| package.name == "leaf").expect("leaf");
    let all: BTreeSet<&str> =
        leaf.features.iter().chain(&leaf.unknown_features).map(String::as_str).collect();
    assert!(!leaf.features.contains("g"));
    assert!(all.is_superset(&BTreeSet::from(["d", "default"])));
}

#[test]
fn dep_switches_a_package_on_and_makes_no_feature() {
    let mid = format!("{LEAF}[features]\nuse = [\"dep:leaf\"]\n");
    let root =
        |features: &str| format!("[dependencies]\nmid = {{ path = \"../mid\", features = [{features}] }}\n");
    let place = place(&root("\"use\""), &mid, &[]);
    assert_eq!(on(&place, "mid"), some(&["use"]));
    assert_eq!(on(&place, "leaf"), some(&[]));
}

#[test]
fn an_optional_dependency_is_a_feature_of_its_name() {
    let root = "[dependencies]\nmid = { path = \"../mid\", features = [\"leaf\"] }\n";
    let place = place(root, LEAF, &[]);
    assert_eq!(on(&place, "mid"), some(&["leaf"]));
    assert_eq!(on(&place, "leaf"), some(&[]));
}

#[test]
fn a_feature_of_a_dependency_switches_it_on() {
    let mid = format!("{LEAF}[features]\nuse = [\"leaf/f\"]\n");
    let root = "[dependencies]\nmid = { path = \"../mid\", features = [\"use\"] }\n";
    let place = place(root, &mid, &[]);
    assert_eq!(on(&place, "mid"), some(&["leaf", "use"]));
    assert_eq!(on(&place, "leaf"), some(&["f"]));
}

#[test]
fn a_weak_feature_waits_for_the_dependency() {
    let mid = format!("{LEAF}[features]\nweak = [\"leaf?/f\"]\nuse = [\"dep:leaf\"]\n");
    let root =
        |features: &str| format!("[dependencies]\nmid = {{ path = \"../mid\", features = [{features}] }}\n");
    let alone = place(&root("\"weak\""), &mid, &[]);
    assert_eq!(on(&alone, "mid"), some(&["weak"]));
    assert_eq!(on(&alone, "leaf").unwrap_or_default(), [""; 0]);
    for features in ["\"weak\", \"use\"", "\"use\", \"weak\""] {
        assert_eq!(on(&place(&root(features), &mid, &[]), "leaf"), some(&["f"]), "{features}");
    }
}

#[test]
fn features_of_the_root_are_those_of_the_build() {
    let root = "[features]\ndefault = [\"a\"]\na = []\nb = [\"mid/use\"]\n[dependencies]\nmid = { path = \"../mid\" }\n";
    let mid = format!("{LEAF}[features]\nuse = [\"dep:leaf\"]\n");
    let place = place(root, &mid, &["b"]);
    assert_eq!(on(&place, "root"), some(&["b"]));
    assert_eq!(on(&place, "mid"), some(&["use"]));
}

#[test]
fn a_feature_decides_what_a_fingerprint_holds() {
    let lib = "#[cfg(feature = \"a\")]\nfn h() -> i64 { 1 }\n#[cfg(not(feature = \"a\"))]\nfn h() -> i64 { 2 }\n/// checkpoint\npub fn f() -> i64 { h() }\n";
    let mut seen = BTreeSet::new();
    for features in [&[][..], &["a"][..]] {
        let mut place = Place::package(&[("src/lib.rs", lib)]);
        place.write("Cargo.toml", &format!("{}[features]\na = []\n", super::MANIFEST));
        place.features = features.iter().map(|name| (*name).to_owned()).collect();
        place.emit();
        seen.insert(place.fingerprint("p::f"));
    }
    assert_eq!(seen.len(), 2);
}
