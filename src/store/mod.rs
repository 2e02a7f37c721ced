//! Keeps results: bytes under a key, with a header that says how they came to be.

mod acceptance;
pub(crate) mod directory;
pub(crate) mod entry;
mod function_name;
mod layered;
mod memory;
mod opened;

pub use acceptance::Acceptance;
pub use directory::{Directory, Evicted, Limits};
pub use entry::{Entry, Header, Payload};
pub use function_name::FunctionName;
pub use layered::Layered;
pub use memory::Memory;
pub(crate) use opened::Found;
pub use opened::Opened;

use crate::counts::FunctionStats;
use crate::error::Problem;
use crate::fingerprint::Fingerprint;
use crate::key::Key;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

/// A place for results, shared between threads, and between processes where it can be.
///
/// A store keeps what it is given and gives it back whole or not at all. It need not keep it for long.
/// [`Directory`] is the default; `Config::store` sets another for the program, `store = expr` for one
/// function. The example keeps everything in a map.
///
/// ```
/// use checkpointing::{Entry, Header, Key, Listed, Payload, Store, StoreError};
/// use std::collections::BTreeMap;
/// use std::sync::{Arc, Mutex};
///
/// #[derive(Debug, Default)]
/// struct Map(Mutex<BTreeMap<Key, Arc<Entry>>>);
///
/// impl Store for Map {
///     fn get(&self, key: &Key) -> Result<Option<Arc<Entry>>, StoreError> {
///         Ok(self.0.lock().unwrap().get(key).cloned())
///     }
///
///     fn put(&self, header: &Header, payload: &[u8]) -> Result<(), StoreError> {
///         let entry = Entry::new(header.clone(), Payload::from(payload.to_vec()));
///         self.0.lock().unwrap().insert(header.key, Arc::new(entry));
///         Ok(())
///     }
///
///     fn remove(&self, key: &Key) -> Result<bool, StoreError> {
///         Ok(self.0.lock().unwrap().remove(key).is_some())
///     }
///
///     fn list(&self) -> Box<dyn Iterator<Item = Result<Listed, StoreError>> + '_> {
///         let entries: Vec<_> = self.0.lock().unwrap().values().cloned().collect();
///         Box::new(entries.into_iter().map(|entry| Ok(Listed::new(entry.header.clone()))))
///     }
/// }
///
/// checkpointing::configure(checkpointing::Config::new().store(Map::default()))?;
/// # Ok::<(), checkpointing::Error>(())
/// ```
pub trait Store: Debug + Send + Sync {
    /// The entry under a key.
    ///
    /// # Errors
    /// When it cannot be read, or is not what was put there. It counts as absent then, and is replaced.
    fn get(&self, key: &Key) -> Result<Option<Arc<Entry>>, StoreError>;

    /// The entry under a key; a payload of at least so many bytes may stay where it is, and become a value piece by
    /// piece. A store over another one may hand this on; any other can leave it as it is.
    ///
    /// # Errors
    /// As [`get`](Store::get). A payload that stays where it is has been checked.
    fn open(&self, key: &Key, _least: u64) -> Result<Option<Opened>, StoreError> {
        Ok(self.get(key)?.map(Opened::from))
    }

    /// Keeps a payload under `header.key`; an entry that is there already is replaced in one step.
    ///
    /// # Errors
    /// When it cannot be kept. Nothing of it is seen then.
    fn put(&self, header: &Header, payload: &[u8]) -> Result<(), StoreError>;

    /// Removes an entry; whether there was one.
    ///
    /// # Errors
    /// When it is there and cannot be removed.
    fn remove(&self, key: &Key) -> Result<bool, StoreError>;

    /// Everything that is kept, in no order, without the payloads. What is stored or removed in the
    /// meantime may be in it or not.
    fn list(&self) -> Box<dyn Iterator<Item = Result<Listed, StoreError>> + '_>;

    /// Checks an entry with its payload; `None` when there is none.
    ///
    /// # Errors
    /// As [`get`](Store::get).
    fn verify(&self, key: &Key) -> Result<Option<Header>, StoreError> {
        Ok(self.get(key)?.map(|entry| entry.header.clone()))
    }

    /// Notes that another function, of equal code, uses an entry. Called once a process.
    ///
    /// # Errors
    /// When that cannot be written.
    fn share(&self, _key: &Key, _function: &str) -> Result<(), StoreError> {
        Ok(())
    }

    /// Keeps what a function's code consists of, so that a later run can say what changed: the encoded
    /// `Closure` of the crate `checkpointing-closure`. Called when a function's code is not the
    /// [last](Store::last_fingerprint) that was kept. A store that keeps nothing costs the explanation.
    ///
    /// # Errors
    /// When it cannot be kept.
    fn put_closure(
        &self,
        _function: &FunctionName,
        _fingerprint: &Fingerprint,
        _closure: &[u8],
    ) -> Result<(), StoreError> {
        Ok(())
    }

    /// What was kept of a fingerprint.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    fn closure(&self, _fingerprint: &Fingerprint) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(None)
    }

    /// The fingerprint with which a function's closure was kept last.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    fn last_fingerprint(&self, _function: &FunctionName) -> Result<Option<Fingerprint>, StoreError> {
        Ok(None)
    }

    /// Which results of other codes serve a function's code: the user's word. Asked once a process, function
    /// and store, so that an acceptance is noticed by processes that start later.
    ///
    /// # Errors
    /// When it is there and cannot be read. Nothing is accepted then.
    fn accepted(&self, _function: &str, _fingerprint: &Fingerprint) -> Result<Vec<Acceptance>, StoreError> {
        Ok(Vec::new())
    }

    /// Adds to what is counted of the calls of functions.
    ///
    /// # Errors
    /// When it cannot be kept. The counts are lost then.
    fn record(&self, _counts: &BTreeMap<FunctionName, FunctionStats>) -> Result<(), StoreError> {
        Ok(())
    }

    /// What processes counted of the calls of functions so far.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    fn recorded(&self) -> Result<BTreeMap<FunctionName, FunctionStats>, StoreError> {
        Ok(BTreeMap::new())
    }

    /// Where processes of this machine meet to compute a key once: a file that they lock, in a folder that
    /// exists. Without one only the threads of this process meet.
    fn lock_path(&self, _key: &Key) -> Option<PathBuf> {
        None
    }
}

/// An entry in a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Listed {
    /// What stands in the entry.
    pub header: Header,
    /// Further functions that use it: those of equal code share entries. Sorted.
    pub users: Vec<String>,
    /// When it was last read, as far as that is known: file systems note it about once a day.
    pub used: Option<SystemTime>,
    /// Bytes that it takes where it is kept.
    pub size: u64,
}

impl Listed {
    /// An entry of which nothing is known but its header.
    #[must_use]
    pub fn new(header: Header) -> Listed {
        let size = header.length;
        Listed { header, users: Vec::new(), used: None, size }
    }
}

/// Why an entry could not be had or kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The system refused.
    #[error("{}: cannot {action}: {source}", path.display())]
    Io {
        /// What was tried: `read the entry`, ..
        action: &'static str,
        /// The file or folder, or whatever tells where the store is.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The entry is not what it should be.
    #[error("{}: {problem}", path.display())]
    Entry {
        /// Under which it was looked for.
        key: Key,
        /// Its file, or whatever tells where it is.
        path: PathBuf,
        /// What is wrong with it.
        problem: Problem,
    },
}
