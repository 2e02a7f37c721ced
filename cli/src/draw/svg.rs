//! Draws a picture: the text for graphviz, laid out by the crate `layout-rs`.

use super::{Drawing, dot};
use crate::failure::Result;
use layout::backends::svg::SVGWriter;
use layout::gv::{DotParser, GraphBuilder};

pub(crate) fn svg(drawing: &Drawing<'_>) -> Result<String> {
    let text = dot(drawing);
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
