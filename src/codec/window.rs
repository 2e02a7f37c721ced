//! Gives postcard the bytes of a long value piece by piece.
//!
//! This is a second way beside that from memory, since a small hit would notice what it costs.

use super::CodecError;
use super::pieces::{Pieces, Reader};
use super::{Codec, Postcard};
use postcard::de_flavors::Flavor;
use postcard::{Deserializer, Error};
use serde::de::DeserializeOwned;
use std::io;

/// What was read of a payload, and what comes.
struct Window<'a> {
    bytes: Vec<u8>,
    at: usize,
    reader: Reader<'a>,
    failed: Option<Failed>,
}

/// What postcard has no error for.
enum Failed {
    Read(io::Error),
    /// The value wants to see a text in place before it takes it: pieces do not stay.
    Borrows,
}

/// Reads a value from exactly these bytes.
pub(crate) fn decode_pieces<T: DeserializeOwned>(pieces: &Pieces) -> Result<T, CodecError> {
    let reader = pieces.read().map_err(CodecError::new)?;
    let window = Window { bytes: Vec::new(), at: 0, reader, failed: None };
    let mut deserializer = Deserializer::from_flavor(window);
    let value = T::deserialize(&mut deserializer);
    let window = deserializer.finalize().map_err(CodecError::new)?;
    match (value, window.failed, window.reader.left() + window.bytes.len() as u64 - window.at as u64) {
        (Err(_), Some(Failed::Borrows), _) => {
            let whole = pieces.whole().map_err(CodecError::new)?;
            Postcard::decode(whole.ok_or_else(CodecError::no_memory)?.as_slice())
        }
        (Err(_), Some(Failed::Read(error)), _) => Err(CodecError::new(error)),
        (Err(error), None, _) => Err(CodecError::new(error)),
        (Ok(_), _, left @ 1..) => Err(CodecError::new(format_args!("{left} bytes are left over"))),
        (Ok(_), ..) if !window.reader.is_sound() => {
            Err(CodecError::new("the file changed while it was read"))
        }
        (Ok(value), ..) => Ok(value),
    }
}

impl Window<'_> {
    fn here(&self) -> usize {
        self.bytes.len() - self.at
    }

    /// Takes more bytes out of the file, until so many are here.
    #[cold]
    fn refill(&mut self, wanted: usize) -> Result<(), Error> {
        let missing = wanted - self.here();
        if missing as u64 > self.reader.left() {
            return Err(Error::DeserializeUnexpectedEnd);
        }
        let read = self.reader.refill(&mut self.bytes, self.at, missing);
        self.at = 0;
        read.map_err(|error| {
            self.failed = Some(Failed::Read(error));
            Error::DeserializeUnexpectedEnd
        })
    }
}

impl<'de> Flavor<'de> for Window<'de> {
    type Remainder = Window<'de>;
    type Source = &'de [u8];

    #[inline]
    fn pop(&mut self) -> Result<u8, Error> {
        if self.at == self.bytes.len() {
            self.refill(1)?;
        }
        let byte = self.bytes.get(self.at).copied().ok_or(Error::DeserializeUnexpectedEnd)?;
        self.at += 1;
        Ok(byte)
    }

    #[inline]
    fn size_hint(&self) -> Option<usize> {
        usize::try_from(self.here() as u64 + self.reader.left()).ok()
    }

    fn try_take_n(&mut self, _: usize) -> Result<&'de [u8], Error> {
        self.failed = Some(Failed::Borrows);
        Err(Error::NotYetImplemented)
    }

    #[inline]
    fn try_take_n_temp<'a>(&'a mut self, count: usize) -> Result<&'a [u8], Error>
    where
        'de: 'a,
    {
        if self.here() < count {
            self.refill(count)?;
        }
        let start = self.at;
        self.at += count;
        self.bytes.get(start..self.at).ok_or(Error::DeserializeUnexpectedEnd)
    }

    fn finalize(self) -> Result<Window<'de>, Error> {
        Ok(self)
    }
}

#[cfg(test)]
#[path = "window_tests.rs"]
mod tests;
