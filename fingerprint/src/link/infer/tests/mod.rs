//! Tests what is inferred: the text of a crate, and the type of each receiver in its function `t`.

mod closures;
mod coercions;
mod decided;
mod impls;
mod macros;
mod patterns;
mod standard;

use super::ty::{TraitKey, Type};
use crate::ir::Ref;
use crate::link::Program;
use crate::tests::Place;

/// `method: type` for each method call of the function `t`, in order. Receivers of the names alone
/// that the test asks for: those that begin with `m`.
fn receivers(code: &str) -> Vec<String> {
    let place = Place::package(&[("src/lib.rs", code)]);
    let pass = place.pass();
    let program = pass.link();
    let is_t = |id: &_| program.name_of(*id).is_some_and(|name| program.text(name) == "t");
    let id = program.item_ids().find(is_t).expect("a function `t`");
    let mut found = Vec::new();
    for reference in &program.code(id).skeleton.refs {
        let Ref::Method { name, receiver: Some(receiver), .. } = reference else { continue };
        let name = program.text(program.sym(id, *name));
        if let Some(name) = name.strip_prefix("m_") {
            found.push(format!("{name}: {}", shown(&program, &program.type_of_expr(id, *receiver))));
        }
    }
    found
}

/// As in Rust, less references.
fn shown(program: &Program<'_>, ty: &Type) -> String {
    let list = |types: &[Type]| types.iter().map(|ty| shown(program, ty)).collect::<Vec<_>>().join(", ");
    let with = |name: &str, args: &[Type]| {
        if args.is_empty() { name.to_owned() } else { format!("{name}<{}>", list(args)) }
    };
    match ty {
        Type::Unknown | Type::Var(_) => "?".to_owned(),
        Type::Never => "!".to_owned(),
        Type::Local(id, args) => with(program.name_of(*id).map_or("_", |name| program.text(name)), args),
        Type::Std(name, args) => with(name, args),
        Type::Foreign(path, args) => with(path, args),
        Type::Param(number) => format!("P{number}"),
        Type::SelfOf(_) => "Self".to_owned(),
        Type::Assoc(assoc) => {
            let of_trait = match &assoc.of_trait {
                TraitKey::Local(id) => program.name_of(*id).map_or("_", |name| program.text(name)),
                TraitKey::Std(name) => name,
                TraitKey::Unknown => "?",
            };
            format!("<{} as {of_trait}>::{}", shown(program, &assoc.base), assoc.name)
        }
        Type::Opaque(_) => "impl".to_owned(),
        Type::Dyn(_) => "dyn".to_owned(),
        Type::Tuple(types) => format!("({})", list(types)),
        Type::Slice(item) => format!("[{}]", shown(program, item)),
        Type::Callable(params, ret) => format!("fn({}) -> {}", list(params), shown(program, ret)),
    }
}

/// Types `A` and `B`, a trait `Tr` for both, and a generic `W`.
const ITEMS: &str = "
pub struct A; pub struct B; pub struct W<T> { pub inner: T, pub n: u64 } pub struct P<T>(pub T, pub u8);
pub enum E<T> { One(T), Two { x: A, y: T }, Three }
pub trait Tr { type Out; fn out(&self) -> Self::Out; fn own(&self) -> Self where Self: Sized; }
impl Tr for A { type Out = B; fn out(&self) -> B { B } fn own(&self) -> A { A } }
impl<T> Tr for W<T> { type Out = T; fn out(&self) -> T { todo!() } fn own(&self) -> Self { todo!() } }
impl A { pub fn new() -> Self { A } pub fn b(&self) -> B { B } pub fn opt(&self) -> Option<B> { None } pub const C: B = B; }
impl<T> W<T> { pub fn of(inner: T) -> W<T> { W { inner, n: 0 } } pub fn get(&self) -> &T { &self.inner } pub fn empty() -> W<Vec<T>> { todo!() } }
pub struct It; impl Iterator for It { type Item = A; fn next(&mut self) -> Option<A> { None } }
pub fn a() -> A { A } pub fn id<T>(t: T) -> T { t } pub fn d() -> &'static dyn Tr<Out = B> { &A }
";

/// Asserts what the receivers in a body are, by the names after `m_`.
#[track_caller]
fn check(body: &str, expected: &[&str]) {
    assert_eq!(receivers(&format!("{ITEMS}\nfn t() {{ {body} }}")), expected, "{body}");
}

/// The same for a whole function, or items around one.
#[track_caller]
fn check_items(items: &str, expected: &[&str]) {
    assert_eq!(receivers(&format!("{ITEMS}\n{items}")), expected, "{items}");
}
