//! Runs a prepared call: from the store, or by computing, in a thread or in a future.

use super::outcome::Outcome;
use super::session::{Asked, Call, Job, Locked};
use crate::error::Error;
use std::future::Future;
use std::time::Instant;

/// Gives a function's result: what is stored, or what `compute` returns.
///
/// # Panics
/// As `compute` does, and under `on_error = raise`.
pub fn run<R, O: Outcome<R>>(call: Call, _: O, compute: impl FnOnce() -> R) -> R {
    let job = match look::<R, O>(call.ask()) {
        Looked::Done(result) => return result,
        Looked::Plain => return compute(),
        Looked::Compute(job) => job,
        Looked::Lock(mut job) => match after::<R, O>(job.lock(), &job) {
            Some(result) => return result,
            None => job,
        },
    };
    let start = Instant::now();
    let result = compute();
    keep::<R, O>(job, start, result)
}

/// The same for an async function; waiting blocks no thread.
///
/// # Panics
/// As the future does, and under `on_error = raise`.
pub async fn run_later<R, O: Outcome<R>, F: Future<Output = R>>(call: Call, _: O, compute: F) -> R {
    let job = match look::<R, O>(call.ask()) {
        Looked::Done(result) => return result,
        Looked::Plain => return compute.await,
        Looked::Compute(job) => job,
        Looked::Lock(mut job) => {
            let locked = job.lock_later().await;
            match after::<R, O>(locked, &job) {
                Some(result) => return result,
                None => job,
            }
        }
    };
    let start = Instant::now();
    let result = compute.await;
    keep::<R, O>(job, start, result)
}

enum Looked<R> {
    Done(R),
    Plain,
    Compute(Job),
    Lock(Job),
}

fn look<R, O: Outcome<R>>(asked: Asked) -> Looked<R> {
    match asked {
        Asked::Plain => Looked::Plain,
        Asked::Refused(error) => Looked::Done(O::refuse(error)),
        Asked::Compute(job) => Looked::Compute(job),
        Asked::Missing(job) => Looked::Lock(job),
        Asked::Found(found, job) => match O::decode(found.facts.format, found.payload()) {
            Ok(result) => {
                job.hit();
                Looked::Done(result)
            }
            Err(error) => match job.cannot_decode(error) {
                Some(error) => Looked::Done(O::refuse(error)),
                // The entry is there, so waiting for another to make it would end at once.
                None => Looked::Compute(job),
            },
        },
    }
}

fn after<R, O: Outcome<R>>(locked: Locked, job: &Job) -> Option<R> {
    match locked {
        Locked::Ours => None,
        Locked::Refused(error) => Some(O::refuse(error)),
        Locked::Found(found) => {
            let result = O::decode(found.facts.format, found.payload()).ok()?;
            job.hit();
            Some(result)
        }
    }
}

fn keep<R, O: Outcome<R>>(mut job: Job, start: Instant, result: R) -> R {
    job.took = start.elapsed();
    match store::<R, O>(&job, &result) {
        Some(error) => O::refuse(error),
        None => result,
    }
}

fn store<R, O: Outcome<R>>(job: &Job, result: &R) -> Option<Error> {
    let (format, mut draft) = job.draft();
    match job.keeps() {
        Ok(true) => {}
        Ok(false) => return None,
        Err(error) => return Some(error),
    }
    match O::encode(result, format, &mut draft)? {
        Ok(()) => job.keep(draft),
        Err(error) => job.cannot_encode(error),
    }
}
