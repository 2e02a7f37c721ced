//! Freezes the table's form and the fingerprints of some code. Where a fingerprint here must change, bump
//! `ALGORITHM` in `hash`: results that were stored under the old one are then no longer found, which is
//! right, and no old result meets a new fingerprint by chance. The same holds for shapes, and `ALGORITHM` in `shape`.

use super::{MANIFEST, Place};

const LIB: &str = "\
use std::fmt;

/// checkpoint(directory = x/y, ignore(b), version = 2)
pub fn calc(a: i64, b: i64) -> i64 {
    helper(a) + b
}

fn helper(a: i64) -> i64 {
    a * FACTOR + if cfg!(has_gpu) { 1 } else { 0 }
}

const FACTOR: i64 = 3;

pub struct Model(i64);

impl Model {
    #[doc = \"checkpoint\"]
    pub fn fit<T: Into<i64>>(&self, by: T) -> i64 {
        self.0 + by.into()
    }
}

impl fmt::Display for Model {
    #[doc(alias = \"checkpoint\")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(env!(\"P_TITLE\"))
    }
}

#[cfg(test)]
mod tests {
    impl From<super::Model> for i64 {
        fn from(model: super::Model) -> i64 {
            model.0
        }
    }
}
";

fn place() -> Place {
    Place::package(&[("src/lib.rs", LIB)])
}

/// Hexadecimal words as long as a hash, in the order in which they occur, become `F0`, `F1`, ..
fn without_fingerprints(table: &str) -> (String, Vec<String>) {
    let mut found: Vec<String> = Vec::new();
    let is_hash = |word: &&str| word.len() == 64 && word.bytes().all(|b| b.is_ascii_hexdigit());
    let mut out = table.to_owned();
    for word in table.split(|c: char| !c.is_ascii_alphanumeric()).filter(is_hash) {
        out = out.replacen(word, &format!("F{}", found.len()), 1);
        found.push(word.to_owned());
    }
    (out, found)
}

#[test]
fn the_form_of_the_table() {
    let place = place();
    place.emit();
    let (table, _) = without_fingerprints(&place.table());
    let expected = include_str!("golden.table");
    assert!(table == expected, "the table is now\n{table}");
}

#[test]
fn fingerprints_of_fixed_code() {
    let place = place();
    place.emit();
    // Bump `ALGORITHM` when one of these must change.
    assert_eq!(
        place.fingerprint("p::calc"),
        "f772a28e629ab13e4f601b037407b6efe91d3a9fa478e3ebf2d20a534a20a98a"
    );
    assert_eq!(
        place.fingerprint("p::Model::fit"),
        "cab398b949c01cf105b618599dd6ff88d57f3c9e5aa9363d70627d9ce2883592"
    );
}

#[test]
fn a_foreign_package_counts_by_name_version_source_and_checksum() {
    let lock = "version = 4\n\n[[package]]\nname = \"never-published-anywhere\"\nversion = \"1.0.0\"\nsource = \"registry+https://example.invalid/index\"\nchecksum = \"00\"\n\n[[package]]\nname = \"p\"\nversion = \"0.1.0\"\ndependencies = [\n \"never-published-anywhere\",\n]\n";
    let manifest = format!("{MANIFEST}[dependencies]\nnever-published-anywhere = \"1\"\n");
    let lib = "/// checkpoint\npub fn f() -> i64 { never_published_anywhere::g() }\n";
    let place = Place::of(&[("Cargo.toml", &manifest), ("Cargo.lock", lock), ("src/lib.rs", lib)]);
    place.emit();
    // Bump `ALGORITHM` when this must change.
    assert_eq!(place.fingerprint("p::f"), "ffc51e2cd067b1f110a7fc5ea5774f1aaf220ff3622b885708a8fe8fe1a128e0");
}
