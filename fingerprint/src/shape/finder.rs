//! Finds what the result of a function holds, as far as it is written down: types, and code that decides how
//! their values are written.

use super::Found;
use crate::content;
use crate::ir::{Anchor, ItemKind, Namespace, PathRef, Ref, RefIdx, Skeleton, Ty, TyIdx};
use crate::link::{Head, ItemId, Node, Program, TraitOf};
use crate::project::PackageId;

/// How values are written and read.
const SERDE: [&str; 2] = ["Serialize", "Deserialize"];
/// What serde calls where an attribute says so.
const CONVERSIONS: [&str; 5] = ["Default", "From", "Into", "TryFrom", "TryInto"];
const CONVERTS: [&str; 4] = ["default", "from", "into", "try_from"];
/// What their derives write stays the same within a major version.
const FORMS: [&str; 3] = ["serde", "serde_core", "serde_derive"];

/// Text of an item, in bytes of its skeleton.
#[derive(Clone, Copy)]
struct Part {
    item: ItemId,
    from: usize,
    to: usize,
}

pub(super) struct Finder<'p, 'a> {
    pub(super) program: &'p Program<'a>,
}

impl Finder<'_, '_> {
    pub(super) fn find(&self, id: ItemId) -> Result<Found, String> {
        let item = self.program.item(id);
        let ItemKind::Fn(function) = &item.kind else { return Err(String::from("it is no function")) };
        let mut parts = Vec::new();
        if let (Some(ty), Some((from, to))) = (function.ret, item.skeleton.result) {
            let from = after_arrow(&item.skeleton.text, from as usize);
            self.stored(Part { item: id, from, to: to as usize }, ty, 0, &mut parts);
        }
        let mut found = Found::new();
        for part in parts {
            self.part(part, true, &mut found)?;
        }
        if let Some((from, to)) = item.skeleton.options {
            self.part(Part { item: id, from: from as usize, to: to as usize }, false, &mut found)?;
        }
        Ok(found)
    }

    /// What of a type is stored: of a `Result`, also behind an alias, only the `Ok`.
    fn stored(&self, part: Part, ty: TyIdx, depth: u32, parts: &mut Vec<Part>) {
        let item = self.program.item(part.item);
        if let Ty::Path { path, .. } = self.program.ty(part.item, ty)
            && let Ref::Path(path) = self.program.reference(part.item, *path)
            && !matches!(path.anchor, Anchor::Generic(_) | Anchor::SelfType)
            && depth < 16
        {
            match self.program.head_of(part.item, path) {
                Head::Result => {
                    if let Some((first, _)) = arguments(&item.skeleton.text, part) {
                        parts.push(first);
                        return;
                    }
                }
                Head::Alias(alias) => {
                    let of = self.program.item(alias);
                    if let (ItemKind::TypeAlias { ty: Some(ty), .. }, Some((from, to))) =
                        (&of.kind, of.skeleton.result)
                        && self.is_result(alias, *ty, depth)
                    {
                        let inner = Part { item: alias, from: from as usize, to: to as usize };
                        self.stored(inner, *ty, depth + 1, parts);
                        parts.extend(arguments(&item.skeleton.text, part).map(|(_, all)| all));
                        return;
                    }
                }
                Head::Other | Head::Unseen => {}
            }
        }
        parts.push(part);
    }

    fn is_result(&self, id: ItemId, ty: TyIdx, depth: u32) -> bool {
        let Ty::Path { path, .. } = self.program.ty(id, ty) else { return false };
        let Ref::Path(path) = self.program.reference(id, *path) else { return false };
        match self.program.head_of(id, path) {
            Head::Result => true,
            Head::Alias(alias) if depth < 16 => match &self.program.item(alias).kind {
                ItemKind::TypeAlias { ty: Some(ty), .. } => self.is_result(alias, *ty, depth + 1),
                _ => false,
            },
            _ => false,
        }
    }

