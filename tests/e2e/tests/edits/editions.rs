//! Lists cases of older editions: where their paths begin, what they may leave out, and macros that cross over.

use e2e::{Case, rerun, skip};

/// The function is marked in a package of edition 2024, and calls `run` of a dependency of the edition.
fn case(
    edition: &str,
    items: &str,
    body: &str,
    make: fn(&'static str, &'static str, &str) -> Case,
    name: &'static str,
) -> Case {
    let calc = "#[checkpoint] fn calc() -> i64 { println!(\"ran\"); old::run() }\n";
    let old = format!("{items}\npub fn run() -> i64 {{ {body} }}\n");
    make("24 33", name, calc).dep("old", &old).edition("old", edition)
}

/// Code in which 1 is reached and 5 is not: an edit of the one reruns, one of the other does not.
fn pair(names: [&'static str; 2], edition: &str, items: &str, body: &str) -> [Case; 2] {
    let file = "old/src/lib.rs";
    [
        case(edition, items, body, rerun, names[0]).edit_in(file, "{ 1 }", "{ 2 }"),
        case(edition, items, body, skip, names[1]).edit_in(file, "{ 5 }", "{ 6 }"),
    ]
}

const UNITS: &str = "pub fn f() -> i64 { 1 }\npub fn g() -> i64 { 5 }\n#[macro_export] macro_rules! call { () => { $crate::f() } }";

/// The same of a dependency of that, `units`.
fn of_units(names: [&'static str; 2], edition: &str, items: &str, body: &str) -> [Case; 2] {
    let file = "units/src/lib.rs";
    let case = |make, name| case(edition, items, body, make, name).dep_of("old", "units", UNITS);
    [
        case(rerun, names[0]).edit_in(file, "{ 1 }", "{ 2 }"),
        case(skip, names[1]).edit_in(file, "{ 5 }", "{ 6 }"),
    ]
}

const BUILD_SCRIPT: &str =
    "extern crate checkpointing_fingerprint;\nfn main() { checkpointing_fingerprint::emit(); }\n";

/// The marked function is in the package of edition 2015, in a module, and so is its call.
fn marked_in_2015(names: [&'static str; 2], mark: &str, call: &str) -> [Case; 2] {
    let code = format!(
        "extern crate checkpointing;\nuse inner::calc;\nfn f() -> i64 {{ 1 }}\n#[allow(dead_code)] fn g() -> i64 {{ 5 }}\nmod inner {{\n#[allow(unused_imports)] use checkpointing::checkpoint;\n{mark}\npub fn calc(a: i64) -> i64 {{ println!(\"ran\"); a + ::f() }}\n}}\nfn main() {{ println!(\"{{}}\", {call}); }}\n"
    );
    let case = |make: fn(&'static str, &'static str, &str) -> Case, name| {
        make("24", name, &code).edition(".", "2015").file("build.rs", BUILD_SCRIPT)
    };
    [case(rerun, names[0]).edit("{ 1 }", "{ 2 }"), case(skip, names[1]).edit("{ 5 }", "{ 6 }")]
}

pub fn cases() -> Vec<Case> {
    [
        marked_in_2015(
            ["edition_2015_marked_by_attribute", "edition_2015_marked_by_attribute_unrelated"],
            "#[checkpoint(version = 2, expires = \"1d\")]",
            "calc(3)",
        ),
        marked_in_2015(
            ["edition_2015_marked_by_doc", "edition_2015_marked_by_doc_unrelated"],
            "/// checkpoint(version = 2)",
            "cached!(calc(3))",
        ),
        pair(
            ["edition_2015_paths_from_the_root", "edition_2015_paths_from_the_root_unrelated"],
            "2015",
            "mod a { pub fn f() -> i64 { 1 } pub fn g() -> i64 { 5 } }\nmod b { use a::f; pub fn h() -> i64 { f() + ::a::f() } }\nmod c { pub mod a { pub fn f() -> i64 { 7 } } }",
            "b::h() + c::a::f()",
        ),
        pair(
            ["edition_2015_bare_trait_objects", "edition_2015_bare_trait_objects_unrelated"],
            "2015",
            "trait Go { fn go(&self, x: i64) -> i64; }\npub struct A; impl Go for A { fn go(&self, _: i64) -> i64 { 1 } }\nfn other() -> i64 { 5 }\nfn start(x: &Go) -> i64 { x.go(3) }\n#[allow(dead_code)] fn unused() -> i64 { other() }",
            "let b: Box<Go> = Box::new(A); start(&*b)",
        ),
        pair(
            ["edition_2015_try_and_ranges", "edition_2015_try_and_ranges_unrelated"],
            "2015",
            "fn f() -> i64 { 1 }\n#[allow(dead_code)] fn g() -> i64 { 5 }\nfn t(x: i64) -> Result<i64, i64> { match x { 0...3 => Ok(try!(Ok::<i64, i64>(f()))), _ => Err(7) } }",
            "t(2).unwrap()",
        ),
        of_units(
            ["edition_2015_dependency_in_a_module", "edition_2015_dependency_in_a_module_unrelated"],
            "2015",
            "extern crate units;\nmod inner { use units::f; pub fn h() -> i64 { f() + ::units::f() } }",
            "inner::h()",
        ),
        of_units(
            ["edition_2015_behind_a_glob_of_std", "edition_2015_behind_a_glob_of_std_unrelated"],
            "2015",
            "use std::ops::*;\nextern crate units;\nuse units::f;\nstruct X; impl Add for X { type Output = i64; fn add(self, _: X) -> i64 { f() } }",
            "X + X",
        ),
        of_units(
            ["edition_2015_macro_of_a_dependency", "edition_2015_macro_of_a_dependency_unrelated"],
            "2015",
            "#[macro_use] extern crate units as other;",
            "call!()",
        ),
        of_units(
            ["edition_2018_macro_of_a_newer_one", "edition_2018_macro_of_a_newer_one_unrelated"],
            "2018",
            "mod deep { pub fn h() -> i64 { crate::call() } }\nfn call() -> i64 { units::call!() }",
            "deep::h()",
        ),
        pair(
            ["edition_2018_own_trait_of_a_later_prelude", "edition_2018_own_trait_of_a_later_prelude_unrelated"],
            "2018",
            "trait TryInto<T> { fn try_into(self) -> T; }\nimpl TryInto<i64> for u8 { fn try_into(self) -> i64 { 1 } }\nimpl From<Z> for i64 { fn from(_: Z) -> i64 { 5 } }\npub struct Z;",
            "let x: i64 = 3u8.try_into(); x",
        ),
        pair(
            ["edition_2018_async_and_dyn", "edition_2018_async_and_dyn_unrelated"],
            "2018",
            "use std::{future::Future, pin::Pin, task::{Context, Poll, Waker}};\nasync fn f() -> i64 { 1 }\n#[allow(dead_code)] async fn g() -> i64 { 5 }\nfn boxed() -> Pin<Box<dyn Future<Output = i64>>> { Box::pin(async { f().await }) }",
            "match boxed().as_mut().poll(&mut Context::from_waker(Waker::noop())) { Poll::Ready(x) => x, Poll::Pending => 9 }",
        ),
        pair(
            ["edition_2021_closures_and_arrays", "edition_2021_closures_and_arrays_unrelated"],
            "2021",
            "struct P { a: i64, b: String }\nfn f() -> i64 { 1 }\n#[allow(dead_code)] fn g() -> i64 { 5 }",
            "let p = P { a: f(), b: String::new() }; let c = || p.a; let _b = &p.b; [c()].into_iter().map(|x| x).sum()",
        ),
    ]
    .concat()
}
