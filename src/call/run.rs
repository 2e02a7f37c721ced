//! Runs a prepared call: from the store, or by computing, in a thread or in a future.

use super::directive::{Answer, Mode, Value};
use super::job::{Asked, Job, Locked};
use super::kept::Kept;
use super::session::Call;
use crate::error::Error;
use crate::lock;
use crate::point::point;
use std::future::Future;
use std::panic::resume_unwind;
use std::time::Instant;

/// Gives a function's result: what is stored, or what `compute` returns.
///
/// # Panics
/// As `compute` does, and under `on_error = raise`.
#[track_caller]
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

#[track_caller]
fn look<R>(kept: &Kept<R>, asked: Asked) -> Looked<R> {
    match asked {
        Asked::Plain => Looked::Plain,
        Asked::Refused(error) => Looked::Done((kept.refuse)(*error)),
        Asked::Compute(job) => Looked::Compute(job),
        Asked::Missing(job) => Looked::Lock(job),
        Asked::Nothing => throw(Answer::Nothing),
        Asked::Only(mode, job, value) => Looked::Done(only(kept, mode, &job, value)),
        Asked::Found(entry, job) => {
            let origin = job.origin(entry.header());
            match kept.decode(entry) {
                Ok(result) => {
                    job.hit(&origin);
                    Looked::Done(result)
                }
                Err(error) => match job.cannot_decode(&origin, &error) {
                    Some(error) => Looked::Done((kept.refuse)(error)),
                    // The entry is there, so waiting for another to make it would end at once.
                    None => Looked::Compute(job),
                },
            }
        }
    }
}

/// Does what a call site asked a wrapper for beside calls. Where there is no result to return, the answer
/// is thrown: the call site, `verbs`, waits for it.
#[track_caller]
fn only<R>(kept: &Kept<R>, mode: Mode, job: &Job, value: Option<Value>) -> R {
    let result = match mode {
        Mode::Peek => peek(kept, job),
        Mode::Put => value.and_then(|value| match kept.unpack(&value) {
            Ok(result) => {
                store(kept, job, &result);
                Some(result)
            }
            Err(error) => {
                job.cannot_encode(value.format.name(), &error);
                None
            }
        }),
        _ => {
            if job.forget() {
                throw(Answer::Forgotten);
            }
            None
        }
    };
    result.unwrap_or_else(|| throw(Answer::Nothing))
}

/// The stored result.
#[track_caller]
pub(super) fn peek<R>(kept: &Kept<R>, job: &Job) -> Option<R> {
    let entry = job.load().ok()??;
    let origin = job.origin(entry.header());
    match kept.decode(entry) {
        Ok(result) => {
            job.hit(&origin);
            Some(result)
        }
        Err(error) => {
            job.cannot_decode(&origin, &error);
            None
        }
    }
}

fn throw(answer: Answer) -> ! {
    // No panic: the hook, which prints a message, is not called.
    resume_unwind(Box::new(answer))
}

#[track_caller]
fn after<R>(kept: &Kept<R>, locked: Locked, job: &Job) -> Option<R> {
    match locked {
        Locked::Ours => None,
        Locked::Refused(error) => Some((kept.refuse)(error)),
        Locked::Found(entry) => {
            let origin = job.origin(entry.header());
            let result = kept.decode(entry).ok()?;
            job.hit(&origin);
            Some(result)
        }
    }
}

#[track_caller]
fn keep<R>(kept: &Kept<R>, mut job: Job, start: Instant, result: R) -> R {
    job.ran(start.elapsed());
    point("computed");
    match store(kept, &job, &result) {
        Some(error) => (kept.refuse)(error),
        None => result,
    }
}

#[track_caller]
pub(super) fn store<R>(kept: &Kept<R>, job: &Job, result: &R) -> Option<Error> {
    match job.keeps() {
        Ok(true) => {}
        Ok(false) => return None,
        Err(error) => return Some(error),
    }
    let codec = kept.codec(job.format());
    match kept.encode(result, job.format(), |payload| job.keep(codec, payload))? {
        Ok(Ok(())) => None,
        Ok(Err(fault)) => job.cannot_keep(fault),
        Err(error) => job.cannot_encode(codec, &error),
    }
}
