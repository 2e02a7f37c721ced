//! Calls functions through the cache: what the macros expand to, and what works without them.

pub(crate) mod arity;
pub(crate) mod directive;
pub(crate) mod job;
pub(crate) mod known;
pub(crate) mod outcome;
pub(crate) mod run;
pub(crate) mod session;

use crate::config::Switch;
use crate::error::{Error, Reason};
use crate::fingerprint::Fingerprint;
use crate::key::{self, canon::Failed};
use crate::table::TableRef;
use crate::table::find::Missing;
use arity::{Arguments, Function, Given};
use directive::{Directive, Mode};
use known::{Options, known};
use outcome::{Fallible, Kept, Plain, Storable, kept};
use serde::Serialize;
use session::Call;
use std::any::type_name;
use std::future::{Future, poll_fn};
use std::panic::Location;
use std::pin::pin;

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
///         "\t-\tsrc/main.rs\t6\t4\tdoc\t-\t-\t-"
///     ),
///     sources: "", crates: "demo", packages: "", variables: &[], cfgs: &[], test: false,
///     marker: || std::any::TypeId::of::<()>(),
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

/// A place in the program that calls a function through the cache.
#[derive(Clone, Copy, Debug)]
pub struct Site {
    table: TableRef,
    type_name: &'static str,
    mode: Mode,
    options: Options,
    extra: Extra,
    caller: &'static Location<'static>,
}

#[derive(Clone, Copy, Debug)]
enum Extra {
    None,
    Hashed([u8; 32]),
    Failed,
}

/// How a function is to be called.
enum Plan {
    /// Here, through the cache.
    Here(Call),
    /// It is called; its own wrapper does the rest.
    Wrapped(Option<Directive>),
    /// It is called, and unless it has a wrapper of its own that is an error.
    Unknown(Directive, &'static Missing),
}

impl Site {
    /// A call of the function with this type name.
    #[track_caller]
    #[must_use]
    pub fn new(table: TableRef, type_name: &'static str, mode: Mode) -> Site {
        let caller = Location::caller();
        Site { table, type_name, mode, options: Options::NONE, extra: Extra::None, caller }
    }

    /// Sets the call's literal options.
    #[must_use]
    pub fn options(mut self, options: Options) -> Site {
        self.options = options;
        self
    }

    /// Adds the call's `extra`.
    #[must_use]
    pub fn extra<T: Serialize + ?Sized>(mut self, value: &T) -> Site {
        self.extra = match key::digest(value) {
            Ok(digest) => Extra::Hashed(digest),
            Err(Failed(_)) => Extra::Failed,
        };
        self
    }

    /// Makes it a plain call unless the call's `when` holds.
    #[must_use]
    pub fn when(mut self, wanted: bool) -> Site {
        if !wanted {
            self.mode = Mode::Bypass;
        }
        self
    }

    /// Calls the function.
    ///
    /// # Panics
    /// As the function does, and under `on_error = raise`.
    pub fn call<F, A, R>(self, kept: Kept<R>, function: F, given: Given<A>) -> R
    where
        F: Function<A, Output = R>,
    {
        let Given { values: arguments, hash } = given;
        match self.plan(kept.stored, |call| hash(&arguments, call)) {
            Plan::Here(call) => run::run(call, kept, || function.apply(arguments)),
            Plan::Wrapped(None) => function.apply(arguments),
            Plan::Wrapped(Some(directive)) => {
                let _left = directive::leave(directive);
                function.apply(arguments)
            }
            Plan::Unknown(directive, missing) => {
                let left = directive::leave(directive);
                let result = function.apply(arguments);
                if left.taken() { result } else { self.unmarked(missing).map_or(result, kept.refuse) }
            }
        }
    }

