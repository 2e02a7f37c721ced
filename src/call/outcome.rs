//! Tells how a function's result is kept: whole, or only its `Ok`.
//!
//! A macro finds out with [`Probe`] which of the three it is, also behind an alias of `Result`: the
//! compiler takes the first of the `Via..` traits that applies, and asks the error type for nothing.

use super::directive::Value;
use crate::codec::{self, Codec, CodecError, Format, plain};
use crate::error::Error;
use crate::key;
use crate::raw::Buffer;
use crate::store::Entry;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::any::type_name;
use std::marker::PhantomData;
use std::sync::Arc;

/// A value that can be stored and read back: everything `Serialize + DeserializeOwned`.
///
/// ```
/// fn storable<T: checkpointing::Storable>() {}
/// storable::<Vec<(u8, String)>>();
/// ```
#[diagnostic::on_unimplemented(
    message = "a result of type `{Self}` cannot be stored",
    label = "not `Serialize + DeserializeOwned`",
    note = "derive serde's `Serialize` and `Deserialize` for it; a type that borrows cannot be read back: return an owned one"
)]
pub trait Storable: Serialize + DeserializeOwned {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned> Storable for T {}

/// A value that can be part of a key: everything `Serialize`.
///
/// ```
/// fn argument<T: checkpointing::Argument + ?Sized>(_: &T) {}
/// argument(&[1.0, 2.0][..]);
/// ```
#[diagnostic::on_unimplemented(
    message = "an argument of type `{Self}` cannot be part of the key",
    label = "not `Serialize`",
    note = "derive serde's `Serialize` for it (for a type parameter, add the bound), or leave it out of the key with `ignore(..)` in the function's #[checkpoint(..)]"
)]
pub trait Argument: Serialize {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + ?Sized> Argument for T {}

/// How a result of type `R` is kept.
pub trait Outcome<R> {
    /// What is stored of it.
    type Value: Storable;

    /// The part to store; `None` for a result that is not kept.
    fn value(result: &R) -> Option<&Self::Value>;

    /// The same, taken out.
    fn take(result: R) -> Option<Self::Value>;

    /// Makes a result of what was stored.
    fn wrap(value: Self::Value) -> R;

    /// Makes the error the result.
    ///
    /// # Panics
    /// Where the result cannot hold it.
    fn refuse(error: Error) -> R;
}

/// Any result: stored whole.
#[derive(Debug)]
pub struct Plain<R>(PhantomData<fn() -> R>);

/// A `Result`: only `Ok` is stored.
#[derive(Debug)]
pub struct Fallible<T, E>(PhantomData<fn() -> Result<T, E>>);

/// A `Result` whose error can hold one of ours.
#[derive(Debug)]
pub struct Returning<T, E>(PhantomData<fn() -> Result<T, E>>);

/// They hold no value, so they can be copied whether it can or not.
macro_rules! copied {
    ($($name:ident<$($generic:ident),*>;)*) => {$(
        impl<$($generic),*> Clone for $name<$($generic),*> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<$($generic),*> Copy for $name<$($generic),*> {}
    )*};
}

copied! {
    Plain<R>;
    Fallible<T, E>;
    Returning<T, E>;
    Kept<R>;
    Own<R>;
    AsIs<R>;
}

impl<R: Storable> Outcome<R> for Plain<R> {
    type Value = R;

    fn value(result: &R) -> Option<&R> {
        Some(result)
    }

    fn take(result: R) -> Option<R> {
        Some(result)
    }

    fn wrap(value: R) -> R {
        value
    }

    fn refuse(error: Error) -> R {
        panic!("{error}")
    }
}

impl<T: Storable, E> Outcome<Result<T, E>> for Fallible<T, E> {
    type Value = T;

    fn value(result: &Result<T, E>) -> Option<&T> {
        result.as_ref().ok()
    }

    fn take(result: Result<T, E>) -> Option<T> {
        result.ok()
    }

    fn wrap(value: T) -> Result<T, E> {
        Ok(value)
    }

    fn refuse(error: Error) -> Result<T, E> {
        panic!("{error}")
    }
}

impl<T: Storable, E: From<Error>> Outcome<Result<T, E>> for Returning<T, E> {
    type Value = T;

    fn value(result: &Result<T, E>) -> Option<&T> {
        result.as_ref().ok()
    }

    fn take(result: Result<T, E>) -> Option<T> {
        result.ok()
    }

    fn wrap(value: T) -> Result<T, E> {
        Ok(value)
    }

    fn refuse(error: Error) -> Result<T, E> {
        Err(E::from(error))
    }
}

/// Stands for a result type whose outcome is to be found: `(&&&probe).outcome()`.
#[derive(Clone, Copy, Debug)]
pub struct Probe<R>(PhantomData<fn() -> R>);

impl<R> Probe<R> {
    /// Stands for `R`.
    #[must_use]
    #[allow(clippy::new_without_default)] // only macros make one
    pub const fn new() -> Probe<R> {
        Probe(PhantomData)
    }

