//! Gives the verbs of the macros as methods, for those who prefer them.

use super::arity::{Arguments, Function, Given};
use super::directive::Mode;
use super::kept::{Kept, Parts};
use super::site::Site;
use crate::error::Error;
use crate::fingerprint::Fingerprint;
use std::fmt::{self, Debug};
use std::future::Future;

/// A marked function with the verbs of the macros as methods. [`handle!`](crate::handle) makes one.
///
/// `F` is the function, `R` what it returns, and `V` what is stored of that: of a `Result` the `Ok`.
/// Arguments are a tuple of the very types that the function declares: `&vec[..]` for a slice.
pub struct Handle<F, R, V> {
    site: Site,
    function: F,
    kept: Kept<R>,
    parts: Parts<R, V>,
}

/// The same for an async function: `handle!(f(_).await)`.
pub struct AsyncHandle<F, R, V>(Handle<F, R, V>);

impl<F: Copy, R, V> Handle<F, R, V> {
    /// For [`handle!`](crate::handle).
    #[doc(hidden)]
    #[must_use]
    pub fn new(site: Site, function: F, kept: Kept<R>, parts: Parts<R, V>) -> Handle<F, R, V> {
        Handle { site, function, kept, parts }
    }

    /// For [`handle!`](crate::handle).
    #[doc(hidden)]
    #[must_use]
    pub fn later(self) -> AsyncHandle<F, R, V> {
        AsyncHandle(self)
    }

    /// As [`cached!`](crate::cached).
    #[track_caller]
    pub fn call<A: Arguments>(&self, arguments: A) -> R
    where
        F: Function<A, Output = R>,
    {
        self.site.call(self.kept, self.function, Given::new(arguments))
    }

    /// As [`rerun!`](crate::rerun).
    #[track_caller]
    pub fn rerun<A: Arguments>(&self, arguments: A) -> R
    where
        F: Function<A, Output = R>,
    {
        self.site.with(Mode::Rerun).call(self.kept, self.function, Given::new(arguments))
    }

    /// As [`bypass!`](crate::bypass).
    #[track_caller]
    pub fn bypass<A: Arguments>(&self, arguments: A) -> R
    where
        F: Function<A, Output = R>,
    {
        self.site.with(Mode::Bypass).call(self.kept, self.function, Given::new(arguments))
    }

    /// As [`peek!`](crate::peek).
    #[track_caller]
    pub fn peek<A: Arguments>(&self, arguments: A) -> Option<V>
    where
        F: Function<A, Output = R>,
    {
        self.site.with(Mode::Peek).peek(self.kept, self.parts, self.function, Given::new(arguments))
    }

    /// As [`forget!`](crate::forget).
    #[track_caller]
    pub fn forget<A: Arguments>(&self, arguments: A) -> bool
    where
        F: Function<A, Output = R>,
    {
        self.site.with(Mode::Forget).forget(self.kept, self.parts, self.function, Given::new(arguments))
    }

    /// As [`put!`](crate::put).
    #[track_caller]
    pub fn put<A: Arguments>(&self, arguments: A, value: V)
    where
        F: Function<A, Output = R>,
    {
        let given = Given::new(arguments);
        self.site.with(Mode::Put).put(self.kept, self.parts, self.function, given, value);
    }

    /// As [`fingerprint!`](crate::fingerprint).
    ///
    /// # Errors
    /// [`Error::NotFingerprinted`] when the table does not have the function.
    pub fn fingerprint(&self) -> Result<Fingerprint, Error> {
        self.site.fingerprint()
    }
}

impl<F: Copy, R, V> AsyncHandle<F, R, V> {
    /// As [`cached!`](crate::cached).
    pub async fn call<A: Arguments>(&self, arguments: A) -> R
    where
        F: Function<A, Output: Future<Output = R>>,
    {
        self.0.site.call_later(self.0.kept, self.0.function, Given::new(arguments)).await
    }

    /// As [`rerun!`](crate::rerun).
    pub async fn rerun<A: Arguments>(&self, arguments: A) -> R
    where
        F: Function<A, Output: Future<Output = R>>,
    {
        let site = self.0.site.with(Mode::Rerun);
        site.call_later(self.0.kept, self.0.function, Given::new(arguments)).await
    }

    /// As [`bypass!`](crate::bypass).
    pub async fn bypass<A: Arguments>(&self, arguments: A) -> R
    where
        F: Function<A, Output: Future<Output = R>>,
    {
        let site = self.0.site.with(Mode::Bypass);
        site.call_later(self.0.kept, self.0.function, Given::new(arguments)).await
    }

    /// As [`peek!`](crate::peek).
    pub async fn peek<A: Arguments>(&self, arguments: A) -> Option<V>
    where
        F: Function<A, Output: Future<Output = R>>,
    {
        let site = self.0.site.with(Mode::Peek);
        site.peek_later(self.0.kept, self.0.parts, self.0.function, Given::new(arguments)).await
    }

    /// As [`forget!`](crate::forget).
    pub async fn forget<A: Arguments>(&self, arguments: A) -> bool
    where
        F: Function<A, Output: Future<Output = R>>,
    {
        let site = self.0.site.with(Mode::Forget);
        site.forget_later(self.0.kept, self.0.parts, self.0.function, Given::new(arguments)).await
    }

    /// As [`put!`](crate::put).
    pub async fn put<A: Arguments>(&self, arguments: A, value: V)
    where
        F: Function<A, Output: Future<Output = R>>,
    {
        let site = self.0.site.with(Mode::Put);
        site.put_later(self.0.kept, self.0.parts, self.0.function, Given::new(arguments), value).await;
    }

    /// As [`fingerprint!`](crate::fingerprint).
    ///
    /// # Errors
    /// [`Error::NotFingerprinted`] when the table does not have the function.
    pub fn fingerprint(&self) -> Result<Fingerprint, Error> {
        self.0.fingerprint()
    }
}

impl<F, R, V> Debug for Handle<F, R, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handle({})", std::any::type_name::<F>())
    }
}

impl<F, R, V> Debug for AsyncHandle<F, R, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Debug::fmt(&self.0, f)
    }
}
