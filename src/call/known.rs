//! Remembers what each table says of each function, and where that function's results go.
//!
//! By the address of the table and the type's name: a static in a generic function is shared by all
//! its instantiations, which need rows of their own.

use super::record::End;
use super::session::ERRORS;
use super::stats::{Counters, Stats};
use crate::codec::Format;
use crate::config::{self, OnError};
use crate::counts::FunctionStats;
use crate::fingerprint::Fingerprint;
use crate::key::{self, Identify, Key};
use crate::report;
use crate::store::{Directory, FunctionName, Layered, Memory, Store};
use crate::table::TableRef;
use crate::table::find::{self, Function, Missing, Spot};
use crate::table::fresh;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{BuildHasherDefault, Hasher};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// Literal options, as macros write them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Folder of the store.
    pub directory: Option<&'static str>,
    /// What happens on errors.
    pub on_error: Option<OnError>,
    /// How results are written.
    pub format: Option<Format>,
    /// Part of the key.
    pub version: Option<u64>,
    /// The store itself; it wins over the folder.
    pub store: Option<&'static dyn Store>,
    /// A result that was stored longer ago is computed again.
    pub expires: Option<Duration>,
    /// What makes two calls the same.
    pub identify: Option<&'static dyn Identify>,
}

impl Options {
    /// Nothing is set.
    pub const NONE: Options = Options {
        directory: None,
        on_error: None,
        format: None,
        version: None,
        store: None,
        expires: None,
        identify: None,
    };

    pub(crate) fn is_none(&self) -> bool {
        let Options { directory, on_error, format, version, store, expires, identify } = self;
        directory.is_none()
            && on_error.is_none()
            && format.is_none()
            && version.is_none()
            && store.is_none()
            && expires.is_none()
            && identify.is_none()
    }

    /// These, and where nothing is set the others.
    pub(crate) fn over(self, other: Options) -> Options {
        // A folder and a store are two answers to one question.
        let here = self.directory.is_some() || self.store.is_some();
        Options {
            directory: if here { self.directory } else { other.directory },
            store: if here { self.store } else { other.store },
            on_error: self.on_error.or(other.on_error),
            format: self.format.or(other.format),
            version: self.version.or(other.version),
            expires: self.expires.or(other.expires),
            identify: self.identify.or(other.identify),
        }
    }
}

/// An option of a doc mark that cannot be obeyed.
#[derive(Debug)]
pub(crate) struct BadOption {
    pub name: &'static str,
    pub value: String,
    pub expected: &'static str,
}

/// A function that was found.
#[derive(Debug)]
pub(crate) struct Known {
    pub function: Function,
    /// What its keys end with.
    pub base: [u8; 32],
    /// Of a doc mark.
    pub options: Options,
    pub ignore: Vec<u32>,
    pub bad: Option<BadOption>,
    pub counters: Counters,
    edited: OnceLock<Option<PathBuf>>,
    /// Entries of other functions that this one was noted to use.
    shared: Mutex<BTreeSet<Key>>,
    /// What changed since the last result, once that was asked for.
    changed: OnceLock<Option<String>>,
    /// Addresses of the stores that have its closure.
    kept: Mutex<BTreeSet<usize>>,
    store: OnceLock<&'static dyn Store>,
    /// The store that was asked first, and what is accepted there.
    accepted: OnceLock<(&'static dyn Store, &'static [Accepted])>,
    /// What is accepted in the others, by their address.
    accepted_elsewhere: Mutex<BTreeMap<usize, &'static [Accepted]>>,
    /// What of the counts the store was told.
    recorded: Mutex<FunctionStats>,
}

/// A code of the function whose results serve the present one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Accepted {
    pub fingerprint: Fingerprint,
    /// What its keys end with.
    pub base: [u8; 32],
}

