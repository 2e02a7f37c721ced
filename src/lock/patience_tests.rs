//! Tests with real threads that a wait lasts as long as the holder works, and ends where nobody can go on.
//! Other tests work in the same process meanwhile, so that a wait here may last as long as while others work.

use super::*;
use crate::lock::{Place, wait_within};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::thread;

const SHORT: Limits = Limits {
    still: Duration::from_millis(200),
    idle: Duration::from_millis(400),
    unseen: Duration::from_millis(600),
    busy: Duration::from_secs(8),
    look: Duration::from_millis(50),
};

/// Longer than what does not move is waited for.
const LONG: Duration = Duration::from_millis(1500);

fn place(name: &str) -> Place {
    Place::name(format!("patience {name}"), "f")
}

fn work() {
    let start = Instant::now();
    while start.elapsed() < LONG {
        std::hint::spin_loop();
    }
}

/// How often four threads compute, and how many went without the lock.
fn computed(name: &str, compute: impl Fn() + Sync) -> [usize; 2] {
    let (place, stored, without) = (place(name), AtomicUsize::new(0), AtomicUsize::new(0));
    let barrier = Barrier::new(4);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                barrier.wait();
                let guard = wait_within(&place, SHORT).unwrap();
                without.fetch_add(usize::from(guard.is_none()), SeqCst);
                if guard.is_none() || stored.load(SeqCst) == 0 {
                    compute();
                    stored.fetch_add(1, SeqCst);
                }
            });
        }
    });
    [stored, without].map(AtomicUsize::into_inner)
}

#[test]
fn a_holder_that_works_or_waits_for_the_world_is_waited_for() {
    assert_eq!(computed("works", work), [1, 0]);
    assert_eq!(computed("sleeps", || thread::sleep(LONG)), [1, 0]);
    let child = || {
        let seconds = LONG.as_secs_f64().to_string();
        std::process::Command::new("sleep").arg(seconds).output().unwrap();
    };
    assert_eq!(computed("has a child", child), [1, 0]);
}

#[test]
fn a_holder_that_waits_for_threads_is_waited_for_while_one_works() {
    assert_eq!(computed("joins", || thread::spawn(work).join().unwrap()), [1, 0]);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    assert_eq!(computed("has a pool", || _ = pool.join(work, work)), [1, 0]);
}

#[test]
fn a_thread_that_is_waited_for_itself_does_not_wait_for_ever() {
    let (place, mutex) = (place("mutex"), Mutex::new(()));
    let (held, both) = (Barrier::new(2), Instant::now());
    thread::scope(|scope| {
        scope.spawn(|| {
            let _guard = wait_within(&place, SHORT).unwrap().unwrap();
            held.wait();
            drop(mutex.lock().unwrap());
        });
        scope.spawn(|| {
            let _lock = mutex.lock().unwrap();
            held.wait();
            assert!(wait_within(&place, SHORT).unwrap().is_none());
        });
    });
    let took = both.elapsed();
    assert!(took >= SHORT.still && took < SHORT.busy * 2, "{took:?}");
}

/// T24 over two workers: one holds the key and waits in a join for what the other one has taken, and that one has
/// taken up a task meanwhile that needs the key.
#[test]
fn a_worker_that_took_up_a_task_does_not_wait_for_ever() {
    let pool = Arc::new(rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap());
    let (place, start) = (place("stolen"), Instant::now());
    let (taken, stolen) = mpsc::channel();
    let (tell, told) = mpsc::channel();
    let inner = place.clone();
    pool.install(move || {
        let _guard = wait_within(&place, SHORT).unwrap().unwrap();
        rayon::join(
            move || stolen.recv().unwrap(),
            move || {
                rayon::spawn(move || tell.send(wait_within(&inner, SHORT).unwrap().is_none()).unwrap());
                taken.send(()).unwrap();
                rayon::yield_now();
            },
        );
    });
    assert!(told.recv().unwrap(), "it did without the lock");
    assert!(start.elapsed() < SHORT.busy * 2, "{:?}", start.elapsed());
}
