//! Lists the cases where the body of a method changes that a call reaches by one way or another.

use e2e::{Case, rerun, skip};

/// A method `go` of `X`, and of a type `Z` that no case reaches.
fn code(items: &str, body: &str) -> String {
    format!(
        "struct X;\n{items}\n#[checkpoint] fn calc() -> i64 {{ println!(\"ran\"); {body} }}\n\
         pub struct Z; impl Z {{ pub fn unreached(&self) -> i64 {{ 90 }} }}\n"
    )
}

fn changed(name: &'static str, items: &str, body: &str) -> Case {
    rerun("25", name, &code(items, body)).edit("{ 1 }", "{ 2 }")
}

fn unchanged(name: &'static str, items: &str, body: &str) -> Case {
    skip("12 25", name, &code(items, body)).edit("{ 1 }", "{ 2 }")
}

pub fn cases() -> Vec<Case> {
    [reached(), dispatched(), not_reached()].concat()
}

fn reached() -> Vec<Case> {
    vec![
        changed("inherent_method", "impl X { fn go(&self) -> i64 { 1 } }", "X.go()"),
        changed("inherent_function", "impl X { fn make() -> i64 { 1 } }", "X::make()"),
        changed("inherent_method_as_path", "impl X { fn go(&self) -> i64 { 1 } }", "X::go(&X)"),
        changed(
            "inherent_method_in_a_second_impl",
            "impl X { fn other(&self) {} }\nimpl X { fn go(&self) -> i64 { 1 } }",
            "X.other(); X.go()",
        ),
        changed(
            "trait_method",
            "trait T { fn go(&self) -> i64; }\nimpl T for X { fn go(&self) -> i64 { 1 } }",
            "X.go()",
        ),
        changed(
            "trait_method_fully_qualified",
            "trait T { fn go(&self) -> i64; }\nimpl T for X { fn go(&self) -> i64 { 1 } }",
            "<X as T>::go(&X) + T::go(&X)",
        ),
        changed("trait_default", "trait T { fn go(&self) -> i64 { 1 } }\nimpl T for X {}", "X.go()"),
        changed(
            "trait_default_calls_required",
            "trait T { fn go(&self) -> i64 { self.base() } fn base(&self) -> i64; }\nimpl T for X { fn base(&self) -> i64 { 1 } }",
            "X.go()",
        ),
        changed(
            "supertrait_method",
            "trait S { fn base(&self) -> i64; }\ntrait T: S { fn go(&self) -> i64 { self.base() } }\n\
             impl S for X { fn base(&self) -> i64 { 1 } }\nimpl T for X {}",
            "X.go()",
        ),
        changed(
            "blanket_impl",
            "trait S {}\ntrait T { fn go(&self) -> i64; }\nimpl<A: S> T for A { fn go(&self) -> i64 { 1 } }\nimpl S for X {}",
            "X.go()",
        ),
        changed(
            "extension_trait_on_foreign_type",
            "trait T { fn go(&self) -> i64; }\nimpl T for Vec<i64> { fn go(&self) -> i64 { 1 } }",
            "vec![X].len() as i64 + vec![0].go()",
        ),
        changed(
            "extension_trait_on_primitive",
            "trait T { fn go(self) -> i64; }\nimpl T for i64 { fn go(self) -> i64 { 1 } }",
            "5.go()",
        ),
        changed(
            "extension_trait_on_str",
            "trait T { fn go(&self) -> i64; }\nimpl T for str { fn go(&self) -> i64 { 1 } }",
            "String::from(\"x\").go()",
        ),
        changed(
            "self_path",
            "impl X { fn go(&self) -> i64 { Self::base() } fn base() -> i64 { 1 } }",
            "X.go()",
        ),
        changed(
            "through_a_bound",
            "trait T { fn go(&self) -> i64; }\nimpl T for X { fn go(&self) -> i64 { 1 } }\nfn run<A: T>(a: A) -> i64 { a.go() }",
            "run(X)",
        ),
        changed(
            "through_a_where_clause",
            "trait T { fn go(&self) -> i64; }\nimpl T for X { fn go(&self) -> i64 { 1 } }\nfn run<A>(a: &A) -> i64 where A: T { a.go() }",
            "run(&X)",
        ),
        changed(
            "through_impl_trait_argument",
            "trait T { fn go(&self) -> i64; }\nimpl T for X { fn go(&self) -> i64 { 1 } }\nfn run(a: impl T) -> i64 { a.go() }",
            "run(X)",
        ),
        changed(
            "through_impl_trait_result",
            "trait T { fn go(&self) -> i64; }\nimpl T for X { fn go(&self) -> i64 { 1 } }\nfn make() -> impl T { X }",
            "make().go()",
        ),
        changed(
            "through_dyn",
            "trait T { fn go(&self) -> i64; }\nimpl T for X { fn go(&self) -> i64 { 1 } }\nfn run(a: &dyn T) -> i64 { a.go() }",
            "run(&X)",
        ),
        changed(
            "through_boxed_dyn",
            "trait T { fn go(&self) -> i64; }\nimpl T for X { fn go(&self) -> i64 { 1 } }\nfn make() -> Box<dyn T> { Box::new(X) }",
            "make().go()",
        ),
        changed(
            "through_a_field",
            "struct Y { x: X }\nimpl X { fn go(&self) -> i64 { 1 } }",
            "Y { x: X }.x.go()",
        ),
        changed(
            "through_a_tuple_and_index",
            "struct Y(Vec<(X, i64)>);\nimpl X { fn go(&self) -> i64 { 1 } }",
            "let y = Y(vec![(X, 0)]); y.0[0].0.go()",
        ),
        changed(
            "through_a_chain",
            "struct Y;\nimpl Y { fn x(self) -> Option<X> { Some(X) } }\nimpl X { fn go(&self) -> i64 { 1 } }",
            "Y.x().as_ref().map(|x| x.go()).unwrap_or(0)",
        ),
        changed(
            "through_deref",
            "struct Y;\nimpl std::ops::Deref for Y { type Target = X; fn deref(&self) -> &X { &X } }\nimpl X { fn go(&self) -> i64 { 1 } }",
            "Y.go()",
        ),
        changed(
            "through_rc_and_reference",
            "impl X { fn go(&self) -> i64 { 1 } }",
            "let x = std::rc::Rc::new(X); let r = &&x; r.go()",
        ),
        changed(
            "deref_itself",
            "struct Y(i64, i64);\nimpl std::ops::Deref for Y { type Target = i64; fn deref(&self) -> &i64 { if first() == 1 { &self.0 } else { &self.1 } } }\nfn first() -> i64 { 1 }",
            "let _ = X; *Y(10, 20)",
        ),
    ]
}

