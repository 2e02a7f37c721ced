//! Lists the cases that must not build, or that must warn and be right all the same.

use e2e::{Case, says, skip, stops};

const CALC: &str = "#[checkpoint] fn calc() -> i64 { println!(\"ran\"); 3 }";
const DOC: &str = "#[doc = \"checkpoint\"] fn calc() -> i64 { println!(\"ran\"); 3 }\nfn main() { println!(\"{}\", cached!(calc())); }";

pub fn cases() -> Vec<Case> {
    [builds(), signatures(), runs()].concat()
}

fn builds() -> Vec<Case> {
    vec![
        stops("-", "no_build_script", &["checkpointing_fingerprint::emit()"], CALC).without("build.rs"),
        stops("-", "no_build_script_with_doc_mark", &["checkpointing_fingerprint::emit()"], DOC)
            .without("build.rs"),
        stops("T22", "build_script_without_emit", &["checkpointing_fingerprint::emit()"], CALC)
            .file("build.rs", "fn main() {}\n"),
        stops(
            "-",
            "attribute_without_a_row",
            &["calc"],
            "macro_rules! define { () => { #[checkpoint] fn calc() -> i64 { println!(\"ran\"); 3 } } }\ndefine!();",
        ),
        stops("-", "file_that_does_not_parse", &["src/broken.rs"], &format!("mod broken;\n{CALC}"))
            .file("src/broken.rs", "pub fn f( { }\n"),
        stops("-", "module_file_that_is_missing", &["absent"], &format!("mod absent;\n{CALC}")),
        stops(
            "-",
            "unknown_option",
            &["unknown option `speed`"],
            &CALC.replace("#[checkpoint]", "#[checkpoint(speed = 3)]"),
        ),
        stops(
            "-",
            "unknown_option_of_a_doc_mark",
            &["unknown option `speed`", "src/main.rs"],
            &DOC.replace("\"checkpoint\"", "\"checkpoint(speed = 3)\""),
        ),
        stops(
            "-",
            "format_of_a_doc_mark_that_does_not_exist",
            &["src/main.rs", "postcard, json"],
            &DOC.replace("\"checkpoint\"", "\"checkpoint(format = xml)\""),
        ),
        stops(
            "-",
            "unknown_lint",
            &["unknown lint `clocks`", "clock, random"],
            &CALC.replace("#[checkpoint]", "#[checkpoint(allow(clocks))]"),
        ),
        stops(
            "-",
            "expression_in_a_doc_mark",
            &["extra", "src/main.rs"],
            &DOC.replace("\"checkpoint\"", "\"checkpoint(extra = 1 + 1)\""),
        ),
        stops(
            "-",
            "ignored_argument_that_does_not_exist",
            &["noise"],
            &CALC.replace("#[checkpoint]", "#[checkpoint(ignore(noise))]"),
        ),
        stops(
            "-",
            "ignored_argument_of_a_doc_mark_that_does_not_exist",
            &["noise", "src/main.rs"],
            &DOC.replace("\"checkpoint\"", "\"checkpoint(ignore(noise))\""),
        ),
        skip("15", "broken_file_for_another_platform", &format!("#[cfg(windows)] mod broken;\n{CALC}"))
            .file("src/broken.rs", "pub fn f( { }\n")
            .edit("fn main", "\nfn main"),
        skip("14", "broken_file_that_no_module_names", CALC)
            .file("src/draft.rs", "pub fn f( { }\n")
            .edit("fn main", "\nfn main"),
    ]
}

fn signatures() -> Vec<Case> {
    let marked = |signature: &str, main: &str| format!("#[checkpoint] {signature}\nfn main() {{ {main} }}\n");
    let doc = |signature: &str, main: &str| {
        format!("#[doc = \"checkpoint\"] {signature}\nfn main() {{ {main} }}\n")
    };
    let cases = [
        (
            ["mutable_argument", "mutable_argument_with_doc_mark"],
            "&mut",
            "fn f(x: &mut Vec<i64>) -> i64 { x.push(1); 3 }",
            "let _ = CALL(f(&mut vec![]));",
        ),
        (
            ["result_that_borrows", "result_that_borrows_with_doc_mark"],
            "borrow",
            "fn f(x: &str) -> &str { x }",
            "let _ = CALL(f(\"a\"));",
        ),
        (
            ["impl_trait_in_the_result", "impl_trait_in_the_result_with_doc_mark"],
            "impl",
            "fn f() -> impl Iterator<Item = i64> { 0..3 }",
            "let _ = CALL(f());",
        ),
    ];
    let mut list: Vec<Case> = Vec::new();
    for (names, text, signature, main) in cases {
        list.push(stops("-", names[0], &[text], &marked(signature, &main.replace("CALL(", "("))));
        list.push(stops(
            "-",
            names[1],
            &[text, "src/main.rs"],
            &doc(signature, &main.replace("CALL(", "cached!(")),
        ));
    }
    list.push(stops(
        "-",
        "argument_that_is_not_serialize",
        &["Serialize"],
        &marked("fn f(x: std::thread::Thread) -> i64 { let _ = x; 3 }", "f(std::thread::current());"),
    ));
    list.push(stops(
        "-",
        "result_that_is_not_deserialize",
        &["Deserialize"],
        &marked("fn f() -> std::thread::ThreadId { std::thread::current().id() }", "f();"),
    ));
    list.push(stops(
        "-",
        "unsafe_function",
        &["unsafe"],
        &marked("unsafe fn f() -> i64 { 3 }", "unsafe { f(); }"),
    ));
    list.push(stops(
        "-",
        "unsafe_function_with_doc_mark",
        &["unsafe"],
        &doc("unsafe fn f() -> i64 { 3 }", "unsafe { cached!(f()); }"),
    ));
    list.push(stops("T27", "cargo_cannot_be_started", &["cargo metadata", "Cargo.toml"], CALC).file("build.rs", "fn main() { unsafe { std::env::set_var(\"CARGO\", \"no-such-program\") }; checkpointing_fingerprint::emit(); }\n"));
    list
}

