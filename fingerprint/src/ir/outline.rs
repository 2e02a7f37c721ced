//! Makes the outline of an item: what other items can see of it. A function's is its signature; of anything else
//! it is the whole item. And the head of that: what is to be known before somebody asks for the signature.

use super::{
    BlockScope, Body, ExprIdx, Fn, Hash, Item, ItemIdx, ItemKind, Mark, Name, Place, Skeleton, Visibility,
    World,
};
use serde::{Deserialize, Serialize};

impl Item {
    /// The item without the code of its body; `None` where its outline is the whole item.
    ///
    /// What belongs to the signature has the same numbers in both. A function with options in its skeleton is whole:
    /// they stand behind its code.
    pub fn outline(&self) -> Option<Item> {
        let is_whole = self.whole || self.skeleton.options.is_some() || !self.calls.is_empty();
        if is_whole { None } else { self.signature_only() }
    }

    /// Whether this is an outline, and the whole item is elsewhere.
    pub fn is_outline(&self) -> bool {
        matches!(&self.kind, ItemKind::Fn(function) if function.block.is_some()) && self.body.exprs.is_empty()
    }

    /// What is to be known of a function before somebody asks for its signature; `None` of other items.
    pub fn head(&self) -> Option<Head> {
        let ItemKind::Fn(Fn { block, exported_symbol, .. }) = self.kind else { return None };
        let Item { name, place, visibility, world, .. } = *self;
        let (unknown_cfgs, mark) = (self.unknown_cfgs.clone(), self.mark.clone());
        let scopes = self.body.scopes.clone();
        Some(Head { block, exported_symbol, name, place, visibility, world, unknown_cfgs, mark, scopes })
    }

    /// Whether this is a head, and the outline is elsewhere.
    pub fn is_head(&self) -> bool {
        matches!(self.kind, ItemKind::Fn(Fn { is_head: true, .. }))
    }

    /// A function without the code of its body.
    pub(super) fn signature_only(&self) -> Option<Item> {
        let ItemKind::Fn(function) = &self.kind else { return None };
        function.block?;
        let signature = function.signature;
        let first = |count: u32| count as usize;
        let Skeleton { text, refs, lines, result, signature: end, options } = &self.skeleton;
        let skeleton = Skeleton {
            text: text.get(..first((*end)?))?.to_owned(),
            refs: refs.get(..first(signature.refs))?.to_vec(),
            lines: lines.get(..first(signature.refs))?.to_vec(),
            result: *result,
            signature: *end,
            options: *options,
        };
        let Body { exprs: _, pats, types, scopes } = &self.body;
        let body = Body {
            exprs: Vec::new(),
            pats: pats.get(..first(signature.pats))?.to_vec(),
            types: types.get(..first(signature.types))?.to_vec(),
            scopes: scopes.clone(),
        };
        Some(Item {
            kind: self.kind.clone(),
            unknown_cfgs: self.unknown_cfgs.clone(),
            mark: self.mark.clone(),
            attributes: self.attributes.clone(),
            skeleton,
            body,
            calls: Vec::new(),
            ..*self
        })
    }
}

/// Of a function's item what is to be known before somebody asks for its signature.
#[derive(Serialize, Deserialize)]
pub struct Head {
    block: Option<ExprIdx>,
    exported_symbol: bool,
    name: Option<Name>,
    place: Place,
    visibility: Visibility,
    world: World,
    unknown_cfgs: Vec<String>,
    mark: Option<Mark>,
    scopes: Vec<(BlockScope, Vec<ItemIdx>)>,
}

impl Head {
    /// The item with nothing but that.
    pub fn item(self) -> Item {
        let Head { block, exported_symbol, name, place, visibility, world, unknown_cfgs, mark, scopes } =
            self;
        Item {
            kind: ItemKind::Fn(Fn { block, exported_symbol, is_head: true, ..Fn::default() }),
            name,
            place,
            visibility,
            world,
            unknown_cfgs,
            mark,
            attributes: Vec::new(),
            verbatim: Hash::default(),
            whole: false,
            unread: false,
            skeleton: Skeleton::default(),
            body: Body { scopes, ..Body::default() },
            calls: Vec::new(),
        }
    }
}