    /// Adds the text of a part, and what it refers to.
    fn part(&self, part: Part, is_type: bool, found: &mut Found) -> Result<(), String> {
        let program = self.program;
        let Part { item: id, from, to } = part;
        let item = program.item(id);
        let text = item.skeleton.text.get(from..to).unwrap_or_default();
        for word in text.split(' ').filter(|_| is_type) {
            match word {
                "impl" | "dyn" => return Err(format!("its result holds `{word} Trait`")),
                "_" | "!" => return Err(String::from("a macro makes its result's type")),
                _ => {}
            }
        }
        let first = item.skeleton.text.get(..from).unwrap_or_default().matches(Skeleton::HOLE).count();
        let mut pieces = text.split(Skeleton::HOLE);
        let mut filled = pieces.next().unwrap_or_default().to_owned();
        for (index, piece) in pieces.enumerate() {
            let at = first + index;
            let Some(reference) = item.skeleton.refs.get(at) else {
                return Err(String::from("its result's type cannot be read"));
            };
            let link = program.link_at(id, RefIdx(at as u32));
            filled.push_str(&link.text);
            filled.push_str(piece);
            if is_type {
                self.check_root(id, reference, found)?;
            }
            let mut meanings = link.nodes.clone();
            if !is_type {
                let candidates = link.queries.iter().flat_map(|&query| program.candidates(query).to_vec());
                meanings.extend(candidates.map(|(item, _)| Node::Item(item)));
            }
            self.visit_all(&mut meanings, found)?;
            found.roots.push(meanings);
        }
        found.text.bytes(filled.as_bytes());
        Ok(())
    }

    fn check_root(&self, id: ItemId, reference: &Ref, found: &mut Found) -> Result<(), String> {
        let Ref::Path(path) = reference else { return Ok(()) };
        let program = self.program;
        match path.anchor {
            // What an alias is given stands where it is used.
            Anchor::Generic(_) if matches!(program.item(id).kind, ItemKind::TypeAlias { .. }) => Ok(()),
            Anchor::Generic(_) => Err(String::from("its result's type is a generic parameter, or holds one")),
            Anchor::SelfType => {
                let owner = program.entry(id).owner.filter(|&owner| match &program.item(owner).kind {
                    ItemKind::Impl(block) => block.generics.params.is_empty(),
                    _ => false,
                });
                let owner = owner.ok_or("its result's type is a `Self` that can be several types")?;
                found.text.bytes(&content::hash(program, Node::Item(owner)).0);
                Ok(())
            }
            _ => self.check(id, path),
        }
    }

    /// That a path which is written as a type leads to one.
    fn check(&self, id: ItemId, path: &PathRef) -> Result<(), String> {
        if path.namespace != Namespace::Type || path.uncertain {
            return Ok(());
        }
        if self.program.head_of(id, path) == Head::Unseen {
            let name =
                path.segments.last().map_or("_", |name| self.program.text(self.program.sym(id, *name)));
            return Err(format!("the definition of `{name}`, which its result holds, is not seen"));
        }
        Ok(())
    }

    /// Visits nodes in an order that content alone decides.
    fn visit_all(&self, nodes: &mut Vec<Node>, found: &mut Found) -> Result<(), String> {
        nodes.retain(|&node| !self.program.is_origin(node));
        nodes.sort_unstable();
        nodes.dedup();
        if nodes.len() > 1 {
            nodes.sort_by_cached_key(|&node| {
                (content::hash(self.program, node), content::path(self.program, node))
            });
        }
        nodes.iter().try_for_each(|&node| self.visit(node, found))
    }

    fn visit(&self, node: Node, found: &mut Found) -> Result<(), String> {
        match node {
            Node::Package(index) => {
                self.package(index, found);
                Ok(())
            }
            Node::ProcMacro(index) => {
                self.proc_macro(index, found);
                Ok(())
            }
            Node::Item(id) if found.insert(node) => self.visit_item(id, found),
            Node::Item(_) => Ok(()),
            Node::BuildScript(_) | Node::File(_) | Node::Definition(_) => {
                found.insert(node);
                Ok(())
            }
        }
    }

    fn depend(&self, package: PackageId, found: &mut Found) {
        match package {
            PackageId::Foreign(index) => self.package(index, found),
            PackageId::Analysed(index) if self.program.project.packages[index].is_proc_macro() => {
                self.proc_macro(index, found);
            }
            PackageId::Analysed(_) => {}
        }
    }

    fn proc_macro(&self, index: usize, found: &mut Found) {
        if found.insert(Node::ProcMacro(index)) {
            for edge in &self.program.project.packages[index].dependencies {
                self.depend(edge.to, found);
            }
        }
    }

    fn package(&self, index: usize, found: &mut Found) {
        let package = &self.program.project.foreign[index];
        if package.is_toolkit() {
            return;
        }
        if FORMS.contains(&package.name.as_str()) {
            let major = package.version.split('.').next().unwrap_or_default().to_owned();
            found.forms.insert((package.name.clone(), major));
        } else if found.insert(Node::Package(index)) {
            for &below in &package.dependencies {
                self.depend(below, found);
            }
        }
    }

