//! Lists the cases where a name comes to mean something else while no reached body changes.

use e2e::{Case, rerun, skip};

fn calc(items: &str, body: &str) -> String {
    format!("{items}\n#[checkpoint] fn calc() -> i64 {{ println!(\"ran\"); {body} }}\n")
}

/// Two traits with a method `go` for `X`.
const TWO: &str = "struct X;\nmod t { pub trait A { fn go(&self) -> i64; } pub trait B { fn go(&self) -> i64; }\n\
    impl A for super::X { fn go(&self) -> i64 { 10 } } impl B for super::X { fn go(&self) -> i64 { 20 } } }\n";

pub fn cases() -> Vec<Case> {
    [imports(), methods(), impls(), declarations()].concat()
}

fn imports() -> Vec<Case> {
    vec![
        rerun("33", "import_switched", &calc("mod a { pub fn f() -> i64 { 10 } } mod b { pub fn f() -> i64 { 20 } }\nuse a::f;", "let _ = b::f; f()")).edit("use a::f;", "use b::f;"),
        rerun("33", "import_switched_in_the_body", &calc("mod a { pub fn f() -> i64 { 10 } } mod b { pub fn f() -> i64 { 20 } }", "use a::f; f()")).edit("use a::f;", "use b::f;"),
        rerun("33", "reexport_switched", &calc("mod a { pub fn f() -> i64 { 10 } } mod b { pub fn f() -> i64 { 20 } }\nmod api { pub use super::a::f; }", "api::f()")).edit("super::a::f", "super::b::f"),
        rerun("33", "module_alias_switched", &calc("mod a { pub fn f() -> i64 { 10 } } mod b { pub fn f() -> i64 { 20 } }\nuse a as m;", "m::f()")).edit("use a as m", "use b as m"),
        rerun("33", "local_item_shadows_a_glob", &calc("mod a { pub fn f() -> i64 { 10 } }\nuse a::*;", "f()")).edit("use a::*;", "use a::*;\nfn f() -> i64 { 20 }"),
        rerun("33", "named_import_shadows_a_glob", &calc("mod a { pub fn f() -> i64 { 10 } } mod b { pub fn f() -> i64 { 20 } }\nuse a::*;", "f()")).edit("use a::*;", "use a::*;\nuse b::f;"),
        rerun("33", "nested_item_shadows_an_outer_one", &calc("fn f() -> i64 { 10 }", "f()")).edit("println!(\"ran\"); f()", "fn f() -> i64 { 20 } println!(\"ran\"); f()"),
        rerun("33", "glob_target_gains_a_name", &calc("mod a { pub fn g() -> i64 { 10 } }\nuse a::*;\nuse outer::*;\nmod outer { pub fn f() -> i64 { super::a::g() } }", "f()")).edit("pub fn f() -> i64 { super::a::g() }", "pub use super::b::f; }\nmod b { pub fn f() -> i64 { 20 }"),
        rerun("33", "local_shadows_a_prelude_name", &calc("", "let v: Option<i64> = Some(1); v.unwrap_or(0)")).edit("#[checkpoint]", "#[allow(non_snake_case)] fn Some(n: i64) -> Option<i64> { Option::Some(n + 1) }\n#[checkpoint]"),
        rerun("33", "local_macro_shadows_a_std_macro", &calc("", "let v = vec![1, 2]; v.len() as i64")).edit("#[checkpoint]", "#[allow(unused_macros)] macro_rules! vec { ($($t:tt)*) => { [7; 5] } }\n#[checkpoint]"),
        rerun("33", "local_module_shadows_a_crate", &calc("", "units::f()")).dep("units", "pub fn f() -> i64 { 10 }").edit("#[checkpoint]", "mod units { pub fn f() -> i64 { 20 } }\n#[checkpoint]"),
        rerun("33", "type_alias_switched_for_an_associated_function", &calc("struct A; struct B; impl A { fn f() -> i64 { 10 } } impl B { fn f() -> i64 { 20 } }\ntype T = A;", "let _ = (A, B); T::f()")).edit("type T = A", "type T = B"),
        rerun("33", "enum_variant_becomes_a_binding", &calc("#[derive(PartialEq)] enum E { P, Q }\nuse E::*;", "#[allow(bindings_with_variant_name)] match E::Q { P => 10, _ => 20 }")).edit("use E::*;", "use E::Q;\nconst _: fn() -> bool = || E::P == Q;"),
    ]
}

