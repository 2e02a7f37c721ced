//! Infers the types of expressions, where they are certain; the rest stays unknown and widens.
//!
//! One walk over a body, in the order in which rustc checks it: `walk` and its neighbours (`flow`,
//! `paths`, `calls`, `methods`, `operators`, `patterns`) give every expression a type; `vars` unifies
//! what later statements decide; `convert` reads written types, `bounds` and `project` what bounds
//! and impls say of them; `known` has the tables of the standard library. `receivers` answers
//! what the rest of `link` asks: where the methods of an expression are found.

mod bounds;
mod calls;
mod convert;
mod deref;
mod flow;
mod known;
mod methods;
mod operators;
mod paths;
mod patterns;
mod probe;
mod project;
mod receivers;
#[cfg(test)]
mod tests;
mod ty;
mod vars;
mod walk;

pub(super) use known::{ITERATOR, is_in_prelude, is_prelude, is_primitive, is_whole};
pub(super) use receivers::Types;
pub(super) use ty::Type;
