//! Turns what `std::any::type_name_of_val` prints for a function into its lookup path.
//!
//! The build pass makes the same paths from source. `<a::T as b::Tr>::f` and
//! `a::m::<impl b::Tr for a::T>::f` are both `<a::T as b::Tr>::f`; generic arguments and `{{closure}}`
//! are dropped, and so are crates that the table did not analyse (`<Vec as a::Tr>::f`): the pass does
//! not know where the standard library really defines a type. Text that is no function's name gives `None`, never a panic.

/// A type name taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    /// The lookup path.
    pub path: String,
    /// The same for default bodies and blanket impls: `<* as Tr>::f`.
    pub any_self: Option<String>,
    /// Everything in angle brackets, in order; empty for a function without.
    pub generics: String,
    /// The whole name without trailing `{{closure}}`s.
    pub full: String,
}

/// Takes the name of a function item apart; `None` for a closure, a pointer or another type.
pub(crate) fn of_value(type_name: &str, crates: &str) -> Option<Name> {
    let segments = split(type_name, "::");
    if segments.last()?.starts_with('{') { None } else { of_segments(&segments, crates) }
}

/// Takes the name of a closure in a function's body apart: that of the function.
pub(crate) fn of_closure(type_name: &str, crates: &str) -> Option<Name> {
    let mut segments = split(type_name, "::");
    while segments.last()?.starts_with('{') {
        segments.pop();
    }
    of_segments(&segments, crates)
}

/// `crates` names the analysed crates, separated by spaces.
fn of_segments(segments: &[&str], crates: &str) -> Option<Name> {
    let first = segments.first()?;
    if !is_path(first) && !first.starts_with('<') {
        return None;
    }
    let mut path: Vec<String> = Vec::new();
    let mut any_self = None;
    let mut generics = String::new();
    for segment in segments {
        if segment.starts_with('{') {
            continue;
        }
        let Some(open) = segment.find('<') else {
            path.push((*segment).to_owned());
            continue;
        };
        generics.push_str(&segment[open..]);
        let inner = segment[open + 1..].strip_suffix('>')?;
        let head = if open > 0 {
            path.push(segment[..open].to_owned());
            continue;
        } else if let Some(header) = inner.strip_prefix("impl ") {
            match split(header, " for ")[..] {
                [of, own] => (own, of),
                // An inherent impl elsewhere: the path of the type replaces that of the module.
                [own] => {
                    path = if is_path(own) { plain(own) } else { vec![String::from("_")] };
                    continue;
                }
                _ => return None,
            }
        } else {
            let [own, of] = split(inner, " as ")[..] else {
                path.push(String::from("_"));
                continue;
            };
            (own, of)
        };
        let of = ends(head.1, crates);
        path = vec![format!("<{} as {of}>", ends(head.0, crates))];
        any_self = Some(format!("<* as {of}>"));
    }
    if path.is_empty() {
        return None;
    }
    let any_self = any_self.map(|own| [&[own], &path[1..]].concat().join("::"));
    Some(Name { path: path.join("::"), any_self, generics, full: segments.join("::") })
}

