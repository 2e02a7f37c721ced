//! Describes tokens as plain data: what a `macro_rules!` holds, what a macro call is given, and what an
//! expansion consists of.

use super::Name;
use serde::{Deserialize, Serialize};

/// One token tree.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Token {
    /// As written, `r#` included. Keywords are identifiers, and so is `_`.
    Ident(String),
    /// One character of an operator, and whether the next one follows without a space. A lifetime is a
    /// joint `'` and an identifier.
    Punct(char, bool),
    /// As written.
    Literal(String),
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
