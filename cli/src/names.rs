//! Finds functions by name: a full path, or as much of its end as tells it from the others.

use crate::arguments::Selection;
use crate::failure::{Failure, Result};
use crate::instance;
use crate::packages::Roots;
use crate::terminal::Terminal;
use checkpointing_fingerprint::{Function, Graph, GraphNode, Stored};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Component, Path, PathBuf};

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

    /// Each function once: those of a path dependency are in the graphs of all that use it. From the graph whose
    /// package is nearest to the function, since that is its own.
    pub(crate) fn once(graphs: &'g [Graph]) -> Vec<Found<'g>> {
        let mut nearest: HashMap<_, Found<'g>> = HashMap::new();
        let key = |found: &Found<'g>| (found.place(), found.path(), found.function.fingerprint.as_str());
        let distance = |found: &Found<'_>| found.node().file.as_ref().map_or(0, String::len);
        for found in Found::all(graphs) {
            let known = nearest.entry(key(&found)).or_insert(found);
            if distance(&found) < distance(known) {
                *known = found;
            }
        }
        let is_nearest = |found: &Found<'g>| std::ptr::eq(nearest[&key(found)].function, found.function);
        Found::all(graphs).filter(is_nearest).collect()
    }

    /// Where it stands, whatever graph it is from.
    fn place(&self) -> (PathBuf, Option<u32>) {
        let mut file = self.graph.directory.clone();
        for part in Path::new(self.node().file.as_deref().unwrap_or_default()).components() {
            match part {
                Component::ParentDir => _ = file.pop(),
                part => file.push(part),
            }
        }
        (file, self.node().line)
    }

    /// The type of its impl, with generic arguments; `*` is any.
    pub(crate) fn self_type(&self) -> Option<&'g str> {
        self.function.stored.as_ref()?.self_type.as_deref()
    }

    /// The path with the type of its impl as it stands there, which tells it from functions of other impls:
    /// `a::G<u8>::f`.
    fn full_path(&self) -> Option<String> {
        let (path, own) = (self.path(), self.self_type()?);
        let (name, _) = own.split_once('<').filter(|(name, _)| !name.is_empty())?;
        let of_trait = format!("<{name} as ");
        if let Some(at) = path.rfind(&of_trait) {
            return Some(format!("{}{own}{}", &path[..=at], &path[at + 1 + name.len()..]));
        }
        let (before, function) = path.rsplit_once("::")?;
        let module =
            before.strip_suffix(name).filter(|module| module.is_empty() || module.ends_with("::"))?;
        Some(format!("{module}{own}::{function}"))
    }

    /// How well a name is that of the function, 0 being the best; `None` where it is not.
    fn rank(&self, name: &str) -> Option<u8> {
        let stored = self.function.stored.as_ref();
        let full_path = self.full_path();
        let ranks = [
            self.path() == name,
            stored.is_some_and(|stored| stored.name == name),
            stored.is_some_and(|stored| stored.is_named(name)),
            full_path.as_ref().is_some_and(|path| is_meant(name, path)),
            is_meant(name, self.path()),
            stored.is_some_and(|stored| is_meant(name, &stored.name)),
        ];
        (0..).zip(ranks).find(|(_, holds)| *holds).map(|(rank, _)| rank)
    }
}

/// What people are told that functions are called.
pub(crate) struct Titles<'g>(HashMap<&'g str, Vec<Found<'g>>>);

impl<'g> Titles<'g> {
    pub(crate) fn new(graphs: &'g [Graph]) -> Self {
        let mut of_path: HashMap<&str, Vec<Found<'g>>> = HashMap::new();
        for found in Found::all(graphs) {
            of_path.entry(found.path()).or_default().push(found);
        }
        Titles(of_path)
    }

    /// The path; with the type of its impl where other functions have the same path.
    pub(crate) fn path(&self, found: Found<'g>) -> String {
        let is_other = |other: &Found<'g>| other.self_type() != found.self_type();
        let full = found.full_path().filter(|_| self.same_path(found).any(is_other));
        full.unwrap_or_else(|| found.path().to_owned())
    }

    /// The same; with the place where that is not enough.
    pub(crate) fn whole(&self, found: Found<'g>) -> String {
        let path = self.path(found);
        let is_other = |other: &Found<'g>| self.path(*other) == path && other.place() != found.place();
        match (&found.node().file, found.node().line) {
            (Some(file), Some(line)) if self.same_path(found).any(is_other) => {
                format!("{path} ({file}:{line})")
            }
            _ => path,
        }
    }

