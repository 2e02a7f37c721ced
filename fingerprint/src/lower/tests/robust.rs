//! Tests that no input makes lowering fail, that it is deterministic, and that hardly a token of real
//! code can change without changing what is written.

use super::{file, settings};
use crate::ir::{File, ItemKind};
use crate::lower::verbatim::Flat;
use crate::lower::{lower, with_big_stack};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Instant;

const SAMPLE: &str = r#"
#![allow(dead_code)]
use std::{fmt::{self, Display as _}, collections::*};
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "x")]
pub struct P<'a, T: 'a + Clone, const N: usize> where T: Display { #[serde(skip)] pub y: &'a [T; N], z: (u8, fn(u8) -> u8) }
pub(crate) enum E { A = 1, B(u8), C { d: Box<dyn Fn(&u8) -> u8 + 'static> } }
impl<'a, T: Clone, const N: usize> Iterator for P<'a, T, N> {
    type Item = T;
    fn next(&mut self) -> Option<Self::Item> { self.y.iter().next().map(|x| x.clone()) }
}
trait Q: Sized + fmt::Debug { const K: u8 = 3; type R<'b>: Clone where Self: 'b; fn s(&self, t: impl Into<u8>) -> u8 { t.into() + Self::K } }
#[doc = "checkpoint(ignore(b))"]
#[checkpoint(version = 2, extra = g(a))]
async unsafe extern "C" fn f<F>(a: u64, mut b: Vec<F>, P { y, .. }: P<'_, u8, 3>) -> Result<u64, String> where F: for<'x> Fn(&'x u8) {
    let (x @ 1..=9 | x) = a else { return Err(format!("{a:>w$} {{}} {b:?}", w = 3)) };
    'outer: for (i, v) in (0..x).enumerate() { if let Some(q) = g(i)? && q > 1 { break 'outer } else if v == 2 { continue } }
    match y { [first, .., last] if *first > 1 => {} E::C { d } => d(&1), K => {}, None => unreachable!(), _ => { m!(a, "{x}") } }
    #[cfg(test)] let z = async move { h().await };
    let w = unsafe { *(&raw const a) as u64 };
    macro_rules! inner { ($($t:tt)*) => { $crate::k::<$($t),*>() } }
    fn nested() {}
    Ok(vec![w; 2].len() as u64 + -1 * !b.0[1] << 3)
}
static mut COUNT: [u8; { 1 + 2 }] = [1, 2, 3];
extern "C" { fn c(x: i32, ...); static D: u8; }
thread_local! { static TL: u8 = const { 1 }; }
mod inner { include!(concat!(env!("OUT_DIR"), "/x.rs")); }
"#;

/// Numbers without order; the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound.max(1)
    }
}

fn bytes(file: &File) -> Vec<u8> {
    postcard::to_stdvec(file).unwrap()
}

#[test]
fn mutilated_code_is_lowered_all_the_same() {
    assert!(file(SAMPLE).notes.is_empty(), "{:?}", file(SAMPLE).notes);
    let flat = Flat::new(SAMPLE);
    let tokens: Vec<&str> = flat.text().split(' ').collect();
    let mut random = Random(1);
    let rounds = 800;
    let parsed = with_big_stack(|| {
        let mut parsed = 0;
        for _ in 0..rounds {
            let mut changed = tokens.clone();
            let (at, other) = (random.below(changed.len()), random.below(changed.len()));
            match random.below(12) {
                0 => drop(changed.remove(at)),
                1 => changed.insert(at, tokens[other]),
                2 => changed.swap(at, other),
                3 => changed.truncate(at.max(3)),
                // What is most likely to parse: a word for a word.
                _ => {
                    let word = |token: &str| token.starts_with(|c: char| c.is_alphanumeric());
                    if word(changed[at]) && word(tokens[other]) {
                        changed[at] = tokens[other];
                    }
                }
            }
            let source = changed.join(" ");
            let first = lower(&source, &settings());
            assert_eq!(bytes(&first), bytes(&lower(&source, &settings())), "{source}");
            parsed += usize::from(first.items.len() > 1);
        }
        parsed
    });
    assert!(parsed > rounds / 20, "{parsed} of {rounds} parsed");
}

