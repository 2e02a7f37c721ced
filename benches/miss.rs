//! W5: a miss, small and large.

mod floor;

use checkpointing::{Config, Directory, Table, TableRef, call, configure};
use divan::Bencher;
use floor::Floor;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

static TABLE: Table = floor::table(rows!("miss::small", "miss::copied"));

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

fn floats() -> Vec<f64> {
    (0..LENGTH as u32).map(|n| f64::from(n) * 0.5).collect()
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

static VALUES: LazyLock<Vec<f64>> = LazyLock::new(floats);

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
