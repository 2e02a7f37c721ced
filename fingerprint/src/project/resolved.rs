//! Builds the project from `cargo metadata`, off line and without touching the lock file.

use super::features::Activated;
use super::kept;
use super::lock::Lock;
use super::request::{FeatureSelection, Request};
use super::{
    Dependency, DependencyKind, ForeignPackage, Package, PackageId, Project, Target, TargetKind, crate_name,
};
use cargo_metadata as cargo;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::time::SystemTime;

/// The reason comes back as text: the caller only reports it and falls back.
pub(super) fn load(request: &Request) -> Result<Project, String> {
    if let Some(project) = kept::read(request) {
        return Ok(project);
    }
    let started = SystemTime::now();
    let metadata = run(request)?;
    let project = project(request, &metadata)?;
    // Without it the next pass asks cargo again.
    let _ = kept::write(request, &metadata, &project, started);
    Ok(project)
}

fn project(request: &Request, metadata: &cargo::Metadata) -> Result<Project, String> {
    let resolve = metadata.resolve.as_ref().ok_or("no dependency graph in its answer")?;
    let graph = Graph {
        packages: metadata.packages.iter().map(|package| (&package.id, package)).collect(),
        nodes: resolve.nodes.iter().map(|node| (&node.id, node)).collect(),
    };
    let manifest = metadata.packages.iter().find(|package| {
        package.source.is_none() && same_file(package.manifest_path.as_std_path(), &request.manifest)
    });
    let root = &manifest.ok_or("the package is not in its answer")?.id;
    let (lock_file, lock) = Lock::find(metadata.workspace_root.as_std_path()).unzip();
    let lock = lock.unwrap_or_default();

    let order = graph.reachable(root);
    let united = |id: &cargo::PackageId| graph.nodes[id].features.iter().map(ToString::to_string).collect();
    let own: BTreeSet<String> = match &request.features {
        FeatureSelection::Exact(features) => features.clone(),
        FeatureSelection::Flags(_) => united(root),
    };
    // What the root alone switches on is certain; what others add depends on what is built with it.
    let activated = Activated::new(&graph.packages, &graph.nodes, root, &own);
    let mut ids: HashMap<&cargo::PackageId, PackageId> = HashMap::new();
    let mut analysed = Vec::new();
    let mut foreign = Vec::new();
    for &id in &order {
        let package = graph.packages[id];
        let is_root = id == root;
        if package.source.is_none() && (is_root || !super::is_toolkit(&package.name)) {
            ids.insert(id, PackageId::Analysed(analysed.len()));
            analysed.push(id);
        } else {
            foreign.push(id);
        }
    }
    foreign.sort_by_key(|id| {
        let package = graph.packages[*id];
        (package.name.to_string(), package.version.clone(), source(package))
    });
    for (index, id) in foreign.iter().enumerate() {
        ids.insert(id, PackageId::Foreign(index));
    }

    let build = |id: &&cargo::PackageId| {
        let package = graph.packages[*id];
        let node = graph.nodes[*id];
        let united: BTreeSet<String> = united(id);
        let (features, unknown_features) = if *id == root {
            (own.clone(), BTreeSet::new())
        } else {
            let certain = activated.of(id);
            let unknown = united.difference(&certain).cloned().collect();
            (certain, unknown)
        };
        Package {
            name: package.name.to_string(),
            version: package.version.to_string(),
            directory: package.manifest_path.parent().map(Into::into).unwrap_or_default(),
            targets: targets(package),
            dependencies: dependencies(node, &ids),
            features,
            unknown_features,
            build_script: package
                .targets
                .iter()
                .find(|t| t.is_custom_build())
                .map(|t| t.src_path.clone().into()),
        }
    };
    let packages = analysed.iter().map(build).collect();
    let describe = |id: &&cargo::PackageId| {
        let package = graph.packages[*id];
        let node = graph.nodes[*id];
        let version = package.version.to_string();
        let source = source(package);
        let library = package
            .targets
            .iter()
            .find(|target| target_kind(target).is_some_and(|kind| kind <= TargetKind::ProcMacro));
        let mut reached: Vec<PackageId> = dependencies(node, &ids).into_iter().map(|edge| edge.to).collect();
        reached.sort_unstable();
        reached.dedup();
        ForeignPackage {
            directory: package.manifest_path.parent().map(Into::into),
            checksum: lock.checksum(&package.name, &version, &source).to_owned(),
            crate_name: crate_name(library.map_or(package.name.as_str(), |target| &target.name)),
            name: package.name.to_string(),
            uncertain_features: united(id) != activated.of(id),
            features: activated.of(id).into_iter().collect(),
            dependencies: reached,
            version,
            source,
        }
    };
    let foreign = foreign.iter().map(describe).collect();
    Ok(Project {
        packages,
        foreign,
        cfgs: request.cfgs.clone(),
        unlocked: lock_file.is_none(),
        lock_file,
        out: request.out.clone(),
        target_directory: Some(metadata.target_directory.clone().into()),
    })
}

