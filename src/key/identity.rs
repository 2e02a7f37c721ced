//! Says what makes two calls the same: the key, and the trait for one's own answer.

use super::{Canon, Part, frame};
use crate::fingerprint::Fingerprint;
use std::fmt::{self, Debug, Display};
use std::str::FromStr;

/// Identifies a stored result: 32 bytes, shown as 64 hex digits and read back from them.
///
/// ```
/// use checkpointing::Key;
///
/// let key = Key::new([0xab; 32]);
/// assert_eq!(key.to_string().parse(), Ok(key));
/// assert!("beef".parse::<Key>().is_err());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key([u8; 32]);

impl Key {
    /// The key of these bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Key {
        Key(bytes)
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&blake3::Hash::from_bytes(self.0).to_hex())
    }
}

impl Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({self})")
    }
}

/// A text that is no [`Key`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a key is 64 hex digits")]
pub struct NoKey;

impl FromStr for Key {
    type Err = NoKey;

    fn from_str(text: &str) -> Result<Key, NoKey> {
        blake3::Hash::from_hex(text).map(|hash| Key(hash.into())).map_err(|_| NoKey)
    }
}

/// Decides which calls are the same: those that get the same key share one result.
///
/// Set it for the whole program, [`Config::identify`](crate::Config::identify), or for one function:
/// `identify = expr` in its `#[checkpoint(..)]` or in the call, where `expr` is a `&'static dyn Identify`.
/// What it leaves out of the key is no longer looked at: without [`Identity::code`] a changed function
/// returns old results.
///
/// ```
/// use checkpointing::{Identify, Identity, Key};
///
/// /// Results of one machine are not those of another.
/// #[derive(Debug)]
/// struct PerHost(String);
///
/// impl Identify for PerHost {
///     fn key(&self, call: &Identity<'_>) -> Key {
///         call.key_with(&[self.0.as_bytes()])
///     }
/// }
/// ```
pub trait Identify: Debug + Send + Sync {
    /// The key of a call.
    fn key(&self, call: &Identity<'_>) -> Key;
}

/// A call, as [`Identify`] sees it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Identity<'a> {
    /// Path of the function, less generic arguments.
    pub function: &'a str,
    /// Hash of the code that can matter: the fingerprint, the toolchain and target, generic arguments,
    /// variables and cfgs that rustc saw.
    pub code: [u8; 32],
    /// The function's fingerprint, which is part of `code`.
    pub fingerprint: Fingerprint,
    /// Name of the type that is stored.
    pub result: &'a str,
    /// Hash of the arguments that count, of `extra` and of `version`.
    pub arguments: [u8; 32],
}

impl Identity<'_> {
    /// The key of everything here and of further parts. Their lengths count too: `["ab"]` and
    /// `["a", "b"]` give two keys.
    #[must_use]
    pub fn key_with(&self, more: &[&[u8]]) -> Key {
        let mut canon = Canon::new();
        frame(&mut canon, Part::Base, &self.code);
        frame(&mut canon, Part::Result, self.result.as_bytes());
        frame(&mut canon, Part::Arguments, &self.arguments);
        for part in more {
            frame(&mut canon, Part::More, part);
        }
        Key(canon.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn further_parts_are_told_apart() {
        let call = Identity {
            function: "q::calc",
            code: [1; 32],
            fingerprint: Fingerprint::new([2; 32]),
            result: "i64",
            arguments: [3; 32],
        };
        let lists: [&[&[u8]]; 4] = [&[], &[b"ab"], &[b"a", b"b"], &[b""]];
        let keys = lists.map(|more| call.key_with(more));
        for (index, key) in keys.iter().enumerate() {
            assert!(!keys[..index].contains(key), "{index}");
        }
        assert_ne!(Identity { arguments: [4; 32], ..call }.key_with(&[]), keys[0]);
        assert_ne!(Identity { code: [4; 32], ..call }.key_with(&[]), keys[0]);
        assert_ne!(Identity { result: "u64", ..call }.key_with(&[]), keys[0]);
    }
}
