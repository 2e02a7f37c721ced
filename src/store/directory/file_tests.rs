//! Tests that an entry comes back as it was written, and that nothing else is taken for one.

use super::*;
use proptest::prelude::*;

const KEY: Key = Key::new([3; 32]);

fn header_of(payload: &[u8]) -> Header {
    let took = Duration::from_nanos(1500);
    let mut header = Header::new(KEY, "q::calc", Fingerprint::new([4; 32]), "postcard", took, payload);
    header.created = UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    header
}

fn sealed(payload: &[u8]) -> Vec<u8> {
    let mut bytes = head(&header_of(payload));
    bytes.extend_from_slice(payload);
    bytes
}

fn read_back(bytes: &[u8]) -> Result<Entry, Problem> {
    read(bytes, || Ok(bytes.len() as u64), &KEY).unwrap()
}

#[test]
fn an_entry_comes_back_at_every_length() {
    for length in [0, 1, 5, FIRST - HEADER - 8, FIRST - HEADER - 7, FIRST - HEADER - 6, FIRST, 3 * FIRST] {
        let payload: Vec<u8> = (0..length).map(|n| n as u8).collect();
        let found = read_back(&sealed(&payload)).unwrap();
        assert_eq!((found.payload(), &found.header), (&payload[..], &header_of(&payload)), "{length}");
        let listed = read_header(&sealed(&payload)[..]).unwrap().unwrap();
        assert_eq!(listed, (header_of(&payload), sealed(&payload).len() as u64));
    }
}

/// A change here needs a new [`VERSION`].
#[test]
fn the_layout_is_frozen() {
    let hash = blake3::hash(&sealed(b"payload")).to_hex();
    assert_eq!(hash.as_str(), "ec9acd702a1ae7f82af2c9fd4d87e0a91f19544d05e7ee7b9840cc5d6c4b1a59");
    assert_eq!(sealed(b"payload").len(), HEADER + 7 + 7);
    let named = head(&header_of(b"payload").computed_by("q::calc<u8>", "src/main.rs"));
    assert_eq!(
        blake3::hash(&named).to_hex().as_str(),
        "f4bdeb203750579fe8bf1bbb89ff6ad486bca6075fe202941ef34f1e802c1b57"
    );
}

#[test]
fn a_long_payload_is_checked_and_stays_in_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("entry");
    let payload: Vec<u8> = (0..600_000_u32).map(|n| n as u8).collect();
    let long_name = header_of(&payload).computed_by("x".repeat(2 * FIRST), "src/main.rs");
    for header in [header_of(&payload), long_name] {
        let whole = [&head(&header)[..], &payload].concat();
        let open = |bytes: &[u8], least| {
            std::fs::write(&path, bytes).unwrap();
            open(File::open(&path).unwrap(), &KEY, least).unwrap()
        };
        let pieces = open(&whole, 600_000).unwrap();
        assert_eq!(pieces.header(), &header);
        let Found::Pieces(found) = pieces.0 else { panic!("it is in memory") };
        assert_eq!(found.1.whole().unwrap().unwrap().as_slice(), payload);
        let Found::Whole(entry) = open(&whole, 600_001).unwrap().0 else { panic!("it is in the file") };
        assert_eq!(entry.payload(), payload);
        for at in [whole.len() - 1, whole.len() - 300_000, whole.len() - payload.len(), 60] {
            let mut damaged = whole.clone();
            damaged[at] ^= 4;
            assert_eq!(open(&damaged, 1).unwrap_err(), Problem::Damaged, "{at}");
        }
        assert_eq!(open(&whole[..whole.len() - 1], 1).unwrap_err(), Problem::Truncated);
    }
}

#[test]
fn what_tells_functions_of_one_path_apart_comes_back() {
    for (instance, file) in [("q::calc<u8>", "src/main.rs"), ("q::calc", ""), ("", "src/lib.rs")] {
        for codec in ["postcard", "mine"] {
            let header = Header { codec: codec.into(), ..header_of(b"p") }.computed_by(instance, file);
            let mut bytes = head(&header);
            bytes.push(b'p');
            assert_eq!(read_back(&bytes).unwrap().header, header);
            assert_eq!(read_header(&bytes[..]).unwrap().unwrap().0, header);
        }
    }
}

#[test]
fn a_codec_without_a_number_keeps_its_name() {
    for (function, codec) in [("q::calc", "mine"), (&"x".repeat(1000)[..], "json+zstd"), ("", "")] {
        let header =
            Header { function: function.to_owned(), codec: codec.to_owned().into(), ..header_of(b"p") };
        let mut bytes = head(&header);
        bytes.push(b'p');
        assert_eq!(read_back(&bytes).unwrap().header, header);
        assert_eq!(read_header(&bytes[..]).unwrap().unwrap().0, header);
    }
}

#[test]
fn every_flipped_bit_is_seen() {
    let good = sealed(b"payload");
    for bit in 0..good.len() * 8 {
        let mut bad = good.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        assert!(read_back(&bad).is_err(), "bit {bit}");
    }
}