    /// Stands for what a function returns, which is not called.
    #[must_use]
    pub fn of(_: impl FnOnce() -> R) -> Probe<R> {
        Probe(PhantomData)
    }

    /// The same for an async function.
    #[must_use]
    pub fn of_later<F: Future<Output = R>>(_: impl FnOnce() -> F) -> Probe<R> {
        Probe(PhantomData)
    }
}

/// Stands for an argument in a call that is not made.
///
/// # Panics
/// Always.
#[must_use]
pub fn absent<T>() -> T {
    unreachable!("a function that is only named was called")
}

/// Applies first.
pub trait ViaReturning {
    /// The outcome.
    type Outcome;
    /// Makes it.
    fn outcome(&self) -> Self::Outcome;
}

impl<T, E: From<Error>> ViaReturning for &&Probe<Result<T, E>> {
    type Outcome = Returning<T, E>;
    fn outcome(&self) -> Returning<T, E> {
        Returning(PhantomData)
    }
}

/// Applies second.
pub trait ViaFallible {
    /// The outcome.
    type Outcome;
    /// Makes it.
    fn outcome(&self) -> Self::Outcome;
}

impl<T, E> ViaFallible for &Probe<Result<T, E>> {
    type Outcome = Fallible<T, E>;
    fn outcome(&self) -> Fallible<T, E> {
        Fallible(PhantomData)
    }
}

/// Applies last.
pub trait ViaPlain {
    /// The outcome.
    type Outcome;
    /// Makes it.
    fn outcome(&self) -> Self::Outcome;
}

impl<R> ViaPlain for Probe<R> {
    type Outcome = Plain<R>;
    fn outcome(&self) -> Plain<R> {
        Plain(PhantomData)
    }
}

/// An outcome as a value: what is generic over a call has only its result's type to know.
#[derive(Debug)]
pub struct Kept<R> {
    pub(crate) stored: &'static str,
    encode: Encode<R>,
    decode: fn(Format, &[u8]) -> Result<R, CodecError>,
    /// Instead of postcard, for values that are their bytes.
    plain: Option<AsIs<R>>,
    /// The codec, where that is none of the formats.
    own: Option<Own<R>>,
    pub(crate) refuse: fn(Error) -> R,
}

/// Keeps the bytes of a value as they are.
#[derive(Debug)]
struct AsIs<R> {
    name: &'static str,
    /// Calls back with the bytes of a result that is kept.
    bytes: Show<R>,
    value: fn(Buffer) -> Result<R, CodecError>,
}

/// A codec of the program's own.
#[derive(Debug)]
struct Own<R> {
    name: &'static str,
    encode: EncodeOwn<R>,
    decode: fn(&[u8]) -> Result<R, CodecError>,
}

type Show<R> = fn(&R, &mut dyn FnMut(&[u8]));
type EncodeOwn<R> = fn(&R, &mut Vec<u8>) -> Option<Result<(), CodecError>>;
type Encode<R> = fn(&R, Format, &mut Vec<u8>) -> Option<Result<(), CodecError>>;

impl<R> Kept<R> {
    /// Name of the type that is stored.
    #[must_use]
    pub fn stored(&self) -> &'static str {
        self.stored
    }

    /// Name of the codec: that of the format, unless there is one of its own or a value is its bytes.
    pub(crate) fn codec(&self, format: Format) -> &'static str {
        match (self.own, self.plain) {
            (Some(own), _) => own.name,
            (None, Some(plain)) if format == Format::Postcard => plain.name,
            _ => format.name(),
        }
    }

    /// Name of its own codec.
    pub(crate) fn own_codec(&self) -> Option<&'static str> {
        self.own.map(|own| own.name)
    }

    /// Calls back with the bytes to store; `None` for a result that is not kept.
    pub(crate) fn encode<T>(
        &self,
        result: &R,
        format: Format,
        take: impl FnOnce(&[u8]) -> T,
    ) -> Option<Result<T, CodecError>> {
        let mut bytes = Vec::new();
        let done = match (self.own, self.plain) {
            (Some(own), _) => (own.encode)(result, &mut bytes),
            (None, Some(plain)) if format == Format::Postcard => {
                let (mut take, mut taken) = (Some(take), None);
                (plain.bytes)(result, &mut |bytes| taken = take.take().map(|take| take(bytes)));
                return taken.map(Ok);
            }
            _ => (self.encode)(result, format, &mut bytes),
        };
        done.map(|done| done.map(|()| take(&bytes)))
    }

    /// Reads a result back.
    pub(crate) fn decode(&self, entry: Arc<Entry>) -> Result<R, CodecError> {
        let written = &*entry.header.codec;
        match (self.own, self.plain, Format::parse(written)) {
            (Some(own), _, _) if own.name == written => (own.decode)(entry.payload()),
            (None, _, Some(format)) => (self.decode)(format, entry.payload()),
            (None, Some(plain), _) if plain.name == written => {
                let bytes = entry.into_buffer();
                (plain.value)(bytes.ok_or_else(|| CodecError::new("there is not enough memory"))?)
            }
            _ => Err(CodecError::new(format_args!("it was written by the codec `{written}`"))),
        }
    }

    /// Packs a result for a wrapper, which may have a codec that is not known here.
    pub(crate) fn pack(&self, result: &R) -> Option<Result<Value, CodecError>> {
        let mut error = None;
        for format in [Format::Postcard, Format::Json] {
            let mut bytes = Vec::new();
            match (self.encode)(result, format, &mut bytes)? {
                Ok(()) => return Some(Ok(Value { format, bytes })),
                Err(problem) => error = Some(problem),
            }
        }
        error.map(Err)
    }

    pub(crate) fn unpack(&self, value: &Value) -> Result<R, CodecError> {
        (self.decode)(value.format, &value.bytes)
    }
}

