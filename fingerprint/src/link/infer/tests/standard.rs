//! The standard library's types.

use super::{check, check_items};

#[test]
fn numbers_and_their_methods() {
    check(
        "let x = 1; x.m_a(); let y = 1u8; (x + y).m_b(); (y << 3).m_c(); (1 << y).m_d();",
        &["a: {integer}", "b: u8", "c: u8", "d: {integer}"],
    );
    check(
        "let x = u32::MAX; x.m_a(); x.wrapping_add(1).m_b(); x.leading_zeros().m_c(); 1.5f64.to_bits().m_d();",
        &["a: u32", "b: u32", "c: u32", "d: u64"],
    );
    check(
        "let (v, o) = 7i64.overflowing_add(1); v.m_a(); o.m_b(); 7i64.checked_add(1).m_c(); (3 as usize).m_d();",
        &["a: i64", "b: bool", "c: Option<i64>", "d: usize"],
    );
    check(
        "std::f64::consts::PI.m_a(); f32::EPSILON.m_b(); u16::from(3u8).m_c(); (-2.5).m_d(); (!true).m_e();",
        &["a: f64", "b: f32", "c: u16", "d: {float}", "e: bool"],
    );
    check_items(
        "type D = u64; const N: D = 3; impl A { const K: usize = 2; } fn t(d: &mut [D]) { N.m_a(); A::K.m_b(); for (x, y) in d.iter_mut().zip(0..3) { (*x).m_c(); y.m_d(); (*x + *x * 2).m_e(); } d[1].m_f(); d[1..].m_g(); }",
        &["a: u64", "b: usize", "c: u64", "d: {integer}", "e: u64", "f: u64", "g: [u64]"],
    );
}

#[test]
fn text() {
    check(
        "let s = String::new(); s.m_a(); s.trim().m_b(); s.chars().rev().next().m_c(); for (i, c) in s.char_indices() { i.m_d(); c.m_e(); }",
        &["a: String", "b: str", "c: Option<char>", "d: usize", "e: char"],
    );
    check(
        "format!(\"{}\", 1).m_a(); \"x\".split(',').map(|w| w.m_b()).count(); \"x\".parse::<u8>().unwrap().m_c(); b\"x\".m_d();",
        &["a: String", "b: str", "c: u8", "d: [u8]"],
    );
}

#[test]
fn collections() {
    check(
        "let v = vec![A]; v.m_a(); v[0].m_b(); v.first().m_c(); v.iter().m_d(); v.len().m_e(); vec![A; 3].m_f(); vec![[A; 2]].m_g();",
        &["a: Vec<A>", "b: A", "c: Option<A>", "d: iter<A>", "e: usize", "f: Vec<A>", "g: Vec<[A]>"],
    );
    check_items(
        "use std::collections::{HashMap, BTreeSet}; fn t(m: HashMap<String, A>, s: BTreeSet<B>) { for (k, v) in &m { k.m_a(); v.m_b(); } m.values().next().m_c(); m[\"x\"].m_d(); s.first().m_e(); m.get(\"\").map(|v| v.m_f()); }",
        &["a: String", "b: A", "c: Option<A>", "d: A", "e: Option<B>", "f: A"],
    );
    check(
        "let v = vec![W::of(A)]; let w: Vec<_> = v.iter().map(|w| w.get()).collect(); w.m_a(); let x = v.into_iter().map(|w| w.inner).collect::<Vec<_>>(); x.m_b();",
        &["a: Vec<A>", "b: Vec<A>"],
    );
}

#[test]
fn pointers_and_cells() {
    check(
        "let b = Box::new(A); b.m_a(); b.b().m_b(); let c = std::cell::RefCell::new(A); c.borrow().m_c(); c.borrow().b().m_d(); let r = std::rc::Rc::new(A); r.clone().m_e();",
        &["a: Box<A>", "b: B", "c: Ref<A>", "d: B", "e: Rc<A>"],
    );
    check(
        "let m = std::sync::Mutex::new(A); m.lock().unwrap().b().m_a(); std::mem::take(&mut Some(A)).m_b(); std::mem::replace(&mut A::new(), A).m_c();",
        &["a: B", "b: Option<A>", "c: A"],
    );
}

#[test]
fn names_that_something_else_may_have_are_not_certain() {
    check_items(
        "pub struct Vec<T>(T); impl<T> Vec<T> { pub fn new() -> A { A } } fn t() { Vec::<u8>::new().m_a(); }",
        &["a: A"],
    );
    check_items(
        "trait Len { fn len(self) -> A; } impl<T> Len for &[T] { fn len(self) -> A { A } } fn t(v: &[u8]) { v.len().m_a(); }",
        &["a: A"],
    );
    check_items(
        "trait Max { const MAX: usize; } impl Max for u8 { const MAX: usize = 1; } fn t() { u8::MAX.m_a(); <u8 as Max>::MAX.m_b(); }",
        &["a: u8", "b: usize"],
    );
    check_items("macro_rules! vec { ($($t:tt)*) => { A } } fn t() { vec![1].m_a(); }", &["a: A"]);
    check_items("macro_rules! vec { ($x:future) => { A } } fn t() { vec![1].m_a(); }", &["a: ?"]);
}