#[test]
fn every_wrong_length_is_seen() {
    let good = sealed(&[7; 5000]);
    for length in 0..good.len() {
        let problem = read_back(&good[..length]).unwrap_err();
        assert_eq!(problem, Problem::Truncated, "{length}");
    }
    for extra in [1, 5000] {
        let mut long = good.clone();
        long.resize(good.len() + extra, 0);
        assert_eq!(read_back(&long).unwrap_err(), Problem::Truncated);
        let mut long = sealed(b"payload");
        long.resize(long.len() + extra, 0);
        assert_eq!(read_back(&long).unwrap_err(), Problem::Truncated);
    }
}

#[test]
fn what_is_not_ours_is_said() {
    assert_eq!(read_back(b"hello").unwrap_err(), Problem::Foreign);
    assert_eq!(read_back(&[0; 10_000]).unwrap_err(), Problem::Foreign);
    let mut newer = sealed(b"payload");
    newer[8] = 3;
    assert_eq!(read_back(&newer).unwrap_err(), Problem::OtherVersion(3));
    let elsewhere = sealed(b"payload");
    assert_eq!(
        read(&elsewhere[..], || Ok(elsewhere.len() as u64), &Key::new([9; 32])).unwrap().unwrap_err(),
        Problem::Misplaced
    );
}

#[test]
fn a_length_that_lies_allocates_nothing() {
    let mut bytes = sealed(b"payload");
    bytes[104..112].copy_from_slice(&(u64::MAX / 2).to_le_bytes());
    assert_eq!(read_back(&bytes).unwrap_err(), Problem::Truncated);
    bytes[104..112].copy_from_slice(&u64::MAX.to_le_bytes());
    assert_eq!(read_back(&bytes).unwrap_err(), Problem::Truncated);
}

/// What is done to the bytes of a sound entry.
#[derive(Clone, Debug)]
enum Harm {
    Set(prop::sample::Index, u8),
    Cut(prop::sample::Index),
    Add(Vec<u8>),
    /// Bytes from one place also stand at another.
    Copy(prop::sample::Index, prop::sample::Index, usize),
    /// A header that says so, with a check that holds.
    Say(usize, u64),
}

fn harm() -> impl Strategy<Value = Harm> {
    let index = any::<prop::sample::Index>;
    prop_oneof![
        (index(), any::<u8>()).prop_map(|(at, byte)| Harm::Set(at, byte)),
        index().prop_map(Harm::Cut),
        prop::collection::vec(any::<u8>(), 1..40).prop_map(Harm::Add),
        (index(), index(), 1..64_usize).prop_map(|(from, to, length)| Harm::Copy(from, to, length)),
        (prop::sample::select(vec![8_usize, 12, 80, 88, 96, 100, 104]), any::<u64>(), 0..64_u32)
            .prop_map(|(at, number, shift)| Harm::Say(at, number >> shift)),
    ]
}

fn apply(bytes: &mut Vec<u8>, harm: Harm) {
    let length = bytes.len();
    match harm {
        _ if length < HEADER => {}
        Harm::Set(at, byte) => bytes[at.index(length)] = byte,
        Harm::Cut(at) => bytes.truncate(at.index(length)),
        Harm::Add(more) => bytes.extend(more),
        Harm::Copy(from, to, count) => {
            let (from, to) = (from.index(length), to.index(length));
            let count = count.min(length - from.max(to));
            bytes.copy_within(from..from + count, to);
        }
        Harm::Say(at, number) => {
            bytes[at..at + 8].copy_from_slice(&number.to_le_bytes());
            let path = names_length(bytes).unwrap_or_default() as usize;
            if let Some(path) = bytes.get(HEADER..HEADER + path) {
                let check = check(&bytes[..CHECKED], path);
                bytes[CHECKED..HEADER].copy_from_slice(&check);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Nobody makes it panic, take more memory than the bytes are, or give another payload.
    #[test]
    fn a_harmed_entry_is_refused_or_has_its_payload(
        length in prop_oneof![0..100_usize, FIRST - 300..FIRST + 300],
        harms in prop::collection::vec(harm(), 1..4),
        known in any::<bool>(),
    ) {
        let payload: Vec<u8> = (0..length).map(|n| (n * 7) as u8).collect();
        let codec = if known { "postcard" } else { "mine" };
        let header = Header { codec: codec.into(), ..header_of(&payload) };
        let mut bytes = head(&header);
        bytes.extend_from_slice(&payload);
        for harm in harms {
            apply(&mut bytes, harm);
        }
        if let Ok(entry) = read_back(&bytes) {
            prop_assert_eq!(entry.payload(), &payload[..]);
            prop_assert_eq!(entry.header.key, KEY);
        }
        if let Ok((header, total)) = read_header(&bytes[..]).unwrap() {
            prop_assert!(header.function.len() <= 3 * bytes.len());
            prop_assert!(total >= header.length);
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), ours in any::<bool>()) {
        let mut bytes = bytes;
        if ours && bytes.len() > 12 {
            bytes[..8].copy_from_slice(&MAGIC);
            bytes[8..12].copy_from_slice(&VERSION.to_le_bytes());
        }
        prop_assert!(read_back(&bytes).is_err());
        prop_assert!(read_header(&bytes[..]).unwrap().is_err());
    }
}
