//! W3: hashing a large argument against blake3 over the same bytes.

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
fn rows_of_10(bencher: Bencher) {
    let rows: Vec<Vec<f64>> = floats().chunks(10).map(<[f64]>::to_vec).collect();
    bencher.counter(BytesCount::new(LENGTH * 8)).bench(|| hash_value(black_box(&rows)));
}

#[divan::bench(sample_count = 10)]
fn deque(bencher: Bencher) {
    let values: std::collections::VecDeque<f64> = floats().into();
    bencher.counter(BytesCount::new(LENGTH * 8)).bench(|| hash_value(black_box(&values)));
}

#[divan::bench(sample_count = 10)]
fn pairs(bencher: Bencher) {
    let pairs: Vec<(f64, f64)> = floats().chunks(2).map(|pair| (pair[0], pair[1])).collect();
    bencher.counter(BytesCount::new(LENGTH * 8)).bench(|| hash_value(black_box(&pairs)));
}

#[derive(serde::Serialize)]
struct Point {
    x: f64,
    y: f64,
}

#[divan::bench(sample_count = 10)]
fn points(bencher: Bencher) {
    let points: Vec<Point> = floats().chunks(2).map(|pair| Point { x: pair[0], y: pair[1] }).collect();
    bencher.counter(BytesCount::new(LENGTH * 8)).bench(|| hash_value(black_box(&points)));
}

#[divan::bench(sample_count = 10)]
fn triples(bencher: Bencher) {
    let triples: Vec<[f64; 3]> = floats().chunks_exact(3).map(|c| [c[0], c[1], c[2]]).collect();
    bencher.counter(BytesCount::new(LENGTH * 8)).bench(|| hash_value(black_box(&triples)));
}

/// As ndarray does: one element after the other, with nothing said of them.
struct OneByOne(Vec<f64>);

impl serde::Serialize for OneByOne {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeSeq;
        let mut elements = serializer.serialize_seq(Some(self.0.len()))?;
        for value in &self.0 {
            elements.serialize_element(&value)?;
        }
        elements.end()
    }
}

#[divan::bench(sample_count = 10)]
fn one_by_one(bencher: Bencher) {
    let values = OneByOne(floats());
    bencher.counter(BytesCount::new(LENGTH * 8)).bench(|| hash_value(black_box(&values)));
}

#[divan::bench(sample_count = 10)]
fn options(bencher: Bencher) {
    let values: Vec<Option<f64>> = floats().into_iter().map(|x| (x % 3.0 != 0.0).then_some(x)).collect();
    bencher.counter(BytesCount::new(LENGTH * 8)).bench(|| hash_value(black_box(&values)));
}

#[divan::bench(sample_count = 10)]
fn words(bencher: Bencher) {
    let values: Vec<String> = (0..LENGTH / 8).map(|n| format!("{n:0>64}")).collect();
    bencher.counter(BytesCount::new(LENGTH * 8)).bench(|| hash_value(black_box(&values)));
}

#[divan::bench(sample_count = 10)]
fn btree_map(bencher: Bencher) {
    let values: std::collections::BTreeMap<u64, f64> =
        (0..LENGTH as u32 / 2).map(|n| (u64::from(n), f64::from(n))).collect();
    bencher.counter(BytesCount::new(LENGTH * 8)).bench(|| hash_value(black_box(&values)));
}
