//! Tries where a package can be and how it can be built: targets, folders, toolchains, dependencies.

use e2e::workspace::{self, Workspace};
use e2e::{Case, cargo, skip};
use std::collections::BTreeMap;
use std::fs;
use std::io::Result;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

const CALC: &str =
    "#[checkpoint] fn calc() -> i64 { println!(\"ran\"); helper() }\nfn helper() -> i64 { 1 }\n";

/// The target directory that all generated packages share, so that dependencies are built once.
fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("target")
}

/// A workspace of its own below the target directory, locked against other tests.
struct Project {
    workspace: Workspace,
    target: PathBuf,
    _lock: fs::File,
}

impl Project {
    fn new(folder: &str, cases: &[&Case]) -> Result<Self> {
        Self::at(&Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder), target(), cases)
    }

    fn at(folder: &Path, target: PathBuf, cases: &[&Case]) -> Result<Self> {
        let lock = workspace::lock(Path::new(env!("CARGO_TARGET_TMPDIR")))?;
        let members: Vec<&str> = cases.iter().map(|case| case.name).collect();
        let workspace = Workspace::create(folder, &target, &members)?;
        for case in cases {
            workspace.write(case.name, &BTreeMap::new(), &case.files)?;
        }
        Ok(Self { workspace, target, _lock: lock })
    }

    fn cargo(&self, arguments: &[&str]) -> Command {
        let mut cargo = cargo::cargo(&self.target, &self.workspace.folder(""));
        cargo.args(arguments);
        cargo
    }

    /// What `cargo <arguments>` printed; cargo must succeed.
    fn output(&self, arguments: &[&str]) -> Result<String> {
        let output = self.cargo(arguments).output()?;
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "cargo {arguments:?} failed:\n{stderr}");
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// How often a marked body is entered under `cargo <arguments>`.
    fn runs(&self, arguments: &[&str]) -> Result<usize> {
        Ok(self.output(arguments)?.lines().filter(|line| *line == "ran").count())
    }

    fn edit(&self, file: &str, from: &str, to: &str) -> Result<()> {
        let path = self.workspace.folder(file);
        let text = fs::read_to_string(&path)?;
        assert_eq!(text.matches(from).count(), 1, "{from:?} must occur once in {file}");
        fs::write(path, text.replace(from, to))
    }
}

#[test]
fn library_example_and_test_targets_are_cached() -> Result<()> {
    let case = skip("-", "targets", "fn main() { println!(\"{}\", cached!(targets::calc())); }")
        .file("src/lib.rs", "#[doc = \"checkpoint\"]\npub fn calc() -> i64 { println!(\"ran\"); 1 }\n")
        .file(
            "examples/show.rs",
            "use checkpointing::checkpoint;\n#[checkpoint] fn shown() -> i64 { println!(\"ran\"); targets::calc() + one() }\nfn one() -> i64 { 1 }\nfn main() { println!(\"{}\", shown()); }\n",
        )
        .file(
            "tests/check.rs",
            "use checkpointing::checkpoint;\n#[checkpoint] fn checked() -> i64 { println!(\"ran\"); targets::calc() + two() }\nfn two() -> i64 { 2 }\n#[test] fn is_three() { assert_eq!(checked(), 3); }\n",
        );
    let project = Project::new("targets", &[&case])?;
    let program = ["run", "-q", "-p", "targets"];
    let example = ["run", "-q", "-p", "targets", "--example", "show"];
    let test = ["test", "-q", "-p", "targets", "--test", "check", "--", "--nocapture"];
    assert_eq!((project.runs(&program)?, project.runs(&program)?), (1, 0));
    assert_eq!((project.runs(&example)?, project.runs(&example)?), (2, 0), "a plain call is not cached");
    assert_eq!((project.runs(&test)?, project.runs(&test)?), (2, 0));
    project.edit("targets/examples/show.rs", "{ 1 }", "{ 10 }")?;
    project.edit("targets/tests/check.rs", "{ 2 }", "{ 1 + 1 }")?;
    assert_eq!((project.runs(&program)?, project.runs(&example)?, project.runs(&test)?), (0, 2, 2));
    Ok(())
}

