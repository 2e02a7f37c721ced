//! Lists the cases where what a method is called on looks certain and is something else.

use e2e::{Case, rerun, skip};

/// Types `X` and `Y` with a method `go`; the edit changes that of `X`.
const TWO: &str =
    "struct X; struct Y; impl X { fn go(&self) -> i64 { 1 } } impl Y { fn go(&self) -> i64 { 5 } }\n";
/// A trait with a method `go` for `A` and `B`; the edit changes that of `B`.
const TRAIT: &str = "trait T { fn go(&self) -> i64; } struct A; struct B; impl T for A { fn go(&self) -> i64 { 5 } }\n\
    impl T for B { fn go(&self) -> i64 { 1 } } fn d() -> &'static dyn T { &B }\n";
/// A trait whose types dereference to `X`.
const SMART: &str = "trait Smart: std::ops::Deref<Target = X> {} impl Smart for Box<X> {}\n";

fn changed(name: &'static str, items: &str, body: &str) -> Case {
    let code = format!("{items}\n#[checkpoint] fn calc() -> i64 {{ println!(\"ran\"); {body} }}\n");
    rerun("25", name, &code).edit("{ 1 }", "{ 2 }")
}

pub fn cases() -> Vec<Case> {
    [branches(), certain(), bounds(), standard(), macros()].concat()
}

fn branches() -> Vec<Case> {
    vec![
        changed(
            "branch_returns_with_a_semicolon",
            TWO,
            "let x = if std::env::args().count() > 99 { return 0; } else { X }; x.go()",
        ),
        changed(
            "branch_exits_with_a_semicolon",
            TWO,
            "let x = if std::env::args().count() > 99 { std::process::exit(3); } else { X }; x.go()",
        ),
        changed("closure_returns_with_a_semicolon", TWO, "Some(1).map(|_| { return X; }).unwrap().go()"),
        changed(
            "result_of_a_closure_is_coerced_to_a_trait_object",
            &format!("{TRAIT}fn w() -> Box<dyn T> {{ Box::new(B) }}"),
            "let mut t = Some(1).map::<Box<dyn T>, _>(|_| Box::new(A)).unwrap();\nif std::env::args().count() < 99 { t = w(); }\nt.go()",
        ),
        changed(
            "branch_is_coerced_to_a_trait_object",
            TRAIT,
            "let x = if std::env::args().count() < 99 { d() } else { &A }; x.go()",
        ),
        changed(
            "element_is_coerced_to_a_trait_object",
            TRAIT,
            "let x = vec![d(), &A]; x.iter().map(|v| v.go()).sum()",
        ),
        changed(
            "argument_is_coerced_to_a_trait_object",
            &format!("{TRAIT}fn pick<'a, U: ?Sized>(a: &'a U, _: &'a U) -> &'a U {{ a }}"),
            "pick(d(), &A).go()",
        ),
    ]
}

/// What is certain, and stays so: the edit is of another type's method.
fn certain() -> Vec<Case> {
    let body = "let _x = X; let o = Some(Y); let y = match o { Some(y) => y, None => { return 0; } }; y.go()";
    let code = format!("{TWO}\n#[checkpoint] fn calc() -> i64 {{ println!(\"ran\"); {body} }}\n");
    vec![skip("12", "branch_returns_and_the_other_is_certain", &code).edit("{ 1 }", "{ 2 }")]
}

fn bounds() -> Vec<Case> {
    vec![
        changed(
            "supertrait_dereferences",
            &format!("{TWO}{SMART}fn run<S: Smart>(s: S) -> i64 {{ s.go() }}"),
            "run(Box::new(X))",
        ),
        changed(
            "returned_trait_dereferences",
            &format!("{TWO}{SMART}fn make() -> impl Smart {{ Box::new(X) }}"),
            "make().go()",
        ),
        changed(
            "trait_beside_iterator",
            "trait Named { fn go(&self) -> i64; } struct It; impl Iterator for It { type Item = i64; fn next(&mut self) -> Option<i64> { None } } impl Named for It { fn go(&self) -> i64 { 1 } } fn make() -> impl Iterator<Item = i64> + Named { It }",
            "make().go()",
        ),
        changed(
            "optional_self_of_a_default_body",
            &format!(
                "{TWO}impl Clone for X {{ fn clone(&self) -> X {{ X }} }} trait M: Sized + Clone {{ fn maybe(&self) -> Option<Self> {{ Some(self.clone()) }} }} impl M for X {{}}"
            ),
            "X.maybe().unwrap().go()",
        ),
        changed(
            "associated_type_with_a_std_name",
            &format!(
                "{TWO}trait Tr {{ type Vec; }} struct P; impl Tr for P {{ type Vec = X; }} impl X {{ fn new() -> X {{ X }} }} impl P {{ fn run() -> i64 {{ let v = <P as Tr>::Vec::new(); v.go() }} }}"
            ),
            "P::run()",
        ),
    ]
}

