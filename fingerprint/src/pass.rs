//! Drives the stages up to the linked program, and keeps what each has to say.

use crate::error::Error;
use crate::expand::expand;
use crate::link::Program;
use crate::project::{Project, Request};
use crate::walk::{self, Disk, LoweredCache, Missing, Sources};

/// Everything that was loaded for one request.
pub(crate) struct Pass {
    pub(crate) project: Project,
    pub(crate) sources: Sources,
    pub(crate) disk: Disk,
    pub(crate) missing: Vec<Missing>,
    pub(crate) warnings: Vec<String>,
}

impl Pass {
    /// `cache` says, once it is known what is built, where lowered files are kept.
    pub(crate) fn load(
        request: &Request,
        cache: impl FnOnce(&Project) -> LoweredCache,
    ) -> Result<Self, Error> {
        let (project, warnings) = Project::load(request)?;
        let cache = cache(&project);
        Self::of(project, warnings, cache)
    }

    /// The same for a project that was asked for already.
    pub(crate) fn of(
        project: Project,
        mut warnings: Vec<String>,
        mut cache: LoweredCache,
    ) -> Result<Self, Error> {
        let mut disk = Disk::default();
        for package in &project.packages {
            // The workspace's manifest too: it may hand down the edition, or a dependency's features.
            let manifests = package.directory.ancestors().map(|folder| folder.join("Cargo.toml"));
            manifests.filter(|path| path.is_file()).for_each(|path| disk.record_file(&path));
        }
        if let Some(path) = &project.lock_file {
            disk.record_file(path);
        }
        let (mut sources, missing) = walk::load(&project, &mut disk, &mut cache)?;
        expand(&project, &mut sources, &mut cache);
        if let Err(error) = cache.save() {
            warnings.push(format!("the next pass will parse everything again: {error}"));
        }
        Ok(Pass { project, sources, disk, missing, warnings })
    }

    pub(crate) fn link(&self) -> Program<'_> {
        Program::new(&self.project, &self.sources)
    }
}
