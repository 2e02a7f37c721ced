//! Shows a function's fingerprint.

use std::fmt;

/// The fingerprint of a marked function: 32 bytes that change when the function changes, or anything
/// that it depends on. Shown as 64 hex digits. [`fingerprint!`](crate::fingerprint) gives one.
///
/// ```
/// fn same(a: checkpointing::Fingerprint, b: checkpointing::Fingerprint) -> bool { a == b }
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// The fingerprint of these bytes, as an entry has them.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Fingerprint {
        Fingerprint(bytes)
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&blake3::Hash::from_bytes(self.0).to_hex())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}
