//! Reports of each step whether its body ran, and how long it took.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

static RAN: AtomicBool = AtomicBool::new(false);

/// Called in the body of a step, which is not entered when the result is loaded.
pub fn computing() {
    RAN.store(true, Ordering::Relaxed);
}

/// Runs or loads a step and prints which of the two happened.
pub fn report<T>(name: &str, step: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = step();
    let milliseconds = start.elapsed().as_secs_f64() * 1e3;
    let how = if RAN.swap(false, Ordering::Relaxed) { "computed" } else { "loaded" };
    println!("{name:<8} {how:<8} in {milliseconds:8.3} ms");
    result
}
