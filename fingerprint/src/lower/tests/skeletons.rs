//! Tests what counts as the same code: pairs of functions, equal or not.

use super::{file, item, rendered, skeleton};

const SAME: &[(&str, &str, &str)] = &[
    ("parameter", "fn f(a: i64) -> i64 { a + 1 }", "fn f(b: i64) -> i64 { b + 1 }"),
    ("own name", "fn f() {}", "fn g() {}"),
    ("local", "fn f() { let a = 1; g(a) }", "fn f() { let b = 1; g(b) }"),
    ("shadowing", "fn f(a: u8) { let a = a; g(a) }", "fn f(a: u8) { let b = a; g(b) }"),
    ("label", "fn f() { 'a: loop { break 'a; } }", "fn f() { 'b: loop { break 'b; } }"),
    ("generic", "fn f<T: X>(a: T) -> T::Y { a.g() }", "fn f<U: X>(a: U) -> U::Y { a.g() }"),
    (
        "const generic",
        "fn f<const N: usize>() -> [u8; N] { [0; N] }",
        "fn f<const M: usize>() -> [u8; M] { [0; M] }",
    ),
    ("lifetime", "fn f<'a>(x: &'a str) -> &'a str { x }", "fn f<'b>(x: &'b str) -> &'b str { x }"),
    ("bound lifetime", "fn f(g: impl for<'a> Fn(&'a u8)) {}", "fn f(g: impl for<'b> Fn(&'b u8)) {}"),
    ("closure parameter", "fn f(v: V) { v.map(|x| x + 1) }", "fn f(v: V) { v.map(|y| y + 1) }"),
    ("closure braces", "fn f(v: V) { v.map(|x| x + 1) }", "fn f(v: V) { v.map(|x| { x + 1 }) }"),
    ("arm braces", "fn f(a: A) -> u8 { match a { _ => 1 } }", "fn f(a: A) -> u8 { match a { _ => { 1 } } }"),
    (
        "arm binding",
        "fn f(a: A) { match a { Some(x) => g(x), None => {} } }",
        "fn f(a: A) { match a { Some(x) => { g(x) } None => {} } }",
    ),
    (
        "pattern name in let",
        "fn f(a: A) { let (x, ref y) = a; g(x, y) }",
        "fn f(a: A) { let (p, ref q) = a; g(p, q) }",
    ),
    ("shorthand literal", "fn f(y: u8) -> P { P { y } }", "fn f(z: u8) -> P { P { y: z } }"),
    (
        "shorthand pattern",
        "fn f(p: P) -> u8 { let P { y } = p; y }",
        "fn f(p: P) -> u8 { let P { y: z } = p; z }",
    ),
    ("parentheses", "fn f(a: u8) -> u8 { (a) + (1 * 2) }", "fn f(a: u8) -> u8 { a + 1 * 2 }"),
    ("capture", "fn f(a: u8) { println!(\"{a} {a:?}\") }", "fn f(b: u8) { println!(\"{b} {b:?}\") }"),
    (
        "capture in spec",
        "fn f(a: u8, w: usize) { println!(\"{a:w$.w$}\") }",
        "fn f(b: u8, x: usize) { println!(\"{b:x$.x$}\") }",
    ),
    ("std macro", "fn f(a: u8) -> Vec<u8> { vec![a, a] }", "fn f(b: u8) -> Vec<u8> { vec![b, b] }"),
    (
        "matches",
        "fn f(a: A) -> bool { matches!(a, Some(x) if x > 1) }",
        "fn f(b: A) -> bool { matches!(b, Some(x) if x > 1) }",
    ),
    ("assert", "fn f(a: u8) { assert!(a > 1, \"{a}\"); }", "fn f(b: u8) { assert!(b > 1, \"{b}\"); }"),
    ("comments and docs", "fn f() { g() }", "/// docs\n#[doc = \"more\"] fn f() { /* c */ g() // d\n }"),
    ("format", "fn f(a: u8, b: u8) { g(a, b) }", "fn f(\n a: u8,\n b: u8,\n) {\n g(a, b,)\n}"),
    (
        "lints",
        "fn f() { g() }",
        "#[allow(x)] #[inline] #[must_use = \"x\"] #[clippy::x] #[rustfmt::skip] pub fn f() { #[allow(y)] g() }",
    ),
    ("doc mark", "fn f() { g() }", "#[doc = \"checkpoint\"] fn f() { g() }"),
    ("alias mark", "fn f() { g() }", "#[doc(alias = \"checkpoint(version = 1)\")] fn f() { g() }"),
    ("visibility", "fn f() {}", "pub(crate) fn f() {}"),
    ("separator of digits", "fn f() -> u32 { 1_000u32 }", "fn f() -> u32 { 1000u32 }"),
    ("raw string", "fn f() -> &'static str { \"a\\\"b\" }", "fn f() -> &'static str { r#\"a\"b\"# }"),
    ("raw identifier", "fn f(r#a: u8) -> u8 { r#a }", "fn f(a: u8) -> u8 { a }"),
    (
        "removed by cfg",
        "fn f() { g() }",
        "fn f() { #[cfg(windows)] h(); #[cfg(feature = \"off\")] let x = 1; g() }",
    ),
    (
        "kept by cfg",
        "fn f() { h(); g() }",
        "fn f() { #[cfg(unix)] h(); #[cfg_attr(unix, cfg(feature = \"on\"))] g() }",
    ),
    ("cfg on an assignment", "fn f(mut a: u8) { g(a) }", "fn f(mut a: u8) { #[cfg(windows)] a = 1; g(a) }"),
    (
        "cfg on an arm",
        "fn f(a: u8) { match a { _ => 1 } }",
        "fn f(a: u8) { match a { #[cfg(windows)] 2 => 3, _ => 1 } }",
    ),
    ("cfg on a field", "fn f() -> P { P { a: 1 } }", "fn f() -> P { P { a: 1, #[cfg(windows)] b: 2 } }"),
    ("cfg on a parameter", "fn f(a: u8) -> u8 { a }", "fn f(#[cfg(windows)] b: u8, a: u8) -> u8 { a }"),
    ("cfg macro", "fn f() -> bool { true }", "fn f() -> bool { cfg!(unix) }"),
    ("items inside", "fn f() { g() }", "fn f() { use a::b; g() }"),
    ("another item inside", "fn f() { const A: u8 = 1; h() }", "fn f() { h() }"),
    (
        "or pattern",
        "fn f(a: A) { match a { A(x) | B(x) => g(x) } }",
        "fn f(a: A) { match a { | (A(x) | B(x)) => g(x) } }",
    ),
    (
        "let else",
        "fn f(a: A) { let Some(ref x) = a else { return }; g(x) }",
        "fn f(a: A) { let Some(ref y) = a else { return }; g(y) }",
    ),
    ("struct renamed fields' generics", "struct S<T> { a: T }", "pub struct S<U> { pub a: U }"),
    ("standard derive and docs", "#[derive(Clone)] struct S;", "/// docs\n#[derive(Clone)] pub struct S;"),
    ("const's name", "const A: u8 = 1;", "const B: u8 = 1;"),
    (
        "ignored argument renamed",
        "#[checkpoint(ignore(a))] fn f(a: u8) {}",
        "#[checkpoint(ignore(b))] fn f(b: u8) {}",
    ),
    ("format of an unknown macro", "fn f() { m!(a+b, \"x\") }", "fn f() { m!( a + b,  \"x\" ) }"),
    ("stray semicolon", "fn f() { g(); }", "fn f() { ;; g();; }"),
];

