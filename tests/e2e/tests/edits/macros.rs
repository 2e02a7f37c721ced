//! Lists the cases of macros: declarative ones, those of dependencies, and what proc macros are given.

use e2e::{Case, rerun, skip};

fn calc(items: &str, body: &str) -> String {
    format!("{items}\n#[checkpoint] fn calc() -> i64 {{ println!(\"ran\"); {body} }}\n")
}

fn changed(name: &'static str, items: &str, body: &str) -> Case {
    rerun("28", name, &calc(items, body)).edit("{ 1 }", "{ 2 }")
}

const F: &str = "fn f() -> i64 { 1 }\n";

pub fn cases() -> Vec<Case> {
    [declarative(), associated(), items(), expanded(), packages(), written(), of_a_registry(), proc_macros()]
        .concat()
}

fn declarative() -> Vec<Case> {
    vec![
        rerun("28", "macro_definition", &calc("macro_rules! inc { ($x:expr) => { $x + 1 } }", "inc!(3)")).edit("$x + 1", "$x + 2"),
        rerun("28", "macro_argument", &calc("macro_rules! inc { ($x:expr) => { $x + 1 } }", "inc!(3)")).edit("inc!(3)", "inc!(4)"),
        changed("macro_argument_mentions_a_function", &format!("{F}macro_rules! inc {{ ($x:expr) => {{ $x + 1 }} }}"), "inc!(f())"),
        changed("macro_body_mentions_a_function", &format!("{F}macro_rules! call {{ () => {{ f() }} }}"), "call!()"),
        changed("macro_body_mentions_a_const", "const N: i64 = { 1 };\nmacro_rules! n { () => { N } }", "n!()"),
        changed("macro_body_mentions_a_crate_path", "mod m { pub fn f() -> i64 { 1 } }\nmacro_rules! call { () => { $crate::m::f() } }", "call!()"),
        changed("macro_is_given_a_name", &format!("{F}macro_rules! call {{ ($name:ident) => {{ $name() }} }}"), "call!(f)"),
        changed("macro_is_given_a_path", "mod m { pub fn f() -> i64 { 1 } }\nmacro_rules! call { ($p:path) => { $p() } }", "call!(m::f)"),
        changed("macro_joins_a_module_and_a_name", "mod m { pub fn f() -> i64 { 1 } }\nmacro_rules! call { ($name:ident) => { m::$name() } }", "call!(f)"),
        changed("nested_macros", &format!("{F}macro_rules! inner {{ () => {{ f() }} }}\nmacro_rules! outer {{ () => {{ inner!() + 1 }} }}"), "outer!()"),
        changed("recursive_macro", &format!("{F}macro_rules! sum {{ () => {{ f() }}; ($x:expr $(, $r:expr)*) => {{ $x + sum!($($r),*) }} }}"), "sum!(1, 2, 3)"),
        changed("macro_in_a_module_by_path", "mod m { macro_rules! call { () => { $crate::m::f() } } pub(crate) use call; pub fn f() -> i64 { 1 } }", "m::call!()"),
        changed("macro_in_a_file_before", "#[macro_use] mod m;\nfn f() -> i64 { 1 }", "call!()").file("src/m.rs", "macro_rules! call { () => { f() } }"),
        rerun("28", "macro_in_a_file_changed", &calc("#[macro_use] mod m;", "call!()")).file("src/m.rs", "macro_rules! call { () => { 1 } }").edit_in("src/m.rs", "{ 1 }", "{ 2 }"),
        rerun("28", "macro_of_the_same_name_moved_above", "macro_rules! m { () => { 10 } }\n#[checkpoint] fn calc() -> i64 { println!(\"ran\"); m!() }\nmacro_rules! m { () => { 20 } }\nfn main() { println!(\"{} {}\", calc(), m!()); }")
            .edit("macro_rules! m { () => { 10 } }\n", "macro_rules! m { () => { 10 } }\nmacro_rules! m { () => { 20 } }\n")
            .edit("m!() }\nmacro_rules! m { () => { 20 } }", "m!() }"),
        changed("macro_shadowed_by_a_later_one", "macro_rules! m { () => { 7 } }\nmacro_rules! m { () => { 1 } }", "m!()"),
        rerun("28 T15", "macro_inside_the_function", &calc("", "let n = 3; macro_rules! add { ($x:expr) => { $x + n } } add!(1)")).edit("$x + n", "$x - n"),
        rerun("28 T15", "macro_inside_the_function_sees_a_local", &calc("", "let n = 3; let k = 4; macro_rules! add { ($x:expr) => { $x + n } } add!(1) * 10 + k")).swap("= 3", "= 4"),
        changed("macro_inside_the_function_calls_a_helper", F, "macro_rules! go { () => { f() } } go!()"),
        changed("std_macros_with_calls", F, "assert!(f() > 0); let v = vec![f(), 2]; let _ = matches!(v[0], 1); debug_assert!(true); v[0]"),
        changed("write_macro_argument", F, "use std::fmt::Write; let mut s = String::new(); write!(s, \"{}\", f()).unwrap(); s.parse().unwrap()"),
        changed("method_call_in_an_own_macro", "struct S; impl S { fn go(&self) -> i64 { 1 } }\nmacro_rules! go { ($x:expr) => { $x.go() } }", "go!(S)"),
        changed("format_args_in_an_own_macro", &format!("{F}macro_rules! say {{ ($($t:tt)*) => {{ format!($($t)*) }} }}"), "say!(\"{}\", f()).parse().unwrap()"),
        rerun("28 T14", "context_macro_shows_the_local_name", "macro_rules! context { ($x:ident) => { format!(\"{} = {}\", stringify!($x), $x) } }\n#[checkpoint] fn calc() -> String { println!(\"ran\"); let count = 3; context!(count) }").rename("count", "number"),
        rerun("28 T14", "dbg_like_macro_shows_the_field", "macro_rules! show { ($x:expr) => { format!(\"{} = {}\", stringify!($x), $x) } }\nstruct P { y: i64, z: i64 }\n#[checkpoint] fn calc() -> String { println!(\"ran\"); let p = P { y: 1, z: 1 }; let y = 1; show!(p.y + y + p.z) }").edit("show!(p.y + y + p.z)", "show!(p.z + y + p.y)"),
        rerun("31 T14", "field_or_local_in_macro_tokens", "struct P { y: i64, z: i64 }\n#[checkpoint] fn calc() -> Vec<i64> { println!(\"ran\"); let p = P { y: 1, z: 2 }; let y = 3; let z = 4; let _ = z; vec![p.y, y] }").edit("vec![p.y, y]", "vec![p.z, z]"),
        skip("12 28", "macro_that_is_not_used", &calc("#[allow(unused_macros)] macro_rules! other { () => { 1 } }", "3")).edit("{ 1 }", "{ 2 }"),
        skip("9 28", "macro_renamed", &calc("macro_rules! inc { ($x:expr) => { $x + 1 } }", "inc!(3)")).rename("inc", "plus_one"),
    ]
}

