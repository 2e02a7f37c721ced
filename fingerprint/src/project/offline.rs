//! Builds the project without cargo's resolver, from manifests and `Cargo.lock`: for fresh clones
//! where a package was never downloaded, and for packages without a lock file.
//!
//! Everything that would need the missing manifests is taken wide: every declared dependency counts,
//! on every platform, and features of foreign packages are what the lock file's reader cannot know.

use super::lock::{Lock, LockedPackage};
use super::request::{FeatureSelection, Request};
use super::resolved::{close_features, targets};
use super::{Dependency, DependencyKind, ForeignPackage, Package, PackageId, Project, crate_name};
use crate::error::Error;
use cargo_metadata as cargo;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

pub(super) fn load(request: &Request) -> Result<Project, Error> {
    let (lock_file, lock) = Lock::find(request.directory()).unzip();
    let unlocked = lock_file.is_none();
    let lock = lock.unwrap_or_default();
    let replaced = lock_file.as_deref().map(|file| patches(file, &lock)).unwrap_or_default();
    let manifests = manifests(request, &replaced)?;
    let patched = replaced.into_iter().filter_map(|(name, path)| {
        Some((name, manifests.iter().position(|(manifest, _)| *manifest == path)?))
    });
    let mut foreign = Foreign { lock, patched: patched.collect(), found: Vec::new(), index: BTreeMap::new() };
    let mut packages = Vec::new();
    for (path, package) in &manifests {
        let mut edges = BTreeSet::new();
        for dependency in &package.dependencies {
            let kind = match dependency.kind {
                cargo::DependencyKind::Development => DependencyKind::Dev,
                cargo::DependencyKind::Build => DependencyKind::Build,
                _ => DependencyKind::Normal,
            };
            let local = dependency.path.as_ref().and_then(|directory| {
                let wanted = directory.join("Cargo.toml");
                manifests.iter().position(|(manifest, _)| manifest == wanted.as_std_path())
            });
            let to = match local {
                Some(index) => PackageId::Analysed(index),
                None => foreign.add(package, dependency),
            };
            let extern_name = crate_name(dependency.rename.as_deref().unwrap_or(&dependency.name));
            edges.insert(Dependency { extern_name, kind, to });
        }
        let declared: BTreeMap<String, Vec<String>> =
            package.features.iter().map(|(name, implied)| (name.clone(), implied.clone())).collect();
        let (features, unknown_features) = match &request.features {
            FeatureSelection::Exact(features) if *path == request.manifest => {
                (features.clone(), BTreeSet::new())
            }
            FeatureSelection::Flags(flags) if *path == request.manifest => {
                (close_features(&declared, &asked_for(&declared, flags)), BTreeSet::new())
            }
            // Who asks for which features is the resolver's business: all of them may be on.
            _ => (BTreeSet::new(), declared.keys().cloned().collect()),
        };
        packages.push(Package {
            name: package.name.to_string(),
            version: package.version.to_string(),
            directory: path.parent().map(Path::to_owned).unwrap_or_default(),
            targets: targets(package),
            dependencies: edges.into_iter().collect(),
            features,
            unknown_features,
            build_script: package
                .targets
                .iter()
                .find(|t| t.is_custom_build())
                .map(|t| t.src_path.clone().into()),
        });
    }
    Ok(Project {
        packages,
        foreign: foreign.found,
        cfgs: request.cfgs.clone(),
        unlocked,
        lock_file,
        out: request.out.clone(),
        target_directory: None,
    })
}

/// The features that flags of a command line name.
fn asked_for(declared: &BTreeMap<String, Vec<String>>, flags: &[String]) -> BTreeSet<String> {
    let mut asked = BTreeSet::from(["default".to_owned()]);
    let mut flags = flags.iter().map(String::as_str);
    while let Some(flag) = flags.next() {
        let named = match flag.split_once('=') {
            Some(("--features" | "-F", names)) => names,
            _ if matches!(flag, "--features" | "-F") => flags.next().unwrap_or_default(),
            _ => "",
        };
        match flag {
            "--no-default-features" => _ = asked.remove("default"),
            "--all-features" => asked.extend(declared.keys().cloned()),
            _ => {}
        }
        asked.extend(named.split([',', ' ']).map(str::to_owned));
    }
    asked.retain(|feature| declared.contains_key(feature));
    asked
}

/// The packages that the workspace's `[patch]` tables replace by a folder, by name, with their manifests.
fn patches(lock_file: &Path, lock: &Lock) -> BTreeMap<String, PathBuf> {
    let Some(root) = lock_file.parent() else { return BTreeMap::new() };
    let text = std::fs::read_to_string(root.join("Cargo.toml")).unwrap_or_default();
    let manifest: Manifest = toml::from_str(&text).unwrap_or_default();
    let replaced = manifest.patch.into_values().flatten().filter_map(|(key, patch)| {
        let Patch { package, path } = patch;
        Some((package.unwrap_or(key), root.join(path?).join("Cargo.toml")))
    });
    // What the lock file has from a registry is not patched: its version does not fit.
    replaced.filter(|(name, _)| lock.package.iter().any(|p| p.name == *name && p.source.is_empty())).collect()
}

