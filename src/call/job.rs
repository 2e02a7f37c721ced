//! Takes a call with a key through the store: a look, a lock, and what is kept in the end.
//!
//! Nothing here is generic over the result, so that it is compiled once and with this crate.

use super::changes;
use super::directive::{Mode, Value};
use super::known::Known;
use super::record;
use super::session::show;
use crate::codec::{CodecError, Format};
use crate::config::{self, OnError};
use crate::error::Error;
use crate::event::Event;
use crate::fingerprint::Fingerprint;
use crate::key::Key;
use crate::lock::{self, Guard, Place};
use crate::report;
use crate::store::{Header, Opened, Store, StoreError};
use log::Level;
use std::borrow::Cow;
use std::io;
use std::time::{Duration, Instant};

/// A payload of so many bytes becomes a value piece by piece, where store and codec can do that.
const LONG: u64 = 4 << 20;

/// What the store says to a call.
pub(crate) enum Asked {
    /// Call the function, and that is all.
    Plain,
    /// Make the error the result.
    Refused(Box<Error>),
    Found(Opened, Job),
    Missing(Job),
    /// Compute in any case.
    Compute(Job),
    /// Compute nothing: what a wrapper is asked beside calls.
    Only(Mode, Job, Option<Value>),
    /// Compute nothing: there is no store to ask.
    Nothing,
}

/// What a lock brings.
pub(crate) enum Locked {
    /// Somebody else stored it in the meantime.
    Found(Opened),
    /// It is on us to compute.
    Ours,
    Refused(Error),
}

/// Where a result comes from.
pub(crate) struct Origin {
    /// Another function of equal code computed it.
    elsewhere: bool,
    key: Key,
    /// Another code computed it, which the user accepted.
    accepted: Option<Fingerprint>,
    codec: Cow<'static, str>,
    took: Duration,
}

/// A call with a key, from the first look into the store to the end of the computation.
pub(crate) struct Job {
    known: &'static Known,
    key: Key,
    /// Keys of results of other codes that serve this one.
    others: Vec<Key>,
    store: &'static dyn Store,
    terms: Terms,
    guard: Option<Guard>,
    /// The run was asked for.
    asked: bool,
    took: Duration,
}

/// The options that hold for a call.
#[derive(Clone, Copy)]
pub(crate) struct Terms {
    pub format: Format,
    pub on_error: OnError,
    pub expires: Option<Duration>,
    pub writes: bool,
    /// When the call began, where its cost is to be known.
    pub started: Option<Instant>,
}

impl Job {
    pub fn new(
        known: &'static Known,
        key: Key,
        others: Vec<Key>,
        store: &'static dyn Store,
        terms: Terms,
    ) -> Job {
        Job { known, key, others, store, terms, guard: None, asked: false, took: Duration::ZERO }
    }

    pub fn format(&self) -> Format {
        self.terms.format
    }

    /// Asks the store.
    #[track_caller]
    pub fn ask(self) -> Asked {
        match self.load() {
            Ok(Some(entry)) => Asked::Found(entry, self),
            Ok(None) => {
                self.missed();
                Asked::Missing(self)
            }
            Err(error) => Asked::Refused(Box::new(error)),
        }
    }

    /// Removes the entry, and those that would serve in its place; whether there was one.
    #[track_caller]
    pub fn forget(&self) -> bool {
        let mut removed = false;
        for key in std::iter::once(&self.key).chain(&self.others).filter(|_| self.terms.writes) {
            match self.store.remove(key) {
                Ok(found) => removed |= found,
                Err(fault) => _ = self.show(self.fault(fault)),
            }
        }
        removed
    }

    /// Says why there is no result, as far as that is known. Where nobody listens nothing is looked up.
    fn missed(&self) {
        if !report::wants_reasons() {
            return;
        }
        let (changed, first) = self.known.changed(|| changes::since_last(self.known, self.store));
        let level = if changed.is_some() && first { Level::Info } else { Level::Debug };
        report::tell(level, &Event::Miss { function: &self.known.function.path, key: self.key, changed });
    }