const DIFFERENT: &[(&str, &str, &str)] = &[
    ("literal", "fn f() -> u8 { 1 }", "fn f() -> u8 { 2 }"),
    ("suffix", "fn f() { g(1u8) }", "fn f() { g(1u16) }"),
    ("string kind", "fn f() { g(\"a\") }", "fn f() { g(b\"a\") }"),
    ("char and byte", "fn f() { g('a') }", "fn f() { g(b'a') }"),
    ("operator", "fn f(a: u8) -> u8 { a + 1 }", "fn f(a: u8) -> u8 { a - 1 }"),
    ("grouping", "fn f(a: u8) -> u8 { a + 1 * 2 }", "fn f(a: u8) -> u8 { (a + 1) * 2 }"),
    ("method or field call", "fn f(a: A) { a.b(1) }", "fn f(a: A) { (a.b)(1) }"),
    ("parameters swapped", "fn f(a: u8, b: u8) -> u8 { a - b }", "fn f(b: u8, a: u8) -> u8 { a - b }"),
    (
        "initialisers swapped",
        "fn f() { let a = 1; let b = 2; g(a) }",
        "fn f() { let a = 2; let b = 1; g(a) }",
    ),
    ("which local", "fn f() { let a = 1; let b = 2; g(a) }", "fn f() { let a = 1; let b = 2; g(b) }"),
    ("which local in a std macro", "fn f(a: u8, b: u8) { vec![a] }", "fn f(a: u8, b: u8) { vec![b] }"),
    (
        "which local in a format string",
        "fn f(a: u8, b: u8) { format!(\"{a}\") }",
        "fn f(a: u8, b: u8) { format!(\"{b}\") }",
    ),
    (
        "which width",
        "fn f(a: usize, b: usize) { format!(\"{:a$}\", 1) }",
        "fn f(a: usize, b: usize) { format!(\"{:b$}\", 1) }",
    ),
    ("which local in an unknown macro", "fn f(a: u8, b: u8) { m!(a) }", "fn f(a: u8, b: u8) { m!(b) }"),
    (
        "initialisers swapped before an unknown macro",
        "fn f() { let a = 1; let b = 2; m!(a) }",
        "fn f() { let b = 1; let a = 2; m!(a) }",
    ),
    (
        "field in an unknown macro",
        "fn f(p: P, y: u8, z: u8) { m![p.y, y] }",
        "fn f(p: P, z: u8, y: u8) { m![p.z, z] }",
    ),
    ("parameter seen by an unknown macro", "fn f(a: u8) { m!(a) }", "fn f(b: u8) { m!(b) }"),
    ("field in a std macro", "fn f(p: P, y: u8) { vec![p.y, y] }", "fn f(p: P, z: u8) { vec![p.z, z] }"),
    ("placeholder", "fn f(a: u8) { format!(\"{a}\") }", "fn f(a: u8) { format!(\"{a:?}\") }"),
    (
        "named argument",
        "fn f(a: u8) { format!(\"{x}{y}\", x = a, y = 1) }",
        "fn f(a: u8) { format!(\"{y}{x}\", x = a, y = 1) }",
    ),
    ("generics swapped", "fn f<A, B>(a: A, b: B) -> A { a }", "fn f<B, A>(a: A, b: B) -> A { a }"),
    ("type", "fn f() { g::<u8>() }", "fn f() { g::<u16>() }"),
    ("where arguments stand", "fn f() { A::<u8>::b() }", "fn f() { A::b::<u8>() }"),
    ("path", "fn f() { a::g() }", "fn f() { b::g() }"),
    ("field name", "fn f(p: P) -> u8 { p.a }", "fn f(p: P) -> u8 { p.b }"),
    ("tuple field", "fn f(p: P) -> u8 { p.0 }", "fn f(p: P) -> u8 { p.1 }"),
    ("method name", "fn f(p: P) -> u8 { p.a() }", "fn f(p: P) -> u8 { p.b() }"),
    ("mutability", "fn f(a: &u8) {}", "fn f(a: &mut u8) {}"),
    ("by reference", "fn f(a: A) { let x = a; }", "fn f(a: A) { let ref x = a; }"),
    ("tail or statement", "fn f() { g() }", "fn f() { g(); }"),
    ("move", "fn f() { || g() }", "fn f() { move || g() }"),
    ("async", "fn f() {}", "async fn f() {}"),
    ("unsafe block", "fn f() { g() }", "fn f() { unsafe { g() } }"),
    ("block that drops", "fn f() { g(h()) }", "fn f() { g({ h() }) }"),
    ("range", "fn f() { 1..2 }", "fn f() { 1..=2 }"),
    ("else", "fn f(a: bool) { if a { g() } else { h() } }", "fn f(a: bool) { if a { h() } else { g() } }"),
    (
        "order of arms",
        "fn f(a: u8) { match a { 1 => g(), _ => h() } }",
        "fn f(a: u8) { match a { _ => h(), 1 => g() } }",
    ),
    (
        "guard",
        "fn f(a: u8) { match a { x if x > 1 => g(), _ => h() } }",
        "fn f(a: u8) { match a { x if x > 2 => g(), _ => h() } }",
    ),
    (
        "label used",
        "fn f() { 'a: loop { 'b: loop { break 'a } } }",
        "fn f() { 'a: loop { 'b: loop { break 'b } } }",
    ),
    ("attribute", "fn f() {}", "#[track_caller] fn f() {}"),
    ("unknown cfg", "fn f() { g() }", "fn f() { #[cfg(has_cuda)] h(); g() }"),
    ("unknown cfg's name", "fn f() -> bool { cfg!(has_cuda) }", "fn f() -> bool { cfg!(has_rocm) }"),
    ("test cfg inside", "fn f() { g() }", "fn f() { if cfg!(test) { h() } g() }"),
    ("line", "fn f() -> u32 { line!() }", "\nfn f() -> u32 { line!() }"),
    ("stringify", "fn f(a: u8) { stringify!(a) }", "fn f(b: u8) { stringify!(b) }"),
    ("variable", "fn f() { env!(\"A\") }", "fn f() { env!(\"B\") }"),
    ("included file", "fn f() { include_str!(\"a\") }", "fn f() { include_str!(\"b\") }"),
    (
        "capital in a pattern",
        "fn f(a: u8) { match a { A => 1, _ => 2 } }",
        "fn f(a: u8) { match a { B => 1, _ => 2 } }",
    ),
    ("capital binding", "fn f(A: u8, B: u8) -> u8 { A }", "fn f(A: u8, B: u8) -> u8 { B }"),
    ("attribute macro", "fn f() {}", "#[m] fn f() {}"),
    ("docs seen by a procedural macro", "#[m] fn f() {}", "/// docs\n#[m] fn f() {}"),
    ("visibility seen by a procedural macro", "#[m] fn f() {}", "#[m] pub fn f() {}"),
    ("parameter seen by a procedural macro", "#[m] fn f(a: u8) {}", "#[m] fn f(b: u8) {}"),
    (
        "field's docs under a derive",
        "#[derive(D)] struct S { a: u8 }",
        "#[derive(D)] struct S { /** d */ a: u8 }",
    ),
    (
        "helper attribute",
        "#[derive(D)] struct S { #[d(x)] a: u8 }",
        "#[derive(D)] struct S { #[d(y)] a: u8 }",
    ),
    ("order of derives", "#[derive(Clone, Debug)] struct S;", "#[derive(Debug, Clone)] struct S;"),
    ("field order", "struct S { a: u8, b: u8 }", "struct S { b: u8, a: u8 }"),
    ("discriminant", "enum E { A = 1 }", "enum E { A = 2 }"),
    ("representation", "#[repr(u8)] enum E { A }", "#[repr(u16)] enum E { A }"),
    ("static mut", "static A: u8 = 1;", "static mut A: u8 = 1;"),
    (
        "ignored argument",
        "#[checkpoint(ignore(a))] fn f(a: u8, b: u8) {}",
        "#[checkpoint(ignore(b))] fn f(a: u8, b: u8) {}",
    ),
    ("extra", "#[checkpoint(extra = g(a))] fn f(a: u8) {}", "#[checkpoint(extra = h(a))] fn f(a: u8) {}"),
    ("macro body", "macro_rules! m { () => { 1 } }", "macro_rules! m { () => { 2 } }"),
    ("joint operators", "fn f() { m!(a && b) }", "fn f() { m!(a & &b) }"),
    ("control character", "fn f() { g(\"\\u{1}\") }", "fn f() { g(\"\\\\u{1}\") }"),
];

