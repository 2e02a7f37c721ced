//! Finds the functions that a stored result is of.
//!
//! By its fingerprint where a function has that now; else by name. Where several functions have the name, the
//! full name and the file in the entry decide, as far as they can: entries of versions that did not note them
//! count for all of the name.

use crate::names::{self, Found};
use crate::stores::Contents;
use checkpointing::{Fingerprint, FunctionName};
use checkpointing_fingerprint::{Graph, Stored};
use std::collections::{BTreeMap, BTreeSet};

/// A marked function, and what its entries are called.
#[derive(Clone, Copy)]
struct Row<'g> {
    found: Found<'g>,
    stored: &'g Stored,
}

/// The marked functions of graphs.
pub(crate) struct Owners<'g> {
    rows: Vec<Row<'g>>,
    /// By the fingerprints that entries of present code have.
    present: BTreeMap<[u8; 32], BTreeSet<usize>>,
}

impl<'g> Owners<'g> {
    pub(crate) fn new(graphs: &'g [Graph]) -> Self {
        let row = |found: Found<'g>| Some(Row { found, stored: found.function.stored.as_ref()? });
        let rows: Vec<Row<'g>> = Found::once(graphs).into_iter().filter_map(row).collect();
        let mut present: BTreeMap<[u8; 32], BTreeSet<usize>> = BTreeMap::new();
        for (index, row) in rows.iter().enumerate() {
            for fingerprint in fingerprints(row.stored) {
                present.entry(fingerprint).or_default().insert(index);
            }
        }
        Owners { rows, present }
    }

    /// Whether a code is the present one of a function with this name in entries.
    pub(crate) fn is_present_in(&self, name: &str, fingerprint: &Fingerprint) -> bool {
        let of = self.present.get(fingerprint.as_bytes());
        of.is_some_and(|rows| self.named(name).iter().any(|row| rows.contains(row)))
    }

    /// The only function that computed what stands under a name, as far as the name tells.
    pub(crate) fn only(&self, name: &FunctionName) -> Option<Found<'g>> {
        let rows = self.narrowed(&self.named(&name.path), name);
        let mut found = rows.into_iter().map(|row| self.rows[row].found);
        found.next().filter(|_| found.next().is_none())
    }

    /// The entries of each function, by the function's address: their indexes.
    pub(crate) fn entries(&self, contents: &Contents) -> BTreeMap<usize, Vec<usize>> {
        let mut known: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        let mut found: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (index, kept) in contents.entries.iter().enumerate() {
            let computed_by = kept.computed_by();
            let present = self.present.get(kept.entry.header.fingerprint.as_bytes());
            let mut owners = present.cloned().unwrap_or_default();
            for (number, name) in kept.functions().enumerate() {
                let named = known.entry(name).or_insert_with(|| self.named(name));
                let both: BTreeSet<usize> =
                    present.into_iter().flatten().filter(|row| named.contains(row)).copied().collect();
                if !both.is_empty() {
                    // One fingerprint for all that a call by name can mean: it was one of them.
                    let joined: BTreeSet<usize> =
                        both.into_iter().filter(|&row| self.rows[row].stored.is_joined).collect();
                    if number == 0 {
                        let own = self.narrowed(&joined, &computed_by);
                        owners.retain(|row| !joined.contains(row) || own.contains(row));
                    }
                    continue;
                }
                // Of further users nothing but the name is known.
                owners.extend(if number == 0 { self.narrowed(named, &computed_by) } else { named.clone() });
            }
            for owner in owners {
                found.entry(address(self.rows[owner].found)).or_default().push(index);
            }
        }
        found
    }

    /// The functions that a name in entries means.
    fn named(&self, name: &str) -> BTreeSet<usize> {
        let all = |is_it: &dyn Fn(&Stored) -> bool| -> BTreeSet<usize> {
            let rows = self.rows.iter().enumerate().filter(|(_, row)| is_it(row.stored));
            rows.map(|(index, _)| index).collect()
        };
        let exact = all(&|stored| stored.name == name);
        // A function in an impl replaces the default body.
        if exact.is_empty() { all(&|stored| stored.is_named(name)) } else { exact }
    }

    /// Those of them that are meant, as far as the name tells.
    fn narrowed(&self, named: &BTreeSet<usize>, name: &FunctionName) -> BTreeSet<usize> {
        let narrow = |named: &BTreeSet<usize>, is_it: &dyn Fn(Row<'g>) -> bool| -> BTreeSet<usize> {
            let some: BTreeSet<usize> = named.iter().copied().filter(|&row| is_it(self.rows[row])).collect();
            if some.is_empty() { named.clone() } else { some }
        };
        let in_impl = narrow(named, &|row| names::is_of(&name.instance, row.stored));
        narrow(&in_impl, &|row| {
            let file = row.found.node().file.as_deref();
            file.is_some_and(|file| !name.file.is_empty() && is_same_file(file, &name.file))
        })
    }
}

pub(crate) fn address(found: Found<'_>) -> usize {
    std::ptr::from_ref(found.function) as usize
}

/// The fingerprints that a function's entries have: with and without `cfg(test)`.
pub(crate) fn fingerprints(stored: &Stored) -> impl Iterator<Item = [u8; 32]> {
    let both = [&stored.fingerprint, &stored.test_fingerprint];
    both.into_iter().filter_map(|hex| blake3::Hash::from_hex(hex).ok()).map(blake3::Hash::into)
}

/// Whether two paths, each relative to some package, can be one file.
fn is_same_file(a: &str, b: &str) -> bool {
    let parts = |path: &str| -> Vec<String> {
        path.split(['/', '\\']).filter(|part| !matches!(*part, "" | "." | "..")).map(str::to_owned).collect()
    };
    let (a, b) = (parts(a), parts(b));
    a.ends_with(&b) || b.ends_with(&a)
}
