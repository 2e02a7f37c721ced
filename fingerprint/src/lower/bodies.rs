//! Lowers macro calls in bodies whose expansion is known: what a call stands for is written in its place.
//!
//! A local or a label is the pair of its name and the step of the expansion that wrote it, as hygiene has
//! it; everything else is looked up by name where the call stands. What does not parse stays a call.

use super::context::{Cx, Source};
use super::print::Printed;
use super::stack;
use crate::ir::{At, BodyCall, Delimiter, Fragment, Namespace, Ref, Step, Token};
use proc_macro2::{LineColumn, Span};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use syn::parse::{Parse as _, ParseStream, Parser as _};
use syn::{Expr, Macro, Pat, Stmt, Type};

/// What the macro calls of a text stand for, by where their paths begin.
pub type Expansions = BTreeMap<At, Expanded>;

/// What one macro call in a body stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expanded {
    pub tokens: Vec<Token>,
    /// Paths of the macros that it was handed on to before it came to these tokens.
    pub through: Vec<Vec<String>>,
    /// Steps of macros that are defined in a block of the item, and their names: what such a macro writes
    /// sees the locals above its definition.
    pub in_block: Vec<(Step, String)>,
    /// What calls among the tokens stand for, by their number in the order of the text.
    pub inner: BTreeMap<u32, Expanded>,
}

/// Words that items begin with, and what makes some in the standard library.
const ITEM_WORDS: [&str; 14] = [
    "const",
    "enum",
    "extern",
    "fn",
    "impl",
    "mod",
    "static",
    "struct",
    "thread_local",
    "trait",
    "type",
    "union",
    "unsafe",
    "use",
];

impl Expanded {
    /// Whether items may be among the statements that the call stands for.
    pub(super) fn may_hold_items(&self) -> bool {
        fn any(tokens: &[Token]) -> bool {
            tokens.iter().any(|token| match token {
                Token::Ident(word, _) => ITEM_WORDS.contains(&word.as_str()),
                Token::Group(Delimiter::Fragment(_), inner) => any(inner),
                Token::Group(..) | Token::Punct(..) | Token::Literal(..) => false,
            })
        }
        any(&self.tokens) || self.inner.values().any(Self::may_hold_items)
    }
}

/// What is known of the text that is read beside its tokens, by place.
#[derive(Default)]
pub(super) struct Sites<'e> {
    /// Invisible groups, by where they begin.
    pub fragments: HashMap<LineColumn, Fragment>,
    /// Words that a step of an expansion wrote.
    pub steps: HashMap<LineColumn, Step>,
    /// Macro calls that are expanded, by where their paths begin.
    pub calls: HashMap<LineColumn, &'e Expanded>,
}

impl<'e> Sites<'e> {
    pub(super) fn of(expansions: &'e Expansions) -> Self {
        let place = |at: &At| LineColumn { line: at.0 as usize, column: at.1 as usize };
        let calls = expansions.iter().map(|(at, expanded)| (place(at), expanded)).collect();
        Sites { calls, ..Sites::default() }
    }

    pub(super) fn step(&self, span: Span) -> Step {
        if self.steps.is_empty() {
            return 0;
        }
        self.steps.get(&span.start()).copied().unwrap_or(0)
    }
}

/// An expansion that was read.
struct Read<'e, T> {
    parsed: T,
    expanded: &'e Expanded,
    sites: Sites<'e>,
    depth: u32,
    source: Source<'e>,
}

