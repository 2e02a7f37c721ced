//! Says which file a `mod name;` or an `include!` means.
//!
//! The rules of rustc: `#[path]` first, relative to the file's folder (inside an inline module, to
//! the folder that the inline modules make); then `name.rs` and `name/mod.rs` in the folder of the
//! module around it. That folder is the file's own for a crate's root, a `mod.rs` and a file named by
//! `#[path]`, and `folder/stem` for every other file.

use super::disk::Disk;
use crate::ir;
use std::path::{Path, PathBuf};

/// Where a file stands in its module tree.
pub(super) struct Place<'a> {
    pub(super) file: &'a Path,
    /// Where its `mod name;` are looked for.
    pub(super) directory: &'a Path,
    /// What `env!` gives in its package.
    pub(super) variable: &'a dyn Fn(&str) -> Option<String>,
}

/// One item that stands for other files.
pub(super) struct Child {
    pub(super) item: ir::ItemIdx,
    pub(super) line: u32,
    /// Each with the folder for its own modules. Empty when none exists.
    pub(super) files: Vec<(PathBuf, PathBuf)>,
    /// What to say when none exists.
    pub(super) problem: String,
}

pub(super) fn children(
    file: &ir::File,
    place: &Place<'_>,
    disk: &mut Disk,
    is_file: &dyn Fn(&Path) -> bool,
) -> Vec<Child> {
    let beside = place.file.parent().unwrap_or(Path::new(""));
    let mut search = Search { file, is_file, disk, place, found: Vec::new() };
    search.items(&file.root, place.directory, beside);
    // Items in blocks: their modules can only be inline or have a `#[path]`.
    for item in &file.items {
        for (_, items) in &item.body.scopes {
            search.items(items, place.directory, beside);
        }
    }
    search.found
}

struct Search<'a> {
    file: &'a ir::File,
    is_file: &'a dyn Fn(&Path) -> bool,
    disk: &'a mut Disk,
    place: &'a Place<'a>,
    found: Vec<Child>,
}

impl Search<'_> {
    /// `directory` is where `mod name;` is looked for, `beside` what `#[path]` is relative to.
    fn items(&mut self, items: &[ir::ItemIdx], directory: &Path, beside: &Path) {
        for &index in items {
            let item = &self.file.items[index.0 as usize];
            let name = item.name.map_or("", |name| self.file.names[name.0 as usize].as_str());
            match &item.kind {
                ir::ItemKind::Mod(module) => match &module.items {
                    Some(items) => {
                        let inner = match module.paths.first() {
                            Some(path) => beside.join(path),
                            None => directory.join(name),
                        };
                        self.items(items, &inner, &inner);
                    }
                    None => self.external(index, item.place.line, name, &module.paths, directory, beside),
                },
                ir::ItemKind::Include(arg) => self.include(index, item.place.line, arg),
                _ => {}
            }
        }
    }

    fn external(
        &mut self,
        item: ir::ItemIdx,
        line: u32,
        name: &str,
        paths: &[String],
        directory: &Path,
        beside: &Path,
    ) {
        let mut candidates: Vec<(PathBuf, PathBuf)> = Vec::new();
        for path in paths {
            let path = beside.join(path);
            let folder = path.parent().unwrap_or(Path::new("")).to_owned();
            candidates.push((path, folder));
        }
        // Where `#[path]` depends on a cfg, the usual place may hold as well.
        if paths.len() != 1 {
            candidates.push((directory.join(format!("{name}.rs")), directory.join(name)));
            candidates.push((directory.join(name).join("mod.rs"), directory.join(name)));
        }
        let names: Vec<String> = candidates.iter().map(|(path, _)| path.display().to_string()).collect();
        let files: Vec<_> = candidates.into_iter().filter(|(path, _)| (self.is_file)(path)).collect();
        let problem = format!("`mod {name};`: no file for it; looked for {}", names.join(" and "));
        self.found.push(Child { item, line, files, problem });
    }

    fn include(&mut self, item: ir::ItemIdx, line: u32, arg: &ir::FileArg) {
        let path = included(self.place, arg, self.disk);
        let files: Vec<_> = path
            .into_iter()
            .filter(|path| (self.is_file)(path))
            .map(|path| (path.clone(), path.parent().unwrap_or(Path::new("")).to_owned()))
            .collect();
        self.found.push(Child {
            item,
            line,
            files,
            problem: "`include!`: its file cannot be found".to_owned(),
        });
    }
}

/// The file that an include macro names, as far as it can be followed.
fn included(place: &Place<'_>, arg: &ir::FileArg, disk: &mut Disk) -> Option<PathBuf> {
    match arg {
        ir::FileArg::Literal(path) => Some(place.file.parent().unwrap_or(Path::new("")).join(path)),
        ir::FileArg::Variable { name, rest } => {
            disk.record_variable(name);
            Some(PathBuf::from(format!("{}{rest}", (place.variable)(name)?)))
        }
        ir::FileArg::Unknown => None,
    }
}
