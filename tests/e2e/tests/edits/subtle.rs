//! Lists the cases that take a second look to see what is reached, and by which way.

use e2e::{Case, rerun, skip};

const F: &str = "fn f() -> i64 { 1 }\n";

fn calc(items: &str, body: &str) -> String {
    format!("{items}\n#[checkpoint] fn calc() -> i64 {{ println!(\"ran\"); {body} }}\n")
}

fn changed(covers: &'static str, name: &'static str, items: &str, body: &str) -> Case {
    rerun(covers, name, &calc(&format!("{F}{items}"), body))
        .edit("fn f() -> i64 { 1 }", "fn f() -> i64 { 2 }")
}

pub fn cases() -> Vec<Case> {
    [dispatch(), std_calls_back(), constants(), macros(), places(), results()].concat()
}

fn dispatch() -> Vec<Case> {
    let x = "#[derive(Clone, Copy)] struct X;\n";
    let at = |name, code: &str, body| changed("25", name, &format!("{x}{code}"), body);
    vec![
        at(
            "boxed_trait_object_forwards",
            "trait T { fn go(&self) -> i64; } impl T for X { fn go(&self) -> i64 { f() } } impl T for Box<dyn T> { fn go(&self) -> i64 { (**self).go() } }\nfn run(t: impl T) -> i64 { t.go() }",
            "let b: Box<dyn T> = Box::new(X); run(b)",
        ),
        at(
            "downcast_from_any",
            "impl X { fn go(&self) -> i64 { f() } }",
            "let a: Box<dyn std::any::Any> = Box::new(X); a.downcast_ref::<X>().map(|x| x.go()).unwrap_or(0)",
        ),
        at(
            "trait_with_a_type_argument",
            "struct A; struct B; trait T<M> { fn go(&self) -> i64; } impl T<A> for X { fn go(&self) -> i64 { f() } } impl T<B> for X { fn go(&self) -> i64 { 7 } }",
            "let _ = (A, B); <X as T<A>>::go(&X)",
        ),
        at(
            "type_only_in_phantom_data",
            "trait Named { fn name() -> i64; } impl Named for X { fn name() -> i64 { f() } }\nstruct P<M>(std::marker::PhantomData<M>); impl<M: Named> P<M> { fn go(&self) -> i64 { M::name() } }",
            "let p: P<X> = P(std::marker::PhantomData); p.go()",
        ),
        at(
            "generic_associated_type",
            "trait T { type Out<'a>: Into<i64> where Self: 'a; fn out(&self) -> Self::Out<'_>; } struct O; impl From<O> for i64 { fn from(_: O) -> i64 { f() } } impl T for X { type Out<'a> = O; fn out(&self) -> O { O } }",
            "X.out().into()",
        ),
        at(
            "closure_with_a_higher_ranked_bound",
            "impl X { fn go(&self) -> i64 { f() } }\nfn run(g: impl for<'a> Fn(&'a X) -> i64) -> i64 { g(&X) }",
            "run(|x| x.go())",
        ),
        at(
            "impl_inside_an_anonymous_const",
            "trait T { fn go(&self) -> i64; }\nconst _: () = { impl T for X { fn go(&self) -> i64 { f() } } };",
            "X.go()",
        ),
        at(
            "autoref_specialisation",
            "struct W<M>(M); trait A { fn go(&self) -> i64; } trait B { fn go(&self) -> i64; } impl A for &W<X> { fn go(&self) -> i64 { 7 } } impl B for W<X> { fn go(&self) -> i64 { f() } }",
            "(&W(X)).go()",
        ),
        at(
            "upcast_of_a_trait_object",
            "trait S { fn base(&self) -> i64; } trait T: S {} impl S for X { fn base(&self) -> i64 { f() } } impl T for X {}\nfn make() -> Box<dyn T> { Box::new(X) }",
            "let s: Box<dyn S> = make(); s.base()",
        ),
        at(
            "type_parameter_default",
            "trait Strategy { fn go() -> i64; } impl Strategy for X { fn go() -> i64 { f() } }\nstruct A<S: Strategy = X>(std::marker::PhantomData<S>); impl<S: Strategy> A<S> { fn run(&self) -> i64 { S::go() } }\nfn make() -> A { A(std::marker::PhantomData) }",
            "make().run()",
        ),
        at(
            "default_const_of_a_trait",
            "trait T { const N: i64 = f2(); fn go(&self) -> i64 { Self::N } } const fn f2() -> i64 { 5 } impl T for X {}",
            "X.go() + f()",
        ),
        at(
            "method_on_a_tuple_in_a_loop",
            "impl X { fn go(&self) -> i64 { f() } }",
            "let mut n = 0; for (i, x) in [X, X].iter().enumerate() { n += x.go() * i as i64; } n",
        ),
        at(
            "impl_for_a_vec_of_a_local_type",
            "trait T { fn go(&self) -> i64; } impl T for Vec<X> { fn go(&self) -> i64 { f() } }",
            "[X].to_vec().go()",
        ),
        at(
            "field_of_function_type",
            "struct W<G: Fn() -> i64>(G); impl<G: Fn() -> i64> W<G> { fn call(&self) -> i64 { (self.0)() } }",
            "let _ = X; W(f).call()",
        ),
        at(
            "method_with_the_name_of_a_std_method",
            "impl X { fn to_string(&self) -> i64 { f() } fn len(&self) -> i64 { self.to_string() } }",
            "X.len()",
        ),
        at(
            "extern_crate_self",
            "extern crate self as me; mod m { pub fn go() -> i64 { crate::f() } }",
            "let _ = X; me::m::go()",
        ),
        at("renamed_self_type", "type Y = X; impl Y { fn go(&self) -> i64 { f() } }", "X.go()"),
        at(
            "qualified_alias",
            "trait T { type Out; } impl T for u8 { type Out = X; } type Alias = <u8 as T>::Out; impl X { fn go() -> i64 { f() } }",
            "Alias::go()",
        ),
        at(
            "raw_identifier",
            "mod r#type { pub fn r#match() -> i64 { super::f() } }",
            "let _ = X; r#type::r#match()",
        ),
        at(
            "trait_object_in_a_static_registry",
            "trait T: Sync { fn go(&self) -> i64; } impl T for X { fn go(&self) -> i64 { f() } }\nstatic ALL: &[&dyn T] = &[&X];",
            "ALL.iter().map(|t| t.go()).sum()",
        ),
        at(
            "once_lock_initialiser",
            "use std::sync::OnceLock;\nstatic CELL: OnceLock<i64> = OnceLock::new();\nfn get() -> i64 { *CELL.get_or_init(init) }\nfn init() -> i64 { f() }",
            "let _ = X; get()",
        ),
        at("spawned_thread", "", "let _ = X; std::thread::spawn(|| f()).join().unwrap()"),
    ]
}

