//! Lets one thread of all processes compute a missing key while the others wait.
//!
//! A lock is a file that is locked through the system, so that a killed holder frees it. The holder
//! removes the file before it lets go; who gets a lock on a file that is no longer at its path tries
//! again with the new one. A wait that could be for oneself has an end (see [`patience`]): then the value
//! is computed without the lock, twice at worst.

mod held;
pub(crate) mod later;
mod patience;
mod threads;

use crate::point::point;
use fs2::FileExt;
use held::Owner;
use patience::{LIMITS, Limits, Patience};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

/// After this a wait is told.
const SLOW: Duration = Duration::from_secs(5);
const FIRST_PAUSE: Duration = Duration::from_micros(200);
const LAST_PAUSE: Duration = Duration::from_millis(20);

/// What is locked.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// Its name in this process.
    path: PathBuf,
    /// Whether there is a file of this name for other processes.
    is_file: bool,
    /// The function that whoever has it computes.
    function: &'static str,
}

impl Place {
    /// A file that processes share.
    pub fn file(path: PathBuf, function: &'static str) -> Place {
        Place { path, is_file: true, function }
    }

    /// A name that only this process knows.
    pub fn name(name: String, function: &'static str) -> Place {
        Place { path: name.into(), is_file: false, function }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// A lock that is held. Dropping it, also by a panic, lets the next one in.
#[derive(Debug)]
pub(crate) struct Guard {
    path: PathBuf,
    /// `None` for a name in this process.
    file: Option<File>,
    owner: Owner,
}

impl Drop for Guard {
    fn drop(&mut self) {
        held::remove(&self.path, self.owner);
        point("unlocking");
        // Elsewhere a file that others have open can stay half removed, so there it is kept.
        if cfg!(unix) && self.file.is_some() {
            let _ = fs::remove_file(&self.path);
        }
        point("unlocked");
        // Closing unlocks, also where unlocking fails.
        drop(self.file.take());
    }
}

/// Tries once; `None` when somebody else has it.
pub(crate) fn attempt(place: &Place, owner: Owner) -> io::Result<Option<Guard>> {
    let path = &place.path;
    if !place.is_file {
        let ours = held::insert(path, owner);
        return Ok(ours.then(|| Guard { path: path.clone(), file: None, owner }));
    }
    loop {
        let open = || OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        let mut file = match (open(), path.parent()) {
            // The store could not make the folder: that says why.
            (Err(error), Some(folder)) if error.kind() == io::ErrorKind::NotFound => {
                fs::create_dir_all(folder)?;
                open()?
            }
            (file, _) => file?,
        };
        if let Err(error) = FileExt::try_lock_exclusive(&file) {
            let busy = fs2::lock_contended_error();
            if error.kind() == busy.kind() || error.raw_os_error() == busy.raw_os_error() {
                return Ok(None);
            }
            return Err(error);
        }
        if !is_at(&file, path)? {
            continue;
        }
        point("locked");
        sign(&mut file);
        held::insert(path, owner);
        return Ok(Some(Guard { path: path.clone(), file: Some(file), owner }));
    }
}

/// Waits until the lock is free; `None` when waiting on could last for ever.
pub(crate) fn wait(place: &Place) -> io::Result<Option<Guard>> {
    wait_within(place, LIMITS)
}

fn wait_within(place: &Place, limits: Limits) -> io::Result<Option<Guard>> {
    let path = &place.path;
    let owner = Owner::this_thread();
    let start = Instant::now();
    let mut pause = FIRST_PAUSE;
    let (mut slow, mut patience) = (Slow::default(), Patience::new(limits));
    let _waiting = held::Waiting::start(Some(path));
    loop {
        if let Some(guard) = attempt(place, owner)? {
            return Ok(Some(guard));
        }
        if patience.is_over(path) {
            return Ok(None);
        }
        slow.tell(place, start.elapsed());
        thread::sleep(pause);
        pause = (pause * 2).min(LAST_PAUSE);
    }
}

/// Tells once that a wait is long, and for whom.
#[derive(Default)]
pub(crate) struct Slow {
    told: bool,
}

impl Slow {
    pub fn tell(&mut self, place: &Place, waited: Duration) {
        if !self.told && waited >= SLOW {
            self.told = true;
            let who = match holder(&place.path) {
                Some(pid) if pid == std::process::id().to_string() => String::from("another thread"),
                Some(pid) => format!("process {pid}"),
                None => String::from("somebody"),
            };
            let (function, path) = (place.function, place.path.display());
            crate::report::say(&format!(
                "waiting for {who}, which computes the same result of `{function}` and holds {path}"
            ));
        }
    }
}

/// Leaves the number of this process in a lock, for the message of those who wait. Linux knows it, and a
/// byte in the file would cost as much as the lock itself.
fn sign(file: &mut File) {
    if !cfg!(target_os = "linux") {
        // A full disk must not keep anybody from computing.
        let _ = file.set_len(0).and_then(|()| file.seek(SeekFrom::Start(0)));
        let _ = write!(file, "{}", std::process::id());
    }
}

/// The process that holds a lock.
#[cfg(target_os = "linux")]
fn holder(path: &Path) -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    let end = format!(":{}", fs::metadata(path).ok()?.ino());
    // `1: FLOCK  ADVISORY  WRITE 4711 fe:00:9437214 0 EOF`
    fs::read_to_string("/proc/locks").ok()?.lines().find_map(|line| {
        let mut words = line.split_whitespace().skip(1);
        let flock = words.next() == Some("FLOCK");
        let pid = words.nth(2).filter(|pid| *pid != "0")?;
        (flock && words.next()?.ends_with(&end)).then(|| pid.to_owned())
    })
}

/// The process that holds a lock.
#[cfg(not(target_os = "linux"))]
fn holder(path: &Path) -> Option<String> {
    use std::io::Read;
    let mut pid = String::new();
    File::open(path).and_then(|file| file.take(20).read_to_string(&mut pid)).ok()?;
    (!pid.is_empty()).then_some(pid)
}

/// Whether the open file is still the one at the path.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let open = file.metadata()?;
    match fs::metadata(path) {
        Ok(named) => Ok((open.dev(), open.ino()) == (named.dev(), named.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> io::Result<bool> {
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn one_thread_at_a_time_and_no_file_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = Place::file(folder.path().join("key"), "f");
        let (inside, most, barrier) = (AtomicUsize::new(0), AtomicUsize::new(0), Barrier::new(8));
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    barrier.wait();
                    for _ in 0..20 {
                        let guard = wait(&path).unwrap().unwrap();
                        most.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        inside.fetch_sub(1, Ordering::SeqCst);
                        drop(guard);
                    }
                });
            }
        });
        assert_eq!(most.into_inner(), 1);
        assert_eq!(path.path().exists(), !cfg!(unix));
    }

    #[test]
    fn a_name_is_locked_within_this_process() {
        let name = || Place::name(String::from("lock::tests"), "f");
        let guard = wait(&name()).unwrap().unwrap();
        thread::scope(|scope| {
            scope.spawn(|| assert!(attempt(&name(), Owner::this_thread()).unwrap().is_none()));
        });
        drop(guard);
        assert!(attempt(&name(), Owner::this_thread()).unwrap().is_some());
    }

    #[test]
    fn who_holds_a_lock_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        File::create(&path).unwrap();
        assert_eq!(holder(&path), None);
        let _guard = wait(&Place::file(path.clone(), "f")).unwrap().unwrap();
        assert_eq!(holder(&path), Some(std::process::id().to_string()));
    }

    #[test]
    fn a_thread_does_not_wait_for_itself() {
        let folder = tempfile::tempdir().unwrap();
        let path = Place::file(folder.path().join("key"), "f");
        let guard = wait(&path).unwrap().unwrap();
        let start = Instant::now();
        assert!(wait(&path).unwrap().is_none());
        assert!(start.elapsed() < LIMITS.still / 2);
        drop(guard);
        assert!(wait(&path).unwrap().is_some());
    }

    #[test]
    fn threads_that_wait_for_each_other_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let paths = ["a", "b"].map(|name| Place::file(folder.path().join(name), "f"));
        let barrier = Barrier::new(2);
        let start = Instant::now();
        thread::scope(|scope| {
            for index in 0..2 {
                let (paths, barrier) = (&paths, &barrier);
                scope.spawn(move || {
                    let _own = wait(&paths[index]).unwrap().unwrap();
                    barrier.wait();
                    drop(wait(&paths[1 - index]).unwrap());
                });
            }
        });
        assert!(start.elapsed() < LIMITS.still / 2);
    }
}
