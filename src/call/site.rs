//! Calls a function by name from anywhere: here through the cache, or by leaving word for its wrapper.

use super::arity::{Function, Given};
use super::directive::{self, Directive, Mode};
use super::kept::Kept;
use super::known::{Options, known};
use super::run;
use super::session::{self, Call};
use crate::config::Switch;
use crate::error::{Error, Reason};
use crate::fingerprint::Fingerprint;
use crate::key::{self, canon::Failed};
use crate::table::TableRef;
use crate::table::find::Missing;
use serde::Serialize;
use std::future::{Future, poll_fn};
use std::panic::Location;
use std::pin::pin;

/// A place in the program that calls a function through the cache.
#[derive(Clone, Copy, Debug)]
pub struct Site {
    table: TableRef,
    type_name: &'static str,
    pub(super) mode: Mode,
    options: Options,
    extra: Extra,
    caller: &'static Location<'static>,
}

#[derive(Clone, Copy, Debug)]
enum Extra {
    None,
    Hashed([u8; 32]),
    Failed,
}

/// How a function is to be called.
pub(super) enum Plan {
    /// Here, through the cache.
    Here(Call),
    /// It is called; its own wrapper does the rest.
    Wrapped(Option<Box<Directive>>),
    /// It is called, and unless it has a wrapper of its own that is an error.
    Unknown(Box<Directive>, &'static Missing),
}

impl Site {
    /// A call of the function with this type name.
    #[track_caller]
    #[must_use]
    pub fn new(table: TableRef, type_name: &'static str, mode: Mode) -> Site {
        let caller = Location::caller();
        Site { table, type_name, mode, options: Options::NONE, extra: Extra::None, caller }
    }

    /// Sets the call's literal options.
    #[must_use]
    pub fn options(mut self, options: Options) -> Site {
        self.options = options;
        self
    }

    /// Adds the call's `extra`.
    #[must_use]
    pub fn extra<T: Serialize + ?Sized>(mut self, value: &T) -> Site {
        self.extra = match key::digest(value) {
            Ok(digest) => Extra::Hashed(digest),
            Err(Failed(_)) => Extra::Failed,
        };
        self
    }

    /// Makes it a plain call unless the call's `when` holds.
    #[must_use]
    pub fn when(mut self, wanted: bool) -> Site {
        if !wanted {
            self.mode = Mode::Bypass;
        }
        self
    }

    /// Calls the function.
    ///
    /// # Panics
    /// As the function does, and under `on_error = raise`.
    #[track_caller]
    pub fn call<F, A, R>(self, kept: Kept<R>, function: F, given: Given<A>) -> R
    where
        F: Function<A, Output = R>,
    {
        let Given { values: arguments, hash } = given;
        match self.plan(&kept, |call| hash(&arguments, call)) {
            Plan::Here(call) => run::run(call, kept, || function.apply(arguments)),
            Plan::Wrapped(None) => function.apply(arguments),
            Plan::Wrapped(Some(directive)) => {
                let _left = directive::leave(directive);
                function.apply(arguments)
            }
            Plan::Unknown(directive, missing) => {
                let left = directive::leave(directive);
                let result = function.apply(arguments);
                if left.taken() { result } else { self.unmarked(missing).map_or(result, kept.refuse) }
            }
        }
    }

    /// Calls an async function.
    ///
    /// # Panics
    /// As the function does, and under `on_error = raise`.
    pub async fn call_later<F, A, R>(self, kept: Kept<R::Output>, function: F, given: Given<A>) -> R::Output
    where
        F: Function<A, Output = R>,
        R: Future,
    {
        let Given { values: arguments, hash } = given;
        match self.plan(&kept, |call| hash(&arguments, call)) {
            Plan::Here(call) => run::run_later(call, kept, function.apply(arguments)).await,
            Plan::Wrapped(None) => function.apply(arguments).await,
            Plan::Wrapped(Some(directive)) => directed(directive, function.apply(arguments)).await.0,
            Plan::Unknown(directive, missing) => {
                let (result, taken) = directed(directive, function.apply(arguments)).await;
                if taken { result } else { self.unmarked(missing).map_or(result, kept.refuse) }
            }
        }
    }

