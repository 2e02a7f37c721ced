//! Holds the closures of a table's functions in one file: each item once, and who has it.
//!
//! A closure is a list of numbers, each as its distance from the one before. The runtime asks for one
//! closure and skips the others.

use crate::{Closure, FORMAT, Item, Unreadable, read};
use serde::{Deserialize, Serialize};

/// The closures of all marked functions of a package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Closures {
    /// Every item that some function depends on.
    pub items: Vec<Item>,
    /// By fingerprint: indexes of `items`, ascending.
    pub functions: Vec<([u8; 32], Vec<u32>)>,
}

#[derive(Serialize, Deserialize)]
struct Encoded<'a> {
    items: Vec<Item>,
    #[serde(borrow)]
    functions: Vec<([u8; 32], &'a [u8])>,
}

impl Closures {
    /// As bytes, for a file.
    #[must_use]
    pub fn encode(self) -> Vec<u8> {
        let packed: Vec<([u8; 32], Vec<u8>)> =
            self.functions.into_iter().map(|(fingerprint, items)| (fingerprint, pack(&items))).collect();
        let functions = packed.iter().map(|(fingerprint, items)| (*fingerprint, items.as_slice())).collect();
        // A vector takes whatever it is given.
        postcard::to_extend(&Encoded { items: self.items, functions }, vec![FORMAT]).unwrap_or_default()
    }

    /// Reads from an encoded file the closure of a function, which has one fingerprint or, where a call can
    /// mean one of several functions, theirs. `None` when it is not there.
    ///
    /// # Errors
    /// When the file is damaged, or of another version.
    pub fn find(file: &[u8], fingerprints: &[[u8; 32]]) -> Result<Option<Closure>, Unreadable> {
        let Encoded { items, functions } = read(file)?;
        let mut found = Vec::new();
        for wanted in fingerprints {
            let Some((_, packed)) = functions.iter().find(|(fingerprint, _)| fingerprint == wanted) else {
                return Ok(None);
            };
            for index in unpack(packed) {
                found.push(items.get(index as usize).ok_or(Unreadable::Damaged)?.clone());
            }
        }
        Ok(Some(Closure::new(found)))
    }
}

fn pack(indexes: &[u32]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut before = 0;
    for &index in indexes {
        let mut rest = index.wrapping_sub(before);
        while rest >= 0x80 {
            bytes.push(rest as u8 | 0x80);
            rest >>= 7;
        }
        bytes.push(rest as u8);
        before = index;
    }
    bytes
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
        let functions = vec![([1; 32], vec![0, 1, 40, 59]), ([2; 32], vec![]), ([3; 32], vec![7, 40])];
        Closures { items, functions }.encode()
    }

    #[test]
    fn a_closure_is_found_by_its_fingerprint() {
        let file = file();
        let find = |fingerprints: &[[u8; 32]]| Closures::find(&file, fingerprints).unwrap();
        assert_eq!(find(&[[1; 32]]), Some(Closure::new([0, 1, 40, 59].map(item).to_vec())));
        assert_eq!(find(&[[2; 32]]), Some(Closure::default()));
        assert_eq!(find(&[[3; 32], [1; 32]]), Some(Closure::new([0, 1, 7, 40, 59].map(item).to_vec())));
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
        let bytes = Closures { items, functions: vec![([5; 32], vec![0])] }.encode();
        let mut expected = vec![1, 1, 2, b'f', b'n', 8];
        expected.extend(b"q::f0300");
        expected.extend([0, 1, 4]);
        expected.extend(b"a.rs");
        expected.extend([0xac, 0x02]);
        expected.extend([0; 32]);
        expected.extend([1]);
        expected.extend([5; 32]);
        expected.extend([1, 0]);
        assert_eq!(bytes, expected);
    }
}
