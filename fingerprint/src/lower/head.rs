//! Reads the attributes of an item, and finishes the item: what it is whole for, its marks, its place.

use super::attributes::{Attr, Class, classify, derives, effective};
use super::cfg::Truth;
use super::context::{Cx, FileCx};
use super::marks::{Found, attribute_mark, doc_mark};
use crate::ir::{self, ItemIdx, MarkKind, Name, Namespace, RefIdx, World};
use proc_macro2::{Span, TokenStream};
use syn::{Attribute, Meta, MetaList, MetaNameValue};

/// An item's attributes, evaluated, and when it exists.
pub(super) struct Head<'m> {
    attrs: Vec<Attr<'m>>,
    pub world: World,
    unknown_cfgs: Vec<String>,
    /// Those on the item itself.
    own_cfgs: Vec<String>,
    first: Option<Span>,
}

/// What the attributes said.
#[expect(clippy::struct_excessive_bools, reason = "each is an attribute of its own")]
#[derive(Default)]
pub(super) struct Said {
    refs: Vec<RefIdx>,
    marks: Vec<Found>,
    pub exported_symbol: bool,
    pub macro_use: bool,
    pub macro_export: bool,
    pub local_inner_macros: bool,
    pub no_implicit_prelude: bool,
    pub paths: Vec<String>,
    /// One of them holds whatever cfgs say.
    pub certain_path: bool,
}

/// Where an item starts and ends, and its name.
pub(super) struct Spans<'a> {
    pub name: Option<&'a syn::Ident>,
    /// The first token behind the attributes.
    pub first: Span,
    pub last: Span,
}

impl FileCx<'_> {
    /// `None`: the item is in no build.
    pub(super) fn head<'m>(&self, attributes: &'m [Attribute]) -> Option<Head<'m>> {
        let attrs = effective(attributes, &self.settings.cfg);
        let is_test = |attr: &Attr<'_>| {
            let path = attr.meta.path();
            let std = path.segments.len() == 1
                || path.segments.first().is_some_and(|s| s.ident == "std" || s.ident == "core");
            let last = path.segments.last();
            std && attr.condition.is_none() && last.is_some_and(|s| s.ident == "test" || s.ident == "bench")
        };
        let (mut with, mut without) = (attrs.gate.with_test, attrs.gate.without_test);
        if attrs.list.iter().any(is_test) || self.world == World::Test {
            without = Truth::False;
        }
        if self.world == World::NotTest {
            with = Truth::False;
        }
        let world = match (with, without) {
            (Truth::False, Truth::False) => return None,
            (_, Truth::False) => World::Test,
            (Truth::False, _) => World::NotTest,
            _ => World::Any,
        };
        let mut own_cfgs = attrs.gate.unknown;
        // What decides over a module's file decides over all that is in it.
        let places = attrs.list.iter().filter(|attr| attr.meta.path().is_ident("path"));
        own_cfgs.extend(places.filter_map(|attr| attr.condition.clone()));
        let mut unknown_cfgs = self.unknown_cfgs.clone();
        unknown_cfgs.extend(own_cfgs.iter().cloned());
        unknown_cfgs.sort();
        unknown_cfgs.dedup();
        let first = super::attributes::first_outer(attributes);
        Some(Head { attrs: attrs.list, world, unknown_cfgs, own_cfgs, first })
    }

    /// Makes an item's conditions those of the items in it; give the result to [`Self::leave`].
    pub(super) fn enter(&mut self, head: &Head<'_>) -> (World, Vec<String>) {
        let unknown = std::mem::replace(&mut self.unknown_cfgs, head.unknown_cfgs.clone());
        (std::mem::replace(&mut self.world, head.world), unknown)
    }

    pub(super) fn leave(&mut self, before: (World, Vec<String>)) {
        (self.world, self.unknown_cfgs) = before;
    }
}

impl Cx<'_, '_> {
    /// Writes the item's attributes.
    pub(super) fn item_attributes(&mut self, head: &Head<'_>) -> Said {
        let mut said = Said::default();
        for predicate in &head.own_cfgs {
            self.cfg_reference(predicate);
        }
        // An attribute that nobody knows can be the helper of a derive.
        let helpers = head.attrs.iter().any(|attr| {
            matches!(attr.meta.as_ref(), Meta::List(MetaList { path, delimiter: _, tokens })
                if path.is_ident("derive") && derives(tokens).is_none_or(|list| list.iter().any(|path| {
                    path.get_ident().is_none_or(|ident| !super::attributes::STD_DERIVES.iter().any(|known| ident == known))
                })))
        });
        for attr in &head.attrs {
            let path = attr.meta.path();
            let mut class = classify(path, &self.file.marks);
            if let (Class::BuiltIn, Some(ident)) = (&class, path.get_ident())
                && (ident == "test" || ident == "bench")
            {
                // A procedural macro of that name can be imported.
                let name = ident.to_string();
                if self.file.settings.distrusted_macros.contains(&name) {
                    class = Class::Unknown;
                } else {
                    self.file.trusted.insert(name);
                }
            }
            match class {
                Class::Dropped => {
                    if self.file.may_be_marked {
                        said.marks.extend(doc_mark(&attr.meta));
                    }
                }
                Class::Mark => said.marks.push(attribute_mark(attr)),
                Class::Derive => {
                    self.condition(attr);
                    if let Meta::List(MetaList { path: _, delimiter: _, tokens }) = attr.meta.as_ref() {
                        let unknown = self.derive_list(tokens);
                        self.whole |= !unknown.is_empty();
                        said.refs.extend(unknown);
                    }
                }
                Class::BuiltIn => self.built_in(attr, &mut said),
                Class::Unknown => {
                    self.condition(attr);
                    self.whole = true;
                    self.w.word("# [");
                    said.refs.push(self.path_reference(path, Namespace::Macro, false, helpers));
                    self.w.word("]");
                }
            }
        }
        said
    }

