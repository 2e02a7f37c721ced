//! Holds how a result is kept as a value: what is generic over a call has only its result's type to know.

use super::directive::Value;
use super::outcome::{Outcome, Storable, copied};
use crate::codec::pieces::Pieces;
use crate::codec::{self, Codec, CodecError, Format, plain};
use crate::error::Error;
use crate::key;
use crate::raw::Buffer;
use crate::store::{Found, Header, Opened};
use serde::Serialize;
use std::any::type_name;

copied! {
    Kept<R>;
    Own<R>;
    AsIs<R>;
}

/// An outcome as a value.
#[derive(Debug)]
pub struct Kept<R> {
    pub(crate) stored: &'static str,
    encode: Encode<R>,
    decode: fn(Format, &[u8]) -> Result<R, CodecError>,
    /// From a long payload of postcard's.
    decode_pieces: fn(&Pieces) -> Result<R, CodecError>,
    /// Instead of postcard, for values that are their bytes.
    plain: Option<AsIs<R>>,
    /// The codec, where that is none of the formats.
    own: Option<Own<R>>,
    pub(crate) refuse: fn(Error) -> R,
}

/// Keeps the bytes of a value as they are.
#[derive(Debug)]
struct AsIs<R> {
    name: &'static str,
    /// Calls back with the bytes of a result that is kept.
    bytes: Show<R>,
    value: fn(Buffer) -> Result<R, CodecError>,
}

/// A codec of the program's own.
#[derive(Debug)]
struct Own<R> {
    name: &'static str,
    encode: EncodeOwn<R>,
    decode: fn(&[u8]) -> Result<R, CodecError>,
}

type Show<R> = fn(&R, &mut dyn FnMut(&[u8]));
type EncodeOwn<R> = fn(&R, &mut Vec<u8>) -> Option<Result<(), CodecError>>;
type Encode<R> = fn(&R, Format, &mut Vec<u8>) -> Option<Result<(), CodecError>>;

impl<R> Kept<R> {
    /// Name of the type that is stored.
    #[must_use]
    pub fn stored(&self) -> &'static str {
        self.stored
    }

    /// Name of the codec: that of the format, unless there is one of its own or a value is its bytes.
    pub(crate) fn codec(&self, format: Format) -> &'static str {
        match (self.own, self.plain) {
            (Some(own), _) => own.name,
            (None, Some(plain)) if format == Format::Postcard => plain.name,
            _ => format.name(),
        }
    }

    /// Name of its own codec.
    pub(crate) fn own_codec(&self) -> Option<&'static str> {
        self.own.map(|own| own.name)
    }

    /// Calls back with the bytes to store; `None` for a result that is not kept.
    pub(crate) fn encode<T>(
        &self,
        result: &R,
        format: Format,
        take: impl FnOnce(&[u8]) -> T,
    ) -> Option<Result<T, CodecError>> {
        let mut bytes = Vec::new();
        let done = match (self.own, self.plain) {
            (Some(own), _) => (own.encode)(result, &mut bytes),
            (None, Some(plain)) if format == Format::Postcard => {
                let (mut take, mut taken) = (Some(take), None);
                (plain.bytes)(result, &mut |bytes| taken = take.take().map(|take| take(bytes)));
                return taken.map(Ok);
            }
            _ => (self.encode)(result, format, &mut bytes),
        };
        done.map(|done| done.map(|()| take(&bytes)))
    }

    /// Reads a result back.
    pub(crate) fn decode(&self, opened: Opened) -> Result<R, CodecError> {
        let entry = match opened.0 {
            Found::Whole(entry) => entry,
            Found::Pieces(found) => return self.decode_long(&found.0, &found.1),
        };
        let written = &*entry.header.codec;
        match (self.own, self.plain, Format::parse(written)) {
            (Some(own), _, _) if own.name == written => (own.decode)(entry.payload()),
            (None, _, Some(format)) => (self.decode)(format, entry.payload()),
            (None, Some(plain), _) if plain.name == written => {
                let bytes = entry.into_buffer();
                (plain.value)(bytes.ok_or_else(CodecError::no_memory)?)
            }
            _ => Err(other(&entry.header)),
        }
    }

    /// Reads a long result of postcard's back.
    fn decode_long(&self, header: &Header, pieces: &Pieces) -> Result<R, CodecError> {
        let Some(own) = self.own else {
            return (self.decode_pieces)(pieces);
        };
        if own.name != header.codec {
            return Err(other(header));
        }
        let whole = pieces.whole().map_err(CodecError::new)?;
        (own.decode)(whole.ok_or_else(CodecError::no_memory)?.as_slice())
    }

    /// Packs a result for a wrapper, which may have a codec that is not known here.
    pub(crate) fn pack(&self, result: &R) -> Option<Result<Value, CodecError>> {
        let mut error = None;
        for format in [Format::Postcard, Format::Json] {
            let mut bytes = Vec::new();
            match (self.encode)(result, format, &mut bytes)? {
                Ok(()) => return Some(Ok(Value { format, bytes })),
                Err(problem) => error = Some(problem),
            }
        }
        error.map(Err)
    }

    pub(crate) fn unpack(&self, value: &Value) -> Result<R, CodecError> {
        (self.decode)(value.format, &value.bytes)
    }
}

