//! Keeps lowered files between two passes, by the hash of their text and of the settings: a warm
//! pass parses only what changed. A cache that cannot be read is an empty one.

use super::Text;
use super::code::Code;
use super::packed::{CodePlace, Halves, Packed, Shared};
use crate::handover::{Maker, maker};
use crate::ir;
use crate::lower::{Expansion, Expansions, Settings, lower, lower_expanded, lower_expansion};
use std::collections::BTreeMap;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Part of the file's name: another version of the lowered form is another file.
const FORMAT: u32 = 15;

pub(crate) type Key = [u8; 32];

#[derive(Default)]
pub(crate) struct LoweredCache {
    path: Option<PathBuf>,
    maker: Maker,
    /// What earlier passes left: most of it, which is seldom written, and what came since.
    kept: [Packed; 2],
    /// The files that this pass used.
    used: BTreeMap<Key, Encoded>,
}

/// What came since is written again in each pass, until it is so much of the rest.
const SINCE: usize = 8;

/// An encoded file.
enum Encoded {
    /// Among those that earlier passes left.
    Kept,
    New {
        outlines: Vec<u8>,
        code: Vec<u8>,
    },
}

/// A file as it comes from the cache or from the parser.
pub(crate) struct Lowered {
    file: ir::File,
    code: Code,
    pub(crate) key: Key,
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
        let maker = maker();
        let kept = [Packed::read(&path, &maker), Packed::read(&since(&path), &maker)];
        LoweredCache { path: Some(path), maker, kept, used: BTreeMap::new() }
    }

    /// The file, where it is known.
    fn find(&self, key: Key) -> Option<Lowered> {
        let known = self.kept.iter().find_map(|packed| packed.find(&key));
        let (encoded, (file, code)) = match (known, self.used.get(&key)) {
            (Some((outlines, code)), _) => (Encoded::Kept, Code::decode(outlines, code)?),
            (None, Some(Encoded::New { outlines, code })) => {
                let places = (Shared::of(outlines.clone()), CodePlace::of(code.clone()));
                let encoded = Encoded::New { outlines: outlines.clone(), code: code.clone() };
                (encoded, Code::decode(places.0, places.1)?)
            }
            _ => return None,
        };
        Some(Lowered { file, code, key, encoded, parsed: false, text: Text::Gone })
    }

    pub(super) fn lower(&self, path: &Path, settings: &KeyedSettings) -> std::io::Result<Lowered> {
        let text = std::fs::read(path)?;
        let text = String::from_utf8_lossy(&text);
        let mut lowered = self.known_or(key("file", text.as_bytes(), settings), || lower(&text, settings));
        if has_calls(&lowered.file) {
            lowered.text = Text::File(text.into());
        }
        Ok(lowered)
    }

    /// The items that a macro call stands for.
    pub(crate) fn expansion(&self, expansion: &Expansion, settings: &KeyedSettings) -> Lowered {
        let bytes = postcard::to_stdvec(expansion).unwrap_or_default();
        let lower = || lower_expansion(expansion, settings, &Expansions::new());
        let mut lowered = self.known_or(key("expansion", &bytes, settings), lower);
        if has_calls(&lowered.file) {
            lowered.text = Text::Expansion(Arc::new(expansion.clone()));
        }
        lowered
    }

    /// The same text, with what macro calls in its bodies stand for.
    pub(crate) fn with_bodies(
        &self,
        text: &Text,
        settings: &KeyedSettings,
        expansions: &Expansions,
    ) -> Lowered {
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
        let [outlines, of_code] =
            self.path.as_ref().map_or_else(Default::default, |_| code.encode(&mut file));
        let encoded = Encoded::New { outlines, code: of_code };
        Lowered { file, code, key, encoded, parsed: true, text: Text::Gone }
    }

    pub(crate) fn keep(&mut self, lowered: Lowered) -> (ir::File, Code) {
        if self.path.is_some() {
            self.used.insert(lowered.key, lowered.encoded);
        }
        (lowered.file, lowered.code)
    }

    /// Writes what this pass used, when it is not what earlier ones left.
    pub(crate) fn save(&self) -> std::io::Result<()> {
        let Some(path) = &self.path else { return Ok(()) };
        if self.used.values().all(|file| matches!(file, Encoded::Kept)) {
            return Ok(());
        }
        let [most, _] = &self.kept;
        let files = |are_wanted: &dyn Fn(&Key) -> bool| {
            let wanted = self.used.iter().filter(|(key, _)| are_wanted(key));
            wanted.map(|(key, file)| (*key, self.halves(key, file))).collect::<Vec<_>>()
        };
        let recent = files(&|key| !most.holds(key));
        let length: usize = recent.iter().flat_map(|(_, halves)| halves).map(|half| half.len()).sum();
        if length < most.length() / SINCE {
            return Packed::write(&since(path), &self.maker, &recent);
        }
        Packed::write(path, &self.maker, &files(&|_| true))?;
        Packed::write(&since(path), &self.maker, &[])
    }

    fn halves<'a>(&'a self, key: &Key, file: &'a Encoded) -> Halves<'a> {
        match file {
            Encoded::New { outlines, code } => [outlines, code],
            Encoded::Kept => self.kept.iter().find_map(|packed| packed.get(key)).unwrap_or_default(),
        }
    }
}

/// Where the files are that came since the others were written.
fn since(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".since");
    name.into()
}

/// Settings, and what they are in keys: many files have the same.
pub(crate) struct KeyedSettings {
    settings: Settings,
    key: Vec<u8>,
}

impl KeyedSettings {
    pub(super) fn new(settings: Settings) -> Self {
        let bytes = postcard::to_stdvec(&settings).unwrap_or_default();
        let length = (bytes.len() as u64).to_le_bytes();
        KeyedSettings { settings, key: [length.as_slice(), &bytes].concat() }
    }
}

impl Deref for KeyedSettings {
    type Target = Settings;

    fn deref(&self) -> &Settings {
        &self.settings
    }
}

fn has_calls(file: &ir::File) -> bool {
    file.items.iter().any(|item| !item.calls.is_empty())
}

fn key(kind: &str, text: &[u8], settings: &KeyedSettings) -> Key {
    let mut hasher = blake3::Hasher::new();
    hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
    hasher.update(kind.as_bytes());
    hasher.update(&settings.key);
    hasher.update(text);
    *hasher.finalize().as_bytes()
}
