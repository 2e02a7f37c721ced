//! Names what a result can depend on beside arguments and code, and says it to people.

use serde::{Deserialize, Serialize};

/// What a result can depend on beside arguments and code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Kind {
    Clock,
    Random,
    Environment,
    File,
    Network,
    Process,
    Stdin,
    Static,
    ThreadLocal,
    Foreign,
    BuildScript,
}

impl Kind {
    const ALL: [Kind; 11] = [
        Kind::Clock,
        Kind::Random,
        Kind::Environment,
        Kind::File,
        Kind::Network,
        Kind::Process,
        Kind::Stdin,
        Kind::Static,
        Kind::ThreadLocal,
        Kind::Foreign,
        Kind::BuildScript,
    ];

    /// The kind of this name.
    pub(crate) fn named(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// As in [`checkpointing_mark::LINTS`].
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Clock => "clock",
            Kind::Random => "random",
            Kind::Environment => "environment",
            Kind::File => "file",
            Kind::Network => "network",
            Kind::Process => "process",
            Kind::Stdin => "stdin",
            Kind::Static => "static",
            Kind::ThreadLocal => "thread_local",
            Kind::Foreign => "foreign",
            Kind::BuildScript => "build_script",
        }
    }

    pub(crate) fn does(self) -> &'static str {
        match self {
            Kind::Clock => "reads the clock",
            Kind::Random => "draws random numbers",
            Kind::Environment => "depends on the environment that it runs in",
            Kind::File => "reads or writes files",
            Kind::Network => "uses the network",
            Kind::Process => "starts, ends or identifies a process",
            Kind::Stdin => "reads the standard input",
            Kind::Static => "uses a static that can be written",
            Kind::ThreadLocal => "uses a thread-local",
            Kind::Foreign => "calls foreign code, whose source does not count",
            Kind::BuildScript => {
                "depends on what another package's build script decides, of which only the source counts"
            }
        }
    }

    pub(crate) fn advice(self) -> &'static str {
        match self {
            Kind::Static | Kind::ThreadLocal => "pass its value as an argument",
            Kind::Foreign => "count the source with `watch` in build.rs",
            Kind::BuildScript => "count what it reads with `watch` in build.rs",
            Kind::Process | Kind::Network => {
                "a stored result does not do that again; pass what it brings as an argument"
            }
            _ => "a stored result does not notice a change; pass what is read as an argument",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_can_allow_every_kind() {
        assert_eq!(Kind::ALL.map(Kind::name), checkpointing_mark::LINTS);
    }
}
