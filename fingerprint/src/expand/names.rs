//! Says which definition a macro call means, where that is certain.
//!
//! Textual scope comes first, as rustc has it: what stands above, in the module, in those around it and
//! in `#[macro_use]` modules. Any other call is certain only where its path, or the name alone, can lead
//! to nothing else. A macro call that may itself define macros makes the names in it uncertain below it.

use super::scopes::{Above, Chain, Conditions, Scopes};
use crate::ir::{self, Anchor, DOLLAR_CRATE, ItemKind, Token, World};
use crate::lower::is_std_macro;
use crate::project::{DependencyKind, PackageId, Project, TargetKind};
use crate::walk::{MacroPlace, Sources};
use std::collections::{BTreeMap, BTreeSet};

/// A macro's definition.
pub(super) struct Known {
    pub(super) place: MacroPlace,
    pub(super) conditions: Conditions,
    exported: bool,
}

/// What the whole of all crates says about the names of macros.
#[derive(Default)]
pub(super) struct Names {
    definitions: BTreeMap<String, Vec<Known>>,
    /// Imported, somewhere, from what is not analysed.
    foreign: BTreeSet<String>,
    crates: Vec<Facts>,
    /// Macros whose bodies define macros, or may.
    makers: BTreeSet<String>,
    /// Names that some call may define a macro of.
    made: BTreeSet<String>,
    /// Library crates by name; `None` where two have it.
    libraries: BTreeMap<String, Option<usize>>,
}

#[derive(Default)]
struct Facts {
    /// A glob import or `#[macro_use]` may bring macros that are not seen.
    foreign_names: bool,
    /// Of modules and imports: they may hide the crates' names.
    own: BTreeSet<String>,
    /// Libraries that are analysed, by their names in code.
    libraries: BTreeMap<String, usize>,
    foreign_crates: BTreeSet<String>,
}

/// Where a call stands.
pub(super) struct From<'a> {
    pub(super) krate: usize,
    pub(super) above: Above,
    pub(super) conditions: &'a Conditions,
}

impl Names {
    pub(super) fn new(project: &Project, sources: &Sources) -> Self {
        let mut names = Self::default();
        for (index, krate) in sources.crates.iter().enumerate() {
            names.crates.push(facts(project, sources, krate.package));
            if krate.target.kind == TargetKind::Lib {
                let entry = names.libraries.entry(krate.target.crate_name.clone());
                entry.and_modify(|known| *known = None).or_insert(Some(index));
            }
        }
        let mut bodies: BTreeMap<String, Vec<&[Token]>> = BTreeMap::new();
        for (index, krate) in sources.crates.iter().enumerate() {
            let conditions = super::scopes::conditions(sources, krate);
            for (module, source) in krate.modules.iter().enumerate() {
                let file = &sources.files[source.file].lowered;
                for (at, item) in file.items.iter().enumerate() {
                    let text = |name: ir::Name| file.names[name.0 as usize].as_str();
                    let name = item.name.map(text);
                    match (&item.kind, name) {
                        (ItemKind::Macro { exported, definition }, Some(name)) => {
                            let place = MacroPlace { krate: index, module, item: ir::ItemIdx(at as u32) };
                            let conditions = conditions[module].and(item);
                            let known = Known { place, conditions, exported: *exported };
                            names.definitions.entry(name.to_owned()).or_default().push(known);
                            bodies.entry(name.to_owned()).or_default().push(&definition.tokens);
                        }
                        (ItemKind::Mod(_), Some(name)) => _ = names.crates[index].own.insert(name.to_owned()),
                        (ItemKind::Use(leaves), _) => {
                            for leaf in leaves {
                                names.import(index, leaf, &text);
                            }
                        }
                        (ItemKind::ExternCrate { krate, macro_use }, name) => {
                            let krate = text(*krate);
                            let facts = &mut names.crates[index];
                            facts.foreign_names |= *macro_use && facts.foreign_crates.contains(krate);
                            // `extern crate a as b`
                            facts.own.extend(name.filter(|name| *name != krate).map(str::to_owned));
                        }
                        _ => {}
                    }
                }
            }
        }
        names.makers = makers(&bodies);
        for (name, bodies) in &bodies {
            if names.makers.contains(name) {
                for tokens in bodies {
                    defined_in(tokens, &mut names.made);
                }
            }
        }
        for file in &sources.files {
            let text = |name: &ir::Name| file.lowered.names[name.0 as usize].as_str();
            for item in &file.lowered.items {
                let ItemKind::MacroCall { path, call, .. } = &item.kind else { continue };
                let ir::Ref::Path(path) = &item.skeleton.refs[path.0 as usize] else { continue };
                let name = path.segments.last().map_or("", text);
                if names.effect(sources, None, name, &call.tokens).defines() {
                    names.made.extend(words(&call.tokens));
                }
            }
        }
        names
    }

