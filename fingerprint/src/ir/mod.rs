//! Describes one lowered source file as plain, serialisable data: what `lower` writes and every
//! later stage reads. No syn type appears here, and nothing here resolves a name.
//!
//! A file is an arena of items. An item is its *skeleton* (canonical text with numbered locals, and
//! a hole for every reference) plus what name resolution and type inference need: its signature and
//! a tree of its expressions. The skeleton alone decides what is hashed; the tree only narrows what
//! a method call can mean, so anything the tree does not know is [`Expr::Unknown`] or
//! [`Ty::Unknown`] and never an error.

mod body;
mod digest;
mod hash;
mod outline;
mod refs;
mod tokens;

pub use body::{Body, Expr, ExprIdx, Jump, Literal, MatchArm, Pat, PatIdx, Stmt, Ty, TyIdx};
pub use hash::Hash;
pub use outline::Head;
pub use refs::{Anchor, FileArg, FileMacro, Namespace, PathRef, Ref, RefIdx, Shown, Skeleton};
pub use tokens::{At, BodyCall, Call, DOLLAR_CRATE, Definition, Delimiter, Fragment, Position, Step, Token};

use serde::{Deserialize, Serialize};

/// Index into [`File::names`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Name(pub u32);

impl Name {
    /// What serde calls it.
    const SERIALIZED: &str = "Name";
}

/// Index into [`File::items`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ItemIdx(pub u32);

/// A block of a body that holds items: a scope of names without a name of its own.
///
/// 0 is the scope that the item itself stands in; `n` is `scopes[n - 1]` of the item's [`Body`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BlockScope(pub u32);

/// One source file, lowered.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct File {
    /// Every identifier of the file, once. Raw identifiers are stored without `r#`.
    pub names: Vec<String>,
    /// All items of the file: of its modules, impls, traits and blocks.
    pub items: Vec<Item>,
    /// The items that stand in the file's own module, in source order.
    pub root: Vec<ItemIdx>,
    /// `#![no_implicit_prelude]`, `#![no_std]` and the like change what unresolved names mean.
    pub no_implicit_prelude: bool,
    /// Macros of the standard library that this file calls by a plain name (`vec`, `println`), and
    /// whose arguments were therefore read as expressions. Sorted. Where one of these names turns
    /// out to be another macro, the file is lowered again with the name distrusted.
    pub trusted_macros: Vec<String>,
    /// What could not be analysed. The item concerned is `whole`.
    pub notes: Vec<Note>,
    /// The hash of all that other items can see of the items.
    pub outlines: Hash,
}

impl File {
    /// The file could not be parsed: it is one opaque item.
    pub fn is_opaque(&self) -> bool {
        matches!(self.items.as_slice(), [Item { kind: ItemKind::Opaque { .. }, .. }])
    }
}

/// Something that was taken whole because it could not be analysed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Note {
    pub line: u32,
    pub message: String,
}

/// Where an item stands. Lines and columns count from 1; a column counts characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Line of the item's name (of its first token where it has none).
    pub line: u32,
    /// Column of the item's name.
    pub column: u32,
    /// First and last line, attributes included.
    pub start_line: u32,
    pub end_line: u32,
}

