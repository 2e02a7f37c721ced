//! The codecs that ship: postcard, JSON, and either of them compressed.

use super::{Codec, CodecError};
use serde::Serialize;
use serde::de::DeserializeOwned;
#[cfg(feature = "zstd")]
use std::marker::PhantomData;

/// Compact and fast; not self-describing.
#[derive(Clone, Copy, Debug)]
pub struct Postcard;

impl Codec for Postcard {
    const NAME: &'static str = "postcard";

    fn encode<T: Serialize + ?Sized>(value: &T, bytes: &mut Vec<u8>) -> Result<(), CodecError> {
        *bytes = postcard::to_extend(value, std::mem::take(bytes)).map_err(CodecError::new)?;
        Ok(())
    }

    fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CodecError> {
        match postcard::take_from_bytes(bytes) {
            Ok((value, [])) => Ok(value),
            Ok((_, rest)) => Err(CodecError(format!("{} bytes are left over", rest.len()))),
            Err(error) => Err(CodecError::new(error)),
        }
    }
}

/// Readable JSON.
#[derive(Clone, Copy, Debug)]
#[cfg(feature = "json")]
pub struct Json;

#[cfg(feature = "json")]
impl Codec for Json {
    const NAME: &'static str = "json";
    const HAS_NAMES: bool = true;

    fn encode<T: Serialize + ?Sized>(value: &T, bytes: &mut Vec<u8>) -> Result<(), CodecError> {
        serde_json::to_writer(bytes, value).map_err(CodecError::new)
    }

    fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CodecError> {
        serde_json::from_slice(bytes).map_err(CodecError::new)
    }
}

/// What another codec writes, compressed by zstd at its default level.
///
/// `Zstd<Postcard>` and `Zstd<Json>` are the formats `postcard+zstd` and `json+zstd`. It takes no other
/// codec, since two of one name could not be told apart: one's own compresses by itself.
///
/// ```
/// use checkpointing::{Codec, Postcard, Zstd};
///
/// let mut bytes = Vec::new();
/// Zstd::<Postcard>::encode(&vec![1.0; 1000], &mut bytes)?;
/// assert!(bytes.len() < 100);
/// assert_eq!(Zstd::<Postcard>::decode::<Vec<f64>>(&bytes)?, vec![1.0; 1000]);
/// # Ok::<(), checkpointing::CodecError>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[cfg(feature = "zstd")]
pub struct Zstd<C>(PhantomData<C>);

#[cfg(feature = "zstd")]
impl<C: Codec> Codec for Zstd<C> {
    const NAME: &'static str = match C::NAME.as_bytes() {
        b"postcard" => "postcard+zstd",
        b"json" => "json+zstd",
        _ => panic!("Zstd takes Postcard or Json"),
    };
    const HAS_NAMES: bool = C::HAS_NAMES;

    fn encode<T: Serialize + ?Sized>(value: &T, bytes: &mut Vec<u8>) -> Result<(), CodecError> {
        let mut plain = Vec::new();
        C::encode(value, &mut plain)?;
        zstd::stream::copy_encode(&plain[..], bytes, 0).map_err(CodecError::new)
    }

    fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CodecError> {
        C::decode(&zstd::stream::decode_all(bytes).map_err(CodecError::new)?)
    }
}
