//! Indexes impls and traits: which types must be live for an impl to matter, which methods and
//! associated items carry a name, and what implements a trait.

use super::Program;
use super::callbacks::Traits;
use super::collect::ItemId;
use super::lookup::{Origin, Target};
use super::path::Reached;
use super::symbols::Sym;
use crate::ir::{Anchor, ItemKind, Namespace, PathRef, Ref, Ty, TyIdx};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// The trait that an impl is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum TraitOf {
    Inherent,
    /// More than one where a cfg decides.
    Local(Vec<ItemId>),
    /// By its last segment, and the crate that it is from (empty for std and for what is not known):
    /// foreign code calls it, so its impls count as a whole.
    Foreign(Arc<str>, Arc<str>),
}

/// What stands at the head of an impl's self type, behind references.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SelfHead {
    /// Types of the analysed crates.
    Local,
    /// Primitives, types of other packages, tuples, slices, `dyn`.
    Foreign,
    /// A type parameter: a blanket impl.
    Generic,
}

#[derive(Debug)]
pub(crate) struct ImplInfo {
    pub(crate) id: ItemId,
    pub(crate) of_trait: TraitOf,
    /// The foreign trait, as it is numbered.
    pub(super) traits: Traits,
    pub(crate) head: SelfHead,
    /// All local types in the self type.
    pub(crate) self_types: Vec<ItemId>,
    /// All local types in the self type and the trait's arguments: the impl is live when they are.
    pub(crate) required: Vec<ItemId>,
    /// The trait's first argument: what stands at its head, and the local types in it.
    pub(crate) argument: Option<(SelfHead, Vec<ItemId>)>,
    pub(crate) items: Vec<(Option<Sym>, ItemId)>,
    /// The self type's last word, for paths that people read.
    pub(crate) self_text: String,
}

impl ImplInfo {
    pub(crate) fn trait_text(&self, program: &Program<'_>) -> String {
        match &self.of_trait {
            TraitOf::Inherent => String::new(),
            TraitOf::Local(ids) => ids
                .first()
                .and_then(|id| program.name_of(*id))
                .map_or(String::new(), |name| program.text(name).to_owned()),
            TraitOf::Foreign(name, _) => name.to_string(),
        }
    }
}

/// Who holds an associated item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// Index into [`Impls::all`].
    Impl(usize),
    Trait(ItemId),
}

#[derive(Default)]
pub(crate) struct Impls {
    pub(crate) all: Vec<ImplInfo>,
    by_item: HashMap<ItemId, usize>,
    by_type: HashMap<ItemId, Vec<usize>>,
    by_trait: HashMap<ItemId, Vec<usize>>,
    by_foreign_trait: HashMap<Arc<str>, Vec<usize>>,
    by_trait_crate: HashMap<Arc<str>, Vec<usize>>,
    by_name: HashMap<Sym, Vec<(ItemId, Owner)>>,
    generic: Vec<usize>,
    /// Macro calls by the local types among their tokens.
    opaque_by_type: HashMap<ItemId, Vec<ItemId>>,
}

