//! Looks the standard library's types up by name.

use super::parse::{Sig, Signature, sections};
use std::collections::HashMap;
use std::sync::LazyLock;

/// What the tables say of one type, or of one trait.
#[derive(Default)]
pub(in super::super) struct Head {
    /// How many type parameters it has.
    pub(in super::super) slots: usize,
    pub(in super::super) derefs: Option<Sig>,
    pub(in super::super) iterates: Option<Sig>,
    pub(in super::super) is_bare: bool,
    /// Traits whose methods it has.
    pub(in super::super) traits: Vec<&'static str>,
    methods: HashMap<&'static str, Vec<Signature>>,
    functions: HashMap<&'static str, Vec<Signature>>,
}

impl Head {
    /// One for each form of the type's arguments.
    pub(in super::super) fn methods(&self, name: &str) -> &[Signature] {
        self.methods.get(name).map_or(&[], Vec::as_slice)
    }

    pub(in super::super) fn functions(&self, name: &str) -> &[Signature] {
        self.functions.get(name).map_or(&[], Vec::as_slice)
    }
}

#[derive(Default)]
struct Table {
    types: HashMap<&'static str, Head>,
    traits: HashMap<&'static str, Head>,
    /// `type hash_map::Iter<K, V> is iter<(K, V)>`: how many parameters, and what it is.
    aliases: HashMap<&'static str, (usize, Sig)>,
}

const TEXTS: [&str; 5] = [
    include_str!("values.types"),
    include_str!("numbers.types"),
    include_str!("collections.types"),
    include_str!("iterators.types"),
    include_str!("system.types"),
];

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table::default();
    for section in TEXTS.into_iter().flat_map(sections) {
        if let Some(is) = section.is {
            table.aliases.extend(section.names.iter().map(|name| (*name, (section.slots, is.clone()))));
            continue;
        }
        let heads = if section.is_trait { &mut table.traits } else { &mut table.types };
        for &name in &section.names {
            let head = heads.entry(name).or_default();
            head.slots = head.slots.max(section.slots);
            head.derefs = head.derefs.take().or_else(|| section.derefs.clone());
            head.iterates = head.iterates.take().or_else(|| section.iterates.clone());
            head.is_bare |= section.is_bare;
            head.traits.extend(&section.traits);
            for (name, signature) in &section.methods {
                head.methods.entry(name).or_default().push(signature.clone());
            }
            for (name, signature) in &section.functions {
                head.functions.entry(name).or_default().push(signature.clone());
            }
        }
    }
    table
});

/// What is known of a type.
pub(in super::super) fn head(name: &str) -> Option<&'static Head> {
    TABLE.types.get(name)
}

/// The table's own copy of a name.
pub(in super::super) fn head_name(name: &str) -> Option<&'static str> {
    TABLE.types.get_key_value(name).map(|(name, _)| *name)
}

/// The method of a trait of the standard library.
pub(in super::super) fn of_trait(of_trait: &str, name: &str) -> Option<&'static Signature> {
    TABLE.traits.get(of_trait)?.methods(name).first()
}

/// A type that the tables write as another, by the last two words of its path.
pub(in super::super) fn alias(path: &str) -> Option<&'static (usize, Sig)> {
    TABLE.aliases.get(path)
}

/// A function of a module (`mem::take`), by the last two words of its path.
pub(in super::super) fn free_function(path: &str) -> Option<&'static Signature> {
    let (module, name) = path.rsplit_once("::")?;
    TABLE.types.get(module)?.functions(name).first()
}
