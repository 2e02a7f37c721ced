//! Keeps entries in memory up to a number of bytes; those that were not used for longest go first.
//!
//! A hit takes the read lock of one of several shards, and copies nothing. What is used is noted by a
//! clock that moves with each entry that comes, so that hits write to memory only once in between.

use super::{Entry, Header, Listed, Payload, Store, StoreError};
use crate::key::Key;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

const SHARDS: usize = 32;
/// An entry of more than this part of the limit would push out too many others.
const LARGEST: u64 = 4;
/// When the limit is passed, this part of it is freed, so that not every entry that comes costs a search.
const FREED: u64 = 8;
/// What an entry takes beside its payload: header, table and allocations, roughly.
const OVERHEAD: u64 = 256;

/// A store in this process's memory with a limit.
///
/// ```
/// use checkpointing::{Config, Memory, configure};
///
/// // Nothing goes to disk.
/// configure(Config::new().store(Memory::new(100 << 20)))?;
/// # Ok::<(), checkpointing::Error>(())
/// ```
#[derive(Debug)]
pub struct Memory {
    shards: [RwLock<Shard>; SHARDS],
    limit: u64,
    bytes: AtomicU64,
    /// Counts the entries that came.
    clock: AtomicU64,
}

type Shard = HashMap<Key, Slot, BuildHasherDefault<OfKey>>;

#[derive(Debug)]
struct Slot {
    entry: Arc<Entry>,
    used: AtomicU64,
}

impl Memory {
    /// A store of up to so many bytes. An entry of more than a quarter of them is not kept.
    #[must_use]
    pub fn new(limit: u64) -> Memory {
        let shards = std::array::from_fn(|_| RwLock::default());
        Memory { shards, limit, bytes: AtomicU64::new(0), clock: AtomicU64::new(0) }
    }

    /// Bytes that are kept now, roughly.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Relaxed)
    }

    /// The least length of a payload that is not kept.
    pub(super) fn least_refused(&self) -> u64 {
        (self.limit / LARGEST + 1).saturating_sub(OVERHEAD)
    }

    /// Whether an entry with so long a payload is kept.
    pub(super) fn takes(&self, length: u64) -> bool {
        length < self.least_refused()
    }

    /// Keeps an entry that was made elsewhere.
    pub(super) fn keep(&self, entry: Arc<Entry>) {
        if !self.takes(entry.header.length) {
            return;
        }
        let key = entry.header.key;
        let size = size(&entry);
        let slot = Slot { entry, used: AtomicU64::new(self.clock.fetch_add(1, Relaxed) + 1) };
        let old = write(self.shard(&key)).insert(key, slot);
        let bytes = self.bytes.fetch_add(size, Relaxed) + size;
        if let Some(old) = old {
            self.bytes.fetch_sub(size_of(&old), Relaxed);
        } else if bytes > self.limit {
            self.evict();
        }
    }

    #[cold]
    fn evict(&self) {
        let mut slots = Vec::new();
        for shard in &self.shards {
            let shard = read(shard);
            slots.extend(shard.iter().map(|(key, slot)| (slot.used.load(Relaxed), *key)));
        }
        slots.sort_unstable();
        let goal = self.limit - self.limit / FREED;
        for (_, key) in slots {
            if self.bytes() <= goal {
                return;
            }
            self.take(&key);
        }
    }

    fn take(&self, key: &Key) -> bool {
        let taken = write(self.shard(key)).remove(key);
        if let Some(slot) = &taken {
            self.bytes.fetch_sub(size_of(slot), Relaxed);
        }
        taken.is_some()
    }

    fn shard(&self, key: &Key) -> &RwLock<Shard> {
        // Not the byte that the table starts with.
        &self.shards[usize::from(key.as_bytes()[31]) % SHARDS]
    }
}

fn size_of(slot: &Slot) -> u64 {
    size(&slot.entry)
}

fn size(entry: &Entry) -> u64 {
    let Header { function, instance, file, length, .. } = &entry.header;
    length + (function.len() + instance.len() + file.len()) as u64 + OVERHEAD
}

fn read(shard: &RwLock<Shard>) -> RwLockReadGuard<'_, Shard> {
    shard.read().unwrap_or_else(PoisonError::into_inner)
}

fn write(shard: &RwLock<Shard>) -> RwLockWriteGuard<'_, Shard> {
    shard.write().unwrap_or_else(PoisonError::into_inner)
}

