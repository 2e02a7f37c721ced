//! Lists the cases where a body, a const or a helper changes.

use e2e::{Case, rerun, skip};

pub fn cases() -> Vec<Case> {
    [own(), globals(), helpers(), dependencies()].concat()
}

fn own() -> Vec<Case> {
    vec![
        rerun("22", "body_changed", "#[checkpoint] fn calc() -> i64 { println!(\"ran\"); 1 + 2 }")
            .edit("1 + 2", "1 + 3"),
        rerun("22", "operator_changed", "#[checkpoint] fn calc() -> i64 { println!(\"ran\"); 6 - 2 }")
            .edit("6 - 2", "6 * 2"),
        rerun(
            "22",
            "literal_suffix_changed",
            "#[checkpoint] fn calc() -> String { println!(\"ran\"); (200u8 as i8 as i64).to_string() }",
        )
        .edit("200u8", "200i16"),
        rerun(
            "22",
            "string_changed",
            "#[checkpoint] fn calc() -> String { println!(\"ran\"); String::from(\"a // b\") }",
        )
        .edit("a // b", "a // c"),
        rerun(
            "22",
            "statement_reordered",
            r#"
            #[checkpoint] fn calc() -> i64 { println!("ran"); let mut x = 1; x += 2; x *= 3; x }
        "#,
        )
        .edit("x += 2; x *= 3;", "x *= 3; x += 2;"),
        rerun(
            "22",
            "return_type_changed",
            "#[checkpoint] fn calc() -> u8 { println!(\"ran\"); \"7\".parse().unwrap() }",
        )
        .edit("-> u8", "-> i64"),
        rerun(
            "22",
            "parameter_type_changed",
            r#"
            #[checkpoint] fn calc(x: i32) -> i64 { println!("ran"); (x / 2) as i64 }
            fn main() { println!("{}", calc(3)); }
        "#,
        )
        .edit("x: i32", "x: u8"),
        rerun(
            "22",
            "parameters_swapped",
            r#"
            #[checkpoint] fn sub(a: i64, b: i64) -> i64 { println!("ran"); a - b }
            fn main() { println!("{}", sub(1, 2)); }
        "#,
        )
        .edit("(a: i64, b: i64)", "(b: i64, a: i64)"),
        rerun(
            "22",
            "semicolon_matters",
            r#"
            #[checkpoint] fn calc() -> i64 { println!("ran"); let x = { let _y = 2; 3 }; x }
        "#,
        )
        .edit("let _y = 2; 3", "3"),
        rerun(
            "22",
            "pattern_constant_or_binding",
            r#"
            const ONE: i64 = 1;
            #[checkpoint] fn calc() -> i64 { println!("ran"); match 2 { ONE => 10, _ => 20 } }
        "#,
        )
        .edit("ONE => 10", "_one => 10"),
        rerun(
            "22",
            "doc_mark_body_changed",
            r#"
            /// Adds.
            /// checkpoint
            fn calc() -> i64 { println!("ran"); 3 }
            fn main() { println!("{}", cached!(calc())); }
        "#,
        )
        .edit("{ println!(\"ran\"); 3 }", "{ println!(\"ran\"); 4 }"),
    ]
}

