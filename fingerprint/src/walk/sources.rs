//! Describes the files that were loaded, and how they hang together. Not how they are found.

use super::{Code, Key};
use crate::ir;
use crate::lower::Expansion;
use crate::project::Target;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

/// All files that were read, and how they hang together.
pub(crate) struct Sources {
    pub(crate) files: Vec<SourceFile>,
    pub(crate) crates: Vec<CrateSource>,
    /// How many files were parsed in this pass; the rest came from the cache.
    pub(crate) parsed: usize,
    /// How many of the files were read from disk; those behind them are expansions of macros.
    pub(crate) read: usize,
    /// Names of the standard library's macros and derives that mean something else here.
    pub(crate) distrusted: BTreeSet<String>,
}

impl Sources {
    pub(crate) fn item(&self, place: MacroPlace) -> &ir::Item {
        let file = self.crates[place.krate].modules[place.module].file;
        &self.files[file].lowered.items[place.item.0 as usize]
    }
}

/// A macro's definition: crate, module of it, item of the module's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct MacroPlace {
    pub(crate) krate: usize,
    pub(crate) module: usize,
    pub(crate) item: ir::ItemIdx,
}

pub(crate) struct SourceFile {
    pub(crate) path: PathBuf,
    /// Index into the packages of the project.
    pub(crate) package: usize,
    pub(crate) text: Text,
    /// With the heads of its functions.
    pub(crate) lowered: ir::File,
    pub(crate) code: Code,
    /// What it was made from, and where it stands.
    pub(crate) key: Key,
}

impl SourceFile {
    /// The item's outline.
    pub(crate) fn item(&self, index: ir::ItemIdx) -> &ir::Item {
        let item = &self.lowered.items[index.0 as usize];
        if item.is_head() { self.code.outline(index).unwrap_or(item) } else { item }
    }

    /// The whole item.
    pub(crate) fn code(&self, index: ir::ItemIdx) -> &ir::Item {
        let item = &self.lowered.items[index.0 as usize];
        if item.is_outline() { self.code.get(index).unwrap_or(item) } else { item }
    }
}

/// What a file was lowered from.
#[derive(Clone)]
pub(crate) enum Text {
    File(Arc<str>),
    Expansion(Arc<Expansion>),
    /// Nobody asks for it.
    Gone,
}

/// One crate: a tree of files.
#[derive(Debug)]
pub(crate) struct CrateSource {
    pub(crate) package: usize,
    pub(crate) target: Target,
    /// `modules[0]` is the crate's root.
    pub(crate) modules: Vec<ModuleSource>,
}

/// A file that stands as a module, or as items of one (`include!`).
#[derive(Debug)]
pub(crate) struct ModuleSource {
    /// Index into [`Sources::files`].
    pub(crate) file: usize,
    /// For every `mod name;` and `include!` in the file: the modules that stand for it. More than one
    /// where a cfg decides; none where the file is missing. And the expansions of macro calls.
    pub(crate) children: BTreeMap<ir::ItemIdx, Vec<usize>>,
    /// The macros that made it, where this is the expansion of a macro call.
    pub(crate) expands: Vec<MacroPlace>,
}

/// A missing module file, or one that could not be read.
pub(crate) struct Missing {
    pub(crate) file: PathBuf,
    pub(crate) line: u32,
    pub(crate) message: String,
}
