//! Feeds a stream of tokens and runs of primitives to blake3, through one block of memory.
//!
//! Primitives of one kind that follow each other form a run: one header (kind, length in bytes) and
//! the bare bytes. A run also ends where the block is full; that place follows from the stream
//! itself, so equal streams stay equal. Nothing here is generic over user types: what is hot is
//! compiled with this crate.

/// Bytes that are collected before blake3 sees them: enough for its widest vectors.
const BLOCK: usize = 64 * 1024;
/// Kind and length of a run.
const HEADER: usize = 5;
/// No run: tokens start at 1.
const NONE: u8 = 0;

#[derive(Clone)]
pub(crate) struct Stream {
    hasher: blake3::Hasher,
    block: Vec<u8>,
    /// Kind of the run that is open.
    run: u8,
    /// Where its header is.
    header: usize,
}

impl Stream {
    pub fn new() -> Stream {
        Stream { hasher: blake3::Hasher::new(), block: Vec::new(), run: NONE, header: 0 }
    }

    /// Adds a number, as the bytes of its little-endian form.
    #[inline]
    pub fn primitive<const N: usize>(&mut self, kind: u8, bytes: [u8; N]) {
        if self.run != kind || self.block.len() + N > BLOCK {
            self.open(kind);
        }
        self.block.extend_from_slice(&bytes);
    }

    /// Adds many numbers of one kind, as if each were added alone.
    pub fn primitives(&mut self, kind: u8, width: usize, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            if self.run != kind || self.block.len() + width > BLOCK {
                self.open(kind);
            }
            let room = (BLOCK - self.block.len()) / width * width;
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.block.extend_from_slice(now);
            bytes = later;
        }
    }

    /// Adds the start or end of something.
    pub fn token(&mut self, kind: u8) {
        self.close();
        self.make_room(1);
        self.block.push(kind);
    }

    /// Adds a token and a number that belongs to it.
    pub fn counted(&mut self, kind: u8, count: u64) {
        self.token(kind);
        self.make_room(8);
        self.block.extend_from_slice(&count.to_le_bytes());
    }

    /// Adds a token, a length and that many bytes.
    pub fn bytes(&mut self, kind: u8, bytes: &[u8]) {
        self.counted(kind, bytes.len() as u64);
        if self.block.len() + bytes.len() <= BLOCK {
            self.block.extend_from_slice(bytes);
        } else {
            self.flush();
            self.hasher.update(bytes);
        }
    }

    /// The hash of everything since the last call of this.
    pub fn finish(&mut self) -> [u8; 32] {
        self.close();
        self.flush();
        let hash = self.hasher.finalize().into();
        self.hasher.reset();
        hash
    }

    #[cold]
    #[inline(never)]
    fn open(&mut self, kind: u8) {
        self.close();
        // Sixteen bytes is the widest primitive: a run is never empty.
        self.make_room(HEADER + 16);
        if self.block.capacity() == 0 {
            self.block.reserve(256);
        }
        self.header = self.block.len();
        self.run = kind;
        self.block.extend_from_slice(&[kind, 0, 0, 0, 0]);
    }

    fn close(&mut self) {
        if self.run != NONE {
            let start = self.header + HEADER;
            let length = (self.block.len() - start) as u32;
            self.block[self.header + 1..start].copy_from_slice(&length.to_le_bytes());
            self.run = NONE;
        }
    }

    fn make_room(&mut self, bytes: usize) {
        if self.block.len() + bytes > BLOCK {
            self.flush();
        }
    }

    /// Only between runs.
    fn flush(&mut self) {
        self.hasher.update(&self.block);
        self.block.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_a_header_and_bare_bytes() {
        let mut stream = Stream::new();
        stream.primitive(7, 1_u16.to_le_bytes());
        stream.primitive(7, 2_u16.to_le_bytes());
        stream.token(9);
        let expected = blake3::hash(&[7, 4, 0, 0, 0, 1, 0, 2, 0, 9]);
        assert_eq!(stream.finish(), *expected.as_bytes());
        assert_eq!(stream.finish(), *blake3::hash(&[]).as_bytes(), "it starts anew");
    }

    #[test]
    fn a_long_run_is_split_where_the_block_is_full() {
        let mut stream = Stream::new();
        let mut expected = Vec::new();
        let first = (BLOCK - HEADER) / 8;
        for (count, start) in [(first, 0), (3, first)] {
            expected.push(7);
            expected.extend_from_slice(&(count as u32 * 8).to_le_bytes());
            (start..start + count)
                .for_each(|value| expected.extend_from_slice(&(value as u64).to_le_bytes()));
        }
        (0..first as u64 + 3).for_each(|value| stream.primitive(7, value.to_le_bytes()));
        assert_eq!(stream.finish(), *blake3::hash(&expected).as_bytes());
    }

    #[test]
    fn many_at_once_are_as_many_alone() {
        let bytes: Vec<u8> = (0..3 * BLOCK / 8).flat_map(|value| (value as u64).to_le_bytes()).collect();
        let (mut at_once, mut alone) = (Stream::new(), Stream::new());
        for length in [8, 16, BLOCK, bytes.len()] {
            at_once.primitive(1, [0]);
            alone.primitive(1, [0]);
            at_once.primitives(7, 8, &bytes[..length]);
            bytes[..length]
                .chunks_exact(8)
                .for_each(|value| alone.primitive::<8>(7, value.try_into().unwrap()));
        }
        assert_eq!(at_once.finish(), alone.finish());
    }

    #[test]
    fn long_bytes_skip_the_block() {
        let text = vec![5; BLOCK + 1];
        let mut stream = Stream::new();
        stream.bytes(3, &text);
        let mut expected = vec![3];
        expected.extend_from_slice(&(text.len() as u64).to_le_bytes());
        expected.extend_from_slice(&text);
        assert_eq!(stream.finish(), *blake3::hash(&expected).as_bytes());
    }
}
