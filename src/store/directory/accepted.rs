//! Keeps acceptances: a small text for each, so that writers cannot be in each other's way.
//!
//! ```text
//! checkpointing acceptance 1
//! function demo::calc
//! code 8f0c..        whose calls are served
//! results 31aa..     who computed them
//! shape 9d4e..       of the results
//! since 1764000000   seconds since 1970
//! ```
//! The file is named by both codes, in a folder named by the hash of the function's path. What cannot be read
//! is not accepted.

use super::Directory;
use crate::fingerprint::Fingerprint;
use crate::store::{Acceptance, StoreError};
use checkpointing_closure::Shape;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const TITLE: &str = "checkpointing acceptance 1";
/// How much of a hash stands in a file's name.
const NAMED: usize = 32;

impl Directory {
    /// Lets results of one code serve another, for one function.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn accept(&self, acceptance: &Acceptance) -> Result<(), StoreError> {
        let Acceptance { function, fingerprint, results, shape, since } = acceptance;
        let since = since.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let text = format!(
            "{TITLE}\nfunction {function}\ncode {fingerprint}\nresults {results}\nshape {shape}\nsince {since}\n"
        );
        let action = "store what is accepted";
        self.write(&self.acceptance_path(acceptance), &[text.as_bytes()])
            .map_err(|(path, source)| StoreError::Io { action, path, source })
    }

    /// Takes an acceptance back; whether there was one.
    ///
    /// # Errors
    /// When it is there and cannot be removed.
    pub fn revoke(&self, acceptance: &Acceptance) -> Result<bool, StoreError> {
        let path = self.acceptance_path(acceptance);
        match fs::remove_file(&path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(source) => Err(StoreError::Io { action: "take an acceptance back", path, source }),
        }
    }

    /// Everything that was accepted, of all functions, in no order.
    ///
    /// # Errors
    /// Where something cannot be read, or is no acceptance of this version.
    pub fn acceptances(&self) -> impl Iterator<Item = Result<Acceptance, StoreError>> {
        folders(&self.all_accepted()).flat_map(|folder| match folder {
            Ok(folder) => read_all(&folder),
            Err(error) => vec![Err(error)],
        })
    }

    /// Which results serve a function's code.
    pub(super) fn accepted_for(
        &self,
        function: &str,
        fingerprint: &Fingerprint,
    ) -> Result<Vec<Acceptance>, StoreError> {
        let all: Result<Vec<Acceptance>, StoreError> =
            read_all(&self.function_folder(function)).into_iter().collect();
        let mut all = all?;
        all.retain(|accepted| accepted.function == function && accepted.fingerprint == *fingerprint);
        // The word that was given last counts first.
        all.sort_by_key(|accepted| (std::cmp::Reverse(accepted.since), accepted.results));
        Ok(all)
    }

    fn all_accepted(&self) -> PathBuf {
        self.version.join("accepted")
    }

    fn function_folder(&self, function: &str) -> PathBuf {
        let name = blake3::hash(function.as_bytes()).to_hex();
        self.all_accepted().join(&name[..NAMED])
    }

    fn acceptance_path(&self, acceptance: &Acceptance) -> PathBuf {
        self.function_folder(&acceptance.function).join(name_of(acceptance))
    }
}

fn name_of(acceptance: &Acceptance) -> String {
    let Acceptance { fingerprint, results, .. } = acceptance;
    format!("{}-{}", &fingerprint.to_string()[..NAMED], &results.to_string()[..NAMED])
}

fn folders(folder: &Path) -> impl Iterator<Item = Result<PathBuf, StoreError>> + use<> {
    let action = "read what is accepted";
    let path = folder.to_owned();
    let (found, failed) = match fs::read_dir(folder) {
        Ok(found) => (Some(found), None),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            (None, None)
        }
        Err(source) => (None, Some(StoreError::Io { action, path: path.clone(), source })),
    };
    failed.into_iter().map(Err).chain(found.into_iter().flatten().map(move |entry| {
        let entry = entry.map_err(|source| StoreError::Io { action, path: path.clone(), source })?;
        Ok(entry.path())
    }))
}

