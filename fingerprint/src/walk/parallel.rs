//! Runs a function over a slice on all cores, and gives the results in the slice's order.

use crate::lower::with_big_stack;
use std::cmp::Reverse;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

pub(crate) fn map<T: Sync, R: Send>(jobs: &[T], run: impl Fn(&T) -> R + Sync) -> Vec<R> {
    map_with(jobs, || (), |(), job| run(job))
}

/// The same, but begins with the jobs that have the highest cost: one that comes last would keep the others waiting.
pub(crate) fn map_longest_first<T: Sync, C: Ord, R: Send>(
    jobs: &[T],
    cost: impl Fn(&T) -> C,
    run: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let mut order: Vec<usize> = (0..jobs.len()).collect();
    order.sort_by_cached_key(|&index| Reverse(cost(&jobs[index])));
    let results = map(&order, |&index| run(&jobs[index]));
    let mut done: Vec<(usize, R)> = order.into_iter().zip(results).collect();
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Each thread makes itself a state that serves one job after another.
pub(crate) fn map_with<T: Sync, S, R: Send>(
    jobs: &[T],
    state: impl Fn() -> S + Sync,
    run: impl Fn(&mut S, &T) -> R + Sync,
) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    map_on(threads.min(jobs.len()), jobs, state, run)
}

fn map_on<T: Sync, S, R: Send>(
    threads: usize,
    jobs: &[T],
    state: impl Fn() -> S + Sync,
    run: impl Fn(&mut S, &T) -> R + Sync,
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::with_capacity(jobs.len()));
    let work = || {
        let mut state = state();
        while let Some((index, job)) = {
            let index = next.fetch_add(1, Ordering::Relaxed);
            jobs.get(index).map(|job| (index, job))
        } {
            let result = run(&mut state, job);
            done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((index, result));
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let thread = std::thread::Builder::new().spawn_scoped(scope, || with_big_stack(work));
            // A machine that gives no more threads still has this one.
            if thread.is_err() {
                work();
            }
        }
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Does one thing on another thread while this one does the other.
pub(crate) fn beside<A: Send, B>(other: impl Fn() -> A + Sync, this: impl FnOnce() -> B) -> (A, B) {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().spawn_scoped(scope, &other);
        let done = this();
        let other = match thread {
            Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(_) => other(),
        };
        (other, done)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_threads_does_not_show() {
        let jobs: Vec<u64> = (0..100).collect();
        for threads in [1, 2, 16] {
            let slow_first = |(): &mut (), job: &u64| {
                std::thread::sleep(std::time::Duration::from_micros(100 - job));
                job * 2
            };
            assert_eq!(
                map_on(threads, &jobs, || (), slow_first),
                (0..100).map(|n| n * 2).collect::<Vec<_>>()
            );
        }
        assert!(map(&[0_u8; 0], |job| *job).is_empty());
        assert_eq!(map_longest_first(&jobs, |job| job % 7, |job| job * 2), map(&jobs, |job| job * 2));
    }
}
