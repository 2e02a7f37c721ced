//! Expands calls of `macro_rules!` macros in item position: what a call stands for becomes a module of
//! its own, whose items stand where the call stands, as with `include!`.
//!
//! Wave by wave, since an expansion may hold calls. Only what is certain is expanded; any other call
//! stays what it was: an item that may define anything.

mod fragments;
mod hygiene;
mod lexed;
mod matcher;
mod names;
mod rules;
mod scopes;
#[cfg(test)]
mod tests;
mod transcribe;

use crate::ir::{self, DOLLAR_CRATE, ItemKind, Token};
use crate::lower::{Edition, Expansion, Settings};
use crate::project::Project;
use crate::walk::{self, LoweredCache, MacroPlace, ModuleSource, SourceFile, Sources};
use matcher::Outcome;
use names::Names;
use rules::Rule;
use scopes::{Conditions, Scopes, Site, Walker};
use std::collections::BTreeMap;

/// As deep as rustc goes.
const DEPTH: usize = 128;

/// More calls than any package has: what is left stays as it is.
const CALLS: usize = 50_000;

/// Expands what is certain, in every crate.
pub(crate) fn expand(project: &Project, sources: &mut Sources, cache: &mut LoweredCache) {
    let names = Names::new(project, sources);
    let settings = sources.crates.iter().map(|krate| {
        walk::settings(project, krate.package, &krate.target.edition, sources.distrusted.clone())
    });
    let settings = settings.collect();
    let mut expander = Expander { names, scopes: Scopes::default(), settings, rules: BTreeMap::new() };
    let mut wave = Vec::new();
    for krate in 0..sources.crates.len() {
        wave.extend(expander.walk(sources, krate, 0, None, &Conditions::default()));
    }
    let mut calls = 0;
    for _ in 0..DEPTH {
        calls += wave.len();
        if wave.is_empty() || calls > CALLS {
            return;
        }
        wave = expander.wave(sources, cache, &wave);
    }
}

struct Expander {
    names: Names,
    scopes: Scopes,
    /// By crate.
    settings: Vec<Settings>,
    /// `None`: they cannot be read.
    rules: BTreeMap<MacroPlace, Option<Vec<Rule>>>,
}

impl Expander {
    /// The calls in a module that are certain.
    fn walk(
        &mut self,
        sources: &Sources,
        krate: usize,
        module: usize,
        above: scopes::Above,
        conditions: &Conditions,
    ) -> Vec<Site> {
        let mut walker =
            Walker { sources, names: &self.names, scopes: &mut self.scopes, krate, found: Vec::new() };
        if !sources.crates[krate].modules.is_empty() {
            walker.module(module, above, conditions);
        }
        walker.found
    }

    /// Expands these calls; returns the calls in their expansions.
    fn wave(&mut self, sources: &mut Sources, cache: &mut LoweredCache, sites: &[Site]) -> Vec<Site> {
        for site in sites {
            let read = || {
                let ItemKind::Macro { definition, .. } = &sources.item(site.means).kind else { return None };
                (!definition.local_inner_macros).then(|| rules::read(&definition.tokens)).flatten()
            };
            self.rules.entry(site.means).or_insert_with(read);
        }
        let read = &*sources;
        let kept = &*cache;
        let lowered = walk::map(sites, |site| {
            let expansion = self.expansion(read, site)?;
            let lowered = kept.expansion(&expansion, &self.settings[site.krate]);
            stands_alone(lowered.file()).then_some(lowered)
        });
        let mut found = Vec::new();
        for (site, lowered) in sites.iter().zip(lowered) {
            let Some(lowered) = lowered else { continue };
            let module = attach(sources, site, cache.keep(lowered));
            found.extend(self.walk(sources, site.krate, module, site.above, &site.conditions));
        }
        found
    }