fn globals() -> Vec<Case> {
    let both = r#"
        const LIMIT: i64 = 3;
        static TABLE: [i64; 2] = [1, 2];
        #[checkpoint] fn calc() -> i64 { println!("ran"); LIMIT + TABLE[1] }
    "#;
    vec![
        rerun("23", "const_value", both).edit("i64 = 3", "i64 = 4"),
        rerun("23", "static_value", both).edit("[1, 2]", "[1, 3]"),
        rerun(
            "23",
            "const_of_const",
            r#"
            const BASE: i64 = 3;
            const LIMIT: i64 = BASE * twice(2);
            const fn twice(x: i64) -> i64 { x * 2 }
            #[checkpoint] fn calc() -> i64 { println!("ran"); LIMIT }
        "#,
        )
        .edit("x * 2", "x * 3"),
        rerun(
            "23",
            "associated_const",
            r#"
            struct S; impl S { const N: i64 = 3; }
            #[checkpoint] fn calc() -> i64 { println!("ran"); S::N }
        "#,
        )
        .edit("= 3", "= 4"),
        rerun(
            "23",
            "const_in_pattern",
            r#"
            const A: i64 = 1;
            #[checkpoint] fn calc() -> char { println!("ran"); match 1 { A => 'a', _ => 'b' } }
        "#,
        )
        .edit("i64 = 1", "i64 = 2"),
        rerun(
            "23",
            "const_in_format_string",
            r#"
            const SIZE: usize = 3;
            #[checkpoint] fn calc() -> String { println!("ran"); format!("{SIZE:>4} {:SIZE$}", 1) }
        "#,
        )
        .edit("usize = 3", "usize = 4"),
        rerun(
            "23",
            "lazy_static_initialiser",
            r#"
            use std::sync::LazyLock;
            static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| names());
            fn names() -> Vec<String> { vec!["a".into()] }
            #[checkpoint] fn calc() -> usize { println!("ran"); NAMES.len() }
        "#,
        )
        .edit("vec![\"a\".into()]", "vec![\"a\".into(), \"b\".into()]"),
        rerun(
            "23",
            "thread_local_initialiser",
            r#"
            thread_local! { static SEED: i64 = start(); }
            fn start() -> i64 { 1 }
            #[checkpoint] fn calc() -> i64 { println!("ran"); SEED.with(|s| *s) }
        "#,
        )
        .edit("{ 1 }", "{ 2 }"),
        rerun(
            "23",
            "const_in_function",
            r#"
            #[checkpoint] fn calc() -> i64 { println!("ran"); const N: i64 = 3; N }
        "#,
        )
        .edit("= 3", "= 4"),
        rerun(
            "23",
            "const_generic_default_from_const",
            r#"
            const N: usize = 2;
            struct Grid<const K: usize = N>;
            impl<const K: usize> Grid<K> { fn size(&self) -> usize { K } }
            #[checkpoint] fn calc() -> usize { println!("ran"); let g: Grid = Grid; g.size() }
        "#,
        )
        .edit("= 2", "= 3"),
    ]
}