/// What macros name behind a type.
fn associated() -> Vec<Case> {
    const G: &str = "struct G<T>(T); impl<T> G<T> { fn make() -> i64 { 1 } }\n";
    const X: &str = "struct X; trait Mk { fn mk() -> i64; } impl Mk for X { fn mk() -> i64 { 1 } }\n";
    let with = |items: &str, definition: &str| format!("{items}macro_rules! {definition}");
    vec![
        rerun(
            "28",
            "macro_of_std_in_a_module_has_a_call",
            "fn f() -> i64 { 1 }\n#[checkpoint] fn calc() -> i64 { println!(\"ran\"); let x = [f()]; unsafe { *core::ptr::addr_of!(x[f() as usize - f() as usize]) } }",
        )
        .edit("{ 1 }", "{ 2 }"),
        skip(
            "28 3",
            "macro_of_std_in_a_module_has_a_local_that_is_renamed",
            "#[checkpoint] fn calc() -> i64 { println!(\"ran\"); let mut one = 1; unsafe { *std::ptr::addr_of_mut!(one) = 2; } std::pin::pin!(one); one }",
        )
        .rename("one", "other"),
        changed(
            "macro_body_names_it_behind_type_arguments",
            &with(G, "make { ($t:ty) => { G::<$t>::make() } }"),
            "make!(u8)",
        ),
        changed(
            "macro_body_names_it_behind_a_crate_path_with_arguments",
            &with(
                &format!("mod m {{ pub {} }}", G.replace("fn make", "pub fn make")),
                "make { ($t:ty) => { $crate::m::G::<$t>::make() } }",
            ),
            "make!(u8)",
        ),
        changed(
            "macro_argument_names_it_behind_type_arguments",
            &with(G, "id { ($($t:tt)*) => { $($t)* } }"),
            "id!(G::<Vec<Vec<u8>>>::make())",
        ),
        changed(
            "macro_body_names_it_behind_a_metavariable",
            &with(X, "make { ($t:ident) => { $t::mk() } }"),
            "make!(X)",
        ),
        changed(
            "macro_body_names_it_behind_a_type_in_brackets",
            &with(X, "make { ($t:ty) => { <$t>::mk() } }"),
            "make!(X)",
        ),
        changed(
            "macro_body_names_it_behind_a_repetition",
            &with(X, "make { ($($t:ident)::*) => { $($t)::*::mk() } }"),
            "make!(self::X)",
        ),
        changed(
            "macro_argument_is_qualified",
            &with(X, "id { ($($t:tt)*) => { $($t)* } }"),
            "id!(<X as Mk>::mk())",
        ),
        changed(
            "impl_of_a_type_that_a_macro_defines",
            "macro_rules! define { ($($t:tt)*) => { $($t)* } }\ndefine! { struct X; }\nimpl X { fn make() -> i64 { 1 } }",
            "X::make()",
        ),
        changed(
            "macro_makes_an_operator_for_an_alias",
            "struct P<T>(T); type Q = P<i64>; fn f() -> i64 { 1 }\nmacro_rules! add { ($t:ty) => { impl std::ops::Add for $t { type Output = i64; fn add(self, o: $t) -> i64 { self.0 * o.0 * f() } } } }\nadd!(Q);",
            "P(2) + P(3)",
        ),
    ]
}

