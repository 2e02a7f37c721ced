//! Hashes any serde value canonically: equal values give equal hashes, different ones different.
//!
//! Kinds, names and lengths are in the stream, so that no two values share one. Only std's `HashMap`
//! and `HashSet` are hashed without regard to order; everything else counts in the order in which it
//! serialises. Floats count by their bits: `NaN` equals itself, `-0.0` differs from `0.0`.

use super::lane;
use super::stream::Stream;
use super::unordered::{self, Elements};
use serde::ser::{self, Serialize};
use std::any::type_name;
use std::fmt::{self, Display};

/// Kinds of tokens and runs. Part of the key's format: never reuse a number.
pub(crate) mod kind {
    pub const BOOL: u8 = 1;
    pub const I8: u8 = 2;
    pub const I16: u8 = 3;
    pub const I32: u8 = 4;
    pub const I64: u8 = 5;
    pub const I128: u8 = 6;
    pub const U8: u8 = 7;
    pub const U16: u8 = 8;
    pub const U32: u8 = 9;
    pub const U64: u8 = 10;
    pub const U128: u8 = 11;
    pub const F32: u8 = 12;
    pub const F64: u8 = 13;
    pub const CHAR: u8 = 14;
    pub const STR: u8 = 20;
    pub const BYTES: u8 = 21;
    pub const NONE: u8 = 22;
    pub const SOME: u8 = 23;
    pub const UNIT: u8 = 24;
    pub const VARIANT: u8 = 25;
    pub const NAME: u8 = 26;
    pub const NEWTYPE: u8 = 27;
    pub const SEQ: u8 = 30;
    pub const TUPLE: u8 = 31;
    pub const MAP: u8 = 32;
    pub const STRUCT: u8 = 33;
    pub const SET: u8 = 34;
    pub const END: u8 = 35;
    /// A part of the key: see [`super::super::frames`].
    pub const PART: u8 = 40;
}

/// A `Serialize` implementation gave up.
#[derive(Debug)]
pub(crate) struct Failed(pub String);

impl Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failed {}

impl ser::Error for Failed {
    fn custom<T: Display>(message: T) -> Failed {
        Failed(message.to_string())
    }
}

/// The canonical serializer.
pub(crate) struct Canon {
    pub(crate) stream: Stream,
    /// The value that comes next is one of std's maps or sets without order.
    unordered: bool,
    /// A struct left a field out.
    pub(super) skipped: bool,
}

impl Canon {
    pub fn new() -> Canon {
        Canon { stream: Stream::new(), unordered: false, skipped: false }
    }

    /// Adds a value. Every value passes here with its type, which serde does not hand on.
    #[inline]
    pub fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failed> {
        self.unordered = unordered::is(type_name::<T>());
        value.serialize(self)
    }

    fn elements(&mut self, kind: u8) -> Elements<'_> {
        let unordered = std::mem::take(&mut self.unordered);
        Elements::start(self, kind, unordered)
    }

    fn variant(&mut self, name: &'static str, index: u32, variant: &'static str) {
        self.stream.bytes(kind::NAME, name.as_bytes());
        self.stream.counted(kind::VARIANT, u64::from(index));
        self.stream.bytes(kind::NAME, variant.as_bytes());
    }
}

macro_rules! primitives {
    ($($method:ident $kind:ident $type:ty;)*) => {$(
        #[inline]
        fn $method(self, value: $type) -> Result<(), Failed> {
            self.stream.primitive(kind::$kind, value.to_le_bytes());
            Ok(())
        }
    )*};
}

impl<'a> ser::Serializer for &'a mut Canon {
    type Ok = ();
    type Error = Failed;
    type SerializeSeq = Elements<'a>;
    type SerializeTuple = Elements<'a>;
    type SerializeTupleStruct = Elements<'a>;
    type SerializeTupleVariant = Elements<'a>;
    type SerializeMap = Elements<'a>;
    type SerializeStruct = Elements<'a>;
    type SerializeStructVariant = Elements<'a>;

    primitives! {
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

    #[inline]
    fn serialize_bool(self, value: bool) -> Result<(), Failed> {
        self.stream.primitive(kind::BOOL, [u8::from(value)]);
        Ok(())
    }

    #[inline]
    fn serialize_char(self, value: char) -> Result<(), Failed> {
        self.stream.primitive(kind::CHAR, u32::from(value).to_le_bytes());
        Ok(())
    }

    fn serialize_str(self, value: &str) -> Result<(), Failed> {
        self.stream.bytes(kind::STR, value.as_bytes());
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Failed> {
        self.stream.bytes(kind::BYTES, value);
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Failed> {
        self.stream.token(kind::NONE);
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Failed> {
        self.stream.token(kind::SOME);
        self.value(value)
    }

    fn serialize_unit(self) -> Result<(), Failed> {
        self.stream.token(kind::UNIT);
        Ok(())
    }

    fn serialize_unit_struct(self, name: &'static str) -> Result<(), Failed> {
        self.stream.bytes(kind::NAME, name.as_bytes());
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
    ) -> Result<(), Failed> {
        self.variant(name, index, variant);
        self.serialize_unit()
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Failed> {
        self.stream.bytes(kind::NAME, name.as_bytes());
        self.stream.token(kind::NEWTYPE);
        self.value(value)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Failed> {
        self.variant(name, index, variant);
        self.stream.token(kind::NEWTYPE);
        self.value(value)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Elements<'a>, Failed> {
        Ok(self.elements(kind::SEQ))
    }

    fn serialize_tuple(self, _: usize) -> Result<Elements<'a>, Failed> {
        Ok(self.elements(kind::TUPLE))
    }

    fn serialize_tuple_struct(self, name: &'static str, _: usize) -> Result<Elements<'a>, Failed> {
        self.stream.bytes(kind::NAME, name.as_bytes());
        Ok(self.elements(kind::TUPLE))
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Elements<'a>, Failed> {
        self.variant(name, index, variant);
        Ok(self.elements(kind::TUPLE))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Elements<'a>, Failed> {
        Ok(self.elements(kind::MAP))
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Elements<'a>, Failed> {
        self.stream.bytes(kind::NAME, name.as_bytes());
        Ok(self.elements(kind::STRUCT))
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Elements<'a>, Failed> {
        self.variant(name, index, variant);
        Ok(self.elements(kind::STRUCT))
    }

    /// What slices and the like call: runs of numbers take a short way.
    #[inline]
    fn collect_seq<I>(self, values: I) -> Result<(), Failed>
    where
        I: IntoIterator,
        I::Item: Serialize,
    {
        let mut elements = self.elements(kind::SEQ);
        let mut values = values.into_iter();
        if elements.is_ordered() {
            lane::drain(&mut elements, &mut values)?;
        }
        values.try_for_each(|value| elements.add(&value))?;
        elements.finish();
        Ok(())
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}

#[cfg(test)]
#[path = "canon_tests.rs"]
mod tests;
