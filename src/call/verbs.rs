//! Looks at, removes and sets a stored result without running the function.
//!
//! A function with a doc mark is dealt with here. One with a wrapper is called, and the wrapper, which
//! alone knows its options, answers in place of running: it returns the result, or throws an [`Answer`].

use super::arity::{Function, Given};
use super::directive::{self, Answer, Directive, Mode};
use super::job::Asked;
use super::kept::{Kept, Parts};
use super::run;
use super::session::{self, Call};
use super::site::{self, Plan, Site};
use crate::codec::CodecError;
use crate::error::Error;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;
use std::task::Poll;

/// Whether an answer can be thrown. Under `panic = "abort"` it would end the process.
const THROWS: bool = cfg!(panic = "unwind");

/// What has become of a request.
enum Answered<R> {
    Result(R),
    Forgotten,
    Nothing,
}

impl Site {
    /// What is stored for these arguments.
    ///
    /// # Panics
    /// Under `on_error = raise`.
    #[track_caller]
    pub fn peek<F, A, R, V>(
        self,
        kept: Kept<R>,
        (take, _): Parts<R, V>,
        function: F,
        given: Given<A>,
    ) -> Option<V>
    where
        F: Function<A, Output = R>,
    {
        self.ask(kept, None, given, |arguments| function.apply(arguments)).result().and_then(take)
    }

    /// Removes what is stored for these arguments; whether there was anything.
    ///
    /// # Panics
    /// Under `on_error = raise`.
    #[track_caller]
    pub fn forget<F, A, R, V>(self, kept: Kept<R>, _: Parts<R, V>, function: F, given: Given<A>) -> bool
    where
        F: Function<A, Output = R>,
    {
        matches!(self.ask(kept, None, given, |arguments| function.apply(arguments)), Answered::Forgotten)
    }

    /// Stores a value for these arguments.
    ///
    /// # Panics
    /// Under `on_error = raise`.
    #[track_caller]
    pub fn put<F, A, R, V>(
        self,
        kept: Kept<R>,
        (_, wrap): Parts<R, V>,
        function: F,
        given: Given<A>,
        value: V,
    ) where
        F: Function<A, Output = R>,
    {
        self.ask(kept, Some(wrap(value)), given, |arguments| function.apply(arguments));
    }

    #[track_caller]
    fn ask<A, R>(
        self,
        kept: Kept<R>,
        value: Option<R>,
        given: Given<A>,
        call: impl FnOnce(A) -> R,
    ) -> Answered<R> {
        let Given { values: arguments, hash } = given;
        match self.begin(&kept, value, self.plan(&kept, |call| hash(&arguments, call))) {
            Err(answered) => answered,
            Ok(directive) => {
                let left = directive::leave(directive);
                let result = caught(|| call(arguments));
                result.unless(!left.taken())
            }
        }
    }

    /// The same for an async function, whose body is entered with the first poll.
    async fn ask_later<A, F: Future>(
        self,
        kept: Kept<F::Output>,
        value: Option<F::Output>,
        given: Given<A>,
        call: impl FnOnce(A) -> F,
    ) -> Answered<F::Output> {
        let Given { values: arguments, hash } = given;
        let mut future = match self.begin(&kept, value, self.plan(&kept, |call| hash(&arguments, call))) {
            Err(answered) => return answered,
            Ok(directive) => pin!(site::directed(directive, call(arguments))),
        };
        poll_fn(|context| match caught(|| future.as_mut().poll(context)) {
            Answered::Result(Poll::Pending) => Poll::Pending,
            Answered::Result(Poll::Ready((result, taken))) => {
                Poll::Ready(Answered::Result(result).unless(!taken))
            }
            Answered::Forgotten => Poll::Ready(Answered::Forgotten),
            Answered::Nothing => Poll::Ready(Answered::Nothing),
        })
        .await
    }

    /// What to leave for a wrapper; the answer where there is none to ask.
    #[track_caller]
    fn begin<R>(&self, kept: &Kept<R>, value: Option<R>, plan: Plan) -> Result<Box<Directive>, Answered<R>> {
        match plan {
            Plan::Here(call) => Err(here(call, kept, value, self.mode)),
            Plan::Unknown(_, missing) => {
                self.unmarked(missing);
                Err(Answered::Nothing)
            }
            Plan::Wrapped(directive) => self.pack(directive, kept, value.as_ref()).ok_or(Answered::Nothing),
        }
    }

