//! Tests that the canonical hash tells different values apart and equal ones together.

use super::{Canon, Serialize};
use proptest::prelude::*;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::rc::Rc;

fn hash<T: Serialize + ?Sized>(value: &T) -> [u8; 32] {
    let mut canon = Canon::new();
    canon.value(value).unwrap();
    canon.finish()
}

/// The same, with each element added as any value is.
fn slow<T: Serialize + ?Sized>(value: &T) -> [u8; 32] {
    let mut canon = Canon::new();
    canon.no_lanes = true;
    canon.value(value).unwrap();
    canon.finish()
}

/// Serialises like a slice, one element after the other.
struct OneByOne<'a, T>(&'a [T]);

impl<T: Serialize> Serialize for OneByOne<'_, T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeSeq;
        let mut elements = serializer.serialize_seq(None)?;
        self.0.iter().try_for_each(|value| elements.serialize_element(value))?;
        elements.end()
    }
}

/// Serialises like a map, key after value.
struct KeyByKey<'a, K, V>(&'a BTreeMap<K, V>);

impl<K: Serialize, V: Serialize> Serialize for KeyByKey<'_, K, V> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut elements = serializer.serialize_map(None)?;
        for (key, value) in self.0 {
            elements.serialize_key(key)?;
            elements.serialize_value(value)?;
        }
        elements.end()
    }
}

/// All ways in which a sequence can come.
fn ways<T: Serialize + Clone>(values: &[T]) -> [[u8; 32]; 10] {
    [
        hash(values),
        slow(values),
        hash(&values.to_vec()),
        hash(&values.to_vec().into_boxed_slice()),
        hash(&std::sync::Arc::<[T]>::from(values)),
        hash(&std::borrow::Cow::Borrowed(values)),
        hash(&values.iter().cloned().collect::<VecDeque<_>>()),
        hash(&OneByOne(values)),
        slow(&OneByOne(values)),
        hash(&&values),
    ]
}

fn hex<T: Serialize + ?Sized>(value: &T) -> String {
    blake3::Hash::from_bytes(hash(value)).to_hex().to_string()
}

#[derive(Clone, serde::Serialize)]
struct Point {
    x: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    a: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    b: Option<u8>,
}

#[derive(Clone, serde::Serialize)]
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
    assert_eq!(hex(&value), "3fbc80e95548dc180b3f786b3a622f8ac0154b9a7815ba374cdcce21fd0b1c59");
    let shapes = [
        Shape::Empty,
        Shape::Circle(1.0),
        Shape::Pair(1, 2),
        Shape::Named { map: HashMap::from([(String::from("k"), HashSet::from([1, 2]))]) },
    ];
    assert_eq!(hex(&shapes), "798f777556e9ca572d24becc77c6dd78ba09f49820bc7e3448001da43e1159f8");
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

/// Through a lane and not, short and long, of one shape and of many.
#[test]
fn entries_of_all_shapes_have_no_order() {
    #[derive(Clone, serde::Serialize)]
    enum Value {
        Number(f64),
        Text(String),
        Many(Vec<u32>),
        Inner(HashMap<u32, u8>),
        None,
    }
    let value = |n: u32| match n % 50 {
        0 => Value::Text("t".repeat(n as usize % 600)),
        1 => Value::Many((0..n % 200).collect()),
        2 => Value::Inner((0..n % 30).map(|k| (k, 1)).collect()),
        3 => Value::None,
        _ => Value::Number(f64::from(n)),
    };
    for count in [0, 1, 2, 3, 49, 200, 3000] {
        let maps = |keys: &mut dyn Iterator<Item = u32>| {
            let keys: Vec<u32> = keys.collect();
            let mixed: HashMap<u32, Value> = keys.iter().map(|n| (*n, value(*n))).collect();
            let plain: HashMap<u32, (u8, f64)> = keys.iter().map(|n| (*n, (*n as u8, 1.5))).collect();
            let texts: HashMap<String, u32> =
                keys.iter().map(|n| ("k".repeat(1 + *n as usize % 40) + &n.to_string(), *n)).collect();
            let set: HashSet<(u32, bool)> = keys.iter().map(|n| (*n, true)).collect();
            assert_eq!(
                [hash(&mixed), hash(&plain), hash(&texts)],
                [slow(&mixed), slow(&plain), slow(&texts)]
            );
            assert_eq!(hash(&vec![&plain, &plain]), slow(&vec![&plain, &plain]));
            assert_eq!(hash(&set), slow(&set));
            [hash(&mixed), hash(&plain), hash(&texts), hash(&set)]
        };
        let hashes = maps(&mut (0..count));
        assert_eq!(hashes, maps(&mut (0..count).rev()), "{count}");
        let others = maps(&mut (0..=count));
        assert!(hashes.iter().zip(&others).all(|(hash, other)| hash != other), "{count}");
    }
    // What a short element says is not what its parts say together.
    assert_ne!(hash(&HashSet::from(["ab", "c"])), hash(&HashSet::from(["a", "bc"])));
    assert_ne!(hash(&HashSet::from([0_u8])), hash(&HashSet::from([0_u8, 1])));
    assert_ne!(hash(&HashMap::from([(1_u8, 2_u8)])), hash(&HashSet::from([(1_u8, 2_u8)])));
    assert_ne!(hash(&HashMap::from([(1_u8, 2_u8)])), hash(&HashMap::from([(2_u8, 1_u8)])));
}

