//! W3 and W4: hashing 100 MB arguments against blake3 of as many bytes, and hits on 100 MB results against
//! `fs::read`; and what a small hit costs each of 8 threads at once. Prints CPU medians of interleaved rounds, and
//! ratios of them: on a busy machine wall times say little.
//!
//! Linux alone says how long a thread was on a processor. `MEGABYTES` and `ROUNDS` make it shorter,
//! `ONLY` takes the cases with this in their name.

mod floor;

use checkpointing::__macro::hash_value;
use checkpointing::{Config, Table, TableRef, call, configure};
use serde::ser::SerializeSeq;
use serde::{Deserialize, Serialize, Serializer};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::thread;

static TABLE: Table = floor::table(rows!(
    "ratios::floats",
    "ratios::pairs",
    "ratios::points",
    "ratios::rows",
    "ratios::columns",
    "ratios::words",
    "ratios::small"
));

fn table() -> TableRef {
    floor::table_ref(&TABLE)
}

fn given(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn length() -> usize {
    given("MEGABYTES", 100) * 1_000_000 / 8
}

/// Seconds that this thread was on a processor.
fn cpu() -> f64 {
    // Linux adds up at each tick, and when a thread gives way.
    thread::yield_now();
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("this is Linux");
    text.split(' ').next().and_then(|nanos| nanos.parse::<f64>().ok()).unwrap() / 1e9
}

/// Measures something whose result is dropped after the clock was looked at.
fn timed<T>(run: impl FnOnce() -> T) -> f64 {
    let start = cpu();
    let result = black_box(run());
    let taken = cpu() - start;
    drop(result);
    taken
}

/// A case, and its CPU time in each round.
struct Case {
    name: &'static str,
    run: Box<dyn Fn() -> f64>,
    times: Vec<f64>,
}

/// A case that measures what an expression gives.
macro_rules! case {
    ($name:literal, $run:expr) => {
        Case { name: $name, run: Box::new(move || timed(|| $run)), times: Vec::new() }
    };
}

/// A case that hashes a value.
macro_rules! hashed {
    ($name:literal, $value:expr) => {{
        let value = $value;
        case!($name, hash_value(black_box(&value)))
    }};
}

/// A case that copies a value that was made before.
macro_rules! made {
    ($name:literal, $value:expr) => {
        Case {
            name: $name,
            run: Box::new(move || {
                let value = $value;
                timed(|| black_box(&value).clone())
            }),
            times: Vec::new(),
        }
    };
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Measures each case in rounds, the first before every other, and prints their ratios to it.
fn ratios(mut cases: Vec<Case>) {
    let only = std::env::var("ONLY").unwrap_or_default();
    let mut floor = cases.remove(0);
    cases.retain(|case| case.name.contains(&only));
    if cases.is_empty() {
        return;
    }
    for _ in 0..given("ROUNDS", 7) {
        for case in &mut cases {
            floor.times.push((floor.run)());
            case.times.push((case.run)());
        }
    }
    let base = median(&mut floor.times);
    println!("{}: {:.1} ms", floor.name, base * 1e3);
    for case in &mut cases {
        println!("  {:24}{:.2}", case.name, median(&mut case.times) / base);
    }
}

#[derive(Serialize, Deserialize)]
struct Point {
    x: f64,
    y: f64,
}

#[derive(Serialize, Deserialize)]
struct Columns {
    xs: Vec<f64>,
    ys: Vec<f64>,
}

/// As ndarray does: one element after the other, with nothing said of them.
struct OneByOne(Vec<f64>);

impl Serialize for OneByOne {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut elements = serializer.serialize_seq(Some(self.0.len()))?;
        self.0.iter().try_for_each(|value| elements.serialize_element(value))?;
        elements.end()
    }
}

fn floats(_: u8) -> Vec<f64> {
    (0..length() as u32).map(|n| f64::from(n) * 0.5).collect()
}

fn pairs(_: u8) -> Vec<(f64, f64)> {
    floats(0).chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
}

fn points(_: u8) -> Vec<Point> {
    floats(0).chunks_exact(2).map(|pair| Point { x: pair[0], y: pair[1] }).collect()
}

fn rows_of(count: usize) -> Vec<Vec<f64>> {
    floats(0).chunks(count).map(<[f64]>::to_vec).collect()
}

fn rows(_: u8) -> Vec<Vec<f64>> {
    rows_of(100)
}

fn columns(_: u8) -> Columns {
    let xs = floats(0).split_off(length() / 2);
    Columns { ys: xs.clone(), xs }
}

fn words_of(bytes: usize) -> Vec<String> {
    (0..length() * 8 / bytes).map(|n| format!("{n:0>bytes$}")).collect()
}

fn words(_: u8) -> Vec<String> {
    words_of(64)
}

/// Texts of 1 to 20 bytes.
fn short_words() -> Vec<String> {
    let lengths = (0..length() as u64 * 8 / 10).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32);
    lengths.map(|length| "w".repeat(1 + length as usize % 20)).collect()
}

