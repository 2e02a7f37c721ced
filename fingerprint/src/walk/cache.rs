//! Keeps lowered files between two passes, by the hash of their text and of the settings: a warm
//! pass parses only what changed. A cache that cannot be read is an empty one.

use super::Text;
use super::code::Code;
use crate::ir;
use crate::lower::{Expansion, Expansions, Settings, lower, lower_expanded, lower_expansion};
use std::collections::BTreeMap;
use std::io::{BufWriter, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

/// Part of the file's name: another version of the lowered form is another file.
const FORMAT: u32 = 9;

type Key = [u8; 32];

/// The program that lowered the files: where it is, how long, and when it was linked. One that lowers otherwise
/// is a program linked anew.
pub(crate) type Maker = Option<(PathBuf, u64, Duration)>;

#[derive(Default)]
pub(crate) struct LoweredCache {
    path: Option<PathBuf>,
    maker: Maker,
    /// What the last pass left, and where in it each encoded file is.
    kept: Arc<[u8]>,
    before: BTreeMap<Key, Range<usize>>,
    /// The files that this pass used.
    used: BTreeMap<Key, Encoded>,
}

/// An encoded file.
enum Encoded {
    /// Among those that the last pass left.
    Kept,
    New(Vec<u8>),
}

/// Stands before the encoded files, which follow one another: who lowered them, and how long each is. Before that
/// stands the hash of all that follows.
type Index = (Maker, Vec<(Key, u64)>);

/// A file as it comes from the cache or from the parser.
pub(crate) struct Lowered {
    file: ir::File,
    code: Code,
    key: Key,
    encoded: Encoded,
    pub(super) parsed: bool,
    /// What it was lowered from, where it is to be lowered again.
    pub(crate) text: Text,
}

impl Lowered {
    pub(crate) fn file(&self) -> &ir::File {
        &self.file
    }
}

impl LoweredCache {
    /// One that keeps nothing.
    pub(crate) fn none() -> Self {
        Self::default()
    }

    pub(crate) fn open(directory: &Path) -> Self {
        let path = directory.join(format!("checkpoints.lowered.{FORMAT}"));
        let (maker, kept) = (maker(), Arc::from(std::fs::read(&path).unwrap_or_default()));
        let before = places(&kept, &maker).unwrap_or_default();
        LoweredCache { path: Some(path), maker, kept, before, used: BTreeMap::new() }
    }

    /// The file, where it is known.
    fn find(&self, key: Key) -> Option<Lowered> {
        let (encoded, (file, code)) = match (self.before.get(&key), self.used.get(&key)) {
            (Some(place), _) => (Encoded::Kept, Code::decode(&self.kept, place.clone())?),
            (None, Some(Encoded::New(bytes))) => {
                let (all, end) = (Arc::from(bytes.as_slice()), bytes.len());
                (Encoded::New(bytes.clone()), Code::decode(&all, 0..end)?)
            }
            _ => return None,
        };
        Some(Lowered { file, code, key, encoded, parsed: false, text: Text::Gone })
    }

    pub(super) fn lower(&self, path: &Path, settings: &Settings) -> std::io::Result<Lowered> {
        let text = std::fs::read(path)?;
        let text = String::from_utf8_lossy(&text);
        let mut lowered = self.known_or(key("file", text.as_bytes(), settings), || lower(&text, settings));
        if has_calls(&lowered.file) {
            lowered.text = Text::File(text.into());
        }
        Ok(lowered)
    }

    /// The items that a macro call stands for.
    pub(crate) fn expansion(&self, expansion: &Expansion, settings: &Settings) -> Lowered {
        let bytes = postcard::to_stdvec(expansion).unwrap_or_default();
        let lower = || lower_expansion(expansion, settings, &Expansions::new());
        let mut lowered = self.known_or(key("expansion", &bytes, settings), lower);
        if has_calls(&lowered.file) {
            lowered.text = Text::Expansion(Arc::new(expansion.clone()));
        }
        lowered
    }

    /// The same text, with what macro calls in its bodies stand for.
    pub(crate) fn with_bodies(&self, text: &Text, settings: &Settings, expansions: &Expansions) -> Lowered {
        let mut bytes = postcard::to_stdvec(expansions).unwrap_or_default();
        bytes.extend((bytes.len() as u64).to_le_bytes());
        match text {
            Text::File(text) => {
                bytes.extend(text.as_bytes());
                let lower = || lower_expanded(text, settings, expansions);
                self.known_or(key("file with bodies", &bytes, settings), lower)
            }
            Text::Expansion(expansion) => {
                bytes.extend(postcard::to_stdvec(&**expansion).unwrap_or_default());
                let lower = || lower_expansion(expansion, settings, expansions);
                self.known_or(key("expansion with bodies", &bytes, settings), lower)
            }
            Text::Gone => self.known_or(key("nothing", &[], settings), ir::File::default),
        }
    }

    fn known_or(&self, key: Key, lower: impl FnOnce() -> ir::File) -> Lowered {
        if let Some(lowered) = self.find(key) {
            return lowered;
        }
        let mut file = lower();
        let code = Code::split(&mut file);
        let bytes = self.path.is_some().then(|| code.encode(&file));
        let encoded = Encoded::New(bytes.unwrap_or_default());
        Lowered { file, code, key, encoded, parsed: true, text: Text::Gone }
    }

    pub(crate) fn keep(&mut self, lowered: Lowered) -> (ir::File, Code) {
        if self.path.is_some() {
            self.used.insert(lowered.key, lowered.encoded);
        }
        (lowered.file, lowered.code)
    }

    /// Writes what this pass used, when it is not what the last one left.
    pub(crate) fn save(&self) -> std::io::Result<()> {
        let Some(path) = &self.path else { return Ok(()) };
        if self.before.keys().eq(self.used.keys()) {
            return Ok(());
        }
        let parts: Vec<(Key, &[u8])> =
            self.used.iter().map(|(key, file)| (*key, self.bytes(key, file))).collect();
        let lengths = parts.iter().map(|(key, bytes)| (*key, bytes.len() as u64)).collect();
        let index: Index = (self.maker.clone(), lengths);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        // Renamed into place: another pass never reads half of it.
        let aside = path.with_extension(std::process::id().to_string());
        let mut out = BufWriter::new(std::fs::File::create(&aside)?);
        let index = postcard::to_stdvec(&index).unwrap_or_default();
        let parts = || std::iter::once(index.as_slice()).chain(parts.iter().map(|(_, bytes)| *bytes));
        let mut hasher = blake3::Hasher::new();
        parts().for_each(|bytes| _ = hasher.update(bytes));
        out.write_all(hasher.finalize().as_bytes())?;
        for bytes in parts() {
            out.write_all(bytes)?;
        }
        out.flush()?;
        std::fs::rename(aside, path)
    }

    fn bytes<'a>(&'a self, key: &Key, file: &'a Encoded) -> &'a [u8] {
        match file {
            Encoded::New(bytes) => bytes,
            Encoded::Kept => {
                self.before.get(key).and_then(|place| self.kept.get(place.clone())).unwrap_or_default()
            }
        }
    }
}

fn has_calls(file: &ir::File) -> bool {
    file.items.iter().any(|item| !item.calls.is_empty())
}

/// Where the files are that a pass of the same program left; `None` when it was another one, or when something
/// is not as it was written.
fn places(kept: &[u8], maker: &Maker) -> Option<BTreeMap<Key, Range<usize>>> {
    let (hash, rest) = kept.split_first_chunk()?;
    if blake3::hash(rest) != blake3::Hash::from_bytes(*hash) {
        return None;
    }
    let ((by, lengths), files): (Index, &[u8]) = postcard::take_from_bytes(rest).ok()?;
    let mut end = kept.len() - files.len();
    let places = lengths.into_iter().map(|(key, length)| {
        let start = end;
        end = start.checked_add(usize::try_from(length).ok()?)?;
        Some((key, start..end))
    });
    let places: Option<BTreeMap<Key, Range<usize>>> = places.collect();
    places.filter(|_| maker.is_some() && by == *maker)
}

pub(crate) fn maker() -> Maker {
    let program = std::env::current_exe().ok()?;
    let data = program.metadata().ok()?;
    let linked = data.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some((program, data.len(), linked))
}

fn key(kind: &str, text: &[u8], settings: &Settings) -> Key {
    let mut hasher = blake3::Hasher::new();
    hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
    hasher.update(kind.as_bytes());
    let settings = postcard::to_stdvec(settings).unwrap_or_default();
    hasher.update(&(settings.len() as u64).to_le_bytes());
    hasher.update(&settings);
    hasher.update(text);
    *hasher.finalize().as_bytes()
}