/// Sums of regular entries: what would show a hash that is too simple for being added up.
#[test]
fn small_maps_and_sets_differ_in_their_sums() {
    let mut hashes = Vec::new();
    for subset in 0..1_u32 << 12 {
        hashes.push(hash(&(0..12).filter(|n| subset >> n & 1 == 1).collect::<HashSet<u32>>()));
    }
    // Every map of three keys to small numbers: entries that swap their values among them.
    for values in 0..16_u64.pow(3) {
        let value = |n| values >> (4 * n) & 15;
        hashes.push(hash(&(0..3_u64).map(|n| (n, value(n))).collect::<HashMap<_, _>>()));
        let text = |n| "x".repeat(value(n) as usize);
        hashes.push(hash(&(0..3_u64).map(|n| (n.to_string(), text(n))).collect::<HashMap<_, _>>()));
    }
    let count = hashes.len();
    hashes.sort_unstable();
    hashes.dedup();
    assert_eq!(hashes.len(), count);
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

/// Around every length at which something else happens: a block that is full, a long shape.
#[test]
fn long_sequences_hash_alike_whichever_way_they_come() {
    for count in [0, 1, 2, 254, 255, 256, 257, 1000, 8192, 8705, 30_000] {
        let numbers: Vec<u64> = (0..count).collect();
        let pairs: Vec<(u16, u8)> = numbers.iter().map(|n| (*n as u16, 7)).collect();
        let words: Vec<String> = numbers.iter().map(|n| "w".repeat((n % 7) as usize)).collect();
        let choices: Vec<Option<u32>> = numbers.iter().map(|n| (n % 3 > 0).then_some(*n as u32)).collect();
        let rows: Vec<Vec<u64>> = numbers.chunks(1 + count as usize / 40).map(<[u64]>::to_vec).collect();
        let all = [ways(&numbers), ways(&pairs), ways(&words), ways(&choices), ways(&rows)];
        for (index, ways) in all.iter().enumerate() {
            assert!(ways.iter().all(|way| way == &ways[0]), "{count} {index}");
        }
        let map: BTreeMap<_, _> = numbers.iter().map(|n| (*n, (*n % 5) as u8)).collect();
        assert_eq!([hash(&map), slow(&map)], [hash(&KeyByKey(&map)); 2], "{count}");
    }
}

#[test]
fn a_piece_is_as_its_parts_wherever_it_begins() {
    let bytes: Vec<u8> = (0..140_000_u32).map(|n| (n * 31) as u8).collect();
    for start in [0, 1, 4096, 65_535, 65_537, 69_632] {
        for length in [0, 4096, 4097, 65_536, 131_073] {
            let (first, second) = (&bytes[..start], &bytes[..length]);
            assert_eq!(
                hash(&(first, second)),
                slow(&(OneByOne(first), OneByOne(second))),
                "{start} {length}"
            );
        }
    }
}

#[test]
fn deep_nesting_is_no_way_out() {
    /// So many sequences of two equal ones.
    struct Deep(usize);
    impl Serialize for Deep {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let inside = if self.0.is_multiple_of(16) { 2 } else { 1 };
            let inner = Deep(self.0.saturating_sub(1));
            serializer.collect_seq(std::iter::repeat_n(&inner, if self.0 == 0 { 0 } else { inside }))
        }
    }
    let hashes: Vec<_> = [100, 127, 128, 129].iter().map(|depth| hash(&Deep(*depth))).collect();
    assert_eq!(hashes, [100, 127, 128, 129].map(|depth| slow(&Deep(depth))));
    assert!((1..4).all(|index| !hashes[..index].contains(&hashes[index])));
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
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn sequences_hash_alike_whichever_way_they_come(
        floats in prop::collection::vec(any::<f64>(), 0..600),
        values in prop::collection::vec(value(), 0..20),
        pairs in prop::collection::vec((any::<i16>(), any::<Option<bool>>()), 0..300),
        words in prop::collection::vec(".{0,3}", 0..50),
    ) {
        let rows: Vec<Vec<f64>> = floats.chunks(7).map(<[f64]>::to_vec).collect();
        let points: Vec<Point> = floats.iter().map(|x| Point { x: *x, a: None, b: (*x > 0.0).then_some(1) }).collect();
        let shapes: Vec<Shape> = floats.iter().map(|x| match x.to_bits() % 3 {
            0 => Shape::Empty,
            1 => Shape::Circle(*x),
            _ => Shape::Pair(1, 2),
        }).collect();
        for ways in [ways(&floats), ways(&values), ways(&pairs), ways(&words), ways(&rows), ways(&points), ways(&shapes)] {
            prop_assert!(ways.iter().all(|way| way == &ways[0]));
        }
        let map: BTreeMap<_, _> = words.iter().cloned().zip(pairs).collect();
        prop_assert_eq!([hash(&map), slow(&map)], [hash(&KeyByKey(&map)); 2]);
    }
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

/// A value of every collection of std, filled in this order.
macro_rules! collections {
    ($check:ident, $forth:expr, $back:expr) => {{
        $check::<BTreeMap<u32, u32>>(
            "BTreeMap",
            $forth.map(|n| (n, n)).collect(),
            $back.map(|n| (n, n)).collect(),
            true,
        );
        $check::<BTreeSet<u32>>("BTreeSet", $forth.collect(), $back.collect(), true);
        $check::<HashMap<u32, u32>>(
            "HashMap",
            $forth.map(|n| (n, n)).collect(),
            $back.map(|n| (n, n)).collect(),
            true,
        );
        $check::<HashSet<u32>>("HashSet", $forth.collect(), $back.collect(), true);
        $check::<Vec<u32>>("Vec", $forth.collect(), $back.collect(), false);
        $check::<VecDeque<u32>>("VecDeque", $forth.collect(), $back.collect(), false);
        $check::<LinkedList<u32>>("LinkedList", $forth.collect(), $back.collect(), false);
        $check::<Box<[u32]>>("Box<[T]>", $forth.collect(), $back.collect(), false);
        $check::<Rc<[u32]>>("Rc<[T]>", $forth.collect(), $back.collect(), false);
        $check::<String>(
            "String",
            $forth.map(|n| format!("{n} ")).collect(),
            $back.map(|n| format!("{n} ")).collect(),
            false,
        );
    }};
}

#[test]
fn every_collection_of_std_counts_by_equality() {
    // `same` where the order of filling is no part of the value.
    #[allow(clippy::needless_pass_by_value)] // the list reads better
    fn check<T: Serialize + PartialEq>(name: &str, forth: T, back: T, same: bool) {
        assert_eq!(forth == back, same, "{name}: what std says");
        assert_eq!(hash(&forth) == hash(&back), same, "{name}");
        let nested = [hash(&(1, vec![Some(&forth)])), hash(&(1, vec![Some(&back)]))];
        assert_eq!(nested[0] == nested[1], same, "{name} within others");
    }
    collections!(check, (0..300_u32), (0..300_u32).rev());
    // Its order inside is what it serialises in, and what `iter` shows; std does not compare it.
    let heaps: [BinaryHeap<u32>; 2] = [(0..9).collect(), (0..9).rev().collect()];
    assert_ne!(hash(&heaps[0]), hash(&heaps[1]));
    assert_eq!(hash(&heaps[0].clone().into_sorted_vec()), hash(&heaps[1].clone().into_sorted_vec()));
}

#[test]
fn serde_says_what_counts() {
    #[derive(Default, serde::Serialize)]
    #[allow(dead_code)] // what is skipped is never read
    struct Settings {
        rate: u8,
        #[serde(skip)]
        threads: u8,
        #[serde(skip_serializing)]
        verbose: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        seed: Option<u8>,
        #[serde(serialize_with = "rounded")]
        step: f64,
        #[serde(flatten)]
        more: BTreeMap<String, u8>,
    }
    #[allow(clippy::trivially_copy_pass_by_ref)] // serde's signature
    fn rounded<S: serde::Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(value.round())
    }
    #[derive(serde::Serialize)]
    #[serde(tag = "kind", content = "value")]
    enum Tagged {
        A(u8),
        B(u8),
    }
    #[derive(serde::Serialize)]
    #[serde(untagged)]
    enum Untagged {
        A(u8),
        B(u8),
    }
    #[derive(serde::Serialize)]
    #[serde(rename = "Point")]
    struct Renamed {
        x: f64,
    }
    #[derive(serde::Serialize)]
    #[serde(transparent)]
    struct Transparent(u8);
    #[derive(serde::Serialize)]
    #[serde(into = "u8")]
    #[derive(Clone)]
    struct Into(u8);
    impl From<Into> for u8 {
        fn from(value: Into) -> u8 {
            value.0 / 10
        }
    }

    let plain = hash(&Settings::default());
    assert_eq!(plain, hash(&Settings { threads: 8, verbose: true, step: 0.2, ..Settings::default() }));
    for other in [
        Settings { rate: 1, ..Settings::default() },
        Settings { seed: Some(0), ..Settings::default() },
        Settings { step: 0.7, ..Settings::default() },
        Settings { more: [(String::from("a"), 1)].into(), ..Settings::default() },
    ] {
        assert_ne!(plain, hash(&other));
    }
    assert_ne!(hash(&Tagged::A(1)), hash(&Tagged::B(1)));
    assert_eq!(hash(&Untagged::A(1)), hash(&Untagged::B(1)), "serde sees the same");
    assert_eq!(hash(&Renamed { x: 1.0 }), hash(&Point { x: 1.0, a: None, b: None }), "by serde's name");
    assert_eq!(hash(&Transparent(7)), hash(&7_u8));
    assert_eq!(hash(&Into(71)), hash(&Into(79)));
    assert_ne!(hash(&Into(71)), hash(&Into(81)));
}
