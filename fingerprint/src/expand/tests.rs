//! Tests that calls are matched and written as rustc does it, and that nothing is expanded in doubt.

use super::transcribe::Steps;
use super::{apply, rules};
use crate::ir::{Delimiter, ItemKind, Token};
use crate::lower::{Edition, Settings, lower};

/// What the last call of a source stands for; fragments that stay one thing are in `‹›`.
fn expand_in(edition: Edition, source: &str) -> Option<String> {
    let file = lower(source, &Settings { edition, ..Settings::default() });
    assert!(!file.is_opaque(), "{source}: {:?}", file.notes);
    let kinds = || file.items.iter().rev().map(|item| &item.kind);
    let definition = kinds().find_map(|kind| match kind {
        ItemKind::Macro { definition, .. } => Some(definition.clone()),
        _ => None,
    });
    let call = kinds().find_map(|kind| match kind {
        ItemKind::MacroCall { call, .. } => Some(call.tokens.clone()),
        _ => None,
    });
    let rules = rules::read(&definition.expect("a macro"))?;
    let call = call.expect("a call");
    let (tokens, _) = apply(&rules, &call, edition, "$crate", &mut Steps::after(&call))?;
    Some(text(&tokens))
}

fn expand(rules: &str, call: &str) -> Option<String> {
    expand_in(Edition::E2021, &format!("macro_rules! m {{ {rules} }}\nm! {{ {call} }}"))
}

fn text(tokens: &[Token]) -> String {
    let mut out = String::new();
    let mut joined = true;
    for token in tokens {
        if !joined {
            out.push(' ');
        }
        joined = false;
        match token {
            Token::Ident(word, _) | Token::Literal(word, _) => out.push_str(word),
            Token::Punct(c, joint) => {
                out.push(*c);
                joined = *joint;
            }
            Token::Group(delimiter, inner) => {
                let (open, close) = match delimiter {
                    Delimiter::Paren => ('(', ')'),
                    Delimiter::Brace => ('{', '}'),
                    Delimiter::Bracket => ('[', ']'),
                    Delimiter::Fragment(_) => ('‹', '›'),
                };
                out.push(open);
                out.push_str(&text(inner));
                out.push(close);
            }
        }
    }
    out
}

fn gives(rules: &str, call: &str, expected: &str) {
    assert_eq!(expand(rules, call).as_deref(), Some(expected), "{rules} with {call}");
}

fn unclear(rules: &str, call: &str) {
    assert_eq!(expand(rules, call), None, "{rules} with {call}");
}

#[test]
fn every_fragment_takes_what_the_compiler_takes() {
    for (kind, given, expected) in [
        ("ident", "a", "a"),
        ("ident", "r#type", "r#type"),
        ("ident", "struct", "struct"),
        ("lifetime", "'a", "'a"),
        ("literal", "-1.5", "‹- 1.5›"),
        ("literal", "true", "‹true›"),
        ("literal", "b\"x\"", "‹b\"x\"›"),
        ("tt", "(a, b)", "(a , b)"),
        ("tt", ">>=", ">>="),
        ("tt", "'a", "'a"),
        ("expr", "1 + 2 * f(x)", "‹1 + 2 * f (x)›"),
        ("expr", "if a { b } else { c }", "‹if a {b} else {c}›"),
        ("expr", "|x: u8| x", "‹| x : u8 | x›"),
        ("expr", "Vec::<u8>::new()", "‹Vec ::< u8 >:: new ()›"),
        ("expr", "#[cold] a", "‹# [cold] a›"),
        ("ty", "&'a mut dyn Fn(u8) -> Vec<Vec<u8>>", "‹&'a mut dyn Fn (u8) -> Vec < Vec < u8 >>›"),
        ("ty", "[u8; 3]", "‹[u8 ; 3]›"),
        ("path", "a::B<C>", "‹a :: B < C >›"),
        ("pat", "A | B", "‹A | B›"),
        ("pat", "Some(ref x @ 1..=2)", "‹Some (ref x @ 1 ..= 2)›"),
        ("pat_param", "Some(_)", "‹Some (_)›"),
        ("block", "{ a; b }", "‹{a ; b}›"),
        ("meta", "doc = \"x\"", "‹doc = \"x\"›"),
        ("meta", "cfg(unix)", "‹cfg (unix)›"),
        (
            "stmt",
            "let x: A<B, C> = f::<D, E>(1) else { return }",
            "‹let x : A < B , C > = f ::< D , E > (1) else {return}›",
        ),
        ("stmt", "#[cold] let x", "‹# [cold] let x›"),
        ("stmt", "a.b += 1", "‹a . b += 1›"),
        ("stmt", "m! { a }", "‹m ! {a}›"),
        ("stmt", "use a::{b, c};", "‹use a :: {b , c} ;›"),
        ("item", "pub fn f<T: A>(x: T) -> u8 { 1 }", "‹pub fn f < T : A > (x : T) -> u8 {1}›"),
    ] {
        gives(&format!("($x:{kind}) => {{ [$x] }};"), given, &format!("[{expected}]"));
    }
    gives("($($s:stmt),*; $e:expr) => { $($s;)* $e }", "let x = 1, f(); x", "‹let x = 1› ; ‹f ()› ; ‹x›");
    gives("($s:stmt => $e:expr) => { [$s] [$e] }", "if a { b } => c", "[‹if a {b}›] [‹c›]");
    gives("($v:vis struct $n:ident) => { $v enum $n {} }", "pub(crate) struct A", "‹pub (crate)› enum A {}");
    gives("($v:vis struct $n:ident) => { $v enum $n {} }", "struct A", "‹› enum A {}");
}

