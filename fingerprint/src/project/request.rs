//! Reads what a build script, or a command line, says about the build to look at.

use crate::error::Error;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Which features of the package are on.
#[derive(Clone, Debug)]
pub(crate) enum FeatureSelection {
    /// Exactly these: cargo has resolved them already.
    Exact(BTreeSet<String>),
    /// As given on a command line.
    Flags(Vec<String>),
}

/// One build, as far as it is decided outside of the manifests.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) manifest: PathBuf,
    pub(crate) cargo: OsString,
    /// Target triples that are built for: the target and the host.
    pub(crate) platforms: Vec<String>,
    pub(crate) features: FeatureSelection,
    pub(crate) cfgs: BTreeMap<String, BTreeSet<String>>,
    /// `OUT_DIR`, in a build script.
    pub(crate) out: Option<PathBuf>,
    /// Nothing but the lock file may tell which versions are built.
    pub(crate) locked: bool,
}

impl Request {
    /// From the environment that cargo gives to a build script.
    pub(crate) fn from_build_script() -> Result<Self, Error> {
        let variable =
            |name: &'static str| std::env::var(name).map_err(|_| Error::NotABuildScript { variable: name });
        let manifest = Path::new(&variable("CARGO_MANIFEST_DIR")?).join("Cargo.toml");
        let mut cfgs = BTreeMap::new();
        let mut features = BTreeSet::new();
        for (name, value) in std::env::vars() {
            let Some(cfg) = name.strip_prefix("CARGO_CFG_") else { continue };
            let values = value.split(',').filter(|v| !v.is_empty()).map(str::to_owned).collect();
            match cfg {
                "FEATURE" => features = values,
                // Says `true` in dev even under `-C debug-assertions=no` (rustc knows better).
                "DEBUG_ASSERTIONS" | "OVERFLOW_CHECKS" => {}
                _ => _ = cfgs.insert(cfg.to_lowercase(), values),
            }
        }
        Ok(Request {
            manifest,
            out: Some(variable("OUT_DIR")?.into()),
            cargo: std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
            platforms: vec![variable("TARGET")?, variable("HOST")?],
            features: FeatureSelection::Exact(features),
            cfgs,
            locked: false,
        })
    }

    /// For a manifest, outside of a build: the host's own cfgs, unless a target is named.
    pub(crate) fn from_manifest(
        manifest: &Path,
        features: Vec<String>,
        target: Option<&str>,
    ) -> Result<Self, Error> {
        let manifest = manifest
            .canonicalize()
            .map_err(|source| Error::Manifest { path: manifest.to_owned(), reason: source.to_string() })?;
        let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let mut command = Command::new(&rustc);
        command.args(["--print", "cfg", "--print", "host-tuple"]);
        if let Some(target) = target {
            command.args(["--target", target]);
        }
        let output = command.output().map_err(|error| Error::Rustc { reason: error.to_string() })?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(Error::Rustc { reason: super::told(&said).to_owned() });
        }
        let (cfgs, host) = parse_cfgs(&String::from_utf8_lossy(&output.stdout));
        let mut platforms = vec![target.map_or_else(|| host.clone(), str::to_owned), host];
        platforms.dedup();
        Ok(Request {
            manifest,
            cargo: std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
            platforms,
            out: None,
            features: FeatureSelection::Flags(features),
            cfgs,
            locked: false,
        })
    }

    pub(crate) fn directory(&self) -> &Path {
        self.manifest.parent().unwrap_or(Path::new("."))
    }
}

/// `key="value"` and `name` lines; the one line that is neither names the host.
fn parse_cfgs(text: &str) -> (BTreeMap<String, BTreeSet<String>>, String) {
    let mut cfgs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut host = String::new();
    for line in text.lines() {
        match line.split_once('=') {
            Some((name, value)) => {
                let values = cfgs.entry(name.to_owned()).or_default();
                values.insert(value.trim_matches('"').to_owned());
            }
            None if line.contains('-') => line.clone_into(&mut host),
            None if matches!(line, "debug_assertions" | "overflow_checks") => {}
            None => _ = cfgs.entry(line.to_owned()).or_default(),
        }
    }
    (cfgs, host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rustc_output_is_read_and_debug_assertions_stay_unknown() {
        let text = "debug_assertions\npanic=\"unwind\"\ntarget_feature=\"fxsr\"\ntarget_feature=\"sse\"\nunix\nx86_64-unknown-linux-gnu\n";
        let (cfgs, host) = parse_cfgs(text);
        assert_eq!(host, "x86_64-unknown-linux-gnu");
        assert_eq!(cfgs["target_feature"].len(), 2);
        assert!(cfgs["unix"].is_empty() && !cfgs.contains_key("debug_assertions"));
    }
}