fn items() -> Vec<Case> {
    vec![
        changed(
            "macro_defines_a_function",
            "macro_rules! define { ($name:ident, $value:expr) => { fn $name() -> i64 { $value } } }\ndefine!(f, { 1 });",
            "f()",
        ),
        rerun(
            "28",
            "macro_defines_a_function_body_in_the_macro",
            &calc("macro_rules! define { ($name:ident) => { fn $name() -> i64 { 1 } } }\ndefine!(f);", "f()"),
        )
        .edit("{ 1 }", "{ 2 }"),
        changed(
            "macro_defines_a_const",
            "macro_rules! define { ($($name:ident = $value:expr;)*) => { $(const $name: i64 = $value;)* } }\ndefine! { A = { 1 }; B = 4; }",
            "A",
        ),
        changed(
            "macro_defines_an_impl",
            "trait T { fn go(&self) -> i64; }\nstruct X;\nmacro_rules! imp { ($t:ty, $v:expr) => { impl T for $t { fn go(&self) -> i64 { $v } } } }\nimp!(X, { 1 });",
            "X.go()",
        ),
        changed(
            "macro_defines_an_operator",
            "struct X;\nmacro_rules! op { ($t:ty) => { impl std::ops::Add for $t { type Output = i64; fn add(self, _: $t) -> i64 { f() } } } }\nop!(X);\nfn f() -> i64 { 1 }",
            "X + X",
        ),
        changed(
            "macro_defines_a_type_with_methods",
            "macro_rules! unit { ($t:ident) => { struct $t(i64); impl $t { fn value(&self) -> i64 { self.0 * f() } } } }\nunit!(Metres);\nfn f() -> i64 { 1 }",
            "Metres(3).value()",
        ),
        changed(
            "macro_defines_a_module",
            "macro_rules! module { ($name:ident) => { mod $name { pub fn f() -> i64 { super::g() } } } }\nmodule!(m);\nfn g() -> i64 { 1 }",
            "m::f()",
        ),
        changed(
            "macro_defines_an_impl_in_another_module",
            "mod imps { macro_rules! imp { ($t:ty) => { impl crate::T for $t { fn go(&self) -> i64 { crate::f() } } } } imp!(i64); imp!(crate::X); }\ntrait T { fn go(&self) -> i64; }\nstruct X;\nfn f() -> i64 { 1 }",
            "X.go() + 3i64.go()",
        ),
        changed(
            "macro_defines_the_caller",
            "macro_rules! wrap { ($name:ident { $($body:tt)* }) => { fn $name() -> i64 { $($body)* } } }\nwrap!(f { g() });\nfn g() -> i64 { 1 }",
            "f()",
        ),
        changed(
            "macro_defines_inside_a_function",
            "fn g() -> i64 { 1 }\nmacro_rules! define { ($name:ident) => { fn $name() -> i64 { g() } } }",
            "define!(f); f()",
        ),
        changed(
            "macro_defines_a_macro",
            "macro_rules! make { ($name:ident) => { macro_rules! $name { () => { f() } } } }\nmake!(go);\nfn f() -> i64 { 1 }",
            "go!()",
        ),
        changed(
            "macro_inside_an_impl",
            "struct X;\nmacro_rules! method { ($name:ident) => { fn $name(&self) -> i64 { f() } } }\nimpl X { method!(go); }\nfn f() -> i64 { 1 }",
            "X.go()",
        ),
        changed(
            "macro_as_a_type",
            "macro_rules! list { ($t:ty) => { [$t; N] } }\nconst N: usize = { 1 };",
            "let l: list!(i64) = [3; N]; l.len() as i64",
        ),
        changed(
            "macro_as_a_pattern",
            "macro_rules! small { () => { 0..=LIMIT } }\nconst LIMIT: i64 = { 1 };",
            "match 2 { small!() => 10, _ => 20 }",
        ),
        rerun("28 24", "include_of_rust_code", &calc("include!(\"part.txt\");", "f()"))
            .file("src/part.txt", "fn f() -> i64 { 1 }")
            .edit_in("src/part.txt", "1", "2"),
    ]
}

