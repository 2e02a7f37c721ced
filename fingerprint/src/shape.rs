//! Hashes what a function's stored result looks like: its type with all types in it, their fields and
//! attributes. Results of one code may serve another only where both have the same shape.
//!
//! What cannot be seen has no shape, with the reason: then nothing is accepted. Code counts where it decides
//! how a value is written: `Serialize` by hand, functions that serde attributes name. Options of the mark that
//! make the key count, too.

use crate::close::{Closure, Reach};
use crate::hash::{Framed, Hash, Hasher};
use crate::ir::{Anchor, ItemKind, Namespace, PathRef, Ref, Skeleton, Ty, TyIdx, World};
use crate::link::{Head, ItemId, Node, Program, TraitOf};
use crate::project::PackageId;
use checkpointing_closure::Shape;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

/// Another way to make shapes is another number.
const ALGORITHM: &str = "checkpointing shape 1";

/// How values are written and read.
const SERDE: [&str; 2] = ["Serialize", "Deserialize"];
/// What serde calls where an attribute says so.
const CONVERSIONS: [&str; 5] = ["Default", "From", "Into", "TryFrom", "TryInto"];
const CONVERTS: [&str; 4] = ["default", "from", "into", "try_from"];
/// What their derives write stays the same within a major version.
const FORMS: [&str; 3] = ["serde", "serde_core", "serde_derive"];

/// The shapes of functions' results.
pub(crate) struct Shapes<'p, 'a> {
    program: &'p Program<'a>,
    hasher: &'p Hasher<'p, 'a>,
    reach: Reach<'p, 'a>,
    closures: HashMap<ItemId, Rc<[Node]>>,
}

/// Text of an item, in bytes of its skeleton.
#[derive(Clone, Copy)]
struct Part {
    item: ItemId,
    from: usize,
    to: usize,
}

/// What a shape is made of.
#[derive(Default)]
struct Found {
    nodes: BTreeSet<Node>,
    /// Name and major version of [`FORMS`].
    forms: BTreeSet<(String, String)>,
}

impl<'p, 'a> Shapes<'p, 'a> {
    pub(crate) fn new(program: &'p Program<'a>, hasher: &'p Hasher<'p, 'a>) -> Self {
        Shapes { program, hasher, reach: Reach::new(program), closures: HashMap::new() }
    }

    /// The shape of what is stored of a function; the reason where it is not known.
    pub(crate) fn of(&mut self, id: ItemId) -> Result<Shape, String> {
        let item = self.program.item(id);
        let ItemKind::Fn(function) = &item.kind else { return Err(String::from("it is no function")) };
        let mut parts = Vec::new();
        if let (Some(ty), Some((from, to))) = (function.ret, item.skeleton.result) {
            let from = after_arrow(&item.skeleton.text, from as usize);
            self.stored(Part { item: id, from, to: to as usize }, ty, 0, &mut parts);
        }
        let mut found = Found::default();
        let mut out = Framed::new();
        out.bytes(ALGORITHM.as_bytes());
        let mut roots = Vec::new();
        for part in &parts {
            roots.extend(self.part(*part, true, &mut out, &mut found)?);
        }
        if let Some((from, to)) = item.skeleton.options {
            let part = Part { item: id, from: from as usize, to: to as usize };
            roots.extend(self.part(part, false, &mut out, &mut found)?);
        }
        let nodes: Vec<Node> = found.nodes.into_iter().collect();
        for meanings in roots {
            let closures =
                meanings.into_iter().map(|root| Closure { root, nodes: nodes.clone(), open: false });
            let mut hashes: Vec<Hash> = closures.map(|closure| self.hasher.fingerprint(&closure)).collect();
            hashes.sort_unstable();
            out.number(hashes.len() as u64);
            for hash in hashes {
                out.bytes(&hash.0);
            }
        }
        for (name, major) in found.forms {
            out.bytes(name.as_bytes());
            out.bytes(major.as_bytes());
        }
        let Hash(hash) = out.finish();
        Ok(Shape::new(hash.first_chunk().copied().unwrap_or_default()))
    }

    /// What of a type is stored: of a `Result`, also behind an alias, only the `Ok`.
    fn stored(&self, part: Part, ty: TyIdx, depth: u32, parts: &mut Vec<Part>) {
        let item = self.program.item(part.item);
        if let Ty::Path { path, .. } = &item.body.types[ty.0 as usize]
            && let Some(Ref::Path(path)) = item.skeleton.refs.get(path.0 as usize)
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
        let item = self.program.item(id);
        let Ty::Path { path, .. } = &item.body.types[ty.0 as usize] else { return false };
        let Some(Ref::Path(path)) = item.skeleton.refs.get(path.0 as usize) else { return false };
        match self.program.head_of(id, path) {
            Head::Result => true,
            Head::Alias(alias) if depth < 16 => match &self.program.item(alias).kind {
                ItemKind::TypeAlias { ty: Some(ty), .. } => self.is_result(alias, *ty, depth + 1),
                _ => false,
            },
            _ => false,
        }
    }

