//! Hashes fields so that no two sequences of fields give the same bytes.

use crate::ir::Hash;

pub(crate) struct Framed {
    hasher: blake3::Hasher,
    /// Most fields are numbers: hashed one by one they would cost several times as much.
    waiting: Vec<u8>,
}

/// Enough for blake3 to work on several of its chunks at once.
const BLOCK: usize = 64 * 1024;

impl Framed {
    pub(crate) fn new() -> Self {
        Framed { hasher: blake3::Hasher::new(), waiting: Vec::new() }
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.framed(bytes);
    }

    pub(crate) fn number(&mut self, number: u64) {
        self.framed(&number.to_le_bytes());
    }

    /// Bytes that are fields already.
    pub(crate) fn framed(&mut self, bytes: &[u8]) {
        self.waiting.extend_from_slice(bytes);
        // Whole blocks only: blake3 is fastest where its tree is cut evenly.
        let whole = self.waiting.len() / BLOCK * BLOCK;
        if whole > 0 {
            self.hasher.update(&self.waiting[..whole]);
            self.waiting.drain(..whole);
        }
    }

    pub(crate) fn finish(mut self) -> Hash {
        self.hasher.update(&self.waiting);
        Hash(*self.hasher.finalize().as_bytes())
    }
}
