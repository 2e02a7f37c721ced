//! Finds the folders that results are kept in, and reads what they hold.

use crate::arguments::Selection;
use crate::names::{Called, Found};
use crate::packages::shown;
use crate::terminal::Terminal;
use checkpointing::{Acceptance, Directory, FunctionName, Listed, Store, StoreError};
use checkpointing_fingerprint::Graph;
use clap::Args;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// As the runtime has it.
const DEFAULT: &str = ".checkpointing";
const VARIABLE: &str = "CHECKPOINTING_DIR";

#[derive(Args)]
pub(crate) struct StoreArguments {
    /// Folder of results
    #[arg(
        long,
        value_name = "FOLDER",
        help_heading = "Store Selection",
        help = "Folder of results; by default CHECKPOINTING_DIR, or the nearest .checkpointing in this folder or above"
    )]
    store: Vec<PathBuf>,
}

impl StoreArguments {
    /// The stores that are named, or that of a program started here, or in the folder of the manifest that is named.
    pub(crate) fn directories(&self, manifest: Option<&Path>) -> Vec<Rc<Directory>> {
        let start = manifest.and_then(Path::parent).unwrap_or(Path::new(""));
        let folders = if self.store.is_empty() { vec![nearest(start)] } else { self.store.clone() };
        folders.into_iter().map(|folder| Rc::new(Directory::new(folder))).collect()
    }

    /// Those of packages: the folders that marks name, too.
    pub(crate) fn directories_of(&self, selection: &Selection, graphs: &[Graph]) -> Vec<Rc<Directory>> {
        let mut directories = self.directories(selection.manifest_path.as_deref());
        if self.store.is_empty() {
            // A relative folder counts from where the program is started, as the default store does.
            let base = directories.first().and_then(|first| first.path().parent());
            let base = base.unwrap_or(Path::new("")).to_owned();
            let marks =
                Found::all(graphs).filter_map(|found| found.function.stored.as_ref()?.directory.as_ref());
            let named: BTreeSet<PathBuf> = marks.map(|folder| base.join(folder)).collect();
            directories.extend(named.into_iter().map(|folder| Rc::new(Directory::new(folder))));
        }
        directories
    }
}

/// The store of a folder, or of the nearest above it that has one.
fn nearest(start: &Path) -> PathBuf {
    if let Some(folder) = std::env::var_os(VARIABLE).filter(|folder| !folder.is_empty()) {
        return folder.into();
    }
    let start = std::env::current_dir().unwrap_or_default().join(start);
    let found = start.ancestors().map(|folder| folder.join(DEFAULT)).find(|store| store.is_dir());
    found.unwrap_or_else(|| start.join(DEFAULT))
}

/// An entry, and the store that has it.
pub(crate) struct Kept {
    pub(crate) store: Rc<Directory>,
    pub(crate) entry: Listed,
}

impl Kept {
    pub(crate) fn is_in(&self, store: &Rc<Directory>) -> bool {
        Rc::ptr_eq(&self.store, store)
    }

    /// The function that computed it.
    pub(crate) fn computed_by(&self) -> FunctionName {
        let header = &self.entry.header;
        FunctionName::new(&*header.function).with(&*header.instance, &*header.file)
    }

    /// Every function that uses it.
    pub(crate) fn functions(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.entry.header.function.as_str())
            .chain(self.entry.users.iter().map(String::as_str))
    }

    /// The same; of further users nothing but the path is known.
    pub(crate) fn called(&self) -> impl Iterator<Item = Called<'_>> {
        let own = self.entry.header.instance.as_str();
        let called = move |(number, path)| Called { path, instance: if number == 0 { own } else { "" } };
        self.functions().enumerate().map(called)
    }
}

/// What some stores hold.
pub(crate) struct Contents {
    pub(crate) stores: Vec<Rc<Directory>>,
    /// Sorted by function, then by time.
    pub(crate) entries: Vec<Kept>,
    /// What cannot be read.
    pub(crate) broken: Vec<(Rc<Directory>, StoreError)>,
    /// Which results serve other codes. Sorted by function, then by time.
    pub(crate) accepted: Vec<(Rc<Directory>, Acceptance)>,
    /// What of that cannot be read.
    unknown: Vec<StoreError>,
}

impl Contents {
    /// Reads them, and warns of what cannot be read.
    pub(crate) fn told(stores: Vec<Rc<Directory>>, terminal: &Terminal) -> Contents {
        let contents = Contents::read(stores, terminal);
        contents.warn(terminal);
        contents
    }

    pub(crate) fn read(stores: Vec<Rc<Directory>>, terminal: &Terminal) -> Contents {
        let (entries, broken, accepted, unknown) = Default::default();
        let mut contents = Contents { stores, entries, broken, accepted, unknown };
        let progress = terminal.progress(None, "reading the store");
        for store in &contents.stores {
            for listed in store.list() {
                progress.inc(1);
                match listed {
                    Ok(entry) => contents.entries.push(Kept { store: Rc::clone(store), entry }),
                    Err(error) => contents.broken.push((Rc::clone(store), error)),
                }
            }
            for accepted in store.acceptances() {
                match accepted {
                    Ok(accepted) => contents.accepted.push((Rc::clone(store), accepted)),
                    Err(error) => contents.unknown.push(error),
                }
            }
        }
        progress.finish_and_clear();
        contents.entries.sort_by(|a, b| {
            let key = |kept: &Kept| (kept.entry.header.created, kept.entry.header.key);
            a.entry.header.function.cmp(&b.entry.header.function).then_with(|| key(a).cmp(&key(b)))
        });
        contents.accepted.sort_by(|(_, a), (_, b)| {
            let key = |accepted: &Acceptance| (accepted.since, accepted.fingerprint, accepted.results);
            a.function.cmp(&b.function).then_with(|| key(a).cmp(&key(b)))
        });
        contents
    }

    /// What an answer is where there are no entries.
    pub(crate) fn nothing(&self) -> String {
        let folders: Vec<String> = self.stores.iter().map(|store| shown(store.path()).to_string()).collect();
        format!("Nothing is stored in {}.", folders.join(", "))
    }

    /// For commands that are about something else.
    fn warn(&self, terminal: &Terminal) {
        if let Some((store, first)) = self.broken.first() {
            terminal.warn(&format!(
                "{} entries cannot be read, the first: {first}; `cargo checkpoint cache verify --fix --store {}` removes them",
                self.broken.len(),
                shown(store.path())
            ));
        }
        for error in &self.unknown {
            terminal.warn(&format!("{error}; it accepts nothing, and can be removed"));
        }
    }
}
