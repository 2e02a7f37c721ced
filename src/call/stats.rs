//! Counts what happens to calls in this process, and notices a function that is not worth caching.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// What happened to cached calls in this process so far. [`stats`](crate::stats) gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// By path of the function.
    pub functions: BTreeMap<String, FunctionStats>,
    /// What went wrong with caching, each time.
    pub errors: u64,
}

/// What happened to the calls of one function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FunctionStats {
    /// Stored results that were returned.
    pub hits: u64,
    /// Of the hits, those that another code computed, which was accepted.
    pub accepted: u64,
    /// Runs because there was no result.
    pub misses: u64,
    /// Runs that were asked for.
    pub reruns: u64,
    /// Results that were stored.
    pub stored: u64,
    /// How long the runs took.
    pub computed: Duration,
    /// How long the runs had taken that hits spared.
    pub saved: Duration,
}

impl Stats {
    /// The sum of all functions.
    #[must_use]
    pub fn total(&self) -> FunctionStats {
        let mut total = FunctionStats::default();
        self.functions.values().for_each(|function| total.add(function));
        total
    }
}

impl FunctionStats {
    pub(crate) fn add(&mut self, other: &FunctionStats) {
        self.hits += other.hits;
        self.accepted += other.accepted;
        self.misses += other.misses;
        self.reruns += other.reruns;
        self.stored += other.stored;
        self.computed += other.computed;
        self.saved += other.saved;
    }
}

const LANES: usize = 8;

/// The counts of hits of some threads, apart from those of others in memory: threads do not slow each other.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Lane {
    hits: AtomicU64,
    saved: AtomicU64,
}

/// The counts of one function.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    lanes: [Lane; LANES],
    accepted: AtomicU64,
    misses: AtomicU64,
    reruns: AtomicU64,
    stored: AtomicU64,
    computed: AtomicU64,
    cost: Cost,
}

thread_local! {
    static LANE: usize = {
        static THREADS: AtomicUsize = AtomicUsize::new(0);
        THREADS.fetch_add(1, Relaxed) % LANES
    };
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

impl Counters {
    pub fn hit(&self, took: Duration, accepted: bool) {
        let lane = &self.lanes[LANE.with(|lane| *lane)];
        lane.hits.fetch_add(1, Relaxed);
        lane.saved.fetch_add(nanos(took), Relaxed);
        if accepted {
            self.accepted.fetch_add(1, Relaxed);
        }
    }

    pub fn ran(&self, asked: bool, took: Duration) {
        if asked { &self.reruns } else { &self.misses }.fetch_add(1, Relaxed);
        self.computed.fetch_add(nanos(took), Relaxed);
    }

    pub fn stored(&self) {
        self.stored.fetch_add(1, Relaxed);
    }

    /// Adds a sample of what a hit costs; the means, once, when that is more than running.
    pub fn cost(&self, hit: Duration, run: Duration) -> Option<(Duration, Duration)> {
        self.cost.add(hit, run)
    }

    pub fn read(&self) -> FunctionStats {
        let sum = |of: fn(&Lane) -> &AtomicU64| self.lanes.iter().map(|lane| of(lane).load(Relaxed)).sum();
        FunctionStats {
            hits: sum(|lane| &lane.hits),
            accepted: self.accepted.load(Relaxed),
            misses: self.misses.load(Relaxed),
            reruns: self.reruns.load(Relaxed),
            stored: self.stored.load(Relaxed),
            computed: Duration::from_nanos(self.computed.load(Relaxed)),
            saved: Duration::from_nanos(sum(|lane| &lane.saved)),
        }
    }
}

/// How many samples make a judgement.
const SAMPLES: u64 = 16;

#[derive(Debug, Default)]
struct Cost {
    samples: AtomicU64,
    hits: AtomicU64,
    runs: AtomicU64,
    told: AtomicBool,
}

impl Cost {
    fn add(&self, hit: Duration, run: Duration) -> Option<(Duration, Duration)> {
        // A value that was put there says nothing.
        if run.is_zero() || self.told.load(Relaxed) {
            return None;
        }
        let hits = self.hits.fetch_add(nanos(hit), Relaxed) + nanos(hit);
        let runs = self.runs.fetch_add(nanos(run), Relaxed) + nanos(run);
        let samples = self.samples.fetch_add(1, Relaxed) + 1;
        if samples < SAMPLES || hits <= runs || self.told.swap(true, Relaxed) {
            return None;
        }
        let mean = |sum: u64| Duration::from_nanos(sum / samples);
        Some((mean(hits), mean(runs)))
    }
}

/// One call of how many is timed: looking at the clock costs a tenth of a hit in memory.
const ONE_OF: u32 = 16;

/// The time, for one call of sixteen.
pub(crate) fn sample() -> Option<Instant> {
    thread_local! {
        static CALLS: Cell<u32> = const { Cell::new(0) };
    }
    let calls = CALLS.get().wrapping_add(1);
    CALLS.set(calls);
    calls.is_multiple_of(ONE_OF).then(Instant::now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_that_is_not_worth_it_is_told_once() {
        let (fast, slow) = (Duration::from_nanos(10), Duration::from_micros(5));
        let dear = Cost::default();
        let told: Vec<_> = (0..40).filter_map(|_| dear.add(slow, fast)).collect();
        assert_eq!(told, [(slow, fast)]);
        let worth = Cost::default();
        assert!((0..40).all(|_| worth.add(fast, slow).is_none()));
        let put = Cost::default();
        assert!((0..40).all(|_| put.add(slow, Duration::ZERO).is_none()));
    }

    #[test]
    fn counts_of_all_threads_are_added() {
        let counters = Counters::default();
        std::thread::scope(|scope| {
            for _ in 0..20 {
                scope.spawn(|| counters.hit(Duration::from_millis(2), false));
            }
        });
        counters.hit(Duration::ZERO, true);
        counters.ran(false, Duration::from_millis(3));
        counters.ran(true, Duration::from_millis(4));
        counters.stored();
        let expected = FunctionStats {
            hits: 21,
            accepted: 1,
            misses: 1,
            reruns: 1,
            stored: 1,
            computed: Duration::from_millis(7),
            saved: Duration::from_millis(40),
        };
        assert_eq!(counters.read(), expected);
        let function = || (String::from("q::f"), counters.read());
        let stats = Stats { functions: [function()].into(), errors: 0 };
        assert_eq!(stats.total(), expected);
    }
}
