//! Hashes what a function's stored result looks like: its type with all types in it, their fields and
//! attributes. Results of one code may serve another only where both have the same shape.
//!
//! What cannot be seen has no shape, with the reason: then nothing is accepted. Code counts where it decides
//! how a value is written: `Serialize` by hand, functions that serde attributes name. Options of the mark that
//! make the key count, too.

mod finder;

use crate::close::{Closure, Jobs, Root, Web};
use crate::content::{Framed, Hash};
use crate::facts::Facts;
use crate::hash::{Hasher, Numbers};
use crate::ir::{ItemKind, World};
use crate::link::{ItemId, Node, Program};
use checkpointing_closure::Shape;
use finder::Finder;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Another way to make shapes is another number.
const ALGORITHM: &str = "checkpointing shape 1";

/// The shapes of what is stored of functions, in their order; the reason where one is not known.
pub(crate) fn shapes(facts: &Facts<'_, '_>, ids: &[ItemId]) -> Vec<Result<Shape, String>> {
    let program = facts.program;
    let finder = Finder { program };
    let found: Vec<Result<Found, String>> =
        ids.iter().map(|&id| program.within(id, || finder.find(id))).collect();
    let all = found.iter().flatten();
    let functions: BTreeSet<ItemId> = all.clone().flat_map(|found| found.functions(program)).collect();
    let fingerprints = fingerprints(facts, &functions.into_iter().collect::<Vec<_>>());
    let nodes: BTreeSet<Node> = all.flat_map(|found| found.order.iter().copied()).collect();
    let contents: BTreeMap<Node, Hash> = nodes.into_iter().map(|node| (node, facts.content(node))).collect();
    let hash = |found: Found| found.hash(program, &contents, &fingerprints);
    found.into_iter().map(|found| found.map(hash)).collect()
}

/// Of functions with all that they reach.
fn fingerprints(facts: &Facts<'_, '_>, functions: &[ItemId]) -> BTreeMap<ItemId, Hash> {
    let program = facts.program;
    if functions.is_empty() {
        return BTreeMap::new();
    }
    let web = Web::new(facts, functions);
    let hasher = Hasher::new(facts, &web);
    let world = |id| if program.entry(id).exists_in(World::NotTest) { World::NotTest } else { World::Test };
    let jobs: Vec<Vec<Root>> = functions.iter().map(|&id| vec![Root::Function(id, world(id))]).collect();
    let each = web.each(&Jobs::new(program, &jobs), |numbers: &mut Numbers, closures: Vec<Closure>| {
        hasher.fingerprint(&closures[0], numbers)
    });
    functions.iter().copied().zip(each).collect()
}

/// What a shape is made of.
struct Found {
    /// The texts that begin it, and what each of their references means.
    text: Framed,
    roots: Vec<Vec<Node>>,
    /// Everything that is held, in the order in which it is met, and what each refers to.
    order: Vec<Node>,
    numbers: HashMap<Node, u32>,
    below: Vec<Vec<Vec<Node>>>,
    /// Name and major version of [`FORMS`].
    forms: BTreeSet<(String, String)>,
}

impl Found {
    fn new() -> Found {
        let mut text = Framed::new();
        text.bytes(ALGORITHM.as_bytes());
        let (roots, order, numbers, below) = (Vec::new(), Vec::new(), HashMap::new(), Vec::new());
        Found { text, roots, order, numbers, below, forms: BTreeSet::new() }
    }

    /// Whether a node is new; it gets the next number.
    fn insert(&mut self, node: Node) -> bool {
        let number = self.order.len() as u32;
        let is_new = *self.numbers.entry(node).or_insert(number) == number;
        if is_new {
            self.order.push(node);
            self.below.push(Vec::new());
        }
        is_new
    }

    fn refers(&mut self, node: Node, to: Vec<Node>) {
        if let Some(&number) = self.numbers.get(&node) {
            self.below[number as usize].push(to);
        }
    }

    fn functions(&self, program: &Program<'_>) -> Vec<ItemId> {
        let items =
            self.order.iter().filter_map(|node| if let Node::Item(id) = node { Some(*id) } else { None });
        items.filter(|&id| matches!(program.head(id).kind, ItemKind::Fn(_))).collect()
    }

    fn hash(
        self,
        program: &Program<'_>,
        contents: &BTreeMap<Node, Hash>,
        fingerprints: &BTreeMap<ItemId, Hash>,
    ) -> Shape {
        let mut out = self.text;
        let refer = |out: &mut Framed, nodes: &[Node]| {
            let mut numbers: Vec<u32> =
                nodes.iter().filter_map(|node| self.numbers.get(node).copied()).collect();
            numbers.sort_unstable();
            numbers.dedup();
            out.number(numbers.len() as u64);
            for number in numbers {
                out.number(u64::from(number));
            }
        };
        for root in &self.roots {
            refer(&mut out, root);
        }
        for (node, below) in self.order.iter().zip(&self.below) {
            let function = match node {
                Node::Item(id) if matches!(program.head(*id).kind, ItemKind::Fn(_)) => fingerprints.get(id),
                _ => None,
            };
            if let Some(hash) = function.or_else(|| contents.get(node)) {
                out.bytes(&hash.0);
            }
            out.number(below.len() as u64);
            for nodes in below {
                refer(&mut out, nodes);
            }
        }
        for (name, major) in &self.forms {
            out.bytes(name.as_bytes());
            out.bytes(major.as_bytes());
        }
        let Hash(hash) = out.finish();
        Shape::new(hash.first_chunk().copied().unwrap_or_default())
    }
}
