//! Compares two closures: items are told apart by kind and path, and by their content where they moved.

use crate::Item;
use std::collections::BTreeMap;
use std::fmt;

/// What makes one closure differ from an earlier one. All lists are sorted by kind and path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Changes {
    /// In both, with other content.
    pub changed: Vec<Change>,
    /// Only in the later one.
    pub added: Vec<Item>,
    /// Only in the earlier one.
    pub removed: Vec<Item>,
}

/// One item in both closures.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// As it was.
    pub before: Item,
    /// As it is.
    pub after: Item,
}

impl Changes {
    /// Nothing differs: then references lead elsewhere, or paths and lines count and are others.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changed.is_empty() && self.added.is_empty() && self.removed.is_empty()
    }
}

type Named<'a> = (&'a str, &'a str);

pub(crate) fn between(before: &[Item], after: &[Item]) -> Changes {
    let (mut old, mut new) = (by_name(before), by_name(after));
    let mut changes = Changes::default();
    for (name, old) in &mut old {
        let Some(new) = new.get_mut(name) else { continue };
        // Several items can have one path: those that are equal are not of interest.
        take_equal(old, new, |a, b| a.hash == b.hash);
        let both = old.len().min(new.len());
        let pairs = old.drain(..both).zip(new.drain(..both));
        changes.changed.extend(pairs.map(|(a, b)| Change { before: a.clone(), after: b.clone() }));
    }
    let mut removed: Vec<&Item> = old.into_values().flatten().collect();
    let mut added: Vec<&Item> = new.into_values().flatten().collect();
    // Renamed or moved: that alone changes no fingerprint.
    take_equal(&mut removed, &mut added, |a, b| a.kind == b.kind && a.hash == b.hash);
    changes.removed = removed.into_iter().cloned().collect();
    changes.added = added.into_iter().cloned().collect();
    changes
}

fn by_name(items: &[Item]) -> BTreeMap<Named<'_>, Vec<&Item>> {
    let mut named: BTreeMap<Named<'_>, Vec<&Item>> = BTreeMap::new();
    for item in items {
        named.entry((&item.kind, &item.path)).or_default().push(item);
    }
    named
}

/// Takes pairs out of two lists.
fn take_equal<'a>(a: &mut Vec<&'a Item>, b: &mut Vec<&'a Item>, equal: impl Fn(&Item, &Item) -> bool) {
    a.retain(|item| match b.iter().position(|other| equal(item, other)) {
        Some(at) => {
            b.remove(at);
            false
        }
        None => true,
    });
}

/// How many items of one list a sentence names.
const NAMED: usize = 6;

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.before.version, &self.after.version) {
            (Some(before), Some(after)) if before != after => {
                write!(f, "{} {} {before} -> {after}", self.after.kind, self.after.path)
            }
            _ => self.after.fmt(f),
        }
    }
}

/// A sentence: `changed fn q::helper (src/lib.rs:4); removed const q::A (src/lib.rs:9)`.
impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("the same items, which refer to each other in another way");
        }
        let mut before = "";
        let lists: [(&str, Vec<String>); 3] = [
            ("changed", self.changed.iter().take(NAMED).map(ToString::to_string).collect()),
            ("added", self.added.iter().take(NAMED).map(ToString::to_string).collect()),
            ("removed", self.removed.iter().take(NAMED).map(ToString::to_string).collect()),
        ];
        let lengths = [self.changed.len(), self.added.len(), self.removed.len()];
        for ((word, names), length) in lists.iter().zip(lengths).filter(|(_, length)| *length > 0) {
            write!(f, "{before}{word} {}", names.join(", "))?;
            if length > names.len() {
                write!(f, " and {} more", length - names.len())?;
            }
            before = "; ";
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Closure;

    fn item(kind: &str, path: &str, hash: u8) -> Item {
        let [kind, path] = [kind, path].map(str::to_owned);
        let file = Some(String::from("src/lib.rs"));
        Item { kind, path, version: None, file, line: 4, hash: [hash; 32] }
    }

    fn package(version: &str, hash: u8) -> Item {
        Item { version: Some(version.to_owned()), file: None, line: 0, ..item("package", "serde", hash) }
    }

    fn said(before: &[Item], after: &[Item]) -> String {
        Closure::new(before.to_vec()).changes(&Closure::new(after.to_vec())).to_string()
    }

    #[test]
    fn changed_added_and_removed_items_are_told() {
        let before = [item("fn", "q::a", 1), item("const", "q::B", 2), package("1.0.1", 5)];
        let after = [item("fn", "q::a", 3), item("type", "q::C", 4), package("1.0.2", 6)];
        assert_eq!(
            said(&before, &after),
            "changed fn q::a (src/lib.rs:4), package serde 1.0.1 -> 1.0.2; added type q::C (src/lib.rs:4); \
             removed const q::B (src/lib.rs:4)"
        );
    }

    #[test]
    fn a_new_name_or_place_is_no_change() {
        let mut moved = item("fn", "q::far::a", 1);
        moved.line = 9;
        assert!(said(&[item("fn", "q::a", 1)], &[moved]).starts_with("the same items"));
    }

    #[test]
    fn of_several_items_of_one_path_the_other_one_is_told() {
        let before = [item("impl", "q::<A as From>", 1), item("impl", "q::<A as From>", 2)];
        let after = [item("impl", "q::<A as From>", 2), item("impl", "q::<A as From>", 3)];
        let changes = Closure::new(before.to_vec()).changes(&Closure::new(after.to_vec()));
        assert_eq!(
            (changes.changed.len(), changes.changed[0].before.hash[0], changes.changed[0].after.hash[0]),
            (1, 1, 3)
        );
    }

    #[test]
    fn many_items_are_counted() {
        let after: Vec<Item> = (0..9).map(|n| item("fn", &format!("q::f{n}"), n)).collect();
        assert!(said(&[], &after).ends_with("q::f5 (src/lib.rs:4) and 3 more"));
    }
}
