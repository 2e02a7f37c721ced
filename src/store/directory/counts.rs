//! Keeps what processes counted of calls: one file to which each appends lines, joined when it has grown.
//!
//! ```text
//! hits accepted misses reruns stored computed-ns saved-ns path\tinstance\tfile
//! ```
//! What is empty at the end of a line is left out, as older versions did, which had the path alone.
//!
//! Writers share a lock, who joins the lines holds it alone. A process that is killed while it joins them loses
//! what was counted before; no result depends on that.

use super::Directory;
use crate::counts::FunctionStats;
use crate::store::{FunctionName, StoreError};
use fs2::FileExt;
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::PathBuf;

/// How long the file may become before its lines are joined.
const LONG: u64 = 64 * 1024;

impl Directory {
    fn counts_path(&self) -> PathBuf {
        self.version.join("counts")
    }

    pub(super) fn add_counts(
        &self,
        counts: &BTreeMap<FunctionName, FunctionStats>,
    ) -> Result<(), StoreError> {
        let path = self.counts_path();
        let added = || -> io::Result<()> {
            // A store that was removed meanwhile is not made again.
            let file = match OpenOptions::new().read(true).append(true).create(true).open(&path) {
                Err(error)
                    if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) =>
                {
                    return Ok(());
                }
                other => other?,
            };
            // Where files cannot be locked, appending a few lines is one step all the same.
            let _ = FileExt::lock_shared(&file);
            (&file).write_all(text(counts).as_bytes())?;
            let length = file.metadata()?.len();
            FileExt::unlock(&file)?;
            if length > LONG { join(&file) } else { Ok(()) }
        };
        added().map_err(|source| StoreError::Io { action: "count calls", path: path.clone(), source })
    }

    pub(super) fn read_counts(&self) -> Result<BTreeMap<FunctionName, FunctionStats>, StoreError> {
        let path = self.counts_path();
        let read = || -> io::Result<String> {
            let file = File::open(&path)?;
            let _ = FileExt::lock_shared(&file);
            all(&file)
        };
        match read() {
            Ok(text) => Ok(sums(&text)),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                Ok(BTreeMap::new())
            }
            Err(source) => Err(StoreError::Io { action: "read what was counted", path, source }),
        }
    }
}

fn text(counts: &BTreeMap<FunctionName, FunctionStats>) -> String {
    let line = |(function, stats): (&FunctionName, &FunctionStats)| {
        let FunctionName { path, instance, file } = function;
        // A file's name can hold anything.
        let file = if file.contains('\n') { "" } else { file };
        let named = format!("{path}\t{instance}\t{file}");
        format!("{} {}\n", stats.line(), named.trim_end_matches('\t'))
    };
    counts.iter().map(line).collect()
}

/// As a line ends.
fn named(text: &str) -> FunctionName {
    let mut parts = text.splitn(3, '\t');
    let mut part = || parts.next().unwrap_or_default();
    FunctionName::new(part()).with(part(), part())
}

/// What cannot be read counts for nothing.
fn sums(text: &str) -> BTreeMap<FunctionName, FunctionStats> {
    let mut sums: BTreeMap<FunctionName, FunctionStats> = BTreeMap::new();
    for (stats, function) in text.lines().filter_map(FunctionStats::parse) {
        sums.entry(named(function)).or_default().add(&stats);
    }
    sums
}

fn all(mut file: &File) -> io::Result<String> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Replaces all lines by their sums. Where others are writing, that waits for the next time.
fn join(mut file: &File) -> io::Result<()> {
    if FileExt::try_lock_exclusive(file).is_err() {
        return Ok(());
    }
    io::Seek::rewind(&mut file)?;
    let joined = text(&sums(&all(file)?));
    file.set_len(0)?;
    file.write_all(joined.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;
    use std::fs;
    use std::time::Duration;

    fn stats(hits: u64) -> FunctionStats {
        FunctionStats { hits, misses: 1, saved: Duration::from_millis(hits), ..FunctionStats::default() }
    }

    fn counts(function: &str, hits: u64) -> BTreeMap<FunctionName, FunctionStats> {
        [(named(function), stats(hits))].into()
    }

    #[test]
    fn counts_of_all_processes_are_added() {
        let folder = tempfile::tempdir().unwrap();
        let store = Directory::new(folder.path());
        store.record(&counts("q::calc", 1)).unwrap();
        assert_eq!(store.recorded().unwrap(), BTreeMap::new(), "there is no store");
        fs::create_dir_all(folder.path().join("v2")).unwrap();
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..300 {
                        Directory::new(folder.path()).record(&counts("q::<A as B<C, D>>::calc", 2)).unwrap();
                    }
                });
            }
        });
        let others = [
            "q::other",
            "q::other\tq::other<u8>",
            "q::other\t\tsrc/main.rs",
            "q::other\tq::other<u8>\tsrc/a b.rs",
        ];
        for other in others {
            store.record(&counts(other, 5)).unwrap();
        }
        let recorded = store.recorded().unwrap();
        let calc = &recorded[&FunctionName::new("q::<A as B<C, D>>::calc")];
        assert_eq!((calc.hits, calc.misses, calc.saved), (4800, 2400, Duration::from_millis(4800)));
        for other in others {
            assert_eq!(recorded[&named(other)], stats(5));
        }
        assert_eq!(recorded.len(), 5);
        assert!(fs::metadata(store.counts_path()).unwrap().len() < LONG + 1000, "lines are joined");
    }

    #[test]
    fn what_is_no_count_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let store = Directory::new(folder.path());
        fs::create_dir_all(folder.path().join("v2")).unwrap();
        fs::write(store.counts_path(), b"rubbish\n1 2 3\n1 0 0 0 0 0 0 q::calc\n\xff\xfe\n").unwrap();
        store.record(&counts("q::calc", 2)).unwrap();
        assert_eq!(store.recorded().unwrap()[&FunctionName::new("q::calc")].hits, 3);
    }
}
