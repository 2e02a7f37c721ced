//! Looks a function up in the table while it is compiled: one that is missing must not compile.
//!
//! The place of the name is the key, as at run time. Where a span has no file (in an editor) nothing
//! can be said, and nothing is.

use proc_macro2::Ident;
use std::fs;
use std::path::{Path, PathBuf};

const ADD: &str = "add to Cargo.toml\n\n    [build-dependencies]\n    checkpointing-fingerprint = \"0.1\"\n\nand to build.rs\n\n    fn main() { checkpointing_fingerprint::emit(); }\n";

/// Checks that there is a table at all: the compiler would report each file and variable that is missing.
pub fn check_table() -> syn::Result<()> {
    if std::env::var_os("CHECKPOINTING_TABLE").is_some() {
        return Ok(());
    }
    let message = format!("nothing can be cached: this package has no table of functions; {ADD}");
    Err(syn::Error::new(proc_macro2::Span::call_site(), message))
}

/// Checks that the build script saw the function with this name.
pub fn check(name: &Ident) -> syn::Result<()> {
    let span = name.span().unwrap();
    let Some(file) = span.local_file() else {
        return Ok(());
    };
    let error = |message: String| Err(syn::Error::new(name.span(), message));
    let Ok(origin) = std::env::var("CHECKPOINTING_TABLE") else {
        return error(format!("`{name}` cannot be cached: this package has no table of functions; {ADD}"));
    };
    let folder = origin.split_once(' ').map_or("", |(_, folder)| folder);
    if std::env::var("CARGO_MANIFEST_DIR").is_ok_and(|own| own != folder) {
        return error(format!(
            "`{name}` cannot be cached: CHECKPOINTING_TABLE is that of another package, in {folder}, handed down by the cargo that started this one; if this package has no build script, {ADD}"
        ));
    }
    let path = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default()).join("checkpoints.rs");
    let table = match fs::read_to_string(&path) {
        Ok(table) => table,
        Err(problem) => return error(format!("{}: {problem}; {ADD}", path.display())),
    };
    if is_in(&table, &name.to_string(), (span.line(), span.column()), |row| {
        same(Path::new(folder), row, &file)
    }) {
        return Ok(());
    }
    if crate::unread::ask(name.span()) {
        return error(format!(
            "`{name}` is in a file that the build script has not read yet: build again, and it is read"
        ));
    }
    error(format!(
        "`{name}` is missing from the table of checkpointed functions. Either the build script did not see it: a function that a macro makes cannot be marked; write it out. Or the build script was not run since it was written here: touch build.rs"
    ))
}

/// Whether a line of the table has this name at this place.
fn is_in(table: &str, name: &str, place: (usize, usize), file: impl Fn(&str) -> bool) -> bool {
    let bare = name.strip_prefix("r#").unwrap_or(name);
    table.lines().any(|line| {
        let columns: Vec<&str> = line.split('\t').collect();
        let [path, _, _, row_file, line, column, ..] = columns[..] else {
            return false;
        };
        let last = path.rsplit("::").next().unwrap_or(path);
        (last == name || last == bare)
            && line.parse() == Ok(place.0)
            && column.parse() == Ok(place.1)
            && file(row_file)
    })
}

/// Whether a row's file, relative to the package, is the one that rustc reads.
fn same(folder: &Path, row: &str, file: &Path) -> bool {
    match (folder.join(row).canonicalize(), file.canonicalize()) {
        (Ok(row), Ok(file)) => row == file,
        _ => file.ends_with(row),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_found_by_name_and_place() {
        let table = "q::m::calc\taa\t-\tsrc/main.rs\t12\t4\tattribute\t-\t-\t-\nq::r#type\taa\t-\tsrc/main.rs\t1\t4\tattribute\t-\t-\t-";
        let found = |name, place| is_in(table, name, place, |file| file == "src/main.rs");
        assert!(found("calc", (12, 4)) && found("r#type", (1, 4)));
        assert!(!found("calc", (12, 5)) && !found("calc", (1, 4)) && !found("alc", (12, 4)));
        assert!(!is_in(table, "calc", (12, 4), |_| false));
    }
}
