//! What a value may be coerced to.

use super::{check, check_items};

#[test]
fn the_first_argument_of_a_parameter_decides() {
    check_items(
        "fn pick<'a, U: ?Sized>(a: &'a U, _: &'a U) -> &'a U { a } fn t() { pick(&A, &A).m_a(); pick(d(), &A).m_b(); }",
        &["a: A", "b: dyn"],
    );
    check(
        "id(A).m_a(); id(Some(A)).m_b(); id::<u8>(1).m_c(); Err::<u8, A>(A).or(Err::<u8, B>(B)).unwrap_err().m_d();",
        &["a: A", "b: Option<A>", "c: u8", "d: B"],
    );
}

#[test]
fn a_declared_type_holds() {
    check(
        "let x: Box<dyn Tr<Out = B>> = Box::new(A); x.m_a(); x.out().m_b(); let v: Vec<Box<dyn Tr<Out = B>>> = vec![Box::new(A)]; v[0].m_c();",
        &["a: Box<dyn>", "b: B", "c: Box<dyn>"],
    );
}

#[test]
fn futures() {
    check_items(
        "async fn f() -> A { A } async fn t() { f().await.m_a(); let x = async { B }; x.await.m_b(); }",
        &["a: A", "b: B"],
    );
}
