//! Two files that hold many encoded ones: what a pass leaves for the next. What cannot be read is empty.
//!
//! The outlines are read at once. The code, which is most of it, is in a file of its own, and read when somebody asks
//! for the code of any.

use super::cache::Key;
use super::parallel::beside;
use crate::handover::{self, Maker};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// An encoded file: its outlines, and its code.
pub(super) type Halves<'a> = [&'a [u8]; 2];

/// The outlines, and where in them and in the code each encoded file is.
#[derive(Default)]
pub(super) struct Packed {
    outlines: Arc<Vec<u8>>,
    code: Arc<PackedCode>,
    places: BTreeMap<Key, [Range<usize>; 2]>,
}

/// Stands before the outlines.
#[derive(Serialize, Deserialize)]
struct Index {
    by: Maker,
    /// How long the halves of each are, in the order in which they follow one another.
    lengths: Vec<(Key, [u64; 2])>,
    /// The hash of the code.
    code: [u8; 32],
}

impl Packed {
    /// What a pass of the same program left.
    pub(super) fn read(path: &Path, maker: &Maker) -> Self {
        maker.as_ref().and_then(|_| Self::open(path, maker)).unwrap_or_default()
    }

    fn open(path: &Path, maker: &Maker) -> Option<Self> {
        let (code, bytes) = beside(|| PackedCode::open(&code_of(path)), || std::fs::read(path).ok());
        let ((code, hash), bytes) = (code?, bytes?);
        let (index, outlines): (Index, &[u8]) = postcard::take_from_bytes(handover::content(&bytes)?).ok()?;
        if index.by != *maker || index.code != hash {
            return None;
        }
        let mut ends = [bytes.len() - outlines.len(), 0];
        let mut next = |half: usize, length: u64| {
            let start = ends[half];
            ends[half] = start.checked_add(usize::try_from(length).ok()?)?;
            Some(start..ends[half])
        };
        let places = index
            .lengths
            .into_iter()
            .map(|(key, [outlines, code])| Some((key, [next(0, outlines)?, next(1, code)?])));
        let places = places.collect::<Option<BTreeMap<Key, _>>>()?;
        Some(Packed { outlines: Arc::new(bytes), code: Arc::new(code), places })
    }

    pub(super) fn holds(&self, key: &Key) -> bool {
        self.places.contains_key(key)
    }

    /// Where the outlines of a file are, and its code.
    pub(super) fn find(&self, key: &Key) -> Option<(Shared, CodePlace)> {
        let [outlines, code] = self.places.get(key)?;
        let outlines = Shared { of: Arc::clone(&self.outlines), range: outlines.clone() };
        Some((outlines, CodePlace { of: Arc::clone(&self.code), range: code.clone() }))
    }

    pub(super) fn get(&self, key: &Key) -> Option<Halves<'_>> {
        let [outlines, code] = self.places.get(key)?;
        Some([self.outlines.get(outlines.clone())?, self.code.bytes().get(code.clone())?])
    }

    /// How long all of it is.
    pub(super) fn length(&self) -> usize {
        self.places.values().flatten().map(Range::len).sum()
    }

    pub(super) fn write(path: &Path, maker: &Maker, files: &[(Key, Halves<'_>)]) -> std::io::Result<()> {
        let mut code = blake3::Hasher::new();
        for (_, [_, half]) in files {
            code.update(half);
        }
        let lengths = files.iter().map(|(key, halves)| (*key, halves.map(|half| half.len() as u64)));
        let index =
            Index { by: maker.clone(), lengths: lengths.collect(), code: *code.finalize().as_bytes() };
        let index = postcard::to_stdvec(&index).unwrap_or_default();
        // Where the second is not written, the first one's hash is not that of the code.
        handover::write(&code_of(path), &files.iter().map(|(_, [_, code])| *code).collect::<Vec<_>>())?;
        let outlines = files.iter().map(|(_, [outlines, _])| *outlines);
        handover::write(path, &std::iter::once(index.as_slice()).chain(outlines).collect::<Vec<_>>())
    }
}

fn code_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".code");
    name.into()
}

/// The code of many files, one after another.
#[derive(Default)]
pub(super) struct PackedCode {
    /// With its hash in front; `None` where there is none to read.
    file: Option<File>,
    bytes: OnceLock<Vec<u8>>,
}

impl PackedCode {
    /// With its hash; `None` where it is not as it was written.
    fn open(path: &Path) -> Option<(Self, [u8; 32])> {
        let mut file = File::open(path).ok()?;
        let mut written = [0; 32];
        file.read_exact(&mut written).ok()?;
        let mut hasher = blake3::Hasher::new();
        // To keep all of it in memory would cost more than to read it twice.
        let mut buffer = vec![0; 128 * 1024];
        loop {
            match file.read(&mut buffer).ok()? {
                0 => break,
                count => _ = hasher.update(&buffer[..count]),
            }
        }
        let code = PackedCode { file: Some(file), bytes: OnceLock::new() };
        (written == *hasher.finalize().as_bytes()).then_some((code, written))
    }

    fn bytes(&self) -> &[u8] {
        self.bytes.get_or_init(|| self.file.as_ref().and_then(read_again).unwrap_or_default())
    }
}

fn read_again(mut file: &File) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    file.rewind().ok()?;
    file.read_to_end(&mut bytes).ok()?;
    handover::content(&bytes)?;
    bytes.drain(..blake3::OUT_LEN);
    Some(bytes)
}

/// The encoded outlines of one file.
pub(super) struct Shared {
    of: Arc<Vec<u8>>,
    range: Range<usize>,
}

impl Shared {
    /// Of a file that is not written yet.
    pub(super) fn of(outlines: Vec<u8>) -> Self {
        let range = 0..outlines.len();
        Shared { of: Arc::new(outlines), range }
    }

    pub(super) fn bytes(&self) -> Option<&[u8]> {
        self.of.get(self.range.clone())
    }
}

/// The encoded code of one file.
pub(super) struct CodePlace {
    of: Arc<PackedCode>,
    range: Range<usize>,
}

impl CodePlace {
    /// Of code that is in no file yet.
    pub(super) fn of(code: Vec<u8>) -> Self {
        let range = 0..code.len();
        CodePlace { of: Arc::new(PackedCode { file: None, bytes: code.into() }), range }
    }

    /// `None` where it was there, and is not any more.
    pub(super) fn bytes(&self) -> Option<&[u8]> {
        self.of.bytes().get(self.range.clone())
    }
}
