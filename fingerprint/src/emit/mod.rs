//! Writes what a build script leaves behind: the table in `OUT_DIR`, and the lines that cargo reads.

mod closures;
mod row;
mod sources;
mod table;
mod watched;

use crate::error::Error;
use crate::facts::{Earlier, Facts};
use crate::link::Program;
use crate::lower::with_big_stack;
use crate::pass::Pass;
use crate::project::Request;
use crate::walk::{LoweredCache, beside, rust_files, without_detours};
use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Analyses the package whose build script calls it, and writes the table of its marked functions.
///
/// Call it last in `main` of `build.rs`: files that the build script makes in `OUT_DIR` are read as they
/// are then. The short form of [`Config::emit`] with nothing configured.
pub fn emit() {
    Config::new().emit();
}

/// What a build script can say about the pass.
///
/// ```no_run
/// checkpointing_fingerprint::Config::new().watch("native/solver.c").emit();
/// ```
#[derive(Clone, Debug, Default)]
pub struct Config {
    watched: Vec<PathBuf>,
}

impl Config {
    /// Nothing but the package itself.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts a file's bytes (or all files below a folder) in every fingerprint: a C source, a model.
    /// The path is relative to the package.
    pub fn watch(&mut self, path: impl Into<PathBuf>) -> &mut Self {
        self.watched.push(path.into());
        self
    }

    /// Runs the pass.
    ///
    /// Never panics and never leaves an old table in place: what goes wrong is reported through cargo, and
    /// stops the build where no fingerprint can be made.
    pub fn emit(&self) {
        match with_big_stack(|| self.run()) {
            Ok(lines) => lines.iter().for_each(|line| println!("{line}")),
            Err(error) => println!("cargo::error=checkpointing: {}", one_line(&error.to_string())),
        }
    }

    fn run(&self) -> Result<Vec<String>, Error> {
        let request = Request::from_build_script()?;
        let out = request.out.clone().ok_or(Error::NotABuildScript { variable: "OUT_DIR" })?;
        self.write(&request, &out)
    }

    /// Writes the table into a folder. What comes back is for cargo to read, and a line that it shows to
    /// people (`cargo build -vv`): how much the pass had to parse.
    pub(crate) fn write(&self, request: &Request, out: &Path) -> Result<Vec<String>, Error> {
        let start = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        let earlier = Earlier::read(out);
        let pass = Pass::load(request, |_| LoweredCache::open(out))?;
        let program = pass.link();
        let root = &pass.project.packages[0].directory;
        let watched: Vec<PathBuf> = self.watched.iter().map(|path| root.join(path)).collect();
        let facts = Facts::open(&program, earlier);
        let rows = row::rows(&facts, &watched);
        let write = || write_if_changed(&out.join("checkpoints.closures"), &rows.closures.encode());
        let (written, table) = beside(write, || {
            // Without the facts the next pass works everything out again.
            let _ = facts.save();
            table::render(&pass, &rows)
        });
        written?;
        write_if_changed(&out.join("checkpoints.rs"), table.as_bytes())?;
        let directory = request.directory().display();
        let (parsed, all) = (pass.sources.parsed, pass.sources.read);
        let mut lines = vec![
            format!("checkpointing: {parsed} of {all} files were parsed, the others are as in the last pass"),
            format!("cargo::rustc-env=CHECKPOINTING_TABLE={start} {directory}"),
        ];
        let mut problems: Vec<String> =
            rows.problems.iter().map(|problem| format!("cargo::error={problem}")).collect();
        let warnings = warnings(&pass, &watched).into_iter().chain(rows.lints);
        problems.extend(warnings.map(|warning| format!("cargo::warning={warning}")));
        lines.extend(problems);
        let watched = watched_paths(&pass, &program, &watched, out);
        let list = write_list(&pass, &watched, out)?;
        let changed = |path: &PathBuf| format!("cargo::rerun-if-changed={}", path.display());
        lines.extend(watched.iter().chain([&list]).map(changed));
        let variables = watched_variables(&pass, &program);
        lines.extend(variables.iter().map(|name| format!("cargo::rerun-if-env-changed={name}")));
        // A build script ends now. The system takes all of this back in less time than it takes to drop it.
        std::mem::forget(facts);
        std::mem::forget(program);
        std::mem::forget(pass);
        Ok(lines)
    }
}