/// Makes a value of an outcome. Nothing else asks for one, so that the compiler says once, and at the
/// caller's span, that a type cannot be stored.
#[must_use]
pub fn kept<R, O: Outcome<R>>(_: O) -> Kept<R> {
    Kept {
        stored: type_name::<O::Value>(),
        encode: |result, format, bytes| {
            let value = O::value(result)?;
            Some(complete(value, format.has_names()).and_then(|()| codec::encode(format, value, bytes)))
        },
        decode: |format, bytes| codec::decode(format, bytes).map(O::wrap),
        plain: plain::name::<O::Value>().map(|name| AsIs {
            name,
            bytes: |result, take| {
                if let Some(bytes) = O::value(result).and_then(plain::encode) {
                    take(bytes);
                }
            },
            value: |bytes| plain::decode(bytes).map(O::wrap),
        }),
        own: None,
        refuse: O::refuse,
    }
}

/// The same with a codec of the program's own.
#[must_use]
pub fn kept_by<C: Codec, R, O: Outcome<R>>(outcome: O) -> Kept<R> {
    let own = Own {
        name: C::NAME,
        encode: |result, bytes| {
            let value = O::value(result)?;
            Some(complete(value, C::HAS_NAMES).and_then(|()| C::encode(value, bytes)))
        },
        decode: |bytes| C::decode(bytes).map(O::wrap),
    };
    Kept { own: Some(own), ..kept(outcome) }
}

/// How what is stored is taken out of a result, and how it is made one.
pub type Parts<R, V> = (fn(R) -> Option<V>, fn(V) -> R);

/// The parts of an outcome, for the verbs that deal in what is stored.
#[must_use]
pub fn parts<R, O: Outcome<R>>(_: O) -> Parts<R, O::Value> {
    (O::take, O::wrap)
}

/// Refuses what could be read back as another value: a codec without names takes the next field for one
/// that was left out.
fn complete<T: Serialize>(value: &T, has_names: bool) -> Result<(), CodecError> {
    if !has_names && key::leaves_out(value) {
        let message = "a field is left out (`skip_serializing_if`), and this format would read the next one in its place; use `format = json`";
        return Err(CodecError::new(message));
    }
    Ok(())
}

/// A result that can hold one of our errors; asked for by `on_error = return`.
#[diagnostic::on_unimplemented(
    message = "`on_error = return` needs a result that can hold the error, which `{Self}` cannot",
    label = "not a `Result<_, E>` with `E: From<checkpointing::Error>`",
    note = "implement `From<checkpointing::Error>` for the error type, or use `on_error = raise`"
)]
pub trait Holds {}

#[diagnostic::do_not_recommend]
impl<T, E: From<Error>> Holds for Result<T, E> {}

/// Compiles where the result can hold one of our errors.
pub const fn holds<R: Holds>() {}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Bare;
    type Alias<T> = Result<T, Bare>;

    macro_rules! outcome {
        ($type:ty) => {{
            #[allow(unused_imports)]
            use super::{ViaFallible as _, ViaPlain as _, ViaReturning as _};
            let name = std::any::type_name_of_val(&(&&&Probe::<$type>::new()).outcome());
            name.split('<').next().unwrap().rsplit("::").next().unwrap()
        }};
    }

    fn in_generic<T, E>() -> [&'static str; 2] {
        [outcome!(Result<T, E>), outcome!(T)]
    }

    #[test]
    fn a_result_is_told_through_aliases_and_in_generic_functions() {
        assert_eq!(outcome!(u8), "Plain");
        assert_eq!(outcome!(Option<u8>), "Plain");
        assert_eq!(outcome!(Alias<u8>), "Fallible");
        assert_eq!(outcome!(std::io::Result<u8>), "Fallible");
        assert_eq!(outcome!(Result<u8, Error>), "Returning");
        assert_eq!(outcome!(Result<u8, Box<dyn std::error::Error>>), "Returning");
        assert_eq!(in_generic::<u8, Bare>(), ["Fallible", "Plain"]);
    }
}
