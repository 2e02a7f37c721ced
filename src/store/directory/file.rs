//! Writes and reads an entry: a fixed header, the function's names, and the payload.
//!
//! ```text
//!   0  magic             8        88  took              8
//!   8  version           4        96  length of names   4
//!  12  codec             1 (+3)  100  of these instance and file 4
//!  16  key              32       104  length of payload 8
//!  48  fingerprint      32       112  XXH3 of payload, 128 bits
//!  80  created           8       128  blake3 of header and names, first 16 bytes
//!                                144  names, payload    numbers are little-endian
//! ```
//! The names are the function's path; behind a zero byte that of the codec where that has no number; then the
//! instance, a zero byte and the file, of which entries that older versions wrote have nothing.
//!
//! Every bit is covered by one of the two hashes or compared with what is expected. Who could forge a
//! payload could forge its hash as well, so that of the payload need not be a costly one. Reading never
//! allocates more than the file holds.

use super::super::entry::{Entry, Header, Payload, checksum};
use super::super::{Found, Opened};
use crate::codec::pieces::Pieces;
use crate::codec::{Format, plain};
use crate::error::Problem;
use crate::fingerprint::Fingerprint;
use crate::key::Key;
use crate::raw::Buffer;
use std::borrow::Cow;
use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use xxhash_rust::xxh3::Xxh3;

const MAGIC: [u8; 8] = *b"\x89chkpnt\n";
/// Version of this layout; also the name of the folder of entries.
pub(super) const VERSION: u32 = 2;
const HEADER: usize = 144;
const CHECKED: usize = 128;
/// What is read at once: most entries whole.
const FIRST: usize = 4096;
/// No real names are longer: more is not ours.
const LONGEST: u64 = 1 << 20;
/// What is read of a long payload before its hash looks at it: it is still in the processor's cache.
const PIECE: usize = 1 << 20;
const OTHER_CODEC: u8 = 255;

/// The codecs that ship, by their number; any other has its name behind the path.
fn codecs() -> impl Iterator<Item = (u8, &'static str)> {
    let formats = Format::ALL.iter().map(|format| format.name());
    (1..).zip(formats).chain((16..).zip(plain::names()))
}

/// The bytes that stand before the payload.
pub(super) fn head(header: &Header) -> Vec<u8> {
    let nanos = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX).to_le_bytes();
    let known = codecs().find(|(_, name)| *name == header.codec);
    let mut bytes =
        Vec::with_capacity(HEADER + header.function.len() + header.instance.len() + header.file.len() + 64);
    bytes.resize(HEADER, 0);
    bytes.extend_from_slice(header.function.as_bytes());
    if known.is_none() {
        bytes.push(0);
        bytes.extend_from_slice(header.codec.as_bytes());
    }
    let before = bytes.len();
    if !(header.instance.is_empty() && header.file.is_empty()) {
        bytes.extend_from_slice(header.instance.as_bytes());
        bytes.push(0);
        bytes.extend_from_slice(header.file.as_bytes());
    }
    let (names, more) = (bytes.len() - HEADER, bytes.len() - before);
    bytes[0..8].copy_from_slice(&MAGIC);
    bytes[8..12].copy_from_slice(&VERSION.to_le_bytes());
    bytes[12] = known.map_or(OTHER_CODEC, |(number, _)| number);
    bytes[16..48].copy_from_slice(header.key.as_bytes());
    bytes[48..80].copy_from_slice(header.fingerprint.as_bytes());
    let created = header.created.duration_since(UNIX_EPOCH).unwrap_or_default();
    bytes[80..88].copy_from_slice(&nanos(created));
    bytes[88..96].copy_from_slice(&nanos(header.took));
    bytes[96..100].copy_from_slice(&(names as u32).to_le_bytes());
    bytes[100..104].copy_from_slice(&(more as u32).to_le_bytes());
    bytes[104..112].copy_from_slice(&header.length.to_le_bytes());
    bytes[112..128].copy_from_slice(&header.checksum);
    let check = check(&bytes[..CHECKED], &bytes[HEADER..]);
    bytes[CHECKED..HEADER].copy_from_slice(&check);
    bytes
}

