//! Finds the rows of one function and joins them to what the key needs.
//!
//! By name for a call, by place for the attribute. Nothing is remembered here: that is done where
//! the results are used, once for each instantiation.

use super::TableRef;
use super::name::{self, Name};
use super::row::{self, Flags, Row};
use crate::error::Reason;
use checkpointing_closure::Shape;
use std::path::PathBuf;

/// A marked function, as one instantiation of it was found in a table.
#[derive(Debug)]
pub(crate) struct Function {
    /// The lookup path.
    pub path: String,
    /// The path with generic arguments, which tells people which of several functions it is. Empty where it has none.
    pub full: String,
    /// `file:line` of the mark.
    pub place: String,
    /// One, or several that are hashed together.
    pub fingerprints: Vec<[u8; 32]>,
    /// Files of the rows; part of the key when there are several rows.
    pub files: Vec<&'static str>,
    /// Lines and columns of the rows.
    pub positions: Vec<(u32, u32)>,
    pub flags: Flags,
    /// Literal options of a doc mark.
    pub options: Vec<(&'static str, String)>,
    /// Part of the key: generic arguments, or the whole name.
    pub instance: Option<String>,
    /// Part of the key: variables and cfgs that rustc saw.
    pub variables: Vec<(&'static str, Option<&'static str>)>,
    pub cfgs: Vec<(&'static str, bool)>,
    /// Part of the key: hashes of the packages that generic arguments come from.
    pub packages: Vec<&'static str>,
    /// Source files that the rows were read from.
    pub sources: Vec<PathBuf>,
    /// Of the stored result, where it is known. Not where one of several functions can be meant.
    pub shape: Option<Shape>,
    pub table: TableRef,
}

impl Function {
    /// One fingerprint for all rows: the only one, or the hash of them in table order.
    pub fn fingerprint(&self) -> [u8; 32] {
        match self.fingerprints[..] {
            [only] => only,
            _ => blake3::hash(self.fingerprints.as_flattened()).into(),
        }
    }

    /// The file of the rows; empty where they have several.
    pub fn file(&self) -> &'static str {
        match self.files[..] {
            [first, ref others @ ..] if others.iter().all(|other| *other == first) => first,
            _ => "",
        }
    }
}

/// What is known of a function that is not in a table.
#[derive(Clone, Debug)]
pub(crate) struct Missing {
    pub path: String,
    /// Of the mark, when its row exists.
    pub place: Option<String>,
    pub reason: Reason,
}

/// The place of an attribute's function name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    pub file: &'static str,
    pub line: u32,
    pub column: u32,
}

/// Finds a function by the name that `type_name_of_val` gives for it.
pub(crate) fn by_name(table: TableRef, type_name: &str) -> Result<Function, Missing> {
    let Some(name) = name::of_value(type_name, table.table.crates) else {
        return Err(Missing { path: type_name.to_owned(), place: None, reason: Reason::Unnamed });
    };
    let rows = rows(table, &name, |_| true)?;
    let exact = rows.iter().filter(|row| row.path == name.path).count();
    // Several rows need names that tell them apart: `<a::T as Tr>::f` and `<b::T as Tr>::f` have.
    if exact > 1 && !name.full.replace("<_>", "").contains('<') {
        return Err(same_name(name, &rows));
    }
    join(table, &name, &rows)
}

/// Finds a function by where its name stands; `closure` is the type name of a closure in its body.
pub(crate) fn by_spot(table: TableRef, closure: &str, spot: Spot) -> Result<Function, Missing> {
    let Some(name) = name::of_closure(closure, table.table.crates) else {
        return Err(Missing { path: closure.to_owned(), place: None, reason: Reason::Unnamed });
    };
    let here =
        |row: &Row| row.line == spot.line && row.column == spot.column && same_file(row.file, spot.file);
    let rows = rows(table, &name, here).or_else(|missing| {
        // The place says enough where the two halves see the path differently.
        let last = |path: &str| path.rsplit("::").next().map(str::to_owned);
        let parsed = table.table.functions.lines().filter_map(|line| row::parse(line, table.table.test));
        let rows: Vec<Row> = parsed.filter(|row| here(row) && last(row.path) == last(&name.path)).collect();
        if rows.is_empty() { Err(missing) } else { Ok(rows) }
    })?;
    if rows.len() > 1 {
        return Err(same_name(name, &rows));
    }
    join(table, &name, &rows)
}

fn same_name(name: Name, rows: &[Row]) -> Missing {
    let places = rows.iter().map(place).collect::<Vec<_>>().join(", ");
    Missing { path: name.path, place: None, reason: Reason::SameName { places } }
}

fn rows(table: TableRef, name: &Name, wanted: impl Fn(&Row) -> bool) -> Result<Vec<Row>, Missing> {
    let missing = |reason| Missing { path: name.path.clone(), place: None, reason };
    let mut found = Vec::new();
    for line in table.table.functions.lines() {
        let path = line.split('\t').next().unwrap_or_default();
        if path == name.path || name.any_self.as_deref() == Some(path) {
            match row::parse(line, table.table.test) {
                // A file that is a module of two crates gives two rows; equal code shares entries.
                Some(row) if found.iter().any(|seen| twins(seen, &row)) => {}
                Some(row) if wanted(&row) => found.push(row),
                Some(_) => {}
                None => return Err(missing(Reason::BadRow { row: line.to_owned() })),
            }
        }
    }
    if found.is_empty() {
        return Err(missing(Reason::NotInTable { package: table.table.package.to_owned() }));
    }
    Ok(found)
}

