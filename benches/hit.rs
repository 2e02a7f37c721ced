//! W1: a hit on a small result, from memory and from the directory. W2: a process that starts, hits once and
//! ends. W6: a hit among many results (100,000, or `ENTRIES`).

mod floor;

use checkpointing::__macro::{Mode, Options, Site, ViaPlain, declared2, kept};
use checkpointing::{Config, Memory, Table, TableRef, call, configure};
use divan::{Bencher, black_box};
use floor::Floor;
use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

static TABLE: Table = floor::table(rows!("hit::calc"));

fn calc(a: i64, b: i64) -> i64 {
    a.wrapping_mul(1_000_003).wrapping_add(b)
}

fn table() -> TableRef {
    floor::table_ref(&TABLE)
}

static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| std::env::var_os("FOLDER").unwrap().into());
static FLOOR: LazyLock<Floor> = LazyLock::new(|| Floor::new(&FOLDER.join("floor")));

fn main() {
    if std::env::var_os("FOLDER").is_none() {
        let folder = floor::folder();
        // Started again, so that the processes of W2 inherit the folder.
        let status = Command::new(std::env::current_exe().unwrap())
            .args(std::env::args_os().skip(1))
            .env("FOLDER", folder.path())
            .status();
        assert!(status.unwrap().success());
        return;
    }
    configure(Config::new().directory(FOLDER.join("own")).memory(0).cost_warning(false)).unwrap();
    match std::env::var("ONCE").as_deref() {
        Ok("own") => _ = black_box(call(table(), calc, (1, 2))),
        Ok("floor") => _ = black_box(FLOOR.get(1, 2).unwrap()),
        Ok(_) => {}
        Err(_) => {
            call(table(), calc, (1, 2));
            FLOOR.put(1, 2, calc(1, 2));
            divan::main();
        }
    }
}

#[divan::bench(threads = [1, 2, 8], sample_size = 100)]
fn w1_hit(bencher: Bencher) {
    bencher.bench(|| call(table(), calc, (black_box(1), black_box(2))));
}

#[divan::bench(threads = [1, 2, 8], sample_size = 100)]
fn w1_hit_floor(bencher: Bencher) {
    bencher.bench(|| FLOOR.get(black_box(1), black_box(2)).unwrap());
}

fn in_memory(a: i64, b: i64) -> i64 {
    static MEMORY: LazyLock<Memory> = LazyLock::new(|| Memory::new(64 << 20));
    let (given, probe) = declared2(&calc).given(a, b);
    Site::new(table(), std::any::type_name_of_val(&calc), Mode::Cached)
        .options(Options { store: Some(&*MEMORY), ..Options::NONE })
        .call(kept(ViaPlain::outcome(&probe)), calc, given)
}

#[divan::bench(threads = [1, 2, 8], sample_size = 100)]
fn w1_hit_in_memory_same_key(bencher: Bencher) {
    in_memory(1, 2);
    bencher.bench(|| in_memory(black_box(1), black_box(2)));
}

#[divan::bench(threads = [1, 2, 8], sample_size = 100)]
fn w1_hit_in_memory_other_keys(bencher: Bencher) {
    static NEXT: AtomicI64 = AtomicI64::new(0);
    thread_local! {
        static KEY: i64 = NEXT.fetch_add(1, Relaxed);
    }
    bencher.bench(|| in_memory(black_box(KEY.with(|key| *key)), black_box(7)));
}

fn once(which: &str) {
    let status = Command::new(std::env::current_exe().unwrap()).env("ONCE", which).status().unwrap();
    assert!(status.success());
}

#[divan::bench(args = ["empty", "floor", "own"], sample_count = 200)]
fn w2_process(bencher: Bencher, which: &str) {
    bencher.bench(|| once(which));
}

/// How many results there are.
static ENTRIES: LazyLock<i64> =
    LazyLock::new(|| std::env::var("ENTRIES").ok().and_then(|text| text.parse().ok()).unwrap_or(100_000));

fn key(count: i64) -> (i64, i64) {
    let key = 7919 * count % *ENTRIES;
    (key, 7 * key + 1)
}

#[divan::bench(sample_count = 2000)]
fn w6_hit(bencher: Bencher) {
    static NEXT: AtomicI64 = AtomicI64::new(0);
    (0..*ENTRIES).for_each(|key| _ = call(table(), calc, (key, 7 * key + 1)));
    bencher.bench(|| {
        let (a, b) = key(NEXT.fetch_add(1, Relaxed));
        call(table(), calc, (a, b))
    });
}

#[divan::bench(sample_count = 2000)]
fn w6_hit_floor(bencher: Bencher) {
    static NEXT: AtomicI64 = AtomicI64::new(0);
    (0..*ENTRIES).for_each(|key| FLOOR.put(key, 7 * key + 1, calc(key, 7 * key + 1)));
    bencher.bench(|| {
        let (a, b) = key(NEXT.fetch_add(1, Relaxed));
        FLOOR.get(a, b).unwrap()
    });
}
