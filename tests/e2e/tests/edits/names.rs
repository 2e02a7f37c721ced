//! Lists the cases where only a name changes: nothing may rerun.

use e2e::{Case, rerun, skip};

pub fn cases() -> Vec<Case> {
    vec![
        skip(
            "2",
            "parameter_renamed",
            r#"
            #[checkpoint] fn add(a: i64, b: i64) -> i64 { println!("ran"); a + 2 * b }
            fn main() { println!("{}", add(3, 4)); }
            "#,
        )
        .rename("a", "first")
        .rename("b", "second"),
        skip(
            "2",
            "parameter_renamed_of_helper",
            r#"
            #[checkpoint] fn calc() -> i64 { println!("ran"); half(8) }
            fn half(x: i64) -> i64 { x / 2 }
            "#,
        )
        .rename("x", "number"),
        skip(
            "2 T17",
            "parameter_renamed_that_is_ignored",
            r#"
            #[checkpoint(ignore(noise))] fn add(a: i64, noise: i64) -> i64 { println!("ran"); let _ = noise; a }
            fn main() { println!("{}", add(3, 4)); }
            "#,
        )
        .rename("noise", "rest"),
        rerun(
            "21 T17",
            "ignore_names_another_argument",
            r#"
            #[checkpoint(ignore(a))] fn mix(a: i64, b: i64) -> i64 { println!("ran"); a * 10 + b }
            fn main() {
                let calls: [fn() -> i64; 2] = [|| mix(1, 2), || mix(2, 5)];
                println!("{}", calls[std::env::args().count() - 1]());
            }
            "#,
        )
        .edit("ignore(a)", "ignore(b)")
        .args(&[], &["second"]),
        skip(
            "3",
            "local_renamed",
            r#"
            #[checkpoint] fn calc() -> i64 { println!("ran"); let total = 1 + 2; let double = total * 2; double }
            "#,
        )
        .rename("total", "sum")
        .rename("double", "twice"),
        skip(
            "3 T14",
            "local_renamed_in_format_string",
            r#"
            #[checkpoint] fn calc() -> String {
                println!("ran");
                let total = 3;
                let width = 5;
                format!("{total:>width$} {:?} {total}", vec![total, width as i32])
            }
            "#,
        )
        .rename("total", "sum")
        .rename("width", "columns"),
        skip(
            "3",
            "local_renamed_in_pattern",
            r#"
            #[checkpoint] fn calc() -> i64 {
                println!("ran");
                let (x, y) = (1, 2);
                let more = match Some(x) { Some(inner) if inner > 0 => inner + y, Some(other) => other, None => 0 };
                if let Some(z) = Some(more) { z } else { 0 }
            }
            "#,
        )
        .rename("x", "left")
        .rename("y", "right")
        .rename("inner", "value")
        .rename("z", "found"),
        skip(
            "3 T14",
            "local_renamed_with_field_shorthand",
            r#"
            struct Point { x: i64, y: i64 }
            #[checkpoint] fn calc() -> i64 {
                println!("ran");
                let x = 3;
                let point = Point { x, y: 4 };
                let Point { x: a, y } = point;
                a * 10 + y
            }
            "#,
        )
        .edit("let x = 3;", "let wide = 3;")
        .edit("Point { x, y: 4 }", "Point { x: wide, y: 4 }"),
        skip(
            "3",
            "local_shadowed_name_renamed",
            r#"
            #[checkpoint] fn calc() -> i64 {
                println!("ran");
                let n = 1;
                let n = n + 1;
                let f = |k: i64| { let n = n * k; n };
                f(n)
            }
            "#,
        )
        .edit("let n = 1;", "let one = 1;")
        .edit("let n = n + 1;", "let n = one + 1;"),
        rerun(
            "22",
            "local_shadowing_changes_meaning",
            r#"
            #[checkpoint] fn calc() -> i64 {
                println!("ran");
                let a = 1;
                let b = a + 1;
                a + b * 10
            }
            "#,
        )
        .edit("let b = a + 1;", "let a = a + 1; let b = a;"),
        skip(
            "4",
            "const_renamed",
            r#"
            const LIMIT: i64 = 3;
            #[checkpoint] fn calc() -> i64 { println!("ran"); LIMIT + 1 }
            "#,
        )
        .rename("LIMIT", "MAXIMUM"),
        skip(
            "4",
            "static_renamed",
            r#"
            static TABLE: [i64; 3] = [1, 2, 3];
            #[checkpoint] fn calc() -> i64 { println!("ran"); TABLE.iter().sum() }
            "#,
        )
        .rename("TABLE", "NUMBERS"),
        skip(
            "4",
            "const_renamed_in_other_file",
            r#"
            mod limits;
            use limits::LIMIT;
            #[checkpoint] fn calc() -> i64 { println!("ran"); LIMIT + 1 }
            "#,
        )
        .file("src/limits.rs", "pub const LIMIT: i64 = BASE * 2;\nconst BASE: i64 = 4;\n")
        .rename("LIMIT", "MAXIMUM")
        .rename("BASE", "START"),
        skip(
            "5",
            "marked_function_renamed",
            r#"
            #[checkpoint] fn calc() -> i64 { println!("ran"); 7 }
            "#,
        )
        .rename("calc", "compute"),
        skip(
            "5",
            "marked_function_renamed_with_doc_mark",
            r#"
            #[doc = "checkpoint"] fn calc() -> i64 { println!("ran"); 7 }
            fn main() { println!("{}", cached!(calc())); }
            "#,
        )
        .rename("calc", "compute"),
        skip(
            "5",
            "marked_recursive_function_renamed",
            r#"
            #[doc = "checkpoint"] fn fact(n: u64) -> u64 { if n == 0 { println!("ran"); 1 } else { n * fact(n - 1) } }
            fn main() { println!("{}", cached!(fact(5))); }
            "#,
        )
        .rename("fact", "factorial"),
        skip(
            "9",
            "helper_renamed",
            r#"
            #[checkpoint] fn calc() -> i64 { println!("ran"); helper(2) }
            fn helper(x: i64) -> i64 { x * 3 }
            "#,
        )
        .rename("helper", "triple"),
        skip(
            "9",
            "helper_renamed_in_dependency",
            r#"
            #[checkpoint] fn calc() -> i64 { println!("ran"); units::helper(2) }
            "#,
        )
        .dep("units", "pub fn helper(x: i64) -> i64 { inner(x) }\nfn inner(x: i64) -> i64 { x * 3 }\n")
        .rename("helper", "triple")
        .rename("inner", "thrice"),
        skip(
            "9",
            "helper_renamed_used_as_value",
            r#"
            #[checkpoint] fn calc() -> Vec<i64> { println!("ran"); [1, 2].into_iter().map(helper).collect() }
            fn helper(x: i64) -> i64 { x * 3 }
            "#,
        )
        .rename("helper", "triple"),
        skip(
            "9",
            "import_renamed",
            r#"
            mod inner { pub fn helper(x: i64) -> i64 { x * 3 } }
            use inner::helper as h;
            #[checkpoint] fn calc() -> i64 { println!("ran"); h(2) }
            "#,
        )
        .rename("h", "triple"),
        skip(
            "9",
            "module_renamed",
            r#"
            mod inner { pub fn helper(x: i64) -> i64 { super::base() + x } }
            fn base() -> i64 { 1 }
            #[checkpoint] fn calc() -> i64 { println!("ran"); inner::helper(2) }
            "#,
        )
        .rename("inner", "nested"),
        skip(
            "18",
            "closure_parameter_renamed",
            r#"
            #[checkpoint] fn calc() -> Vec<i64> { println!("ran"); (0..3).map(|item| item + 1).collect() }
            "#,
        )
        .rename("item", "each"),
        skip(
            "18",
            "label_renamed",
            r#"
            #[checkpoint] fn calc() -> i64 {
                println!("ran");
                let mut n = 0;
                'outer: loop { loop { n += 1; if n > 4 { break 'outer; } if n % 2 == 0 { continue 'outer; } } }
                n
            }
            "#,
        )
        .rename("outer", "all"),
        rerun(
            "22",
            "label_of_another_loop",
            r#"
            #[checkpoint] fn calc() -> i64 {
                println!("ran");
                let mut n = 0;
                'one: for _ in 0..3 { 'two: for _ in 0..3 { n += 1; if n % 2 == 0 { continue 'one; } else { continue 'two; } } }
                n
            }
            "#,
        )
        .edit("continue 'one", "continue 'two"),
        skip(
            "18",
            "lifetime_renamed",
            r#"
            #[checkpoint] fn calc() -> usize { println!("ran"); longer("one", "three").len() }
            fn longer<'a>(x: &'a str, y: &'a str) -> &'a str { if x.len() > y.len() { x } else { y } }
            "#,
        )
        .edit("longer<'a>(x: &'a str, y: &'a str) -> &'a str", "longer<'s>(x: &'s str, y: &'s str) -> &'s str"),
        skip(
            "18",
            "generic_parameter_renamed",
            r#"
            #[checkpoint] fn calc() -> String { println!("ran"); twice(4) }
            fn twice<T: ToString + Copy>(value: T) -> String { value.to_string() + &value.to_string() }
            "#,
        )
        .rename("T", "Number"),
        skip(
            "18",
            "const_generic_renamed",
            r#"
            #[checkpoint] fn calc() -> usize { println!("ran"); size([1, 2, 3]) }
            fn size<const N: usize>(_: [i64; N]) -> usize { N + 1 }
            "#,
        )
        .rename("N", "COUNT"),
    ]
}
