//! Lists the cases of what is not code of a function: files, variables, features, places, build scripts.

use e2e::{Case, rerun, skip};

fn calc(body: &str) -> String {
    format!("#[checkpoint] fn calc() -> String {{ println!(\"ran\"); {body} }}\n")
}

/// The same behind a module of macros.
fn with_macros(body: &str) -> String {
    format!("#[macro_use] mod m;\n{}", calc(body))
}

/// A build script that does something of its own before the pass.
fn build_script(first: &str) -> String {
    format!("fn main() {{ {first} checkpointing_fingerprint::emit(); }}\n")
}

/// Names that one variable of cargo's could not tell apart.
const DASHES: &str =
    "\n[features]\ndefault = []\nfast-path = []\nfast_path = []\nslow_path = []\nother-path = []\n";

pub fn cases() -> Vec<Case> {
    [files(), variables(), features(), places(), build_scripts()].concat()
}

fn files() -> Vec<Case> {
    vec![
        rerun("32", "include_str_contents", &calc("include_str!(\"data.txt\").into()"))
            .file("src/data.txt", "one")
            .edit_in("src/data.txt", "one", "two"),
        rerun("32", "include_bytes_contents", &calc("include_bytes!(\"../data/a.bin\").len().to_string()"))
            .file("data/a.bin", "one")
            .edit_in("data/a.bin", "one", "three"),
        rerun("32", "include_str_in_a_const", &calc("TEXT.into()"))
            .append("src/main.rs", "const TEXT: &str = include_str!(\"data.txt\");")
            .file("src/data.txt", "one")
            .edit_in("src/data.txt", "one", "two"),
        rerun(
            "32",
            "include_str_by_manifest_dir",
            &calc("include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/data.txt\")).into()"),
        )
        .file("data.txt", "one")
        .edit_in("data.txt", "one", "two"),
        rerun("32", "include_str_in_a_helper_of_a_dependency", &calc("units::text().into()"))
            .dep("units", "pub fn text() -> &'static str { include_str!(\"../data.txt\") }")
            .file("units/data.txt", "one")
            .edit_in("units/data.txt", "one", "two"),
        rerun("32", "include_of_code_contents", &calc("include!(\"expr.in\").to_string()"))
            .file("src/expr.in", "f() + 1")
            .append("src/main.rs", "fn f() -> i64 { 1 }")
            .edit("{ 1 }", "{ 2 }"),
        rerun("32", "include_str_through_a_macro", &with_macros("text!(\"data.txt\").into()"))
            .file("src/m.rs", "macro_rules! text { ($f:literal) => { include_str!($f) } }")
            .edit_in("src/data.txt", "one", "two")
            .file("src/data.txt", "one"),
        skip("12 32", "file_that_is_not_included", &calc("include_str!(\"data.txt\").into()"))
            .file("src/data.txt", "one")
            .file("src/other.txt", "1")
            .edit_in("src/other.txt", "1", "2"),
        skip("12 32", "file_included_by_something_not_reached", &calc("String::from(\"x\")"))
            .append("src/main.rs", "pub const TEXT: &str = include_str!(\"data.txt\");")
            .file("src/data.txt", "one")
            .edit_in("src/data.txt", "one", "two"),
    ]
}

fn variables() -> Vec<Case> {
    vec![
        rerun("32", "env_value", &calc("env!(\"E2E_ENV_VALUE\").into()")).variable(
            "E2E_ENV_VALUE",
            Some("1"),
            Some("2"),
        ),
        rerun("32", "option_env_value", &calc("option_env!(\"E2E_OPTION_ENV\").unwrap_or(\"none\").into()"))
            .variable("E2E_OPTION_ENV", None, Some("2")),
        rerun("32", "option_env_in_a_dependency", &calc("units::f().into()"))
            .dep(
                "units",
                "pub fn f() -> &'static str { option_env!(\"E2E_DEPENDENCY_ENV\").unwrap_or(\"none\") }",
            )
            .variable("E2E_DEPENDENCY_ENV", Some("1"), Some("2")),
        skip("20 32", "option_env_not_reached", &calc("String::from(\"x\")"))
            .append("src/main.rs", "pub const X: Option<&str> = option_env!(\"E2E_NOT_REACHED\");")
            .variable("E2E_NOT_REACHED", Some("1"), Some("2")),
        rerun("32", "package_version_where_it_is_read", &calc("env!(\"CARGO_PKG_VERSION\").into()")).edit_in(
            "Cargo.toml",
            "version = \"0.1.0\"",
            "version = \"0.2.0\"",
        ),
        rerun("32", "package_description_where_it_is_read", &calc("env!(\"CARGO_PKG_DESCRIPTION\").into()"))
            .edit_in("Cargo.toml", "version = \"0.1.0\"", "version = \"0.1.0\"\ndescription = \"new\""),
    ]
}

