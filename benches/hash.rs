//! Measures hashing a large argument against blake3 over the same bytes. Run with `cargo bench`.

use checkpointing::__macro::hash_value;
use divan::counter::BytesCount;
use divan::{Bencher, black_box};

const LENGTH: usize = 100_000_000 / 8;

fn main() {
    divan::main();
}

fn floats() -> Vec<f64> {
    (0..LENGTH as u32).map(|n| f64::from(n) * 0.5).collect()
}

#[divan::bench(sample_count = 10)]
fn raw_blake3(bencher: Bencher) {
    let bytes: Vec<u8> = floats().iter().flat_map(|value| value.to_le_bytes()).collect();
    bencher.counter(BytesCount::new(bytes.len())).bench(|| blake3::hash(black_box(&bytes)));
}

#[divan::bench(sample_count = 10)]
fn slice_of_f64(bencher: Bencher) {
    let values = floats();
    bencher.counter(BytesCount::new(LENGTH * 8)).bench(|| hash_value(black_box(&values[..])));
}

#[divan::bench(sample_count = 10)]
fn slice_of_u8(bencher: Bencher) {
    let values = vec![7_u8; LENGTH * 8];
    bencher.counter(BytesCount::new(values.len())).bench(|| hash_value(black_box(&values[..])));
}

#[divan::bench(sample_count = 10)]
fn string(bencher: Bencher) {
    let text = "x".repeat(LENGTH * 8);
    bencher.counter(BytesCount::new(text.len())).bench(|| hash_value(black_box(&text)));
}

#[divan::bench(sample_count = 10)]
fn rows_of_100(bencher: Bencher) {
    let rows: Vec<Vec<f64>> = floats().chunks(100).map(<[f64]>::to_vec).collect();
    bencher.counter(BytesCount::new(LENGTH * 8)).bench(|| hash_value(black_box(&rows)));
}

#[divan::bench(sample_count = 10)]
fn pairs(bencher: Bencher) {
    let pairs: Vec<(f64, f64)> = floats().chunks(2).map(|pair| (pair[0], pair[1])).collect();
    bencher.counter(BytesCount::new(LENGTH * 8)).bench(|| hash_value(black_box(&pairs)));
}
