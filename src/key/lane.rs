//! Writes an element whose shape is known side by side with the ones before it.
//!
//! Elements of a sequence mostly have one shape. The shape of the last one is the pattern here: what
//! is serialised is compared with it token by token, and the bytes go to their fixed places. The
//! compiler then sees through all of it, and what is left of a pair of numbers is two moves. An element
//! that is otherwise ends the lane, and is added as any value is.
// What the compiler does not see through costs ten times as much: an element is a few instructions.
#![allow(clippy::inline_always)]

use super::canon::kind;
use serde::ser::{self, Impossible, Serialize, Serializer};
use std::fmt::Display;

/// The longest shape of an element that goes through a lane.
pub(super) const SHAPE: usize = 256;
/// The most bytes of values that it may have.
pub(super) const WIDE: usize = 512;

/// The pattern, the room for an element, and how much of both is used.
///
/// The lengths are constants and the places become some, so that nothing is left of the bounds.
pub(super) struct Lane<'a> {
    shape: &'a [u8; SHAPE],
    room: &'a mut [u8; WIDE],
    used: Used,
}

/// How much of the pattern and of the room an element takes.
#[derive(Clone, Copy)]
pub(super) struct Used {
    pub shape: usize,
    pub room: usize,
}

/// Why an element does not fit.
#[derive(Debug)]
pub(super) enum Other {
    /// It has another shape.
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

impl<'a> Lane<'a> {
    #[inline(always)]
    pub fn new(shape: &'a [u8; SHAPE], room: &'a mut [u8; WIDE]) -> Lane<'a> {
        Lane { shape, room, used: Used { shape: 0, room: 0 } }
    }

    /// The same, after something was used.
    #[inline(always)]
    pub fn after(&mut self, used: Used) -> Lane<'_> {
        Lane { shape: self.shape, room: self.room, used }
    }

    #[inline(always)]
    fn token(mut self, kind: u8) -> Result<Lane<'a>, Other> {
        if self.shape.get(self.used.shape) != Some(&kind) {
            return Err(Other::Shape);
        }
        self.used.shape += 1;
        Ok(self)
    }

    #[inline(always)]
    fn end(self, kind: u8) -> Fits {
        self.token(kind).map(|lane| lane.used)
    }

    #[inline(always)]
    fn number<const N: usize>(self, kind: u8, bytes: [u8; N]) -> Fits {
        let Lane { room, mut used, .. } = self.token(kind)?;
        let Some(place) = room.get_mut(used.room..used.room + N) else {
            return Err(Other::Shape);
        };
        place.copy_from_slice(&bytes);
        used.room += N;
        Ok(used)
    }

    #[inline(always)]
    fn name(self, name: &str) -> Result<Lane<'a>, Other> {
        // Longer ones are rare enough.
        let length = u8::try_from(name.len()).ok().filter(|length| *length < u8::MAX).ok_or(Other::Never)?;
        let mut named = self.token(kind::NAME)?.token(length)?;
        let end = named.used.shape + name.len();
        if named.shape.get(named.used.shape..end) != Some(name.as_bytes()) {
            return Err(Other::Shape);
        }
        named.used.shape = end;
        Ok(named)
    }

    #[inline(always)]
    fn variant(self, name: &str, index: u32, variant: &str) -> Result<Lane<'a>, Other> {
        let index = u8::try_from(index).ok().filter(|index| *index < u8::MAX).ok_or(Other::Never)?;
        self.token(kind::VARIANT)?.token(index)?.name(name)?.name(variant)
    }
}

macro_rules! numbers {
    ($($method:ident $kind:ident $type:ty;)*) => {$(
        #[inline(always)]
        fn $method(self, value: $type) -> Fits {
            self.number(kind::$kind, value.to_le_bytes())
        }
    )*};
}

impl<'a> Serializer for Lane<'a> {
    type Ok = Used;
    type Error = Other;
    type SerializeSeq = Impossible<Used, Other>;
    type SerializeTuple = Parts<'a>;
    type SerializeTupleStruct = Parts<'a>;
    type SerializeTupleVariant = Parts<'a>;
    type SerializeMap = Impossible<Used, Other>;
    type SerializeStruct = Parts<'a>;
    type SerializeStructVariant = Parts<'a>;

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

    #[inline]
    fn serialize_str(self, _: &str) -> Fits {
        Err(Other::Never)
    }

    #[inline]
    fn serialize_bytes(self, _: &[u8]) -> Fits {
        Err(Other::Never)
    }

    #[inline(always)]
    fn serialize_none(self) -> Fits {
        self.end(kind::NONE)
    }

    #[inline(always)]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Fits {
        value.serialize(self.token(kind::SOME)?)
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
        value.serialize(self.name(name)?.token(kind::NEWTYPE)?)
    }

    #[inline(always)]
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Fits {
        value.serialize(self.variant(name, index, variant)?.token(kind::NEWTYPE)?)
    }

    #[inline]
    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, Other> {
        Err(Other::Never)
    }

    #[inline(always)]
    fn serialize_tuple(self, _: usize) -> Result<Parts<'a>, Other> {
        self.token(kind::TUPLE).map(Parts)
    }

    #[inline(always)]
    fn serialize_tuple_struct(self, name: &'static str, _: usize) -> Result<Parts<'a>, Other> {
        self.name(name)?.token(kind::TUPLE).map(Parts)
    }

    #[inline(always)]
    fn serialize_tuple_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'a>, Other> {
        self.variant(name, index, variant)?.token(kind::TUPLE).map(Parts)
    }

    #[inline]
    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Other> {
        Err(Other::Never)
    }

    #[inline(always)]
    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Parts<'a>, Other> {
        self.name(name)?.token(kind::STRUCT).map(Parts)
    }

    #[inline(always)]
    fn serialize_struct_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'a>, Other> {
        self.variant(name, index, variant)?.token(kind::STRUCT).map(Parts)
    }

    #[inline]
    fn collect_seq<I>(self, _: I) -> Fits {
        Err(Other::Never)
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
pub(super) struct Parts<'a>(Lane<'a>);

impl Parts<'_> {
    #[inline(always)]
    fn part<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Other> {
        self.0.used = value.serialize(self.0.after(self.0.used))?;
        Ok(())
    }

    #[inline(always)]
    fn named<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), Other> {
        let used = self.0.used;
        self.0.used = value.serialize(self.0.after(used).name(name)?)?;
        Ok(())
    }

    #[inline(always)]
    fn finish(self) -> Fits {
        self.0.end(kind::END)
    }
}

macro_rules! parts {
    ($($trait:ident::$method:ident ($($name:ident)?) $add:ident $($skip:ident)?;)*) => {$(
        impl ser::$trait for Parts<'_> {
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
