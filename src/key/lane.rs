//! Writes an element whose shape is known side by side with the ones before it.
//!
//! Elements of a sequence mostly have one shape. The shape of the last one is the pattern here: what
//! is serialised is compared with it token by token, and the bytes go to their fixed places. The
//! compiler then sees through all of it, and what is left of a pair of numbers is two moves. An element
//! that is otherwise ends the lane, and is added as any value is.
// What the compiler does not see through costs ten times as much: an element is a few instructions.
#![allow(clippy::inline_always)]

use super::canon::kind;
use crate::raw::{self, Numbers};
use serde::ser::{self, Impossible, Serialize, Serializer};
use std::fmt::Display;

/// The longest shape of an element that goes through a lane: its places are single bytes.
pub(super) const SHAPE: usize = 255;
/// Room for a pattern. Behind the shape there is a zero, which is no kind of value, and then as much as two bytes
/// can add and the longest name: no place needs to be compared with a length.
const PATTERN: usize = 3 * (SHAPE + 1);
/// The most bytes of values that an element may have.
pub(super) const WIDE: usize = 512;

/// The shape of the elements in a lane.
#[derive(Clone)]
pub(super) struct Pattern([u8; PATTERN]);

impl Pattern {
    pub const EMPTY: Pattern = Pattern([0; PATTERN]);

    /// Takes a shape, of at most [`SHAPE`] bytes.
    pub fn set(&mut self, shape: &[u8]) {
        self.0[..shape.len()].copy_from_slice(shape);
        // A shape begins with what tells where it ends, so that none is the start of another. An element that
        // goes on here is another one.
        self.0[shape.len()] = 0;
    }
}

/// The pattern and the room for an element.
pub(super) struct Sides<'a> {
    pub pattern: &'a Pattern,
    pub room: &'a mut [u8; WIDE],
}

/// An element that is being added. It is two words, and a result is two, so that they stay in registers
/// also where a value's `serialize` is not inlined.
pub(super) struct Lane<'s, 'a> {
    sides: &'s mut Sides<'a>,
    at: At,
}

/// What is used of the pattern and the room: that before a struct or tuple in the lower half, and that since in
/// the upper one. The compiler mostly knows the latter: then a token is compared by two instructions.
#[derive(Clone, Copy)]
struct At(u64);

impl At {
    #[inline(always)]
    fn new(before: Used, since: Used) -> At {
        At(u64::from(before.0) | u64::from(since.0) << 32)
    }

    #[inline(always)]
    fn before(self) -> Used {
        Used(self.0 as u32)
    }

    #[inline(always)]
    fn since(self) -> Used {
        Used((self.0 >> 32) as u32)
    }

    #[inline(always)]
    fn all(self) -> Used {
        Used(self.before().0.wrapping_add(self.since().0))
    }

    #[inline(always)]
    fn shape(self) -> usize {
        self.before().shape() + self.since().shape()
    }

    #[inline(always)]
    fn room(self) -> usize {
        self.before().room() + self.since().room()
    }

    #[inline(always)]
    fn and(self, shape: usize, room: usize) -> At {
        At::new(self.before(), self.since().and(shape, room))
    }

    /// The same place, reached from the same start as this one.
    #[inline(always)]
    fn moved_to(self, used: Used) -> At {
        At::new(self.before(), Used(used.0.wrapping_sub(self.before().0)))
    }

    /// The same place as the start of a struct or tuple.
    #[inline(always)]
    fn start(self) -> At {
        At::new(self.all(), Used::NONE)
    }
}

/// How much of the pattern an element takes, in the lowest byte, and above it how much of the room.
#[derive(Clone, Copy)]
pub(super) struct Used(u32);

impl Used {
    pub const NONE: Used = Used(0);

    /// Bytes of the pattern.
    #[inline(always)]
    pub fn shape(self) -> usize {
        usize::from(self.0 as u8)
    }

    /// Bytes of the room.
    #[inline(always)]
    pub fn room(self) -> usize {
        (self.0 >> 8) as usize
    }

    /// No place is beyond [`SHAPE`], since a zero comes before it.
    #[inline(always)]
    fn and(self, shape: usize, room: usize) -> Used {
        Used(self.0.wrapping_add(shape as u32 + ((room as u32) << 8)))
    }
}

/// Why an element does not fit. As wide as [`Used`].
#[derive(Debug)]
#[repr(u32)]
pub(super) enum Other {
    /// It has another shape, or is longer than others are.
    Shape,
    /// It has parts of many lengths, or cannot be told here.
    Never,
}

impl Display for Other {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an element of another shape")
    }
}

impl std::error::Error for Other {}

impl ser::Error for Other {
    fn custom<T: Display>(_: T) -> Other {
        Other::Never
    }
}

type Fits = Result<Used, Other>;

