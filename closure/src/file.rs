//! Holds the closures of a table's functions in one file: each item once, and who has it.
//!
//! The runtime asks for one closure and skips the others.

use crate::{Builds, Closure, FORMAT, Item, Shape, Unreadable, read};
use serde::{Deserialize, Serialize, Serializer};
use std::borrow::Cow;

/// The closures of all marked functions of a package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Closures {
    /// Every item that some function depends on.
    pub items: Vec<Item>,
    /// What is known of each fingerprint.
    pub functions: Vec<Recorded>,
}

/// What is known of one fingerprint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The fingerprint.
    pub fingerprint: [u8; 32],
    /// The shape of the stored result, where it is known.
    pub shape: Option<Shape>,
    /// Which builds have it.
    pub builds: Builds,
    /// Of [`Closures::items`].
    pub items: Indexes,
}

/// Numbers, ascending: each is kept as its distance from the one before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Indexes(Vec<u8>);

impl Indexes {
    /// The numbers.
    pub fn iter(&self) -> impl Iterator<Item = u32> {
        unpack(&self.0)
    }
}

impl FromIterator<u32> for Indexes {
    fn from_iter<I: IntoIterator<Item = u32>>(indexes: I) -> Self {
        let mut bytes = Vec::new();
        let mut before = 0;
        for index in indexes {
            let mut rest = index.wrapping_sub(before);
            while rest >= 0x80 {
                bytes.push(rest as u8 | 0x80);
                rest >>= 7;
            }
            bytes.push(rest as u8);
            before = index;
        }
        Indexes(bytes)
    }
}

#[derive(Serialize, Deserialize)]
struct Encoded<'a> {
    items: Cow<'a, [Item]>,
    #[serde(borrow)]
    functions: Vec<Packed<'a>>,
}

#[derive(Serialize, Deserialize)]
struct Packed<'a> {
    fingerprint: [u8; 32],
    shape: Option<Shape>,
    builds: Builds,
    #[serde(serialize_with = "at_once")]
    items: &'a [u8],
}

/// The same bytes as one by one.
fn at_once<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(bytes)
}

impl Closures {
    /// As bytes, for a file.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let functions = self.functions.iter().map(|function| {
            let &Recorded { fingerprint, shape, builds, items: Indexes(ref items) } = function;
            Packed { fingerprint, shape, builds, items }
        });
        let functions = functions.collect();
        // A vector takes whatever it is given.
        postcard::to_extend(&Encoded { items: Cow::Borrowed(&self.items), functions }, vec![FORMAT])
            .unwrap_or_default()
    }

    /// Reads from an encoded file the closure of a function, which has one fingerprint or, where a call can
    /// mean one of several functions, theirs. `None` when it is not there.
    ///
    /// # Errors
    /// When the file is damaged, or of another version.
    pub fn find(file: &[u8], fingerprints: &[[u8; 32]]) -> Result<Option<Closure>, Unreadable> {
        let Encoded { items, functions } = read(file)?;
        let mut found = Vec::new();
        let mut facts = Vec::new();
        for wanted in fingerprints {
            let Some(packed) = functions.iter().find(|packed| packed.fingerprint == *wanted) else {
                return Ok(None);
            };
            facts.push((packed.shape, packed.builds));
            for index in unpack(packed.items) {
                found.push(items.get(index as usize).ok_or(Unreadable::Damaged)?.clone());
            }
        }
        // Of several functions the result can be of several shapes.
        let (shape, builds) = match facts[..] {
            [only] => only,
            _ => (None, facts.iter().map(|(_, builds)| *builds).reduce(Builds::and).unwrap_or_default()),
        };
        Ok(Some(Closure::new(found).of_result(shape).in_builds(builds)))
    }
}

fn unpack(bytes: &[u8]) -> impl Iterator<Item = u32> {
    let (mut index, mut part, mut shift) = (0_u32, 0_u32, 0);
    bytes.iter().filter_map(move |&byte| {
        part |= u32::from(byte & 0x7f).wrapping_shl(shift);
        shift += 7;
        (byte < 0x80).then(|| {
            index = index.wrapping_add(part);
            (part, shift) = (0, 0);
            index
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(n: u32) -> Item {
        let (kind, path) = (String::from("fn"), format!("q::f{n:04}"));
        Item { kind, path, version: None, file: None, line: n, hash: [0; 32] }
    }

    fn file() -> Vec<u8> {
        let items = (0..60).map(item).collect();
        let function = |number, items: Vec<u32>| Recorded {
            fingerprint: [number; 32],
            shape: Some(Shape::new([number; 16])),
            builds: Builds::NotTest,
            items: items.into_iter().collect(),
        };
        let functions = vec![function(1, vec![0, 1, 40, 59]), function(2, vec![]), function(3, vec![7, 40])];
        Closures { items, functions }.encode()
    }

    fn closure(shape: Option<u8>, items: &[u32]) -> Closure {
        let shape = shape.map(|number| Shape::new([number; 16]));
        let items = items.iter().map(|&number| item(number)).collect();
        Closure::new(items).of_result(shape).in_builds(Builds::NotTest)
    }

    #[test]
    fn a_closure_is_found_by_its_fingerprint() {
        let file = file();
        let find = |fingerprints: &[[u8; 32]]| Closures::find(&file, fingerprints).unwrap();
        assert_eq!(find(&[[1; 32]]), Some(closure(Some(1), &[0, 1, 40, 59])));
        assert_eq!(find(&[[2; 32]]), Some(closure(Some(2), &[])));
        assert_eq!(find(&[[3; 32], [1; 32]]), Some(closure(None, &[0, 1, 7, 40, 59])));
        assert_eq!(find(&[[1; 32], [4; 32]]), None);
    }

    #[test]
    fn damaged_bytes_are_an_error_and_no_panic() {
        let file = file();
        for end in (0..file.len()).step_by(7) {
            assert_eq!(Closures::find(&file[..end], &[[1; 32]]), Err(Unreadable::Damaged));
        }
        let mut other = file.clone();
        other[0] = 9;
        assert_eq!(Closures::find(&other, &[[1; 32]]), Err(Unreadable::OtherFormat(9)));
        for at in (1..file.len()).step_by(3) {
            let mut flipped = file.clone();
            flipped[at] ^= 0x55;
            let _ = Closures::find(&flipped, &[[1; 32]]);
        }
    }

    #[test]
    fn the_encoding_is_frozen() {
        let items = vec![Item { file: Some(String::from("a.rs")), ..item(300) }];
        let shape = Some(Shape::new([6; 16]));
        let function =
            Recorded { fingerprint: [5; 32], shape, builds: Builds::Test, items: [0].into_iter().collect() };
        let bytes = Closures { items, functions: vec![function] }.encode();
        let mut expected = vec![2, 1, 2, b'f', b'n', 8];
        expected.extend(b"q::f0300");
        expected.extend([0, 1, 4]);
        expected.extend(b"a.rs");
        expected.extend([0xac, 0x02]);
        expected.extend([0; 32]);
        expected.extend([1]);
        expected.extend([5; 32]);
        expected.push(1);
        expected.extend([6; 16]);
        expected.extend([2, 1, 0]);
        assert_eq!(bytes, expected);
    }
}
