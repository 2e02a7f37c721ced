//! Types that later statements decide.

use super::{check, check_items};

#[test]
fn what_is_pushed_says_what_is_in_it() {
    check(
        "let mut v = Vec::new(); v.push(A); v[0].m_a(); let mut o = None; o = Some(B); o.m_b();",
        &["a: A", "b: Option<B>"],
    );
    check(
        "let x; x = A; x.m_a(); let mut m = std::collections::HashMap::new(); m.insert(1u8, A); m.values().next().m_b();",
        &["a: A", "b: Option<A>"],
    );
    check("let mut v = Vec::new(); v.extend(It); while let Some(a) = v.pop() { a.m_a(); }", &["a: A"]);
    check_items(
        "struct S { v: Vec<A> } fn t() { let v = Vec::new(); let s = S { v }; s.v.m_a(); } ",
        &["a: Vec<A>"],
    );
}

#[test]
fn what_is_not_seen_may_decide() {
    check_items(
        "fn fill<T>(v: &mut Vec<T>) -> u8 { 0 } fn t() { let mut v = Vec::new(); fill(&mut v); v.push(A); v[0].m_a(); }",
        &["a: A"],
    );
    check_items(
        "fn t() { let mut v = Vec::new(); unknown!(v); v.push(&A); v.iter().m_a(); let mut w = Vec::new(); unknown::fill(&mut w); w.push(A); w.m_b(); }",
        &["a: ?", "b: Vec<?>"],
    );
    check("let mut v = Vec::new(); v.push(d()); v.push(&A); v[0].m_a();", &["a: dyn"]);
}
