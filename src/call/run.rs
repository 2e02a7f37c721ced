//! Runs a prepared call: from the store, or by computing, in a thread or in a future.

use super::job::{Asked, Job, Locked};
use super::outcome::Kept;
use super::session::Call;
use crate::error::Error;
use crate::lock;
use std::future::Future;
use std::time::Instant;

/// Gives a function's result: what is stored, or what `compute` returns.
///
/// # Panics
/// As `compute` does, and under `on_error = raise`.
pub fn run<R>(call: Call, kept: Kept<R>, compute: impl FnOnce() -> R) -> R {
    let job = match look(&kept, call.ask()) {
        Looked::Done(result) => return result,
        Looked::Plain => return compute(),
        Looked::Compute(job) => job,
        Looked::Lock(mut job) => match after(&kept, job.lock(), &job) {
            Some(result) => return result,
            None => job,
        },
    };
    let start = Instant::now();
    let result = compute();
    keep(&kept, job, start, result)
}

/// The same for an async function; waiting blocks no thread.
///
/// # Panics
/// As the future does, and under `on_error = raise`.
pub async fn run_later<R, F: Future<Output = R>>(call: Call, kept: Kept<R>, compute: F) -> R {
    let job = match look(&kept, call.ask()) {
        Looked::Done(result) => return result,
        Looked::Plain => return compute.await,
        Looked::Compute(job) => job,
        Looked::Lock(mut job) => {
            let locked = job.lock_later().await;
            match after(&kept, locked, &job) {
                Some(result) => return result,
                None => job,
            }
        }
    };
    let start = Instant::now();
    let result = lock::later::holding(job.guard(), compute).await;
    keep(&kept, job, start, result)
}

enum Looked<R> {
    Done(R),
    Plain,
    Compute(Job),
    Lock(Job),
}

fn look<R>(kept: &Kept<R>, asked: Asked) -> Looked<R> {
    match asked {
        Asked::Plain => Looked::Plain,
        Asked::Refused(error) => Looked::Done((kept.refuse)(error)),
        Asked::Compute(job) => Looked::Compute(job),
        Asked::Missing(job) => Looked::Lock(job),
        Asked::Found(entry, job) => match kept.decode(&entry) {
            Ok(result) => {
                job.hit(&entry);
                Looked::Done(result)
            }
            Err(error) => match job.cannot_decode(&entry, &error) {
                Some(error) => Looked::Done((kept.refuse)(error)),
                // The entry is there, so waiting for another to make it would end at once.
                None => Looked::Compute(job),
            },
        },
    }
}

fn after<R>(kept: &Kept<R>, locked: Locked, job: &Job) -> Option<R> {
    match locked {
        Locked::Ours => None,
        Locked::Refused(error) => Some((kept.refuse)(error)),
        Locked::Found(entry) => {
            let result = kept.decode(&entry).ok()?;
            job.hit(&entry);
            Some(result)
        }
    }
}

fn keep<R>(kept: &Kept<R>, mut job: Job, start: Instant, result: R) -> R {
    job.took = start.elapsed();
    match store(kept, &job, &result) {
        Some(error) => (kept.refuse)(error),
        None => result,
    }
}

fn store<R>(kept: &Kept<R>, job: &Job, result: &R) -> Option<Error> {
    match job.keeps() {
        Ok(true) => {}
        Ok(false) => return None,
        Err(error) => return Some(error),
    }
    match kept.encode(result, job.format)? {
        Ok(payload) => job.keep(job.codec(kept.codec), &payload),
        Err(error) => job.cannot_encode(job.codec(kept.codec), &error),
    }
}
