//! Sorts attributes: evaluated (`cfg`, `cfg_attr`), without meaning for a result (docs, lints),
//! built in, or perhaps a procedural macro.

use super::cfg::{CfgEnv, Gate, Predicate, Truth};
use super::context::Cx;
use crate::ir::{Namespace, Ref, RefIdx};
use proc_macro2::TokenStream;
use std::borrow::Cow;
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::{AttrStyle, Attribute, Meta, MetaList, MetaNameValue, Path, Token};

/// Attributes of which a result cannot depend.
const DROPPED: [&str; 13] = [
    "allow",
    "warn",
    "deny",
    "expect",
    "forbid",
    "inline",
    "cold",
    "must_use",
    "deprecated",
    "doc",
    "rustfmt",
    "clippy",
    "diagnostic",
];

/// Attributes that rustc itself reads.
const BUILT_IN: [&str; 74] = [
    "allow_internal_unsafe",
    "allow_internal_unstable",
    "automatically_derived",
    "bench",
    "cfg",
    "cfg_accessible",
    "cfg_attr",
    "cfg_eval",
    "collapse_debuginfo",
    "const_trait",
    "coverage",
    "crate_name",
    "crate_type",
    "debugger_visualizer",
    "default",
    "default_lib_allocator",
    "derive",
    "export_name",
    "feature",
    "ffi_const",
    "ffi_pure",
    "fundamental",
    "global_allocator",
    "ignore",
    "instruction_set",
    "lang",
    "link",
    "link_name",
    "link_ordinal",
    "link_section",
    "linkage",
    "macro_export",
    "macro_use",
    "marker",
    "naked",
    "needs_allocator",
    "needs_panic_runtime",
    "no_builtins",
    "no_core",
    "no_implicit_prelude",
    "no_link",
    "no_main",
    "no_mangle",
    "no_std",
    "non_exhaustive",
    "optimize",
    "panic_handler",
    "path",
    "pointee",
    "proc_macro",
    "proc_macro_attribute",
    "proc_macro_derive",
    "profiler_runtime",
    "recursion_limit",
    "repr",
    "rustc_const_stable",
    "rustc_const_unstable",
    "sanitize",
    "should_panic",
    "stable",
    "start",
    "target_feature",
    "test",
    "test_case",
    "test_runner",
    "thread_local",
    "track_caller",
    "type_const",
    "type_length_limit",
    "unsafe_op_in_unsafe_fn",
    "unstable",
    "used",
    "windows_subsystem",
    "type_const_argument",
];

/// Derives of the standard library.
pub(super) const STD_DERIVES: [&str; 9] =
    ["Clone", "Copy", "Debug", "Default", "Eq", "Hash", "Ord", "PartialEq", "PartialOrd"];

/// Whether a derive of the standard library has this name.
pub fn is_std_derive(name: &str) -> bool {
    STD_DERIVES.contains(&name)
}

/// One attribute that holds in this build, or may hold.
pub(super) struct Attr<'m> {
    pub meta: Cow<'m, Meta>,
    /// The `cfg_attr` predicate that cannot be evaluated.
    pub condition: Option<String>,
}

/// Whether a node is part of this build.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Presence {
    Gone,
    Maybe,
    Here,
}

/// The attributes of a node once `cfg` and `cfg_attr` are evaluated.
#[derive(Default)]
pub(super) struct Attrs<'m> {
    pub list: Vec<Attr<'m>>,
    pub gate: Gate,
}

pub(super) fn effective<'m>(attributes: &'m [Attribute], env: &CfgEnv) -> Attrs<'m> {
    let mut attrs = Attrs::default();
    for Attribute { pound_token: _, style: _, bracket_token: _, meta } in attributes {
        add(&mut attrs, Cow::Borrowed(meta), None, env);
    }
    attrs
}

