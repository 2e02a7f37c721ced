//! Keeps the last graph of a package in the target directory: the next command gives it again.
//!
//! It holds while the same program is asked the same, cargo and rustc say the same, and no [input](Inputs) changed.
//! A file that is damaged, or not of this form, is as none.

use super::inputs::Inputs;
use super::{Function, Graph, GraphLint, GraphNode, GraphNote, GraphOptions, SCHEMA};
use crate::close::NodeSet;
use crate::effects::Kind;
use crate::handover::{self, Maker, maker};
use crate::project::{Project, Request};
use crate::stored::Stored;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::SystemTime;

/// Part of the file's name: another form is another file.
const FORMAT: u32 = 1;

const KINDS: [&str; 11] =
    ["fn", "const", "static", "type", "trait", "impl", "macro", "module", "package", "file", "opaque"];

/// Where the graph of a package is kept, and what it must be an answer to.
pub(super) struct Kept {
    path: PathBuf,
    question: Question,
}

/// What decides beside the inputs: who asks, and what cargo and rustc said of the project.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
struct Question {
    maker: Maker,
    project: [u8; 32],
}

impl Kept {
    /// `None` where nothing is to be kept.
    pub(super) fn of(options: &GraphOptions, request: &Request, project: &Project) -> Option<Kept> {
        let folder = super::kept_in(options, project)?;
        let maker = maker();
        maker.as_ref()?;
        // As it is printed: that has every field.
        let project = format!("{:?} {project:?}", request.platforms);
        let question = Question { maker, project: blake3::hash(project.as_bytes()).into() };
        let name = if options.all { "all" } else { "marked" };
        Some(Kept { path: folder.join(format!("graph.{name}.{FORMAT}")), question })
    }

    /// The graph, where it is still that of the code.
    pub(super) fn read(&self) -> Option<Graph> {
        let bytes = std::fs::read(&self.path).ok()?;
        let (question, rest): (Question, _) = postcard::take_from_bytes(handover::content(&bytes)?).ok()?;
        let ((inputs, state), rest): ((Inputs, [u8; 32]), _) = postcard::take_from_bytes(rest).ok()?;
        if question != self.question || inputs.state(None)?.0 != state {
            return None;
        }
        postcard::from_bytes::<Encoded<'_>>(rest).ok()?.graph()
    }

    /// Writes a graph whose pass started then. Not while files are being edited: nobody could say what was read.
    pub(super) fn write(&self, graph: &Graph, inputs: &Inputs, started: SystemTime) -> std::io::Result<()> {
        let Some((state, encoded)) = inputs.state(Some(started)).zip(Encoded::of(graph)) else {
            return Ok(());
        };
        let parts = (&self.question, (inputs, state.0), encoded);
        handover::write(&self.path, &[&postcard::to_stdvec(&parts).unwrap_or_default()])
    }
}

/// A graph as bytes: every file's name once, hashes as they are, and closures by their steps.
#[derive(Serialize, Deserialize)]
struct Encoded<'a> {
    package: &'a str,
    directory: PathBuf,
    read: usize,
    #[serde(borrow)]
    files: Vec<&'a str>,
    #[serde(borrow)]
    nodes: Vec<Node<'a>>,
    functions: Vec<Root>,
    #[serde(borrow)]
    lints: Vec<Lint<'a>>,
    #[serde(borrow)]
    notes: Vec<Note<'a>>,
}

#[derive(Serialize, Deserialize)]
struct Node<'a> {
    kind: u8,
    path: &'a str,
    file: Option<u32>,
    line: Option<u32>,
    end_line: Option<u32>,
    hash: [u8; 32],
    refs: Vec<usize>,
    whole: bool,
}

#[derive(Serialize, Deserialize)]
struct Root {
    node: usize,
    fingerprint: [u8; 32],
    marked: bool,
    /// Each as its distance from the one before.
    closure: Vec<usize>,
    stored: Option<Stored>,
}

#[derive(Serialize, Deserialize)]
struct Lint<'a> {
    function: usize,
    kind: &'a str,
    what: &'a str,
    file: &'a str,
    line: u32,
    path: Vec<usize>,
    allowed: bool,
    message: &'a str,
}

#[derive(Serialize, Deserialize)]
struct Note<'a> {
    file: &'a str,
    line: u32,
    message: &'a str,
    is_call: bool,
}

