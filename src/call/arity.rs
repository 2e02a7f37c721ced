//! Calls functions of up to sixteen arguments, given as a tuple.

use super::outcome::{Argument, Probe};
use super::session::Call;
use std::future::Future;

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

macro_rules! arities {
    ($($bind:ident $bind_later:ident ($($type:ident $value:ident $index:tt),*);)*) => {$(
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

        /// Takes arguments as the types that the function declares; see `cached!`.
        #[allow(clippy::too_many_arguments, clippy::unused_unit)]
        pub fn $bind<$($type: Argument,)* R>(
            _: fn($($type),*) -> R,
            $($value: $type),*
        ) -> (Given<($($type,)*)>, Probe<R>) {
            (Given::new(($($value,)*)), Probe::new())
        }

        /// The same for an async function.
        #[allow(clippy::too_many_arguments, clippy::unused_unit)]
        pub fn $bind_later<$($type: Argument,)* R: Future>(
            _: fn($($type),*) -> R,
            $($value: $type),*
        ) -> (Given<($($type,)*)>, Probe<R::Output>) {
            (Given::new(($($value,)*)), Probe::new())
        }
    )*};
}

arities! {
    bind0 bind0_later ();
    bind1 bind1_later (A a 0);
    bind2 bind2_later (A a 0, B b 1);
    bind3 bind3_later (A a 0, B b 1, C c 2);
    bind4 bind4_later (A a 0, B b 1, C c 2, D d 3);
    bind5 bind5_later (A a 0, B b 1, C c 2, D d 3, E e 4);
    bind6 bind6_later (A a 0, B b 1, C c 2, D d 3, E e 4, G g 5);
    bind7 bind7_later (A a 0, B b 1, C c 2, D d 3, E e 4, G g 5, H h 6);
    bind8 bind8_later (A a 0, B b 1, C c 2, D d 3, E e 4, G g 5, H h 6, I i 7);
    bind9 bind9_later (A a 0, B b 1, C c 2, D d 3, E e 4, G g 5, H h 6, I i 7, J j 8);
    bind10 bind10_later (A a 0, B b 1, C c 2, D d 3, E e 4, G g 5, H h 6, I i 7, J j 8, K k 9);
    bind11 bind11_later (A a 0, B b 1, C c 2, D d 3, E e 4, G g 5, H h 6, I i 7, J j 8, K k 9, L l 10);
    bind12 bind12_later (A a 0, B b 1, C c 2, D d 3, E e 4, G g 5, H h 6, I i 7, J j 8, K k 9, L l 10, M m 11);
    bind13 bind13_later (A a 0, B b 1, C c 2, D d 3, E e 4, G g 5, H h 6, I i 7, J j 8, K k 9, L l 10, M m 11, N n 12);
    bind14 bind14_later (A a 0, B b 1, C c 2, D d 3, E e 4, G g 5, H h 6, I i 7, J j 8, K k 9, L l 10, M m 11, N n 12, O o 13);
    bind15 bind15_later (A a 0, B b 1, C c 2, D d 3, E e 4, G g 5, H h 6, I i 7, J j 8, K k 9, L l 10, M m 11, N n 12, O o 13, P p 14);
    bind16 bind16_later (A a 0, B b 1, C c 2, D d 3, E e 4, G g 5, H h 6, I i 7, J j 8, K k 9, L l 10, M m 11, N n 12, O o 13, P p 14, Q q 15);
}
