//! Files that one pass leaves for the next: whoever reads one notices when it is not as it was written. Not what is
//! in them.
//!
//! The hash of the bytes stands before them.

use std::io::{BufWriter, Write};
use std::path::Path;

/// What was written; `None` where the bytes are not as they were.
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
