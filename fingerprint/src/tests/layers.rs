//! Tests that stages know only those before them: data flows one way.

use std::fs;
use std::path::Path;

/// From the first to the last. `graph` and `emit` are two ends of the same way; neither needs the other.
const STAGES: [&str; 21] = [
    "error", "handover", "ir", "project", "lower", "walk", "expand", "link", "pass", "content", "effects",
    "facts", "close", "hash", "marks", "notes", "lint", "shape", "stored", "graph", "emit",
];

#[test]
fn imports_point_one_way() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut seen = 0;
    for entry in walkdir::WalkDir::new(&src).into_iter().filter_map(Result::ok) {
        let path = entry.path().strip_prefix(&src).expect("a path below");
        let parts: Vec<String> =
            path.components().map(|part| part.as_os_str().to_string_lossy().replace(".rs", "")).collect();
        if !entry.file_type().is_file() || parts.iter().any(|part| part == "tests") || parts[0] == "lib" {
            continue;
        }
        let stage = STAGES.iter().position(|stage| *stage == parts[0]);
        let stage =
            stage.unwrap_or_else(|| panic!("{}: a stage without a place in the order", path.display()));
        let text = fs::read_to_string(entry.path()).expect("a source file");
        // Tests may look around.
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        for used in imports(code) {
            let other = STAGES.iter().position(|stage| *stage == used);
            let other = other.unwrap_or_else(|| panic!("{}: `crate::{used}` is no stage", path.display()));
            assert!(other <= stage, "{} imports {used}, which comes later", path.display());
            assert!((STAGES[stage], STAGES[other]) != ("emit", "graph"), "{} imports graph", path.display());
            seen += usize::from(other != stage);
        }
    }
    assert!(seen > 40, "the test sees the imports");
}

/// The first segments behind `crate::` outside of comments and strings.
fn imports(code: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
        for (at, _) in line.match_indices("crate::") {
            let quoted = line[..at].matches('"').count() % 2 == 1;
            let after = &line[at + 7..];
            let end = after.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(after.len());
            if !quoted && !line[..at].ends_with(['$', '`', '_']) && end > 0 {
                found.push(&after[..end]);
            }
        }
    }
    found
}
