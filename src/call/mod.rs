//! Calls functions through the cache: what the macros expand to, and what works without them.

pub(crate) mod arity;
mod changes;
pub(crate) mod directive;
pub(crate) mod handle;
pub(crate) mod job;
pub(crate) mod kept;
pub(crate) mod known;
pub(crate) mod outcome;
mod record;
pub(crate) mod run;
pub(crate) mod session;
pub(crate) mod site;
pub(crate) mod stats;
pub(crate) mod verbs;

#[cfg(all(test, unix))]
mod killed_tests;

pub use known::stats;

use crate::error::Error;
use crate::fingerprint::Fingerprint;
use crate::table::TableRef;
use arity::{Arguments, Function, Given};
use directive::Mode;
use kept::kept;
use outcome::{Fallible, Plain, Storable};
use site::Site;
use std::any::type_name;

/// Calls a marked function through the cache, as [`cached!`](crate::cached) does, without a macro.
///
/// The table is that of the calling package, [`table!()`](crate::table); the arguments are a tuple.
/// A result that is a `Result` is stored whole, with its errors: [`try_call`] stores only `Ok`.
///
/// # Errors and panics
/// What goes wrong with caching is handled as `on_error` says (by default a warning, and the function
/// runs). Panics of the function propagate.
///
/// ```standalone_crate
/// use checkpointing::{Table, TableRef, call};
/// use std::sync::atomic::{AtomicUsize, Ordering};
///
/// static RUNS: AtomicUsize = AtomicUsize::new(0);
///
/// fn calc(a: i64, b: i64) -> i64 {
///     RUNS.fetch_add(1, Ordering::Relaxed);
///     a + b
/// }
///
/// // Instead of the table that a build script makes, and checkpointing::table!() gives:
/// static TABLE: Table = Table {
///     package: "demo",
///     functions: concat!(
///         "rust_out::calc\t", "5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a",
///         "\t-\tsrc/main.rs\t6\t4\tdoc\t-\t-\t-\t-"
///     ),
///     crates: "demo",
///     ..Table::EMPTY
/// };
///
/// fn main() {
///     # let folder = std::env::temp_dir().join(format!("checkpointing-doc-{}", std::process::id()));
///     # checkpointing::configure(checkpointing::Config::new().directory(&folder)).unwrap();
///     let table = TableRef::new(&TABLE, "1700000000000000000 /demo");
///     assert_eq!(call(table, calc, (1, 2)), 3);
///     assert_eq!(call(table, calc, (1, 2)), 3);
///     assert_eq!(RUNS.load(Ordering::Relaxed), 1); // the second time from the store
///     # std::fs::remove_dir_all(folder).unwrap();
/// }
/// ```
#[track_caller]
pub fn call<F, A, R>(table: TableRef, function: F, arguments: A) -> R
where
    F: Function<A, Output = R>,
    A: Arguments,
    R: Storable,
{
    let outcome = outcome::Probe::<R>::new();
    let outcome: Plain<R> = outcome::ViaPlain::outcome(&outcome);
    Site::new(table, type_name::<F>(), Mode::Cached).call(kept(outcome), function, Given::new(arguments))
}

/// Calls a marked function that returns a `Result`, and stores only `Ok`.
///
/// # Errors
/// Those of the function.
///
/// ```ignore
/// // in a package whose build script calls checkpointing_fingerprint::emit()
/// let data = checkpointing::try_call(checkpointing::table!(), load, (path,))?;
/// ```
#[track_caller]
pub fn try_call<F, A, T, E>(table: TableRef, function: F, arguments: A) -> Result<T, E>
where
    F: Function<A, Output = Result<T, E>>,
    A: Arguments,
    T: Storable,
{
    let outcome = outcome::Probe::<Result<T, E>>::new();
    let outcome: Fallible<T, E> = outcome::ViaFallible::outcome(&&outcome);
    Site::new(table, type_name::<F>(), Mode::Cached).call(kept(outcome), function, Given::new(arguments))
}

/// The fingerprint of a function; see [`fingerprint!`](crate::fingerprint).
///
/// # Errors
/// When the table does not have it.
#[doc(hidden)]
#[track_caller]
pub fn fingerprint(table: TableRef, type_name: &'static str) -> Result<Fingerprint, Error> {
    Site::new(table, type_name, Mode::Cached).fingerprint()
}