/// Calls in item position that are expanded: what a rule makes counts, and nothing else of the macro.
fn expanded() -> Vec<Case> {
    let two = "macro_rules! pair { ($a:ident = $x:expr, $b:ident = $y:expr) => { fn $a() -> i64 { $x } fn $b() -> i64 { $y } } }\n";
    let rules = "macro_rules! make { (one $n:ident) => { fn $n() -> i64 { 1 } }; (two $n:ident) => { fn $n() -> i64 { 2 } } }\nmake!(one f);\nmake!(two g);";
    let nested = "macro_rules! outer { ($($n:ident),*) => { $(inner!(@go $n);)* } }\nmacro_rules! inner { (@go $n:ident) => { fn $n() -> i64 { 1 } }; (@stop $n:ident) => { fn $n() -> i64 { 5 } } }\nouter!(f, g);";
    let operators = "struct A(i64);\nstruct B(i64);\nmacro_rules! op { ($t:ident, $e:expr) => { impl std::ops::Add for $t { type Output = i64; fn add(self, other: $t) -> i64 { self.0 + other.0 + $e } } } }\nop!(A, { 1 });\nop!(B, { 3 });";
    vec![
        changed("expanded_argument", &format!("{two}pair!(f = {{ 1 }}, g = {{ 3 }});"), "f()"),
        skip("12 28", "expanded_argument_of_another_function", &calc(&format!("{two}pair!(f = 4, g = {{ 1 }});"), "f()")).edit("{ 1 }", "{ 2 }"),
        rerun("28", "expanded_rule_that_is_used", &calc(rules, "f()")).edit("{ 1 }", "{ 3 }"),
        skip("12 28", "expanded_rule_that_is_not_used", &calc(rules, "f()")).edit("{ 2 }", "{ 3 }"),
        rerun("28", "expanded_call_takes_another_rule", &calc(rules, "f()")).edit("make!(one f)", "make!(two f)"),
        skip("28", "expanded_macro_renamed", &calc(rules, "f()")).rename("make", "define"),
        skip("28", "expanded_metavariable_renamed", &calc("macro_rules! make { ($n:ident) => { fn $n() -> i64 { 1 } } }\nmake!(f);", "f()")).edit("($n:ident) => { fn $n", "($name:ident) => { fn $name"),
        rerun("28", "expanded_nested_calls", &calc(nested, "f()")).edit("{ 1 }", "{ 2 }"),
        skip("12 28", "expanded_internal_rule_that_is_not_used", &calc(nested, "f()")).edit("{ 5 }", "{ 6 }"),
        rerun("28", "expanded_recursion", &calc("macro_rules! all { () => {}; ($n:ident $v:literal $($rest:tt)*) => { fn $n() -> i64 { $v } all!($($rest)*); } }\nall!(f 1 g 2 h 3);", "h()")).edit("h 3", "h 4"),
        rerun("28 26", "expanded_operator", &calc(operators, "A(1) + A(2)")).edit("{ 1 }", "{ 2 }"),
        skip("12 28", "expanded_operator_of_another_type", &calc(operators, "A(1) + A(2)")).edit("{ 3 }", "{ 4 }"),
        changed("expanded_item_refers_to_the_scope_of_the_call", "mod m { pub fn helper() -> i64 { 5 } }\nfn helper() -> i64 { 1 }\nmacro_rules! make { ($n:ident) => { fn $n() -> i64 { helper() } } }\nmake!(f);", "f()"),
        changed("expanded_item_sees_an_import_at_the_call", "macro_rules! make { ($n:ident) => { pub fn $n() -> i64 { helper() } } }\nmod a { pub fn helper() -> i64 { 1 } }\nmod b { use super::a::helper; make!(f); }", "b::f()"),
        changed("expanded_method_of_an_impl", "struct X;\nmacro_rules! methods { ($($n:ident => $v:expr),*) => { $(fn $n(&self) -> i64 { $v + self.base() })* } }\nimpl X { methods!(go => 3, stop => 4); fn base(&self) -> i64 { 1 } }", "X.go()"),
        changed("expanded_default_of_a_trait", "macro_rules! provide { ($n:ident) => { fn $n(&self) -> i64 { 1 } } }\ntrait T { provide!(go); }\nstruct X;\nimpl T for X {}", "X.go()"),
        changed("expanded_associated_type", "struct X;\nstruct Y;\nimpl Y { fn go(&self) -> i64 { 1 } }\ntrait T { type Out; fn out(&self) -> Self::Out; }\nmacro_rules! out { ($t:ident) => { type Out = $t; fn out(&self) -> $t { $t } } }\nimpl T for X { out!(Y); }", "X.out().go()"),
        changed("expanded_items_of_a_cfg_that_holds", "macro_rules! on_unix { ($($i:item)*) => { $(#[cfg(not(no_such_cfg_anywhere))] $i)* } }\non_unix! { fn f() -> i64 { 1 } fn g() -> i64 { 2 } }", "f()"),
        changed("expanded_bitflags_like", "macro_rules! flags { ($(#[$m:meta])* $v:vis struct $n:ident { $($f:ident = $x:expr;)* }) => { $(#[$m])* $v struct $n(i64); impl $n { $(pub const $f: i64 = $x;)* } } }\nflags! { #[derive(Clone)] pub struct Flags { A = 5; B = { 1 }; } }", "Flags::B"),
        changed("expanded_macro_in_an_expanded_module", "macro_rules! make { ($n:ident) => { pub fn $n() -> i64 { crate::g() } } }\nmacro_rules! module { ($m:ident, $n:ident) => { mod $m { make!($n); } } }\nmodule!(m, f);\nfn g() -> i64 { 1 }", "m::f()"),
        changed("expanded_above_a_macro_of_the_same_name", "macro_rules! make { ($n:ident) => { fn $n() -> i64 { 1 } } }\nmake!(f);\nmacro_rules! make { ($n:ident) => { fn $n() -> i64 { 9 } } }\nmake!(g);", "f() + g() * 0"),
        skip("28", "expanded_below_a_macro_of_the_same_name", &calc("macro_rules! make { ($n:ident) => { fn $n() -> i64 { 1 } } }\nmake!(g);\nmacro_rules! make { ($n:ident) => { fn $n() -> i64 { 9 } } }\nmake!(f);", "f()")).edit("{ 1 }", "{ 2 }"),
        changed("expanded_by_a_macro_use_module", "#[macro_use] mod m { macro_rules! make { ($n:ident) => { fn $n() -> i64 { 1 } } } }\nmake!(f);", "f()"),
        changed("expanded_local_and_argument_of_one_name", "fn x() -> i64 { 1 }\nmacro_rules! make { ($n:ident, $e:expr) => { fn $n() -> i64 { let x = 10; $e + x } } }\nmake!(f, x());", "f()"),
        changed("expanded_expression_keeps_its_parentheses", "macro_rules! make { ($n:ident, $e:expr) => { fn $n() -> i64 { $e * 10 } } }\nmake!(f, 2 + { 1 });", "f()"),
        rerun("28 31", "expanded_parentheses_in_the_macro", &calc("macro_rules! make { ($n:ident, $($e:tt)*) => { fn $n() -> i64 { ($($e)*) * 10 } } }\nmake!(f, 2 + 1);", "f()")).edit("($($e)*) * 10", "$($e)* * 10"),
        rerun("28 32", "expanded_line_shows", "macro_rules! make { ($n:ident) => { fn $n() -> u32 { line!() } } }\nmake!(f);\n#[checkpoint] fn calc() -> u32 { println!(\"ran\"); f() }\n").edit("make!(f);", "\nmake!(f);"),
        skip("12 28", "expanded_macro_made_by_a_macro", &calc("macro_rules! make { ($n:ident = $v:expr) => { macro_rules! $n { ($f:ident) => { fn $f() -> i64 { $v } } } } }\nmake!(one = 4);\none!(f);\nmake!(two = { 1 });\ntwo!(g);", "f()")).edit("{ 1 }", "{ 2 }"),
        changed("expanded_macro_made_by_a_macro_is_used", "macro_rules! make { ($n:ident = $v:expr) => { macro_rules! $n { ($f:ident) => { fn $f() -> i64 { $v } } } } }\nmake!(one = { 1 });\none!(f);\nmake!(two = 4);\ntwo!(g);", "f()"),
        changed("expanded_macro_given_one_that_makes_macros", "macro_rules! pass { ($($t:tt)*) => { $($t)* } }\nmacro_rules! make { ($n:ident = $v:expr) => { macro_rules! $n { ($f:ident) => { fn $f() -> i64 { $v } } } } }\npass! { make!(m = { 1 }); }\nm!(f);", "f()"),
        changed("expanded_callback_of_a_template", "macro_rules! template { (trait $n:ident { $($body:tt)* }) => { macro_rules! $n { ($m:ident $extra:tt) => { $m! { $extra trait $n { $($body)* } } } } trait $n { $($body)* } } }\nmacro_rules! delegate { ([$t:ty] trait $n:ident { $(fn $f:ident(&self) -> $r:ty;)* }) => { impl $n for $t { $(fn $f(&self) -> $r { f() })* } } }\ntemplate! { trait Go { fn go(&self) -> i64; } }\nGo! { delegate [u8] }\nfn f() -> i64 { 1 }", "3u8.go()"),
        changed("expanded_macro_that_eats_its_tokens", "macro_rules! eat { ([$($out:tt)*]) => { $($out)* }; ([$($out:tt)*] skip $x:tt $($rest:tt)*) => { eat! { [$($out)*] $($rest)* } }; ([$($out:tt)*] $x:tt $($rest:tt)*) => { eat! { [$($out)* $x] $($rest)* } } }\neat! { [] fn f() -> skip u8 i64 { 1 } }", "f()"),
        changed("expanded_macro_that_defines_an_exported_macro_is_left_alone", "macro_rules! make { ($n:ident) => { #[macro_export] macro_rules! $n { ($f:ident) => { fn $f() -> i64 { 1 } } } } }\nmake!(define);\ndefine!(f);", "f()"),
        changed("expanded_function_calls_through_a_bound", "trait T { fn go(&self) -> i64; }\nstruct X;\nmacro_rules! imp { ($($t:ty),*) => { $(impl T for $t { fn go(&self) -> i64 { 1 } })* } }\nimp!(X, u8);\nfn call<A: T>(a: A) -> i64 { a.go() }", "call(X)"),
        changed("expanded_extern_items", "macro_rules! symbol { ($n:ident) => { #[unsafe(no_mangle)] extern \"C\" fn $n() -> i64 { 1 } } }\nmod made { symbol!(answer_of_the_expansion); }\nunsafe extern \"C\" { fn answer_of_the_expansion() -> i64; }", "unsafe { answer_of_the_expansion() }"),
    ]
}

