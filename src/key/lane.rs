//! Takes a run of numbers out of an iterator into a block on the stack.
//!
//! Adding one number at a time to the stream costs a round trip through memory for each; here the
//! place in the block stays in a register. A value that is no number ends the lane, untouched.

use super::canon::{Failed, kind};
use super::unordered::Elements;
use serde::ser::{Error, Impossible, Serialize, Serializer};
use std::fmt::Display;

/// Bytes that are collected before the stream sees them.
const BLOCK: usize = 8 * 1024;

/// A number: its kind and its little-endian bytes.
#[derive(Clone, Copy)]
struct Number<const N: usize> {
    kind: u8,
    bytes: [u8; N],
}

/// Adds the numbers that the iterator starts with; what comes after the last of them stays in it, but
/// for a value that is no number, which is added too.
#[inline]
pub(super) fn drain<I>(elements: &mut Elements<'_>, values: &mut I) -> Result<(), Failed>
where
    I: Iterator,
    I::Item: Serialize,
{
    let Some(first) = values.next() else {
        return Ok(());
    };
    // The width is looked at once, so that each loop has it as a constant.
    match first.serialize(Lane::<8>) {
        Ok(number) => return lane::<8, I>(elements, number, values),
        Err(Other::Width(4)) => {
            if let Ok(number) = first.serialize(Lane::<4>) {
                return lane::<4, I>(elements, number, values);
            }
        }
        Err(Other::Width(1)) => {
            if let Ok(number) = first.serialize(Lane::<1>) {
                return lane::<1, I>(elements, number, values);
            }
        }
        Err(Other::Width(2)) => {
            if let Ok(number) = first.serialize(Lane::<2>) {
                return lane::<2, I>(elements, number, values);
            }
        }
        Err(_) => {}
    }
    elements.add(&first)
}

#[inline]
fn lane<const N: usize, I>(
    elements: &mut Elements<'_>,
    first: Number<N>,
    values: &mut I,
) -> Result<(), Failed>
where
    I: Iterator,
    I::Item: Serialize,
{
    let kind = first.kind;
    let mut block = [0_u8; BLOCK];
    block[..N].copy_from_slice(&first.bytes);
    let mut filled = N;
    loop {
        // As many as fit: a loop without a branch for a full block.
        let mut other = None;
        let start = filled;
        for (slot, value) in block[start..].chunks_exact_mut(N).zip(&mut *values) {
            match value.serialize(Lane::<N>) {
                Ok(number) if number.kind == kind => {
                    slot.copy_from_slice(&number.bytes);
                    filled += N;
                }
                _ => {
                    other = Some(value);
                    break;
                }
            }
        }
        let full = filled == BLOCK;
        elements.add_numbers(kind, N, &block[..filled]);
        if let Some(other) = other {
            return elements.add(&other);
        }
        if !full {
            return Ok(());
        }
        filled = 0;
    }
}

/// Why a value is no number of this width.
#[derive(Debug)]
enum Other {
    /// It is one of another width.
    Width(usize),
    No,
}

impl Display for Other {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no number")
    }
}

impl std::error::Error for Other {}

impl Error for Other {
    fn custom<T: Display>(_: T) -> Other {
        Other::No
    }
}

/// Serializes numbers of `N` bytes and nothing else.
struct Lane<const N: usize>;

macro_rules! numbers {
    ($($method:ident $kind:ident $type:ty;)*) => {$(
        #[inline]
        fn $method(self, value: $type) -> Result<Number<N>, Other> {
            match value.to_le_bytes()[..].try_into() {
                Ok(bytes) => Ok(Number { kind: kind::$kind, bytes }),
                Err(_) => Err(Other::Width(size_of::<$type>())),
            }
        }
    )*};
}

macro_rules! others {
    ($($method:ident ($($type:ty),*) -> $output:ty;)*) => {$(
        #[inline]
        fn $method(self, $(_: $type),*) -> Result<$output, Other> {
            Err(Other::No)
        }
    )*};
}

type Never<const N: usize> = Impossible<Number<N>, Other>;

impl<const N: usize> Serializer for Lane<N> {
    type Ok = Number<N>;
    type Error = Other;
    type SerializeSeq = Never<N>;
    type SerializeTuple = Never<N>;
    type SerializeTupleStruct = Never<N>;
    type SerializeTupleVariant = Never<N>;
    type SerializeMap = Never<N>;
    type SerializeStruct = Never<N>;
    type SerializeStructVariant = Never<N>;

    numbers! {
        serialize_i8 I8 i8;
        serialize_i16 I16 i16;
        serialize_i32 I32 i32;
        serialize_i64 I64 i64;
        serialize_u8 U8 u8;
        serialize_u16 U16 u16;
        serialize_u32 U32 u32;
        serialize_u64 U64 u64;
        serialize_f32 F32 f32;
        serialize_f64 F64 f64;
    }

    others! {
        serialize_bool(bool) -> Number<N>;
        serialize_char(char) -> Number<N>;
        serialize_str(&str) -> Number<N>;
        serialize_bytes(&[u8]) -> Number<N>;
        serialize_none() -> Number<N>;
        serialize_unit() -> Number<N>;
        serialize_unit_struct(&'static str) -> Number<N>;
        serialize_unit_variant(&'static str, u32, &'static str) -> Number<N>;
        serialize_seq(Option<usize>) -> Never<N>;
        serialize_tuple(usize) -> Never<N>;
        serialize_tuple_struct(&'static str, usize) -> Never<N>;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Never<N>;
        serialize_map(Option<usize>) -> Never<N>;
        serialize_struct(&'static str, usize) -> Never<N>;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Never<N>;
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<Number<N>, Other> {
        Err(Other::No)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: &T,
    ) -> Result<Number<N>, Other> {
        Err(Other::No)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Number<N>, Other> {
        Err(Other::No)
    }

    fn collect_str<T: Display + ?Sized>(self, _: &T) -> Result<Number<N>, Other> {
        Err(Other::No)
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}
