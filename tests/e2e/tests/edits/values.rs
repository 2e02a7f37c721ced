//! Lists the cases of functions used as values, of recursion and of swaps.

use e2e::{Case, rerun, skip};

const F: &str = "fn f(x: i64) -> i64 { x * 2 }\n";

fn calc(items: &str, body: &str) -> String {
    format!("{items}\n#[checkpoint] fn calc() -> i64 {{ println!(\"ran\"); {body} }}\n")
}

fn value(name: &'static str, items: &str, body: &str) -> Case {
    rerun("27", name, &calc(&format!("{F}{items}"), body)).edit("x * 2", "x * 3")
}

pub fn cases() -> Vec<Case> {
    [values(), recursion(), swaps()].concat()
}

fn values() -> Vec<Case> {
    vec![
        value("passed_to_map", "", "(0..3).map(f).sum()"),
        value("passed_as_argument", "fn run(g: fn(i64) -> i64) -> i64 { g(4) }", "run(f)"),
        value(
            "in_a_const_table",
            "const TABLE: [(&str, fn(i64) -> i64); 1] = [(\"f\", f)];",
            "(TABLE[0].1)(4)",
        ),
        value("in_a_static", "static HOOK: fn(i64) -> i64 = f;", "HOOK(4)"),
        value("in_a_struct", "struct S { g: fn(i64) -> i64 }", "let s = S { g: f }; (s.g)(4)"),
        value("in_a_dyn_fn", "fn make() -> Box<dyn Fn(i64) -> i64> { Box::new(f) }", "make()(4)"),
        value("in_a_closure", "fn make() -> impl Fn(i64) -> i64 { move |x| f(x) }", "make()(4)"),
        value(
            "in_a_hash_map",
            "",
            "std::collections::HashMap::from([(\"f\", f as fn(i64) -> i64)])[\"f\"](4)",
        ),
        value("in_an_associated_const", "struct S; impl S { const G: fn(i64) -> i64 = f; }", "(S::G)(4)"),
        value("in_a_local_binding", "", "let g = f; g(4)"),
        value("in_a_match_arm", "", "let g: fn(i64) -> i64 = match 1 { 1 => f, _ => |x| x }; g(4)"),
        value(
            "in_a_default_of_a_trait_object",
            "trait T { fn get(&self) -> fn(i64) -> i64 { f } } struct S; impl T for S {}",
            "let s: &dyn T = &S; s.get()(4)",
        ),
        value(
            "method_as_value",
            "struct S; impl S { fn go(&self) -> i64 { f(4) } }",
            "[S].iter().map(S::go).sum()",
        ),
        value(
            "tuple_struct_constructor_as_value",
            "struct S(i64); impl S { fn go(&self) -> i64 { f(self.0) } }",
            "[1, 2].map(S).iter().map(|s| s.go()).sum()",
        ),
        value("given_to_a_dependency", "", "units::run(f)")
            .dep("units", "pub fn run(g: fn(i64) -> i64) -> i64 { g(4) }"),
        value(
            "behind_a_turbofish",
            "fn g<T: Into<i64>>(x: T) -> i64 { f(x.into()) }",
            "[1i32, 2].into_iter().map(g::<i32>).sum()",
        ),
    ]
}

fn recursion() -> Vec<Case> {
    vec![
        rerun("30", "recursion", "#[doc = \"checkpoint\"] fn calc(n: u64) -> u64 { if n == 0 { println!(\"ran\"); 1 } else { n * calc(n - 1) } }\nfn main() { println!(\"{}\", cached!(calc(4))); }")
            .edit("n * calc", "n + calc"),
        rerun("30", "mutual_recursion_far_member", &calc("fn even(n: i64) -> i64 { if n == 0 { 1 } else { odd(n - 1) } }\nfn odd(n: i64) -> i64 { if n == 0 { 0 } else { even(n - 1) } }", "even(3)"))
            .edit("{ 0 }", "{ 5 }"),
        rerun("30", "cycle_of_three", &calc("fn a(n: i64) -> i64 { b(n - 1) }\nfn b(n: i64) -> i64 { c(n - 1) }\nfn c(n: i64) -> i64 { if n < 0 { N } else { a(n) } }\nconst N: i64 = 1;", "a(5)"))
            .edit("N: i64 = 1", "N: i64 = 2"),
        skip("30 9", "mutual_recursion_renamed", &calc("fn even(n: i64) -> i64 { if n == 0 { 1 } else { odd(n - 1) } }\nfn odd(n: i64) -> i64 { if n == 0 { 0 } else { even(n - 1) } }", "even(3)"))
            .rename("even", "gerade")
            .rename("odd", "ungerade"),
        rerun("30", "cycle_through_the_marked_function", "#[doc = \"checkpoint\"] fn calc(n: i64) -> i64 { if n == 3 { println!(\"ran\"); } if n == 0 { 0 } else { far(n) } }\nfn far(n: i64) -> i64 { calc(n - 1) + 1 }\nfn main() { println!(\"{}\", cached!(calc(3))); }")
            .edit("+ 1", "+ 2"),
        rerun("30", "recursive_type", &calc("enum List { End, Item(i64, Box<List>) }\nimpl List { fn sum(&self) -> i64 { match self { List::End => 0, List::Item(n, rest) => n * 1 + rest.sum() } } }", "List::Item(2, Box::new(List::Item(3, Box::new(List::End)))).sum()"))
            .edit("n * 1", "n * 2"),
    ]
}

