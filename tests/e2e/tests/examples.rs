//! Edits copies of the examples, and checks what they then say.

use e2e::cargo;
use e2e::workspace::{self, Workspace, checkout};
use std::collections::BTreeMap;
use std::fs;
use std::io::Result;
use std::path::{Path, PathBuf};

/// A copy of an example, alone in a workspace.
struct Example {
    name: &'static str,
    workspace: Workspace,
    target: PathBuf,
    _lock: fs::File,
}

impl Example {
    fn copy(name: &'static str) -> Result<Self> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let lock = workspace::lock(folder)?;
        let (root, target) = (checkout(), folder.join("target"));
        let mut files = BTreeMap::new();
        collect(&root.join("examples").join(name), "", &mut files)?;
        let manifest = files.get_mut("Cargo.toml").expect("an example has a manifest");
        *manifest = manifest.replace("\"../..", &format!("\"{}", root.display()));
        let workspace = Workspace::create(&folder.join(format!("{name}-example")), &target, &[name])?;
        workspace.write(name, &BTreeMap::new(), &files)?;
        Ok(Self { name, workspace, target, _lock: lock })
    }

    fn edit(&self, file: &str, from: &str, to: &str) -> Result<()> {
        let path = self.workspace.folder(self.name).join(file);
        let text = fs::read_to_string(&path)?;
        assert_eq!(text.matches(from).count(), 1, "{from:?} must occur once in {file}");
        fs::write(path, text.replace(from, to))
    }

    /// Builds and runs it; what it printed.
    fn run(&self, arguments: &[&str]) -> Result<String> {
        let mut cargo = cargo::cargo(&self.target, &self.workspace.folder(self.name));
        let output = cargo.args(["run", "-q", "--"]).args(arguments).output()?;
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{stderr}");
        assert!(!stderr.contains("warning: checkpointing"), "{stderr}");
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

/// Reads the text files below a folder.
fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_file() {
            files.insert(format!("{prefix}{name}"), fs::read_to_string(&path)?);
        } else if !name.starts_with('.') && name != "target" {
            collect(&path, &format!("{prefix}{name}/"), files)?;
        }
    }
    Ok(())
}

#[test]
fn quickstart_reruns_for_what_it_depends_on() -> Result<()> {
    let example = Example::copy("quickstart")?;
    let ran = |numbers: &str, result: i64| format!("calc is running for {numbers}\nresult: {result}\n");
    assert_eq!(example.run(&[])?, ran("1, 2", 3));
    assert_eq!(example.run(&[])?, "result: 3\n");
    assert_eq!(example.run(&["1", "3"])?, ran("1, 3", 4));
    let main = "src/main.rs";
    let reruns = [
        ("the body", main, "START + total(a, b)", "START + total(a, b) + 10", 13),
        ("a helper", main, "units::metres(a) +", "2 * units::metres(a) +", 14),
        ("a const", main, "START: i64 = 0", "START: i64 = 100", 114),
        ("a path dependency", "units/src/lib.rs", "steps * STEP", "steps * STEP + 1", 117),
        ("its const", "units/src/lib.rs", "STEP: i64 = 1", "STEP: i64 = 2", 121),
    ];
    for (what, file, from, to, result) in reruns {
        example.edit(file, from, to)?;
        assert_eq!(example.run(&[])?, ran("1, 2", result), "{what} changed");
        assert_eq!(example.run(&[])?, format!("result: {result}\n"), "{what} changed before");
    }
    let skips = [
        ("a comment", main, "fn total(", "// Adds.\nfn total("),
        ("formatting", main, "fn total(a: i64, b: i64) -> i64 {", "fn total(\n  a : i64,b: i64)->i64\n{"),
        (
            "a parameter",
            "units/src/lib.rs",
            "metres(steps: i64) -> i64 {\n    steps * STEP",
            "metres(n: i64) -> i64 {\n    n * STEP",
        ),
    ];
    for (what, file, from, to) in skips {
        example.edit(file, from, to)?;
        assert_eq!(example.run(&[])?, "result: 121\n", "{what} changed");
    }
    Ok(())
}

#[test]
fn iris_reruns_the_steps_that_changed() -> Result<()> {
    let example = Example::copy("iris")?;
    let steps = |arguments: &[&str]| -> Result<[String; 3]> {
        let text = example.run(arguments)?;
        let mut how = text.lines().map(|line| line.split_whitespace().nth(1).unwrap_or_default().to_owned());
        let steps = [how.next(), how.next(), how.next()].map(Option::unwrap_or_default);
        let accuracy: f64 =
            how.next().and_then(|number| number.trim_end_matches(':').parse().ok()).unwrap_or_default();
        assert!((0.8..=1.0).contains(&accuracy), "{text}");
        Ok(steps)
    };
    assert_eq!(steps(&[])?, ["computed"; 3]);
    assert_eq!(steps(&[])?, ["loaded"; 3]);
    assert_eq!(steps(&["--alpha", "0.5"])?, ["loaded", "computed", "computed"]);
    assert_eq!(steps(&["--seed", "1"])?, ["computed"; 3]);
    example.edit("src/evaluation.rs", "predicted == species)", "species == predicted)")?;
    assert_eq!(steps(&[])?, ["loaded", "loaded", "computed"]);
    example.edit("src/model.rs", ".max_iterations(iterations)", ".max_iterations(iterations + 1)")?;
    assert_eq!(steps(&[])?[..2], ["loaded", "computed"]);
    Ok(())
}
