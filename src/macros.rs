//! Gathers what the macros expand to, and defines the ones that are mere sugar.

/// What expansions need. No part of the interface: it may change in any version.
#[doc(hidden)]
pub mod __macro {
    pub use crate::call::arity::*;
    pub use crate::call::directive::Mode;
    pub use crate::call::fingerprint;
    pub use crate::call::kept::{Kept, Parts, kept, kept_by, parts};
    pub use crate::call::known::Options;
    pub use crate::call::outcome::{
        Holds, Outcome, Probe, ViaFallible, ViaPlain, ViaReturning, absent, holds,
    };
    pub use crate::call::run::{run, run_later};
    pub use crate::call::session::Call;
    pub use crate::call::site::Site;
    pub use crate::codec::Format;
    pub use crate::config::OnError;
    pub use crate::key::hash_value;
    pub use crate::table::check_origin;
    #[cfg(feature = "macros")]
    pub use checkpointing_macros::{__call, __unit};
    pub use core::any::{TypeId, type_name_of_val};
    // The table is written for any edition: a path that begins with `::` is another one in 2015.
    pub use core::{cfg, concat, env, include, option_env};
    use std::future::Future;

    /// Starts an async body whose result type is written down.
    pub fn future<R, B, F>(body: B) -> F
    where
        B: FnOnce() -> F,
        F: Future<Output = R>,
    {
        body()
    }
}

/// What tells this build of the crate from others: see [`TableRef::of_unit`](crate::TableRef).
#[doc(hidden)]
#[macro_export]
#[cfg(feature = "macros")]
macro_rules! __unit {
    () => {
        $crate::__macro::__unit!()
    };
}

/// Without the macros nobody can tell; the table's marker does.
#[doc(hidden)]
#[macro_export]
#[cfg(not(feature = "macros"))]
macro_rules! __unit {
    () => {
        ""
    };
}

/// Calls a marked function through the cache: what is stored for these arguments and this code, or
/// else what the function returns, which is then stored.
///
/// It takes a call by path: `cached!(f(x))`, `cached!(Model::fit(&m, x))`, `cached!(<T as Tr>::f(x))`;
/// `.await` goes inside, `cached!(f(x).await)`. Options may follow: `extra = ..` (counts like an
/// argument), `when = ..` (only then through the cache), `directory`, `on_error`, `format`, `version`.
/// The options are evaluated first, then the arguments, each once; then it acts on this function
/// alone, not on marked functions below it.
///
/// # Errors and panics
/// What goes wrong with caching is handled as `on_error` says; by default it is a warning, and the
/// function runs. Panics of the function propagate.
///
/// ```ignore
/// // in a package whose build script calls checkpointing_fingerprint::emit()
/// #[doc = "checkpoint"]
/// fn calc(a: i64, b: i64) -> i64 { a + b }
///
/// let sum = checkpointing::cached!(calc(1, 2));
/// let seeded = checkpointing::cached!(calc(1, 2), extra = 42);
/// ```
#[macro_export]
#[cfg(feature = "macros")]
macro_rules! cached {
    ($($call:tt)*) => {
        $crate::__macro::__call! { $crate Cached $($call)* }
    };
}

/// Calls a marked function and replaces what is stored for these arguments. Otherwise as
/// [`cached!`].
///
/// ```ignore
/// let sum = checkpointing::rerun!(calc(1, 2));
/// ```
#[macro_export]
#[cfg(feature = "macros")]
macro_rules! rerun {
    ($($call:tt)*) => {
        $crate::__macro::__call! { $crate Rerun $($call)* }
    };
}

/// What is stored for a call of a marked function, or `None`; the function never runs. Otherwise as
/// [`cached!`]. Of a function that returns a `Result` it is the value of the `Ok`.
///
/// `on_error = return` counts as `warn` here, and in [`forget!`](crate::forget) and [`put!`](crate::put). A function with
/// `#[checkpoint]` needs a build that unwinds: with `panic = "abort"` nothing is found, and a warning
/// says so.
///
/// ```ignore
/// if let Some(sum) = checkpointing::peek!(calc(1, 2)) {
///     println!("known: {sum}");
/// }
/// ```
#[macro_export]
#[cfg(feature = "macros")]
macro_rules! peek {
    ($($call:tt)*) => {
        $crate::__macro::__call! { $crate Peek $($call)* }
    };
}

/// Removes what is stored for a call of a marked function; whether there was anything. Otherwise as
/// [`peek!`].
///
/// ```ignore
/// let was_there: bool = checkpointing::forget!(calc(1, 2));
/// ```
#[macro_export]
#[cfg(feature = "macros")]
macro_rules! forget {
    ($($call:tt)*) => {
        $crate::__macro::__call! { $crate Forget $($call)* }
    };
}

/// Stores a value as the result of a call of a marked function, which does not run. Otherwise as
/// [`peek!`]; the options come behind the value.
///
/// ```ignore
/// checkpointing::put!(calc(1, 2), 3);
/// assert_eq!(checkpointing::cached!(calc(1, 2)), 3);
/// ```
#[macro_export]
#[cfg(feature = "macros")]
macro_rules! put {
    ($($call:tt)*) => {
        $crate::__macro::__call! { $crate Put $($call)* }
    };
}

/// Calls a marked function without the cache: nothing is loaded and nothing stored. Only this function
/// is meant, not marked functions below it. A plain call of a function with a doc mark is the same.
///
/// ```ignore
/// let sum = checkpointing::bypass!(calc(1, 2));
/// ```
#[macro_export]
#[cfg(feature = "macros")]
macro_rules! bypass {
    ($($call:tt)*) => {
        $crate::__macro::__call! { $crate Bypass $($call)* }
    };
}

/// A [`Handle`](crate::Handle) of a marked function, with [`cached!`] and its kin as methods.
///
/// The function is named as in a call, with `_` for its arguments; `.await` makes it an
/// [`AsyncHandle`](crate::AsyncHandle). Options may follow as in [`cached!`].
///
/// ```ignore
/// let calc = checkpointing::handle!(calc(_, _));
/// assert_eq!(calc.call((1, 2)), 3);
/// assert_eq!(calc.peek((1, 2)), Some(3));
///
/// let fetch = checkpointing::handle!(fetch(_).await);
/// let page = fetch.rerun((url,)).await;
/// ```
#[macro_export]
#[cfg(feature = "macros")]
macro_rules! handle {
    ($($call:tt)*) => {
        $crate::__macro::__call! { $crate Handle $($call)* }
    };
}

/// The [`Fingerprint`](crate::Fingerprint) of a marked function.
///
/// # Errors
/// [`Error::NotFingerprinted`](crate::Error::NotFingerprinted) when the table does not have it.
///
/// ```ignore
/// println!("{}", checkpointing::fingerprint!(calc)?);
/// ```
#[macro_export]
macro_rules! fingerprint {
    ($function:expr) => {
        $crate::__macro::fingerprint($crate::table!(), $crate::__macro::type_name_of_val(&$function))
    };
}
