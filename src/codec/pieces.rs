//! Reads a long payload from its file piece by piece, so that it never lies in memory beside its value.
//!
//! It is read twice: once for its hash alone, so that no codec ever sees a damaged one, and once for its value. The
//! second time finds it in the system's cache, and costs less than fresh memory for a whole payload would.

use crate::raw::Buffer;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use xxhash_rust::xxh3::Xxh3;

/// What is read at once; it stays in the processor's cache.
const PIECE: usize = 256 << 10;

/// A payload in a file.
#[derive(Debug)]
pub(crate) struct Pieces {
    file: File,
    start: u64,
    length: u64,
    checksum: [u8; 16],
}

impl Pieces {
    /// A payload of a length and a hash that begins somewhere in a file; `None` when it is another one.
    pub fn new(file: File, start: u64, length: u64, checksum: [u8; 16]) -> io::Result<Option<Pieces>> {
        let pieces = Pieces { file, start, length, checksum };
        let mut reader = pieces.read()?;
        let mut piece = Vec::new();
        while reader.left() > 0 {
            let seen = piece.len();
            reader.refill(&mut piece, seen, 1)?;
        }
        Ok(reader.is_sound().then_some(pieces))
    }

    /// Reads it from its start.
    pub fn read(&self) -> io::Result<Reader<'_>> {
        (&self.file).seek(SeekFrom::Start(self.start))?;
        Ok(Reader {
            file: &self.file,
            left: self.length,
            hasher: Box::new(Xxh3::new()),
            checksum: self.checksum,
        })
    }

    /// Reads it whole; `None` without the memory.
    pub fn whole(&self) -> io::Result<Option<Buffer>> {
        let length = usize::try_from(self.length).map_err(io::Error::other)?;
        let Some(mut buffer) = Buffer::zeroed(length, 1) else {
            return Ok(None);
        };
        let mut reader = self.read()?;
        for piece in buffer.as_mut_slice().chunks_mut(PIECE) {
            reader.fill(piece)?;
        }
        Ok(reader.is_sound().then_some(buffer))
    }
}

/// What is still to be read.
pub(crate) struct Reader<'a> {
    file: &'a File,
    left: u64,
    hasher: Box<Xxh3>,
    checksum: [u8; 16],
}

impl Reader<'_> {
    /// Bytes that are in the file still.
    pub fn left(&self) -> u64 {
        self.left
    }

    /// Replaces the bytes before `from` by at least `wanted` behind the others.
    pub fn refill(&mut self, bytes: &mut Vec<u8>, from: usize, wanted: usize) -> io::Result<()> {
        if wanted as u64 > self.left {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let more = self.left.min(wanted.max(PIECE) as u64) as usize;
        bytes.copy_within(from.., 0);
        let end = bytes.len() - from;
        bytes.resize(end + more, 0);
        self.fill(&mut bytes[end..])
    }

    fn fill(&mut self, piece: &mut [u8]) -> io::Result<()> {
        self.file.read_exact(piece)?;
        self.left -= piece.len() as u64;
        self.hasher.update(piece);
        Ok(())
    }

    /// Whether all was read, and was what was stored.
    pub fn is_sound(&self) -> bool {
        self.left == 0 && self.hasher.digest128().to_le_bytes() == self.checksum
    }
}
