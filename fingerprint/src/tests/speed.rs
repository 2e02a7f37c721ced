//! Measures the stages over a package of 10,000 functions in 100,000 lines, 1,000 of them marked:
//! `cargo test --release -p checkpointing-fingerprint --lib speed -- --ignored --nocapture`.

use super::Place;
use crate::close::{Closure, Root, Web};
use crate::emit::Config;
use crate::hash::{Hasher, Numbers};
use crate::ir::World;
use crate::lower::with_big_stack;
use crate::marks;
use crate::pass::Pass;
use crate::project::Project;
use crate::walk::LoweredCache;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

const MODULES: usize = 200;
/// Of a module: functions, methods, and functions of an impl of a trait.
const FUNCTIONS: usize = 50;

/// A module whose functions use those of the module before, its type, and the standard library.
fn module(number: usize) -> String {
    let before = number.saturating_sub(1);
    let mut text = format!(
        "//! Module {number}.\nuse crate::m{before} as before;\nuse std::collections::BTreeMap;\nuse std::fmt;\n\n\
         /// What the module is about.\n#[derive(Clone, Debug, PartialEq)]\npub struct State{number} {{\n    \
         /// Values by name.\n    pub values: BTreeMap<String, Vec<f64>>,\n    pub scale: f64,\n}}\n\n\
         impl fmt::Display for State{number} {{\n    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {{\n        \
         write!(f, \"{{}} of {{}}\", self.scale, self.values.len())\n    }}\n}}\n\npub const LIMIT{number}: usize = {number};\n\n"
    );
    for index in 0..FUNCTIONS {
        let mark = if index % 10 == 0 { "/// checkpoint\n" } else { "" };
        let callee = index.checked_sub(7).map_or_else(
            || if number == 0 { String::from("x") } else { format!("before::work{index}(x, values)") },
            |other| format!("work{other}(x, values)"),
        );
        let _ = writeln!(
            text,
            "{mark}pub fn work{index}(x: f64, values: &[f64]) -> f64 {{\n    \
             let state = State{number} {{ values: BTreeMap::new(), scale: x }};\n    \
             let sum: f64 = values.iter().take(LIMIT{number}).map(|value| value * state.scale).sum();\n    \
             if sum > 1.0 && !values.is_empty() {{\n        {callee} + sum\n    }} else {{\n        \
             state.values.values().flatten().copied().fold(sum, f64::max)\n    }}\n}}\n"
        );
    }
    text
}

fn package() -> Place {
    let mut root = String::from("#![allow(dead_code)]\n");
    (0..MODULES).for_each(|number| _ = writeln!(root, "pub mod m{number};"));
    let place = Place::package(&[("src/lib.rs", &root)]);
    (0..MODULES).for_each(|number| place.write(&format!("src/m{number}.rs"), &module(number)));
    place
}

fn timed<T>(run: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = run();
    (result, start.elapsed())
}

#[test]
#[ignore = "measures; run it in release"]
fn speed() {
    let place = package();
    let sources: Vec<String> = (0..MODULES).map(module).collect();
    let lines: usize = sources.iter().map(|text| text.lines().count()).sum();
    let parse = timed(|| {
        for text in &sources {
            drop(std::hint::black_box(syn::parse_file(text)));
            proc_macro2::extra::invalidate_current_thread_spans();
        }
    });
    println!("{lines} lines: the bare parser, one thread {:.1?}", parse.1);
    for round in 0..3 {
        with_big_stack(|| {
            let request = place.request();
            let (_, metadata) = timed(|| Project::load(&request).expect("a project"));
            let (pass, load) = timed(|| Pass::load(&request, |_| LoweredCache::none()).expect("a pass"));
            let (program, link) = timed(|| pass.link());
            let marked = marks::marked(&program);
            let ids: Vec<_> = marked.iter().map(|root| root.id).collect();
            let (web, weave) = timed(|| Web::new(&program, &ids));
            let (hasher, nodes) = timed(|| Hasher::new(&program, &web));
            let jobs: Vec<_> = ids.iter().map(|&id| vec![Root::Function(id, World::NotTest)]).collect();
            let closures = |(): &mut (), closures: Vec<Closure>| closures[0].reached.len();
            let (reached, close) = timed(|| web.each(&program, &jobs, closures));
            let fingerprints =
                |numbers: &mut Numbers, closures: Vec<Closure>| hasher.fingerprint(&closures[0], numbers);
            let (_, both) = timed(|| web.each(&program, &jobs, fingerprints));
            let hash = both.saturating_sub(close);
            let reached: usize = reached.iter().sum();
            println!(
                "round {round}: metadata {metadata:.1?}, lower {:.1?}; {} roots, {reached} reached: scopes {link:.1?}, link {weave:.1?}, hash the nodes {nodes:.1?}, close {close:.1?}, hash {hash:.1?}",
                load.saturating_sub(metadata),
                marked.len(),
            );
        });
        let out = place.out().join("checkpoints.lowered.6");
        let _ = std::fs::remove_file(out);
        let (_, cold) = timed(|| place.emit_with(&Config::new()));
        let (_, warm) = timed(|| place.emit_with(&Config::new()));
        place.write("src/m7.rs", &format!("{}const ROUND: usize = {round};\n", module(7)));
        let (lines, edited) = timed(|| place.emit_with(&Config::new()));
        println!(
            "  the pass, whole: first {cold:.1?}, warm {warm:.1?}, one file edited {edited:.1?} ({})",
            lines[0]
        );
    }
}
