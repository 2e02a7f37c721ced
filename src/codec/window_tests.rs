//! Tests that a value comes back alike from bytes in memory and from a file in pieces.

use super::*;
use serde::Serialize;
use std::fmt::Debug;
use std::fs::{self, File};
use std::path::Path;
use xxhash_rust::xxh3::xxh3_128;

/// A payload behind three other bytes in a file.
fn stored(path: &Path, payload: &[u8]) -> Pieces {
    fs::write(path, [b"abc", payload].concat()).unwrap();
    let checksum = xxh3_128(payload).to_le_bytes();
    let pieces = Pieces::new(File::open(path).unwrap(), 3, payload.len() as u64, checksum);
    pieces.unwrap().unwrap()
}

fn in_pieces<T: DeserializeOwned>(payload: &[u8]) -> Result<T, CodecError> {
    let folder = tempfile::tempdir().unwrap();
    decode_pieces(&stored(&folder.path().join("file"), payload))
}

fn check<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let bytes = postcard::to_stdvec(value).unwrap();
    assert_eq!(Postcard::decode::<T>(&bytes).unwrap(), *value);
    assert_eq!(in_pieces::<T>(&bytes).unwrap(), *value);
    // One byte less, and one more.
    for wrong in [&bytes[..bytes.len() - 1], &[&bytes[..], &[0]].concat()] {
        assert!(Postcard::decode::<T>(wrong).is_err() && in_pieces::<T>(wrong).is_err());
    }
}

/// Reads as chrono and others do: it wants to see the text in place.
#[derive(Debug, PartialEq)]
struct Borrows(String);

impl Serialize for Borrows {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Borrows {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Borrows, D::Error> {
        struct Text;
        impl serde::de::Visitor<'_> for Text {
            type Value = Borrows;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a text")
            }
            fn visit_str<E>(self, text: &str) -> Result<Borrows, E> {
                Ok(Borrows(text.to_owned()))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

#[test]
fn a_value_comes_back_alike_in_memory_and_in_pieces() {
    let numbers: Vec<u32> = (0..200_000).map(|n: u32| n.wrapping_mul(n)).collect();
    check(&numbers.iter().map(|n| (f64::from(*n), Some(*n as u16))).collect::<Vec<_>>());
    // Texts across the end of a piece, and one that is longer than a piece.
    check(&numbers.iter().map(|n| "t".repeat((n % 50) as usize)).collect::<Vec<_>>());
    check(&vec!["long ".repeat(200_000), String::new(), "x".repeat(700_000)]);
    check(&numbers);
    check(&(1_u8, 'x', "text".to_owned()));
    check(&(0..50_000).map(|n| Borrows(n.to_string())).collect::<Vec<_>>());
}

#[test]
fn lengths_that_lie_take_no_memory() {
    let lie = postcard::to_stdvec(&(1_u64 << 60)).unwrap();
    for payload in [lie.clone(), [lie, vec![0; 100_000]].concat()] {
        assert!(in_pieces::<String>(&payload).is_err() && Postcard::decode::<String>(&payload).is_err());
        assert!(in_pieces::<Vec<u64>>(&payload).is_err() && Postcard::decode::<Vec<u64>>(&payload).is_err());
    }
}

#[test]
fn a_file_that_changes_meanwhile_gives_no_value() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    let payload = postcard::to_stdvec(&vec![1.5_f64; 100_000]).unwrap();
    let pieces = stored(&path, &payload);
    let mut bytes = fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&path, &bytes).unwrap();
    let changed = decode_pieces::<Vec<f64>>(&pieces).unwrap_err();
    assert_eq!(changed.to_string(), "the file changed while it was read");
    fs::write(&path, &bytes[..99_000]).unwrap();
    assert!(decode_pieces::<Vec<f64>>(&pieces).is_err());
}