/// The crates that the paths in a type's text start with, sorted, each once.
pub(crate) fn crates(text: &str) -> Vec<&str> {
    let mut names: Vec<&str> = paths(text).iter().filter_map(|path| Some(path.split_once("::")?.0)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Whether a closure, a function pointer or a function itself is among the types in a text.
///
/// A function's own type prints as its path: by convention only functions end in a small letter.
pub(crate) fn has_function(text: &str, items_too: bool) -> bool {
    if text.contains("{closure") || text.contains("{{") || text.contains("fn(") {
        return true;
    }
    items_too
        && paths(text).iter().any(|path| {
            let small =
                path.rsplit("::").next().is_some_and(|end| end.starts_with(|c: char| c.is_lowercase()));
            path.contains("::")
                && small
                && !["core", "alloc", "std"].contains(&path.split("::").next().unwrap_or(""))
        })
}

/// All paths in a type's text, without their generic arguments.
fn paths(text: &str) -> Vec<&str> {
    let in_path = |c: char| c == '_' || c == ':' || c.is_alphanumeric();
    text.split(|c| !in_path(c)).map(|path| path.trim_matches(':')).filter(|path| !path.is_empty()).collect()
}

/// Splits at a separator outside of all brackets.
fn split<'a>(text: &'a str, separator: &str) -> Vec<&'a str> {
    let bytes = text.as_bytes();
    let mut parts = Vec::new();
    let (mut depth, mut start, mut at) = (0_u32, 0, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'<' | b'(' | b'[' | b'{' => depth += 1,
            // The arrow of a function pointer is no bracket.
            b'>' if at > 0 && bytes[at - 1] == b'-' => {}
            b'>' | b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            // A char among const arguments: '<'.
            b'\'' if bytes.get(at + 2) == Some(&b'\'') => at += 2,
            _ if depth == 0 && bytes[at..].starts_with(separator.as_bytes()) => {
                parts.push(&text[start..at]);
                at += separator.len();
                start = at;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    parts.push(&text[start..]);
    parts
}

/// Whether a type's text is a path, and not a reference, slice, tuple, pointer, fn or dyn.
fn is_path(text: &str) -> bool {
    let no = ["dyn ", "fn(", "unsafe ", "extern ", "for<", "impl "];
    text.starts_with(|c: char| c == '_' || c.is_alphabetic()) && !no.iter().any(|word| text.starts_with(word))
}

/// A path's segments without generic arguments.
fn plain(path: &str) -> Vec<String> {
    let strip = |segment: &&str| segment.split('<').next().unwrap_or_default().to_owned();
    split(path, "::").iter().filter(|segment| !segment.starts_with('{')).map(strip).collect()
}

/// The last segment of a path without generic arguments, behind its crate if that is analysed; `_` for
/// a type that is no path.
fn ends(text: &str, crates: &str) -> String {
    if !is_path(text) || split(text, "::").last().is_some_and(|segment| segment.starts_with('{')) {
        return String::from("_");
    }
    match plain(text).as_slice() {
        [krate, .., last] if crates.split(' ').any(|known| known == krate) => format!("{krate}::{last}"),
        [.., last] => last.clone(),
        [] => String::from("_"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> String {
        of_closure(text, "t").map_or_else(|| String::from("none"), |name| name.path)
    }

    /// What rustc prints for functions of every kind, seen with 1.95.
    #[test]
    fn every_spelling_gives_its_lookup_path() {
        let cases = [
            ("t::calc", "t::calc"),
            ("t::main::s", "t::main::s"),
            ("t::main::{{closure}}::s", "t::main::s"),
            ("t::arr<3>::{{closure}}", "t::arr"),
            ("t::asy<alloc::vec::Vec<&str>>", "t::asy"),
            ("t::m::G<u8>::inh<alloc::string::String>::{{closure}}", "t::m::G::inh"),
            ("t::m::G<_>::inh::inner", "t::m::G::inh::inner"),
            ("t::o::<impl t::m::T>::elsewhere::{{closure}}", "t::m::T::elsewhere"),
            ("t::o::<impl t::m::G<u8>>::elsewhere", "t::m::G::elsewhere"),
            ("<t::m::T as t::Tr>::d::{{closure}}", "<t::T as t::Tr>::d"),
            ("<t::m::G<u8> as t::Tr<(A, B)>>::d", "<t::G as t::Tr>::d"),
            ("<&t::m::T as t::Tr>::d", "<_ as t::Tr>::d"),
            ("<[u8] as t::Tr>::d::inner", "<_ as t::Tr>::d::inner"),
            ("<t::main::{{closure}} as t::Tr>::d", "<_ as t::Tr>::d"),
            ("<fn(i32) -> i32 as t::Tr>::d", "<_ as t::Tr>::d"),
            ("t::o::q::<impl t::Tr for t::o::Z>::d::{{closure}}", "<t::Z as t::Tr>::d"),
            ("<alloc::vec::Vec<u8> as t::Tr>::d", "<Vec as t::Tr>::d"),
            ("t::im<fn(i32) -> i32>::{{closure}}", "t::im"),
            ("t::c<'<'>", "t::c"),
            ("fn(i64) -> i64", "none"),
            ("&str", "none"),
            ("", "none"),
            ("{{closure}}", "none"),
        ];
        for (text, expected) in cases {
            assert_eq!(path(text), expected, "{text}");
        }
    }

    #[test]
    fn a_closure_is_no_function_by_value() {
        assert_eq!(of_value("t::main::{{closure}}", "t"), None);
        assert_eq!(of_value("t::main", "t").unwrap().path, "t::main");
    }

    #[test]
    fn default_bodies_are_found_for_every_self() {
        let name = of_value("<t::m::T as t::Tr>::d::inner", "t").unwrap();
        assert_eq!(name.any_self.as_deref(), Some("<* as t::Tr>::d::inner"));
        assert_eq!(name.generics, "<t::m::T as t::Tr>");
    }

    #[test]
    fn crates_and_functions_among_the_generics_are_seen() {
        let text = "<a::T<std::u::V, u8>, &'_ [b::W; 3], fn(c::X) -> d::Y>";
        assert_eq!(crates(text), ["a", "b", "c", "d", "std"]);
        assert!(has_function(text, false));
        assert!(!has_function("<a::T, core::ffi::c_void, u8>", true));
        assert!(has_function("<a::twice>", true));
        assert!(has_function("<a::main::{{closure}}>", false));
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[a-z<>(){}\\[\\]:&' -]{0,40}|\\PC{0,40}") {
            let _ = of_value(&text, "a");
            let _ = of_closure(&text, "a");
            let _ = crates(&text);
        }
    }
}
