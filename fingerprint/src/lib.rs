//! Fingerprints of functions and of everything that they can reach, for build scripts.
//!
//! `build.rs` is one line in `main`:
//!
//! ```no_run
//! checkpointing_fingerprint::emit();
//! ```
//!
//! The pass is a list of stages, each a module that knows only the ones before it: `project` (what is
//! built), `walk` (its source files), `lower` (each file as plain data), `expand` (what macro calls stand
//! for), `link` (names resolved), `facts` (what each item leads to and does, kept between passes), `close`
//! (what a function can reach), `hash` (fingerprints), `shape` (what their results look like), `stored` (how
//! a store names them), `emit` (the table).

mod close;
mod content;
mod effects;
mod emit;
mod error;
mod expand;
mod facts;
mod graph;
mod handover;
mod hash;
mod ir;
mod link;
mod lint;
mod lower;
mod marks;
mod notes;
mod pass;
mod project;
mod shape;
mod stored;
#[cfg(test)]
mod tests;
mod walk;

pub use checkpointing_closure::{Builds, Change, Changes, Closure, Item, Shape};
pub use close::NodeSet;
pub use emit::{Config, emit};
pub use error::Error;
pub use graph::{Function, Graph, GraphLint, GraphNode, GraphNote, GraphOptions};
pub use stored::Stored;
