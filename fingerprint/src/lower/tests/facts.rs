//! Tests what is recorded of items beside their text.

use super::{file, item, rendered, settings};
use crate::ir::{
    Anchor, Expr, FileArg, Import, ItemKind, MarkKind, MarkValue, Obstacle, Pat, Ref, Stmt, Ty, Visibility,
    World,
};
use crate::lower::{Edition, lower};

#[test]
fn places_count_characters_from_one() {
    let source = "\u{feff}mod a {\n    /// docs\n    #[inline]\n    /* ä */ pub fn ü() {\n    }\n}\n";
    let file = file(source);
    let place = item(&file, "ü").place;
    assert_eq!((place.line, place.column, place.start_line, place.end_line), (4, 20, 2, 5));
}

#[test]
fn an_item_exists_with_test_without_or_in_both() {
    let file = file(
        "#[cfg(test)] mod t { fn a() {} #[cfg(not(test))] fn gone() {} }
         #[test] fn b() {} #[cfg(not(test))] fn c() {} #[cfg(all(test, has_cuda))] fn d() {}
         #[cfg(any(not(test), debug_assertions))] fn e() {} #[cfg(windows)] fn gone() {}
         #[cfg(has_cuda)] mod m { #[cfg(debug_assertions)] fn g() {} } fn h() { #[test] fn i() {} }
         #[cfg(any(test, unix))] fn j() {}",
    );
    let names: Vec<&str> = file.names.iter().map(String::as_str).collect();
    let world = |name: &str| (item(&file, name).world, item(&file, name).unknown_cfgs.clone());
    let cfgs = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    assert_eq!(world("a"), (World::Test, cfgs(&[])));
    assert_eq!(world("b"), (World::Test, cfgs(&[])));
    assert_eq!(world("c"), (World::NotTest, cfgs(&[])));
    assert_eq!(world("d"), (World::Test, cfgs(&["all(test, has_cuda)"])));
    assert_eq!(world("e"), (World::Any, cfgs(&["any(not(test), debug_assertions)"])));
    assert_eq!(world("g"), (World::Any, cfgs(&["debug_assertions", "has_cuda"])));
    assert_eq!(world("i"), (World::Test, cfgs(&[])));
    assert_eq!(world("j"), (World::Any, cfgs(&[])));
    assert!(!names.contains(&"gone"), "{names:?}");
}

#[test]
fn the_file_itself_can_be_left_out() {
    assert!(file("#![cfg(windows)] fn f() {}").items.is_empty());
    assert_eq!(file("#![cfg(test)] fn f() {}").items[0].world, World::Test);
    assert_eq!(file("#![cfg(has_cuda)] fn f() {}").items[0].unknown_cfgs, ["has_cuda"]);
    assert!(file("#![no_implicit_prelude] fn f() {}").no_implicit_prelude);
}

#[test]
fn marks_are_found_in_every_spelling() {
    for source in [
        "#[doc = \"checkpoint(version = 3, ignore(a))\"] fn f(a: u8) {}",
        "/// Text.\n///\n/// checkpoint(version = 3, ignore(a))\nfn f(a: u8) {}",
        "#[doc(alias = \"checkpoint(version = 3, ignore(a))\")] fn f(a: u8) {}",
        "#[cfg_attr(unix, doc = \"checkpoint(version = 3, ignore(a))\")] fn f(a: u8) {}",
        "#[checkpoint(version = 3, ignore(a))] fn f(a: u8) {}",
        "use checkpointing::checkpoint as cp; #[cp(version = 3, ignore(a))] fn f(a: u8) {}",
        "impl S { #[checkpointing::checkpoint(version = 3, ignore(a))] fn f(a: u8) {} }",
    ] {
        let file = file(source);
        let found = item(&file, "f");
        let mark = found.mark.as_ref().unwrap_or_else(|| panic!("no mark in {source}"));
        assert_eq!(mark.error, None, "{source}");
        assert!(!found.whole, "{source}");
        assert_eq!(mark.options[0].value, MarkValue::Literal("3".to_owned()));
        assert_eq!(mark.options[1].value, MarkValue::Names(vec!["a".to_owned()]));
        if let MarkKind::Attribute(index, _) = mark.kind {
            assert_eq!(found.attributes, [index]);
            assert!(matches!(&found.skeleton.refs[index.0 as usize], Ref::Path(_)), "{source}");
        }
        assert!(found.skeleton.text.ends_with("| mark ignore #0 ,"), "{}", found.skeleton.text);
    }
}

#[test]
fn mistakes_in_marks_are_recorded() {
    let file = file(
        "#[doc = \"checkpoint(speed = 1)\"] fn f() {} #[doc = \"checkpoint(ignore(x))\"] fn g() {} /** checkpoint */ struct S;",
    );
    let error = |name: &str| item(&file, name).mark.as_ref().unwrap().error.clone().unwrap();
    assert!(error("f").contains("unknown option `speed`"));
    assert!(error("g").contains("`x` is not an argument"));
    assert!(file.notes[0].message.contains("only functions"));
}

