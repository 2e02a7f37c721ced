//! Describes what a fingerprint was made of, and tells two such descriptions apart.
//!
//! The build script leaves the closures of all marked functions in one file in `OUT_DIR` ([`Closures`]).
//! The runtime keeps the closure of a function ([`Closure`]) beside its results, so that a later run, or
//! `cargo checkpoint why`, can say which code changed ([`Changes`]).

mod changes;
mod file;
mod shape;

pub use changes::{Change, Changes};
pub use file::{Closures, Indexes, Recorded};
pub use shape::{NoShape, Shape};

use serde::{Deserialize, Serialize};

/// First byte of both encodings: another form is another number.
const FORMAT: u8 = 2;
/// A closure of this form is its items alone.
const ITEMS_ALONE: u8 = 1;

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

/// Which builds have a code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Builds {
    /// With and without `cfg(test)`.
    #[default]
    All,
    /// Without it.
    NotTest,
    /// With it.
    Test,
}

impl Builds {
    /// Those of both.
    #[must_use]
    pub fn and(self, other: Builds) -> Builds {
        if self == other { self } else { Builds::All }
    }
}

/// Everything that one function depends on, and what its results look like.
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
    shape: Option<Shape>,
    builds: Builds,
}

impl Closure {
    /// The closure of these items.
    #[must_use]
    pub fn new(mut items: Vec<Item>) -> Closure {
        items.sort();
        items.dedup();
        Closure { items, shape: None, builds: Builds::All }
    }

    /// The same with the shape of the stored result, where that is known.
    #[must_use]
    pub fn of_result(self, shape: Option<Shape>) -> Closure {
        Closure { shape, ..self }
    }

    /// The same with which builds have this code.
    #[must_use]
    pub fn in_builds(self, builds: Builds) -> Closure {
        Closure { builds, ..self }
    }

    /// The shape of the stored result, where it is known.
    #[must_use]
    pub fn shape(&self) -> Option<Shape> {
        self.shape
    }

    /// Which builds have this code.
    #[must_use]
    pub fn builds(&self) -> Builds {
        self.builds
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
        match bytes.split_first() {
            Some((&ITEMS_ALONE, rest)) => whole(rest).map(Closure::new),
            _ => read(bytes),
        }
    }
}

fn read<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Unreadable> {
    match bytes.split_first() {
        Some((&FORMAT, rest)) => whole(rest),
        Some((&other, _)) => Err(Unreadable::OtherFormat(other)),
        None => Err(Unreadable::Damaged),
    }
}

fn whole<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Unreadable> {
    match postcard::take_from_bytes(bytes) {
        Ok((value, [])) => Ok(value),
        _ => Err(Unreadable::Damaged),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn item() -> Item {
        let (kind, path) = (String::from("fn"), String::from("q::f"));
        Item { kind, path, version: None, file: None, line: 7, hash: [1; 32] }
    }

    #[test]
    fn a_closure_comes_back() {
        let shape = Some(Shape::new([3; 16]));
        let closure = Closure::new(vec![item()]).of_result(shape).in_builds(Builds::Test);
        assert_eq!(Closure::decode(&closure.encode()), Ok(closure));
        assert_eq!(Closure::decode(&[9]), Err(Unreadable::OtherFormat(9)));
        assert_eq!(Closure::decode(&[]), Err(Unreadable::Damaged));
    }

    #[test]
    fn one_that_knows_no_shape_is_read() {
        let bytes = postcard::to_extend(&vec![item()], vec![1]).unwrap();
        assert_eq!(Closure::decode(&bytes), Ok(Closure::new(vec![item()])));
    }
}
