//! Reads a source file as plain tokens: without comments and spacing, with doc comments, so that any
//! stretch of the file can be hashed as a procedural macro sees it.
//!
//! It also bounds how deeply the parser can recurse on the file. The surprising rule: a scanner of
//! its own is used since printing parsed items costs more than parsing them.

/// Operators of more than one character, longest first. Others are taken one character at a time.
const OPERATORS: [&str; 24] = [
    "<<=", ">>=", "...", "..=", "::", "->", "=>", "==", "!=", "<=", ">=", "&&", "||", "+=", "-=", "*=", "/=",
    "%=", "^=", "&=", "|=", "<<", ">>", "..",
];

/// The longest operator that `text` starts with, in bytes.
pub(super) fn operator(text: &str) -> usize {
    match OPERATORS.iter().find(|operator| text.starts_with(**operator)) {
        Some(operator) => operator.len(),
        None => text.chars().next().map_or(1, char::len_utf8),
    }
}

/// Looks at the tokens of a file, doc comments among them; what is no Rust gives some tokens too.
pub fn with_tokens<R>(source: &str, look: impl FnOnce(&[&str]) -> R) -> R {
    look(&Flat::new(source).tokens().collect::<Vec<_>>())
}

/// The tokens of a file.
pub(super) struct Flat {
    /// One space between two tokens.
    text: String,
    /// Where each token starts: in the source, in `text`.
    starts: Vec<(u32, u32)>,
    /// An upper bound of the nesting of the syntax tree, in tokens.
    pub depth: u32,
}

impl Flat {
    pub(super) fn new(source: &str) -> Self {
        let mut scanner = Scanner {
            source,
            at: 0,
            flat: Self { text: String::with_capacity(source.len()), starts: Vec::new(), depth: 0 },
            open: Vec::new(),
            below: 0,
            here: 0,
            angles: 0,
            closed: false,
        };
        while scanner.at < source.len() {
            scanner.step();
        }
        scanner.flat
    }

    /// The tokens that start between two offsets in the source.
    pub(super) fn slice(&self, start: usize, end: usize) -> &str {
        let index = |offset: usize| {
            let found = self.starts.partition_point(|(token, _)| (*token as usize) < offset);
            self.starts.get(found).map_or(self.text.len(), |(_, text)| *text as usize)
        };
        self.text.get(index(start)..index(end)).unwrap_or_default().trim_end()
    }

    pub(super) fn tokens(&self) -> impl Iterator<Item = &str> {
        let starts = self.starts.iter().map(|(_, text)| *text as usize);
        let ends = self.starts.iter().skip(1).map(|(_, text)| *text as usize - 1);
        starts.zip(ends.chain([self.text.len()])).filter_map(|(start, end)| self.text.get(start..end))
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }
}

struct Scanner<'s> {
    source: &'s str,
    at: usize,
    flat: Flat,
    /// Depth of each open delimiter, and the angle brackets open at it.
    open: Vec<(u32, u32)>,
    below: u32,
    here: u32,
    angles: u32,
    /// The last token closed a brace: unless the expression goes on, a statement ends there.
    closed: bool,
}

impl Scanner<'_> {
    fn rest(&self) -> &str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn step(&mut self) {
        let rest = self.rest();
        let mut chars = rest.chars();
        let Some(first) = chars.next() else { return };
        if first.is_whitespace() || matches!(first, '\u{200e}' | '\u{200f}' | '\u{feff}') {
            self.at += first.len_utf8();
            return;
        }
        if rest.starts_with("//") {
            let line = rest.split('\n').next().unwrap_or_default();
            let doc = rest.starts_with("//!") || rest.starts_with("///") && !rest.starts_with("////");
            return self.comment(line.len(), doc);
        }
        if rest.starts_with("/*") {
            let doc = rest.starts_with("/*!")
                || rest.starts_with("/**") && !rest.starts_with("/***") && !rest.starts_with("/**/");
            return self.comment(block_comment(rest), doc);
        }
        let length = match first {
            '"' => quoted(rest, 0, '"'),
            '\'' => quote(rest),
            _ if first.is_ascii_digit() => number(rest),
            _ if word_char(first) => word(rest),
            _ => operator(rest),
        };
        self.token(length, first);
    }

    fn comment(&mut self, length: usize, doc: bool) {
        if doc {
            self.push(length);
        }
        self.at += length;
    }

    fn push(&mut self, length: usize) {
        if !self.flat.text.is_empty() {
            self.flat.text.push(' ');
        }
        self.flat.starts.push((self.at as u32, self.flat.text.len() as u32));
        let text = self.source.get(self.at..self.at + length).unwrap_or_default();
        self.flat.text.push_str(text.trim_end());
    }

    fn token(&mut self, length: usize, first: char) {
        self.push(length);
        let token = self.source.get(self.at..self.at + length).unwrap_or_default();
        self.at += length;
        if self.closed && (word_char(first) || matches!(first, '#' | '{')) && token != "else" && token != "as"
        {
            (self.here, self.angles) = (0, 0);
        }
        self.closed = false;
        self.here += 1;
        match first {
            '(' | '[' | '{' => {
                self.here += 3;
                self.below += self.here;
                self.open.push((self.here, self.angles));
                (self.here, self.angles) = (0, 0);
            }
            ')' | ']' | '}' => {
                (self.here, self.angles) = self.open.pop().unwrap_or_default();
                self.below = self.below.saturating_sub(self.here);
                self.closed = first == '}';
            }
            ';' => (self.here, self.angles) = (0, 0),
            // Between angle brackets the next argument is as deep as this one.
            ',' => self.here = self.here.min(self.angles.saturating_mul(4)),
            '<' if token == "<" || token == "<<" => self.angles += token.len() as u32,
            '>' if token == ">" || token == ">>" => {
                self.angles = self.angles.saturating_sub(token.len() as u32);
            }
            _ => {}
        }
        self.flat.depth = self.flat.depth.max(self.below + self.here);
    }
}

