//! Builds, edits and runs real packages with the real cargo.
//!
//! A [`Case`] is data: files, an edit, and what must happen. A [`batch`] writes many cases into one
//! generated workspace, so that cargo is started twice for all of them and not twice for each.

pub mod batch;
pub mod cargo;
pub mod case;
mod judge;
mod place;
pub mod table;
pub mod workspace;

pub use case::{Case, Expect, limit, rerun, says, skip, stops};
