//! Keeps entries as files in a folder, each written aside and renamed into place.
//!
//! ```text
//! .checkpointing/CACHEDIR.TAG   tells backup programs that this can be made again
//! .checkpointing/.gitignore     tells git
//! .checkpointing/v1/3f/3f0a..   an entry, named by its key
//! .checkpointing/v1/locks/..    who is computing which key
//! .checkpointing/v1/tmp/..      entries that are being written
//! ```
//! A writer that is killed leaves its file in `tmp`, and its lock file: a later one removes both.

use super::entry::{self, VERSION};
use super::{Fault, Found, Store};
use crate::error::Problem;
use crate::key::Key;
use fs2::FileExt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Nobody writes a single entry for so long: its file belongs to a writer that was killed.
const LEFT: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Debug)]
pub(crate) struct Directory {
    root: PathBuf,
    version: PathBuf,
    cleaned: Once,
}

impl Directory {
    /// A store in a folder that need not exist yet; it is made with the first entry.
    pub fn new(root: PathBuf) -> Directory {
        let version = root.join(format!("v{VERSION}"));
        Directory { root, version, cleaned: Once::new() }
    }

    /// Makes the folder of a file, and marks a new cache as one.
    fn make_parent(&self, file: &Path) -> io::Result<()> {
        // In a folder that was there before, only what is ours may be called a cache.
        let marked = if self.root.exists() { &self.version } else { &self.root };
        let fresh = !self.version.exists();
        fs::create_dir_all(file.parent().unwrap_or(&self.version))?;
        if fresh {
            let tag = "Signature: 8a477f597d28d172789f06886806bc55\n# Results kept by checkpointing; they can be computed again.\n";
            write_new(&marked.join("CACHEDIR.TAG"), tag)?;
            write_new(&marked.join(".gitignore"), "*\n")?;
        }
        Ok(())
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), (PathBuf, io::Error)> {
        let folder = self.version.join("tmp");
        let temporary = folder.join(temporary_name());
        let create = || OpenOptions::new().write(true).create_new(true).open(&temporary);
        let created = match create() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.make_parent(&temporary).and_then(|()| create())
            }
            other => other,
        };
        let mut file = created.map_err(|error| (folder.clone(), error))?;
        // Once a process: an entry costs no listing.
        self.cleaned.call_once(|| {
            remove_left(&folder);
            remove_left(&self.version.join("locks"));
        });
        let written = file.write_all(bytes);
        drop(file);
        let rename = || fs::rename(&temporary, path);
        let stored = written.and_then(|()| match rename() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.make_parent(path).and_then(|()| rename())
            }
            other => other,
        });
        stored.map_err(|error| {
            // A full disk needs the room; that it cannot be removed either is no news.
            let _ = fs::remove_file(&temporary);
            (path.to_owned(), error)
        })
    }
}

/// Removes the old files of a folder that nobody has locked. What goes wrong here is no harm.
fn remove_left(folder: &Path) {
    for file in fs::read_dir(folder).into_iter().flatten().flatten() {
        let modified = file.metadata().and_then(|data| data.modified());
        if modified.is_ok_and(|time| time.elapsed().is_ok_and(|age| age > LEFT)) {
            // Locked until it is gone, so that nobody takes a lock that is being removed.
            let opened = File::open(file.path()).ok();
            if opened.as_ref().is_some_and(|file| FileExt::try_lock_exclusive(file).is_ok()) {
                let _ = fs::remove_file(file.path());
            }
        }
    }
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(mut file) => file.write_all(text.as_bytes()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

/// A name that no other thread or process uses.
fn temporary_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("{}-{count}-{}", std::process::id(), now.subsec_nanos())
}

impl Store for Directory {
    fn get(&self, key: &Key) -> Result<Option<Found>, Fault> {
        let path = self.entry_path(key);
        let fault = |source| Fault::Io { action: "read the entry", path: path.clone(), source };
        let file = match File::open(&path) {
            Ok(file) => file,
            // A file in the way of a folder is told when something is to be stored.
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Ok(None);
            }
            Err(error) => return Err(fault(error)),
        };
        match entry::read(&file, || Ok(file.metadata()?.len()), key) {
            Ok(Ok(found)) => Ok(Some(found)),
            Ok(Err(problem)) => Err(Fault::Entry { path, problem }),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                Err(Fault::Entry { path, problem: Problem::Truncated })
            }
            Err(error) => Err(fault(error)),
        }
    }

    fn put(&self, key: &Key, entry: &[u8]) -> Result<(), Fault> {
        let action = "store the result";
        self.write(&self.entry_path(key), entry).map_err(|(path, source)| Fault::Io { action, path, source })
    }

    fn lock_path(&self, key: &Key) -> PathBuf {
        self.version.join("locks").join(key.to_string())
    }

    fn entry_path(&self, key: &Key) -> PathBuf {
        let name = key.to_string();
        self.version.join(&name[..2]).join(name)
    }
}

