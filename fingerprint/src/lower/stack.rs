//! Runs work on a thread whose stack is big enough for deeply nested code.

use std::cell::Cell;
use std::sync::{Mutex, PoisonError};
use std::thread::Builder;

/// Virtual size; memory is used only as far as code is nested.
const SIZE: usize = 256 << 20;

/// Files that can be nested deeper than this, in tokens, are not parsed.
pub(super) const LIMIT: u32 = 12_000;

thread_local! {
    static BIG: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work` with a big stack: here when this thread has one already, else on a new thread.
///
/// A caller with many files starts each of its workers with this once.
pub fn with_big_stack<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    if BIG.get() {
        return work();
    }
    let work = Mutex::new(Some(work));
    let take = || work.lock().unwrap_or_else(PoisonError::into_inner).take();
    let run = || {
        BIG.set(true);
        take().map(|work| work())
    };
    let result = std::thread::scope(|scope| match Builder::new().stack_size(SIZE).spawn_scoped(scope, run) {
        Ok(thread) => thread.join(),
        // No thread could be started: the work is still here.
        Err(_) => Ok(take().map(|work| work())),
    });
    match result {
        Ok(Some(result)) => result,
        Ok(None) => std::panic::resume_unwind(Box::new("the work was taken twice")),
        Err(panic) => std::panic::resume_unwind(panic),
    }
}
