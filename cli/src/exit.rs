//! Lists how the command can end, for scripts.

use std::process::ExitCode;

/// Printed by `cargo checkpoint --help`; scripts rely on the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All is well.
    Success = 0,
    /// The answer is that something is not: a function would rerun, a lint applies, a change is not accepted, an
    /// entry is broken.
    Found = 1,
    /// The question is not understood: an unknown option, a name that means no function or several.
    Usage = 2,
    /// It could not be done.
    Failed = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// For the help and the man page.
pub(crate) const HELP: &str = "\
Exit codes:
  0  all is well
  1  the answer is that something is not: a function would rerun, a lint applies,
     a change is not accepted, an entry is broken
  2  the question is not understood: an unknown option, a name that means no function or several
  3  it could not be done";
