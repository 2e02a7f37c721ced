//! Keeps what fingerprints were made of, a file for each, and the last fingerprint of each function.

use super::Directory;
use crate::fingerprint::Fingerprint;
use crate::store::{FunctionName, StoreError};
use std::fs;
use std::io;
use std::path::PathBuf;

impl Directory {
    fn closure_path(&self, fingerprint: &Fingerprint) -> PathBuf {
        self.version.join("closures").join(fingerprint.to_string())
    }

    /// A function's name may hold anything: its hash is the file's name.
    fn last_path(&self, function: &FunctionName) -> PathBuf {
        let name = blake3::hash(&function.bytes()).to_hex();
        self.version.join("functions").join(name.as_str())
    }

    pub(super) fn read_closure(&self, fingerprint: &Fingerprint) -> Result<Option<Vec<u8>>, StoreError> {
        read(self.closure_path(fingerprint), "read what the code was")
    }

    pub(super) fn read_last(&self, function: &FunctionName) -> Result<Option<Fingerprint>, StoreError> {
        let text = read(self.last_path(function), "read what the code was")?;
        let text = text.and_then(|bytes| String::from_utf8(bytes).ok());
        let hex = text.as_deref().and_then(|text| text.lines().next());
        Ok(hex.and_then(|hex| blake3::Hash::from_hex(hex).ok()).map(|hash| Fingerprint::new(hash.into())))
    }

    pub(super) fn write_closure(
        &self,
        function: &FunctionName,
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
        let FunctionName { path, instance, file } = function;
        // The first line counts; the others are for people.
        write(self.last_path(function), format!("{fingerprint}\n{path}\n{instance}\n{file}\n").as_bytes())
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
    use crate::store::{Directory, FunctionName, Store};

    #[test]
    fn the_last_fingerprint_of_a_function_and_every_closure_are_found() {
        let folder = tempfile::tempdir().unwrap();
        let store = Directory::new(folder.path());
        let [one, two] = [[1; 32], [2; 32]].map(Fingerprint::new);
        let calc = FunctionName::new("q::calc");
        let others = [
            FunctionName::new("q::<A as B>::calc"),
            calc.clone().with("", "src/main.rs"),
            calc.clone().with("q::calc<u8>", ""),
            calc.clone().with("q::calc<u16>", ""),
        ];
        assert_eq!(store.last_fingerprint(&calc).unwrap(), None);
        for function in others.iter().chain([&calc]) {
            store.put_closure(function, &one, b"first").unwrap();
        }
        store.put_closure(&calc, &two, b"second").unwrap();
        assert_eq!(store.last_fingerprint(&calc).unwrap(), Some(two));
        for function in &others {
            assert_eq!(store.last_fingerprint(function).unwrap(), Some(one), "{function:?}");
        }
        assert_eq!(store.closure(&one).unwrap().as_deref(), Some(&b"first"[..]));
        assert_eq!(store.closure(&two).unwrap().as_deref(), Some(&b"second"[..]));
        assert_eq!(store.list().count(), 0, "they are no entries");
    }
}
