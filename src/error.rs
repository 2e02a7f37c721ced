//! Says what went wrong, in which function, and what to do about it.
//!
//! Nothing here does any work: the stages below make these values, and [`crate::report`] shows them.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// What went wrong with caching a call. The call's own result is never part of it.
///
/// Every variant names the function and the file and line of its mark (or of the call, where the
/// function could not be found), and its message ends with what to do.
///
/// ```
/// let error = checkpointing::configure(checkpointing::Config::new()).err();
/// assert!(error.is_none(), "nothing was cached before");
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The function has no fingerprint that could be relied on, so its results are not kept.
    #[error("{place}: `{function}` is not cached: {reason}")]
    NotFingerprinted {
        /// Path of the function, as far as it is known.
        function: String,
        /// `file:line` of the mark or of the call.
        place: String,
        /// Why, and what to do.
        reason: Reason,
    },
    /// The code of the running program may be newer than its fingerprint, so its result is not kept.
    #[error(
        "{place}: the result of `{function}` is not stored: {} was edited after the build script read it, so the fingerprint may be older than the code; build again", file.display()
    )]
    Outdated {
        /// Path of the function.
        function: String,
        /// `file:line` of the mark.
        place: String,
        /// The source file that is newer than the table.
        file: PathBuf,
    },
    /// A file or folder of the store cannot be read or written.
    #[error(
        "{}: cannot {action} for `{function}` ({place}): {source}; check the folder or set CHECKPOINTING_DIR to another", path.display()
    )]
    Store {
        /// Path of the function.
        function: String,
        /// `file:line` of the mark.
        place: String,
        /// What was tried: `read the entry`, `store the result`, ..
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A stored entry is not what it should be. It counts as absent and is replaced.
    #[error("{}: the entry of `{function}` ({place}) {problem}; it is computed again and replaced", path.display())]
    Entry {
        /// Path of the function.
        function: String,
        /// `file:line` of the mark.
        place: String,
        /// The entry's file.
        path: PathBuf,
        /// What is wrong with it.
        problem: Problem,
    },
    /// The result cannot be turned into bytes.
    #[error(
        "{place}: the result of `{function}` cannot be stored as {codec}: {message}; check its Serialize implementation or choose another `format`"
    )]
    Encode {
        /// Path of the function.
        function: String,
        /// `file:line` of the mark.
        place: String,
        /// Name of the codec.
        codec: String,
        /// What the codec said.
        message: String,
    },
    /// The format needs cargo features of this crate that are off, so the result is not kept.
    #[error(
        "{place}: the result of `{function}` is not stored: the format `{format}` needs cargo features of checkpointing that are off; add features = [{features}] to `checkpointing` in Cargo.toml, or choose another `format`"
    )]
    Feature {
        /// Path of the function.
        function: String,
        /// `file:line` of the mark.
        place: String,
        /// Name of the format.
        format: String,
        /// The features, as they stand in a Cargo.toml: `"json", "zstd"`.
        features: &'static str,
    },
    /// The stored bytes are sound but do not make a result. It is computed again and replaced.
    #[error(
        "{place}: the stored result of `{function}` cannot be read as {codec}: {message}; it is computed again and replaced; check that its Deserialize implementation reads what Serialize writes, or choose another `format`"
    )]
    Decode {
        /// Path of the function.
        function: String,
        /// `file:line` of the mark.
        place: String,
        /// Name of the codec.
        codec: String,
        /// What the codec said.
        message: String,
    },
    /// An argument's `Serialize` implementation failed, so the call has no key.
    #[error(
        "{place}: `{function}` is not cached: {part} cannot be hashed: {message}; mend its Serialize implementation, or leave it out with `ignore(..)`"
    )]
    KeyHash {
        /// Path of the function.
        function: String,
        /// `file:line` of the mark.
        place: String,
        /// `argument 2` (from 0; `self` is 0) or `extra`.
        part: String,
        /// What the implementation said.
        message: String,
    },
    /// What is stored of a function with `#[checkpoint]` cannot be looked at, removed or set.
    #[error(
        "{place}: the stored result of `{function}` cannot be reached from outside of the function in a build with `panic = \"abort\"`; mark it with #[doc = \"checkpoint\"] instead of #[checkpoint]"
    )]
    Unwinding {
        /// Path of the function.
        function: String,
        /// `file:line` of the call.
        place: String,
    },
    /// An option or environment variable has a value that is not understood.
    #[error("{place}: {name} = {value:?} is not understood; it takes {expected}")]
    Setting {
        /// `file:line` of the mark, or `environment`.
        place: String,
        /// Name of the option or variable.
        name: String,
        /// Its value.
        value: String,
        /// What it may be.
        expected: &'static str,
    },
    /// [`crate::configure`] came too late, or twice.
    #[error(
        "{place}: the configuration is fixed already: call `checkpointing::configure` once, before the first cached call"
    )]
    Configured {
        /// `file:line` of the call of `configure`.
        place: String,
    },
}