fn check(header: &[u8], names: &[u8]) -> [u8; 16] {
    // In one piece, for which blake3 needs no hasher.
    let mut piece = [0; 2 * CHECKED];
    let length = header.len() + names.len();
    let hash = if let Some(piece) = piece.get_mut(..length) {
        piece[..header.len()].copy_from_slice(header);
        piece[header.len()..].copy_from_slice(names);
        blake3::hash(piece)
    } else {
        blake3::Hasher::new().update(header).update(names).finalize()
    };
    let mut check = [0; 16];
    check.copy_from_slice(&hash.as_bytes()[..16]);
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
    with_first(|first| match begin(first, &mut file, length, key)? {
        Ok((header, start)) => finish(header, &start, file),
        Err(problem) => Ok(Err(problem)),
    })
}

/// Reads and checks an entry, but for a payload of at least so many bytes that can be read in pieces: that is checked
/// and stays in the file.
pub(super) fn open(file: File, key: &Key, least: u64) -> io::Result<Result<Opened, Problem>> {
    with_first(|first| match begin(first, &mut &file, || Ok(file.metadata()?.len()), key)? {
        Ok((header, _)) if header.length >= least && header.codec == Format::Postcard.name() => {
            let start = file.metadata()?.len() - header.length;
            let pieces = Pieces::new(file, start, header.length, header.checksum)?;
            Ok(pieces.map(|pieces| Opened(Found::Pieces(Box::new((header, pieces))))).ok_or(Problem::Damaged))
        }
        Ok((header, start)) => Ok(finish(header, &start, file)?.map(Opened::from)),
        Err(problem) => Ok(Err(problem)),
    })
}

/// Lends room for the first bytes of an entry.
fn with_first<T>(read: impl FnOnce(&mut [u8; FIRST]) -> T) -> T {
    thread_local! {
        /// One for all reads of a thread: to clear it costs as much as the hash of a header.
        static FIRST_BYTES: Cell<Option<Box<[u8; FIRST]>>> = const { Cell::new(None) };
    }
    let mut first = FIRST_BYTES.take().unwrap_or_else(|| Box::new([0; FIRST]));
    let entry = read(&mut first);
    FIRST_BYTES.set(Some(first));
    entry
}

/// What is read at first: the header, and what came with it of the payload.
type Begun<'a> = (Header, Cow<'a, [u8]>);

/// Reads the start of an entry.
fn begin<'a>(
    first: &'a mut [u8; FIRST],
    file: &mut impl Read,
    length: impl FnOnce() -> io::Result<u64>,
    key: &Key,
) -> io::Result<Result<Begun<'a>, Problem>> {
    let mut filled = 0;
    while filled < FIRST {
        match file.read(&mut first[filled..]) {
            Ok(0) => break,
            Ok(more) => filled += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        // A whole small entry needs no second read to see its end: trailing bytes would have come too.
        if total(&first[..filled]) == Some(filled as u64) && filled < FIRST {
            break;
        }
    }
    let first = &first[..filled];
    if let Some(problem) = strange(first) {
        return Ok(Err(problem));
    }
    let (Some(total), Some(names)) = (total(first), names_length(first)) else {
        return Ok(Err(Problem::Truncated));
    };
    let long = total > filled as u64 || filled == FIRST;
    if total != if long { length()? } else { filled as u64 } {
        return Ok(Err(Problem::Truncated));
    }
    if names > LONGEST {
        return Ok(Err(Problem::Damaged));
    }
    // Long names may end behind what was read.
    let mut whole = Vec::new();
    let missing = (HEADER as u64 + names).saturating_sub(filled as u64);
    if missing > 0 {
        whole.extend_from_slice(first);
        file.take(missing).read_to_end(&mut whole)?;
    }
    let (header, start) = match header(if missing > 0 { &whole } else { first }) {
        Ok(read) => read,
        Err(problem) => return Ok(Err(problem)),
    };
    if header.key != *key {
        return Ok(Err(Problem::Misplaced));
    }
    Ok(Ok((
        header,
        if missing > 0 { Cow::Owned(whole.split_off(start)) } else { Cow::Borrowed(&first[start..]) },
    )))
}

