//! Adds up the elements of a collection without order: each is hashed alone, and the sum counts.
//!
//! ```text
//! how many there are, in the shape; sum of hash( element ), of 256 bits, among the bytes
//! ```
//! A short element, as most keys and values are, is hashed by XXH3-128 twice, with two seeds that the shape gives;
//! a longer one by blake3. The halves of 128 bits are added apart, and what overflows is lost.
//!
//! How strong that is: two collections differ in some elements. Their sums agree when the hashes of these do, in
//! both halves, and sums of hashes that look random agree by chance once in 2^128 even if the second half were
//! worth nothing. Equal elements add up and do not cancel each other, as they would under xor. What is lost against
//! blake3 over sorted elements is strength against an adversary: who chooses all elements of a map can find other
//! ones of the same sum. Sorting them costs ten times as much.

use super::lane::{SHAPE, WIDE};
use super::stream::Stream;
use xxhash_rust::xxh3::{xxh3_128, xxh3_128_with_seed};

/// The elements so far.
pub(super) struct Scattered {
    /// Of the collection, while the elements go to a stream of their own.
    outer: Box<Stream>,
    count: u64,
    sum: [u128; 2],
    /// Of the last short element's shape.
    seeds: [u64; 2],
}

impl Scattered {
    /// Puts a stream for elements in the place of the collection's.
    pub fn new(stream: &mut Box<Stream>) -> Scattered {
        let outer = std::mem::replace(stream, Box::new(Stream::new()));
        Scattered { outer, count: 0, sum: [0; 2], seeds: [0; 2] }
    }

    /// Takes the element that the stream has, and empties it but for the shape. Whether it is short: those that
    /// have its shape may come as their bytes.
    pub fn take(&mut self, stream: &mut Stream) -> bool {
        let Some([bytes, shape]) = stream.short(WIDE, SHAPE) else {
            let hash = stream.finish();
            let half = |half: &[u8]| half.try_into().map_or(0, u128::from_le_bytes);
            self.add([half(&hash[..16]), half(&hash[16..])]);
            return false;
        };
        let seeds = xxh3_128(shape);
        self.seeds = [seeds as u64, (seeds >> 64) as u64];
        self.take_like(bytes);
        true
    }

    /// Takes an element of the last one's shape.
    pub fn take_like(&mut self, bytes: &[u8]) {
        self.add(self.seeds.map(|seed| xxh3_128_with_seed(bytes, seed)));
    }

    fn add(&mut self, hash: [u128; 2]) {
        self.count += 1;
        self.sum[0] = self.sum[0].wrapping_add(hash[0]);
        self.sum[1] = self.sum[1].wrapping_add(hash[1]);
    }

    /// Adds the sum to the collection's stream, and puts that back.
    pub fn finish(mut self, stream: &mut Box<Stream>) {
        std::mem::swap(stream, &mut self.outer);
        stream.count(self.count);
        self.sum.iter().for_each(|half| stream.data(&half.to_le_bytes()));
    }
}
