//! Holds an entry as plain data: its header and its payload.

use crate::fingerprint::Fingerprint;
use crate::key::Key;
use std::borrow::Cow;
use std::fmt::{self, Debug};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// What is kept with a result.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Header {
    /// Under which it is kept.
    pub key: Key,
    /// Path of the function that computed it.
    pub function: String,
    /// That function's fingerprint at that time.
    pub fingerprint: Fingerprint,
    /// Name of the codec that wrote the payload.
    pub codec: Cow<'static, str>,
    /// When it was stored.
    pub created: SystemTime,
    /// How long the computation took.
    pub took: Duration,
    /// Bytes of the payload.
    pub length: u64,
    /// blake3 hash of the payload.
    pub hash: [u8; 32],
}

impl Header {
    /// The header of a result that is stored now.
    ///
    /// ```
    /// use checkpointing::{Fingerprint, Header, Key};
    /// use std::time::Duration;
    ///
    /// let (key, code) = (Key::new([1; 32]), Fingerprint::new([2; 32]));
    /// let header = Header::new(key, "demo::calc", code, "json", Duration::from_millis(3), b"[1]");
    /// assert_eq!((header.length, header.codec.as_ref()), (3, "json"));
    /// ```
    #[must_use]
    pub fn new(
        key: Key,
        function: impl Into<String>,
        fingerprint: Fingerprint,
        codec: impl Into<Cow<'static, str>>,
        took: Duration,
        payload: &[u8],
    ) -> Header {
        Header {
            key,
            function: function.into(),
            fingerprint,
            codec: codec.into(),
            created: SystemTime::now(),
            took,
            length: payload.len() as u64,
            hash: blake3::hash(payload).into(),
        }
    }
}

/// A stored result.
#[derive(Debug)]
pub struct Entry {
    /// How it came to be.
    pub header: Header,
    payload: Payload,
}

impl Entry {
    /// Joins a header and a payload.
    #[must_use]
    pub fn new(header: Header, payload: Payload) -> Entry {
        Entry { header, payload }
    }

    /// The same entry without spare room.
    pub(super) fn compact(self: &Arc<Entry>) -> Arc<Entry> {
        if self.payload.bytes.capacity() <= self.payload.bytes().len() + 1024 {
            return Arc::clone(self);
        }
        Arc::new(Entry::new(self.header.clone(), Payload::from(self.payload().to_vec())))
    }

    /// The bytes that the codec wrote.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        self.payload.bytes()
    }
}

/// The bytes of a result, from a vector or from the end of one.
pub struct Payload {
    bytes: Vec<u8>,
    start: usize,
}

impl Payload {
    /// What follows the first `start` bytes, without a copy.
    pub(super) fn behind(start: usize, bytes: Vec<u8>) -> Payload {
        Payload { start: start.min(bytes.len()), bytes }
    }

    fn bytes(&self) -> &[u8] {
        &self.bytes[self.start..]
    }
}

impl From<Vec<u8>> for Payload {
    fn from(bytes: Vec<u8>) -> Payload {
        Payload { bytes, start: 0 }
    }
}

impl Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Payload({} bytes)", self.bytes().len())
    }
}
