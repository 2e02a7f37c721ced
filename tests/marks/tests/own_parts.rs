//! Tests that a function can have a codec, a store and an identity of its own.

use kept::{
    Codec, CodecError, Entry, Header, Identify, Identity, Key, Listed, Payload, Store, StoreError, cached,
    checkpoint, rerun,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

thread_local! {
    static RUNS: Cell<usize> = const { Cell::new(0) };
}

fn ran() {
    RUNS.set(RUNS.get() + 1);
}

fn runs<R>(body: impl FnOnce() -> R) -> (R, usize) {
    let before = RUNS.get();
    let result = body();
    (result, RUNS.get() - before)
}

#[derive(Debug)]
struct Map(Mutex<BTreeMap<Key, Arc<Entry>>>);

impl Map {
    const fn new() -> Map {
        Map(Mutex::new(BTreeMap::new()))
    }

    fn entries(&self) -> Vec<Arc<Entry>> {
        self.0.lock().unwrap().values().cloned().collect()
    }
}

impl Store for Map {
    fn get(&self, key: &Key) -> Result<Option<Arc<Entry>>, StoreError> {
        Ok(self.0.lock().unwrap().get(key).cloned())
    }

    fn put(&self, header: &Header, payload: &[u8]) -> Result<(), StoreError> {
        let entry = Entry::new(header.clone(), Payload::from(payload.to_vec()));
        self.0.lock().unwrap().insert(header.key, Arc::new(entry));
        Ok(())
    }

    fn remove(&self, key: &Key) -> Result<bool, StoreError> {
        Ok(self.0.lock().unwrap().remove(key).is_some())
    }

    fn list(&self) -> Box<dyn Iterator<Item = Result<Listed, StoreError>> + '_> {
        Box::new(self.entries().into_iter().map(|entry| Ok(Listed::new(entry.header.clone()))))
    }
}

struct Pretty;

impl Codec for Pretty {
    const NAME: &'static str = "pretty";
    const HAS_NAMES: bool = true;

    fn encode<T: Serialize + ?Sized>(value: &T, bytes: &mut Vec<u8>) -> Result<(), CodecError> {
        serde_json::to_writer_pretty(bytes, value).map_err(CodecError::new)
    }

    fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CodecError> {
        serde_json::from_slice(bytes).map_err(CodecError::new)
    }
}

static ATTRIBUTE: Map = Map::new();

#[checkpoint(store = &ATTRIBUTE, codec = Pretty)]
fn pretty(x: u8) -> std::io::Result<Vec<u8>> {
    ran();
    Ok(vec![x, x])
}

#[test]
fn the_attribute_takes_a_store_and_a_codec() {
    static OTHER: Map = Map::new();
    assert_eq!(runs(|| (pretty(1).unwrap(), pretty(1).unwrap())), ((vec![1, 1], vec![1, 1]), 1));
    let [entry] = &ATTRIBUTE.entries()[..] else { panic!("one entry") };
    assert_eq!(entry.payload(), b"[\n  1,\n  1\n]");
    assert_eq!((&*entry.header.codec, &*entry.header.function), ("pretty", "own_parts::pretty"));
    assert_eq!(runs(|| cached!(pretty(1), store = &OTHER).unwrap()).1, 1, "the call wins over the mark");
    assert_eq!(OTHER.entries().len(), 1);
    // A wrapper cannot be given a codec from outside; it says so and goes on with its own.
    let raised =
        std::panic::catch_unwind(|| cached!(pretty(1), codec = Pretty, on_error = raise)).unwrap_err();
    assert!(raised.downcast_ref::<String>().unwrap().contains("write it into the mark"));
}

#[doc = "checkpoint"]
fn plain(x: u8) -> Vec<u8> {
    ran();
    vec![x]
}

#[test]
fn the_call_takes_a_store_and_a_codec() {
    static MAP: Map = Map::new();
    let call = || cached!(plain(7), store = &MAP, codec = Pretty);
    assert_eq!(runs(|| (call(), call())), ((vec![7], vec![7]), 1));
    // What another codec wrote is computed again.
    assert_eq!(runs(|| cached!(plain(7), store = &MAP, format = json, on_error = ignore)), (vec![7], 1));
    assert_eq!(&*MAP.entries()[0].header.codec, "json");
    // The formats that ship are read whichever is set.
    assert_eq!(runs(|| cached!(plain(7), store = &MAP)), (vec![7], 0));
    assert_eq!(runs(|| rerun!(plain(7), store = &MAP)), (vec![7], 1));
    // Bytes are kept as they are.
    assert_eq!(&*MAP.entries()[0].header.codec, "u8");
}

/// Counts nothing but the function's name and the arguments: like a cache that does not look at code.
#[derive(Debug)]
struct ByName;

impl Identify for ByName {
    fn key(&self, call: &Identity<'_>) -> Key {
        let mut call = *call;
        call.code = [0; 32];
        call.key_with(&[call.function.as_bytes()])
    }
}

#[derive(Debug)]
struct PerHost(&'static str);

impl Identify for PerHost {
    fn key(&self, call: &Identity<'_>) -> Key {
        call.key_with(&[self.0.as_bytes()])
    }
}

#[test]
fn an_identity_says_which_calls_are_the_same() {
    static MAP: Map = Map::new();
    static HERE: PerHost = PerHost("here");
    let here = |x| cached!(plain(x), store = &MAP, identify = &HERE);
    let there = |x| cached!(plain(x), store = &MAP, identify = &PerHost("there"));
    assert_eq!(runs(|| (here(1), here(1), there(1), there(1), here(2))).1, 3);
    assert_eq!(runs(|| cached!(plain(1), store = &MAP)).1, 1);
    assert_eq!(runs(|| cached!(plain(1), store = &MAP, identify = &ByName)).1, 1);
    assert_eq!(MAP.entries().len(), 5);
    assert_eq!(runs(|| cached!(plain(1), store = &MAP, identify = &ByName, extra = 1)).1, 1);
}

#[test]
fn a_format_can_be_compressed() {
    static MAP: Map = Map::new();
    let call = |x| cached!(plain(x), store = &MAP, format = json + zstd);
    assert_eq!(runs(|| (call(9), call(9))), ((vec![9], vec![9]), 1));
    assert_eq!(&*MAP.entries()[0].header.codec, "json+zstd");
    assert_eq!(runs(|| cached!(plain(9), store = &MAP)), (vec![9], 0), "any build with the feature reads it");
}
