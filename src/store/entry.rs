//! Writes and reads an entry: a fixed header, the function's path, and the payload.
//!
//! ```text
//!   0  magic             8        96  length of path    4 (+ 4 zero)
//!   8  version           4       104  length of payload 8
//!  12  codec             1 (+3)  112  blake3 of payload 32
//!  16  key              32       144  blake3 of header and path, first 16 bytes
//!  48  fingerprint      32       160  path, payload
//!  80  created           8
//!  88  took              8       numbers are little-endian
//! ```
//! Every bit is covered by one of the two hashes or compared with what is expected. Reading never
//! allocates more than the file holds.

use super::{Facts, Found};
use crate::codec;
use crate::error::Problem;
use crate::key::Key;
use std::io::{self, Read};

const MAGIC: [u8; 8] = *b"\x89chkpnt\n";
/// Version of this layout; also the name of the folder of entries.
pub(crate) const VERSION: u32 = 1;
pub(crate) const HEADER: usize = 160;
const CHECKED: usize = 144;
/// What is read at once: most entries whole.
const FIRST: usize = 4096;

/// An entry in the making: room for the header, the path, then whatever the codec appends.
pub(crate) fn draft(function: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER + function.len() + 256);
    bytes.resize(HEADER, 0);
    bytes.extend_from_slice(function.as_bytes());
    bytes
}

/// Fills the header of a draft whose payload is complete.
pub(crate) fn seal(bytes: &mut [u8], key: &Key, facts: &Facts) {
    let (header, rest) = bytes.split_at_mut(HEADER);
    let (path, payload) = rest.split_at(facts.function.len());
    header[0..8].copy_from_slice(&MAGIC);
    header[8..12].copy_from_slice(&VERSION.to_le_bytes());
    header[12] = codec::byte(facts.format);
    header[16..48].copy_from_slice(&key.0);
    header[48..80].copy_from_slice(&facts.fingerprint);
    header[80..88].copy_from_slice(&facts.created.to_le_bytes());
    header[88..96].copy_from_slice(&facts.took.to_le_bytes());
    header[96..100].copy_from_slice(&(path.len() as u32).to_le_bytes());
    header[104..112].copy_from_slice(&(payload.len() as u64).to_le_bytes());
    header[112..144].copy_from_slice(blake3::hash(payload).as_bytes());
    let check = check(&header[..CHECKED], path);
    header[CHECKED..].copy_from_slice(&check);
}

fn check(header: &[u8], path: &[u8]) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(header).update(path);
    let mut check = [0; 16];
    check.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    check
}

