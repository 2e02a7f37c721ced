//! Settles where results go and what happens on errors: mark, environment, program, default.

use crate::codec::Format;
use crate::error::Error;
use crate::event::{Event, Observer};
use crate::key::Identify;
use crate::store::{Limits, Store};
use std::env;
use std::panic::Location;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

/// What happens when caching a call fails. The call itself is made in any case but `Raise` and `Return`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnError {
    /// Say so, once a function and kind of error: through `log`, or on stderr when no logger is
    /// installed. The default.
    Warn,
    /// Panic with the error. What heals by itself (a damaged entry) is only a warning.
    Raise,
    /// Say nothing.
    Ignore,
    /// Make the error the function's result, which must be a `Result<_, E>` with
    /// `E: From<checkpointing::Error>`. What heals by itself is only a warning.
    Return,
}

/// Bytes in memory where nothing else is said.
const MEMORY: u64 = 64 << 20;

impl OnError {
    pub(crate) const EXPECTED: &'static str = "warn, raise, ignore or return";

    pub(crate) fn parse(text: &str) -> Option<OnError> {
        Some(match text {
            "warn" => OnError::Warn,
            "raise" => OnError::Raise,
            "ignore" => OnError::Ignore,
            "return" => OnError::Return,
            _ => return None,
        })
    }
}

/// What `CHECKPOINTING` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Switch {
    On,
    /// Calls are plain calls.
    Off,
    /// Every call runs and replaces what is stored.
    Refresh,
    /// What is stored is used, nothing is written.
    ReadOnly,
}

/// Settings of the program, for [`configure`]. Options on a mark and the environment win over them.
///
/// ```
/// use checkpointing::{Config, Format, OnError};
///
/// let config = Config::new().directory("results/cache").on_error(OnError::Raise).format(Format::Json);
/// checkpointing::configure(config)?;
/// # Ok::<(), checkpointing::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Config {
    directory: Option<PathBuf>,
    on_error: Option<OnError>,
    format: Option<Format>,
    store: Option<Arc<dyn Store>>,
    identify: Option<Arc<dyn Identify>>,
    expires: Option<Duration>,
    memory: Option<u64>,
    limits: Limits,
    observer: Option<Observer>,
    cost_warning: Option<bool>,
    record_stats: Option<bool>,
}

impl Config {
    /// Settings that change nothing.
    #[must_use]
    pub fn new() -> Config {
        Config::default()
    }

    /// Sets the folder that results are stored in; a relative one counts from the working directory
    /// at the first cached call. The default is `.checkpointing`.
    #[must_use]
    pub fn directory(mut self, folder: impl Into<PathBuf>) -> Config {
        self.directory = Some(folder.into());
        self
    }

    /// Sets what happens when caching fails. The default is [`OnError::Warn`].
    #[must_use]
    pub fn on_error(mut self, on_error: OnError) -> Config {
        self.on_error = Some(on_error);
        self
    }

    /// Sets how results are written. Results in the other formats are still read.
    #[must_use]
    pub fn format(mut self, format: Format) -> Config {
        self.format = Some(format);
        self
    }

    /// Sets how many bytes of results are kept in memory over the directory, so that they are not read
    /// again. The default is 64 MiB; 0 turns it off. A result of more than a quarter of it is not kept in
    /// memory.
    #[must_use]
    pub fn memory(mut self, bytes: u64) -> Config {
        self.memory = Some(bytes);
        self
    }

    /// Sets how many bytes the directory may take. When it takes more, results are removed that are the
    /// cheapest to compute again for the room they take and were not used for long. The default is no limit.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let month = Duration::from_secs(30 * 24 * 60 * 60);
    /// let config = checkpointing::Config::new().max_size(10 << 30).max_age(month);
    /// # let _ = config;
    /// ```
    #[must_use]
    pub fn max_size(mut self, bytes: u64) -> Config {
        self.limits.max_size = Some(bytes);
        self
    }

    /// Sets how old a result in the directory may become before it is removed. The default is no limit.
    /// [`expires`](Config::expires) says when it is no longer used.
    #[must_use]
    pub fn max_age(mut self, age: Duration) -> Config {
        self.limits.max_age = Some(age);
        self
    }

