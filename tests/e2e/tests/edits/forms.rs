//! Lists the cases of both marks on every kind of function.

use e2e::{Case, rerun, skip};

const BLOCK_ON: &str = r"
fn block_on<T>(future: impl std::future::Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    loop {
        if let std::task::Poll::Ready(value) = future.as_mut().poll(&mut context) { return value; }
    }
}
";

/// The same function under both marks: `MARK` stands for the mark, `CALL(..)` for the call. A helper is edited.
fn both(name: [&'static str; 2], items: &str, main: &str) -> [Case; 2] {
    let code = |mark: &str, open: &str| {
        let text = format!("{items}\nfn helper() -> i64 {{ 1 }}\nfn main() {{ {main} }}\n");
        text.replace("MARK", mark).replace("CALL(", open)
    };
    // In a shared package a name with both marks would be ambiguous.
    let own = |code: String, name: &str| code.replace("TRAIT", name);
    let attribute =
        rerun("24", name[0], &own(code("#[checkpoint]", "("), "Attributed")).edit("{ 1 }", "{ 2 }");
    let doc = rerun("24", name[1], &own(code("#[doc = \"checkpoint\"]", "cached!("), "Documented"))
        .edit("{ 1 }", "{ 2 }");
    [attribute.uses("serde"), doc.uses("serde")]
}

pub fn cases() -> Vec<Case> {
    let serialize = "#[derive(serde::Serialize)]";
    let mut cases: Vec<Case> = [
        both(["attribute_on_a_free_function", "doc_on_a_free_function"], "MARK fn f(x: i64) -> i64 { println!(\"ran\"); x + helper() }", "println!(\"{}\", CALL(f(3)));"),
        both(["attribute_on_a_method", "doc_on_a_method"], &format!("{serialize} struct S(i64); impl S {{ MARK fn f(&self, x: i64) -> i64 {{ println!(\"ran\"); self.0 + x + helper() }} }}"), "println!(\"{}\", CALL(S::f(&S(2), 3)));"),
        both(["attribute_on_an_associated_function", "doc_on_an_associated_function"], "struct S; impl S { MARK fn f(x: i64) -> i64 { println!(\"ran\"); x + helper() } }", "let _ = S; println!(\"{}\", CALL(S::f(3)));"),
        both(["attribute_on_a_trait_method", "doc_on_a_trait_method"], &format!("{serialize} struct S(i64); trait TRAIT {{ fn f(&self) -> i64; }} impl TRAIT for S {{ MARK fn f(&self) -> i64 {{ println!(\"ran\"); self.0 + helper() }} }}"), "println!(\"{}\", CALL(<S as TRAIT>::f(&S(2))));"),
        both(["attribute_on_a_trait_method_by_trait", "doc_on_a_trait_method_by_trait"], &format!("{serialize} struct S(i64); trait TRAIT {{ fn f(&self) -> i64; }} impl TRAIT for S {{ MARK fn f(&self) -> i64 {{ println!(\"ran\"); self.0 + helper() }} }}"), "println!(\"{}\", CALL(TRAIT::f(&S(2))));"),
        both(["attribute_on_a_default_body", "doc_on_a_default_body"], &format!("{serialize} struct S(i64); trait TRAIT: serde::Serialize {{ fn base(&self) -> i64; MARK fn f(&self) -> i64 {{ println!(\"ran\"); self.base() + helper() }} }} impl TRAIT for S {{ fn base(&self) -> i64 {{ self.0 }} }}"), "println!(\"{}\", CALL(<S as TRAIT>::f(&S(2))));"),
        both(["attribute_on_a_generic_function", "doc_on_a_generic_function"], "MARK fn f<N: Into<i64> + Copy + serde::Serialize>(x: N) -> i64 { println!(\"ran\"); x.into() + helper() }", "println!(\"{}\", CALL(f(3i32)));"),
        both(["attribute_on_a_method_of_a_generic_type", "doc_on_a_method_of_a_generic_type"], &format!("{serialize} struct S<N>(N); impl<N: Into<i64> + Copy + serde::Serialize> S<N> {{ MARK fn f(&self) -> i64 {{ println!(\"ran\"); self.0.into() + helper() }} }}"), "println!(\"{}\", CALL(S::<i32>::f(&S(2i32))));"),
        both(["attribute_on_a_const_generic", "doc_on_a_const_generic"], "MARK fn f<const N: usize>(x: i64) -> i64 { println!(\"ran\"); x + N as i64 + helper() }", "println!(\"{}\", CALL(f::<4>(3)));"),
        both(["attribute_on_an_async_function", "doc_on_an_async_function"], &format!("{BLOCK_ON}\nMARK async fn f(x: i64) -> i64 {{ println!(\"ran\"); x + helper() }}"), "println!(\"{}\", block_on(async { CALL(f(3).await) }));"),
        both(["attribute_on_an_async_method", "doc_on_an_async_method"], &format!("{BLOCK_ON}\n{serialize} struct S(i64); impl S {{ MARK async fn f(&self) -> i64 {{ println!(\"ran\"); self.0 + helper() }} }}"), "println!(\"{}\", block_on(async { CALL(S::f(&S(2)).await) }));"),
        both(["attribute_on_an_async_trait_method", "doc_on_an_async_trait_method"], &format!("{BLOCK_ON}\n{serialize} struct S(i64); trait TRAIT {{ async fn f(&self) -> i64; }} impl TRAIT for S {{ MARK async fn f(&self) -> i64 {{ println!(\"ran\"); self.0 + helper() }} }}"), "println!(\"{}\", block_on(async { CALL(TRAIT::f(&S(2)).await) }));"),
        both(["attribute_on_an_async_default_body", "doc_on_an_async_default_body"], &format!("{BLOCK_ON}\n{serialize} struct S(i64); trait TRAIT: serde::Serialize {{ fn base(&self) -> i64; MARK async fn f(&self) -> i64 {{ println!(\"ran\"); self.base() + helper() }} }} impl TRAIT for S {{ fn base(&self) -> i64 {{ self.0 }} }}"), "println!(\"{}\", block_on(async { CALL(TRAIT::f(&S(2)).await) }));"),
        both(["attribute_on_a_nested_function", "doc_on_a_nested_function"], "", "MARK fn f(x: i64) -> i64 { println!(\"ran\"); x + helper() } println!(\"{}\", CALL(f(3)));"),
        both(["attribute_in_a_module", "doc_in_a_module"], "mod a { pub mod b { use crate::*; MARK pub fn f(x: i64) -> i64 { println!(\"ran\"); x + helper() } } }", "println!(\"{}\", CALL(a::b::f(3)));"),
        both(["attribute_behind_a_renamed_import", "doc_behind_a_renamed_import"], "mod a { use crate::*; MARK pub fn f(x: i64) -> i64 { println!(\"ran\"); x + helper() } }\nuse a::f as g;", "println!(\"{}\", CALL(g(3)));"),
        both(["attribute_with_a_result", "doc_with_a_result"], "MARK fn f(x: i64) -> Result<i64, std::num::TryFromIntError> { println!(\"ran\"); Ok(i64::from(u8::try_from(x)?) + helper()) }", "println!(\"{:?}\", CALL(f(3)));"),
        both(["attribute_with_borrowed_arguments", "doc_with_borrowed_arguments"], "MARK fn f(x: &[i64], s: &str, o: Option<&i64>) -> i64 { println!(\"ran\"); x.len() as i64 + s.len() as i64 + o.copied().unwrap_or(0) + helper() }", "println!(\"{}\", CALL(f(&[1, 2], \"abc\", Some(&4))));"),
        both(["attribute_with_pattern_arguments", "doc_with_pattern_arguments"], "MARK fn f((a, b): (i64, i64), mut c: i64, _: u8) -> i64 { println!(\"ran\"); c += a * b; c + helper() }", "println!(\"{}\", CALL(f((2, 3), 4, 5)));"),
        both(["attribute_with_an_own_result_type", "doc_with_an_own_result_type"], "#[derive(Debug, serde::Serialize, serde::Deserialize)] struct R { n: i64, names: Vec<String> }\nMARK fn f(x: i64) -> R { println!(\"ran\"); R { n: x + helper(), names: vec![] } }", "println!(\"{:?}\", CALL(f(3)));"),
    ]
    .concat();
    cases.extend([
        rerun("24", "one_of_two_marked_functions", "#[checkpoint] fn one() -> i64 { println!(\"ran\"); 5 }\n#[checkpoint] fn two() -> i64 { helper() }\nfn helper() -> i64 { 1 }\nfn main() { println!(\"{}\", one() + two()); }")
            .edit("{ println!(\"ran\"); 5 }", "{ println!(\"ran\"); 6 }"),
        skip("12", "the_other_of_two_marked_functions", "#[checkpoint] fn one() -> i64 { println!(\"ran\"); 5 }\n#[checkpoint] fn two() -> i64 { helper() }\nfn helper() -> i64 { 1 }\nfn main() { println!(\"{}\", one()); let _ = two(); }")
            .edit("{ 1 }", "{ 2 }"),
        rerun("24", "marked_function_calls_a_marked_function", "#[checkpoint] fn outer() -> i64 { println!(\"ran\"); inner() * 2 }\n#[checkpoint] fn inner() -> i64 { helper() }\nfn helper() -> i64 { 1 }\nfn main() { println!(\"{}\", outer()); }")
            .edit("{ 1 }", "{ 2 }"),
        rerun("21 T18", "generic_argument_of_a_method", "#[derive(serde::Serialize)] struct G<T>(std::marker::PhantomData<T>); impl<T> G<T> { #[checkpoint] fn size(&self) -> usize { println!(\"ran\"); std::mem::size_of::<T>() } }\nfn main() { println!(\"{}\", G::<u8>(std::marker::PhantomData).size()); }")
            .uses("serde")
            .edit("G::<u8>(", "G::<u16>("),
        rerun("21 T18", "same_method_on_two_types", "#[derive(serde::Serialize)] struct A; #[derive(serde::Serialize)] struct B; trait T: serde::Serialize { fn n() -> i64; #[checkpoint] fn f(&self) -> i64 { println!(\"ran\"); Self::n() } }\nimpl T for A { fn n() -> i64 { 1 } } impl T for B { fn n() -> i64 { 2 } }\nfn main() { let _ = (A, B); println!(\"{}\", A.f()); }")
            .uses("serde")
            .edit("A.f()", "B.f()"),
        skip("1 T18", "two_instances_of_one_path_keep_apart", "struct G<T>(T); impl G<u8> { #[checkpoint] fn only() -> i64 { println!(\"ran\"); 8 } } impl G<u16> { #[checkpoint] fn only() -> i64 { println!(\"ran\"); 16 } }\nfn main() { println!(\"{} {}\", G::<u8>::only(), G::<u16>::only()); }")
            .first_runs(2)
            .edit("fn main", "// nothing\nfn main"),
        skip("1 T18", "two_instances_of_one_path_keep_apart_with_doc_marks", "struct G<T>(T); impl G<u8> { #[doc = \"checkpoint\"] fn only() -> i64 { println!(\"ran\"); 8 } } impl G<u16> { #[doc = \"checkpoint\"] fn only() -> i64 { println!(\"ran\"); 16 } }\nfn main() { println!(\"{} {}\", cached!(G::<u8>::only()), cached!(G::<u16>::only())); }")
            .first_runs(2)
            .edit("fn main", "// nothing\nfn main"),
        skip("1 T18", "two_nested_functions_of_one_name", "fn main() { let a = { #[checkpoint] fn same() -> i64 { println!(\"ran\"); 1 } same() }; let b = { #[checkpoint] fn same() -> i64 { println!(\"ran\"); 2 } same() }; println!(\"{a} {b}\"); }")
            .first_runs(2)
            .edit("fn main", "// nothing\nfn main"),
        skip("12", "build_of_an_unchanged_package", "#[checkpoint] fn calc() -> i64 { println!(\"ran\"); 1 }").edit("fn main", "\nfn main"),
    ]);
    cases
}
