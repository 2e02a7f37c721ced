//! Writes a table for this package by looking for marks with plain text search.
//!
//! It stands in for the real pass, which has tests of its own: here only the macros are under test.
//! A function's fingerprint is that of its place, and `// table: ..` above a mark gives path, flags
//! and options.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap());
    let mut rows = Vec::new();
    for folder in ["tests", "ui", "ui/pass"] {
        println!("cargo::rerun-if-changed={folder}");
        for file in fs::read_dir(root.join(folder)).unwrap() {
            let file = file.unwrap().path();
            if file.extension().is_some_and(|extension| extension == "rs") {
                scan(&root, &file, &mut rows);
            }
        }
    }
    rows.sort();
    let functions = rows.concat();
    let table = format!(
        "__checkpointing::Table {{ package: \"marks\", functions: concat!(r#\"\n{functions}\"#, \"\\0\"), sources: \"\", crates: \"attribute doc\", \
         packages: \"\", variables: &[], cfgs: &[], test: __checkpointing::__macro::cfg!(test), \
         marker: || {{ struct Marker; __checkpointing::__macro::TypeId::of::<Marker>() }} }}"
    );
    fs::write(Path::new(&env::var("OUT_DIR").unwrap()).join("checkpoints.rs"), table).unwrap();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos();
    println!("cargo::rustc-env=CHECKPOINTING_TABLE={now} {}", root.display());
}

fn scan(root: &Path, file: &Path, rows: &mut Vec<String>) {
    let text = fs::read_to_string(file).unwrap();
    let relative = file.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
    let crate_name = file.file_stem().unwrap().to_str().unwrap();
    let mut mark: Option<(&str, String)> = None;
    let mut hint = None;
    for (number, line) in text.lines().enumerate() {
        let bare = line.trim_start();
        if let Some(text) = bare.strip_prefix("// table: ") {
            hint = Some(text);
        } else if bare.starts_with("#[checkpoint") {
            mark = Some(("attribute", String::from("-")));
        } else if bare.starts_with("#[doc = \"checkpoint") {
            mark = Some(("doc", String::from("-")));
        } else if let Some((before, after)) = line.split_once("fn ")
            && let Some((flag, options)) = mark.take()
        {
            let name: String = after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            // `path flags options`, each `-` for the usual.
            let mut words = hint.take().unwrap_or("- - -").splitn(3, ' ');
            let mut word = |usual: String| {
                words.next().filter(|word| *word != "-").map_or(usual, |word| word.replace('~', " "))
            };
            let path = word(format!("{crate_name}::{name}"));
            let flags = word(String::new());
            let options = word(options);
            let column = before.chars().count() + 4;
            let mut row = String::new();
            let hash = format!("{:064x}", rows.len() + 1);
            let line = number + 1;
            writeln!(
                row,
                "{path}\t{hash}\t-\t{relative}\t{line}\t{column}\t{}\t{options}\t-\t-\t-",
                format!("{flag} {flags}").trim()
            )
            .unwrap();
            rows.push(row);
        }
    }
}
