//! Has cargo run the build script again where a marked file is compiled that the script has not read.
//!
//! The files of tests, examples and benches are watched only when the package's cache is used in them:
//! any edit of a watched file compiles the library anew. A file that is new, or that was plain until
//! now, is noticed here, while it is compiled. The build script leaves the list of what it watches in
//! `OUT_DIR` and watches that list too, so a newer list is all that it takes.

use proc_macro2::Span;
use std::fs::{self, File, Metadata};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// What the build script calls its list: a path a line, relative to the package.
const LIST: &str = "checkpoints.watched";

/// Whether the build script has yet to read the file of this span; if so, the next build runs it.
///
/// A file that the script could not find would run it at every build: one that came before the list was made was there
/// when the script looked, and is let be.
pub fn ask(span: Span) -> bool {
    let Some(file) = span.unwrap().local_file() else {
        return false;
    };
    let [Some(out), Some(folder)] = ["OUT_DIR", "CARGO_MANIFEST_DIR"].map(std::env::var_os) else {
        return false;
    };
    let list = PathBuf::from(out).join(LIST);
    let Ok(lines) = fs::read_to_string(&list) else {
        return false;
    };
    is_unread(&lines, Path::new(&folder), &file) && is_newer(&file, &list) && touch(&list).is_ok()
}

/// Whether a file of the package is neither listed nor below a folder that is.
fn is_unread(lines: &str, folder: &Path, file: &Path) -> bool {
    let (Ok(folder), Ok(file)) = (folder.canonicalize(), file.canonicalize()) else {
        return false;
    };
    let Ok(relative) = file.strip_prefix(&folder) else {
        return false;
    };
    !lines.lines().any(|line| relative.starts_with(line))
}

fn is_newer(file: &Path, list: &Path) -> bool {
    let found = |path: &Path| fs::metadata(path).ok();
    let (Some(file), Some(list)) = (found(file), found(list)) else {
        return false;
    };
    matches!((arrived(&file), list.modified()), (Some(file), Ok(list)) if file >= list)
}

/// When a file came to its place or was written: what is moved or unpacked keeps an old date.
fn arrived(file: &Metadata) -> Option<SystemTime> {
    let written = file.modified().ok();
    #[cfg(unix)]
    let written = {
        use std::os::unix::fs::MetadataExt;
        use std::time::{Duration, UNIX_EPOCH};
        let seconds = u64::try_from(file.ctime()).unwrap_or_default();
        let nanos = u32::try_from(file.ctime_nsec()).unwrap_or_default();
        written.max(UNIX_EPOCH.checked_add(Duration::new(seconds, nanos)))
    };
    written
}

fn touch(list: &Path) -> std::io::Result<()> {
    File::options().append(true).open(list)?.set_modified(SystemTime::now())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_when_it_or_a_folder_above_is_listed() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let unread = |lines, file: &str| is_unread(lines, folder, &folder.join(file));
        assert!(!unread("Cargo.toml\nsrc", "src/unread.rs") && !unread("src/unread.rs", "src/unread.rs"));
        assert!(unread("Cargo.toml\nsrc/call.rs", "src/unread.rs") && unread("sr", "src/unread.rs"));
        // A file of another package, and one that is not there.
        assert!(!unread("src", "../src/lib.rs") && !unread("", "src/absent.rs"));
    }
}
