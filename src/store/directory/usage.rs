//! Keeps what is known of a folder's contents without looking through it: the file `usage`.

use crate::point::point;
use crate::store::Listed;
use fs2::FileExt;
use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// How many steps of the inflation are kept.
const STEPS: usize = 1000;

/// Files take whole blocks of this size on most file systems.
const BLOCK: u64 = 4096;

/// The room that a file takes.
pub(super) fn room(bytes: u64) -> u64 {
    bytes.next_multiple_of(BLOCK)
}

/// What the file `usage` says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Usage {
    pub bytes: u64,
    /// When the folder was last looked through, in seconds since 1970; 0 for never.
    pub looked: u64,
    /// The inflation from a time on, in order.
    pub steps: Vec<(u64, f64)>,
}

impl Usage {
    /// Reads the file; whatever cannot be understood counts as never looked through.
    pub fn parse(text: &str) -> Usage {
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

    pub fn worth(&self, entry: &Listed) -> f64 {
        let used = entry.used.map_or(0, seconds).max(seconds(entry.header.created));
        let nanos = entry.header.took.as_secs_f64() * 1e9;
        let blocks = u32::try_from(room(entry.size) / BLOCK).unwrap_or(u32::MAX);
        self.inflation(used) + nanos / f64::from(blocks.max(1))
    }

    pub fn raise(&mut self, now: u64, inflation: f64) {
        if self.steps.last().is_none_or(|(_, last)| inflation > *last) {
            self.steps.push((now, inflation));
        }
        if self.steps.len() > STEPS {
            // The old times are told apart no more.
            self.steps.drain(..self.steps.len() / 2);
        }
    }
}

pub(super) fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// Changes the file, which only one does at a time, and gives what it says then.
pub(super) fn change(path: &Path, how: impl FnOnce(&mut Usage)) -> io::Result<Usage> {
    let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
    // Held for a few microseconds; closing unlocks.
    FileExt::lock_exclusive(&file)?;
    let mut text = String::new();
    // Text that is not UTF-8 counts as none.
    let _ = file.read_to_string(&mut text);
    let mut usage = Usage::parse(&text);
    how(&mut usage);
    let new = usage.print();
    if new != text {
        file.seek(SeekFrom::Start(0))?;
        file.set_len(0)?;
        point("usage");
        file.write_all(new.as_bytes())?;
    }
    Ok(usage)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fingerprint::Fingerprint;
    use crate::key::Key;
    use crate::store::Header;
    use std::time::Duration;

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
}