#[test]
fn repetitions_nest_and_go_in_step() {
    gives("($($x:ident),*) => { $($x;)* }", "", "");
    gives("($($x:ident),*) => { $($x;)* }", "a, b", "a ; b ;");
    gives("($($x:ident),* $(,)?) => { $($x)|* }", "a, b,", "a | b");
    gives("($($x:ident = $v:tt);+) => { [$($x),+] [$($v),+] }", "a = 1; b = 2", "[a , b] [1 , 2]");
    gives(
        "($($t:ident { $($f:ident : $k:ident),* })*) => { $(struct $t { $($f: $k),* } $(get!($t $f);)*)* }",
        "A { x: B, y: C } D {}",
        "struct A {x : B , y : C} get ! (A x) ; get ! (A y) ; struct D {}",
    );
    gives("($a:ident $($x:ident)*) => { $($a $x;)* }", "s a b", "s a ; s b ;");
    gives("($($($x:ident)+);*) => { $([$($x)-+])* }", "a b; c", "[a - b] [c]");
    gives("($($x:tt)*) => { $($x)* }", "a <<= b ..= 'c (d)", "a <<= b ..= 'c (d)");
    gives(
        "($($k:expr => $v:expr),+ $(,)?) => { [$(($k, $v)),+] }",
        "1 => a(2), b => c,",
        "[(‹1› , ‹a (2)›) , (‹b› , ‹c›)]",
    );
    // `$a` and `$b` repeat differently.
    unclear("($($a:ident)* ; $($b:ident)*) => { $($a $b)* }", "x y; z");
    // `$a` repeats deeper than it is written.
    unclear("($($a:ident)*) => { $a }", "x");
}

#[test]
fn rules_are_tried_in_order_and_tokens_are_compared_in_one_piece() {
    let rules =
        "(@inner $x:ident) => { inner $x }; ($x:ident) => { outer $x }; ($($x:tt)*) => { rest $($x)* }";
    gives(rules, "@inner a", "inner a");
    gives(rules, "a", "outer a");
    gives(rules, "a b", "rest a b");
    gives("(> >) => { two }; (>>) => { one }", ">>", "one");
    gives("(> >) => { two }; (>>) => { one }", "> >", "two");
    gives("(<$t:ty>) => { $t }", "<Vec<u8>>", "‹Vec < u8 >›");
    gives("('a) => { a }; ($l:lifetime) => { $l }", "'b", "'b");
    gives("(type) => { keyword }; (r#type) => { name }", "r#type", "name");
    gives("([$x:ident]) => { square }; (($x:ident)) => { round }", "(a)", "round");
    gives("($e:expr) => { expr }; (struct $i:ident) => { item }", "struct A", "item");
    gives("($t:ty) => { ty }; ($l:literal) => { lit }", "3", "lit");
    gives("($i:ident) => { ident }; (_) => { underscore }", "_", "underscore");
    gives("($($n:ident),* ; $r:ty) => { $r }", "a, b; u8", "‹u8›");
}

#[test]
fn what_the_compiler_rejects_is_not_guessed() {
    // Two ways to go on: an error of the compiler.
    unclear("($($($x:tt)+);*) => { 1 }", "a b; c");
    unclear("($($x:ident)* $y:ident) => { $y }", "a b");
    // An expression begins, and none is there.
    unclear("($e:expr) => { 1 }; ($($t:tt)*) => { 2 }", "a +");
    unclear("(a) => { 1 }", "b");
    unclear("($x:future) => { 1 }", "b");
    unclear("($($x:ident),*) => { ${count($x)} }", "a, b");
}

#[test]
fn fragments_stay_one_thing_when_they_are_passed_on() {
    let source = |rules: &str, fragment: &str| {
        let tokens = vec![Token::Group(
            Delimiter::Fragment(match fragment {
                "ty" => crate::ir::Fragment::Ty,
                "expr" => crate::ir::Fragment::Expr,
                _ => crate::ir::Fragment::Vis,
            }),
            vec![Token::Ident("A".to_owned(), 0)],
        )];
        let file = lower(&format!("macro_rules! m {{ {rules} }}"), &Settings::default());
        let ItemKind::Macro { definition, .. } = &file.items[0].kind else { panic!("a macro") };
        let rules = rules::read(definition).expect("rules");
        apply(&rules, &tokens, Edition::E2021, "$crate", &mut Steps::default())
            .map(|(tokens, _)| text(&tokens))
    };
    assert_eq!(source("(A) => { word }; ($t:ty) => { ty $t }", "ty").as_deref(), Some("ty ‹A›"));
    assert_eq!(source("($e:expr) => { expr }; ($t:ty) => { ty }", "ty").as_deref(), Some("ty"));
    assert_eq!(source("($i:ident) => { ident }; ($t:tt) => { tt $t }", "ty").as_deref(), Some("tt ‹A›"));
    assert_eq!(source("($t:ty) => { ty }; ($e:expr) => { expr $e }", "expr").as_deref(), Some("expr ‹A›"));
}

