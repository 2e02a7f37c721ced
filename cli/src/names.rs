//! Finds functions by name: a full path, or as much of its end as tells it from the others.

use crate::arguments::Selection;
use crate::failure::{Failure, Result};
use crate::instance;
use crate::packages::Roots;
use crate::terminal::Terminal;
use checkpointing_fingerprint::{Function, Graph, GraphNode};
use std::collections::{BTreeMap, BTreeSet};

/// How many names an error lists.
const SHOWN: usize = 8;

/// A function of one of the graphs.
#[derive(Clone, Copy)]
pub(crate) struct Found<'g> {
    pub(crate) graph: &'g Graph,
    pub(crate) function: &'g Function,
}

impl<'g> Found<'g> {
    pub(crate) fn all(graphs: &'g [Graph]) -> impl Iterator<Item = Found<'g>> {
        graphs.iter().flat_map(|graph| graph.functions.iter().map(move |function| Found { graph, function }))
    }

    pub(crate) fn node(&self) -> &'g GraphNode {
        &self.graph.nodes[self.function.node]
    }

    pub(crate) fn path(&self) -> &'g str {
        &self.node().path
    }

    /// The path; with the place where other functions have the same.
    pub(crate) fn told(&self, graphs: &[Graph]) -> String {
        let place = |found: &Found<'_>| (found.node().file.clone(), found.node().line);
        let same = |other: &Found<'_>| other.path() == self.path() && place(other) != place(self);
        match (&self.node().file, self.node().line) {
            (Some(file), Some(line)) if Found::all(graphs).any(|other| same(&other)) => {
                format!("{} ({file}:{line})", self.path())
            }
            _ => self.path().to_owned(),
        }
    }

    /// How well a name is that of the function, 0 being the best; `None` where it is not.
    fn rank(&self, name: &str) -> Option<u8> {
        let stored = self.function.stored.as_ref();
        let ranks = [
            self.path() == name,
            stored.is_some_and(|stored| stored.name == name),
            stored.is_some_and(|stored| stored.is_named(name)),
            is_meant(name, self.path()),
            stored.is_some_and(|stored| is_meant(name, &stored.name)),
        ];
        (0..).zip(ranks).find(|(_, holds)| *holds).map(|(rank, _)| rank)
    }
}

/// The graphs that have all the named functions: those of the marked ones, or of all where one is not marked.
pub(crate) fn graphs_with(
    selection: &Selection,
    names: &[String],
    terminal: &Terminal,
) -> Result<Vec<Graph>> {
    let marked = selection.load(Roots::Marked, terminal)?;
    if names.iter().all(|name| Found::all(&marked).any(|found| found.rank(name).is_some())) {
        return Ok(marked);
    }
    selection.load_silently(Roots::All, terminal)
}

/// The functions of one name, of the code or of entries. Several only where they have the same path: those of
/// a library and its program, of two impls, of two blocks, the variants of a cfg.
pub(crate) fn find<'g>(graphs: &'g [Graph], name: &str) -> Result<Vec<Found<'g>>> {
    let found = Found::all(graphs).filter_map(|found| Some((found.rank(name)?, found)));
    let found: Vec<(u8, Found<'g>)> = found.collect();
    let best = found.iter().map(|(rank, _)| *rank).min();
    let found: Vec<Found<'g>> =
        found.into_iter().filter(|(rank, _)| Some(*rank) == best).map(|(_, found)| found).collect();
    let paths: BTreeSet<&str> = found.iter().map(Found::path).collect();
    match paths.len() {
        0 => Err(unknown(graphs, name)),
        1 => Ok(found),
        _ => {
            let message = format!("`{name}` can be {}", listed(&paths));
            Err(Failure::usage(message, "write more of the path"))
        }
    }
}

/// Whether a path ends in the name, at the start of a segment.
pub(crate) fn is_meant(name: &str, path: &str) -> bool {
    path.strip_suffix(name).is_some_and(|before| before.is_empty() || before.ends_with("::"))
}

/// A function's name in entries, and what else people may call it, as far as names alone tell.
pub(crate) fn forms(function: &str, instance: Option<&str>) -> BTreeSet<String> {
    let mut forms = BTreeSet::from([function.to_owned()]);
    for name in std::iter::once(function).chain(instance.filter(|instance| !instance.is_empty())) {
        forms.insert(name.to_owned());
        forms.extend(instance::other_names(name).into_iter().flatten());
    }
    forms
}

/// What entries are called, with what else people may call that.
pub(crate) type Known<'n> = BTreeMap<&'n str, BTreeSet<String>>;