fn std_calls_back() -> Vec<Case> {
    let order = "#[derive(PartialEq, Eq, Clone)] struct X(i64); impl PartialOrd for X { fn partial_cmp(&self, o: &X) -> Option<std::cmp::Ordering> { Some(self.cmp(o)) } } impl Ord for X { fn cmp(&self, o: &X) -> std::cmp::Ordering { if f() == 1 { self.0.cmp(&o.0) } else { o.0.cmp(&self.0) } } }\n";
    let equal = "struct X(i64); impl PartialEq for X { fn eq(&self, _: &X) -> bool { f() == 1 } }\n";
    let at = |name, items: &str, body| changed("26", name, items, body);
    vec![
        at("ordering_inside_max", order, "[X(1), X(2)].iter().max().unwrap().0"),
        at(
            "ordering_inside_a_heap",
            order,
            "std::collections::BinaryHeap::from([X(1), X(2)]).pop().unwrap().0",
        ),
        at(
            "ordering_inside_a_derived_ordering",
            &format!("{order}#[derive(PartialEq, Eq, PartialOrd, Ord)] struct Y {{ a: i64, x: X }}"),
            "(Y { a: 1, x: X(1) } < Y { a: 1, x: X(2) }) as i64",
        ),
        at(
            "ordering_inside_reverse_and_option",
            order,
            "(Some(std::cmp::Reverse(X(1))) < Some(std::cmp::Reverse(X(2)))) as i64",
        ),
        at(
            "ordering_in_a_tuple_sort_key",
            order,
            "let mut v = vec![(X(2), 2), (X(1), 1)]; v.sort_by_key(|p| p.0.clone()); v[0].1",
        ),
        at("equality_inside_contains", equal, "vec![X(1)].contains(&X(2)) as i64"),
        at("equality_inside_dedup", equal, "let mut v = vec![X(1), X(2)]; v.dedup(); v.len() as i64"),
        at(
            "equality_with_another_type",
            "struct X; impl PartialEq<str> for X { fn eq(&self, _: &str) -> bool { f() == 1 } }",
            "(X == *\"a\") as i64",
        ),
        at(
            "index_mut",
            "struct X([i64; 2]); impl std::ops::Index<u8> for X { type Output = i64; fn index(&self, _: u8) -> &i64 { &self.0[0] } } impl std::ops::IndexMut<u8> for X { fn index_mut(&mut self, _: u8) -> &mut i64 { let at = f() as usize - 1; &mut self.0[at] } }",
            "let mut x = X([0, 0]); x[0] = 5; x.0[0]",
        ),
        at(
            "deref_mut",
            "struct X(i64, i64); impl std::ops::Deref for X { type Target = i64; fn deref(&self) -> &i64 { &self.0 } } impl std::ops::DerefMut for X { fn deref_mut(&mut self) -> &mut i64 { if f() == 1 { &mut self.0 } else { &mut self.1 } } }",
            "let mut x = X(0, 0); *x += 5; x.0",
        ),
        at(
            "not_and_bit_operators",
            "struct X; impl std::ops::Not for X { type Output = X; fn not(self) -> X { X } } impl std::ops::BitOr for X { type Output = i64; fn bitor(self, _: X) -> i64 { f() } }",
            "!X | X",
        ),
        at(
            "range_bounds",
            "struct X; impl std::ops::RangeBounds<i64> for X { fn start_bound(&self) -> std::ops::Bound<&i64> { if f() == 1 { std::ops::Bound::Unbounded } else { std::ops::Bound::Excluded(&1) } } fn end_bound(&self) -> std::ops::Bound<&i64> { std::ops::Bound::Unbounded } }",
            "std::collections::BTreeSet::from([1, 2]).range(X).count() as i64",
        ),
        at(
            "into_iterator_of_a_reference",
            "struct X(Vec<i64>); impl<'a> IntoIterator for &'a X { type Item = i64; type IntoIter = std::iter::Map<std::slice::Iter<'a, i64>, fn(&'a i64) -> i64>; fn into_iter(self) -> Self::IntoIter { self.0.iter().map(|n| n * f()) } }",
            "let x = X(vec![1, 2]); let mut n = 0; for i in &x { n += i; } n",
        ),
        at(
            "size_hint_of_an_iterator",
            "struct X; impl Iterator for X { type Item = i64; fn next(&mut self) -> Option<i64> { None } fn size_hint(&self) -> (usize, Option<usize>) { (f() as usize, None) } }",
            "X.size_hint().0 as i64",
        ),
        at(
            "double_ended_iterator",
            "struct X(bool); impl Iterator for X { type Item = i64; fn next(&mut self) -> Option<i64> { None } } impl DoubleEndedIterator for X { fn next_back(&mut self) -> Option<i64> { std::mem::take(&mut self.0).then(f) } }",
            "X(true).rev().sum()",
        ),
        at(
            "into_as_a_value",
            "struct X(i64); impl From<i64> for X { fn from(n: i64) -> X { X(n * f()) } }",
            "[1, 2].into_iter().map(Into::into).map(|x: X| x.0).sum()",
        ),
        at(
            "from_as_a_value",
            "struct X(i64); impl From<i64> for X { fn from(n: i64) -> X { X(n * f()) } }",
            "[1, 2].map(X::from)[1].0",
        ),
        at(
            "parse_as_a_value",
            "struct X(i64); impl std::str::FromStr for X { type Err = (); fn from_str(_: &str) -> Result<X, ()> { Ok(X(f())) } }",
            "[\"a\"].into_iter().map(str::parse::<X>).collect::<Result<Vec<_>, _>>().unwrap()[0].0",
        ),
        at(
            "product_and_collect_into_result",
            "struct X; impl std::iter::Product<i64> for X { fn product<I: Iterator<Item = i64>>(i: I) -> X { i.for_each(drop); X } } impl From<X> for i64 { fn from(_: X) -> i64 { f() } }",
            "[1, 2].into_iter().product::<X>().into()",
        ),
        at(
            "to_owned_under_cow",
            "struct X; impl Clone for X { fn clone(&self) -> X { COUNT.set(f()); X } }\nthread_local! { static COUNT: std::cell::Cell<i64> = const { std::cell::Cell::new(0) }; }",
            "let c = std::borrow::Cow::Borrowed(&X); let _ = c.into_owned(); COUNT.get()",
        ),
        at(
            "into_future_under_await",
            "use std::future::{Future, IntoFuture, Ready, ready};\nstruct X; impl IntoFuture for X { type Output = i64; type IntoFuture = Ready<i64>; fn into_future(self) -> Ready<i64> { ready(f()) } }",
            "let mut task = std::pin::pin!(async { X.await }); match task.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop())) { std::task::Poll::Ready(n) => n, _ => 0 }",
        ),
        at(
            "from_fn_and_successors",
            "fn step(n: &i64) -> Option<i64> { (*n < 4).then(|| n + f()) }",
            "std::iter::successors(Some(0), step).count() as i64",
        ),
        at(
            "binary_format_of_a_nested_type",
            "struct X; impl std::fmt::Binary for X { fn fmt(&self, w: &mut std::fmt::Formatter) -> std::fmt::Result { write!(w, \"{}\", f()) } }",
            "let x = X; format!(\"{x:b}\").parse().unwrap()",
        ),
        at(
            "display_of_a_wrapper",
            "struct Wrap<'a, M>(&'a M); struct X; impl std::fmt::Display for X { fn fmt(&self, w: &mut std::fmt::Formatter) -> std::fmt::Result { write!(w, \"{}\", f()) } } impl<M: std::fmt::Display> std::fmt::Display for Wrap<'_, M> { fn fmt(&self, w: &mut std::fmt::Formatter) -> std::fmt::Result { self.0.fmt(w) } }",
            "Wrap(&X).to_string().parse().unwrap()",
        ),
        at(
            "drop_of_an_element_of_a_vec",
            "thread_local! { static N: std::cell::Cell<i64> = const { std::cell::Cell::new(0) }; }\nstruct X; impl Drop for X { fn drop(&mut self) { N.set(N.get() + f()) } }",
            "let mut v: Vec<Option<X>> = vec![Some(X), None]; v.clear(); N.get()",
        ),
        at(
            "struct_update_from_a_default",
            "struct X { a: i64, b: i64 } impl Default for X { fn default() -> X { X { a: 0, b: f() } } }",
            "let x = X { a: 1, ..Default::default() }; x.a + x.b",
        ),
        at(
            "default_inferred_from_a_parameter",
            "struct X(i64); impl Default for X { fn default() -> X { X(f()) } }\nfn take(x: X) -> i64 { x.0 }",
            "take(Default::default())",
        ),
        at(
            "seek_and_read_of_a_local_reader",
            "use std::io::{BufRead, BufReader, Read}; struct X(bool); impl Read for X { fn read(&mut self, b: &mut [u8]) -> std::io::Result<usize> { if std::mem::take(&mut self.0) { b[0] = b'0' + f() as u8; Ok(1) } else { Ok(0) } } }",
            "BufReader::new(X(true)).lines().next().unwrap().unwrap().parse().unwrap()",
        ),
    ]
}