fn twins(a: &Row, b: &Row) -> bool {
    (a.path, a.fingerprint, a.flags, &a.options) == (b.path, b.fingerprint, b.flags, &b.options)
}

fn join(table: TableRef, name: &Name, rows: &[Row]) -> Result<Function, Missing> {
    let flags = rows.iter().fold(Flags::default(), |flags, row| flags.union(row.flags));
    let missing = |reason| Missing { path: name.path.clone(), place: Some(place(&rows[0])), reason };
    let instance =
        if rows.len() > 1 { Some(name.full.clone()) } else { flags.generic.then(|| name.generics.clone()) };
    if instance.is_some() && name::has_function(&name.generics, flags.open) {
        return Err(missing(Reason::FunctionArgument { generics: name.generics.clone() }));
    }
    let packages = if flags.open { packages(table, name).map_err(missing)? } else { Vec::new() };
    let mut function = Function {
        path: name.path.clone(),
        full: if name.full == name.path { String::new() } else { name.full.clone() },
        place: place(&rows[0]),
        fingerprints: rows.iter().map(|row| row.fingerprint).collect(),
        files: rows.iter().map(|row| row.file).collect(),
        positions: rows.iter().map(|row| (row.line, row.column)).collect(),
        flags,
        options: rows.iter().flat_map(|row| row.options.iter().cloned()).collect(),
        instance,
        variables: Vec::new(),
        cfgs: Vec::new(),
        packages,
        sources: Vec::new(),
        shape: if let [only] = rows { only.shape } else { None },
        table,
    };
    let files: Vec<&str> = table.table.sources.lines().filter(|line| !matches!(*line, "" | "\0")).collect();
    for row in rows {
        let bad = || missing(Reason::BadRow { row: format!("{} at {}", row.path, place(row)) });
        for &index in &row.variables {
            function.variables.push(*table.table.variables.get(index).ok_or_else(bad)?);
        }
        for &index in &row.cfgs {
            function.cfgs.push(*table.table.cfgs.get(index).ok_or_else(bad)?);
        }
        for &index in &row.sources {
            function.sources.push(table.manifest_dir().join(files.get(index).ok_or_else(bad)?));
        }
    }
    function.variables.sort_unstable();
    function.variables.dedup();
    function.cfgs.sort_unstable();
    function.cfgs.dedup();
    function.sources.sort_unstable();
    function.sources.dedup();
    Ok(function)
}

/// The `crate=hash` words of the crates that an open function's generic arguments come from.
fn packages(table: TableRef, name: &Name) -> Result<Vec<&'static str>, Reason> {
    let mut packages = Vec::new();
    for used in name::crates(&name.generics) {
        let analysed = table.table.crates.split(' ').any(|known| known == used);
        if analysed || ["alloc", "core", "std"].contains(&used) {
            continue;
        }
        let word = table.table.packages.split(' ').find(|word| word.split('=').next() == Some(used));
        packages.push(word.ok_or_else(|| Reason::OtherCrate {
            name: used.to_owned(),
            package: table.table.package.to_owned(),
        })?);
    }
    Ok(packages)
}

fn place(row: &Row) -> String {
    format!("{}:{}", row.file, row.line)
}

