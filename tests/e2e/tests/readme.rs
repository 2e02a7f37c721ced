//! Builds and runs what the README and the book say, word for word.

use e2e::workspace::{self, Workspace, checkout};
use e2e::{Case, cargo, skip};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Result;
use std::path::Path;

/// The fenced blocks of a language, in order.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let opening = format!("```{language}\n");
    let blocks = text.split(opening.as_str()).skip(1);
    blocks.map(|rest| rest.split("```").next().unwrap_or_default().to_owned()).collect()
}

fn read(path: &str) -> Result<String> {
    fs::read_to_string(checkout().join(path))
}

/// The programs of the book: a Rust block, and the block behind it with what it prints.
fn programs(text: &str) -> Vec<(String, String)> {
    let parts = text.split("```rust\n").skip(1);
    let programs = parts.map(|rest| {
        let (code, rest) = rest.split_once("```\n").unwrap_or_default();
        let printed = rest.strip_prefix("```text\n").and_then(|rest| rest.split("```").next());
        (code.to_owned(), printed.unwrap_or("nothing is said about what it prints").to_owned())
    });
    programs.collect()
}

/// Runs a program of one package in its folder.
fn outputs<const N: usize>(case: &Case) -> Result<[String; N]> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let _lock = workspace::lock(folder)?;
    let workspace = Workspace::create(&folder.join(case.name), &folder.join("target"), &[case.name])?;
    workspace.write(case.name, &BTreeMap::new(), &case.files)?;
    let outcome = workspace.cargo(&["build"], &[])?;
    let said = outcome.said_about(case.name, case.name);
    assert!(outcome.success, "{said}\n{}", outcome.stderr);
    assert!(!said.contains("warning"), "{said}");
    let program = &outcome.packages[case.name].programs[case.name];
    let mut texts = [const { String::new() }; N];
    for text in &mut texts {
        let output = cargo::command(program).current_dir(workspace.folder(case.name)).output()?;
        *text =
            String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    }
    Ok(texts)
}

#[test]
fn the_program_of_the_readme_does_what_it_says() -> Result<()> {
    let readme = read("README.md")?;
    let (manifest, code) = (blocks(&readme, "toml"), blocks(&readme, "rust"));
    assert_eq!((manifest.len(), code.len()), (1, 2), "a manifest, a build script and a program");
    let case = skip("-", "from_the_readme", "")
        .file("build.rs", &code[0])
        .file("src/main.rs", &code[1])
        .file(
            "Cargo.toml",
            "[package]\nname = \"from_the_readme\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n",
        )
        .append("Cargo.toml", &manifest[0].replace(" = \"0.1\"", ".workspace = true"));
    let [first, second] = outputs(&case)?;
    let run = "calc is running\n";
    let train = "train is running\n[1.0, 2.0]\n";
    assert_eq!(first, format!("{run}3\n{run}3\n{run}3\n{train}{train}"));
    assert_eq!(second, format!("3\n{run}3\n{run}3\n[1.0, 2.0]\n{train}"));
    Ok(())
}

#[test]
fn the_programs_of_the_book_print_what_it_says() -> Result<()> {
    let mut case = skip("-", "from_the_book", "").without("src/main.rs").uses("serde").uses("serde_json");
    let mut expected = Vec::new();
    for chapter in fs::read_dir(checkout().join("docs/src"))? {
        let chapter = chapter?.path();
        let name = chapter.file_stem().unwrap_or_default().to_string_lossy().replace('-', "_");
        for (index, (code, printed)) in programs(&fs::read_to_string(&chapter)?).into_iter().enumerate() {
            case = case.file(&format!("src/bin/{name}_{index}.rs"), &code);
            expected.push((format!("{name}_{index}"), printed));
        }
    }
    assert!(expected.len() >= 2, "the book has programs");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let _lock = workspace::lock(folder)?;
    let workspace = Workspace::create(&folder.join(case.name), &folder.join("target"), &[case.name])?;
    workspace.write(case.name, &BTreeMap::new(), &case.files)?;
    let outcome = workspace.cargo(&["build"], &[])?;
    assert!(outcome.success, "{}\n{}", outcome.said_about(case.name, case.name), outcome.stderr);
    for (name, printed) in expected {
        let run = workspace.folder(format!("{}/runs/{name}", case.name));
        fs::create_dir_all(&run)?;
        let output =
            cargo::command(&outcome.packages[case.name].programs[&name]).current_dir(run).output()?;
        let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        assert_eq!(said, printed, "{name}");
    }
    Ok(())
}

