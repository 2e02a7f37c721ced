//! Finds functions by name: a full path, or as much of its end as tells it from the others.

use crate::arguments::Selection;
use crate::failure::{Failure, Result};
use crate::packages::Roots;
use crate::terminal::Terminal;
use checkpointing_fingerprint::{Function, Graph, GraphNode};
use std::collections::BTreeSet;

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
}

/// The graphs that have all the named functions: those of the marked ones, or of all where one is not marked.
pub(crate) fn graphs_with(
    selection: &Selection,
    names: &[String],
    terminal: &Terminal,
) -> Result<Vec<Graph>> {
    let marked = selection.load(Roots::Marked, terminal)?;
    if names.iter().all(|name| Found::all(&marked).any(|found| is_meant(name, found.path()))) {
        return Ok(marked);
    }
    selection.load_silently(Roots::All, terminal)
}

/// The functions of one name. Several only where they have the same path: the variants of a cfg, or
/// functions in two blocks.
pub(crate) fn find<'g>(graphs: &'g [Graph], name: &str) -> Result<Vec<Found<'g>>> {
    let exact: Vec<Found<'g>> = Found::all(graphs).filter(|found| found.path() == name).collect();
    let found = if exact.is_empty() {
        Found::all(graphs).filter(|found| is_meant(name, found.path())).collect()
    } else {
        exact
    };
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

/// The one of some names that a name means.
pub(crate) fn among<'n>(
    known: &BTreeSet<&'n str>,
    name: &str,
    unknown: impl FnOnce(Option<&str>) -> Failure,
) -> Result<&'n str> {
    let mut found: BTreeSet<&'n str> = known.iter().copied().filter(|path| *path == name).collect();
    if found.is_empty() {
        found = known.iter().copied().filter(|path| is_meant(name, path)).collect();
    }
    match (found.first(), found.len()) {
        (Some(only), 1) => Ok(only),
        (None, _) => Err(unknown(suggestion(name, known.iter().copied()))),
        _ => {
            let message = format!("`{name}` can be {}", listed(&found));
            Err(Failure::usage(message, "write more of the path"))
        }
    }
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
