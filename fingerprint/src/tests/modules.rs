//! Tests which file a `mod name;` or an `include!` means, by rustc's rules, and what is said where there
//! is none.

use super::{Place, values};

/// The files below `src` that the pass reads, and its warnings.
fn read(files: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
    let place = Place::package(files);
    let lines = place.emit();
    let request = place.request();
    let pass = crate::pass::Pass::load(&request, |_| crate::walk::LoweredCache::none()).expect("a pass");
    let mut found: Vec<String> =
        pass.sources.files.iter().map(|file| pass.project.relative(&file.path)).collect();
    found.sort();
    found.retain(|path| path != "src/lib.rs");
    (found, values(&place, &lines, "warning"))
}

#[track_caller]
fn reads(files: &[(&str, &str)], expected: &[&str]) {
    let (found, warnings) = read(files);
    assert_eq!(found, expected);
    assert!(warnings.is_empty(), "{warnings:?}");
}

#[test]
fn beside_the_root_and_in_a_folder() {
    let lib = ("src/lib.rs", "mod a; mod b;");
    reads(&[lib, ("src/a.rs", ""), ("src/b/mod.rs", ""), ("src/c.rs", "")], &["src/a.rs", "src/b/mod.rs"]);
}

#[test]
fn below_a_file_that_is_no_mod_rs() {
    let files = [
        ("src/lib.rs", "mod a; mod b;"),
        ("src/a.rs", "mod x;"),
        ("src/a/x.rs", ""),
        ("src/x.rs", ""),
        ("src/b/mod.rs", "mod y;"),
        ("src/b/y.rs", ""),
    ];
    reads(&files, &["src/a.rs", "src/a/x.rs", "src/b/mod.rs", "src/b/y.rs"]);
}

#[test]
fn through_inline_modules() {
    let files = [
        ("src/lib.rs", "mod one { mod two { mod x; } } mod a;"),
        ("src/one/two/x.rs", ""),
        ("src/a.rs", "mod one { mod y; }"),
        ("src/a/one/y.rs", ""),
    ];
    reads(&files, &["src/a.rs", "src/a/one/y.rs", "src/one/two/x.rs"]);
}

#[test]
fn a_path_attribute_is_relative_to_the_file() {
    let files = [
        ("src/lib.rs", "#[path = \"odd/place.rs\"] mod a; mod b;"),
        ("src/odd/place.rs", "mod inner;"),
        // As in a mod.rs: beside the file, not below its name.
        ("src/odd/inner.rs", ""),
        ("src/b.rs", "#[path = \"c_file.rs\"] mod c;"),
        ("src/c_file.rs", ""),
    ];
    reads(&files, &["src/b.rs", "src/c_file.rs", "src/odd/inner.rs", "src/odd/place.rs"]);
}

#[test]
fn a_path_attribute_inside_inline_modules() {
    let files = [
        (
            "src/lib.rs",
            "mod inline { #[path = \"x.rs\"] mod x; } #[path = \"folder\"] mod renamed { mod y; } mod a;",
        ),
        ("src/inline/x.rs", ""),
        ("src/folder/y.rs", ""),
        // In a file that is no mod.rs the inline module lies below the file's name.
        ("src/a.rs", "mod inline { #[path = \"z.rs\"] mod z; } #[path = \"beside\"] mod renamed { mod w; }"),
        ("src/a/inline/z.rs", ""),
        ("src/beside/w.rs", ""),
    ];
    let expected = ["src/a.rs", "src/a/inline/z.rs", "src/beside/w.rs", "src/folder/y.rs", "src/inline/x.rs"];
    reads(&files, &expected);
}

#[test]
fn both_files_where_an_unknown_cfg_decides() {
    let lib = "#[cfg_attr(has_cuda, path = \"gpu.rs\")] mod a;";
    reads(&[("src/lib.rs", lib), ("src/a.rs", ""), ("src/gpu.rs", "")], &["src/a.rs", "src/gpu.rs"]);
}