impl Impls {
    pub(super) fn new(program: &Program<'_>, items: &[ItemId]) -> Self {
        let mut impls = Impls::default();
        for &id in items {
            let Some(info) = describe(program, id) else { continue };
            let index = impls.all.len();
            impls.by_item.insert(id, index);
            if info.head == SelfHead::Generic {
                impls.generic.push(index);
            }
            for &required in &info.required {
                impls.by_type.entry(required).or_default().push(index);
            }
            match &info.of_trait {
                TraitOf::Local(traits) => {
                    for &of_trait in traits {
                        impls.by_trait.entry(of_trait).or_default().push(index);
                    }
                }
                TraitOf::Foreign(name, krate) => {
                    impls.by_foreign_trait.entry(Arc::clone(name)).or_default().push(index);
                    if !krate.is_empty() {
                        impls.by_trait_crate.entry(Arc::clone(krate)).or_default().push(index);
                    }
                }
                TraitOf::Inherent => {}
            }
            for &(name, item) in &info.items {
                if let Some(name) = name {
                    impls.by_name.entry(name).or_default().push((item, Owner::Impl(index)));
                }
            }
            impls.all.push(info);
        }
        for id in program.item_ids() {
            if let ItemKind::Trait { items, .. } = &program.head(id).kind {
                for item in program.members(id, items) {
                    if let Some(name) = program.name_of(item) {
                        impls.by_name.entry(name).or_default().push((item, Owner::Trait(id)));
                    }
                }
            }
        }
        let mut headers = HashMap::new();
        for id in program.opaques().ids() {
            let mut types = types_in_tokens(program, id);
            // What the bodies of its macros write down themselves.
            for made_by in program.opaques().macros_of(program, id) {
                types.extend(
                    headers.entry(made_by).or_insert_with(|| types_in_headers(program, made_by)).iter(),
                );
            }
            for local in types {
                impls.opaque_by_type.entry(local).or_default().push(id);
            }
        }
        impls
    }

    pub(crate) fn info(&self, id: ItemId) -> Option<&ImplInfo> {
        self.by_item.get(&id).map(|&index| &self.all[index])
    }

