//! Prepares a call: finds the function, settles the options, makes the key.
//!
//! Nothing here is generic over the result, so that it is compiled once and with this crate.

use super::directive::{self, Mode, Value};
use super::job::{Asked, Job, Terms};
use super::known::{Accepted, Known, Options, known};
use super::outcome::Argument;
use super::stats;
use crate::config::{self, OnError, Switch};
use crate::error::{Error, Reason};
use crate::event::Event;
use crate::fingerprint::Fingerprint;
use crate::key::canon::Failed;
use crate::key::{Builder, Identify, Identity, Key};
use crate::report;
use crate::table::TableRef;
use crate::table::find::{Missing, Spot};
use serde::Serialize;
use std::panic::Location;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

/// A call that is being prepared.
pub struct Call {
    state: State,
    mode: Mode,
    /// For [`Mode::Put`], from the call site.
    value: Option<Value>,
    /// When it began, where its cost is to be known.
    started: Option<Instant>,
}

enum State {
    /// Without the cache.
    Plain,
    /// It cannot have a key.
    Failed(Box<Failure>),
    Building(Box<Open>),
}

/// What is needed to report about a function that has no job. Apart, so that calls that work need not move it.
struct Failure {
    function: String,
    on_error: OnError,
    error: Error,
}

struct Open {
    known: &'static Known,
    options: Options,
    key: Builder,
    /// Name of the type that is stored.
    stored: &'static str,
    identify: Option<&'static dyn Identify>,
}

impl Open {
    /// The key, and those under which results of other codes are that serve this one.
    #[allow(clippy::boxed_local)] // only what is used is moved out of it
    fn keys(self: Box<Self>, accepted: &[Accepted]) -> (Key, Vec<Key>) {
        let Open { known, options: _, key, stored, identify } = *self;
        let Some(identify) = identify else {
            let others = accepted.iter().map(|other| key.again().finish(&other.base, stored)).collect();
            return (key.finish(&known.base, stored), others);
        };
        let arguments = key.arguments();
        let identified = |code: [u8; 32], fingerprint: Fingerprint| {
            let function = &known.function.path;
            identify.key(&Identity { function, code, fingerprint, result: stored, arguments })
        };
        let others = accepted.iter().map(|other| identified(other.base, other.fingerprint)).collect();
        (identified(known.base, Fingerprint::new(known.function.fingerprint())), others)
    }
}

/// The state of a function that `on_error` speaks of.
pub(super) fn on_error(options: Options, mode: Mode) -> OnError {
    match options.on_error.unwrap_or(config::settings().on_error) {
        // There is no result to hold the error.
        OnError::Return if mode.only_stores() => OnError::Warn,
        other => other,
    }
}

/// The error of a function that was not found.
pub(crate) fn not_found(missing: &Missing, caller: &str) -> Error {
    Error::NotFingerprinted {
        function: missing.path.clone(),
        place: missing.place.clone().unwrap_or_else(|| caller.to_owned()),
        reason: missing.reason.clone(),
    }
}

/// How many errors were shown.
pub(super) static ERRORS: AtomicU64 = AtomicU64::new(0);

/// Shows an error as `on_error` says; gives it back where it is to become the result.
///
/// # Panics
/// With the error, under `raise`: at the call in the program, since all that leads here has `#[track_caller]`. An
/// async function cannot have it.
#[track_caller]
pub(crate) fn show(function: &str, on_error: OnError, error: Error) -> Option<Error> {
    ERRORS.fetch_add(1, Relaxed);
    report::observe(&Event::Error { function, error: &error });
    match on_error {
        OnError::Ignore => None,
        OnError::Raise if !error.heals() => panic!("checkpointing: {error}"),
        OnError::Return if !error.heals() => Some(error),
        _ => {
            report::warn(function, &error);
            None
        }
    }
}

