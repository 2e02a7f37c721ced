//! Tests that cargo is asked again exactly where it might say something else.

use super::{MANIFEST, Place, cargo};
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

/// A package with a path dependency, and a cargo that keeps count of its calls.
struct Counted {
    place: Place,
    cargo: PathBuf,
    calls: PathBuf,
}

impl Counted {
    fn new() -> Self {
        let place = Place::locked(
            &[
                ("p/Cargo.toml", &format!("{MANIFEST}[dependencies]\ndep = {{ path = \"../dep\" }}\n")),
                ("p/src/lib.rs", "/// checkpoint\npub fn f() -> i64 { dep::g() }\n"),
                ("dep/Cargo.toml", &(MANIFEST.replace("\"p\"", "\"dep\"") + "[features]\none = []\n")),
                ("dep/src/lib.rs", "pub fn g() -> i64 { if cfg!(feature = \"one\") { 1 } else { 2 } }\n"),
            ],
            "p",
        );
        let (script, calls) = (place.path("cargo.sh"), place.path("calls"));
        let text =
            format!("#!/bin/sh\necho call >> '{}'\nexec {:?} \"$@\"\n", calls.display(), cargo().display());
        fs::write(&script, text).unwrap();
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
        let counted = Counted { place, cargo: script, calls };
        counted.place.settle();
        counted
    }

    /// Whether a pass asks cargo.
    fn asks(&self) -> bool {
        let before = fs::read_to_string(&self.calls).unwrap_or_default().len();
        let request = crate::project::Request { cargo: OsString::from(&self.cargo), ..self.place.request() };
        crate::lower::with_big_stack(|| crate::emit::Config::new().write(&request, &self.place.out()))
            .expect("the pass runs");
        fs::read_to_string(&self.calls).unwrap_or_default().len() > before
    }

    /// Whether a pass asks after a change; one that comes soon after does not.
    fn asks_after(&self, file: &str, text: &str) -> bool {
        self.place.write(file, text);
        let asks = self.asks();
        self.place.settle();
        self.asks();
        assert!(!self.asks(), "nothing changed since {file} did");
        asks
    }
}

#[test]
fn cargo_is_asked_where_something_changed_that_it_reads() {
    let of = Counted::new();
    assert!(of.asks() && !of.asks());
    assert!(
        !of.asks_after(
            "dep/src/lib.rs",
            "pub fn g() -> i64 { if cfg!(feature = \"one\") { 3 } else { 4 } }\n"
        )
    );
    let fingerprint = || of.place.fingerprint("p::f");
    let first = fingerprint();
    let manifest = MANIFEST.replace("\"p\"", "\"dep\"") + "[features]\none = []\ndefault = [\"one\"]\n";
    assert!(of.asks_after("dep/Cargo.toml", &manifest));
    assert_ne!(first, fingerprint(), "the feature is seen");
    let lock = fs::read_to_string(of.place.path("p/Cargo.lock")).unwrap();
    assert!(of.asks_after("p/Cargo.lock", &format!("{lock}\n# changed\n")));
    assert!(of.asks_after("p/examples/shown.rs", "/// checkpoint\nfn e() -> i64 { 1 }\nfn main() {}\n"));
    assert!(of.place.table().contains("shown::e"), "the new crate is seen");
    assert!(of.asks_after("p/tests/one/main.rs", "/// checkpoint\nfn t() -> i64 { 1 }\n"));
    assert!(of.place.table().contains("one::t"));
    assert!(of.asks_after("p/build.rs", "fn main() {}\n"));
    of.place.write("Cargo.toml", "[workspace]\nmembers = [\"p\", \"dep\"]\n");
    assert!(of.asks(), "a workspace around it");
}

#[test]
fn a_workspace_that_is_elsewhere_counts() {
    let of = Counted::new();
    let dep = MANIFEST.replace("\"p\"", "\"dep\"") + "workspace = \"../other\"\n";
    of.place.write("dep/Cargo.toml", &dep.replace("version = \"0.1.0\"", "version.workspace = true"));
    let root = |more: &str| {
        of.place.write(
            "other/Cargo.toml",
            &format!("[workspace]\nmembers = [\"../dep\"]\n{more}[workspace.package]\nversion = \"0.1.0\"\n"),
        );
    };
    root("");
    of.place.settle();
    assert!(of.asks() && !of.asks());
    root("# More.\n");
    of.place.settle();
    assert!(of.asks() && !of.asks());
}

#[test]
fn an_answer_that_may_be_of_before_an_edit_is_not_kept() {
    let of = Counted::new();
    of.place.write(
        "dep/Cargo.toml",
        &(MANIFEST.replace("\"p\"", "\"dep\"") + "[features]\none = []\ntwo = []\n"),
    );
    assert!(of.asks() && of.asks());
    of.place.settle();
    assert!(of.asks() && !of.asks());
}

#[test]
fn a_damaged_answer_is_none() {
    let of = Counted::new();
    assert!(of.asks() && !of.asks());
    let path = of.place.out().join("checkpoints.project.1");
    let bytes = fs::read(&path).unwrap();
    for at in [0, 40, bytes.len() / 2, bytes.len() - 1] {
        let mut damaged = bytes.clone();
        damaged[at] ^= 4;
        fs::write(&path, damaged).unwrap();
        assert!(of.asks(), "byte {at}");
    }
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    assert!(of.asks() && !of.asks());
}
