//! Turns results into bytes and back.

use crate::config::Format;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What a codec said when it failed.
#[derive(Debug)]
pub struct CodecError {
    /// Its name.
    pub codec: &'static str,
    /// What it said.
    pub message: String,
}

fn failed(codec: &'static str, error: &impl ToString) -> CodecError {
    CodecError { codec, message: error.to_string() }
}

/// The byte that stands for a format in an entry.
pub(crate) fn byte(format: Format) -> u8 {
    match format {
        Format::Postcard => 1,
        Format::Json => 2,
    }
}

/// The format that a byte of an entry stands for.
pub(crate) fn of_byte(byte: u8) -> Option<Format> {
    [Format::Postcard, Format::Json].into_iter().find(|format| self::byte(*format) == byte)
}

/// Appends a value's bytes. After a failure the buffer holds rubbish.
pub(crate) fn encode<T: Serialize>(format: Format, value: &T, bytes: &mut Vec<u8>) -> Result<(), CodecError> {
    match format {
        Format::Postcard => {
            *bytes = postcard::to_extend(value, std::mem::take(bytes)).map_err(|e| failed("postcard", &e))?;
            Ok(())
        }
        #[cfg(feature = "json")]
        Format::Json => serde_json::to_writer(bytes, value).map_err(|error| failed("json", &error)),
        #[cfg(not(feature = "json"))]
        Format::Json => Err(failed("json", &NO_JSON)),
    }
}

/// Reads a value from exactly these bytes.
pub(crate) fn decode<T: DeserializeOwned>(format: Format, bytes: &[u8]) -> Result<T, CodecError> {
    match format {
        Format::Postcard => match postcard::take_from_bytes(bytes) {
            Ok((value, [])) => Ok(value),
            Ok((_, rest)) => Err(failed("postcard", &format!("{} bytes are left over", rest.len()))),
            Err(error) => Err(failed("postcard", &error)),
        },
        #[cfg(feature = "json")]
        Format::Json => serde_json::from_slice(bytes).map_err(|error| failed("json", &error)),
        #[cfg(not(feature = "json"))]
        Format::Json => Err(failed("json", &NO_JSON)),
    }
}

#[cfg(not(feature = "json"))]
const NO_JSON: &str = "checkpointing was built without its feature `json`";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_comes_back_in_every_format() {
        for format in [Format::Postcard, Format::Json] {
            assert_eq!(of_byte(byte(format)), Some(format));
            let value = (1_u64, String::from("x"), vec![Some(1.5), None]);
            let mut bytes = vec![7];
            encode(format, &value, &mut bytes).unwrap();
            assert_eq!(bytes[0], 7, "what was there stays");
            assert_eq!(decode::<(u64, String, Vec<Option<f64>>)>(format, &bytes[1..]).unwrap(), value);
        }
        assert_eq!(of_byte(0), None);
    }

    #[test]
    fn bytes_must_be_used_up() {
        for format in [Format::Postcard, Format::Json] {
            let mut bytes = Vec::new();
            encode(format, &1_u8, &mut bytes).unwrap();
            bytes.push(b'1');
            bytes.push(b' ');
            bytes.push(b'x');
            assert!(decode::<u8>(format, &bytes).is_err(), "{format:?}");
            assert!(decode::<u8>(format, &[]).is_err(), "{format:?}");
        }
    }
}
