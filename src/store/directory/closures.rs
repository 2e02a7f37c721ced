//! Keeps what fingerprints were made of, a file for each, and the last fingerprint of each function.

use super::Directory;
use crate::fingerprint::Fingerprint;
use crate::store::StoreError;
use std::fs;
use std::io;
use std::path::PathBuf;

impl Directory {
    fn closure_path(&self, fingerprint: &Fingerprint) -> PathBuf {
        self.version.join("closures").join(fingerprint.to_string())
    }

    /// A function's path may hold anything: its hash is the file's name.
    fn last_path(&self, function: &str) -> PathBuf {
        let name = blake3::hash(function.as_bytes()).to_hex();
        self.version.join("functions").join(name.as_str())
    }

    pub(super) fn read_closure(&self, fingerprint: &Fingerprint) -> Result<Option<Vec<u8>>, StoreError> {
        read(self.closure_path(fingerprint), "read what the code was")
    }

    pub(super) fn read_last(&self, function: &str) -> Result<Option<Fingerprint>, StoreError> {
        let text = read(self.last_path(function), "read what the code was")?;
        let text = text.and_then(|bytes| String::from_utf8(bytes).ok());
        let hex = text.as_deref().and_then(|text| text.lines().next());
        Ok(hex.and_then(|hex| blake3::Hash::from_hex(hex).ok()).map(|hash| Fingerprint::new(hash.into())))
    }

    pub(super) fn write_closure(
        &self,
        function: &str,
        fingerprint: &Fingerprint,
        closure: &[u8],
    ) -> Result<(), StoreError> {
        let action = "store what the code is";
        let write = |path: PathBuf, bytes: &[u8]| {
            self.write(&path, &[bytes]).map_err(|(path, source)| StoreError::Io { action, path, source })
        };
        // First what the other file promises.
        let path = self.closure_path(fingerprint);
        if !path.exists() {
            write(path, closure)?;
        }
        write(self.last_path(function), format!("{fingerprint}\n{function}\n").as_bytes())
    }
}

fn read(path: PathBuf, action: &'static str) -> Result<Option<Vec<u8>>, StoreError> {
    match fs::read(&path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(source) => Err(StoreError::Io { action, path, source }),
    }
}

#[cfg(test)]
mod tests {
    use crate::Fingerprint;
    use crate::store::{Directory, Store};

    #[test]
    fn the_last_fingerprint_of_a_function_and_every_closure_are_found() {
        let folder = tempfile::tempdir().unwrap();
        let store = Directory::new(folder.path());
        let [one, two] = [[1; 32], [2; 32]].map(Fingerprint::new);
        assert_eq!(store.last_fingerprint("q::calc").unwrap(), None);
        store.put_closure("q::calc", &one, b"first").unwrap();
        store.put_closure("q::<A as B>::calc", &one, b"first").unwrap();
        store.put_closure("q::calc", &two, b"second").unwrap();
        assert_eq!(store.last_fingerprint("q::calc").unwrap(), Some(two));
        assert_eq!(store.last_fingerprint("q::<A as B>::calc").unwrap(), Some(one));
        assert_eq!(store.closure(&one).unwrap().as_deref(), Some(&b"first"[..]));
        assert_eq!(store.closure(&two).unwrap().as_deref(), Some(&b"second"[..]));
        assert_eq!(store.list().count(), 0, "they are no entries");
    }
}
