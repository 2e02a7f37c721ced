//! `list`: prints the marked functions, a line each.

use crate::{Format, Selection};
use anyhow::{Context, Result};
use serde::Serialize;

/// One line of the JSON form.
#[derive(Serialize)]
struct Row<'a> {
    function: &'a str,
    file: Option<&'a str>,
    line: Option<u32>,
    fingerprint: &'a str,
    /// How many items, packages and files it can reach, itself not counted.
    reaches: usize,
}

pub(crate) fn run(selection: &Selection) -> Result<()> {
    let graph = selection.load(false, false)?;
    let rows: Vec<Row<'_>> = graph
        .functions
        .iter()
        .map(|function| {
            let node = &graph.nodes[function.node];
            Row {
                function: &node.path,
                file: node.file.as_deref(),
                line: node.line,
                fingerprint: &function.fingerprint,
                reaches: function.closure.len() - 1,
            }
        })
        .collect();
    match selection.format {
        Format::Json => {
            for row in &rows {
                println!("{}", serde_json::to_string(row).context("a row cannot be written")?);
            }
        }
        Format::Text => text(&rows, &graph.package),
    }
    Ok(())
}

fn text(rows: &[Row<'_>], package: &str) {
    if rows.is_empty() {
        println!(
            "No function of `{package}` is marked. Mark one with #[checkpoint], or with a line `/// checkpoint`."
        );
        return;
    }
    let width =
        rows.iter().map(|row| row.function.chars().count()).max().unwrap_or_default().max("function".len());
    println!("{:width$}  {:12}  {:>7}  place", "function", "fingerprint", "reaches");
    for row in rows {
        let place = format!("{}:{}", row.file.unwrap_or_default(), row.line.unwrap_or_default());
        println!("{:width$}  {:12}  {:>7}  {place}", row.function, &row.fingerprint[..12], row.reaches);
    }
}