    #[track_caller]
    pub(super) fn plan<R>(&self, kept: &Kept<R>, hash: impl FnOnce(&mut Call)) -> Plan {
        self.plan_of(kept.stored, kept.own_codec(), hash)
    }

    #[track_caller]
    fn plan_of(
        &self,
        stored: &'static str,
        codec: Option<&'static str>,
        hash: impl FnOnce(&mut Call),
    ) -> Plan {
        let fail = |error, function: &str| Plan::Here(Call::failed(error, function, self.options, self.mode));
        let extra = match self.extra {
            Extra::None => None,
            Extra::Hashed(digest) => Some(digest),
            Extra::Failed => {
                let function = self.type_name.to_owned();
                let (place, part) = (session::place(self.caller), String::from("`extra`"));
                let message = String::from("its Serialize implementation failed");
                return fail(Error::KeyHash { function, place, part, message }, self.type_name);
            }
        };
        let known = match known(self.table, self.type_name, None) {
            Ok(known) => known,
            Err(missing) if matches!(missing.reason, Reason::NotInTable { .. }) => {
                let directive = self.directive(&missing.path, Vec::new(), extra);
                return Plan::Unknown(directive, missing);
            }
            Err(missing) => {
                let error = session::not_found(missing, &session::place(self.caller));
                return fail(error, &missing.path);
            }
        };
        let function = &known.function;
        if let Some(reason) = session::mixed(known) {
            let (path, place) = (function.path.clone(), function.place.clone());
            return fail(Error::NotFingerprinted { function: path, place, reason }, &function.path);
        }
        if function.flags.attribute {
            if let Some(codec) = codec {
                self.refuse(&function.path, Error::Setting {
                    place: session::place(self.caller),
                    name: String::from("codec"),
                    value: codec.to_owned(),
                    expected: "no value in the call of a function with #[checkpoint]: write it into the mark",
                });
            }
            let plain = self.mode == Mode::Cached && extra.is_none() && self.options.is_none();
            return Plan::Wrapped(
                (!plain).then(|| self.directive(&function.path, function.positions.clone(), extra)),
            );
        }
        let mut call = Call::start(known, self.options, self.mode, extra, stored);
        if call.counts() {
            hash(&mut call);
        }
        Plan::Here(call)
    }

    fn directive(&self, path: &str, positions: Vec<(u32, u32)>, extra: Option<[u8; 32]>) -> Box<Directive> {
        Box::new(Directive {
            path: path.to_owned(),
            positions,
            mode: self.mode,
            options: self.options,
            extra,
            value: None,
        })
    }

    /// The same place with another request.
    pub(super) fn with(self, mode: Mode) -> Site {
        // What `when` made a plain call stays one.
        if self.mode == Mode::Bypass { self } else { Site { mode, ..self } }
    }

    pub(super) fn fingerprint(&self) -> Result<Fingerprint, Error> {
        match known(self.table, self.type_name, None) {
            Ok(known) => Ok(Fingerprint::new(known.function.fingerprint())),
            Err(missing) => Err(session::not_found(missing, &session::place(self.caller))),
        }
    }

    pub(super) fn caller(&self) -> &'static Location<'static> {
        self.caller
    }

    /// Shows an error of a call that nothing else was prepared of.
    #[track_caller]
    pub(super) fn refuse(&self, function: &str, error: Error) -> Option<Error> {
        let settings = crate::config::settings();
        if self.mode == Mode::Bypass || settings.switch == Switch::Off {
            return None;
        }
        session::show(function, session::on_error(self.options, self.mode), error)
    }

    /// Says that a function has neither a row nor a wrapper.
    #[track_caller]
    pub(super) fn unmarked(&self, missing: &Missing) -> Option<Error> {
        self.refuse(&missing.path, session::not_found(missing, &session::place(self.caller)))
    }
}

/// Polls a future; a directive lies ready for its first poll, where an async function's body starts.
pub(super) async fn directed<F: Future>(directive: Box<Directive>, future: F) -> (F::Output, bool) {
    let mut future = pin!(future);
    let (mut directive, mut taken) = (Some(directive), false);
    let result = poll_fn(|context| match directive.take() {
        None => future.as_mut().poll(context),
        Some(directive) => {
            let left = directive::leave(directive);
            let polled = future.as_mut().poll(context);
            taken = left.taken();
            polled
        }
    })
    .await;
    (result, taken)
}
