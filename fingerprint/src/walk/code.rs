//! Keeps of a file's functions apart what is seldom asked for when it comes from the cache: their outlines, each of
//! its own, and their code, of the whole file.

use super::packed::{CodePlace, Shared};
use crate::ir::{self, ItemIdx};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

/// The whole items, where their outlines are less than that.
type Items = BTreeMap<ItemIdx, ir::Item>;

#[derive(Default)]
pub(crate) struct Code {
    /// Where heads are less than that. Sorted.
    outlines: Vec<Outline>,
    items: OnceLock<Items>,
    /// Where both are encoded, until somebody asks for one.
    encoded: Option<(Shared, CodePlace)>,
    /// Where they all stand, in an expansion.
    place: Option<ir::Place>,
}

struct Outline {
    of: ItemIdx,
    item: OnceLock<Box<ir::Item>>,
    range: Range<usize>,
}

/// An encoded file: the heads of functions, and how long each outline behind them is, stand apart from what is whole.
#[derive(Serialize, Deserialize)]
struct Encoded<F> {
    /// Without those items.
    file: F,
    heads: Vec<(ItemIdx, ir::Head, u32)>,
}

impl Code {
    /// Leaves the heads in the file.
    pub(super) fn split(file: &mut ir::File) -> Self {
        let mut items = Items::new();
        for (index, item) in (0..).map(ItemIdx).zip(&mut file.items) {
            if let Some(outline) = item.outline() {
                items.insert(index, std::mem::replace(item, outline));
            }
        }
        file.outlines = file.digest_outlines();
        let outline = |&of: &ItemIdx| {
            let item = &mut file.items[of.0 as usize];
            let head = item.head()?;
            let item = OnceLock::from(Box::new(std::mem::replace(item, head.item())));
            Some(Outline { of, item, range: 0..0 })
        };
        let outlines = items.keys().filter_map(outline).collect();
        Code { outlines, items: items.into(), ..Code::default() }
    }

    /// Reads an encoded file, but for its outlines and its code.
    pub(super) fn decode(outlines: Shared, code: CodePlace) -> Option<(ir::File, Self)> {
        let (Encoded { mut file, heads }, rest): (Encoded<ir::File>, _) =
            postcard::take_from_bytes(outlines.bytes()?).ok()?;
        let mut end = outlines.bytes()?.len() - rest.len();
        let mut all = Vec::with_capacity(heads.len());
        let mut items = Vec::with_capacity(file.items.len() + heads.len());
        let mut whole = file.items.into_iter();
        for (of, head, length) in heads {
            let start = end;
            end += length as usize;
            items.extend(whole.by_ref().take((of.0 as usize).checked_sub(items.len())?));
            let head = head.item();
            let item = OnceLock::new();
            if head.mark.is_some() {
                // Every pass asks for it, and not from several threads.
                _ = item.set(postcard::from_bytes(outlines.bytes()?.get(start..end)?).ok()?);
            }
            all.push(Outline { of, item, range: start..end });
            items.push(head);
        }
        items.extend(whole);
        file.items = items;
        Some((file, Code { outlines: all, encoded: Some((outlines, code)), ..Code::default() }))
    }

    /// The file with its outlines, and the code.
    pub(super) fn encode(&self, file: &mut ir::File) -> [Vec<u8>; 2] {
        let mut behind = Vec::new();
        let mut heads = Vec::new();
        for Outline { of, item, .. } in &self.outlines {
            let Some(item) = item.get() else { continue };
            let (Some(head), before) = (item.head(), behind.len()) else { continue };
            behind = postcard::to_extend(&**item, behind).unwrap_or_default();
            heads.push((*of, head, (behind.len() - before) as u32));
        }
        let whole = file.items.iter().filter(|item| !item.is_head()).cloned().collect();
        let items = std::mem::replace(&mut file.items, whole);
        let mut outlines = postcard::to_stdvec(&Encoded { file: &*file, heads }).unwrap_or_default();
        outlines.append(&mut behind);
        file.items = items;
        [outlines, postcard::to_stdvec(self.items()).unwrap_or_default()]
    }

    /// The outline, where the item's head is less than that.
    ///
    /// # Panics
    /// Where the cache, whose hash was right, holds what this program cannot have written.
    pub(crate) fn outline(&self, index: ItemIdx) -> Option<&ir::Item> {
        let at = self.outlines.binary_search_by_key(&index, |outline| outline.of).ok()?;
        let Outline { item, range, .. } = &self.outlines[at];
        let decoded = item.get_or_init(|| {
            let bytes = self.encoded.as_ref().and_then(|(outlines, _)| outlines.bytes()?.get(range.clone()));
            let decoded = bytes.and_then(|bytes| postcard::from_bytes(bytes).ok());
            let mut item: Box<ir::Item> = decoded.expect("the cache of lowered files holds what was written");
            self.put(&mut item);
            item
        });
        Some(decoded)
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
            let decoded = self.encoded.as_ref().map(|(_, code)| decode(code));
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
        let outlines = self.outlines.iter_mut().filter_map(|outline| outline.item.get_mut());
        for item in outlines.map(|item| &mut **item) {
            item.put_at(place);
        }
        for item in self.items.get_mut().into_iter().flat_map(|items| items.values_mut()) {
            item.put_at(place);
        }
    }

    fn put(&self, item: &mut ir::Item) {
        if let Some(place) = self.place {
            item.put_at(place);
        }
    }
}
