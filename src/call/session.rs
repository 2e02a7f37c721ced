//! Prepares a call: finds the function, settles the options, makes the key, asks the store.
//!
//! Nothing here is generic over the result, so that it is compiled once and with this crate.

use super::directive::{self, Mode};
use super::known::{Known, Options, known};
use super::outcome::Argument;
use crate::codec::CodecError;
use crate::config::{self, Format, OnError, Switch};
use crate::error::{Error, Reason};
use crate::key::canon::Failed;
use crate::key::{Builder, Key};
use crate::lock::{self, Guard};
use crate::report;
use crate::store::directory::Directory;
use crate::store::{Facts, Fault, Found, Store, entry};
use crate::table::TableRef;
use crate::table::find::{Missing, Spot};
use serde::Serialize;
use std::io;
use std::panic::Location;
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A call that is being prepared.
pub struct Call {
    state: State,
}

enum State {
    /// Without the cache.
    Plain,
    /// It cannot have a key.
    Failed(Job0, Error),
    Building(Box<Open>),
}

/// What is needed to report about a function that has no job.
struct Job0 {
    function: String,
    on_error: OnError,
}

struct Open {
    known: &'static Known,
    options: Options,
    mode: Mode,
    key: Builder,
}

/// The state of a function that `on_error` speaks of.
fn on_error(options: Options) -> OnError {
    options.on_error.unwrap_or(config::settings().on_error)
}

/// The error of a function that was not found.
pub(crate) fn not_found(missing: &Missing, caller: &str) -> Error {
    Error::NotFingerprinted {
        function: missing.path.clone(),
        place: missing.place.clone().unwrap_or_else(|| caller.to_owned()),
        reason: missing.reason.clone(),
    }
}

/// Shows an error as `on_error` says; gives it back where it is to become the result.
///
/// # Panics
/// With the error, under `raise`.
pub(crate) fn show(function: &str, on_error: OnError, error: Error) -> Option<Error> {
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
        let (mut mode, mut merged, mut extra) = (Mode::Cached, options, None);
        if let Some(asked) = asked {
            mode = asked.mode;
            merged = asked.options.over(options);
            extra = asked.extra;
        }
        match answer {
            Ok(known) => Call::start(known, merged, mode, extra, stored),
            Err(missing) => {
                Call::failed(not_found(missing, &format!("{file}:{line}")), &missing.path, merged, mode)
            }
        }
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
            return Call { state: State::Plain };
        }
        if let Some(bad) = &known.bad {
            let (place, name) = (known.function.place.clone(), bad.name.to_owned());
            let error = Error::Setting { place, name, value: bad.value.clone(), expected: bad.expected };
            return Call::failed(error, &known.function.path, options, mode);
        }
        let mut key = Builder::new(&known.base, stored);
        if let Some(version) = options.version {
            key.version(version);
        }
        if let Some(extra) = &extra {
            key.call_extra(extra);
        }
        Call { state: State::Building(Box::new(Open { known, options, mode, key })) }
    }

    pub(crate) fn failed(error: Error, function: &str, options: Options, mode: Mode) -> Call {
        if mode == Mode::Bypass || config::settings().switch == Switch::Off {
            return Call { state: State::Plain };
        }
        let function = Job0 { function: function.to_owned(), on_error: on_error(options) };
        Call { state: State::Failed(function, error) }
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
            let job = Job0 { function, on_error: on_error(open.options) };
            self.state = State::Failed(job, error);
        }
    }

    /// Asks the store.
    pub(crate) fn ask(self) -> Asked {
        let open = match self.state {
            State::Plain => return Asked::Plain,
            State::Failed(job, error) => {
                return show(&job.function, job.on_error, error).map_or(Asked::Plain, Asked::Refused);
            }
            State::Building(open) => open,
        };
        let settings = config::settings();
        let job = Job {
            known: open.known,
            on_error: on_error(open.options),
            format: open.options.format.unwrap_or(settings.format),
            store: open.known.store(open.options),
            key: open.key.finish(),
            writes: settings.switch != Switch::ReadOnly,
            guard: None,
            took: Duration::ZERO,
        };
        if open.mode == Mode::Rerun || settings.switch == Switch::Refresh {
            log::debug!(target: report::TARGET, "rerun: {} ({})", job.known.function.path, job.key);
            return Asked::Compute(job);
        }
        match job.load() {
            Ok(Some(found)) => Asked::Found(found, job),
            Ok(None) => Asked::Missing(job),
            Err(error) => Asked::Refused(error),
        }
    }
}

/// What the store says to a call.
pub(crate) enum Asked {
    /// Call the function, and that is all.
    Plain,
    /// Make the error the result.
    Refused(Error),
    Found(Found, Job),
    Missing(Job),
    /// Compute in any case.
    Compute(Job),
}

/// What a lock brings.
pub(crate) enum Locked {
    /// Somebody else stored it in the meantime.
    Found(Found),
    /// It is on us to compute.
    Ours,
    Refused(Error),
}