fn constants() -> Vec<Case> {
    let at = |name, items: &str, body| rerun("23", name, &calc(items, body)).edit("= 3;", "= 4;");
    vec![
        at("const_as_a_discriminant", "const N: isize = 3; enum E { A = N }", "E::A as i64"),
        at("const_in_a_range_pattern", "const LOW: i64 = 3;", "match 3 { LOW..=9 => 1, _ => 2 }"),
        at("const_in_a_slice_pattern", "const FIRST: i64 = 3;", "match [3, 4] { [FIRST, ..] => 1, _ => 2 }"),
        at("const_in_an_if_let", "const N: i64 = 3;", "if let Some(N) = Some(3) { 1 } else { 2 }"),
        at("const_in_matches", "const N: i64 = 3;", "matches!(Some(3), Some(N)) as i64"),
        at("const_in_a_module_pattern", "mod m { pub const N: i64 = 3; }", "match 3 { m::N => 1, _ => 2 }"),
        at(
            "associated_const_in_a_pattern",
            "struct S; impl S { const N: i64 = 3; fn go(n: i64) -> i64 { match n { Self::N => 1, _ => 2 } } }",
            "S::go(3)",
        ),
        at("const_in_an_array_repeat", "const N: usize = 3;", "[1i64; N].iter().sum()"),
        at(
            "const_in_a_generic_argument",
            "const N: usize = 3; struct A<const K: usize>; impl<const K: usize> A<K> { fn k(&self) -> i64 { K as i64 } }",
            "A::<{ N + 1 }>.k()",
        ),
        at(
            "const_imported_by_a_glob",
            "mod m { pub const N: i64 = 3; } use m::*;",
            "match 3 { N => 1, _ => 2 }",
        ),
        at("const_in_let_else", "const N: i64 = 3;", "let Some(N) = Some(3) else { return 2 }; 1"),
        rerun(
            "29",
            "size_of_a_type_in_a_const",
            &calc("#[allow(dead_code)] struct X(u8); const N: usize = std::mem::size_of::<X>();", "N as i64"),
        )
        .edit("X(u8)", "X(u32)"),
        rerun(
            "29",
            "offset_of_a_field",
            &calc(
                "#[repr(C)] #[allow(dead_code)] struct X { a: u8, b: u32 }",
                "std::mem::offset_of!(X, b) as i64",
            ),
        )
        .edit("a: u8, b: u32", "b: u32, a: u8"),
        rerun("23", "const_of_a_dependency_in_a_pattern", &calc("", "match 3 { units::N => 1, _ => 2 }"))
            .dep("units", "pub const N: i64 = 3;")
            .edit_in("units/src/lib.rs", "= 3", "= 4"),
    ]
}

