//! Reads format strings: which names they capture, and the string without those names.

/// A format string.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Format {
    /// The string, with `@` for each captured name.
    pub text: String,
    /// The names, in order of occurrence.
    pub captures: Vec<String>,
}

/// Reads a format string; `None` where it is none.
pub(super) fn parse(source: &str) -> Option<Format> {
    parse_with(source, &|_| false)
}

/// As [`parse`]; names for which `given` holds are arguments of the call, and stay.
pub(super) fn parse_with(source: &str, given: &dyn Fn(&str) -> bool) -> Option<Format> {
    let mut format = Format { text: String::with_capacity(source.len()), captures: Vec::new() };
    let mut rest = source;
    while let Some(at) = rest.find(['{', '}']) {
        let (plain, behind) = rest.split_at(at);
        format.text.push_str(plain);
        if let Some(double) = ["{{", "}}"].into_iter().find(|double| behind.starts_with(double)) {
            format.text.push_str(double);
            rest = behind.get(2..)?;
            continue;
        }
        let inside = behind.strip_prefix('{')?;
        let (placeholder, end) = split_placeholder(inside)?;
        format.text.push('{');
        read_placeholder(placeholder, given, &mut format)?;
        format.text.push('}');
        rest = end;
    }
    format.text.push_str(rest);
    Some(format)
}

/// A placeholder's text and what follows its brace. The fill character may be a brace itself.
fn split_placeholder(inside: &str) -> Option<(&str, &str)> {
    let mut from = 0;
    if let Some(colon) = inside.find([':', '}'])
        && inside.get(colon..)?.starts_with(':')
    {
        let spec = inside.get(colon + 1..)?;
        let mut chars = spec.chars();
        from = colon + 1;
        if let (Some(fill), Some('<' | '^' | '>')) = (chars.next(), chars.next()) {
            from += fill.len_utf8();
        }
    }
    let end = from + inside.get(from..)?.find('}')?;
    Some((inside.get(..end)?, inside.get(end + 1..)?))
}

fn read_placeholder(placeholder: &str, given: &dyn Fn(&str) -> bool, format: &mut Format) -> Option<()> {
    let (argument, spec) = match placeholder.split_once(':') {
        Some((argument, spec)) => (argument.trim(), Some(spec)),
        None => (placeholder.trim(), None),
    };
    if argument.chars().next().is_some_and(|c| !c.is_ascii_digit()) {
        if !is_ident(argument) {
            return None;
        }
        capture(argument, given, format);
    } else {
        format.text.push_str(argument);
    }
    let Some(spec) = spec else { return Some(()) };
    format.text.push(':');
    let mut chars = spec.chars();
    let mut rest = spec;
    if let (Some(fill), Some('<' | '^' | '>')) = (chars.next(), chars.next()) {
        let (head, tail) = spec.split_at(fill.len_utf8() + 1);
        format.text.push_str(head);
        rest = tail;
    }
    // What is left: flags, then counts that may be `name$`.
    while let Some(first) = rest.chars().next() {
        let length = if first == '_' || first.is_alphabetic() {
            rest.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (word, tail) = rest.split_at(length);
        if tail.starts_with('$') && is_ident(word) {
            capture(word, given, format);
        } else {
            format.text.push_str(word);
        }
        rest = tail;
    }
    Some(())
}

fn capture(name: &str, given: &dyn Fn(&str) -> bool, format: &mut Format) {
    if given(name) {
        format.text.push_str(name);
    } else {
        format.text.push('@');
        format.captures.push(name.to_owned());
    }
}

fn is_ident(text: &str) -> bool {
    text.starts_with(|c: char| c == '_' || c.is_alphabetic())
        && text.chars().all(|c| c == '_' || c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captures_are_found_wherever_they_stand() {
        let read = |text: &str| parse(text).map(|format| (format.text, format.captures.join(" ")));
        let some = |text: &str, captures: &str| Some((text.to_owned(), captures.to_owned()));
        assert_eq!(read("a {x} b"), some("a {@} b", "x"));
        assert_eq!(read("{x:?}{ y :>5}"), some("{@:?}{@:>5}", "x y"));
        assert_eq!(read("{:width$.prec$}"), some("{:@$.@$}", "width prec"));
        assert_eq!(read("{x:}>w$} {0} {}"), some("{@:}>@$} {0} {}", "x w"));
        assert_eq!(read("{{x}} {:#?} {:08.3e} {:1$} {:.*}"), some("{{x}} {:#?} {:08.3e} {:1$} {:.*}", ""));
        assert_eq!(read("{:x$x}{:0w$}"), some("{:@$x}{:0@$}", "x w"));
        assert_eq!(read("{"), None);
        assert_eq!(read("}"), None);
        assert_eq!(read("{a b}"), None);
    }

    #[test]
    fn arguments_of_the_call_are_no_captures() {
        let format = parse_with("{x} {y}", &|name| name == "x").unwrap();
        assert_eq!(
            (format.text.as_str(), format.captures.as_slice()),
            ("{x} {@}", ["y".to_owned()].as_slice())
        );
    }
}
