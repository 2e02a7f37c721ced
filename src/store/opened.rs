//! Holds an entry that was found, wherever its payload is.

use super::entry::{Entry, Header};
use crate::codec::pieces::Pieces;
use std::sync::Arc;

/// An entry that was found: its payload is in memory, or still in its file. [`Store::open`](super::Store::open)
/// gives it.
#[derive(Debug)]
pub struct Opened(pub(crate) Found);

#[derive(Debug)]
pub(crate) enum Found {
    Whole(Arc<Entry>),
    Pieces(Box<(Header, Pieces)>),
}

impl Opened {
    /// How it came to be.
    #[must_use]
    pub fn header(&self) -> &Header {
        match &self.0 {
            Found::Whole(entry) => &entry.header,
            Found::Pieces(found) => &found.0,
        }
    }
}

impl From<Arc<Entry>> for Opened {
    fn from(entry: Arc<Entry>) -> Opened {
        Opened(Found::Whole(entry))
    }
}

impl From<Entry> for Opened {
    fn from(entry: Entry) -> Opened {
        Arc::new(entry).into()
    }
}