    fn import<'t>(&mut self, krate: usize, leaf: &ir::UseLeaf, text: &dyn Fn(ir::Name) -> &'t str) {
        let facts = &mut self.crates[krate];
        let first = leaf.segments.first().map_or("", |name| text(*name));
        let is_foreign = matches!(leaf.anchor, Anchor::Plain | Anchor::Global)
            && (facts.foreign_crates.contains(first) || matches!(first, "std" | "core" | "alloc"));
        match leaf.import {
            ir::Import::Named(name) => {
                let last = leaf.segments.last().map_or("", |name| text(*name));
                let name = text(name);
                // What is renamed may be any macro.
                if is_foreign || last != name {
                    self.foreign.insert(name.to_owned());
                }
                facts.own.insert(name.to_owned());
            }
            ir::Import::SelfNamed(name) => _ = facts.own.insert(text(name).to_owned()),
            ir::Import::Glob => facts.foreign_names |= facts.foreign_crates.contains(first),
            ir::Import::Unnamed => {}
        }
    }

    /// The definition that a call means; `None` where it is not certain.
    pub(super) fn resolve(
        &self,
        scopes: &Scopes,
        from: &From<'_>,
        anchor: Anchor,
        path: &[&str],
    ) -> Option<MacroPlace> {
        let facts = &self.crates[from.krate];
        let known = match (anchor, path) {
            (Anchor::Plain, [name]) => match scopes.find(from.above, name) {
                Chain::Macro(place, conditions) => {
                    return from.conditions.imply(conditions).then_some(place);
                }
                Chain::Unclear => return None,
                Chain::End => self.anywhere(from.krate, name),
            },
            (Anchor::Crate, [name]) => self.exported(from.krate, from.krate, name),
            (Anchor::Plain, [first, name]) if first.starts_with(DOLLAR_CRATE) => {
                let to = match first.strip_prefix(DOLLAR_CRATE).and_then(|rest| rest.strip_prefix('_')) {
                    Some(library) => self.library(library)?,
                    None => from.krate,
                };
                self.exported(from.krate, to, name)
            }
            (Anchor::Plain | Anchor::Global, [first, name]) if facts.libraries.contains_key(*first) => {
                if anchor == Anchor::Plain && facts.own.contains(*first) {
                    return None;
                }
                self.exported(from.krate, facts.libraries[*first], name)
            }
            (Anchor::Plain | Anchor::Crate | Anchor::Super(_), [first, .., name]) => {
                let may_leave = anchor == Anchor::Plain && !facts.own.contains(*first);
                if may_leave { None } else { self.anywhere(from.krate, name) }
            }
            (Anchor::Super(_), [name]) => self.anywhere(from.krate, name),
            _ => None,
        }?;
        let local = known.place.krate == from.krate && from.conditions.imply(&known.conditions);
        (local || known.conditions.is_none()).then_some(known.place)
    }

    /// The library crate of this name.
    pub(super) fn library(&self, name: &str) -> Option<usize> {
        self.libraries.get(name).copied().flatten()
    }

    /// What `crate::name!` means: a name that is exported once.
    fn exported(&self, from: usize, krate: usize, name: &str) -> Option<&Known> {
        let all = self.definitions.get(name)?;
        let mut exported = all.iter().filter(|known| known.exported && known.place.krate == krate);
        match (exported.next(), exported.next()) {
            (Some(known), None) if !self.made.contains(name) => Some(known),
            (None, _) => self.anywhere(from, name),
            _ => None,
        }
    }

    /// The only macro of this name that there is.
    fn anywhere(&self, from: usize, name: &str) -> Option<&Known> {
        let [known] = self.definitions.get(name)?.as_slice() else { return None };
        let doubtful = is_std_macro(name)
            || self.foreign.contains(name)
            || self.made.contains(name)
            || [from, known.place.krate].iter().any(|krate| self.crates[*krate].foreign_names);
        (!doubtful).then_some(known)
    }

    /// What a call does to the names of macros below it, where it is not expanded. `name` counts where it is
    /// not certain what the call means.
    pub(super) fn effect(
        &self,
        sources: &Sources,
        means: Option<MacroPlace>,
        name: &str,
        tokens: &[Token],
    ) -> Effect {
        let given = words(tokens);
        let defines = |words: &BTreeSet<String>| words.iter().any(|word| DEFINING.contains(&word.as_str()));
        let makes = |words: &BTreeSet<String>| words.iter().any(|word| self.makers.contains(word));
        let of_definition = means.map(|place| match &sources.item(place).kind {
            ItemKind::Macro { definition, .. } => words(&definition.tokens),
            _ => BTreeSet::new(),
        });
        let by_body = match &of_definition {
            Some(words) => defines(words) || makes(words),
            None => self.makers.contains(name),
        };
        if by_body || makes(&given) {
            Effect::Anything
        } else if defines(&given) {
            Effect::Perhaps(given)
        } else if of_definition.is_some() || self.definitions.contains_key(name) || is_std_macro(name) {
            Effect::None
        } else {
            Effect::Perhaps(given)
        }
    }

    pub(super) fn is_defined(&self, name: &str) -> bool {
        self.definitions.contains_key(name) || self.foreign.contains(name)
    }
}

