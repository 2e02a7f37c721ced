//! Patterns, branches and jumps.

use super::{check, check_items};

#[test]
fn a_private_field_may_hide_behind_a_dereference() {
    check_items(
        "mod inner { use super::*; pub struct Data { pub f: B } pub struct Guard { f: A, d: Data } impl std::ops::Deref for Guard { type Target = Data; fn deref(&self) -> &Data { &self.d } } } fn t(g: &inner::Guard) { g.f.m_b(); }",
        &["b: ?"],
    );
}

#[test]
fn fields_and_variants() {
    check(
        "let W { inner, n } = W::of(A); inner.m_a(); n.m_b(); let P(x, y) = P(B, 1); x.m_c(); y.m_d(); P(A, 1).1.m_e();",
        &["a: A", "b: u64", "c: B", "d: u8", "e: u8"],
    );
    check(
        "match E::One(B) { E::One(b) => b.m_a(), E::Two { x, y } => { x.m_b(); y.m_c() } E::Three => {} }",
        &["a: B", "b: A", "c: B"],
    );
    check_items(
        "fn t(e: &E<u8>) { if let E::One(n) | E::Two { y: n, .. } = e { n.m_a(); } let [first, .., last] = [A, A] else { return }; first.m_b(); last.m_c(); }",
        &["a: u8", "b: A", "c: A"],
    );
}

#[test]
fn a_branch_that_leaves_says_nothing() {
    check("let o = Some(A); let a = match o { Some(a) => a, None => { return; } }; a.m_a();", &["a: A"]);
    check(
        "let a = loop { if true { break A; } }; a.m_a(); let b = 'x: { if true { break 'x B; } B }; b.m_b();",
        &["a: A", "b: B"],
    );
    check(
        "let Some(a) = Some(A) else { panic!() }; a.m_a(); let b = if true { B } else { std::process::exit(1) }; b.m_b();",
        &["a: A", "b: B"],
    );
    check_items(
        "fn t() -> Option<A> { let b = A.opt()?; b.m_a(); if let Some(x) = A.opt() && let y = x { y.m_b(); } None }",
        &["a: B", "b: B"],
    );
}

#[test]
fn branches_that_may_be_coerced_are_not_certain() {
    check("let x = if true { d() } else { &A }; x.m_a(); let y = [d(), &A]; y[0].m_b();", &["a: ?", "b: ?"]);
    check("let x = 'l: { if true { break 'l d(); } &A }; x.m_a();", &["a: ?"]);
    check_items(
        "macro_rules! leave { ($e:expr) => { break $e } } fn t() { let x = loop { leave!(A) }; x.m_a(); let y = loop { unknown!(A) }; y.m_b(); }",
        &["a: A", "b: ?"],
    );
}