fn standard() -> Vec<Case> {
    vec![
        changed(
            "element_of_a_repeated_vec",
            &format!("#[derive(Clone)] {TWO}"),
            "let v = vec![X; 2]; v[0].go() + v.iter().map(|x| x.go()).sum::<i64>()",
        ),
        changed("element_of_an_array_in_a_vec", TWO, "let v = vec![[X, X], [X, X]]; v[0][1].go()"),
        changed("error_of_the_other_result", TWO, "Err::<i64, Y>(Y).or(Err::<i64, X>(X)).unwrap_err().go()"),
        changed(
            "deque_removes_an_option",
            "struct X; trait E { fn go(&self) -> i64; } impl<U> E for Option<U> { fn go(&self) -> i64 { 1 } }",
            "let mut d: std::collections::VecDeque<X> = Default::default(); d.push_back(X); d.remove(0).go()",
        ),
        changed(
            "method_of_every_box",
            &format!(
                "{TWO}trait Tr {{ fn conv(self) -> X; }} impl<U> Tr for Box<U> {{ fn conv(self) -> X {{ X }} }} struct Z; impl Z {{ fn conv(&self) -> Y {{ Y }} }}"
            ),
            "Box::new(Z).conv().go()",
        ),
        changed(
            "into_by_value_beats_an_inherent_one",
            &format!(
                "{TWO}struct Z; impl Z {{ fn into(&self) -> Y {{ Y }} }} impl From<Z> for X {{ fn from(_: Z) -> X {{ X }} }}"
            ),
            "let x = Z.into(); let _: &X = &x; x.go()",
        ),
    ]
}

fn macros() -> Vec<Case> {
    vec![
        changed(
            "deref_by_a_macro",
            &format!(
                "{TWO}struct W; macro_rules! deref {{ ($a:ident, $b:ident) => {{ impl std::ops::Deref for $a {{ type Target = $b; fn deref(&self) -> &$b {{ &$b }} }} }} }} deref!(W, X);"
            ),
            "W.go()",
        ),
        changed(
            "deref_whose_items_a_macro_makes",
            &format!(
                "{TWO}struct W; macro_rules! deref {{ () => {{ type Target = X; fn deref(&self) -> &X {{ &X }} }} }} impl std::ops::Deref for W {{ deref!(); }}"
            ),
            "W.go()",
        ),
        changed(
            "macro_of_a_std_name_makes_a_value",
            &format!("{TWO}macro_rules! vec {{ ($($t:tt)*) => {{ X }} }}"),
            "vec![1].go()",
        ),
        changed(
            "macro_names_the_type_itself",
            "struct X; macro_rules! add { () => { impl std::ops::Add for X { type Output = i64; fn add(self, _: X) -> i64 { 1 } } } } add!();",
            "X + X",
        ),
        changed(
            "macro_converts_a_foreign_error",
            "struct E(i64); macro_rules! from { ($t:ty) => { impl From<$t> for E { fn from(_: $t) -> E { let n = { 1 }; E(n) } } } } from!(std::num::ParseIntError); fn t() -> Result<i64, E> { Ok(\"x\".parse::<i64>()?) }",
            "t().err().unwrap().0",
        ),
        changed(
            "macro_makes_a_traits_method",
            "struct X; trait Tr { fn go(&self) -> i64; } macro_rules! go { () => { fn go(&self) -> i64 { 1 } } } impl Tr for X { go!(); }",
            "Tr::go(&X)",
        ),
        changed(
            "macro_is_given_the_methods_name",
            &format!("{TWO}macro_rules! call {{ ($o:expr, $m:ident) => {{ $o.$m() }} }}"),
            "call!(X, go)",
        ),
        changed(
            "exported_under_another_name",
            "unsafe extern \"C\" { fn ff() -> i64; } mod q { #[unsafe(export_name = \"ff\")] pub extern \"C\" fn zz() -> i64 { 1 } }",
            "unsafe { ff() }",
        ),
        changed(
            "imported_under_another_name",
            "unsafe extern \"C\" { #[link_name = \"gg\"] fn ff() -> i64; } mod q { #[unsafe(no_mangle)] pub extern \"C\" fn gg() -> i64 { 1 } }",
            "unsafe { ff() }",
        ),
    ]
}
