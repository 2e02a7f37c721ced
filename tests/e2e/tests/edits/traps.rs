//! Lists the cases of sentences of the traps that no other file's subject has.

use e2e::{Case, rerun, says, skip};

fn calc(items: &str, body: &str) -> String {
    format!("{items}\n#[checkpoint] fn calc() -> i64 {{ println!(\"ran\"); {body} }}\n")
}

type Make = fn(&'static str, &'static str, &str) -> Case;

/// Code in which 1 is reached and 5 is not: an edit of the one reruns, one of the other does not.
fn pair(covers: &'static str, names: [&'static str; 2], items: &str, body: &str) -> [Case; 2] {
    let code = calc(items, body);
    [
        rerun(covers, names[0], &code).edit("{ 1 }", "{ 2 }"),
        skip(covers, names[1], &code).edit("{ 5 }", "{ 6 }"),
    ]
}

/// A build script and the runtime for a library that marks functions itself.
fn marks_itself(case: Case, more: &str) -> Case {
    let dependencies = format!(
        "checkpointing.workspace = true\n{more}\n[build-dependencies]\ncheckpointing-fingerprint.workspace = true\n"
    );
    case.append("units/Cargo.toml", &dependencies)
        .file("units/build.rs", "fn main() { checkpointing_fingerprint::emit(); }\n")
}

pub fn cases() -> Vec<Case> {
    [scopes(), uses(), declarations(), registries(), builds(), given(), keys(), names(), spellings()].concat()
}

/// T1 and T7: which traits are in scope, and which method wins.
fn scopes() -> Vec<Case> {
    let around = "struct X; pub struct Y;\nmod a { pub trait A { fn go(&self) -> i64; fn run(&self) -> i64; } }\nmod b { pub trait B { fn go(&self) -> i64; } }\nimpl a::A for X { fn go(&self) -> i64 { 1 } fn run(&self) -> i64 { 0 } }\nimpl b::B for X { fn go(&self) -> i64 { 5 } }\nimpl a::A for Y { fn go(&self) -> i64 { 0 } fn run(&self) -> i64 { X.go() } }";
    let default = "pub struct X;\nmod a { pub trait A { fn go(&self) -> i64; fn run(&self, x: &crate::X) -> i64 { x.go() } } }\nmod b { pub trait B { fn go(&self) -> i64; } }\nimpl a::A for X { fn go(&self) -> i64 { 1 } }\nimpl b::B for X { fn go(&self) -> i64 { 5 } }";
    let value = "struct X; impl X { fn go(&self) -> i64 { 7 } }\nmod t { pub trait T { fn go(self) -> i64; } impl T for super::X { fn go(self) -> i64 { 1 } } }\nuse t::T;\n#[allow(dead_code)] fn other() -> i64 { 5 }";
    let into_iter = "[1i8, 2].into_iter().map(|x| std::mem::size_of_val(&x) as i64).sum()";
    let edition = |name, body: &str| rerun("33 T1", name, &calc("", body));
    let [wins, unrelated] = pair(
        "33 T7",
        ["trait_method_by_value_beside_an_inherent_one", "trait_method_by_value_unrelated"],
        value,
        "X.go()",
    );
    let reached =
        |name, items: &str, body: &str| rerun("33 T1", name, &calc(items, body)).edit("{ 1 }", "{ 2 }");
    vec![
        wins,
        unrelated,
        // What is around the call decides; the other trait's method counts too.
        reached("trait_of_the_impl_around_the_call", around, "<Y as a::A>::run(&Y)"),
        reached("trait_around_the_call", default, "<X as a::A>::run(&X, &X)"),
        edition("edition_of_the_package_switched", into_iter).edition(".", "2018").edit_in(
            "Cargo.toml",
            "\"2018\"",
            "\"2021\"",
        ),
        edition("edition_of_a_dependency_switched", "units::f()")
            .dep("units", &format!("pub fn f() -> i64 {{ {into_iter} }}"))
            .edition("units", "2018")
            .edit_in("units/Cargo.toml", "\"2018\"", "\"2021\""),
    ]
}