    /// Asks nobody.
    pub fn rerun(mut self) -> Asked {
        self.asked = true;
        report::tell(Level::Debug, &Event::Rerun { function: &self.known.function.path, key: self.key });
        Asked::Compute(self)
    }

    /// Notes that the function ran.
    pub fn ran(&mut self, took: Duration) {
        self.took = took;
        self.known.counters.ran(self.asked, took);
        record::perhaps(Instant::now());
    }

    #[track_caller]
    fn show(&self, error: Error) -> Option<Error> {
        show(&self.known.function.path, self.terms.on_error, error)
    }

    fn names(&self) -> (String, String) {
        (self.known.function.path.clone(), self.known.function.place.clone())
    }

    fn fault(&self, fault: StoreError) -> Error {
        let (function, place) = self.names();
        match fault {
            StoreError::Io { action, path, source } => Error::Store { function, place, action, path, source },
            StoreError::Entry { path, problem, .. } => Error::Entry { function, place, path, problem },
        }
    }

    /// The entry, if there is a sound one that did not expire.
    #[track_caller]
    pub fn load(&self) -> Result<Option<Opened>, Error> {
        let own = self.load_from(&self.key)?;
        if own.is_some() || self.others.is_empty() {
            return Ok(own);
        }
        for key in &self.others {
            if let Some(entry) = self.load_from(key)? {
                return Ok(Some(entry));
            }
        }
        Ok(None)
    }

    #[track_caller]
    fn load_from(&self, key: &Key) -> Result<Option<Opened>, Error> {
        match self.store.open(key, LONG) {
            Ok(found) => Ok(found.filter(|entry| self.lasts(entry.header()))),
            Err(fault) => self.show(self.fault(fault)).map_or(Ok(None), Err),
        }
    }

    fn lasts(&self, header: &Header) -> bool {
        let Some(expires) = self.terms.expires else {
            return true;
        };
        // One from the future is no younger than one from the past: a clock was set.
        let age = header.created.elapsed().unwrap_or_else(|error| error.duration());
        age <= expires
    }

    /// What is still wanted of an entry when its payload has become a result.
    pub fn origin(&self, header: &Header) -> Origin {
        let Header { key, function, fingerprint, codec, took, .. } = header;
        Origin {
            elsewhere: *function != self.known.function.path,
            key: *key,
            accepted: (*key != self.key).then_some(*fingerprint),
            codec: codec.clone(),
            took: *took,
        }
    }

    /// Notes that an entry was used.
    #[track_caller]
    pub fn hit(&self, origin: &Origin) {
        let path = &self.known.function.path;
        let &Origin { key, accepted, took, .. } = origin;
        self.known.counters.hit(took, accepted.is_some());
        report::tell(Level::Debug, &Event::Hit { function: path, key, took, accepted });
        if let Some(started) = self.terms.started {
            let now = Instant::now();
            self.judge(now.saturating_duration_since(started), took);
            record::perhaps(now);
        }
        if origin.elsewhere
            && self.terms.writes
            && self.known.shares(key)
            && let Err(fault) = self.store.share(&key, path)
        {
            self.show(self.fault(fault));
        }
    }

    /// Warns once when a hit costs more than running.
    fn judge(&self, hit: Duration, run: Duration) {
        if self.terms.on_error != OnError::Ignore
            && config::settings().cost_warning
            && let Some((hit, run)) = self.known.counters.cost(hit, run)
        {
            let (path, place) = (&self.known.function.path, &self.known.function.place);
            report::say(&format!(
                "{place}: `{path}` is not worth caching: a hit takes {hit:?}, and running it took {run:?}; remove the mark, or silence this with `Config::cost_warning(false)`"
            ));
        }
    }

