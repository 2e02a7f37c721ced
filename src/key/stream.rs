//! Feeds what a key is made of to blake3: the bare bytes of all values, and apart from them their shape.
//!
//! The shape says of which kinds the values are and how many, so that no two values share both. It is
//! small, since elements of one shape count as one and a number (see [`super::elements`]), and waits
//! for its turn; the bytes are hashed as they come, those that lie in one piece as they lie. Nothing
//! here is generic over user types: what is hot is compiled with this crate.
//!
//! ```text
//! hash( bytes, shape, length of the shape )
//! ```
//! A shape longer than [`LONG`] is hashed on its own, and stands there as its hash.
// What the compiler does not see through costs ten times as much: an element is a few instructions.
#![allow(clippy::inline_always)]

use super::canon::kind;
use super::lane::{Pattern, Sides, WIDE};
use std::cell::Cell;

/// What blake3 sees at once. It is fastest with pieces of one power of two.
const BLOCK: usize = 64 * 1024;
/// Room behind the block, so that what is added need not end with it.
const SLACK: usize = 4 * 1024;
/// What the block starts with; most keys need no more.
const FIRST: usize = 128;
/// What it grows to first.
const SECOND: usize = 2 * WIDE;
/// The longest shape that is hashed as it is.
const LONG: u64 = 128 * 1024;
/// How much of a long shape is kept, since elements are compared and taken back there.
const TAIL: usize = 64 * 1024;

#[derive(Clone)]
pub(crate) struct Stream {
    /// What blake3 has seen; most keys are short enough to be seen at once.
    hasher: Option<Box<blake3::Hasher>>,
    /// Its length is the room that there is.
    block: Vec<u8>,
    filled: usize,
    /// How many bytes of values blake3 has seen.
    seen: u64,
    shape: Vec<u8>,
    /// The start of a long shape, and how long it is.
    long: Option<Box<blake3::Hasher>>,
    gone: u64,
    /// The shape of the elements in the lane.
    pattern: Pattern,
    /// Nothing is hashed: only the shape is wanted.
    dry: bool,
}

/// A place in the shape.
pub(super) type Place = u64;

thread_local! {
    /// One for the next key of this thread: a small key costs no more than a few allocations would.
    static SPARE: Cell<Option<Box<Stream>>> = const { Cell::new(None) };
}

impl Stream {
    /// An empty stream, maybe one that [`Stream::give_back`] was called with.
    pub fn take() -> Box<Stream> {
        SPARE.take().unwrap_or_else(|| Box::new(Stream::new()))
    }

    /// Keeps a stream that was finished for the next key, unless it grew large.
    pub fn give_back(self: Box<Stream>) {
        if self.block.len() <= SECOND {
            SPARE.set(Some(self));
        }
    }

    pub fn new() -> Stream {
        let (block, shape) = (vec![0; FIRST], Vec::with_capacity(64));
        Stream {
            hasher: None,
            block,
            filled: 0,
            seen: 0,
            shape,
            long: None,
            gone: 0,
            pattern: Pattern::EMPTY,
            dry: false,
        }
    }

    /// A stream that hashes nothing.
    pub fn dry() -> Stream {
        Stream { dry: true, ..Stream::new() }
    }

    /// Adds the bytes of a number.
    #[inline]
    pub fn number<const N: usize>(&mut self, bytes: [u8; N]) {
        if let Some(room) = self.block[self.filled..].first_chunk_mut() {
            *room = bytes;
            self.filled += N;
        } else {
            self.data(&bytes);
        }
    }

    /// Adds the bytes of a value.
    pub fn data(&mut self, bytes: &[u8]) {
        if bytes.len() <= SLACK {
            self.make_room(bytes.len());
            self.append(bytes);
        } else {
            self.piece(bytes);
        }
    }

    fn append(&mut self, bytes: &[u8]) {
        self.block[self.filled..self.filled + bytes.len()].copy_from_slice(bytes);
        self.filled += bytes.len();
    }

    /// Adds a longer piece, of which only the ends go through the block.
    #[inline(never)]
    fn piece(&mut self, mut bytes: &[u8]) {
        self.make_room(SLACK);
        if self.filled < BLOCK && self.filled + bytes.len() >= BLOCK {
            let start = bytes.split_off(..BLOCK - self.filled).unwrap_or_default();
            self.append(start);
        }
        if self.filled >= BLOCK {
            self.flush();
        }
        if self.filled == 0 {
            let blocks = bytes.len() / BLOCK * BLOCK;
            let whole = bytes.split_off(..blocks).unwrap_or_default();
            self.hash(whole);
        }
        for part in bytes.chunks(SLACK) {
            self.make_room(part.len());
            self.append(part);
        }
    }

    /// How many bytes of values there are.
    pub fn length(&self) -> u64 {
        self.seen + self.filled as u64
    }

    /// Makes room for `wanted` bytes, at most [`SLACK`].
    pub fn make_room(&mut self, wanted: usize) {
        if self.block.len() - self.filled < wanted {
            match self.block.len() {
                BLOCK.. => self.flush(),
                FIRST if self.filled + wanted <= SECOND => self.block.resize(SECOND, 0),
                _ => self.block.resize(BLOCK + SLACK, 0),
            }
        }
    }

