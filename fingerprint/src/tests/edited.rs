//! Tests that what earlier passes kept never shows: after each edit of a real package, a pass that goes on from the
//! one before writes the same bytes as one that has nothing.
//! `EDITED_CRATES` names other packages, by name or by folder, and `EDITED_COUNT` how many edits:
//! `cargo test --release -p checkpointing-fingerprint --lib edited -- --nocapture`.

use super::{MANIFEST, Place, copy, unpacked};
use crate::emit::Config;
use crate::lower::with_big_stack;
use crate::project::Request;
use std::fs;
use std::path::{Path, PathBuf};

/// Numbers that look like chance (xorshift), the same in each run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }

    fn one<'t, T: ?Sized>(&mut self, of: &[&'t T]) -> Option<&'t T> {
        let at = self.below(of.len());
        of.get(at).copied()
    }
}

#[test]
fn a_pass_that_goes_on_writes_what_one_from_nothing_writes() {
    let names = std::env::var("EDITED_CRATES").unwrap_or_else(|_| "itoa semver".to_owned());
    let count = std::env::var("EDITED_COUNT").ok().and_then(|count| count.parse().ok()).unwrap_or(12);
    let mut seen = 0;
    for name in names.split_whitespace() {
        // Whoever builds this has at least one of them.
        if let Some(folder) = unpacked(name) {
            edit(name, &folder, count);
            seen += 1;
        }
    }
    assert!(seen > 0, "no package to edit: cargo fetch");
}

fn edit(name: &str, folder: &Path, count: usize) {
    let place = Place::of(&[]);
    copy(&folder.join("src"), &place.path("src"));
    let edition = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    let edition = edition.lines().find(|line| line.starts_with("edition")).unwrap_or_default();
    place.write("Cargo.toml", &MANIFEST.replace("edition = \"2024\"", edition));
    let files: Vec<PathBuf> =
        crate::walk::rust_files(&place.path("src")).into_iter().map(|(_, path)| path).collect();
    for file in &files {
        mark(file);
    }
    let from_nothing = tempfile::tempdir().expect("a folder to write to");
    let nothing = Request { out: Some(from_nothing.path().to_owned()), ..place.request() };
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    place.emit();
    let mut changed = 0;
    for round in 0..count {
        let before = place.table();
        let what = (0..100).find_map(|_| change(&files, &mut chance)).expect("an edit");
        let lines = place.emit();
        fs::remove_dir_all(from_nothing.path()).expect("the folder");
        fs::create_dir_all(from_nothing.path()).expect("the folder");
        let anew = with_big_stack(|| Config::new().write(&nothing, from_nothing.path()));
        let anew = anew.expect("the pass runs");
        assert_eq!(told(&lines), told(&anew), "{name}, edit {round} ({what})");
        for file in ["checkpoints.rs", "checkpoints.closures"] {
            let [kept, new] = [place.out(), from_nothing.path().to_owned()]
                .map(|out| fs::read(out.join(file)).expect("a table"));
            if kept != new {
                let (kept, new) = (String::from_utf8_lossy(&kept), String::from_utf8_lossy(&new));
                let differs = kept.lines().zip(new.lines()).find(|(kept, new)| kept != new);
                panic!("{name}, edit {round} ({what}): {file} differs: {differs:#?}");
            }
        }
        changed += usize::from(place.table() != before);
        if std::env::var_os("EDITED_CRATES").is_some() {
            println!("{name} {round}: {what}; {}", lines[0]);
        }
    }
    assert!(changed > 0, "{name}: no edit changed a fingerprint");
}

/// What cargo reads, less what tells of this pass alone.
fn told(lines: &[String]) -> Vec<&String> {
    let of_pass = |line: &String| {
        line.starts_with("checkpointing: ")
            || line.contains("CHECKPOINTING_TABLE")
            || line.ends_with("/checkpoints.watched")
    };
    lines.iter().filter(|line| !of_pass(line)).collect()
}

/// Marks each third function.
fn mark(file: &Path) {
    let text = fs::read_to_string(file).expect("a source");
    let mut marked = String::new();
    let mut functions = 0;
    for line in text.lines() {
        if line.trim_start().starts_with("pub fn ") {
            functions += 1;
            if functions % 3 == 1 {
                marked.push_str("/// checkpoint\n");
            }
        }
        marked.push_str(line);
        marked.push('\n');
    }
    fs::write(file, marked).expect("a source");
}

/// Makes some edit inside or outside of bodies; what it was. `None`: it would not be Rust any more.
fn change(files: &[PathBuf], chance: &mut Chance) -> Option<String> {
    let file = &files[chance.below(files.len())];
    let other = &files[chance.below(files.len())];
    let text = fs::read_to_string(file).expect("a source");
    let from = fs::read_to_string(other).expect("a source");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let is_statement =
        |line: &str| line.starts_with("        ") && line.ends_with(';') && !line.contains("//");
    let statements: Vec<usize> = (0..lines.len()).filter(|&at| is_statement(&lines[at])).collect();
    let others: Vec<&str> = from.lines().filter(|line| is_statement(line)).collect();
    let names: Vec<&str> =
        from.split("fn ").skip(1).filter_map(|rest| rest.split(['(', '<']).next()).collect();
    let at = *statements.get(chance.below(statements.len()))?;
    let kind = chance.below(9);
    let what = match kind {
        0 => {
            lines.insert(at, String::from("// a comment"));
            "a comment".to_owned()
        }
        1 if statements.len() > 1 => {
            let other = statements[chance.below(statements.len())];
            lines.swap(at, other);
            format!("lines {at} and {other} change places")
        }
        2 => match chance.one(&others) {
            Some(line) => {
                lines.insert(at, line.to_owned());
                format!("a line of {} before line {at}", other.display())
            }
            None => String::from("nothing"),
        },
        3 => match chance.one(&names) {
            Some(name) => {
                lines.insert(at, format!("        {name}();"));
                format!("a call of {name} before line {at}")
            }
            None => String::from("nothing"),
        },
        4 => match chance.one(&names) {
            Some(name) => {
                lines.insert(at, format!("        unknown_{}.{name}();", chance.below(100)));
                format!("a call of .{name} before line {at}")
            }
            None => String::from("nothing"),
        },
        5 => {
            lines[at] = lines[at].replacen('1', "2", 1);
            format!("a number in line {at}")
        }
        6 => {
            let line = lines.remove(at);
            format!("without {line:?}")
        }
        7 => {
            lines.push(format!("pub fn new_{}(x: u8) -> u8 {{ x }}", chance.below(1000)));
            String::from("a new function")
        }
        _ => {
            let name = chance.one(&names).unwrap_or("f").to_owned();
            lines.insert(at, format!("        let shadow_{} = {name};", chance.below(1000)));
            format!("{name} as a value before line {at}")
        }
    };
    let text = lines.join("\n") + "\n";
    syn::parse_file(&text).ok()?;
    fs::write(file, text).expect("a source");
    Some(format!("{}: {what}", file.display()))
}
