//! Hashes what a sequence or a map holds: in its order, or sorted where it has none (see [`Scattered`]).
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

/// The elements that are like the last one.
///
/// It is handed on by value, never by reference: so it stays in registers while elements go through a
/// lane. For the same reason [`Elements`] has nothing to drop.
#[derive(Clone, Copy)]
struct Run {
    /// How far the stream's block is filled, and where the last element has to begin that goes through
    /// the lane: nowhere without a lane.
    filled: usize,
    last: usize,
    /// How many elements went through it.
    count: u64,
    /// How long the shape of an element is.
    shape: usize,
    /// How many elements in a row did not fit into the lane; [`NEVER`] where none ever will.
    misses: u8,
}

/// After so many elements of other shapes than those before them there is no lane..
const MISSES: u8 = 4;
/// ..until so many are alike.
const ALIKE: u64 = 8;
/// More than they can be.
const NEVER: u8 = u8::MAX;

impl Run {
    const NONE: Run = Run { filled: 1, last: 0, count: 0, shape: 0, misses: 0 };
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
        if run.last > 0 {
            stream.fill(run.filled);
        }
        if let Some(scattered) = &mut open.scattered {
            if run.last > 0 {
                scattered.take_all(stream.filled());
                stream.forget();
            }
            return;
        }
        open.repeats += run.count;
        if open.repeats > 0 {
            stream.repeat(open.repeats);
        }
    }

    /// Starts an element that goes through no lane.
    fn begin(&mut self, run: Run) {
        let mark = self.stream.place();
        self.continue_from(run);
        if let Some(open) = self.open.last_mut() {
            (open.mark, open.begun, open.length) = (mark, self.stream.place(), self.stream.length());
        }
    }

    /// Ends it.
    fn end(&mut self, mut misses: u8) -> Run {
        let deep = self.open.len() > DEEP;
        let (Some(open), stream) = (self.open.last_mut(), &mut self.stream) else {
            return Run { misses, ..Run::NONE };
        };
        if let Some(scattered) = &mut open.scattered {
            let shape = stream.place();
            if !scattered.take(stream) || misses >= MISSES {
                stream.forget();
                return Run { misses, ..Run::NONE };
            }
            let (_, last) = stream.make_lane(0, shape);
            stream.forget();
            return Run { filled: 0, last, count: 0, shape: shape as usize, misses };
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
            return Run { misses, ..Run::NONE };
        }
        let (filled, last) = stream.make_lane(open.from, open.to);
        Run { filled, last, count: 0, shape: (open.to - open.from) as usize, misses }
    }
}

impl<'a> Elements<'a> {
    pub fn start(canon: &'a mut Canon, kind: u8, unordered: bool) -> Elements<'a> {
        canon.open(kind, unordered);
        let run = Run::NONE;
        #[cfg(test)]
        let run = Run { misses: if canon.no_lanes { NEVER } else { 0 }, ..run };
        Elements { canon, run }
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
        if self.run.filled <= self.run.last
            && let Some(mut sides) = self.canon.stream.lane(self.run.filled)
        {
            match lane(&mut sides) {
                Ok(used) if used.shape() == self.run.shape => {
                    self.run.filled += used.room();
                    self.run.count += 1;
                    self.run.misses = 0;
                    return Ok(());
                }
                Err(Other::Never) => self.run.misses = NEVER,
                _ => self.run.misses += 1,
            }
        }
        self.canon.begin(self.run);
        whole(self.canon)?;
        self.run = self.canon.end(self.run.misses);
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
        self.canon.begin(self.run);
        self.canon.value(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failed> {
        self.canon.value(value)?;
        self.run = self.canon.end(NEVER);
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