/// The test and the example have a function of one name, too: each has results of its own.
#[test]
fn dev_dependencies_of_a_test_and_of_an_example_count_there_alone() -> Result<()> {
    let library = |name: &str| {
        format!(
            "[package]\nname = \"devs-{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[lib]\nname = \"{name}\"\n"
        )
    };
    let code = |krate: &str| {
        format!(
            "use checkpointing::checkpoint;\n#[checkpoint] fn same() -> i64 {{ println!(\"ran\"); {krate}::value() }}\n"
        )
    };
    let case = skip("16", "devs", "fn main() { println!(\"{}\", devs::calc()); }")
        .file("src/lib.rs", "#[checkpointing::checkpoint]\npub fn calc() -> i64 { println!(\"ran\"); 1 }\n")
        .append("Cargo.toml", "\n[dev-dependencies]\ntested = { path = \"tested\", package = \"devs-tested\" }\nshown = { path = \"shown\", package = \"devs-shown\" }\n")
        .file("tested/Cargo.toml", &library("tested"))
        .file("tested/src/lib.rs", "pub fn value() -> i64 { 1 }\npub fn other() -> i64 { 5 }\n")
        .file("shown/Cargo.toml", &library("shown"))
        .file("shown/src/lib.rs", "pub fn value() -> i64 { 2 }\n")
        .file("examples/show.rs", &format!("{}fn main() {{ println!(\"{{}}\", same()); }}\n", code("shown")))
        .file("tests/check.rs", &format!("{}#[test] fn t() {{ println!(\"value {{}}\", same()); }}\n", code("tested")));
    let project = Project::new("devs", &[&case])?;
    let program = ["run", "-q", "-p", "devs"];
    let example = ["run", "-q", "-p", "devs", "--example", "show"];
    let test = ["test", "-q", "-p", "devs", "--test", "check", "--", "--nocapture"];
    let runs =
        || Ok::<_, std::io::Error>([project.runs(&program)?, project.runs(&example)?, project.runs(&test)?]);
    assert_eq!((runs()?, runs()?), ([1, 1, 1], [0, 0, 0]));
    assert!(project.output(&example)?.contains('2') && project.output(&test)?.contains("value 1"));
    project.edit("devs/tested/src/lib.rs", "{ 5 }", "{ 6 }")?;
    assert_eq!(runs()?, [0, 0, 0]);
    project.edit("devs/tested/src/lib.rs", "{ 1 }", "{ 10 }")?;
    assert_eq!(runs()?, [0, 0, 1]);
    project.edit("devs/shown/src/lib.rs", "{ 2 }", "{ 20 }")?;
    assert_eq!(runs()?, [0, 1, 0]);
    assert!(project.output(&example)?.contains("20") && project.output(&test)?.contains("value 10"));
    Ok(())
}

#[test]
fn a_program_that_aborts_on_panics_is_cached() -> Result<()> {
    const CODE: &str = r#"
use checkpointing::{forget, peek};
/// checkpoint
fn calc(a: u64) -> u64 {
    println!("ran");
    assert!(std::env::var_os("PANIC").is_none(), "on purpose");
    a
}
#[checkpoint]
fn wrapped(a: u64) -> u64 { println!("ran"); a + 1 }
fn main() {
    println!("{} {} {}", cached!(calc(1)), wrapped(1), rerun!(wrapped(2)));
    println!("{:?} {:?} {}", peek!(calc(1)), peek!(wrapped(1)), forget!(calc(2)));
}
"#;
    let project = Project::new("aborts", &[&skip("-", "aborts", CODE)])?;
    project.edit("Cargo.toml", "debug = false\n", "debug = false\npanic = \"abort\"\n")?;
    project.output(&["build", "-q"])?;
    let aborted = project.cargo(&["run", "-q"]).env("PANIC", "1").output()?;
    let said = String::from_utf8_lossy(&aborted.stderr);
    assert!(!aborted.status.success() && said.contains("on purpose"), "{said}");
    for runs in [3, 1] {
        let output = project.cargo(&["run", "-q"]).output()?;
        let (text, said) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{said}");
        assert_eq!(text.matches("ran\n").count(), runs, "the lock of the dead blocks nobody: {text}");
        // What has a wrapper cannot be asked; that is said, and nothing is thrown.
        assert!(text.ends_with("1 2 3\nSome(1) None false\n"), "{text}");
        assert_eq!(said.matches("warning: checkpointing").count(), 1, "{said}");
        assert!(said.contains("panic = \"abort\""), "{said}");
    }
    Ok(())
}

