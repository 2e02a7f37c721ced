//! Shows what went wrong, so that it is seen: through `log`, or on stderr without a logger.

use crate::error::Error;
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

/// The target of all records.
pub(crate) const TARGET: &str = "checkpointing";

/// Says an error once for each function and kind.
pub(crate) fn warn(function: &str, error: &Error) {
    static SAID: Mutex<Option<HashSet<(String, &'static str)>>> = Mutex::new(None);
    let mut said = SAID.lock().unwrap_or_else(PoisonError::into_inner);
    if said.get_or_insert_default().insert((function.to_owned(), error.kind())) {
        drop(said);
        say(&error.to_string());
    }
}

/// Says something that the user should see.
pub(crate) fn say(message: &str) {
    // Every logger raises the level from `Off` when it is installed.
    if log::max_level() == log::LevelFilter::Off {
        eprintln!("warning: checkpointing: {message}");
    } else {
        log::warn!(target: TARGET, "{message}");
    }
}
