//! Remembers what each table says of each function, and where that function's results go.
//!
//! By the address of the table and the type's name: a static in a generic function is shared by all
//! its instantiations, which need rows of their own.

use crate::config::{self, Format, OnError};
use crate::key;
use crate::store::directory::Directory;
use crate::table::TableRef;
use crate::table::find::{self, Function, Missing, Spot};
use crate::table::fresh;
use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

/// Literal options, as macros write them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Folder of the store.
    pub directory: Option<&'static str>,
    /// What happens on errors.
    pub on_error: Option<OnError>,
    /// How results are written.
    pub format: Option<Format>,
    /// Part of the key.
    pub version: Option<u64>,
}

impl Options {
    /// Nothing is set.
    pub const NONE: Options = Options { directory: None, on_error: None, format: None, version: None };

    pub(crate) fn is_none(&self) -> bool {
        self.directory.is_none() && self.on_error.is_none() && self.format.is_none() && self.version.is_none()
    }

    /// These, and where nothing is set the others.
    pub(crate) fn over(self, other: Options) -> Options {
        Options {
            directory: self.directory.or(other.directory),
            on_error: self.on_error.or(other.on_error),
            format: self.format.or(other.format),
            version: self.version.or(other.version),
        }
    }
}

/// An option of a doc mark that cannot be obeyed.
#[derive(Debug)]
pub(crate) struct BadOption {
    pub name: &'static str,
    pub value: String,
    pub expected: &'static str,
}

/// A function that was found.
#[derive(Debug)]
pub(crate) struct Known {
    pub function: Function,
    /// What its keys start with.
    pub base: [u8; 32],
    /// Of a doc mark.
    pub options: Options,
    pub ignore: Vec<u32>,
    pub bad: Option<BadOption>,
    edited: OnceLock<Option<PathBuf>>,
    store: OnceLock<&'static Directory>,
}

impl Known {
    fn new(function: Function) -> Known {
        let base = key::base(&function);
        let (mut options, mut ignore, mut bad) = (Options::NONE, Vec::new(), None);
        for (name, value) in &function.options {
            let expected = match *name {
                "directory" => {
                    options.directory = Some(Box::leak(value.clone().into_boxed_str()));
                    continue;
                }
                "on_error" => {
                    options.on_error = OnError::parse(value);
                    if options.on_error.is_some() {
                        continue;
                    }
                    OnError::EXPECTED
                }
                "format" => {
                    options.format = Format::parse(value);
                    if options.format.is_some() {
                        continue;
                    }
                    Format::EXPECTED
                }
                "version" => {
                    options.version = value.parse().ok();
                    if options.version.is_some() {
                        continue;
                    }
                    "a whole number"
                }
                "ignore" => {
                    let indexes: Result<Vec<u32>, _> =
                        value.split(',').map(|text| text.trim().parse()).collect();
                    if let Ok(indexes) = indexes {
                        ignore.extend(indexes);
                        continue;
                    }
                    "indexes of arguments"
                }
                _ => "nothing: this version does not have the option; remove it",
            };
            bad = Some(BadOption { name, value: value.clone(), expected });
        }
        let (edited, store) = (OnceLock::new(), OnceLock::new());
        Known { function, base, options, ignore, bad, edited, store }
    }

    /// A source file that may be newer than the fingerprint; see [`fresh`].
    pub fn edited(&self) -> Option<&Path> {
        self.edited.get_or_init(|| fresh::edited(&self.function)).as_deref()
    }

    /// The store of a call with these options, which hold over the mark's.
    pub fn store(&self, options: Options) -> &'static Directory {
        if options.directory == self.options.directory {
            self.store.get_or_init(|| store(options))
        } else {
            store(options)
        }
    }
}

fn store(options: Options) -> &'static Directory {
    static STORES: Mutex<Option<HashMap<PathBuf, &'static Directory>>> = Mutex::new(None);
    let root = options.directory.map_or(config::settings().directory.as_path(), Path::new);
    let mut stores = STORES.lock().unwrap_or_else(PoisonError::into_inner);
    let stores = stores.get_or_insert_default();
    if let Some(store) = stores.get(root) {
        return store;
    }
    // A program that changes its working directory keeps its cache.
    let absolute = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
    let store: &'static Directory = Box::leak(Box::new(Directory::new(absolute)));
    stores.insert(root.to_owned(), store);
    store
}

/// What is asked for: a table's address, a type's name, and for the attribute a place.
type Question = (usize, &'static str, Option<(u32, u32)>);
/// The same by address, which needs no lock: a name may have several addresses, an address one name.
type Near = (usize, usize, usize, Option<(u32, u32)>);
type Answer = Result<&'static Known, &'static Missing>;

static ANSWERS: Mutex<Option<HashMap<Question, Answer>>> = Mutex::new(None);

thread_local! {
    static NEAR: RefCell<HashMap<Near, Answer>> = RefCell::default();
}

/// Finds a function by name, or by place where one is given; each is searched for once.
pub(crate) fn known(table: TableRef, type_name: &'static str, spot: Option<Spot>) -> Answer {
    let address = std::ptr::from_ref(table.table) as usize;
    let position = spot.map(|spot| (spot.line, spot.column));
    let near = (address, type_name.as_ptr() as usize, type_name.len(), position);
    if let Some(answer) = NEAR.with_borrow(|answers| answers.get(&near).copied()) {
        return answer;
    }
    let mut answers = ANSWERS.lock().unwrap_or_else(PoisonError::into_inner);
    let answer =
        *answers.get_or_insert_default().entry((address, type_name, position)).or_insert_with(|| {
            let found = match spot {
                Some(spot) => find::by_spot(table, type_name, spot),
                None => find::by_name(table, type_name),
            };
            match found {
                Ok(function) => Ok(Box::leak(Box::new(Known::new(function)))),
                Err(missing) => Err(Box::leak(Box::new(missing))),
            }
        });
    drop(answers);
    NEAR.with_borrow_mut(|answers| answers.insert(near, answer));
    answer
}
