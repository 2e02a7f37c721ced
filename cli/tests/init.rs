//! Tests that `cargo checkpoint init` sets a package up once, and leaves alone what it cannot edit.

use std::fs;
use std::path::Path;
use std::process::Command;

fn init(folder: &Path, arguments: &[&str]) -> (String, String, i32) {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-checkpoint"));
    command.args(["init", "--offline", "--path"]).arg(checkout).args(arguments).current_dir(folder);
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code().unwrap())
}

fn package(extra: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    fs::write(folder.path().join("src/main.rs"), "fn main() {}\n").unwrap();
    let manifest = format!("[package]\nname = \"fresh\"\nversion = \"0.1.0\"\nedition = \"2024\"\n{extra}");
    fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
    folder
}

#[test]
fn a_package_is_set_up_once() {
    let folder = package("");
    let read = |file: &str| fs::read_to_string(folder.path().join(file)).unwrap_or_default();
    let before = read("Cargo.toml");
    let (stdout, _, code) = init(folder.path(), &["--dry-run"]);
    assert!(code == 0 && stdout.contains("would add checkpointing to [dependencies]"), "{stdout}");
    assert_eq!((read("Cargo.toml"), read("build.rs")), (before, String::new()));

    let (stdout, stderr, code) = init(folder.path(), &[]);
    assert!(code == 0 && stdout.contains("Next:"), "{stdout}{stderr}");
    let manifest: toml::Table = read("Cargo.toml").parse().unwrap();
    assert!(manifest["dependencies"].get("checkpointing").is_some());
    assert!(manifest["build-dependencies"].get("checkpointing-fingerprint").is_some());
    assert_eq!(read("build.rs"), "fn main() {\n    checkpointing_fingerprint::emit();\n}\n");

    let after = (read("Cargo.toml"), read("build.rs"));
    let (stdout, _, code) = init(folder.path(), &[]);
    assert!(code == 0 && stdout.contains("set up already"), "{stdout}");
    assert_eq!((read("Cargo.toml"), read("build.rs")), after);
}

#[test]
fn what_it_cannot_edit_it_leaves_and_says_what_to_do() {
    let folder = package("build = false\n");
    let manifest = fs::read_to_string(folder.path().join("Cargo.toml")).unwrap();
    let (_, stderr, code) = init(folder.path(), &[]);
    assert!(
        code == 3 && stderr.contains("hint: let `checkpointing_fingerprint::emit();` be the last"),
        "{stderr}"
    );
    assert_eq!(fs::read_to_string(folder.path().join("Cargo.toml")).unwrap(), manifest);
    assert!(!folder.path().join("build.rs").exists());
}

#[test]
fn a_build_script_that_the_manifest_names_is_made_where_it_names_it() {
    let folder = package("build = \"tools/build.rs\"\n");
    let (stdout, stderr, code) = init(folder.path(), &[]);
    assert!(code == 0 && stdout.contains("wrote tools/build.rs"), "{stdout}{stderr}");
    assert!(fs::read_to_string(folder.path().join("tools/build.rs")).unwrap().contains("emit()"));
}

#[test]
fn a_workspace_without_a_package_stands_for_its_members() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Cargo.toml"), "[workspace]\nmembers = [\"a\", \"b\"]\n").unwrap();
    for name in ["a", "b"] {
        fs::create_dir_all(folder.path().join(name).join("src")).unwrap();
        fs::write(folder.path().join(name).join("src/lib.rs"), "").unwrap();
        let manifest = format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
        fs::write(folder.path().join(name).join("Cargo.toml"), manifest).unwrap();
    }
    let (stdout, stderr, code) = init(folder.path(), &["--dry-run"]);
    assert!(
        code == 0 && ["a", "b"].iter().all(|name| stdout.contains(&format!("would write {name}/build.rs")))
    );
    let (_, _, code) = init(folder.path(), &["-p", "b"]);
    assert!(code == 0 && folder.path().join("b/build.rs").exists(), "{stderr}");
    assert!(!folder.path().join("a/build.rs").exists());
}