fn run(request: &Request) -> Result<cargo::Metadata, String> {
    let mut options = vec!["--offline".to_owned(), "--locked".to_owned()];
    for platform in &request.platforms {
        options.extend(["--filter-platform".to_owned(), platform.clone()]);
    }
    match &request.features {
        FeatureSelection::Exact(features) => {
            options.push("--no-default-features".to_owned());
            if !features.is_empty() {
                options.extend([
                    "--features".to_owned(),
                    features.iter().cloned().collect::<Vec<_>>().join(","),
                ]);
            }
        }
        FeatureSelection::Flags(flags) => options.extend(flags.iter().cloned()),
    }
    let mut command = cargo::MetadataCommand::new();
    command.cargo_path(&request.cargo).manifest_path(&request.manifest).other_options(options);
    command.exec().map_err(super::reason)
}

fn same_file(a: &std::path::Path, b: &std::path::Path) -> bool {
    a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

fn source(package: &cargo::Package) -> String {
    package.source.as_ref().map(|source| source.repr.clone()).unwrap_or_default()
}

struct Graph<'a> {
    packages: HashMap<&'a cargo::PackageId, &'a cargo::Package>,
    nodes: HashMap<&'a cargo::PackageId, &'a cargo::Node>,
}

impl<'a> Graph<'a> {
    /// The package itself first, then everything below it; dev-dependencies only of the first.
    fn reachable(&self, root: &'a cargo::PackageId) -> Vec<&'a cargo::PackageId> {
        let mut order = vec![root];
        let mut seen = HashSet::from([root]);
        let mut next = 0;
        while let Some(&id) = order.get(next) {
            next += 1;
            let Some(node) = self.nodes.get(id) else { continue };
            for edge in &node.deps {
                let dev_only =
                    edge.dep_kinds.iter().all(|kind| kind.kind == cargo::DependencyKind::Development);
                let wanted = !dev_only || id == root;
                if wanted && self.packages.contains_key(&edge.pkg) && seen.insert(&edge.pkg) {
                    order.push(&edge.pkg);
                }
            }
        }
        order
    }
}

fn dependencies(node: &cargo::Node, ids: &HashMap<&cargo::PackageId, PackageId>) -> Vec<Dependency> {
    let mut edges = BTreeSet::new();
    for edge in &node.deps {
        let Some(&to) = ids.get(&edge.pkg) else { continue };
        for kind in &edge.dep_kinds {
            let kind = match kind.kind {
                cargo::DependencyKind::Development => DependencyKind::Dev,
                cargo::DependencyKind::Build => DependencyKind::Build,
                _ => DependencyKind::Normal,
            };
            edges.insert(Dependency { extern_name: edge.name.clone(), kind, to });
        }
    }
    edges.into_iter().collect()
}

pub(super) fn targets(package: &cargo::Package) -> Vec<Target> {
    let mut found: Vec<Target> = package
        .targets
        .iter()
        .filter_map(|target| {
            Some(Target {
                kind: target_kind(target)?,
                crate_name: crate_name(&target.name),
                root: target.src_path.clone().into(),
                edition: target.edition.as_str().to_owned(),
            })
        })
        .collect();
    found.sort_by(|a, b| (a.kind, &a.crate_name).cmp(&(b.kind, &b.crate_name)));
    found
}

fn target_kind(target: &cargo::Target) -> Option<TargetKind> {
    target.kind.iter().find_map(|kind| match kind {
        cargo::TargetKind::ProcMacro => Some(TargetKind::ProcMacro),
        cargo::TargetKind::Bin => Some(TargetKind::Bin),
        cargo::TargetKind::Example => Some(TargetKind::Example),
        cargo::TargetKind::Test => Some(TargetKind::Test),
        cargo::TargetKind::Bench => Some(TargetKind::Bench),
        cargo::TargetKind::CustomBuild => None,
        _ => Some(TargetKind::Lib),
    })
}

/// Declared features of a package that a set of names switches on, transitively.
pub(super) fn close_features(
    declared: &BTreeMap<String, Vec<String>>,
    start: &BTreeSet<String>,
) -> BTreeSet<String> {
    let mut on = start.clone();
    let mut queue: Vec<String> = start.iter().cloned().collect();
    while let Some(feature) = queue.pop() {
        for implied in declared.get(&feature).into_iter().flatten() {
            // `x/f` switches the optional dependency `x` on, which may be a feature of this name.
            let name = match implied.split_once('/') {
                Some((name, _)) if name.ends_with('?') => continue,
                Some((name, _)) => name,
                None => implied,
            };
            if declared.contains_key(name) && on.insert(name.to_owned()) {
                queue.push(name.to_owned());
            }
        }
    }
    on
}