    /// Sets who is told what happens to calls, for a progress display of one's own. It is called in the
    /// thread of the call, and must not call a cached function itself.
    ///
    /// ```
    /// use checkpointing::{Config, Event, configure};
    ///
    /// configure(Config::new().observe(|event| match event {
    ///     Event::Stored { function, took, .. } => println!("{function} took {took:?}"),
    ///     Event::Hit { function, .. } => println!("{function} was known"),
    ///     _ => {}
    /// }))?;
    /// # Ok::<(), checkpointing::Error>(())
    /// ```
    #[must_use]
    pub fn observe(mut self, observer: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Config {
        self.observer = Some(Observer(Arc::new(observer)));
        self
    }

    /// Sets whether a warning says, once a function, that a hit costs more than running it. The default is
    /// that it does; `on_error = ignore` silences it, too.
    #[must_use]
    pub fn cost_warning(mut self, wanted: bool) -> Config {
        self.cost_warning = Some(wanted);
        self
    }

    /// Sets whether hits, misses and the like are counted in the store, for `cargo checkpoint cache stats`. The
    /// default is that they are, unless nothing is written (`CHECKPOINTING=readonly`). `CHECKPOINTING_STATS=off`
    /// turns it off, too.
    ///
    /// A process adds its counts every ten seconds, while it calls cached functions, and when threads end that made
    /// such calls. What a process that is killed counted in its last seconds is lost, and what threads counted that
    /// run when the process ends.
    #[must_use]
    pub fn record_stats(mut self, wanted: bool) -> Config {
        self.record_stats = Some(wanted);
        self
    }

    /// Sets where results are kept, instead of a directory. `directory = ..` on a mark and
    /// `CHECKPOINTING_DIR` win over it.
    #[must_use]
    pub fn store(mut self, store: impl Store + 'static) -> Config {
        self.store = Some(Arc::new(store));
        self
    }

    /// Sets how long a result is used: one that was stored longer ago is computed again. The default is
    /// for ever.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let config = checkpointing::Config::new().expires(Duration::from_secs(15 * 60));
    /// # let _ = config;
    /// ```
    #[must_use]
    pub fn expires(mut self, after: Duration) -> Config {
        self.expires = Some(after);
        self
    }

    /// Sets what makes two calls the same; see [`Identify`].
    #[must_use]
    pub fn identify(mut self, identify: impl Identify + 'static) -> Config {
        self.identify = Some(Arc::new(identify));
        self
    }
}

/// The settings that hold for a program from its first cached call on.
#[derive(Debug)]
pub(crate) struct Settings {
    pub switch: Switch,
    pub directory: PathBuf,
    pub on_error: OnError,
    pub format: Format,
    /// Instead of the directory.
    pub store: Option<Arc<dyn Store>>,
    pub identify: Option<Arc<dyn Identify>>,
    pub expires: Option<Duration>,
    /// Bytes in memory over a directory.
    pub memory: u64,
    pub limits: Limits,
    pub observer: Option<Observer>,
    pub cost_warning: bool,
    /// Stores are told what was counted.
    pub record_stats: bool,
    /// A variable that is not understood; reported with the first call.
    pub problem: Option<(&'static str, String, &'static str)>,
}

static GIVEN: Mutex<Option<Config>> = Mutex::new(None);
static SETTLED: OnceLock<Settings> = OnceLock::new();

/// Sets the program's defaults. Call it once, before the first cached call.
///
/// # Errors
/// [`Error::Configured`] when a cached call was made before, or when it was called before.
///
/// ```
/// use checkpointing::{Config, OnError, configure};
///
/// configure(Config::new().on_error(OnError::Ignore))?;
/// assert!(configure(Config::new()).is_err(), "once is enough");
/// # Ok::<(), checkpointing::Error>(())
/// ```
#[track_caller]
pub fn configure(config: Config) -> Result<(), Error> {
    let mut given = GIVEN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if SETTLED.get().is_some() || given.is_some() {
        let caller = Location::caller();
        return Err(Error::Configured { place: format!("{}:{}", caller.file(), caller.line()) });
    }
    *given = Some(config);
    Ok(())
}

/// The settings, settled at the first call of this.
pub(crate) fn settings() -> &'static Settings {
    SETTLED.get_or_init(|| {
        let config = GIVEN.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        settle(config.unwrap_or_default(), |name| env::var_os(name).filter(|value| !value.is_empty()))
    })
}

