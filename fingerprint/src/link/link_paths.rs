//! Links one path: the items that it leads to, and what is left of it behind a type or trait.

use super::Program;
use super::collect::ItemId;
use super::impls::foreign_trait;
use super::links::{Link, Node, On};
use super::lookup::{Origin, Target};
use super::path::Reached;
use super::scopes::{Definition, Namespace3, ScopeId};
use super::symbols::Sym;
use crate::ir::{Anchor, ItemKind, Namespace, PathRef, Ref};
use std::collections::BTreeSet;

impl Program<'_> {
    pub(super) fn link_path(&self, id: ItemId, path: &PathRef, link: &mut Link) {
        let segments: Vec<Sym> = path.segments.iter().map(|name| self.sym(id, *name)).collect();
        let scope = self.entry(id).block(path.scope);
        let mut texts = BTreeSet::new();
        match path.anchor {
            Anchor::Generic(number) => {
                texts.insert(format!("%{number}::{}", self.join(&segments)));
                link.queries.extend(segments.last().map(|&name| self.named_query(name, On::AnyTrait)));
            }
            Anchor::SelfType => {
                texts.insert(format!("Self::{}", self.join(&segments)));
                self.link_self(id, &segments, link);
            }
            Anchor::Qualified { ty, trait_len } => {
                let (of_trait, rest) = segments.split_at((trait_len as usize).min(segments.len()));
                texts.insert(format!("<>::{}", self.join(rest)));
                if of_trait.is_empty() {
                    let on = self.on_type(id, ty);
                    link.queries.extend(rest.last().map(|&name| self.named_query(name, on)));
                } else {
                    let (anchor, segments) = self.anchored(&segments);
                    self.link_plain(id, scope, anchor, segments, path, &mut texts, link);
                }
            }
            anchor => self.link_plain(id, scope, anchor, &segments, path, &mut texts, link),
        }
        if path.namespace == Namespace::Macro && self.item(id).unread {
            self.link_joined(id, scope, link);
        }
        if !path.in_text {
            link.text = texts.into_iter().collect::<Vec<_>>().join("|");
        }
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one path")]
    pub(super) fn link_plain(
        &self,
        id: ItemId,
        scope: ScopeId,
        anchor: Anchor,
        segments: &[Sym],
        path: &PathRef,
        texts: &mut BTreeSet<String>,
        link: &mut Link,
    ) {
        let resolution = self.resolve(scope, anchor, segments, Namespace3::of(path.namespace));
        link.nodes.extend(resolution.uses.iter().map(|&id| Node::Item(id)));
        let mut certain = false;
        for end in resolution.ends {
            let rest = &segments[end.rest.min(segments.len())..];
            match end.reached {
                Reached::Target(Target::Item(item)) => {
                    certain = true;
                    self.link_item(item, rest, path, link);
                    if matches!(self.head(item).kind, ItemKind::Macro { .. }) {
                        self.link_macro_body(id, scope, item, link, &mut BTreeSet::new());
                    }
                    texts.insert(format!("::{}", self.join(rest)));
                }
                Reached::Target(Target::Variant(item, variant)) => {
                    certain = true;
                    link.nodes.push(Node::Item(item));
                    texts.insert(format!("::{}", self.text(variant)));
                }
                Reached::Target(Target::Module(module)) => {
                    certain = true;
                    // A macro may join the module's path and a name.
                    if path.in_text && path.uncertain {
                        let words = self.opaques().words_around(self, id);
                        link.nodes.extend(self.items_in(module, &|name| words.contains(&name)));
                    }
                }
                Reached::Target(Target::Foreign(origin, full)) => {
                    certain |= !path.uncertain;
                    self.link_foreign(origin, &full, segments, path, link);
                    texts.insert(full.to_string());
                }
                Reached::Target(Target::Opaque(item)) => {
                    link.nodes.push(Node::Item(item));
                    self.link_behind_opaque(rest, link);
                    texts.insert(self.join(segments));
                }
                Reached::Target(Target::Lost(text)) => {
                    texts.insert(text.to_string());
                    self.link_unknown(segments, path, link);
                }
                Reached::Unknown => {
                    // What may be no path at all counts for nothing when it leads nowhere.
                    if !path.uncertain {
                        texts.insert(self.join(segments));
                    }
                    self.link_unknown(segments, path, link);
                }
            }
        }
        texts.extend(self.macro_before(id, &link.nodes));
        if !certain && !path.uncertain {
            link.nodes.extend(resolution.foreign_globs.iter().filter_map(|origin| node_of(*origin)));
        }
        if path.is_dyn && link.dyn_trait.is_none() {
            let name = segments.last().map_or("?", |name| self.text(*name));
            link.dyn_trait = Some(super::TraitOf::Foreign(name.into(), "".into()));
        }
    }

    /// Of several macros of one name, the last one above the item holds: its text stands for the order.
    fn macro_before(&self, id: ItemId, nodes: &[Node]) -> Option<String> {
        let macros = || {
            nodes.iter().filter_map(|node| match node {
                Node::Item(item) if matches!(self.head(*item).kind, ItemKind::Macro { .. }) => Some(*item),
                _ => None,
            })
        };
        macros().nth(1)?;
        let here = self.head(id).place;
        let above = macros().filter(|&item| {
            let place = self.head(item).place;
            self.file_of(item) == self.file_of(id) && (place.line, place.column) < (here.line, here.column)
        });
        let last = above.max_by_key(|&item| (self.head(item).place.line, self.head(item).place.column))?;
        Some(self.item(last).skeleton.text.clone())
    }

    /// Items that a module defines itself, by name.
    pub(super) fn items_in(&self, module: ScopeId, wanted: &dyn Fn(Sym) -> bool) -> Vec<Node> {
        let names = self.scope(module).names.iter().filter(|((_, name), _)| wanted(*name));
        names
            .flat_map(|(_, named)| named)
            .filter_map(|named| match named.definition {
                Definition::Item(id) => Some(Node::Item(id)),
                Definition::Module(_) => None,
            })
            .collect()
    }

    /// A macro's body names items as the place of the call sees them (`$crate` apart).
    fn link_macro_body(
        &self,
        caller: ItemId,
        scope: ScopeId,
        id: ItemId,
        link: &mut Link,
        seen: &mut BTreeSet<ItemId>,
    ) {
        if !seen.insert(id) {
            return;
        }
        let hole = crate::ir::Skeleton::HOLE.to_string();
        let tokens = self.item(id).skeleton.text.split(' ').filter(|word| *word != hole).collect::<Vec<_>>();
        let joins = |window: &[&str]| matches!(window, [".", "$", _, "(" | "::" | "$"] | ["::", "$", ..]);
        if tokens.windows(4).any(joins) {
            // `$value.$method()`: the name is in the call, or in a macro that passes it on.
            let words = self.opaques().words_around(self, caller);
            let methods = words.iter().filter(|name| !self.impls.named(**name).is_empty());
            link.queries.extend(methods.map(|&name| self.named_query(name, On::Any)));
        }
        for reference in &self.item(id).skeleton.refs {
            let Ref::Path(path) = reference else { continue };
            if !matches!(path.anchor, Anchor::Plain | Anchor::Super(_)) {
                continue;
            }
            let segments: Vec<Sym> = path.segments.iter().map(|name| self.sym(id, *name)).collect();
            for end in self.resolve(scope, path.anchor, &segments, Namespace3::of(path.namespace)).ends {
                let rest = &segments[end.rest.min(segments.len())..];
                match end.reached {
                    Reached::Target(Target::Item(item)) => {
                        self.link_item(item, rest, path, link);
                        if matches!(self.head(item).kind, ItemKind::Macro { .. }) {
                            self.link_macro_body(caller, scope, item, link, seen);
                        }
                    }
                    Reached::Target(Target::Opaque(item)) => {
                        link.nodes.push(Node::Item(item));
                        self.link_behind_opaque(rest, link);
                    }
                    Reached::Target(Target::Variant(item, _)) => link.nodes.push(Node::Item(item)),
                    Reached::Target(Target::Foreign(origin, _)) => link.nodes.extend(node_of(origin)),
                    // `module::$name`: the name is in the call.
                    Reached::Target(Target::Module(module)) => {
                        let words = self.opaques().words_around(self, caller);
                        link.nodes.extend(self.items_in(module, &|name| words.contains(&name)));
                    }
                    _ => {}
                }
            }
        }
    }

    fn link_item(&self, item: ItemId, rest: &[Sym], path: &PathRef, link: &mut Link) {
        link.nodes.push(Node::Item(item));
        let kind = &self.item(item).kind;
        if let (ItemKind::Fn(_) | ItemKind::Static { .. }, Some(owner)) = (kind, self.entry(item).owner)
            && matches!(self.head(owner).kind, ItemKind::ForeignMod { .. })
        {
            link.nodes.extend(self.exported_as(item).into_iter().map(Node::Item));
        }
        if path.is_dyn && matches!(kind, ItemKind::Trait { .. } | ItemKind::TraitAlias { .. }) {
            link.dyn_trait = Some(super::TraitOf::Local(vec![item]));
        }
        let Some(&name) = rest.last() else { return };
        let on = match kind {
            // `Type::Assoc::name`: what the associated type is, its impl knows.
            _ if rest.len() > 1 => On::Any,
            ItemKind::Struct { .. } | ItemKind::Enum { .. } | ItemKind::Union { .. } => {
                On::Types { types: vec![item], foreign: false }
            }
            ItemKind::Trait { .. } | ItemKind::TraitAlias { .. } => On::Traits(vec![item]),
            ItemKind::TypeAlias { ty: Some(ty), .. } => self.on_type(item, *ty),
            _ => On::Any,
        };
        link.queries.push(self.named_query(name, on));
    }

    /// A type that a macro defines can have impls that none makes.
    fn link_behind_opaque(&self, rest: &[Sym], link: &mut Link) {
        link.queries.extend(rest.last().map(|&name| self.named_query(name, On::Any)));
    }

    fn link_foreign(&self, origin: Origin, full: &str, segments: &[Sym], path: &PathRef, link: &mut Link) {
        link.nodes.extend(node_of(origin));
        let shown = ["type_name", "type_name_of_val", "Location::caller"];
        link.shows_places |= origin == Origin::Std && shown.iter().any(|end| full.ends_with(end));
        if path.is_dyn {
            link.dyn_trait = Some(foreign_trait(origin, full));
        }
        self.link_unknown(segments, path, link);
    }

    /// `Vec::name`, `f64::name`: a local trait may give foreign types what the path names.
    fn link_unknown(&self, segments: &[Sym], path: &PathRef, link: &mut Link) {
        if let [.., ty, name] = segments
            && matches!(path.namespace, Namespace::Value | Namespace::Any)
            && may_be_type(self.text(*ty))
        {
            link.queries.push(self.named_query(*name, On::Foreign));
        }
    }

    /// `<T as crate::Trait>::f` has its keyword among the segments.
    pub(super) fn anchored<'s>(&self, segments: &'s [Sym]) -> (Anchor, &'s [Sym]) {
        match segments.first().map(|first| self.text(*first)) {
            Some("crate" | "$crate") => (Anchor::Crate, &segments[1..]),
            Some("self") => (Anchor::Super(0), &segments[1..]),
            Some("super") => {
                let levels = segments.iter().take_while(|segment| self.text(**segment) == "super").count();
                (Anchor::Super(levels as u32), &segments[levels..])
            }
            _ => (Anchor::Plain, segments),
        }
    }

    fn link_self(&self, id: ItemId, segments: &[Sym], link: &mut Link) {
        let owner = self.entry(id).owner.unwrap_or(id);
        let ItemKind::Impl(impl_) = &self.item(owner).kind else {
            link.queries.extend(segments.last().map(|&name| self.named_query(name, On::AnyTrait)));
            return;
        };
        let mut types = BTreeSet::new();
        self.types_in(owner, impl_.self_ty, &mut types, 0);
        link.nodes.extend(types.iter().map(|&id| Node::Item(id)));
        if let [first, ..] = segments
            && types.iter().any(|&id| self.has_variant(id, *first))
        {
            return;
        }
        let on = if segments.len() > 1 { On::Any } else { self.on_type(owner, impl_.self_ty) };
        link.queries.extend(segments.last().map(|&name| self.named_query(name, on)));
    }

    /// Where associated items of a written type are found.
    fn on_type(&self, id: ItemId, ty: crate::ir::TyIdx) -> On {
        let mut types = BTreeSet::new();
        match self.types_in(id, ty, &mut types, 0) {
            super::SelfHead::Local => On::Types { types: types.into_iter().collect(), foreign: false },
            super::SelfHead::Foreign => On::Foreign,
            super::SelfHead::Generic => On::Any,
        }
    }
}

pub(super) fn node_of(origin: Origin) -> Option<Node> {
    match origin {
        Origin::Package(index) => Some(Node::Package(index)),
        Origin::ProcMacro(index) => Some(Node::ProcMacro(index)),
        Origin::Std | Origin::Toolkit => None,
    }
}

/// Types begin with a capital; primitives and modules do not.
fn may_be_type(word: &str) -> bool {
    word.starts_with(char::is_uppercase) || super::infer::is_primitive(word)
}
