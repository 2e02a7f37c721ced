//! W4: a hit on a result of 100 MB. W5: a miss, small and large.

mod floor;

use checkpointing::{Config, Directory, Table, TableRef, call, configure};
use divan::{Bencher, black_box};
use floor::Floor;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

static TABLE: Table = floor::table(rows!(
    "large::floats",
    "large::pairs",
    "large::points",
    "large::rows_of_100",
    "large::words",
    "large::small",
    "large::copied"
));

const LENGTH: usize = 100_000_000 / 8;

static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(floor::folder);
static FLOOR: LazyLock<Floor> = LazyLock::new(|| Floor::new(&FOLDER.path().join("floor")));

fn own() -> PathBuf {
    FOLDER.path().join("own")
}

fn table() -> TableRef {
    floor::table_ref(&TABLE)
}

fn main() {
    configure(Config::new().directory(own()).memory(0).cost_warning(false)).unwrap();
    divan::main();
    std::fs::remove_dir_all(FOLDER.path()).unwrap();
}

fn floats(_: u8) -> Vec<f64> {
    (0..LENGTH as u32).map(|n| f64::from(n) * 0.5).collect()
}

fn pairs(_: u8) -> Vec<(f64, f64)> {
    floats(0).chunks(2).map(|pair| (pair[0], pair[1])).collect()
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Point {
    x: f64,
    y: f64,
}

fn points(_: u8) -> Vec<Point> {
    floats(0).chunks(2).map(|pair| Point { x: pair[0], y: pair[1] }).collect()
}

fn rows_of_100(_: u8) -> Vec<Vec<f64>> {
    floats(0).chunks(100).map(<[f64]>::to_vec).collect()
}

fn words(_: u8) -> Vec<String> {
    (0..LENGTH / 8).map(|n| format!("{n:0>64}")).collect()
}

macro_rules! hits {
    ($($bench:ident $function:ident $argument:literal;)*) => {$(
        #[divan::bench(sample_count = 10)]
        fn $bench(bencher: Bencher) {
            call(table(), $function, ($argument,));
            bencher.bench(|| call(table(), $function, (black_box($argument),)));
        }
    )*};
}

hits! {
    w4_hit_floats floats 1_u8;
    w4_hit_pairs pairs 1_u8;
    w4_hit_points points 1_u8;
    w4_hit_rows rows_of_100 1_u8;
    w4_hit_words words 1_u8;
}

#[divan::bench(sample_count = 10)]
fn w4_floor_fs_read(bencher: Bencher) {
    let path = FOLDER.path().join("file");
    std::fs::write(&path, vec![7; LENGTH * 8]).unwrap();
    bencher.bench(|| std::fs::read(black_box(&path)).unwrap());
}

fn small(a: i64, b: i64) -> i64 {
    a.wrapping_mul(1_000_003).wrapping_add(b)
}

static NEXT: AtomicI64 = AtomicI64::new(0);

#[divan::bench(sample_count = 1000)]
fn w5_small_miss(bencher: Bencher) {
    bencher.with_inputs(|| NEXT.fetch_add(1, Relaxed)).bench_values(|key| call(table(), small, (key, 1)));
}

#[divan::bench(sample_count = 1000)]
fn w5_small_miss_floor(bencher: Bencher) {
    bencher.with_inputs(|| NEXT.fetch_add(1, Relaxed)).bench_values(|key| FLOOR.put(key, 1, small(key, 1)));
}

static VALUES: LazyLock<Vec<f64>> = LazyLock::new(|| floats(0));

/// Costs a copy, with which the floor begins, too.
fn copied(_: u8) -> Vec<f64> {
    VALUES.clone()
}

#[divan::bench(sample_count = 10)]
fn w5_large_miss(bencher: Bencher) {
    let store = Directory::new(own());
    bencher
        .with_inputs(|| {
            LazyLock::force(&VALUES);
            store.clear().unwrap();
        })
        .bench_values(|()| call(table(), copied, (2_u8,)));
}

#[divan::bench(sample_count = 10)]
fn w5_large_miss_floor(bencher: Bencher) {
    bencher
        .with_inputs(|| {
            LazyLock::force(&VALUES);
            let _ = std::fs::remove_file(FLOOR.path(&[1]));
        })
        .bench_values(|()| {
            let values = copied(2);
            FLOOR.write(&[1], bytemuck::cast_slice(&values));
            values
        });
}
