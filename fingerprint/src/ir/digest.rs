//! Hashes the outlines of a file: what other files can see of it. Names count as words, since their numbers
//! depend on the code between; where an item stands does not count.

use super::{ExprIdx, File, Hash, Item, ItemKind, Mark, MarkKind, Name, RefIdx};
use serde::ser::{self, Serialize};
use std::fmt::Display;

impl File {
    /// The hash of all that other items can see of this file's.
    pub fn digest_outlines(&self) -> Hash {
        let mut words = Words { names: &self.names, is_name: false, out: Vec::new() };
        let facts = (&self.root, self.no_implicit_prelude, self.items.len());
        // Nothing in it can fail.
        let _ = facts.serialize(&mut words);
        for item in &self.items {
            let _ = seen(item).serialize(&mut words);
        }
        Hash::of(&words.out)
    }
}

/// What other items can see.
fn seen(item: &Item) -> Item {
    let mut seen = item.signature_only().unwrap_or_else(|| item.clone());
    (seen.place, seen.verbatim) = (super::Place::default(), Hash::default());
    seen.skeleton.lines.clear();
    seen.calls.clear();
    if let ItemKind::Fn(function) = &mut seen.kind {
        // Behind what the code is made of.
        function.block = function.block.map(|_| ExprIdx(0));
        // Its options are behind its code, and nobody else's.
        seen.attributes.retain(|attribute| attribute.0 < function.signature.refs);
        (seen.skeleton.options, seen.unread) = (None, false);
    }
    if let Some(Mark { kind: MarkKind::Attribute(index, _), .. }) = &mut seen.mark {
        *index = RefIdx(0);
    }
    seen
}

struct Words<'n> {
    names: &'n [String],
    /// The number that comes is that of a name.
    is_name: bool,
    out: Vec<u8>,
}

/// No value gives one.
#[derive(Debug)]
struct Never;

impl Display for Never {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Never {}

impl ser::Error for Never {
    fn custom<T: Display>(_: T) -> Self {
        Never
    }
}

impl Words<'_> {
    fn number(&mut self, number: u64) {
        self.out.extend(number.to_le_bytes());
    }

    fn text(&mut self, text: &[u8]) {
        self.number(text.len() as u64);
        self.out.extend(text);
    }
}

macro_rules! numbers {
    ($($method:ident: $ty:ty),*) => {
        $(fn $method(self, value: $ty) -> Result<(), Never> {
            self.number(u64::from(value));
            Ok(())
        })*
    };
}

impl ser::Serializer for &mut Words<'_> {
    type Ok = ();
    type Error = Never;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    numbers!(serialize_bool: bool, serialize_u8: u8, serialize_u16: u16, serialize_u64: u64, serialize_char: char);

    fn serialize_u32(self, value: u32) -> Result<(), Never> {
        if std::mem::take(&mut self.is_name) {
            let names = self.names;
            self.text(names.get(value as usize).map_or(b"", |name| name.as_bytes()));
        } else {
            self.number(u64::from(value));
        }
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Result<(), Never> {
        self.serialize_i64(i64::from(value))
    }

    fn serialize_i16(self, value: i16) -> Result<(), Never> {
        self.serialize_i64(i64::from(value))
    }

    fn serialize_i32(self, value: i32) -> Result<(), Never> {
        self.serialize_i64(i64::from(value))
    }

    fn serialize_i64(self, value: i64) -> Result<(), Never> {
        self.out.extend(value.to_le_bytes());
        Ok(())
    }

    fn serialize_f32(self, value: f32) -> Result<(), Never> {
        self.serialize_f64(f64::from(value))
    }

    fn serialize_f64(self, value: f64) -> Result<(), Never> {
        self.out.extend(value.to_le_bytes());
        Ok(())
    }

    fn serialize_str(self, value: &str) -> Result<(), Never> {
        self.text(value.as_bytes());
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Never> {
        self.text(value);
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Never> {
        self.number(0);
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Never> {
        self.number(1);
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Never> {
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Never> {
        Ok(())
    }

    fn serialize_unit_variant(self, _: &'static str, index: u32, _: &'static str) -> Result<(), Never> {
        self.number(u64::from(index));
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Never> {
        self.is_name = name == Name::SERIALIZED;
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        index: u32,
        _: &'static str,
        value: &T,
    ) -> Result<(), Never> {
        self.number(u64::from(index));
        value.serialize(self)
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Self, Never> {
        self.number(length.unwrap_or_default() as u64);
        Ok(self)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, Never> {
        Ok(self)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, Never> {
        Ok(self)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        index: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, Never> {
        self.number(u64::from(index));
        Ok(self)
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Self, Never> {
        self.serialize_seq(length)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Never> {
        Ok(self)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        index: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, Never> {
        self.number(u64::from(index));
        Ok(self)
    }
}

/// Parts of a value, one behind the other.
macro_rules! parts {
    ($($of:ident: $method:ident($($key:ty)?)),*) => {
        $(impl ser::$of for &mut Words<'_> {
            type Ok = ();
            type Error = Never;

            fn $method<T: Serialize + ?Sized>(&mut self, $(_: $key,)? value: &T) -> Result<(), Never> {
                value.serialize(&mut **self)
            }

            fn end(self) -> Result<(), Never> {
                Ok(())
            }
        })*
    };
}

parts!(
    SerializeSeq: serialize_element(),
    SerializeTuple: serialize_element(),
    SerializeTupleStruct: serialize_field(),
    SerializeTupleVariant: serialize_field(),
    SerializeStruct: serialize_field(&'static str),
    SerializeStructVariant: serialize_field(&'static str)
);

impl ser::SerializeMap for &mut Words<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Never> {
        key.serialize(&mut **self)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        value.serialize(&mut **self)
    }

    fn end(self) -> Result<(), Never> {
        Ok(())
    }
}