    fn same_path(&self, found: Found<'g>) -> impl Iterator<Item = &Found<'g>> {
        self.0.get(found.path()).into_iter().flatten()
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
    let found = Found::once(graphs).into_iter().filter_map(|found| Some((found.rank(name)?, found)));
    let found: Vec<(u8, Found<'g>)> = found.collect();
    let best = found.iter().map(|(rank, _)| *rank).min();
    let found: Vec<Found<'g>> =
        found.into_iter().filter(|(rank, _)| Some(*rank) == best).map(|(_, found)| found).collect();
    let paths: BTreeSet<&str> = found.iter().map(Found::path).collect();
    match paths.len() {
        0 => Err(unknown(graphs, name)),
        1 => Ok(found),
        _ => {
            let message = format!("`{name}` can be {}", listed(&paths, "or"));
            Err(Failure::usage(message, "write more of the path"))
        }
    }
}

/// The same among marked functions: of one without a mark that is said.
pub(crate) fn find_marked<'g>(
    graphs: &'g [Graph],
    name: &str,
    selection: &Selection,
    terminal: &Terminal,
) -> Result<Vec<Found<'g>>> {
    find(graphs, name).map_err(|unknown| {
        let all = selection.load_silently(Roots::All, terminal).unwrap_or_default();
        match find(&all, name).as_deref() {
            Ok([found, ..]) => Failure::usage(
                format!("`{}` is not marked", found.path()),
                "mark it, or see what it depends on with `cargo checkpoint show`",
            ),
            _ => unknown,
        }
    })
}

/// Whether a path ends in the name, at the start of a segment.
pub(crate) fn is_meant(name: &str, path: &str) -> bool {
    path.strip_suffix(name).is_some_and(|before| before.is_empty() || before.ends_with("::"))
}

/// A function as an entry names it: by its path, and its full name where that is another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Called<'n> {
    pub(crate) path: &'n str,
    pub(crate) instance: &'n str,
}

impl Called<'_> {
    /// What people may call it, as far as names alone tell.
    fn forms(self) -> BTreeSet<String> {
        let names = [self.path, self.instance].into_iter().filter(|name| !name.is_empty());
        names
            .flat_map(|name| {
                let others = instance::other_names(name).into_iter().flatten();
                std::iter::once(name.to_owned()).chain(others)
            })
            .collect()
    }
}

/// The functions that a name means, by what entries tell: several where they have one path, or are one function
/// for several types.
pub(crate) fn among<'n>(known: &BTreeSet<Called<'n>>, name: &str) -> Result<Option<BTreeSet<Called<'n>>>> {
    let ways: [&dyn Fn(&str) -> bool; 2] = [&|form| form == name, &|form| is_meant(name, form)];
    for is_it in ways {
        let meant = |called: Called<'_>| -> BTreeSet<String> {
            called.forms().into_iter().filter(|form| is_it(form)).collect()
        };
        let found = known.iter().map(|&called| (called, meant(called)));
        let found: BTreeMap<Called<'n>, BTreeSet<String>> =
            found.filter(|(_, forms)| !forms.is_empty()).collect();
        let Some(common) = found.values().cloned().reduce(|a, b| &a & &b) else { continue };
        if found.len() > 1 && common.is_empty() {
            let paths = found.keys().map(|called| called.path).collect();
            let message = format!("`{name}` can be {}", listed(&paths, "or"));
            return Err(Failure::usage(message, "write more of the path"));
        }
        return Ok(Some(found.into_keys().collect()));
    }
    Ok(None)
}

/// The same by what the code tells.
pub(crate) fn among_those_of<'n>(
    graphs: &[Graph],
    known: &BTreeSet<Called<'n>>,
    name: &str,
) -> Option<BTreeSet<Called<'n>>> {
    let found = find(graphs, name).ok()?;
    let is_it = |called: &Called<'_>| {
        let mut stored = found.iter().filter_map(|found| found.function.stored.as_ref());
        stored.any(|stored| stored.is_named(called.path) && is_of(called.instance, stored))
    };
    let meant: BTreeSet<Called<'n>> = known.iter().copied().filter(is_it).collect();
    (!meant.is_empty()).then_some(meant)
}

/// Whether a full name may be that of a function; one that is not known may.
pub(crate) fn is_of(instance: &str, stored: &Stored) -> bool {
    let own = stored.self_type.as_deref();
    instance.is_empty() || own.is_none_or(|own| instance::is_in_impl(instance, own))
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

/// `a`, `b` or `c`; the word stands before the last.
pub(crate) fn listed(names: &BTreeSet<&str>, word: &str) -> String {
    let mut shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    if names.len() > SHOWN {
        shown.push(format!("{} others", names.len() - SHOWN));
    }
    let last = shown.pop().unwrap_or_default();
    if shown.is_empty() { last } else { format!("{} {word} {last}", shown.join(", ")) }
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
        let text = listed(&many.iter().map(String::as_str).collect(), "or");
        assert!(text.ends_with("`f07` or 4 others"), "{text}");
        assert_eq!(listed(&BTreeSet::from(["a", "b"]), "or"), "`a` or `b`");
    }
}
