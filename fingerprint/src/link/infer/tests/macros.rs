//! Macro calls in bodies are read as what they stand for.

use super::receivers;

const TYPES: &str = "
    struct A; impl A { fn m_a(&self) -> B { B } fn m_s(&self) {} }
    struct B; impl B { fn m_b(&self) -> A { A } fn m_s(&self) {} }
    struct W<T>(T); impl<T> W<T> { fn m_w(&self) -> &T { &self.0 } }
";

fn finds(macros: &str, body: &str, expected: &[&str]) {
    let code = format!("{TYPES} {macros} fn t(a: A, b: B) {{ {body} }}");
    assert_eq!(receivers(&code), expected, "{macros} with {body}");
}

#[test]
fn an_expression_has_the_type_of_what_it_stands_for() {
    finds("macro_rules! id { ($e:expr) => { $e } }", "id!(a).m_a().m_b();", &["a: A", "b: B"]);
    finds("macro_rules! go { ($e:expr) => { $e.m_a() } }", "let x = go!(a); x.m_b();", &["a: A", "b: B"]);
    finds(
        "macro_rules! try_opt { ($e:expr) => { match $e { Some(v) => v, None => return } } }",
        "let x = try_opt!(Some(a)); x.m_a();",
        &["a: A"],
    );
    // Precedence: what was given is one operand.
    finds("macro_rules! neg { ($e:expr) => { (&$e).m_s() } }", "neg!(a.m_a());", &["a: A", "s: B"]);
}

#[test]
fn macros_call_macros_and_crates_name_themselves() {
    finds(
        "#[macro_export] macro_rules! one { ($e:expr) => { $crate::two!($e) } }
         #[macro_export] macro_rules! two { ($e:expr) => { { let x = $crate::make(); x.m_b(); $e } } }
         pub fn make() -> B { B }",
        "one!(a).m_a();",
        &["b: B", "a: A"],
    );
    finds(
        "macro_rules! all { () => {}; ($h:expr $(, $t:expr)*) => { { $h.m_s(); all!($($t),*); } } }",
        "all!(a, b, a);",
        &["s: A", "s: B", "s: A"],
    );
    finds(
        "macro_rules! each { ($($e:expr),* $(,)?) => { vec![$(inner!($e)),*] } }
         macro_rules! inner { ($e:expr) => { $e.m_a() } }",
        "for x in each![a, a] { x.m_b(); }",
        &["a: A", "a: A", "b: B"],
    );
}

#[test]
fn statements_bind_what_the_caller_names() {
    finds(
        "macro_rules! bind { ($n:ident, $e:expr) => { let $n = $e; } }",
        "bind!(x, a); x.m_a();",
        &["a: A"],
    );
    finds(
        "macro_rules! bind { ($n:ident, $e:expr) => { let $n = $e; } }",
        "bind! { x, a } x.m_a();",
        &["a: A"],
    );
    finds(
        "macro_rules! two { ($n:ident) => { let a = B; let $n = a; a.m_s(); } }",
        "two!(x); x.m_b(); a.m_a();",
        &["s: B", "b: B", "a: A"],
    );
    // The last one without a semicolon is the block's value.
    finds(
        "macro_rules! end { ($e:expr) => { let x = $e; x.m_a() } }",
        "let y = { end! { a } }; y.m_b(); let z = { end!(A); }; z;",
        &["a: A", "b: B", "a: A"],
    );
}

#[test]
fn locals_of_a_macro_are_not_those_of_the_call() {
    finds(
        "macro_rules! with { ($e:expr) => { { let a = B; a.m_s(); $e } } }",
        "with!(a.m_a());",
        &["s: B", "a: A"],
    );
    finds(
        "macro_rules! with { ($e:expr) => { (|a: B| { a.m_s(); $e })(B) } }",
        "with!(a.m_a());",
        &["s: B", "a: A"],
    );
    finds(
        "macro_rules! with { ($e:expr) => { match Some(B) { Some(a) => { a.m_s(); $e.m_a(); } None => {} } } }",
        "with!(a);",
        &["s: B", "a: A"],
    );
    // A second call's locals are not the first one's.
    finds(
        "macro_rules! set { ($n:ident $e:expr) => { let tmp = $e; let $n = &tmp; } }",
        "set!(x a); set!(y b); x.m_a(); y.m_b();",
        &["a: A", "b: B"],
    );
    // Through two macros: both write `x`.
    finds(
        "macro_rules! outer { ($e:expr) => { { let x = A; inner!(x, $e); } } }
         macro_rules! inner { ($o:expr, $e:expr) => { let x = W(1); $o.m_s(); $e.m_s(); x.m_w(); } }",
        "let x = B; outer!(x);",
        &["s: A", "s: B", "w: W<{integer}>"],
    );
    // Labels too.
    finds(
        "macro_rules! once { ($e:expr) => { 'x: loop { break 'x $e; } } }",
        "let y = 'x: loop { once!(break 'x a); }; y.m_a();",
        &["a: A"],
    );
}

