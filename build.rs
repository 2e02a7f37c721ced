//! Records the toolchain and the target for the keys of stored results.
//!
//! With std alone, so that no user waits for a parser here. What goes into the variable is text and
//! not a hash: std has none that is stable, and the run time hashes it anyway.

use std::collections::BTreeMap;
use std::env;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=RUSTC");
    match toolchain() {
        Ok(text) => println!("cargo::rustc-env=CHECKPOINTING_TOOLCHAIN={text}"),
        Err(message) => println!("cargo::error=checkpointing cannot tell the toolchain: {message}"),
    }
    // Last: it sets the variable that says where this package's table is.
    #[cfg(feature = "workspace-tests")]
    checkpointing_fingerprint::emit();
}

/// One line: what `rustc -vV` prints, the target, and the cfgs that dependencies are built with.
fn toolchain() -> Result<String, String> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(&rustc)
        .arg("-vV")
        .output()
        .map_err(|error| format!("{} -vV: {error}", rustc.to_string_lossy()))?;
    if !output.status.success() {
        return Err(format!("{} -vV: {}", rustc.to_string_lossy(), output.status));
    }
    let version = String::from_utf8_lossy(&output.stdout);
    let mut parts: Vec<String> = version.lines().map(|line| line.trim().to_owned()).collect();
    parts.push(format!("target: {}", env::var("TARGET").unwrap_or_default()));
    // This package's own features say nothing about the code whose results are stored.
    let cfgs: BTreeMap<String, String> = env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.to_string_lossy().into_owned())))
        .filter(|(name, _)| name.starts_with("CARGO_CFG_") && name != "CARGO_CFG_FEATURE")
        .collect();
    parts.extend(cfgs.iter().map(|(name, value)| format!("{name}={}", value.replace(['\n', '\r'], " "))));
    Ok(parts.join("; "))
}