#[test]
fn a_moved_project_uses_its_results() -> Result<()> {
    let case = skip("19", "moved", CALC);
    let results = tempfile::tempdir()?;
    for (folder, runs) in [("here", 1), ("there", 0)] {
        let project = Project::new(folder, &[&case])?;
        let mut cargo = project.cargo(&["run", "-q"]);
        let output = cargo.env("CHECKPOINTING_DIR", results.path()).output()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(text.matches("ran\n").count(), runs, "in {folder}: {text}");
    }
    Ok(())
}

#[test]
fn a_build_with_an_external_target_directory_writes_nothing_beside_the_source() -> Result<()> {
    let case =
        skip("T30", "outside", "#[checkpoint] fn calc() -> i64 { println!(\"ran\"); units::helper() }")
            .dep("units", "pub fn helper() -> i64 { 1 }\n");
    let home = tempfile::tempdir()?;
    let project = Project::at(&home.path().join("source"), target(), &[&case])?;
    project.output(&["build", "-q"])?;
    let before = files(&project.workspace.folder(""))?;
    project.edit("outside/units/src/lib.rs", "{ 1 }", "{ 2 }")?;
    let output = project.cargo(&["build", "-q"]).output()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(before, files(&project.workspace.folder(""))?);
    let elsewhere = tempfile::tempdir()?;
    let run = |expected: &str| -> Result<()> {
        let output = cargo::command(target().join("debug/outside")).current_dir(elsewhere.path()).output()?;
        assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
        Ok(())
    };
    run("ran\n2\n")?;
    run("2\n")
}

/// Every file below a folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { found.extend(files(&path)?) } else { found.push(path) }
    }
    found.sort();
    Ok(found)
}

/// The build script edits the source itself once the pass is done, which is when an editor may save a file.
const LATE_EDIT: &str = r#"
fn main() {
    checkpointing_fingerprint::emit();
    let source = std::fs::read_to_string("src/main.rs").unwrap();
    if source.contains("{ 1 }") {
        std::fs::write("src/main.rs", source.replace("{ 1 }", "{ 2 }")).unwrap();
    }
}
"#;

#[test]
fn a_result_of_code_that_is_newer_than_its_fingerprint_is_not_stored() -> Result<()> {
    let case = skip("T11", "newer", CALC).file("build.rs", LATE_EDIT);
    let project = Project::new("newer", &[&case])?;
    project.output(&["build", "-q"])?;
    for _ in 0..2 {
        let mut program = cargo::command(target().join("debug/newer"));
        let output = program.current_dir(project.workspace.folder("newer")).output()?;
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(String::from_utf8_lossy(&output.stdout), "ran\n2\n", "{stderr}");
        assert!(stderr.contains("main.rs") && stderr.contains("calc"), "{stderr}");
    }
    assert_eq!(project.output(&["run", "-q"])?, "ran\n2\n");
    assert_eq!(project.output(&["run", "-q"])?, "2\n");
    Ok(())
}

#[test]
fn what_is_not_reached_does_not_run_the_build_script_again() -> Result<()> {
    let case = skip("T28", "watched", CALC)
        .file("tests/plain.rs", "#[test] fn one() { assert_eq!(1, 1); }\n")
        .file("examples/plain.rs", "fn main() {}\n")
        .file("README.md", "one\n");
    let project = Project::new("watched", &[&case])?;
    let build = || project.workspace.cargo(&["build"], &[]);
    build()?;
    assert!(build()?.packages["watched"].fresh, "an unchanged package is not built again");
    project.edit("watched/tests/plain.rs", "(1, 1)", "(2, 2)")?;
    project.edit("watched/examples/plain.rs", "{}", "{ println!(); }")?;
    project.edit("watched/README.md", "one", "two")?;
    let outcome = build()?;
    assert!(
        outcome.packages["watched"].fresh,
        "tests, examples and the README are not watched:\n{}",
        outcome.stderr
    );
    Ok(())
}

