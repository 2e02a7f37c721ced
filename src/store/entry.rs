//! Holds an entry as plain data: its header and its payload.

use crate::codec::plain;
use crate::fingerprint::Fingerprint;
use crate::key::Key;
use crate::raw::Buffer;
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
    /// Path of the function that computed it, without generic arguments. Several functions can have one path.
    pub function: String,
    /// Its full name, with generic arguments, as `std::any::type_name` has it. Empty where that is the
    /// path, or is not known.
    pub instance: String,
    /// The file that it stood in, relative to the package that was built. Empty where it is not known.
    pub file: String,
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
    /// XXH3 of the payload, 128 bits: it tells damage, and no more.
    pub checksum: [u8; 16],
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
            instance: String::new(),
            file: String::new(),
            fingerprint,
            codec: codec.into(),
            created: SystemTime::now(),
            took,
            length: payload.len() as u64,
            checksum: checksum(payload),
        }
    }

    /// The same with what tells the function from others of its path.
    ///
    /// ```
    /// use checkpointing::{Fingerprint, Header, Key};
    /// use std::time::Duration;
    ///
    /// let (key, code) = (Key::new([1; 32]), Fingerprint::new([2; 32]));
    /// let header = Header::new(key, "demo::G::size", code, "json", Duration::from_millis(3), b"1")
    ///     .computed_by("demo::G<u8>::size", "src/main.rs");
    /// assert_eq!((header.instance.as_str(), header.file.as_str()), ("demo::G<u8>::size", "src/main.rs"));
    /// ```
    #[must_use]
    pub fn computed_by(self, instance: impl Into<String>, file: impl Into<String>) -> Header {
        Header { instance: instance.into(), file: file.into(), ..self }
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

    /// The bytes that the codec wrote.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        self.payload.0.as_slice()
    }

    /// The payload, to be made a value without a copy; copied where the entry is shared.
    pub(crate) fn into_buffer(self: Arc<Entry>) -> Option<Buffer> {
        match Arc::try_unwrap(self) {
            Ok(entry) => Some(entry.payload.0),
            Err(shared) => {
                let bytes = shared.payload();
                let mut buffer = Buffer::zeroed(bytes.len(), plain::width(&shared.header.codec))?;
                buffer.as_mut_slice().copy_from_slice(bytes);
                Some(buffer)
            }
        }
    }
}

/// What tells a damaged payload from a sound one.
pub(super) fn checksum(payload: &[u8]) -> [u8; 16] {
    xxhash_rust::xxh3::xxh3_128(payload).to_le_bytes()
}

/// The bytes of a result.
pub struct Payload(pub(super) Buffer);

impl From<Vec<u8>> for Payload {
    fn from(bytes: Vec<u8>) -> Payload {
        Payload(Buffer::One(bytes))
    }
}

impl Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Payload({} bytes)", self.0.as_slice().len())
    }
}
