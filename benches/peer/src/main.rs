//! This library as a peer of others: the functions of the common harness, marked, with the default store.
//!
//! `MEMORY=0` leaves the directory alone, without the layer in memory.

use checkpointing::{Config, OnError, cached};
use harness::Peer;
use std::path::Path;

/// checkpoint
fn small(a: i64, b: i64) -> i64 {
    harness::compute_small(a, b)
}

/// checkpoint
fn big_arg(xs: &[f64]) -> f64 {
    harness::compute_big_arg(xs)
}

/// checkpoint
fn big_value(seed: u64) -> Vec<f64> {
    harness::compute_big_value(seed)
}

struct Checkpointing;

impl Peer for Checkpointing {
    fn name() -> String {
        let memory = std::env::var("MEMORY").as_deref() != Ok("0");
        String::from(if memory { "checkpointing-rs" } else { "checkpointing-rs-disk" })
    }

    fn open(folder: &Path) -> Checkpointing {
        let mut config = Config::new().directory(folder).on_error(OnError::Raise);
        if std::env::var("MEMORY").as_deref() == Ok("0") {
            config = config.memory(0);
        }
        checkpointing::configure(config).expect("it is the first call");
        Checkpointing
    }

    fn small(&self, a: i64, b: i64) -> i64 {
        cached!(small(a, b))
    }

    fn big_arg(&self, xs: &[f64]) -> Option<f64> {
        Some(cached!(big_arg(xs)))
    }

    fn big_value(&self, seed: u64) -> Option<Vec<f64>> {
        Some(cached!(big_value(seed)))
    }
}

fn main() {
    harness::main::<Checkpointing>();
}
