//! Describes an item's skeleton: its canonical text and the references that stand in its holes.

use super::{BlockScope, ExprIdx, Name, TyIdx};
use serde::{Deserialize, Serialize};

/// Index into [`Skeleton::refs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RefIdx(pub u32);

/// The canonical form of one item (design 3.1).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Skeleton {
    /// Tokens, with one space between two. [`Skeleton::HOLE`] stands for the next of `refs`; every
    /// expression that has operands is enclosed, so that parentheses in the source add nothing.
    pub text: String,
    /// In order of their holes. Those behind the last hole (our own attribute) leave no trace in the
    /// text: they are followed, and the text is hashed without them.
    pub refs: Vec<Ref>,
    /// The line of each of `refs`, from 1: for messages, never hashed.
    pub lines: Vec<u32>,
    /// Where a function's result type stands in `text`, in bytes; of an alias the type that it is for.
    pub result: Option<(u32, u32)>,
    /// Where a function's signature ends in `text`, in bytes.
    pub signature: Option<u32>,
    /// Where the options of its mark stand that shape the key.
    pub options: Option<(u32, u32)>,
}

impl Skeleton {
    /// Stands in `text` for a reference. No token contains it: in a literal it is escaped.
    pub const HOLE: char = '\u{1}';
}

/// Something that an item mentions and that only later stages can look up.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Ref {
    Path(PathRef),
    /// The macro of a call whose expansion stands in the text.
    Expanded(PathRef),
    /// `.name(..)`: the name itself is in the text.
    Method {
        name: Name,
        scope: BlockScope,
        /// The receiver in the item's body; `None` inside the tokens of an unknown macro.
        receiver: Option<ExprIdx>,
    },
    /// A string in the input of a procedural macro: perhaps a path to an item, or to a file.
    Text {
        text: String,
        scope: BlockScope,
    },
    /// `include_str!`, `include_bytes!`, `include!` in an expression.
    File {
        macro_: FileMacro,
        arg: FileArg,
    },
    /// `env!` (`optional: false`) and `option_env!`.
    Env {
        name: String,
        optional: bool,
    },
    /// A `cfg` predicate inside the item that cannot be evaluated, canonical.
    Cfg(String),
    /// The item's own place shows in the result.
    Shown(Shown),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shown {
    /// `module_path!()`
    ModulePath,
    /// `file!()`; `line!()` and `column!()` stand in the text as numbers.
    File,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileMacro {
    Str,
    Bytes,
    Rust,
}

/// The argument of an `include` macro.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileArg {
    /// `"../data.txt"`, relative to the file that holds the call.
    Literal(String),
    /// `concat!(env!("OUT_DIR"), "/x.rs")`: a variable and what follows it.
    Variable { name: String, rest: String },
    /// Anything else: cannot be followed.
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Namespace {
    Type,
    Value,
    Macro,
    /// In tokens: whatever has that name.
    Any,
}

/// What a path starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Anchor {
    /// A name in scope.
    Plain,
    /// `::a`
    Global,
    /// `crate::a`, and `$crate::a` in a `macro_rules!` body.
    Crate,
    /// `self::a`; `Super(0)`.
    ///
    /// `super::super::a` is `Super(2)`.
    Super(u32),
    /// `Self` and `Self::a`
    SelfType,
    /// `T` and `T::a`: a generic parameter, numbered as in [`super::Generics`].
    Generic(u32),
    /// `<T>::a` and `<T as Trait>::a`: the type, and how many of the segments name the trait.
    Qualified { ty: TyIdx, trait_len: u32 },
}

/// A path as written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathRef {
    pub anchor: Anchor,
    /// Without generic arguments (their types have holes of their own, behind this one).
    pub segments: Vec<Name>,
    pub namespace: Namespace,
    pub scope: BlockScope,
    /// The path's own words stand in the text before the hole (tokens of macros); where false, the
    /// text has only the hole and the later stages say what the path counts as.
    pub in_text: bool,
    /// It may be no path at all: an identifier among tokens, or an identifier pattern that may
    /// name a const. Nothing follows when it does not resolve.
    pub uncertain: bool,
    /// In `dyn Trait`: every impl of the trait can stand behind it.
    pub is_dyn: bool,
}
