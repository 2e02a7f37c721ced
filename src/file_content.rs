//! Lets an argument count by the bytes of a file and not by its path.

use serde::ser::{Error, Serialize, Serializer};
use std::fs::File;
use std::io::{self, Read};
use std::ops::Deref;
use std::path::{Path, PathBuf};

/// A path that counts by what is in the file: another file of the same bytes is the same argument, and an
/// edited file is another one.
///
/// The file is read in each call. A call whose file cannot be read is not cached: `on_error` says what
/// happens. It dereferences to the path.
///
/// ```
/// use checkpointing::FileContent;
///
/// fn lines(file: FileContent) -> std::io::Result<usize> {
///     Ok(std::fs::read_to_string(&*file)?.lines().count())
/// }
///
/// let path = std::env::temp_dir().join(format!("checkpointing-doc-{}.txt", std::process::id()));
/// std::fs::write(&path, "one\ntwo\n")?;
/// assert_eq!(lines(FileContent::from(&path))?, 2);
/// # std::fs::remove_file(path)?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileContent(PathBuf);

impl FileContent {
    fn hash(&self) -> io::Result<[u8; 32]> {
        let mut file = File::open(&self.0)?;
        let mut hasher = blake3::Hasher::new();
        let mut block = vec![0; 64 * 1024];
        loop {
            match file.read(&mut block) {
                Ok(0) => return Ok(hasher.finalize().into()),
                Ok(length) => _ = hasher.update(&block[..length]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

impl<P: AsRef<Path>> From<P> for FileContent {
    fn from(path: P) -> FileContent {
        FileContent(path.as_ref().to_owned())
    }
}

impl Deref for FileContent {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

impl Serialize for FileContent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let hash =
            self.hash().map_err(|error| S::Error::custom(format_args!("{}: {error}", self.0.display())))?;
        serializer.serialize_newtype_struct("FileContent", &hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::hash_value;

    #[test]
    fn the_bytes_count_and_not_the_path() {
        let folder = tempfile::tempdir().unwrap();
        let [a, b] = ["a", "b"].map(|name| folder.path().join(name));
        std::fs::write(&a, "x".repeat(100_000)).unwrap();
        std::fs::copy(&a, &b).unwrap();
        let hash = |path: &Path| hash_value(&FileContent::from(path));
        assert!(hash(&a).is_some());
        assert_eq!(hash(&a), hash(&b));
        std::fs::write(&b, "x".repeat(100_001)).unwrap();
        assert_ne!(hash(&a), hash(&b));
        assert_eq!(hash(&folder.path().join("absent")), None);
        let error = serde_json::to_string(&FileContent::from(folder.path().join("absent"))).unwrap_err();
        assert!(error.to_string().contains("absent: "), "it names the file: {error}");
    }
}
