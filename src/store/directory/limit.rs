//! Keeps a folder within its limits: removes what is cheap to compute again for the room that it takes.
//!
//! This is greedy-dual-size. An entry's worth is its compute time by its size, plus the *inflation* at the
//! time when it was last used; the inflation rises to the worth of whatever is removed, so that what is
//! no longer used loses in the end against anything new. Nothing is written on a hit: the file system
//! knows when a file was read, and the file `usage` knows how the inflation rose.
//!
//! The file also counts the bytes that were stored, so that the folder is looked through only when it may
//! have become too large, and by one process at a time.

use super::Directory;
use super::usage::{self, Usage, room, seconds};
use crate::key::Key;
use crate::store::{Store, StoreError};
use fs2::FileExt;
use std::fs::File;
use std::time::{Duration, SystemTime};

/// How much a folder may hold. `None` is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of all entries, in whole blocks of 4 KiB.
    pub max_size: Option<u64>,
    /// Since an entry was stored.
    pub max_age: Option<Duration>,
}

/// What [`Directory::evict`] removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Evicted {
    /// How many entries.
    pub entries: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Bytes of the entries that are left.
    pub left: u64,
}

/// When the limit is passed, this part of it is freed, so that not every entry that comes costs a search.
const FREED: u64 = 10;
/// A folder with a maximum age is looked through so many times in that age.
const LOOKS: u32 = 8;
impl Directory {
    /// The same folder with limits: each entry that is stored is counted, and when the folder may have become
    /// too large, it is looked through. Without limits nothing is ever removed.
    ///
    /// ```
    /// use checkpointing::{Directory, Limits};
    ///
    /// let store = Directory::new("results").limited(Limits { max_size: Some(1 << 30), max_age: None });
    /// # let _ = store;
    /// ```
    #[must_use]
    pub fn limited(mut self, limits: Limits) -> Directory {
        self.limits = limits;
        self
    }

    /// Removes what is over the limits, now: first what is too old, then what is the cheapest to compute
    /// again for the room that it takes and was not used for long. Damaged entries go, too. Processes that
    /// are reading an entry have it to the end.
    ///
    /// # Errors
    /// When the folder cannot be looked through, or an entry cannot be removed.
    ///
    /// ```
    /// use checkpointing::{Directory, Limits};
    /// use std::time::Duration;
    ///
    /// let year = Duration::from_secs(365 * 24 * 60 * 60);
    /// let removed = Directory::new(".checkpointing").evict(Limits { max_size: None, max_age: Some(year) })?;
    /// println!("{} entries of {} bytes", removed.entries, removed.bytes);
    /// # Ok::<(), checkpointing::StoreError>(())
    /// ```
    pub fn evict(&self, limits: Limits) -> Result<Evicted, StoreError> {
        if !self.version.exists() {
            return Ok(Evicted::default());
        }
        let mut usage = self.usage(|_| ())?;
        let mut evicted = Evicted::default();
        let removed = self.remove_over(limits, &mut usage, &mut evicted);
        self.usage(|now| {
            now.bytes = evicted.left;
            now.looked = seconds(SystemTime::now());
            now.steps = usage.steps;
        })?;
        removed.map(|()| evicted)
    }

