//! Names the steps of storing a result. Tests end the process at one of them; elsewhere nothing is left of it.

/// A step that a process can be killed at: by SIGKILL in a unit test where `KILL_AT` names it.
#[cfg(not(test))]
#[inline]
pub(crate) fn point(_: &str) {}

/// A step that a process can be killed at: by SIGKILL in a unit test where `KILL_AT` names it.
#[cfg(test)]
pub(crate) fn point(name: &str) {
    if std::env::var_os("KILL_AT").is_some_and(|at| at == name) {
        let pid = std::process::id().to_string();
        let _ = std::process::Command::new("kill").args(["-9", &pid]).status();
        unreachable!("it was killed");
    }
}
