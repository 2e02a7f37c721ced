//! `graph`: prints nodes, references and closures.

use crate::{Format, Selection};
use anyhow::{Context, Result};
use checkpointing_fingerprint::Graph;
use std::io::{BufWriter, Write};

pub(crate) fn run(selection: &Selection, all: bool) -> Result<()> {
    let graph = selection.load(all, selection.format == Format::Json)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    match selection.format {
        Format::Json => serde_json::to_writer(&mut out, &graph).context("the graph cannot be written")?,
        Format::Text => text(&graph, &mut out)?,
    }
    writeln!(out)?;
    out.flush()?;
    Ok(())
}

/// A function a line, and below it what it can reach.
fn text(graph: &Graph, out: &mut impl Write) -> Result<()> {
    for function in &graph.functions {
        let node = &graph.nodes[function.node];
        writeln!(out, "{} {}", node.path, &function.fingerprint[..12])?;
        for &index in function.closure.iter().filter(|&&index| index != function.node) {
            let node = &graph.nodes[index];
            let place = match (&node.file, node.line) {
                (Some(file), Some(line)) => format!("  {file}:{line}"),
                (Some(file), None) => format!("  {file}"),
                _ => String::new(),
            };
            writeln!(out, "    {} {}{place}", node.kind, node.path)?;
        }
    }
    Ok(())
}