fn packages() -> Vec<Case> {
    vec![
        rerun("28", "expanded_macro_of_a_dependency", &calc("units::make!(f);", "f()")).dep("units", "#[macro_export] macro_rules! make { ($n:ident) => { fn $n() -> i64 { $crate::f() } } }\npub fn f() -> i64 { 1 }").edit_in("units/src/lib.rs", "{ 1 }", "{ 2 }"),
        rerun("28", "expanded_macro_of_a_dependency_itself", &calc("units::make!(f);", "f()")).dep("units", "#[macro_export] macro_rules! make { ($n:ident) => { fn $n() -> i64 { $crate::f() + { 1 } } } }\npub fn f() -> i64 { 1 }").edit_in("units/src/lib.rs", "+ { 1 }", "+ { 2 }"),
        skip("12 28", "expanded_macro_of_a_dependency_unrelated", &calc("units::make!(f);", "f()")).dep("units", "#[macro_export] macro_rules! make { ($n:ident) => { fn $n() -> i64 { $crate::f() } } }\npub fn f() -> i64 { 1 }\npub fn g() -> i64 { 3 }").edit_in("units/src/lib.rs", "{ 3 }", "{ 2 }"),
        rerun("28", "expanded_macro_of_a_dependency_calls_another", &calc("units::outer!(f);", "f()")).dep("units", "#[macro_export] macro_rules! outer { ($n:ident) => { $crate::inner!($n $crate::f()); } }\n#[macro_export] macro_rules! inner { ($n:ident $e:expr) => { fn $n() -> i64 { $e } } }\npub fn f() -> i64 { 1 }").edit_in("units/src/lib.rs", "{ 1 }", "{ 2 }"),
        rerun("28", "macro_of_a_dependency", &calc("", "units::inc!(3)")).dep("units", "#[macro_export] macro_rules! inc { ($x:expr) => { $x + 1 } }").edit_in("units/src/lib.rs", "+ 1", "+ 2"),
        rerun("28", "macro_of_a_dependency_imported", &calc("use units::inc;", "inc!(3)")).dep("units", "#[macro_export] macro_rules! inc { ($x:expr) => { $crate::f($x) } }\npub fn f(x: i64) -> i64 { x + 1 }").edit_in("units/src/lib.rs", "x + 1", "x + 2"),
        rerun("28", "macro_of_a_dependency_with_macro_use", &calc("#[macro_use] extern crate units;", "inc!(3)")).dep("units", "#[macro_export] macro_rules! inc { ($x:expr) => { $crate::f($x) } }\n#[doc(hidden)] pub fn f(x: i64) -> i64 { x + 1 }").edit_in("units/src/lib.rs", "x + 1", "x + 2"),
        rerun("28", "macro_of_a_dependency_defines_an_impl", &calc("struct X;\nunits::imp!(X);\nuse units::T;", "X.go()")).dep("units", "pub trait T { fn go(&self) -> i64; }\n#[macro_export] macro_rules! imp { ($t:ty) => { impl $crate::T for $t { fn go(&self) -> i64 { $crate::f() } } } }\npub fn f() -> i64 { 1 }").edit_in("units/src/lib.rs", "{ 1 }", "{ 2 }"),
        rerun("28", "macro_of_a_dependency_reexported", &calc("", "units::go!()")).dep("units", "pub use base::go;").dep_of("units", "base", "#[macro_export] macro_rules! go { () => { $crate::f() } }\npub fn f() -> i64 { 1 }").edit_in("base/src/lib.rs", "{ 1 }", "{ 2 }"),
    ]
}