/// What a workspace's manifest says of replaced packages.
#[derive(Default, Deserialize)]
struct Manifest {
    #[serde(default)]
    patch: BTreeMap<String, BTreeMap<String, Patch>>,
}

#[derive(Deserialize)]
struct Patch {
    package: Option<String>,
    path: Option<PathBuf>,
}

/// The manifests of the package, of its path dependencies, transitively, and of the patches; the package first.
fn manifests(
    request: &Request,
    patches: &BTreeMap<String, PathBuf>,
) -> Result<Vec<(PathBuf, cargo::Package)>, Error> {
    let mut found: Vec<(PathBuf, cargo::Package)> = Vec::new();
    let mut queue: Vec<PathBuf> = patches.values().cloned().collect();
    queue.push(request.manifest.clone());
    while let Some(path) = queue.pop() {
        if found.iter().any(|(known, _)| *known == path) {
            continue;
        }
        let mut command = cargo::MetadataCommand::new();
        command
            .cargo_path(&request.cargo)
            .manifest_path(&path)
            .no_deps()
            .other_options(vec!["--offline".to_owned()]);
        let mut metadata = command
            .exec()
            .map_err(|error| Error::Manifest { path: path.clone(), reason: super::reason(error) })?;
        let at = metadata.packages.iter().position(|package| package.manifest_path.as_std_path() == path);
        let Some(at) = at else {
            return Err(Error::Manifest { reason: no_package(&metadata.packages), path });
        };
        let package = metadata.packages.swap_remove(at);
        for dependency in &package.dependencies {
            let dev = dependency.kind == cargo::DependencyKind::Development && path != request.manifest;
            if let Some(directory) =
                dependency.path.as_ref().filter(|_| !dev && !super::is_toolkit(&dependency.name))
            {
                queue.push(directory.join("Cargo.toml").into());
            }
        }
        found.push((path, package));
    }
    Ok(found)
}

/// Why a manifest that cargo reads has no package: it only holds a workspace together.
fn no_package(members: &[cargo::Package]) -> String {
    let mut paths: Vec<&str> = members.iter().map(|member| member.manifest_path.as_str()).collect();
    paths.sort_unstable();
    format!("it is a workspace and no package; choose a member: {}", paths.join(", "))
}

struct Foreign {
    lock: Lock,
    /// Packages that stand for a registry's, by name: an index into the manifests.
    patched: BTreeMap<String, usize>,
    found: Vec<ForeignPackage>,
    index: BTreeMap<(String, String), usize>,
}

impl Foreign {
    fn add(&mut self, dependent: &cargo::Package, dependency: &cargo::Dependency) -> PackageId {
        let locked = self.lock.package.iter().position(|package| {
            package.name == dependency.name
                && package.version.parse().is_ok_and(|version| dependency.req.matches(&version))
                && self.is_edge(dependent, package)
        });
        if let Some(position) = locked {
            self.add_locked(position)
        } else {
            let version = dependency.req.to_string();
            let key = (dependency.name.clone(), version.clone());
            let next = self.found.len();
            let index = *self.index.entry(key).or_insert(next);
            if index == next {
                self.found.push(package(&dependency.name, version, String::new(), String::new()));
            }
            PackageId::Foreign(index)
        }
    }

    fn is_edge(&self, dependent: &cargo::Package, to: &LockedPackage) -> bool {
        let version = dependent.version.to_string();
        let from =
            self.lock.package.iter().find(|p| p.name == dependent.name.as_str() && p.version == version);
        from.is_none_or(|from| from.dependencies.iter().any(|edge| names(edge, to)))
    }

    fn add_locked(&mut self, position: usize) -> PackageId {
        let locked = &self.lock.package[position];
        if let (true, Some(&index)) = (locked.source.is_empty(), self.patched.get(&locked.name)) {
            return PackageId::Analysed(index);
        }
        let key = (locked.name.clone(), format!("{} {}", locked.version, locked.source));
        if let Some(&index) = self.index.get(&key) {
            return PackageId::Foreign(index);
        }
        let index = self.found.len();
        self.index.insert(key, index);
        self.found.push(package(
            &locked.name,
            locked.version.clone(),
            locked.source.clone(),
            locked.checksum.clone(),
        ));
        let edges: Vec<usize> = (0..self.lock.package.len())
            .filter(|&to| {
                self.lock.package[position]
                    .dependencies
                    .iter()
                    .any(|edge| names(edge, &self.lock.package[to]))
            })
            .collect();
        let mut below: Vec<PackageId> = edges.into_iter().map(|to| self.add_locked(to)).collect();
        below.sort_unstable();
        self.found[index].dependencies = below;
        PackageId::Foreign(index)
    }
}

fn package(name: &str, version: String, source: String, checksum: String) -> ForeignPackage {
    ForeignPackage {
        directory: None,
        name: name.to_owned(),
        version,
        source,
        checksum,
        features: Vec::new(),
        crate_name: crate_name(name),
        dependencies: Vec::new(),
        uncertain_features: true,
    }
}

/// Whether a dependency line of the lock file means this package.
fn names(edge: &str, package: &LockedPackage) -> bool {
    let mut words = edge.split(' ');
    words.next() == Some(&package.name) && words.next().is_none_or(|version| version == package.version)
}