impl Call {
    /// Starts a call of a function with `#[checkpoint]`, inside of it.
    #[must_use]
    pub fn of_attribute(
        table: TableRef,
        closure: &'static str,
        (file, line, column): (&'static str, u32, u32),
        options: Options,
        stored: &'static str,
    ) -> Call {
        let answer = known(table, closure, Some(Spot { file, line, column }));
        let path = match answer {
            Ok(known) => known.function.path.as_str(),
            Err(missing) => missing.path.as_str(),
        };
        let asked = directive::take(path, (line, column));
        let (mut mode, mut merged, mut extra, mut value) = (Mode::Cached, options, None, None);
        if let Some(asked) = asked {
            mode = asked.mode;
            merged = asked.options.over(options);
            extra = asked.extra;
            value = asked.value;
        }
        let call = match answer {
            Ok(known) => Call::start(known, merged, mode, extra, stored),
            Err(missing) => {
                Call::failed(not_found(missing, &format!("{file}:{line}")), &missing.path, merged, mode)
            }
        };
        Call { value, ..call }
    }

    fn new(state: State, mode: Mode) -> Call {
        Call { state, mode, value: None, started: None }
    }

    /// Starts a call of a known function.
    pub(crate) fn start(
        known: &'static Known,
        options: Options,
        mode: Mode,
        extra: Option<[u8; 32]>,
        stored: &'static str,
    ) -> Call {
        let settings = config::settings();
        let options = options.over(known.options);
        if let Some((name, value, expected)) = &settings.problem {
            let (name, value, place) = ((*name).to_owned(), value.clone(), String::from("environment"));
            report::warn("environment", &Error::Setting { place, name, value, expected });
        }
        if mode == Mode::Bypass || settings.switch == Switch::Off {
            return Call::new(State::Plain, mode);
        }
        if let Some(bad) = &known.bad {
            let (place, name) = (known.function.place.clone(), bad.name.to_owned());
            let error = Error::Setting { place, name, value: bad.value.clone(), expected: bad.expected };
            return Call::failed(error, &known.function.path, options, mode);
        }
        let started = stats::sample();
        let identify = options.identify.or(settings.identify.as_deref());
        let mut key = Builder::new();
        if let Some(version) = options.version {
            key.version(version);
        }
        if let Some(extra) = &extra {
            key.call_extra(extra);
        }
        let open = Open { known, options, key, stored, identify };
        Call { started, ..Call::new(State::Building(Box::new(open)), mode) }
    }

    pub(crate) fn failed(error: Error, function: &str, options: Options, mode: Mode) -> Call {
        if mode == Mode::Bypass || config::settings().switch == Switch::Off {
            return Call::new(State::Plain, mode);
        }
        let failure = Failure { function: function.to_owned(), on_error: on_error(options, mode), error };
        Call::new(State::Failed(Box::new(failure)), mode)
    }

    /// Whether arguments are wanted.
    #[must_use]
    pub fn counts(&self) -> bool {
        matches!(self.state, State::Building(_))
    }

    /// Makes it a plain call unless the mark's `when` holds.
    pub fn when(&mut self, wanted: bool) {
        if !wanted {
            self.state = State::Plain;
        }
    }

    /// Adds the mark's `extra`.
    pub fn extra<T: Serialize + ?Sized>(&mut self, value: &T) {
        self.add(|open| open.key.extra(value), || String::from("`extra`"));
    }

    /// Adds an argument, unless the doc mark ignores it.
    pub fn argument<T: Argument + ?Sized>(&mut self, index: u32, value: &T) {
        self.add(
            |open| if open.known.ignore.contains(&index) { Ok(()) } else { open.key.argument(index, value) },
            || format!("argument {index}"),
        );
    }

    /// Adds what `hash_with` made of an argument.
    pub fn hashed_with<T: Serialize + ?Sized>(&mut self, index: u32, value: &T) {
        self.add(|open| open.key.hashed_with(index, value), || format!("argument {index}"));
    }

    #[inline]
    fn add(&mut self, add: impl FnOnce(&mut Open) -> Result<(), Failed>, part: impl Fn() -> String) {
        if let State::Building(open) = &mut self.state
            && let Err(failed) = add(open)
        {
            self.fail(part(), failed.0);
        }
    }

    #[cold]
    fn fail(&mut self, part: String, message: String) {
        if let State::Building(open) = &self.state {
            let function = open.known.function.path.clone();
            let place = open.known.function.place.clone();
            let error = Error::KeyHash { function: function.clone(), place, part, message };
            let failure = Failure { function, on_error: on_error(open.options, self.mode), error };
            self.state = State::Failed(Box::new(failure));
        }
    }

    /// Asks the store.
    #[track_caller]
    pub(crate) fn ask(self) -> Asked {
        let Call { state, mode, value, started } = self;
        let plain = if mode.only_stores() { Asked::Nothing } else { Asked::Plain };
        let open = match state {
            State::Plain => return plain,
            State::Failed(failure) => {
                let Failure { function, on_error, error } = *failure;
                return show(&function, on_error, error)
                    .map_or(plain, |error| Asked::Refused(Box::new(error)));
            }
            State::Building(open) => open,
        };
        let settings = config::settings();
        let (known, options) = (open.known, open.options);
        let store = known.store(options);
        let (key, others) = open.keys(known.accepted(store));
        let terms = Terms {
            format: options.format.unwrap_or(settings.format),
            on_error: on_error(options, mode),
            expires: options.expires.or(settings.expires),
            writes: settings.switch != Switch::ReadOnly,
            started,
        };
        let job = Job::new(known, key, others, store, terms);
        match mode {
            Mode::Peek | Mode::Forget | Mode::Put => Asked::Only(mode, job, value),
            Mode::Cached if settings.switch != Switch::Refresh => job.ask(),
            Mode::Cached | Mode::Rerun | Mode::Bypass => job.rerun(),
        }
    }
}

/// `file:line` of a caller.
pub(crate) fn place(caller: &Location<'_>) -> String {
    format!("{}:{}", caller.file(), caller.line())
}

/// The reason why one call cannot be told to be with or without a wrapper.
pub(crate) fn mixed(known: &Known) -> Option<Reason> {
    let flags = known.function.flags;
    (flags.doc && flags.attribute).then(|| {
        let lines = known.function.files.iter().zip(&known.function.positions);
        let places: Vec<String> = lines.map(|(file, (line, _))| format!("{file}:{line}")).collect();
        Reason::SameName { places: places.join(", ") }
    })
}
