//! Lists the types of ours that a value holds: foreign code that gets the value can call traits of these.

use super::finder::Finder;
use super::{TraitSet, std_calls};
use crate::ir::{Anchor, Fields, ItemKind, PathRef, Ref, RefIdx, Ty, TyIdx, World};
use crate::link::infer::{ITERATOR, Type, is_prelude, is_primitive, is_whole};
use crate::link::lookup::Target;
use crate::link::path::Reached;
use crate::link::scopes::Namespace3;
use crate::link::{ItemId, Origin, Program, SelfHead, Sym, TraitOf};
use std::cell::Cell;
use std::collections::BTreeSet;
use std::rc::Rc;

/// The types of ours in a value.
pub(super) enum Held {
    Nothing,
    Types(Vec<ItemId>),
    /// It is not certain which.
    Anything,
}

/// The program in one world.
pub(super) struct View<'p, 'a> {
    program: &'p Program<'a>,
    /// With `cfg(test)`, or in both worlds.
    in_tests: bool,
    /// Something of the tests was looked at, or left out.
    of_tests: Cell<bool>,
}

impl<'p, 'a> View<'p, 'a> {
    pub(super) fn new(program: &'p Program<'a>, in_tests: bool) -> Self {
        View { program, in_tests, of_tests: Cell::new(false) }
    }

    fn has(&self, id: ItemId) -> bool {
        let is_of_tests = self.program.entry(id).world == World::Test;
        self.of_tests.set(self.of_tests.get() || is_of_tests);
        self.in_tests || !is_of_tests
    }

    /// Whether the other world may see something else.
    pub(super) fn is_of_tests(&self) -> bool {
        self.of_tests.get()
    }
}

/// The types of ours in several values.
#[derive(Default)]
pub(super) struct Holding {
    found: BTreeSet<ItemId>,
    is_uncertain: bool,
}

impl Type {
    pub(super) fn is_std(&self, wanted: &str) -> bool {
        matches!(self, Type::Std(name, _) if *name == wanted)
    }

    /// A type of other people that holds something.
    pub(super) fn is_container(&self) -> bool {
        match self {
            Type::Std(name, _) => !is_primitive(name),
            Type::Slice(_) | Type::Tuple(_) | Type::Foreign(..) => true,
            _ => false,
        }
    }

    /// The error of a `Result`.
    pub(super) fn error(&self) -> Option<&Type> {
        match self {
            Type::Std("Result", args) => args.get(1),
            _ => None,
        }
    }

    /// On which types of ours these traits can be called by code that gets a value of this type.
    pub(super) fn held(&self, view: &View<'_, '_>, traits: TraitSet) -> Held {
        let mut holding = Holding::default();
        holding.add(self, view, traits);
        holding.held()
    }
}

impl Holding {
    pub(super) fn add(&mut self, ty: &Type, view: &View<'_, '_>, traits: TraitSet) {
        if !self.is_uncertain {
            self.is_uncertain = !Holder { view, traits, found: &mut self.found }.add(ty, 0);
        }
    }

    pub(super) fn is_uncertain(&self) -> bool {
        self.is_uncertain
    }

    pub(super) fn held(self) -> Held {
        if self.is_uncertain {
            Held::Anything
        } else if self.found.is_empty() {
            Held::Nothing
        } else {
            Held::Types(self.found.into_iter().collect())
        }
    }
}

struct Holder<'p, 'a> {
    view: &'p View<'p, 'a>,
    traits: TraitSet,
    found: &'p mut BTreeSet<ItemId>,
}

impl Holder<'_, '_> {
    /// Whether it is certain what the type holds.
    fn add(&mut self, ty: &Type, depth: u32) -> bool {
        if depth > 16 {
            return false;
        }
        let mut all = |types: &[Type]| types.iter().all(|ty| self.add(ty, depth + 1));
        match ty {
            Type::Local(id, args) => all(args) && self.local(*id, args.len(), depth),
            Type::Std(name, args) => is_whole(name, args) && all(args),
            // A type that the tables do not describe may hide what it was made of.
            Type::Foreign(path, args) => args.is_empty() && is_plain(path),
            Type::Tuple(args) => all(args),
            // What a function takes, it is given by whoever calls it.
            Type::Slice(inner) | Type::Callable(_, inner) => all(std::slice::from_ref(inner)),
            Type::Never => true,
            Type::Unknown
            | Type::Var(_)
            | Type::Param(_)
            | Type::SelfOf(_)
            | Type::Assoc(_)
            | Type::Opaque(_)
            | Type::Dyn(_) => false,
        }
    }