#[test]
fn what_options_name_is_referred_to() {
    let file = file("#[checkpoint(hash_with(p = m::h), extra = seed(p))] fn f(p: u8) {}");
    let text = rendered(&file, &item(&file, "f").skeleton);
    assert!(
        text.contains(
            "| mark hash_with #0 , = <Value Plain m::h> | mark extra ( <Value Plain seed> ( #0 , ) )"
        ),
        "{text}"
    );
}

#[test]
fn signatures_that_cannot_be_cached_say_why() {
    let obstacle = |source: &str| {
        let file = file(source);
        let ItemKind::Fn(function) = &item(&file, "f").kind else { panic!("no function") };
        function.obstacle.clone()
    };
    assert_eq!(obstacle("fn f(a: &u8) -> &'static str {}"), None);
    assert_eq!(obstacle("fn f(a: &mut u8) {}"), Some(Obstacle::MutableArgument("a".to_owned())));
    assert_eq!(obstacle("impl S { fn f(&mut self) {} }"), Some(Obstacle::MutableArgument("self".to_owned())));
    assert_eq!(obstacle("fn f(a: &u8) -> Option<&u8> {}"), Some(Obstacle::BorrowedResult));
    assert_eq!(obstacle("fn f<'a>(a: &'a u8) -> Cow<'a, u8> {}"), Some(Obstacle::BorrowedResult));
    assert_eq!(obstacle("fn f() -> Vec<impl X> {}"), Some(Obstacle::OpaqueResult));
    assert_eq!(obstacle("fn f() -> Box<dyn Fn(&u8) -> u8> {}"), None);
}

#[test]
fn macros_of_the_standard_library_are_trusted_by_name() {
    let source = "fn f(a: u8) { println!(\"{a}\"); std::panic!(); other!(); } #[derive(Debug)] struct S;";
    assert_eq!(file(source).trusted_macros, ["Debug", "println"]);
    let mut distrusting = settings();
    distrusting.distrusted_macros = ["println".to_owned(), "Debug".to_owned()].into();
    let file = lower("fn f(a: u8) { println!(\"{a}\") } #[derive(Debug)] struct S;", &distrusting);
    let text = rendered(&file, &item(&file, "f").skeleton);
    assert!(text.contains("<Macro Plain println> ! ( \"{a}\""), "{text}");
    assert!(text.starts_with("fn ( a : "), "{text}");
    assert!(item(&file, "S").whole && item(&file, "S").attributes.len() == 1);
}

#[test]
fn before_2021_a_single_argument_of_panic_is_no_format_string() {
    let text = |edition| {
        let file =
            lower("fn f(a: u8) { panic!(\"{a}\") }", &crate::lower::Settings { edition, ..settings() });
        rendered(&file, &item(&file, "f").skeleton)
    };
    assert!(text(Edition::E2018).contains("\"{a}\" ,"));
    assert!(text(Edition::E2021).contains("\"{@}\" #0 ,"));
}

#[test]
fn imports_are_flattened() {
    let file = file(
        "use a::{self, b::{c as d, *}, e as _}; use ::f::g; use crate::h; use super::super::i::{self as j}; use self::k;",
    );
    let mut leaves = Vec::new();
    for found in &file.items {
        let ItemKind::Use(list) = &found.kind else { panic!("no import") };
        for leaf in list {
            let name = |name: &crate::ir::Name| file.names[name.0 as usize].clone();
            let import = match leaf.import {
                Import::Named(as_) => name(&as_),
                Import::SelfNamed(as_) => format!("self {}", name(&as_)),
                other => format!("{other:?}"),
            };
            let path: Vec<String> = leaf.segments.iter().map(name).collect();
            leaves.push(format!("{:?} {} {import}", leaf.anchor, path.join("::")));
        }
    }
    assert_eq!(
        leaves,
        [
            "Plain a self a",
            "Plain a::b::c d",
            "Plain a::b Glob",
            "Plain a::e Unnamed",
            "Global f::g g",
            "Crate h h",
            "Super(2) i self j",
            "Super(0) k k",
        ]
    );
}

