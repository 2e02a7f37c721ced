//! Gives postcard the bytes of a value: all of them, or those of a file piece by piece.
//!
//! Both are one type, so that the code that reads a value is compiled once.

use super::CodecError;
use super::pieces::{Pieces, Reader};
use postcard::de_flavors::Flavor;
use postcard::{Deserializer, Error};
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::io;

/// Bytes, and where the next ones come from.
struct Window<'de> {
    bytes: Cow<'de, [u8]>,
    at: usize,
    more: Option<Reader<'de>>,
    failed: Option<Failed>,
}

/// What postcard has no error for.
enum Failed {
    Read(io::Error),
    /// The value wants to see a text in place before it takes it: pieces do not stay.
    Borrows,
}

/// What is left when a value has been read.
struct Rest {
    bytes: u64,
    changed: bool,
    failed: Option<Failed>,
}

/// Reads a value from exactly these bytes.
pub(super) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CodecError> {
    let (value, _) = read(Window { bytes: Cow::Borrowed(bytes), at: 0, more: None, failed: None });
    value
}

/// Reads a value from exactly the bytes of a file.
pub(crate) fn decode_pieces<T: DeserializeOwned>(pieces: &Pieces) -> Result<T, CodecError> {
    let more = Some(pieces.read().map_err(CodecError::new)?);
    match read(Window { bytes: Cow::Owned(Vec::new()), at: 0, more, failed: None }) {
        (_, true) => {
            let whole = pieces.whole().map_err(CodecError::new)?;
            decode(whole.ok_or_else(CodecError::no_memory)?.as_slice())
        }
        (value, false) => value,
    }
}

/// Reads a value; also whether it cannot be had in pieces.
fn read<T: DeserializeOwned>(window: Window<'_>) -> (Result<T, CodecError>, bool) {
    let mut deserializer = Deserializer::from_flavor(window);
    let value = T::deserialize(&mut deserializer);
    let value = match (value, deserializer.finalize()) {
        (Err(_), Ok(Rest { failed: Some(Failed::Borrows), .. })) => {
            return (Err(CodecError::new("it borrows")), true);
        }
        (Err(_), Ok(Rest { failed: Some(Failed::Read(error)), .. })) => Err(CodecError::new(error)),
        (Err(error), _) | (Ok(_), Err(error)) => Err(CodecError::new(error)),
        (Ok(_), Ok(Rest { bytes: left @ 1.., .. })) => {
            Err(CodecError::new(format_args!("{left} bytes are left over")))
        }
        (Ok(_), Ok(Rest { changed: true, .. })) => Err(CodecError::new("the file changed while it was read")),
        (Ok(value), Ok(_)) => Ok(value),
    };
    (value, false)
}

impl Window<'_> {
    fn here(&self) -> usize {
        self.bytes.len() - self.at
    }

    fn left(&self) -> u64 {
        self.here() as u64 + self.more.as_ref().map_or(0, Reader::left)
    }

    /// Takes more bytes out of the file, until so many are here.
    #[cold]
    fn refill(&mut self, wanted: usize) -> Result<(), Error> {
        let missing = wanted - self.here();
        match &mut self.more {
            Some(more) if missing as u64 <= more.left() => {
                let read = more.refill(self.bytes.to_mut(), self.at, missing);
                self.at = 0;
                read.map_err(|error| {
                    self.failed = Some(Failed::Read(error));
                    Error::DeserializeUnexpectedEnd
                })
            }
            _ => Err(Error::DeserializeUnexpectedEnd),
        }
    }
}

impl<'de> Flavor<'de> for Window<'de> {
    type Remainder = Rest;
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
        usize::try_from(self.left()).ok()
    }

    fn try_take_n(&mut self, count: usize) -> Result<&'de [u8], Error> {
        let Cow::Borrowed(bytes) = self.bytes else {
            self.failed = Some(Failed::Borrows);
            return Err(Error::NotYetImplemented);
        };
        let taken = bytes[self.at..].get(..count).ok_or(Error::DeserializeUnexpectedEnd)?;
        self.at += count;
        Ok(taken)
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

    fn finalize(self) -> Result<Rest, Error> {
        let changed = self.more.as_ref().is_some_and(|more| !more.is_sound());
        Ok(Rest { bytes: self.left(), changed, failed: self.failed })
    }
}

#[cfg(test)]
#[path = "window_tests.rs"]
mod tests;
