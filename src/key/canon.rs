//! Hashes any serde value canonically: equal values give equal hashes, different ones different.
//!
//! Kinds, names and lengths are in the stream, so that no two values share one. Only std's `HashMap`
//! and `HashSet` are hashed without regard to order; everything else counts in the order in which it
//! serialises. Floats count by their bits: `NaN` equals itself, `-0.0` differs from `0.0`.

use super::elements::{self, Elements, Open};
use super::stream::Stream;
use super::unordered;
use crate::raw;
use serde::ser::{self, Serialize};
use std::any::type_name;
use std::fmt::{self, Display};

/// Kinds of values, as they stand in the shape. Part of the key's format: never reuse a number.
pub(crate) mod kind {
    use crate::raw::Primitive;

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
    /// So many more elements of the shape before it.
    pub const REPEAT: u8 = 36;

    pub fn of(primitive: Primitive) -> u8 {
        match primitive {
            Primitive::Bool => BOOL,
            Primitive::Char => CHAR,
            Primitive::I8 => I8,
            Primitive::I16 => I16,
            Primitive::I32 => I32,
            Primitive::I64 => I64,
            Primitive::I128 => I128,
            Primitive::U8 => U8,
            Primitive::U16 => U16,
            Primitive::U32 => U32,
            Primitive::U64 => U64,
            Primitive::U128 => U128,
            Primitive::F32 => F32,
            Primitive::F64 => F64,
        }
    }
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
    pub(super) stream: Box<Stream>,
    /// The value that comes next is one of std's maps or sets without order.
    unordered: bool,
    /// A struct left a field out.
    pub(super) skipped: bool,
    /// Sequences and maps around what comes next.
    pub(super) open: Vec<Open>,
    /// Every element is added as any value is, for comparison.
    #[cfg(test)]
    pub(super) no_lanes: bool,
}

impl Canon {
    pub fn new() -> Canon {
        Canon::over(Stream::take())
    }

    pub fn over(stream: Box<Stream>) -> Canon {
        Canon {
            stream,
            unordered: false,
            skipped: false,
            open: Vec::new(),
            #[cfg(test)]
            no_lanes: false,
        }
    }

    /// The same once more. Between values only.
    pub fn again(&self) -> Canon {
        Canon::over(self.stream.clone())
    }

    /// The hash of everything that was added.
    pub fn finish(mut self) -> [u8; 32] {
        let hash = self.stream.finish();
        self.stream.give_back();
        hash
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

    #[inline]
    fn number<const N: usize>(&mut self, kind: u8, bytes: [u8; N]) {
        self.stream.token(kind);
        self.stream.number(bytes);
    }

    fn parts(&mut self, kind: u8) -> Parts<'_> {
        self.stream.token(kind);
        Parts(self)
    }

    fn variant(&mut self, name: &'static str, index: u32, variant: &'static str) {
        self.stream.token(kind::VARIANT);
        self.stream.count(u64::from(index));
        self.stream.name(name);
        self.stream.name(variant);
    }
}

macro_rules! primitives {
    ($($method:ident $kind:ident $type:ty;)*) => {$(
        #[inline]
        fn $method(self, value: $type) -> Result<(), Failed> {
            self.number(kind::$kind, value.to_le_bytes());
            Ok(())
        }
    )*};
}

impl<'a> ser::Serializer for &'a mut Canon {
    type Ok = ();
    type Error = Failed;
    type SerializeSeq = Elements<'a>;
    type SerializeTuple = Parts<'a>;
    type SerializeTupleStruct = Parts<'a>;
    type SerializeTupleVariant = Parts<'a>;
    type SerializeMap = Elements<'a>;
    type SerializeStruct = Parts<'a>;
    type SerializeStructVariant = Parts<'a>;

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
        self.number(kind::BOOL, [u8::from(value)]);
        Ok(())
    }

    #[inline]
    fn serialize_char(self, value: char) -> Result<(), Failed> {
        self.number(kind::CHAR, u32::from(value).to_le_bytes());
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
        self.stream.name(name);
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
        self.stream.name(name);
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

    fn serialize_tuple(self, _: usize) -> Result<Parts<'a>, Failed> {
        Ok(self.parts(kind::TUPLE))
    }

    fn serialize_tuple_struct(self, name: &'static str, _: usize) -> Result<Parts<'a>, Failed> {
        self.stream.name(name);
        Ok(self.parts(kind::TUPLE))
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'a>, Failed> {
        self.variant(name, index, variant);
        Ok(self.parts(kind::TUPLE))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Elements<'a>, Failed> {
        Ok(self.elements(kind::MAP))
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Parts<'a>, Failed> {
        self.stream.name(name);
        Ok(self.parts(kind::STRUCT))
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'a>, Failed> {
        self.variant(name, index, variant);
        Ok(self.parts(kind::STRUCT))
    }

    /// What slices and the like call: numbers that lie in one piece stay in one.
    #[inline]
    fn collect_seq<I>(self, values: I) -> Result<(), Failed>
    where
        I: IntoIterator,
        I::Item: Serialize,
    {
        if let Some(numbers) = raw::numbers(&values) {
            elements::numbers(self, &numbers);
            return Ok(());
        }
        let mut elements = self.elements(kind::SEQ);
        for value in values {
            elements.add(&value)?;
        }
        elements.finish();
        Ok(())
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}

/// A struct or tuple that is being hashed: as many values as there are.
pub(crate) struct Parts<'a>(&'a mut Canon);

impl Parts<'_> {
    #[inline]
    fn part<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failed> {
        self.0.value(value)
    }

    fn named<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Failed> {
        // A skipped field leaves no trace but its name, so the names count.
        self.0.stream.name(name);
        self.0.value(value)
    }
}

macro_rules! parts {
    ($($trait:ident::$method:ident ($($name:ident)?) $add:ident $($skip:ident)?;)*) => {$(
        impl ser::$trait for Parts<'_> {
            type Ok = ();
            type Error = Failed;

            #[inline]
            fn $method<T: Serialize + ?Sized>(
                &mut self,
                $($name: &'static str,)?
                value: &T,
            ) -> Result<(), Failed> {
                self.$add($($name,)? value)
            }

            $(
                fn $skip(&mut self, _: &'static str) -> Result<(), Failed> {
                    self.0.skipped = true;
                    Ok(())
                }
            )?

            fn end(self) -> Result<(), Failed> {
                self.0.stream.token(kind::END);
                Ok(())
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

#[cfg(test)]
#[path = "canon_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "fuzz_tests.rs"]
mod fuzz_tests;