#[test]
fn a_cfg_that_decides_over_a_file_is_asked_of_the_compiler() {
    let lib =
        "#[cfg_attr(has_cuda, path = \"gpu.rs\")] mod a;\n/// checkpoint\npub fn f() -> i64 { a::g() }\n";
    let place = Place::package(&[
        ("src/lib.rs", lib),
        ("src/a.rs", "pub fn g() -> i64 { 1 }"),
        ("src/gpu.rs", "pub fn g() -> i64 { 2 }"),
    ]);
    place.emit();
    assert!(
        place.table().contains("(\"has_cuda\", __checkpointing::__macro::cfg!(has_cuda))"),
        "{}",
        place.table()
    );
    for path in ["src/a.rs", "src/gpu.rs"] {
        let before = place.fingerprint("p::f");
        place.write(path, "pub fn g() -> i64 { 3 }");
        place.emit();
        assert_ne!(place.fingerprint("p::f"), before, "{path}");
    }
}

#[test]
fn included_items_and_their_modules() {
    let files = [
        ("src/lib.rs", "include!(\"parts/items.rs\");\n/// checkpoint\npub fn f() -> i64 { g() }\n"),
        ("src/parts/items.rs", "mod deep; fn g() -> i64 { deep::N }"),
        ("src/parts/deep.rs", "pub const N: i64 = 1;"),
    ];
    reads(&files, &["src/parts/deep.rs", "src/parts/items.rs"]);
    let place = Place::package(&files);
    place.emit();
    let before = place.fingerprint("p::f");
    place.write("src/parts/deep.rs", "pub const N: i64 = 2;");
    place.emit();
    assert_ne!(place.fingerprint("p::f"), before);
}

#[test]
fn a_missing_file_is_named_with_its_place_and_where_was_looked() {
    let (found, warnings) = read(&[("src/lib.rs", "\nmod a;\n"), ("src/a.rs", "\n\nmod gone;\n")]);
    assert_eq!(found, ["src/a.rs"]);
    let [warning] = warnings.as_slice() else { panic!("{warnings:?}") };
    let beginning = "src/a.rs:3: `mod gone;`: no file for it; looked for ";
    assert_eq!(warning, &format!("{beginning}src/a/gone.rs and src/a/gone/mod.rs"));
}

#[test]
fn circles_end_where_they_close() {
    // Each file names both: followed to a depth alone, this would not end.
    let both = "#[path = \"a.rs\"] mod x; #[path = \"../src/b.rs\"] mod y;";
    let (found, warnings) = read(&[("src/lib.rs", "mod a;"), ("src/a.rs", both), ("src/b.rs", both)]);
    assert_eq!(found, ["src/../src/b.rs", "src/a.rs"]);
    assert!(warnings.iter().all(|warning| warning.ends_with("is a part of itself")), "{warnings:?}");
    assert!(warnings.len() >= 2, "{warnings:?}");
}

#[test]
fn a_file_that_includes_itself_ends() {
    let (found, warnings) =
        read(&[("src/lib.rs", "include!(\"a.rs\");"), ("src/a.rs", "include!(\"a.rs\");")]);
    assert_eq!(found, ["src/a.rs"]);
    assert_eq!(warnings, ["src/a.rs:1: the module file src/a.rs is a part of itself"]);
}

#[test]
fn a_file_that_does_not_parse_is_one_warning_and_counts_whole() {
    let files = [
        ("src/lib.rs", "mod a;\n/// checkpoint\npub fn f() -> i64 { a::g() }\n"),
        ("src/a.rs", "pub fn g( {"),
    ];
    let place = Place::package(&files);
    let warnings = values(&place, &place.emit(), "warning");
    assert!(warnings.len() == 1 && warnings[0].starts_with("src/a.rs:1: cannot be parsed"), "{warnings:?}");
    let before = place.fingerprint("p::f");
    place.write("src/a.rs", "pub fn g( { 1");
    place.emit();
    assert_ne!(place.fingerprint("p::f"), before);
}