impl Store for Memory {
    fn get(&self, key: &Key) -> Result<Option<Arc<Entry>>, StoreError> {
        let shard = read(self.shard(key));
        Ok(shard.get(key).map(|slot| {
            let now = self.clock.load(Relaxed);
            if slot.used.load(Relaxed) != now {
                slot.used.store(now, Relaxed);
            }
            Arc::clone(&slot.entry)
        }))
    }

    fn put(&self, header: &Header, payload: &[u8]) -> Result<(), StoreError> {
        if self.takes(header.length) {
            self.keep(Arc::new(Entry::new(header.clone(), Payload::from(payload.to_vec()))));
        } else {
            // What it replaces is no longer the result.
            self.take(&header.key);
        }
        Ok(())
    }

    fn remove(&self, key: &Key) -> Result<bool, StoreError> {
        Ok(self.take(key))
    }

    fn list(&self) -> Box<dyn Iterator<Item = Result<Listed, StoreError>> + '_> {
        let shards = self.shards.iter();
        Box::new(shards.flat_map(|shard| {
            let shard = read(shard);
            shard.values().map(|slot| Ok(Listed::new(slot.entry.header.clone()))).collect::<Vec<_>>()
        }))
    }
}

/// A key is a hash already: its first bytes will do.
#[derive(Default)]
struct OfKey(u64);

impl Hasher for OfKey {
    fn write(&mut self, bytes: &[u8]) {
        if let Some(first) = bytes.first_chunk() {
            self.0 = u64::from_le_bytes(*first);
        }
    }

    /// The length of the array, which is always the same.
    fn write_usize(&mut self, _: usize) {}

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fingerprint::Fingerprint;
    use std::time::Duration;

    fn key(number: u32) -> Key {
        Key::new(blake3::hash(&number.to_le_bytes()).into())
    }

    fn put(store: &Memory, number: u32, length: usize) {
        let payload = vec![7; length];
        let code = Fingerprint::new([0; 32]);
        let header = Header::new(key(number), "q::calc", code, "json", Duration::ZERO, &payload);
        store.put(&header, &payload).unwrap();
    }

    fn has(store: &Memory, number: u32) -> bool {
        store.get(&key(number)).unwrap().is_some()
    }

    #[test]
    fn entries_are_kept_replaced_listed_and_removed() {
        let store = Memory::new(1 << 20);
        put(&store, 1, 10);
        put(&store, 1, 20);
        assert_eq!(store.get(&key(1)).unwrap().unwrap().payload(), [7; 20]);
        assert_eq!(store.list().count(), 1);
        assert!(store.remove(&key(1)).unwrap() && !store.remove(&key(1)).unwrap());
        assert_eq!((store.list().count(), store.bytes()), (0, 0));
    }

    #[test]
    fn what_was_not_used_for_longest_goes_first() {
        let store = Memory::new(100_000);
        for number in 0..70 {
            put(&store, number, 1000);
        }
        assert!((0..70).all(|number| has(&store, number)));
        put(&store, 70, 1000);
        for number in (0..70).step_by(2) {
            assert!(has(&store, number));
        }
        for number in 71..90 {
            put(&store, number, 1000);
            assert!(store.bytes() <= 100_000);
        }
        let odd = (1..70).step_by(2).filter(|number| has(&store, *number)).count();
        let even = (0..70).step_by(2).filter(|number| has(&store, *number)).count();
        assert!(odd < 30 && even == 35, "{odd} {even}");
        assert!((71..90).all(|number| has(&store, number)));
    }

    #[test]
    fn a_large_entry_does_not_push_out_the_others() {
        let store = Memory::new(100_000);
        put(&store, 1, 1000);
        put(&store, 2, 90_000);
        assert!(has(&store, 1) && !has(&store, 2));
        put(&Memory::new(0), 1, 0);
    }

    #[test]
    fn threads_share_it() {
        let store = Memory::new(200_000);
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let store = &store;
                scope.spawn(move || {
                    for number in 0..500 {
                        put(store, number * 4 + thread, 500);
                        assert!(store.get(&key(number)).is_ok());
                    }
                });
            }
        });
        let listed: u64 = store.list().map(|entry| entry.unwrap().size + 7 + OVERHEAD).sum();
        assert_eq!(listed, store.bytes());
        assert!(store.bytes() <= 200_000);
    }
}
