//! Tests what the shape of a result depends on: each case is an edit, and whether it is another shape then.

use super::Place;
use crate::graph::{Graph, GraphOptions};

const SERDE: &str = "version = 4\n\n[[package]]\nname = \"serde\"\nversion = \"1.0.1\"\nsource = \"registry+https://example.invalid/index\"\nchecksum = \"00\"\n\n[[package]]\nname = \"shapes\"\nversion = \"0.3.0\"\nsource = \"registry+https://example.invalid/index\"\nchecksum = \"00\"\n\n[[package]]\nname = \"p\"\nversion = \"0.1.0\"\ndependencies = [\n \"checkpointing\",\n \"serde\",\n \"shapes\",\n]\n\n[[package]]\nname = \"checkpointing\"\nversion = \"0.1.0\"\nsource = \"registry+https://example.invalid/index\"\nchecksum = \"00\"\n";

const LIB: &str = "\
use serde::{Deserialize, Serialize};

/// checkpoint
pub fn fit(x: f64) -> Result<Vec<Model>, Box<dyn std::error::Error>> {
    Ok(vec![help(x)])
}

fn help(x: f64) -> Model {
    Model { slope: x, kind: Kind::Flat, names: [0; SIZE], date: None }
}

const SIZE: usize = 3;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = \"lowercase\")]
pub struct Model {
    slope: f64,
    kind: Kind,
    #[serde(with = \"bytes\")]
    names: [u8; SIZE],
    date: Option<Date>,
}

#[derive(Serialize, Deserialize)]
pub enum Kind {
    Flat,
    Steep(Number),
}

type Number = i64;

pub struct Date(i32);

impl Serialize for Date {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        written(self.0).serialize(s)
    }
}

fn written(day: i32) -> i32 {
    day + 1
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(\"kind\")
    }
}

mod bytes {
    pub fn serialize(x: u8) -> u8 { x + 1 }
}

pub struct Other(u8);
";

fn place(lib: &str, lock: &str) -> Place {
    let manifest = format!(
        "{}\n[dependencies]\ncheckpointing = \"0.1\"\nserde = \"1\"\nshapes = \"*\"\n",
        super::MANIFEST
    );
    Place::of(&[("Cargo.toml", &manifest), ("Cargo.lock", lock), ("src/lib.rs", lib)])
}

/// The shape of `p::fit`.
fn shape(lib: &str) -> String {
    let place = place(lib, SERDE);
    place.emit();
    place.shape("p::fit")
}

/// Why the shape of the only function is not known.
fn reason(lib: &str) -> String {
    let place = place(lib, SERDE);
    place.emit();
    assert!(place.table().lines().any(|line| line.ends_with("\t-")), "{}", place.table());
    let manifest = place.directory().join("Cargo.toml");
    let graph = Graph::load(&GraphOptions { manifest, ..GraphOptions::default() }).expect("a graph");
    graph.functions[0].stored.clone().expect("a mark").shape.expect_err("a reason")
}

#[test]
fn what_a_result_holds_is_its_shape_and_nothing_else() {
    let before = shape(LIB);
    assert_eq!(before.len(), 32, "{before}");
    let edits = [
        ("Ok(vec![help(x)])", "Ok(vec![help(x + 1.0)])", true),
        ("slope: x,", "slope: x * 2.0,", true),
        ("Box<dyn std::error::Error>", "String", true),
        ("struct Other(u8)", "struct Other(u16)", true),
        ("\"kind\"", "\"Kind\"", true),
        ("fn help", "/// Helps.\nfn help", true),
        ("    slope: f64,\n    kind: Kind,", "    kind: Kind,\n    slope: f64,", false),
        ("slope: f64", "slope: f32", false),
        ("    slope: f64", "    steep: f64", false),
        ("Steep(Number),", "Steep(Number),\n    Round,", false),
        ("type Number = i64", "type Number = i32", false),
        ("SIZE: usize = 3", "SIZE: usize = 4", false),
        ("rename_all = \"lowercase\"", "rename_all = \"UPPERCASE\"", false),
        ("x + 1 }", "x + 2 }", false),
        ("struct Date(i32)", "struct Date(u32)", false),
        ("written(self.0)", "(self.0)", false),
        ("    day + 1", "    day + 2", false),
        ("Result<Vec<Model>", "Result<Option<Model>", false),
        ("date: Option<Date>", "date: Option<Other>", false),
    ];
    for (old, new, same) in edits {
        assert!(LIB.contains(old), "{old}");
        assert_eq!(shape(&LIB.replace(old, new)) == before, same, "{old} -> {new}");
    }
}

