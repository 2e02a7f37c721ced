//! Draws a picture: the text for graphviz, laid out by the crate `layout-rs`, and where the graph is large by
//! graphviz itself.

use super::{Drawing, dot};
use crate::failure::{Failure, Result};
use layout::backends::svg::SVGWriter;
use layout::gv::{DotParser, GraphBuilder};
use std::io::Write;
use std::process::{Command, Stdio};

/// More nodes than this take the crate minutes: its time grows much faster than the graph.
const LARGE: usize = 75;
/// More than this take graphviz minutes to put in ranks; by springs, seconds.
const HUGE: usize = 400;

pub(crate) fn svg(drawing: &Drawing<'_>) -> Result<String> {
    let text = dot(drawing);
    let nodes = drawing.graph.nodes.len();
    if nodes == 0 {
        // The crate panics.
        return Err(Failure::hinted(
            anyhow::anyhow!("there is nothing to draw"),
            "mark a function, or name one: `cargo checkpoint graph F`",
        ));
    }
    if nodes > LARGE {
        return graphviz(&text, nodes > HUGE).ok_or_else(|| {
            Failure::hinted(
                anyhow::anyhow!("a picture of {nodes} nodes needs graphviz, whose `dot` cannot be run"),
                "`--format html` draws it without, `--format dot` prints it for graphviz",
            )
        });
    }
    let graph = DotParser::new(&text)
        .process()
        .map_err(|reason| anyhow::anyhow!("the picture cannot be laid out: {reason}"))?;
    let mut builder = GraphBuilder::new();
    builder.visit_graph(&graph);
    let mut picture = builder.get();
    let mut writer = SVGWriter::new();
    picture.do_it(false, false, false, &mut writer);
    Ok(writer.finalize())
}

/// What graphviz draws; `None` where it is not installed, or fails.
fn graphviz(text: &str, by_springs: bool) -> Option<String> {
    let mut command = Command::new("dot");
    if by_springs {
        command.args(["-Ksfdp", "-Goverlap=false"]);
    }
    command.arg("-Tsvg").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    // It reads everything before it writes anything; dropped, the pipe is closed.
    let written = child.stdin.take()?.write_all(text.as_bytes());
    let output = child.wait_with_output().ok()?;
    written.ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
