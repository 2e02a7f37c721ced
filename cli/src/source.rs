//! Shows how the source of an item differs from that of the last commit before a time, where git knows it.

use checkpointing_fingerprint::GraphNode;
use similar::{ChangeTag, TextDiff};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::SystemTime;

/// A commit, and the lines of an item that were removed and added since.
pub(crate) struct Difference {
    pub(crate) commit: String,
    /// Each begins with `-` or `+`.
    pub(crate) lines: Vec<String>,
}

/// `None` where there is no git, no such commit, or no difference in the item's lines.
pub(crate) fn difference(folder: &Path, node: &GraphNode, before: SystemTime) -> Option<Difference> {
    let (file, first, last) = (node.file.as_ref()?, node.line?, node.end_line?);
    let time = format!("--before={}", humantime::format_rfc3339_seconds(before));
    let commit = git(folder, &["log", "-1", "--format=%h", &time, "--", file])?.trim().to_owned();
    if commit.is_empty() {
        return None;
    }
    let old = git(folder, &["show", &format!("{commit}:./{file}")])?;
    let new = std::fs::read_to_string(folder.join(file)).ok()?;
    let lines = changed_lines(&old, &new, first as usize, last as usize);
    (!lines.is_empty()).then_some(Difference { commit, lines })
}

/// The changed lines of the new text from `first` to `last`, both counted from 1, and what stood there.
fn changed_lines(old: &str, new: &str, first: usize, last: usize) -> Vec<String> {
    let mut lines = Vec::new();
    // Where a removed line stood: before this line of the new text.
    let mut next = 1;
    for change in TextDiff::from_lines(old, new).iter_all_changes() {
        let (sign, here) = match change.tag() {
            ChangeTag::Equal => ("", next),
            ChangeTag::Delete => ("-", next),
            ChangeTag::Insert => ("+", next),
        };
        if !sign.is_empty() && (first..=last).contains(&here) {
            lines.push(format!("{sign}{}", change.value().trim_end()));
        }
        if change.tag() != ChangeTag::Delete {
            next += 1;
        }
    }
    lines
}

fn git(folder: &Path, arguments: &[&str]) -> Option<String> {
    let output =
        Command::new("git").arg("-C").arg(folder).args(arguments).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_lines_of_the_item_are_shown() {
        let old = "fn a() {}\nfn b() {\n    1\n}\nfn c() {}\n";
        let new = "fn a() { 2 }\nfn b() {\n    3\n}\nfn c() {}\nfn d() {}\n";
        assert_eq!(changed_lines(old, new, 2, 4), ["-    1", "+    3"]);
        assert_eq!(changed_lines(old, new, 5, 5), [""; 0]);
    }
}