    fn condition(&mut self, attr: &Attr<'_>) {
        if let Some(condition) = &attr.condition {
            self.cfg_reference(condition);
        }
    }

    fn built_in(&mut self, attr: &Attr<'_>, said: &mut Said) {
        let word = attr.meta.path().get_ident().map(ToString::to_string).unwrap_or_default();
        match word.as_str() {
            "no_mangle" | "export_name" => said.exported_symbol = true,
            "macro_use" => said.macro_use = true,
            "macro_export" => {
                said.macro_export = true;
                said.local_inner_macros |= matches!(attr.meta.as_ref(), Meta::List(_));
            }
            "no_implicit_prelude" => said.no_implicit_prelude = true,
            // Where a module's file lies decides nothing but where it is read from.
            "path" => {
                if let Meta::NameValue(MetaNameValue { value, .. }) = attr.meta.as_ref()
                    && let syn::Expr::Lit(syn::ExprLit { attrs: _, lit: syn::Lit::Str(text) }) = value
                {
                    said.certain_path |= attr.condition.is_none();
                    said.paths.push(text.value());
                }
                return;
            }
            _ => {}
        }
        self.condition(attr);
        self.attribute(&attr.meta, false);
    }

    /// Ends the item and puts it into the file.
    pub(super) fn finish(
        mut self,
        kind: ir::ItemKind,
        name: Option<Name>,
        visibility: ir::Visibility,
        head: &Head<'_>,
        mut said: Said,
        spans: &Spans<'_>,
    ) -> ItemIdx {
        let first = head.first.unwrap_or(spans.first);
        let (start, end) = (first.start(), spans.last.end());
        let at = spans.name.map_or(first, syn::Ident::span).start();
        let place = ir::Place {
            line: at.line as u32,
            column: at.column as u32 + 1,
            start_line: start.line as u32,
            end_line: end.line as u32,
        };
        let found = self.single_mark(&mut said, &kind, place.line);
        let mut silent = None;
        let mark = found.map(|found| {
            if let Some(path) = &found.path {
                let reference = self.bare_path(path, Namespace::Macro, false, false);
                if let ir::Ref::Path(path) = &reference {
                    silent = Some((path.clone(), self.w.silent(reference)));
                }
            }
            let before = self.w.end();
            let mark = self.mark(found, MarkKind::Doc);
            self.w.is_options(before);
            mark
        });
        let source = &self.file.source;
        let (from, to) = (source.offset(start), source.offset(end));
        let verbatim = ir::Hash::of(source.flat.slice(from, to).as_bytes());
        if self.whole {
            self.named = true;
            self.w.word("| verbatim");
            let text = source.text.get(from..to).unwrap_or_default().to_owned();
            match text.parse::<TokenStream>() {
                Ok(tokens) => self.tokens(tokens),
                Err(_) => self.w.foreign(&text),
            }
        }
        if self.named {
            self.outer_names();
        }
        let mark = mark.map(|mut mark| {
            if let Some((path, silent)) = silent {
                let index = self.w.silent_index(silent);
                mark.kind = MarkKind::Attribute(index, path);
                said.refs.push(index);
            }
            mark
        });
        let Self { file, w, body, scope: _, block: _, named, whole, unread, calls, handled: _ } = self;
        let skeleton = w.finish(named, &file.names);
        let mut item = ir::Item {
            kind,
            name,
            place,
            visibility,
            world: head.world,
            unknown_cfgs: head.unknown_cfgs.clone(),
            mark,
            attributes: said.refs,
            verbatim,
            whole,
            unread: unread || whole,
            skeleton,
            body,
            calls,
        };
        if let Some(call) = file.call {
            item.put_at(call);
        }
        file.items.add(item, file.call.is_some())
    }

    /// The mark that counts; a note where it can not.
    fn single_mark(&mut self, said: &mut Said, kind: &ir::ItemKind, line: u32) -> Option<Found> {
        let mut marks = std::mem::take(&mut said.marks);
        if marks.is_empty() {
            return None;
        }
        if !matches!(kind, ir::ItemKind::Fn(_)) {
            self.file.note(line, "only functions and methods can be marked");
            return None;
        }
        let twice = marks.len() > 1;
        // The attribute is the stronger: it wraps.
        let position = marks.iter().position(|mark| mark.path.is_some()).unwrap_or(0);
        let mut mark = marks.swap_remove(position);
        if twice && mark.options.is_ok() {
            mark.options = Err("the function is marked twice".to_owned());
        }
        Some(mark)
    }

    /// The generics around, by name: tokens in the text use the names.
    fn outer_names(&mut self) {
        let outer = self.scope.outer.clone();
        if outer.types.is_empty() && outer.lifetimes.is_empty() {
            return;
        }
        self.w.word("| generics");
        for name in outer.types {
            self.write_name(name);
        }
        for name in outer.lifetimes {
            let text = format!("'{}", self.file.names.get(name));
            self.w.word(&text);
        }
    }
}