/// Reads the payload, of which the start is there.
fn finish(header: Header, start: &[u8], file: impl Read) -> io::Result<Result<Entry, Problem>> {
    let length = usize::try_from(header.length).map_err(io::Error::other)?;
    let Some(mut payload) = Buffer::zeroed(length, plain::width(&header.codec)) else {
        return Err(io::ErrorKind::OutOfMemory.into());
    };
    if fill(payload.as_mut_slice(), start, file)? != header.checksum {
        return Ok(Err(Problem::Damaged));
    }
    Ok(Ok(Entry::new(header, Payload(payload))))
}

/// Fills a payload with its start and the rest of the file; its hash.
fn fill(payload: &mut [u8], start: &[u8], mut file: impl Read) -> io::Result<[u8; 16]> {
    let (first, rest) = payload.split_at_mut(start.len());
    first.copy_from_slice(start);
    if rest.is_empty() {
        return Ok(checksum(payload));
    }
    let mut hasher = Xxh3::new();
    hasher.update(first);
    for piece in rest.chunks_mut(PIECE) {
        file.read_exact(piece)?;
        hasher.update(piece);
    }
    Ok(hasher.digest128().to_le_bytes())
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
    (HEADER as u64 + names_length(bytes)?).checked_add(payload)
}

/// The length of the names; `None` when the header is not there.
fn names_length(bytes: &[u8]) -> Option<u64> {
    let length = u32::from_le_bytes(bytes.get(96..100)?.try_into().ok()?);
    (bytes.len() >= HEADER).then_some(u64::from(length))
}

/// Reads the header alone, for a listing, with the length that the whole file should have.
pub(super) fn read_header(file: impl Read) -> io::Result<Result<(Header, u64), Problem>> {
    let mut bytes = Vec::new();
    let mut file = file.take(HEADER as u64 + 256);
    file.read_to_end(&mut bytes)?;
    if let Some(problem) = strange(&bytes) {
        return Ok(Err(problem));
    }
    let (Some(total), Some(names)) = (total(&bytes), names_length(&bytes)) else {
        return Ok(Err(Problem::Truncated));
    };
    if names > LONGEST {
        return Ok(Err(Problem::Damaged));
    }
    let missing = (HEADER as u64 + names).saturating_sub(bytes.len() as u64);
    file.set_limit(missing);
    file.read_to_end(&mut bytes)?;
    Ok(header(&bytes).map(|(header, _)| (header, total)))
}

/// Reads and checks the header; also where the payload begins.
fn header(bytes: &[u8]) -> Result<(Header, usize), Problem> {
    let number = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap_or_default());
    let array = |at: usize| <[u8; 32]>::try_from(&bytes[at..at + 32]).unwrap_or_default();
    let end = HEADER + names_length(bytes).ok_or(Problem::Truncated)? as usize;
    let names = bytes.get(HEADER..end).ok_or(Problem::Truncated)?;
    if check(&bytes[..CHECKED], names) != bytes[CHECKED..HEADER] {
        return Err(Problem::Damaged);
    }
    let more = u32::from_le_bytes(bytes[100..104].try_into().unwrap_or_default());
    let (path, more) = names
        .len()
        .checked_sub(more as usize)
        .and_then(|at| names.split_at_checked(at))
        .ok_or(Problem::Damaged)?;
    let mut more = more.splitn(2, |byte| *byte == 0).map(text);
    let (function, codec) = match bytes[12] {
        OTHER_CODEC => {
            let at = path.iter().rposition(|byte| *byte == 0).ok_or(Problem::Damaged)?;
            (&path[..at], text(&path[at + 1..]).into())
        }
        number => {
            let known = codecs().find(|(known, _)| *known == number);
            (path, known.ok_or(Problem::OtherVersion(VERSION))?.1.into())
        }
    };
    let header = Header {
        key: Key::new(array(16)),
        function: text(function),
        instance: more.next().unwrap_or_default(),
        file: more.next().unwrap_or_default(),
        fingerprint: Fingerprint::new(array(48)),
        codec,
        created: UNIX_EPOCH.checked_add(Duration::from_nanos(number(80))).unwrap_or(SystemTime::UNIX_EPOCH),
        took: Duration::from_nanos(number(88)),
        length: number(104),
        checksum: bytes[112..128].try_into().unwrap_or_default(),
    };
    Ok((header, end))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