fn runs() -> Vec<Case> {
    vec![
        says("-", "doc_mark_without_a_row", &["calc", "is not cached"], "macro_rules! define { () => { #[doc = \"checkpoint\"] fn calc() -> i64 { println!(\"ran\"); 3 } } }\ndefine!();\nfn main() { println!(\"{}\", cached!(calc())); }"),
        says("-", "format_without_its_feature", &["calc` is not stored: the format `json+zstd` needs cargo features", "add features = [\"zstd\"] to `checkpointing` in Cargo.toml"], "#[checkpoint(format = \"json+zstd\")] fn calc() -> i64 { println!(\"ran\"); 3 }\nfn main() { println!(\"{}\", calc()); }"),
        says("-", "format_without_its_feature_with_a_doc_mark", &["`format_without_its_feature_with_a_doc_mark::calc` is not stored", "[\"zstd\"]"], "#[doc = \"checkpoint(format = postcard+zstd)\"] fn calc() -> Vec<String> { println!(\"ran\"); vec![] }\nfn main() { println!(\"{:?}\", cached!(calc())); }"),
        says("-", "function_without_a_mark", &["calc"], "fn calc() -> i64 { println!(\"ran\"); 3 }\nfn main() { println!(\"{}\", cached!(calc())); }"),
        says("T18", "two_nested_functions_of_one_name_with_doc_marks", &["same"], "fn main() { let a = { #[doc = \"checkpoint\"] fn same() -> i64 { println!(\"ran\"); 1 } cached!(same()) }; let b = { #[doc = \"checkpoint\"] fn same() -> i64 { println!(\"ran\"); 2 } cached!(same()) }; println!(\"{a} {b}\"); }"),
        says("T18", "closure_among_the_generics", &["run"], "#[checkpoint(ignore(f))] fn run<F: Fn() -> i64>(f: F) -> i64 { println!(\"ran\"); f() }\nfn main() { let n = std::env::args().count() as i64; println!(\"{} {}\", run(|| n), run(|| n + 1)); }"),
        says("T18", "function_pointer_among_the_generics", &["run"], "#[checkpoint(ignore(f))] fn run<F: Fn() -> i64>(f: F) -> i64 { println!(\"ran\"); f() }\nfn one() -> i64 { 1 }\nfn two() -> i64 { 2 }\nfn main() { println!(\"{} {}\", run(one as fn() -> i64), run(two as fn() -> i64)); }"),
        says("T18", "library_and_program_of_one_name", &[], "#[doc = \"checkpoint\"] fn calc() -> i64 { println!(\"ran\"); 1 }\nfn main() { println!(\"{} {}\", cached!(calc()), library_and_program_of_one_name::run()); }")
            .file("src/lib.rs", "#[doc = \"checkpoint\"] fn calc() -> i64 { println!(\"ran\"); 2 }\npub fn run() -> i64 { checkpointing::cached!(calc()) }\n"),
        skip("1 T18", "library_and_program_of_one_name_with_attributes", "#[checkpoint] fn calc() -> i64 { println!(\"ran\"); 1 }\nfn main() { println!(\"{} {}\", calc(), library_and_program_of_one_name_with_attributes::calc()); }")
            .file("src/lib.rs", "#[checkpointing::checkpoint] pub fn calc() -> i64 { println!(\"ran\"); 2 }\n")
            .first_runs(2)
            .edit("fn main", "\nfn main"),
        says("T18", "one_name_with_both_marks", &["T>::f", "several functions"], "#[derive(serde::Serialize)] struct S; trait T { fn f(&self) -> i64; }\nimpl T for S { #[doc = \"checkpoint\"] fn f(&self) -> i64 { println!(\"ran\"); 1 } }\nmod m { #[derive(serde::Serialize)] struct S; trait T { fn f(&self) -> i64; } impl T for S { #[checkpointing::checkpoint] fn f(&self) -> i64 { 2 } } pub fn run() -> i64 { S.f() } }\nfn main() { println!(\"{} {}\", cached!(T::f(&S)), m::run()); }").uses("serde"),
        says("-", "clock_behind_helpers", &["src/main.rs", "`clock_behind_helpers::calc` reads the clock: std::time::SystemTime::now at src/", "through clock_behind_helpers::helper", "checkpoint(allow(clock))"], "fn helper() -> i64 { let _ = std::time::SystemTime::now(); 3 }\n#[checkpoint] fn calc() -> i64 { println!(\"ran\"); helper() }"),
        says("-", "variable_with_doc_mark", &["`variable_with_doc_mark::calc` depends on the environment", "std::env::var", "allow(environment)"], "#[doc = \"checkpoint\"] fn calc() -> i64 { println!(\"ran\"); std::env::var(\"NOBODY_SETS_THIS\").map_or(3, |_| 4) }\nfn main() { println!(\"{}\", cached!(calc())); }"),
        says("-", "directory_that_cannot_be_made", &["calc", "Cargo.toml"], CALC).variable("CHECKPOINTING_DIR", Some("Cargo.toml/cache"), None),
        says("-", "mode_that_does_not_exist", &["CHECKPOINTING", "sometimes"], CALC).variable("CHECKPOINTING", Some("sometimes"), None),
    ]
}
