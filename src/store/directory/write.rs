//! Writes files aside and renames them into place; makes folders, and removes what killed writers left.

use super::Directory;
use crate::point::point;
use fs2::FileExt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Nobody writes a single entry for so long: its file belongs to a writer that was killed.
pub(super) const LEFT: Duration = Duration::from_secs(24 * 60 * 60);

/// Parts of less than this are joined.
const JOINED: usize = 64 * 1024;

impl Directory {
    /// Makes the folder of a file, and marks a new cache as one.
    pub(super) fn make_parent(&self, file: &Path) -> io::Result<()> {
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

    /// Writes a file whole: its parts, one after the other. On an error also what it is about.
    pub(super) fn write(&self, path: &Path, parts: &[&[u8]]) -> Result<(), (PathBuf, io::Error)> {
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
        point("created");
        // Once a process: an entry costs no listing.
        self.cleaned.call_once(|| {
            remove_left(&folder);
            remove_left(&self.locks());
        });
        let written = write_all(&mut file, parts);
        drop(file);
        point("written");
        let rename = || fs::rename(&temporary, path);
        let stored = written.and_then(|()| match rename() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.make_parent(path).and_then(|()| rename())
            }
            other => other,
        });
        point("renamed");
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
        // One from the future is old, too: the clock was set back.
        let age = modified.map(|time| time.elapsed().unwrap_or_else(|error| error.duration()));
        if age.is_ok_and(|age| age > LEFT) {
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

/// Small parts are joined, so that most files take one call of the system; a large one is not copied.
fn write_all(file: &mut File, parts: &[&[u8]]) -> io::Result<()> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    if length <= JOINED {
        return file.write_all(&parts.concat());
    }
    parts.iter().try_for_each(|part| {
        file.write_all(part)?;
        point("part");
        Ok(())
    })
}

/// A name that no other thread or process uses.
fn temporary_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("{}-{count}-{}", std::process::id(), now.subsec_nanos())
}
