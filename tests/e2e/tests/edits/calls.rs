//! Lists the cases of the call itself: arguments, options, modes.

use e2e::{Case, rerun, skip};

const ADD: &str = r#"
#[checkpoint] fn add(a: i64, b: i64) -> i64 { println!("ran"); a + b }
fn main() { println!("{}", add(1, 2)); }
"#;

const CACHED: &str = r#"
#[doc = "checkpoint"] fn add(a: i64, b: i64) -> i64 { println!("ran"); a + b }
fn main() { println!("{}", cached!(add(1, 2))); }
"#;

pub fn cases() -> Vec<Case> {
    vec![
        skip("1", "same_process", ADD).edit("println!(\"{}\", add(1, 2));", "for _ in 0..3 { println!(\"{}\", add(1, 2)); }"),
        skip("1", "same_process_from_the_start", ADD.replace("add(1, 2)", "add(1, 2) + add(1, 2)").as_str()).edit("fn main", "// main\nfn main"),
        skip("1", "switch_between_marks", ADD)
            .edit("#[checkpoint]", "#[doc = \"checkpoint\"]")
            .edit("println!(\"{}\", add(1, 2))", "println!(\"{}\", cached!(add(1, 2)))"),
        skip("1", "switch_between_doc_spellings", CACHED).edit("#[doc = \"checkpoint\"]", "/// Adds.\n///\n/// checkpoint\n"),
        skip("1", "alias_spelling", CACHED.replace("#[doc = \"checkpoint\"]", "#[doc(alias = \"checkpoint\")]").as_str()).edit("a + b", "a+b"),
        skip("1", "mark_under_another_name", ADD.replace("#[checkpoint]", "use checkpointing::checkpoint as cp;\n#[cp]").as_str())
            .edit("use checkpointing::checkpoint as cp;\n#[cp]", "#[checkpoint]"),
        skip("1", "mark_through_a_glob", ADD.replace("#[checkpoint]", "mod prelude { pub use checkpointing::*; }\nuse prelude::*;\n#[checkpoint]").as_str())
            .edit("#[checkpoint]", "/// Adds.\n#[checkpoint]"),
        skip("17", "hash_map_in_another_order", r#"
            use std::collections::{HashMap, HashSet};
            #[checkpoint] fn sum(map: &HashMap<String, i64>, set: HashSet<i64>) -> i64 { println!("ran"); map.values().sum::<i64>() + set.into_iter().sum::<i64>() }
            fn main() {
                let keys = ["a", "b", "c", "d", "e"];
                let map = keys.iter().map(|k| (k.to_string(), 1)).collect();
                println!("{}", sum(&map, HashSet::from([1, 2, 3, 4])));
            }
        "#)
        .edit("keys.iter()", "keys.iter().rev()")
        .edit("[1, 2, 3, 4]", "[4, 3, 1, 2]"),
        rerun("21 T16", "vec_in_another_order", r#"
            #[checkpoint] fn first(list: &[i64]) -> i64 { println!("ran"); list[0] }
            fn main() { println!("{}", first(&[1, 2])); }
        "#)
        .edit("&[1, 2]", "&[2, 1]"),
        skip("20", "variables_that_nothing_names", ADD)
            .variable("LANG", Some("C"), Some("de_DE.UTF-8"))
            .variable("TZ", Some("UTC"), Some("Asia/Tokyo"))
            .variable("E2E_NOT_NAMED", None, Some("1")),
        rerun("21", "other_argument", ADD).edit("add(1, 2)", "add(1, 3)"),
        rerun("21", "other_argument_with_doc_mark", CACHED).edit("add(1, 2)", "add(1, 3)"),
        rerun("21", "arguments_swapped", ADD).edit("add(1, 2)", "add(2, 1)"),
        rerun("21", "argument_boundary", r#"
            #[checkpoint] fn join(a: &str, b: &str) -> String { println!("ran"); format!("{a}-{b}") }
            fn main() { println!("{}", join("ab", "c")); }
        "#)
        .edit("\"ab\", \"c\"", "\"a\", \"bc\""),
        rerun("21", "field_of_an_argument", r#"
            #[derive(serde::Serialize)] struct Options { depth: Option<u32>, names: Vec<(String, f64)> }
            #[checkpoint] fn calc(options: &Options) -> usize { println!("ran"); options.names.len() + options.depth.unwrap_or(0) as usize }
            fn main() { println!("{}", calc(&Options { depth: Some(1), names: vec![("a".into(), 1.5)] })); }
        "#)
        .uses("serde")
        .edit("1.5", "1.25"),
        rerun("21", "none_and_some_default", r#"
            #[checkpoint] fn calc(depth: Option<u32>, text: Option<&str>) -> bool { println!("ran"); depth.is_none() && text.is_none() }
            fn main() { println!("{}", calc(None, None)); }
        "#)
        .edit("calc(None, None)", "calc(Some(0), None)"),
        rerun("21", "self_is_an_argument", r#"
            #[derive(serde::Serialize)] struct Model { rate: f64 }
            impl Model { #[checkpoint] fn fit(&self, x: i64) -> f64 { println!("ran"); self.rate * x as f64 } }
            fn main() { println!("{}", Model { rate: 0.5 }.fit(4)); }
        "#)
        .uses("serde")
        .edit("rate: 0.5", "rate: 0.25"),
        rerun("21", "minus_zero", r#"
            #[checkpoint] fn sign(x: f64) -> bool { println!("ran"); x.is_sign_negative() }
            fn main() { println!("{}", sign(0.0)); }
        "#)
        .edit("sign(0.0)", "sign(-0.0)"),
        rerun("21", "generic_argument", r#"
            #[checkpoint] fn size<T: serde::Serialize>(_value: T) -> usize { println!("ran"); std::mem::size_of::<T>() }
            fn main() { println!("{}", size(1u8)); }
        "#)
        .uses("serde")
        .edit("1u8", "1u64"),
        skip("21", "ignored_argument", ADD.replace("#[checkpoint]", "#[checkpoint(ignore(b))]").replace("a + b", "a + b * 0").as_str())
            .edit("add(1, 2)", "add(1, 3)"),
        skip("21", "ignored_argument_of_doc_mark", CACHED.replace("= \"checkpoint\"", "= \"checkpoint(ignore(b))\"").replace("a + b", "a + b * 0").as_str())
            .edit("add(1, 2)", "add(1, 3)"),
        skip("21", "hash_with_equal_value", r#"
            fn rounded(x: &f64) -> i64 { *x as i64 }
            #[checkpoint(hash_with(x = rounded))] fn floor(x: f64) -> i64 { println!("ran"); x as i64 }
            fn main() { println!("{}", floor(1.25)); }
        "#)
        .edit("floor(1.25)", "floor(1.5)"),
        rerun("21 T17", "hash_with_function_changed", r#"
            fn rounded(x: &f64) -> i64 { *x as i64 }
            #[checkpoint(hash_with(x = rounded))] fn floor(x: f64) -> i64 { println!("ran"); x as i64 }
            fn main() { println!("{}", floor(1.25)); }
        "#)
        .edit("{ *x as i64 }", "{ *x as i64 * 2 }"),
        rerun("36", "version_option", ADD.replace("#[checkpoint]", "#[checkpoint(version = 1)]").as_str()).edit("version = 1", "version = 2"),
        rerun("36", "version_added", ADD).edit("#[checkpoint]", "#[checkpoint(version = 2)]"),
        rerun("36", "version_of_doc_mark", CACHED).edit("\"checkpoint\"", "\"checkpoint(version = 2)\""),
        rerun("36", "extra_option", ADD.replace("#[checkpoint]", "#[checkpoint(extra = std::env::args().count())]").as_str()).args(&[], &["more"]),
        rerun("36", "extra_in_the_call", CACHED.replace("add(1, 2))", "add(1, 2), extra = std::env::args().count())").as_str()).args(&[], &["more"]),
        rerun("36 T17", "extra_names_a_function", ADD.replace("#[checkpoint]", "fn model() -> u8 { 1 }\n#[checkpoint(extra = model())]").as_str()).edit("{ 1 }", "{ 2 }"),
        rerun("36", "rerun_macro", ADD).edit("add(1, 2));", "rerun!(add(1, 2)));"),
        rerun("36", "rerun_macro_with_doc_mark", CACHED).edit("cached!(add", "rerun!(add"),
        rerun("36", "refresh_mode", ADD).variable("CHECKPOINTING", None, Some("refresh")),
        rerun("36", "off_mode", ADD).variable("CHECKPOINTING", None, Some("off")),
        skip("36", "readonly_mode_reads", ADD).variable("CHECKPOINTING", None, Some("readonly")),
        rerun("36", "other_directory", ADD).variable("CHECKPOINTING_DIR", None, Some("elsewhere")),
        rerun("36", "directory_option", ADD).edit("#[checkpoint]", "#[checkpoint(directory = \"other/place\")]"),
        rerun("22", "plain_call_of_doc_mark_is_not_cached", CACHED).edit("cached!(add(1, 2))", "add(1, 2)"),
        skip("21", "result_stores_ok_only", r#"
            #[checkpoint] fn parse(text: &str) -> Result<i64, std::num::ParseIntError> { println!("ran"); text.parse() }
            fn main() { println!("{:?}", parse("12")); }
        "#)
        .edit("fn main", "// nothing\nfn main"),
    ]
}
