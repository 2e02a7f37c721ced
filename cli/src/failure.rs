//! Carries what went wrong to where it is printed: the chain of causes, what to do, how to exit.

use crate::exit::Exit;
use crate::packages;
use checkpointing_fingerprint::Error as PassError;

pub(crate) type Result<T, E = Failure> = std::result::Result<T, E>;

/// Why a command could not answer.
#[derive(Debug)]
pub(crate) struct Failure {
    error: anyhow::Error,
    hint: Option<String>,
    exit: Exit,
}

impl Failure {
    /// The question was not understood.
    pub(crate) fn usage(message: String, hint: impl Into<String>) -> Self {
        Failure { error: anyhow::Error::msg(message), hint: Some(hint.into()), exit: Exit::Usage }
    }

    /// It cannot be done, and this can be tried.
    pub(crate) fn hinted(error: impl Into<anyhow::Error>, hint: impl Into<String>) -> Self {
        Failure { error: error.into(), hint: Some(hint.into()), exit: Exit::Failed }
    }

    pub(crate) fn exit(&self) -> Exit {
        self.exit
    }

    /// From the outermost to the first cause.
    pub(crate) fn chain(&self) -> Vec<String> {
        let mut chain: Vec<String> = Vec::new();
        for cause in self.error.chain().map(ToString::to_string) {
            // Some messages repeat their cause's.
            if chain.last().is_none_or(|outer| !outer.ends_with(&cause)) {
                chain.push(cause);
            }
        }
        chain
    }

    pub(crate) fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    pub(crate) fn is_closed_pipe(&self) -> bool {
        let error = self.error.downcast_ref::<std::io::Error>();
        error.is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
    }
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        let error = error.into();
        let of_pass = error.downcast_ref::<PassError>();
        let hint = of_pass.and_then(hint).map(str::to_owned);
        // What was asked for is not there.
        let is_usage = matches!(of_pass, Some(PassError::Features { .. }));
        let exit = if is_usage { Exit::Usage } else { Exit::Failed };
        Failure { error, hint, exit }
    }
}

fn hint(error: &PassError) -> Option<&'static str> {
    match error {
        // Of one that is broken cargo says what is wrong with it.
        PassError::Manifest { path, .. } if !packages::is_unbroken(path) => None,
        PassError::Manifest { .. } => Some("name a package's Cargo.toml with --manifest-path"),
        PassError::Unlocked { .. } => Some(
            "`cargo fetch` writes the lock file and downloads what it names; without --locked the manifests decide",
        ),
        PassError::Features { .. } => Some("[features] of the manifest has their names"),
        PassError::Rustc { .. } => Some("`rustc --print target-list` has the names for --target"),
        _ => None,
    }
}
