//! Files that one pass leaves for the next: whoever reads one notices when it is not as it was written, or by another
//! program. Not what is in them.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The program that made a file: where it is, how long, and when it was linked. One that works otherwise is a program
/// linked anew.
pub(crate) type Maker = Option<(PathBuf, u64, Duration)>;

/// This program; `None` where nobody knows.
pub(crate) fn maker() -> Maker {
    let program = std::env::current_exe().ok()?;
    let (length, linked) = dated(&program)?;
    Some((program, length, linked))
}

/// How long a file is, and when it was written.
pub(crate) fn dated(path: &Path) -> Option<(u64, Duration)> {
    let data = path.metadata().ok()?;
    Some((data.len(), data.modified().ok()?.duration_since(UNIX_EPOCH).ok()?))
}

/// How long before a pass something must have been written to be surely what the pass read: file systems round dates.
const SETTLED: Duration = Duration::from_secs(2);

/// Whether it was as it is now when a pass started.
pub(crate) fn is_settled(path: &Path, pass_started: SystemTime) -> bool {
    let modified = path.metadata().and_then(|data| data.modified());
    modified.map_or(true, |modified| modified < pass_started - SETTLED)
}

/// What was written, behind its hash; `None` where the bytes are not as they were.
pub(crate) fn content(bytes: &[u8]) -> Option<&[u8]> {
    let (hash, content) = bytes.split_first_chunk()?;
    (blake3::hash(content) == blake3::Hash::from_bytes(*hash)).then_some(content)
}

/// Writes a file of these parts, and makes its folder.
pub(crate) fn write(path: &Path, parts: &[&[u8]]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(part);
    }
    // Renamed into place: another pass never reads half of it.
    let aside = path.with_extension(std::process::id().to_string());
    let mut out = BufWriter::new(std::fs::File::create(&aside)?);
    out.write_all(hasher.finalize().as_bytes())?;
    for part in parts {
        out.write_all(part)?;
    }
    out.flush()?;
    std::fs::rename(aside, path)
}

#[cfg(test)]
mod tests {
    use super::{content, write};

    #[test]
    fn any_flipped_bit_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("made/checked");
        write(&path, &[b"one", b"", b"two"]).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(content(&bytes), Some(b"onetwo".as_slice()));
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(content(&flipped), None, "bit {bit}");
        }
        for length in 0..bytes.len() {
            assert_eq!(content(&bytes[..length]), None, "length {length}");
        }
    }
}