/// T2: what a `use` of a package can mean. Every case changes the features of what `num-integer` depends on.
fn uses() -> Vec<Case> {
    let case = |make: Make, name, items: &str, body: &str| {
        make("34 T2", name, &calc(items, body))
            .append("Cargo.toml", "num-integer = { version = \"0.1\", default-features = false }\nnum-traits = { version = \"0.2\", default-features = false }\n")
            .edit_in("Cargo.toml", "version = \"0.2\", default-features = false", "version = \"0.2\", default-features = false, features = [\"std\"]")
    };
    vec![
        case(rerun, "method_of_a_package_that_is_imported", "use num_integer::Integer;", "12i64.gcd(&18)"),
        case(
            rerun,
            "method_of_a_package_in_a_helper",
            "mod m { use num_integer::Integer as _; pub fn f(x: i64) -> i64 { x.lcm(&18) } }",
            "m::f(4)",
        ),
        case(
            rerun,
            "glob_of_a_package_may_shadow_the_prelude",
            "#[allow(unused_imports)] use num_integer::*;",
            "let v: Option<i64> = Some(1); v.map_or(0, i64::from)",
        ),
        case(
            skip,
            "package_imported_in_another_module",
            "pub mod m { use num_integer::Integer; pub fn f(x: i64) -> i64 { x.gcd(&18) } }",
            "[12i64, 18].iter().max().copied().unwrap_or(0)",
        ),
    ]
}

/// T4 and T5: impls for types that nothing mentions, and declarations without a body.
fn declarations() -> Vec<Case> {
    let t = "trait Tr { const N: i64; fn make() -> i64; fn f(&self) -> i64; }\nstruct X; impl Tr for X { const N: i64 = 10; fn make() -> i64 { 30 } fn f(&self) -> i64 { 50 } }\npub struct Y; impl Tr for Y { const N: i64 = 11; fn make() -> i64 { 31 } fn f(&self) -> i64 { 51 } }\n";
    let code = |items: &str, body: &str| calc(&format!("{t}{items}"), body);
    let make = "fn run<T: Tr>() -> i64 { T::make() }";
    let f = "fn run<T: Tr>(x: T) -> i64 { <T as Tr>::f(&x) }";
    let n = "fn run<T: Tr>(_: T) -> i64 { <T as Tr>::N }";
    let path = "fn run(x: &impl Tr) -> i64 { Tr::f(x) }";
    vec![
        rerun("25 T5", "declaration_of_a_parameter_qualified", &code(f, "run(X)")).edit("{ 50 }", "{ 60 }"),
        rerun("25 T5", "declaration_of_a_parameter_qualified_const", &code(n, "run(X)")).edit("= 10", "= 20"),
        rerun("25 T5", "declaration_in_every_live_impl", &code(make, "run::<X>() + run::<Y>()"))
            .edit("{ 31 }", "{ 41 }"),
        rerun("25 T5", "declaration_in_every_live_impl_qualified", &code(f, "run(X) + run(Y)"))
            .edit("{ 51 }", "{ 61 }"),
        rerun("25 T5", "declaration_in_every_live_impl_const", &code(n, "run(X) + run(Y)"))
            .edit("= 11", "= 21"),
        rerun("25 T5", "declaration_in_every_live_impl_by_trait_path", &code(path, "run(&X) + run(&Y)"))
            .edit("{ 51 }", "{ 61 }"),
        skip("12 T5", "declaration_in_an_impl_that_is_not_live", &code(make, "run::<X>()"))
            .edit("{ 31 }", "{ 41 }"),
        skip("12 T5", "declaration_in_an_impl_that_is_not_live_qualified", &code(f, "run(X)"))
            .edit("{ 51 }", "{ 61 }"),
        skip("12 T5", "declaration_in_an_impl_that_is_not_live_const", &code(n, "run(X)"))
            .edit("= 11", "= 21"),
        skip("12 T5", "declaration_in_an_impl_that_is_not_live_by_trait_path", &code(path, "run(&X)"))
            .edit("{ 51 }", "{ 61 }"),
    ]
}

