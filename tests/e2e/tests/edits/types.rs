//! Lists the cases where only a type changes.

use e2e::{Case, rerun, skip};

fn calc(items: &str, body: &str) -> String {
    format!("{items}\n#[checkpoint] fn calc() -> i64 {{ println!(\"ran\"); {body} }}\n")
}

pub fn cases() -> Vec<Case> {
    vec![
        rerun("29", "field_type", &calc("#[derive(Default)] struct S { x: u8 }", "std::mem::size_of_val(&S::default().x) as i64")).edit("x: u8", "x: u32"),
        rerun("29", "field_added", &calc("#[allow(dead_code)] struct S { x: u8 }", "std::mem::size_of::<S>() as i64")).edit("x: u8", "x: u8, y: u8"),
        rerun("29", "enum_discriminant", &calc("enum E { A = 1, B }", "let _ = E::A as i64; E::B as i64")).edit("A = 1", "A = 2"),
        rerun("29", "enum_variant_order", &calc("enum E { A, B }", "let _ = E::A as i64; E::B as i64")).edit("A, B }", "B, A }"),
        rerun("29", "field_order_under_derived_ordering", &calc("#[derive(PartialEq, Eq, PartialOrd, Ord)] struct S { x: i64, y: i64 }", "(S { x: 1, y: 2 } < S { x: 2, y: 1 }) as i64")).edit("{ x: i64, y: i64 }", "{ y: i64, x: i64 }"),
        rerun("29", "variant_order_under_derived_ordering", &calc("#[derive(PartialEq, Eq, PartialOrd, Ord)] enum E { A, B }", "(E::A < E::B) as i64")).edit("E { A, B }", "E { B, A }"),
        rerun("29", "derive_replaced_by_an_impl", &calc("#[derive(PartialEq)] struct S(i64);", "(S(1) == S(2)) as i64"))
            .edit("#[derive(PartialEq)] struct S(i64);", "struct S(i64); impl PartialEq for S { fn eq(&self, _: &S) -> bool { let _ = self.0; true } }"),
        rerun("29", "derived_default_variant", &calc("#[derive(Default)] enum E { #[default] A, #[allow(dead_code)] B }", "E::default() as i64")).edit("#[default] A, #[allow(dead_code)] B", "#[allow(dead_code)] A, #[default] B"),
        rerun("29", "type_alias", &calc("type N = u8;", "N::MAX as i64")).edit("= u8", "= u16"),
        rerun("29", "type_alias_in_a_signature", &calc("type N = u8;\nfn wrap(n: i64) -> N { n as N }", "wrap(300) as i64")).edit("= u8", "= u16"),
        rerun("29", "array_length", &calc("struct S { x: [u8; 2] }", "S { x: Default::default() }.x.len() as i64")).edit("[u8; 2]", "[u8; 3]"),
        rerun("29", "array_length_by_const", &calc("const N: usize = 2;\nstruct S { x: [u8; N] }", "S { x: Default::default() }.x.len() as i64")).edit("= 2", "= 3"),
        rerun("29", "const_generic", &calc("struct S<const N: usize>; impl<const N: usize> S<N> { fn n(&self) -> i64 { N as i64 } }\ntype Two = S<2>;\nfn make() -> Two { S }", "make().n()")).edit("S<2>", "S<3>"),
        rerun("29", "generic_default", &calc("struct S<T = u8>(std::marker::PhantomData<T>); impl<T> S<T> { fn n(&self) -> i64 { std::mem::size_of::<T>() as i64 } }\nfn make() -> S { S(std::marker::PhantomData) }", "make().n()")).edit("T = u8", "T = u16"),
        rerun("29", "repr_attribute", &calc("#[repr(C)] #[allow(dead_code)] struct S { a: u8, b: u32 }", "std::mem::size_of::<S>() as i64")).edit("#[repr(C)]", "#[repr(C, packed)]"),
        rerun("29", "debug_shows_the_field_name", "#[allow(dead_code)] #[derive(Debug)] struct S { x: i64 }\n#[checkpoint] fn calc() -> String { println!(\"ran\"); format!(\"{:?}\", S { x: 1 }) }").rename("x", "wide"),
        rerun("29", "debug_shows_the_variant_name", "#[derive(Debug)] enum E { First }\n#[checkpoint] fn calc() -> String { println!(\"ran\"); format!(\"{:?}\", E::First) }").rename("First", "Primary"),
        rerun("29", "type_only_in_an_annotation", &calc("type N = u8;", "let x: N = 200; (x as i64).wrapping_add(0)")).edit("= u8", "= i16"),
        rerun("29", "type_only_in_a_cast", &calc("type N = u8;", "300i64 as N as i64")).edit("= u8", "= u16"),
        rerun("29", "type_only_in_a_turbofish", &calc("type N = u8;", "\"200\".parse::<N>().map(|n| n as i64).unwrap_or(-1)")).edit("= u8", "= i8"),
        rerun("29", "trait_bound_of_a_type_changes_the_impl", &calc("trait Name { fn name(&self) -> i64; }\nstruct A; struct B;\nimpl Name for A { fn name(&self) -> i64 { 1 } } impl Name for B { fn name(&self) -> i64 { 2 } }\nstruct Holder { part: A }\nimpl Default for A { fn default() -> A { A } } impl Default for B { fn default() -> B { B } }", "Holder { part: Default::default() }.part.name()")).edit("part: A", "part: B"),
        rerun("29", "union_field", &calc("#[repr(C)] union U { a: u32, b: [u8; 4] }", "let u = U { a: 258 }; unsafe { u.b[0] as i64 }")).edit("[u8; 4]", "[u8; 2]"),
        skip("12 29", "field_of_a_type_that_is_not_reached", &calc("#[allow(dead_code)] pub struct Z { x: u8 }", "3")).edit("x: u8", "x: u32"),
        skip("12 29", "type_moved_with_its_impls", &calc("struct S(i64); impl S { fn x(&self) -> i64 { self.0 } }", "S(3).x()"))
            .edit("struct S(i64); impl S { fn x(&self) -> i64 { self.0 } }", "mod m { pub struct S(pub i64); impl S { pub fn x(&self) -> i64 { self.0 } } }\nuse m::S;"),
    ]
}