    /// As [`peek`](Site::peek), for an async function.
    ///
    /// # Panics
    /// Under `on_error = raise`.
    pub async fn peek_later<F, A, R, V>(
        self,
        kept: Kept<R::Output>,
        (take, _): Parts<R::Output, V>,
        function: F,
        given: Given<A>,
    ) -> Option<V>
    where
        F: Function<A, Output = R>,
        R: Future,
    {
        self.ask_later(kept, None, given, |arguments| function.apply(arguments)).await.result().and_then(take)
    }

    /// As [`forget`](Site::forget), for an async function.
    ///
    /// # Panics
    /// Under `on_error = raise`.
    pub async fn forget_later<F, A, R, V>(
        self,
        kept: Kept<R::Output>,
        _: Parts<R::Output, V>,
        function: F,
        given: Given<A>,
    ) -> bool
    where
        F: Function<A, Output = R>,
        R: Future,
    {
        let answered = self.ask_later(kept, None, given, |arguments| function.apply(arguments)).await;
        matches!(answered, Answered::Forgotten)
    }

    /// As [`put`](Site::put), for an async function.
    ///
    /// # Panics
    /// Under `on_error = raise`.
    pub async fn put_later<F, A, R, V>(
        self,
        kept: Kept<R::Output>,
        (_, wrap): Parts<R::Output, V>,
        function: F,
        given: Given<A>,
        value: V,
    ) where
        F: Function<A, Output = R>,
        R: Future,
    {
        self.ask_later(kept, Some(wrap(value)), given, |arguments| function.apply(arguments)).await;
    }

    /// The request to a wrapper; `None` when it cannot be asked.
    #[track_caller]
    fn pack<R>(
        &self,
        directive: Option<Box<Directive>>,
        kept: &Kept<R>,
        value: Option<&R>,
    ) -> Option<Box<Directive>> {
        let mut directive = directive?;
        if !THROWS {
            self.refuse(
                &directive.path,
                Error::Unwinding { function: directive.path.clone(), place: session::place(self.caller()) },
            );
            return None;
        }
        if let Some(value) = value {
            match kept.pack(value)? {
                Ok(value) => directive.value = Some(value),
                Err(error) => {
                    self.refuse(&directive.path, self.unpacked(&directive.path, &error));
                    return None;
                }
            }
        }
        Some(directive)
    }

    fn unpacked(&self, function: &str, error: &CodecError) -> Error {
        let (function, place) = (function.to_owned(), session::place(self.caller()));
        Error::Encode { function, place, codec: String::from("postcard or json"), message: error.to_string() }
    }
}

impl<R> Answered<R> {
    fn result(self) -> Option<R> {
        match self {
            Answered::Result(result) => Some(result),
            Answered::Forgotten | Answered::Nothing => None,
        }
    }

    /// A result is none of ours where the wrapper did not take the request.
    fn unless(self, ran: bool) -> Answered<R> {
        match self {
            Answered::Result(_) if ran => Answered::Nothing,
            other => other,
        }
    }
}

#[track_caller]
fn here<R>(call: Call, kept: &Kept<R>, value: Option<R>, mode: Mode) -> Answered<R> {
    let Asked::Only(_, job, _) = call.ask() else {
        return Answered::Nothing;
    };
    match (mode, value) {
        (Mode::Put, Some(value)) => {
            run::store(kept, &job, &value);
            Answered::Nothing
        }
        (Mode::Forget, _) if job.forget() => Answered::Forgotten,
        (Mode::Peek, _) => run::peek(kept, &job).map_or(Answered::Nothing, Answered::Result),
        _ => Answered::Nothing,
    }
}

/// Calls a wrapper and catches its answer; panics go on.
fn caught<T>(call: impl FnOnce() -> T) -> Answered<T> {
    // What the call had in hand is dropped and seen by nobody.
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(result) => Answered::Result(result),
        Err(thrown) => match thrown.downcast::<Answer>() {
            Ok(answer) if *answer == Answer::Forgotten => Answered::Forgotten,
            Ok(_) => Answered::Nothing,
            Err(panic) => resume_unwind(panic),
        },
    }
}