/// Whether a row's file (relative to the package) and `file!()` (relative to the workspace) can be one.
fn same_file(row: &str, seen: &str) -> bool {
    let parts = |path: &str| -> Vec<String> {
        path.split(['/', '\\']).filter(|part| !matches!(*part, "" | "." | "..")).map(str::to_owned).collect()
    };
    let (row, seen) = (parts(row), parts(seen));
    row.ends_with(&seen) || seen.ends_with(&row)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Table;
    use std::any::TypeId;

    fn table(functions: &str) -> TableRef {
        let functions = functions
            .replace("AA", &"a".repeat(64))
            .replace("BB", &"b".repeat(64))
            .replace(' ', "\t")
            .replace('_', " ");
        let table = Table {
            package: "q",
            functions: Box::leak(functions.into_boxed_str()),
            // A text that ends in a NUL is merged by linkers with its copies.
            sources: "\nsrc/main.rs\n../u/src/lib.rs\n\0",
            crates: "q units",
            packages: "serde=77 ndarray=88",
            variables: &[("GIT_HASH", Some("beef")), ("NONE", None)],
            cfgs: &[("test", true)],
            test: false,
            marker: TypeId::of::<()>,
        };
        TableRef::new(Box::leak(Box::new(table)), "5 /w/q")
    }

    #[test]
    fn a_row_is_found_by_name_with_all_that_its_key_needs() {
        let table = table(
            "\nq::calc AA - src/main.rs 12 4 doc - v0_c0 0_1 cccccccccccccccccccccccccccccccc\nq::calculate BB - src/main.rs 1 4 doc - - - -\n",
        );
        let found = by_name(table, "q::calc").unwrap();
        assert_eq!((found.place.as_str(), found.instance), ("src/main.rs:12", None));
        assert_eq!(found.fingerprints, [[0xaa; 32]]);
        assert_eq!(found.shape, Some(Shape::new([0xcc; 16])));
        assert_eq!(found.variables, [("GIT_HASH", Some("beef"))]);
        assert_eq!(found.cfgs, [("test", true)]);
        assert_eq!(found.sources, [PathBuf::from("/w/q/../u/src/lib.rs"), PathBuf::from("/w/q/src/main.rs")]);
        let reason = by_name(table, "q::other").unwrap_err().reason;
        assert!(matches!(reason, Reason::NotInTable { .. }), "{reason}");
        assert_eq!(by_name(table, "q::main::{{closure}}").unwrap_err().reason, Reason::Unnamed);
        assert_eq!(by_name(table, "fn(i64) -> i64").unwrap_err().reason, Reason::Unnamed);
    }

    #[test]
    fn two_functions_of_one_name_are_ambiguous_unless_their_full_names_differ() {
        let rows =
            "\nq::main::s AA - src/main.rs 12 4 doc - - - -\nq::main::s BB - src/main.rs 15 4 doc - - - -\n";
        let reason = by_name(table(rows), "q::main::s").unwrap_err().reason;
        assert_eq!(reason, Reason::SameName { places: String::from("src/main.rs:12, src/main.rs:15") });
        let rows =
            "\nq::G::only8 AA - src/main.rs 1 4 doc - - - -\nq::G::only8 BB - src/main.rs 2 4 doc - - - -\n";
        let found = by_name(table(rows), "q::G<u8>::only8").unwrap();
        assert_eq!(found.instance.as_deref(), Some("q::G<u8>::only8"));
        assert_eq!(found.fingerprints, [[0xaa; 32], [0xbb; 32]]);
        assert_eq!(found.shape, None);
    }

    #[test]
    fn the_attribute_finds_its_row_by_place() {
        let rows = "\nq::main::s AA - src/main.rs 12 4 attribute - - - -\nq::main::s BB - src/main.rs 15 4 attribute - - - -\n";
        let spot = Spot { file: "examples/q/src/main.rs", line: 15, column: 4 };
        let found = by_spot(table(rows), "q::main::s::{{closure}}", spot).unwrap();
        assert_eq!(found.fingerprints, [[0xbb; 32]]);
        let elsewhere = Spot { file: "examples/q/src/lib.rs", ..spot };
        assert!(by_spot(table(rows), "q::main::s::{{closure}}", elsewhere).is_err());
        assert!(same_file("../u/src/lib.rs", "u/src/lib.rs") && same_file("src\\a.rs", "/x/src/a.rs"));
        assert!(!same_file("src/a.rs", "src/aa.rs"));
    }

    #[test]
    fn default_bodies_join_the_rows_of_every_self_type() {
        let rows = "\n<*XasXq::Tr>::f AA - src/main.rs 1 4 doc_generic - - - -\n<q::TXasXq::Tr>::f BB - src/main.rs 2 4 doc - - - -\n";
        // Spaces inside the path survive the test's own replacement.
        let table = table(&rows.replace('X', "_"));
        let found = by_name(table, "<q::T as q::Tr>::f").unwrap();
        assert_eq!(found.fingerprints.len(), 2);
        assert_eq!(found.instance.as_deref(), Some("<q::T as q::Tr>::f"));
        assert_eq!(by_name(table, "<q::U as q::Tr>::f").unwrap().fingerprints, [[0xaa; 32]]);
    }

    #[test]
    fn generic_arguments_must_say_which_code_they_bring() {
        let rows = "\nq::fit AA - src/main.rs 1 4 doc_generic_open - - - -\n";
        let find = |name: &str| by_name(table(rows), name);
        assert_eq!(find("q::fit<q::M, alloc::string::String>").unwrap().packages, [""; 0]);
        assert_eq!(find("q::fit<serde::M>").unwrap().packages, ["serde=77"]);
        assert_eq!(find("q::fit<q::M>").unwrap().instance.as_deref(), Some("<q::M>"));
        let foreign = Reason::OtherCrate { name: String::from("mine"), package: String::from("q") };
        assert_eq!(find("q::fit<mine::M>").unwrap_err().reason, foreign);
        for generics in ["<q::main::{{closure}}>", "<fn(i64) -> i64>", "<q::twice>"] {
            let reason = find(&format!("q::fit{generics}")).unwrap_err().reason;
            assert_eq!(reason, Reason::FunctionArgument { generics: generics.to_owned() });
        }
    }

    #[test]
    fn an_index_out_of_the_table_is_a_bad_row() {
        for column in ["v7 -", "c7 -", "- 7"] {
            let rows = format!("\nq::calc AA - src/main.rs 1 4 doc - {column} -\n");
            assert!(matches!(by_name(table(&rows), "q::calc").unwrap_err().reason, Reason::BadRow { .. }));
        }
    }
}
