//! Loads the source files of every crate that counts: follows the module trees from the crates'
//! roots, wave by wave, and has each file lowered (in parallel, or taken from the cache).

mod cache;
mod code;
mod disk;
mod modules;
mod packed;
mod parallel;
mod sources;
mod whole;

pub(crate) use cache::{Key, KeyedSettings, Lowered, LoweredCache};
pub(crate) use code::Code;
pub(crate) use disk::{Disk, without_detours};
pub(crate) use parallel::{beside, map, map_with};
pub(crate) use sources::{CrateSource, MacroPlace, Missing, ModuleSource, SourceFile, Sources, Text};
pub(crate) use whole::{FunctionNames, function_names, rust_files, words};

use crate::error::Error;
use crate::ir;
use crate::lower::{CfgEnv, Edition, Settings, is_std_derive, is_std_macro};
use crate::project::{Package, PackageId, Project, Target, TargetKind};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Loads every crate of the project that can hold marks or be reached from one.
///
/// # Errors
/// When the root file of the package's own library or binary cannot be read.
pub(crate) fn load(
    project: &Project,
    disk: &mut Disk,
    cache: &mut LoweredCache,
) -> Result<(Sources, Vec<Missing>), Error> {
    let mut loader = Loader::new(project, disk, cache, BTreeSet::new());
    loader.run()?;
    // The arguments of `vec!` are read as expressions only where `vec` is the one of std.
    let distrusted = distrusted_macros(project, &loader.files);
    let trusted = |name: &&String| loader.files.iter().any(|file| file.lowered.trusted_macros.contains(name));
    let in_files: BTreeSet<String> = distrusted.iter().filter(trusted).cloned().collect();
    if !in_files.is_empty() {
        let parsed = loader.parsed;
        loader = Loader::new(project, disk, cache, in_files);
        loader.run()?;
        loader.parsed += parsed;
    }
    let Loader { files, crates, missing, parsed, .. } = loader;
    let read = files.len();
    Ok((Sources { files, crates, parsed, read, distrusted }, missing))
}

/// What lowering a file of a package depends on beside its text.
pub(crate) fn settings(
    project: &Project,
    package: usize,
    edition: &str,
    distrusted_macros: BTreeSet<String>,
) -> KeyedSettings {
    let Package { features, unknown_features, .. } = &project.packages[package];
    let cfg = CfgEnv {
        known: project.cfgs.clone(),
        features: features.clone(),
        unknown_features: unknown_features.clone(),
        ..CfgEnv::well_known()
    };
    KeyedSettings::new(Settings { edition: Edition::parse(edition), cfg, distrusted_macros })
}

/// Names of std's macros that some macro of the project, or an import from a foreign package, also has.
fn distrusted_macros(project: &Project, files: &[SourceFile]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for file in files {
        let name = |name: ir::Name| file.lowered.names[name.0 as usize].as_str();
        let foreign = |segment: &str| {
            project.packages[file.package]
                .dependencies
                .iter()
                .any(|edge| edge.extern_name == segment && is_foreign(project, edge.to))
        };
        for item in &file.lowered.items {
            match &item.kind {
                ir::ItemKind::Macro { .. } => found.extend(item.name.map(name)),
                ir::ItemKind::Use(leaves) => {
                    let imported = leaves.iter().filter_map(|leaf| match leaf.import {
                        ir::Import::Named(bound)
                            if leaf.segments.first().is_some_and(|s| foreign(name(*s))) =>
                        {
                            Some(name(bound))
                        }
                        _ => None,
                    });
                    found.extend(imported);
                }
                _ => {}
            }
        }
    }
    let of_std = |name: &&str| is_std_macro(name) || is_std_derive(name) || matches!(*name, "test" | "bench");
    found.into_iter().filter(of_std).map(str::to_owned).collect()
}

fn is_foreign(project: &Project, id: PackageId) -> bool {
    match id {
        PackageId::Foreign(_) => true,
        PackageId::Analysed(index) => project.packages[index].is_proc_macro(),
    }
}

