//! Keeps a set of small numbers in one bit each: a big package has thousands of closures of thousands of
//! nodes.

use serde::{Serialize, Serializer};

/// Indexes of nodes, in ascending order.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct NodeSet {
    words: Vec<u64>,
    len: usize,
}

impl NodeSet {
    /// Whether the set was without the index before.
    pub(crate) fn insert(&mut self, index: usize) -> bool {
        let (word, bit) = (index / 64, 1 << (index % 64));
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        let is_new = self.words[word] & bit == 0;
        self.words[word] |= bit;
        self.len += usize::from(is_new);
        is_new
    }

    /// Adds what the other holds.
    pub(crate) fn add(&mut self, other: &NodeSet) {
        if self.words.len() < other.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        for (word, more) in self.words.iter_mut().zip(&other.words) {
            *word |= more;
        }
        self.len = self.words.iter().map(|word| word.count_ones() as usize).sum();
    }

    /// Whether it holds the index.
    #[must_use]
    pub fn contains(&self, index: usize) -> bool {
        self.words.get(index / 64).is_some_and(|word| word & (1 << (index % 64)) != 0)
    }

    /// Whether it holds an index of the other.
    pub(crate) fn meets(&self, other: &NodeSet) -> bool {
        self.words.iter().zip(&other.words).any(|(a, b)| a & b != 0)
    }

    /// The indexes that the other holds too, ascending.
    pub(crate) fn shared(&self, other: &NodeSet) -> impl Iterator<Item = usize> {
        Indexes { words: self.words.iter().zip(&other.words).map(|(a, b)| a & b), word: 0, next: 0 }
    }

    /// How many indexes it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The indexes, ascending.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        Indexes { words: self.words.iter().copied(), word: 0, next: 0 }
    }
}

/// What words stand for. It is one loop: build scripts are seldom optimised, and this is what they do most.
struct Indexes<W> {
    words: W,
    /// What is left of the last one.
    word: u64,
    /// What the next one begins with.
    next: usize,
}

impl<W: Iterator<Item = u64>> Iterator for Indexes<W> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        while self.word == 0 {
            self.word = self.words.next()?;
            self.next += 64;
        }
        let bit = self.word.trailing_zeros() as usize;
        self.word &= self.word - 1;
        Some(self.next - 64 + bit)
    }
}

impl FromIterator<usize> for NodeSet {
    fn from_iter<I: IntoIterator<Item = usize>>(indexes: I) -> Self {
        let mut set = NodeSet::default();
        indexes.into_iter().for_each(|index| _ = set.insert(index));
        set
    }
}

impl std::fmt::Debug for NodeSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl Serialize for NodeSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::NodeSet;

    #[test]
    fn what_goes_in_comes_out_in_order_and_once() {
        let set: NodeSet = [700, 3, 64, 3, 63, 0].into_iter().collect();
        assert_eq!(set.iter().collect::<Vec<_>>(), [0, 3, 63, 64, 700]);
        assert_eq!(set.len(), 5);
        assert!(set.contains(700) && !set.contains(701) && !set.contains(10_000));
        assert_eq!(format!("{set:?}"), "[0, 3, 63, 64, 700]");
        assert!(NodeSet::default().is_empty());
    }
}
