//! Hashes what a sequence or a map holds: in its order, or their sum where it has none (see [`Scattered`]).
//!
//! An element that has the shape of the one before it adds nothing to the shape but to a number. This
//! is a rule on what is hashed, whichever way the elements come: numbers in one piece, through a
//! [`Lane`], or one by one.
// What the compiler does not see through costs ten times as much: an element is a few instructions.
#![allow(clippy::inline_always)]

use super::canon::{Canon, Failed, kind};
use super::lane::{Lane, Other, SHAPE, Sides, Used, WIDE};
use super::scattered::Scattered;
use super::stream::Place;
use crate::raw::Numbers;
use serde::ser::{self, Serialize};

/// Longer shapes are not compared.
const COMPARED: u64 = SHAPE as u64;
/// Deeper collections compare nothing, so that what is taken back is near the end of the shape.
const DEEP: usize = 128;

/// A sequence or map that is being hashed.
pub(crate) struct Elements<'a> {
    canon: &'a mut Canon,
    run: Run,
}

/// The elements that are like the last one. Its fields stay in registers while elements go through a lane, since
/// no other function is given the place where they are. For the same reason [`Elements`] has nothing to drop.
#[derive(Clone, Copy)]
struct Run {
    lane: Next,
    /// How many elements went through the lane.
    count: u64,
}

/// Where the next element goes. It is two words, so that it is returned in registers.
#[derive(Clone, Copy)]
struct Next {
    /// How far the stream's block is filled; behind its end without a lane.
    filled: u32,
    /// How long the shape of an element is.
    shape: u16,
    /// How many elements in a row did not fit into the lane; [`NEVER`] where none ever will.
    misses: u8,
    /// There is no order: each element is taken out of the lane at once.
    scattered: bool,
}

/// After so many elements of other shapes than those before them there is no lane..
const MISSES: u8 = 4;
/// ..until so many are alike.
const ALIKE: u64 = 8;
/// More than they can be.
const NEVER: u8 = u8::MAX;

impl Next {
    const NONE: Next = Next { filled: u32::MAX, shape: 0, misses: 0, scattered: false };

    /// For elements of a shape of this length, in a lane from here on.
    fn new(filled: usize, shape: Place, misses: u8, scattered: bool) -> Next {
        // A block is far shorter, and so is a shape with a lane.
        Next { filled: filled as u32, shape: shape as u16, misses, scattered }
    }
}

/// What is known of a collection that is open, in the stack of them.
pub(super) struct Open {
    /// The shape of the last element.
    from: Place,
    to: Place,
    /// Where the element that is being added began: before the number of repeats, and after it.
    mark: Place,
    begun: Place,
    /// Before it, in bytes of values.
    length: u64,
    /// How many elements like the last one followed it, but for those in the lane.
    repeats: u64,
    scattered: Option<Box<Scattered>>,
}

impl Canon {
    fn open(&mut self, kind: u8, unordered: bool) {
        self.stream.token(if unordered { kind::SET } else { kind });
        let scattered = unordered.then(|| Box::new(Scattered::new(&mut self.stream)));
        self.open.push(Open { from: 0, to: 0, mark: 0, begun: 0, length: 0, repeats: 0, scattered });
    }

    fn close(&mut self, filled: u32, count: u64) {
        self.continue_from(filled, count);
        if let Some(scattered) = self.open.pop().and_then(|open| open.scattered) {
            scattered.finish(&mut self.stream);
        }
        self.stream.token(kind::END);
    }

    /// Takes back what went through the lane, and says how many elements are alike.
    fn continue_from(&mut self, filled: u32, count: u64) {
        let (Some(open), stream) = (self.open.last_mut(), &mut self.stream) else {
            return;
        };
        if open.scattered.is_some() {
            return;
        }
        if count > 0 {
            stream.fill(filled as usize);
        }
        open.repeats += count;
        if open.repeats > 0 {
            stream.repeat(open.repeats);
        }
    }

    /// Takes an element out of the lane of a collection without order.
    fn take_like(&mut self, length: usize) {
        if let Some(Open { scattered: Some(scattered), .. }) = self.open.last_mut() {
            scattered.take_like(self.stream.start(length));
        }
    }

    /// Starts an element that goes through no lane.
    fn begin(&mut self, filled: u32, count: u64) {
        let mark = self.stream.place();
        self.continue_from(filled, count);
        if let Some(open) = self.open.last_mut() {
            (open.mark, open.begun, open.length) = (mark, self.stream.place(), self.stream.length());
        }
    }

