//! Keeps lowered files between two passes, by the hash of their text and of the settings: a warm
//! pass parses only what changed. A cache that cannot be read is an empty one.

use crate::ir;
use crate::lower::{Expansion, Settings, lower, lower_expansion};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Part of the file's name: another version of the lowered form is another file.
const FORMAT: u32 = 6;

type Key = [u8; 32];

/// When the program was linked that lowered the files: one that lowers otherwise is a program linked anew.
type Maker = Option<std::time::Duration>;

#[derive(Default)]
pub(crate) struct LoweredCache {
    path: Option<PathBuf>,
    maker: Maker,
    /// Encoded files, as read from the last pass.
    before: BTreeMap<Key, Vec<u8>>,
    /// Those that this pass used.
    used: BTreeMap<Key, Vec<u8>>,
}

/// A file as it comes from the cache or from the parser.
pub(crate) struct Lowered {
    file: ir::File,
    key: Key,
    /// Encoded, where it has to be kept.
    bytes: Vec<u8>,
    pub(super) parsed: bool,
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
        let kept: Option<(Maker, BTreeMap<Key, Vec<u8>>)> =
            std::fs::read(&path).ok().and_then(|bytes| postcard::from_bytes(&bytes).ok());
        let before = kept.filter(|(by, _)| maker.is_some() && *by == maker).map(|(_, files)| files);
        LoweredCache { path: Some(path), maker, before: before.unwrap_or_default(), used: BTreeMap::new() }
    }

    pub(super) fn lower(&self, path: &Path, settings: &Settings) -> std::io::Result<Lowered> {
        let text = std::fs::read(path)?;
        let text = String::from_utf8_lossy(&text);
        Ok(self.known_or(key("file", text.as_bytes(), settings), || lower(&text, settings)))
    }

    /// The items that a macro call stands for.
    pub(crate) fn expansion(&self, expansion: &Expansion, settings: &Settings) -> Lowered {
        let bytes = postcard::to_stdvec(expansion).unwrap_or_default();
        self.known_or(key("expansion", &bytes, settings), || lower_expansion(expansion, settings))
    }

    fn known_or(&self, key: Key, lower: impl FnOnce() -> ir::File) -> Lowered {
        let known = self.before.get(&key).or_else(|| self.used.get(&key));
        if let Some(bytes) = known
            && let Ok(file) = postcard::from_bytes(bytes)
        {
            return Lowered { file, key, bytes: bytes.clone(), parsed: false };
        }
        let file = lower();
        let kept = self.path.is_some().then(|| postcard::to_stdvec(&file).unwrap_or_default());
        Lowered { file, key, bytes: kept.unwrap_or_default(), parsed: true }
    }

    pub(crate) fn keep(&mut self, lowered: Lowered) -> ir::File {
        if self.path.is_some() {
            self.used.insert(lowered.key, lowered.bytes);
        }
        lowered.file
    }

    /// Writes what this pass used, when it is not what the last one left.
    pub(crate) fn save(&self) -> std::io::Result<()> {
        let Some(path) = &self.path else { return Ok(()) };
        let keys = |map: &BTreeMap<Key, Vec<u8>>| map.keys().copied().collect::<BTreeSet<Key>>();
        if keys(&self.before) == keys(&self.used) {
            return Ok(());
        }
        let bytes = postcard::to_stdvec(&(self.maker, &self.used)).unwrap_or_default();
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        // Renamed into place: another pass never reads half of it.
        let aside = path.with_extension(std::process::id().to_string());
        std::fs::write(&aside, bytes)?;
        std::fs::rename(aside, path)
    }
}

fn maker() -> Maker {
    let linked = std::env::current_exe().and_then(|program| program.metadata()?.modified()).ok()?;
    linked.duration_since(std::time::UNIX_EPOCH).ok()
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