fn methods() -> Vec<Case> {
    vec![
        rerun("33 T1", "trait_import_switched", &calc(&format!("{TWO}use t::A;"), "X.go()")).edit("use t::A;", "use t::B;"),
        rerun("33 T1", "trait_import_switched_as_underscore", &calc(&format!("{TWO}use t::A as _;"), "X.go()")).edit("use t::A as _;", "use t::B as _;"),
        rerun("33 T1", "trait_import_switched_in_the_body", &calc(TWO, "use t::A; X.go()")).edit("use t::A;", "use t::B;"),
        rerun("33 T1", "trait_glob_switched", &calc(&format!("{TWO}mod pa {{ pub use super::t::A; }} mod pb {{ pub use super::t::B; }}\nuse pa::*;"), "X.go()")).edit("use pa::*", "use pb::*"),
        rerun("33 T1", "trait_import_switched_in_the_helpers_module", &calc(&format!("{TWO}mod h {{ use crate::t::A; pub fn run() -> i64 {{ crate::X.go() }} }}"), "h::run()")).edit("use crate::t::A;", "use crate::t::B;"),
        rerun("33 T1", "bound_switched", &calc(&format!("{TWO}fn run<T: t::A>(x: T) -> i64 {{ x.go() }}"), "run(X)")).edit("T: t::A", "T: t::B"),
        rerun("33 T1", "trait_switched_in_a_dependencys_prelude", &calc("use units::prelude::*;", "units::X.go()"))
            .dep("units", "pub struct X; pub trait A { fn go(&self) -> i64 { 10 } } pub trait B { fn go(&self) -> i64 { 20 } } impl A for X {} impl B for X {}\npub mod prelude { pub use crate::A; }")
            .edit_in("units/src/lib.rs", "pub use crate::A", "pub use crate::B"),
        rerun("33", "inherent_method_shadows_a_trait_method", &calc("struct X; trait T { fn go(&self) -> i64; } impl T for X { fn go(&self) -> i64 { 10 } }", "X.go()")).edit("struct X;", "struct X; impl X { fn go(&self) -> i64 { 20 } }"),
        rerun("33 T7", "trait_method_by_value_beats_an_inherent_one", &calc("struct X; impl X { fn go(&self) -> i64 { 10 } }\nmod t { pub trait T { fn go(self) -> i64; } impl T for super::X { fn go(self) -> i64 { 20 } } }", "X.go()")).edit("mod t", "use t::T;\nmod t"),
        rerun("33", "trait_comes_into_scope", &calc("struct X; struct Y; impl std::ops::Deref for X { type Target = Y; fn deref(&self) -> &Y { &Y } } impl Y { fn name(&self) -> i64 { 10 } }\nmod t { pub trait T { fn name(&self) -> i64; } impl T for super::X { fn name(&self) -> i64 { 20 } } }", "X.name()")).edit("mod t", "use t::T as _;\nmod t"),
        rerun("33", "inherent_method_shadows_one_behind_deref", &calc("struct X; struct Y; impl std::ops::Deref for X { type Target = Y; fn deref(&self) -> &Y { &Y } } impl Y { fn name(&self) -> i64 { 10 } }", "X.name()")).edit("struct Y;", "struct Y; impl X { fn name(&self) -> i64 { 20 } }"),
        rerun("33", "deref_target_switched", &calc("struct X; struct Y; struct Z; impl std::ops::Deref for X { type Target = Y; fn deref(&self) -> &Y { &Y } } impl Y { fn name(&self) -> i64 { 10 } } impl Z { fn name(&self) -> i64 { 20 } }", "let _ = Z; X.name()")).edit("type Target = Y; fn deref(&self) -> &Y { &Y }", "type Target = Z; fn deref(&self) -> &Z { &Z }"),
        rerun("33", "receiver_type_switched_by_a_helper", &calc("struct A; struct B; impl A { fn go(&self) -> i64 { 10 } } impl B { fn go(&self) -> i64 { 20 } }\nfn make() -> A { A }", "let _ = B; make().go()")).edit("fn make() -> A { A }", "fn make() -> B { B }"),
    ]
}

