//! Says which traits a function of the standard library may call on the types that it is given.
//!
//! The table is made from the bounds in the library's sources (`examples/std_calls.rs`): code that is
//! generic calls nothing else. A line is a function (`Type.name`, `Trait::name`, `name`) and the traits; those
//! behind the empty line call none.

use super::traits::TraitSet;
use std::collections::HashMap;
use std::sync::OnceLock;

static TEXT: &str = include_str!("std_calls.txt");

/// Who has a function.
#[derive(Clone, Copy)]
enum Holder {
    /// A module, or what a macro makes: any type.
    Any,
    Type(&'static str),
    Trait,
}

type Table = HashMap<&'static str, Vec<(Holder, TraitSet)>>;

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = Table::new();
        for line in TEXT.lines().filter(|line| !line.is_empty()) {
            let (function, traits) = line.split_once(": ").unwrap_or((line, ""));
            let (holder, name) = match (function.split_once("::"), function.split_once('.')) {
                (Some((_, name)), _) => (Holder::Trait, name),
                (None, Some((of_type, name))) => (Holder::Type(of_type), name),
                (None, None) => (Holder::Any, function),
            };
            table.entry(name).or_default().push((holder, TraitSet::of(traits)));
        }
        table
    })
}

fn all<'t>(functions: impl Iterator<Item = &'t (Holder, TraitSet)>) -> TraitSet {
    functions.map(|(_, traits)| *traits).fold(TraitSet::default(), TraitSet::and)
}

/// What any function of this name may call; `None` where the library has no such function.
pub(super) fn by_name(name: &str) -> Option<TraitSet> {
    table().get(name).map(|functions| all(functions.iter()))
}

/// What a function of this name may call that is called on a value of these types, each of which the one before
/// dereferences to: the library's own types among them are listed. The first that has the function itself
/// decides; a trait's function is called where none has.
pub(super) fn on_types(name: &str, types: &[&str]) -> Option<TraitSet> {
    let functions = table().get(name)?;
    let select = |wanted: &dyn Fn(Holder) -> bool| {
        let mut found = functions.iter().filter(|(holder, _)| wanted(*holder)).peekable();
        found.peek().is_some().then(|| all(found))
    };
    let own = types.iter().find_map(|&own| {
        select(&|holder| match holder {
            Holder::Type(word) => word == own,
            Holder::Any | Holder::Trait => false,
        })
    });
    if own.is_some() {
        return own;
    }
    if types.is_empty() {
        return Some(select(&|holder| matches!(holder, Holder::Trait)).unwrap_or_default());
    }
    select(&|holder| !matches!(holder, Holder::Type(_))).or_else(|| by_name(name))
}

#[cfg(test)]
mod tests {
    use super::{TraitSet, by_name, on_types};

    #[test]
    fn functions_call_what_their_bounds_say() {
        assert_eq!(by_name("sort"), Some(TraitSet::of("Ord")));
        assert_eq!(by_name("leading_zeros"), Some(TraitSet::default()));
        assert_eq!(by_name("no_such_function"), None);
        assert!(by_name("collect").is_some_and(|traits| traits.has("FromIterator")));
        assert!(by_name("unwrap").is_some_and(|traits| traits.has("Debug")));
    }

    #[test]
    fn a_type_that_is_known_has_its_own_functions() {
        assert_eq!(on_types("new", &["Vec", "[]"]), Some(TraitSet::default()));
        assert_eq!(on_types("len", &["Vec", "[]"]), Some(TraitSet::default()));
        assert_eq!(on_types("sort", &["Vec", "[]"]), Some(TraitSet::of("Ord")));
        assert!(on_types("max", &["Vec", "[]"]).is_some_and(|traits| traits.has("Ord")));
        // A type of ours has what traits have.
        assert_eq!(on_types("new", &[]), Some(TraitSet::default()));
        assert!(on_types("len", &[]).is_some_and(|traits| traits.has("ExactSizeIterator")));
    }
}