fn helpers() -> Vec<Case> {
    let calc = |call: &str| format!("#[checkpoint] fn calc() -> i64 {{ println!(\"ran\"); {call} }}\n");
    vec![
        rerun("24", "helper_in_the_same_module", (calc("f()") + "fn f() -> i64 { 1 }").as_str()).edit("{ 1 }", "{ 2 }"),
        rerun("24", "helper_two_calls_away", (calc("f()") + "fn f() -> i64 { g() }\nfn g() -> i64 { 1 }").as_str()).edit("{ 1 }", "{ 2 }"),
        rerun("24", "helper_in_inline_module", (calc("m::f()") + "mod m { pub fn f() -> i64 { super::g() } }\nfn g() -> i64 { 1 }").as_str()).edit("{ 1 }", "{ 2 }"),
        rerun("24", "helper_in_file", (calc("m::f()") + "mod m;").as_str()).file("src/m.rs", "pub fn f() -> i64 { 1 }").edit_in("src/m.rs", "1", "2"),
        rerun("24", "helper_in_nested_file", (calc("a::b::f()") + "mod a;").as_str())
            .file("src/a/mod.rs", "pub mod b { pub use self::c::f; mod c; }")
            .file("src/a/b/c.rs", "pub fn f() -> i64 { 1 }")
            .edit_in("src/a/b/c.rs", "1", "2"),
        rerun("24", "helper_in_path_attribute_file", (calc("m::f()") + "#[path = \"odd/name.rs\"] mod m;").as_str())
            .file("src/odd/name.rs", "pub fn f() -> i64 { g::f() }\nmod g;")
            .file("src/odd/g.rs", "pub fn f() -> i64 { 1 }")
            .edit_in("src/odd/g.rs", "1", "2"),
        rerun("24", "helper_in_own_library", "#[checkpoint] fn calc() -> i64 { println!(\"ran\"); helper_in_own_library::f() }")
            .file("src/lib.rs", "pub fn f() -> i64 { 1 }")
            .edit_in("src/lib.rs", "1", "2"),
        rerun("24", "helper_through_reexport", (calc("a::f()") + "mod a { pub use crate::b::f; }\nmod b { pub fn f() -> i64 { 1 } }").as_str()).edit("{ 1 }", "{ 2 }"),
        rerun("24", "helper_through_glob", (calc("f()") + "use a::*;\nmod a { pub use crate::b::*; }\nmod b { pub fn f() -> i64 { 1 } }").as_str()).edit("{ 1 }", "{ 2 }"),
        rerun("24", "helper_through_renamed_import", (calc("g()") + "use a::f as g;\nmod a { pub fn f() -> i64 { 1 } }").as_str()).edit("{ 1 }", "{ 2 }"),
        rerun("24", "helper_through_renamed_module", (calc("z::f()") + "use a::{self as z};\nmod a { pub fn f() -> i64 { 1 } }").as_str()).edit("{ 1 }", "{ 2 }"),
        rerun("24", "helper_through_local_import", (calc("use a::f; f()") + "mod a { pub fn f() -> i64 { 1 } }").as_str()).edit("{ 1 }", "{ 2 }"),
        rerun("24", "helper_nested_in_the_body", calc("fn f() -> i64 { g() } f()").as_str()).append("src/main.rs", "fn g() -> i64 { 1 }").edit("{ 1 }", "{ 2 }"),
        rerun("24", "helper_through_enum_glob", (calc("use Kind::*; [A, B].map(|k| k as i64)[1]") + "enum Kind { A, B = 1 }").as_str()).edit("B = 1", "B = 2"),
        rerun("24", "helper_behind_super_and_self", (calc("a::b::f()") + "mod a { pub mod b { pub fn f() -> i64 { self::super::super::g() } } }\nfn g() -> i64 { 1 }").as_str()).edit("{ 1 }", "{ 2 }"),
        skip("12", "function_of_the_same_name_in_another_module", (calc("a::f()") + "mod a { pub fn f() -> i64 { 1 } }\npub mod b { pub fn f() -> i64 { 7 } }").as_str()).edit("{ 7 }", "{ 8 }"),
        rerun("24", "helper_only_mentioned", (calc("let _unused: fn() -> i64 = f; 3") + "fn f() -> i64 { 1 }").as_str()).edit("{ 1 }", "{ 2 }"),
        rerun("24", "helper_in_async_block", r#"
            #[checkpoint] fn calc() -> i64 {
                println!("ran");
                let mut task = Box::pin(async { f().await });
                match task.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop())) {
                    std::task::Poll::Ready(value) => value,
                    std::task::Poll::Pending => 0,
                }
            }
            use std::future::Future;
            async fn f() -> i64 { 1 }
        "#)
        .edit("{ 1 }", "{ 2 }"),
    ]
}

