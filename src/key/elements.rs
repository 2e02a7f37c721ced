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
    filled: usize,
    /// How long the shape of an element is, with [`SCATTERED`] where each is taken out of the lane at once.
    shape: usize,
}

/// There is no order. More than a shape in a lane is long, so that one comparison tells both.
const SCATTERED: usize = 1 << 16;

/// After so many elements in a row of other shapes than those before them there is no lane..
const MISSES: u8 = 4;
/// ..until so many are alike.
const ALIKE: u64 = 8;
/// More than they can be: there never is a lane.
const NEVER: u8 = u8::MAX;

impl Next {
    /// More than any block is long, and not so much that a lane's width cannot be added.
    const NONE: Next = Next { filled: i32::MAX as usize, shape: 0 };
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
    /// How many elements in a row did not fit into the lane.
    misses: u8,
    scattered: Option<Box<Scattered>>,
}

impl Canon {
    fn open(&mut self, kind: u8, unordered: bool) {
        self.stream.token(if unordered { kind::SET } else { kind });
        let scattered = unordered.then(|| Box::new(Scattered::new(&mut self.stream)));
        let misses = 0;
        #[cfg(test)]
        let misses = if self.no_lanes { NEVER } else { misses };
        self.open.push(Open { from: 0, to: 0, mark: 0, begun: 0, length: 0, repeats: 0, misses, scattered });
    }

    fn close(&mut self, run: Run) {
        self.continue_from(run);
        if let Some(scattered) = self.open.pop().and_then(|open| open.scattered) {
            scattered.finish(&mut self.stream);
        }
        self.stream.token(kind::END);
    }

    /// Takes back what went through the lane, and says how many elements are alike.
    fn continue_from(&mut self, run: Run) {
        let (Some(open), stream) = (self.open.last_mut(), &mut self.stream) else {
            return;
        };
        if run.count > 0 {
            open.misses = 0;
        }
        if open.scattered.is_some() {
            return;
        }
        if run.count > 0 {
            stream.fill(run.lane.filled);
        }
        open.repeats += run.count;
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

    /// Starts an element that goes through no lane, or did not fit into it.
    fn begin(&mut self, run: Run, other: Option<&Other>) {
        let mark = self.stream.place();
        self.continue_from(run);
        if let Some(open) = self.open.last_mut() {
            match other {
                Some(Other::Never) => open.misses = NEVER,
                Some(Other::Shape) => open.misses += 1,
                None => {}
            }
            (open.mark, open.begun, open.length) = (mark, self.stream.place(), self.stream.length());
        }
    }

    /// Ends it.
    fn end(&mut self) -> Run {
        Run { lane: self.next(), count: 0 }
    }

    fn next(&mut self) -> Next {
        let deep = self.open.len() > DEEP;
        let (Some(open), stream) = (self.open.last_mut(), &mut self.stream) else {
            return Next::NONE;
        };
        if let Some(scattered) = &mut open.scattered {
            let (short, shape) = (scattered.take(stream), stream.place());
            let next = if short && open.misses < MISSES {
                stream.make_lane(0, shape);
                Next { filled: 0, shape: shape as usize | SCATTERED }
            } else {
                Next::NONE
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
            if open.repeats >= ALIKE && open.misses != NEVER {
                open.misses = 0;
            }
        } else {
            (open.from, open.to, open.repeats) = (open.begun, to, 0);
            stream.shorten();
        }
        if open.misses >= MISSES || !short || stream.length() - open.length > WIDE as u64 {
            return Next::NONE;
        }
        Next { filled: stream.make_lane(open.from, open.to), shape: (open.to - open.from) as usize }
    }
}

impl<'a> Elements<'a> {
    pub fn start(canon: &'a mut Canon, kind: u8, unordered: bool) -> Elements<'a> {
        canon.open(kind, unordered);
        Elements { canon, run: Run { lane: Next::NONE, count: 0 } }
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
        let mut other = None;
        if let Some(mut sides) = self.canon.stream.lane(self.run.lane.filled) {
            match lane(&mut sides) {
                Ok(used) if used.shape() == self.run.lane.shape => {
                    self.run.lane.filled += used.room();
                    self.run.count += 1;
                    return Ok(());
                }
                Ok(used) if used.shape() | SCATTERED == self.run.lane.shape => {
                    self.canon.take_like(used.room());
                    self.run.count += 1;
                    return Ok(());
                }
                Ok(_) => other = Some(Other::Shape),
                Err(why) => other = Some(why),
            }
        }
        self.canon.begin(self.run, other.as_ref());
        whole(self.canon)?;
        self.run = self.canon.end();
        Ok(())
    }

    pub fn finish(self) {
        self.canon.close(self.run);
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
        self.canon.begin(self.run, Some(&Other::Never));
        self.canon.value(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failed> {
        self.canon.value(value)?;
        self.run = self.canon.end();
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