#[test]
fn what_counts_as_the_same_code_has_the_same_skeleton() {
    for (what, before, after) in SAME {
        assert_eq!(skeleton(before), skeleton(after), "{what}");
    }
}

#[test]
fn what_may_change_a_result_changes_the_skeleton() {
    for (what, before, after) in DIFFERENT {
        assert_ne!(skeleton(before), skeleton(after), "{what}");
    }
}

#[test]
fn our_attribute_leaves_no_trace_in_the_text() {
    let text = |source: &str| file(source).items[0].skeleton.text.clone();
    assert_eq!(text("fn f() {}"), text("#[checkpoint(version = 3)] fn f() {}"));
    assert_eq!(text("fn f() {}"), text("#[checkpointing::checkpoint] fn f() {}"));
}

#[test]
fn a_method_that_tokens_see_has_the_names_of_the_generics_around() {
    let method = |source: &str| {
        let file = file(source);
        rendered(&file, &item(&file, "f").skeleton)
    };
    let numbered = method("impl<T, U> S<T, U> { fn f(a: T) -> U { g() } }");
    assert_eq!(numbered, method("impl<A, B> S<A, B> { fn f(x: A) -> B { g() } }"));
    assert_ne!(numbered, method("impl<U, T> S<U, T> { fn f(a: T) -> U { g() } }"));
    assert_ne!(
        method("impl<T, U> S<T, U> { fn f() { m!(T) } }"),
        method("impl<U, T> S<U, T> { fn f() { m!(T) } }")
    );
}

