//! `accept F`: lets the results of a function's last code serve its present one, unless they may look otherwise.

use super::{Arguments, is_from, short};
use crate::arguments::Format;
use crate::command::why;
use crate::compare::{self, Comparison};
use crate::exit::Exit;
use crate::failure::Result;
use crate::names::{self, Found, Titles};
use crate::owners;
use crate::packages::Roots;
use crate::stores::Kept;
use crate::terminal::{HEADER, Terminal};
use crate::view::State;
use checkpointing::{Acceptance, Directory, Fingerprint};
use checkpointing_closure::{Builds, Closure};
use checkpointing_fingerprint::Stored;
use serde::Serialize;
use std::collections::BTreeSet;
use std::io::Write;
use std::rc::Rc;

/// One line of the JSON form: results of one code.
#[derive(Serialize)]
struct Row<'a> {
    function: &'a str,
    /// The code that computed the results.
    #[serde(skip_serializing_if = "Option::is_none")]
    results: Option<String>,
    /// The codes that they serve.
    fingerprints: Vec<String>,
    entries: usize,
    accepted: bool,
    /// Why they are not accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<&'a str>,
}

/// Results of one code, and what speaks for or against them.
struct Candidate<'v> {
    results: Fingerprint,
    /// Newest first, of all stores.
    entries: Vec<&'v Kept>,
}

/// The codes that results now serve; the reason where they do not.
type Outcome = std::result::Result<Vec<Fingerprint>, String>;

pub(super) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit> {
    let view = arguments.compared.view(Roots::Marked, terminal)?;
    let titles = Titles::new(&view.graphs);
    let (mut given, mut refused) = (false, false);
    for name in &arguments.functions {
        let mut codes = BTreeSet::new();
        let all = names::find_marked(&view.graphs, name, &arguments.compared.selection, terminal)?
            .into_iter()
            .filter_map(|found| {
                let stored = found.function.stored.as_ref()?;
                codes.insert(&stored.fingerprint).then(|| (found, stored, view.state(found)))
            });
        let all: Vec<(Found<'_>, &Stored, State<'_>)> = all.collect();
        let candidates: Vec<Vec<Candidate<'_>>> = all
            .iter()
            .map(
                |(_, stored, state)| {
                    if stored.is_joined { Vec::new() } else { candidates(state, stored, arguments) }
                },
            )
            .collect();
        let is_there_any = candidates.iter().any(|candidates| !candidates.is_empty());
        for ((found, stored, state), candidates) in all.iter().zip(&candidates) {
            let function = titles.whole(*found);
            let reason = match (stored.is_joined, candidates.is_empty()) {
                (true, _) => Some("several functions have this name, and a call cannot tell them apart"),
                // Others of this name are meant.
                (false, true) if is_there_any => continue,
                (false, true) if state.entries.is_empty() => Some("nothing is stored of it"),
                (false, true) if arguments.from.is_empty() => {
                    Some("its stored results are those of its code")
                }
                (false, true) => Some("no stored result is of such a code"),
                (false, false) => None,
            };
            if let Some(reason) = reason {
                refused = true;
                answer(*found, &function, None, &Err(reason.to_owned()), arguments, terminal)?;
            }
            for candidate in candidates {
                let outcome = give(stored, candidate, arguments.dry_run)?;
                given |= outcome.is_ok();
                refused |= outcome.is_err();
                answer(*found, &function, Some(candidate), &outcome, arguments, terminal)?;
            }
        }
    }
    if given && !arguments.dry_run && arguments.compared.format == Format::Text {
        terminal.note("programs notice it when they start; `cargo checkpoint accept --undo F` takes it back");
    }
    Ok(if refused { Exit::Found } else { Exit::Success })
}

fn give(stored: &Stored, candidate: &Candidate<'_>, dry_run: bool) -> Result<Outcome> {
    let (codes, shape) = match serves(stored, candidate) {
        Ok(serves) => serves,
        Err(reason) => return Ok(Err(reason)),
    };
    for store in candidate.stores().into_iter().filter(|_| !dry_run) {
        for name in candidate.names(stored) {
            for &code in &codes {
                store.accept(&Acceptance::new(name, code, candidate.results, shape))?;
            }
        }
    }
    Ok(Ok(codes))
}

impl<'v> Candidate<'v> {
    fn stores(&self) -> Vec<&'v Rc<Directory>> {
        let mut stores: Vec<&Rc<Directory>> = Vec::new();
        for kept in &self.entries {
            if !stores.iter().any(|store| kept.is_in(store)) {
                stores.push(&kept.store);
            }
        }
        stores
    }

    /// The names that calls ask by: of a default body those of the types that have results.
    fn names<'n>(&'n self, stored: &'n Stored) -> BTreeSet<&'n str> {
        let names = self.entries.iter().flat_map(|kept| kept.functions());
        let names: BTreeSet<&str> =
            names.filter(|name| stored.name != *name && stored.is_named(name)).collect();
        if names.is_empty() { BTreeSet::from([stored.name.as_str()]) } else { names }
    }
}

