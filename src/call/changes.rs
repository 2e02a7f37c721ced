//! Keeps beside results what their code consisted of, and says at a miss which of it changed.
//!
//! This only explains. Whatever goes wrong here costs the explanation, and is a `debug` record.

use super::known::Known;
use crate::fingerprint::Fingerprint;
use crate::report;
use crate::store::{Store, StoreError};
use checkpointing_closure::{Closure, Closures, Unreadable};
use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
enum Unknown {
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("{path}: {source}")]
    File { path: PathBuf, source: std::io::Error },
    #[error("{path}: {source}")]
    Closures { path: PathBuf, source: Unreadable },
    #[error("{0}")]
    Stored(Unreadable),
}

/// Which code changed since a function's last result was stored, in a sentence; `None` when none did.
pub(super) fn since_last(known: &Known, store: &dyn Store) -> Option<String> {
    let find = || -> Result<Option<String>, Unknown> {
        let function = &known.function;
        let now = Fingerprint::new(function.fingerprint());
        let Some(last) = store.last_fingerprint(&known.name())?.filter(|last| *last != now) else {
            return Ok(None);
        };
        let (Some(before), Some(after)) = (store.closure(&last)?, closure(known)?) else {
            return Ok(None);
        };
        let before = Closure::decode(&before).map_err(Unknown::Stored)?;
        Ok(Some(before.changes(&after).to_string()))
    };
    find().unwrap_or_else(|error| {
        log::debug!(target: report::TARGET, "what changed in {} is not known: {error}", known.function.path);
        None
    })
}

/// Keeps a function's closure in a store that has its result, unless it is there.
pub(super) fn keep(known: &Known, store: &dyn Store) {
    let keep = || -> Result<(), Unknown> {
        let function = &known.function;
        let now = Fingerprint::new(function.fingerprint());
        let name = known.name();
        if store.last_fingerprint(&name)? != Some(now)
            && let Some(closure) = closure(known)?
        {
            store.put_closure(&name, &now, &closure.encode())?;
        }
        Ok(())
    };
    if let Err(error) = keep() {
        log::debug!(target: report::TARGET, "what {} consists of is not kept: {error}", known.function.path);
    }
}

/// What the build script recorded. `None` when the program runs where it was not built.
fn closure(known: &Known) -> Result<Option<Closure>, Unknown> {
    let path = PathBuf::from(known.function.table.closures);
    let file = match std::fs::read(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(Unknown::File { path, source }),
    };
    Closures::find(&file, &known.function.fingerprints).map_err(|source| Unknown::Closures { path, source })
}
