//! Lowers one source file to plain data: parses it, and writes every item's skeleton, references and
//! what name resolution needs. Never fails: what cannot be read is taken whole.

mod arena;
mod associated;
mod attributes;
mod blocks;
mod bodies;
mod cfg;
mod compound;
mod context;
mod expansion;
mod exprs;
mod fields;
mod format;
mod functions;
mod generics;
mod head;
mod included;
mod item_macros;
mod items;
mod literals;
mod macros;
mod marks;
mod names;
mod opaque;
mod paths;
mod pats;
mod plain;
mod print;
mod scope;
mod stack;
#[cfg(test)]
mod tests;
mod tokens;
mod types;
mod uses;
mod verbatim;
mod weak;
mod writer;

pub use attributes::is_std_derive;
pub use bodies::{Expanded, Expansions};
pub use cfg::CfgEnv;
pub use expansion::{Expansion, lower_expansion};
pub use macros::is_std_macro;
pub use plain::fragment_length;
pub use print::called_path;
pub use stack::with_big_stack;
pub use verbatim::with_tokens;

use crate::ir;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// An edition of the language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Edition {
    E2015,
    E2018,
    #[default]
    E2021,
    E2024,
}

impl Edition {
    /// Reads `2021`; an edition that is not known counts as the newest.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text {
            "2015" => Self::E2015,
            "2018" => Self::E2018,
            "2021" => Self::E2021,
            _ => Self::E2024,
        }
    }
}

/// What lowering a file depends on beside its text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Settings {
    pub edition: Edition,
    pub cfg: CfgEnv,
    /// Names of the standard library's macros and derives that mean something else in this file.
    pub distrusted_macros: BTreeSet<String>,
}

/// Lowers a file. Parse errors make it one opaque item with a note.
#[must_use]
pub fn lower(source: &str, settings: &Settings) -> ir::File {
    lower_expanded(source, settings, &Expansions::new())
}

/// Lowers a file some of whose macro calls in bodies are expanded.
#[must_use]
pub fn lower_expanded(source: &str, settings: &Settings, expansions: &Expansions) -> ir::File {
    // Neither counts for the columns that rustc shows.
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let flat = verbatim::Flat::new(source);
    if flat.depth > stack::LIMIT {
        return opaque::file(source, &flat, 1, "the code is nested too deeply to be analysed");
    }
    let result = guarded(|| Some(parse_and_lower(source, settings, flat, expansions)));
    let opaque = |line, message: &str| opaque::file(source, &verbatim::Flat::new(source), line, message);
    match result {
        Some(Ok(file)) => file,
        Some(Err((line, message))) => opaque(line, &message),
        None => opaque(1, "the parser failed on this file"),
    }
}

/// Runs the parser with enough stack; nothing when it fails.
fn guarded<R: Send>(work: impl FnOnce() -> Option<R> + Send) -> Option<R> {
    stack::with_big_stack(|| {
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
        // Spans of this thread would be kept for as long as it lives.
        proc_macro2::extra::invalidate_current_thread_spans();
        result.ok().flatten()
    })
}

fn parse_and_lower(
    source: &str,
    settings: &Settings,
    flat: verbatim::Flat,
    expansions: &Expansions,
) -> Result<ir::File, (u32, String)> {
    let file = syn::parse_file(source)
        .or_else(|error| weak::parse_file(source).ok_or(error))
        .map_err(|error| (error.span().start().line as u32, format!("cannot be parsed: {error}")))?;
    Ok(items::file(source, settings, &file, flat, expansions))
}
