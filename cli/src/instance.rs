//! Compares full names of functions, as entries have them from `std::any::type_name`, with what the code says.
//!
//! This tells functions apart that have one path: where it is not certain, a name fits.

/// Whether a function of an impl for this type can have the full name; `*` in the type is anything.
pub(crate) fn is_in_impl(instance: &str, self_type: &str) -> bool {
    let name = without_modules(instance);
    let forms = [
        format!("{self_type}::*"),
        format!("<{self_type} as *>::*"),
        format!("*<impl {self_type}>::*"),
        format!("*<impl * for {self_type}>::*"),
    ];
    forms.iter().any(|form| is_like(name.as_bytes(), form.as_bytes()))
}

/// What else people may call a trait's function: `<a::T as a::Tr>::f` is `a::Tr::f` and `a::T::f`.
pub(crate) fn other_names(name: &str) -> Option<[String; 2]> {
    let (own, rest) = name.strip_prefix('<')?.split_once(" as ")?;
    let (of, function) = rest.rsplit_once(">::")?;
    Some([of, own].map(|path| format!("{path}::{function}")))
}

/// `a::G<b::T>::f` as `G<T>::f`.
fn without_modules(name: &str) -> String {
    let mut out = String::new();
    let mut word = 0;
    let mut chars = name.chars().peekable();
    while let Some(next) = chars.next() {
        if next == ':' && chars.peek() == Some(&':') && word < out.len() {
            chars.next();
            out.truncate(word);
            continue;
        }
        out.push(next);
        if next != '_' && !next.is_alphanumeric() {
            word = out.len();
        }
    }
    out
}

/// Whether a text is like a pattern, in which `*` stands for anything.
fn is_like(text: &[u8], pattern: &[u8]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some((b'*', rest)) => (0..=text.len()).any(|at| is_like(&text[at..], rest)),
        Some((first, rest)) => text.first() == Some(first) && is_like(&text[1..], rest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_names_are_told_apart_by_the_type_of_their_impl() {
        for name in ["a::m::G<u8>::f", "a::o::<impl a::m::G<u8>>::f", "<a::G<u8> as b::Tr<a::T>>::f<u16>"] {
            assert!(is_in_impl(name, "G<u8>") && is_in_impl(name, "G<*>"), "{name}");
            assert!(!is_in_impl(name, "G<u16>"), "{name}");
        }
        assert!(is_in_impl("a::o::<impl b::Tr for &[a::T]>::f", "&[T]"));
        assert!(is_in_impl("a::G<alloc::vec::Vec<(u8, a::T)>>::f", "G<Vec<(u8, T)>>"));
    }

    #[test]
    fn a_function_of_a_trait_is_also_that_of_its_type() {
        let names = other_names("<a::m::G<u8> as a::m::Tr>::f").unwrap();
        assert_eq!(names, ["a::m::Tr::f", "a::m::G<u8>::f"]);
        assert_eq!(other_names("a::G::f"), None);
    }
}
