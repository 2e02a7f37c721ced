//! Tells stores what was counted: every few seconds while calls are made, and when the main thread ends, or
//! another one and the last time is a second ago.
//!
//! No other call waits for that. std has no hook for the end of a process; a value of the main
//! thread that is dropped when it ends is as near as one gets (it is on Linux with glibc, macOS and Windows).

use super::known;
use crate::config;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// Time between two records while calls are made, and while threads end.
const EVERY: Duration = Duration::from_secs(10);
const EVERY_END: Duration = Duration::from_secs(1);

/// Milliseconds from the first call to the last record.
static LAST: AtomicU64 = AtomicU64::new(0);

/// Records what is new, where the last time is long enough ago.
pub(super) fn perhaps(now: Instant) {
    let last = LAST.load(Relaxed);
    if since_start(now) >= last + EVERY.as_millis() as u64 {
        record_after(last, now);
    }
}

fn since_start(now: Instant) -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    let start = START.get_or_init(|| now);
    // 0 stands for never.
    now.saturating_duration_since(*start).as_millis() as u64 + 1
}

/// Of several threads one records.
fn record_after(last: u64, now: Instant) {
    if LAST.compare_exchange(last, since_start(now), Relaxed, Relaxed).is_ok() {
        record();
    }
}

#[cold]
fn record() {
    if !config::settings().record_stats {
        return;
    }
    for (store, counts) in known::unrecorded() {
        // A thread that ends must not panic, and counts that are lost are no harm.
        let _ = catch_unwind(AssertUnwindSafe(|| store.record(&counts)));
    }
}

/// Lies in a thread that makes calls, and sees it end.
pub(super) struct End {
    is_main: bool,
}

impl Default for End {
    fn default() -> End {
        End { is_main: std::thread::current().name() == Some("main") }
    }
}

impl Drop for End {
    fn drop(&mut self) {
        let (now, last) = (Instant::now(), LAST.load(Relaxed));
        if self.is_main {
            record();
        } else if last == 0 || since_start(now) >= last + EVERY_END.as_millis() as u64 {
            record_after(last, now);
        }
    }
}
