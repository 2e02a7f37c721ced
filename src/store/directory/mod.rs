//! Keeps entries as files in a folder, each written aside and renamed into place.
//!
//! ```text
//! .checkpointing/CACHEDIR.TAG   tells backup programs that this can be made again
//! .checkpointing/.gitignore     tells git
//! .checkpointing/v2/3f/3f0a..   an entry, named by its key
//! .checkpointing/v2/closures/.. what a fingerprint was made of, named by it
//! .checkpointing/v2/functions/.. the last fingerprint of a function, named by the hash of its name
//! .checkpointing/v2/accepted/.. which results of another code serve a function's
//! .checkpointing/v2/users/..    further functions that use an entry, named by its key
//! .checkpointing/v2/locks/..    who is computing which key
//! .checkpointing/v2/counts      hits, misses and the like of every function
//! .checkpointing/v2/usage       how much is stored, where that is limited
//! .checkpointing/v2/tmp/..      entries that are being written
//! ```
//! A writer that is killed leaves its file in `tmp`, and its lock file: a later one removes both.

mod accepted;
mod closures;
mod counts;
mod file;
mod limit;
mod list;
mod usage;
mod write;

use super::{Acceptance, Entry, FunctionName, Header, Listed, Opened, Store, StoreError};
use crate::counts::FunctionStats;
use crate::error::Problem;
use crate::fingerprint::Fingerprint;
use crate::key::Key;
use crate::point::point;
use file::VERSION;
pub use limit::{Evicted, Limits};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Once};

/// The default store: a folder with one file for each entry, shared between processes.
///
/// Files are written beside their place and renamed, so that no reader sees half of one. It is made with
/// the first entry.
///
/// ```
/// use checkpointing::{Directory, Store};
///
/// let store = Directory::new(".checkpointing");
/// for entry in store.list() {
///     let entry = entry?;
///     println!("{} {} {:?}", entry.header.key, entry.header.function, entry.header.took);
/// }
/// # Ok::<(), checkpointing::StoreError>(())
/// ```
#[derive(Debug)]
pub struct Directory {
    root: PathBuf,
    version: PathBuf,
    cleaned: Once,
    limits: Limits,
}

impl Directory {
    /// The store in a folder, which need not exist yet.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Directory {
        let root = root.into();
        let version = root.join(format!("v{VERSION}"));
        Directory { root, version, cleaned: Once::new(), limits: Limits::default() }
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// The file of an entry, whether there is one or not.
    #[must_use]
    pub fn entry_path(&self, key: &Key) -> PathBuf {
        let name = blake3::Hash::from_bytes(*key.as_bytes()).to_hex();
        let mut path = PathBuf::with_capacity(self.version.as_os_str().len() + name.len() + 4);
        path.push(&self.version);
        path.push(&name[..2]);
        path.push(&*name);
        path
    }

