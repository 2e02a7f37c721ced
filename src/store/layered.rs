//! Keeps in memory what another store gives and takes.

use super::{Acceptance, Entry, Found, FunctionName, Header, Listed, Memory, Opened, Store, StoreError};
use crate::counts::FunctionStats;
use crate::fingerprint::Fingerprint;
use crate::key::Key;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// A store in memory over another one, which has everything.
///
/// The default is one over the [`Directory`](super::Directory): see `Config::memory`. What other processes
/// replace or remove below is noticed for what is not in memory.
///
/// ```
/// use checkpointing::{Config, Directory, Layered, Memory, configure};
///
/// let shared = Directory::new("/mnt/team/results");
/// configure(Config::new().store(Layered::new(Memory::new(1 << 30), shared)))?;
/// # Ok::<(), checkpointing::Error>(())
/// ```
#[derive(Debug)]
pub struct Layered<S> {
    memory: Memory,
    below: S,
}

impl<S: Store> Layered<S> {
    /// Puts the one over the other.
    #[must_use]
    pub fn new(memory: Memory, below: S) -> Layered<S> {
        Layered { memory, below }
    }
}

impl<S: Store> Store for Layered<S> {
    fn get(&self, key: &Key) -> Result<Option<Arc<Entry>>, StoreError> {
        if let Some(entry) = self.memory.get(key)? {
            return Ok(Some(entry));
        }
        let found = self.below.get(key)?;
        if let Some(entry) = &found
            && self.memory.takes(entry.header.length)
        {
            self.memory.keep(Arc::clone(entry));
        }
        Ok(found)
    }

    fn open(&self, key: &Key, least: u64) -> Result<Option<Opened>, StoreError> {
        if let Some(entry) = self.memory.get(key)? {
            return Ok(Some(entry.into()));
        }
        let found = self.below.open(key, least.max(self.memory.least_refused()))?;
        if let Some(Opened(Found::Whole(entry))) = &found {
            self.memory.keep(Arc::clone(entry));
        }
        Ok(found)
    }

    fn put(&self, header: &Header, payload: &[u8]) -> Result<(), StoreError> {
        // Also when there is no room below, this process has it.
        self.memory.put(header, payload)?;
        self.below.put(header, payload)
    }

    fn remove(&self, key: &Key) -> Result<bool, StoreError> {
        let above = self.memory.remove(key)?;
        Ok(self.below.remove(key)? || above)
    }

    fn list(&self) -> Box<dyn Iterator<Item = Result<Listed, StoreError>> + '_> {
        self.below.list()
    }

    fn verify(&self, key: &Key) -> Result<Option<Header>, StoreError> {
        self.below.verify(key)
    }

    fn share(&self, key: &Key, function: &str) -> Result<(), StoreError> {
        self.below.share(key, function)
    }

    fn put_closure(
        &self,
        function: &FunctionName,
        fingerprint: &Fingerprint,
        closure: &[u8],
    ) -> Result<(), StoreError> {
        self.below.put_closure(function, fingerprint, closure)
    }

    fn closure(&self, fingerprint: &Fingerprint) -> Result<Option<Vec<u8>>, StoreError> {
        self.below.closure(fingerprint)
    }

    fn last_fingerprint(&self, function: &FunctionName) -> Result<Option<Fingerprint>, StoreError> {
        self.below.last_fingerprint(function)
    }

    fn accepted(&self, function: &str, fingerprint: &Fingerprint) -> Result<Vec<Acceptance>, StoreError> {
        self.below.accepted(function, fingerprint)
    }

    fn record(&self, counts: &BTreeMap<FunctionName, FunctionStats>) -> Result<(), StoreError> {
        self.below.record(counts)
    }

    fn recorded(&self) -> Result<BTreeMap<FunctionName, FunctionStats>, StoreError> {
        self.below.recorded()
    }

    fn lock_path(&self, key: &Key) -> Option<PathBuf> {
        self.below.lock_path(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Directory;
    use std::time::Duration;

    #[test]
    fn memory_answers_and_the_store_below_has_everything() {
        let folder = tempfile::tempdir().unwrap();
        let below = || Directory::new(folder.path());
        let store = Layered::new(Memory::new(1 << 20), below());
        let key = Key::new([1; 32]);
        let put = |payload: &[u8]| {
            let code = Fingerprint::new([0; 32]);
            store.put(&Header::new(key, "q::calc", code, "json", Duration::ZERO, payload), payload).unwrap();
        };
        let code = Fingerprint::new([5; 32]);
        let calc = FunctionName::new("q::calc");
        store.put_closure(&calc, &code, b"closure").unwrap();
        assert_eq!(store.last_fingerprint(&calc).unwrap(), Some(code));
        assert_eq!(below().closure(&code).unwrap().as_deref(), Some(&b"closure"[..]));
        put(b"one");
        assert_eq!(below().get(&key).unwrap().unwrap().payload(), b"one");
        below().remove(&key).unwrap();
        assert_eq!(store.get(&key).unwrap().unwrap().payload(), b"one", "from memory");
        assert!(store.remove(&key).unwrap() && !store.remove(&key).unwrap());
        assert!(store.get(&key).unwrap().is_none());

        put(b"two");
        let fresh = Layered::new(Memory::new(1 << 20), below());
        let first = fresh.get(&key).unwrap().unwrap();
        let second = fresh.get(&key).unwrap().unwrap();
        let third = fresh.get(&key).unwrap().unwrap();
        assert_eq!((first.payload(), second.payload()), (&b"two"[..], &b"two"[..]));
        assert!(Arc::ptr_eq(&second, &third), "read from below once");
        put(&vec![7; 1 << 20]);
        assert_eq!(store.get(&key).unwrap().unwrap().header.length, 1 << 20, "too large for memory");
    }
}
