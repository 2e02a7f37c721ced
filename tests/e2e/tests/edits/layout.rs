//! Lists the cases where the text changes and the meaning does not, or only of what is not reached.

use e2e::{Case, rerun, skip};

const MOVED: &str = r#"
#[checkpoint] fn calc() -> i64 { println!("ran"); helper(Point { x: LIMIT }).doubled() }
const LIMIT: i64 = 3;
#[derive(Clone)] pub struct Point { x: i64 }
impl Point { fn doubled(&self) -> i64 { self.x * 2 } }
fn helper(p: Point) -> Point { Point { x: p.x + 1 } }
"#;

const TWO: &str = r#"
#[checkpoint] fn calc() -> i64 { println!("ran"); helper() }
fn helper() -> i64 { 5 }
fn unrelated() -> i64 { 6 }
struct Other;
impl Other { fn value(&self) -> i64 { 7 } }
fn main() { let _ = (unrelated(), Other.value()); println!("{}", calc()); }
"#;

pub fn cases() -> Vec<Case> {
    vec![
        skip("6", "comment_added", TWO).edit("{ 5 }", "{\n // five\n 5 /* really */ }"),
        skip("6", "docs_added", TWO)
            .edit("fn helper", "/// Gives five.\n#[doc = \"more\"]\nfn helper")
            .edit("#[checkpoint]", "/// The sum.\n///\n/// # Panics\n/// never\n#[checkpoint]"),
        skip("6", "module_docs_and_comment_before_mark", TWO)
            .edit("#[allow(unused_imports)]", "//! The program.\n// and a comment\n#[allow(unused_imports)]"),
        skip("7", "reformatted", TWO)
            .edit("{ println!(\"ran\"); helper() }", "\n{\n    println!(\n\"ran\"\n);\n\n\thelper(  )\n}")
            .edit("fn helper() -> i64 { 5 }", "fn\nhelper(\n)->i64{5}"),
        skip("7", "line_endings", TWO).edit("\nfn helper", "\r\n\r\nfn helper"),
        skip(
            "7",
            "trailing_commas",
            r#"
            #[checkpoint] fn calc() -> i64 { println!("ran"); add(1, [2, 3]) }
            fn add(a: i64, b: [i64; 2]) -> i64 { a + b[0] + b[1] }
            "#,
        )
        .edit("add(1, [2, 3])", "add(\n1,\n[2, 3,],\n)"),
        skip(
            "8",
            "global_not_read",
            r#"
            const READ: i64 = 1;
            const NOT_READ: i64 = 2;
            static NEITHER: i64 = 3;
            #[checkpoint] fn calc() -> i64 { println!("ran"); READ }
            fn main() { println!("{} {NOT_READ} {NEITHER}", calc()); }
            "#,
        )
        .edit("NOT_READ: i64 = 2", "NOT_READ: i64 = 20")
        .edit("NEITHER: i64 = 3", "NEITHER: i64 = 30"),
        skip("10", "helper_moved_to_inline_module", MOVED)
            .edit("fn helper(p: Point) -> Point { Point { x: p.x + 1 } }", "")
            .edit(
                "const LIMIT",
                "mod inner { use super::Point; pub fn helper(p: Point) -> Point { Point { x: p.x + 1 } } }\nuse inner::helper;\nconst LIMIT",
            ),
        skip("10", "helper_moved_to_file", MOVED)
            .edit("fn helper(p: Point) -> Point { Point { x: p.x + 1 } }", "mod moved;\nuse moved::helper;\n")
            .write("src/moved.rs", "use crate::Point;\npub fn helper(p: Point) -> Point { Point { x: p.x + 1 } }\n"),
        skip("10", "const_moved_to_file", MOVED)
            .edit("const LIMIT: i64 = 3;", "mod limits;")
            .edit("x: LIMIT", "x: limits::LIMIT")
            .write("src/limits.rs", "pub const LIMIT: i64 = 3;\n"),
        skip("10", "impl_moved_to_file", MOVED)
            .edit("impl Point { fn doubled(&self) -> i64 { self.x * 2 } }", "mod methods;")
            .write("src/methods.rs", "use super::Point;\nimpl Point { pub(crate) fn doubled(&self) -> i64 { self.x * 2 } }\n"),
        skip("10", "file_moved_to_folder", "mod a;\n#[checkpoint] fn calc() -> i64 { println!(\"ran\"); a::b::f() }")
            .file("src/a.rs", "pub mod b;\n")
            .file("src/a/b.rs", "pub fn f() -> i64 { 4 }\n")
            .remove("src/a.rs")
            .write("src/a/mod.rs", "pub mod b;\n"),
        skip("10", "module_given_by_path_attribute", "mod a;\n#[checkpoint] fn calc() -> i64 { println!(\"ran\"); a::f() }")
            .file("src/a.rs", "pub fn f() -> i64 { 4 }\n")
            .edit("mod a;", "#[path = \"other/place.rs\"] mod a;")
            .remove("src/a.rs")
            .write("src/other/place.rs", "pub fn f() -> i64 { 4 }\n"),
        skip("10", "marked_function_moved_to_module", TWO)
            .edit("#[checkpoint] fn calc() -> i64 { println!(\"ran\"); helper() }", "mod m { use checkpointing::checkpoint;\n#[checkpoint] pub fn calc() -> i64 { println!(\"ran\"); super::helper() } }\nuse m::calc;"),
        skip("11", "items_reordered", MOVED)
            .edit("const LIMIT: i64 = 3;\n", "")
            .edit("fn helper(p: Point) -> Point { Point { x: p.x + 1 } }", "")
            .edit("#[checkpoint]", "fn helper(p: Point) -> Point { Point { x: p.x + 1 } }\nconst LIMIT: i64 = 3;\n#[checkpoint]"),
        skip(
            "11",
            "uses_reordered",
            r#"
            use std::collections::BTreeMap;
            use std::collections::HashMap;
            #[checkpoint] fn calc() -> usize {
                println!("ran");
                let a: BTreeMap<i64, i64> = BTreeMap::new();
                let b: HashMap<i64, i64> = HashMap::new();
                a.len() + b.len()
            }
            "#,
        )
        .edit("use std::collections::BTreeMap;\n", "")
        .edit("use std::collections::HashMap;", "use std::collections::{HashMap, BTreeMap};"),
        skip(
            "11",
            "path_written_in_full",
            r#"
            mod a { pub mod b { pub fn f() -> i64 { 4 } } }
            use a::b;
            #[checkpoint] fn calc() -> i64 { println!("ran"); b::f() }
            "#,
        )
        .edit("use a::b;", "")
        .edit("b::f()", "crate::a::b::f()"),
        skip(
            "11",
            "glob_instead_of_name",
            r#"
            mod a { pub fn f() -> i64 { 4 } }
            use a::f;
            #[checkpoint] fn calc() -> i64 { println!("ran"); f() }
            "#,
        )
        .edit("use a::f;", "use self::a::*;"),
        skip("12", "unrelated_function_added", TWO).edit("struct Other", "pub fn new_one() -> i64 { 9 }\nstruct Other"),
        skip("12", "unrelated_function_changed", TWO).edit("{ 6 }", "{ 60 }"),
        skip("12", "unrelated_method_changed", TWO).edit("{ 7 }", "{ 70 }"),
        skip("12", "unrelated_type_added", TWO)
            .edit("struct Other", "#[derive(Debug)] pub enum New { A, B(i64) }\nstruct Other"),
        skip("12", "unrelated_impl_added", TWO)
            .edit("impl Other", "impl std::fmt::Display for Other { fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result { f.write_str(\"x\") } }\nimpl Other"),
        skip("12", "unrelated_removed", TWO)
            .edit("fn unrelated() -> i64 { 6 }", "")
            .edit("struct Other;", "")
            .edit("impl Other { fn value(&self) -> i64 { 7 } }", "")
            .edit("let _ = (unrelated(), Other.value()); ", ""),
        skip("12", "unrelated_module_file_added", TWO)
            .edit("struct Other", "mod fresh;\nstruct Other")
            .write("src/fresh.rs", "pub fn helper() -> i64 { 99 }\n"),
        skip("12", "unrelated_method_of_used_type", MOVED)
            .edit("{ self.x * 2 }", "{ self.x * 2 }\n pub fn tripled(&self) -> i64 { self.x * 3 }"),
        skip(
            "12",
            "method_of_the_same_name_changed",
            r#"
            struct Mine; impl Mine { fn value(&self) -> i64 { 5 } }
            struct Other; impl Other { fn value(&self) -> i64 { 7 } }
            #[checkpoint] fn calc() -> i64 { println!("ran"); Mine.value() }
            fn main() { let _ = Other.value(); println!("{}", calc()); }
            "#,
        )
        .edit("{ 7 }", "{ 70 }"),
        skip("12", "main_changed", TWO).edit("fn main() { ", "fn main() { let _ = std::env::args().count(); "),
        skip("12", "other_marked_function_changed", TWO)
            .edit("fn unrelated() -> i64 { 6 }", "#[checkpoint] fn unrelated() -> i64 { 60 }"),
        skip("13", "visibility_changed", TWO).edit("fn helper", "pub(crate) fn helper").edit("] fn calc", "] pub fn calc"),
        skip("13", "lint_attributes_added", TWO)
            .edit("fn helper", "#[allow(dead_code)] #[must_use] #[inline(never)] #[cold]\nfn helper")
            .edit("#[checkpoint]", "#[checkpoint] #[allow(clippy::pedantic)] #[inline]"),
        skip("13", "field_visibility_changed", MOVED).edit("struct Point { x", "struct Point { pub x"),
        skip("14", "tests_changed", TWO)
            .file("tests/smoke.rs", "#[test] fn one() { assert_eq!(1, 1); }\n")
            .edit("struct Other", "#[cfg(test)] mod tests { #[test] fn five() { assert_eq!(super::helper(), 5); } }\nstruct Other")
            .edit_in("tests/smoke.rs", "(1, 1)", "(2, 2)"),
        skip("14", "examples_benches_readme_changed", TWO)
            .file("examples/show.rs", "fn main() { println!(\"a\"); }\n")
            .file("README.md", "# One\n")
            .edit_in("examples/show.rs", "\"a\"", "\"b\"")
            .edit_in("README.md", "One", "Two"),
        skip("14", "package_metadata_changed", TWO)
            .edit_in("Cargo.toml", "version = \"0.1.0\"", "version = \"0.2.0\"\ndescription = \"New\"\nkeywords = [\"a\"]"),
        skip("15", "code_for_another_platform", TWO)
            .edit("struct Other", "#[cfg(windows)] fn elsewhere() -> i64 { helper() }\nstruct Other")
            .edit("{ 5 }", "{ #[cfg(target_os = \"macos\")] { return 6; } 5 }"),
        skip("15", "code_for_another_platform_changed", TWO.replace("{ 5 }", "{ if cfg!(any()) {} #[cfg(windows)] { return 1; } 5 }").as_str())
            .edit("return 1", "return 2"),
        skip("15", "code_for_a_disabled_feature", TWO.replace("{ 5 }", "{ #[cfg(feature = \"extra\")] { return 1; } 5 }").as_str())
            .append("Cargo.toml", "\n[features]\nextra = []\n")
            .edit("return 1", "return 2"),
        skip("15", "module_for_another_platform_is_absent", TWO)
            .edit("struct Other", "#[cfg(windows)] mod only_there;\nstruct Other"),
        rerun("15 22", "code_for_this_platform", TWO.replace("{ 5 }", "{ #[cfg(target_os = \"none\")] { return 1; } #[cfg(not(target_os = \"none\"))] { 5 } }").as_str())
            .edit("{ 5 }", "{ 50 }"),
    ]
}