/// The names in entries that a name means, by what entries tell: several where they are of one function, such
/// as a default body.
pub(crate) fn among<'n>(known: &Known<'n>, name: &str) -> Result<Option<BTreeSet<&'n str>>> {
    let ways: [&dyn Fn(&str) -> bool; 2] = [&|form| form == name, &|form| is_meant(name, form)];
    for is_it in ways {
        let meant = |forms: &BTreeSet<String>| forms.iter().filter(|form| is_it(form)).cloned().collect();
        let found: Known<'n> = known
            .iter()
            .map(|(name, forms)| (*name, meant(forms)))
            .filter(|(_, forms): &(_, BTreeSet<String>)| !forms.is_empty())
            .collect();
        let Some(common) = found.values().cloned().reduce(|a, b| &a & &b) else { continue };
        if found.len() > 1 && common.is_empty() {
            let message = format!("`{name}` can be {}", listed(&found.into_keys().collect()));
            return Err(Failure::usage(message, "write more of the path"));
        }
        return Ok(Some(found.into_keys().collect()));
    }
    Ok(None)
}

/// The same by what the code tells.
pub(crate) fn among_those_of<'n>(
    graphs: &[Graph],
    known: &Known<'n>,
    name: &str,
) -> Option<BTreeSet<&'n str>> {
    let found = find(graphs, name).ok()?;
    let is_it = |known: &&str| {
        let mut stored = found.iter().filter_map(|found| found.function.stored.as_ref());
        stored.any(|stored| stored.is_named(known))
    };
    let names: BTreeSet<&str> = known.keys().copied().filter(is_it).collect();
    (!names.is_empty()).then_some(names)
}

fn unknown(graphs: &[Graph], name: &str) -> Failure {
    let paths: BTreeSet<&str> = Found::all(graphs).map(|found| found.path()).collect();
    let packages: Vec<&str> = graphs.iter().map(|graph| graph.package.as_str()).collect();
    let message = format!("no function `{name}` in {}", packages.join(", "));
    let hint = match suggestion(name, paths.iter().copied()) {
        Some(similar) => format!("did you mean `{similar}`?"),
        None => "`cargo checkpoint list` has the marked functions, `list --all` the others too".to_owned(),
    };
    Failure::usage(message, hint)
}

pub(crate) fn listed(paths: &BTreeSet<&str>) -> String {
    let mut shown: Vec<String> = paths.iter().take(SHOWN).map(|path| format!("`{path}`")).collect();
    if paths.len() > SHOWN {
        shown.push(format!("{} others", paths.len() - SHOWN));
    }
    let last = shown.pop().unwrap_or_default();
    if shown.is_empty() { last } else { format!("{} or {last}", shown.join(", ")) }
}

/// The name that is most like the one given, if any is.
pub(crate) fn suggestion<'n>(given: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let last = |path: &str| path.rsplit("::").next().unwrap_or_default().to_lowercase();
    let score = |name: &str| {
        let whole = strsim::jaro_winkler(&given.to_lowercase(), &name.to_lowercase());
        whole.max(strsim::jaro_winkler(&last(given), &last(name)))
    };
    let best = known.map(|name| (score(name), name)).max_by(|a, b| a.0.total_cmp(&b.0));
    best.filter(|(score, _)| *score > 0.8).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_end_of_a_path_in_whole_segments() {
        assert!(is_meant("a::Model::fit", "a::Model::fit"));
        assert!(is_meant("Model::fit", "a::Model::fit"));
        assert!(is_meant("fit", "a::Model::fit"));
        assert!(!is_meant("it", "a::Model::fit"));
        assert!(!is_meant("del::fit", "a::Model::fit"));
    }

    #[test]
    fn a_similar_name_is_suggested_and_no_other() {
        let known = ["a::train", "a::load", "a::Model::fit"];
        assert_eq!(suggestion("trian", known.into_iter()), Some("a::train"));
        assert_eq!(suggestion("Model::fitt", known.into_iter()), Some("a::Model::fit"));
        assert_eq!(suggestion("zzz", known.into_iter()), None);
    }

    #[test]
    fn a_long_list_is_cut() {
        let many: Vec<String> = (0..12).map(|number| format!("f{number:02}")).collect();
        let text = listed(&many.iter().map(String::as_str).collect());
        assert!(text.ends_with("`f07` or 4 others"), "{text}");
        assert_eq!(listed(&BTreeSet::from(["a", "b"])), "`a` or `b`");
    }
}