#[test]
fn an_item_of_a_block_hides_a_local() {
    let text = skeleton("fn f() { let g = 1; { fn g() {} g() } }");
    assert!(text.contains("( <Value Plain g> ( ) )"), "{text}");
    // What a glob import brings is not known: both are referred to.
    let text = skeleton("fn f(x: u8) -> u8 { use a::*; x }");
    assert!(text.contains("#0 <Value? Plain x>"), "{text}");
}

#[test]
fn a_lowercase_pattern_also_refers_to_a_const() {
    let text = skeleton("fn f(a: u8) -> u8 { match a { limit => limit } }");
    assert!(text.contains("#1 <Value? Plain limit> => #1 ,"), "{text}");
}

#[test]
fn names_in_the_tokens_of_unknown_macros_are_references() {
    let text =
        skeleton("fn f() { m!(a::B, ::c::d, crate::e, self.x.g(1), h!(i), \"a::s {LIMIT}\", Self, 'q) }");
    for part in [
        "<Macro Plain m> ! (",
        "a :: B <Any? Plain a::B>",
        ":: c :: d <Any? Global c::d>",
        "crate :: e <Any? Crate e>",
        "self . x . g <method g false>",
        "h <Macro? Plain h> !",
        "Text { text: \"a::s {LIMIT}\"",
        "<Value? Plain LIMIT>",
        "Self <Any? SelfType >",
        "'q )",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn a_macro_body_refers_to_what_it_mentions() {
    let text = skeleton("macro_rules! m { ($x:expr, $($y:ident),*) => { $crate::a::b($x); c.d(); e!() } }");
    for part in
        ["$ x : expr ,", "$ crate :: a :: b <Any? Crate a::b>", "d <method d false>", "e <Macro? Plain e>"]
    {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(!text.contains("Plain expr"), "{text}");
}