/// The codes whose results may be meant, the newest first: without `--from` only that of the last result.
fn candidates<'v>(state: &State<'v>, stored: &Stored, arguments: &Arguments) -> Vec<Candidate<'v>> {
    let mut found: Vec<Candidate<'v>> = Vec::new();
    for &kept in state.entries.iter().rev() {
        let results = kept.entry.header.fingerprint;
        let is_present = owners::fingerprints(stored).any(|code| code == *results.as_bytes());
        if is_present || !is_from(&arguments.from, results) {
            continue;
        }
        match found.iter_mut().find(|candidate| candidate.results == results) {
            Some(candidate) => candidate.entries.push(kept),
            None => found.push(Candidate { results, entries: vec![kept] }),
        }
    }
    if arguments.from.is_empty() {
        found.truncate(1);
    }
    found
}

/// The present codes that results serve, and the shape that both have; the reason where that is not certain.
fn serves(
    stored: &Stored,
    candidate: &Candidate<'_>,
) -> Result<(Vec<Fingerprint>, checkpointing::Shape), String> {
    let before = candidate.entries.iter().find_map(|kept| compare::before(kept));
    let before: Closure =
        before.ok_or("the store does not have what the code was that computed its results")?;
    let Some(shape) = before.shape() else {
        return Err(String::from(
            "the store does not know the shape of its results, since they were stored by another version, or their type was not seen",
        ));
    };
    let present =
        stored.shape.as_ref().map_err(|reason| format!("the shape of its result is not known: {reason}"))?;
    if shape != *present {
        return Err(String::from(
            "the type of its result has another shape now, or what it holds is written in another way",
        ));
    }
    if compare::is_watched(&before) {
        return Err(String::from(
            "the build script watches files, so that the fingerprint of its code is not known here",
        ));
    }
    let fingerprint = |hex: &str| blake3::Hash::from_hex(hex).map(|hash| Fingerprint::new(hash.into()));
    let codes = (fingerprint(&stored.fingerprint), fingerprint(&stored.test_fingerprint));
    let (Ok(usual), Ok(test)) = codes else { return Err(String::from("its fingerprint cannot be read")) };
    let codes = match (before.builds(), usual == test) {
        (Builds::Test, true) => {
            return Err(String::from(
                "its results are those of code under `cfg(test)`, which was another then",
            ));
        }
        (Builds::Test, false) => vec![test],
        (Builds::NotTest, _) | (Builds::All, true) => vec![usual],
        (Builds::All, false) => vec![usual, test],
    };
    Ok((codes, shape))
}

fn answer(
    found: Found<'_>,
    function: &str,
    candidate: Option<&Candidate<'_>>,
    outcome: &Outcome,
    arguments: &Arguments,
    terminal: &mut Terminal,
) -> Result<()> {
    let entries = candidate.map_or(0, |candidate| candidate.entries.len());
    if arguments.compared.format == Format::Json {
        return terminal.json(&Row {
            function: found.path(),
            results: candidate.map(|candidate| candidate.results.to_string()),
            fingerprints: outcome.iter().flatten().map(ToString::to_string).collect(),
            entries,
            accepted: outcome.is_ok() && !arguments.dry_run,
            refused: outcome.as_ref().err().map(String::as_str),
        });
    }
    let function = terminal.paint(HEADER, function);
    match (outcome, candidate) {
        (Ok(codes), Some(candidate)) => {
            let codes: Vec<String> = codes.iter().map(|code| short(*code)).collect();
            let results = if entries == 1 { "1 result".to_owned() } else { format!("{entries} results") };
            let does = match (arguments.dry_run, entries) {
                (true, _) => "would serve",
                (false, 1) => "now also serves",
                (false, _) => "now also serve",
            };
            let (from, codes) = (short(candidate.results), codes.join(" and "));
            writeln!(terminal, "{function}: {results} of code {from} {does} code {codes}")?;
        }
        (Err(reason), _) => writeln!(terminal, "{function}: not accepted: {reason}")?,
        (Ok(_), None) => {}
    }
    let Some(last) = candidate.and_then(|candidate| candidate.entries.first()) else { return Ok(()) };
    let changes = why::changes(found, &Comparison::with(found, last)).unwrap_or_default();
    changes.iter().try_for_each(|change| why::told(change, terminal))
}