    fn visit_item(&self, id: ItemId, found: &mut Found) -> Result<(), String> {
        let program = self.program;
        let item = program.item(id);
        match &item.kind {
            ItemKind::Struct { .. } | ItemKind::Enum { .. } | ItemKind::Union { .. } => {
                self.follow(id, true, found)?;
                self.visit_impls(id, found)
            }
            ItemKind::TypeAlias { .. } => self.follow(id, true, found),
            ItemKind::Const { .. }
            | ItemKind::Static { .. }
            | ItemKind::MacroCall { .. }
            | ItemKind::Opaque { .. }
            | ItemKind::Include(_)
            | ItemKind::ForeignMod { .. } => self.follow(id, false, found),
            // A bound: what it lets types stand for.
            ItemKind::Trait { .. } | ItemKind::TraitAlias { .. } => {
                let impls = program.impls();
                let mut impls =
                    impls.of_trait(id).iter().map(|&index| Node::Item(impls.all[index].id)).collect();
                self.visit_all(&mut impls, found)?;
                found.refers(Node::Item(id), impls);
                Ok(())
            }
            ItemKind::Impl(block) => {
                let members = program.members(id, &block.items).into_iter().filter(|&member| {
                    matches!(program.head(member).kind, ItemKind::TypeAlias { .. } | ItemKind::Const { .. })
                });
                let mut members = members.map(Node::Item).collect();
                self.visit_all(&mut members, found)?;
                found.refers(Node::Item(id), members);
                Ok(())
            }
            // Its fingerprint stands for all that it reaches.
            ItemKind::Fn(_)
            | ItemKind::Macro { .. }
            | ItemKind::Mod(_)
            | ItemKind::Use(_)
            | ItemKind::ExternCrate { .. } => Ok(()),
        }
    }

    /// What an item refers to; of types, whether each is seen.
    fn follow(&self, id: ItemId, is_type: bool, found: &mut Found) -> Result<(), String> {
        let program = self.program;
        for (reference, link) in program.item(id).skeleton.refs.iter().zip(program.links(id)) {
            if let (true, Ref::Path(path)) = (is_type, reference)
                && !matches!(path.anchor, Anchor::Generic(_) | Anchor::SelfType)
            {
                self.check(id, path)?;
            }
            if link.dyn_trait.is_some() {
                return Err(format!("`{}`, which its result holds, has a `dyn Trait`", program.path_of(id)));
            }
            let mut nodes = link.nodes.clone();
            for &query in &link.queries {
                nodes.extend(program.candidates(query).iter().map(|&(item, _)| Node::Item(item)));
            }
            self.visit_all(&mut nodes, found)?;
            found.refers(Node::Item(id), nodes);
        }
        Ok(())
    }

    /// Code that decides how a type's values are written.
    fn visit_impls(&self, id: ItemId, found: &mut Found) -> Result<(), String> {
        let program = self.program;
        let text = &program.item(id).skeleton.text;
        let converts = text.split(' ').any(|word| CONVERTS.contains(&word));
        let impls = program.impls();
        let mut nodes = Vec::new();
        for info in impls.with_type(id).iter().map(|&index| &impls.all[index]) {
            let TraitOf::Foreign(name, _) = &info.of_trait else { continue };
            if SERDE.contains(&&**name) || (converts && CONVERSIONS.contains(&&**name)) {
                nodes.push(Node::Item(info.id));
                nodes.extend(info.items.iter().map(|&(_, item)| Node::Item(item)));
            }
        }
        nodes.extend(impls.opaque_with_type(id).iter().map(|&opaque| Node::Item(opaque)));
        self.visit_all(&mut nodes, found)?;
        found.refers(Node::Item(id), nodes);
        Ok(())
    }
}

/// The type behind `->`, and whatever stands there where it is an alias's.
fn after_arrow(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    from + rest.find("->").map_or(0, |at| at + 2)
}

/// The first generic argument of the path that a part is, and all of them.
fn arguments(text: &str, part: Part) -> Option<(Part, Part)> {
    let within = text.get(part.from..part.to)?;
    let open = within.find('<')?;
    let (mut depth, mut at, mut first) = (0_u32, part.from + open, None);
    for word in within[open..].split(' ') {
        match word {
            "<" => depth += 1,
            ">" => depth = depth.saturating_sub(1),
            "," if depth == 1 && first.is_none() => first = Some(at),
            _ => {}
        }
        at += word.len() + 1;
    }
    let from = part.from + open + 1;
    Some((Part { from, to: first?, ..part }, Part { from, ..part }))
}
