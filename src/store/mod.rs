//! Keeps results: bytes under a key, with a few facts about how they came to be.

pub(crate) mod directory;
pub(crate) mod entry;

use crate::config::Format;
use crate::error::Problem;
use crate::key::Key;
use std::fmt::Debug;
use std::io;
use std::path::PathBuf;

/// What is kept with a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Facts {
    pub format: Format,
    /// Of the function, when the result was computed.
    pub fingerprint: [u8; 32],
    /// Path of the function that computed it; functions of equal code share entries.
    pub function: String,
    /// When it was stored, in nanoseconds since 1970.
    pub created: u64,
    /// How long the computation took, in nanoseconds.
    pub took: u64,
}

/// An entry as it was found.
#[derive(Debug)]
pub(crate) struct Found {
    pub facts: Facts,
    bytes: Vec<u8>,
    payload: usize,
}

impl Found {
    pub fn payload(&self) -> &[u8] {
        &self.bytes[self.payload..]
    }
}

/// Why an entry could not be had or kept.
#[derive(Debug)]
pub(crate) enum Fault {
    Io { action: &'static str, path: PathBuf, source: io::Error },
    Entry { path: PathBuf, problem: Problem },
}

/// A place for entries. Implementations are shared between threads and processes.
pub(crate) trait Store: Debug + Send + Sync {
    /// The entry under a key, checked whole.
    fn get(&self, key: &Key) -> Result<Option<Found>, Fault>;

    /// Keeps an entry; one that is there already is replaced in one step. The bytes are an
    /// [`entry::Draft`]'s, ready to be written.
    fn put(&self, key: &Key, entry: &[u8]) -> Result<(), Fault>;

    /// Where the lock file of a key belongs.
    fn lock_path(&self, key: &Key) -> PathBuf;

    /// Where the entry of a key is, for messages.
    fn entry_path(&self, key: &Key) -> PathBuf;
}