struct Loader<'a> {
    project: &'a Project,
    disk: &'a mut Disk,
    cache: &'a mut LoweredCache,
    distrusted: BTreeSet<String>,
    files: Vec<SourceFile>,
    /// The same file with the same settings is lowered once, however many crates hold it.
    index: HashMap<(PathBuf, usize, String), usize>,
    crates: Vec<CrateSource>,
    missing: Vec<Missing>,
    parsed: usize,
}

/// A file that the next wave reads.
struct Wanted {
    krate: usize,
    /// Module and item that ask for it; `None` for a crate's root.
    parent: Option<(usize, ir::ItemIdx)>,
    path: PathBuf,
    /// The directory in which the file's own `mod name;` are looked for.
    directory: PathBuf,
    /// The files above this one: `include!` and `#[path]` can go in circles.
    above: Vec<PathBuf>,
}

impl<'a> Loader<'a> {
    fn new(
        project: &'a Project,
        disk: &'a mut Disk,
        cache: &'a mut LoweredCache,
        distrusted: BTreeSet<String>,
    ) -> Self {
        Loader {
            project,
            disk,
            cache,
            distrusted,
            files: Vec::new(),
            index: HashMap::new(),
            crates: Vec::new(),
            missing: Vec::new(),
            parsed: 0,
        }
    }

    fn run(&mut self) -> Result<(), Error> {
        let mut wave = Vec::new();
        for (package_index, package) in self.project.packages.iter().enumerate() {
            for target in &package.targets {
                if !wanted(package_index, package, target) {
                    continue;
                }
                let krate = self.crates.len();
                let source =
                    CrateSource { package: package_index, target: target.clone(), modules: Vec::new() };
                self.crates.push(source);
                let directory = target.root.parent().map(Path::to_owned).unwrap_or_default();
                if package_index > 0 || target.kind <= TargetKind::Bin {
                    self.disk.watch_sources(&package.directory, &directory);
                }
                wave.push(Wanted {
                    krate,
                    parent: None,
                    path: target.root.clone(),
                    directory,
                    above: Vec::new(),
                });
            }
        }
        while !wave.is_empty() {
            wave = self.load_wave(wave)?;
        }
        self.drop_unmarked_targets();
        Ok(())
    }

    fn load_wave(&mut self, wave: Vec<Wanted>) -> Result<Vec<Wanted>, Error> {
        let jobs: Vec<(PathBuf, usize, String)> =
            wave.iter().map(|wanted| self.key(wanted)).filter(|key| !self.index.contains_key(key)).collect();
        let jobs: BTreeSet<(PathBuf, usize, String)> = jobs.into_iter().collect();
        let jobs: Vec<_> = jobs.into_iter().collect();
        let mut of: BTreeMap<(usize, &str), KeyedSettings> = BTreeMap::new();
        for (_, package, edition) in &jobs {
            let make = || settings(self.project, *package, edition, self.distrusted.clone());
            of.entry((*package, edition)).or_insert_with(make);
        }
        let cache = &*self.cache;
        let lower = |(path, package, edition): &(PathBuf, usize, String)| {
            cache.lower(path, &of[&(*package, edition.as_str())])
        };
        let results = parallel::map_longest_first(&jobs, |(path, ..)| written(path), lower);
        let mut failed: HashMap<PathBuf, std::io::Error> = HashMap::new();
        for ((path, package, edition), result) in jobs.into_iter().zip(results) {
            match result {
                Ok(lowered) => {
                    self.parsed += usize::from(lowered.parsed);
                    self.disk.record_file(&path);
                    self.index.insert((path.clone(), package, edition), self.files.len());
                    let text = lowered.text.clone();
                    let key = lowered.key;
                    let (lowered, code) = self.cache.keep(lowered);
                    self.files.push(SourceFile { path, package, text, lowered, code, key });
                }
                Err(error) => _ = failed.insert(path, error),
            }
        }
        let mut next = Vec::new();
        for wanted in wave {
            match self.index.get(&self.key(&wanted)) {
                Some(&file) => self.attach(&wanted, file, &mut next),
                None => self.report_unreadable(&wanted, failed.remove(&wanted.path))?,
            }
        }
        Ok(next)
    }