#[test]
fn what_is_no_rust_is_one_opaque_item() {
    for source in
        ["fn f( {", "\"", "/* ", "\u{1}", "'", "r#\"", "fn f() { \u{0} }", "\u{2028}(", "b'", "@ ` \\"]
    {
        let file = file(source);
        assert!(matches!(file.items[0].kind, ItemKind::Opaque { .. }), "{source:?}");
        assert!(file.items[0].whole && file.notes.len() == 1, "{source:?}");
    }
    assert_ne!(
        bytes(&file("fn f( { 1 }")),
        bytes(&file("fn f( { 2 }")),
        "the tokens of what cannot be parsed count"
    );
    assert!(file("").items.is_empty());
    assert!(file("#!/usr/bin/env x\n\u{feff}").items.len() < 2);
}

#[test]
fn deep_nesting_does_not_overflow_the_stack() {
    let nest = |open: &str, close: &str, count: usize| {
        format!("fn f() {{ x = {} 1 {}; }}", open.repeat(count), close.repeat(count))
    };
    for count in [2_900, 11_000, 100_000] {
        for (open, close) in [
            ("(", ")"),
            ("[", "]"),
            ("{", "}"),
            ("- ", ""),
            ("1 + ", ""),
            ("", ".a"),
            ("", "?"),
            ("|| ", ""),
            ("if a {} else ", "{}"),
            ("x = ", ""),
            ("vec![", "]"),
            ("&", ""),
            ("return ", ""),
            ("A::<", ">"),
        ] {
            let source = nest(open, close, count);
            let file = file(&source);
            assert!(!file.items.is_empty(), "{open} {count}");
        }
    }
    assert!(
        !file(&format!("type A = {}u8{};", "B<u8, ".repeat(500_000), ">".repeat(500_000))).items.is_empty()
    );
    assert!(!file(&format!("use {}a{};", "a::{".repeat(500_000), "}".repeat(500_000))).items.is_empty());
}

/// Source files of some packages that were downloaded, where there are any.
fn registry(crates: Option<&[&str]>) -> Vec<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo")));
    let Some(home) = home else { return Vec::new() };
    let mut files: Vec<PathBuf> = walkdir::WalkDir::new(home.join("registry/src"))
        .into_iter()
        .filter_map(Result::ok)
        .map(walkdir::DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .filter(|path| {
            let text = path.to_string_lossy();
            crates.is_none_or(|crates| crates.iter().any(|name| text.contains(&format!("/{name}-"))))
        })
        .collect();
    files.sort();
    files
}

fn check(path: &PathBuf) -> bool {
    let Ok(source) = std::fs::read_to_string(path) else { return false };
    let lowered = lower(&source, &settings());
    assert_eq!(bytes(&lowered), bytes(&lower(&source, &settings())), "{}", path.display());
    let parses = syn::parse_file(&source).is_ok();
    let opaque = lowered.items.first().is_some_and(|item| matches!(item.kind, ItemKind::Opaque { .. }));
    assert!(parses || opaque, "{}", path.display());
    for item in &lowered.items {
        let holes = item.skeleton.text.matches(crate::ir::Skeleton::HOLE).count();
        let silent = item.skeleton.refs.len() - holes;
        assert!(silent <= usize::from(item.mark.is_some()), "{}", path.display());
        assert!(item.place.line >= item.place.start_line && item.place.line <= item.place.end_line);
    }
    parses
}

#[test]
fn real_code_is_lowered_without_notes() {
    let files = registry(Some(&["semver", "itoa", "walkdir", "anyhow"]));
    assert!(with_big_stack(|| files.iter().all(check)));
}

