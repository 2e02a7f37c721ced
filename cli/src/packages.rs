//! Finds the packages that are asked for, and analyses them.

use crate::arguments::Selection;
use crate::failure::{Failure, Result};
use crate::names;
use crate::terminal::Terminal;
use anyhow::Context;
use cargo_metadata::{Metadata, MetadataCommand};
use checkpointing_fingerprint::{Graph, GraphOptions};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Which functions a graph is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Roots {
    Marked,
    /// Every function with a body outside of tests.
    All,
}

impl Selection {
    /// Analyses the packages, and warns of what was taken whole; of macro calls only where details are wanted.
    pub(crate) fn load(&self, roots: Roots, terminal: &Terminal) -> Result<Vec<Graph>> {
        let graphs = self.load_silently(roots, terminal)?;
        for graph in &graphs {
            for note in &graph.notes {
                let message = format!("{}:{}: {}", note.file, note.line, note.message);
                if note.is_call { terminal.detail(&message) } else { terminal.warn(&message) }
            }
        }
        Ok(graphs)
    }

    /// All packages of the workspace.
    pub(crate) fn load_workspace(&self, roots: Roots, terminal: &Terminal) -> Result<Vec<Graph>> {
        let metadata = workspace(&self.manifest()?)?;
        let members = metadata.workspace_packages();
        members
            .iter()
            .map(|member| self.analyse(member.manifest_path.clone().into(), roots, terminal))
            .collect()
    }

    /// For an answer that has the notes itself.
    pub(crate) fn load_silently(&self, roots: Roots, terminal: &Terminal) -> Result<Vec<Graph>> {
        self.manifests()?.into_iter().map(|manifest| self.analyse(manifest, roots, terminal)).collect()
    }

    fn analyse(&self, manifest: PathBuf, roots: Roots, terminal: &Terminal) -> Result<Graph> {
        let start = Instant::now();
        let spinner = terminal.spinner("analysing the code");
        let graph = Graph::load(&self.options(manifest, roots));
        spinner.finish_and_clear();
        let graph = graph?;
        graph.warnings.iter().for_each(|warning| terminal.warn(warning));
        let (parsed, files) = graph.parsed;
        let how = if graph.is_kept {
            format!("none of {files} files changed since the last time")
        } else {
            format!("{parsed} of {files} files were parsed, the others are as kept in the target directory")
        };
        let took = start.elapsed().as_secs_f64();
        terminal.detail(&format!("analysed `{}` in {took:.3} s: {how}", graph.package));
        Ok(graph)
    }

    fn options(&self, manifest: PathBuf, roots: Roots) -> GraphOptions {
        let mut features = Vec::new();
        for names in &self.features {
            features.extend(["--features".to_owned(), names.clone()]);
        }
        if self.all_features {
            features.push("--all-features".to_owned());
        }
        if self.no_default_features {
            features.push("--no-default-features".to_owned());
        }
        GraphOptions {
            manifest,
            all: roots == Roots::All,
            features,
            target: self.target.clone(),
            locked: self.locked || self.frozen,
            keep: true,
        }
    }

    /// The manifests of the packages. Cargo is asked only where there can be several.
    pub(crate) fn manifests(&self) -> Result<Vec<PathBuf>> {
        let manifest = self.manifest()?;
        if self.package.is_empty() && !self.workspace && !is_virtual(&manifest) {
            return Ok(vec![manifest]);
        }
        let metadata = workspace(&manifest)?;
        let members = metadata.workspace_packages();
        if self.workspace {
            return Ok(members.iter().map(|package| package.manifest_path.clone().into()).collect());
        }
        if self.package.is_empty() {
            let members = metadata.workspace_default_packages();
            return Ok(members.iter().map(|package| package.manifest_path.clone().into()).collect());
        }
        let find = |name: &String| {
            let found = members.iter().find(|package| package.name == *name);
            found.map(|package| package.manifest_path.clone().into()).ok_or_else(|| {
                let known = members.iter().map(|package| package.name.as_str());
                Failure::usage(
                    format!("no package `{name}` in this workspace"),
                    names::suggestion(name, known.clone()).map_or_else(
                        || format!("it has {}", names::listed(&known.collect(), "and")),
                        |similar| format!("did you mean `{similar}`?"),
                    ),
                )
            })
        };
        self.package.iter().map(find).collect()
    }

    /// The manifest that was named, or the nearest.
    pub(crate) fn manifest(&self) -> Result<PathBuf> {
        if let Some(path) = &self.manifest_path {
            return Ok(path.clone());
        }
        let here = std::env::current_dir().context("the working directory cannot be read")?;
        let found = here.ancestors().map(|folder| folder.join("Cargo.toml")).find(|path| path.is_file());
        found.ok_or_else(|| {
            Failure::usage(
                format!("no Cargo.toml in {} or above it", here.display()),
                "name one with --manifest-path",
            )
        })
    }
}

/// A path as people would write it here.
pub(crate) fn shown(path: &Path) -> std::path::Display<'_> {
    let here = std::env::current_dir().ok();
    here.and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path).display()
}

fn is_virtual(manifest: &Path) -> bool {
    let table = std::fs::read_to_string(manifest).ok().and_then(|text| text.parse::<toml::Table>().ok());
    table.is_some_and(|table| !table.contains_key("package"))
}

/// Whether a manifest is absent or has the form of one: then another may be meant.
pub(crate) fn is_unbroken(manifest: &Path) -> bool {
    std::fs::read_to_string(manifest).map_or(true, |text| text.parse::<toml::Table>().is_ok())
}

fn workspace(manifest: &Path) -> Result<Metadata> {
    let mut command = MetadataCommand::new();
    command.manifest_path(manifest).no_deps().other_options(["--offline".to_owned()]);
    let reason = match command.exec() {
        Ok(metadata) => return Ok(metadata),
        Err(cargo_metadata::Error::CargoMetadata { stderr }) => stderr,
        Err(error) => return Err(error.into()),
    };
    let reason = match reason.trim().trim_start_matches("error: ") {
        "" => "`cargo metadata` failed and did not say why",
        said => said,
    };
    let error = anyhow::Error::msg(reason.to_owned())
        .context(format!("{}: cargo cannot read the workspace", manifest.display()));
    Err(if is_unbroken(manifest) {
        Failure::hinted(error, "name a package's or workspace's Cargo.toml with --manifest-path")
    } else {
        error.into()
    })
}
