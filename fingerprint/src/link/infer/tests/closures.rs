//! What closures are called with, and what they give.

use super::{check, check_items};

#[test]
fn adapters_of_the_standard_library() {
    check(
        "Some(A).map(|a| { a.m_a(); a.b() }).m_b(); Some(A).and_then(|a| a.opt()).m_c(); Ok::<A, B>(A).map_err(|e| e.m_d()).ok();",
        &["a: A", "b: Option<B>", "c: Option<B>", "d: B"],
    );
    check(
        "let v = vec![(1u8, A)]; v.iter().filter(|(n, a)| { n.m_a(); a.m_b(); true }).for_each(|p| p.m_c()); v.iter().fold(B, |acc, p| { acc.m_d(); p.m_e(); acc });",
        &["a: u8", "b: A", "c: (u8, A)", "d: B", "e: (u8, A)"],
    );
    check(
        "It.map(|a| a.m_a()).count(); It.zip(0..9).enumerate().for_each(|(i, (a, n))| { i.m_b(); a.m_c(); n.m_d(); }); It.flat_map(|a| vec![a.b()]).for_each(|b| b.m_e());",
        &["a: A", "b: usize", "c: A", "d: {integer}", "e: B"],
    );
}

#[test]
fn functions_of_the_crate() {
    check_items(
        "fn with<F: Fn(&A) -> R, R>(f: F) -> R { f(&A) } fn each(f: impl FnMut(B)) {} fn t() { with(|a| { a.m_a(); a.b() }).m_b(); each(|b| b.m_c()); }",
        &["a: A", "b: B", "c: B"],
    );
    check_items(
        "fn t<F: Fn(u8) -> A>(f: F, g: &dyn Fn() -> B, h: fn() -> A) { f(1).m_a(); g().m_b(); h().m_c(); }",
        &["a: A", "b: B", "c: A"],
    );
    check(
        "let f = |x: &A| x.b(); f(&A).m_a(); let g = || { if true { return A; } A }; g().m_b(); Some(A).map(W::of).m_c(); Some(A).map(E::One).m_d();",
        &["a: B", "b: A", "c: Option<W<A>>", "d: Option<E<A>>"],
    );
}