#[test]
#[ignore = "reads every package in the local registry"]
fn every_downloaded_package_is_lowered() {
    let files = registry(None);
    let parsed = with_big_stack(|| files.iter().filter(|path| check(path)).count());
    println!("{} files, {parsed} parsed", files.len());
}

#[test]
#[ignore = "measures; run it in release"]
fn speed_against_the_parser() {
    let sources: Vec<String> =
        registry(None).iter().filter_map(|path| std::fs::read_to_string(path).ok()).collect();
    let sources: Vec<&String> = sources.iter().filter(|source| syn::parse_file(source).is_ok()).collect();
    let settings = settings();
    with_big_stack(|| {
        for _ in 0..3 {
            let start = Instant::now();
            for source in &sources {
                let file = syn::parse_file(source);
                drop(std::hint::black_box(file));
                proc_macro2::extra::invalidate_current_thread_spans();
            }
            let parse = start.elapsed();
            let start = Instant::now();
            for source in &sources {
                drop(std::hint::black_box(lower(source, &settings)));
            }
            let all = start.elapsed();
            println!(
                "{} files: parse {parse:?}, parse and lower {all:?}: {:.2}",
                sources.len(),
                all.as_secs_f64() / parse.as_secs_f64()
            );
        }
    });
}

/// The file without what follows from where things stand.
fn without_places(mut file: File) -> Vec<u8> {
    for item in &mut file.items {
        item.place = crate::ir::Place::default();
        item.verbatim = crate::ir::Hash::default();
        item.skeleton.lines.clear();
    }
    bytes(&file)
}

/// Tokens that may change without a trace: commas at an end, lints, names that are numbered or not used.
#[test]
#[ignore = "lists tokens whose change leaves no trace, to be looked at"]
fn every_token_counts() {
    let mut seen = BTreeSet::new();
    let mut random = Random(7);
    let mut parsed = 0;
    with_big_stack(|| {
        for path in registry(None) {
            let Ok(source) = std::fs::read_to_string(&path) else { continue };
            if source.len() > 60_000 || syn::parse_file(&source).is_err() {
                continue;
            }
            // All variants are looked at.
            let mut settings = super::Settings::default();
            settings.cfg.unknown_features = source.split('"').map(str::to_owned).collect();
            let flat = Flat::new(&source);
            let is_doc = |token: &&str| token.starts_with("//") || token.starts_with("/*");
            let tokens: Vec<&str> = flat.tokens().filter(|token| !is_doc(token)).collect();
            let before = without_places(lower(&tokens.join("\n"), &settings));
            for _ in 0..60.min(tokens.len()) {
                let at = random.below(tokens.len());
                let other = match tokens[at] {
                    token if token.starts_with('"') => "\"other\"".to_owned(),
                    token if token.starts_with(|c: char| c.is_ascii_digit()) => "77".to_owned(),
                    token if token.starts_with(|c: char| c.is_alphabetic()) => {
                        ["other", "Self", "mut", "ref", "const", "unsafe", "async", ""][random.below(8)]
                            .to_owned()
                    }
                    _ => [
                        "+", "-", "*", "&", "&&", "..", "..=", "<", ">", "=", "!", "?", "::", "", ";", "|",
                        "->", ":", "'a",
                    ][random.below(19)]
                    .to_owned(),
                };
                let mut changed = tokens.clone();
                changed[at] = &other;
                let changed = changed.join("\n");
                if other == tokens[at] || syn::parse_file(&changed).is_err() {
                    continue;
                }
                parsed += 1;
                if without_places(lower(&changed, &settings)) == before {
                    let context = tokens[at.saturating_sub(8)..tokens.len().min(at + 9)].join(" ");
                    seen.insert(format!("{} -> {other}: {context}", tokens[at]));
                }
            }
        }
    });
    for line in &seen {
        println!("{line}");
    }
    println!("{parsed} changes that parse, {} without a trace", seen.len());
}
