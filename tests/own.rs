//! Marks functions of this package's own tests: the root build script runs the pass over them when
//! the feature `workspace-tests` is on, as it is in `cargo test --workspace`.

use checkpointing::{Config, cached, checkpoint, configure, fingerprint};
use std::sync::atomic::{AtomicU32, Ordering};

static RUNS: AtomicU32 = AtomicU32::new(0);

fn factor() -> i64 {
    3
}

/// checkpoint(allow(static))
fn by_call(a: i64) -> i64 {
    RUNS.fetch_add(1, Ordering::Relaxed);
    a * factor()
}

#[checkpoint(allow(static))]
fn by_attribute(a: i64) -> i64 {
    RUNS.fetch_add(1, Ordering::Relaxed);
    a * factor() + 1
}

#[test]
fn marked_functions_of_this_package_run_once() {
    let directory = tempfile::tempdir().unwrap();
    configure(Config::new().directory(directory.path())).unwrap();
    assert_eq!((cached!(by_call(2)), cached!(by_call(2))), (6, 6));
    assert_eq!((by_attribute(2), by_attribute(2)), (7, 7));
    assert_eq!(RUNS.load(Ordering::Relaxed), 2);
    assert_ne!(fingerprint!(by_call).unwrap(), fingerprint!(by_attribute).unwrap());
}
