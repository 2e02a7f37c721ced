//! Turns results into bytes and back: the codecs that ship, and the trait for one's own.

mod builtin;
pub(crate) mod pieces;
pub(crate) mod plain;
mod window;

#[cfg(feature = "json")]
pub use builtin::Json;
pub use builtin::Postcard;
#[cfg(feature = "zstd")]
pub use builtin::Zstd;

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::{self, Display};
pub(crate) use window::decode_pieces;

/// Turns values into bytes and back. It is chosen by its type: `codec = MyCodec` in a mark or a call.
///
/// ```
/// use checkpointing::{Codec, CodecError};
/// use serde::{Serialize, de::DeserializeOwned};
///
/// /// JSON, indented for people.
/// struct Pretty;
///
/// impl Codec for Pretty {
///     const NAME: &'static str = "pretty";
///     const HAS_NAMES: bool = true;
///
///     fn encode<T: Serialize + ?Sized>(value: &T, bytes: &mut Vec<u8>) -> Result<(), CodecError> {
///         serde_json::to_writer_pretty(bytes, value).map_err(CodecError::new)
///     }
///
///     fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CodecError> {
///         serde_json::from_slice(bytes).map_err(CodecError::new)
///     }
/// }
///
/// let mut bytes = Vec::new();
/// Pretty::encode(&[1, 2], &mut bytes)?;
/// assert_eq!(Pretty::decode::<Vec<u8>>(&bytes)?, [1, 2]);
/// # Ok::<(), CodecError>(())
/// ```
pub trait Codec {
    /// Stands in every entry. An entry that names another codec is computed again.
    const NAME: &'static str;

    /// Whether the names of fields are among the bytes. Without them a field that is left out
    /// (`skip_serializing_if`) would be read as the next one, so such a result is not stored.
    const HAS_NAMES: bool = false;

    /// Appends a value's bytes. After an error the buffer holds rubbish.
    ///
    /// # Errors
    /// When the value cannot be written.
    fn encode<T: Serialize + ?Sized>(value: &T, bytes: &mut Vec<u8>) -> Result<(), CodecError>;

    /// Reads a value from exactly these bytes.
    ///
    /// # Errors
    /// When they are not those of a value, or are not used up.
    fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CodecError>;
}

/// What a codec says when it fails.
#[derive(Debug)]
pub struct CodecError(String);

impl CodecError {
    /// Takes a message.
    pub fn new(message: impl Display) -> CodecError {
        CodecError(message.to_string())
    }

    pub(crate) fn no_memory() -> CodecError {
        CodecError::new("there is not enough memory")
    }
}

impl Display for CodecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for CodecError {}

/// How stored results are written: the codecs that ship, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// Compact and fast. The default.
    Postcard,
    /// Readable, and larger; needs the feature `json` (on by default).
    Json,
    /// Postcard, compressed; needs the feature `zstd`.
    PostcardZstd,
    /// JSON, compressed; needs the features `json` and `zstd`.
    JsonZstd,
}

/// Calls a codec's function for a format; formats that this build lacks say so.
macro_rules! with {
    ($format:expr, $codec:ident => $call:expr) => {
        match $format {
            Format::Postcard => {
                type $codec = Postcard;
                $call
            }
            #[cfg(feature = "json")]
            Format::Json => {
                type $codec = Json;
                $call
            }
            #[cfg(feature = "zstd")]
            Format::PostcardZstd => {
                type $codec = Zstd<Postcard>;
                $call
            }
            #[cfg(all(feature = "json", feature = "zstd"))]
            Format::JsonZstd => {
                type $codec = Zstd<Json>;
                $call
            }
            #[allow(unreachable_patterns)] // reached without the features
            lacking => Err(CodecError(format!(
                "it needs checkpointing's cargo features {}, which are off",
                lacking.lacks().unwrap_or_default()
            ))),
        }
    };
}

impl Format {
    /// In the order of their numbers in entries.
    pub(crate) const ALL: [Format; 4] =
        [Format::Postcard, Format::Json, Format::PostcardZstd, Format::JsonZstd];
    pub(crate) const EXPECTED: &'static str = "postcard, json, postcard+zstd or json+zstd";

