//! Makes the key of a call: the hash of everything that its result can depend on.
//!
//! Every part is framed by what it is and how long it is, so that no two lists of parts give the
//! same bytes. The format is frozen by golden hashes in the tests; any change of it needs a new
//! [`FORMAT`].

pub(crate) mod canon;
mod elements;
mod identity;
mod lane;
mod scattered;
mod stream;
pub(crate) mod unordered;

use crate::fingerprint::Fingerprint;
use crate::table::find::Function;
use canon::{Canon, Failed};
pub use identity::{Identify, Identity, Key};
use serde::Serialize;
use std::any::type_name;
use stream::Stream;

/// Version of everything in this module.
const FORMAT: &str = "checkpointing key 5";

/// The toolchain and the target that this crate was compiled for; see `build.rs`.
const TOOLCHAIN: &str = env!("CHECKPOINTING_TOOLCHAIN");

/// What a part of the key is.
#[derive(Clone, Copy)]
enum Part {
    Format = 1,
    Fingerprint = 2,
    File = 3,
    Toolchain = 4,
    Variable = 5,
    NoVariable = 6,
    Cfg = 7,
    Marker = 8,
    Instance = 9,
    Package = 10,
    Base = 20,
    Result = 21,
    Version = 22,
    Extra = 23,
    CallExtra = 24,
    Argument = 25,
    /// Of the attribute: `hash_with` counts something else than the argument.
    HashedWith = 26,
    /// Under an [`Identify`] of the program's own.
    Arguments = 30,
    More = 31,
}

/// The part of the key that is the same for all calls of a function.
pub(crate) fn base(function: &Function) -> [u8; 32] {
    base_with(function, &function.fingerprints, TOOLCHAIN)
}

/// What [`base`] would be if all that differed were the code.
pub(crate) fn base_of(function: &Function, fingerprint: Fingerprint) -> [u8; 32] {
    base_with(function, &[*fingerprint.as_bytes()], TOOLCHAIN)
}

fn base_with(function: &Function, fingerprints: &[[u8; 32]], toolchain: &str) -> [u8; 32] {
    let mut canon = Canon::new();
    let mut part = |part, bytes: &[u8]| frame(&mut canon, part, bytes);
    part(Part::Format, FORMAT.as_bytes());
    for fingerprint in fingerprints {
        part(Part::Fingerprint, fingerprint);
    }
    if fingerprints.len() > 1 {
        function.files.iter().for_each(|file| part(Part::File, file.as_bytes()));
    }
    part(Part::Toolchain, toolchain.as_bytes());
    for (name, value) in &function.variables {
        part(Part::Variable, name.as_bytes());
        match value {
            Some(value) => part(Part::Variable, value.as_bytes()),
            None => part(Part::NoVariable, &[]),
        }
    }
    for (name, value) in &function.cfgs {
        part(Part::Cfg, name.as_bytes());
        part(Part::Cfg, &[u8::from(*value)]);
    }
    if function.flags.marker {
        if function.table.unit.is_empty() {
            part(Part::Marker, format!("{:?}", (function.table.table.marker)()).as_bytes());
        } else {
            part(Part::Marker, function.table.unit.as_bytes());
        }
    }
    if let Some(instance) = &function.instance {
        part(Part::Instance, instance.as_bytes());
    }
    for package in &function.packages {
        part(Part::Package, package.as_bytes());
    }
    canon.finish()
}

/// A part that is a text or a hash. A key is a list of parts, so that nothing else can stand where one
/// begins.
fn frame(canon: &mut Canon, part: Part, bytes: &[u8]) {
    canon.stream.bytes(part as u8, bytes);
}

/// Starts a part that is an argument, which follows.
fn numbered(canon: &mut Canon, part: Part, index: u32) {
    canon.stream.token(part as u8);
    canon.stream.count(u64::from(index));
}

/// A key in the making. The parts come in the order of the methods: what is large before the code, so that
/// a call's key with another code costs no second look at the arguments.
pub(crate) struct Builder {
    canon: Canon,
}

impl Builder {
    pub fn new() -> Builder {
        Builder { canon: Canon::new() }
    }

    pub fn version(&mut self, version: u64) {
        frame(&mut self.canon, Part::Version, &version.to_le_bytes());
    }

    /// The mark's `extra`.
    pub fn extra<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failed> {
        frame(&mut self.canon, Part::Extra, type_name::<T>().as_bytes());
        self.canon.value(value)
    }

    /// The call's `extra`, hashed.
    pub fn call_extra(&mut self, digest: &[u8; 32]) {
        frame(&mut self.canon, Part::CallExtra, digest);
    }

    pub fn argument<T: Serialize + ?Sized>(&mut self, index: u32, value: &T) -> Result<(), Failed> {
        numbered(&mut self.canon, Part::Argument, index);
        self.canon.value(value)
    }

    /// What `hash_with` made of an argument.
    pub fn hashed_with<T: Serialize + ?Sized>(&mut self, index: u32, value: &T) -> Result<(), Failed> {
        numbered(&mut self.canon, Part::HashedWith, index);
        self.canon.value(value)
    }

    /// The same parts once more.
    pub fn again(&self) -> Builder {
        Builder { canon: self.canon.again() }
    }

    /// Ends with a function and the type that is stored.
    pub fn finish(mut self, base: &[u8; 32], result: &str) -> Key {
        frame(&mut self.canon, Part::Base, base);
        frame(&mut self.canon, Part::Result, result.as_bytes());
        Key::new(self.canon.finish())
    }

    /// Ends with nothing: the part that [`Identity`] calls the arguments.
    pub fn arguments(self) -> [u8; 32] {
        self.canon.finish()
    }
}