fn other(header: &Header) -> CodecError {
    CodecError::new(format_args!("it was written by the codec `{}`", header.codec))
}

/// Makes a value of an outcome. Nothing else asks for one, so that the compiler says once, and at the
/// caller's span, that a type cannot be stored.
#[must_use]
pub fn kept<R, O: Outcome<R>>(_: O) -> Kept<R> {
    Kept {
        stored: type_name::<O::Value>(),
        encode: |result, format, bytes| {
            let value = O::value(result)?;
            Some(complete(value, format.has_names()).and_then(|()| write(format, value, bytes)))
        },
        decode: |format, bytes| codec::decode(format, bytes).map(O::wrap),
        decode_pieces: |pieces| codec::decode_pieces(pieces).map(O::wrap),
        plain: plain::name::<O::Value>().map(|name| AsIs {
            name,
            bytes: |result, take| {
                if let Some(bytes) = O::value(result).and_then(plain::encode) {
                    take(bytes);
                }
            },
            value: |bytes| plain::decode(bytes).map(O::wrap),
        }),
        own: None,
        refuse: O::refuse,
    }
}

/// The same with a codec of the program's own.
#[must_use]
pub fn kept_by<C: Codec, R, O: Outcome<R>>(outcome: O) -> Kept<R> {
    let own = Own {
        name: C::NAME,
        encode: |result, bytes| {
            let value = O::value(result)?;
            Some(complete(value, C::HAS_NAMES).and_then(|()| C::encode(value, bytes)))
        },
        decode: |bytes| C::decode(bytes).map(O::wrap),
    };
    Kept { own: Some(own), ..kept(outcome) }
}

/// How what is stored is taken out of a result, and how it is made one.
pub type Parts<R, V> = (fn(R) -> Option<V>, fn(V) -> R);

/// The parts of an outcome, for the verbs that deal in what is stored.
#[must_use]
pub fn parts<R, O: Outcome<R>>(_: O) -> Parts<R, O::Value> {
    (O::take, O::wrap)
}

/// Appends a value's bytes, where they are read back as that value: JSON writes `None`, `Some(None)`, `()` and
/// what is no number as the same `null`.
fn write<T: Storable>(format: Format, value: &T, bytes: &mut Vec<u8>) -> Result<(), CodecError> {
    let start = bytes.len();
    codec::encode(format, value, bytes)?;
    let written = &bytes[start..];
    let may_hold_null = match format {
        Format::Postcard | Format::PostcardZstd => false,
        Format::Json => written.windows(4).any(|word| word == b"null"),
        Format::JsonZstd => true,
    };
    let is_read_back = || {
        let loaded: T = codec::decode(format, written).ok()?;
        Some(key::digest(&loaded).ok()? == key::digest(value).ok()?)
    };
    if may_hold_null && is_read_back() != Some(true) {
        let message = "it would come back from JSON as another value, which has one `null` for `None`, `Some(None)`, `()`, NaN and infinity; use `format = postcard`";
        return Err(CodecError::new(message));
    }
    Ok(())
}

/// Refuses what could be read back as another value: a codec without names takes the next field for one
/// that was left out.
fn complete<T: Serialize>(value: &T, has_names: bool) -> Result<(), CodecError> {
    if !has_names && key::leaves_out(value) {
        let message = "a field is left out (`skip_serializing_if`), and this format would read the next one in its place; use `format = json`";
        return Err(CodecError::new(message));
    }
    Ok(())
}

#[cfg(all(test, feature = "json"))]
mod tests {
    use super::*;

    fn is_written<T: Storable>(value: &T) -> bool {
        write(Format::Json, value, &mut Vec::new()).is_ok()
    }

    #[test]
    fn json_that_would_be_read_as_another_value_is_refused() {
        assert!(is_written(&vec![Some(1.5), None]));
        assert!(is_written(&((), Some(2), String::from("null"))));
        assert!(!is_written(&Some(f64::NAN)));
        assert!(!is_written(&f64::INFINITY));
        assert!(!is_written(&vec![Some(f32::INFINITY), None]));
        assert!(!is_written(&Some(None::<i64>)));
        assert!(!is_written(&Some(())));
    }
}