    /// The codec's name: `postcard`, `json`, `postcard+zstd`, `json+zstd`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Format::Postcard => "postcard",
            Format::Json => "json",
            Format::PostcardZstd => "postcard+zstd",
            Format::JsonZstd => "json+zstd",
        }
    }

    /// The format of a codec's name.
    pub(crate) fn parse(text: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.name() == text)
    }

    /// The cargo features that it needs and this build lacks, as they stand in a Cargo.toml.
    pub(crate) fn lacks(self) -> Option<&'static str> {
        let json = self.has_names() && !cfg!(feature = "json");
        let zstd = matches!(self, Format::PostcardZstd | Format::JsonZstd) && !cfg!(feature = "zstd");
        match (json, zstd) {
            (true, true) => Some("\"json\", \"zstd\""),
            (true, false) => Some("\"json\""),
            (false, true) => Some("\"zstd\""),
            (false, false) => None,
        }
    }

    pub(crate) fn has_names(self) -> bool {
        matches!(self, Format::Json | Format::JsonZstd)
    }
}

/// Appends a value's bytes.
pub(crate) fn encode<T: Serialize>(format: Format, value: &T, bytes: &mut Vec<u8>) -> Result<(), CodecError> {
    with!(format, C => C::encode(value, bytes))
}

/// Reads a value from exactly these bytes.
pub(crate) fn decode<T: DeserializeOwned>(format: Format, bytes: &[u8]) -> Result<T, CodecError> {
    with!(format, C => C::decode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The formats of this build.
    fn formats() -> Vec<Format> {
        Format::ALL.into_iter().filter(|format| encode(*format, &1_u8, &mut Vec::new()).is_ok()).collect()
    }

    #[test]
    fn a_value_comes_back_in_every_format() {
        assert!(formats().contains(&Format::Postcard));
        for format in formats() {
            assert_eq!(Format::parse(format.name()), Some(format));
            let value = (1_u64, String::from("x"), vec![Some(1.5), None]);
            let mut bytes = vec![7];
            encode(format, &value, &mut bytes).unwrap();
            assert_eq!(bytes[0], 7, "what was there stays");
            assert_eq!(decode::<(u64, String, Vec<Option<f64>>)>(format, &bytes[1..]).unwrap(), value);
        }
        assert_eq!(Format::parse("other"), None);
    }

    #[test]
    fn a_format_without_its_features_names_them() {
        for format in Format::ALL {
            match encode(format, &1_u8, &mut Vec::new()) {
                Ok(()) => assert_eq!(format.lacks(), None),
                Err(error) => assert!(error.to_string().contains(format.lacks().unwrap()), "{error}"),
            }
        }
    }

    #[test]
    fn a_hit_is_the_very_number_that_was_computed() {
        let numbers = [280.0 + 5.0 - 273.15, 0.1 + 0.2, f64::MIN_POSITIVE / 3.0, f64::MAX, -0.0, 1e23];
        for format in formats() {
            let mut bytes = Vec::new();
            encode(format, &numbers, &mut bytes).unwrap();
            let loaded: [f64; 6] = decode(format, &bytes).unwrap();
            assert_eq!(loaded.map(f64::to_bits), numbers.map(f64::to_bits), "{}", format.name());
        }
    }

    #[test]
    fn bytes_must_be_used_up() {
        for format in formats() {
            let mut bytes = Vec::new();
            encode(format, &1_u8, &mut bytes).unwrap();
            bytes.extend_from_slice(b"1 x");
            assert!(decode::<u8>(format, &bytes).is_err(), "{format:?}");
            assert!(decode::<u8>(format, &[]).is_err(), "{format:?}");
        }
    }

    #[test]
    #[cfg(feature = "zstd")]
    fn compressed_is_smaller() {
        let value = vec![1.5_f64; 10_000];
        for (plain, compressed) in
            [(Format::Postcard, Format::PostcardZstd), (Format::Json, Format::JsonZstd)]
        {
            let length = |format| {
                let mut bytes = Vec::new();
                encode(format, &value, &mut bytes).unwrap();
                bytes.len()
            };
            assert!(length(compressed) * 10 < length(plain));
        }
    }
}
