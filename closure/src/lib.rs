//! Describes what a fingerprint was made of, and tells two such descriptions apart.
//!
//! The build script leaves the closures of all marked functions in one file in `OUT_DIR` ([`Closures`]).
//! The runtime keeps the closure of a function ([`Closure`]) beside its results, so that a later run, or
//! `cargo checkpoint why`, can say which code changed ([`Changes`]).

mod changes;
mod file;

pub use changes::{Change, Changes};
pub use file::Closures;

use serde::{Deserialize, Serialize};

/// First byte of both encodings: another form is another number.
const FORMAT: u8 = 1;

/// Something that a function depends on, itself included: an item, a file, a package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Item {
    /// `fn`, `const`, `static`, `type`, `trait`, `impl`, `macro`, `module`, `package`, `file`, `opaque`.
    pub kind: String,
    /// Full path; a package's name; a file's path. Holds no line numbers.
    pub path: String,
    /// Of packages.
    pub version: Option<String>,
    /// Relative to the package that was built, or absolute. `None` for packages.
    pub file: Option<String>,
    /// Line of the item's name in `file`, from 1; 0 where there is none.
    pub line: u32,
    /// Hash of its own content, without what it refers to.
    pub hash: [u8; 32],
}

impl std::fmt::Display for Item {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Item { kind, path, version, file, line, hash: _ } = self;
        write!(f, "{kind} {path}")?;
        match (version, file) {
            (Some(version), _) => write!(f, " {version}"),
            (None, Some(file)) if *line > 0 => write!(f, " ({file}:{line})"),
            _ => Ok(()),
        }
    }
}

/// Everything that one function depends on.
///
/// ```
/// use checkpointing_closure::{Closure, Item};
///
/// let item = |path: &str, hash: u8| Item {
///     kind: String::from("fn"), path: path.to_owned(), version: None,
///     file: Some(String::from("src/lib.rs")), line: 4, hash: [hash; 32],
/// };
/// let before = Closure::new(vec![item("q::calc", 1), item("q::helper", 2)]);
/// let after = Closure::new(vec![item("q::calc", 1), item("q::helper", 3)]);
/// let before = Closure::decode(&before.encode())?;
/// assert_eq!(before.changes(&after).to_string(), "changed fn q::helper (src/lib.rs:4)");
/// # Ok::<(), checkpointing_closure::Unreadable>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closure {
    items: Vec<Item>,
}

impl Closure {
    /// The closure of these items.
    #[must_use]
    pub fn new(mut items: Vec<Item>) -> Closure {
        items.sort();
        items.dedup();
        Closure { items }
    }

    /// The items, sorted by kind and path.
    #[must_use]
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// What makes a later closure differ from this one.
    #[must_use]
    pub fn changes(&self, later: &Closure) -> Changes {
        changes::between(&self.items, &later.items)
    }

    /// As bytes, to be kept beside results.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        // A vector takes whatever it is given.
        postcard::to_extend(self, vec![FORMAT]).unwrap_or_default()
    }

    /// Reads what [`encode`](Closure::encode) wrote.
    ///
    /// # Errors
    /// When it is damaged, or of another version.
    pub fn decode(bytes: &[u8]) -> Result<Closure, Unreadable> {
        read(bytes)
    }
}

fn read<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Unreadable> {
    match bytes.split_first() {
        Some((&FORMAT, rest)) => match postcard::take_from_bytes(rest) {
            Ok((value, [])) => Ok(value),
            _ => Err(Unreadable::Damaged),
        },
        Some((&other, _)) => Err(Unreadable::OtherFormat(other)),
        None => Err(Unreadable::Damaged),
    }
}

/// Why bytes are no closure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unreadable {
    /// They end too early, or say nothing.
    #[error("the record of what a function depends on is damaged")]
    Damaged,
    /// Another version of this crate wrote them.
    #[error("the record of what a function depends on is of another version ({0})")]
    OtherFormat(u8),
}
