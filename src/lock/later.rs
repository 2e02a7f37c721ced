//! Waits for a lock in a future: no executor's thread is blocked, and no runtime is needed.
//!
//! One thread of its own wakes all that wait every few milliseconds, and ends when nobody does.

use super::{Guard, LAST_PAUSE, LIMITS, Owner, Patience, Place, Slow, attempt, held};
use std::future::{Future, poll_fn};
use std::io;
use std::pin::{Pin, pin};
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Instant;

/// Gives the lock, or `None` when waiting on could last for ever.
pub(crate) struct Wait {
    place: Place,
    start: Instant,
    slow: Slow,
    patience: Patience,
}

impl Wait {
    pub fn new(place: Place) -> Wait {
        let (start, slow) = (Instant::now(), Slow::default());
        Wait { place, start, slow, patience: Patience::new(LIMITS) }
    }
}

impl Future for Wait {
    type Output = io::Result<Option<Guard>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match attempt(&self.place, Owner::Task) {
            Ok(None) => {}
            done => return Poll::Ready(done),
        }
        let this = &mut *self;
        if this.patience.is_over(this.place.path()) {
            return Poll::Ready(Ok(None));
        }
        this.slow.tell(&this.place, this.start.elapsed());
        wake_later(context.waker().clone());
        Poll::Pending
    }
}

/// Awaits the computation of a task that holds a lock, so that the task does not wait for itself.
pub(crate) async fn holding<F: Future>(guard: Option<&Guard>, future: F) -> F::Output {
    let mut future = pin!(future);
    poll_fn(|context| match guard {
        Some(guard) => held::polled(&guard.path, || future.as_mut().poll(context)),
        None => future.as_mut().poll(context),
    })
    .await
}

#[derive(Default)]
struct Sleepers {
    wakers: Vec<Waker>,
    running: bool,
}

static SLEEPERS: Mutex<Sleepers> = Mutex::new(Sleepers { wakers: Vec::new(), running: false });

fn wake_later(waker: Waker) {
    let mut sleepers = SLEEPERS.lock().unwrap_or_else(PoisonError::into_inner);
    sleepers.wakers.push(waker);
    if !sleepers.running {
        let thread = thread::Builder::new().name(String::from("checkpointing-wait"));
        sleepers.running = thread.spawn(wake_all).is_ok();
    }
    if !sleepers.running {
        // Without a thread the futures poll themselves.
        let wakers = std::mem::take(&mut sleepers.wakers);
        drop(sleepers);
        wakers.into_iter().for_each(Waker::wake);
    }
}

fn wake_all() {
    let _serving = held::Waiting::start(None);
    loop {
        thread::sleep(LAST_PAUSE);
        let mut sleepers = SLEEPERS.lock().unwrap_or_else(PoisonError::into_inner);
        let wakers = std::mem::take(&mut sleepers.wakers);
        if wakers.is_empty() {
            sleepers.running = false;
            return;
        }
        drop(sleepers);
        wakers.into_iter().for_each(Waker::wake);
    }
}