impl Known {
    fn new(function: Function) -> Known {
        let base = key::base(&function);
        let (mut options, mut ignore, mut bad) = (Options::NONE, Vec::new(), None);
        for (name, value) in &function.options {
            let expected = match *name {
                "directory" => {
                    options.directory = Some(Box::leak(value.clone().into_boxed_str()));
                    continue;
                }
                "on_error" => {
                    options.on_error = OnError::parse(value);
                    if options.on_error.is_some() {
                        continue;
                    }
                    OnError::EXPECTED
                }
                "format" => {
                    options.format = Format::parse(value);
                    if options.format.is_some() {
                        continue;
                    }
                    Format::EXPECTED
                }
                "version" => {
                    options.version = value.parse().ok();
                    if options.version.is_some() {
                        continue;
                    }
                    "a whole number"
                }
                "expires" => {
                    options.expires = value.parse().ok().map(Duration::from_secs);
                    if options.expires.is_some() {
                        continue;
                    }
                    "a time such as 15m"
                }
                "ignore" => {
                    let indexes: Result<Vec<u32>, _> =
                        value.split(',').map(|text| text.trim().parse()).collect();
                    if let Ok(indexes) = indexes {
                        ignore.extend(indexes);
                        continue;
                    }
                    "indexes of arguments"
                }
                _ => "nothing: this version does not have the option; remove it",
            };
            bad = Some(BadOption { name, value: value.clone(), expected });
        }
        Known {
            function,
            base,
            options,
            ignore,
            bad,
            counters: Counters::default(),
            edited: OnceLock::new(),
            shared: Mutex::default(),
            changed: OnceLock::new(),
            kept: Mutex::default(),
            store: OnceLock::new(),
            accepted: OnceLock::new(),
            accepted_elsewhere: Mutex::default(),
            recorded: Mutex::default(),
        }
    }

    /// What tells stores which function it is.
    pub fn name(&self) -> FunctionName {
        let function = &self.function;
        FunctionName::new(function.path.as_str()).with(function.full.as_str(), function.file())
    }

    /// Which other codes' results serve this one in a store; that is read once.
    pub fn accepted(&self, store: &'static dyn Store) -> &'static [Accepted] {
        let (first, accepted) = self.accepted.get_or_init(|| (store, self.read_accepted(store)));
        if address(*first) == address(store) {
            return accepted;
        }
        let mut elsewhere = self.accepted_elsewhere.lock().unwrap_or_else(PoisonError::into_inner);
        elsewhere.entry(address(store)).or_insert_with(|| self.read_accepted(store))
    }

    #[cold]
    fn read_accepted(&self, store: &dyn Store) -> &'static [Accepted] {
        let function = &self.function;
        // Where one of several functions can be meant, nobody could say which.
        let (Some(shape), [present]) = (function.shape, &function.fingerprints[..]) else { return &[] };
        let found = store.accepted(&function.path, &Fingerprint::new(*present)).unwrap_or_else(|error| {
            log::debug!(target: report::TARGET, "what is accepted for {} is not known: {error}", function.path);
            Vec::new()
        });
        let same = found.into_iter().filter(|acceptance| acceptance.shape == shape);
        let accepted = same.map(|acceptance| Accepted {
            fingerprint: acceptance.results,
            base: key::base_of(function, acceptance.results),
        });
        let accepted: Vec<Accepted> = accepted.collect();
        if accepted.is_empty() { &[] } else { accepted.leak() }
    }

    /// What changed since the last result; `find` is asked once. Whether this was the first time.
    pub fn changed(&self, find: impl FnOnce() -> Option<String>) -> (Option<&str>, bool) {
        let mut first = false;
        let changed = self.changed.get_or_init(|| {
            first = true;
            find()
        });
        (changed.as_deref(), first)
    }

    /// Whether this is the first result that goes to a store.
    pub fn is_new_to(&self, store: &'static dyn Store) -> bool {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).insert(address(store))
    }

    /// A source file that may be newer than the fingerprint; see [`fresh`].
    pub fn edited(&self) -> Option<&Path> {
        self.edited.get_or_init(|| fresh::edited(&self.function)).as_deref()
    }

    /// Whether this process uses an entry of another function for the first time.
    pub fn shares(&self, key: Key) -> bool {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner).insert(key)
    }

    /// The store of a call with these options, which hold over the mark's.
    pub fn store(&self, options: Options) -> &'static dyn Store {
        match (options.store, options.directory) {
            (Some(store), _) => store,
            (None, folder) if folder == self.options.directory => *self.store.get_or_init(|| store(folder)),
            (None, folder) => store(folder),
        }
    }
}

fn address(store: &'static dyn Store) -> usize {
    std::ptr::from_ref(store).cast::<()>() as usize
}

fn store(folder: Option<&str>) -> &'static dyn Store {
    static STORES: Mutex<Option<HashMap<PathBuf, &'static dyn Store>>> = Mutex::new(None);
    let settings = config::settings();
    let root = match (folder, &settings.store) {
        (Some(folder), _) => Path::new(folder),
        (None, Some(store)) => return &**store,
        (None, None) => &settings.directory,
    };
    let mut stores = STORES.lock().unwrap_or_else(PoisonError::into_inner);
    let stores = stores.get_or_insert_default();
    if let Some(store) = stores.get(root) {
        return *store;
    }
    // A program that changes its working directory keeps its cache.
    let absolute = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
    let directory = Directory::new(absolute).limited(settings.limits);
    let store: &'static dyn Store = match settings.memory {
        0 => Box::leak(Box::new(directory)),
        limit => Box::leak(Box::new(Layered::new(Memory::new(limit), directory))),
    };
    stores.insert(root.to_owned(), store);
    store
}