/// A derive that emits a call of `k::__private::helper`, as derives of real crates do.
const DERIVE: &str = r#"
extern crate proc_macro;
use proc_macro::TokenStream;
#[proc_macro_derive(Go, attributes(go))]
pub fn go(input: TokenStream) -> TokenStream {
    let text = input.to_string();
    let name = text.split("struct ").nth(1).unwrap().split(|c: char| !c.is_alphanumeric()).next().unwrap();
    let docs = text.matches("Speaks").count() + factor();
    format!("impl ::k::Go for {name} {{ fn go(&self) -> i64 {{ ::k::__private::helper({docs}) }} }}").parse().unwrap()
}
fn factor() -> usize { 1 }
"#;

/// Two macros that write impls: in item position, and around a function.
const WRITERS: &str = r#"
extern crate proc_macro;
use proc_macro::TokenStream;
#[proc_macro]
pub fn submit(input: TokenStream) -> TokenStream {
    let text = input.to_string();
    let (name, value) = text.split_once('=').unwrap();
    format!("impl Go for {name} {{ fn go(&self) -> i64 {{ extra() + {value} }} }}").parse().unwrap()
}
#[proc_macro_attribute]
pub fn twice(factor: TokenStream, item: TokenStream) -> TokenStream {
    let text = item.to_string();
    let (head, body) = text.split_once('{').unwrap();
    let body = body.rsplit_once('}').unwrap().0;
    format!("{head} {{ ({body}) * ({factor}) + i64::from({}) }}", extra()).parse().unwrap()
}
fn extra() -> u8 { 7 }
"#;

