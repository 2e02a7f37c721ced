//! The least that a cache on disk does: what the benches compare with. No code identity, no lock, no check.
#![allow(dead_code)] // not every bench uses all of it

use checkpointing::{Table, TableRef};
use std::fs;
use std::path::{Path, PathBuf};

/// One file for each pair of arguments, named by their hash.
pub struct Floor(PathBuf);

impl Floor {
    pub fn new(folder: &Path) -> Floor {
        fs::create_dir_all(folder).unwrap();
        Floor(folder.to_owned())
    }

    pub fn path(&self, arguments: &[u8]) -> PathBuf {
        self.0.join(blake3::hash(arguments).to_hex().as_str())
    }

    pub fn get(&self, a: i64, b: i64) -> Option<i64> {
        let bytes = fs::read(self.path([a.to_le_bytes(), b.to_le_bytes()].as_flattened())).ok()?;
        Some(i64::from_le_bytes(bytes.try_into().ok()?))
    }

    pub fn put(&self, a: i64, b: i64, value: i64) {
        self.write([a.to_le_bytes(), b.to_le_bytes()].as_flattened(), &value.to_le_bytes());
    }

    pub fn write(&self, arguments: &[u8], bytes: &[u8]) {
        let aside = self.0.join("aside");
        fs::write(&aside, bytes).unwrap();
        fs::rename(aside, self.path(arguments)).unwrap();
    }
}

/// A table that a build script would make, for a bench with these rows.
pub const fn table(functions: &'static str) -> Table {
    Table { package: "benches", functions, ..Table::EMPTY }
}

/// The rows of functions of a bench.
#[macro_export]
macro_rules! rows {
    ($($path:literal),*) => {
        concat!($($path, "\t5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a\t-\tx.rs\t1\t1\tdoc\t-\t-\t-\t-\n"),*)
    };
}

pub fn table_ref(table: &'static Table) -> TableRef {
    TableRef::new(table, "1700000000000000000 /benches")
}

/// A folder for a bench, which is removed when it is dropped.
pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}
