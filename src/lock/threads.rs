//! Looks at what the threads of this process do: work, wait for each other, or wait for anything else.
//!
//! Linux tells. Elsewhere nothing is known of a thread.

use std::cell::Cell;
use std::collections::HashMap;
use std::fs;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The system's number of a thread.
pub(super) type Tid = u32;

/// A thread that wants less of a processor than one part in so many does not work.
const IDLE: u32 = 50;

/// When something was last seen to move.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    /// The thread that was asked for worked, or waited for what no thread of this process brings: a file, a
    /// child, an end of a pause.
    pub thread: Instant,
    /// A thread worked that does not wait for a key.
    pub process: Instant,
    /// One waited for what may come from outside.
    pub outside: Instant,
}

/// This thread.
pub(super) fn this() -> Option<Tid> {
    thread_local! {
        static THIS: Cell<Option<Tid>> = const { Cell::new(None) };
    }
    if cfg!(target_os = "linux") && THIS.get().is_none() {
        // `4711/task/4712`
        let link = fs::read_link("/proc/thread-self").ok();
        THIS.set(link.and_then(|link| link.file_name()?.to_str()?.parse().ok()));
    }
    THIS.get()
}

/// Looks at all threads, unless that was done a moment ago; `None` where they cannot be seen.
pub(super) fn look(
    moment: Duration,
    thread: Option<Tid>,
    waiting: impl FnOnce() -> Vec<Tid>,
) -> Option<Seen> {
    static THREADS: Mutex<Option<Threads>> = Mutex::new(None);
    if !cfg!(target_os = "linux") {
        return None;
    }
    let mut threads = THREADS.lock().unwrap_or_else(PoisonError::into_inner);
    let now = Instant::now();
    let threads = threads.get_or_insert_with(|| Threads::new(now));
    if threads.all.is_empty() || now.saturating_duration_since(threads.at) >= moment {
        threads.look(now, &waiting());
    }
    let thread = match thread {
        // It ended, and its lock did not.
        Some(tid) => threads.all.get(&tid).map_or(threads.process, |thread| thread.moved),
        None => threads.process,
    };
    (!threads.all.is_empty()).then_some(Seen {
        thread,
        process: threads.process,
        outside: threads.outside.max(threads.process),
    })
}

struct Threads {
    at: Instant,
    all: HashMap<Tid, Thread>,
    process: Instant,
    outside: Instant,
}

struct Thread {
    /// How long it was on a processor, or wanted to be.
    active: Duration,
    moved: Instant,
}

/// What a thread that does not work waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rest {
    /// None, it works.
    Works,
    /// Another thread, for as long as it takes.
    Thread,
    /// Whatever comes.
    Any,
    /// Nothing that a thread of this process brings.
    Outside,
}

impl Threads {
    fn new(now: Instant) -> Threads {
        Threads { at: now, all: HashMap::new(), process: now, outside: now }
    }

    fn look(&mut self, now: Instant, waiting: &[Tid]) {
        let least = now.saturating_duration_since(self.at) / IDLE;
        self.at = now;
        let before = std::mem::take(&mut self.all);
        let folder = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
        for tid in folder.filter_map(|thread| thread.file_name().to_str()?.parse::<Tid>().ok()) {
            let Some(active) = active(tid) else {
                continue;
            };
            let before = before.get(&tid);
            // One that is new was just started.
            let worked = before.is_none_or(|thread| active.saturating_sub(thread.active) > least);
            let rest = if worked { Rest::Works } else { rest(tid) };
            let goes_on = matches!(rest, Rest::Works | Rest::Outside);
            let moved = before.filter(|_| !goes_on).map_or(now, |thread| thread.moved);
            self.all.insert(tid, Thread { active, moved });
            if waiting.contains(&tid) {
                continue;
            }
            match rest {
                Rest::Works => self.process = now,
                Rest::Any | Rest::Outside => self.outside = now,
                Rest::Thread => {}
            }
        }
    }
}

fn active(tid: Tid) -> Option<Duration> {
    // On a processor; in the queue for one; how often.
    let text = fs::read_to_string(format!("/proc/self/task/{tid}/schedstat")).ok()?;
    let nanos = text.split_whitespace().take(2).map(|word| word.parse::<u64>().unwrap_or_default());
    Some(Duration::from_nanos(nanos.sum()))
}

fn rest(tid: Tid) -> Rest {
    // `running`, `-1 ..` when it waits for memory, or the number of a system call and its arguments.
    let text = fs::read_to_string(format!("/proc/self/task/{tid}/syscall")).unwrap_or_default();
    let mut words = text.split_whitespace();
    match (words.next(), words.nth(3)) {
        (Some("running"), _) => Rest::Works,
        (Some(call), limit) => match call.parse::<Call>() {
            Ok(call) if WAITS_FOR_THREADS.contains(&call) && limit == Some("0x0") => Rest::Thread,
            Ok(call) if WAITS_FOR_THREADS.contains(&call) || WAITS_FOR_ANY.contains(&call) => Rest::Any,
            Ok(_) => Rest::Outside,
            Err(_) => Rest::Any,
        },
        (None, _) => Rest::Any,
    }
}

#[cfg(target_os = "linux")]
use libc::c_long as Call;
#[cfg(not(target_os = "linux"))]
type Call = i64;

/// Calls of the system by number: futex, and that of 32-bit systems.
#[cfg(target_os = "linux")]
const WAITS_FOR_THREADS: &[Call] = &[libc::SYS_futex, 422];
/// `epoll_wait` and its like, and that of an `io_uring`: the thread of an executor.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
const WAITS_FOR_ANY: &[Call] = &[libc::SYS_epoll_wait, libc::SYS_epoll_pwait, 441, 426];
#[cfg(all(target_os = "linux", not(target_arch = "x86_64")))]
const WAITS_FOR_ANY: &[Call] = &[libc::SYS_epoll_pwait, 441, 426];
#[cfg(not(target_os = "linux"))]
const WAITS_FOR_THREADS: &[Call] = &[];
#[cfg(not(target_os = "linux"))]
const WAITS_FOR_ANY: &[Call] = &[];

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
    use std::sync::mpsc;
    use std::thread;

    /// What a thread is seen to do that runs this.
    fn seen(run: impl FnOnce() + Send + 'static) -> Rest {
        let (send, tid) = mpsc::channel();
        let thread = thread::spawn(move || {
            send.send(this().unwrap()).unwrap();
            run();
        });
        let tid = tid.recv().unwrap();
        thread::sleep(Duration::from_millis(50));
        let rest = rest(tid);
        thread.thread().unpark();
        drop(thread);
        rest
    }

    #[test]
    fn what_a_thread_waits_for_is_seen() {
        static END: AtomicBool = AtomicBool::new(false);
        assert_eq!(seen(thread::park), Rest::Thread);
        assert_eq!(seen(|| thread::park_timeout(Duration::from_secs(1))), Rest::Any);
        assert_eq!(seen(|| thread::sleep(Duration::from_secs(1))), Rest::Outside);
        assert_eq!(
            seen(|| while !END.load(Relaxed) {
                std::hint::spin_loop();
            }),
            Rest::Works
        );
        END.store(true, Relaxed);
        assert_ne!(this(), None);
    }
}
