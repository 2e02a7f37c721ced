//! Expands macro calls in bodies: says what each stands for, and has the files lowered again with that.
//!
//! Calls among the tokens of an expansion are expanded along with it. A file that several crates or modules
//! share is lowered once: only what all of them agree on is expanded.

use super::names::{Effect, From};
use super::scopes::{Above, Conditions};
use super::transcribe::Steps;
use super::{Call, DEPTH, Expander, key_at, put_at, with_place};
use crate::ir::{self, Anchor, BlockScope, BodyCall, Delimiter, ItemIdx, ItemKind, Ref, Token};
use crate::lower::{Expanded, Expansions, called_path, is_std_macro};
use crate::walk::{self, LoweredCache, MacroPlace, Sources, Text};
use std::collections::{BTreeMap, BTreeSet};

/// More tokens than the bodies of any file hold: what is left stays as it is.
const TOKENS: usize = 2_000_000;

/// An item with macro calls in its body.
pub(super) struct Site {
    stands: Stands,
    item: ItemIdx,
    conditions: Conditions,
    /// Macros that a call in the body may define. `None`: any.
    unclear: Option<BTreeSet<String>>,
}

/// Where an item stands.
#[derive(Clone, Copy)]
pub(super) struct Stands {
    pub(super) krate: usize,
    pub(super) module: usize,
    pub(super) above: Above,
}

impl Site {
    pub(super) fn new(
        expander: &Expander,
        sources: &Sources,
        stands: Stands,
        item: ItemIdx,
        conditions: &Conditions,
    ) -> Self {
        let mut site = Site { stands, item, conditions: conditions.clone(), unclear: Some(BTreeSet::new()) };
        let mut unclear = Some(BTreeSet::new());
        for call in &site.own(sources).calls {
            let Some((anchor, path)) = path_of(site.file(sources), site.own(sources), call) else {
                unclear = None;
                break;
            };
            let means = site.resolve(expander, sources, call, anchor, &path);
            let name = path.last().copied().unwrap_or_default();
            match (expander.names.effect(sources, means, name, &call.tokens), &mut unclear) {
                (Effect::None, _) => {}
                (Effect::Perhaps(words), Some(unclear)) => unclear.extend(words),
                (Effect::Anything, _) | (_, None) => {
                    unclear = None;
                    break;
                }
            }
        }
        site.unclear = unclear;
        site
    }

    fn file<'s>(&self, sources: &'s Sources) -> &'s ir::File {
        &sources.files[sources.crates[self.stands.krate].modules[self.stands.module].file].lowered
    }

    fn own<'s>(&self, sources: &'s Sources) -> &'s ir::Item {
        &self.file(sources).items[self.item.0 as usize]
    }

    /// The macro that a path certainly means where a call of the body stands.
    fn resolve(
        &self,
        expander: &Expander,
        sources: &Sources,
        call: &BodyCall,
        anchor: Anchor,
        path: &[&str],
    ) -> Option<MacroPlace> {
        if let (Anchor::Plain, [name]) = (anchor, path) {
            if self.unclear.as_ref().is_none_or(|unclear| unclear.contains(*name)) {
                return None;
            }
            let defined = self.defined(sources, name);
            if !defined.is_empty() {
                return self.in_block(sources, call, &defined);
            }
        }
        let Stands { krate, above, .. } = self.stands;
        let from = From { krate, above, conditions: &self.conditions };
        expander.names.resolve(&expander.scopes, &from, anchor, path)
    }

    /// Macros of a name that blocks of the body define, and in which scope.
    fn defined(&self, sources: &Sources, name: &str) -> Vec<(BlockScope, ItemIdx)> {
        let file = self.file(sources);
        let is_it = |index: &ItemIdx| {
            let item = &file.items[index.0 as usize];
            matches!(item.kind, ItemKind::Macro { .. })
                && item.name.is_some_and(|own| file.names[own.0 as usize] == name)
        };
        let scopes = self.own(sources).body.scopes.iter().enumerate();
        let items = scopes
            .flat_map(|(at, (_, items))| items.iter().map(move |&item| (BlockScope(at as u32 + 1), item)));
        items.filter(|(_, item)| is_it(item)).collect()
    }

    /// The only one of them, where it stands above the call in a block around it.
    fn in_block(
        &self,
        sources: &Sources,
        call: &BodyCall,
        defined: &[(BlockScope, ItemIdx)],
    ) -> Option<MacroPlace> {
        let &[(scope, item)] = defined else { return None };
        let own = self.own(sources);
        let mut around = call.scope;
        while around != scope {
            around = own.body.scopes.get((around.0 as usize).checked_sub(1)?)?.0;
        }
        let definition = &self.file(sources).items[item.0 as usize];
        let conditions = self.conditions.and(definition);
        let above = (definition.place.line, definition.place.column) <= (call.at.0, call.at.1 + 1);
        let Stands { krate, module, .. } = self.stands;
        (above && self.conditions.imply(&conditions)).then_some(MacroPlace { krate, module, item })
    }
}

