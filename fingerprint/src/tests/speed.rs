//! Measures the stages, over a package of 10,000 functions in 100,000 lines, 1,000 of them marked, and over
//! packages that are in cargo's cache:
//! `cargo test --release -p checkpointing-fingerprint --lib speed -- --ignored --nocapture --test-threads 1`.
//! `SPEED_CRATES` names others, by name or by folder.

use super::{Place, unpacked};
use crate::close::{Closure, Jobs, Root, Web};
use crate::emit::Config;
use crate::facts::Facts;
use crate::hash::{Hasher, Numbers};
use crate::ir::{ItemKind, World};
use crate::link::{ItemId, Program};
use crate::lower::{Settings, lower, with_big_stack};
use crate::marks;
use crate::pass::Pass;
use crate::project::{Project, Request};
use crate::walk::{LoweredCache, settings};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
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

/// How long something took: on the clock, and of all cores together.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Took {
    cpu: Duration,
    clock: Duration,
}

impl Took {
    fn less(self, other: Took) -> Took {
        Took { clock: self.clock.saturating_sub(other.clock), cpu: self.cpu.saturating_sub(other.cpu) }
    }

    fn and(self, other: Took) -> Took {
        Took { clock: self.clock + other.clock, cpu: self.cpu + other.cpu }
    }
}

impl std::fmt::Display for Took {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.2?} (CPU {:.2?})", self.clock, self.cpu)
    }
}

fn timed<T>(run: impl FnOnce() -> T) -> (T, Took) {
    let (start, before) = (Instant::now(), cpu());
    let result = run();
    (result, Took { clock: start.elapsed(), cpu: cpu().saturating_sub(before) })
}

/// Of this process so far, to 10 ms. Other processes on the machine do not show in it.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    let ticks: u64 = fields.filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

/// Of this thread so far.
fn cpu_of_thread() -> Duration {
    let times = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(times.split(' ').next().and_then(|time| time.parse().ok()).unwrap_or_default())
}

/// Times of the stages behind lowering, for these functions.
fn stages(program: &Program<'_>, scopes: Took, roots: &[ItemId]) {
    let facts = Facts::new(program);
    let (web, weave) = timed(|| Web::new(&facts, roots));
    let (hasher, nodes) = timed(|| Hasher::new(&facts, &web));
    let jobs: Vec<_> = roots.iter().map(|&id| vec![Root::Function(id, World::NotTest)]).collect();
    let jobs = Jobs::new(program, &jobs);
    let count = |(): &mut (), closures: Vec<Closure>| closures[0].reached.len();
    let (reached, close) = timed(|| web.each(&jobs, count));
    let fingerprint =
        |numbers: &mut Numbers, closures: Vec<Closure>| hasher.fingerprint(&closures[0], numbers);
    let (_, both) = timed(|| web.each(&jobs, fingerprint));
    println!(
        "  {} functions reach {} nodes: link {}, hash nodes {nodes}, close {close}, hash {}; together {}",
        roots.len(),
        reached.iter().sum::<usize>(),
        scopes.and(weave),
        both.less(close),
        scopes.and(weave).and(nodes).and(both),
    );
}

/// The bare parser over the same texts, on one thread, against reading them as the pass does.
fn against_syn(texts: &[(String, Settings)]) -> String {
    let lines: usize = texts.iter().map(|(text, _)| text.lines().count()).sum();
    let parse = || {
        for (text, _) in texts {
            drop(std::hint::black_box(syn::parse_file(text)));
            proc_macro2::extra::invalidate_current_thread_spans();
        }
    };
    let read = || {
        for (text, settings) in texts {
            drop(std::hint::black_box(lower(text, settings)));
        }
    };
    // The best of three.
    let once = |run: &dyn Fn()| {
        let before = cpu_of_thread();
        run();
        cpu_of_thread().saturating_sub(before)
    };
    let best = |run: &dyn Fn()| (0..3).map(|_| once(run)).min().unwrap_or_default();
    let (parse, read) = (best(&parse), best(&read));
    format!(
        "{lines} lines, CPU of one thread: syn alone {parse:.1?}, lower {read:.1?}, {:.0} % of its speed",
        100.0 * parse.as_secs_f64() / read.as_secs_f64()
    )
}

