//! Keeps the code of a file's functions apart from what other items see of them: most of it is never asked for
//! when it comes from the cache.

use crate::ir::{self, ItemIdx};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// The whole items, where their outlines are less than that.
type Items = BTreeMap<ItemIdx, ir::Item>;

#[derive(Default)]
pub(crate) struct Code {
    items: OnceLock<Items>,
    /// Where they are encoded, until somebody asks for one.
    encoded: Option<(Arc<[u8]>, Range<usize>)>,
    /// Where they all stand, in an expansion.
    place: Option<ir::Place>,
}

impl Code {
    /// Leaves the outlines in the file.
    pub(super) fn split(file: &mut ir::File) -> Self {
        let mut items = Items::new();
        for (index, item) in (0..).map(ItemIdx).zip(&mut file.items) {
            if let Some(outline) = item.outline() {
                items.insert(index, std::mem::replace(item, outline));
            }
        }
        file.outlines = file.digest_outlines();
        Code { items: items.into(), ..Code::default() }
    }

    /// Reads an encoded file, but for its code.
    pub(super) fn decode(kept: &Arc<[u8]>, place: Range<usize>) -> Option<(ir::File, Self)> {
        let (file, code) = postcard::take_from_bytes(kept.get(place.clone())?).ok()?;
        let encoded = Some((Arc::clone(kept), place.end - code.len()..place.end));
        Some((file, Code { encoded, ..Code::default() }))
    }

    /// The file's outlines, and this behind them.
    pub(super) fn encode(&self, file: &ir::File) -> Vec<u8> {
        let mut bytes = postcard::to_stdvec(file).unwrap_or_default();
        bytes.extend(postcard::to_stdvec(self.items()).unwrap_or_default());
        bytes
    }

    /// The whole item, where its outline is less than that.
    ///
    /// # Panics
    /// Where the cache, whose hash was right, holds what this program cannot have written.
    pub(crate) fn get(&self, index: ItemIdx) -> Option<&ir::Item> {
        self.items().get(&index)
    }

    fn items(&self) -> &Items {
        self.items.get_or_init(|| {
            let bytes = self.encoded.as_ref().and_then(|(kept, place)| kept.get(place.clone()));
            let decoded = bytes.map(postcard::from_bytes::<Items>);
            assert!(!matches!(decoded, Some(Err(_))), "the cache of lowered files is not what was written");
            let mut items = decoded.and_then(Result::ok).unwrap_or_default();
            for item in items.values_mut() {
                self.put(item);
            }
            items
        })
    }

    /// An expansion has the place of its call.
    pub(crate) fn put_at(&mut self, place: ir::Place) {
        self.place = Some(place);
        if let Some(mut items) = self.items.take() {
            for item in items.values_mut() {
                self.put(item);
            }
            self.items = items.into();
        }
    }

    fn put(&self, item: &mut ir::Item) {
        if let Some(place) = self.place {
            item.put_at(place);
        }
    }
}
