//! Lists the cases of dependencies from a registry: versions, features, and what they depend on.
//!
//! Only crates that the lock file holds, and that no other case reaches, can change here.

use e2e::{Case, rerun, skip};

const SEED: &str = r#"
use rand_core::SeedableRng;
struct Seed([u8; 8]);
impl SeedableRng for Seed { type Seed = [u8; 8]; fn from_seed(seed: [u8; 8]) -> Self { Seed(seed) } }
#[checkpoint] fn calc() -> Vec<u8> { println!("ran"); Seed::seed_from_u64(3).0.to_vec() }
"#;

const NUMBER: &str = r#"
#[checkpoint] fn calc() -> String { println!("ran"); itoa::Buffer::new().format(12u8).to_owned() }
"#;

const UNITS: &str = "#[checkpoint] fn calc() -> i64 { println!(\"ran\"); units::f() }";

/// The pass finds a home of cargo in which nothing was ever downloaded, as on a fresh machine.
const EMPTY_HOME: &str = r#"
fn main() {
    let home = std::env::var("OUT_DIR").unwrap() + "/home";
    unsafe { std::env::set_var("CARGO_HOME", home) };
    checkpointing_fingerprint::emit();
}
"#;

pub fn cases() -> Vec<Case> {
    vec![
        rerun("34 T2", "version_of_a_dependency", SEED)
            .append("Cargo.toml", "rand_core = \"0.6\"\n")
            .edit_in("Cargo.toml", "\"0.6\"", "\"0.9\""),
        rerun("34", "version_of_a_dependency_by_path", "#[checkpoint] fn calc() -> String { println!(\"ran\"); format!(\"{:?}\", embedded_io::ErrorKind::Other) }")
            .append("Cargo.toml", "embedded-io = \"0.4\"\n")
            .edit_in("Cargo.toml", "\"0.4\"", "\"0.6\""),
        rerun("34", "features_of_a_dependency", "#[checkpoint] fn calc() -> usize { println!(\"ran\"); std::mem::size_of::<smallvec::SmallVec<[u8; 16]>>() }")
            .append("Cargo.toml", "smallvec = { version = \"1.16\" }\n")
            .edit_in("Cargo.toml", "version = \"1.16\"", "version = \"1.16\", features = [\"union\"]"),
        rerun("34", "features_of_a_dependencys_dependency", "#[checkpoint] fn calc() -> i64 { println!(\"ran\"); num_integer::gcd(12, 18) }")
            .append("Cargo.toml", "num-integer = { version = \"0.1\", default-features = false }\nnum-traits = { version = \"0.2\", default-features = false }\n")
            .edit_in("Cargo.toml", "version = \"0.2\", default-features = false", "version = \"0.2\", default-features = false, features = [\"std\"]"),
        rerun("34", "version_reached_through_a_path_dependency", "#[checkpoint] fn calc() -> String { println!(\"ran\"); units::f() }")
            .dep("units", "pub fn f() -> String { format!(\"{:?}\", embedded_io::ErrorKind::Other) }")
            .append("units/Cargo.toml", "embedded-io = \"0.4\"\n")
            .edit_in("units/Cargo.toml", "\"0.4\"", "\"0.6\""),
        rerun("34", "dependency_replaced_by_a_path", NUMBER)
            .uses("itoa")
            .edit_in("Cargo.toml", "itoa.workspace = true", "itoa = { path = \"itoa\", package = \"own-itoa\" }")
            .write("itoa/Cargo.toml", "[package]\nname = \"own-itoa\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[lib]\nname = \"itoa\"\n")
            .write("itoa/src/lib.rs", "pub struct Buffer; impl Buffer { pub fn new() -> Self { Buffer } pub fn format(&mut self, _: u8) -> &str { \"12\" } }"),
        skip("16", "dependency_added_that_is_not_reached", NUMBER).uses("itoa").edit_in("Cargo.toml", "itoa.workspace = true", "itoa.workspace = true\nsemver.workspace = true"),
        skip("16", "dependency_removed_that_is_not_reached", NUMBER).uses("itoa").uses("semver").edit_in("Cargo.toml", "semver.workspace = true\n", ""),
        skip("16", "dependency_upgraded_that_is_not_reached", &format!("{NUMBER}\npub fn other() -> embedded_io::ErrorKind {{ embedded_io::ErrorKind::Other }}"))
            .uses("itoa")
            .append("Cargo.toml", "embedded-io = \"0.4\"\n")
            .edit_in("Cargo.toml", "\"0.4\"", "\"0.6\""),
        skip("16 T27", "dev_dependency_added", NUMBER).uses("itoa").append("Cargo.toml", "\n").edit_in("Cargo.toml", "itoa.workspace = true\n", "itoa.workspace = true\n\n[dev-dependencies]\nsemver.workspace = true\n"),
        rerun("24 T27", "dev_dependency_that_was_never_downloaded", "#[checkpoint] fn calc() -> i64 { println!(\"ran\"); units::f() }")
            .dep("units", "pub fn f() -> i64 { 1 }")
            .append("Cargo.toml", "\n[target.'cfg(windows)'.dev-dependencies]\nwindows-sys = \"0.61\"\n")
            .edit_in("units/src/lib.rs", "1", "2"),
        rerun("24 T27", "cargo_metadata_fails", UNITS)
            .dep("units", "pub fn f() -> i64 { 1 }\npub fn g() -> i64 { 7 }")
            .file("build.rs", EMPTY_HOME)
            .edit_in("units/src/lib.rs", "{ 1 }", "{ 2 }"),
        skip("12 T27", "cargo_metadata_fails_and_nothing_changed", UNITS)
            .dep("units", "pub fn f() -> i64 { 1 }\npub fn g() -> i64 { 7 }")
            .file("build.rs", EMPTY_HOME)
            .edit_in("units/src/lib.rs", "{ 7 }", "{ 8 }"),
    ]
}
