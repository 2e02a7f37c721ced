//! Lists the known limits: edits after which the stored result comes back although another one is right. The book
//! names each in "What is not seen". A case that fails here may well be good news.

use e2e::{Case, limit};

/// Writes code that the text of its caller says nothing of.
const MACROS: &str = r#"
extern crate proc_macro;
use proc_macro::TokenStream;
#[proc_macro]
pub fn imp(input: TokenStream) -> TokenStream {
    format!("impl Go for X {{ fn go(&self) -> i64 {input} }}").parse().unwrap()
}
"#;

const C: &str = r#"
fn main() {
    let out = std::env::var("OUT_DIR").unwrap() + "/native.o";
    assert!(std::process::Command::new("cc").args(["-c", "native.c", "-o", &out]).status().unwrap().success());
    println!("cargo::rustc-link-arg-bins={out}");
    println!("cargo::rerun-if-changed=native.c");
    checkpointing_fingerprint::emit();
}
"#;

fn calc(items: &str, body: &str) -> String {
    format!("{items}\n#[checkpoint] fn calc() -> i64 {{ println!(\"ran\"); {body} }}\n")
}

pub fn cases() -> Vec<Case> {
    vec![
        limit(
            "23",
            "limit_file_that_is_read_when_it_runs",
            &calc("", "std::fs::read_to_string(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/data.txt\")).unwrap().len() as i64"),
        )
        .file("data.txt", "short")
        .write("data.txt", "not short"),
        limit(
            "20",
            "limit_variable_that_is_read_when_it_runs",
            &calc("", "std::env::var(\"LIMIT_OF_THE_TEST\").unwrap().len() as i64"),
        )
        .variable("LIMIT_OF_THE_TEST", Some("1"), Some("22")),
        limit(
            "23",
            "limit_static_that_another_function_sets",
            &format!(
                "use std::sync::OnceLock; static F: OnceLock<fn() -> i64> = OnceLock::new(); fn f() -> i64 {{ 1 }}\n{}\nfn main() {{ F.set(f).unwrap(); println!(\"{{:?}}\", calc()); }}\n",
                calc("", "F.get().unwrap()()")
            ),
        )
        .edit("{ 1 }", "{ 2 }"),
        limit("24", "limit_c_source_that_is_not_watched", &calc("unsafe extern \"C\" { fn native() -> i64; }", "unsafe { native() }"))
            .file("build.rs", C)
            .file("native.c", "long long native(void) { return 1; }\n")
            .edit_in("native.c", "return 1", "return 2"),
        limit("28", "limit_impl_that_a_macro_makes_in_another_body", &calc("trait Go { fn go(&self) -> i64; }\nstruct X;\nfn _other() { macros::imp!({ 1 }); }", "X.go()"))
            .dep("macros", MACROS)
            .proc_macro("macros")
            .edit("{ 1 }", "{ 2 }"),
    ]
}