/// What is written by a function-like macro in item position, and by an attribute.
fn written() -> Vec<Case> {
    let case = |make: fn(&'static str, &'static str, &str) -> Case, name, items: &str, body: &str| {
        make("28 T6", name, &calc(items, body)).dep("writers", WRITERS).proc_macro("writers")
    };
    let submit = "trait Go { fn go(&self) -> i64; }\nstruct X; pub struct Y;\nfn extra() -> i64 { 1 }\nwriters::submit! { X = { 2 } }\nmod other { use crate::{Go, extra}; writers::submit! { Z = { 5 } } pub struct Z; impl Z { pub fn base(&self) -> i64 { Go::go(self) } } }";
    let twice = "#[writers::twice(3)] fn f() -> i64 { g() }\nfn g() -> i64 { 1 }\n#[allow(dead_code)] fn h() -> i64 { 5 }";
    vec![
        case(rerun, "macro_in_item_position_names_the_type", submit, "X.go()").edit("X = { 2 }", "X = { 3 }"),
        case(rerun, "macro_in_item_position_calls_a_helper", submit, "X.go()").edit("{ 1 }", "{ 4 }"),
        case(rerun, "macro_in_item_position_changes_itself", submit, "X.go()").edit_in(
            "writers/src/lib.rs",
            "extra() + {value}",
            "extra() - {value}",
        ),
        case(skip, "macro_in_item_position_of_another_type", submit, "X.go()").edit("{ 5 }", "{ 6 }"),
        case(rerun, "attribute_macro_has_another_argument", twice, "f()").edit("twice(3)", "twice(4)"),
        case(rerun, "attribute_macro_around_a_call", twice, "f()").edit("{ 1 }", "{ 2 }"),
        case(rerun, "attribute_macro_changes_itself", twice, "f()").edit_in(
            "writers/src/lib.rs",
            "{ 7 }",
            "{ 8 }",
        ),
        case(skip, "attribute_macro_and_an_unrelated_function", twice, "f()").edit("{ 5 }", "{ 6 }"),
    ]
}