/// The words with which macros are defined.
const DEFINING: [&str; 2] = ["macro_rules", "macro"];

/// What a macro call may do to the names of macros below it.
pub(super) enum Effect {
    None,
    /// Any of these may be defined.
    Perhaps(BTreeSet<String>),
    Anything,
}

impl Effect {
    pub(super) fn defines(&self) -> bool {
        !matches!(self, Self::None)
    }
}

/// All identifiers among tokens.
pub(super) fn words(tokens: &[Token]) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    collect(tokens, &mut words);
    words
}

fn facts(project: &Project, sources: &Sources, package: usize) -> Facts {
    let mut facts = Facts::default();
    let library = |package: usize| {
        sources
            .crates
            .iter()
            .position(|krate| krate.package == package && krate.target.kind == TargetKind::Lib)
    };
    let edges = &project.packages[package].dependencies;
    for edge in edges.iter().filter(|edge| edge.kind != DependencyKind::Build) {
        let analysed = match edge.to {
            PackageId::Analysed(to) => library(to),
            PackageId::Foreign(_) => None,
        };
        match analysed {
            Some(to) => _ = facts.libraries.insert(edge.extern_name.clone(), to),
            None => _ = facts.foreign_crates.insert(edge.extern_name.clone()),
        }
    }
    if let Some(own) = library(package) {
        facts.libraries.insert(sources.crates[own].target.crate_name.clone(), own);
    }
    facts
}

/// Names that stand behind `macro_rules!`.
fn defined_in(tokens: &[Token], names: &mut BTreeSet<String>) {
    for (at, token) in tokens.iter().enumerate() {
        match (token, tokens.get(at + 2)) {
            (Token::Ident(word, _), Some(Token::Ident(name, _))) if word == "macro_rules" => {
                names.insert(name.clone());
            }
            (Token::Group(_, inner), _) => defined_in(inner, names),
            _ => {}
        }
    }
}

/// Macros that may define macros: by their own words, or by those of macros that they call.
fn makers(bodies: &BTreeMap<String, Vec<&[Token]>>) -> BTreeSet<String> {
    let mut words: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (name, bodies) in bodies {
        let entry = words.entry(name).or_default();
        for tokens in bodies {
            collect(tokens, entry);
        }
    }
    let mut makers: BTreeSet<String> = BTreeSet::new();
    loop {
        let before = makers.len();
        for (name, words) in &words {
            let own = DEFINING.iter().any(|word| words.contains(*word));
            if own || words.iter().any(|word| makers.contains(word)) {
                makers.insert((*name).to_owned());
            }
        }
        if makers.len() == before {
            return makers;
        }
    }
}

fn collect(tokens: &[Token], words: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            Token::Ident(word, _) => _ = words.insert(word.clone()),
            Token::Group(_, inner) => collect(inner, words),
            Token::Punct(..) | Token::Literal(_, _) => {}
        }
    }
}

impl Conditions {
    fn is_none(&self) -> bool {
        self.world == World::Any && self.cfgs.is_empty()
    }
}
