//! Writes and reads an entry: a fixed header, the function's path, and the payload.
//!
//! ```text
//!   0  magic             8        96  length of path    4 (+ 4 zero), with the codec's name behind
//!                                     a zero byte where the codec has no number
//!   8  version           4       104  length of payload 8
//!  12  codec             1 (+3)  112  blake3 of payload 32
//!  16  key              32       144  blake3 of header and path, first 16 bytes
//!  48  fingerprint      32       160  path, payload
//!  80  created           8
//!  88  took              8       numbers are little-endian
//! ```
//! Every bit is covered by one of the two hashes or compared with what is expected. Reading never
//! allocates more than the file holds.

use super::super::entry::{Entry, Header, Payload};
use crate::codec::Format;
use crate::error::Problem;
use crate::fingerprint::Fingerprint;
use crate::key::Key;
use std::io::{self, Read};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const MAGIC: [u8; 8] = *b"\x89chkpnt\n";
/// Version of this layout; also the name of the folder of entries.
pub(super) const VERSION: u32 = 1;
const HEADER: usize = 160;
const CHECKED: usize = 144;
/// What is read at once: most entries whole.
const FIRST: usize = 4096;
/// No real path is longer, nor a codec's name: more is not ours.
const LONGEST: u64 = 1 << 20;
/// The codecs that ship, by their number; any other has its name behind the path.
const CODECS: [(u8, Format); 4] =
    [(1, Format::Postcard), (2, Format::Json), (3, Format::PostcardZstd), (4, Format::JsonZstd)];
const OTHER_CODEC: u8 = 255;

/// The bytes that stand before the payload.
pub(super) fn head(header: &Header) -> Vec<u8> {
    let nanos = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX).to_le_bytes();
    let known = CODECS.iter().find(|(_, format)| format.name() == header.codec);
    let mut bytes = Vec::with_capacity(HEADER + header.function.len() + header.codec.len() + 1);
    bytes.resize(HEADER, 0);
    bytes.extend_from_slice(header.function.as_bytes());
    if known.is_none() {
        bytes.push(0);
        bytes.extend_from_slice(header.codec.as_bytes());
    }
    let path = bytes.len() - HEADER;
    bytes[0..8].copy_from_slice(&MAGIC);
    bytes[8..12].copy_from_slice(&VERSION.to_le_bytes());
    bytes[12] = known.map_or(OTHER_CODEC, |(number, _)| *number);
    bytes[16..48].copy_from_slice(header.key.as_bytes());
    bytes[48..80].copy_from_slice(header.fingerprint.as_bytes());
    let created = header.created.duration_since(UNIX_EPOCH).unwrap_or_default();
    bytes[80..88].copy_from_slice(&nanos(created));
    bytes[88..96].copy_from_slice(&nanos(header.took));
    bytes[96..100].copy_from_slice(&(path as u32).to_le_bytes());
    bytes[104..112].copy_from_slice(&header.length.to_le_bytes());
    bytes[112..144].copy_from_slice(&header.hash);
    let check = check(&bytes[..CHECKED], &bytes[HEADER..]);
    bytes[CHECKED..HEADER].copy_from_slice(&check);
    bytes
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
pub(super) fn read(
    mut file: impl Read,
    length: impl FnOnce() -> io::Result<u64>,
    key: &Key,
) -> io::Result<Result<Entry, Problem>> {
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
    let payload = u64::from_le_bytes(bytes.get(104..112)?.try_into().ok()?);
    (HEADER as u64 + path_length(bytes)?).checked_add(payload)
}

/// The length of the path; `None` when the header is not there.
fn path_length(bytes: &[u8]) -> Option<u64> {
    let length = u32::from_le_bytes(bytes.get(96..100)?.try_into().ok()?);
    (bytes.len() >= HEADER).then_some(u64::from(length))
}

/// Checks a whole entry.
fn parse(bytes: Vec<u8>, key: &Key) -> Result<Entry, Problem> {
    if let Some(problem) = strange(&bytes) {
        return Err(problem);
    }
    if total(&bytes) != Some(bytes.len() as u64) {
        return Err(Problem::Truncated);
    }
    let (header, start) = header(&bytes)?;
    if blake3::hash(&bytes[start..]) != header.hash {
        return Err(Problem::Damaged);
    }
    if header.key != *key {
        return Err(Problem::Misplaced);
    }
    Ok(Entry::new(header, Payload::behind(start, bytes)))
}