fn read_all(folder: &Path) -> Vec<Result<Acceptance, StoreError>> {
    let read = |path: PathBuf| {
        let error = |source| StoreError::Io { action: "read what is accepted", path: path.clone(), source };
        let text = match fs::read_to_string(&path) {
            // It was taken back meanwhile.
            Err(gone) if gone.kind() == io::ErrorKind::NotFound => return Ok(None),
            other => other.map_err(error)?,
        };
        let named =
            |acceptance: &Acceptance| path.file_name().is_some_and(|name| *name == *name_of(acceptance));
        let found = parse(&text).filter(named);
        let wrong =
            || io::Error::new(io::ErrorKind::InvalidData, "it is no acceptance that this version knows");
        found.map(Some).ok_or_else(|| error(wrong()))
    };
    folders(folder).filter_map(|path| path.and_then(read).transpose()).collect()
}

/// `None` where a line is missing or is not understood.
fn parse(text: &str) -> Option<Acceptance> {
    let mut lines = text.strip_suffix('\n')?.split('\n');
    if lines.next()? != TITLE {
        return None;
    }
    let mut value = |name: &str| lines.next()?.strip_prefix(name)?.strip_prefix(' ');
    let fingerprint = |text: &str| Some(Fingerprint::new(blake3::Hash::from_hex(text).ok()?.into()));
    let acceptance = Acceptance {
        function: value("function")?.to_owned(),
        fingerprint: fingerprint(value("code")?)?,
        results: fingerprint(value("results")?)?,
        shape: value("shape")?.parse::<Shape>().ok()?,
        since: SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(value("since")?.parse().ok()?))?,
    };
    lines.next().is_none().then_some(acceptance)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    fn acceptance(function: &str, code: u8, results: u8) -> Acceptance {
        let [code, results] = [code, results].map(|number| Fingerprint::new([number; 32]));
        Acceptance::new(function, code, results, Shape::new([9; 16]))
    }

    #[test]
    fn an_acceptance_is_kept_for_one_function_and_code_and_taken_back() {
        let folder = tempfile::tempdir().unwrap();
        let store = Directory::new(folder.path());
        let one = acceptance("q::calc", 2, 1);
        let accepted =
            |function: &str, code: u8| store.accepted(function, &Fingerprint::new([code; 32])).unwrap();
        assert_eq!(accepted("q::calc", 2), []);
        store.accept(&one).unwrap();
        store.accept(&one).unwrap();
        assert_eq!(accepted("q::calc", 2), std::slice::from_ref(&one));
        assert_eq!(accepted("q::other", 2), []);
        // A served B, and B serves C: A does not.
        store.accept(&acceptance("q::calc", 3, 2)).unwrap();
        let results: Vec<Fingerprint> = accepted("q::calc", 3).iter().map(|two| two.results).collect();
        assert_eq!(results, [Fingerprint::new([2; 32])]);
        assert_eq!(store.acceptances().count(), 2);
        assert_eq!(store.list().count(), 0, "they are no entries");
        assert!(store.revoke(&one).unwrap() && !store.revoke(&one).unwrap());
        assert_eq!(accepted("q::calc", 2), []);
    }

    #[test]
    fn the_form_is_frozen_and_what_is_not_of_it_is_not_accepted() {
        let folder = tempfile::tempdir().unwrap();
        let store = Directory::new(folder.path());
        let since = UNIX_EPOCH + Duration::from_secs(1_764_000_000);
        let one = Acceptance { since, ..acceptance("q::<A as B>::calc", 2, 1) };
        store.accept(&one).unwrap();
        let path = store.acceptance_path(&one);
        let text = fs::read_to_string(&path).unwrap();
        let expected = format!(
            "checkpointing acceptance 1\nfunction q::<A as B>::calc\ncode {}\nresults {}\nshape {}\nsince 1764000000\n",
            "02".repeat(32),
            "01".repeat(32),
            "09".repeat(16)
        );
        assert_eq!(text, expected);
        for wrong in [
            text.replace("acceptance 1", "acceptance 2"),
            text.replace("results 01", "results 11"),
            text.replace("shape 09", "shape x9"),
            text.replace("since", "until"),
            text[..text.len() - 1].to_owned(),
            format!("{text}more\n"),
            String::new(),
        ] {
            fs::write(&path, &wrong).unwrap();
            assert!(store.accepted("q::<A as B>::calc", &one.fingerprint).is_err(), "{wrong}");
            assert!(store.acceptances().all(|found| found.is_err()));
        }
    }
}
