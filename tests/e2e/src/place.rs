//! Decides which package each case is in: most are one of several programs of a shared package.
//!
//! A package costs a build script that is linked and run, a program costs itself alone. A case that has
//! an own manifest, build script or library, or that must not build, is a package of its own.

use crate::case::{BUILD_SCRIPT, Case, manifest};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// How many cases share a package.
const PROGRAMS: usize = 30;

/// What their programs may use.
const SHARED: [&str; 5] = ["paste", "rustversion", "serde", "serde_json", "thiserror"];

/// Where a case is in the generated workspace.
#[derive(Clone, Debug)]
pub struct Place {
    /// The package, and its folder below the workspace.
    pub package: String,
    /// The case, when its program is one of several.
    program: Option<&'static str>,
}

impl Place {
    /// Where each case goes.
    pub fn all(cases: &[Case]) -> BTreeMap<&'static str, Self> {
        let (shared, own): (Vec<&Case>, Vec<&Case>) = cases.iter().partition(|case| case.is_source_alone());
        let shared = shared.iter().enumerate().map(|(index, case)| {
            let package = format!("shared_{:02}", index / PROGRAMS);
            (case.name, Self { package, program: Some(case.name) })
        });
        let own = own.iter().map(|case| (case.name, Self { package: case.name.to_owned(), program: None }));
        shared.chain(own).collect()
    }

    /// Where a case's files go below the package.
    pub fn files(&self, files: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let Some(name) = self.program else { return files.clone() };
        let source = files.iter().filter_map(|(path, text)| Some((path.strip_prefix("src/")?, text)));
        source.map(|(path, text)| (format!("src/bin/{name}/{path}"), text.clone())).collect()
    }

    /// The files that the programs of a shared package have in common.
    pub fn common(&self) -> Option<BTreeMap<String, String>> {
        self.program?;
        let uses = SHARED.map(|package| format!("{package}.workspace = true\n")).concat();
        let manifest = manifest(&self.package) + &uses;
        let files = [("Cargo.toml", manifest), ("build.rs", BUILD_SCRIPT.to_owned())];
        Some(files.map(|(path, text)| (path.to_owned(), text)).into())
    }

    /// Where the program is run, below the workspace; its results are stored there.
    pub fn working_folder(&self) -> PathBuf {
        let package = PathBuf::from(&self.package);
        self.program.map_or(package.clone(), |name| package.join("runs").join(name))
    }

    /// How the paths of its files begin in the table.
    pub fn prefix(&self) -> String {
        self.program.map_or_else(String::new, |name| format!("src/bin/{name}/"))
    }
}