fn add<'m>(attrs: &mut Attrs<'m>, meta: Cow<'m, Meta>, condition: Option<&Predicate>, env: &CfgEnv) {
    let meta = unwrap_unsafe(meta);
    let list = match meta.as_ref() {
        Meta::List(list) => Some((&list.path, &list.tokens)),
        Meta::Path(_) | Meta::NameValue(_) => None,
    };
    if let Some((path, tokens)) = list {
        if path.is_ident("cfg") {
            let predicate = Predicate::read(tokens);
            let predicate = match condition {
                Some(condition) => {
                    Predicate::Any(vec![Predicate::Not(Box::new(condition.clone())), predicate])
                }
                None => predicate,
            };
            return attrs.gate.add(&predicate, env);
        }
        if path.is_ident("cfg_attr")
            && let Some((predicate, metas)) = split(tokens)
        {
            let predicate = match condition {
                Some(condition) => Predicate::All(vec![condition.clone(), predicate]),
                None => predicate,
            };
            let both = [Truth::True, Truth::False].map(|test| predicate.evaluate(env, test));
            let condition = match both {
                [Truth::False, Truth::False] => return,
                [Truth::True, Truth::True] => None,
                _ => Some(&predicate),
            };
            for meta in metas {
                add(attrs, Cow::Owned(meta), condition, env);
            }
            return;
        }
    }
    attrs.list.push(Attr { meta, condition: condition.map(Predicate::canonical) });
}

/// `unsafe(no_mangle)` is `no_mangle`.
fn unwrap_unsafe(meta: Cow<'_, Meta>) -> Cow<'_, Meta> {
    if let Meta::List(MetaList { path, delimiter: _, tokens }) = meta.as_ref()
        && path.is_ident("unsafe")
        && let Ok(inner) = syn::parse2::<Meta>(tokens.clone())
    {
        return Cow::Owned(inner);
    }
    meta
}

/// The predicate of a `cfg_attr` and the attributes behind it.
fn split(tokens: &TokenStream) -> Option<(Predicate, Vec<Meta>)> {
    let parser = |input: syn::parse::ParseStream<'_>| {
        let predicate = input.parse::<Predicate>()?;
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
        let metas = Punctuated::<Meta, Token![,]>::parse_terminated(input)?;
        Ok((predicate, metas.into_iter().collect()))
    };
    parser.parse2(tokens.clone()).ok()
}

/// What an attribute is.
pub(super) enum Class {
    Dropped,
    Derive,
    BuiltIn,
    /// `#[checkpoint]`, or the like.
    Mark,
    /// Perhaps a procedural macro, or a helper of one.
    Unknown,
}

pub(super) fn classify(path: &Path, marks: &[String]) -> Class {
    let Some(first) = path.segments.first() else { return Class::Unknown };
    let text = first.ident.to_string();
    let text = text.strip_prefix("r#").unwrap_or(&text);
    if path.segments.len() > 1 {
        return match path.segments.last() {
            Some(last) if last.ident == checkpointing_mark::WORD => Class::Mark,
            _ if matches!(text, "rustfmt" | "clippy" | "diagnostic") => Class::Dropped,
            // `core::prelude::v1::test` and the like.
            Some(last) if matches!(text, "std" | "core") && last.ident == "derive" => Class::Derive,
            Some(last)
                if matches!(text, "std" | "core") && (last.ident == "test" || last.ident == "bench") =>
            {
                Class::BuiltIn
            }
            _ => Class::Unknown,
        };
    }
    if text == "derive" {
        Class::Derive
    } else if text == checkpointing_mark::WORD || marks.iter().any(|mark| mark == text) {
        Class::Mark
    } else if DROPPED.contains(&text) {
        Class::Dropped
    } else if BUILT_IN.contains(&text) || text.starts_with("rustc_") {
        Class::BuiltIn
    } else {
        Class::Unknown
    }
}

/// The outer attributes' first token, where there is one.
pub(super) fn first_outer(attributes: &[Attribute]) -> Option<proc_macro2::Span> {
    attributes.iter().find(|a| matches!(a.style, AttrStyle::Outer)).map(|a| {
        let Attribute { pound_token, .. } = a;
        pound_token.spans[0]
    })
}

/// The paths in `#[derive(..)]`.
pub(super) fn derives(tokens: &TokenStream) -> Option<Vec<Path>> {
    let parser = Punctuated::<Path, Token![,]>::parse_terminated;
    Some(parser.parse2(tokens.clone()).ok()?.into_iter().collect())
}