fn warnings(pass: &Pass, watched: &[PathBuf]) -> Vec<String> {
    let mut warnings: Vec<String> = pass.warnings.iter().map(|warning| one_line(warning)).collect();
    for file in &pass.sources.files {
        // Only what stops the whole file: smaller notes are in the graph.
        for note in file.lowered.notes.iter().filter(|_| file.lowered.is_opaque()) {
            warnings.push(format!(
                "{}:{}: {}",
                pass.project.relative(&file.path),
                note.line,
                one_line(&note.message)
            ));
        }
    }
    for missing in &pass.missing {
        warnings.push(format!(
            "{}:{}: {}",
            pass.project.relative(&missing.file),
            missing.line,
            one_line(&missing.message)
        ));
    }
    for path in watched.iter().filter(|path| !path.exists()) {
        let path = pass.project.relative(path);
        warnings.push(format!(
            "watch({path:?}) in build.rs: there is no such file or folder; nothing is counted"
        ));
    }
    warnings.sort();
    warnings.dedup();
    warnings
}

/// Every file and folder that the pass looked at, sorted, and nothing that is absent: cargo would run the
/// build script at every build.
fn watched_paths(pass: &Pass, program: &Program<'_>, watched: &[PathBuf], out: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = pass.disk.watched().map(Path::to_owned).collect();
    paths.extend(program.included_files().into_iter().map(|file| file.path));
    paths.extend(watched.iter().cloned());
    for package in &pass.project.packages {
        paths.extend(package.build_script.clone());
        if package.is_proc_macro() {
            paths.extend(rust_files(&package.directory).into_iter().map(|(_, path)| path));
        }
    }
    let paths = paths.into_iter().map(|path| without_detours(&path));
    // An included file that is missing: its folder tells when it comes.
    let existing = |path: PathBuf| {
        if path.exists() {
            Some(path)
        } else {
            path.parent().filter(|folder| folder.is_dir()).map(Path::to_owned)
        }
    };
    let mut paths: Vec<PathBuf> = paths.filter_map(existing).filter(|path| !path.starts_with(out)).collect();
    paths.sort();
    paths.dedup();
    paths
}

fn watched_variables(pass: &Pass, program: &Program<'_>) -> BTreeSet<String> {
    let mut variables = program.included_variables();
    variables.extend(pass.disk.variables().map(str::to_owned));
    // Cargo sets these itself, for the build script alone.
    variables
        .retain(|name| name != "OUT_DIR" && name != "CARGO_MANIFEST_DIR" && !name.starts_with("CARGO_PKG_"));
    variables
}

/// Lists what is watched for the macros, which make the list newer when they meet a file that is not.
fn write_list(pass: &Pass, watched: &[PathBuf], out: &Path) -> Result<PathBuf, Error> {
    let path = out.join("checkpoints.watched");
    let lines: Vec<String> = watched.iter().map(|path| pass.project.relative(path)).collect();
    if write_if_changed(&path, lines.join("\n").as_bytes())? {
        // Cargo took the time before it ran the build script: to it a list that is newer is a reason to
        // run the script again.
        let before = SystemTime::now() - Duration::from_secs(60);
        let dated = File::options().append(true).open(&path).and_then(|file| file.set_modified(before));
        dated.map_err(|source| Error::Write { path: path.clone(), source })?;
    }
    Ok(path)
}

/// A message that cargo reads as one line.
fn one_line(text: &str) -> String {
    text.split('\n').map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("; ")
}

/// Whether it was written.
fn write_if_changed(path: &Path, bytes: &[u8]) -> Result<bool, Error> {
    if std::fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(false);
    }
    let written = std::fs::write(path, bytes).map(|()| true);
    written.map_err(|source| Error::Write { path: path.to_owned(), source })
}