fn macros() -> Vec<Case> {
    let at = |name, items: &str, body| changed("28", name, items, body);
    vec![
        rerun("28", "macro_makes_an_import", &calc("mod a { pub fn go() -> i64 { 10 } } mod b { pub fn go() -> i64 { 20 } }\nmacro_rules! imports { () => { use crate::a::go; } }\nimports!();", "go()")).edit("use crate::a::go;", "use crate::b::go;"),
        at("macro_makes_functions_from_a_list", "macro_rules! list { ($($name:ident),*) => { $(fn $name() -> i64 { stringify!($name).len() as i64 + f() })* } }\nlist!(one, three);", "one() + three()"),
        at("macro_makes_impls_from_a_list", "struct A; struct B; trait T { fn go(&self) -> i64; }\nmacro_rules! imp { ($($t:ty),*) => { $(impl T for $t { fn go(&self) -> i64 { f() } })* } }\nimp!(A, B);", "A.go() + B.go()"),
        rerun("28", "macro_of_a_dependency_names_a_local_function", &calc("fn helper() -> i64 { 1 }", "units::call!()")).dep("units", "#[macro_export] macro_rules! call { () => { helper() } }").edit("{ 1 }", "{ 2 }"),
        rerun("28", "macro_of_a_dependency_names_a_local_method", &calc("struct X; impl X { fn go(&self) -> i64 { 1 } }", "units::call!(X)")).dep("units", "#[macro_export] macro_rules! call { ($x:expr) => { $x.go() } }").edit("{ 1 }", "{ 2 }"),
        at("macro_with_a_callback", "macro_rules! apply { ($m:ident, $x:expr) => { $m!($x) } } macro_rules! twice { ($x:expr) => { $x * 2 * f() } }", "apply!(twice, 3)"),
        at("macro_with_repetition_and_separator", "macro_rules! sum { ($($x:expr),+ $(,)?) => { 0 $(+ $x)+ } }", "sum![f(), 2, 3]"),
        at("macro_in_a_statement_makes_a_binding", "macro_rules! bind { ($name:ident) => { let $name = f(); } }", "bind!(n); n"),
        at("macro_in_a_trait", "struct X; macro_rules! method { () => { fn go(&self) -> i64 { f() } } }\ntrait T { method!(); } impl T for X {}", "X.go()"),
        at("macro_makes_an_enum_with_an_impl", "macro_rules! kinds { ($($k:ident = $v:expr),*) => { #[allow(dead_code)] enum Kind { $($k),* } impl Kind { fn value(&self) -> i64 { match self { $(Kind::$k => $v),* } } } } }\nkinds!(One = f(), Two = 2);", "Kind::One.value()"),
        at("macro_by_example_of_blocks", "macro_rules! when { ($c:expr, $b:block) => { if $c $b else { 0 } } }", "when!(true, { f() })"),
        at("vec_macro_inside_an_own_macro", "macro_rules! all { ($($x:expr);*) => { vec![$($x),*] } }", "all![f(); 2].iter().sum()"),
        rerun("28", "macro_redefined_between", &calc("macro_rules! m { () => { 1 } }\nfn first() -> i64 { m!() }\nmacro_rules! other { () => { 5 } }", "first() + m!()")).edit("macro_rules! other { () => { 5 } }", "#[allow(unused_macros)] macro_rules! other { () => { 5 } }\nmacro_rules! m { () => { 3 } }"),
    ]
}

