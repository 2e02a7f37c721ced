//! Keeps the results of functions on disk, and knows when their code changed.
//!
//! Mark a function, and its result is stored; a later call with the same arguments, in this process
//! or any later one, returns it without running the function. When the function changes, or anything
//! that its result can depend on, it runs again. A build script finds out what that is:
//!
//! ```toml
//! [dependencies]
//! checkpointing = "0.1"
//! [build-dependencies]
//! checkpointing-fingerprint = "0.1"
//! ```
//! ```ignore
//! // build.rs
//! fn main() { checkpointing_fingerprint::emit(); }
//! ```
//! ```ignore
//! use checkpointing::{cached, checkpoint, rerun};
//!
//! // A doc attribute marks; the call says that it is cached.
//! #[doc = "checkpoint"]
//! fn calc(a: i64, b: i64) -> i64 { a + b }
//! let r = cached!(calc(1, 2));
//! let r = rerun!(calc(1, 2)); // runs, and replaces what is stored
//!
//! // The attribute marks and wraps: every call is cached.
//! #[checkpoint]
//! fn train(data: &[f64], rate: f64) -> Model { .. }
//! let m = train(&data, 0.1);
//! ```
//!
//! Arguments are anything [`serde::Serialize`]; floats count by their bits, and only std's `HashMap`
//! and `HashSet` are without order. Results are anything `Serialize + DeserializeOwned`; of a
//! `Result` only `Ok` is stored. Results go to `./.checkpointing`: see [`Config`],
//! `CHECKPOINTING_DIR`, and `CHECKPOINTING=on|off|refresh|readonly`.
//!
//! # How long a call waits
//! One thread of all processes computes a missing result, the others wait for it, however long that takes. A
//! thread or task that would wait for itself computes without waiting. That cannot always be told: a worker of a
//! thread pool that waits for another one takes up any task meanwhile, also one that needs what this other one
//! computes, and then each waits for the other. So a thread that waits for another of its own process computes, too,
//! when nothing moves there any more: the other one neither works nor waits for a file, a child, a connection or the
//! end of a pause, and no thread has worked for 5 seconds, or for 30 where one of them may be waiting for something
//! outside, or the other one has not worked for 2 hours. A task that is suspended is waited for for 5 minutes after
//! its last poll if no thread works; so is another process by a thread that holds the lock of another call (a marked
//! function that calls a marked function). Threads are seen on Linux; elsewhere these waits last 30 seconds.

mod call;
mod codec;
mod config;
mod counts;
mod error;
mod event;
mod file_content;
mod fingerprint;
mod key;
mod lock;
mod macros;
mod point;
mod raw;
mod report;
mod store;
mod table;

pub use call::arity::{Arguments, Function};
pub use call::handle::{AsyncHandle, Handle};
pub use call::outcome::{Argument, Storable};
pub use call::stats::Stats;
pub use call::{call, stats, try_call};
pub use checkpointing_closure::Shape;
#[cfg(feature = "macros")]
pub use checkpointing_macros::checkpoint;
#[cfg(feature = "json")]
pub use codec::Json;
#[cfg(feature = "zstd")]
pub use codec::Zstd;
pub use codec::{Codec, CodecError, Format, Postcard};
pub use config::{Config, OnError, configure};
pub use counts::FunctionStats;
pub use error::{Error, Problem, Reason};
pub use event::Event;
pub use file_content::FileContent;
pub use fingerprint::Fingerprint;
pub use key::{Identify, Identity, Key};
#[doc(hidden)]
pub use macros::__macro;
pub use store::{
    Acceptance, Directory, Entry, Evicted, FunctionName, Header, Layered, Limits, Listed, Memory, Opened,
    Payload, Store, StoreError,
};
pub use table::{Table, TableRef};