    /// Removes everything that was ever stored, also what other versions of the format left. Computations
    /// that are running store their results as if it had been empty.
    ///
    /// # Errors
    /// When something cannot be removed.
    pub fn clear(&self) -> Result<(), StoreError> {
        let error = |source| StoreError::Io { action: "clear the store", path: self.root.clone(), source };
        let folders = match fs::read_dir(&self.root) {
            Err(source) if source.kind() == io::ErrorKind::NotFound => return Ok(()),
            other => other.map_err(error)?,
        };
        for folder in folders {
            let folder = folder.map_err(error)?;
            let name = folder.file_name().to_string_lossy().into_owned();
            let ours = name.strip_prefix('v').is_some_and(|number| number.parse::<u32>().is_ok());
            if ours {
                match fs::remove_dir_all(folder.path()) {
                    Err(source) if source.kind() != io::ErrorKind::NotFound => return Err(error(source)),
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// Reads an entry's file, where there is one.
    fn read<T>(
        &self,
        key: &Key,
        read: impl FnOnce(File) -> io::Result<Result<T, Problem>>,
    ) -> Result<Option<T>, StoreError> {
        let path = self.entry_path(key);
        let io = |source| StoreError::Io { action: "read the entry", path: path.clone(), source };
        let file = match File::open(&path) {
            Ok(file) => file,
            // A file in the way of a folder is told when something is to be stored.
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Ok(None);
            }
            Err(error) => return Err(io(error)),
        };
        let problem = match read(file) {
            Ok(Ok(found)) => return Ok(Some(found)),
            Ok(Err(problem)) => problem,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Problem::Truncated,
            Err(error) => return Err(io(error)),
        };
        Err(StoreError::Entry { key: *key, path, problem })
    }

    fn locks(&self) -> PathBuf {
        self.version.join("locks")
    }
}

impl Store for Directory {
    fn get(&self, key: &Key) -> Result<Option<Arc<Entry>>, StoreError> {
        let entry = self.read(key, |file| file::read(&file, || Ok(file.metadata()?.len()), key))?;
        Ok(entry.map(Arc::new))
    }

    fn open(&self, key: &Key, least: u64) -> Result<Option<Opened>, StoreError> {
        self.read(key, |file| file::open(file, key, least))
    }

    fn put(&self, header: &Header, payload: &[u8]) -> Result<(), StoreError> {
        let action = "store the result";
        let head = file::head(header);
        self.write(&self.entry_path(&header.key), &[&head, payload])
            .map_err(|(path, source)| StoreError::Io { action, path, source })?;
        self.charge((head.len() + payload.len()) as u64)
    }

    fn remove(&self, key: &Key) -> Result<bool, StoreError> {
        let path = self.entry_path(key);
        // First the entry: what it was used by says nothing without it.
        let removed = fs::remove_file(&path).and_then(|()| {
            point("removed");
            match fs::remove_file(self.users_path(key)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            }
        });
        match removed {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(source) => Err(StoreError::Io { action: "remove the entry", path, source }),
        }
    }

    fn list(&self) -> Box<dyn Iterator<Item = Result<Listed, StoreError>> + '_> {
        Box::new(self.listed())
    }

    fn share(&self, key: &Key, function: &str) -> Result<(), StoreError> {
        self.add_user(key, function)
    }

    fn put_closure(
        &self,
        function: &FunctionName,
        fingerprint: &Fingerprint,
        closure: &[u8],
    ) -> Result<(), StoreError> {
        self.write_closure(function, fingerprint, closure)
    }

    fn closure(&self, fingerprint: &Fingerprint) -> Result<Option<Vec<u8>>, StoreError> {
        self.read_closure(fingerprint)
    }

    fn last_fingerprint(&self, function: &FunctionName) -> Result<Option<Fingerprint>, StoreError> {
        self.read_last(function)
    }

    fn accepted(&self, function: &str, fingerprint: &Fingerprint) -> Result<Vec<Acceptance>, StoreError> {
        self.accepted_for(function, fingerprint)
    }

    fn record(&self, counts: &BTreeMap<FunctionName, FunctionStats>) -> Result<(), StoreError> {
        self.add_counts(counts)
    }

    fn recorded(&self) -> Result<BTreeMap<FunctionName, FunctionStats>, StoreError> {
        self.read_counts()
    }

    fn lock_path(&self, key: &Key) -> Option<PathBuf> {
        let path = self.locks().join(key.to_string());
        if !self.locks().exists() {
            // Whoever opens the file says what is wrong.
            let _ = self.make_parent(&path);
        }
        Some(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fingerprint::Fingerprint;
    use fs2::FileExt;
    use std::time::Duration;

    const KEY: Key = Key::new([0xab; 32]);

    fn put(store: &Directory, key: Key, payload: &[u8]) -> Result<(), StoreError> {
        let took = Duration::from_millis(2);
        store.put(&Header::new(key, "q::calc", Fingerprint::new([0; 32]), "json", took, payload), payload)
    }

    fn listed(store: &Directory) -> Vec<Listed> {
        let mut listed: Vec<Listed> = store.list().map(Result::unwrap).collect();
        listed.sort_by_key(|entry| entry.header.key);
        listed
    }

    #[test]
    fn an_entry_is_kept_replaced_and_found() {
        let folder = tempfile::tempdir().unwrap();
        let store = Directory::new(folder.path().join("cache"));
        assert!(store.get(&KEY).unwrap().is_none());
        for payload in [&b"one"[..], b"two"] {
            put(&store, KEY, payload).unwrap();
            assert_eq!(store.get(&KEY).unwrap().unwrap().payload(), payload);
        }
        assert!(store.entry_path(&KEY).ends_with(format!("cache/v2/ab/{KEY}")));
        let files = fs::read_dir(folder.path().join("cache/v2/ab")).unwrap().count();
        assert_eq!(files, 1);
        let left = fs::read_dir(folder.path().join("cache/v2/tmp")).unwrap().count();
        assert_eq!(left, 0, "no temporary file is left");
        assert!(folder.path().join("cache/CACHEDIR.TAG").exists());
        assert_eq!(fs::read_to_string(folder.path().join("cache/.gitignore")).unwrap(), "*\n");
    }

    #[test]
    fn what_a_killed_writer_left_is_removed_when_it_is_old() {
        let folder = tempfile::tempdir().unwrap();
        let put = || put(&Directory::new(folder.path()), KEY, b"").unwrap();
        put();
        fs::create_dir_all(folder.path().join("v2/locks")).unwrap();
        let [old, new, lock, held] =
            ["tmp/old", "tmp/new", "locks/old", "locks/held"].map(|name| folder.path().join("v2").join(name));
        let day = std::time::SystemTime::now() - write::LEFT - Duration::from_secs(60);
        let files = [&old, &new, &lock, &held].map(|path| File::create(path).unwrap());
        for index in [0, 2, 3] {
            files[index].set_modified(day).unwrap();
        }
        let entry = Directory::new(folder.path()).entry_path(&KEY);
        File::options().write(true).open(&entry).unwrap().set_modified(day).unwrap();
        FileExt::lock_exclusive(&files[3]).unwrap();
        put();
        assert_eq!([&old, &new, &lock, &held].map(|path| path.exists()), [false, true, false, true]);
        assert!(entry.exists());
    }

    #[test]
    fn a_folder_that_was_there_is_not_called_a_cache() {
        let folder = tempfile::tempdir().unwrap();
        put(&Directory::new(folder.path()), KEY, b"").unwrap();
        assert!(!folder.path().join(".gitignore").exists());
        assert!(folder.path().join("v2/.gitignore").exists());
    }

    #[test]
    fn a_file_in_the_way_is_an_error_that_names_it() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("cache");
        fs::write(&root, "in the way").unwrap();
        let store = Directory::new(root);
        assert!(store.get(&KEY).unwrap().is_none());
        let Err(StoreError::Io { path, .. }) = put(&store, KEY, b"") else { panic!("stored") };
        assert!(path.starts_with(folder.path()));
    }

    #[test]
    fn a_folder_in_the_place_of_an_entry_is_an_error_and_nothing_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let store = Directory::new(folder.path().join("cache"));
        fs::create_dir_all(store.entry_path(&KEY).join("x")).unwrap();
        assert!(matches!(store.get(&KEY), Err(StoreError::Io { .. })));
        assert!(matches!(put(&store, KEY, b""), Err(StoreError::Io { .. })));
        assert_eq!(fs::read_dir(store.entry_path(&KEY).parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn entries_are_listed_with_their_users_and_removed() {
        let folder = tempfile::tempdir().unwrap();
        let store = Directory::new(folder.path());
        assert_eq!(listed(&store), []);
        let other = Key::new([1; 32]);
        put(&store, KEY, b"one").unwrap();
        put(&store, other, &[7; 10_000]).unwrap();
        for function in ["q::b", "q::a", "q::b"] {
            store.share(&KEY, function).unwrap();
        }
        let entries = listed(&store);
        assert_eq!(entries.iter().map(|entry| entry.header.key).collect::<Vec<_>>(), [other, KEY]);
        assert_eq!((entries[0].header.length, entries[1].header.function.as_str()), (10_000, "q::calc"));
        assert!(entries[0].size > 10_000 && entries[0].users.is_empty());
        assert_eq!(entries[1].users, ["q::a", "q::b"]);
        assert_eq!(store.verify(&KEY).unwrap().as_ref(), Some(&entries[1].header));
        assert!(store.remove(&KEY).unwrap() && !store.remove(&KEY).unwrap());
        put(&store, KEY, b"one").unwrap();
        assert_eq!(listed(&store)[1].users, [""; 0], "they went with the entry");
        store.clear().unwrap();
        assert_eq!(listed(&store), []);
        assert!(folder.path().exists());
        put(&store, KEY, b"one").unwrap();
        assert_eq!(listed(&store).len(), 1);
    }

    #[test]
    fn a_listing_names_what_is_damaged() {
        let folder = tempfile::tempdir().unwrap();
        let store = Directory::new(folder.path());
        put(&store, KEY, b"one").unwrap();
        fs::write(folder.path().join("v2/ab/notes.txt"), "no entry").unwrap();
        fs::write(store.entry_path(&KEY), "rubbish").unwrap();
        let errors: Vec<StoreError> = store.list().map(Result::unwrap_err).collect();
        let [StoreError::Entry { key, problem, .. }] = &errors[..] else { panic!("{errors:?}") };
        assert_eq!((*key, *problem), (KEY, Problem::Foreign));
        assert!(store.verify(&KEY).is_err() && store.remove(&KEY).unwrap());
    }
}
