//! Tests that the canonical hash tells different values apart and equal ones together.

use super::{Canon, Serialize};
use proptest::prelude::*;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::rc::Rc;

fn hash<T: Serialize + ?Sized>(value: &T) -> [u8; 32] {
    let mut canon = Canon::new();
    canon.value(value).unwrap();
    canon.stream.finish()
}

fn hex<T: Serialize + ?Sized>(value: &T) -> String {
    blake3::Hash::from_bytes(hash(value)).to_hex().to_string()
}

#[derive(serde::Serialize)]
struct Point {
    x: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    a: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    b: Option<u8>,
}

#[derive(serde::Serialize)]
enum Shape {
    Empty,
    Circle(f64),
    Pair(u8, u8),
    Named { map: HashMap<String, HashSet<u8>> },
}

#[derive(serde::Serialize)]
struct Wrapped(HashMap<u32, u32>);

/// The same entries, inserted in two orders; large enough to iterate differently.
fn maps() -> [HashMap<u32, u32>; 2] {
    [(0..500).map(|n| (n, n * n)).collect(), (0..500).rev().map(|n| (n, n * n)).collect()]
}

#[test]
fn the_stream_is_frozen() {
    let value = (true, -1_i8, 2_u64, 1.5_f64, 'x', "text", Some(()), None::<u8>, vec![1_u16, 2]);
    assert_eq!(hex(&value), "dccca24a9005f7522c0b906c614c9b47398e7482021a8fa2ee649eb554e9659c");
    let shapes = [
        Shape::Empty,
        Shape::Circle(1.0),
        Shape::Pair(1, 2),
        Shape::Named { map: HashMap::from([(String::from("k"), HashSet::from([1, 2]))]) },
    ];
    assert_eq!(hex(&shapes), "d921b32dc1b6343261e3db7a897f479ce1ec751593d7a65dca0b59cd396fd76b");
}

#[test]
fn hash_maps_and_sets_have_no_order_wherever_they_are() {
    let [a, b] = maps();
    assert!(a.iter().ne(b.iter()), "the test needs two orders");
    assert_eq!(hash(&a), hash(&b));
    assert_eq!(hash(&&&a), hash(&&b));
    assert_eq!(hash(&Box::new(a.clone())), hash(&Box::new(b.clone())));
    assert_eq!(hash(&Rc::new(a.clone())), hash(&Rc::new(b.clone())));
    assert_eq!(hash(&std::sync::Mutex::new(a.clone())), hash(&std::sync::Mutex::new(b.clone())));
    assert_eq!(hash(&Some(&a)), hash(&Some(&b)));
    assert_eq!(hash(&vec![&a, &a]), hash(&vec![&b, &a]));
    assert_eq!(hash(&(1, &a)), hash(&(1, &b)));
    assert_eq!(hash(&HashMap::from([(1, &a)])), hash(&HashMap::from([(1, &b)])));
    assert_eq!(hash(&Wrapped(a.clone())), hash(&Wrapped(b.clone())));
    let sets: [HashSet<u32>; 2] = [a.into_keys().collect(), b.into_keys().collect()];
    assert_eq!(hash(&sets[0]), hash(&sets[1]));
    let (forth, back): (BTreeMap<_, _>, HashMap<_, _>) =
        ((0..9).map(|n| (n, n)).collect(), (0..9).map(|n| (n, n)).collect());
    assert_ne!(hash(&forth), hash(&back), "types are told apart");
}

#[test]
fn everything_else_counts_in_its_order() {
    /// Serialises like an `IndexMap`.
    struct Ordered(Vec<(u8, u8)>);
    impl Serialize for Ordered {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
        }
    }
    assert_ne!(hash(&Ordered(vec![(1, 1), (2, 2)])), hash(&Ordered(vec![(2, 2), (1, 1)])));
    assert_ne!(hash(&vec![1, 2]), hash(&vec![2, 1]));
    assert_ne!(hash(&HashMap::from([(1, 2), (3, 4)])), hash(&HashMap::from([(1, 4), (3, 2)])));
}

#[test]
fn floats_count_by_their_bits() {
    assert_eq!(hash(&f64::NAN), hash(&f64::NAN));
    assert_ne!(hash(&0.0), hash(&-0.0));
    assert_ne!(hash(&1.0_f64), hash(&1.0_f32));
}

#[test]
fn kinds_lengths_and_names_are_in_the_stream() {
    let values = [
        hash(&1_u8),
        hash(&1_u16),
        hash(&true),
        hash(&"1"),
        hash(&'1'),
        hash(&()),
        hash(&(1_u8,)),
        hash(&vec![1_u8]),
        hash(&[vec![1_u8], vec![]]),
        hash(&[vec![], vec![1_u8]]),
        hash(&vec![vec![1_u8, 2]]),
        hash(&vec![vec![1_u8], vec![2]]),
        hash(&Some(1_u8)),
        hash(&Some(Some(1_u8))),
        hash(&["ab", "c"]),
        hash(&["a", "bc"]),
        hash(&Point { x: 1.0, a: Some(1), b: None }),
        hash(&Point { x: 1.0, a: None, b: Some(1) }),
        hash(&Shape::Empty),
        hash(&Shape::Circle(1.0)),
        hash(&vec![1_u8; 70_000]),
        hash(&vec![1_u8; 70_001]),
        hash(&[vec![1_u8; 70_000], vec![1]]),
    ];
    for (index, value) in values.iter().enumerate() {
        assert!(!values[..index].contains(value), "{index}");
    }
}

#[test]
fn references_and_owners_hash_alike() {
    let vec = vec![1.5, 2.5];
    assert_eq!(hash(&vec), hash(vec.as_slice()));
    assert_eq!(hash(&vec), hash(&VecDeque::from(vec.clone())));
    assert_eq!(hash("x"), hash(&String::from("x")));
    assert_eq!(hash(&BTreeSet::from([1])), hash(&vec![1]));
}

#[test]
fn a_failing_serialize_is_an_error_with_its_message() {
    struct Fails;
    impl Serialize for Fails {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("no such thing"))
        }
    }
    assert_eq!(Canon::new().value(&vec![Fails]).unwrap_err().to_string(), "no such thing");
}

fn value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(|value| json!(value)),
        any::<i64>().prop_map(|value| json!(value)),
        "[ab]{0,3}".prop_map(|value| json!(value)),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(|values| json!(values)),
            prop::collection::btree_map("[ab]{0,2}", inner, 0..4).prop_map(|values| json!(values)),
        ]
    })
}

proptest! {
    #[test]
    fn values_are_equal_just_when_their_hashes_are(a in value(), b in value()) {
        prop_assert_eq!(a == b, hash(&a) == hash(&b));
        prop_assert_eq!(hash(&a), hash(&a.clone()));
    }

    #[test]
    fn runs_keep_their_bytes(a in prop::collection::vec(any::<u16>(), 0..40), at in any::<prop::sample::Index>()) {
        prop_assume!(!a.is_empty());
        let mut b = a.clone();
        b[at.index(a.len())] ^= 1;
        prop_assert_ne!(hash(&a), hash(&b));
        let (left, right) = a.split_at(at.index(a.len()));
        prop_assert_ne!(hash(&(left, right)), hash(&(&a, &[0_u16; 0])));
    }

    #[test]
    fn shuffled_maps_hash_alike(entries in prop::collection::btree_map(any::<u8>(), ".{0,3}", 0..30)) {
        let forth: HashMap<_, _> = entries.iter().collect();
        let back: HashMap<_, _> = entries.iter().rev().collect();
        prop_assert_eq!(hash(&forth), hash(&back));
    }
}