fn settle(config: Config, variable: impl Fn(&str) -> Option<std::ffi::OsString>) -> Settings {
    let mut problem = None;
    let switch = match variable("CHECKPOINTING") {
        None => Switch::On,
        Some(value) => match value.to_string_lossy().as_ref() {
            "on" => Switch::On,
            "off" => Switch::Off,
            "refresh" => Switch::Refresh,
            "readonly" => Switch::ReadOnly,
            other => {
                problem = Some((
                    "CHECKPOINTING",
                    other.to_owned(),
                    "on, off, refresh or readonly; it counts as on",
                ));
                Switch::On
            }
        },
    };
    let stats = match variable("CHECKPOINTING_STATS") {
        None => None,
        Some(value) => match value.to_string_lossy().as_ref() {
            "on" => Some(true),
            "off" => Some(false),
            other => {
                problem = Some(("CHECKPOINTING_STATS", other.to_owned(), "on or off; it counts as on"));
                None
            }
        },
    };
    let writes = matches!(switch, Switch::On | Switch::Refresh);
    let from_environment = variable("CHECKPOINTING_DIR").map(PathBuf::from);
    let store = config.store.filter(|_| from_environment.is_none());
    let directory = from_environment.or(config.directory).unwrap_or_else(|| ".checkpointing".into());
    Settings {
        switch,
        directory,
        on_error: config.on_error.unwrap_or(OnError::Warn),
        format: config.format.unwrap_or(Format::Postcard),
        store,
        identify: config.identify,
        expires: config.expires,
        memory: config.memory.unwrap_or(MEMORY),
        limits: config.limits,
        observer: config.observer,
        cost_warning: config.cost_warning.unwrap_or(true),
        record_stats: writes && stats.or(config.record_stats).unwrap_or(true),
        problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn environment_wins_over_program_over_default() {
        let none = settle(Config::new(), |_| None);
        assert_eq!((none.switch, none.on_error, none.format), (Switch::On, OnError::Warn, Format::Postcard));
        assert_eq!(none.directory, PathBuf::from(".checkpointing"));
        let config = || Config::new().directory("a").on_error(OnError::Raise).format(Format::Json);
        let given = settle(config(), |_| None);
        assert_eq!((given.on_error, given.format), (OnError::Raise, Format::Json));
        assert_eq!(given.directory, PathBuf::from("a"));
        let from_environment = settle(config(), |name| (name == "CHECKPOINTING_DIR").then(|| "b".into()));
        assert_eq!(from_environment.directory, PathBuf::from("b"));
    }

    #[test]
    fn the_switch_has_four_positions_and_a_typo_is_told() {
        let switch = |text: &'static str| {
            settle(Config::new(), move |name| (name == "CHECKPOINTING").then(|| text.into()))
        };
        for (text, expected) in [
            ("on", Switch::On),
            ("off", Switch::Off),
            ("refresh", Switch::Refresh),
            ("readonly", Switch::ReadOnly),
        ] {
            assert_eq!((switch(text).switch, switch(text).problem), (expected, None));
        }
        assert_eq!(switch("of").problem.unwrap().1, "of");
    }

    #[test]
    fn counts_are_recorded_unless_that_is_turned_off() {
        let records = |config: Config, name: &'static str, text: &'static str| {
            settle(config, move |asked| (asked == name).then(|| text.into())).record_stats
        };
        assert!(records(Config::new(), "", ""));
        assert!(!records(Config::new(), "CHECKPOINTING_STATS", "off"));
        assert!(!records(Config::new(), "CHECKPOINTING", "readonly"));
        assert!(!records(Config::new().record_stats(false), "", ""));
        assert!(records(Config::new().record_stats(false), "CHECKPOINTING_STATS", "on"));
    }
}