    pub(crate) fn with_type(&self, id: ItemId) -> &[usize] {
        self.by_type.get(&id).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn of_trait(&self, id: ItemId) -> &[usize] {
        self.by_trait.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Blanket impls, by index.
    pub(crate) fn generic(&self) -> &[usize] {
        &self.generic
    }

    pub(crate) fn of_foreign_trait(&self, name: &str) -> &[usize] {
        self.by_foreign_trait.get(name).map_or(&[], Vec::as_slice)
    }

    /// Impls of any trait of a package, by its crate's name.
    pub(crate) fn of_traits_in(&self, krate: &str) -> &[usize] {
        self.by_trait_crate.get(krate).map_or(&[], Vec::as_slice)
    }

    /// Methods, consts and types of impls and traits with this name.
    pub(crate) fn named(&self, name: Sym) -> &[(ItemId, Owner)] {
        self.by_name.get(&name).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn opaque_with_type(&self, id: ItemId) -> &[ItemId] {
        self.opaque_by_type.get(&id).map_or(&[], Vec::as_slice)
    }
}

fn describe(program: &Program<'_>, id: ItemId) -> Option<ImplInfo> {
    let item = program.item(id);
    let ItemKind::Impl(impl_) = &item.kind else { return None };
    let mut self_types = BTreeSet::new();
    let head = program.types_in(id, impl_.self_ty, &mut self_types, 0);
    let mut required = self_types.clone();
    let mut first = None;
    let of_trait = match impl_.of_trait {
        None => TraitOf::Inherent,
        Some(ty) => {
            if let Ty::Path { args, assoc, .. } = program.ty(id, ty) {
                first = args.first().map(|&argument| {
                    let mut types = BTreeSet::new();
                    (program.types_in(id, argument, &mut types, 0), types.into_iter().collect())
                });
                for &argument in args.iter().chain(assoc.iter().map(|(_, ty)| ty)) {
                    program.types_in(id, argument, &mut required, 0);
                }
            }
            program.trait_of(id, ty)
        }
    };
    Some(ImplInfo {
        id,
        traits: Traits::of(&of_trait),
        of_trait,
        head,
        self_types: self_types.into_iter().collect(),
        required: required.into_iter().collect(),
        argument: first,
        items: program
            .members(id, &impl_.items)
            .into_iter()
            .map(|item| (program.name_of(item), item))
            .collect(),
        self_text: program.type_word(id, impl_.self_ty),
    })
}

fn types_in_tokens(program: &Program<'_>, id: ItemId) -> BTreeSet<ItemId> {
    let mut found = BTreeSet::new();
    for reference in &program.item(id).skeleton.refs {
        let Ref::Path(path) = reference else { continue };
        program.types_at(id, path, &mut found);
    }
    found
}

/// Local types that a macro's body names between an `impl` and its block.
fn types_in_headers(program: &Program<'_>, id: ItemId) -> BTreeSet<ItemId> {
    let skeleton = &program.item(id).skeleton;
    let mut refs = skeleton.refs.iter();
    let mut found = BTreeSet::new();
    let mut in_header = false;
    for word in skeleton.text.split(' ') {
        match word {
            "impl" => in_header = true,
            "{" => in_header = false,
            word if word.starts_with(crate::ir::Skeleton::HOLE) => {
                let Some(reference) = refs.next() else { break };
                if let (true, Ref::Path(path)) = (in_header, reference) {
                    program.types_at(id, path, &mut found);
                }
            }
            _ => {}
        }
    }
    found
}

/// A trait of another package, by its full path.
pub(super) fn foreign_trait(origin: Origin, path: &str) -> TraitOf {
    let krate = if origin == Origin::Std { "" } else { path.split("::").next().unwrap_or("") };
    TraitOf::Foreign(path.rsplit("::").next().unwrap_or(path).into(), krate.into())
}

impl Program<'_> {
    /// Another item of the same file.
    pub(crate) fn sibling(&self, id: ItemId, index: crate::ir::ItemIdx) -> ItemId {
        ItemId(id.0 - self.entry(id).index.0 + index.0)
    }

    pub(crate) fn is_type(&self, id: ItemId) -> bool {
        matches!(self.item(id).kind, ItemKind::Struct { .. } | ItemKind::Enum { .. } | ItemKind::Union { .. })
    }

    /// Local types that a path leads to, or that the alias is for to which it leads.
    fn types_at(&self, id: ItemId, path: &PathRef, found: &mut BTreeSet<ItemId>) {
        for target in self.path_targets(id, path) {
            let Target::Item(item) = target else { continue };
            match &self.item(item).kind {
                ItemKind::TypeAlias { ty: Some(ty), .. } => _ = self.types_in(item, *ty, found, 0),
                _ if self.is_type(item) => _ = found.insert(item),
                _ => {}
            }
        }
    }

    /// Every target of a path, whatever its rest.
    pub(super) fn path_targets(&self, id: ItemId, path: &PathRef) -> Vec<Target> {
        let segments: Vec<Sym> = path.segments.iter().map(|name| self.sym(id, *name)).collect();
        let scope = self.entry(id).block(path.scope);
        let namespaces = super::scopes::Namespace3::of(match path.namespace {
            Namespace::Any => Namespace::Type,
            other => other,
        });
        let ends = self.resolve(scope, path.anchor, &segments, namespaces).ends;
        ends.into_iter()
            .filter_map(|end| match end.reached {
                Reached::Target(target) => Some(target),
                Reached::Unknown => None,
            })
            .collect()
    }

    /// Collects the local types that a type mentions, through aliases, and says what is at its head.
    pub(super) fn types_in(
        &self,
        id: ItemId,
        ty: TyIdx,
        found: &mut BTreeSet<ItemId>,
        depth: u32,
    ) -> SelfHead {
        if depth > 32 {
            return SelfHead::Generic;
        }
        let mut each = |types: &[TyIdx]| {
            for &ty in types {
                self.types_in(id, ty, found, depth + 1);
            }
        };
        match self.ty(id, ty) {
            Ty::Ref { inner, .. } => self.types_in(id, *inner, found, depth + 1),
            Ty::Ptr(inner) | Ty::Slice(inner) | Ty::Array(inner) => {
                each(&[*inner]);
                SelfHead::Foreign
            }
            Ty::Tuple(types) | Ty::Dyn(types) | Ty::Impl(types) => {
                each(types);
                SelfHead::Foreign
            }
            Ty::FnPtr { params, ret } => {
                each(params);
                each(ret.as_slice());
                SelfHead::Foreign
            }
            Ty::Path { path, args, assoc } => {
                each(args);
                for (_, ty) in assoc {
                    each(&[*ty]);
                }
                let Ref::Path(path) = self.reference(id, *path) else { return SelfHead::Generic };
                self.head_of_path(id, path, found, depth)
            }
            Ty::Never => SelfHead::Foreign,
            Ty::Infer | Ty::Unknown => SelfHead::Generic,
        }
    }

    fn head_of_path(&self, id: ItemId, path: &PathRef, found: &mut BTreeSet<ItemId>, depth: u32) -> SelfHead {
        match path.anchor {
            // A projection (`T::Item`, `<T as Tr>::Out`) can be any type.
            Anchor::Generic(_) | Anchor::Qualified { .. } => return SelfHead::Generic,
            Anchor::SelfType => {
                let owner = self.entry(id).owner.unwrap_or(id);
                return match &self.item(owner).kind {
                    ItemKind::Impl(impl_) if path.segments.is_empty() && owner != id => {
                        self.types_in(owner, impl_.self_ty, found, depth + 1)
                    }
                    _ => SelfHead::Generic,
                };
            }
            _ => {}
        }
        let mut head = SelfHead::Foreign;
        for target in self.path_targets(id, path) {
            match target {
                Target::Item(item) => match &self.item(item).kind {
                    ItemKind::TypeAlias { ty: Some(ty), .. } => {
                        head = self.types_in(item, *ty, found, depth + 1);
                    }
                    ItemKind::TypeAlias { ty: None, .. } => head = SelfHead::Generic,
                    ItemKind::Struct { .. } | ItemKind::Enum { .. } | ItemKind::Union { .. } => {
                        found.insert(item);
                        head = SelfHead::Local;
                    }
                    _ => {}
                },
                Target::Opaque(_) | Target::Lost(_) => head = SelfHead::Generic,
                _ => {}
            }
        }
        head
    }

    /// The trait that a bound or an impl header names.
    pub(crate) fn trait_of(&self, id: ItemId, ty: TyIdx) -> TraitOf {
        let Ty::Path { path, .. } = self.ty(id, ty) else {
            return TraitOf::Foreign("?".into(), "".into());
        };
        let Ref::Path(path) = self.reference(id, *path) else {
            return TraitOf::Foreign("?".into(), "".into());
        };
        let mut local = Vec::new();
        for target in self.path_targets(id, path) {
            match target {
                Target::Item(item)
                    if matches!(
                        self.item(item).kind,
                        ItemKind::Trait { .. } | ItemKind::TraitAlias { .. }
                    ) =>
                {
                    local.push(item);
                }
                Target::Foreign(origin, path) => {
                    return foreign_trait(origin, &path);
                }
                _ => {}
            }
        }
        if !local.is_empty() {
            return TraitOf::Local(local);
        }
        let last = path.segments.last().map_or("?", |name| self.text(self.sym(id, *name)));
        TraitOf::Foreign(last.into(), "".into())
    }

    /// The last word of a type, as it shows in `std::any::type_name`; `_` for what is no path.
    pub(crate) fn type_word(&self, id: ItemId, ty: TyIdx) -> String {
        let Ty::Path { path, .. } = self.ty(id, ty) else { return "_".to_owned() };
        let Ref::Path(path) = self.reference(id, *path) else { return "*".to_owned() };
        if matches!(path.anchor, Anchor::Generic(_) | Anchor::Qualified { .. } | Anchor::SelfType) {
            return "*".to_owned();
        }
        let written = path.segments.last().map_or("*", |name| self.text(self.sym(id, *name)));
        for target in self.path_targets(id, path) {
            match target {
                Target::Item(target) => {
                    return match &self.item(target).kind {
                        ItemKind::TypeAlias { ty: Some(ty), .. } => self.type_word(target, *ty),
                        ItemKind::TypeAlias { .. } => "*".to_owned(),
                        _ => self.name_of(target).map_or("*", |name| self.text(name)).to_owned(),
                    };
                }
                Target::Foreign(_, path) => return path.rsplit("::").next().unwrap_or("*").to_owned(),
                Target::Opaque(_) | Target::Lost(_) => return "*".to_owned(),
                _ => {}
            }
        }
        written.to_owned()
    }
}
