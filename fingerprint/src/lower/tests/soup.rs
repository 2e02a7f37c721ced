//! Tests lowering on token trees that no grammar made, in every place where tokens can stand.

use super::{file, settings};
use crate::lower::lower;
use proptest::prelude::*;

/// Words that the lowering looks at, and some that it does not.
const WORDS: [&str; 40] = [
    "a",
    "b",
    "Self",
    "self",
    "super",
    "crate",
    "$crate",
    "T",
    "fn",
    "impl",
    "for",
    "where",
    "dyn",
    "mut",
    "ref",
    "const",
    "static",
    "unsafe",
    "async",
    "match",
    "if",
    "let",
    "else",
    "return",
    "move",
    "macro_rules",
    "cfg",
    "derive",
    "doc",
    "checkpoint",
    "ignore",
    "allow",
    "include",
    "env",
    "concat",
    "vec",
    "format",
    "r#type",
    "union",
    "_",
];
const OTHERS: [&str; 36] = [
    "::",
    ":",
    ";",
    ",",
    ".",
    "..",
    "..=",
    "=>",
    "->",
    "=",
    "==",
    "&",
    "&&",
    "|",
    "||",
    "!",
    "?",
    "#",
    "$",
    "@",
    "<",
    ">",
    "+",
    "-",
    "*",
    "/",
    "'a",
    "'_",
    "1",
    "1.5e3",
    "0x_u8",
    "\"{a} {b:?} {{\"",
    "\"\\u{1}\\n\"",
    "b'x'",
    "c\"s\"",
    "r#\"x\"#",
];
/// Where a soup can stand.
const PLACES: [&str; 14] = [
    "@",
    "fn f() { @ }",
    "fn f(@) {}",
    "fn f() -> @ {}",
    "impl @ {}",
    "impl A { @ }",
    "trait A { @ }",
    "struct A { @ }",
    "enum A { @ }",
    "use @;",
    "#[@] fn f() {}",
    "m! { @ }",
    "fn f() { println!(@) }",
    "macro_rules! m { (@) => { @ } }",
];

fn soup() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        prop::sample::select(&WORDS[..]).prop_map(str::to_owned),
        prop::sample::select(&OTHERS[..]).prop_map(str::to_owned),
    ];
    leaf.prop_recursive(4, 24, 8, |inner| {
        let group = (prop::sample::select(&["()", "[]", "{}"][..]), prop::collection::vec(inner, 0..8));
        group.prop_map(|(fence, inside)| format!("{} {} {}", &fence[..1], inside.join(" "), &fence[1..]))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn token_soup_is_lowered_the_same_each_time(
        soups in prop::collection::vec(soup(), 0..10),
        place in prop::sample::select(&PLACES[..]),
    ) {
        let source = place.replace('@', &soups.join(" "));
        let first = file(&source);
        let again = lower(&source, &settings());
        prop_assert_eq!(postcard::to_stdvec(&first).unwrap(), postcard::to_stdvec(&again).unwrap());
        for item in &first.items {
            prop_assert_eq!(item.skeleton.refs.len(), item.skeleton.lines.len());
            prop_assert!(item.place.line <= item.place.end_line, "{}", source);
        }
        // What is taken whole is listed.
        let opaque = first.items.iter().any(|item| matches!(item.kind, crate::ir::ItemKind::Opaque { .. }));
        prop_assert!(!opaque || !first.notes.is_empty(), "{}", source);
    }
}