fn path_of<'f>(file: &'f ir::File, item: &ir::Item, call: &BodyCall) -> Option<(Anchor, Vec<&'f str>)> {
    let Ref::Path(path) = item.skeleton.refs.get(call.path.0 as usize)? else { return None };
    Some((path.anchor, path.segments.iter().map(|name| file.names[name.0 as usize].as_str()).collect()))
}

/// Lowers all files again that have calls which are certain.
pub(super) fn expand(expander: &mut Expander, sources: &mut Sources, cache: &mut LoweredCache) {
    let sites = std::mem::take(&mut expander.bodies);
    let mut by_file: BTreeMap<usize, BTreeMap<(usize, usize), Vec<&Site>>> = BTreeMap::new();
    for site in &sites {
        let Stands { krate, module, .. } = site.stands;
        let file = sources.crates[krate].modules[module].file;
        by_file.entry(file).or_default().entry((krate, module)).or_default().push(site);
    }
    let by_file: Vec<_> = by_file.into_iter().collect();
    let (expander, read, kept) = (&*expander, &*sources, &*cache);
    let made = walk::map(&by_file, |(file, modules)| {
        let mut each = modules.values().map(|sites| expansions(expander, read, sites));
        let mut agreed = each.next()?;
        for other in each {
            agreed.retain(|at, expanded| other.get(at) == Some(expanded));
        }
        let krate = modules.keys().next()?.0;
        let text = &read.files[*file].text;
        (!agreed.is_empty()).then(|| kept.with_bodies(text, &expander.settings[krate], &agreed))
    });
    for ((file, _), lowered) in by_file.iter().zip(made) {
        let Some(lowered) = lowered else { continue };
        let source = &mut sources.files[*file];
        let mut key = lowered.key;
        let (mut lowered, mut code) = cache.keep(lowered);
        // Whoever names an item by its number still means it.
        let name =
            |file: &ir::File, item: &ir::Item| item.name.map(|name| file.names[name.0 as usize].clone());
        let both = source.lowered.items.iter().zip(&lowered.items);
        let same = source.lowered.root == lowered.root
            && source.lowered.items.len() <= lowered.items.len()
            && both.into_iter().all(|(old, new)| name(&source.lowered, old) == name(&lowered, new));
        if !same {
            continue;
        }
        if let (Text::Expansion(_), Some(item)) = (&source.text, source.lowered.items.first()) {
            put_at(&mut lowered, &mut code, item.place);
            key = key_at(key, item.place);
        }
        (source.lowered, source.code, source.key) = (lowered, code, key);
        source.text = Text::Gone;
    }
}

/// What the calls in a file's bodies stand for.
fn expansions(expander: &Expander, sources: &Sources, sites: &[&Site]) -> Expansions {
    let mut found = Expansions::new();
    let mut steps = Steps::default();
    let mut left = TOKENS;
    for site in sites {
        let file = &sources.files[sources.crates[site.stands.krate].modules[site.stands.module].file];
        if let (Text::Expansion(expansion), false) = (&file.text, steps.is_begun()) {
            steps = Steps::after(&expansion.tokens);
        }
        let item = site.own(sources);
        for call in &item.calls {
            let Some((anchor, path)) = path_of(&file.lowered, item, call) else { continue };
            let Some(means) = site.resolve(expander, sources, call, anchor, &path) else { continue };
            // `line!()` is that of the call that is written.
            let (line, column) = match file.text {
                Text::Expansion(_) => (item.place.line, item.place.column),
                Text::File(_) | Text::Gone => (call.at.0, call.at.1 + 1),
            };
            let mut body =
                Body { expander, sources, site, call, line, column, steps: &mut steps, left: &mut left };
            if let Some(expanded) = body.expanded(means, &call.tokens, 0) {
                found.insert(call.at, expanded);
            }
        }
    }
    found
}

