//! Keeps vectors of numbers and texts as the bytes that they are, so that a large one is read straight
//! into place. It stands in for postcard, whose bytes of such a value would be nearly the same.

use super::CodecError;
use crate::raw::{self, Buffer, Plain, Primitive};

/// Names of these codecs, as they stand in entries: the type of a number, or a text.
const NAMES: [(Plain, &str, usize); 13] = [
    (Plain::Text, "text", 1),
    (Plain::Numbers(Primitive::I8), "i8", 1),
    (Plain::Numbers(Primitive::I16), "i16", 2),
    (Plain::Numbers(Primitive::I32), "i32", 4),
    (Plain::Numbers(Primitive::I64), "i64", 8),
    (Plain::Numbers(Primitive::I128), "i128", 16),
    (Plain::Numbers(Primitive::U8), "u8", 1),
    (Plain::Numbers(Primitive::U16), "u16", 2),
    (Plain::Numbers(Primitive::U32), "u32", 4),
    (Plain::Numbers(Primitive::U64), "u64", 8),
    (Plain::Numbers(Primitive::U128), "u128", 16),
    (Plain::Numbers(Primitive::F32), "f32", 4),
    (Plain::Numbers(Primitive::F64), "f64", 8),
];

/// The name of the codec that keeps values of this type; `None` when there is none.
pub(crate) fn name<T>() -> Option<&'static str> {
    let plain = raw::plain::<T>()?;
    NAMES.iter().find(|(known, ..)| *known == plain).map(|(_, name, _)| *name)
}

/// The bytes of a value that [`name`] has a codec for.
pub(crate) fn encode<T>(value: &T) -> Option<&[u8]> {
    raw::bytes(value)
}

/// Reads a value back.
pub(crate) fn decode<T>(bytes: Buffer) -> Result<T, CodecError> {
    raw::from_bytes(bytes).ok_or_else(|| CodecError::new("it is no text"))
}

/// Bytes of a number in a payload that this codec wrote: 1 for codecs of no numbers.
pub(crate) fn width(codec: &str) -> usize {
    NAMES.iter().find(|(_, name, _)| *name == codec).map_or(1, |(_, _, width)| *width)
}

/// The codecs in the order of their numbers in entries.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().map(|(_, name, _)| *name)
}