fn places() -> Vec<Case> {
    vec![
        rerun("24", "path_attribute_in_an_inline_module", &calc("mod outer { #[path = \"deep.rs\"] pub mod inner; }", "outer::inner::go()")).file("src/outer/deep.rs", "pub fn go() -> i64 { 1 }").edit_in("src/outer/deep.rs", "1", "2"),
        rerun("24", "include_inside_a_module_file", &calc("mod m;", "m::go()")).file("src/m.rs", "include!(\"parts/part.rs\");").file("src/parts/part.rs", "pub fn go() -> i64 { 1 }").edit_in("src/parts/part.rs", "1", "2"),
        rerun("24", "extern_crate_under_another_name", &calc("extern crate units as u;", "u::f()")).dep("units", "pub fn f() -> i64 { 1 }").edit_in("units/src/lib.rs", "1", "2"),
        rerun("33", "dependency_shadows_its_own_glob", &calc("", "units::go()")).dep("units", "pub use base::*;\n").dep_of("units", "base", "pub fn go() -> i64 { 10 }").edit_in("units/src/lib.rs", "pub use base::*;", "pub use base::*;\npub fn go() -> i64 { 20 }"),
        rerun("24", "generic_helper_of_a_dependency_calls_back", &calc("#[derive(Clone)] struct X; impl From<X> for i64 { fn from(_: X) -> i64 { 1 } }", "units::total(&[X, X])")).dep("units", "pub fn total<T: Clone + Into<i64>>(list: &[T]) -> i64 { list.iter().cloned().map(Into::into).sum() }").edit("{ 1 }", "{ 2 }"),
        rerun("24", "library_program_and_module_of_one_file", &calc("mod shared;", "shared::go()")).file("src/lib.rs", "pub mod shared;").file("src/shared.rs", "pub fn go() -> i64 { 1 }").edit_in("src/shared.rs", "1", "2"),
        rerun("32", "include_str_named_by_concat", &calc("const TEXT: &str = include_str!(concat!(\"da\", \"ta.txt\"));", "TEXT.len() as i64")).file("src/data.txt", "one").edit_in("src/data.txt", "one", "three"),
        skip("14", "cfg_test_module_with_the_same_names", &calc("fn helper() -> i64 { 1 }\n#[cfg(test)] mod tests { fn helper() -> i64 { 7 } }", "helper()")).edit("{ 7 }", "{ 8 }"),
        skip("12", "unrelated_impl_of_a_foreign_trait_for_an_unreached_type", &calc("pub struct Z; impl Drop for Z { fn drop(&mut self) { let _ = 7; } } impl Clone for Z { fn clone(&self) -> Z { Z } }", "vec![1i64].clone()[0]")).edit("= 7", "= 8"),
        skip("12", "unrelated_macro_call_that_defines_a_type", &calc("macro_rules! define { ($n:ident) => { #[allow(dead_code)] struct $n; impl $n { #[allow(dead_code)] fn go() -> i64 { 7 } } } }\ndefine!(Zed);", "3")).edit("{ 7 }", "{ 8 }"),
    ]
}