impl Directory {
    /// Makes the folder of lock files.
    pub fn make_locks(&self, lock: &Path) -> io::Result<()> {
        self.make_parent(lock)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Format;
    use crate::store::Facts;

    const KEY: Key = Key([0xab; 32]);

    fn bytes(payload: &[u8]) -> Vec<u8> {
        let function = String::from("q::calc");
        let facts = Facts { format: Format::Json, fingerprint: [0; 32], function, created: 1, took: 2 };
        let mut bytes = entry::draft("q::calc");
        bytes.extend_from_slice(payload);
        entry::seal(&mut bytes, &KEY, &facts);
        bytes
    }

    #[test]
    fn an_entry_is_kept_replaced_and_found() {
        let folder = tempfile::tempdir().unwrap();
        let store = Directory::new(folder.path().join("cache"));
        assert!(store.get(&KEY).unwrap().is_none());
        for payload in [&b"one"[..], b"two"] {
            store.put(&KEY, &bytes(payload)).unwrap();
            assert_eq!(store.get(&KEY).unwrap().unwrap().payload(), payload);
        }
        assert!(store.entry_path(&KEY).ends_with(format!("cache/v1/ab/{KEY}")));
        let files = fs::read_dir(folder.path().join("cache/v1/ab")).unwrap().count();
        assert_eq!(files, 1);
        let left = fs::read_dir(folder.path().join("cache/v1/tmp")).unwrap().count();
        assert_eq!(left, 0, "no temporary file is left");
        assert!(folder.path().join("cache/CACHEDIR.TAG").exists());
        assert_eq!(fs::read_to_string(folder.path().join("cache/.gitignore")).unwrap(), "*\n");
    }

    #[test]
    fn what_a_killed_writer_left_is_removed_when_it_is_old() {
        let folder = tempfile::tempdir().unwrap();
        let put = || Directory::new(folder.path().to_owned()).put(&KEY, &bytes(b"")).unwrap();
        put();
        fs::create_dir_all(folder.path().join("v1/locks")).unwrap();
        let [old, new, lock, held] =
            ["tmp/old", "tmp/new", "locks/old", "locks/held"].map(|name| folder.path().join("v1").join(name));
        let day = std::time::SystemTime::now() - LEFT - Duration::from_secs(60);
        let files = [&old, &new, &lock, &held].map(|path| File::create(path).unwrap());
        for index in [0, 2, 3] {
            files[index].set_modified(day).unwrap();
        }
        let entry = Directory::new(folder.path().to_owned()).entry_path(&KEY);
        File::options().write(true).open(&entry).unwrap().set_modified(day).unwrap();
        FileExt::lock_exclusive(&files[3]).unwrap();
        put();
        assert_eq!([&old, &new, &lock, &held].map(|path| path.exists()), [false, true, false, true]);
        assert!(entry.exists());
    }

    #[test]
    fn a_folder_that_was_there_is_not_called_a_cache() {
        let folder = tempfile::tempdir().unwrap();
        Directory::new(folder.path().to_owned()).put(&KEY, &bytes(b"")).unwrap();
        assert!(!folder.path().join(".gitignore").exists());
        assert!(folder.path().join("v1/.gitignore").exists());
    }

    #[test]
    fn a_file_in_the_way_is_an_error_that_names_it() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("cache");
        fs::write(&root, "in the way").unwrap();
        let store = Directory::new(root);
        assert!(store.get(&KEY).unwrap().is_none());
        let Err(Fault::Io { path, .. }) = store.put(&KEY, &bytes(b"")) else { panic!("stored") };
        assert!(path.starts_with(folder.path()));
    }

    #[test]
    fn a_folder_in_the_place_of_an_entry_is_an_error_and_nothing_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let store = Directory::new(folder.path().join("cache"));
        fs::create_dir_all(store.entry_path(&KEY).join("x")).unwrap();
        assert!(matches!(store.get(&KEY), Err(Fault::Io { .. })));
        assert!(matches!(store.put(&KEY, &bytes(b"")), Err(Fault::Io { .. })));
        assert_eq!(fs::read_dir(store.entry_path(&KEY).parent().unwrap()).unwrap().count(), 1);
    }
}