    fn key(&self, wanted: &Wanted) -> (PathBuf, usize, String) {
        let krate = &self.crates[wanted.krate];
        (wanted.path.clone(), krate.package, krate.target.edition.clone())
    }

    /// Makes the file a module of its crate and asks for the files that it names.
    fn attach(&mut self, wanted: &Wanted, file: usize, next: &mut Vec<Wanted>) {
        let krate = &mut self.crates[wanted.krate];
        let module = krate.modules.len();
        krate.modules.push(ModuleSource { file, children: BTreeMap::new(), expands: Vec::new() });
        if let Some((parent, item)) = wanted.parent {
            krate.modules[parent].children.entry(item).or_default().push(module);
        }
        let package = krate.package;
        let variable = |name: &str| self.project.variable(package, name);
        let place = modules::Place { file: &wanted.path, directory: &wanted.directory, variable: &variable };
        let mut above = wanted.above.clone();
        above.push(without_detours(&wanted.path));
        let is_file = |path: &Path| path.is_file();
        for child in modules::children(&self.files[file].lowered, &place, self.disk, &is_file) {
            if child.files.is_empty() {
                self.missing.push(Missing {
                    file: wanted.path.clone(),
                    line: child.line,
                    message: child.problem,
                });
                continue;
            }
            for (path, directory) in child.files {
                if above.contains(&without_detours(&path)) {
                    let message = format!("the module file {} is a part of itself", path.display());
                    self.missing.push(Missing { file: wanted.path.clone(), line: child.line, message });
                    continue;
                }
                let parent = Some((module, child.item));
                next.push(Wanted { krate: wanted.krate, parent, path, directory, above: above.clone() });
            }
        }
    }

    fn report_unreadable(&mut self, wanted: &Wanted, error: Option<std::io::Error>) -> Result<(), Error> {
        let source = error.unwrap_or_else(|| std::io::ErrorKind::InvalidData.into());
        let own = self.crates[wanted.krate].package == 0;
        if wanted.parent.is_none() && own && self.crates[wanted.krate].target.kind <= TargetKind::Bin {
            return Err(Error::Read { path: wanted.path.clone(), source });
        }
        let message = format!("cannot be read: {source}");
        self.missing.push(Missing { file: wanted.path.clone(), line: 1, message });
        Ok(())
    }

    /// Tests, examples and benches of the package count (and are watched) only when they hold marks
    /// or make cached calls.
    fn drop_unmarked_targets(&mut self) {
        let files = &self.files;
        let mut dropped = BTreeSet::new();
        self.crates.retain(|krate| {
            let own_code = krate.target.kind <= TargetKind::Bin;
            let used =
                own_code || krate.modules.iter().any(|module| mentions_us(&files[module.file].lowered));
            if !used {
                dropped.extend(krate.modules.iter().map(|module| module.file));
            }
            used
        });
        let kept: BTreeSet<usize> =
            self.crates.iter().flat_map(|krate| krate.modules.iter().map(|module| module.file)).collect();
        for file in dropped.difference(&kept) {
            self.disk.forget_file(&self.files[*file].path);
        }
    }
}

/// What was written last is most likely not in the cache, and to lower it takes longest.
fn written(path: &Path) -> Option<SystemTime> {
    path.metadata().ok()?.modified().ok()
}

/// Libraries of every package; everything else of the first package only: nobody can name it.
fn wanted(index: usize, package: &Package, target: &Target) -> bool {
    match target.kind {
        TargetKind::Lib => !package.is_toolkit(),
        // A procedural macro runs at compile time: its package counts as a whole.
        TargetKind::ProcMacro => false,
        _ => index == 0,
    }
}

fn mentions_us(file: &ir::File) -> bool {
    file.items.iter().any(|item| item.mark.is_some()) || file.names.iter().any(|name| name == "checkpointing")
}
