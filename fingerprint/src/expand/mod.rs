//! Expands calls of `macro_rules!` macros. In item position, what a call stands for becomes a module of
//! its own, whose items stand where the call stands, as with `include!`: wave by wave, since an expansion
//! may hold calls. Then calls in bodies: a file that has some is lowered again, with what they stand for.
//!
//! Only what is certain is expanded; any other call stays what it was: an item that may define anything, or
//! tokens in a body.

mod bodies;
mod fragments;
mod lexed;
mod matcher;
mod names;
mod rules;
mod scopes;
#[cfg(test)]
mod tests;
mod transcribe;
mod walker;

use crate::ir::{self, DOLLAR_CRATE, ItemKind, Step, Token};
use crate::lower::{Edition, Expansion};
use crate::project::Project;
use crate::walk::{
    self, Code, Key, KeyedSettings, Lowered, LoweredCache, MacroPlace, ModuleSource, SourceFile, Sources,
};
use matcher::Outcome;
use names::{From, Names};
use rules::Rule;
use scopes::{Conditions, Scopes};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use transcribe::Steps;
use walker::{Site, Walker};

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
    let mut expander =
        Expander { names, scopes: Scopes::default(), settings, rules: Mutex::default(), bodies: Vec::new() };
    let mut wave = Vec::new();
    for krate in 0..sources.crates.len() {
        if !sources.crates[krate].modules.is_empty() {
            let mut walker = Walker::new(&mut expander, sources, cache, krate, true);
            walker.module(0, None, &Conditions::default());
            wave.extend(walker.found);
        }
    }
    let mut calls = 0;
    for _ in 0..DEPTH {
        calls += wave.len();
        if wave.is_empty() || calls > CALLS {
            break;
        }
        wave = expander.wave(sources, cache, &wave);
    }
    bodies::expand(&mut expander, sources, cache);
}

/// Says which macro a path and what it is given certainly mean.
type Resolve<'r> = dyn Fn(&[&str], &[Token]) -> Option<MacroPlace> + 'r;

/// A call whose macro is known.
#[derive(Clone, Copy)]
struct Call<'t> {
    /// Where it stands.
    krate: usize,
    means: MacroPlace,
    given: &'t [Token],
}

struct Expander {
    names: Names,
    scopes: Scopes,
    /// By crate.
    settings: Vec<KeyedSettings>,
    rules: Mutex<BTreeMap<MacroPlace, Rules>>,
    /// Bodies that hold calls.
    bodies: Vec<bodies::Site>,
}

/// What a call was expanded to.
struct Made {
    tokens: Vec<Token>,
    /// The macros that it went through, and what marks the words of each.
    written: Vec<(Step, MacroPlace)>,
    /// The paths of all but the first.
    through: Vec<Vec<String>>,
}

/// `None`: they cannot be read.
type Rules = Option<Arc<Vec<Rule>>>;

impl Expander {
    /// Expands these calls; returns the calls in their expansions.
    fn wave(&mut self, sources: &mut Sources, cache: &mut LoweredCache, sites: &[Site]) -> Vec<Site> {
        let (read, kept) = (&*sources, &*cache);
        let made = walk::map(sites, |site| self.lowered(read, kept, site, false));
        let mut found = Vec::new();
        for (site, made) in sites.iter().zip(made) {
            let Some(made) = made else { continue };
            let module = attach(sources, cache, site, made);
            let mut walker = Walker::new(self, sources, cache, site.krate, false);
            walker.module(module, site.above, &site.conditions);
            found.extend(walker.found);
        }
        found
    }

    /// Expands a call that may define macros: what follows it depends on that.
    fn now(&self, sources: &mut Sources, cache: &mut LoweredCache, site: &Site) -> Option<usize> {
        let made = self.lowered(sources, cache, site, true)?;
        Some(attach(sources, cache, site, made))
    }