fn swaps() -> Vec<Case> {
    vec![
        rerun("31", "two_helpers_swap_bodies", &calc("fn a() -> i64 { 1 }\nfn b() -> i64 { 20 }", "a() - b()")).swap("{ 1 }", "{ 20 }"),
        rerun("31", "two_helpers_swap_names_at_the_call", &calc("fn a() -> i64 { 1 }\nfn b() -> i64 { 20 }", "a() - b()")).edit("a() - b()", "b() - a()"),
        skip("31 9", "two_helpers_swap_names_and_calls", &calc("fn a() -> i64 { 1 }\nfn b() -> i64 { 20 }", "a() - b()"))
            .edit("fn a() -> i64 { 1 }", "fn c() -> i64 { 1 }")
            .edit("fn b()", "fn a()")
            .edit("fn c()", "fn b()")
            .edit("a() - b() }", "b() - a() }"),
        rerun("31", "two_methods_swap_bodies", &calc("struct S; impl S { fn a(&self) -> i64 { 1 } fn b(&self) -> i64 { 20 } }", "S.a() - S.b()")).swap("{ 1 }", "{ 20 }"),
        rerun("31", "two_consts_swap_values", &calc("const A: i64 = 1;\nconst B: i64 = 20;", "A - B")).swap("= 1;", "= 20;"),
        rerun("31", "two_locals_swap_initialisers", &calc("", "let a = 1; let b = 20; a - b")).swap("= 1;", "= 20;"),
        rerun("31 T14", "two_locals_swap_inside_a_format_string", "#[checkpoint] fn calc() -> String { println!(\"ran\"); let a = 1; let b = 20; format!(\"{a}-{b}\") }").swap("{a}", "{b}"),
        rerun("31 T14", "two_locals_swap_inside_vec", "#[checkpoint] fn calc() -> Vec<i64> { println!(\"ran\"); let a = 1; let b = 20; vec![a, b, a] }").edit("vec![a, b, a]", "vec![b, a, b]"),
        rerun("31 T14", "two_locals_swap_inside_an_own_macro", &calc("macro_rules! minus { ($x:expr, $y:expr) => { $x - $y } }", "let a = 1; let b = 20; minus!(a, b)")).edit("minus!(a, b)", "minus!(b, a)"),
        rerun("31", "two_parameters_swap", "#[checkpoint] fn calc() -> i64 { println!(\"ran\"); sub(1, 20) }\nfn sub(a: i64, b: i64) -> i64 { a - b }").edit("a - b", "b - a"),
        rerun("31", "two_closure_parameters_swap", &calc("", "let f = |a: i64, b: i64| a - b; f(1, 20)")).edit("|a: i64, b: i64| a - b", "|a: i64, b: i64| b - a"),
        rerun("31", "two_generics_swap", &calc("fn size<A, B>() -> i64 { std::mem::size_of::<A>() as i64 * 10 + std::mem::size_of::<B>() as i64 }", "size::<u8, u64>()")).edit("size_of::<A>() as i64 * 10 + std::mem::size_of::<B>()", "size_of::<B>() as i64 * 10 + std::mem::size_of::<A>()"),
        rerun("31", "two_fields_swap_in_a_constructor", &calc("struct P { x: i64, y: i64 }", "let p = P { x: 1, y: 20 }; p.x - p.y")).edit("x: 1, y: 20", "x: 20, y: 1"),
        rerun("31", "two_helpers_of_one_shape_swap_in_a_table", &calc("fn a(n: i64) -> i64 { n + 1 }\nfn b(n: i64) -> i64 { n + 2 }\nconst T: [fn(i64) -> i64; 2] = [a, b];", "T[0](0) * 10 + T[1](0)")).edit("[a, b]", "[b, a]"),
        rerun("31", "calls_of_two_modules_swap", &calc("mod p { pub fn f() -> i64 { 1 } }\nmod q { pub fn f() -> i64 { 20 } }", "p::f() - q::f()")).edit("p::f() - q::f()", "q::f() - p::f()"),
        rerun("31", "match_arms_swap", &calc("enum K { A, B }\nfn k() -> K { K::A }", "match k() { K::A => 1, K::B => 20 }")).edit("K::A => 1, K::B => 20", "K::A => 20, K::B => 1"),
    ]
}
