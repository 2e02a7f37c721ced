//! Knows which locks this process holds and waits for, so that nobody waits for himself.
//!
//! A rayon worker that waits in a join runs other tasks on the same stack, and an async task that
//! holds a lock can be suspended on the thread that waits (T24).

use super::PATIENCE;
use std::cell::Cell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

/// Who holds a lock: a thread's stack, or a task that may move between threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    Thread(ThreadId),
    Task,
}

impl Owner {
    pub fn this_thread() -> Owner {
        Owner::Thread(thread::current().id())
    }
}

#[derive(Default)]
struct Registry {
    held: HashMap<PathBuf, Owner>,
    /// What each thread waits for.
    waiting: HashMap<ThreadId, PathBuf>,
}

static REGISTRY: Mutex<Option<Registry>> = Mutex::new(None);

thread_local! {
    /// How many locks this thread's stack holds.
    static HOLDING: Cell<usize> = const { Cell::new(0) };
}

fn registry() -> MutexGuard<'static, Option<Registry>> {
    REGISTRY.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn insert(path: &Path, owner: Owner) {
    registry().get_or_insert_default().held.insert(path.to_owned(), owner);
    if owner != Owner::Task {
        HOLDING.set(HOLDING.get() + 1);
    }
}

pub(super) fn remove(path: &Path, owner: Owner) {
    registry().get_or_insert_default().held.remove(path);
    if owner != Owner::Task {
        HOLDING.set(HOLDING.get().saturating_sub(1));
    }
}

/// Whether this thread's stack holds a lock.
pub(super) fn thread_holds() -> bool {
    HOLDING.get() > 0
}

/// A thread that waits for a lock, from the making of this to its drop.
pub(super) struct Waiting<'a> {
    path: &'a Path,
    owner: Owner,
}

impl<'a> Waiting<'a> {
    pub fn start(path: &'a Path, owner: Owner) -> Waiting<'a> {
        if let Owner::Thread(thread) = owner {
            registry().get_or_insert_default().waiting.insert(thread, path.to_owned());
        }
        Waiting { path, owner }
    }

    /// How long it may wait; `None` for as long as it takes.
    pub fn limit(&self) -> Option<Duration> {
        let registry = registry();
        let registry = registry.as_ref()?;
        let mut path = self.path;
        // Longer than the number of waiting threads is a circle without this one.
        for _ in 0..=registry.waiting.len() {
            match registry.held.get(path) {
                Some(owner) if *owner == self.owner => return Some(Duration::ZERO),
                // The task may be suspended below on this very stack.
                Some(Owner::Task) => return Some(PATIENCE),
                Some(Owner::Thread(thread)) => match registry.waiting.get(thread) {
                    Some(next) => path = next,
                    None => break,
                },
                // Another process has it.
                None => break,
            }
        }
        thread_holds().then_some(PATIENCE)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if let Owner::Thread(thread) = self.owner {
            registry().get_or_insert_default().waiting.remove(&thread);
        }
    }
}