/// Reads the header alone, for a listing, with the length that the whole file should have.
pub(super) fn read_header(file: impl Read) -> io::Result<Result<(Header, u64), Problem>> {
    let mut bytes = Vec::new();
    let mut file = file.take(HEADER as u64 + 256);
    file.read_to_end(&mut bytes)?;
    if let Some(problem) = strange(&bytes) {
        return Ok(Err(problem));
    }
    let (Some(total), Some(path)) = (total(&bytes), path_length(&bytes)) else {
        return Ok(Err(Problem::Truncated));
    };
    if path > LONGEST {
        return Ok(Err(Problem::Damaged));
    }
    let missing = (HEADER as u64 + path).saturating_sub(bytes.len() as u64);
    file.set_limit(missing);
    file.read_to_end(&mut bytes)?;
    Ok(header(&bytes).map(|(header, _)| (header, total)))
}

/// Reads and checks the header; also where the payload begins.
fn header(bytes: &[u8]) -> Result<(Header, usize), Problem> {
    let number = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap_or_default());
    let array = |at: usize| <[u8; 32]>::try_from(&bytes[at..at + 32]).unwrap_or_default();
    let path = path_length(bytes).ok_or(Problem::Truncated)?;
    let end = HEADER + path as usize;
    let path = bytes.get(HEADER..end).ok_or(Problem::Truncated)?;
    if check(&bytes[..CHECKED], path) != bytes[CHECKED..HEADER] {
        return Err(Problem::Damaged);
    }
    let (function, codec) = match bytes[12] {
        OTHER_CODEC => {
            let at = path.iter().rposition(|byte| *byte == 0).ok_or(Problem::Damaged)?;
            (&path[..at], String::from_utf8_lossy(&path[at + 1..]).into_owned().into())
        }
        number => {
            let known = CODECS.iter().find(|(known, _)| *known == number);
            (path, known.ok_or(Problem::OtherVersion(VERSION))?.1.name().into())
        }
    };
    let header = Header {
        key: Key::new(array(16)),
        function: String::from_utf8_lossy(function).into_owned(),
        fingerprint: Fingerprint::new(array(48)),
        codec,
        created: UNIX_EPOCH.checked_add(Duration::from_nanos(number(80))).unwrap_or(SystemTime::UNIX_EPOCH),
        took: Duration::from_nanos(number(88)),
        length: number(104),
        hash: array(112),
    };
    Ok((header, end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KEY: Key = Key::new([3; 32]);

    fn header_of(payload: &[u8]) -> Header {
        let took = Duration::from_nanos(1500);
        let mut header = Header::new(KEY, "q::calc", Fingerprint::new([4; 32]), "postcard", took, payload);
        header.created = UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        header
    }

    fn sealed(payload: &[u8]) -> Vec<u8> {
        let mut bytes = head(&header_of(payload));
        bytes.extend_from_slice(payload);
        bytes
    }

    fn read_back(bytes: &[u8]) -> Result<Entry, Problem> {
        read(bytes, || Ok(bytes.len() as u64), &KEY).unwrap()
    }

    #[test]
    fn an_entry_comes_back_at_every_length() {
        for length in [0, 1, 5, FIRST - HEADER - 8, FIRST - HEADER - 7, FIRST - HEADER - 6, FIRST, 3 * FIRST]
        {
            let payload: Vec<u8> = (0..length).map(|n| n as u8).collect();
            let found = read_back(&sealed(&payload)).unwrap();
            assert_eq!((found.payload(), &found.header), (&payload[..], &header_of(&payload)), "{length}");
            let listed = read_header(&sealed(&payload)[..]).unwrap().unwrap();
            assert_eq!(listed, (header_of(&payload), sealed(&payload).len() as u64));
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
    fn a_codec_without_a_number_keeps_its_name() {
        for (function, codec) in [("q::calc", "mine"), (&"x".repeat(1000)[..], "json+zstd"), ("", "")] {
            let header =
                Header { function: function.to_owned(), codec: codec.to_owned().into(), ..header_of(b"p") };
            let mut bytes = head(&header);
            bytes.push(b'p');
            assert_eq!(read_back(&bytes).unwrap().header, header);
            assert_eq!(read_header(&bytes[..]).unwrap().unwrap().0, header);
        }
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
        assert_eq!(parse(elsewhere, &Key::new([9; 32])).unwrap_err(), Problem::Misplaced);
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
            prop_assert!(read_header(&bytes[..]).unwrap().is_err());
            prop_assert!(parse(bytes, &KEY).is_err());
        }
    }
}
