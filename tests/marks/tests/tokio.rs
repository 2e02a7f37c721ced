//! Tests that cached async functions leave the threads of an executor alone while they wait.

use kept::{Config, cached, checkpoint, configure};
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::time::{Duration, Instant};
use tokio::runtime::Builder;
use tokio::time::sleep;

static RUNS: AtomicU32 = AtomicU32::new(0);

fn fresh() {
    static FRESH: Once = Once::new();
    FRESH.call_once(|| {
        let folder = format!("{}/tokio-{}", env!("CARGO_TARGET_TMPDIR"), std::process::id());
        configure(Config::new().directory(folder)).unwrap();
    });
}

#[checkpoint]
async fn slow(key: u32) -> u32 {
    RUNS.fetch_add(1, SeqCst);
    sleep(Duration::from_millis(300)).await;
    key * 2
}

/// Holds its key's lock in a thread of its own, as another process would.
#[checkpoint(ignore(blocks))]
async fn contended(key: u32, blocks: bool) -> u32 {
    if blocks {
        std::thread::sleep(Duration::from_millis(400));
    }
    key + 1
}

/// How often a task of ten milliseconds ran while the future did.
async fn ticks<T>(future: impl Future<Output = T>) -> (T, u32) {
    let mut future = std::pin::pin!(future);
    let mut count = 0;
    loop {
        let tick = std::pin::pin!(sleep(Duration::from_millis(10)));
        let mut tick = tick;
        let done = std::future::poll_fn(|context| {
            if let std::task::Poll::Ready(value) = future.as_mut().poll(context) {
                return std::task::Poll::Ready(Some(value));
            }
            tick.as_mut().poll(context).map(|()| None)
        })
        .await;
        match done {
            Some(value) => return (value, count),
            None => count += 1,
        }
    }
}

#[test]
fn tasks_of_one_thread_share_a_computation_and_do_not_block_it() {
    fresh();
    let runtime = Builder::new_current_thread().enable_time().build().unwrap();
    let before = RUNS.load(SeqCst);
    let (sum, count) = runtime.block_on(ticks(async {
        let tasks: Vec<_> = (0..8).map(|_| tokio::spawn(slow(1))).collect();
        let mut sum = 0;
        for task in tasks {
            sum += task.await.unwrap();
        }
        sum
    }));
    assert_eq!((sum, RUNS.load(SeqCst) - before), (16, 1));
    assert!(count >= 8, "the thread was free: {count} ticks");
}

#[test]
fn a_task_that_waits_for_another_holder_does_not_block_its_thread() {
    fresh();
    let holder = std::thread::spawn(|| {
        Builder::new_current_thread().enable_time().build().unwrap().block_on(contended(5, true))
    });
    std::thread::sleep(Duration::from_millis(100));
    let runtime = Builder::new_current_thread().enable_time().build().unwrap();
    let start = Instant::now();
    let (value, count) = runtime.block_on(ticks(contended(5, false)));
    assert_eq!((value, holder.join().unwrap()), (6, 6));
    assert!(start.elapsed() >= Duration::from_millis(100), "it waited");
    assert!(count >= 5, "the thread was free: {count} ticks");
}

#[test]
fn many_tasks_of_many_threads_run_each_key_once() {
    #[doc = "checkpoint"]
    // table: tokio::many_tasks_of_many_threads_run_each_key_once::keyed - -
    async fn keyed(key: u32) -> u32 {
        COUNT.fetch_add(1, SeqCst);
        sleep(Duration::from_millis(50)).await;
        key
    }
    static COUNT: AtomicU32 = AtomicU32::new(0);
    fresh();
    let runtime = Builder::new_multi_thread().worker_threads(4).enable_time().build().unwrap();
    runtime.block_on(async {
        let tasks: Vec<_> =
            (0..40).map(|task| tokio::spawn(async move { cached!(keyed(task % 5).await) })).collect();
        for (task, handle) in (0..).zip(tasks) {
            assert_eq!(handle.await.unwrap(), task % 5);
        }
    });
    assert_eq!(COUNT.load(SeqCst), 5);
}
