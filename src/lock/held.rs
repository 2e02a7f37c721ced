//! Knows which locks this process holds and waits for, so that nobody waits for himself.
//!
//! A task that holds a lock can be suspended, and a thread that holds one can wait for another. So a
//! lock's holder is looked for behind those that wait.

use super::threads::{self, Tid};
use std::cell::Cell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

/// Who holds a lock: a thread's stack, or a task that may move between threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    Thread(Thread),
    Task,
}

/// A thread, by std's number and by the system's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Thread {
    id: ThreadId,
    tid: Option<Tid>,
}

impl Thread {
    fn this() -> Thread {
        Thread { id: thread::current().id(), tid: threads::this() }
    }
}

impl Owner {
    pub fn this_thread() -> Owner {
        Owner::Thread(Thread::this())
    }
}

/// Whom a wait for a lock is for in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    /// This thread.
    Oneself,
    /// Another one that waits for no lock, behind so many that do.
    Thread { tid: Option<Tid>, links: u32 },
    /// A task that is suspended, after so many polls.
    Task { polls: u64 },
    /// Another process, while this thread holds what that may wait for.
    Process,
    /// Another process, or nobody by now.
    Free,
}

struct Held {
    owner: Owner,
    /// Where a task is being polled, and how often it was.
    polled: Option<Thread>,
    polls: u64,
}

#[derive(Default)]
struct Registry {
    held: HashMap<PathBuf, Held>,
    /// What each thread waits for; nothing for one that serves those that wait.
    waiting: HashMap<ThreadId, (Option<Tid>, Option<PathBuf>)>,
}

static REGISTRY: Mutex<Option<Registry>> = Mutex::new(None);

thread_local! {
    /// How many locks this thread's stack holds, and tasks that are being polled on it.
    static HOLDING: Cell<usize> = const { Cell::new(0) };
}

fn with<T>(change: impl FnOnce(&mut Registry) -> T) -> T {
    let mut registry: MutexGuard<'_, Option<Registry>> =
        REGISTRY.lock().unwrap_or_else(PoisonError::into_inner);
    change(registry.get_or_insert_default())
}

/// Takes a lock in this process; whether nobody in it had it.
pub(super) fn insert(path: &Path, owner: Owner) -> bool {
    let free = with(|registry| match registry.held.entry(path.to_owned()) {
        Entry::Occupied(_) => false,
        Entry::Vacant(free) => {
            free.insert(Held { owner, polled: None, polls: 0 });
            true
        }
    });
    if free && owner != Owner::Task {
        HOLDING.set(HOLDING.get() + 1);
    }
    free
}

pub(super) fn remove(path: &Path, owner: Owner) {
    with(|registry| registry.held.remove(path));
    if owner != Owner::Task {
        HOLDING.set(HOLDING.get().saturating_sub(1));
    }
}

/// Runs one poll of a task that holds a lock.
pub(super) fn polled<T>(path: &Path, poll: impl FnOnce() -> T) -> T {
    /// Also when the poll panics.
    struct Polled<'a>(&'a Path);
    impl Drop for Polled<'_> {
        fn drop(&mut self) {
            HOLDING.set(HOLDING.get().saturating_sub(1));
            set(self.0, None);
        }
    }
    fn set(path: &Path, thread: Option<Thread>) {
        with(|registry| {
            if let Some(held) = registry.held.get_mut(path) {
                (held.polled, held.polls) = (thread, held.polls + 1);
            }
        });
    }
    set(path, Some(Thread::this()));
    HOLDING.set(HOLDING.get() + 1);
    let _polled = Polled(path);
    poll()
}

/// Whom a wait of this thread for a lock is for.
pub(super) fn holder(path: &Path) -> Holder {
    let this = thread::current().id();
    with(|registry| {
        let (mut path, mut links) = (path, 1);
        // Longer than the number of waiting threads is a circle without this one, which has somebody to end it.
        while links as usize <= registry.waiting.len() + 1 {
            let Some(held) = registry.held.get(path) else {
                return if HOLDING.get() > 0 { Holder::Process } else { Holder::Free };
            };
            let thread = match (held.owner, held.polled) {
                (Owner::Thread(thread), _) | (Owner::Task, Some(thread)) => thread,
                (Owner::Task, None) => return Holder::Task { polls: held.polls },
            };
            if thread.id == this {
                return Holder::Oneself;
            }
            match registry.waiting.get(&thread.id) {
                Some((_, Some(next))) => path = next,
                _ => return Holder::Thread { tid: thread.tid, links },
            }
            links += 1;
        }
        Holder::Free
    })
}

/// The threads that wait for locks.
pub(super) fn waiting() -> Vec<Tid> {
    with(|registry| registry.waiting.values().filter_map(|(tid, _)| *tid).collect())
}

/// A thread that waits for a lock, or serves those that do, from the making of this to its drop.
pub(super) struct Waiting;

impl Waiting {
    pub fn start(path: Option<&Path>) -> Waiting {
        let Thread { id, tid } = Thread::this();
        with(|registry| registry.waiting.insert(id, (tid, path.map(Path::to_owned))));
        Waiting
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        with(|registry| registry.waiting.remove(&thread::current().id()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_waited_for_in_the_end_is_known() {
        let [own, other, task, free] = ["own", "other", "task", "free"].map(Path::new);
        assert_eq!(holder(free), Holder::Free);
        insert(task, Owner::Task);
        let tid = thread::scope(|scope| {
            let other = scope.spawn(|| {
                insert(other, Owner::this_thread());
                threads::this()
            });
            other.join().unwrap()
        });
        assert_eq!(holder(other), Holder::Thread { tid, links: 1 });
        assert_eq!(holder(task), Holder::Task { polls: 0 });
        let nested = polled(task, || (holder(task), holder(free)));
        assert_eq!(nested, (Holder::Oneself, Holder::Process));
        assert_eq!(holder(task), Holder::Task { polls: 2 });
        insert(own, Owner::this_thread());
        assert_eq!(holder(own), Holder::Oneself);
        assert_eq!(holder(free), Holder::Process, "the other process may wait for what is held here");
        thread::scope(|scope| {
            scope.spawn(|| {
                insert(free, Owner::this_thread());
                let _waiting = Waiting::start(Some(other));
                assert_eq!(holder(free), Holder::Oneself);
                let asked = thread::scope(|scope| scope.spawn(|| holder(free)).join().unwrap());
                assert_eq!(asked, Holder::Thread { tid, links: 2 });
                remove(free, Owner::this_thread());
            });
        });
        remove(own, Owner::this_thread());
        assert_eq!(holder(free), Holder::Free);
    }
}
