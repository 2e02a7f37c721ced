//! Refuses signatures that cannot be cached, and says why and what to do.

use proc_macro2::Span;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{
    Error, FnArg, GenericArgument, Lifetime, PathArguments, ReceiverKind, Result, ReturnType, Safety,
    Signature, Type,
};

/// Checks a signature; all its problems at once.
pub fn check(signature: &Signature) -> Result<()> {
    let mut problems: Vec<(Span, String)> = Vec::new();
    let name = &signature.ident;
    if let Some(token) = &signature.constness {
        let text = format!(
            "`{name}` is a const fn, which cannot read a cache: remove `const`, or cache a function that calls it"
        );
        problems.push((token.span(), text));
    }
    if let Safety::Unsafe(token) = &signature.safety {
        let text = format!(
            "`{name}` is unsafe: a stored result does not keep what its caller promises; cache a safe function that calls it"
        );
        problems.push((token.span(), text));
    }
    if let Some(abi) = &signature.abi
        && abi.name.as_ref().is_none_or(|name| name.value() != "Rust")
    {
        let text = format!(
            "`{name}` is called from another language, through which a wrapper cannot answer: cache a function of Rust that it calls"
        );
        problems.push((abi.extern_token.span(), text));
    }
    if let Some(variadic) = &signature.variadic {
        let text = format!("`{name}` takes any number of arguments, which cannot be a key: take a slice");
        problems.push((variadic.dots.span(), text));
    }
    for input in &signature.inputs {
        let span = match input {
            FnArg::Receiver(receiver) => match &receiver.kind {
                ReceiverKind::Reference(_, _, Some(mutability)) => Some(mutability.span()),
                ReceiverKind::Typed(_, of) => find(of, &mutable),
                _ => None,
            },
            FnArg::Typed(typed) => find(&typed.ty, &mutable),
        };
        if let Some(span) = span {
            let text = format!(
                "`{name}` changes an argument (`&mut`), and a stored result would not: take the value and return the changed one"
            );
            problems.push((span, text));
        }
    }
    if let ReturnType::Type(_, result) = &signature.output {
        if let Some(span) = find(result, &|of| matches!(of, Type::ImplTrait(_)).then(|| of.span())) {
            let text = format!(
                "the result of `{name}` has no name (`impl Trait`), so it cannot be read back: return a named type, such as a Vec for an iterator"
            );
            problems.push((span, text));
        } else if let Some(span) = find(result, &borrowed) {
            let text = format!(
                "the result of `{name}` borrows, and a stored result has nothing to borrow from: return an owned value, such as a String for a &str"
            );
            problems.push((span, text));
        }
    }
    let mut errors = problems.into_iter().map(|(span, text)| Error::new(span, text));
    match errors.next() {
        None => Ok(()),
        Some(mut first) => {
            errors.for_each(|error| first.combine(error));
            Err(first)
        }
    }
}

fn mutable(of: &Type) -> Option<Span> {
    match of {
        Type::Reference(reference) => reference.mutability.as_ref().map(Spanned::span),
        _ => None,
    }
}

fn borrowed(of: &Type) -> Option<Span> {
    match of {
        Type::Reference(_) => Some(of.span()),
        Type::Path(path) => path.path.segments.iter().find_map(|segment| match &segment.arguments {
            PathArguments::AngleBracketed(generics) => {
                generics.args.iter().find_map(|argument| match argument {
                    GenericArgument::Lifetime(lifetime) => not_static(lifetime),
                    _ => None,
                })
            }
            _ => None,
        }),
        _ => None,
    }
}

fn not_static(lifetime: &Lifetime) -> Option<Span> {
    (lifetime.ident != "static").then(|| lifetime.span())
}

/// The first type inside of this one, itself included, that `test` finds something in. What stands in
/// `dyn`, `impl` and `fn` types is not part of the value.
fn find(of: &Type, test: &dyn Fn(&Type) -> Option<Span>) -> Option<Span> {
    let all = |types: &Punctuated<Type, syn::Token![,]>| types.iter().find_map(|of| find(of, test));
    test(of).or_else(|| match of {
        Type::Array(array) => find(&array.elem, test),
        Type::Group(group) => find(&group.elem, test),
        Type::Paren(paren) => find(&paren.elem, test),
        Type::Ptr(pointer) => find(&pointer.elem, test),
        Type::Reference(reference) => find(&reference.elem, test),
        Type::Slice(slice) => find(&slice.elem, test),
        Type::Tuple(tuple) => all(&tuple.elems),
        Type::Path(path) => path.path.segments.iter().find_map(|segment| match &segment.arguments {
            PathArguments::AngleBracketed(generics) => {
                generics.args.iter().find_map(|argument| match argument {
                    GenericArgument::Type(of) => find(of, test),
                    GenericArgument::AssocType(bound) => find(&bound.ty, test),
                    _ => None,
                })
            }
            _ => None,
        }),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<String> {
        let signature: Signature = syn::parse_str(text).unwrap();
        check(&signature)
            .err()
            .map_or_else(Vec::new, |error| error.into_iter().map(|error| error.to_string()).collect())
    }

    #[test]
    fn what_can_be_cached_passes() {
        for text in [
            "fn f()",
            "async fn f(&self, a: &[f64]) -> Result<Vec<u8>, Box<dyn Error + 'static>>",
            "fn f<T: Tr>(self: Arc<Self>, f: impl Fn(&mut T)) -> Cow<'static, T>",
            "extern \"Rust\" fn f(x: fn(&mut u8)) -> Box<dyn Fn(&u8) -> u8>",
        ] {
            assert_eq!(problems(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn what_cannot_says_why_and_what_to_do() {
        for (text, expected) in [
            ("const fn f() -> u8", "remove `const`"),
            ("unsafe fn f() -> u8", "a safe function that calls it"),
            ("unsafe extern \"C\" fn f(x: u8, ...) -> u8", "a safe function"),
            ("extern \"C\" fn f(x: u8) -> u8", "of Rust that it calls"),
            ("fn f(&mut self)", "(`&mut`)"),
            ("fn f(self: Pin<&mut Self>)", "(`&mut`)"),
            ("fn f(x: Vec<(u8, &mut u8)>)", "(`&mut`)"),
            ("fn f() -> Vec<impl Iterator>", "return a named type"),
            ("fn f(x: &str) -> &str", "a String for a &str"),
            ("fn f(x: &str) -> Option<Cow<'_, str>>", "borrows"),
            ("fn f() -> &'static str", "borrows"),
        ] {
            assert!(problems(text)[0].contains(expected), "{text}: {:?}", problems(text));
        }
        assert_eq!(problems("const unsafe fn f(x: &mut u8) -> &u8").len(), 4);
    }
}
