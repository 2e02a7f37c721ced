//! Says which traits a function of the standard library may call on the types that it is given.
//!
//! The table is made from the bounds in the library's sources (`examples/std_calls.rs`): code that is
//! generic calls nothing else. A line is a function, of a type or a trait where a dot is in it, and the
//! traits; those behind the empty line call none.

use super::traits::TraitSet;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

static TEXT: &str = include_str!("std_calls.txt");

struct Table {
    /// By name: the type or trait that has it, and what it calls.
    calls: HashMap<&'static str, Vec<(&'static str, TraitSet)>>,
    quiet: HashSet<&'static str>,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let (calls, quiet) = TEXT.split_once("\n\n").unwrap_or((TEXT, ""));
        let mut table = Table { calls: HashMap::new(), quiet: quiet.lines().collect() };
        for line in calls.lines() {
            let Some((function, traits)) = line.split_once(": ") else { continue };
            let (holder, name) = function.split_once('.').unwrap_or(("", function));
            table.calls.entry(name).or_default().push((holder, TraitSet::of(traits)));
        }
        table
    })
}

/// What any function of this name may call; `None` where the library has no such function.
pub(super) fn by_name(name: &str) -> Option<TraitSet> {
    let table = table();
    match table.calls.get(name) {
        Some(all) => Some(all.iter().map(|(_, traits)| *traits).fold(TraitSet::default(), TraitSet::and)),
        None => table.quiet.contains(name).then(TraitSet::default),
    }
}

#[cfg(test)]
mod tests {
    use super::{TraitSet, by_name};

    #[test]
    fn functions_call_what_their_bounds_say() {
        assert_eq!(by_name("sort"), Some(TraitSet::of("Ord")));
        assert_eq!(by_name("leading_zeros"), Some(TraitSet::default()));
        assert_eq!(by_name("no_such_function"), None);
        assert!(by_name("collect").is_some_and(|traits| traits.has("FromIterator")));
        assert!(by_name("unwrap").is_some_and(|traits| traits.has("Debug")));
    }
}