    /// What a call stands for, and the macros that made it, where that is certain.
    fn lowered(
        &self,
        sources: &Sources,
        cache: &LoweredCache,
        site: &Site,
        may_define: bool,
    ) -> Option<(Lowered, Vec<MacroPlace>)> {
        let file = &sources.files[sources.crates[site.krate].modules[site.module].file].lowered;
        let item = &file.items[site.item.0 as usize];
        let ItemKind::MacroCall { call, .. } = &item.kind else { return None };
        if item.whole || !item.attributes.is_empty() {
            return None;
        }
        if ["line", "column"].iter().any(|name| self.names.is_defined(name)) {
            return None;
        }
        let resolve = |path: &[&str], given: &[Token]| {
            let from = From { krate: site.krate, above: site.above, conditions: &site.conditions };
            let next = self.names.resolve(&self.scopes, &from, ir::Anchor::Plain, path);
            next.filter(|next| !self.names.effect(sources, Some(*next), "", given).defines())
        };
        let mut steps = Steps::after(&call.tokens);
        let first = Call { krate: site.krate, means: site.means, given: &call.tokens };
        let made = self.made(sources, &first, may_define, &resolve, &mut steps)?;
        let mut used: Vec<MacroPlace> = made.written.iter().map(|(_, place)| *place).collect();
        used.sort_unstable();
        used.dedup();
        let tokens = with_place(made.tokens, item.place.line, item.place.column)?;
        let text = |names: &[ir::Name]| {
            names.iter().map(|name| file.names[name.0 as usize].clone()).collect::<Vec<String>>()
        };
        let (types, lifetimes) = (text(&call.types), text(&call.lifetimes));
        let expansion = Expansion { tokens, position: call.position, types, lifetimes };
        let lowered = cache.expansion(&expansion, &self.settings[site.krate]);
        stands_alone(lowered.file(), may_define).then_some((lowered, used))
    }

    /// What a call stands for. Where that is nothing but another call, as in macros that eat one token after
    /// the other, it goes on with that one, as far as `resolve` knows what it means.
    fn made(
        &self,
        sources: &Sources,
        call: &Call<'_>,
        may_define: bool,
        resolve: &Resolve<'_>,
        steps: &mut Steps,
    ) -> Option<Made> {
        let (tokens, step) = self.step(sources, call, may_define, steps)?;
        let mut made = Made { tokens, written: vec![(step, call.means)], through: Vec::new() };
        while made.written.len() < DEPTH
            && let Some((path, given)) = only_call(&made.tokens)
        {
            let Some(means) = resolve(&path, given) else { break };
            let next = Call { means, given, ..*call };
            let Some((tokens, step)) = self.step(sources, &next, may_define, steps) else { break };
            made.through.push(path.iter().map(|name| (*name).to_owned()).collect());
            made.written.push((step, means));
            made.tokens = tokens;
        }
        Some(made)
    }

    /// What one macro makes of the tokens that it is given, and what marks its own words.
    fn step(
        &self,
        sources: &Sources,
        call: &Call<'_>,
        may_define: bool,
        steps: &mut Steps,
    ) -> Option<(Vec<Token>, Step)> {
        let there = &sources.crates[call.means.krate].target;
        let edition = Edition::parse(&there.edition);
        if !alike(edition, Edition::parse(&sources.crates[call.krate].target.edition)) {
            return None;
        }
        let krate = if call.krate == call.means.krate {
            Cow::Borrowed(DOLLAR_CRATE)
        } else {
            let is_known = self.names.library(&there.crate_name) == Some(call.means.krate);
            Cow::Owned(is_known.then(|| format!("{DOLLAR_CRATE}_{}", there.crate_name))?)
        };
        let rules = self.rules_of(sources, call.means)?;
        let (tokens, step) = apply(&rules, call.given, edition, &krate, steps)?;
        (may_define || !defines_macros(&tokens)).then_some((tokens, step))
    }

    fn rules_of(&self, sources: &Sources, place: MacroPlace) -> Rules {
        let known = || self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(rules) = known().get(&place) {
            return rules.clone();
        }
        let ItemKind::Macro { definition, .. } = &sources.item(place).kind else { return None };
        let rules = rules::read(definition).map(Arc::new);
        known().insert(place, rules.clone());
        rules
    }
}