    /// What a type is written as in an item, in more detail than its head tells. `with_params`: what stands for
    /// parameters is looked at where the type is used.
    fn written(&mut self, item: ItemId, ty: TyIdx, with_params: bool, depth: u32) -> bool {
        let program = self.view.program;
        let is = program.type_of(item, ty);
        match (program.ty(item, ty), &is) {
            (Ty::Ref { inner, .. } | Ty::Ptr(inner), _) => self.written(item, *inner, with_params, depth),
            (_, Type::Param(_)) if with_params => true,
            // Of an adapter only what it yields is known.
            (Ty::Path { path, .. }, Type::Std(ITERATOR, yields)) => {
                program.is_of_std(item, *path, &PLAIN_ITERATORS)
                    && yields.iter().all(|ty| self.add(ty, depth + 1))
            }
            (Ty::Path { args, .. }, Type::Local(id, filled))
                if !args.is_empty() && args.len() == filled.len() =>
            {
                args.iter().all(|&arg| self.written(item, arg, with_params, depth + 1))
                    && self.local(*id, args.len(), depth)
            }
            (Ty::Path { args, .. }, Type::Std(name, filled))
                if !args.is_empty() && args.len() == filled.len() && is_whole(name, filled) =>
            {
                args.iter().all(|&arg| self.written(item, arg, with_params, depth + 1))
            }
            _ => self.add(&is, depth),
        }
    }

    /// `args`: how many of its parameters are known.
    fn local(&mut self, id: ItemId, args: usize, depth: u32) -> bool {
        if depth > 16 {
            return false;
        }
        if !self.found.insert(id) {
            return true;
        }
        let program = self.view.program;
        let impls = program.impls();
        let mut written = TraitSet::default();
        for &index in impls.with_type(id) {
            let info = &impls.all[index];
            let TraitOf::Foreign(name, _) = &info.of_trait else { continue };
            if info.head != SelfHead::Local || !info.self_types.contains(&id) {
                continue;
            }
            if info.argument.is_none() {
                written = written.and(TraitSet::named(name));
            }
            // `Iterator::Item` is another type that whoever iterates gets.
            for &(_, item) in &info.items {
                if let ItemKind::TypeAlias { ty: Some(ty), .. } = &program.item(item).kind
                    && !self.written(item, *ty, false, depth + 1)
                {
                    return false;
                }
            }
        }
        // A macro may make an impl, and what is in it.
        if !self.traits.is_empty() && impls.opaque_with_type(id).iter().any(|&call| self.view.has(call)) {
            return false;
        }
        // Derived code calls what the fields have.
        let text = &program.item(id).skeleton.text;
        let left = self.traits.without(written);
        !text.contains("derive")
            || !text.split(' ').any(|word| left.has(word))
            || self.fields(id, args, depth)
    }

    fn fields(&mut self, id: ItemId, args: usize, depth: u32) -> bool {
        let program = self.view.program;
        let (generics, all): (_, Vec<&Fields>) = match &program.item(id).kind {
            ItemKind::Struct { generics, fields } | ItemKind::Union { generics, fields } => {
                (generics, vec![fields])
            }
            ItemKind::Enum { generics, variants } => {
                (generics, variants.iter().map(|variant| &variant.fields).collect())
            }
            _ => return false,
        };
        if args < generics.params.len() && generics.params.iter().any(|param| !param.is_const) {
            return false;
        }
        let types = all.into_iter().flat_map(|fields| match fields {
            Fields::Unit => Vec::new(),
            Fields::Tuple(types) => types.clone(),
            Fields::Named(fields) => fields.iter().map(|(_, ty)| *ty).collect(),
        });
        types.into_iter().all(|ty| self.written(id, ty, true, depth + 1))
    }
}

