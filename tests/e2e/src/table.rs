//! Reads the fingerprints from a generated table, to show them when a case fails.

use std::fs;
use std::path::Path;

/// Path and fingerprint of each marked function whose file begins with `prefix`, one a line.
#[must_use]
pub fn fingerprints(out_dir: Option<&Path>, prefix: &str) -> String {
    let Some(out_dir) = out_dir else { return String::from("  no build script ran\n") };
    let Ok(table) = fs::read_to_string(out_dir.join("checkpoints.rs")) else {
        return String::from("  no table was written\n");
    };
    let rows = table.lines().filter_map(|line| {
        let columns: Vec<&str> = line.split('\t').collect();
        let [path, fingerprint, _, file, _, _, _, _, witnesses, ..] = columns[..] else { return None };
        file.starts_with(prefix).then(|| format!("  {fingerprint} {path} {witnesses}\n"))
    });
    rows.collect()
}