fn features() -> Vec<Case> {
    let features = "\n[features]\ndefault = []\nfast = []\n";
    let toggled = |name, body| {
        rerun("32", name, &calc(body)).append("Cargo.toml", features).edit_in(
            "Cargo.toml",
            "default = []",
            "default = [\"fast\"]",
        )
    };
    vec![
        toggled("cfg_macro_of_a_feature", "cfg!(feature = \"fast\").to_string()"),
        toggled("cfg_attribute_of_a_feature", "#[cfg(feature = \"fast\")] let x = 1; #[cfg(not(feature = \"fast\"))] let x = 2; x.to_string()"),
        toggled("cfg_of_a_helper", "helper()").append("src/main.rs", "#[cfg(feature = \"fast\")] fn helper() -> String { \"fast\".into() }\n#[cfg(not(feature = \"fast\"))] fn helper() -> String { \"slow\".into() }"),
        toggled("cfg_attr_of_a_derive", "format!(\"{:?}\", X)").append("src/main.rs", "#[cfg_attr(feature = \"fast\", derive(Debug))] struct X;\n#[cfg(not(feature = \"fast\"))] impl std::fmt::Debug for X { fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result { f.write_str(\"slow\") } }"),
        toggled("cfg_attr_of_a_path", "m::f().to_string()").append("src/main.rs", "#[cfg_attr(feature = \"fast\", path = \"fast.rs\")] mod m;").file("src/m.rs", "pub fn f() -> i64 { 1 }").file("src/fast.rs", "pub fn f() -> i64 { 2 }"),
        rerun("32 T12", "feature_with_a_dash", &calc("cfg!(feature = \"fast-path\").to_string()"))
            .append("Cargo.toml", DASHES)
            .edit_in("Cargo.toml", "default = []", "default = [\"fast-path\"]"),
        skip("15 T12", "feature_with_a_dash_beside_one_with_an_underscore", &calc("f().to_string()"))
            .append("Cargo.toml", DASHES)
            .append("src/main.rs", "#[cfg(feature = \"fast-path\")] fn f() -> i64 { 5 }\n#[cfg(not(feature = \"fast-path\"))] fn f() -> i64 { i64::from(cfg!(feature = \"slow_path\")) }")
            .edit_in("Cargo.toml", "default = []", "default = [\"other-path\"]")
            .edit("{ 5 }", "{ 6 }"),
        rerun("32 T9", "feature_of_a_path_dependency", &calc("units::f().to_string()"))
            .dep("units", "pub fn f() -> bool { cfg!(feature = \"fast\") }")
            .append("units/Cargo.toml", features)
            .edit_in("Cargo.toml", "path = \"units\",", "path = \"units\", features = [\"fast\"],"),
        skip("15 32", "feature_that_nothing_reached_reads", &calc("String::from(\"x\")"))
            .append("Cargo.toml", features)
            .append("src/main.rs", "#[cfg(feature = \"fast\")] pub fn other() {}")
            .edit_in("Cargo.toml", "default = []", "default = [\"fast\"]"),
    ]
}

fn places() -> Vec<Case> {
    vec![
        rerun("32", "stringify_where_it_is_used", &calc("stringify!(a + b).into()")).edit("a + b", "a + c"),
        rerun("32", "module_path_where_it_is_used", &calc("m::f().into()"))
            .append("src/main.rs", "mod m { pub fn f() -> &'static str { module_path!() } }")
            .rename("m", "n"),
        rerun("32", "line_where_it_is_used", &calc("line!().to_string()"))
            .edit("#[checkpoint]", "\n\n#[checkpoint]"),
        rerun("32", "line_in_a_helper", &calc("f().to_string()"))
            .append("src/main.rs", "fn f() -> u32 { line!() }")
            .edit("fn f", "\nfn f"),
        rerun("32", "column_where_it_is_used", &calc("column!().to_string()"))
            .edit("#[checkpoint]", "  #[checkpoint]"),
        rerun("32", "file_where_it_is_used", &calc("m::f().into()"))
            .append("src/main.rs", "mod m;")
            .file("src/m.rs", "pub fn f() -> &'static str { file!() }")
            .remove("src/m.rs")
            .write("src/m/mod.rs", "pub fn f() -> &'static str { file!() }"),
        rerun("32", "type_name_where_it_is_used", &calc("std::any::type_name::<X>().into()"))
            .append("src/main.rs", "struct X;")
            .rename("X", "Y"),
        rerun("32", "type_name_of_a_moved_type", &calc("std::any::type_name::<X>().into()"))
            .append("src/main.rs", "struct X;")
            .edit("struct X;", "mod m { pub struct X; }\nuse m::X;"),
        rerun("32", "caller_location", &calc("here().to_string()"))
            .append(
                "src/main.rs",
                "#[track_caller] fn here() -> u32 { std::panic::Location::caller().line() }",
            )
            .edit("#[checkpoint]", "\n#[checkpoint]"),
        rerun("32", "stringify_in_an_own_macro", &with_macros("check!(1 + 1 == 2).into()"))
            .edit_in("src/m.rs", "\"no\"", "\"never\"")
            .file(
                "src/m.rs",
                "macro_rules! check { ($e:expr) => { if $e { stringify!($e) } else { \"no\" } } }",
            ),
        skip("6 32", "lines_added_where_line_is_not_used", &calc("String::from(\"x\")"))
            .edit("#[checkpoint]", "\n\n\n#[checkpoint]"),
    ]
}

