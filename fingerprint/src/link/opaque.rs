//! Tells which names a macro call in item position may define, and which words a macro's body has:
//! all by name alone, before resolution.
//!
//! A call may define any identifier among its tokens, what such macros may join from them (`joined`), and what
//! follows a keyword that defines (`fn`, `struct`, ..) in the bodies of the macros that it may call, transitively.
//! A call that leads to a macro of another package, and an item that a procedural macro sees, may define any
//! name: they count for what nothing else defines.

use super::Program;
use super::collect::ItemId;
use super::joined::{self, Names};
use super::symbols::Sym;
use crate::ir::{Item, ItemKind, Ref, Skeleton};
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

#[derive(Default)]
pub(crate) struct Opaques {
    bodies: HashMap<Sym, Body>,
    defined: BTreeMap<ItemId, BTreeSet<Sym>>,
    /// Included files that cannot be found: they may define anything.
    unseen: BTreeSet<ItemId>,
    /// Calls whose macros, or some of them, are not seen.
    foreign: BTreeSet<ItemId>,
    by_name: HashMap<Sym, Vec<ItemId>>,
    /// Every name of the program, for the macros that join names: few programs have one.
    names: OnceCell<Names>,
    /// What was found for each item so far.
    joined: RefCell<HashMap<ItemId, Rc<BTreeSet<Sym>>>>,
    words: RefCell<HashMap<ItemId, Rc<BTreeSet<Sym>>>>,
}

/// What the definitions of one macro name hold.
#[derive(Default)]
struct Body {
    words: BTreeSet<Sym>,
    defines: BTreeSet<Sym>,
    calls: BTreeSet<Sym>,
    joins: bool,
    /// It calls a macro that is not seen.
    leaves: bool,
}

impl Opaques {
    pub(super) fn new(program: &Program<'_>) -> Self {
        let mut opaques = Opaques::default();
        for (&(_, name), items) in &program.macros {
            let body = opaques.bodies.entry(name).or_default();
            for &id in items {
                body.add(program, program.item(id));
            }
        }
        let seen: BTreeSet<Sym> = opaques.bodies.keys().copied().collect();
        for body in opaques.bodies.values_mut() {
            body.leaves = body.calls.iter().any(|name| !seen.contains(name) && !is_std(program, *name));
        }
        for id in program.item_ids() {
            let item = program.head(id);
            if matches!(item.kind, ItemKind::Include(_)) {
                opaques.unseen.insert(id);
            }
            let (ItemKind::MacroCall { idents, .. } | ItemKind::Opaque { idents }) = &item.kind else {
                continue;
            };
            if program.expanded(id).is_some() {
                continue;
            }
            let own = idents.iter().map(|name| program.sym(id, *name));
            let mut all: BTreeSet<Sym> = own.filter(|name| !is_reserved(program.text(*name))).collect();
            let called = opaques.called(called_in(program, id).chain(all.iter().copied()).collect());
            for body in called.iter().filter_map(|name| opaques.bodies.get(name)) {
                all.extend(&body.defines);
            }
            all.extend(opaques.joined(program, id).iter());
            let is_seen = |name: &Sym| opaques.bodies.contains_key(name) || is_std(program, *name);
            let leaves = called.iter().filter_map(|name| opaques.bodies.get(name)).any(|body| body.leaves);
            if leaves
                || matches!(item.kind, ItemKind::Opaque { .. })
                || !macros_in(program, id).all(|name| is_seen(&name))
            {
                opaques.foreign.insert(id);
            }
            for &name in &all {
                opaques.by_name.entry(name).or_default().push(id);
            }
            opaques.defined.insert(id, all);
        }
        opaques
    }

    /// The hash of what is known of macros' bodies: that depends on which words are names.
    pub(crate) fn digest(&self, program: &Program<'_>) -> [u8; 32] {
        let texts = |names: &BTreeSet<Sym>| {
            let mut texts: Vec<&str> = names.iter().map(|name| program.text(*name)).collect();
            texts.sort_unstable();
            texts.join(" ")
        };
        let mut bodies: Vec<_> = self.bodies.iter().map(|(name, body)| (program.text(*name), body)).collect();
        bodies.sort_unstable_by_key(|(name, _)| *name);
        let mut hasher = blake3::Hasher::new();
        for (name, Body { words, defines, calls, joins, leaves }) in bodies {
            let line = [name, &texts(words), &texts(defines), &texts(calls)].join("\n");
            hasher.update(line.as_bytes());
            hasher.update(&[u8::from(*joins), u8::from(*leaves)]);
        }
        for (id, names) in &self.defined {
            hasher.update(&id.0.to_le_bytes());
            hasher.update(texts(names).as_bytes());
        }
        *hasher.finalize().as_bytes()
    }

