//! Gathers the elements of a collection without order, and adds them to a stream in an order of their own.
//!
//! A short element, as most keys and values are, is kept as it is; a longer one as its hash. Both kinds are
//! sorted apart, and how many there are of each stands in the shape: what is added says of every element all
//! that was said of it.

use super::canon::kind;
use super::stream::Stream;

/// The most bytes and shape of an element that is kept as it is.
const SHORT: usize = 30;

/// A short element: how long it is; its bytes; its shape; how long that is; and zeros. The numbers are those
/// of 32 such bytes, so that comparing is fast; which order it is does not matter.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Short(u128, u128);

impl Short {
    fn written([bytes, shape]: [&[u8]; 2]) -> [u8; 32] {
        let mut all = [0; 32];
        let used = bytes.len() + shape.len();
        all[0] = used as u8 + 1;
        all[1..=bytes.len()].copy_from_slice(bytes);
        all[1 + bytes.len()..=used].copy_from_slice(shape);
        all[1 + used] = shape.len() as u8;
        all
    }

    fn of(bytes: &[u8; 32]) -> Short {
        let (first, second) = bytes.split_at(16);
        let number = |half: &[u8]| u128::from_le_bytes(half.try_into().unwrap_or_default());
        Short(number(first), number(second))
    }

    fn bytes(self) -> [u8; 32] {
        let mut bytes = [0; 32];
        bytes[..16].copy_from_slice(&self.0.to_le_bytes());
        bytes[16..].copy_from_slice(&self.1.to_le_bytes());
        bytes
    }
}

/// The elements so far.
pub(super) struct Scattered {
    /// Of the collection, while the elements go to a stream of their own.
    outer: Box<Stream>,
    short: Vec<Short>,
    hashes: Vec<[u8; 32]>,
    /// The last one, whose shape those in the lane have, and how many bytes it has.
    last: [u8; 32],
    width: usize,
}

impl Scattered {
    /// Puts a stream for elements in the place of the collection's.
    pub fn new(stream: &mut Box<Stream>) -> Scattered {
        let outer = std::mem::replace(stream, Box::new(Stream::new()));
        Scattered { outer, short: Vec::new(), hashes: Vec::new(), last: [0; 32], width: 0 }
    }

    /// Takes the element that the stream has, and empties it. Whether those of its shape can go through a lane:
    /// it is short, and all that have its shape are as long.
    pub fn take(&mut self, stream: &mut Stream) -> bool {
        let Some(parts) = stream.short(SHORT) else {
            self.hashes.push(stream.finish());
            return false;
        };
        self.last = Short::written(parts);
        self.width = parts[0].len();
        let [_, shape] = parts;
        // A name may have such a byte too: then there is no lane, and that is all.
        let varies = shape.iter().any(|kind| matches!(*kind, kind::STR | kind::BYTES));
        self.short.push(Short::of(&self.last));
        self.width > 0 && !varies
    }

    /// Takes elements of the last one's shape, whose bytes lie side by side.
    pub fn take_all(&mut self, bytes: &[u8]) {
        let mut element = self.last;
        self.short.extend(bytes.chunks_exact(self.width).map(|bytes| {
            element[1..=bytes.len()].copy_from_slice(bytes);
            Short::of(&element)
        }));
    }

    /// Adds all to the collection's stream, and puts that back.
    pub fn finish(mut self, stream: &mut Box<Stream>) {
        std::mem::swap(stream, &mut self.outer);
        self.short.sort_unstable();
        self.hashes.sort_unstable();
        stream.count(self.short.len() as u64);
        stream.count(self.hashes.len() as u64);
        for short in self.short {
            let bytes = short.bytes();
            stream.data(&bytes[..=usize::from(bytes[0])]);
        }
        self.hashes.iter().for_each(|hash| stream.data(hash));
    }
}