/// A call that is written, while it is expanded.
struct Body<'e, 's> {
    expander: &'e Expander,
    sources: &'e Sources,
    site: &'e Site,
    call: &'e BodyCall,
    line: u32,
    column: u32,
    steps: &'s mut Steps,
    /// How many tokens may still be made.
    left: &'s mut usize,
}

impl Body<'_, '_> {
    fn resolve(&self, path: &[&str]) -> Option<MacroPlace> {
        let (anchor, path) = match path {
            ["crate", path @ ..] => (Anchor::Crate, path),
            path => (Anchor::Plain, path),
        };
        self.site.resolve(self.expander, self.sources, self.call, anchor, path)
    }

    fn expanded(&mut self, means: MacroPlace, given: &[Token], depth: usize) -> Option<Expanded> {
        let call = Call { krate: self.site.stands.krate, means, given };
        let mut steps = self.steps.clone();
        let resolve = |path: &[&str], _: &[Token]| self.resolve(path);
        let made = self.expander.made(self.sources, &call, false, &resolve, &mut steps)?;
        *self.steps = steps;
        if holds_modules(&made.tokens) {
            return None;
        }
        *self.left = self.left.checked_sub(count(&made.tokens))?;
        let tokens = with_place(made.tokens, self.line, self.column)?;
        let depth = depth + made.written.len();
        let mut in_block = Vec::new();
        for (step, place) in made.written {
            if let Some(name) = self.defined_in_block(place) {
                // What a macro made that made this one has more than one place to be looked up from.
                let ItemKind::Macro { definition, .. } = &self.sources.item(place).kind else { return None };
                if Steps::after(&definition.tokens).is_begun() {
                    return None;
                }
                in_block.push((step, name));
            }
        }
        let mut inner = BTreeMap::new();
        if depth < DEPTH {
            self.inner(&tokens, true, &mut 0, depth, &mut inner);
        }
        Some(Expanded { tokens, through: made.through, in_block, inner })
    }

    /// The name of a macro that stands in a block.
    fn defined_in_block(&self, place: MacroPlace) -> Option<String> {
        let file = &self.sources.files[self.sources.crates[place.krate].modules[place.module].file].lowered;
        let in_block = file
            .items
            .iter()
            .any(|item| item.body.scopes.iter().any(|(_, items)| items.contains(&place.item)));
        let name = self.sources.item(place).name?;
        in_block.then(|| file.names[name.0 as usize].clone())
    }

    /// Expands the calls among tokens that are read as code. `number`: how many calls there were so far.
    fn inner(
        &mut self,
        tokens: &[Token],
        is_code: bool,
        number: &mut u32,
        depth: usize,
        out: &mut BTreeMap<u32, Expanded>,
    ) {
        for (index, token) in tokens.iter().enumerate() {
            let Token::Group(_, given) = token else { continue };
            let mut is_code = is_code;
            if let Some(path) = called_path(tokens, index) {
                let own = *number;
                *number += 1;
                let words: Vec<&str> = tokens[path].iter().filter_map(word).collect();
                if is_code && !self.takes_expressions(&words) {
                    is_code = false;
                    let means = self.resolve(&words);
                    let expanded = means.and_then(|means| self.expanded(means, given, depth));
                    out.extend(expanded.map(|expanded| (own, expanded)));
                }
            }
            self.inner(given, is_code, number, depth, out);
        }
    }

    /// A macro of the standard library.
    fn takes_expressions(&self, path: &[&str]) -> bool {
        let settings = &self.expander.settings[self.site.stands.krate];
        path.last().is_some_and(|name| is_std_macro(name) && !settings.distrusted_macros.contains(*name))
    }
}

fn word(token: &Token) -> Option<&str> {
    match token {
        Token::Ident(word, _) => Some(word),
        _ => None,
    }
}

fn count(tokens: &[Token]) -> usize {
    tokens.iter().map(|token| if let Token::Group(_, inner) = token { 1 + count(inner) } else { 1 }).sum()
}

/// Whether a module may be among the tokens that is in a file of its own.
fn holds_modules(tokens: &[Token]) -> bool {
    tokens.iter().enumerate().any(|(at, token)| match token {
        Token::Ident(word, _) if word == "mod" => {
            !matches!(tokens.get(at + 2), Some(Token::Group(Delimiter::Brace, _)))
        }
        Token::Group(_, inner) => holds_modules(inner),
        Token::Ident(..) | Token::Punct(..) | Token::Literal(..) => false,
    })
}
