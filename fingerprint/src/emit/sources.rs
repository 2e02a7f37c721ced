//! Says of every node what it adds to the rows of the functions that reach it: the file that it stands in, and what
//! it asks rustc for. A node is in many closures.

use crate::close::{Closure, NodeSet, Web};
use crate::facts::Facts;
use crate::link::{Node, Program, Witness};
use std::collections::{BTreeMap, BTreeSet, HashMap};

pub(super) struct Sources {
    /// Files, relative to the package.
    pub(super) list: Vec<String>,
    /// By node.
    files: Vec<Option<u32>>,
    /// The nodes that ask for something, and what.
    asking: NodeSet,
    asks: BTreeMap<usize, Asks>,
}

/// What nodes ask rustc for.
#[derive(Default)]
pub(super) struct Asks {
    pub(super) witnesses: BTreeSet<Witness>,
    /// Features that are not known here decide.
    pub(super) features: bool,
}

impl Sources {
    pub(super) fn new(facts: &Facts<'_, '_>, web: &Web) -> Self {
        let program = facts.program;
        let mut numbers = Numbers::new(program);
        let files = web.nodes().iter().map(|&node| numbers.of(node)).collect();
        let asks = web.nodes().iter().enumerate();
        let asks: BTreeMap<usize, Asks> =
            asks.filter_map(|(index, &node)| Some((index, asks_of(facts, node)?))).collect();
        Sources { list: numbers.list, files, asking: asks.keys().copied().collect(), asks }
    }

    /// The files of what was reached, by index into the list.
    pub(super) fn of(&self, closures: &[&Closure]) -> NodeSet {
        let nodes = closures.iter().flat_map(|closure| closure.reached.iter());
        nodes.filter_map(|node| self.files[node]).map(|file| file as usize).collect()
    }

    /// What all that was reached asks for.
    pub(super) fn asked_by(&self, closures: &[&Closure]) -> Asks {
        let mut all = Asks::default();
        for node in closures.iter().flat_map(|closure| closure.reached.shared(&self.asking)) {
            if let Some(Asks { witnesses, features }) = self.asks.get(&node) {
                all.witnesses.extend(witnesses.iter().cloned());
                all.features |= features;
            }
        }
        all
    }
}

fn asks_of(facts: &Facts<'_, '_>, node: Node) -> Option<Asks> {
    let asks = match node {
        Node::Item(id) => {
            let facts = facts.of(id);
            Asks { witnesses: facts.witnesses.clone(), features: facts.asks_features }
        }
        Node::Package(index) => {
            let features = facts.program.project.foreign[index].uncertain_features;
            Asks { witnesses: BTreeSet::new(), features }
        }
        Node::Definition(_) | Node::File(_) | Node::ProcMacro(_) | Node::BuildScript(_) => return None,
    };
    Some(asks).filter(|asks| asks.features || !asks.witnesses.is_empty())
}

/// Numbers files as they are met.
struct Numbers<'p, 'a> {
    program: &'p Program<'a>,
    list: Vec<String>,
    by_name: HashMap<String, u32>,
    /// By index into the program's files, where it is known.
    by_file: Vec<Option<u32>>,
}

impl<'p, 'a> Numbers<'p, 'a> {
    fn new(program: &'p Program<'a>) -> Self {
        let by_file = vec![None; program.sources.files.len()];
        Numbers { program, list: Vec::new(), by_name: HashMap::new(), by_file }
    }

    fn of(&mut self, node: Node) -> Option<u32> {
        let program = self.program;
        match node {
            Node::Item(id) | Node::Definition(id) => {
                let file = program.file_of(id);
                if self.by_file[file].is_none() {
                    let name = program.project.relative(&program.sources.files[file].path);
                    self.by_file[file] = Some(self.named(name));
                }
                self.by_file[file]
            }
            Node::File(index) => {
                let name = program.project.relative(&program.included_file(index).path);
                Some(self.named(name))
            }
            Node::Package(_) | Node::ProcMacro(_) | Node::BuildScript(_) => None,
        }
    }

    fn named(&mut self, name: String) -> u32 {
        let next = self.list.len() as u32;
        let number = *self.by_name.entry(name.clone()).or_insert(next);
        if number == next {
            self.list.push(name);
        }
        number
    }
}
