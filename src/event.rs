//! Tells what happens to calls, to whoever wants to show it.

use crate::error::Error;
use crate::fingerprint::Fingerprint;
use crate::key::Key;
use std::fmt::{self, Debug, Display};
use std::sync::Arc;
use std::time::Duration;

/// What happens to a call. [`Config::observe`](crate::Config::observe) sets who is told; the same goes to
/// `log`, as `debug` records of the target `checkpointing` (a miss whose code differs as `info`, an error as
/// `warn`).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A stored result is returned.
    Hit {
        /// Path of the function.
        function: &'a str,
        /// Of the result.
        key: Key,
        /// How long the computation took that is spared.
        took: Duration,
        /// The code that computed it, where that is another one whose results were accepted
        /// (`cargo checkpoint accept`).
        accepted: Option<Fingerprint>,
    },
    /// There is no result; the function will run, unless another process is computing it already.
    Miss {
        /// Path of the function.
        function: &'a str,
        /// Of the result.
        key: Key,
        /// How the code differs from that of the last stored result; `None` when only the arguments do, when
        /// nothing was stored before, or when it is not known.
        changed: Option<&'a str>,
    },
    /// The function will run though there may be a result: `rerun!`, or `CHECKPOINTING=refresh`.
    Rerun {
        /// Path of the function.
        function: &'a str,
        /// Of the result.
        key: Key,
    },
    /// A result was stored.
    Stored {
        /// Path of the function.
        function: &'a str,
        /// Of the result.
        key: Key,
        /// How long the computation took.
        took: Duration,
        /// How many bytes were stored.
        bytes: u64,
    },
    /// Something went wrong with caching; told each time, also under `on_error = ignore`.
    Error {
        /// Path of the function.
        function: &'a str,
        /// What went wrong.
        error: &'a Error,
    },
}

impl Display for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Hit { function, key, took, accepted } => {
                write!(f, "hit: {function} ({key}), computed in {took:?}")?;
                accepted.map_or(Ok(()), |code| write!(f, " by the accepted code {code}"))
            }
            Event::Miss { function, key, changed: None } => write!(f, "miss: {function} ({key})"),
            Event::Miss { function, key, changed: Some(changed) } => {
                write!(f, "miss: {function} ({key}), its code differs: {changed}")
            }
            Event::Rerun { function, key } => write!(f, "rerun: {function} ({key})"),
            Event::Stored { function, key, took, bytes } => {
                write!(f, "stored: {function} ({key}), {bytes} bytes, computed in {took:?}")
            }
            Event::Error { function, error } => write!(f, "error: {function}: {error}"),
        }
    }
}

/// Who is told of events.
#[derive(Clone)]
pub(crate) struct Observer(pub Arc<dyn Fn(&Event<'_>) + Send + Sync>);

impl Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer")
    }
}
