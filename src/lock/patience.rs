//! Decides how long to wait for a key's holder: for as long as it may still end, and no longer.
//!
//! A rayon worker that waits in a join runs other tasks on the same stack, also one that needs what the
//! join is for (T24): then the holder waits for who waits for it. That cannot be told from a holder that
//! rightly waits for another thread, but nothing moves then. So a wait goes on while the holder works, or
//! waits for anything but threads; and when it waits for threads, while others work. Where threads cannot
//! be seen there is a limit of time.

use super::held::{self, Holder};
use super::threads;
use std::path::Path;
use std::time::{Duration, Instant};

/// How long a wait goes on while something does not move.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// All threads wait for each other.
    pub still: Duration,
    /// The holder waits for a thread, none works, and one of them may wait for the world outside. Also the
    /// limit where nothing is known of threads.
    pub idle: Duration,
    /// A task waits for no one knows what, or another process that does not work has the key.
    pub unseen: Duration,
    /// The holder waits, and others work.
    pub busy: Duration,
    /// Between two looks.
    pub look: Duration,
}

pub(crate) const LIMITS: Limits = Limits {
    still: Duration::from_secs(5),
    idle: Duration::from_secs(30),
    unseen: Duration::from_secs(5 * 60),
    busy: Duration::from_secs(2 * 60 * 60),
    look: Duration::from_secs(1),
};

/// A wait for a key.
#[derive(Debug)]
pub(super) struct Patience {
    limits: Limits,
    /// Who is waited for in the end, and since when.
    holder: Option<Holder>,
    since: Instant,
    next: Instant,
    /// What a process had used when it was last seen to work.
    used: Option<Duration>,
}

impl Patience {
    pub fn new(limits: Limits) -> Patience {
        let now = Instant::now();
        Patience { limits, holder: None, since: now, next: now, used: None }
    }

    /// Whether to wait no longer, since that could last for ever.
    pub fn is_over(&mut self, path: &Path) -> bool {
        let holder = held::holder(path);
        let now = Instant::now();
        if self.holder != Some(holder) {
            (self.holder, self.since, self.used) = (Some(holder), now, None);
        }
        match holder {
            Holder::Oneself => return true,
            Holder::Free => return false,
            _ if now < self.next => return false,
            _ => self.next = now + self.limits.look,
        }
        let (limits, since) = (self.limits, self.since);
        let over = |moved: Instant, limit| now.saturating_duration_since(moved.max(since)) >= limit;
        let seen = |tid| threads::look(limits.look, tid, held::waiting);
        match holder {
            Holder::Oneself | Holder::Free => false,
            Holder::Thread { tid, links } => match seen(tid) {
                Some(seen) => {
                    // Who waits for one that waits lets that one try first.
                    over(seen.thread, limits.busy)
                        || over(seen.thread.max(seen.process), limits.idle * links)
                        || over(seen.thread.max(seen.outside), limits.still * links)
                }
                None => over(since, limits.idle),
            },
            Holder::Task { .. } => match seen(None) {
                Some(seen) => over(since, limits.busy) || over(seen.process, limits.unseen),
                None => over(since, limits.idle),
            },
            Holder::Process => match super::holder(path).and_then(|pid| used(&pid)) {
                Some(used) => {
                    let before = *self.used.get_or_insert(used);
                    let works = used.saturating_sub(before) > limits.look / 50;
                    if works {
                        (self.used, self.since) = (Some(used), now);
                    }
                    !works && over(since, limits.unseen)
                }
                None => over(since, limits.idle),
            },
        }
    }
}

/// How long the threads of a process were on a processor.
fn used(pid: &str) -> Option<Duration> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // A name in parentheses may hold anything. Behind it are eleven words, and then the time of the program
    // and that of the system for it, in hundredths of a second.
    let (_, words) = text.rsplit_once(')')?;
    let ticks = words.split_whitespace().skip(11).take(2).map(|word| word.parse::<u64>().ok());
    Some(Duration::from_millis(10 * ticks.sum::<Option<u64>>()?))
}

#[cfg(all(test, target_os = "linux"))]
#[path = "patience_tests.rs"]
mod tests;
