//! Keeps the code of a file's functions apart from what other items see of them: most of it is never asked for
//! when it comes from the cache.

use super::packed::CodePlace;
use crate::ir::{self, ItemIdx};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The whole items, where their outlines are less than that.
type Items = BTreeMap<ItemIdx, ir::Item>;

#[derive(Default)]
pub(crate) struct Code {
    items: OnceLock<Items>,
    /// Where they are encoded, until somebody asks for one.
    encoded: Option<CodePlace>,
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
    pub(super) fn decode(outlines: &[u8], code: CodePlace) -> Option<(ir::File, Self)> {
        let file = postcard::from_bytes(outlines).ok()?;
        Some((file, Code { encoded: Some(code), ..Code::default() }))
    }

    /// The file's outlines, and this.
    pub(super) fn encode(&self, file: &ir::File) -> [Vec<u8>; 2] {
        [postcard::to_stdvec(file), postcard::to_stdvec(self.items())].map(Result::unwrap_or_default)
    }

    /// The whole item, where its outline is less than that.
    ///
    /// # Panics
    /// Where the cache, whose hash was right, is written to by another program during the pass.
    pub(crate) fn get(&self, index: ItemIdx) -> Option<&ir::Item> {
        self.items().get(&index)
    }

    fn items(&self) -> &Items {
        self.items.get_or_init(|| {
            let decode = |code: &CodePlace| postcard::from_bytes::<Items>(code.bytes()?).ok();
            let decoded = self.encoded.as_ref().map(decode);
            assert!(
                !matches!(decoded, Some(None)),
                "somebody wrote into the cache of lowered files during the pass"
            );
            let mut items = decoded.flatten().unwrap_or_default();
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
