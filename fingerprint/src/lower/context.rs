//! Holds what lowering carries along: the file being written, and the item being written.

use super::Settings;
use super::arena::Items;
use super::bodies::{Expansions, Sites};
use super::names::Names;
use super::scope::{Outer, Scope, Word};
use super::verbatim::Flat;
use super::writer::{Sigil, Writer};
use crate::ir;
use crate::ir::{BlockScope, ExprIdx, Name, PatIdx, Ref, TyIdx, World};
use proc_macro2::{Ident, LineColumn};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// A text that is read.
pub(super) struct Source<'s> {
    pub text: Cow<'s, str>,
    /// Byte offset of each line's start.
    lines: Vec<usize>,
    pub flat: Flat,
}

impl<'s> Source<'s> {
    pub(super) fn new(text: Cow<'s, str>, flat: Flat) -> Self {
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, lines, flat }
    }

    /// The byte offset of a place.
    pub(super) fn offset(&self, at: LineColumn) -> usize {
        let Some(start) = self.lines.get(at.line.saturating_sub(1)) else { return self.text.len() };
        let line = self.text.get(*start..).unwrap_or_default();
        let column = line.char_indices().nth(at.column).map_or(line.len(), |(offset, _)| offset);
        start + column
    }
}

/// The file being lowered.
pub(super) struct FileCx<'s> {
    pub settings: &'s Settings,
    pub source: Source<'s>,
    pub names: Names,
    pub items: Items,
    pub notes: Vec<ir::Note>,
    pub trusted: BTreeSet<String>,
    /// Names under which the file imports our attribute.
    pub marks: Vec<String>,
    /// The file may hold doc marks.
    pub may_be_marked: bool,
    /// Of the items around.
    pub world: World,
    pub unknown_cfgs: Vec<String>,
    /// What is known of the text that is read.
    pub sites: Sites<'s>,
    /// Macro calls in bodies are noted: nobody has expanded any yet.
    pub records: bool,
    /// Of the macro call whose expansion is read.
    pub call: Option<ir::Place>,
    /// How deeply the expansions around are nested, in tokens.
    pub depth: u32,
}

impl<'s> FileCx<'s> {
    pub(super) fn new(
        source: &'s str,
        settings: &'s Settings,
        flat: Flat,
        expansions: &'s Expansions,
    ) -> Self {
        let marks = mark_aliases(flat.text());
        Self {
            settings,
            names: Names::default(),
            items: Items::default(),
            notes: Vec::new(),
            trusted: BTreeSet::new(),
            marks,
            may_be_marked: source.contains(checkpointing_mark::WORD),
            world: World::Any,
            unknown_cfgs: Vec::new(),
            sites: Sites::of(expansions),
            records: expansions.is_empty(),
            call: None,
            depth: 0,
            source: Source::new(source.into(), flat),
        }
    }

    pub(super) fn note(&mut self, line: u32, message: impl Into<String>) {
        let line = self.call.map_or(line, |call| call.line);
        self.notes.push(ir::Note { line, message: message.into() });
    }

    /// Ends the file, whose own items these are.
    pub(super) fn finish(mut self, root: Vec<ir::ItemIdx>, no_implicit_prelude: bool) -> ir::File {
        self.notes.sort();
        ir::File {
            names: self.names.into_list(),
            items: self.items.into_list(),
            root,
            no_implicit_prelude,
            trusted_macros: self.trusted.into_iter().collect(),
            notes: self.notes,
            outlines: ir::Hash::default(),
        }
    }
}

/// Names after `checkpoint as`: more than there are only makes link look at more attributes.
fn mark_aliases(tokens: &str) -> Vec<String> {
    let mut aliases: Vec<String> = tokens
        .split(" checkpoint as ")
        .skip(1)
        .filter_map(|rest| rest.split(' ').next())
        .map(str::to_owned)
        .collect();
    aliases.sort();
    aliases.dedup();
    aliases
}

/// The item being lowered.
pub(super) struct Cx<'f, 's> {
    pub file: &'f mut FileCx<'s>,
    pub w: Writer,
    pub body: ir::Body,
    pub scope: Scope,
    /// The block that names are looked up from.
    pub block: BlockScope,
    /// Tokens of the item see its local names: they stand in the text, not their numbers.
    pub named: bool,
    /// The item's text is its tokens.
    pub whole: bool,
    /// Some of its tokens were not read as expressions.
    pub unread: bool,
    /// Macro calls that were taken as their tokens.
    pub calls: Vec<ir::BodyCall>,
    /// Attributes that a caller has already seen to, by their address.
    pub handled: *const syn::Attribute,
}

impl<'f, 's> Cx<'f, 's> {
    pub(super) fn new(file: &'f mut FileCx<'s>, outer: &Outer) -> Self {
        Self {
            file,
            w: Writer::default(),
            body: ir::Body::default(),
            scope: Scope::new(outer),
            block: BlockScope(0),
            named: false,
            whole: false,
            unread: false,
            calls: Vec::new(),
            handled: std::ptr::null(),
        }
    }

    pub(super) fn push(&mut self, expr: ir::Expr) -> ExprIdx {
        self.body.exprs.push(expr);
        ExprIdx(self.body.exprs.len() as u32 - 1)
    }

    pub(super) fn push_pat(&mut self, pat: ir::Pat) -> PatIdx {
        self.body.pats.push(pat);
        PatIdx(self.body.pats.len() as u32 - 1)
    }

    pub(super) fn push_ty(&mut self, ty: ir::Ty) -> TyIdx {
        self.body.types.push(ty);
        TyIdx(self.body.types.len() as u32 - 1)
    }

    pub(super) fn name(&mut self, ident: &Ident) -> Name {
        self.w.at(ident.span());
        self.file.names.ident(ident)
    }

    /// A name where a local or a label can be meant.
    pub(super) fn word(&mut self, ident: &Ident) -> Word {
        Word { name: self.name(ident), step: self.file.sites.step(ident.span()) }
    }

    pub(super) fn write_name(&mut self, name: Name) {
        self.w.word(self.file.names.get(name));
    }

    /// Interns an identifier and writes it.
    pub(super) fn ident(&mut self, ident: &Ident) -> Name {
        let name = self.name(ident);
        self.write_name(name);
        name
    }

    pub(super) fn text_reference(&mut self, text: String) {
        let scope = self.block;
        self.w.reference(Ref::Text { text, scope });
    }

    /// Writes a lifetime that is used.
    pub(super) fn lifetime(&mut self, lifetime: &syn::Lifetime) {
        let syn::Lifetime { apostrophe: _, ident } = lifetime;
        let name = self.name(ident);
        if let Some(number) = self.scope.lifetime_number(name) {
            self.w.number(Sigil::Lifetime, number, Word::plain(name));
        } else {
            let text = format!("'{}", self.file.names.get(name));
            self.w.word(&text);
        }
    }
}
