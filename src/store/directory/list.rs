//! Lists the entries of a folder, and keeps who else uses them.

use super::{Directory, file};
use crate::error::Problem;
use crate::key::Key;
use crate::store::{Listed, StoreError};
use std::fs::{self, DirEntry, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

impl Directory {
    /// Every entry; those that are damaged as errors that name their key.
    pub(super) fn listed(&self) -> impl Iterator<Item = Result<Listed, StoreError>> {
        self.files().filter_map(|found| match found {
            Ok((key, path)) => self.look(key, &path).transpose(),
            Err(error) => Some(Err(error)),
        })
    }

    /// The files of all entries.
    pub(super) fn files(&self) -> impl Iterator<Item = Result<(Key, PathBuf), StoreError>> + use<> {
        let folders = read(&self.version);
        let fans = folders.filter(|folder| {
            let named = |folder: &DirEntry| folder.file_name().len() == 2;
            folder.as_ref().map_or(true, named)
        });
        let files = fans.flat_map(|folder| -> Box<dyn Iterator<Item = _>> {
            match folder {
                Ok(folder) => Box::new(read(&folder.path())),
                Err(error) => Box::new(std::iter::once(Err(error))),
            }
        });
        files.filter_map(|file| match file {
            Ok(file) => Some(Ok((file.file_name().to_str()?.parse().ok()?, file.path()))),
            Err(error) => Some(Err(error)),
        })
    }

    /// What is known of an entry; `None` when it is gone.
    fn look(&self, key: Key, path: &Path) -> Result<Option<Listed>, StoreError> {
        let io = |source| StoreError::Io { action: "read the entry", path: path.to_owned(), source };
        let wrong = |problem| Err(StoreError::Entry { key, path: path.to_owned(), problem });
        let opened = File::open(path).and_then(|file| Ok((file.metadata()?, file)));
        let (data, file) = match opened {
            Ok(opened) => opened,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(io(error)),
        };
        let (header, length) = match file::read_header(&file).map_err(io)? {
            Ok(read) => read,
            Err(problem) => return wrong(problem),
        };
        if header.key != key {
            return wrong(Problem::Misplaced);
        }
        if data.len() != length {
            return wrong(Problem::Truncated);
        }
        let users = self.users(&key).map_err(io)?;
        Ok(Some(Listed { header, users, used: data.accessed().ok(), size: data.len() }))
    }

    pub(super) fn users_path(&self, key: &Key) -> PathBuf {
        self.version.join("users").join(key.to_string())
    }

    fn users(&self, key: &Key) -> io::Result<Vec<String>> {
        let text = match fs::read(self.users_path(key)) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut users: Vec<String> = String::from_utf8_lossy(&text).lines().map(str::to_owned).collect();
        users.sort_unstable();
        users.dedup();
        Ok(users)
    }

    /// Adds a function to those that use an entry. Appending a short line is one step.
    pub(super) fn add_user(&self, key: &Key, function: &str) -> Result<(), StoreError> {
        let path = self.users_path(key);
        let append = || -> io::Result<()> {
            if self.users(key)?.iter().any(|user| user == function) {
                return Ok(());
            }
            let open = || OpenOptions::new().append(true).create(true).open(&path);
            let mut file = match open() {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    self.make_parent(&path).and_then(|()| open())
                }
                other => other,
            }?;
            file.write_all(format!("{function}\n").as_bytes())
        };
        append().map_err(|source| StoreError::Io { action: "note who uses the entry", path, source })
    }
}

/// A folder's files; none when there is no such folder.
fn read(folder: &Path) -> impl Iterator<Item = Result<DirEntry, StoreError>> + use<> {
    let path = folder.to_owned();
    let error = move |source| StoreError::Io { action: "list the store", path: path.clone(), source };
    let (files, failed) = match fs::read_dir(folder) {
        Ok(files) => (Some(files), None),
        Err(source) if matches!(source.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            (None, None)
        }
        Err(source) => (None, Some(source)),
    };
    failed.into_iter().map(Err).chain(files.into_iter().flatten()).map(move |file| file.map_err(&error))
}