fn dispatched() -> Vec<Case> {
    vec![
        changed(
            "associated_function_of_parameter",
            "trait T { fn make() -> i64; }\nimpl T for X { fn make() -> i64 { 1 } }\nfn run<A: T>() -> i64 { A::make() }",
            "run::<X>()",
        ),
        changed(
            "associated_const_of_parameter",
            "trait T { const N: i64; }\nimpl T for X { const N: i64 = { 1 }; }\nfn run<A: T>() -> i64 { A::N }",
            "run::<X>()",
        ),
        changed(
            "associated_type",
            "trait T { type Out: Default + Into<i64>; }\nimpl T for X { type Out = Y; }\nfn run<A: T>() -> i64 { A::Out::default().into() }\n\
             struct Y; impl Default for Y { fn default() -> Self { Y } } impl From<Y> for i64 { fn from(_: Y) -> i64 { 1 } }",
            "run::<X>()",
        ),
        changed(
            "generic_impl",
            "struct W<A>(A);\nimpl<A> W<A> { fn go(&self) -> i64 { 1 } }",
            "let _ = X; W(3).go()",
        ),
        changed(
            "impl_in_another_module",
            "mod m { impl super::X { pub fn go(&self) -> i64 { 1 } } }",
            "X.go()",
        ),
        changed(
            "impl_inside_a_function",
            "fn elsewhere() { impl X { fn go(&self) -> i64 { 1 } } }",
            "X.go()",
        ),
        changed(
            "method_named_only_in_a_macro_argument",
            "impl X { fn go(&self) -> i64 { 1 } }",
            "let x = X; assert!(x.go() > 0, \"{}\", x.go()); vec![x.go(); 2][1]",
        ),
        changed(
            "method_of_closure_parameter",
            "impl X { fn go(&self) -> i64 { 1 } }",
            "[X, X].iter().map(|x| x.go()).sum()",
        ),
        rerun(
            "25",
            "override_of_a_default_added",
            &code("trait T { fn go(&self) -> i64 { 1 } }\nimpl T for X {}", "X.go()"),
        )
        .edit("impl T for X {}", "impl T for X { fn go(&self) -> i64 { 2 } }"),
        rerun("25", "method_in_a_dependency", "#[checkpoint] fn calc() -> i64 { println!(\"ran\"); units::X.go() }")
            .dep("units", "pub struct X; impl X { pub fn go(&self) -> i64 { 1 } }")
            .edit_in("units/src/lib.rs", "{ 1 }", "{ 2 }"),
        rerun(
            "25",
            "trait_of_a_dependency_for_a_local_type",
            "use units::T;\nstruct X; impl T for X { fn base(&self) -> i64 { 3 } }\n#[checkpoint] fn calc() -> i64 { println!(\"ran\"); X.go() }",
        )
        .dep("units", "pub trait T { fn go(&self) -> i64 { self.base() * 1 } fn base(&self) -> i64; }")
        .edit_in("units/src/lib.rs", "* 1", "* 2"),
        rerun(
            "25",
            "local_impl_called_by_a_dependency",
            "struct X; impl units::T for X { fn base(&self) -> i64 { 3 } }\n#[checkpoint] fn calc() -> i64 { println!(\"ran\"); units::run(&X) }",
        )
        .dep("units", "pub trait T { fn base(&self) -> i64; }\npub fn run(t: &dyn T) -> i64 { t.base() }")
        .edit("{ 3 }", "{ 4 }"),
        rerun(
            "25 T8",
            "impl_chosen_by_the_caller",
            r#"
            trait Model { fn fit(&self) -> i64; }
            #[derive(serde::Serialize)] struct Mine;
            impl Model for Mine { fn fit(&self) -> i64 { 1 } }
            #[checkpoint] fn run<M: Model + serde::Serialize>(model: &M) -> i64 { println!("ran"); model.fit() }
            fn main() { println!("{}", run(&Mine)); }
            "#,
        )
        .uses("serde")
        .edit("{ 1 }", "{ 2 }"),
        rerun(
            "25 T8",
            "impl_chosen_by_the_caller_of_a_dependency",
            r#"
            #[derive(serde::Serialize)] struct Mine;
            impl units::Model for Mine { fn fit(&self) -> i64 { 1 } }
            fn main() { println!("{}", cached!(units::run(&Mine))); }
            "#,
        )
        .uses("serde")
        .dep("units", "pub trait Model { fn fit(&self) -> i64; }\n#[doc = \"checkpoint\"]\npub fn run<M: Model>(model: &M) -> i64 { println!(\"ran\"); model.fit() }")
        .edit("{ 1 }", "{ 2 }"),
    ]
}

