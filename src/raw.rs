//! Sees numbers as the bytes that they are in memory: the one module with `unsafe` in it.
//!
//! serde hands on one number after the other and does not say of which type a value is. Here the type
//! is asked for, so that what lies in one piece is read and written in one piece. Types are told apart
//! by their `TypeId` less lifetimes, never by their names. Miri runs its tests:
//! `cargo +nightly miri test -p checkpointing --lib raw::`.
#![allow(unsafe_code)]

use bytemuck::allocation::{try_cast_vec, try_zeroed_vec};
use bytemuck::{NoUninit, Pod, must_cast_slice};
use std::any::TypeId;
use std::collections::VecDeque;
use std::mem::{ManuallyDrop, transmute_copy};
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
    /// In one piece or in two.
    pub bytes: [&'a [u8]; 2],
}

/// Shows `&[P]`, `&Vec<P>` and `&VecDeque<P>` of a primitive `P` as bytes; `None` for every other type.
#[inline]
pub(crate) fn numbers<I>(values: &I) -> Option<Numbers<'_>> {
    // Where a number in memory is not what goes into keys and entries, each is looked at alone.
    if cfg!(target_endian = "big") {
        return None;
    }
    macro_rules! either {
        ($($type:ty: $primitive:ident,)*) => {$(
            if let Some(values) = slices::<I, $type>(values) {
                let (count, bytes) = (values[0].len() + values[1].len(), values.map(must_cast_slice));
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

/// The values, if `I` is `&[P]`, `&Vec<P>` or `&VecDeque<P>`.
#[inline]
fn slices<'a, I, P: NoUninit>(values: &'a I) -> Option<[&'a [P]; 2]> {
    let (id, values) = (typeid::of::<I>(), ptr::from_ref(values));
    if id == TypeId::of::<&'static [P]>() {
        // SAFETY: `I` is `&'x [P]` for some `'x`, which is at least `'a` since an `I` is borrowed for `'a`.
        Some([unsafe { *values.cast::<&'a [P]>() }, &[]])
    } else if id == TypeId::of::<&'static Vec<P>>() {
        // SAFETY: the same with `&'x Vec<P>`.
        Some([unsafe { *values.cast::<&'a Vec<P>>() }, &[]])
    } else if id == TypeId::of::<&'static VecDeque<P>>() {
        // SAFETY: the same with `&'x VecDeque<P>`.
        let (front, back) = unsafe { *values.cast::<&'a VecDeque<P>>() }.as_slices();
        Some([front, back])
    } else {
        None
    }
}

/// A type whose values are a number's bytes, or a text's, and a length: a vector or a `String`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plain {
    Numbers(Primitive),
    Text,
}

macro_rules! plain {
    ($($type:ty: $primitive:ident,)*) => {
        /// Whether `T` is a `String`, or a vector of a primitive of which any bytes are a value.
        pub(crate) fn plain<T>() -> Option<Plain> {
            let id = typeid::of::<T>();
            if cfg!(target_endian = "big") {
                return None;
            }
            if id == TypeId::of::<String>() {
                return Some(Plain::Text);
            }
            $(if id == TypeId::of::<Vec<$type>>() {
                return Some(Plain::Numbers(Primitive::$primitive));
            })*
            None
        }

        /// The bytes of such a value.
        pub(crate) fn bytes<T>(value: &T) -> Option<&[u8]> {
            let (id, value) = (typeid::of::<T>(), ptr::from_ref(value));
            if id == TypeId::of::<String>() {
                // SAFETY: `T` is `String`.
                return Some(unsafe { &*value.cast::<String>() }.as_bytes());
            }
            $(if id == TypeId::of::<Vec<$type>>() {
                // SAFETY: `T` is `Vec<$type>`.
                return Some(must_cast_slice(unsafe { &*value.cast::<Vec<$type>>() }));
            })*
            None
        }

        /// Such a value of its bytes; `None` when they are no text.
        pub(crate) fn from_bytes<T>(bytes: Buffer) -> Option<T> {
            let id = typeid::of::<T>();
            if id == TypeId::of::<String>() {
                // SAFETY: `T` is `String`.
                return String::from_utf8(bytes.into_vec()).ok().map(|text| unsafe { as_same(text) });
            }
            $(if id == TypeId::of::<Vec<$type>>() {
                // SAFETY: `T` is `Vec<$type>`.
                return Some(unsafe { as_same(bytes.into_vec::<$type>()) });
            })*
            None
        }
    };
}

plain! {
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
}

/// The same value.
///
/// # Safety
/// `T` and `U` are one type.
unsafe fn as_same<T, U>(value: U) -> T {
    let value = ManuallyDrop::new(value);
    // SAFETY: they are one type, and the value is not used again.
    unsafe { transmute_copy::<ManuallyDrop<U>, T>(&value) }
}

/// Bytes in a vector of numbers, so that they can become one of these without a copy.
pub(crate) enum Buffer {
    One(Vec<u8>),
    Two(Vec<u16>),
    Four(Vec<u32>),
    Eight(Vec<u64>),
    Sixteen(Vec<u128>),
}

impl Buffer {
    /// So many zeros, for numbers of so many bytes; `None` without the memory.
    pub fn zeroed(length: usize, width: usize) -> Option<Buffer> {
        let mut buffer = match width {
            2 if length.is_multiple_of(2) => try_zeroed_vec(length / 2).map(Buffer::Two),
            4 if length.is_multiple_of(4) => try_zeroed_vec(length / 4).map(Buffer::Four),
            8 if length.is_multiple_of(8) => try_zeroed_vec(length / 8).map(Buffer::Eight),
            16 if length.is_multiple_of(16) => try_zeroed_vec(length / 16).map(Buffer::Sixteen),
            _ => try_zeroed_vec(length).map(Buffer::One),
        }
        .ok()?;
        advise(buffer.as_mut_slice());
        Some(buffer)
    }

    pub fn as_slice(&self) -> &[u8] {
        match self {
            Buffer::One(bytes) => bytes,
            Buffer::Two(numbers) => must_cast_slice(numbers),
            Buffer::Four(numbers) => must_cast_slice(numbers),
            Buffer::Eight(numbers) => must_cast_slice(numbers),
            Buffer::Sixteen(numbers) => must_cast_slice(numbers),
        }
    }

    pub fn as_mut_slice(&mut self) -> &mut [u8] {
        match self {
            Buffer::One(bytes) => bytes,
            Buffer::Two(numbers) => bytemuck::must_cast_slice_mut(numbers),
            Buffer::Four(numbers) => bytemuck::must_cast_slice_mut(numbers),
            Buffer::Eight(numbers) => bytemuck::must_cast_slice_mut(numbers),
            Buffer::Sixteen(numbers) => bytemuck::must_cast_slice_mut(numbers),
        }
    }

    /// The numbers; copied unless the buffer was made for numbers of this width.
    fn into_vec<P: Pod>(self) -> Vec<P> {
        let copied = bytemuck::allocation::pod_collect_to_vec::<u8, P>;
        match self {
            Buffer::One(vec) => try_cast_vec(vec).unwrap_or_else(|(_, vec)| copied(&vec)),
            Buffer::Two(vec) => try_cast_vec(vec).unwrap_or_else(|(_, vec)| copied(must_cast_slice(&vec))),
            Buffer::Four(vec) => try_cast_vec(vec).unwrap_or_else(|(_, vec)| copied(must_cast_slice(&vec))),
            Buffer::Eight(vec) => try_cast_vec(vec).unwrap_or_else(|(_, vec)| copied(must_cast_slice(&vec))),
            Buffer::Sixteen(vec) => {
                try_cast_vec(vec).unwrap_or_else(|(_, vec)| copied(must_cast_slice(&vec)))
            }
        }
    }
}

/// Asks for huge pages: to touch fresh memory in small ones costs more than to read a file into it.
#[cfg(all(target_os = "linux", not(miri)))]
fn advise(bytes: &mut [u8]) {
    const PAGE: usize = 4096;
    let skipped = bytes.as_ptr().align_offset(PAGE);
    if bytes.len() >= LARGE && skipped < bytes.len() {
        let start = &mut bytes[skipped..];
        // SAFETY: the range is ours, and the advice changes no byte of it.
        unsafe { libc::madvise(start.as_mut_ptr().cast(), start.len(), libc::MADV_HUGEPAGE) };
    }
}

#[cfg(not(all(target_os = "linux", not(miri))))]
fn advise(_: &mut [u8]) {}

/// From here on there may be a huge page in it.
#[cfg(all(target_os = "linux", not(miri)))]
const LARGE: usize = 4 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_vectors_and_deques_of_primitives_are_seen() {
        let vector = vec![1.5_f64, -2.0];
        let bytes: Vec<u8> = vector.iter().flat_map(|number| number.to_le_bytes()).collect();
        for numbers in [numbers(&&vector), numbers(&vector.as_slice())] {
            let numbers = numbers.unwrap();
            assert_eq!((numbers.primitive, numbers.count), (Primitive::F64, 2));
            assert_eq!(numbers.bytes, [&bytes[..], &[]]);
        }
        let mut deque = VecDeque::from(vec![-2.0]);
        deque.push_front(1.5);
        let shared = &deque;
        let found = numbers(&shared).unwrap();
        assert_eq!((found.primitive, found.count, found.bytes.concat()), (Primitive::F64, 2, bytes));
        let one = |numbers: Option<Numbers<'_>>| numbers.unwrap().bytes.concat();
        assert_eq!(one(numbers(&&[true, false][..])), [1, 0]);
        assert_eq!(numbers(&&['a'][..]).unwrap().primitive, Primitive::Char);
        assert_eq!(numbers(&&Vec::<u16>::new()).unwrap().count, 0);
        let [shared, text] = [&[7_u8][..], "text".as_bytes()];
        assert_eq!([one(numbers(&shared)), one(numbers(&text))], [shared, text]);
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

    fn there_and_back<T: PartialEq + std::fmt::Debug>(value: &T, width: usize) {
        let bytes = bytes(value).unwrap();
        for width in [width, 1] {
            let mut buffer = Buffer::zeroed(bytes.len(), width).unwrap();
            buffer.as_mut_slice().copy_from_slice(bytes);
            assert_eq!(buffer.as_slice(), bytes);
            assert_eq!(from_bytes::<T>(buffer).as_ref(), Some(value));
        }
    }

    #[test]
    fn vectors_and_texts_become_bytes_and_come_back() {
        there_and_back(&vec![1.5_f64, f64::INFINITY, -0.0], 8);
        there_and_back(&vec![1_u8, 2, 3], 1);
        there_and_back(&vec![-1_i16], 2);
        there_and_back(&vec![7_u32; if cfg!(miri) { 300 } else { 3 << 20 }], 4);
        there_and_back(&vec![i128::MIN], 16);
        there_and_back(&Vec::<f32>::new(), 4);
        there_and_back(&String::from("text"), 1);
        assert_eq!(plain::<Vec<f64>>(), Some(Plain::Numbers(Primitive::F64)));
        assert_eq!(plain::<String>(), Some(Plain::Text));
        // Not every byte is one of these.
        assert_eq!([plain::<Vec<bool>>(), plain::<Vec<char>>(), plain::<[u8; 2]>()], [None; 3]);
        assert!(bytes(&1.5).is_none());
        let mut no_text = Buffer::zeroed(2, 1).unwrap();
        no_text.as_mut_slice().fill(0xff);
        assert_eq!(from_bytes::<String>(no_text), None);
        assert_eq!(from_bytes::<Vec<bool>>(Buffer::One(vec![2])), None);
    }
}
