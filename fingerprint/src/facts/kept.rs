//! Keeps facts between two passes. Those of an item hold as long as its file is as it was, and all that other
//! items can see of each other, and what [`Asked`] says. A file that cannot be read is none.

use super::{Facts, ItemFacts, Values};
use crate::handover::{self, maker};
use crate::link::{Asked, ItemId, KeptQuery, Node, Program, QueryId};
use crate::walk::{Key, Sources};
use serde::{Deserialize, Serialize};
use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;

/// Part of the file's name: another version of what is kept is another file.
const FORMAT: u32 = 1;

/// What one pass leaves for the next.
#[derive(Serialize, Deserialize)]
struct Kept<I, V> {
    /// Of the program that worked them out, the project, and what items see of each other.
    around: [u8; 32],
    /// Of all names, where facts depend on that.
    names: Option<[u8; 32]>,
    asked: Asked,
    /// By file: what it was made from.
    files: Vec<Key>,
    queries: Vec<KeptQuery>,
    items: Vec<(ItemId, I)>,
    values: Vec<(ItemId, V)>,
}

/// As it is read; it is written from what the pass has.
type KeptFacts = Kept<Box<ItemFacts>, Values>;

/// Where facts are kept, and what was there.
#[derive(Default)]
pub(super) struct Place {
    path: Option<PathBuf>,
    around: [u8; 32],
    /// What the facts that were there depend on.
    asked: Asked,
    /// They depend on all names.
    all_names: bool,
    /// How many there were that still hold.
    count: usize,
    /// Some no longer held.
    lost: bool,
}

/// What the last pass left in a folder. It is read while nobody needs it yet.
pub(crate) struct Earlier {
    path: PathBuf,
    reader: Option<JoinHandle<Option<KeptFacts>>>,
}

impl Earlier {
    pub(crate) fn read(folder: &Path) -> Self {
        let path = folder.join(format!("checkpoints.facts.{FORMAT}"));
        let to_read = path.clone();
        // A machine that gives no more threads works them out again.
        let reader = std::thread::Builder::new().spawn(move || read(&to_read)).ok();
        Earlier { path, reader }
    }
}

impl<'p, 'a> Facts<'p, 'a> {
    /// With what the last pass left.
    pub(crate) fn open(program: &'p Program<'a>, earlier: Earlier) -> Self {
        let mut facts = Facts::new(program);
        if maker().is_none() {
            // Another program might take them for its own.
            return facts;
        }
        facts.place.around = around(program);
        if let Some(kept) = earlier.reader.and_then(|reader| reader.join().ok()).flatten() {
            facts.place.lost = true;
            if kept.around == facts.place.around && still_holds(program, &kept) {
                facts.take(kept);
            }
        }
        facts.place.path = Some(earlier.path);
        facts
    }

    fn take(&mut self, kept: KeptFacts) {
        let program = self.program;
        let is_same = |id: ItemId| kept.files.get(program.file_of(id)) == Some(&program.key_of(id));
        self.place.asked = kept.asked;
        self.place.all_names = kept.names.is_some();
        let numbers = program.renumbered(kept.queries);
        let all = kept.items.len() + kept.values.len();
        let mut count = 0;
        for (id, mut facts) in kept.items {
            if is_same(id) && renumber(&numbers, facts.queries_mut()) {
                count += 1;
                self.items[id.index()] = OnceCell::from(facts);
            }
        }
        for (id, mut values) in kept.values {
            if is_same(id) && renumber(&numbers, values.queries.iter_mut()) {
                count += 1;
                self.values[id.index()] = OnceCell::from(values);
            }
        }
        self.place.count = count;
        self.place.lost = count < all;
    }

    /// Leaves the facts for the next pass.
    pub(crate) fn save(&self) -> std::io::Result<()> {
        let Facts { program, items, values, place, .. } = self;
        let Some(path) = &place.path else { return Ok(()) };
        let ids = || program.item_ids();
        let items = ids().zip(items).filter_map(|(id, facts)| Some((id, facts.get()?)));
        let items: Vec<_> = items.filter(|(_, facts)| facts.can_be_kept()).collect();
        let values = ids().zip(values).filter_map(|(id, values)| Some((id, values.get()?)));
        let values: Vec<_> = values.filter(|(_, values)| !values.nodes.iter().any(is_file)).collect();
        if !place.lost && place.count == items.len() + values.len() {
            return Ok(());
        }
        let mut asked = program.asked();
        asked.code.extend(&place.asked.code);
        asked.names.extend(place.asked.names.clone());
        let kept = Kept {
            around: place.around,
            names: (place.all_names || program.asked_for_all_names()).then(|| all_names(program)),
            asked,
            files: program.sources.files.iter().map(|file| file.key).collect(),
            queries: program.kept_queries(),
            items,
            values,
        };
        handover::write(path, &[&postcard::to_stdvec(&kept).unwrap_or_default()])
    }
}

impl ItemFacts {
    fn queries_mut(&mut self) -> impl Iterator<Item = &mut QueryId> {
        let in_tests = self.calls.in_tests.iter_mut();
        let calls = std::iter::once(&mut self.calls.in_builds).chain(in_tests);
        self.queries.iter_mut().chain(calls.flat_map(|calls| calls.exact.iter_mut().map(|(_, query)| query)))
    }

    /// Files have other numbers in another pass.
    fn can_be_kept(&self) -> bool {
        !self.reads && !self.nodes.iter().any(is_file)
    }
}

fn is_file(node: &Node) -> bool {
    matches!(node, Node::File(_))
}

/// Whether all of them are still questions.
fn renumber<'q>(numbers: &[Option<QueryId>], queries: impl Iterator<Item = &'q mut QueryId>) -> bool {
    for query in queries {
        match numbers.get(query.0 as usize) {
            Some(Some(now)) => *query = *now,
            _ => return false,
        }
    }
    true
}

fn read(path: &Path) -> Option<KeptFacts> {
    let bytes = std::fs::read(path).ok()?;
    postcard::from_bytes(handover::content(&bytes)?).ok()
}

/// Whether what the facts depend on beyond [`around`] is as it was.
fn still_holds<I, V>(program: &Program<'_>, kept: &Kept<I, V>) -> bool {
    let same_code = |id: &ItemId| kept.files.get(program.file_of(*id)) == Some(&program.key_of(*id));
    kept.files.len() == program.sources.files.len()
        && kept.asked.code.iter().all(same_code)
        && kept.asked.names.iter().all(|(name, was)| program.is_name(name) == *was)
        && kept.names.is_none_or(|names| names == all_names(program))
}

fn all_names(program: &Program<'_>) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(program.all_names().join("\0").as_bytes());
    *hasher.finalize().as_bytes()
}

/// The hash of all that facts depend on besides code.
fn around(program: &Program<'_>) -> [u8; 32] {
    let Sources { files, crates, distrusted, parsed: _, read: _ } = program.sources;
    let mut hasher = blake3::Hasher::new();
    // What is printed for people who look for faults has every field.
    hasher.update(format!("{:?}", (maker(), program.project, crates, distrusted)).as_bytes());
    for file in files {
        hasher.update(format!("{:?}", (&file.path, file.package)).as_bytes());
        hasher.update(&file.lowered.outlines.0);
    }
    hasher.update(&program.opaques().digest(program));
    *hasher.finalize().as_bytes()
}
