//! Lists cases of what a build decides, and of what the linker joins: cfgs inside of items, optional and
//! target-specific dependencies, several versions of one package, exported symbols.

use e2e::{Case, rerun, skip};

/// An edit of 1 reruns, one of 5 does not.
fn pair(names: [&'static str; 2], items: &str, body: &str) -> [Case; 2] {
    let code = format!("{items}\n#[checkpoint] fn calc() -> i64 {{ println!(\"ran\"); {body} }}\n");
    [
        rerun("24", names[0], &code).edit("{ 1 }", "{ 2 }"),
        skip("12 15", names[1], &code).edit("{ 5 }", "{ 6 }"),
    ]
    // A package of its own: symbols of all programs of a package are looked at together.
    .map(|case| case.append("Cargo.toml", "\n"))
}

/// The manifest of a library that every case has a copy of.
fn library(case: &str, name: &str, version: &str) -> String {
    format!(
        "[package]\nname = \"{case}-{name}\"\nversion = \"{version}\"\nedition = \"2024\"\n\n[lib]\nname = \"{name}\"\n"
    )
}

/// With `units` in the folder `units`, and `sections` at the end of the manifest, in which `CASE` is the case's name.
fn with_units(case: Case, sections: &str) -> Case {
    let sections = sections.replace("CASE", case.name);
    let manifest = library(case.name, "units", "0.1.0");
    case.append("Cargo.toml", &sections)
        .file("units/Cargo.toml", &manifest)
        .file("units/src/lib.rs", "pub fn f() -> i64 { 1 }\npub fn g() -> i64 { 5 }\n")
}

const UNITS: &str = "units/src/lib.rs";
const OPTIONAL: &str = "units = { path = \"units\", package = \"CASE-units\", optional = true }\n\n[features]\ndefault = [FAST]\nfast = [\"dep:units\"]\n";
const IF_FAST: &str = "#[cfg(feature = \"fast\")] use units::f;\n#[cfg(not(feature = \"fast\"))] fn f() -> i64 { 3 }\n#[checkpoint] fn calc() -> i64 { println!(\"ran\"); f() }";
const BY_PLATFORM: &str = "\n[target.'cfg(unix)'.dependencies]\nunits = { path = \"units\", package = \"CASE-units\" }\n\n[target.'cfg(windows)'.dependencies]\nother = { path = \"other\", package = \"CASE-other\" }\n";
const ON_PLATFORM: &str = "#[cfg(windows)] fn f() -> i64 { other::f() }\n#[cfg(not(windows))] fn f() -> i64 { units::f() }\n#[checkpoint] fn calc() -> i64 { println!(\"ran\"); f() }";

const VERSIONS: &str = "#[checkpoint] fn calc() -> String { println!(\"ran\"); format!(\"{:?}\", newer::ErrorKind::Other) }\npub fn other() -> String { format!(\"{:?}\", older::ErrorKind::Other) }";
const ODD: &str = "mod n { #[path = \"odd.rs\"] pub mod d; pub fn f() -> i64 { self::d::f() } }\n#[checkpoint] fn calc() -> i64 { println!(\"ran\"); n::f() }";

pub fn cases() -> Vec<Case> {
    [inside().concat(), dependencies()].concat()
}

fn inside() -> Vec<[Case; 2]> {
    vec![
        pair(
            ["builds_exported_symbol_behind_an_extern_block", "builds_exported_symbol_that_nothing_declares"],
            "#[unsafe(no_mangle)] pub extern \"C\" fn own_symbol() -> i64 { 1 }\n#[unsafe(no_mangle)] pub extern \"C\" fn lone_symbol() -> i64 { 5 }\nmod ffi { unsafe extern \"C\" { pub safe fn own_symbol() -> i64; } }",
            "ffi::own_symbol()",
        ),
        pair(
            ["builds_exported_under_another_name", "builds_exported_under_another_name_unrelated"],
            "#[unsafe(export_name = \"own_symbol\")] pub extern \"C\" fn inner() -> i64 { 1 }\n#[allow(dead_code)] fn lone() -> i64 { 5 }\nunsafe extern \"C\" { #[link_name = \"own_symbol\"] safe fn outer() -> i64; }",
            "outer()",
        ),
        pair(
            ["builds_exported_static_behind_an_extern_block", "builds_exported_static_unrelated"],
            "mod d { const fn one() -> i64 { 1 } #[unsafe(no_mangle)] pub static OWN_STATIC: i64 = one(); #[unsafe(export_name = \"own_renamed\")] pub static B: i64 = 3; }\n#[allow(dead_code)] const fn lone() -> i64 { 5 }\nunsafe extern \"C\" { safe static OWN_STATIC: i64; safe static own_renamed: i64; }",
            "OWN_STATIC + own_renamed",
        ),
        pair(
            ["builds_self_in_every_position", "builds_self_in_every_position_unrelated"],
            "struct S<T>(T);\nimpl<T: Into<i64> + Copy> S<T> { const N: usize = 2; fn new(t: T) -> Self where Self: Sized { Self(t) } fn h(x: i64) -> i64 { x + f() } fn go(self: &Self) -> i64 { let Self(t) = self; let h = Self::h; (*t).into() + h(3) + [0; Self::N].len() as i64 + <Self>::h(4) } }\nfn f() -> i64 { 1 }\nstruct Other; impl Other { #[allow(dead_code)] fn h(_: i64) -> i64 { 5 } }",
            "S::new(7i32).go()",
        ),
        pair(
            ["builds_cfgs_inside_of_items", "builds_cfgs_inside_of_items_for_another_platform"],
            "struct S<#[cfg(not(windows))] T, #[cfg(windows)] T: Copy> { #[cfg(not(windows))] a: T, #[cfg(windows)] a: Box<T> }\nfn f() -> i64 { 1 }\n#[cfg(windows)] fn g() -> i64 { 5 }",
            "let s = S { #[cfg(not(windows))] a: f(), #[cfg(windows)] a: Box::new(g()) }; #[cfg(windows)] let n = g(); #[cfg(not(windows))] let n = f(); let m = match s.a { #[cfg(windows)] 3 => g(), #[cfg(not(windows))] x => x + n, }; m + [#[cfg(windows)] g(), #[cfg(not(windows))] f()][0]",
        ),
    ]
}

fn dependencies() -> Vec<Case> {
    let on = OPTIONAL.replace("FAST", "\"fast\"");
    let off = OPTIONAL.replace("FAST", "");
    let by_platform = |case: Case| {
        let manifest = library(case.name, "other", "0.1.0");
        with_units(case, BY_PLATFORM)
            .file("other/Cargo.toml", &manifest)
            .file("other/src/lib.rs", "pub fn f() -> i64 { 7 }\n")
    };
    let versions = |case: Case| {
        case.append("Cargo.toml", "older = { package = \"embedded-io\", version = \"0.4\" }\nnewer = { package = \"embedded-io\", version = \"0.6\" }\n")
    };
    let odd = |case: Case| case.file("src/n/odd.rs", "pub fn f() -> i64 { 1 }\npub fn g() -> i64 { 5 }\n");
    vec![
        odd(rerun("24", "builds_module_by_path_inside_a_module", ODD)).edit_in(
            "src/n/odd.rs",
            "{ 1 }",
            "{ 2 }",
        ),
        odd(skip("12", "builds_module_by_path_inside_a_module_unrelated", ODD)).edit_in(
            "src/n/odd.rs",
            "{ 5 }",
            "{ 6 }",
        ),
        with_units(rerun("24 15", "builds_optional_dependency_that_a_feature_brings", IF_FAST), &on)
            .edit_in(UNITS, "{ 1 }", "{ 2 }"),
        with_units(skip("12 15", "builds_optional_dependency_that_a_feature_brings_unrelated", IF_FAST), &on)
            .edit_in(UNITS, "{ 5 }", "{ 6 }"),
        with_units(skip("15 16", "builds_optional_dependency_that_nothing_brings", IF_FAST), &off)
            .edit_in(UNITS, "{ 1 }", "{ 2 }"),
        with_units(rerun("15 32", "builds_optional_dependency_turned_on", IF_FAST), &off).edit_in(
            "Cargo.toml",
            "default = []",
            "default = [\"fast\"]",
        ),
        by_platform(rerun("24 15", "builds_dependency_of_this_platform", ON_PLATFORM))
            .edit_in(UNITS, "{ 1 }", "{ 2 }"),
        by_platform(skip("15 16", "builds_dependency_of_another_platform", ON_PLATFORM)).edit_in(
            "other/src/lib.rs",
            "{ 7 }",
            "{ 8 }",
        ),
        versions(rerun("33 34", "builds_another_version_of_a_package_is_called", VERSIONS))
            .edit("newer::", "older::"),
        versions(skip("12 16", "builds_another_version_of_a_package_is_called_elsewhere", VERSIONS))
            .edit("older::", "newer::"),
    ]
}
