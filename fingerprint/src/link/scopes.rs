//! Describes scopes: modules, and blocks that hold items, with the names that they define and import.

use super::collect::ItemId;
use super::symbols::Sym;
use crate::ir::{self, Namespace, Visibility};
use std::collections::HashMap;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ScopeId(pub(crate) u32);

/// What a name in a scope stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Definition {
    Item(ItemId),
    Module(ScopeId),
}

pub(super) struct Named {
    pub(super) definition: Definition,
    pub(super) visibility: Visibility,
    /// Holds in every build: nothing else can be meant.
    pub(super) certain: bool,
}

/// One `use` of a name, or `extern crate`.
pub(super) struct ImportEntry {
    pub(super) anchor: ir::Anchor,
    pub(super) segments: Vec<Sym>,
    pub(super) visibility: Visibility,
    pub(super) certain: bool,
    /// The `use`, where a cfg decides whether it holds: what it means depends on that.
    pub(super) decided_by: Option<ItemId>,
    /// `{self}`: the module only.
    pub(super) module_only: bool,
    /// `extern crate a`: `a` is a crate, whatever else has that name.
    pub(super) extern_crate: bool,
}

#[derive(Default)]
pub(super) struct Scope {
    pub(super) krate: u32,
    pub(super) parent: Option<ScopeId>,
    /// A module's name.
    pub(super) name: Option<Sym>,
    /// The item whose block this is.
    pub(super) of_item: Option<ItemId>,
    pub(super) is_module: bool,
    pub(super) no_implicit_prelude: bool,
    pub(super) names: HashMap<(Namespace3, Sym), Vec<Named>>,
    pub(super) imports: HashMap<Sym, Vec<ImportEntry>>,
    pub(super) globs: Vec<ImportEntry>,
    /// `use a::Trait as _`
    pub(super) unnamed: Vec<ImportEntry>,
    /// Items that may define any name among their tokens.
    pub(super) opaque: Vec<ItemId>,
    /// Items that procedural macros see, which may define more beside them.
    pub(super) derived: Vec<ItemId>,
}

/// The three namespaces of Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Namespace3 {
    Type,
    Value,
    Macro,
}

impl Namespace3 {
    pub(super) fn of(namespace: Namespace) -> &'static [Namespace3] {
        match namespace {
            Namespace::Type => &[Namespace3::Type],
            Namespace::Value => &[Namespace3::Value],
            Namespace::Macro => &[Namespace3::Macro],
            Namespace::Any => &[Namespace3::Type, Namespace3::Value, Namespace3::Macro],
        }
    }
}
