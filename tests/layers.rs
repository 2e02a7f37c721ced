//! Tests that the modules know only those below them: what a result's way is can be read from top to bottom.

use std::fs;
use std::path::{Path, PathBuf};

/// From the bottom up.
const LAYERS: [&str; 15] = [
    "point",
    "raw",
    "error",
    "codec",
    "counts",
    "fingerprint",
    "table",
    "key",
    "store",
    "event",
    "config",
    "report",
    "lock",
    "call",
    "macros",
];

fn add_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for file in fs::read_dir(folder).into_iter().flatten() {
        let path = file.unwrap().path();
        if path.is_dir() { add_files(&path, files) } else { files.push(path) }
    }
}

#[test]
fn imports_point_one_way() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut seen = 0;
    for (height, layer) in LAYERS.iter().enumerate() {
        let mut files = vec![src.join(format!("{layer}.rs"))];
        add_files(&src.join(layer), &mut files);
        for file in files.iter().filter(|file| file.is_file()) {
            let text = fs::read_to_string(file).unwrap();
            // Tests may look around.
            let code = text.split("#[cfg(test)]").next().unwrap();
            for (at, _) in code.match_indices("crate::") {
                let line = code[..at].rsplit('\n').next().unwrap().trim_start();
                if line.starts_with("//") || line.ends_with('$') {
                    continue;
                }
                let used: String =
                    code[at + 7..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if let Some(other) = LAYERS.iter().position(|layer| *layer == used) {
                    assert!(other <= height, "{} uses {used}, which is above it", file.display());
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 20, "the test sees the imports");
}