#[test]
#[ignore = "measures; run it in release"]
fn speed() {
    let place = package();
    place.settle();
    let texts: Vec<_> = (0..MODULES).map(|number| (module(number), Settings::default())).collect();
    with_big_stack(|| println!("{}", against_syn(&texts)));
    for round in 0..3 {
        with_big_stack(|| {
            let request = place.request();
            let (_, metadata) = timed(|| Project::load(&request).expect("a project"));
            let (pass, load) = timed(|| Pass::load(&request, |_| LoweredCache::none()).expect("a pass"));
            println!("round {round}: metadata {metadata}, lower {}", load.less(metadata));
            let (program, scopes) = timed(|| pass.link());
            let marked: Vec<ItemId> = marks::marked(&program).iter().map(|root| root.id).collect();
            stages(&program, scopes, &marked);
        });
        let _ = std::fs::remove_dir_all(place.out());
        std::fs::create_dir_all(place.out()).expect("a folder");
        let (_, cold) = timed(|| place.emit_with(&Config::new()));
        if round == 0 {
            // A pass leaves its memory to the end of the process.
            println!("  {}", peak());
        }
        let (_, warm) = timed(|| place.emit_with(&Config::new()));
        // The functions of one module, most of the marked ones reach it.
        let mut edited: Vec<Took> = (0..9)
            .map(|edit| {
                place.write("src/m7.rs", &module(7).replace("sum > 1.0", &format!("sum > {round}.{edit}")));
                let (lines, took) = timed(|| place.emit_with(&Config::new()));
                assert!(lines[0].contains(" 1 of "), "{}", lines[0]);
                took
            })
            .collect();
        edited.sort_unstable_by_key(|took| took.clock);
        println!("  the pass, whole: cold {cold}, warm {warm}, functions of one file edited {}", edited[4]);
    }
}

#[test]
#[ignore = "measures; run it in release"]
fn crates() {
    let names =
        std::env::var("SPEED_CRATES").unwrap_or_else(|_| "regex-automata syn nalgebra rustix".to_owned());
    for name in names.split_whitespace() {
        match unpacked(name) {
            Some(folder) => with_big_stack(|| measure(&folder)),
            None => println!("{name}: not in cargo's cache"),
        }
    }
}

fn measure(folder: &Path) {
    // From here on.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    let out = tempfile::tempdir().expect("a folder to write to");
    let request = Request::from_manifest(&folder.join("Cargo.toml"), Vec::new(), None).expect("a manifest");
    let load = || Pass::load(&request, |_| LoweredCache::open(out.path())).expect("a pass");
    let (_, metadata) = timed(|| Project::load(&request).expect("a project"));
    let (pass, cold) = timed(load);
    let (_, warm) = timed(load);
    let (program, scopes) = timed(|| pass.link());
    println!(
        "{}: read, lower and expand: cold {}, warm {}",
        folder.file_name().unwrap_or_default().display(),
        cold.less(metadata),
        warm.less(metadata)
    );
    let functions: Vec<ItemId> = program
        .item_ids()
        .filter(|&id| {
            let is_code =
                matches!(&program.item(id).kind, ItemKind::Fn(function) if function.block.is_some());
            is_code && program.package_of(id) == 0 && program.entry(id).exists_in(World::NotTest)
        })
        .collect();
    let step = functions.len().div_ceil(1000).max(1);
    stages(&program, scopes, &functions.iter().copied().step_by(step).collect::<Vec<_>>());
    println!("  {}", peak());
    let read: BTreeMap<&Path, usize> = pass.sources.files[..pass.sources.read]
        .iter()
        .map(|file| (file.path.as_path(), file.package))
        .collect();
    let texts: Vec<(String, Settings)> = read
        .into_iter()
        .filter_map(|(path, package)| {
            let edition = &pass.project.packages[package].targets.first()?.edition;
            let settings = settings(&pass.project, package, edition, BTreeSet::new());
            Some((std::fs::read_to_string(path).ok()?, Settings::clone(&settings)))
        })
        .collect();
    println!("  {}", against_syn(&texts));
}

/// The most memory that the process had.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.map_or_else(String::new, |peak| format!("most memory: {}", peak.trim()))
}
