//! Runs the command on the quickstart and on packages made here, as a shell would.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn run(arguments: &[&str], manifest: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-checkpoint"));
    command.args(arguments).arg("--manifest-path").arg(manifest).output().unwrap()
}

fn stdout(arguments: &[&str], manifest: &Path) -> String {
    let output = run(arguments, manifest);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn json(arguments: &[&str], manifest: &Path) -> serde_json::Value {
    serde_json::from_str(&stdout(arguments, manifest)).unwrap()
}

fn quickstart() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/quickstart/Cargo.toml")
}

/// Every file below a folder, with its bytes.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(contents(&path));
        } else {
            found.insert(path.clone(), fs::read(path).unwrap());
        }
    }
    found
}

fn package(folder: &Path, source: &str) -> PathBuf {
    fs::create_dir_all(folder.join("src")).unwrap();
    let manifest = folder.join("Cargo.toml");
    fs::write(
        &manifest,
        "[package]\nname = \"small\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n",
    )
    .unwrap();
    fs::write(folder.join("src/lib.rs"), source).unwrap();
    manifest
}

#[test]
fn list_shows_the_marked_functions() {
    let text = stdout(&["list"], &quickstart());
    let mut lines = text.lines();
    assert_eq!(
        lines.next().unwrap().split_whitespace().collect::<Vec<_>>(),
        ["function", "fingerprint", "reaches", "entries", "bytes", "computed", "state", "place"]
    );
    let row: Vec<&str> = lines.next().unwrap().split_whitespace().collect();
    assert_eq!(row[0], "quickstart::calc");
    assert!(row.last().unwrap().starts_with("src/main.rs:"), "{text}");
    assert_eq!(lines.next(), None);

    let row = json(&["checkpoint", "list", "--format", "json"], &quickstart());
    assert_eq!(row["function"], "quickstart::calc");
    assert_eq!(row["fingerprint"].as_str().unwrap().len(), 64);
    assert!(row["reaches"].as_u64().unwrap() >= 3);
}

#[test]
fn list_of_a_package_without_marks_says_how_to_mark() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = package(folder.path(), "pub fn f() {}\n");
    assert!(stdout(&["list"], &manifest).contains("#[checkpoint]"));
}

#[test]
fn graph_has_the_schema_and_closures_that_hold_what_is_reached() {
    let graph = json(&["graph", "--format", "json"], &quickstart());
    assert_eq!((&graph["schema"], &graph["package"]), (&1.into(), &"quickstart".into()));
    let nodes = graph["nodes"].as_array().unwrap();
    let [function] = graph["functions"].as_array().unwrap().as_slice() else {
        panic!("one function is marked")
    };
    assert_eq!(function["marked"], true);
    let closure: Vec<&serde_json::Value> = function["closure"]
        .as_array()
        .unwrap()
        .iter()
        .map(|index| &nodes[index.as_u64().unwrap() as usize])
        .collect();
    assert!(
        closure.iter().any(|node| node["file"] == "units/src/lib.rs" && node["kind"] == "fn"),
        "{closure:?}"
    );
    assert!(closure.iter().any(|node| node["kind"] == "const"), "{closure:?}");
    for node in nodes {
        assert_eq!(node["hash"].as_str().unwrap().len(), 64);
        assert!(node["refs"].is_array() && node["whole"].is_boolean());
        assert!(!node["path"].as_str().unwrap().chars().any(|c| c == '\n'));
    }
}

#[test]
fn graph_of_all_takes_every_function_with_a_body_outside_of_tests() {
    let folder = tempfile::tempdir().unwrap();
    let source = "pub trait T { fn d(&self) {} fn n(&self); }\nfn f() { fn inner() {} inner() }\n#[cfg(test)] mod tests { fn g() {} }\n#[test] fn t() {}\n";
    let manifest = package(folder.path(), source);
    let before = contents(folder.path());
    let graph = json(&["graph", "--all", "--format", "json"], &manifest);
    let mut paths: Vec<&str> = graph["functions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|function| graph["nodes"][function["node"].as_u64().unwrap() as usize]["path"].as_str().unwrap())
        .collect();
    paths.sort_unstable();
    assert_eq!(paths, ["small::T::d", "small::f", "small::f::inner"]);
    // The package has no lock file: nothing may write one.
    assert_eq!(contents(folder.path()), before);
}

#[test]
fn what_cannot_be_analysed_is_a_note_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = package(folder.path(), "mod broken;\nmod missing;\npub fn f() { broken::g() }\n");
    fs::write(folder.path().join("src/broken.rs"), "pub fn g() {\n    1 +\n}\n").unwrap();
    let graph = json(&["graph", "--all", "--format", "json"], &manifest);
    let notes = graph["notes"].as_array().unwrap();
    assert!(notes.iter().any(|note| note["file"] == "src/broken.rs"), "{notes:?}");
    assert!(notes.iter().any(|note| note["file"] == "src/lib.rs" && note["line"] == 2), "{notes:?}");
}