/// The path and the tokens of the only macro call that there is.
fn only_call(tokens: &[Token]) -> Option<(Vec<&str>, &[Token])> {
    let tokens = match tokens {
        [tokens @ .., Token::Punct(';', _)] => tokens,
        tokens => tokens,
    };
    let [path @ .., Token::Punct('!', false), Token::Group(delimiter, given)] = tokens else { return None };
    let path = match path {
        [Token::Ident(name, _)] => vec![name.as_str()],
        [Token::Ident(krate, _), Token::Punct(':', true), Token::Punct(':', _), Token::Ident(name, _)]
            if krate.starts_with(DOLLAR_CRATE) =>
        {
            vec![krate.as_str(), name.as_str()]
        }
        _ => return None,
    };
    (!matches!(delimiter, ir::Delimiter::Fragment(_))).then_some((path, given))
}

/// What the first rule that matches makes of the tokens.
fn apply(
    rules: &[Rule],
    tokens: &[Token],
    edition: Edition,
    krate: &str,
    steps: &mut Steps,
) -> Option<(Vec<Token>, Step)> {
    for rule in rules {
        match matcher::matches(&rule.pattern, tokens, edition) {
            Outcome::Failed => {}
            Outcome::Unclear => return None,
            Outcome::Matched(bindings) => {
                return transcribe::transcribe(&rule.template, &bindings, krate, steps);
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
        Token::Ident(word, _) => matches!(word.as_str(), "macro_rules" | "macro"),
        Token::Group(_, inner) => defines_macros(inner),
        Token::Punct(..) | Token::Literal(_, _) => false,
    })
}

/// Puts the call's place where the expansion asks for it: `line!()` gives that of the outermost call.
fn with_place(tokens: Vec<Token>, line: u32, column: u32) -> Option<Vec<Token>> {
    let mut out = Vec::with_capacity(tokens.len());
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let number = match &token {
            Token::Ident(word, _) if word == "line" => line,
            Token::Ident(word, _) if word == "column" => column,
            _ => {
                out.push(match token {
                    Token::Group(delimiter, inner) => {
                        Token::Group(delimiter, with_place(inner, line, column)?)
                    }
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
                out.push(Token::Literal(format!("{number}u32"), 0));
            }
            _ => return None,
        }
    }
    Some(out)
}

/// Whether all of an expansion is in it: no other file, nothing that cannot be read, no macro that has to
/// be known elsewhere.
fn stands_alone(file: &ir::File, may_define: bool) -> bool {
    file.items.iter().all(|item| match &item.kind {
        ItemKind::Macro { exported, .. } => may_define && !exported,
        ItemKind::Include(_) | ItemKind::Opaque { .. } => false,
        ItemKind::ExternCrate { macro_use, .. } => !macro_use,
        ItemKind::Mod(inner) => inner.items.is_some(),
        _ => true,
    })
}

/// Makes an expansion a module that stands for its call.
fn attach(
    sources: &mut Sources,
    cache: &mut LoweredCache,
    site: &Site,
    (lowered, expands): (Lowered, Vec<MacroPlace>),
) -> usize {
    let text = lowered.text.clone();
    let key = lowered.key;
    let (mut lowered, mut code) = cache.keep(lowered);
    let krate = &mut sources.crates[site.krate];
    let around = &sources.files[krate.modules[site.module].file];
    let (path, package) = (around.path.clone(), around.package);
    let place = around.lowered.items[site.item.0 as usize].place;
    put_at(&mut lowered, &mut code, place);
    let key = key_at(key, place);
    let module = krate.modules.len();
    let file = sources.files.len();
    krate.modules.push(ModuleSource { file, children: BTreeMap::new(), expands });
    krate.modules[site.module].children.entry(site.item).or_default().push(module);
    sources.files.push(SourceFile { path, package, text, lowered, code, key });
    module
}

/// The same expansion elsewhere is another.
fn key_at(key: Key, place: ir::Place) -> Key {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&key);
    hasher.update(format!("{place:?}").as_bytes());
    *hasher.finalize().as_bytes()
}

/// What a call stands for has the call's place.
fn put_at(lowered: &mut ir::File, code: &mut Code, place: ir::Place) {
    for item in &mut lowered.items {
        item.put_at(place);
    }
    code.put_at(place);
    for note in &mut lowered.notes {
        note.line = place.line;
    }
}