fn hashing() {
    let bytes: Vec<u8> = floats(0).iter().flat_map(|value| value.to_le_bytes()).collect();
    let numbered = || floats(0).into_iter().take(length() / 2).enumerate();
    ratios(vec![
        case!("blake3", blake3::hash(black_box(&bytes))),
        hashed!("slice of f64", floats(0)),
        hashed!("text", "x".repeat(length() * 8)),
        hashed!("VecDeque", floats(0).into_iter().collect::<VecDeque<_>>()),
        hashed!("structs of vectors", columns(0)),
        hashed!("rows of 100", rows_of(100)),
        hashed!("rows of 10", rows_of(10)),
        hashed!("one by one", OneByOne(floats(0))),
        hashed!("pairs", pairs(0)),
        hashed!("structs of two", points(0)),
        hashed!("texts of 64 bytes", words_of(64)),
        hashed!("texts of 8 bytes", words_of(8)),
        hashed!("texts of 1 to 20 bytes", short_words()),
        hashed!("options, all there", floats(0).into_iter().map(Some).collect::<Vec<_>>()),
        hashed!(
            "options, 5 of 6 there",
            floats(0).into_iter().map(|x| (x % 3.0 != 0.0).then_some(x)).collect::<Vec<_>>()
        ),
        hashed!("BTreeMap", numbered().collect::<BTreeMap<_, _>>()),
        hashed!("HashMap", numbered().collect::<HashMap<_, _>>()),
    ]);
}

/// The hits, each in a process of its own, so that the memory for a result is as fresh as it is in a program.
fn hits(folder: &Path) -> Vec<Case> {
    let path = folder.join("file");
    vec![
        case!("fs::read", std::fs::read(black_box(&path)).unwrap()),
        case!("Vec<f64>", call(table(), floats, (1_u8,))),
        case!("pairs", call(table(), pairs, (1_u8,))),
        // What any way to make such a result costs: a copy of one that is there, into fresh memory.
        made!("pairs, copied", pairs(1)),
        made!("rows of 100, copied", rows(1)),
        made!("texts, copied", words(1)),
        case!("structs of two", call(table(), points, (1_u8,))),
        case!("rows of 100", call(table(), rows, (1_u8,))),
        case!("structs of vectors", call(table(), columns, (1_u8,))),
        case!("texts of 64 bytes", call(table(), words, (1_u8,))),
    ]
}

fn small(key: u64) -> u64 {
    key
}

/// Microseconds of a processor that a small hit takes in each of so many threads, by one key or by one each.
fn small_hits(threads: u64, same_key: bool) -> f64 {
    const HITS: u32 = 50_000;
    let hits = |key: u64| {
        call(table(), small, (key,));
        timed(|| (0..HITS).for_each(|_| _ = black_box(call(table(), small, (black_box(key),))))) * 1e6
            / f64::from(HITS)
    };
    let key = |thread| if same_key { 0 } else { thread };
    let mut times: Vec<f64> = thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|thread| scope.spawn(move || hits(key(thread)))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    median(&mut times)
}

fn hit(folder: &Path, name: &str) -> f64 {
    let output = Command::new(std::env::current_exe().unwrap())
        .env("HIT", name)
        .env("FOLDER", folder)
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).trim().parse().expect("the process printed its time")
}

fn main() {
    if let (Ok(name), Some(folder)) = (std::env::var("HIT"), std::env::var_os("FOLDER")) {
        configure(Config::new().directory(&folder).memory(0).cost_warning(false)).unwrap();
        let cases = hits(Path::new(&folder));
        println!("{}", (cases.iter().find(|case| case.name == name).unwrap().run)());
        return;
    }
    if let (Ok(bytes), Some(folder)) = (std::env::var("MEMORY"), std::env::var_os("FOLDER")) {
        configure(Config::new().directory(&folder).memory(bytes.parse().unwrap()).cost_warning(false))
            .unwrap();
        for (threads, same_key) in [(1, true), (8, true), (8, false)] {
            let mut rounds: Vec<_> = (0..given("ROUNDS", 7)).map(|_| small_hits(threads, same_key)).collect();
            let keys = if same_key { "one key" } else { "a key each" };
            println!("  {threads} threads, {keys:12}{:.2} us", median(&mut rounds));
        }
        return;
    }
    let folder = floor::folder();
    for (store, bytes) in [("memory", "1000000"), ("directory", "0")] {
        println!("small hits from {store}");
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.env("MEMORY", bytes).env("FOLDER", folder.path().join(store)).status().unwrap();
    }
    hashing();
    std::fs::write(folder.path().join("file"), vec![7; length() * 8]).unwrap();
    let apart = hits(folder.path()).into_iter().map(|Case { name, .. }| {
        let path = folder.path().to_owned();
        // The first one stores the result.
        hit(&path, name);
        Case { name, run: Box::new(move || hit(&path, name)), times: Vec::new() }
    });
    ratios(apart.collect());
}
