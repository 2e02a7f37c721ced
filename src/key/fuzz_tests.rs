//! Hashes values of every shape that serde knows, in sequences that change from one shape to another.

use super::Canon;
use proptest::prelude::*;
use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use std::collections::VecDeque;

const NAMES: [&str; 4] = ["", "a", "ab", "a_long_name_that_is_no_shorter_than_most_others_are_in_programs"];

/// A value by its calls of a serializer. Floats are kept as bits, so that equality is theirs.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    Bool(bool),
    I8(i8),
    I64(i64),
    U16(u16),
    U128(u128),
    F32(u32),
    F64(u64),
    Char(char),
    Str(String),
    Bytes(Vec<u8>),
    None,
    Some(Box<Value>),
    Unit,
    UnitStruct(usize),
    UnitVariant(usize, u32),
    NewtypeStruct(usize, Box<Value>),
    NewtypeVariant(usize, u32, Box<Value>),
    Seq(Vec<Value>),
    Tuple(Vec<Value>),
    TupleStruct(usize, Vec<Value>),
    TupleVariant(usize, u32, Vec<Value>),
    Map(Vec<(Value, Value)>),
    Struct(usize, Vec<(usize, Value)>),
    StructVariant(usize, u32, Vec<(usize, Value)>),
    /// Of a type whose sequences lie in one piece.
    Numbers(Vec<u16>),
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let variant = |index: &u32| NAMES[*index as usize % NAMES.len()];
        match self {
            Value::Bool(value) => to.serialize_bool(*value),
            Value::I8(value) => to.serialize_i8(*value),
            Value::I64(value) => to.serialize_i64(*value),
            Value::U16(value) => to.serialize_u16(*value),
            Value::U128(value) => to.serialize_u128(*value),
            Value::F32(bits) => to.serialize_f32(f32::from_bits(*bits)),
            Value::F64(bits) => to.serialize_f64(f64::from_bits(*bits)),
            Value::Char(value) => to.serialize_char(*value),
            Value::Str(value) => to.serialize_str(value),
            Value::Bytes(value) => to.serialize_bytes(value),
            Value::None => to.serialize_none(),
            Value::Some(value) => to.serialize_some(value),
            Value::Unit => to.serialize_unit(),
            Value::UnitStruct(name) => to.serialize_unit_struct(NAMES[*name]),
            Value::UnitVariant(name, index) => {
                to.serialize_unit_variant(NAMES[*name], *index, variant(index))
            }
            Value::NewtypeStruct(name, value) => to.serialize_newtype_struct(NAMES[*name], value),
            Value::NewtypeVariant(name, index, value) => {
                to.serialize_newtype_variant(NAMES[*name], *index, variant(index), value)
            }
            Value::Seq(values) => to.collect_seq(values),
            Value::Tuple(values) => {
                let mut parts = to.serialize_tuple(values.len())?;
                values.iter().try_for_each(|value| parts.serialize_element(value))?;
                parts.end()
            }
            Value::TupleStruct(name, values) => {
                let mut parts = to.serialize_tuple_struct(NAMES[*name], values.len())?;
                values.iter().try_for_each(|value| parts.serialize_field(value))?;
                parts.end()
            }
            Value::TupleVariant(name, index, values) => {
                let mut parts =
                    to.serialize_tuple_variant(NAMES[*name], *index, variant(index), values.len())?;
                values.iter().try_for_each(|value| parts.serialize_field(value))?;
                parts.end()
            }
            Value::Map(entries) => {
                let mut map = to.serialize_map(None)?;
                entries.iter().try_for_each(|(key, value)| map.serialize_entry(key, value))?;
                map.end()
            }
            Value::Struct(name, fields) => {
                let mut parts = to.serialize_struct(NAMES[*name], fields.len())?;
                fields.iter().try_for_each(|(name, value)| parts.serialize_field(NAMES[*name], value))?;
                parts.end()
            }
            Value::StructVariant(name, index, fields) => {
                let mut parts =
                    to.serialize_struct_variant(NAMES[*name], *index, variant(index), fields.len())?;
                fields.iter().try_for_each(|(name, value)| parts.serialize_field(NAMES[*name], value))?;
                parts.end()
            }
            Value::Numbers(values) => values.serialize(to),
        }
    }
}

/// The same elements, one call for each.
struct OneByOne<'a>(&'a [Value]);

impl Serialize for OneByOne<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut elements = to.serialize_seq(None)?;
        self.0.iter().try_for_each(|value| elements.serialize_element(value))?;
        elements.end()
    }
}

fn hash(value: &impl Serialize, no_lanes: bool) -> [u8; 32] {
    let mut canon = Canon::new();
    canon.no_lanes = no_lanes;
    canon.value(value).unwrap();
    canon.finish()
}

