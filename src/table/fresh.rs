//! Tells whether the running code can be newer than the fingerprint that the build script gave it.
//!
//! The build script reads the sources early, rustc reads them later. A file that was edited in
//! between is newer than the table's start and not newer than the executable. An edit after the
//! executable was linked cannot be in it. That holds only for an executable that is itself newer
//! than the table: code in a plugin is linked after the program that loads it.

use super::find::Function;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::SystemTime;

/// The first source file of the function that may have been edited under the compiler's feet.
///
/// The answer can be kept: an edit that comes later is newer than the executable.
pub(crate) fn edited(function: &Function) -> Option<PathBuf> {
    let start = function.table.start();
    function.sources.iter().find(|file| between(modified(file), start, linked())).cloned()
}

fn between(file: Option<SystemTime>, start: SystemTime, linked: Option<SystemTime>) -> bool {
    let Some(file) = file else {
        return false;
    };
    let after_link = linked.is_some_and(|linked| linked >= start && file > linked);
    file > start && !after_link
}

fn modified(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).and_then(|data| data.modified()).ok()
}

fn linked() -> Option<SystemTime> {
    static LINKED: OnceLock<Option<SystemTime>> = OnceLock::new();
    *LINKED.get_or_init(|| modified(&std::env::current_exe().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn only_an_edit_between_pass_and_link_counts() {
        let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let cases = [
            (None, Some(20), false),
            (Some(9), Some(20), false),
            (Some(10), Some(20), false),
            (Some(15), Some(20), true),
            (Some(20), Some(20), true),
            (Some(21), Some(20), false),
            // Without a time of linking, or one that cannot be that of this code, any edit counts.
            (Some(21), None, true),
            (Some(21), Some(5), true),
        ];
        for (file, linked, expected) in cases {
            assert_eq!(between(file.map(at), at(10), linked.map(at)), expected, "{file:?} {linked:?}");
        }
    }
}
