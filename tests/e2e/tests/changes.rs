//! Runs a program after its code changed, and looks at what it says about that.

use e2e::workspace::{self, Workspace};
use e2e::{cargo, skip};
use std::collections::BTreeMap;
use std::fs;
use std::io::Result;
use std::path::Path;

const CODE: &str = r#"use checkpointing::checkpoint;
use log::{LevelFilter, Log, Metadata, Record};
struct Stdout;
impl Log for Stdout {
    fn enabled(&self, _: &Metadata) -> bool { true }
    fn log(&self, record: &Record) { println!("{} {}", record.level(), record.args()); }
    fn flush(&self) {}
}
const RATE: i64 = 2;
mod far { pub fn helper(x: i64) -> i64 { x * crate::RATE } }
/// Called by nobody but `main`.
fn unreached() -> i64 { 1 }
#[checkpoint] fn calc(x: i64) -> i64 { far::helper(x) }
#[doc = "checkpoint"] fn other(x: i64) -> i64 { x }
fn main() {
    log::set_logger(&Stdout).unwrap();
    log::set_max_level(LevelFilter::Trace);
    let x = std::env::args().count() as i64;
    let _ = (calc(x), calc(x + 1), checkpointing::cached!(other(x)), unreached());
}
"#;

/// Records of misses, without the keys.
fn misses(workspace: &Workspace, target: &Path, arguments: &[&str]) -> Result<Vec<String>> {
    let mut run = cargo::cargo(target, &workspace.folder(""));
    let output = run.args(["run", "-q", "-p", "changes", "--"]).args(arguments).output()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let without_key = |line: &str| match (line.find(" ("), line.find(')')) {
        (Some(start), Some(end)) => format!("{}{}", &line[..start], &line[end + 1..]),
        _ => line.to_owned(),
    };
    Ok(text.lines().filter(|line| line.contains("miss: ")).map(without_key).collect())
}

#[test]
fn a_run_that_reruns_says_which_items_changed() -> Result<()> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let _lock = workspace::lock(folder)?;
    let case = skip("-", "changes", "").file("src/main.rs", CODE).uses("log");
    let target = folder.join("target");
    let workspace = Workspace::create(&folder.join("changes"), &target, &["changes"])?;
    workspace.write("changes", &BTreeMap::new(), &case.files)?;
    let edit = |from: &str, to: &str| {
        let path = workspace.folder("changes/src/main.rs");
        let text = fs::read_to_string(&path)?;
        assert_eq!(text.matches(from).count(), 1, "{from}");
        fs::write(path, text.replace(from, to))
    };
    let plain = ["DEBUG miss: changes::calc", "DEBUG miss: changes::calc", "DEBUG miss: changes::other"];
    assert_eq!(misses(&workspace, &target, &[])?, plain);
    assert_eq!(misses(&workspace, &target, &[])?, [""; 0], "all is stored");
    assert_eq!(misses(&workspace, &target, &["more", "arguments"])?, plain, "no code changed");

    edit("i64 = 2", "i64 = 3")?;
    edit("{ 1 }", "{ 2 }")?;
    let rate = "miss: changes::calc, its code differs: changed const changes::RATE (src/main.rs:9)";
    let expected = [format!("INFO {rate}"), format!("DEBUG {rate}")];
    assert_eq!(misses(&workspace, &target, &[])?, expected, "it is told loud once");

    edit("x * crate::RATE", "twice(x)")?;
    edit("mod far {", "mod far { fn twice(x: i64) -> i64 { x + x }")?;
    let far = "miss: changes::calc, its code differs: changed fn changes::far::helper (src/main.rs:10); \
               added fn changes::far::twice (src/main.rs:10); removed const changes::RATE (src/main.rs:9)";
    assert_eq!(misses(&workspace, &target, &[])?[0], format!("INFO {far}"));
    assert_eq!(misses(&workspace, &target, &[])?, [""; 0]);
    Ok(())
}