/// In which builds an item exists, as far as `cfg(test)` decides it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum World {
    /// In both.
    #[default]
    Any,
    /// `#[cfg(test)]`, `#[test]` and `#[bench]`.
    Test,
    /// `#[cfg(not(test))]`.
    NotTest,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Visibility {
    Private,
    /// `pub(crate)`, `pub(super)`, `pub(in ..)`: taken as visible in the whole crate.
    Crate,
    Public,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Item {
    pub kind: ItemKind,
    /// `None` for impls, uses, macro calls, foreign modules and `const _`.
    pub name: Option<Name>,
    pub place: Place,
    pub visibility: Visibility,
    pub world: World,
    /// Predicates of `cfg` that cannot be evaluated here (`has_cuda`, `debug_assertions`), as
    /// canonical text, on the item itself or on a module around it in the same file. Sorted.
    pub unknown_cfgs: Vec<String>,
    pub mark: Option<Mark>,
    /// Attributes that may be procedural macros, by their reference in the skeleton. Where one of
    /// them is not our own mark, the item counts with `verbatim`.
    pub attributes: Vec<RefIdx>,
    /// Hash of the item's tokens as written (docs and visibility too, spacing and comments not).
    pub verbatim: Hash,
    /// The skeleton is the item's whole text: something in it could not be analysed, or a
    /// procedural macro sees it.
    pub whole: bool,
    /// The skeleton has tokens that the tree of expressions does not: arguments of an unknown macro.
    pub unread: bool,
    pub skeleton: Skeleton,
    pub body: Body,
    /// Macro calls in the body whose tokens were not read.
    pub calls: Vec<BodyCall>,
}

impl Item {
    /// Says that a macro made it, whose call stands there. What a macro makes cannot be marked: the macro's place is
    /// not the function's.
    pub fn put_at(&mut self, call: Place) {
        (self.place, self.mark) = (call, None);
        self.skeleton.lines.fill(call.line);
    }

    /// Whether an attribute or a derive of it may be a procedural macro.
    pub fn is_seen_by_macro(&self) -> bool {
        self.whole && !self.attributes.is_empty()
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum ItemKind {
    Fn(Fn),
    /// Also an associated const.
    Const {
        ty: Option<TyIdx>,
        value: Option<ExprIdx>,
    },
    Static {
        ty: TyIdx,
        value: Option<ExprIdx>,
        mutable: bool,
    },
    Struct {
        generics: Generics,
        fields: Fields,
    },
    Union {
        generics: Generics,
        fields: Fields,
    },
    Enum {
        generics: Generics,
        variants: Vec<Variant>,
    },
    /// Also an associated type, of an impl or (with `ty: None` or a default) of a trait.
    TypeAlias {
        generics: Generics,
        ty: Option<TyIdx>,
        bounds: Vec<TyIdx>,
    },
    Trait {
        generics: Generics,
        supertraits: Vec<TyIdx>,
        items: Vec<ItemIdx>,
    },
    /// `trait A = B + C;`
    TraitAlias {
        generics: Generics,
        bounds: Vec<TyIdx>,
    },
    Impl(Impl),
    Mod(Mod),
    Use(Vec<UseLeaf>),
    ExternCrate {
        krate: Name,
        macro_use: bool,
    },
    /// `macro_rules!` and `macro`.
    Macro {
        exported: bool,
        definition: Definition,
    },
    /// A macro call in item position: until it is expanded it may define anything.
    MacroCall {
        path: RefIdx,
        idents: Vec<Name>,
        call: Call,
    },
    /// `include!("..")` in item position: the file's items stand here.
    Include(FileArg),
    /// `extern "C" { .. }`
    ForeignMod {
        items: Vec<ItemIdx>,
    },
    /// Tokens that could not be read as an item.
    Opaque {
        idents: Vec<Name>,
    },
}

#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Fn {
    pub generics: Generics,
    pub receiver: Option<Receiver>,
    /// Without the receiver.
    pub params: Vec<Param>,
    pub ret: Option<TyIdx>,
    /// The body's block; `None` for a declaration.
    pub block: Option<ExprIdx>,
    pub is_async: bool,
    pub is_const: bool,
    /// `#[no_mangle]`, `#[export_name]`: foreign code, or an `extern` block, can call it.
    pub exported_symbol: bool,
    /// Why a result of this function cannot be cached, where the signature alone tells.
    pub obstacle: Option<Obstacle>,
    /// How much of the item belongs to what stands before the block.
    pub signature: Signature,
    /// The other fields but for `block` and `exported_symbol` are not filled in.
    pub is_head: bool,
}

/// The first so many of an item's types, patterns and references.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    pub types: u32,
    pub pats: u32,
    pub refs: u32,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Param {
    pub pat: PatIdx,
    pub ty: TyIdx,
    /// The name, where the pattern is one.
    pub name: Option<Name>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Receiver {
    /// `&self`, `&mut self`, `self`, or the type in `self: Rc<Self>`.
    pub ty: TyIdx,
}

/// What makes a signature impossible to cache.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Obstacle {
    /// The named argument is `&mut`.
    MutableArgument(String),
    /// The result has a reference or a lifetime other than `'static`.
    BorrowedResult,
    /// `-> impl Trait`
    OpaqueResult,
    /// `...`
    Variadic,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Generics {
    /// Number of the first parameter: those of an impl or trait around come before it.
    pub first: u32,
    /// Types and consts, in order; lifetimes are not listed.
    pub params: Vec<GenericParam>,
    /// `where` clauses and inline bounds alike: (bounded type, bounds).
    pub bounds: Vec<(TyIdx, Vec<TyIdx>)>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GenericParam {
    pub name: Name,
    pub is_const: bool,
    pub default: Option<TyIdx>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Fields {
    Unit,
    /// Public or not, in order.
    Tuple(Vec<TyIdx>),
    Named(Vec<(Name, TyIdx)>),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Variant {
    pub name: Name,
    pub fields: Fields,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Impl {
    pub generics: Generics,
    /// The trait as a [`Ty::Path`].
    pub of_trait: Option<TyIdx>,
    pub negative: bool,
    pub self_ty: TyIdx,
    /// Functions, consts, types (as [`ItemKind::TypeAlias`]) and macro calls.
    pub items: Vec<ItemIdx>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Mod {
    /// `None`: in a file of its own.
    pub items: Option<Vec<ItemIdx>>,
    /// `#[path = ".."]`; with `cfg_attr`, every one that may hold.
    pub paths: Vec<String>,
    /// A cfg that is not known here decides over every one of them: the usual place may hold too.
    pub may_be_usual: bool,
    pub macro_use: bool,
    pub no_implicit_prelude: bool,
}

/// One name of a `use` tree.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UseLeaf {
    pub anchor: Anchor,
    /// Without a trailing `self`.
    pub segments: Vec<Name>,
    pub import: Import,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Import {
    /// Under this name (the last segment or the one after `as`).
    Named(Name),
    /// `as _`
    Unnamed,
    Glob,
    /// `use a::b::{self}`: the module only, under this name.
    SelfNamed(Name),
}

/// Our own mark on a function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    pub kind: MarkKind,
    /// In source order.
    pub options: Vec<MarkOption>,
    /// What is wrong with it; reported by the build script where the macro cannot.
    pub error: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MarkKind {
    /// A doc attribute: the call says that it is cached.
    Doc,
    /// `#[checkpoint]`, by its reference in the skeleton, which is behind those of the code, and its path: link says
    /// whether it is ours.
    Attribute(RefIdx, PathRef),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkOption {
    pub name: String,
    pub value: MarkValue,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MarkValue {
    /// `directory = "x/y"`, `on_error = raise`, `version = 3`: without the quotes.
    Literal(String),
    /// `ignore(a, b)`, `allow(clock)`
    Names(Vec<String>),
    /// `extra = expr`: in the skeleton.
    Expression,
}