/// Reads and checks an entry.
///
/// `length` gives the size of the file; it is asked for only when the entry is long.
pub(crate) fn read(
    mut file: impl Read,
    length: impl FnOnce() -> io::Result<u64>,
    key: &Key,
) -> io::Result<Result<Found, Problem>> {
    let mut bytes = vec![0; FIRST];
    let mut filled = 0;
    while filled < FIRST {
        match file.read(&mut bytes[filled..]) {
            Ok(0) => break,
            Ok(more) => filled += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        // A whole small entry needs no second read to see its end: trailing bytes would have come too.
        if total(&bytes[..filled]) == Some(filled as u64) && filled < FIRST {
            break;
        }
    }
    bytes.truncate(filled);
    if let Some(problem) = strange(&bytes) {
        return Ok(Err(problem));
    }
    let Some(total) = total(&bytes) else {
        return Ok(Err(Problem::Truncated));
    };
    if total > filled as u64 || filled == FIRST {
        if length()? != total {
            return Ok(Err(Problem::Truncated));
        }
        let missing = usize::try_from(total - filled as u64).map_err(io::Error::other)?;
        bytes.try_reserve_exact(missing).map_err(io::Error::other)?;
        file.take(missing as u64).read_to_end(&mut bytes)?;
    }
    Ok(parse(bytes, key))
}

/// What tells that the bytes are no entry of this version, however long they are.
fn strange(bytes: &[u8]) -> Option<Problem> {
    if !bytes.starts_with(&MAGIC[..bytes.len().min(8)]) || bytes.is_empty() {
        return Some(if bytes.is_empty() { Problem::Truncated } else { Problem::Foreign });
    }
    let version = u32::from_le_bytes(bytes.get(8..12)?.try_into().ok()?);
    (version != VERSION).then_some(Problem::OtherVersion(version))
}

/// How long the entry is by its header; `None` when that is not there or cannot be.
fn total(bytes: &[u8]) -> Option<u64> {
    let path = u32::from_le_bytes(bytes.get(96..100)?.try_into().ok()?);
    let payload = u64::from_le_bytes(bytes.get(104..112)?.try_into().ok()?);
    (HEADER as u64 + u64::from(path)).checked_add(payload).filter(|_| bytes.len() >= HEADER)
}

/// Checks a whole entry.
pub(crate) fn parse(bytes: Vec<u8>, key: &Key) -> Result<Found, Problem> {
    if let Some(problem) = strange(&bytes) {
        return Err(problem);
    }
    if total(&bytes) != Some(bytes.len() as u64) {
        return Err(Problem::Truncated);
    }
    let number = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap_or_default());
    let path_end = HEADER + number(96) as u32 as usize;
    let path = &bytes[HEADER..path_end];
    if check(&bytes[..CHECKED], path) != bytes[CHECKED..HEADER]
        || blake3::hash(&bytes[path_end..]).as_bytes()[..] != bytes[112..144]
    {
        return Err(Problem::Damaged);
    }
    if bytes[16..48] != key.0 {
        return Err(Problem::Misplaced);
    }
    let facts = Facts {
        format: codec::of_byte(bytes[12]).ok_or(Problem::OtherVersion(VERSION))?,
        fingerprint: bytes[48..80].try_into().unwrap_or_default(),
        function: String::from_utf8_lossy(path).into_owned(),
        created: number(80),
        took: number(88),
    };
    Ok(Found { facts, bytes, payload: path_end })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Format;
    use proptest::prelude::*;

    const KEY: Key = Key([3; 32]);

    fn facts() -> Facts {
        Facts {
            format: Format::Postcard,
            fingerprint: [4; 32],
            function: String::from("q::calc"),
            created: 1_700_000_000_000_000_000,
            took: 1500,
        }
    }

    fn sealed(payload: &[u8]) -> Vec<u8> {
        let mut bytes = draft("q::calc");
        bytes.extend_from_slice(payload);
        seal(&mut bytes, &KEY, &facts());
        bytes
    }

    fn read_back(bytes: &[u8]) -> Result<Found, Problem> {
        read(bytes, || Ok(bytes.len() as u64), &KEY).unwrap()
    }

    #[test]
    fn an_entry_comes_back_at_every_length() {
        for length in [0, 1, 5, FIRST - HEADER - 8, FIRST - HEADER - 7, FIRST - HEADER - 6, FIRST, 3 * FIRST]
        {
            let payload: Vec<u8> = (0..length).map(|n| n as u8).collect();
            let found = read_back(&sealed(&payload)).unwrap();
            assert_eq!((found.payload(), &found.facts), (&payload[..], &facts()), "{length}");
        }
    }

    /// A change here needs a new [`VERSION`].
    #[test]
    fn the_layout_is_frozen() {
        let hash = blake3::hash(&sealed(b"payload")).to_hex();
        assert_eq!(hash.as_str(), "6aa3ba7fe677ac087f7644eb69fad4eb8dbbce95c58843eca332f5387cbbd74a");
        assert_eq!(sealed(b"payload").len(), HEADER + 7 + 7);
    }

    #[test]
    fn every_flipped_bit_is_seen() {
        let good = sealed(b"payload");
        for bit in 0..good.len() * 8 {
            let mut bad = good.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            assert!(read_back(&bad).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn every_wrong_length_is_seen() {
        let good = sealed(&[7; 5000]);
        for length in 0..good.len() {
            let problem = read_back(&good[..length]).unwrap_err();
            assert_eq!(problem, Problem::Truncated, "{length}");
        }
        for extra in [1, 5000] {
            let mut long = good.clone();
            long.resize(good.len() + extra, 0);
            assert_eq!(read_back(&long).unwrap_err(), Problem::Truncated);
            let mut long = sealed(b"payload");
            long.resize(long.len() + extra, 0);
            assert_eq!(read_back(&long).unwrap_err(), Problem::Truncated);
        }
    }

    #[test]
    fn what_is_not_ours_is_said() {
        assert_eq!(read_back(b"hello").unwrap_err(), Problem::Foreign);
        assert_eq!(read_back(&[0; 10_000]).unwrap_err(), Problem::Foreign);
        let mut newer = sealed(b"payload");
        newer[8] = 2;
        assert_eq!(read_back(&newer).unwrap_err(), Problem::OtherVersion(2));
        let elsewhere = sealed(b"payload");
        assert_eq!(parse(elsewhere, &Key([9; 32])).unwrap_err(), Problem::Misplaced);
    }

    #[test]
    fn a_length_that_lies_allocates_nothing() {
        let mut bytes = sealed(b"payload");
        bytes[104..112].copy_from_slice(&(u64::MAX / 2).to_le_bytes());
        assert_eq!(read_back(&bytes).unwrap_err(), Problem::Truncated);
        bytes[104..112].copy_from_slice(&u64::MAX.to_le_bytes());
        assert_eq!(read_back(&bytes).unwrap_err(), Problem::Truncated);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), ours in any::<bool>()) {
            let mut bytes = bytes;
            if ours && bytes.len() > 12 {
                bytes[..8].copy_from_slice(&MAGIC);
                bytes[8..12].copy_from_slice(&VERSION.to_le_bytes());
            }
            prop_assert!(read_back(&bytes).is_err());
            prop_assert!(parse(bytes, &KEY).is_err());
        }
    }
}