    /// Hashes a whole block, and moves what is behind it to the front.
    fn flush(&mut self) {
        let block = std::mem::take(&mut self.block);
        self.hash(&block[..BLOCK]);
        self.block = block;
        self.block.copy_within(BLOCK..self.filled, 0);
        self.filled -= BLOCK;
    }

    fn hash(&mut self, bytes: &[u8]) {
        self.seen += bytes.len() as u64;
        if !self.dry {
            self.hasher.get_or_insert_default().update(bytes);
        }
    }

    /// Adds one byte of shape.
    #[inline]
    pub fn token(&mut self, kind: u8) {
        self.shape.push(kind);
    }

    /// Adds a number to the shape: one byte where that is enough.
    pub fn count(&mut self, count: u64) {
        match u8::try_from(count) {
            Ok(byte) if byte < u8::MAX => self.shape.push(byte),
            _ => {
                self.shape.push(u8::MAX);
                self.shape.extend_from_slice(&count.to_le_bytes());
            }
        }
    }

    /// Adds how many elements have the shape of the last one.
    pub(super) fn repeat(&mut self, count: u64) {
        self.token(kind::REPEAT);
        self.count(count);
    }

    /// Adds a name to the shape.
    pub fn name(&mut self, name: &str) {
        self.token(kind::NAME);
        self.count(name.len() as u64);
        self.shape.extend_from_slice(name.as_bytes());
    }

    /// Adds a text or the like: its kind to the shape, its length and its bytes to the bytes, so that texts of
    /// all lengths have one shape.
    pub fn bytes(&mut self, kind: u8, bytes: &[u8]) {
        self.token(kind);
        match u8::try_from(bytes.len()) {
            Ok(length) if length < u8::MAX => self.number([length]),
            _ => {
                self.number([u8::MAX]);
                self.number((bytes.len() as u64).to_le_bytes());
            }
        }
        self.data(bytes);
    }

    /// Where the shape ends.
    pub(super) fn place(&self) -> Place {
        self.gone + self.shape.len() as u64
    }

    /// What the shape is from one place to another, which must be short and near the end.
    pub(super) fn between(&self, from: Place, to: Place) -> &[u8] {
        &self.shape[(from - self.gone) as usize..(to - self.gone) as usize]
    }

    /// Forgets the shape from a place on, which must be near the end.
    pub(super) fn back_to(&mut self, place: Place) {
        self.shape.truncate((place - self.gone) as usize);
    }

    /// Hashes the start of a long shape.
    pub(super) fn shorten(&mut self) {
        if self.shape.len() as u64 > LONG + TAIL as u64 {
            let start = self.shape.len() - TAIL;
            self.long.get_or_insert_default().update(&self.shape[..start]);
            self.gone += start as u64;
            self.shape.drain(..start);
        }
    }

    /// All that was added, if that is short: the bytes, and the shape.
    pub(super) fn short(&self, bytes: usize, shape: usize) -> Option<[&[u8]; 2]> {
        let short = self.seen == 0 && self.gone == 0 && self.filled <= bytes && self.shape.len() <= shape;
        short.then(|| [&self.block[..self.filled], &self.shape[..]])
    }

    /// The start of the block.
    pub(super) fn start(&self, length: usize) -> &[u8] {
        &self.block[..length]
    }

    /// Forgets what was added, which was [`Stream::short`].
    pub(super) fn forget(&mut self) {
        self.shape.clear();
        self.filled = 0;
    }

    /// Sets how far the block is filled.
    pub(super) fn fill(&mut self, filled: usize) {
        self.filled = filled;
    }

    /// Prepares a lane for elements of this shape: where in the block the next one begins.
    pub(super) fn make_lane(&mut self, from: Place, to: Place) -> usize {
        self.make_room(WIDE);
        let shape = &self.shape[(from - self.gone) as usize..(to - self.gone) as usize];
        self.pattern.set(shape);
        self.filled
    }

    /// The lane at a place in the block.
    #[inline(always)]
    pub(super) fn lane(&mut self, filled: usize) -> Option<Sides<'_>> {
        // As 32 bits, which a block's length is far below, so that the end cannot overflow: one comparison less.
        let filled = filled as u32 as usize;
        let room = self.block.get_mut(filled..filled + WIDE)?.first_chunk_mut()?;
        Some(Sides { pattern: &self.pattern, room })
    }

    /// The hash of everything since the last call of this.
    pub fn finish(&mut self) -> [u8; 32] {
        let length = self.place();
        if length > LONG {
            let mut long = self.long.take().unwrap_or_default();
            long.update(&self.shape);
            self.data(long.finalize().as_bytes());
        } else {
            // In one piece where there is room for it, as there is for most keys.
            let shape = std::mem::take(&mut self.shape);
            self.data(&shape);
            self.shape = shape;
        }
        // From the end on: one byte tells whether eight come before it.
        match u8::try_from(length) {
            Ok(byte) if byte < u8::MAX => self.data(&[byte]),
            _ => {
                self.data(&length.to_le_bytes());
                self.data(&[u8::MAX]);
            }
        }
        let last = &self.block[..self.filled];
        let hash = match self.hasher.take() {
            None => blake3::hash(last),
            Some(mut hasher) => hasher.update(last).finalize(),
        };
        self.shape.clear();
        (self.filled, self.seen, self.gone) = (0, 0, 0);
        hash.into()
    }
}