#[test]
fn a_package_counts_by_its_version_and_serde_by_its_major_one() {
    let lib = "/// checkpoint\npub fn fit() -> Held { todo!() }\n#[derive(serde::Serialize)]\npub struct Held(shapes::Round);\n";
    let shape = |lock: &str| {
        let place = place(lib, lock);
        place.emit();
        place.shape("p::fit")
    };
    let before = shape(SERDE);
    assert_eq!(before.len(), 32, "{before}");
    assert_eq!(shape(&SERDE.replace("1.0.1", "1.7.2")), before);
    assert_ne!(shape(&SERDE.replace("1.0.1", "2.0.0")), before);
    assert_ne!(shape(&SERDE.replace("0.3.0", "0.3.1")), before);
}

#[test]
fn simple_results_have_shapes_without_any_type_of_ours() {
    let with = |ret: &str| shape(&format!("/// checkpoint\npub fn fit() {ret} {{ todo!() }}\n"));
    let all: Vec<String> = ["", "-> i64", "-> (i64, String)", "-> Vec<[f64; 3]>", "-> Vec<[f64; 4]>"]
        .iter()
        .map(|ret| with(ret))
        .collect();
    for (index, one) in all.iter().enumerate() {
        assert_eq!(one.len(), 32, "{one}");
        assert!(!all[..index].contains(one), "{index}");
    }
    assert_eq!(with("-> Result<i64, String>"), with("-> std::io::Result<i64>"), "errors are not stored");
}

#[test]
fn an_alias_of_result_stores_what_it_is_given() {
    let with = |ok: &str, error: &str| {
        shape(&format!(
            "/// checkpoint\npub fn fit() -> Answer<{ok}> {{ todo!() }}\ntype Answer<T> = Result<T, Wrong>;\n#[derive(serde::Serialize)]\npub struct Good(i64);\npub struct Wrong({error});\n"
        ))
    };
    assert_eq!(with("Good", "u8").len(), 32);
    assert_eq!(with("Good", "u8"), with("Good", "Box<dyn std::error::Error>"));
    assert_ne!(with("Good", "u8"), with("Vec<Good>", "u8"));
}

#[test]
fn options_that_make_the_key_count() {
    let with = |body: &str, option: &str| {
        shape(&format!(
            "use checkpointing::checkpoint;\n#[checkpoint({option})]\npub fn fit(x: i64, y: i64) -> i64 {{ x + y }}\nfn digest(x: &i64) -> i64 {{ {body} }}\n"
        ))
    };
    let before = with("*x", "hash_with(x = digest)");
    assert_eq!(before.len(), 32);
    assert_ne!(with("x / 2", "hash_with(x = digest)"), before);
    assert_ne!(with("*x", "ignore(x)"), with("*x", "ignore(y)"));
    assert_eq!(with("*x", "directory = \"a\""), with("*x", "directory = \"b\""));
}

#[test]
fn what_is_not_seen_has_a_reason_instead() {
    let marked = |rest: &str| reason(&format!("/// checkpoint\n{rest}\n"));
    let generic = marked("pub fn fit<T>(x: T) -> Vec<T> { todo!() }");
    assert!(generic.contains("generic parameter"), "{generic}");
    let dynamic = marked("pub fn fit() -> Held { todo!() }\npub struct Held(Box<dyn Send>);");
    assert!(dynamic.contains("p::Held") && dynamic.contains("dyn Trait"), "{dynamic}");
    let unseen = marked("pub fn fit() -> Made { todo!() }\nother::make! { Made }");
    assert!(unseen.contains("`Made`"), "{unseen}");
    let nested = marked("pub fn fit() -> Held { todo!() }\npub struct Held(Made);\nother::make! { Made }");
    assert!(nested.contains("`Made`"), "{nested}");
    let own = reason("pub trait Fit { /// checkpoint\n fn fit(&self) -> Self { todo!() } }\n");
    assert!(own.contains("`Self`"), "{own}");
}
