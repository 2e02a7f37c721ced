//! What impls, bounds and `Deref` say.

use super::{check, check_items};

#[test]
fn associated_types_and_constants() {
    check(
        "A.out().m_a(); W::of(3u8).out().m_b(); A::C.m_c(); <A as Tr>::out(&A).m_d(); A.own().m_e(); W::<u8>::empty().m_f();",
        &["a: B", "b: u8", "c: B", "d: B", "e: A", "f: W<Vec<u8>>"],
    );
    check_items(
        "fn f<T: Tr>(t: T) -> T::Out { t.out() } fn t() { f(A).m_a(); f(W::of(B)).m_b(); }",
        &["a: B", "b: B"],
    );
    check_items(
        "fn t<T: Tr<Out = A>, U: Tr>(x: T, y: U) { x.out().m_a(); y.out().m_b(); y.own().m_c(); }",
        &["a: A", "b: <P1 as Tr>::Out", "c: P1"],
    );
}

#[test]
fn iterators() {
    check(
        "for a in It { a.m_a(); } It.next().m_b(); It.collect::<Vec<_>>().m_c();",
        &["a: A", "b: Option<A>", "c: Vec<A>"],
    );
    check_items(
        "fn t<I: Iterator<Item = A>>(i: I, j: impl IntoIterator<Item = B>) { i.map(|a| a.m_a()).count(); for b in j { b.m_b(); } }",
        &["a: A", "b: B"],
    );
    check_items(
        "fn f() -> impl Iterator<Item = A> { It } fn t(b: Box<dyn Iterator<Item = B>>) { f().map(|a| a.m_a()).count(); for x in b { x.m_b(); } }",
        &["a: A", "b: B"],
    );
    check_items(
        "fn t<I>(i: I) where I: IntoIterator, I::Item: AsRef<A> { for x in i { x.as_ref().m_a(); } }",
        &["a: A"],
    );
}

#[test]
fn operators() {
    check_items(
        "impl std::ops::Add<u8> for A { type Output = B; fn add(self, _: u8) -> B { B } } impl std::ops::Index<usize> for A { type Output = W<u8>; fn index(&self, _: usize) -> &W<u8> { todo!() } } impl std::ops::Neg for A { type Output = u8; fn neg(self) -> u8 { 0 } } fn t() { (A + 1).m_a(); A[0].m_b(); (-A).m_c(); (A == A).m_d(); }",
        &["a: B", "b: W<u8>", "c: u8", "d: bool"],
    );
    check_items(
        "impl std::ops::Mul<A> for f64 { type Output = B; fn mul(self, _: A) -> B { B } } fn t() { (2.0 * A).m_a(); (2.0 * 3.0).m_b(); }",
        &["a: B", "b: {float}"],
    );
}

#[test]
fn deref() {
    check_items(
        "struct D(A); impl std::ops::Deref for D { type Target = A; fn deref(&self) -> &A { &self.0 } } fn t() { D(A).b().m_a(); D(A).clone().m_b(); }",
        &["a: B", "b: A"],
    );
    check_items(
        "struct D; impl std::ops::Deref for D { type Target = W<A>; fn deref(&self) -> &W<A> { todo!() } } fn t() { D.inner.m_a(); (*D).m_b(); }",
        &["a: A", "b: ?"],
    );
}

#[test]
fn methods_that_differ_are_not_certain() {
    check_items(
        "trait Go { fn go(self) -> u8; } impl Go for A { fn go(self) -> u8 { 0 } } impl A { fn go(&self) -> B { B } } fn t() { A.go().m_a(); }",
        &["a: ?"],
    );
    check_items(
        "mod m { pub trait Go { fn go(&self) -> u8; } impl Go for super::A { fn go(&self) -> u8 { 0 } } } fn t() { A.go().m_a(); }",
        &["a: ?"],
    );
    check_items(
        "mod m { pub trait Go { fn go(&self) -> u8; } impl Go for super::A { fn go(&self) -> u8 { 0 } } } use m::Go as _; fn t() { A.go().m_a(); }",
        &["a: u8"],
    );
    check_items(
        "macro_rules! gives { ($t:ident, $n:ident) => { impl $t { fn $n(&self) -> u8 { 0 } } } } gives!(A, go); fn t() { A.go().m_a(); }",
        &["a: u8"],
    );
    check_items("outside::gives!(A, go); fn t() { A.go().m_a(); }", &["a: ?"]);
}

#[test]
fn self_in_traits() {
    check_items(
        "trait X: Sized { fn me(&self) -> Self; fn t(&self) { self.m_a(); self.me().m_b(); } }",
        &["a: Self", "b: Self"],
    );
    check_items(
        "impl<T> W<T> { fn t(&self) -> Self { self.m_a(); Self::of(self.inner).m_b(); Self { inner: todo!(), n: 1 }.m_c(); todo!() } }",
        &["a: W<P0>", "b: W<P0>", "c: W<P0>"],
    );
}

#[test]
fn a_blanket_impl_may_not_hold() {
    check_items(
        "trait Walk { fn step(&self) -> u8; fn iter(self) -> B where Self: Sized { B } } impl<'a, W: Walk> Walk for &'a mut W { fn step(&self) -> u8 { 0 } } fn t(v: Vec<A>) { v.iter().m_a(); }",
        &["a: iter<A>"],
    );
    check_items(
        "trait Pipe { fn len(self) -> B; } impl<W: Copy> Pipe for W { fn len(self) -> B { B } } fn t(v: Vec<A>) { v.len().m_a(); }",
        &["a: ?"],
    );
    check_items(
        "trait Pipe { fn pipe(self) -> B; } impl<W> Pipe for W { fn pipe(self) -> B { B } } fn t() { A.pipe().m_a(); 1.pipe().m_b(); }",
        &["a: B", "b: B"],
    );
}