/// Why a function has no fingerprint.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The build script's table does not have it.
    NotInTable {
        /// The package whose table was searched.
        package: String,
    },
    /// The value that was called has no name of its own: a closure or a function pointer.
    Unnamed,
    /// Several functions have this name, and nothing tells them apart.
    SameName {
        /// Where they are: `file:line`, comma separated.
        places: String,
    },
    /// A closure or function pointer is among the generic arguments, and its type does not say which.
    FunctionArgument {
        /// The generic arguments.
        generics: String,
    },
    /// A type among the generic arguments comes from a package whose code was not analysed.
    OtherCrate {
        /// The package's crate name.
        name: String,
        /// The package whose table was used.
        package: String,
    },
    /// A row of the table cannot be read.
    BadRow {
        /// The row.
        row: String,
    },
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::NotInTable { package } => write!(
                f,
                "the table of package `{package}` does not have it; mark it with #[doc = \"checkpoint\"] or #[checkpoint], in this package or in a path dependency, and not inside a macro_rules!; where its file is new, build again, or touch build.rs if that does not help"
            ),
            Reason::Unnamed => write!(
                f,
                "a closure or function pointer has no name to find it by; call the marked function itself"
            ),
            Reason::SameName { places } => write!(
                f,
                "several functions have this name and nothing tells them apart ({places}); rename one, or mark them with #[checkpoint]"
            ),
            Reason::FunctionArgument { generics } => write!(
                f,
                "a function or closure among the generic arguments {generics} cannot be told from others of its type; call it with a named type, or without the cache"
            ),
            Reason::OtherCrate { name, package } => write!(
                f,
                "its generic arguments name the crate `{name}`, whose code the table of `{package}` did not analyse; use cached!(..) in a package that depends on both by path"
            ),
            Reason::BadRow { row } => write!(
                f,
                "its row in the table cannot be read ({row:?}); use the same version of checkpointing and checkpointing-fingerprint"
            ),
        }
    }
}

/// What is wrong with a stored entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// It ends too early, or goes on too long.
    Truncated,
    /// Its bytes are not those that were written.
    Damaged,
    /// It was not written by this library.
    Foreign,
    /// It was written under another key.
    Misplaced,
    /// It has another version of the format, or a codec that is not known here.
    OtherVersion(u32),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Truncated => f.write_str("is truncated"),
            Problem::Damaged => f.write_str("is damaged"),
            Problem::Foreign => f.write_str("is no checkpointing entry"),
            Problem::Misplaced => f.write_str("belongs to another call"),
            Problem::OtherVersion(version) => {
                write!(f, "was written in format {version}, which this version does not read")
            }
        }
    }
}

impl Error {
    /// A short name of the variant, for reports that repeat.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Error::NotFingerprinted { .. } => "fingerprint",
            Error::Outdated { .. } => "outdated",
            Error::Store { action: "read the entry", .. } => "read",
            // A folder that cannot be written is told once, and not for its lock and its result.
            Error::Store { .. } => "write",
            Error::Entry { .. } => "entry",
            Error::Encode { .. } => "encode",
            Error::Feature { .. } => "feature",
            Error::Decode { .. } => "decode",
            Error::KeyHash { .. } => "key",
            Error::Unwinding { .. } => "unwinding",
            Error::Setting { .. } => "setting",
            Error::Configured { .. } => "configured",
        }
    }

    /// Whether computing again mends it, so that nobody needs to be stopped for it.
    pub(crate) fn heals(&self) -> bool {
        matches!(self, Error::Entry { .. } | Error::Decode { .. } | Error::Outdated { .. })
    }
}