fn bytes(hex: &str) -> Option<[u8; 32]> {
    blake3::Hash::from_hex(hex).ok().map(Into::into)
}

fn hex(bytes: [u8; 32]) -> String {
    blake3::Hash::from_bytes(bytes).to_hex().to_string()
}

impl<'a> Encoded<'a> {
    fn of(graph: &'a Graph) -> Option<Encoded<'a>> {
        let mut files: BTreeMap<&str, u32> = BTreeMap::new();
        for file in graph.nodes.iter().filter_map(|node| node.file.as_deref()) {
            files.insert(file, 0);
        }
        for (index, place) in (0..).zip(files.values_mut()) {
            *place = index;
        }
        let node = |node: &'a GraphNode| {
            Some(Node {
                kind: KINDS.iter().position(|kind| *kind == node.kind)? as u8,
                path: &node.path,
                file: node.file.as_deref().map(|file| files[file]),
                line: node.line,
                end_line: node.end_line,
                hash: bytes(&node.hash)?,
                refs: node.refs.clone(),
                whole: node.whole,
            })
        };
        let root = |function: &Function| {
            let step = |before: &mut usize, index| Some(index - std::mem::replace(before, index));
            Some(Root {
                node: function.node,
                fingerprint: bytes(&function.fingerprint)?,
                marked: function.marked,
                closure: function.closure.iter().scan(0, step).collect(),
                stored: function.stored.clone(),
            })
        };
        let lint = |lint: &'a GraphLint| Lint {
            function: lint.function,
            kind: lint.kind,
            what: &lint.what,
            file: &lint.file,
            line: lint.line,
            path: lint.path.clone(),
            allowed: lint.allowed,
            message: &lint.message,
        };
        let remark = |note: &'a GraphNote| Note {
            file: &note.file,
            line: note.line,
            message: &note.message,
            is_call: note.is_call,
        };
        Some(Encoded {
            package: &graph.package,
            directory: graph.directory.clone(),
            read: graph.parsed.1,
            nodes: graph.nodes.iter().map(node).collect::<Option<_>>()?,
            functions: graph.functions.iter().map(root).collect::<Option<_>>()?,
            lints: graph.lints.iter().map(lint).collect(),
            notes: graph.notes.iter().map(remark).collect(),
            files: files.into_keys().collect(),
        })
    }

    fn graph(self) -> Option<Graph> {
        let Encoded { package, directory, read, files, nodes, functions, lints, notes } = self;
        let node = |node: Node<'_>| {
            let file = |index: u32| files.get(index as usize).map(|file| (*file).to_owned());
            Some(GraphNode {
                kind: KINDS.get(usize::from(node.kind))?,
                path: node.path.to_owned(),
                file: node.file.and_then(file),
                line: node.line,
                end_line: node.end_line,
                hash: hex(node.hash),
                refs: node.refs,
                whole: node.whole,
            })
        };
        let function = |root: Root| {
            let index = |index: &mut usize, step| {
                *index += step;
                Some(*index)
            };
            Function {
                node: root.node,
                fingerprint: hex(root.fingerprint),
                marked: root.marked,
                closure: root.closure.into_iter().scan(0, index).collect::<NodeSet>(),
                stored: root.stored,
            }
        };
        let lint = |lint: Lint<'_>| {
            Some(GraphLint {
                function: lint.function,
                kind: Kind::named(lint.kind)?.name(),
                what: lint.what.to_owned(),
                file: lint.file.to_owned(),
                line: lint.line,
                path: lint.path,
                allowed: lint.allowed,
                message: lint.message.to_owned(),
            })
        };
        let remark = |note: Note<'_>| GraphNote {
            file: note.file.to_owned(),
            line: note.line,
            message: note.message.to_owned(),
            is_call: note.is_call,
        };
        Some(Graph {
            schema: SCHEMA,
            package: package.to_owned(),
            nodes: nodes.into_iter().map(node).collect::<Option<_>>()?,
            functions: functions.into_iter().map(function).collect(),
            lints: lints.into_iter().map(lint).collect::<Option<_>>()?,
            notes: notes.into_iter().map(remark).collect(),
            directory,
            warnings: Vec::new(),
            parsed: (0, read),
            is_kept: true,
        })
    }
}