/// Iterators of the standard library that hold what they yield, and nothing else of their user's.
const PLAIN_ITERATORS: [&str; 9] =
    ["Iter", "IterMut", "IntoIter", "Drain", "Chunks", "ChunksExact", "Windows", "Chars", "Range"];

/// Types of the standard library that hold nothing of their user's, by path.
fn is_plain(path: &str) -> bool {
    let Some((krate, rest)) = path.split_once("::") else { return false };
    let last = rest.rsplit("::").next().unwrap_or(rest);
    matches!(krate, "std" | "core" | "alloc")
        && matches!(
            last,
            "Utf8Error"
                | "FromUtf8Error"
                | "ParseBoolError"
                | "ParseCharError"
                | "CharTryFromError"
                | "TryFromSliceError"
                | "Layout"
                | "TypeId"
                | "ThreadId"
                | "ExitCode"
                | "IpAddr"
                | "Ipv4Addr"
                | "Ipv6Addr"
                | "SocketAddr"
                | "PhantomPinned"
                | "Infallible"
        )
}

impl Program<'_> {
    /// Whether a path leads to a type of the standard library whose name is one of these.
    fn is_of_std(&self, id: ItemId, path: RefIdx, names: &[&str]) -> bool {
        let Ref::Path(path) = self.reference(id, path) else { return false };
        let targets = self.path_targets(id, path);
        !targets.is_empty()
            && targets.iter().all(|target| match target {
                Target::Foreign(Origin::Std, full) => {
                    full.rsplit("::").next().is_some_and(|name| names.contains(&name))
                }
                _ => false,
            })
    }
}

impl Finder<'_, '_> {
    /// What is before the last word of a path that is called. `None` where that is not certain.
    pub(super) fn type_before(&self, path: &PathRef) -> Option<Before> {
        let program = self.program;
        let hold = |ty: &Type| {
            let mut held = Holding::default();
            held.add(ty, &self.view, TraitSet::ALL);
            let types = program.std_holders(ty).map(|words| words.into_iter().map(str::to_owned).collect());
            Before { held, types }
        };
        let segments: Vec<Sym> = path.segments.iter().map(|name| program.sym(self.id, *name)).collect();
        let of_std = |word: Option<&str>| Before {
            held: Holding::default(),
            types: Some(vec![word.unwrap_or_default().to_owned()]),
        };
        match path.anchor {
            Anchor::SelfType if segments.len() == 1 => {
                let own = PathRef { segments: Vec::new(), ..path.clone() };
                Some(hold(&program.type_of_path(self.id, &own, &Rc::from([]), 0)))
            }
            Anchor::SelfType | Anchor::Generic(_) | Anchor::Qualified { .. } => None,
            anchor => {
                let scope = program.entry(self.id).block(path.scope);
                let found = program.resolve(scope, anchor, &segments, Namespace3::of(path.namespace));
                let [end] = found.ends.as_slice() else { return None };
                match &end.reached {
                    Reached::Target(Target::Item(id))
                        if end.rest + 1 == segments.len() && program.is_type(*id) =>
                    {
                        Some(Before { types: Some(Vec::new()), ..hold(&Type::Local(*id, Rc::from([]))) })
                    }
                    Reached::Target(Target::Foreign(Origin::Std, full)) => {
                        Some(of_std(full.rsplit("::").nth(1)))
                    }
                    // The prelude's.
                    Reached::Unknown if found.foreign_globs.is_empty() => {
                        let word = segments.iter().rev().nth(1).map(|ty| program.text(*ty));
                        word.is_none_or(|ty| is_primitive(ty) || is_prelude(ty)).then(|| of_std(word))
                    }
                    _ => None,
                }
            }
        }
    }
}

/// What stands before the last word of a path.
pub(super) struct Before {
    /// The types of ours in it.
    pub(super) held: Holding,
    /// The standard library's types, traits or modules that may have what is called; `None`: any.
    types: Option<Vec<String>>,
}

impl Before {
    /// What a function of the standard library may call that has this name behind it.
    pub(super) fn calls(&self, name: &str) -> Option<TraitSet> {
        let Some(types) = &self.types else { return std_calls::by_name(name) };
        std_calls::on_types(name, &types.iter().map(String::as_str).collect::<Vec<_>>())
    }
}
