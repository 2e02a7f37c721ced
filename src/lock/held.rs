//! Knows which locks this process holds and waits for, so that nobody waits for himself.
//!
//! A rayon worker that waits in a join runs other tasks on the same stack, also one that needs what
//! the join is for; and an async task that holds a lock can be suspended on the thread that waits
//! (T24). Which of these it is cannot be seen from here, so every wait for this process has an end.

use super::PATIENCE;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
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
    /// Locks of the tasks that are being polled on this thread's stack.
    static POLLED: RefCell<Vec<PathBuf>> = const { RefCell::new(Vec::new()) };
}

fn registry() -> MutexGuard<'static, Option<Registry>> {
    REGISTRY.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes a lock in this process; whether nobody in it had it.
pub(super) fn insert(path: &Path, owner: Owner) -> bool {
    match registry().get_or_insert_default().held.entry(path.to_owned()) {
        Entry::Occupied(_) => return false,
        Entry::Vacant(free) => free.insert(owner),
    };
    if owner != Owner::Task {
        HOLDING.set(HOLDING.get() + 1);
    }
    true
}

pub(super) fn remove(path: &Path, owner: Owner) {
    registry().get_or_insert_default().held.remove(path);
    if owner != Owner::Task {
        HOLDING.set(HOLDING.get().saturating_sub(1));
    }
}

/// Runs one poll of a task that holds a lock.
pub(super) fn polled<T>(path: &Path, poll: impl FnOnce() -> T) -> T {
    /// Also when the poll panics.
    struct Polled;
    impl Drop for Polled {
        fn drop(&mut self) {
            POLLED.with_borrow_mut(Vec::pop);
        }
    }
    POLLED.with_borrow_mut(|paths| paths.push(path.to_owned()));
    let _polled = Polled;
    poll()
}

/// How long a wait for a lock may take; `None` for as long as it takes.
pub(super) fn limit(path: &Path) -> Option<Duration> {
    if POLLED.with_borrow(|paths| paths.iter().any(|held| held == path)) {
        return Some(Duration::ZERO);
    }
    let registry = registry();
    let empty = Registry::default();
    let registry = registry.as_ref().unwrap_or(&empty);
    let (this, mut path, mut inside) = (Owner::this_thread(), path, false);
    // Longer than the number of waiting threads is a circle without this one.
    for _ in 0..=registry.waiting.len() {
        let Some(owner) = registry.held.get(path) else {
            // Another process has it.
            break;
        };
        inside = true;
        match owner {
            owner if *owner == this => return Some(Duration::ZERO),
            Owner::Task => break,
            Owner::Thread(thread) => match registry.waiting.get(thread) {
                Some(next) => path = next,
                None => break,
            },
        }
    }
    let holds = HOLDING.get() > 0 || POLLED.with_borrow(|paths| !paths.is_empty());
    (inside || holds).then_some(PATIENCE)
}

/// A thread that waits for a lock, from the making of this to its drop.
pub(super) struct Waiting;

impl Waiting {
    pub fn start(path: &Path) -> Waiting {
        registry().get_or_insert_default().waiting.insert(thread::current().id(), path.to_owned());
        Waiting
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        registry().get_or_insert_default().waiting.remove(&thread::current().id());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_another_process_is_waited_for_without_end() {
        let [own, other, task, free] = ["own", "other", "task", "free"].map(Path::new);
        assert_eq!(limit(free), None);
        insert(task, Owner::Task);
        thread::scope(|scope| {
            scope.spawn(|| insert(other, Owner::this_thread()));
        });
        // Its task may lie below on this stack, and it may wait for that in a join.
        assert_eq!(limit(other), Some(PATIENCE));
        assert_eq!(limit(task), Some(PATIENCE));
        assert_eq!(limit(free), None);
        let nested = polled(task, || (limit(task), limit(free)));
        assert_eq!(nested, (Some(Duration::ZERO), Some(PATIENCE)));
        insert(own, Owner::this_thread());
        assert_eq!(limit(own), Some(Duration::ZERO));
        assert_eq!(limit(free), Some(PATIENCE), "the other process may wait for what is held here");
        remove(own, Owner::this_thread());
        assert_eq!(limit(free), None);
    }
}
