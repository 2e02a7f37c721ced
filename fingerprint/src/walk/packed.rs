//! A file that holds many encoded ones: what a pass leaves for the next. One that cannot be read is an empty one.

use super::cache::Key;
use crate::handover::{self, Maker};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// The bytes, and where in them each encoded file is.
#[derive(Default)]
pub(super) struct Packed {
    pub(super) bytes: Arc<[u8]>,
    places: BTreeMap<Key, Range<usize>>,
}

/// Stands before the encoded files, which follow one another: who made them, and how long each is.
type Index = (Maker, Vec<(Key, u64)>);

impl Packed {
    pub(super) fn read(path: &Path, maker: &Maker) -> Self {
        let bytes: Arc<[u8]> = Arc::from(std::fs::read(path).unwrap_or_default());
        places(&bytes, maker).map_or_else(Packed::default, |places| Packed { bytes, places })
    }

    pub(super) fn place(&self, key: &Key) -> Option<Range<usize>> {
        self.places.get(key).cloned()
    }

    pub(super) fn get(&self, key: &Key) -> Option<&[u8]> {
        self.bytes.get(self.place(key)?)
    }

    pub(super) fn write(path: &Path, maker: &Maker, parts: &[(Key, &[u8])]) -> std::io::Result<()> {
        let lengths = parts.iter().map(|(key, bytes)| (*key, bytes.len() as u64)).collect();
        let index: Index = (maker.clone(), lengths);
        let index = postcard::to_stdvec(&index).unwrap_or_default();
        let files = parts.iter().map(|(_, bytes)| *bytes);
        handover::write(path, &std::iter::once(index.as_slice()).chain(files).collect::<Vec<_>>())
    }
}

/// Where the files are that a pass of the same program left; `None` when it was another one, or when something
/// is not as it was written.
fn places(bytes: &[u8], maker: &Maker) -> Option<BTreeMap<Key, Range<usize>>> {
    let content = handover::content(bytes)?;
    let ((by, lengths), files): (Index, &[u8]) = postcard::take_from_bytes(content).ok()?;
    let mut end = bytes.len() - files.len();
    let places = lengths.into_iter().map(|(key, length)| {
        let start = end;
        end = start.checked_add(usize::try_from(length).ok()?)?;
        Some((key, start..end))
    });
    let places: Option<BTreeMap<Key, Range<usize>>> = places.collect();
    places.filter(|_| maker.is_some() && by == *maker)
}
