//! Calls functions of up to sixteen arguments, given as a tuple.

use super::outcome::{Argument, Probe};
use super::session::Call;
use std::future::Future;
use std::marker::PhantomData;

/// A function that takes its arguments as the tuple `A`: every `fn` and closure of up to 16.
///
/// ```
/// use checkpointing::Function;
///
/// fn add(a: i64, b: i64) -> i64 { a + b }
/// assert_eq!(Function::apply(add, (1, 2)), 3);
/// ```
pub trait Function<A> {
    /// What it returns.
    type Output;

    /// Calls it.
    fn apply(self, arguments: A) -> Self::Output;
}

/// A tuple of arguments that can be hashed.
///
/// ```
/// fn arguments<A: checkpointing::Arguments>(_: &A) {}
/// arguments(&(1, "two", [3.0]));
/// ```
pub trait Arguments {
    /// Adds them to the key of a call.
    #[doc(hidden)]
    fn hash(&self, call: &mut Call);
}

/// Arguments, and how they are hashed: nothing that takes them asks again whether they can be.
#[derive(Clone, Copy, Debug)]
pub struct Given<A> {
    pub(crate) values: A,
    pub(crate) hash: fn(&A, &mut Call),
}

impl<A: Arguments> Given<A> {
    pub(crate) fn new(values: A) -> Given<A> {
        Given { values, hash: A::hash }
    }
}

/// The arguments and the result of a function, as it declares them.
///
/// They come from a bound on the function's type, not from a function pointer that it is turned into: of an
/// `async fn` that is named by its trait (`Tr::f(&x)`) the future's type waits for `x`, and rustc stops with an
/// internal error at such a pointer.
#[derive(Debug)]
pub struct Declared<A, R>(PhantomData<fn(A) -> R>);

macro_rules! arities {
    ($($declared:ident $declared_later:ident ($($type:ident $value:ident $index:tt),*);)*) => {$(
        impl<F, R, $($type),*> Function<($($type,)*)> for F
        where
            F: FnOnce($($type),*) -> R,
        {
            type Output = R;

            #[allow(clippy::unused_unit)]
            fn apply(self, ($($value,)*): ($($type,)*)) -> R {
                self($($value),*)
            }
        }

        impl<$($type: Argument),*> Arguments for ($($type,)*) {
            #[allow(unused_variables)]
            fn hash(&self, call: &mut Call) {
                $(call.argument($index, &self.$index);)*
            }
        }

        /// Looks at a function; see `cached!`.
        pub fn $declared<$($type,)* R, F: FnOnce($($type),*) -> R>(_: &F) -> Declared<($($type,)*), R> {
            Declared(PhantomData)
        }

        /// The same for an async function.
        pub fn $declared_later<$($type,)* R: Future, F: FnOnce($($type),*) -> R>(
            _: &F,
        ) -> Declared<($($type,)*), R::Output> {
            Declared(PhantomData)
        }

        impl<$($type,)* R> Declared<($($type,)*), R> {
            /// Takes arguments as the types that the function declares.
            #[allow(clippy::too_many_arguments, clippy::unused_unit)]
            pub fn given(self, $($value: $type),*) -> (Given<($($type,)*)>, Probe<R>)
            where
                $($type: Argument,)*
            {
                (Given::new(($($value,)*)), Probe::new())
            }
        }
    )*};
}

arities! {
    declared0 declared0_later ();
    declared1 declared1_later (A a 0);
    declared2 declared2_later (A a 0, B b 1);
    declared3 declared3_later (A a 0, B b 1, C c 2);
    declared4 declared4_later (A a 0, B b 1, C c 2, D d 3);
    declared5 declared5_later (A a 0, B b 1, C c 2, D d 3, E e 4);
    declared6 declared6_later (A a 0, B b 1, C c 2, D d 3, E e 4, G g 5);
    declared7 declared7_later (A a 0, B b 1, C c 2, D d 3, E e 4, G g 5, H h 6);
    declared8 declared8_later (A a 0, B b 1, C c 2, D d 3, E e 4, G g 5, H h 6, I i 7);
    declared9 declared9_later (A a 0, B b 1, C c 2, D d 3, E e 4, G g 5, H h 6, I i 7, J j 8);
    declared10 declared10_later (A a 0, B b 1, C c 2, D d 3, E e 4, G g 5, H h 6, I i 7, J j 8, K k 9);
    declared11 declared11_later (A a 0, B b 1, C c 2, D d 3, E e 4, G g 5, H h 6, I i 7, J j 8, K k 9, L l 10);
    declared12 declared12_later (A a 0, B b 1, C c 2, D d 3, E e 4, G g 5, H h 6, I i 7, J j 8, K k 9, L l 10, M m 11);
    declared13 declared13_later (A a 0, B b 1, C c 2, D d 3, E e 4, G g 5, H h 6, I i 7, J j 8, K k 9, L l 10, M m 11, N n 12);
    declared14 declared14_later (A a 0, B b 1, C c 2, D d 3, E e 4, G g 5, H h 6, I i 7, J j 8, K k 9, L l 10, M m 11, N n 12, O o 13);
    declared15 declared15_later (A a 0, B b 1, C c 2, D d 3, E e 4, G g 5, H h 6, I i 7, J j 8, K k 9, L l 10, M m 11, N n 12, O o 13, P p 14);
    declared16 declared16_later (A a 0, B b 1, C c 2, D d 3, E e 4, G g 5, H h 6, I i 7, J j 8, K k 9, L l 10, M m 11, N n 12, O o 13, P p 14, Q q 15);
}
