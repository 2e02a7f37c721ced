//! Lists the cases of macro calls in bodies: what a call stands for is read like written code, and locals of
//! the macro are not those of the call.

use e2e::{Case, rerun, skip};

fn calc(items: &str, body: &str) -> String {
    format!("{items}\n#[checkpoint] fn calc() -> i64 {{ println!(\"ran\"); {body} }}\n")
}

fn changed(name: &'static str, items: &str, body: &str) -> Case {
    rerun("28", name, &calc(items, body)).edit("{ 1 }", "{ 2 }")
}

fn kept(name: &'static str, items: &str, body: &str) -> Case {
    skip("12 28", name, &calc(items, body)).edit("{ 5 }", "{ 6 }")
}

/// `A`'s `go` is 1, that of `B`, which is live as well, 5.
const TYPES: &str = "struct A; struct B; trait Go { fn go(&self) -> i64; }
impl Go for A { fn go(&self) -> i64 { 1 } }
impl Go for B { fn go(&self) -> i64 { 5 } }
";

/// A call that runs `A::go` and not `B::go`: an edit of the one reruns, one of the other does not.
fn only_a(names: [&'static str; 2], items: &str, body: &str) -> [Case; 2] {
    let items = format!("{TYPES}{items}");
    let body = format!("let _ = B; {body}");
    [changed(names[0], &items, &body), kept(names[1], &items, &body)]
}

pub fn cases() -> Vec<Case> {
    [receivers().concat(), statements().concat(), hygiene().concat(), forms(), doubtful()].concat()
}

fn receivers() -> Vec<[Case; 2]> {
    vec![
        only_a(
            ["body_macro_calls_a_method", "body_macro_calls_a_method_of_another_type"],
            "macro_rules! go { ($x:expr) => { $x.go() } }",
            "go!(A)",
        ),
        only_a(
            ["body_macro_that_unwraps", "body_macro_that_unwraps_another_type"],
            "macro_rules! get { ($e:expr) => { match $e { Some(v) => v, None => return 0 } } }\nfn a() -> Option<A> { Some(A) }",
            "let x = get!(a()); x.go()",
        ),
        only_a(
            ["body_macro_that_calls_itself", "body_macro_that_calls_itself_for_another_type"],
            "macro_rules! sum { () => { 0 }; ($h:expr $(, $t:expr)*) => { $h.go() + sum!($($t),*) } }",
            "sum!(A, A)",
        ),
        only_a(
            ["body_macro_in_a_format", "body_macro_in_a_format_of_another_type"],
            "macro_rules! go { ($x:expr) => { $x.go() } }",
            "format!(\"{}\", go!(A)).parse().unwrap()",
        ),
        only_a(
            ["body_macro_with_a_format_inside", "body_macro_with_a_format_inside_of_another_type"],
            "macro_rules! text { ($x:expr) => { { let n = $x.go(); format!(\"{n}\") } } }",
            "text!(A).parse().unwrap()",
        ),
        only_a(
            ["body_macro_made_by_a_macro", "body_macro_made_by_a_macro_of_another_type"],
            "macro_rules! imp { ($($t:ident)*) => { $(impl $t { fn twice(&self) -> i64 { both!(self.go()) } })* } }\nmacro_rules! both { ($e:expr) => { $e + $e } }\nimp!(A B);",
            "A.twice()",
        ),
        only_a(
            ["body_macro_as_a_type_and_a_pattern", "body_macro_as_a_type_and_a_pattern_of_another_type"],
            "macro_rules! opt { ($t:ty) => { Option<$t> } }\nmacro_rules! some { ($p:pat) => { Some($p) } }",
            "let o: opt!(A) = Some(A); match o { some!(x) => x.go(), _ => 0 }",
        ),
        only_a(
            ["body_macro_with_items", "body_macro_with_items_of_another_type"],
            "macro_rules! wrapped { ($e:expr) => { { struct W(A); impl W { fn go(&self) -> i64 { self.0.go() } } W($e).go() } } }",
            "wrapped!(A)",
        ),
        only_a(
            ["body_macro_that_ends_in_another", "body_macro_that_ends_in_another_of_another_type"],
            "macro_rules! first { ($n:ident $e:expr) => { let x = $e; second!($n x) } }\nmacro_rules! second { ($n:ident $e:expr) => { let x = B; let _ = x; let $n = $e.go(); } }",
            "first!(n A); n",
        ),
        only_a(
            ["body_macro_under_a_cfg", "body_macro_under_a_cfg_of_another_type"],
            "macro_rules! pick { ($a:expr, $b:expr) => { { #[cfg(not(windows))] let x = $a; #[cfg(windows)] let x = $b; x.go() } } }",
            "pick!(A, B)",
        ),
    ]
}

/// Items among statements are the block's, and `$x:stmt` may be any statement.
fn statements() -> Vec<[Case; 2]> {
    vec![
        only_a(
            ["body_macro_with_a_statement_fragment", "body_macro_with_a_statement_fragment_of_another_type"],
            "macro_rules! run { ($s:stmt) => { $s; } }",
            "run!(let x = A); x.go()",
        ),
        only_a(
            ["body_macro_with_statements", "body_macro_with_statements_of_another_type"],
            "macro_rules! all { ($($s:stmt;)*) => { $($s)* } }\nstruct M<K, V>(K, V);",
            "all! { let m: M<A, B> = M(A, B); let mut n = 0; n += m.0.go(); use std::convert::identity;; } identity(n)",
        ),
        only_a(
            [
                "body_macro_whose_value_is_a_statement",
                "body_macro_whose_value_is_a_statement_of_another_type",
            ],
            "macro_rules! last { ($($s:stmt),*) => { { $($s)* } } }",
            "last!(let x = A, if false { return 0 }, x.go())",
        ),
        only_a(
            ["body_macro_passes_a_statement_on", "body_macro_passes_a_statement_on_of_another_type"],
            "macro_rules! pass { ($s:stmt) => { take!($s) } }\nmacro_rules! take { ($s:stmt) => { $s; } }",
            "pass!(let x = A); x.go()",
        ),
        only_a(
            ["body_macro_items_among_statements", "body_macro_items_among_statements_of_another_type"],
            "macro_rules! def { ($n:ident, $e:expr) => { fn $n() -> i64 { $e.go() } const _N: i64 = 3; } }",
            "let before = own(); def!(own, A); before + own()",
        ),
        only_a(
            ["body_macro_items_hide_those_around", "body_macro_items_hide_those_around_of_another_type"],
            "fn own() -> i64 { B.go() }\nmacro_rules! def { () => { let _ = own(); inner! {} } }\nmacro_rules! inner { () => { fn own() -> i64 { A.go() } } }",
            "def!(); own()",
        ),
        only_a(
            ["body_macro_module_among_statements", "body_macro_module_among_statements_of_another_type"],
            "macro_rules! def { ($t:ident) => { mod inner { pub fn own() -> i64 { use super::Go; super::$t.go() } } use inner::own; } }",
            "def!(A); own()",
        ),
        only_a(
            ["body_macro_impl_among_statements", "body_macro_impl_among_statements_of_another_type"],
            "trait Twice { fn twice(&self) -> i64; }\nmacro_rules! imp { ($($t:ty)*) => { $(impl Twice for $t { fn twice(&self) -> i64 { self.go() * 2 } })* } }",
            "imp!(A); A.twice()",
        ),
        only_a(
            [
                "body_macro_thread_local_among_statements",
                "body_macro_thread_local_among_statements_of_another_type",
            ],
            "macro_rules! local { ($n:ident, $e:expr) => { thread_local! { static $n: i64 = $e; } } }",
            "local!(N, A.go()); N.with(|n| *n)",
        ),
        only_a(
            ["body_macro_of_local_inner_macros", "body_macro_of_local_inner_macros_of_another_type"],
            "#[macro_export(local_inner_macros)] macro_rules! outer { ($e:expr) => { inner!($e) + 1 } }\n#[macro_export] macro_rules! inner { ($e:expr) => { $e.go() } }",
            "outer!(A)",
        ),
    ]
}

fn hygiene() -> Vec<[Case; 2]> {
    vec![
        only_a(
            [
                "body_macro_hygiene_argument_is_not_the_macros_local",
                "body_macro_hygiene_macros_local_is_not_the_argument",
            ],
            "macro_rules! with { ($e:expr) => { { let x = B; let _ = x; $e } } }",
            "let x = A; with!(x.go())",
        ),
        only_a(
            [
                "body_macro_hygiene_pattern_of_the_macro",
                "body_macro_hygiene_pattern_of_the_macro_of_another_type",
            ],
            "macro_rules! with { ($e:expr) => { match Some(B) { Some(x) => { let _ = x; $e.go() } None => 0 } } }",
            "let x = A; with!(x)",
        ),
        only_a(
            [
                "body_macro_hygiene_statement_binds_for_the_caller",
                "body_macro_hygiene_statement_binds_only_what_it_was_given",
            ],
            "macro_rules! bind { ($n:ident, $e:expr) => { let x = B; let _ = x; let $n = $e; } }",
            "let x = A; bind!(y, &x); let _ = y.go(); x.go()",
        ),
        only_a(
            [
                "body_macro_hygiene_through_two_macros",
                "body_macro_hygiene_through_two_macros_of_another_type",
            ],
            "macro_rules! outer { ($e:expr) => { { let x = A; inner!(x, $e) } } }\nmacro_rules! inner { ($o:expr, $e:expr) => { { let x = 3; $o.go() + $e + x } } }",
            "let x = 4; outer!(x)",
        ),
        only_a(
            [
                "body_macro_hygiene_macro_in_a_block_sees_what_is_above_it",
                "body_macro_hygiene_macro_in_a_block_of_another_type",
            ],
            "",
            "let x = A; macro_rules! get { () => { x } } let y = get!(); let x = B; let _ = x; y.go()",
        ),
        only_a(
            [
                "body_macro_hygiene_format_captures_the_argument",
                "body_macro_hygiene_format_captures_the_argument_of_another_type",
            ],
            "use std::fmt;\nimpl fmt::Display for A { fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result { write!(f, \"{}\", A.go()) } }\nimpl fmt::Display for B { fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result { write!(f, \"{}\", B.go()) } }\nmacro_rules! say { ($s:literal) => { { let x = B; let _ = x; format!($s) } } }",
            "let x = A; say!(\"{x}\").len() as i64",
        ),
    ]
}

fn forms() -> Vec<Case> {
    const RULES: &str =
        "macro_rules! pick { (one) => { { 1 } }; (two) => { { 5 } }; (three $e:expr) => { $e } }";
    vec![
        changed("body_macro_rule_that_is_used", RULES, "pick!(one)"),
        kept("body_macro_rule_that_is_not_used", RULES, "pick!(one)"),
        rerun("28", "body_macro_takes_another_rule", &calc(RULES, "pick!(one)")).edit("pick!(one)", "pick!(two)"),
        rerun("28", "body_macro_argument", &calc(RULES, "pick!(three 3 * 2)")).edit("3 * 2", "3 * 3"),
        rerun("28 31", "body_macro_precedence", &calc("macro_rules! ten { ($($e:tt)*) => { ($($e)*) * 10 } }", "ten!(1 + 2)")).edit("($($e)*) * 10", "$($e)* * 10"),
        skip("28", "body_macro_renamed", &calc(RULES, "pick!(one)")).rename("pick", "choose"),
        skip("9 28", "body_macro_helper_renamed", &calc("fn helper() -> i64 { 1 }\nmacro_rules! call { () => { helper() } }", "call!()")).rename("helper", "other"),
        skip("3 28", "body_macro_local_renamed", &calc("macro_rules! add { ($e:expr) => { { let x = 1; $e + x } } }", "add!(3)")).edit("let x = 1; $e + x", "let y = 1; $e + y"),
        skip("3 28", "body_macro_argument_renamed", &calc("macro_rules! add { ($e:expr) => { $e + 1 } }", "let a = 3; add!(a)")).edit("let a = 3; add!(a)", "let b = 3; add!(b)"),
        rerun("31 28", "body_macro_locals_of_one_name_swapped", &calc("macro_rules! sub { ($e:expr) => { { let x = 10; $e - x } } }", "let x = 3; sub!(x)")).edit("$e - x", "x - $e"),
        rerun("28 32", "body_macro_shows_the_line", "macro_rules! here { () => { line!() } }\n#[checkpoint] fn calc() -> u32 { println!(\"ran\"); here!() }\n").edit("\"ran\"); here!()", "\"ran\");\n here!()"),
        rerun("28", "body_macro_of_a_dependency", &calc("", "units::call!(3)")).dep("units", "#[macro_export] macro_rules! call { ($e:expr) => { $crate::inner!($e) } }\n#[macro_export] macro_rules! inner { ($e:expr) => { $crate::f($e) } }\npub fn f(x: i64) -> i64 { x + 1 }\npub fn g() -> i64 { 5 }").edit_in("units/src/lib.rs", "x + 1", "x + 2"),
        skip("12 28", "body_macro_of_a_dependency_unrelated", &calc("", "units::call!(3)")).dep("units", "#[macro_export] macro_rules! call { ($e:expr) => { $crate::f($e) } }\npub fn f(x: i64) -> i64 { x + 1 }\npub fn g() -> i64 { 5 }").edit_in("units/src/lib.rs", "{ 5 }", "{ 6 }"),
        rerun("28", "body_macro_leaves_the_function", &calc("fn f() -> i64 { 1 }\nmacro_rules! leave { ($e:expr) => { return $e } }", "if f() > 0 { leave!(f()); } 7")).edit("{ 1 }", "{ 2 }"),
        changed("macro_named_like_a_modifier_in_a_trait", "macro_rules! default { ($n:ident $e:expr) => { fn $n(&self) -> i64 { $e } } }\ntrait Go { default!(go f()); }\nstruct X; impl Go for X {}\nfn f() -> i64 { 1 }", "X.go()"),
        kept("macro_named_like_a_modifier_in_a_trait_unrelated", "macro_rules! default { ($n:ident $e:expr) => { fn $n(&self) -> i64 { $e } } }\ntrait Go { default!(go f()); }\nstruct X; impl Go for X {}\nfn f() -> i64 { 1 }\n#[allow(dead_code)] fn g() -> i64 { 5 }", "X.go()"),
        changed("body_macro_in_a_const", "fn other() -> i64 { 5 }\nconst fn f() -> i64 { 1 }\nmacro_rules! twice { ($e:expr) => { $e + $e } }\nconst N: i64 = twice!(f());", "N + other() * 0"),
    ]
}

/// Items, and what is left as it was: all that the tokens mention counts.
fn doubtful() -> Vec<Case> {
    vec![
        changed(
            "body_macro_that_defines_items",
            "fn f() -> i64 { 1 }\nmacro_rules! item { () => { { fn inner() -> i64 { f() } inner() } } }",
            "item!()",
        ),
        changed(
            "body_macro_that_defines_statics",
            "fn f() -> i64 { 1 }\nmacro_rules! cell { () => { { static N: i64 = 3; N + f() } } }",
            "cell!()",
        ),
        changed(
            "body_macro_defined_by_the_call_above",
            "fn f() -> i64 { 1 }\nmacro_rules! make { ($n:ident) => { macro_rules! $n { () => { f() } } } }",
            "make!(get); get!()",
        ),
        changed(
            "body_macro_of_two_in_a_block",
            "fn f() -> i64 { 1 }",
            "macro_rules! get { () => { 7 } } let a = get!(); macro_rules! get { () => { f() } } a + get!()",
        ),
        changed(
            "body_macro_that_passes_on_to_an_unknown_rule",
            "fn f() -> i64 { 1 }\nmacro_rules! pass { ($($t:tt)*) => { take!($($t)*) } }\nmacro_rules! take { ($s:stmt; $e:expr) => { { $s; $e } } }",
            "pass!(let _x = 1; f())",
        ),
    ]
}