/// What is asked for: a table's address, a type's name, and for the attribute a place.
type Question = (usize, &'static str, Option<(u32, u32)>);
/// The same by address, which needs no lock: a name may have several addresses, an address one name.
type Near = (usize, usize, usize, Option<(u32, u32)>);
type Answer = Result<&'static Known, &'static Missing>;

static ANSWERS: Mutex<Option<HashMap<Question, Answer>>> = Mutex::new(None);

/// What a thread knows, and what is left to do when it ends.
#[derive(Default)]
struct Nearby {
    answers: RefCell<HashMap<Near, Answer, BuildHasherDefault<OfAddresses>>>,
    _end: End,
}

thread_local! {
    static NEAR: Nearby = Nearby::default();
}

/// Addresses are no secret and far apart: std's hasher would cost a tenth of a hit in memory.
#[derive(Default)]
struct OfAddresses(u64);

impl Hasher for OfAddresses {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(5) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    fn finish(&self) -> u64 {
        // The table looks at the lowest bits and at the highest ones.
        self.0 ^ (self.0 >> 32)
    }
}

/// Finds a function by name, or by place where one is given; each is searched for once.
pub(crate) fn known(table: TableRef, type_name: &'static str, spot: Option<Spot>) -> Answer {
    let address = std::ptr::from_ref(table.table) as usize;
    let position = spot.map(|spot| (spot.line, spot.column));
    let near = (address, type_name.as_ptr() as usize, type_name.len(), position);
    if let Some(answer) = NEAR.with(|nearby| nearby.answers.borrow().get(&near).copied()) {
        return answer;
    }
    let mut answers = ANSWERS.lock().unwrap_or_else(PoisonError::into_inner);
    let answer =
        *answers.get_or_insert_default().entry((address, type_name, position)).or_insert_with(|| {
            let found = match spot {
                Some(spot) => find::by_spot(table, type_name, spot),
                None => find::by_name(table, type_name),
            };
            match found {
                Ok(function) => Ok(Box::leak(Box::new(Known::new(function)))),
                Err(missing) => Err(Box::leak(Box::new(missing))),
            }
        });
    drop(answers);
    NEAR.with(|nearby| nearby.answers.borrow_mut().insert(near, answer));
    answer
}

/// What happened to cached calls in this process so far.
///
/// ```
/// let stats = checkpointing::stats();
/// println!("{} hits saved {:?}", stats.total().hits, stats.total().saved);
/// for (function, counts) in &stats.functions {
///     println!("{function}: {} hits, {} misses", counts.hits, counts.misses);
/// }
/// ```
#[must_use]
pub fn stats() -> Stats {
    let mut stats = Stats { errors: ERRORS.load(Relaxed), ..Stats::default() };
    let answers = ANSWERS.lock().unwrap_or_else(PoisonError::into_inner);
    for known in answers.iter().flat_map(HashMap::values).flatten() {
        stats.functions.entry(known.function.path.clone()).or_default().add(&known.counters.read());
    }
    stats
}

/// What was counted since this was called last, by the store that it belongs to: that of each function's first
/// call. Nothing where another thread is looking for a function: who ends a thread waits for nobody.
pub(super) fn unrecorded() -> Vec<(&'static dyn Store, BTreeMap<FunctionName, FunctionStats>)> {
    let mut found: Vec<(&'static dyn Store, BTreeMap<FunctionName, FunctionStats>)> = Vec::new();
    let Ok(answers) = ANSWERS.try_lock() else { return found };
    for known in answers.iter().flat_map(HashMap::values).flatten() {
        let (Some((store, _)), Ok(mut recorded)) = (known.accepted.get(), known.recorded.try_lock()) else {
            continue;
        };
        let now = known.counters.read();
        let new = now.since(&recorded);
        *recorded = now;
        if new == FunctionStats::default() {
            continue;
        }
        let at = found.iter().position(|(other, _)| address(*other) == address(*store));
        let at = at.unwrap_or_else(|| {
            found.push((*store, BTreeMap::new()));
            found.len() - 1
        });
        found[at].1.entry(known.name()).or_default().add(&new);
    }
    found
}