    /// Ends it.
    fn end(&mut self, mut misses: u8) -> Next {
        let deep = self.open.len() > DEEP;
        let (Some(open), stream) = (self.open.last_mut(), &mut self.stream) else {
            return Next { misses, ..Next::NONE };
        };
        if let Some(scattered) = &mut open.scattered {
            let (short, shape) = (scattered.take(stream), stream.place());
            let next = if short && misses < MISSES {
                stream.make_lane(0, shape);
                Next::new(0, shape, misses, true)
            } else {
                Next { misses, ..Next::NONE }
            };
            stream.forget();
            return next;
        }
        let to = stream.place();
        let length = to - open.begun;
        let short = length <= COMPARED && !deep;
        let last = open.to - open.from;
        if short && length == last && stream.between(open.from, open.to) == stream.between(open.begun, to) {
            stream.back_to(open.mark);
            open.repeats += 1;
            if open.repeats >= ALIKE && misses != NEVER {
                misses = 0;
            }
        } else {
            (open.from, open.to, open.repeats) = (open.begun, to, 0);
            stream.shorten();
        }
        if misses >= MISSES || !short || stream.length() - open.length > WIDE as u64 {
            return Next { misses, ..Next::NONE };
        }
        Next::new(stream.make_lane(open.from, open.to), open.to - open.from, misses, false)
    }
}

impl<'a> Elements<'a> {
    pub fn start(canon: &'a mut Canon, kind: u8, unordered: bool) -> Elements<'a> {
        canon.open(kind, unordered);
        let lane = Next::NONE;
        #[cfg(test)]
        let lane = Next { misses: if canon.no_lanes { NEVER } else { 0 }, ..lane };
        Elements { canon, run: Run { lane, count: 0 } }
    }

    #[inline(always)]
    pub fn add<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failed> {
        self.add_by(|sides| value.serialize(Lane::new(sides, Used::NONE)), |canon| canon.value(value))
    }

    #[inline(always)]
    fn add_by(
        &mut self,
        lane: impl FnOnce(&mut Sides<'_>) -> Result<Used, Other>,
        whole: impl FnOnce(&mut Canon) -> Result<(), Failed>,
    ) -> Result<(), Failed> {
        let Run { lane: at, count } = &mut self.run;
        if let Some(mut sides) = self.canon.stream.lane(at.filled as usize) {
            match lane(&mut sides) {
                Ok(used) if used.shape() == usize::from(at.shape) => {
                    at.misses = 0;
                    if at.scattered {
                        self.canon.take_like(used.room());
                    } else {
                        at.filled += used.room() as u32;
                        *count += 1;
                    }
                    return Ok(());
                }
                Err(Other::Never) => at.misses = NEVER,
                _ => at.misses += 1,
            }
        }
        self.canon.begin(self.run.lane.filled, self.run.count);
        whole(self.canon)?;
        self.run = Run { lane: self.canon.end(self.run.lane.misses), count: 0 };
        Ok(())
    }

    pub fn finish(self) {
        self.canon.close(self.run.lane.filled, self.run.count);
    }
}

/// Hashes a sequence of numbers that lie in one piece, as if each were added alone.
pub(super) fn numbers(canon: &mut Canon, numbers: &Numbers<'_>) {
    canon.stream.token(kind::SEQ);
    if numbers.count > 0 {
        canon.stream.token(kind::of(numbers.primitive));
        numbers.bytes.iter().for_each(|bytes| canon.stream.data(bytes));
    }
    if numbers.count > 1 {
        canon.stream.repeat(numbers.count as u64 - 1);
    }
    canon.stream.token(kind::END);
}

impl ser::SerializeSeq for Elements<'_> {
    type Ok = ();
    type Error = Failed;

    #[inline(always)]
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failed> {
        self.add(value)
    }

    fn end(self) -> Result<(), Failed> {
        self.finish();
        Ok(())
    }
}

impl ser::SerializeMap for Elements<'_> {
    type Ok = ();
    type Error = Failed;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Failed> {
        self.canon.begin(self.run.lane.filled, self.run.count);
        self.canon.value(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failed> {
        self.canon.value(value)?;
        self.run = Run { lane: self.canon.end(NEVER), count: 0 };
        Ok(())
    }

    #[inline(always)]
    fn serialize_entry<K: Serialize + ?Sized, V: Serialize + ?Sized>(
        &mut self,
        key: &K,
        value: &V,
    ) -> Result<(), Failed> {
        self.add_by(
            |sides| {
                let used = key.serialize(Lane::new(sides, Used::NONE))?;
                value.serialize(Lane::new(sides, used))
            },
            |canon| {
                canon.value(key)?;
                canon.value(value)
            },
        )
    }

    fn end(self) -> Result<(), Failed> {
        self.finish();
        Ok(())
    }
}