fn dependencies() -> Vec<Case> {
    let calc = |call: &str| format!("#[checkpoint] fn calc() -> i64 {{ println!(\"ran\"); {call} }}\n");
    vec![
        rerun("24", "dependency_function", calc("units::f()").as_str()).dep("units", "pub fn f() -> i64 { g() }\nfn g() -> i64 { 1 }").edit_in("units/src/lib.rs", "1", "2"),
        rerun("24", "dependency_function_imported", (calc("f()") + "use units::inner::f;").as_str())
            .dep("units", "pub mod inner;")
            .file("units/src/inner.rs", "pub fn f() -> i64 { 1 }")
            .edit_in("units/src/inner.rs", "1", "2"),
        rerun("24", "dependency_through_glob", (calc("f()") + "use units::prelude::*;").as_str())
            .dep("units", "pub mod prelude { pub use crate::f; }\nfn f() -> i64 { 1 }\n".replace("\nfn f", "\npub fn f").as_str())
            .edit_in("units/src/lib.rs", "{ 1 }", "{ 2 }"),
        rerun("24", "dependency_const", calc("units::N").as_str()).dep("units", "pub const N: i64 = 1;").edit_in("units/src/lib.rs", "= 1", "= 2"),
        rerun("24", "dependency_of_dependency", calc("units::f()").as_str())
            .dep("units", "pub fn f() -> i64 { base::f() }")
            .dep_of("units", "base", "pub fn f() -> i64 { 1 }")
            .edit_in("base/src/lib.rs", "1", "2"),
        rerun("24", "dependency_of_dependency_reexported", calc("units::base::f()").as_str())
            .dep("units", "pub use base;")
            .dep_of("units", "base", "pub fn f() -> i64 { 1 }")
            .edit_in("base/src/lib.rs", "1", "2"),
        skip("12", "dependency_unrelated_function", calc("units::f()").as_str())
            .dep("units", "pub fn f() -> i64 { 1 }\npub fn g() -> i64 { 7 }")
            .edit_in("units/src/lib.rs", "{ 7 }", "{ 8 }"),
        skip("16", "dependency_not_reached", (calc("1") + "fn other() -> i64 { units::f() }\nconst _: fn() -> i64 = other;").as_str())
            .dep("units", "pub fn f() -> i64 { 1 }")
            .edit_in("units/src/lib.rs", "{ 1 }", "{ 2 }"),
        skip("10", "helper_moved_into_dependency", (calc("f()") + "fn f() -> i64 { 1 }").as_str())
            .dep("units", "pub fn other() {}")
            .edit("fn f() -> i64 { 1 }", "use units::f;")
            .edit_in("units/src/lib.rs", "pub fn other() {}", "pub fn f() -> i64 { 1 }"),
        rerun("24", "dependency_renamed_in_the_manifest", calc("metres::f()").as_str())
            .dep("units", "pub fn f() -> i64 { 1 }")
            .edit_in("units/src/lib.rs", "1", "2")
            .renamed_dependency("units", "metres"),
        rerun("24", "marked_function_of_a_dependency", "fn main() { println!(\"{}\", cached!(units::calc())); }")
            .dep("units", "#[doc = \"checkpoint\"]\npub fn calc() -> i64 { println!(\"ran\"); f() }\nfn f() -> i64 { 1 }")
            .edit_in("units/src/lib.rs", "{ 1 }", "{ 2 }"),
        rerun("24", "workspace_dependency_with_its_own_build_script", "fn main() { println!(\"{}\", units::calc()); }")
            .dep("units", "#[checkpointing::checkpoint]\npub fn calc() -> i64 { println!(\"ran\"); base::f() }")
            .append("units/Cargo.toml", "checkpointing.workspace = true\n")
            .dep_of("units", "base", "pub fn f() -> i64 { 1 }")
            .append("units/Cargo.toml", "\n[build-dependencies]\ncheckpointing-fingerprint.workspace = true\n")
            .file("units/build.rs", "fn main() { checkpointing_fingerprint::emit(); }\n")
            .edit_in("base/src/lib.rs", "{ 1 }", "{ 2 }"),
        skip("12", "workspace_dependency_with_its_own_build_script_skips", "fn main() { println!(\"{}\", units::calc()); }")
            .dep("units", "#[checkpointing::checkpoint]\npub fn calc() -> i64 { println!(\"ran\"); 1 }\npub fn other() -> i64 { 7 }")
            .append("units/Cargo.toml", "checkpointing.workspace = true\n\n[build-dependencies]\ncheckpointing-fingerprint.workspace = true\n")
            .file("units/build.rs", "fn main() { checkpointing_fingerprint::emit(); }\n")
            .edit_in("units/src/lib.rs", "{ 7 }", "{ 8 }"),
    ]
}