#[test]
fn files_and_variables_are_recorded() {
    let source = "include!(concat!(env!(\"OUT_DIR\"), \"/x.rs\"));
        fn f() { include_str!(\"a.txt\"); option_env!(\"V\"); file!(); module_path!(); cfg!(has_cuda); }";
    let file = file(source);
    let ItemKind::Include(arg) = &file.items[0].kind else { panic!("no include") };
    assert_eq!(*arg, FileArg::Variable { name: "OUT_DIR".to_owned(), rest: "/x.rs".to_owned() });
    let text = rendered(&file, &item(&file, "f").skeleton);
    for part in [
        "File { macro_: Str, arg: Literal(\"a.txt\") }",
        "Env { name: \"V\", optional: true }",
        "Shown(File)",
        "Shown(ModulePath)",
        "Cfg(\"has_cuda\")",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn the_body_has_the_numbers_of_its_bindings() {
    let file = file("impl S { fn f(&self, a: u8) -> u8 { let b = a; self.g(b); b } }");
    let found = item(&file, "f");
    let ItemKind::Fn(function) = &found.kind else { panic!("no function") };
    let body = &found.body;
    let Expr::Block { stmts, tail, .. } = &body.exprs[function.block.unwrap().0 as usize] else {
        panic!("no block")
    };
    let Stmt::Let { pat, init, .. } = &stmts[0] else { panic!("no let") };
    assert!(matches!(body.pats[pat.0 as usize], Pat::Bind { local: 2, by_ref: false, sub: None }));
    assert!(matches!(body.exprs[init.unwrap().0 as usize], Expr::Local(1)));
    assert!(matches!(body.exprs[tail.unwrap().0 as usize], Expr::Local(2)));
    let Stmt::Expr(call) = &stmts[1] else { panic!("no call") };
    let Expr::MethodCall { receiver, method, .. } = &body.exprs[call.0 as usize] else { panic!("no call") };
    assert!(matches!(body.exprs[receiver.0 as usize], Expr::Local(0)));
    assert!(
        matches!(&found.skeleton.refs[method.0 as usize], Ref::Method { receiver: Some(r), .. } if r == receiver)
    );
    let receiver = function.receiver.as_ref().unwrap();
    let Ty::Ref { inner, .. } = body.types[receiver.ty.0 as usize] else { panic!("no reference") };
    let Ty::Path { path, .. } = &body.types[inner.0 as usize] else { panic!("no path") };
    assert!(
        matches!(&found.skeleton.refs[path.0 as usize], Ref::Path(path) if path.anchor == Anchor::SelfType)
    );
}

#[test]
fn a_name_that_a_macro_may_rebind_is_not_known_any_more() {
    let file = file("fn f() { let a = S; m!(a); a.g() }");
    let found = item(&file, "f");
    let receivers: Vec<&Expr> = found
        .body
        .exprs
        .iter()
        .filter_map(|expr| match expr {
            Expr::MethodCall { receiver, .. } => Some(&found.body.exprs[receiver.0 as usize]),
            _ => None,
        })
        .collect();
    assert!(matches!(receivers[..], [Expr::Local(1)]), "{receivers:?}");
}

#[test]
fn generics_of_methods_follow_those_of_the_impl() {
    let file = file("impl<'a, T> S<'a, T> { fn f<U: X<Y = T>, const N: usize>(a: U) {} }");
    let ItemKind::Fn(function) = &item(&file, "f").kind else { panic!("no function") };
    assert_eq!((function.generics.first, function.generics.params.len()), (1, 2));
    let text = rendered(&file, &item(&file, "f").skeleton);
    assert!(
        text.starts_with("fn f < %1 <Type Generic(1) > : <Type Plain X> < Y = %0 <Type Generic(0) >"),
        "{text}"
    );
}

#[test]
fn scopes_of_blocks_hold_their_items() {
    let file = file("fn f() { use a::b; { fn g() {} g() } b() }");
    let found = item(&file, "f");
    let scopes: Vec<(u32, usize)> =
        found.body.scopes.iter().map(|(outer, items)| (outer.0, items.len())).collect();
    assert_eq!(scopes, [(0, 1), (1, 1)]);
    let used: Vec<u32> = found
        .skeleton
        .refs
        .iter()
        .filter_map(|reference| match reference {
            Ref::Path(path) => Some(path.scope.0),
            _ => None,
        })
        .collect();
    assert_eq!(used, [2, 1]);
}

#[test]
fn statics_of_thread_local_have_no_known_type() {
    let file = file("thread_local! { pub static A: u8 = const { 1 }; static B: u8 = 2 }");
    let ItemKind::Static { ty, value: Some(_), .. } = item(&file, "A").kind else { panic!("no static") };
    assert!(matches!(item(&file, "A").body.types[ty.0 as usize], Ty::Unknown));
    assert_eq!(item(&file, "A").visibility, Visibility::Public);
    assert_eq!(file.root.len(), 2);
    assert_eq!(file.trusted_macros, ["thread_local"]);
}

#[test]
fn modules_record_where_their_files_may_lie() {
    let file = file(
        "#[cfg_attr(has_cuda, path = \"a.rs\")] #[cfg_attr(not(has_cuda), path = \"b.rs\")] #[cfg_attr(windows, path = \"c.rs\")] mod m;",
    );
    let ItemKind::Mod(module) = &item(&file, "m").kind else { panic!("no module") };
    assert_eq!(module.paths, ["a.rs", "b.rs"]);
    assert!(module.items.is_none());
}

#[test]
fn a_macro_may_have_the_name_of_a_modifier() {
    let source = "macro_rules! default { ($($t:tt)*) => { $($t)* } }
        trait T { default!(fn a(&self) -> u8 { 1 }); #[cold] default! { fn b(&self) {} } }
        impl T for u8 { default!(fn a(&self) -> u8 { 2 }); }
        fn f() { let x = default!(3); }";
    let found = file(source);
    assert!(found.notes.is_empty(), "{:?}", found.notes);
    let calls = found.items.iter().filter(|item| matches!(item.kind, ItemKind::MacroCall { .. }));
    assert_eq!(calls.count(), 3);
    assert!(file("trait T { default(fn a(&self)); }").is_opaque());
}