/// The hash of a single value with its type's name.
pub(crate) fn digest<T: Serialize + ?Sized>(value: &T) -> Result<[u8; 32], Failed> {
    let mut canon = Canon::new();
    frame(&mut canon, Part::Extra, type_name::<T>().as_bytes());
    canon.value(value)?;
    Ok(canon.finish())
}

/// Whether some struct in a value leaves a field out (`skip_serializing_if`).
pub(crate) fn leaves_out<T: Serialize + ?Sized>(value: &T) -> bool {
    let mut canon = Canon::over(Box::new(Stream::dry()));
    // A value that cannot be serialised is the codec's to report.
    let _ = canon.value(value);
    canon.skipped
}

/// Hashes a value alone, for the benchmarks.
#[doc(hidden)]
#[must_use]
pub fn hash_value<T: Serialize + ?Sized>(value: &T) -> Option<[u8; 32]> {
    let mut canon = Canon::new();
    canon.value(value).ok()?;
    Some(canon.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::row::Flags;
    use crate::table::{Table, TableRef};

    static TABLE: Table = Table { package: "q", crates: "q", ..Table::EMPTY };

    fn function() -> Function {
        Function {
            path: String::from("q::calc"),
            full: String::new(),
            place: String::from("src/main.rs:12"),
            fingerprints: vec![[1; 32]],
            files: vec!["src/main.rs"],
            positions: vec![(12, 4)],
            flags: Flags::default(),
            options: Vec::new(),
            instance: None,
            variables: Vec::new(),
            cfgs: Vec::new(),
            packages: Vec::new(),
            sources: Vec::new(),
            shape: None,
            table: TableRef::new(&TABLE, "1 /q"),
        }
    }

    fn base_at(function: &Function, toolchain: &str) -> [u8; 32] {
        base_with(function, &function.fingerprints, toolchain)
    }

    fn hex(bytes: [u8; 32]) -> String {
        Key::new(bytes).to_string()
    }

    /// A change here makes every stored result unfindable: raise [`FORMAT`] with it.
    #[test]
    fn the_frames_are_frozen() {
        let base = base_at(&function(), "rustc x");
        assert_eq!(hex(base), "1eb8ffe3add5cbfb725245ca34c6ec371548f7e5c99380d2787fafdc85181f49");
        let mut key = Builder::new();
        key.version(3);
        key.extra(&1_u8).unwrap();
        key.argument(0, &1_i64).unwrap();
        key.argument(1, "x").unwrap();
        assert_eq!(
            key.finish(&base, "i64").to_string(),
            "a2ad0f5fa6115db833daf5c10e1179ff74c4ff5dac02f33bf4ceec4590796c64"
        );
    }

    #[test]
    fn every_part_changes_the_base() {
        type Change = fn(&mut Function);
        let changes: [(&str, Change); 9] = [
            ("fingerprint", |f| f.fingerprints = vec![[2; 32]]),
            ("two rows", |f| f.fingerprints.push([1; 32])),
            ("variable", |f| f.variables.push(("A", Some("")))),
            ("no variable", |f| f.variables.push(("A", None))),
            ("cfg", |f| f.cfgs.push(("A", true))),
            ("other cfg", |f| f.cfgs.push(("A", false))),
            ("marker", |f| f.flags.marker = true),
            ("instance", |f| f.instance = Some(String::from("<u8>"))),
            ("package", |f| f.packages.push("a=1")),
        ];
        let mut seen = vec![base_at(&function(), "x"), base_at(&function(), "y")];
        for (name, change) in changes {
            let mut function = function();
            change(&mut function);
            let base = base_at(&function, "x");
            assert!(!seen.contains(&base), "{name}");
            seen.push(base);
        }
        let mut unit = function();
        unit.flags.marker = true;
        unit.table = unit.table.of_unit("q-1234");
        assert!(!seen.contains(&base_at(&unit, "x")));
        // A rename or a move is no change of code.
        let moved =
            Function { path: String::from("q::m::f"), place: String::from("src/m.rs:1"), ..function() };
        assert_eq!(base_at(&moved, "x"), seen[0]);
    }

    #[test]
    fn the_key_of_another_code_needs_no_second_look_at_the_arguments() {
        let large: Vec<u64> = (0..100_000).collect();
        for argument in [&large[..], &large[..3], &large[..9000]] {
            let mut key = Builder::new();
            key.argument(0, argument).unwrap();
            key.argument(1, "x").unwrap();
            let other = key.again().finish(&[1; 32], "i64");
            let (again, mut anew) = (key.again(), Builder::new());
            anew.argument(0, argument).unwrap();
            anew.argument(1, "x").unwrap();
            let expected = anew.again().finish(&[1; 32], "i64");
            assert_eq!(other, expected);
            assert_eq!(key.finish(&[2; 32], "i64"), anew.finish(&[2; 32], "i64"));
            assert_ne!(again.finish(&[2; 32], "i64"), other);
        }
        let present = function();
        let before = Function { fingerprints: vec![[7; 32]], ..function() };
        assert_eq!(base_of(&present, Fingerprint::new([7; 32])), base(&before));
    }

    #[test]
    fn arguments_are_told_apart_by_their_index() {
        let key = |indexes: [u32; 2]| {
            let mut key = Builder::new();
            key.argument(indexes[0], &2_i64).unwrap();
            key.argument(indexes[1], &5_i64).unwrap();
            key.finish(&[0; 32], "i64")
        };
        // `ignore(a)` and `ignore(b)` of f(a, b, c): T17.
        assert_ne!(key([1, 2]), key([0, 2]));
        let one = |index| {
            let mut key = Builder::new();
            key.argument(index, &2_i64).unwrap();
            key.finish(&[0; 32], "i64")
        };
        assert_ne!(one(0), one(1));
    }
}