    /// The tokens that a call stands for, where that is certain.
    fn expansion(&self, sources: &Sources, site: &Site) -> Option<Expansion> {
        let here = &sources.crates[site.krate];
        let there = &sources.crates[site.means.krate];
        let edition = Edition::parse(&there.target.edition);
        if !alike(edition, Edition::parse(&here.target.edition)) {
            return None;
        }
        let file = &sources.files[here.modules[site.module].file].lowered;
        let item = &file.items[site.item.0 as usize];
        let ItemKind::MacroCall { call, .. } = &item.kind else { return None };
        if item.whole || !item.attributes.is_empty() {
            return None;
        }
        if ["line", "column"].iter().any(|name| self.names.is_defined(name)) {
            return None;
        }
        let krate = if site.krate == site.means.krate {
            DOLLAR_CRATE.to_owned()
        } else {
            let name = &there.target.crate_name;
            (self.names.library(name) == Some(site.means.krate)).then(|| format!("{DOLLAR_CRATE}_{name}"))?
        };
        let tokens = apply(self.rules.get(&site.means)?.as_ref()?, &call.tokens, edition, &krate)?;
        let tokens = with_place(tokens, &item.place)?;
        let text = |names: &[ir::Name]| {
            names.iter().map(|name| file.names[name.0 as usize].clone()).collect::<Vec<String>>()
        };
        let (types, lifetimes) = (text(&call.types), text(&call.lifetimes));
        Some(Expansion { tokens, position: call.position, types, lifetimes })
    }
}

/// What the first rule that matches makes of the tokens.
fn apply(rules: &[Rule], tokens: &[Token], edition: Edition, krate: &str) -> Option<Vec<Token>> {
    for rule in rules {
        match matcher::matches(&rule.pattern, tokens, edition) {
            Outcome::Failed => {}
            Outcome::Unclear => return None,
            Outcome::Matched(bindings) => {
                let written = transcribe::transcribe(&rule.template, &bindings, krate)?;
                let certain = hygiene::is_plain(&written) && !defines_macros(&written.tokens);
                return certain.then_some(written.tokens);
            }
        }
    }
    None
}

/// Code of one edition means the same in the other.
fn alike(a: Edition, b: Edition) -> bool {
    a == b || (a >= Edition::E2021 && b >= Edition::E2021)
}

fn defines_macros(tokens: &[Token]) -> bool {
    tokens.iter().any(|token| match token {
        Token::Ident(word) => matches!(word.as_str(), "macro_rules" | "macro"),
        Token::Group(_, inner) => defines_macros(inner),
        Token::Punct(..) | Token::Literal(_) => false,
    })
}

/// Puts the call's place where the expansion asks for it: `line!()` gives that of the outermost call.
fn with_place(tokens: Vec<Token>, place: &ir::Place) -> Option<Vec<Token>> {
    let mut out = Vec::with_capacity(tokens.len());
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let number = match &token {
            Token::Ident(word) if word == "line" => place.line,
            Token::Ident(word) if word == "column" => place.column,
            _ => {
                out.push(match token {
                    Token::Group(delimiter, inner) => Token::Group(delimiter, with_place(inner, place)?),
                    other => other,
                });
                continue;
            }
        };
        if tokens.next_if(|next| *next == Token::Punct('!', false)).is_none() {
            out.push(token);
            continue;
        }
        match tokens.next() {
            Some(Token::Group(_, inner)) if inner.is_empty() => {
                out.push(Token::Literal(format!("{number}u32")));
            }
            _ => return None,
        }
    }
    Some(out)
}

/// Whether all of an expansion is in it: no other file, no macro, nothing that cannot be read.
fn stands_alone(file: &ir::File) -> bool {
    file.items.iter().all(|item| match &item.kind {
        ItemKind::Macro { .. } | ItemKind::Include(_) | ItemKind::Opaque { .. } => false,
        ItemKind::ExternCrate { macro_use, .. } => !macro_use,
        ItemKind::Mod(inner) => inner.items.is_some(),
        _ => true,
    })
}

/// Makes an expansion a module that stands for its call.
fn attach(sources: &mut Sources, site: &Site, mut lowered: ir::File) -> usize {
    let krate = &mut sources.crates[site.krate];
    let around = &sources.files[krate.modules[site.module].file];
    let (path, package) = (around.path.clone(), around.package);
    let place = around.lowered.items[site.item.0 as usize].place;
    for item in &mut lowered.items {
        // A function that a macro makes cannot be marked: the macro's place is not the function's.
        (item.place, item.mark) = (place, None);
        item.skeleton.lines.fill(place.line);
    }
    for note in &mut lowered.notes {
        note.line = place.line;
    }
    let module = krate.modules.len();
    let file = sources.files.len();
    krate.modules.push(ModuleSource { file, children: BTreeMap::new(), expands: Some(site.means) });
    krate.modules[site.module].children.entry(site.item).or_default().push(module);
    sources.files.push(SourceFile { path, package, lowered });
    module
}