#[test]
fn editions_decide_what_begins_an_expression_and_a_pattern() {
    let source = "macro_rules! m { ($p:pat | $q:pat) => { two }; ($p:pat) => { one } }\nm! { A | B }";
    assert_eq!(expand_in(Edition::E2018, source).as_deref(), Some("two"));
    let source = "macro_rules! m { ($e:expr) => { expr }; (_) => { underscore } }\nm! { _ }";
    assert_eq!(expand_in(Edition::E2021, source).as_deref(), Some("underscore"));
    assert_eq!(expand_in(Edition::E2024, source).as_deref(), Some("expr"));
}

#[test]
fn the_defining_crate_is_named() {
    gives("($t:ty) => { impl $crate::T for $t {} }", "A", "impl $crate :: T for ‹A› {}");
}

#[test]
fn calls_in_a_macro_may_be_those_of_its_crate() {
    let source = |rules: &str, call: &str| {
        expand_in(
            Edition::E2021,
            &format!("#[macro_export(local_inner_macros)] macro_rules! m {{ {rules} }}\nm! {{ {call} }}"),
        )
    };
    let given = source("($n:ident $($x:expr),*) => { f($(one!($x) + a::two!()),*) - $n!() }", "g 1, 2");
    let expected =
        "f ($crate :: one ! (‹1›) + a :: two ! () , $crate :: one ! (‹2›) + a :: two ! ()) - g ! ()";
    assert_eq!(given.as_deref(), Some(expected));
    assert_eq!(source("($x:expr) => { f!(x, $x) }", "g!()").as_deref(), Some("$crate :: f ! (x , ‹g ! ()›)"));
    // `f` may compare the tokens.
    assert_eq!(source("() => { f!(x!()) }", ""), None);
}

#[test]
fn each_step_marks_its_own_words() {
    let marked = |rules: &str, call: &str, steps: &mut Steps| {
        let file = lower(&format!("macro_rules! m {{ {rules} }}\nm! {{ {call} }}"), &Settings::default());
        let ItemKind::Macro { definition, .. } = &file.items[0].kind else { panic!("a macro") };
        let ItemKind::MacroCall { call, .. } = &file.items[1].kind else { panic!("a call") };
        let rules = rules::read(definition).expect("rules");
        apply(&rules, &call.tokens, Edition::E2021, "$crate", steps).expect("an expansion")
    };
    let steps_of = |tokens: &[Token]| {
        let step = |token: &Token| match token {
            Token::Ident(_, step) | Token::Literal(_, step) => Some(*step),
            Token::Punct(..) | Token::Group(..) => None,
        };
        tokens.iter().filter_map(step).collect::<Vec<_>>()
    };
    let mut steps = Steps::default();
    let (tokens, own) = marked("($x:ident) => { let x = $x; }", "x", &mut steps);
    assert_eq!((own, steps_of(&tokens)), (1, vec![1, 1, 0]));
    let (tokens, own) = marked("($x:ident) => { x $x }", "x", &mut steps);
    assert_eq!((own, steps_of(&tokens)), (2, vec![2, 0]));
}

#[test]
fn the_place_of_the_call_stands_where_it_is_asked_for() {
    let written = |call: &str| {
        let file = lower(&format!("m! {{ {call} }}"), &Settings::default());
        let ItemKind::MacroCall { call, .. } = &file.items[0].kind else { panic!("a call") };
        super::with_place(call.tokens.clone(), 7, 3).map(|tokens| text(&tokens))
    };
    assert_eq!(written("f(line!(), column! {}) + line").as_deref(), Some("f (7u32 , 3u32) + line"));
    assert_eq!(written("line != 3 && !line").as_deref(), Some("line != 3 && ! line"));
    assert_eq!(written("line!(x)"), None);
}

#[test]
fn an_iterator_wrapper_like_those_of_real_crates() {
    let rules = "(impl () for struct $n: ident <$($p:tt),*> where { $($b: tt)* } item: $item: ty, iter: $iter: ty, ) => ();
        (impl (Iterator $($rest:tt)*) for $(#[$d:meta])* struct $n: ident <$($p:tt),*> where { $($b: tt)* } item: $item: ty, iter: $iter: ty, ) => (
            $(#[$d])* pub struct $n <$($p),*> where $($b)* { iter: $iter }
            m!(impl ($($rest)*) for struct $n <$($p),*> where { $($b)* } item: $item, iter: $iter,);
        );";
    let call = "impl (Iterator) for /// Docs.\n #[derive(Debug, Clone)] struct A<'a, E, Ix> where { Ix: T } item: B<Ix>, iter: core::iter::Map<X<'a>, fn(&E) -> B<Ix>>,";
    assert!(expand(rules, call).is_some());
}
