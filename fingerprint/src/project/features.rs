//! Works out which features a package has when the root alone is built: cargo's `metadata` unites
//! those of the whole workspace. Follows cargo's rules for normal dependencies (the book's chapter
//! "Features"): `default`, `dep:x`, `x/f`, `x?/f`, and optional dependencies as features.

use cargo_metadata as cargo;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Features by package, as far as the root switches them on.
pub(super) struct Activated<'a> {
    packages: &'a HashMap<&'a cargo::PackageId, &'a cargo::Package>,
    nodes: &'a HashMap<&'a cargo::PackageId, &'a cargo::Node>,
    on: HashMap<&'a cargo::PackageId, BTreeSet<String>>,
    /// Optional dependencies that are on, by the name in the manifest.
    enabled: HashMap<&'a cargo::PackageId, BTreeSet<String>>,
    /// `x?/f`: when `x` is on by then.
    weak: BTreeMap<(&'a cargo::PackageId, String), BTreeSet<String>>,
}

impl<'a> Activated<'a> {
    pub(super) fn new(
        packages: &'a HashMap<&'a cargo::PackageId, &'a cargo::Package>,
        nodes: &'a HashMap<&'a cargo::PackageId, &'a cargo::Node>,
        root: &'a cargo::PackageId,
        features: &BTreeSet<String>,
    ) -> Self {
        let mut activated =
            Activated { packages, nodes, on: HashMap::new(), enabled: HashMap::new(), weak: BTreeMap::new() };
        activated.package(root, features.iter().map(String::as_str));
        activated
    }

    /// Empty for a package that the root does not build.
    pub(super) fn of(&self, id: &cargo::PackageId) -> BTreeSet<String> {
        self.on.get(id).cloned().unwrap_or_default()
    }

    /// A package is built, with at least these features.
    fn package<'f>(&mut self, id: &'a cargo::PackageId, features: impl Iterator<Item = &'f str>) {
        let first = !self.on.contains_key(id);
        self.on.entry(id).or_default();
        for feature in features {
            self.feature(id, feature);
        }
        if first && let Some(package) = self.packages.get(id) {
            for dependency in package.dependencies.iter().filter(|dependency| !dependency.optional) {
                self.dependency(id, dependency);
            }
        }
    }

    fn feature(&mut self, id: &'a cargo::PackageId, feature: &str) {
        let Some(implied) = self.packages.get(id).and_then(|package| package.features.get(feature)) else {
            return;
        };
        if !self.on.entry(id).or_default().insert(feature.to_owned()) {
            return;
        }
        for value in implied {
            match value.split_once('/') {
                Some((name, inner)) => match name.strip_suffix('?') {
                    Some(name) if !self.is_enabled(id, name) => {
                        self.weak.entry((id, name.to_owned())).or_default().insert(inner.to_owned());
                    }
                    Some(name) => self.feature_of(id, name, inner),
                    None => {
                        self.enable(id, name);
                        // An optional dependency may be a feature of its name.
                        if self.declared(id, name).any(|dependency| dependency.optional) {
                            self.feature(id, name);
                        }
                        self.feature_of(id, name, inner);
                    }
                },
                None => match value.strip_prefix("dep:") {
                    Some(name) => self.enable(id, name),
                    None => self.feature(id, value),
                },
            }
        }
    }

    fn is_enabled(&self, id: &cargo::PackageId, name: &str) -> bool {
        self.enabled.get(id).is_some_and(|names| names.contains(name))
            || self.declared(id, name).any(|dependency| !dependency.optional)
    }

    fn declared(
        &self,
        id: &cargo::PackageId,
        name: &str,
    ) -> impl Iterator<Item = &'a cargo::Dependency> + use<'a> {
        let name = name.to_owned();
        let package: Option<&'a cargo::Package> = self.packages.get(id).copied();
        let all = package.into_iter().flat_map(|package| &package.dependencies);
        all.filter(move |dependency| dependency.rename.as_ref().unwrap_or(&dependency.name) == &name)
    }

    fn enable(&mut self, id: &'a cargo::PackageId, name: &str) {
        if !self.enabled.entry(id).or_default().insert(name.to_owned()) {
            return;
        }
        for dependency in self.declared(id, name) {
            self.dependency(id, dependency);
        }
        for inner in self.weak.remove(&(id, name.to_owned())).unwrap_or_default() {
            self.feature_of(id, name, &inner);
        }
    }

    fn dependency(&mut self, id: &'a cargo::PackageId, dependency: &'a cargo::Dependency) {
        if dependency.kind == cargo::DependencyKind::Development {
            return;
        }
        for target in self.targets(id, dependency) {
            let default = dependency.uses_default_features.then_some("default");
            self.package(target, dependency.features.iter().map(String::as_str).chain(default));
        }
    }

    fn feature_of(&mut self, id: &'a cargo::PackageId, name: &str, feature: &str) {
        for dependency in self.declared(id, name) {
            for target in self.targets(id, dependency) {
                self.package(target, std::iter::once(feature));
            }
        }
    }

    /// The packages that a declared dependency resolved to.
    fn targets(&self, id: &cargo::PackageId, dependency: &cargo::Dependency) -> Vec<&'a cargo::PackageId> {
        let Some(node) = self.nodes.get(id) else { return Vec::new() };
        let node: &'a cargo::Node = node;
        let is_it = |edge: &&'a cargo::NodeDep| {
            self.packages.get(&edge.pkg).is_some_and(|package| {
                *package.name == dependency.name && dependency.req.matches(&package.version)
            })
        };
        node.deps.iter().filter(is_it).map(|edge| &edge.pkg).collect()
    }
}
