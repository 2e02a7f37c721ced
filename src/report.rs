//! Shows what went wrong, so that it is seen: through `log`, or on stderr without a logger.

use crate::config;
use crate::error::Error;
use crate::event::Event;
use log::Level;
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

/// The target of all records.
pub(crate) const TARGET: &str = "checkpointing";

/// Tells what happens to a call, to the logger and to the program's observer.
pub(crate) fn tell(level: Level, event: &Event<'_>) {
    log::log!(target: TARGET, level, "{event}");
    observe(event);
}

/// Tells the program's observer alone.
pub(crate) fn observe(event: &Event<'_>) {
    if let Some(observer) = &config::settings().observer {
        (observer.0)(event);
    }
}

/// Whether anybody wants to know why there is no result.
pub(crate) fn wants_reasons() -> bool {
    log::log_enabled!(target: TARGET, Level::Info) || config::settings().observer.is_some()
}

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
