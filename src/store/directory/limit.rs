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
use crate::key::Key;
use crate::store::{Listed, Store, StoreError};
use fs2::FileExt;
use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

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
/// How many steps of the inflation are kept.
const STEPS: usize = 1000;

/// Files take whole blocks of this size on most file systems.
const BLOCK: u64 = 4096;

/// The room that a file takes.
fn room(bytes: u64) -> u64 {
    bytes.next_multiple_of(BLOCK)
}

/// What the file `usage` says.
#[derive(Debug, Default, PartialEq)]
struct Usage {
    bytes: u64,
    /// When the folder was last looked through, in seconds since 1970; 0 for never.
    looked: u64,
    /// The inflation from a time on, in order.
    steps: Vec<(u64, f64)>,
}

impl Usage {
    /// Reads the file; whatever cannot be understood counts as never looked through.
    fn parse(text: &str) -> Usage {
        let mut numbers = text.lines().filter_map(|line| line.split_once(' '));
        let parse = || -> Option<Usage> {
            let (bytes, looked) = numbers.next()?;
            let step = |(time, inflation): (&str, &str)| Some((time.parse().ok()?, inflation.parse().ok()?));
            let steps = numbers.map(step).collect::<Option<Vec<_>>>()?;
            Some(Usage { bytes: bytes.parse().ok()?, looked: looked.parse().ok()?, steps })
        };
        parse().unwrap_or_default()
    }

    fn print(&self) -> String {
        let mut text = format!("{} {}\n", self.bytes, self.looked);
        for (time, inflation) in &self.steps {
            // Writing to a string does not fail.
            let _ = writeln!(text, "{time} {inflation}");
        }
        text
    }

    fn inflation(&self, time: u64) -> f64 {
        let after = self.steps.partition_point(|(from, _)| *from <= time);
        self.steps[..after].last().map_or(0.0, |(_, inflation)| *inflation)
    }

    fn worth(&self, entry: &Listed) -> f64 {
        let used = entry.used.map_or(0, seconds).max(seconds(entry.header.created));
        let nanos = entry.header.took.as_secs_f64() * 1e9;
        let blocks = u32::try_from(room(entry.size) / BLOCK).unwrap_or(u32::MAX);
        self.inflation(used) + nanos / f64::from(blocks.max(1))
    }

    fn raise(&mut self, now: u64, inflation: f64) {
        if self.steps.last().is_none_or(|(_, last)| inflation > *last) {
            self.steps.push((now, inflation));
        }
        if self.steps.len() > STEPS {
            // The old times are told apart no more.
            self.steps.drain(..self.steps.len() / 2);
        }
    }
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

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
        let evicted = self.remove_over(limits, &mut usage, SystemTime::now())?;
        self.usage(|now| {
            now.bytes = evicted.left;
            now.looked = seconds(SystemTime::now());
            now.steps = usage.steps;
        })?;
        Ok(evicted)
    }

    fn remove_over(&self, limits: Limits, usage: &mut Usage, now: SystemTime) -> Result<Evicted, StoreError> {
        let mut evicted = Evicted::default();
        let mut kept: Vec<(f64, u64, Key)> = Vec::new();
        for entry in self.listed() {
            match entry {
                Ok(entry) => {
                    let old = |age| now.duration_since(entry.header.created).is_ok_and(|since| since > age);
                    let size = room(entry.size);
                    if limits.max_age.is_some_and(old) {
                        self.evict_one(&entry.header.key, size, &mut evicted)?;
                    } else {
                        evicted.left += size;
                        kept.push((usage.worth(&entry), size, entry.header.key));
                    }
                }
                Err(StoreError::Entry { key, .. }) => self.evict_one(&key, 0, &mut evicted)?,
                Err(error) => return Err(error),
            }
        }
        let Some(max_size) = limits.max_size.filter(|max_size| evicted.left > *max_size) else {
            return Ok(evicted);
        };
        kept.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.2.cmp(&b.2)));
        let mut inflation = 0.0;
        for (worth, size, key) in kept {
            if evicted.left <= max_size - max_size / FREED {
                break;
            }
            self.evict_one(&key, size, &mut evicted)?;
            evicted.left -= size;
            inflation = worth;
        }
        usage.raise(seconds(now), inflation);
        Ok(evicted)
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
        let usage = self.usage(|usage| usage.bytes += room(bytes))?;
        let since = Duration::from_secs(seconds(SystemTime::now()).saturating_sub(usage.looked));
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
        change_usage(&path, change).map_err(|source| StoreError::Io {
            action: "keep the store within its limits",
            path,
            source,
        })
    }
}

fn change_usage(path: &Path, change: impl FnOnce(&mut Usage)) -> io::Result<Usage> {
    let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
    // Held for a few microseconds; closing unlocks.
    FileExt::lock_exclusive(&file)?;
    let mut text = String::new();
    // Text that is not UTF-8 counts as none.
    let _ = file.read_to_string(&mut text);
    let mut usage = Usage::parse(&text);
    change(&mut usage);
    let new = usage.print();
    if new != text {
        file.seek(SeekFrom::Start(0))?;
        file.set_len(0)?;
        file.write_all(new.as_bytes())?;
    }
    Ok(usage)
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
    fn what_is_no_longer_used_loses_in_the_end() {
        let mut usage = Usage::default();
        let header = |took| {
            let header =
                Header::new(Key::new([0; 32]), "f", Fingerprint::new([0; 32]), "json", took, &[0; 1000]);
            Listed::new(header)
        };
        let at = |entry: &Listed, time| Listed {
            used: Some(UNIX_EPOCH + Duration::from_secs(time)),
            ..entry.clone()
        };
        let set = |mut entry: Listed| {
            entry.header.created = UNIX_EPOCH;
            entry
        };
        let (dear, cheap) = (set(header(Duration::from_millis(3))), set(header(Duration::from_millis(1))));
        assert!(usage.worth(&at(&dear, 10)) > usage.worth(&at(&cheap, 10)));
        // Cheap ones come and go; each time the inflation rises by what they are worth.
        for time in 11..15 {
            let inflation = usage.worth(&at(&cheap, time));
            usage.raise(time, inflation);
        }
        assert!(usage.worth(&at(&dear, 10)) < usage.worth(&at(&cheap, 15)));
        assert!(
            usage.worth(&at(&dear, 15)) > usage.worth(&at(&cheap, 15)),
            "one that is used keeps its lead"
        );
        assert_eq!(Usage::parse(&usage.print()), usage);
        assert_eq!(Usage::parse("rubbish"), Usage::default());
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