fn results() -> Vec<Case> {
    let serialize = "#[derive(Debug, serde::Serialize)] struct Y(i64);\n";
    vec![
        rerun("26", "result_type_has_a_deserialize_impl", &format!("{serialize}impl<'de> serde::Deserialize<'de> for Y {{ fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Y, D::Error> {{ i64::deserialize(d).map(|n| Y(n * 1)) }} }}\n#[checkpoint] fn calc() -> Y {{ println!(\"ran\"); Y(3) }}")).uses("serde").edit("n * 1", "n + 0"),
        rerun("29", "result_type_gains_a_field", "#[derive(Debug, Default, serde::Serialize, serde::Deserialize)] struct Y { a: i64 }\n#[checkpoint] fn calc() -> Y { println!(\"ran\"); Default::default() }").uses("serde").edit("{ a: i64 }", "{ a: i64, b: i64 }"),
        rerun("29", "result_types_fields_swap", "#[derive(Debug, Default, serde::Serialize, serde::Deserialize)] struct Y { a: i64, b: i64 }\n#[checkpoint] fn calc() -> Y { println!(\"ran\"); Y { a: 1, ..Default::default() } }").uses("serde").edit("{ a: i64, b: i64 }", "{ b: i64, a: i64 }"),
        rerun("21", "argument_types_serialize_impl", "struct A(i64); impl serde::Serialize for A { fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.serialize_i64(self.0) } }\n#[checkpoint] fn f(a: &A) -> i64 { println!(\"ran\"); a.0 }\nfn main() { println!(\"{}\", f(&A(3))); }").uses("serde").edit("serialize_i64(self.0)", "serialize_i64(self.0 + 1)"),
        rerun("21", "variant_of_an_enum_argument", "#[derive(serde::Serialize)] enum A { P(i64), Q(i64) }\n#[checkpoint] fn f(a: &A) -> i64 { println!(\"ran\"); match a { A::P(n) => *n, A::Q(n) => -n } }\nfn main() { let _ = (A::P(1), A::Q(1)); println!(\"{}\", f(&A::P(3))); }").uses("serde").edit("f(&A::P(3))", "f(&A::Q(3))"),
        rerun("21", "empty_and_nested_lists", "#[checkpoint] fn f(a: &[Vec<i64>]) -> usize { println!(\"ran\"); a.len() }\nfn main() { println!(\"{}\", f(&[vec![], vec![1]])); }").edit("&[vec![], vec![1]]", "&[vec![1], vec![]]"),
        rerun("21", "type_of_a_generic_argument_with_equal_value", "#[checkpoint] fn f<T: serde::Serialize + std::fmt::Debug>(a: T) -> String { println!(\"ran\"); format!(\"{a:?} {}\", std::any::type_name::<T>()) }\nfn main() { println!(\"{}\", f(1u32)); }").uses("serde").edit("1u32", "1i32"),
    ]
}