fn build_scripts() -> Vec<Case> {
    vec![
        rerun("32 T10", "variable_from_the_build_script", &calc("env!(\"E2E_HASH\").into()"))
            .file("build.rs", &build_script("println!(\"cargo::rerun-if-env-changed=E2E_FROM\"); println!(\"cargo::rustc-env=E2E_HASH={}\", std::env::var(\"E2E_FROM\").unwrap());"))
            .variable("E2E_FROM", Some("1"), Some("2")),
        rerun("32 T10", "cfg_from_the_build_script", &calc("cfg!(e2e_cuda).to_string()"))
            .file("build.rs", &build_script("println!(\"cargo::rustc-check-cfg=cfg(e2e_cuda)\"); println!(\"cargo::rerun-if-env-changed=E2E_CUDA\"); if std::env::var(\"E2E_CUDA\").is_ok() { println!(\"cargo::rustc-cfg=e2e_cuda\"); }"))
            .variable("E2E_CUDA", None, Some("1")),
        rerun("32 T10", "cfg_attribute_from_the_build_script", &calc("f().to_string()"))
            .append("src/main.rs", "#[cfg(e2e_fast)] fn f() -> i64 { 1 }\n#[cfg(not(e2e_fast))] fn f() -> i64 { 2 }")
            .file("build.rs", &build_script("println!(\"cargo::rustc-check-cfg=cfg(e2e_fast)\"); println!(\"cargo::rerun-if-env-changed=E2E_FAST\"); if std::env::var(\"E2E_FAST\").is_ok() { println!(\"cargo::rustc-cfg=e2e_fast\"); }"))
            .variable("E2E_FAST", None, Some("1")),
        rerun("32 T10", "cfg_of_an_import_from_the_build_script", &calc("f().to_string()"))
            .append("src/main.rs", "mod a { pub fn f() -> i64 { 1 } }\nmod b { pub fn f() -> i64 { 2 } }\n#[cfg(e2e_fast)] use a::f;\n#[cfg(not(e2e_fast))] use b::f;")
            .file("build.rs", &build_script("println!(\"cargo::rustc-check-cfg=cfg(e2e_fast)\"); println!(\"cargo::rerun-if-env-changed=E2E_FAST\"); if std::env::var(\"E2E_FAST\").is_ok() { println!(\"cargo::rustc-cfg=e2e_fast\"); }"))
            .variable("E2E_FAST", None, Some("1")),
        rerun("32 T10", "generated_code_in_out_dir", &calc("made().to_string()"))
            .append("src/main.rs", "include!(concat!(env!(\"OUT_DIR\"), \"/made.rs\"));")
            .file("number.txt", "1")
            .file("build.rs", &build_script("println!(\"cargo::rerun-if-changed=number.txt\"); let n = std::fs::read_to_string(\"number.txt\").unwrap(); std::fs::write(format!(\"{}/made.rs\", std::env::var(\"OUT_DIR\").unwrap()), format!(\"fn made() -> i64 {{ {n} }}\")).unwrap();"))
            .edit_in("number.txt", "1", "2"),
        rerun("32 T10", "variable_from_a_dependencys_build_script", &calc("units::f().into()"))
            .dep("units", "pub fn f() -> &'static str { env!(\"E2E_UNITS\") }")
            .file("units/build.rs", "fn main() { println!(\"cargo::rustc-env=E2E_UNITS={}\", 1); }")
            .edit_in("units/build.rs", ", 1)", ", 2)"),
        skip("14 T10", "build_script_changed_without_effect", &calc("String::from(\"x\")")).edit_in("build.rs", "fn main() {", "fn main() { let _ = 1;"),
    ]
}
