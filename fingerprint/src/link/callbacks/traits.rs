//! Numbers the standard library's traits whose impls are looked at one by one, and says what the
//! standard library's own impls of them call in their turn.
//!
//! Traits that are not listed (`Drop`, `Deref`, `Future`, ..) count as called wherever an impl is live.

use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// Of each: its name, and the traits that its impls in the standard library call on what they hold.
/// `Clone for Vec<T>` calls `Clone for T`, `PartialEq for HashMap` hashes its keys.
const TRAITS: &[(&str, &str)] = &[
    ("Add", ""),
    ("AddAssign", "Clone"),
    ("AsMut", ""),
    ("AsRef", "Borrow ToOwned"),
    ("Binary", ""),
    ("BitAnd", "BuildHasher Clone Default Hash Hasher Ord PartialEq PartialOrd"),
    ("BitAndAssign", ""),
    ("BitOr", "BuildHasher Clone Default Hash Hasher Ord PartialEq PartialOrd"),
    ("BitOrAssign", ""),
    ("BitXor", "BuildHasher Clone Default Hash Hasher Ord PartialEq PartialOrd"),
    ("BitXorAssign", ""),
    ("Borrow", "ToOwned"),
    ("BorrowMut", ""),
    ("BufRead", "AsRef Read"),
    ("BuildHasher", "Default Hasher"),
    ("Clone", "Borrow ToOwned"),
    ("Debug", "Borrow Display Error"),
    ("Default", ""),
    ("Display", "Borrow Debug Error"),
    ("Div", ""),
    ("DivAssign", ""),
    ("DoubleEndedIterator", "Clone ExactSizeIterator IntoIterator Iterator"),
    ("Eq", ""),
    ("Error", "Debug Display"),
    ("ExactSizeIterator", "IntoIterator Iterator"),
    (
        "Extend",
        "AsRef Borrow BuildHasher Clone Default Hash Hasher IntoIterator Iterator Ord PartialEq PartialOrd ToOwned",
    ),
    (
        "From",
        "AsRef Borrow BuildHasher Clone Debug Default Display Error Hash Hasher Into Ord PartialEq PartialOrd ToOwned",
    ),
    (
        "FromIterator",
        "AsRef Borrow BuildHasher Clone Default Extend Hash Hasher IntoIterator Iterator Ord PartialEq PartialOrd ToOwned",
    ),
    ("FromStr", ""),
    ("FusedIterator", ""),
    ("Hash", "Borrow Hasher"),
    ("Hasher", ""),
    ("Index", "Borrow BuildHasher Eq Hash Hasher Ord PartialEq PartialOrd RangeBounds"),
    ("IndexMut", "Index"),
    ("Into", "From"),
    ("IntoIterator", "Iterator"),
    ("Iterator", "Clone DoubleEndedIterator ExactSizeIterator IntoIterator"),
    ("LowerExp", ""),
    ("LowerHex", ""),
    ("Mul", ""),
    ("MulAssign", ""),
    ("Neg", ""),
    ("Not", ""),
    ("Octal", ""),
    ("Ord", "Borrow PartialEq PartialOrd"),
    ("PartialEq", "Borrow BuildHasher Hash Hasher"),
    ("PartialOrd", "Borrow Ord PartialEq"),
    ("Pointer", ""),
    ("Product", "Iterator"),
    ("RangeBounds", ""),
    ("Read", ""),
    ("Rem", ""),
    ("RemAssign", ""),
    ("Seek", ""),
    ("Shl", ""),
    ("ShlAssign", ""),
    ("Shr", ""),
    ("ShrAssign", ""),
    ("Sub", "BuildHasher Clone Default Hash Hasher Ord PartialEq PartialOrd"),
    ("SubAssign", ""),
    ("Sum", "Iterator"),
    ("ToOwned", "Borrow Clone"),
    ("ToString", "Display"),
    ("TryFrom", "From Into TryInto"),
    ("TryInto", "From Into TryFrom"),
    ("UpperExp", ""),
    ("UpperHex", ""),
    ("Write", "AsRef Borrow"),
];

/// Some of these traits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(in crate::link) struct TraitSet(u128);

impl TraitSet {
    pub(crate) const ALL: TraitSet = TraitSet((1 << TRAITS.len()) - 1);

    /// None of them where the name is not listed.
    pub(crate) fn named(name: &str) -> TraitSet {
        TraitSet(number(name).map_or(0, |number| 1 << number))
    }

    pub(crate) fn of(names: &str) -> TraitSet {
        names.split_whitespace().map(TraitSet::named).fold(TraitSet::default(), TraitSet::and)
    }

    #[must_use]
    pub(crate) fn and(self, other: TraitSet) -> TraitSet {
        TraitSet(self.0 | other.0)
    }

    #[must_use]
    pub(crate) fn without(self, other: TraitSet) -> TraitSet {
        TraitSet(self.0 & !other.0)
    }

    #[must_use]
    pub(crate) fn within(self, other: TraitSet) -> TraitSet {
        TraitSet(self.0 & other.0)
    }

    /// One by one.
    pub(crate) fn each(self) -> impl Iterator<Item = TraitSet> {
        self.each_number().map(|number| TraitSet(1 << number))
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn has(self, name: &str) -> bool {
        !self.within(TraitSet::named(name)).is_empty()
    }

    /// With what the standard library's impls of these traits call, and so on.
    #[must_use]
    pub(crate) fn closed(self) -> TraitSet {
        static CLOSED: LazyLock<Vec<TraitSet>> = LazyLock::new(close_each);
        self.each_number().map(|number| CLOSED[number]).fold(self, TraitSet::and)
    }

    fn each_number(self) -> impl Iterator<Item = usize> {
        (0..TRAITS.len()).filter(move |number| self.0 & (1 << number) != 0)
    }
}

/// Of each trait alone.
fn close_each() -> Vec<TraitSet> {
    let below: Vec<TraitSet> = TRAITS.iter().map(|(_, below)| TraitSet::of(below)).collect();
    let close = |number| {
        let mut all = TraitSet(1_u128 << number);
        loop {
            let next = all.each_number().map(|number| below[number]).fold(all, TraitSet::and);
            if next == all {
                return all;
            }
            all = next;
        }
    };
    (0..TRAITS.len()).map(close).collect()
}

fn number(name: &str) -> Option<usize> {
    TRAITS.binary_search_by_key(&name, |(name, _)| name).ok()
}

#[cfg(test)]
mod tests {
    use super::{TRAITS, TraitSet};

    #[test]
    fn the_list_is_sorted_and_names_itself_alone() {
        assert!(TRAITS.is_sorted_by_key(|(name, _)| name));
        assert!(TRAITS.len() < 128);
        for word in TRAITS.iter().flat_map(|(_, below)| below.split_whitespace()) {
            assert!(!TraitSet::named(word).is_empty(), "{word}");
        }
    }

    #[test]
    fn what_an_impl_calls_is_followed() {
        assert!(TraitSet::of("Sum").closed().has("Clone"));
        assert!(TraitSet::of("Extend").closed().has("Hash"));
        assert!(!TraitSet::of("Clone").closed().has("Ord"));
    }
}
