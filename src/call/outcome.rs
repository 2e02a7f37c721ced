//! Tells how a function's result is kept: whole, or only its `Ok`.
//!
//! A macro finds out with [`Probe`] which of the three it is, also behind an alias of `Result`: the
//! compiler takes the first of the `Via..` traits that applies, and asks the error type for nothing.

use crate::error::Error;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::marker::PhantomData;

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

/// Types that hold no value can be copied whether it can or not.
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

pub(super) use copied;

copied! {
    Plain<R>;
    Fallible<T, E>;
    Returning<T, E>;
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