#[test]
fn a_macro_in_a_block_sees_the_locals_above_it() {
    finds("", "let x = a; macro_rules! get { () => { x.m_a() } } get!().m_b();", &["a: A", "b: B"]);
    finds(
        "",
        "let x = a; macro_rules! get { () => { x } } let x = b; get!().m_s(); x.m_b();",
        &["s: A", "b: B"],
    );
    finds(
        "",
        "macro_rules! get { ($e:expr) => { { let a = B; $e.m_a(); a.m_b(); a } } } get!(a).m_s();",
        &["a: A", "b: B", "s: B"],
    );
    // Two of one name: it is not told which.
    finds(
        "",
        "macro_rules! get { () => { A } } get!().m_s(); macro_rules! get { () => { B } } get!().m_s();",
        &["s: ?", "s: ?"],
    );
}

#[test]
fn format_strings_capture_whose_they_are() {
    finds(
        "macro_rules! say { ($e:expr) => { { let a = W(B); let s = format!(\"{a}\"); a.m_w(); $e } } }",
        "say!(a).m_a();",
        &["w: W<B>", "a: A"],
    );
}

#[test]
fn types_and_patterns_are_read_too() {
    finds(
        "macro_rules! ty { ($t:ty) => { W<$t> } }",
        "let x: ty!(B) = W(b); x.m_w().m_b();",
        &["w: W<B>", "b: B"],
    );
    finds(
        "macro_rules! some { ($p:pat) => { Some($p) } }",
        "if let some!(x) = Some(a) { x.m_a(); }",
        &["a: A"],
    );
}

#[test]
fn blocks_of_an_expansion_may_hold_items() {
    finds("macro_rules! item { () => { { fn f() -> A { A } f() } } }", "item!().m_a();", &["a: A"]);
    finds(
        "macro_rules! own { ($e:expr) => { { struct W(B); impl W { fn m_w(&self) -> &B { &self.0 } } W($e).m_w() } } }
         fn after() -> A { A }",
        "own!(b).m_b(); own!(B).m_s(); after().m_a();",
        &["w: W", "b: B", "w: W", "s: B", "a: A"],
    );
    // Items among the statements themselves stand in the caller's block.
    finds(
        "macro_rules! item { ($n:ident) => { fn $n() -> A { A } } }",
        "item!(g); g().m_s(); a.m_a();",
        &["s: A", "a: A"],
    );
}

#[test]
fn a_statement_that_is_passed_on_is_one() {
    finds(
        "macro_rules! run { ($($s:stmt;)*) => { $($s)* } }",
        "run! { let x = a; let y = x.m_a(); } y.m_b();",
        &["a: A", "b: B"],
    );
    finds(
        "macro_rules! last { ($($s:stmt),*) => { { $($s)* } } }",
        "last!(let x = a, x.m_s(), x).m_a();",
        &["s: A", "a: A"],
    );
}

#[test]
fn a_call_at_the_end_of_statements_is_read_as_statements() {
    finds(
        "macro_rules! seq { ($n:ident $e:expr) => { seq!(@ $n $e) }; (@ $n:ident $e:expr) => { let x = $e; let $n = x.m_a(); } }",
        "seq!(y a); y.m_b();",
        &["a: A", "b: B"],
    );
    finds(
        "macro_rules! seq { ($n:ident $e:expr) => { let q = $e; two!($n q) } }
         macro_rules! two { ($n:ident $e:expr) => { let q = B; q.m_s(); let $n = $e.m_a(); } }",
        "seq!(y a); y.m_b();",
        &["s: B", "a: A", "b: B"],
    );
}

#[test]
fn what_is_not_certain_stays_as_it_is() {
    // A fragment that is not understood, a macro that nobody knows.
    finds("macro_rules! id { ($x:future) => { $x } }", "id!(a).m_a();", &["a: ?"]);
    finds("", "unknown!(a).m_a();", &["a: ?"]);
    // `foo` may be defined by the call above it.
    finds(
        "macro_rules! make { ($n:ident) => { macro_rules! $n { () => { B } } } } macro_rules! foo { () => { A } }",
        "make!(foo); foo!().m_s();",
        &["s: ?"],
    );
    finds("macro_rules! deep { ($($t:tt)*) => { deep!(x $($t)*) } }", "deep!().m_a();", &["a: ?"]);
}

#[test]
fn bodies_that_a_macro_made_are_read() {
    finds(
        "macro_rules! imp { ($($t:ident)*) => { $(impl $t { fn by(&self) -> A { let a = A; get!(a) } })* } }
         macro_rules! get { ($e:expr) => { { let a = $e; a } } }
         imp!(A B);",
        "b.by().m_a();",
        &["a: A"],
    );
}