/// Derives, attributes and function-like macros of registry packages.
fn of_a_registry() -> Vec<Case> {
    let error = "#[derive(Debug, thiserror::Error)]\n#[error(\"one {0}\")]\nstruct E(#[from] std::num::ParseIntError);\nfn parse(text: &str) -> Result<i64, E> { Ok(text.parse::<i64>()? + { 1 }) }\nmod m { #[allow(dead_code)] #[derive(Debug, thiserror::Error)] #[error(\"other\")] struct Other; }";
    let failed = "parse(\"x\").map_err(|error| error.to_string().len() as i64).unwrap_or_else(|n| n)";
    let version = "#[rustversion::since(1.0)] fn f() -> i64 { g() }\n#[rustversion::before(1.0)] fn f() -> i64 { 7 }\nfn g() -> i64 { 1 }\n#[allow(dead_code)] fn h() -> i64 { 5 }";
    let joined = "paste::paste! { fn [<make_ one>]() -> i64 { g() + { 3 } } }\nfn g() -> i64 { 1 }\n#[allow(dead_code)] fn h() -> i64 { 5 }";
    let case =
        |make: fn(&'static str, &'static str, &str) -> Case, name, items: &str, body: &str, package| {
            make("28 T13", name, &calc(items, body)).uses(package)
        };
    vec![
        case(rerun, "registry_derive_has_another_text", error, failed, "thiserror")
            .edit("one {0}", "three {0}"),
        case(rerun, "registry_derive_beside_a_call", error, failed, "thiserror").edit("{ 1 }", "{ 2 }"),
        case(skip, "registry_derive_in_another_module", error, failed, "thiserror")
            .edit("\"other\"", "\"others\""),
        case(rerun, "registry_attribute_around_a_call", version, "f()", "rustversion").edit("{ 1 }", "{ 2 }"),
        case(rerun, "registry_attributes_swap", version, "f()", "rustversion")
            .swap("since(1.0)", "before(1.0)"),
        case(skip, "registry_attribute_and_an_unrelated_function", version, "f()", "rustversion")
            .edit("{ 5 }", "{ 6 }"),
        case(rerun, "registry_macro_joins_a_name", joined, "make_one()", "paste").edit("{ 3 }", "{ 4 }"),
        case(rerun, "registry_macro_joins_a_name_around_a_call", joined, "make_one()", "paste")
            .edit("{ 1 }", "{ 2 }"),
        case(skip, "registry_macro_joins_a_name_unrelated", joined, "make_one()", "paste")
            .edit("{ 5 }", "{ 6 }"),
    ]
}

fn proc_macros() -> Vec<Case> {
    let k = "pub use k_derive::Go;\npub trait Go { fn go(&self) -> i64; }\n#[doc(hidden)] pub mod __private { pub fn helper(n: i64) -> i64 { n * 10 } }\n";
    let case = |name| {
        rerun("28 T13", name, &calc("use k::Go;\n/// Says nothing.\n#[derive(k::Go)]\nstruct X;", "X.go()"))
            .dep("k", k)
            .dep_of("k", "k_derive", DERIVE)
            .proc_macro("k_derive")
    };
    vec![
        case("derive_of_a_path_package_uses_a_hidden_helper").edit_in("k/src/lib.rs", "n * 10", "n * 20"),
        case("derive_of_a_path_package_changes_itself").edit_in("k_derive/src/lib.rs", "{ 1 }", "{ 2 }"),
        case("derive_reads_the_docs").edit("Says nothing", "Speaks"),
    ]
}
