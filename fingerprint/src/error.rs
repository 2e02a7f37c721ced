//! Lists what can stop the pass. What only makes a fingerprint wider is a note or a warning instead.

use std::path::PathBuf;

/// Why no fingerprints could be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// `emit()` ran outside of a build script.
    #[error("{variable} is not set: call checkpointing_fingerprint::emit() from build.rs, under cargo")]
    NotABuildScript {
        /// What cargo would have set.
        variable: &'static str,
    },
    /// The manifest is missing or cargo cannot read it.
    #[error("{path}: the manifest cannot be read: {reason}")]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// What cargo or the system says.
        reason: String,
    },
    /// Cargo cannot tell, off line, which versions are built.
    #[error("{path}: the lock file does not settle which versions are built: {reason}")]
    Unlocked {
        /// The manifest.
        path: PathBuf,
        /// What cargo says.
        reason: String,
    },
    /// Cargo knows the package, and not the features that were asked for.
    #[error("{path}: these features cannot be activated: {reason}")]
    Features {
        /// The manifest.
        path: PathBuf,
        /// What cargo says.
        reason: String,
    },
    /// `rustc --print cfg` failed.
    #[error("rustc --print cfg failed: {reason}")]
    Rustc {
        /// What rustc says.
        reason: String,
    },
    /// A crate's root file cannot be read.
    #[error("{path}: cannot be read: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The table cannot be written.
    #[error("{path}: cannot be written: {source}")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}
