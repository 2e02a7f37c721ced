//! Lays out rows in columns that are as wide as their widest cell.

use crate::failure::Result;
use crate::terminal::{HEADER, Terminal};
use anstyle::Style;
use std::io::Write;

/// A column's heading, whether its cells are numbers, and how they look.
pub(crate) struct Column(pub &'static str, pub Align, pub Style);

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// Prints a heading and the rows. Every row has a cell for each column.
pub(crate) fn print(terminal: &mut Terminal, columns: &[Column], rows: &[Vec<String>]) -> Result<()> {
    let widths: Vec<usize> = columns
        .iter()
        .enumerate()
        .map(|(index, column)| {
            let cells = rows.iter().map(|row| row[index].chars().count());
            cells.max().unwrap_or_default().max(column.0.len())
        })
        .collect();
    let headings = columns.iter().map(|column| column.0.to_owned()).collect();
    line(terminal, columns, &widths, &headings, true)?;
    for row in rows {
        line(terminal, columns, &widths, row, false)?;
    }
    Ok(())
}

fn line(
    terminal: &mut Terminal,
    columns: &[Column],
    widths: &[usize],
    cells: &Vec<String>,
    heading: bool,
) -> Result<()> {
    let mut text = String::new();
    for (index, (column, cell)) in columns.iter().zip(cells).enumerate() {
        let space = " ".repeat(widths[index] - cell.chars().count());
        let cell = terminal.paint(if heading { HEADER } else { column.2 }, cell);
        if index > 0 {
            text.push_str("  ");
        }
        match column.1 {
            Align::Left => text.extend([cell, space]),
            Align::Right => text.extend([space, cell]),
        }
    }
    writeln!(terminal, "{}", text.trim_end())?;
    Ok(())
}