#[test]
fn a_missing_manifest_is_an_error_that_names_it() {
    let output = run(&["list"], Path::new("nowhere/Cargo.toml"));
    assert_eq!(output.status.code(), Some(3));
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("nowhere/Cargo.toml") && output.stdout.is_empty(), "{text}");
}

#[test]
fn a_broken_manifest_is_said_without_the_advice_to_name_another() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = package(folder.path(), "pub fn f() {}\n");
    fs::write(&manifest, "[package]\nname = \"small\"\n[dep").unwrap();
    for arguments in [&["list"][..], &["list", "--workspace"]] {
        let output = run(arguments, &manifest);
        let text = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3));
        assert!(text.contains("unclosed table") && !text.contains("hint:"), "{text}");
    }
    let output = run(&["list"], &folder.path().join("absent/Cargo.toml"));
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("hint: name a package's Cargo.toml with --manifest-path"), "{text}");
}

#[test]
fn every_command_has_a_manual_page_and_shells_are_told_all_of_them() {
    let print = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-checkpoint"));
        let output = command.args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let page = print(&["man"]);
    assert!(page.contains(".TH cargo-checkpoint 1") && page.contains("Exit codes"), "{page}");
    let shells: Vec<String> =
        ["bash", "zsh", "fish", "powershell", "elvish"].map(|shell| print(&["completions", shell])).into();
    for name in page.split("cargo\\-checkpoint\\-").skip(1) {
        let name = name.split('(').next().unwrap().replace('\\', "");
        // `help` is clap's.
        if name != "help" {
            assert!(print(&["man", &name]).contains(".SH OPTIONS"), "{name}");
        }
        assert!(shells.iter().all(|script| script.contains(&name)), "{name}");
    }
    assert!(print(&["man", "cache", "prune"]).contains("unreachable"));
}

#[test]
fn a_reader_that_has_read_enough_is_no_error() {
    for arguments in ["completions fish", "man", "graph --format json"] {
        let program = env!("CARGO_BIN_EXE_cargo-checkpoint");
        let manifest = quickstart();
        let manifest = if arguments.starts_with("graph") {
            format!("--quiet --manifest-path '{}'", manifest.display())
        } else {
            String::new()
        };
        let line = format!("'{program}' {arguments} {manifest} | true");
        let output = Command::new("sh").args(["-c", &line]).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments}");
    }
}

/// A chain of so many functions, drawn where this program is `dot`.
#[cfg(unix)]
fn drawn(functions: usize, dot: Option<&str>) -> Output {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let calls = (1..functions).map(|n| format!("fn f{n}() {{ f{}() }}\n", n - 1));
    let source = format!(
        "fn f0() {{}}\n{}/// checkpoint\nfn last() {{ f{}() }}\n",
        calls.collect::<String>(),
        functions - 1
    );
    let manifest = package(folder.path(), &source);
    // The others that are needed, and no other `dot`.
    let programs = folder.path().join("programs");
    fs::create_dir(&programs).unwrap();
    if let Some(dot) = dot {
        fs::write(programs.join("dot"), dot).unwrap();
        fs::set_permissions(programs.join("dot"), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let path = std::env::var_os("PATH").unwrap();
    let which = |name: &str| {
        let mut all = std::env::split_paths(&path).map(|folder| folder.join(name));
        all.find(|path| path.is_file()).unwrap()
    };
    for name in ["sh", "cat", "cargo", "rustc"] {
        std::os::unix::fs::symlink(which(name), programs.join(name)).unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-checkpoint"));
    command.args(["graph", "--format", "svg", "--manifest-path"]).arg(manifest).env("PATH", programs);
    command.output().unwrap()
}

#[test]
#[cfg(unix)]
fn large_pictures_are_graphviz_s_and_huge_ones_laid_out_by_springs() {
    let says = "#!/bin/sh\nread first\ncat >&2\necho \"$@ $first\"\n";
    let small = drawn(20, None);
    assert!(small.status.success() && String::from_utf8_lossy(&small.stdout).contains("<svg"));
    for (functions, arguments) in [(100, "-Tsvg"), (500, "-Ksfdp -Goverlap=false -Tsvg")] {
        let large = drawn(functions, Some(says));
        let printed = String::from_utf8_lossy(&large.stdout).into_owned();
        assert_eq!(printed, format!("{arguments} digraph \"small\" {{\n"));
        let none = drawn(functions, None);
        let said = String::from_utf8_lossy(&none.stderr);
        assert!(
            none.status.code() == Some(3)
                && said.contains("needs graphviz")
                && said.contains("--format html"),
            "{said}"
        );
    }
}