fn value() -> impl Strategy<Value = Value> {
    let name = || 0..NAMES.len();
    let index = || prop_oneof![0..4_u32, 250..260_u32];
    let text = prop_oneof!["[ab]{0,3}", "[ab]{60,70}", "a{250,260}", "a{510,514}"];
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::Bool),
        any::<i8>().prop_map(Value::I8),
        (0..3_i64).prop_map(Value::I64),
        any::<u16>().prop_map(Value::U16),
        (0..3_u128).prop_map(Value::U128),
        any::<u32>().prop_map(Value::F32),
        any::<u64>().prop_map(Value::F64),
        any::<char>().prop_map(Value::Char),
        text.prop_map(Value::Str),
        prop::collection::vec(0..2_u8, 0..4).prop_map(Value::Bytes),
        (0..3_u16, prop::sample::select(vec![0, 1, 2, 40, 257]))
            .prop_map(|(number, count)| Value::Numbers(vec![number; count])),
        Just(Value::None),
        Just(Value::Unit),
        name().prop_map(Value::UnitStruct),
        (name(), index()).prop_map(|(name, index)| Value::UnitVariant(name, index)),
    ];
    leaf.prop_recursive(3, 30, 6, move |inner| {
        let values = || prop::collection::vec(inner.clone(), 0..5);
        // A few values, again and again.
        let run = (prop::collection::vec(inner.clone(), 1..4), prop::collection::vec(0..9_usize, 0..24))
            .prop_map(|(pool, picks)| picks.iter().map(|at| pool[at / 4 % pool.len()].clone()).collect());
        let fields = || prop::collection::vec((name(), inner.clone()), 0..4);
        let boxed = || inner.clone().prop_map(Box::new);
        prop_oneof![
            1 => boxed().prop_map(Value::Some),
            1 => (name(), boxed()).prop_map(|(name, value)| Value::NewtypeStruct(name, value)),
            1 => (name(), index(), boxed()).prop_map(|(a, b, c)| Value::NewtypeVariant(a, b, c)),
            4 => run.prop_map(Value::Seq),
            1 => values().prop_map(Value::Tuple),
            1 => (name(), values()).prop_map(|(name, values)| Value::TupleStruct(name, values)),
            1 => (name(), index(), values()).prop_map(|(a, b, c)| Value::TupleVariant(a, b, c)),
            1 => prop::collection::vec((inner.clone(), inner.clone()), 0..4).prop_map(Value::Map),
            1 => (name(), fields()).prop_map(|(name, fields)| Value::Struct(name, fields)),
            1 => (name(), index(), fields()).prop_map(|(a, b, c)| Value::StructVariant(a, b, c)),
        ]
    })
}

/// Changes one leaf a little, if there is one that can be.
fn nudge(value: &mut Value, at: &mut usize) {
    let mut inside = |values: &mut dyn Iterator<Item = &mut Value>| {
        values.for_each(|value| nudge(value, at));
    };
    match value {
        Value::Seq(values)
        | Value::Tuple(values)
        | Value::TupleStruct(_, values)
        | Value::TupleVariant(_, _, values) => inside(&mut values.iter_mut()),
        Value::Map(entries) => entries.iter_mut().for_each(|(key, value)| {
            inside(&mut [key, value].into_iter());
        }),
        Value::Struct(_, fields) | Value::StructVariant(_, _, fields) => {
            inside(&mut fields.iter_mut().map(|(_, value)| value));
        }
        Value::Some(value) | Value::NewtypeStruct(_, value) | Value::NewtypeVariant(_, _, value) => {
            inside(&mut std::iter::once(&mut **value));
        }
        leaf => {
            if *at == 0 {
                *leaf = match leaf {
                    Value::U16(number) => Value::U16(number.wrapping_add(1)),
                    Value::F64(bits) => Value::F64(*bits ^ 1),
                    Value::Str(text) => Value::Str(format!("{text}a")),
                    Value::Numbers(numbers) => Value::Numbers([&numbers[..], &[1]].concat()),
                    Value::Bool(value) => Value::Bool(!*value),
                    _ => Value::Bool(true),
                };
            }
            *at = at.wrapping_sub(1);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(250))]

    #[test]
    fn lanes_change_no_hash(values in prop::collection::vec(value(), 0..4)) {
        // Twice, so that there is always something alike.
        let twice = [&values[..], &values].concat();
        let expected = hash(&twice, true);
        prop_assert_eq!(hash(&twice, false), expected);
        prop_assert_eq!(hash(&twice.iter().cloned().collect::<VecDeque<_>>(), false), expected);
        prop_assert_eq!([hash(&OneByOne(&twice), false), hash(&OneByOne(&twice), true)], [expected; 2]);
    }

    #[test]
    fn other_values_have_other_hashes(value in value(), other in value(), at in 0..20_usize) {
        // Numbers are a sequence of numbers: what is written is the same.
        let text = |value: &Value| format!("{value:?}");
        let plain = |value: &Value| !text(value).contains("Numbers");
        if plain(&value) && plain(&other) {
            prop_assert_eq!(value == other, hash(&value, false) == hash(&other, false));
        }
        let mut nudged = value.clone();
        nudge(&mut nudged, &mut { at });
        prop_assert_eq!(value == nudged, hash(&value, false) == hash(&nudged, false));
    }
}