fn impls() -> Vec<Case> {
    vec![
        rerun("33 T2", "glob_of_a_dependency_shadows_the_prelude", &calc("use units::*;", "String::from(\"a\").len() as i64"))
            .dep("units", "pub struct Other;")
            .edit_in("units/src/lib.rs", "pub struct Other;", "pub struct Other; pub struct String; impl String { pub fn from(_: &str) -> Vec<u8> { vec![1, 2, 3] } }"),
        rerun("33 T2", "method_of_a_trait_of_a_dependency", &calc("use units::Sorted;", "[3, 1].into_iter().sorted_by_hand()"))
            .dep("units", "pub trait Sorted: Iterator<Item = i64> + Sized { fn sorted_by_hand(self) -> i64 { self.min().unwrap_or(0) } }\nimpl<I: Iterator<Item = i64>> Sorted for I {}")
            .edit_in("units/src/lib.rs", "self.min()", "self.max()"),
        rerun("33 T3", "empty_marker_impl_added", &calc("struct X; struct Y; impl std::ops::Deref for X { type Target = Y; fn deref(&self) -> &Y { &Y } } impl Y { fn name(&self) -> i64 { 10 } }\ntrait Marker {} trait A { fn name(&self) -> i64; } impl<T: Marker> A for T { fn name(&self) -> i64 { 20 } }", "X.name()"))
            .edit("trait Marker {}", "trait Marker {} impl Marker for X {}"),
        rerun("33 T3", "impl_added_in_another_file", &calc("mod other;\npub struct X; impl X { fn base(&self) -> i64 { 1 } }\npub trait T { fn go(&self) -> i64; }\nimpl T for &X { fn go(&self) -> i64 { self.base() * 10 } }", "let x = &X; x.go()"))
            .file("src/other.rs", "")
            .write("src/other.rs", "impl crate::T for crate::X { fn go(&self) -> i64 { 20 } }"),
        rerun("33 T4", "foreign_self_type_operator_changed", &calc("struct Foo(f64); fn foo() -> Foo { Foo(3.0) }\nimpl std::ops::Mul<Foo> for f64 { type Output = f64; fn mul(self, o: Foo) -> f64 { self * o.0 } }", "(2.0 * foo()) as i64")).edit("self * o.0", "self + o.0"),
        rerun("33 T4", "impl_for_a_tuple_of_local_types", &calc("trait T { fn go(&self) -> i64; } struct A; struct B; impl T for (A, B) { fn go(&self) -> i64 { 10 } }", "(A, B).go()")).edit("{ 10 }", "{ 20 }"),
        rerun("33 T4", "impl_for_a_slice_and_a_reference", &calc("trait T { fn go(&self) -> i64; } struct A; impl T for [A] { fn go(&self) -> i64 { self.first().go() } } impl T for Option<&A> { fn go(&self) -> i64 { 10 } }", "vec![A].go()")).edit("{ 10 }", "{ 20 }"),
        rerun("33 T4", "impl_for_dyn_trait", &calc("trait T {} impl dyn T { fn go(&self) -> i64 { 10 } } struct A; impl T for A {}", "let t: Box<dyn T> = Box::new(A); t.go()")).edit("{ 10 }", "{ 20 }"),
        rerun("33 T4", "impl_for_a_function_pointer", &calc("trait T { fn go(&self) -> i64; } impl<F: Fn() -> i64> T for F { fn go(&self) -> i64 { self() * 10 } }", "(|| 2).go()")).edit("* 10", "* 20"),
        rerun("33 T4", "from_local_for_a_foreign_type", &calc("struct Foo; impl From<Foo> for Vec<i64> { fn from(_: Foo) -> Vec<i64> { vec![10] } }\nfn total(v: impl Into<Vec<i64>>) -> i64 { v.into().iter().sum() }", "total(Foo)")).edit("vec![10]", "vec![20]"),
        rerun("33 T6", "operator_defined_by_a_macro", &calc("struct Foo(i64);\nmacro_rules! impl_op { ($t:ident, $op:tt) => { impl std::ops::Add for $t { type Output = i64; fn add(self, o: $t) -> i64 { self.0 $op o.0 } } } }\nimpl_op!(Foo, +);", "Foo(2) + Foo(3)")).edit("impl_op!(Foo, +)", "impl_op!(Foo, *)"),
        skip("12 T6", "operator_of_a_type_that_is_not_reached", &calc("pub struct Foo(i64);\nmacro_rules! impl_op { ($t:ident, $op:tt) => { impl std::ops::Add for $t { type Output = i64; fn add(self, o: $t) -> i64 { self.0 $op o.0 } } } }\nimpl_op!(Foo, +);", "3")).edit("impl_op!(Foo, +)", "impl_op!(Foo, *)"),
    ]
}

