//! Describes tokens as plain data: what a `macro_rules!` holds, what a macro call is given, and what an
//! expansion consists of.

use super::{BlockScope, Name, RefIdx};
use serde::{Deserialize, Serialize};

/// Which step of an expansion wrote a word; 0 is what stands in the text that is read. Locals and labels
/// of one spelling are different ones where their steps differ.
pub type Step = u32;

/// One token tree.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Token {
    /// As written, `r#` included. Keywords are identifiers, and so is `_`.
    Ident(String, Step),
    /// One character of an operator, and whether the next one follows without a space. A lifetime is a
    /// joint `'` and an identifier.
    Punct(char, bool),
    /// As written.
    Literal(String, Step),
    Group(Delimiter, Vec<Token>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Delimiter {
    Paren,
    Brace,
    Bracket,
    /// Invisible: what a metavariable of this kind stood for.
    Fragment(Fragment),
}

/// What a metavariable of `macro_rules!` matches, where that stays one thing when it is passed on.
///
/// `$x:ident`, `$x:lifetime` and `$x:tt` are plain tokens again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Fragment {
    Block,
    Expr,
    Item,
    Literal,
    Meta,
    Pat,
    Path,
    Stmt,
    Ty,
    Vis,
}

/// A macro call in a body (an expression, a statement, a pattern, a type) that is read as its tokens.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BodyCall {
    pub path: RefIdx,
    pub at: At,
    pub scope: BlockScope,
    pub tokens: Vec<Token>,
}

/// Where the path of a macro call begins in the text that is read: line and column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct At(pub u32, pub u32);

/// Where a macro call in item position stands, and what it is given.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Call {
    pub tokens: Vec<Token>,
    pub position: Position,
    /// Generic parameters and lifetimes of the impl or trait around, in order.
    pub types: Vec<Name>,
    pub lifetimes: Vec<Name>,
}

/// What kind of items a call stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Position {
    #[default]
    Module,
    Impl,
    Trait,
    /// `extern "C" { .. }`
    Foreign,
}

/// The tokens between the braces of a `macro_rules!`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Definition {
    /// Empty where there are no rules to be read (`macro m() {}`).
    pub tokens: Vec<Token>,
    /// `#[macro_export(local_inner_macros)]`: calls in it are looked up where it is defined.
    pub local_inner_macros: bool,
}

/// `$crate` of the crate that an expansion stands in; with `_name` behind it, of the library of that name.
pub const DOLLAR_CRATE: &str = "__checkpointing_crate";