    fn remove_over(
        &self,
        limits: Limits,
        usage: &mut Usage,
        evicted: &mut Evicted,
    ) -> Result<(), StoreError> {
        let now = SystemTime::now();
        let mut kept: Vec<(f64, u64, Key)> = Vec::new();
        let mut unreadable = None;
        for entry in self.listed() {
            match entry {
                Ok(entry) => {
                    let old = |age| now.duration_since(entry.header.created).is_ok_and(|since| since > age);
                    let size = room(entry.size);
                    if limits.max_age.is_some_and(old) {
                        self.evict_one(&entry.header.key, size, evicted)?;
                    } else {
                        evicted.left += size;
                        kept.push((usage.worth(&entry), size, entry.header.key));
                    }
                }
                Err(StoreError::Entry { key, .. }) => self.evict_one(&key, 0, evicted)?,
                Err(error) => unreadable = Some(error),
            }
        }
        let max_size = limits.max_size.filter(|max_size| evicted.left > *max_size);
        let goal = max_size.map_or(u64::MAX, |max_size| max_size - max_size / FREED);
        kept.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.2.cmp(&b.2)));
        let mut inflation = 0.0;
        for (worth, size, key) in kept {
            if evicted.left <= goal {
                break;
            }
            self.evict_one(&key, size, evicted)?;
            evicted.left -= size;
            inflation = worth;
        }
        usage.raise(seconds(now), inflation);
        // What cannot be looked at is no reason to keep the others beyond the limits.
        unreadable.map_or(Ok(()), Err)
    }

    fn evict_one(&self, key: &Key, size: u64, evicted: &mut Evicted) -> Result<(), StoreError> {
        if self.remove(key)? {
            evicted.entries += 1;
            evicted.bytes += size;
        }
        Ok(())
    }

    /// Counts an entry that was stored, and keeps within the limits.
    pub(super) fn charge(&self, bytes: u64) -> Result<(), StoreError> {
        let Limits { max_size, max_age } = self.limits;
        if max_size.is_none() && max_age.is_none() {
            return Ok(());
        }
        let usage = self.usage(|usage| usage.bytes = usage.bytes.saturating_add(room(bytes)))?;
        // A look in the future was one before the clock was set back.
        let since = Duration::from_secs(seconds(SystemTime::now()).abs_diff(usage.looked));
        let due = usage.looked == 0
            || max_size.is_some_and(|max_size| usage.bytes > max_size)
            || max_age.is_some_and(|age| since > age / LOOKS);
        if !due {
            return Ok(());
        }
        let path = self.version.join("evicting");
        let io = |source| StoreError::Io {
            action: "keep the store within its limits",
            path: path.clone(),
            source,
        };
        let lock = File::create(&path).map_err(io)?;
        // Another process is at it.
        if FileExt::try_lock_exclusive(&lock).is_err() {
            return Ok(());
        }
        self.evict(self.limits).map(|_| ())
    }

    /// Changes the file `usage`, and gives what it says then.
    fn usage(&self, change: impl FnOnce(&mut Usage)) -> Result<Usage, StoreError> {
        let path = self.version.join("usage");
        usage::change(&path, change).map_err(|source| StoreError::Io {
            action: "keep the store within its limits",
            path,
            source,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fingerprint::Fingerprint;
    use crate::store::Header;
    use std::fs;

    fn put(store: &Directory, number: u8, took: Duration) {
        let payload = vec![number; 10_000];
        let code = Fingerprint::new([0; 32]);
        let header = Header::new(Key::new([number; 32]), "q::calc", code, "json", took, &payload);
        store.put(&header, &payload).unwrap();
    }

    fn numbers(store: &Directory) -> Vec<u8> {
        let mut keys: Vec<u8> = store.list().map(|entry| entry.unwrap().header.key.as_bytes()[0]).collect();
        keys.sort_unstable();
        keys
    }

    fn limit(max_size: u64) -> Limits {
        Limits { max_size: Some(max_size), max_age: None }
    }

    #[test]
    fn what_is_dear_to_compute_stays() {
        let folder = tempfile::tempdir().unwrap();
        let store = Directory::new(folder.path()).limited(limit(130_000));
        for number in 1..=40 {
            // Every fourth took long.
            put(&store, number, Duration::from_millis(if number % 4 == 0 { 1000 } else { 1 }));
            let bytes: u64 = store.list().map(|entry| room(entry.unwrap().size)).sum();
            assert!(bytes <= 130_000, "{bytes}");
        }
        let left = numbers(&store);
        assert!((4..=40).step_by(4).filter(|number| left.contains(number)).count() >= 9, "{left:?}");
    }

    #[test]
    fn what_is_too_old_or_damaged_goes() {
        let folder = tempfile::tempdir().unwrap();
        let store = Directory::new(folder.path());
        assert_eq!(store.evict(limit(0)).unwrap(), Evicted::default());
        put(&store, 1, Duration::from_secs(1));
        put(&store, 2, Duration::from_secs(1));
        fs::write(store.entry_path(&Key::new([2; 32])), "rubbish").unwrap();
        let hour = Limits { max_size: None, max_age: Some(Duration::from_secs(3600)) };
        assert_eq!(store.evict(hour).unwrap().entries, 1);
        assert_eq!(numbers(&store), [1]);
        std::thread::sleep(Duration::from_millis(5));
        let now = Limits { max_size: None, max_age: Some(Duration::from_millis(1)) };
        let evicted = store.evict(now).unwrap();
        assert_eq!((evicted.entries, evicted.left, numbers(&store)), (1, 0, vec![]));
    }

    #[test]
    fn what_cannot_be_looked_at_does_not_keep_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let store = Directory::new(folder.path());
        (1..=5).for_each(|number| put(&store, number, Duration::from_secs(1)));
        let strange = store.entry_path(&Key::new([3; 32]));
        fs::remove_file(&strange).unwrap();
        fs::create_dir(&strange).unwrap();
        let StoreError::Io { path, .. } = store.evict(limit(30_000)).unwrap_err() else { panic!() };
        assert_eq!(path, strange);
        fs::remove_dir(&strange).unwrap();
        assert_eq!(numbers(&store).len(), 2);
        let usage = fs::read_to_string(folder.path().join("v2/usage")).unwrap();
        assert!(usage.starts_with("24576 "), "what is left was counted: {usage}");
    }

    #[test]
    fn numbers_in_the_file_that_are_no_counts_are_no_harm() {
        let folder = tempfile::tempdir().unwrap();
        let store = Directory::new(folder.path()).limited(limit(1 << 20));
        put(&store, 1, Duration::from_secs(1));
        let usage = folder.path().join("v2/usage");
        let [most, far] = [u64::MAX.to_string(), String::from("99999999999")];
        for text in [format!("{most} 1\n"), format!("{most} {far}\n9 NaN\n1 inf\n"), format!("0 {far}\n")] {
            fs::write(&usage, text).unwrap();
            put(&store, 2, Duration::from_secs(1));
            assert_eq!(numbers(&store), [1, 2]);
        }
        let aged = Limits { max_size: None, max_age: Some(Duration::from_secs(3600)) };
        put(&Directory::new(folder.path()).limited(aged), 3, Duration::from_secs(1));
        let now = seconds(SystemTime::now());
        let looked = Usage::parse(&fs::read_to_string(&usage).unwrap()).looked;
        assert!(looked <= now, "a look of before the clock was set back does not count");
    }

    #[test]
    fn readers_and_writers_go_on_while_entries_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let open = || Directory::new(folder.path()).limited(limit(60_000));
        std::thread::scope(|scope| {
            for thread in 0..3_u8 {
                scope.spawn(move || {
                    let store = open();
                    for round in 0..60_u16 {
                        let number = ((round * 7 + u16::from(thread) * 3) % 20) as u8;
                        match store.get(&Key::new([number; 32])).unwrap() {
                            Some(entry) => assert_eq!(entry.payload(), vec![number; 10_000]),
                            None => put(&store, number, Duration::from_micros(u64::from(number))),
                        }
                    }
                });
            }
        });
        open().evict(limit(60_000)).unwrap();
        assert!(numbers(&open()).len() <= 6);
    }
}