fn declarations() -> Vec<Case> {
    let t = "trait Tr { const N: i64; fn make() -> i64; fn f(&self) -> i64; } struct X; impl Tr for X { const N: i64 = 10; fn make() -> i64 { 30 } fn f(&self) -> i64 { 50 } }\n";
    vec![
        rerun("25 T5", "declaration_without_body_function", &calc(&format!("{t}fn run<T: Tr>() -> i64 {{ T::make() }}"), "run::<X>()")).edit("{ 30 }", "{ 40 }"),
        rerun("25 T5", "declaration_without_body_const", &calc(&format!("{t}fn run<T: Tr>(_: T) -> i64 {{ T::N }}"), "run(X)")).edit("= 10", "= 20"),
        rerun("25 T5", "declaration_without_body_qualified", &calc(t, "<X as Tr>::f(&X)")).edit("{ 50 }", "{ 60 }"),
        rerun("25 T5", "declaration_without_body_by_trait_path", &calc(t, "Tr::f(&X)")).edit("{ 50 }", "{ 60 }"),
        rerun("25 T5", "declaration_without_body_through_self", &calc("trait Tr { fn make() -> i64; fn twice() -> i64 { Self::make() * 2 } } struct X; impl Tr for X { fn make() -> i64 { 30 } }", "X::twice()")).edit("{ 30 }", "{ 40 }"),
        rerun("25 T5", "declaration_without_body_as_a_value", &calc(&format!("{t}fn run<T: Tr>(x: T) -> i64 {{ [x].iter().map(T::f).sum() }}"), "run(X)")).edit("{ 50 }", "{ 60 }"),
        rerun("25 T5", "associated_type_switched", &calc("trait Tr { type Out: Default + Val; } trait Val { fn val(&self) -> i64; } #[derive(Default)] struct A; #[derive(Default)] struct B; impl Val for A { fn val(&self) -> i64 { 1 } } impl Val for B { fn val(&self) -> i64 { 2 } }\nstruct X; impl Tr for X { type Out = A; }\nfn run<T: Tr>() -> i64 { T::Out::default().val() }", "run::<X>()")).edit("type Out = A", "type Out = B"),
    ]
}