impl Cx<'_, '_> {
    /// Writes the attributes of a node below the item; nothing where the node is gone.
    pub(super) fn node(&mut self, attributes: &[Attribute]) -> Presence {
        if attributes.is_empty() || self.handled == attributes.as_ptr() {
            return Presence::Here;
        }
        let Attrs { list, gate } = effective(attributes, &self.file.settings.cfg);
        if gate.plain == Truth::False {
            return Presence::Gone;
        }
        for predicate in &gate.open {
            self.cfg_reference(predicate);
        }
        for Attr { meta, condition } in &list {
            let class = classify(meta.path(), &self.file.marks);
            if matches!(class, Class::Dropped) {
                continue;
            }
            if let Some(condition) = condition {
                self.cfg_reference(condition);
            }
            self.attribute(meta, matches!(class, Class::Unknown));
        }
        if gate.plain == Truth::Unknown { Presence::Maybe } else { Presence::Here }
    }

    pub(super) fn cfg_reference(&mut self, predicate: &str) {
        self.w.word("cfg (");
        self.w.foreign(predicate);
        self.w.word(")");
        self.w.reference(Ref::Cfg(predicate.to_owned()));
    }

    /// Writes an attribute as its tokens; `unknown`: it may mean anything, so names in it are looked up.
    pub(super) fn attribute(&mut self, meta: &Meta, unknown: bool) {
        self.w.word("# [");
        self.meta(meta, unknown);
        self.w.word("]");
    }

    fn meta(&mut self, meta: &Meta, unknown: bool) {
        self.named |= unknown;
        let write_path = |cx: &mut Self, path: &Path| {
            if unknown {
                cx.path_reference(path, Namespace::Macro, true, true);
            } else {
                let name = cx.path_words(path);
                cx.w.word(&name);
            }
        };
        match meta {
            Meta::Path(path) => write_path(self, path),
            Meta::List(MetaList { path, delimiter: _, tokens }) => {
                write_path(self, path);
                self.w.word("(");
                if unknown {
                    self.tokens(tokens.clone());
                } else {
                    self.plain_tokens(tokens.clone());
                }
                self.w.word(")");
            }
            Meta::NameValue(MetaNameValue { path, eq_token: _, value }) => {
                write_path(self, path);
                self.w.word("=");
                self.expr(value);
                if unknown && let syn::Expr::Lit(syn::ExprLit { attrs: _, lit: syn::Lit::Str(text) }) = value
                {
                    self.text_reference(text.value());
                }
            }
        }
    }

    /// Writes what a `#[derive(..)]` list holds; returns the references to those that are not std's.
    pub(super) fn derive_list(&mut self, tokens: &TokenStream) -> Vec<RefIdx> {
        let Some(paths) = derives(tokens) else {
            self.tokens(tokens.clone());
            self.named = true;
            return Vec::new();
        };
        let mut unknown = Vec::new();
        self.w.word("# [ derive (");
        for path in &paths {
            if self.is_std_derive(path) {
                let word = path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
                self.w.word(&word);
            } else {
                unknown.push(self.path_reference(path, Namespace::Macro, false, false));
            }
            self.w.word(",");
        }
        self.w.word(") ]");
        unknown
    }

    /// Whether a derive is the standard library's. A plain name is checked again by the later stages,
    /// like that of a macro.
    fn is_std_derive(&mut self, path: &Path) -> bool {
        let (Some(first), Some(last)) = (path.segments.first(), path.segments.last()) else { return false };
        let Some(known) = STD_DERIVES.iter().find(|known| last.ident == **known) else { return false };
        if path.segments.len() > 1 {
            return first.ident == "std" || first.ident == "core";
        }
        if self.file.settings.distrusted_macros.contains(*known) {
            return false;
        }
        self.file.trusted.insert((*known).to_owned());
        true
    }

    /// A path's words with `::` between them.
    pub(super) fn path_words(&mut self, path: &Path) -> String {
        let Path { leading_colon, segments } = path;
        let mut text = String::from(if leading_colon.is_some() { ":: " } else { "" });
        for (index, segment) in segments.iter().enumerate() {
            if index > 0 {
                text.push_str(" :: ");
            }
            let name = self.file.names.ident(&segment.ident);
            text.push_str(self.file.names.get(name));
        }
        text
    }
}
