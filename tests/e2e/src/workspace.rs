//! Writes packages below one generated workspace, and rewrites them without touching equal files.

use crate::cargo::{self, Outcome};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Packages that the generated ones may depend on, as `[workspace.dependencies]` has them.
const DEPENDENCIES: &str = r#"
embedded-io = "0.4.0"
itoa = "1.0.19"
log = "0.4.35"
paste = "1.0.15"
proc-macro2 = "1.0.107"
quote = "1.0.47"
rustversion = "1.0.23"
semver = "1.0.28"
serde = { version = "1.0.229", features = ["derive"] }
serde_json = "1.0.154"
thiserror = "2.0.21"
"#;

/// A generated workspace with the profile that builds fastest.
pub struct Workspace {
    folder: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// Empties `folder` and makes it a workspace of these member folders. Its lock file starts as that of
    /// the checkout, so that everything resolves offline.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn create(folder: &Path, target: &Path, members: &[&str]) -> io::Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        fs::create_dir_all(folder)?;
        let folder = fs::canonicalize(folder)?;
        let root = checkout();
        let list = members.join("\", \"");
        let manifest = format!(
            "[workspace]\nresolver = \"3\"\nmembers = [\"{list}\"]\ndefault-members = [\"{list}\"]\n\n\
             [workspace.dependencies]\n\
             checkpointing = {{ path = '{}' }}\n\
             checkpointing-fingerprint = {{ path = '{}' }}{DEPENDENCIES}\n\
             [profile.dev]\ndebug = false\nincremental = false\n",
            root.display(),
            root.join("fingerprint").display(),
        );
        fs::write(folder.join("Cargo.toml"), manifest)?;
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
        Ok(Self { folder, target: target.to_owned() })
    }

    /// Where a package is, or a folder of it.
    #[must_use]
    pub fn folder(&self, package: impl AsRef<Path>) -> PathBuf {
        self.folder.join(package)
    }

    /// Makes a package's files what they should be. Files that are equal keep their time.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write(
        &self,
        package: &str,
        old: &BTreeMap<String, String>,
        new: &BTreeMap<String, String>,
    ) -> io::Result<()> {
        let folder = self.folder(package);
        for path in old.keys().filter(|path| !new.contains_key(*path)) {
            fs::remove_file(folder.join(path))?;
        }
        for (path, text) in new {
            if old.get(path) != Some(text) {
                let file = folder.join(path);
                fs::create_dir_all(file.parent().unwrap_or(&folder))?;
                fs::write(file, text)?;
            }
        }
        Ok(())
    }

    /// Runs `cargo <arguments> --message-format json` in the workspace.
    ///
    /// # Errors
    /// When cargo cannot be started.
    pub fn cargo(&self, arguments: &[&str], variables: &[(&str, &str)]) -> io::Result<Outcome> {
        let mut cargo = cargo::cargo(&self.target, &self.folder);
        cargo.args(arguments).args(["--message-format", "json"]).envs(variables.iter().copied());
        cargo::run(cargo)
    }
}

/// Keeps two test runs from using one folder at the same time, for as long as the file lives.
///
/// # Errors
/// When the file cannot be made or locked.
pub fn lock(folder: &Path) -> io::Result<fs::File> {
    fs::create_dir_all(folder)?;
    let file = fs::File::create(folder.join("lock"))?;
    fs2::FileExt::lock_exclusive(&file)?;
    Ok(file)
}

/// The folder of the workspace that this harness belongs to.
#[must_use]
pub fn checkout() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}