impl<'s, 'a> Lane<'s, 'a> {
    /// A lane of which something is used.
    #[inline(always)]
    pub fn new(sides: &'s mut Sides<'a>, used: Used) -> Self {
        Lane { sides, at: At::new(used, Used::NONE) }
    }

    /// Begins a struct or tuple with the token for it.
    #[inline(always)]
    fn parts(self, kind: u8) -> Result<Parts<'s, 'a>, Other> {
        let lane = self.tokens([kind])?;
        Ok(Parts(Lane { at: lane.at.start(), ..lane }))
    }

    /// Goes on where the pattern has these bytes.
    #[inline(always)]
    fn tokens<const N: usize>(mut self, tokens: [u8; N]) -> Result<Self, Other> {
        let at = self.at.shape();
        if self.sides.pattern.0[at..at + N] != tokens {
            return Err(Other::Shape);
        }
        self.at = self.at.and(N, 0);
        Ok(self)
    }

    #[inline(always)]
    fn end(self, kind: u8) -> Fits {
        Ok(self.tokens([kind])?.at.all())
    }

    /// Adds bytes of values.
    #[inline(always)]
    fn bytes(self, bytes: &[u8]) -> Result<Self, Other> {
        let at = self.at.room();
        let Some(place) = self.sides.room.get_mut(at..at + bytes.len()) else {
            return Err(Other::Shape);
        };
        place.copy_from_slice(bytes);
        Ok(Lane { at: self.at.and(0, bytes.len()), ..self })
    }

    #[inline(always)]
    fn number<const N: usize>(self, kind: u8, bytes: [u8; N]) -> Fits {
        Ok(self.tokens([kind])?.bytes(&bytes)?.at.all())
    }

    /// A text or the like: its length, which is one byte here, and the bytes.
    #[inline(always)]
    fn text(self, kind: u8, bytes: &[u8]) -> Fits {
        let Ok(length) = short(bytes.len()) else {
            return Err(Other::Shape);
        };
        Ok(self.tokens([kind])?.bytes(&[length])?.bytes(bytes)?.at.all())
    }

    #[inline(always)]
    fn name(self, name: &str) -> Result<Self, Other> {
        let mut named = self.tokens([kind::NAME, short(name.len())?])?;
        let at = named.at.shape();
        if named.sides.pattern.0[at..at + name.len()] != *name.as_bytes() {
            return Err(Other::Shape);
        }
        named.at = named.at.and(name.len(), 0);
        Ok(named)
    }

    #[inline(always)]
    fn variant(self, name: &str, index: u32, variant: &str) -> Result<Self, Other> {
        self.tokens([kind::VARIANT, short(index as usize)?])?.name(name)?.name(variant)
    }

    /// Numbers that lie in one piece, as a sequence of them.
    #[inline(always)]
    fn numbers(self, numbers: &Numbers<'_>) -> Fits {
        let kind = kind::of(numbers.primitive);
        let lane = match numbers.count {
            0 => self.tokens([kind::SEQ, kind::END])?,
            1 => self.tokens([kind::SEQ, kind, kind::END])?,
            count => self.tokens([kind::SEQ, kind, kind::REPEAT, short(count - 1)?, kind::END])?,
        };
        let [first, second] = numbers.bytes;
        Ok(lane.bytes(first)?.bytes(second)?.at.all())
    }
}

/// A number of the shape that is one byte there. Others are rare enough.
#[inline(always)]
fn short(number: usize) -> Result<u8, Other> {
    if number < SHAPE { Ok(number as u8) } else { Err(Other::Never) }
}

macro_rules! numbers {
    ($($method:ident $kind:ident $type:ty;)*) => {$(
        #[inline(always)]
        fn $method(self, value: $type) -> Fits {
            self.number(kind::$kind, value.to_le_bytes())
        }
    )*};
}

impl<'s, 'a> Serializer for Lane<'s, 'a> {
    type Ok = Used;
    type Error = Other;
    type SerializeSeq = Impossible<Used, Other>;
    type SerializeTuple = Parts<'s, 'a>;
    type SerializeTupleStruct = Parts<'s, 'a>;
    type SerializeTupleVariant = Parts<'s, 'a>;
    type SerializeMap = Impossible<Used, Other>;
    type SerializeStruct = Parts<'s, 'a>;
    type SerializeStructVariant = Parts<'s, 'a>;

    numbers! {
        serialize_i8 I8 i8;
        serialize_i16 I16 i16;
        serialize_i32 I32 i32;
        serialize_i64 I64 i64;
        serialize_i128 I128 i128;
        serialize_u8 U8 u8;
        serialize_u16 U16 u16;
        serialize_u32 U32 u32;
        serialize_u64 U64 u64;
        serialize_u128 U128 u128;
        serialize_f32 F32 f32;
        serialize_f64 F64 f64;
    }

