//! Sees numbers as the bytes that they are in memory: the one module with `unsafe` in it.
//!
//! serde hands on one number after the other and does not say of which type a value is. Here the type
//! is asked for, so that what lies in one piece is read and written in one piece. Types are told apart
//! by their `TypeId` less lifetimes, never by their names.
#![allow(unsafe_code)]

use bytemuck::NoUninit;
use std::any::TypeId;
use std::ptr;

/// A type whose values are fixed bytes without padding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Primitive {
    Bool,
    Char,
    I8,
    I16,
    I32,
    I64,
    I128,
    U8,
    U16,
    U32,
    U64,
    U128,
    F32,
    F64,
}

/// Values of one primitive type that lie side by side, as their little-endian bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Numbers<'a> {
    pub primitive: Primitive,
    pub count: usize,
    pub bytes: &'a [u8],
}

/// Shows `&[P]` and `&Vec<P>` of a primitive `P` as bytes; `None` for every other type.
#[inline]
pub(crate) fn numbers<I>(values: &I) -> Option<Numbers<'_>> {
    // Where a number in memory is not what goes into keys and entries, each is looked at alone.
    if cfg!(target_endian = "big") {
        return None;
    }
    macro_rules! either {
        ($($type:ty: $primitive:ident,)*) => {$(
            if let Some(values) = slice::<I, $type>(values) {
                let (count, bytes) = (values.len(), bytemuck::must_cast_slice(values));
                return Some(Numbers { primitive: Primitive::$primitive, count, bytes });
            }
        )*};
    }
    either! {
        f64: F64,
        u8: U8,
        f32: F32,
        i64: I64,
        u64: U64,
        i32: I32,
        u32: U32,
        i16: I16,
        u16: U16,
        i8: I8,
        i128: I128,
        u128: U128,
        bool: Bool,
        char: Char,
    }
    // serde takes both for 64 bits wide.
    #[cfg(target_pointer_width = "64")]
    either! {
        usize: U64,
        isize: I64,
    }
    None
}

/// The values, if `I` is `&[P]` or `&Vec<P>`.
#[inline]
fn slice<'a, I, P: NoUninit>(values: &'a I) -> Option<&'a [P]> {
    let (id, values) = (typeid::of::<I>(), ptr::from_ref(values));
    if id == TypeId::of::<&'static [P]>() {
        // SAFETY: `I` is `&'x [P]` for some `'x`, which is at least `'a` since an `I` is borrowed for `'a`.
        Some(unsafe { *values.cast::<&'a [P]>() })
    } else if id == TypeId::of::<&'static Vec<P>>() {
        // SAFETY: the same with `&'x Vec<P>`.
        Some(unsafe { *values.cast::<&'a Vec<P>>() })
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_and_vectors_of_primitives_are_seen() {
        let vector = vec![1.5_f64, -2.0];
        let bytes: Vec<u8> = vector.iter().flat_map(|number| number.to_le_bytes()).collect();
        for numbers in [numbers(&&vector), numbers(&vector.as_slice())] {
            let numbers = numbers.unwrap();
            assert_eq!((numbers.primitive, numbers.count), (Primitive::F64, 2));
            assert_eq!(numbers.bytes, bytes);
        }
        assert_eq!(numbers(&&[true, false][..]).unwrap().bytes, [1, 0]);
        assert_eq!(numbers(&&['a'][..]).unwrap().primitive, Primitive::Char);
        assert_eq!(numbers(&&Vec::<u16>::new()).unwrap().count, 0);
        let [shared, text] = [&[7_u8][..], "text".as_bytes()];
        assert_eq!([numbers(&shared).unwrap().bytes, numbers(&text).unwrap().bytes], [shared, text]);
    }

    #[test]
    fn nothing_else_is() {
        #[repr(transparent)]
        struct Own(#[allow(dead_code)] f64);
        assert!(numbers(&&[Own(1.0)][..]).is_none());
        assert!(numbers(&vec![1.0]).is_none());
        assert!(numbers(&&[&1.0][..]).is_none());
        assert!(numbers(&&[Some(1.0)][..]).is_none());
        assert!(numbers(&"text").is_none());
        assert!(numbers(&&mut [1.0][..]).is_none());
        assert!(numbers(&std::collections::VecDeque::<u8>::new().iter()).is_none());
    }
}