/// What the options of the table name.
const OPTIONS: &str = r#"
use checkpointing::{Codec, CodecError, Directory, Identify, Identity, Key, Store, checkpoint};
use std::sync::LazyLock;

fn digest(data: &[f64]) -> usize { data.len() }
fn seed() -> u64 { 7 }
fn team() -> &'static dyn Store {
    static TEAM: LazyLock<Directory> = LazyLock::new(|| Directory::new("team"));
    &*TEAM
}
struct MessagePack;
impl Codec for MessagePack {
    const NAME: &'static str = "mp";
    fn encode<T: serde::Serialize + ?Sized>(value: &T, bytes: &mut Vec<u8>) -> Result<(), CodecError> {
        checkpointing::Json::encode(value, bytes)
    }
    fn decode<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, CodecError> {
        checkpointing::Json::decode(bytes)
    }
}
#[derive(Debug)]
struct Host;
impl Identify for Host {
    fn key(&self, call: &Identity<'_>) -> Key { call.key_with(&[b"host"]) }
}
static HOST: Host = Host;
"#;

#[test]
fn the_options_of_the_readme_and_of_the_book_compile() -> Result<()> {
    let readme = read("README.md")?;
    let rows = readme.lines().skip_while(|line| !line.starts_with("| option ")).skip(2);
    let options: Vec<&str> = rows.map_while(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    assert!(options.len() >= 8, "{options:?}");
    let mut code = String::from(OPTIONS);
    let (mut calls, mut expected) = (String::new(), String::new());
    for (index, option) in options.iter().enumerate() {
        let body = format!("println!(\"{index} {{verbose}}\"); data.len()");
        let signature = format!("fn f{index}(data: Vec<f64>, verbose: bool) -> usize");
        let _ = writeln!(code, "#[checkpoint({option})]\n{signature} {{ {body} }}");
        let _ = writeln!(calls, "    assert_eq!(f{index}(vec![0.5; 20], true), 20);");
        let _ = writeln!(expected, "{index} true");
    }
    let case = skip("-", "readme_options", "")
        .uses("serde")
        .file("src/main.rs", &format!("{code}fn main() {{\n{calls}}}\n"));
    let [first, second] = outputs(&case)?;
    assert_eq!((first, second), (expected, String::new()));
    let book = read("docs/src/marks.md")?;
    let table =
        |text: &str| text.lines().filter(|line| line.starts_with('|')).map(str::to_owned).collect::<Vec<_>>();
    let of_readme: Vec<String> = table(&readme);
    let of_book = table(&book);
    assert_eq!(of_book, of_readme, "the tables of the book are those of the README");
    Ok(())
}

#[test]
fn every_chapter_of_the_book_is_listed_and_there() -> Result<()> {
    let summary = read("docs/src/SUMMARY.md")?;
    let mut listed: Vec<&str> =
        summary.split('(').skip(1).filter_map(|rest| rest.split(')').next()).collect();
    let entries = fs::read_dir(checkout().join("docs/src"))?;
    let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let mut there = names.collect::<Result<Vec<String>>>()?;
    there.retain(|name| name != "SUMMARY.md");
    listed.sort_unstable();
    there.sort();
    assert_eq!(listed, there);
    Ok(())
}
