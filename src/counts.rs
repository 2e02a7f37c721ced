//! Counts what happened to the calls of a function, in one process or in all of them.

use std::time::Duration;

/// What happened to the calls of one function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FunctionStats {
    /// Stored results that were returned.
    pub hits: u64,
    /// Of the hits, those that another code computed, which was accepted.
    pub accepted: u64,
    /// Runs because there was no result.
    pub misses: u64,
    /// Runs that were asked for.
    pub reruns: u64,
    /// Results that were stored.
    pub stored: u64,
    /// How long the runs took.
    pub computed: Duration,
    /// How long the runs had taken that hits spared.
    pub saved: Duration,
}

impl FunctionStats {
    pub(crate) fn add(&mut self, other: &FunctionStats) {
        self.hits += other.hits;
        self.accepted += other.accepted;
        self.misses += other.misses;
        self.reruns += other.reruns;
        self.stored += other.stored;
        self.computed += other.computed;
        self.saved += other.saved;
    }

    /// What came since.
    pub(crate) fn since(&self, before: &FunctionStats) -> FunctionStats {
        FunctionStats {
            hits: self.hits.saturating_sub(before.hits),
            accepted: self.accepted.saturating_sub(before.accepted),
            misses: self.misses.saturating_sub(before.misses),
            reruns: self.reruns.saturating_sub(before.reruns),
            stored: self.stored.saturating_sub(before.stored),
            computed: self.computed.saturating_sub(before.computed),
            saved: self.saved.saturating_sub(before.saved),
        }
    }

    /// A line of text, without the function's name and the line's end.
    pub(crate) fn line(&self) -> String {
        let FunctionStats { hits, accepted, misses, reruns, stored, computed, saved } = self;
        let (computed, saved) = (computed.as_nanos(), saved.as_nanos());
        format!("{hits} {accepted} {misses} {reruns} {stored} {computed} {saved}")
    }

    /// Reads a line, with the name that follows; `None` when it is none.
    pub(crate) fn parse(line: &str) -> Option<(FunctionStats, &str)> {
        let mut words = line.splitn(8, ' ');
        let mut number = || words.next()?.parse::<u64>().ok();
        let stats = FunctionStats {
            hits: number()?,
            accepted: number()?,
            misses: number()?,
            reruns: number()?,
            stored: number()?,
            computed: Duration::from_nanos(number()?),
            saved: Duration::from_nanos(number()?),
        };
        words.next().map(|function| (stats, function))
    }
}