#[test]
fn a_new_or_newly_marked_file_is_read_by_the_next_build() -> Result<()> {
    const ATTRIBUTE: &str = "use checkpointing::checkpoint;\n#[checkpoint] fn one() -> String { println!(\"ran\"); NAME.to_owned() }\n#[test] fn t() { one(); }\n";
    const DOC: &str = "/// checkpoint\nfn two() -> i64 { println!(\"ran\"); 2 }\n#[test] fn t() { checkpointing::cached!(two()); }\n";
    let case = skip("T28", "unread", CALC).file("tests/plain.rs", "#[test] fn t() {}\n");
    let project = Project::new("unread", &[&case])?;
    let test = |name: &str| {
        let output = project.cargo(&["test", "--test", name, "--", "--nocapture"]).output()?;
        let [said, warned] =
            [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
        Result::Ok((output.status.success(), said.lines().filter(|line| *line == "ran").count(), warned))
    };
    assert!(test("plain")?.0);
    for name in ["plain", "new"] {
        let path = project.workspace.folder("unread").join(format!("tests/{name}.rs"));
        fs::write(&path, ATTRIBUTE.replace("NAME", &format!("{name:?}")))?;
        if name == "new" {
            // As `mv` and `tar` leave it.
            let yesterday = SystemTime::now() - Duration::from_secs(24 * 3600);
            fs::File::options().append(true).open(&path)?.set_modified(yesterday)?;
        }
        let (success, _, said) = test(name)?;
        assert!(
            !success && said.contains("`one` is in a file that the build script has not read yet"),
            "{said}"
        );
        assert_eq!(
            [test(name)?, test(name)?].map(|(success, runs, _)| (success, runs)),
            [(true, 1), (true, 0)]
        );
    }
    fs::write(project.workspace.folder("unread").join("tests/doc.rs"), DOC)?;
    let (success, runs, said) = test("doc")?;
    assert!(success && runs == 1 && said.contains("build again"), "{said}");
    assert_eq!(
        [test("doc")?, test("doc")?].map(|(success, runs, _)| (success, runs)),
        [(true, 1), (true, 0)]
    );
    let build = || project.workspace.cargo(&["test", "--no-run"], &[]);
    build()?;
    assert!(build()?.packages["unread"].fresh, "nothing is built for ever");
    Ok(())
}

#[test]
fn a_table_of_another_package_is_refused() -> Result<()> {
    let case = skip("T29", "inner", "#[checkpoint] fn calc() -> i64 { 1 }").without("build.rs");
    let outer = skip("T29", "outer", "#[checkpoint] fn calc() -> i64 { 1 }");
    let project = Project::new("inherited", &[&case, &outer])?;
    let outcome = project.workspace.cargo(&["build", "-p", "outer"], &[])?;
    let out_dir = outcome.packages["outer"].out_dir.clone().expect("the build script ran");
    let origin = format!("1 {}", project.workspace.folder("outer").display());
    let variables =
        [("OUT_DIR", out_dir.to_str().expect("a plain path")), ("CHECKPOINTING_TABLE", origin.as_str())];
    let outcome = project.workspace.cargo(&["build", "-p", "inner"], &variables)?;
    let said = outcome.said_about("inner", "inner");
    assert!(!outcome.success && said.contains("another package"), "{said}");
    Ok(())
}

#[test]
fn features_that_another_member_turns_on_count() -> Result<()> {
    let units = "[package]\nname = \"alone-units\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[lib]\nname = \"units\"\n\n[features]\nfast = []\n";
    let alone = skip("T9", "alone", "#[checkpoint] fn calc() -> bool { println!(\"ran\"); units::f() }")
        .dep("units", "pub fn f() -> bool { cfg!(feature = \"fast\") }\n")
        .file("units/Cargo.toml", units);
    let other = skip("T9", "other", "fn main() { println!(\"{}\", units::f()); }").append(
        "Cargo.toml",
        "units = { path = \"../alone/units\", package = \"alone-units\", features = [\"fast\"] }\n",
    );
    let project = Project::new("unified", &[&alone, &other])?;
    let run = |arguments: &[&str]| -> Result<String> {
        project.output(arguments)?;
        let program = cargo::command(target().join("debug/alone"))
            .current_dir(project.workspace.folder("alone"))
            .output()?;
        Ok(String::from_utf8_lossy(&program.stdout).into_owned())
    };
    assert_eq!(run(&["build", "-q", "-p", "alone"])?, "ran\nfalse\n");
    assert_eq!(run(&["build", "-q", "--workspace"])?, "ran\ntrue\n");
    assert_eq!(run(&["build", "-q", "-p", "alone"])?, "false\n");
    Ok(())
}

#[test]
fn another_profile_of_debug_assertions_reruns_where_they_are_read() -> Result<()> {
    let case = skip(
        "32 T10",
        "profiles",
        "#[checkpoint] fn calc() -> bool { println!(\"ran\"); cfg!(debug_assertions) }",
    );
    let project = Project::new("profiles", &[&case])?;
    assert_eq!(project.output(&["run", "-q"])?, "ran\ntrue\n");
    let mut cargo = project.cargo(&["run", "-q"]);
    let output = cargo.env("CARGO_PROFILE_DEV_DEBUG_ASSERTIONS", "false").output()?;
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "ran\nfalse\n",
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(project.output(&["run", "-q"])?, "true\n");
    Ok(())
}

#[test]
fn another_revision_of_a_git_dependency_reruns() -> Result<()> {
    let home = tempfile::tempdir()?;
    let repository = home.path().join("ruler");
    let git = |arguments: &[&str]| -> Result<()> {
        let identity =
            ["-c", "user.name=e2e", "-c", "user.email=e2e@example.com", "-c", "commit.gpgsign=false"];
        let output = Command::new("git").args(identity).args(arguments).current_dir(&repository).output()?;
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        Ok(())
    };
    let commit = |value: u8| -> Result<()> {
        fs::write(repository.join("src/lib.rs"), format!("pub fn length() -> u8 {{ {value} }}\n"))?;
        git(&["add", "."])?;
        git(&["commit", "-q", "-m", "a revision"])
    };
    fs::create_dir_all(repository.join("src"))?;
    fs::write(
        repository.join("Cargo.toml"),
        "[package]\nname = \"ruler\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
    )?;
    git(&["init", "-q"])?;
    commit(1)?;
    let case = skip("34", "revision", "#[checkpoint] fn calc() -> u8 { println!(\"ran\"); ruler::length() }")
        .append("Cargo.toml", &format!("ruler = {{ git = \"file://{}\" }}\n", repository.display()));
    let project = Project::new("revision", &[&case])?;
    // The repository is on this machine, but to cargo it is the network.
    let online = |arguments: &[&str]| -> Result<String> {
        let output = project.cargo(arguments).env("CARGO_NET_OFFLINE", "false").output()?;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    };
    assert_eq!(online(&["run", "-q"])?, "ran\n1\n");
    assert_eq!(online(&["run", "-q"])?, "1\n");
    commit(2)?;
    online(&["update", "-q", "-p", "ruler"])?;
    assert_eq!(online(&["run", "-q"])?, "ran\n2\n");
    Ok(())
}

/// A compiler that differs in what `rustc -vV` says is another toolchain to cargo and to the key.
#[cfg(unix)]
#[test]
fn another_toolchain_reruns() -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let case = skip("35", "toolchain", CALC);
    let project = Project::new("toolchain", &[&case])?;
    let home = tempfile::tempdir()?;
    let shim = home.path().join("rustc");
    let script = "#!/bin/sh\ncase \"$*\" in\n*-vV*) rustc \"$@\" | sed 's/^commit-date: .*/commit-date: 2001-01-01/' ;;\n*) exec rustc \"$@\" ;;\nesac\n";
    fs::write(&shim, script)?;
    fs::set_permissions(&shim, fs::Permissions::from_mode(0o755))?;
    assert_eq!(project.output(&["run", "-q"])?, "ran\n1\n");
    assert_eq!(project.output(&["run", "-q"])?, "1\n");
    let output = project.cargo(&["run", "-q"]).env("RUSTC", &shim).output()?;
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "ran\n1\n",
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}