    /// Calls an async function.
    ///
    /// # Panics
    /// As the function does, and under `on_error = raise`.
    pub async fn call_later<F, A, R>(self, kept: Kept<R::Output>, function: F, given: Given<A>) -> R::Output
    where
        F: Function<A, Output = R>,
        R: Future,
    {
        let Given { values: arguments, hash } = given;
        match self.plan(kept.stored, |call| hash(&arguments, call)) {
            Plan::Here(call) => run::run_later(call, kept, function.apply(arguments)).await,
            Plan::Wrapped(None) => function.apply(arguments).await,
            Plan::Wrapped(Some(directive)) => directed(directive, function.apply(arguments)).await.0,
            Plan::Unknown(directive, missing) => {
                let (result, taken) = directed(directive, function.apply(arguments)).await;
                if taken { result } else { self.unmarked(missing).map_or(result, kept.refuse) }
            }
        }
    }

    fn plan(&self, stored: &'static str, hash: impl FnOnce(&mut Call)) -> Plan {
        let fail = |error, function: &str| Plan::Here(Call::failed(error, function, self.options, self.mode));
        let extra = match self.extra {
            Extra::None => None,
            Extra::Hashed(digest) => Some(digest),
            Extra::Failed => {
                let function = self.type_name.to_owned();
                let (place, part) = (session::place(self.caller), String::from("`extra`"));
                let message = String::from("its Serialize implementation failed");
                return fail(Error::KeyHash { function, place, part, message }, self.type_name);
            }
        };
        let known = match known(self.table, self.type_name, None) {
            Ok(known) => known,
            Err(missing) if matches!(missing.reason, Reason::NotInTable { .. }) => {
                let directive = self.directive(&missing.path, Vec::new(), extra);
                return Plan::Unknown(directive, missing);
            }
            Err(missing) => {
                let error = session::not_found(missing, &session::place(self.caller));
                return fail(error, &missing.path);
            }
        };
        let function = &known.function;
        if let Some(reason) = session::mixed(known) {
            let (path, place) = (function.path.clone(), function.place.clone());
            return fail(Error::NotFingerprinted { function: path, place, reason }, &function.path);
        }
        if function.flags.attribute {
            let plain = self.mode == Mode::Cached && extra.is_none() && self.options.is_none();
            return Plan::Wrapped(
                (!plain).then(|| self.directive(&function.path, function.positions.clone(), extra)),
            );
        }
        let mut call = Call::start(known, self.options, self.mode, extra, stored);
        if call.counts() {
            hash(&mut call);
        }
        Plan::Here(call)
    }

    fn directive(&self, path: &str, positions: Vec<(u32, u32)>, extra: Option<[u8; 32]>) -> Directive {
        Directive { path: path.to_owned(), positions, mode: self.mode, options: self.options, extra }
    }

    /// Says that a function has neither a row nor a wrapper.
    fn unmarked(&self, missing: &Missing) -> Option<Error> {
        let settings = crate::config::settings();
        if self.mode == Mode::Bypass || settings.switch == Switch::Off {
            return None;
        }
        let error = session::not_found(missing, &session::place(self.caller));
        session::show(&missing.path, self.options.on_error.unwrap_or(settings.on_error), error)
    }
}

/// Polls a future; a directive lies ready for its first poll, where an async function's body starts.
async fn directed<F: Future>(directive: Directive, future: F) -> (F::Output, bool) {
    let mut future = pin!(future);
    let (mut directive, mut taken) = (Some(directive), false);
    let result = poll_fn(|context| match directive.take() {
        None => future.as_mut().poll(context),
        Some(directive) => {
            let left = directive::leave(directive);
            let polled = future.as_mut().poll(context);
            taken = left.taken();
            polled
        }
    })
    .await;
    (result, taken)
}

/// The fingerprint of a function; see [`fingerprint!`](crate::fingerprint).
///
/// # Errors
/// When the table does not have it.
#[doc(hidden)]
#[track_caller]
pub fn fingerprint(table: TableRef, type_name: &'static str) -> Result<Fingerprint, Error> {
    match known(table, type_name, None) {
        Ok(known) => Ok(Fingerprint::new(known.function.fingerprint())),
        Err(missing) => Err(session::not_found(missing, &session::place(Location::caller()))),
    }
}
