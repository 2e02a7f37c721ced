//! Holds the generated table: the marked functions of a package with their fingerprints.
//!
//! The text of the table is read lazily and only at the rows that are asked for. Each call site has a
//! table of its own; texts that end in a NUL byte are merged by the linker (0.5 MB for 3,000 rows), so
//! a last line of `\0` is no row.

pub(crate) mod find;
pub(crate) mod fresh;
pub(crate) mod name;
pub(crate) mod row;

use std::any::TypeId;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// What the build script leaves in `OUT_DIR/checkpoints.rs`. Made by [`table!`](crate::table), or by
/// hand in tests.
///
/// The fields are the contract between `checkpointing-fingerprint` and this crate, which must have
/// the same version; nobody else needs them.
#[derive(Debug)]
pub struct Table {
    /// Name of the package that the table belongs to.
    pub package: &'static str,
    /// One line a function, columns separated by tabs: lookup path, fingerprint, fingerprint under
    /// `cfg(test)`, file, line, column, flags, options, witnesses, sources, shape of the result.
    pub functions: &'static str,
    /// One source file a line, relative to the package or absolute.
    pub sources: &'static str,
    /// Names of the analysed crates, separated by spaces.
    pub crates: &'static str,
    /// `crate=hash` of the other packages whose types may be generic arguments, separated by spaces.
    pub packages: &'static str,
    /// Environment variables that rustc saw when the table was compiled.
    pub variables: &'static [(&'static str, Option<&'static str>)],
    /// Cfgs that rustc saw when the table was compiled.
    pub cfgs: &'static [(&'static str, bool)],
    /// Whether the crate that holds the table was compiled with `cfg(test)`.
    pub test: bool,
    /// The id of a type that is private to the crate that holds the table: it changes with the
    /// features and versions of the crate's dependencies.
    pub marker: fn() -> TypeId,
}

impl Table {
    /// A table of nothing, to make others by hand.
    pub const EMPTY: Table = Table {
        package: "",
        functions: "",
        sources: "",
        crates: "",
        packages: "",
        variables: &[],
        cfgs: &[],
        test: false,
        marker: TypeId::of::<()>,
    };
}

/// A [`Table`] and where it came from. [`table!`](crate::table) makes one.
///
/// ```
/// use checkpointing::{Table, TableRef};
///
/// static TABLE: Table = Table { package: "demo", crates: "demo", ..Table::EMPTY };
/// // The pass began 1.7e18 ns after 1970, for the package in /demo.
/// let table = TableRef::new(&TABLE, "1700000000000000000 /demo");
/// assert_eq!(table.package(), "demo");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct TableRef {
    pub(crate) table: &'static Table,
    origin: &'static str,
    pub(crate) unit: &'static str,
    /// The file that says what made up each fingerprint. It need not exist.
    pub(crate) closures: &'static str,
}

impl TableRef {
    /// Joins a table with its origin: when the pass that made it began, in nanoseconds since 1970,
    /// a space, and the package's folder.
    ///
    /// An origin that cannot be read counts as 1970: then every source file is newer, and nothing
    /// is stored.
    #[must_use]
    pub const fn new(table: &'static Table, origin: &'static str) -> TableRef {
        TableRef { table, origin, unit: "", closures: "" }
    }

    /// Adds what rustc was told apart this crate's builds by, when that is known: it stands for the
    /// marker, whose id also depends on where the table is included.
    #[doc(hidden)]
    #[must_use]
    pub const fn of_unit(mut self, unit: &'static str) -> TableRef {
        self.unit = unit;
        self
    }

    /// Says which file has the closures of the table's functions. Only at a miss it is read.
    #[doc(hidden)]
    #[must_use]
    pub const fn with_closures(mut self, file: &'static str) -> TableRef {
        self.closures = file;
        self
    }

    /// Name of the package that the table belongs to.
    #[must_use]
    pub const fn package(&self) -> &'static str {
        self.table.package
    }

    /// When the pass that made the table began.
    pub(crate) fn start(&self) -> SystemTime {
        let nanos = self.origin.split(' ').next().and_then(|text| text.parse().ok()).unwrap_or(0);
        SystemTime::UNIX_EPOCH + Duration::from_nanos(nanos)
    }

    /// The package's folder.
    pub(crate) fn manifest_dir(&self) -> &'static Path {
        Path::new(self.origin.split_once(' ').map_or("", |(_, folder)| folder))
    }
}

/// Stops the compilation when the table in scope is that of another package (a cargo that a test or
/// a build script starts hands its own variables down).
///
/// # Panics
/// In const evaluation, as a compile error.
#[doc(hidden)]
pub const fn check_origin(origin: &str, manifest_dir: &str) {
    let (origin, expected) = (origin.as_bytes(), manifest_dir.as_bytes());
    let mut at = 0;
    while at < origin.len() && origin[at] != b' ' {
        at += 1;
    }
    let mut same = origin.len() == at + 1 + expected.len();
    let mut index = 0;
    while same && index < expected.len() {
        same = origin[at + 1 + index] == expected[index];
        index += 1;
    }
    assert!(
        same,
        "CHECKPOINTING_TABLE is that of another package: this package has no build script that calls checkpointing_fingerprint::emit(), and the variable was handed down by the cargo that started this one; add the build script, or clear OUT_DIR and CHECKPOINTING_TABLE before starting cargo"
    );
}

/// The table of the package that this is written in, as a [`TableRef`].
///
/// ```ignore
/// // in a package whose build script calls checkpointing_fingerprint::emit()
/// let sum = checkpointing::call(checkpointing::table!(), calc, (1, 2));
/// ```
///
/// # Errors
/// A compile error when the package has no build script that calls `checkpointing_fingerprint::emit()`.
#[macro_export]
macro_rules! table {
    () => {{
        #[allow(unused_imports)]
        use $crate as __checkpointing;
        const __ORIGIN: &str = $crate::__macro::env!(
            "CHECKPOINTING_TABLE",
            "this package has no table of checkpointed functions. Add to Cargo.toml:\n\n    [build-dependencies]\n    checkpointing-fingerprint = \"0.1\"\n\nand to build.rs:\n\n    fn main() { checkpointing_fingerprint::emit(); }\n"
        );
        const _: () =
            $crate::__macro::check_origin(__ORIGIN, $crate::__macro::env!("CARGO_MANIFEST_DIR"));
        static __TABLE: $crate::Table = $crate::__macro::include!($crate::__macro::concat!(
            $crate::__macro::env!("OUT_DIR"),
            "/checkpoints.rs"
        ));
        $crate::TableRef::new(&__TABLE, __ORIGIN).of_unit($crate::__unit!()).with_closures(
            $crate::__macro::concat!($crate::__macro::env!("OUT_DIR"), "/checkpoints.closures"),
        )
    }};
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_origin_is_checked_byte_by_byte() {
        check_origin("17 /a b", "/a b");
        for (origin, folder) in [("17 /a", "/b"), ("17 /a", "/ab"), ("17 /ab", "/a"), ("17", ""), ("", "/a")]
        {
            assert!(
                std::panic::catch_unwind(|| check_origin(origin, folder)).is_err(),
                "{origin:?} {folder:?}"
            );
        }
    }
}