    pub(super) fn asked_for_all_names(&self) -> bool {
        self.names.get().is_some()
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = ItemId> {
        self.defined.keys().copied()
    }

    pub(super) fn may_define(&self, id: ItemId, name: Sym) -> bool {
        self.unseen.contains(&id) || self.defined.get(&id).is_some_and(|idents| idents.contains(&name))
    }

    /// Whether a call may define names that stand nowhere.
    pub(super) fn is_foreign(&self, id: ItemId) -> bool {
        self.foreign.contains(&id)
    }

    /// The names that macros which an item calls may join from the words that they are given.
    pub(super) fn joined(&self, program: &Program<'_>, id: ItemId) -> Rc<BTreeSet<Sym>> {
        // An item asks for each macro that it calls.
        if let Some(known) = self.joined.borrow().get(&id) {
            return Rc::clone(known);
        }
        let found = Rc::new(self.find_joined(program, id));
        self.joined.borrow_mut().insert(id, Rc::clone(&found));
        found
    }

    fn find_joined(&self, program: &Program<'_>, id: ItemId) -> BTreeSet<Sym> {
        let text = &program.code(id).skeleton.text;
        let joins = joined::joins(text)
            || self.called(called_in(program, id).collect()).iter().any(|name| self.bodies[name].joins);
        if !joins {
            return BTreeSet::new();
        }
        let macros = self.macros_of(program, id);
        let bodies = macros.iter().map(|&id| program.item(id).skeleton.text.as_str());
        let texts: Vec<&str> = bodies.chain([text.as_str()]).collect();
        self.names.get_or_init(|| Names::new(&program.symbols)).joined_from(&texts)
    }

    /// Items that may define something of this name.
    pub(crate) fn named(&self, name: Sym) -> &[ItemId] {
        self.by_name.get(&name).map_or(&[], Vec::as_slice)
    }

    /// Every word of an item, and of the macros that it may call.
    pub(super) fn words_around(&self, program: &Program<'_>, id: ItemId) -> Rc<BTreeSet<Sym>> {
        if let Some(known) = self.words.borrow().get(&id) {
            return Rc::clone(known);
        }
        let mut words: BTreeSet<Sym> = words(program, program.code(id)).collect();
        for name in self.called(called_in(program, id).collect()) {
            words.extend(self.bodies.get(&name).iter().flat_map(|body| &body.words));
        }
        words.extend(self.joined(program, id).iter());
        let words = Rc::new(words);
        self.words.borrow_mut().insert(id, Rc::clone(&words));
        words
    }

    /// The definitions of the macros that an item may call, transitively.
    pub(super) fn macros_of(&self, program: &Program<'_>, id: ItemId) -> Vec<ItemId> {
        let names = self.called(called_in(program, id).collect());
        let found = program.macros.iter().filter(|((_, name), _)| names.contains(name));
        let mut found: Vec<ItemId> = found.flat_map(|(_, ids)| ids).copied().collect();
        found.sort_unstable();
        found
    }

    /// Macros that these may call, transitively, themselves included.
    fn called(&self, mut queue: Vec<Sym>) -> BTreeSet<Sym> {
        let mut all = BTreeSet::new();
        while let Some(name) = queue.pop() {
            if let (Some(body), true) = (self.bodies.get(&name), !all.contains(&name)) {
                all.insert(name);
                queue.extend(&body.calls);
            }
        }
        all
    }
}

impl Body {
    fn add(&mut self, program: &Program<'_>, item: &Item) {
        let hole = Skeleton::HOLE.to_string();
        let tokens: Vec<&str> = item.skeleton.text.split(' ').filter(|word| *word != hole).collect();
        self.joins |= joined::joins(&item.skeleton.text);
        let symbol = |word: &str| program.find_symbol(word);
        self.words.extend(tokens.iter().filter_map(|word| symbol(word)));
        self.calls.extend(tokens.windows(2).filter(|pair| pair[1] == "!").filter_map(|pair| symbol(pair[0])));
        // What another macro is given may be defined by it.
        let passes_on = self.calls.iter().any(|name| !crate::lower::is_std_macro(program.text(*name)));
        let defines = tokens.windows(2).filter(|pair| passes_on || DEFINES.contains(&pair[0]));
        self.defines
            .extend(defines.filter_map(|pair| symbol(pair[1])).filter(|n| !is_reserved(program.text(*n))));
    }
}

/// Keywords that stand before a name that they define.
const DEFINES: [&str; 12] =
    ["fn", "struct", "enum", "union", "trait", "type", "const", "static", "mut", "mod", "as", "macro"];

/// Whether a macro's name is one of the standard library's.
fn is_std(program: &Program<'_>, name: Sym) -> bool {
    crate::lower::is_std_macro(program.text(name))
}

/// Words that no item can define.
fn is_reserved(word: &str) -> bool {
    super::infer::is_primitive(word)
        || matches!(
            word,
            "self" | "Self" | "super" | "crate" | "fn" | "impl" | "for" | "let" | "mut" | "pub" | "use"
        )
}

/// What an item's references name for certain as macros.
fn macros_in<'p>(program: &'p Program<'_>, id: ItemId) -> impl Iterator<Item = Sym> + 'p {
    program.code(id).skeleton.refs.iter().filter_map(move |reference| match reference {
        Ref::Path(path) if path.namespace == crate::ir::Namespace::Macro => {
            path.segments.last().map(|name| program.sym(id, *name))
        }
        _ => None,
    })
}

/// What an item's references may name as macros.
fn called_in<'p>(program: &'p Program<'_>, id: ItemId) -> impl Iterator<Item = Sym> + 'p {
    program.code(id).skeleton.refs.iter().filter_map(move |reference| match reference {
        Ref::Path(path) if path.namespace != crate::ir::Namespace::Type => {
            path.segments.last().map(|name| program.sym(id, *name))
        }
        _ => None,
    })
}

/// The identifiers of an item's canonical text that some file uses as a name.
fn words<'p>(program: &'p Program<'_>, item: &'p Item) -> impl Iterator<Item = Sym> + 'p {
    item.skeleton.text.split(' ').filter_map(|word| program.find_symbol(word))
}
