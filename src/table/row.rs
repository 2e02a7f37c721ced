//! Reads one line of the table's functions.

use checkpointing_closure::Shape;
use std::num::ParseIntError;

/// Columns of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub path: &'static str,
    /// Of the build in question: the third column counts under `cfg(test)`.
    pub fingerprint: [u8; 32],
    pub file: &'static str,
    pub line: u32,
    pub column: u32,
    pub flags: Flags,
    pub options: Vec<(&'static str, String)>,
    /// Indexes into the table's variables and cfgs.
    pub variables: Vec<usize>,
    pub cfgs: Vec<usize>,
    /// Indexes into the table's sources.
    pub sources: Vec<usize>,
    /// Of the stored result, where it is known.
    pub shape: Option<Shape>,
}

/// What the seventh column says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // independent words of the table
pub(crate) struct Flags {
    pub doc: bool,
    pub attribute: bool,
    pub generic: bool,
    pub open: bool,
    pub marker: bool,
}

impl Flags {
    pub fn union(self, other: Flags) -> Flags {
        Flags {
            doc: self.doc || other.doc,
            attribute: self.attribute || other.attribute,
            generic: self.generic || other.generic,
            open: self.open || other.open,
            marker: self.marker || other.marker,
        }
    }
}

/// Reads a line; `None` when it is not one that this version understands.
pub(crate) fn parse(line: &'static str, test: bool) -> Option<Row> {
    let columns: Vec<&'static str> = line.split('\t').collect();
    let [path, fingerprint, tested, file, line, column, flags, options, witnesses, sources, shape] =
        columns[..]
    else {
        return None;
    };
    let fingerprint = if test && tested != "-" { tested } else { fingerprint };
    let mut row = Row {
        path,
        fingerprint: unhex(fingerprint)?,
        file,
        line: line.parse().ok()?,
        column: column.parse().ok()?,
        flags: Flags::default(),
        options: parse_options(options)?,
        variables: Vec::new(),
        cfgs: Vec::new(),
        sources: words(sources).map(str::parse).collect::<Result<_, ParseIntError>>().ok()?,
        shape: if shape == "-" { None } else { Some(shape.parse().ok()?) },
    };
    for flag in words(flags) {
        match flag {
            "doc" => row.flags.doc = true,
            "attribute" => row.flags.attribute = true,
            "generic" => row.flags.generic = true,
            "open" => row.flags.open = true,
            "marker" | "unlocked" => row.flags.marker = true,
            // A word of a later version may mean that more belongs to the key.
            _ => return None,
        }
    }
    for witness in words(witnesses) {
        match witness.split_at_checked(1)? {
            ("v", index) => row.variables.push(index.parse().ok()?),
            ("c", index) => row.cfgs.push(index.parse().ok()?),
            _ => return None,
        }
    }
    Some(row)
}

fn words(column: &'static str) -> impl Iterator<Item = &'static str> {
    column.split(' ').filter(|word| !word.is_empty() && *word != "-")
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    blake3::Hash::from_hex(text).ok().map(blake3::Hash::into)
}

/// Reads `name="value" name="value"`, values with Rust's escapes.
fn parse_options(column: &'static str) -> Option<Vec<(&'static str, String)>> {
    let mut options = Vec::new();
    let mut rest = if column == "-" { "" } else { column.trim() };
    while !rest.is_empty() {
        let (name, quoted) = rest.split_once("=\"")?;
        let mut value = String::new();
        let mut chars = quoted.chars();
        loop {
            match chars.next()? {
                '"' => break,
                '\\' => value.push(escape(&mut chars)?),
                plain => value.push(plain),
            }
        }
        options.push((name, value));
        rest = chars.as_str().trim_start();
    }
    Some(options)
}

fn escape(chars: &mut std::str::Chars<'static>) -> Option<char> {
    Some(match chars.next()? {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        '0' => '\0',
        'u' => {
            let (code, rest) = chars.as_str().strip_prefix('{')?.split_once('}')?;
            *chars = rest.chars();
            char::from_u32(u32::from_str_radix(code, 16).ok()?)?
        }
        'x' => {
            let code = chars.as_str().get(..2)?;
            *chars = chars.as_str()[2..].chars();
            char::from(u8::from_str_radix(code, 16).ok()?)
        }
        same => same,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    const B: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    fn leak(text: String) -> &'static str {
        Box::leak(text.into_boxed_str())
    }

    #[test]
    fn all_columns_are_read() {
        let line = leak(format!(
            "q::calc\t{A}\t{B}\tsrc/main.rs\t12\t4\tdoc generic unlocked\tdirectory=\"x \\\"y\\\\\\u{{e9}}\" ignore=\"0,2\"\tv0 c1\t0 1\tcccccccccccccccccccccccccccccccc"
        ));
        let row = parse(line, false).unwrap();
        assert_eq!((row.path, row.file, row.line, row.column), ("q::calc", "src/main.rs", 12, 4));
        assert_eq!(row.fingerprint, [0xaa; 32]);
        assert!(row.flags.doc && row.flags.generic && row.flags.marker && !row.flags.open);
        assert_eq!(row.options[0], ("directory", String::from("x \"y\\\u{e9}")));
        assert_eq!(row.options[1], ("ignore", String::from("0,2")));
        assert_eq!((row.variables, row.cfgs, row.sources), (vec![0], vec![1], vec![0, 1]));
        assert_eq!(row.shape, Some(Shape::new([0xcc; 16])));
        assert_eq!(parse(line, true).unwrap().fingerprint, [0xbb; 32]);
    }

    #[test]
    fn what_is_not_understood_is_no_row() {
        for line in [
            leak(format!("q::calc\t{A}\t-\tsrc/main.rs\t12\t4\tdoc\t-\t-\t-")),
            leak(format!("q::calc\t{A}\t-\tsrc/main.rs\tx\t4\tdoc\t-\t-\t-\t-")),
            leak(format!("q::calc\t{A}\t-\tsrc/main.rs\t1\t4\tnew_word\t-\t-\t-\t-")),
            leak(format!("q::calc\t{A}\t-\tsrc/main.rs\t1\t4\tdoc\tversion=\"1\t-\t-\t-")),
            leak(format!("q::calc\t{A}\t-\tsrc/main.rs\t1\t4\tdoc\t-\tz1\t-\t-")),
            leak(format!("q::calc\t{A}\t-\tsrc/main.rs\t1\t4\tdoc\t-\t-\t-\tbeef")),
            "q::calc\tbeef\t-\tsrc/main.rs\t1\t4\tdoc\t-\t-\t-\t-",
        ] {
            assert_eq!(parse(line, false), None, "{line}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_line_makes_it_panic(text in "[a-z\\t\\\\=\"{}ux0-9 -]{0,60}") {
            let _ = parse(leak(text), true);
        }
    }
}