    /// Says that a sound entry does not make a result.
    #[track_caller]
    pub fn cannot_decode(&self, origin: &Origin, error: &CodecError) -> Option<Error> {
        let (function, place) = self.names();
        let (codec, message) = (origin.codec.to_string(), error.to_string());
        self.show(Error::Decode { function, place, codec, message })
    }

    /// What to lock; `None` when nothing is to be written.
    fn place(&self) -> Option<Place> {
        let function = &self.known.function.path;
        self.terms.writes.then(|| match self.store.lock_path(&self.key) {
            Some(path) => Place::file(path, function),
            None => Place::name(format!("{:p} {}", self.store, self.key), function),
        })
    }

    /// The lock, when it is held.
    pub fn guard(&self) -> Option<&Guard> {
        self.guard.as_ref()
    }

    /// Waits until it is on us to compute, or until somebody else did.
    #[track_caller]
    pub fn lock(&mut self) -> Locked {
        let Some(place) = self.place() else {
            return Locked::Ours;
        };
        let locked = lock::wait(&place);
        self.locked(&place, locked)
    }

    /// The same in a future.
    pub async fn lock_later(&mut self) -> Locked {
        let Some(place) = self.place() else {
            return Locked::Ours;
        };
        let locked = lock::later::Wait::new(place.clone()).await;
        self.locked(&place, locked)
    }

    #[track_caller]
    fn locked(&mut self, place: &Place, locked: io::Result<Option<Guard>>) -> Locked {
        match locked {
            Ok(guard) => {
                self.guard = guard;
                // Between the first look and the lock another one may have finished.
                match self.store.open(&self.key, LONG) {
                    Ok(Some(entry)) if self.lasts(entry.header()) => {
                        self.guard = None;
                        // The time was spent waiting.
                        self.terms.started = None;
                        Locked::Found(entry)
                    }
                    // What is wrong with it was said at the first look.
                    Ok(_) | Err(_) => Locked::Ours,
                }
            }
            Err(source) => {
                let path = place.path();
                let (action, path) = ("lock the key", path.parent().unwrap_or(path).to_owned());
                let error = self.fault(StoreError::Io { action, path, source });
                self.show(error).map_or(Locked::Ours, Locked::Refused)
            }
        }
    }

    /// Whether the result is to be kept; `Err` where saying why not must become the result.
    #[track_caller]
    pub fn keeps(&self) -> Result<bool, Error> {
        if !self.terms.writes {
            return Ok(false);
        }
        let Some(file) = self.known.edited() else {
            return Ok(true);
        };
        let (function, place) = self.names();
        self.show(Error::Outdated { function, place, file: file.to_owned() }).map_or(Ok(false), Err)
    }

    /// Keeps the result.
    pub fn keep(&self, codec: &'static str, payload: &[u8]) -> Result<(), StoreError> {
        let function = &self.known.function;
        let fingerprint = Fingerprint::new(function.fingerprint());
        let header = Header::new(self.key, function.path.as_str(), fingerprint, codec, self.took, payload)
            .computed_by(function.full.as_str(), function.file());
        self.store.put(&header, payload)?;
        self.known.counters.stored();
        let (took, bytes) = (self.took, header.length);
        report::tell(Level::Debug, &Event::Stored { function: &function.path, key: self.key, took, bytes });
        if self.known.is_new_to(self.store) {
            changes::keep(self.known, self.store);
        }
        Ok(())
    }

    #[track_caller]
    pub fn cannot_keep(&self, fault: StoreError) -> Option<Error> {
        self.show(self.fault(fault))
    }

    #[track_caller]
    pub fn cannot_encode(&self, codec: &'static str, error: &CodecError) -> Option<Error> {
        let (function, place) = self.names();
        let codec = codec.to_owned();
        self.show(match Format::parse(&codec).and_then(Format::lacks) {
            Some(features) => Error::Feature { function, place, format: codec, features },
            None => Error::Encode { function, place, codec, message: error.to_string() },
        })
    }
}