fn not_reached() -> Vec<Case> {
    vec![
        unchanged(
            "method_of_a_type_that_is_not_reached",
            "pub struct Y; impl Y { pub fn go(&self) -> i64 { 1 } }\nimpl X { fn go(&self) -> i64 { 3 } }",
            "X.go()",
        ),
        unchanged(
            "trait_impl_for_a_type_that_is_not_reached",
            "trait T { fn go(&self) -> i64; }\nimpl T for X { fn go(&self) -> i64 { 3 } }\npub struct Y; impl T for Y { fn go(&self) -> i64 { 1 } }",
            "X.go()",
        ),
        unchanged(
            "default_that_is_overridden",
            "trait T { fn go(&self) -> i64 { 3 } fn other(&self) -> i64 { 1 } }\nimpl T for X {}",
            "X.go()",
        ),
        unchanged(
            "other_method_of_the_same_type",
            "impl X { fn go(&self) -> i64 { 3 } pub fn other(&self) -> i64 { 1 } }",
            "X.go()",
        ),
        unchanged(
            "method_of_two_reached_types",
            "struct Y; impl Y { pub fn go(&self) -> i64 { 1 } }\nimpl X { fn go(&self) -> i64 { 3 } }",
            "let _y = Y; let x = X; x.go()",
        ),
        unchanged(
            "unreached_type",
            "pub struct Y; impl Drop for Y { fn drop(&mut self) { let _ = { 1 }; } }",
            "let _ = X; 3",
        ),
    ]
}