fn word_char(c: char) -> bool {
    c == '_' || c.is_alphanumeric() || !c.is_ascii()
}

fn block_comment(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let (mut depth, mut at) = (0_usize, 0);
    while at < bytes.len() {
        match bytes.get(at..at + 2) {
            Some(b"/*") => {
                depth += 1;
                at += 2;
            }
            Some(b"*/") => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    bytes.len()
}

/// A quoted literal from `start` on, which is the quote.
fn quoted(rest: &str, start: usize, quote: char) -> usize {
    let bytes = rest.as_bytes();
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match *byte {
            b'\\' => at += 2,
            byte if byte == quote as u8 => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// A character or a lifetime.
fn quote(rest: &str) -> usize {
    let mut chars = rest.chars().skip(1);
    match (chars.next(), chars.next()) {
        (Some('\\'), _) => quoted(rest, 0, '\''),
        (Some(c), Some('\'')) => 2 + c.len_utf8(),
        (Some(c), _) if word_char(c) => 1 + run(rest.get(1..).unwrap_or_default()),
        _ => 1,
    }
}

fn run(rest: &str) -> usize {
    rest.find(|c| !word_char(c)).unwrap_or(rest.len())
}

fn number(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut at = run(rest);
    if bytes.get(at) == Some(&b'.') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
        at += 1;
        at += run(rest.get(at..).unwrap_or_default());
    }
    at
}

/// An identifier, or a literal with a prefix.
fn word(rest: &str) -> usize {
    let end = run(rest);
    let (prefix, behind) = rest.split_at(end);
    match prefix {
        "b" | "c" if behind.starts_with('"') => quoted(rest, end, '"'),
        "b" if behind.starts_with('\'') => quoted(rest, end, '\''),
        "r" | "br" | "cr" => {
            let hashes = behind.len() - behind.trim_start_matches('#').len();
            let inside = behind.get(hashes..).unwrap_or_default();
            if let Some(content) = inside.strip_prefix('"') {
                let close = format!("\"{}", "#".repeat(hashes));
                let length = content.find(&close).map_or(content.len(), |at| at + close.len());
                end + hashes + 1 + length
            } else if prefix == "r" && hashes == 1 && inside.starts_with(word_char) {
                end + 1 + run(inside)
            } else {
                end
            }
        }
        _ => end,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_spacing_are_left_out_and_docs_are_kept() {
        let flat = |source: &str| Flat::new(source).text().to_owned();
        assert_eq!(flat("a+b // c\n /* d /* e */ */ ;"), "a + b ;");
        assert_eq!(flat("/// doc\nfn f<'a>(x: &'a str) {}"), "/// doc fn f < 'a > ( x : & 'a str ) { }");
        assert_eq!(
            flat("r#\"a // \" b\"# 'x' '\\'' b'\"' r#type 1.5e3"),
            "r#\"a // \" b\"# 'x' '\\'' b'\"' r#type 1.5e3"
        );
        assert_ne!(flat("a && b"), flat("a & & b"));
        assert_eq!(flat("\"// no comment\" x"), "\"// no comment\" x");
    }

    #[test]
    fn a_stretch_of_the_file_is_found_by_its_offsets() {
        let flat = Flat::new("fn a() {} // x\nfn b() {}");
        assert_eq!(flat.slice(0, 9), "fn a ( ) { }");
        assert_eq!(flat.slice(15, 24), "fn b ( ) { }");
    }

    #[test]
    fn depth_follows_nesting_and_not_length() {
        let flat = "fn f() { a(); }\n".repeat(10_000);
        assert!(Flat::new(&flat).depth < 40);
        assert!(Flat::new(&format!("const A: u8 = {}1;", "-".repeat(5000))).depth > 5000);
        assert!(Flat::new(&"A<u8, ".repeat(5000)).depth > 5000);
        assert!(Flat::new(&"if a {} else ".repeat(5000)).depth > 5000);
    }
}