/// Registers values before `main`, as `inventory::submit!` does.
const SUBMIT: &str = r##"
extern crate proc_macro;
use proc_macro::TokenStream;
#[proc_macro]
pub fn submit(input: TokenStream) -> TokenStream {
    format!(r#"
const _: () = {{
    extern "C" fn register() {{ {input}.register() }}
    #[used]
    #[cfg_attr(windows, unsafe(link_section = ".CRT$XCU"))]
    #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__mod_init_func"))]
    #[cfg_attr(not(any(windows, target_vendor = "apple")), unsafe(link_section = ".init_array"))]
    static REGISTER: extern "C" fn() = register;
}};"#).parse().unwrap()
}
"##;

/// T6 and T8: code that the marked function's own package does not name, or not see.
fn registries() -> Vec<Case> {
    let items = "use std::sync::Mutex;\nstruct Flag { f: fn() -> i64 } static FLAGS: Mutex<Vec<Flag>> = Mutex::new(Vec::new());\nimpl Flag { fn register(self) { FLAGS.lock().unwrap().push(self) } }\nmod first { use super::Flag; submit::submit! { Flag { f: || helper() * 10 } } fn helper() -> i64 { 1 } }\nmod second { use super::Flag; fn other() -> i64 { 7 } submit::submit! { Flag { f: other } } }\nmod third { pub struct Kind(i64); impl Kind { fn register(self) { let _ = self.0; } } submit::submit! { Kind(5) } }";
    let code = calc(items, "FLAGS.lock().unwrap().iter().map(|flag| (flag.f)()).sum()");
    let submit = |make: Make, name| make("28 T6", name, &code).dep("submit", SUBMIT).proc_macro("submit");
    let library = "pub trait Model { fn fit(&self) -> i64; }\n#[checkpointing::checkpoint]\npub fn run<M: Model + serde::Serialize>(model: &M) -> i64 { println!(\"ran\"); model.fit() }";
    let mine = "#[derive(serde::Serialize)] struct Mine; impl units::Model for Mine { fn fit(&self) -> i64 { 1 } }\nfn main() { println!(\"{}\", units::run(&Mine)); }";
    vec![
        submit(rerun, "registered_value_calls_a_helper").edit("{ 1 }", "{ 2 }"),
        submit(rerun, "registered_value_itself").edit("* 10", "* 20"),
        submit(rerun, "registered_function").edit("{ 7 }", "{ 8 }"),
        submit(rerun, "registered_by_a_changed_macro").edit_in(
            "submit/src/lib.rs",
            "{input}.register()",
            "{input}.register(); {input}.register()",
        ),
        marks_itself(
            says(
                "T8",
                "impl_that_the_library_cannot_see",
                &["units::run", "is not cached", "name the crate `impl_that_the_library_cannot_see`"],
                mine,
            )
            .uses("serde")
            .dep("units", library),
            "serde.workspace = true\n",
        ),
    ]
}

/// T9: a table that asks for the features of a dependency.
fn builds() -> Vec<Case> {
    let case = |name| {
        skip("12 T9", name, &calc("#[allow(dead_code)] fn other() -> i64 { 5 }", "units::f()"))
            .dep(
                "units",
                "pub fn f() -> i64 { i64::from(cfg!(feature = \"fast\")) }\npub fn g() -> i64 { 7 }\n",
            )
            .append("units/Cargo.toml", "\n[features]\nfast = []\n")
    };
    vec![
        case("marker_after_an_edit_of_other_code").edit("{ 5 }", "{ 6 }"),
        case("marker_after_an_edit_of_other_code_of_the_dependency").edit_in(
            "units/src/lib.rs",
            "{ 7 }",
            "{ 8 }",
        ),
    ]
}

/// Reads the file that a string names, as askama (in `templates`), pest (in `src`) and sqlx (in the package) do.
const READERS: &str = r#"
extern crate proc_macro;
use proc_macro::TokenStream;
fn read(input: TokenStream, folder: &str) -> TokenStream {
    let text = input.to_string();
    let name = text.split("struct ").nth(1).unwrap().split(|c: char| !c.is_alphanumeric()).next().unwrap();
    let file = text.split('"').nth(1).unwrap();
    let path = std::path::Path::new(&std::env::var("CARGO_MANIFEST_DIR").unwrap()).join(folder).join(file);
    let size = std::fs::read_to_string(path).unwrap().trim().len();
    format!("impl {name} {{ fn size(&self) -> i64 {{ {size} }} }}").parse().unwrap()
}
#[proc_macro_derive(Template, attributes(template))]
pub fn template(input: TokenStream) -> TokenStream { read(input, "templates") }
#[proc_macro_derive(Grammar, attributes(grammar))]
pub fn grammar(input: TokenStream) -> TokenStream { read(input, "src") }
#[proc_macro]
pub fn query(input: TokenStream) -> TokenStream {
    let file = input.to_string();
    let path = std::path::Path::new(&std::env::var("CARGO_MANIFEST_DIR").unwrap()).join(file.trim_matches('"'));
    std::fs::read_to_string(path).unwrap().trim().len().to_string().parse().unwrap()
}
"#;

/// T13, T14: what macros are given, and what they read.
fn given() -> Vec<Case> {
    let template = "#[derive(readers::Template)] #[template(path = \"page/hello.txt\")] struct X;";
    let grammar = "#[derive(readers::Grammar)] #[grammar = \"rules.txt\"] struct X;";
    let case = |make: Make, name, items: &str, body: &str| {
        make("32 T13", name, &calc(items, body))
            .dep("readers", READERS)
            .proc_macro("readers")
            .file("templates/page/hello.txt", "one")
            .file("templates/page/other.txt", "one")
            .file("src/rules.txt", "one")
            .file("query.sql", "one")
    };
    let size = "X.size()";
    vec![
        case(rerun, "file_that_a_derive_reads_in_templates", template, size).edit_in(
            "templates/page/hello.txt",
            "one",
            "three",
        ),
        case(skip, "file_that_a_derive_does_not_read", template, size).edit_in(
            "templates/page/other.txt",
            "one",
            "three",
        ),
        case(rerun, "file_that_a_derive_reads_in_the_source", grammar, size).edit_in(
            "src/rules.txt",
            "one",
            "three",
        ),
        case(rerun, "file_that_a_macro_reads", "", "readers::query!(\"query.sql\")").edit_in(
            "query.sql",
            "one",
            "three",
        ),
        case(
            rerun,
            "file_that_a_macro_reads_for_a_helper",
            "fn f() -> i64 { readers::query!(\"query.sql\") }",
            "f()",
        )
        .edit_in("query.sql", "one", "three"),
        case(
            skip,
            "file_that_a_macro_reads_elsewhere",
            "pub fn f() -> i64 { readers::query!(\"query.sql\") }",
            "3",
        )
        .edit_in("query.sql", "one", "three"),
        rerun(
            "22 T14",
            "field_that_a_pattern_takes",
            &calc(
                "#[allow(dead_code)] struct P { y: i64, z: i64 }",
                "let p = P { y: 1, z: 20 }; let P { y, .. } = p; y",
            ),
        )
        .edit("let P { y, .. } = p; y", "let P { z, .. } = p; z"),
        skip(
            "3 T14",
            "field_that_a_pattern_takes_under_another_name",
            &calc(
                "#[allow(dead_code)] struct P { y: i64, z: i64 }",
                "let p = P { y: 1, z: 20 }; let P { y, .. } = p; y",
            ),
        )
        .edit("let P { y, .. } = p; y", "let P { y: wide, .. } = p; wide"),
        rerun(
            "31 T14",
            "field_that_a_constructor_fills",
            &calc("struct P { y: i64, z: i64 }", "let (y, z) = (1, 20); let p = P { y, z }; p.y - p.z"),
        )
        .edit("P { y, z }; p", "P { y: z, z: y }; p"),
    ]
}

/// T16, T17: what of the arguments counts.
fn keys() -> Vec<Case> {
    let ordered = "#[derive(Clone)] pub struct NAME(pub Vec<(String, i64)>);\nimpl serde::Serialize for NAME { fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.collect_map(self.0.iter().map(|(k, v)| (k, v))) } }";
    let case = |name, of: &str| {
        let items = ordered.replace("NAME", of);
        let code = format!(
            "mod own {{ {items} }}\nuse own::{of};\n#[checkpoint] fn first(map: &{of}) -> i64 {{ println!(\"ran\"); map.0[0].1 }}\nfn main() {{ println!(\"{{}}\", first(&{of}(vec![(\"a\".into(), 1), (\"b\".into(), 2)]))); }}\n"
        );
        rerun("21 T16", name, &code)
            .uses("serde")
            .edit("(\"a\".into(), 1), (\"b\".into(), 2)", "(\"b\".into(), 2), (\"a\".into(), 1)")
    };
    let marked = |options: &str| {
        format!(
            "#[doc = \"checkpoint({options})\"] fn mix(a: i64, b: i64) -> i64 {{ println!(\"ran\"); a * 10 + b }}\nfn main() {{\n    let calls: [fn() -> i64; 2] = [|| cached!(mix(1, 2)), || cached!(mix(2, 5))];\n    println!(\"{{}}\", calls[std::env::args().count() - 1]());\n}}\n"
        )
    };
    let hashed = "fn tens(x: &i64) -> i64 { *x / 10 }\n#[checkpoint(hash_with(a = tens), ignore(b))] fn mix(a: i64, b: i64) -> i64 { println!(\"ran\"); a / 10 * 0 + b * 0 + LEFT }\nconst LEFT: i64 = 3;\nfn main() { println!(\"{}\", mix(11, 22)); }";
    vec![
        case("map_of_an_own_type_in_another_order", "Ordered"),
        case("map_of_an_own_type_with_the_name_of_stds", "HashMap"),
        skip("17 T16", "hash_map_inside_of_an_argument", "use std::collections::{BTreeMap, HashMap, HashSet};\n#[derive(serde::Serialize)] struct Options { names: Option<Box<HashMap<String, Vec<i64>>>>, more: BTreeMap<u8, HashSet<i64>> }\n#[checkpoint] fn count(options: &Options) -> usize { println!(\"ran\"); options.names.as_ref().map_or(0, |names| names.len()) + options.more.len() }\nfn main() { let keys = [\"a\", \"b\", \"c\", \"d\"]; let names = keys.iter().map(|k| (k.to_string(), vec![1])).collect(); println!(\"{}\", count(&Options { names: Some(Box::new(names)), more: [(1, HashSet::from([1, 2, 3]))].into() })); }")
            .uses("serde")
            .edit("keys.iter()", "keys.iter().rev()")
            .edit("[1, 2, 3]", "[3, 1, 2]"),
        rerun("21 T17", "ignore_names_another_argument_of_a_doc_mark", &marked("ignore(a)")).edit("ignore(a)", "ignore(b)").args(&[], &["second"]),
        rerun("21 T17", "hash_with_names_another_argument", hashed).edit("hash_with(a = tens), ignore(b)", "hash_with(b = tens), ignore(a)"),
        skip("9 T17", "hash_with_function_renamed", hashed).rename("tens", "dozens"),
    ]
}

/// T18: names that are printed alike, or otherwise than they are written.
fn names() -> Vec<Case> {
    let generic = |mark: &str, call: &str| {
        format!(
            "struct G<T>(T); trait N {{ const N: i64; }} impl N for u8 {{ const N: i64 = 8; }} impl N for u16 {{ const N: i64 = 16; }}\nimpl<T: N> G<T> {{ fn outer(&self) -> i64 {{ let _ = &self.0; {mark} fn inner(n: i64) -> i64 {{ println!(\"ran\"); n + 1 }} {call} }} }}\nfn main() {{ println!(\"{{}} {{}}\", G(1u8).outer(), G(1u16).outer()); }}\n"
        )
    };
    let [attribute, doc] =
        [generic("#[checkpoint]", "inner(T::N)"), generic("#[doc = \"checkpoint\"]", "cached!(inner(T::N))")];
    let exported = "mod inner { #[doc = \"checkpoint\"] pub fn calc() -> i64 { println!(\"ran\"); 3 } }\nuse inner::calc as other;\nfn main() { let _: fn() -> i64 = other; println!(\"{}\", cached!(other())); }";
    let alias = "struct S; type Alias = S; impl S { #[doc = \"checkpoint\"] fn f(x: i64) -> i64 { println!(\"ran\"); x } }\nfn main() { let _: (S, Alias) = (S, S); println!(\"{}\", cached!(Alias::f(3))); }";
    let base = "#[doc = \"checkpoint\"]\npub fn calc() -> i64 { println!(\"ran\"); f() }\nfn f() -> i64 { 1 }\npub fn g() -> i64 { 5 }";
    let dependency = |make: Make, name| {
        make("24 T18", name, "fn main() { println!(\"{}\", cached!(units::renamed())); }")
            .dep("units", "pub use base::calc as renamed;")
            .dep_of("units", "base", base)
    };
    vec![
        rerun("22 T18", "nested_function_of_a_generic_method", &attribute)
            .first_runs(2)
            .edit("n + 1", "n + 2"),
        skip("12 T18", "nested_function_of_a_generic_method_unrelated", &attribute)
            .first_runs(2)
            .edit("fn main", "// nothing\nfn main"),
        rerun("22 T18", "nested_function_of_a_generic_method_with_doc_mark", &doc)
            .first_runs(2)
            .edit("n + 1", "n + 2"),
        skip("12 T18", "nested_function_of_a_generic_method_with_doc_mark_unrelated", &doc)
            .first_runs(2)
            .edit("fn main", "// nothing\nfn main"),
        skip("1 T18", "called_by_its_own_path_and_not_by_an_import", exported)
            .edit("cached!(other())", "cached!(inner::calc())"),
        skip("1 T18", "called_by_its_type_and_not_by_an_alias", alias)
            .edit("cached!(Alias::f(3))", "cached!(S::f(3))"),
        dependency(rerun, "function_that_a_dependency_reexports").edit_in(
            "base/src/lib.rs",
            "{ 1 }",
            "{ 2 }",
        ),
        dependency(skip, "function_that_a_dependency_reexports_unrelated").edit_in(
            "base/src/lib.rs",
            "{ 5 }",
            "{ 6 }",
        ),
    ]
}

/// T21: options without quotes, and in an alias.
fn spellings() -> Vec<Case> {
    let code = |mark: &str| {
        format!(
            "{mark} fn add(a: i64, b: i64) -> i64 {{ println!(\"ran\"); a + b * 0 }}\nfn main() {{ println!(\"{{}}\", cached!(add(1, 2))); }}\n"
        )
    };
    vec![
        rerun("36 T21", "version_in_an_alias", &code("#[doc(alias = \"checkpoint(version = 1)\")]"))
            .edit("version = 1", "version = 2"),
        skip("21 T21", "ignored_argument_in_an_alias", &code("#[doc(alias = \"checkpoint(ignore(b))\")]"))
            .edit("add(1, 2)", "add(1, 3)"),
        rerun(
            "36 T21",
            "directory_without_quotes",
            &code("#[doc = \"checkpoint(directory = one/place, on_error = raise)\"]"),
        )
        .edit("one/place", "other/place"),
    ]
}