impl<'s> Cx<'_, 's> {
    /// Notes a call that another stage may expand.
    pub(super) fn note_call(&mut self, mac: &Macro, path: crate::ir::RefIdx) {
        let Some(first) = mac.path.segments.first() else { return };
        let at = first.ident.span().start();
        // What is left of the calls when others are expanded stays as it is: only people ask for it.
        let tokens = if self.file.records { self.file.plain(mac.tokens.clone()) } else { Vec::new() };
        let at = At(at.line as u32, at.column as u32);
        self.calls.push(BodyCall { path, at, scope: self.block, tokens });
    }

    pub(super) fn expanded_expr(&mut self, mac: &Macro) -> Option<crate::ir::ExprIdx> {
        let read = self.read(mac, |input| {
            let expr = input.parse::<Expr>()?;
            // Behind an expression it counts for nothing.
            input.parse::<Option<syn::Token![;]>>()?;
            Ok(expr)
        })?;
        Some(self.within(mac, read, |cx, expr| cx.expr(&expr)))
    }

    pub(super) fn expanded_pat(&mut self, mac: &Macro, refutable: bool) -> Option<crate::ir::PatIdx> {
        let read = self.read(mac, Pat::parse_multi_with_leading_vert)?;
        Some(self.within(mac, read, |cx, pat| cx.pat(&pat, refutable)))
    }

    pub(super) fn expanded_type(&mut self, mac: &Macro) -> Option<crate::ir::TyIdx> {
        let read = self.read(mac, Type::parse)?;
        Some(self.within(mac, read, |cx, ty| cx.ty(&ty)))
    }

    /// Statements, for `work` to write.
    pub(super) fn expanded_statements(
        &mut self,
        mac: &Macro,
        work: impl FnOnce(&mut Self, &[Stmt]),
    ) -> Option<()> {
        let read = self.read(mac, syn::Block::parse_within)?;
        self.within(mac, read, |cx, statements| work(cx, &statements));
        Some(())
    }

    /// What a call stands for.
    pub(super) fn expansion(&self, mac: &Macro) -> Option<&'s Expanded> {
        if self.file.sites.calls.is_empty() {
            return None;
        }
        let at = mac.path.segments.first()?.ident.span().start();
        self.file.sites.calls.get(&at).copied()
    }

    /// Parses what a call stands for, where that is known. Nothing is written.
    fn read<T>(
        &mut self,
        mac: &Macro,
        parser: impl FnOnce(ParseStream<'_>) -> syn::Result<T>,
    ) -> Option<Read<'s, T>> {
        let expanded = self.expansion(mac)?;
        let mut printed = Printed::new(&expanded.tokens, &expanded.inner, self.file.settings);
        let depth = self.file.depth.saturating_add(printed.flat.depth);
        if depth > stack::LIMIT {
            return None;
        }
        let (tokens, sites) = printed.tokens()?;
        let parsed = parser.parse2(tokens).ok()?;
        let Printed { text, flat, .. } = printed;
        Some(Read { parsed, expanded, sites, depth, source: Source::new(text.into(), flat) })
    }

    fn within<T, R>(&mut self, mac: &Macro, read: Read<'s, T>, work: impl FnOnce(&mut Self, T) -> R) -> R {
        let Read { parsed, expanded, sites, depth, source } = read;
        let at = mac.path.segments.first().map_or_else(Span::call_site, |first| first.ident.span()).start();
        let (line, column) = (at.line as u32, at.column as u32 + 1);
        let here = crate::ir::Place { line, column, start_line: line, end_line: line };
        let used = self.bare_path(&mac.path, Namespace::Macro, false, false);
        self.used_macro(used);
        for path in &expanded.through {
            let names = path.iter().map(|name| self.file.names.text(name)).collect();
            let used = self.names_reference(false, names, Namespace::Macro, false, false);
            self.used_macro(used);
        }
        for (step, name) in &expanded.in_block {
            let name = self.file.names.text(name);
            self.scope.see(*step, name);
        }
        let outer = std::mem::replace(&mut self.file.sites, sites);
        let source = std::mem::replace(&mut self.file.source, source);
        let marks = std::mem::take(&mut self.file.marks);
        let call = self.file.call;
        self.file.call = call.or(Some(here));
        let depth = std::mem::replace(&mut self.file.depth, depth);
        // Places in an expansion are none of the file's.
        let pinned = self.w.pin(true);
        let result = work(self, parsed);
        self.w.pin(pinned);
        self.file.depth = depth;
        self.file.sites = outer;
        self.file.source = source;
        self.file.marks = marks;
        self.file.call = call;
        result
    }

    fn used_macro(&mut self, reference: Ref) {
        if let Ref::Path(path) = reference {
            self.w.reference(Ref::Expanded(path));
        }
    }
}