    /// Hashes the text of a part, and finds what it refers to: the meanings of each of its references.
    fn part(
        &mut self,
        part: Part,
        is_type: bool,
        out: &mut Framed,
        found: &mut Found,
    ) -> Result<Vec<Vec<Node>>, String> {
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
        let links = program.links(id);
        let mut filled = String::new();
        let mut roots = Vec::new();
        for (index, piece) in text.split(Skeleton::HOLE).enumerate() {
            if let Some(index) = (first + index).checked_sub(1).filter(|_| index > 0) {
                let (Some(reference), Some(link)) = (item.skeleton.refs.get(index), links.get(index)) else {
                    return Err(String::from("its result's type cannot be read"));
                };
                filled.push_str(&link.text);
                if is_type {
                    self.check_root(id, reference, out)?;
                }
                let mut meanings = link.nodes.clone();
                if !is_type {
                    let candidates =
                        link.queries.iter().flat_map(|&query| program.candidates(query).to_vec());
                    meanings.extend(candidates.map(|(item, _)| Node::Item(item)));
                }
                for &node in &meanings {
                    self.visit(node, found)?;
                }
                roots.push(meanings);
            }
            filled.push_str(piece);
        }
        out.bytes(filled.as_bytes());
        Ok(roots)
    }

    fn check_root(&self, id: ItemId, reference: &Ref, out: &mut Framed) -> Result<(), String> {
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
                out.bytes(&self.hasher.node(Node::Item(owner)).0);
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

    fn visit(&mut self, node: Node, found: &mut Found) -> Result<(), String> {
        match node {
            Node::Package(index) => {
                self.package(index, found);
                Ok(())
            }
            Node::ProcMacro(index) => {
                if found.nodes.insert(node) {
                    self.program.project.packages[index]
                        .dependencies
                        .iter()
                        .for_each(|edge| self.depend(edge.to, found));
                }
                Ok(())
            }
            Node::Item(id) if found.nodes.insert(node) => self.visit_item(id, found),
            Node::Item(_) => Ok(()),
            Node::BuildScript(_) | Node::File(_) | Node::Definition(_) => {
                found.nodes.insert(node);
                Ok(())
            }
        }
    }

    fn depend(&self, package: PackageId, found: &mut Found) {
        match package {
            PackageId::Foreign(index) => self.package(index, found),
            PackageId::Analysed(index) if self.program.project.packages[index].is_proc_macro() => {
                found.nodes.insert(Node::ProcMacro(index));
            }
            PackageId::Analysed(_) => {}
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
        } else if found.nodes.insert(Node::Package(index)) {
            package.dependencies.iter().for_each(|&below| self.depend(below, found));
        }
    }

    fn visit_item(&mut self, id: ItemId, found: &mut Found) -> Result<(), String> {
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
                let impls = program.impls().of_trait(id).to_vec();
                impls.iter().try_for_each(|&at| self.visit(Node::Item(program.impls().all[at].id), found))
            }
            ItemKind::Impl(block) => {
                let members = program.members(id, &block.items);
                let types = members.into_iter().filter(|&member| {
                    matches!(program.item(member).kind, ItemKind::TypeAlias { .. } | ItemKind::Const { .. })
                });
                types
                    .collect::<Vec<_>>()
                    .into_iter()
                    .try_for_each(|member| self.visit(Node::Item(member), found))
            }
            ItemKind::Fn(_) => {
                self.run(id, found);
                Ok(())
            }
            ItemKind::Macro { .. } | ItemKind::Mod(_) | ItemKind::Use(_) | ItemKind::ExternCrate { .. } => {
                Ok(())
            }
        }
    }

    /// What an item refers to; of types, whether each is seen.
    fn follow(&mut self, id: ItemId, is_type: bool, found: &mut Found) -> Result<(), String> {
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
            for &node in &link.nodes {
                self.visit(node, found)?;
            }
            for &query in &link.queries {
                for &(item, _) in program.candidates(query).iter() {
                    self.visit(Node::Item(item), found)?;
                }
            }
        }
        Ok(())
    }

    /// Code that decides how a type's values are written.
    fn visit_impls(&mut self, id: ItemId, found: &mut Found) -> Result<(), String> {
        let program = self.program;
        let text = &program.item(id).skeleton.text;
        let converts = text.split(' ').any(|word| CONVERTS.contains(&word));
        let impls = program.impls();
        for info in impls.with_type(id).iter().map(|&index| &impls.all[index]) {
            let TraitOf::Foreign(name, _) = &info.of_trait else { continue };
            if SERDE.contains(&&**name) || (converts && CONVERSIONS.contains(&&**name)) {
                found.nodes.insert(Node::Item(info.id));
                for &(_, item) in &info.items {
                    self.visit(Node::Item(item), found)?;
                }
            }
        }
        for &opaque in impls.opaque_with_type(id) {
            self.visit(Node::Item(opaque), found)?;
        }
        Ok(())
    }

    /// Adds all that a function can reach.
    fn run(&mut self, id: ItemId, found: &mut Found) {
        let program = self.program;
        let reach = &mut self.reach;
        let nodes = self.closures.entry(id).or_insert_with(|| {
            let world =
                if program.entry(id).exists_in(World::NotTest) { World::NotTest } else { World::Test };
            reach.close(id, world).nodes.into()
        });
        for &node in Rc::clone(nodes).iter() {
            match node {
                // Packages come with what mentions them, so that serde's version stays out.
                Node::Package(_) => continue,
                Node::Item(id) => {
                    let mentioned = program.links(id).iter().flat_map(|link| &link.nodes);
                    for mentioned in mentioned {
                        if let Node::Package(index) = mentioned {
                            self.package(*index, found);
                        }
                    }
                }
                _ => {}
            }
            found.nodes.insert(node);
        }
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