    #[inline(always)]
    fn serialize_bool(self, value: bool) -> Fits {
        self.number(kind::BOOL, [u8::from(value)])
    }

    #[inline(always)]
    fn serialize_char(self, value: char) -> Fits {
        self.number(kind::CHAR, u32::from(value).to_le_bytes())
    }

    #[inline(always)]
    fn serialize_str(self, value: &str) -> Fits {
        self.text(kind::STR, value.as_bytes())
    }

    #[inline(always)]
    fn serialize_bytes(self, value: &[u8]) -> Fits {
        self.text(kind::BYTES, value)
    }

    #[inline(always)]
    fn serialize_none(self) -> Fits {
        self.end(kind::NONE)
    }

    #[inline(always)]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Fits {
        value.serialize(self.tokens([kind::SOME])?)
    }

    #[inline(always)]
    fn serialize_unit(self) -> Fits {
        self.end(kind::UNIT)
    }

    #[inline(always)]
    fn serialize_unit_struct(self, name: &'static str) -> Fits {
        self.name(name)?.end(kind::UNIT)
    }

    #[inline(always)]
    fn serialize_unit_variant(self, name: &'static str, index: u32, variant: &'static str) -> Fits {
        self.variant(name, index, variant)?.end(kind::UNIT)
    }

    #[inline(always)]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Fits {
        value.serialize(self.name(name)?.tokens([kind::NEWTYPE])?)
    }

    #[inline(always)]
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Fits {
        value.serialize(self.variant(name, index, variant)?.tokens([kind::NEWTYPE])?)
    }

    #[inline]
    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, Other> {
        Err(Other::Never)
    }

    #[inline(always)]
    fn serialize_tuple(self, _: usize) -> Result<Parts<'s, 'a>, Other> {
        self.parts(kind::TUPLE)
    }

    #[inline(always)]
    fn serialize_tuple_struct(self, name: &'static str, _: usize) -> Result<Parts<'s, 'a>, Other> {
        self.name(name)?.parts(kind::TUPLE)
    }

    #[inline(always)]
    fn serialize_tuple_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'s, 'a>, Other> {
        self.variant(name, index, variant)?.parts(kind::TUPLE)
    }

    #[inline]
    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Other> {
        Err(Other::Never)
    }

    #[inline(always)]
    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Parts<'s, 'a>, Other> {
        self.name(name)?.parts(kind::STRUCT)
    }

    #[inline(always)]
    fn serialize_struct_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'s, 'a>, Other> {
        self.variant(name, index, variant)?.parts(kind::STRUCT)
    }

    #[inline(always)]
    fn collect_seq<I>(self, values: I) -> Fits
    where
        I: IntoIterator,
        I::Item: Serialize,
    {
        raw::numbers(&values).map_or(Err(Other::Never), |numbers| self.numbers(&numbers))
    }

    #[inline]
    fn collect_map<K, V, I>(self, _: I) -> Fits {
        Err(Other::Never)
    }

    #[inline]
    fn collect_str<T: Display + ?Sized>(self, _: &T) -> Fits {
        Err(Other::Never)
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}

/// An element's struct or tuple.
pub(super) struct Parts<'s, 'a>(Lane<'s, 'a>);

impl Parts<'_, '_> {
    #[inline(always)]
    fn part<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Other> {
        let used = value.serialize(Lane { sides: self.0.sides, at: self.0.at })?;
        self.0.at = self.0.at.moved_to(used);
        Ok(())
    }

    #[inline(always)]
    fn named<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), Other> {
        let used = value.serialize(Lane { sides: self.0.sides, at: self.0.at }.name(name)?)?;
        self.0.at = self.0.at.moved_to(used);
        Ok(())
    }

    #[inline(always)]
    fn finish(self) -> Fits {
        self.0.end(kind::END)
    }
}

macro_rules! parts {
    ($($trait:ident::$method:ident ($($name:ident)?) $add:ident $($skip:ident)?;)*) => {$(
        impl ser::$trait for Parts<'_, '_> {
            type Ok = Used;
            type Error = Other;

            #[inline(always)]
            fn $method<T: Serialize + ?Sized>(
                &mut self,
                $($name: &'static str,)?
                value: &T,
            ) -> Result<(), Other> {
                self.$add($($name,)? value)
            }

            $(
                #[inline]
                fn $skip(&mut self, _: &'static str) -> Result<(), Other> {
                    Err(Other::Never)
                }
            )?

            #[inline(always)]
            fn end(self) -> Fits {
                self.finish()
            }
        }
    )*};
}

parts! {
    SerializeTuple::serialize_element () part;
    SerializeTupleStruct::serialize_field () part;
    SerializeTupleVariant::serialize_field () part;
    SerializeStruct::serialize_field (name) named skip_field;
    SerializeStructVariant::serialize_field (name) named skip_field;
}
