//! Tests what `cargo checkpoint list` says about folders that are no plain package.

use std::fs;
use std::path::Path;
use std::process::Command;

/// Standard output and error of `cargo checkpoint list` in a folder, and whether it went well.
fn list(folder: &Path) -> (String, String, bool) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-checkpoint"));
    let output = command.args(["checkpoint", "list"]).current_dir(folder).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.success())
}

fn package(folder: &Path, main: &str) {
    fs::create_dir_all(folder.join("src")).unwrap();
    fs::write(folder.join("src/main.rs"), main).unwrap();
    fs::write(folder.join("Cargo.toml"), "[package]\nname = \"demo\"\nedition = \"2024\"\n").unwrap();
}

#[test]
fn the_manifest_is_found_from_a_folder_below_it() {
    let folder = tempfile::tempdir().unwrap();
    package(folder.path(), "/// checkpoint\nfn calc() -> u8 { 1 }\nfn main() {}\n");
    let (stdout, stderr, success) = list(&folder.path().join("src"));
    assert!(success && stdout.contains("demo::calc") && stderr.is_empty(), "{stdout}{stderr}");
}

#[test]
fn a_file_that_cannot_be_parsed_is_said() {
    let folder = tempfile::tempdir().unwrap();
    package(folder.path(), "/// checkpoint\nfn calc() -> u8 { 1 + }\nfn main() {}\n");
    let (_, stderr, success) = list(folder.path());
    assert!(success && stderr.contains("warning: src/main.rs:2: cannot be parsed"), "{stderr}");
}

#[test]
fn a_workspace_without_a_package_stands_for_its_members() {
    let folder = tempfile::tempdir().unwrap();
    package(&folder.path().join("member"), "/// checkpoint\nfn calc() -> u8 { 1 }\nfn main() {}\n");
    fs::write(folder.path().join("Cargo.toml"), "[workspace]\nmembers = [\"member\"]\n").unwrap();
    let (stdout, stderr, success) = list(folder.path());
    assert!(success && stdout.contains("demo::calc"), "{stdout}{stderr}");
}

#[test]
fn a_function_that_several_packages_reach_is_listed_once_where_it_is_at_home() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = |name: &str, more: &str| {
        format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n{more}")
    };
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("Cargo.toml", "[workspace]\nmembers = [\"app\", \"far/units\"]\nresolver = \"3\"\n");
    write("app/Cargo.toml", &manifest("app", "[dependencies]\nunits = { path = \"../far/units\" }\n"));
    write("app/src/main.rs", "/// checkpoint\nfn calc() -> u8 { units::one() }\nfn main() {}\n");
    write("far/units/Cargo.toml", &manifest("units", ""));
    write("far/units/src/lib.rs", "/// checkpoint\npub fn one() -> u8 { 1 }\n");
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-checkpoint"));
    let output = command.args(["list", "--workspace"]).current_dir(folder.path()).output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let ends: Vec<(&str, &str)> = stdout
        .lines()
        .skip(1)
        .map(|row| (row.split_once(' ').unwrap().0, row.rsplit_once(' ').unwrap().1))
        .collect();
    assert_eq!(ends, [("app::calc", "src/main.rs:2"), ("units::one", "src/lib.rs:2")]);
}