/// A call with a key, from the first look into the store to the end of the computation.
pub(crate) struct Job {
    known: &'static Known,
    on_error: OnError,
    format: Format,
    store: &'static Directory,
    key: Key,
    writes: bool,
    guard: Option<Guard>,
    pub took: Duration,
}

impl Job {
    fn show(&self, error: Error) -> Option<Error> {
        show(&self.known.function.path, self.on_error, error)
    }

    fn names(&self) -> (String, String) {
        (self.known.function.path.clone(), self.known.function.place.clone())
    }

    fn fault(&self, fault: Fault) -> Error {
        let (function, place) = self.names();
        match fault {
            Fault::Io { action, path, source } => Error::Store { function, place, action, path, source },
            Fault::Entry { path, problem } => Error::Entry { function, place, path, problem },
        }
    }

    /// The entry, if there is a sound one.
    fn load(&self) -> Result<Option<Found>, Error> {
        match self.store.get(&self.key) {
            Ok(found) => Ok(found),
            Err(fault) => self.show(self.fault(fault)).map_or(Ok(None), Err),
        }
    }

    pub fn hit(&self) {
        log::debug!(target: report::TARGET, "hit: {} ({})", self.known.function.path, self.key);
    }

    /// Says that a sound entry does not make a result.
    pub fn cannot_decode(&self, error: CodecError) -> Option<Error> {
        let (function, place) = self.names();
        self.show(Error::Decode { function, place, codec: error.codec, message: error.message })
    }

    /// Where the lock is, with its folder made; `None` when nothing is to be written.
    pub fn lock_path(&self) -> Option<PathBuf> {
        self.writes.then(|| self.store.lock_path(&self.key))
    }

    /// The lock, when it is held.
    pub fn guard(&self) -> Option<&Guard> {
        self.guard.as_ref()
    }

    /// Waits until it is on us to compute, or until somebody else did.
    pub fn lock(&mut self) -> Locked {
        let Some(path) = self.lock_path() else {
            return Locked::Ours;
        };
        let locked = match lock::wait(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.store.make_locks(&path).and_then(|()| lock::wait(&path))
            }
            other => other,
        };
        self.locked(locked)
    }

    /// The same in a future.
    pub async fn lock_later(&mut self) -> Locked {
        let Some(path) = self.lock_path() else {
            return Locked::Ours;
        };
        let mut locked = lock::later::Wait::new(path.clone()).await;
        if locked.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
            locked = match self.store.make_locks(&path) {
                Ok(()) => lock::later::Wait::new(path).await,
                Err(error) => Err(error),
            };
        }
        self.locked(locked)
    }

    fn locked(&mut self, locked: io::Result<Option<Guard>>) -> Locked {
        match locked {
            Ok(guard) => {
                self.guard = guard;
                // Between the first look and the lock another one may have finished.
                match self.store.get(&self.key) {
                    Ok(Some(found)) => {
                        self.guard = None;
                        Locked::Found(found)
                    }
                    // What is wrong with it was said at the first look.
                    Ok(None) | Err(_) => Locked::Ours,
                }
            }
            Err(source) => {
                let lock = self.store.lock_path(&self.key);
                let (action, path) = ("lock the key", lock.parent().unwrap_or(&lock).to_owned());
                let error = self.fault(Fault::Io { action, path, source });
                self.show(error).map_or(Locked::Ours, Locked::Refused)
            }
        }
    }

    /// Whether the result is to be kept; `Err` where saying why not must become the result.
    pub fn keeps(&self) -> Result<bool, Error> {
        if !self.writes {
            return Ok(false);
        }
        let Some(file) = self.known.edited() else {
            return Ok(true);
        };
        let (function, place) = self.names();
        self.show(Error::Outdated { function, place, file: file.to_owned() }).map_or(Ok(false), Err)
    }

    /// Room for an entry: the codec appends to it.
    pub fn draft(&self) -> (Format, Vec<u8>) {
        (self.format, entry::draft(&self.known.function.path))
    }

    /// Keeps the result; the error where it must become the result.
    pub fn keep(&self, mut draft: Vec<u8>) -> Option<Error> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let nanos = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        let facts = Facts {
            format: self.format,
            fingerprint: self.known.function.fingerprint(),
            function: self.known.function.path.clone(),
            created: nanos(now),
            took: nanos(self.took),
        };
        entry::seal(&mut draft, &self.key, &facts);
        match self.store.put(&self.key, &draft) {
            Ok(()) => {
                log::debug!(target: report::TARGET, "stored: {} ({})", self.known.function.path, self.key);
                None
            }
            Err(fault) => self.show(self.fault(fault)),
        }
    }

    pub fn cannot_encode(&self, error: CodecError) -> Option<Error> {
        let (function, place) = self.names();
        self.show(Error::Encode { function, place, codec: error.codec, message: error.message })
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
