//! Reads a mark and its options: the one grammar that the attribute macro and the build pass share.
//!
//! A mark is `#[checkpoint(..)]`, or one of the three spellings of the doc mark:
//! `#[doc = "checkpoint(..)"]`, `/// checkpoint(..)` on a line of its own and
//! `#[doc(alias = "checkpoint(..)")]`. Which options make sense where is decided here; what they
//! do is not.

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Lit, Meta, Path, Token, Type, parenthesized};

/// The word that marks.
pub const WORD: &str = "checkpoint";

/// Where an option stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// In a doc attribute, which no macro reads: literal options and `ignore` only.
    Doc,
    /// In `#[checkpoint(..)]`.
    Attribute,
    /// Behind the call in `cached!(f(x), ..)`.
    Call,
}

/// One option of a mark.
pub struct MarkOption {
    /// One of the names in [`LITERALS`] or [`EXPRESSIONS`], or `ignore`, `hash_with`, `allow`, `codec`.
    pub name: Ident,
    /// What it is set to.
    pub value: Value,
}

/// The value of an option.
pub enum Value {
    /// `version = 3`, `on_error = raise`, `directory = "x/y"`: the text, without quotes.
    Literal(String),
    /// `ignore(a, b)`, `allow(clock)`
    Names(Vec<Ident>),
    /// `hash_with(a = path)`
    Paths(Vec<(Ident, Path)>),
    /// `extra = expr`, `when = expr`, `store = expr`, `identify = expr`
    Expr(Box<Expr>),
    /// `codec = Type`
    Type(Box<Type>),
}

/// The options whose value is an expression.
pub const EXPRESSIONS: [&str; 4] = ["extra", "when", "store", "identify"];

/// The options whose value is a literal, with what they take.
pub const LITERALS: [(&str, &str); 5] = [
    ("directory", "a path"),
    ("on_error", "warn, raise, ignore or return"),
    ("format", "postcard, json, postcard+zstd or json+zstd"),
    ("version", "a whole number"),
    ("expires", "a time such as 90s, 15m, 1h30m, 7d or 4w"),
];

/// What a function can be warned about, and `allow(..)` takes: something that it reaches makes its result
/// depend on more than its arguments and its code.
pub const LINTS: [&str; 11] = [
    "clock",
    "random",
    "environment",
    "file",
    "network",
    "process",
    "stdin",
    "static",
    "thread_local",
    "foreign",
    "build_script",
];

/// The seconds of `90s`, `15m`, `1h30m`, `7d` or `4w`; `None` for any other text.
#[must_use]
pub fn seconds(text: &str) -> Option<u64> {
    let mut rest = text.trim();
    let mut total = 0_u64;
    while !rest.is_empty() || total == 0 {
        let unit = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: u64 = rest[..unit].parse().ok()?;
        let factor = match rest[unit..].chars().next()? {
            's' => 1,
            'm' => 60,
            'h' => 60 * 60,
            'd' => 24 * 60 * 60,
            'w' => 7 * 24 * 60 * 60,
            _ => return None,
        };
        total = total.checked_add(number.checked_mul(factor)?)?;
        rest = &rest[unit + 1..];
    }
    Some(total)
}

/// Reads the options between the parentheses of a mark or behind a call.
///
/// # Errors
/// An unknown or repeated option, one that has no effect in this form, or a value of another kind.
pub fn parse_options(tokens: TokenStream, form: Form) -> syn::Result<Vec<MarkOption>> {
    let parser = |input: ParseStream<'_>| {
        let mut options: Vec<MarkOption> = Vec::new();
        while !input.is_empty() {
            let option = parse_option(input, form)?;
            if options.iter().any(|seen| seen.name == option.name) {
                let message = format!("`{}` is given twice", option.name);
                return Err(syn::Error::new(option.name.span(), message));
            }
            options.push(option);
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(options)
    };
    parser.parse2(tokens)
}

fn parse_option(input: ParseStream<'_>, form: Form) -> syn::Result<MarkOption> {
    let name: Ident = input.parse()?;
    let error = |message: String| Err(syn::Error::new(name.span(), message));
    let word = name.to_string();
    let value = match word.as_str() {
        "ignore" | "hash_with" if form == Form::Call => {
            return error(format!(
                "`{word}` belongs on the mark: every call of a function must count the same arguments"
            ));
        }
        "allow" if form == Form::Call => {
            return error(String::from(
                "`allow` belongs on the mark: the build warns of the function, not of the call",
            ));
        }
        "allow" => {
            let inner;
            parenthesized!(inner in input);
            // `static` is a keyword.
            let names = inner.parse_terminated(Ident::parse_any, Token![,])?;
            if let Some(unknown) = names.iter().find(|name| !LINTS.iter().any(|lint| *name == lint)) {
                let message = format!("unknown lint `{unknown}`; there are {}", LINTS.join(", "));
                return Err(syn::Error::new(unknown.span(), message));
            }
            Value::Names(names.into_iter().collect())
        }
        "ignore" => {
            let inner;
            parenthesized!(inner in input);
            // `self` is a keyword, and an argument.
            Value::Names(inner.parse_terminated(Ident::parse_any, Token![,])?.into_iter().collect())
        }
        _ if form == Form::Doc
            && (EXPRESSIONS.contains(&&*word) || word == "hash_with" || word == "codec") =>
        {
            return error(format!(
                "`{word}` takes an expression, which a doc mark cannot hold: use #[checkpoint({word} ..)] or give it in the call, cached!(f(x), {word} = ..)"
            ));
        }
        "hash_with" => {
            let inner;
            parenthesized!(inner in input);
            let pair = |input: ParseStream<'_>| {
                let argument = input.call(Ident::parse_any)?;
                input.parse::<Token![=]>()?;
                Ok((argument, input.parse()?))
            };
            Value::Paths(inner.parse_terminated(pair, Token![,])?.into_iter().collect())
        }
        "codec" => {
            input.parse::<Token![=]>()?;
            Value::Type(input.parse()?)
        }
        _ if EXPRESSIONS.contains(&&*word) => {
            input.parse::<Token![=]>()?;
            Value::Expr(input.parse()?)
        }
        _ if LITERALS.iter().any(|(known, _)| *known == word) => {
            input.parse::<Token![=]>()?;
            Value::Literal(literal(input)?)
        }
        _ => {
            let known: Vec<&str> = LITERALS.iter().map(|(name, _)| *name).collect();
            return error(format!(
                "unknown option `{word}`; there are {}, ignore(..), hash_with(..), allow(..), codec, {}",
                known.join(", "),
                EXPRESSIONS.join(", ")
            ));
        }
    };
    Ok(MarkOption { name, value })
}

/// A string's content, or the tokens up to the next comma without spaces (`x/y`, `raise`).
fn literal(input: ParseStream<'_>) -> syn::Result<String> {
    if input.peek(syn::LitStr) {
        return Ok(input.parse::<syn::LitStr>()?.value());
    }
    let mut text = String::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        text.push_str(&input.parse::<proc_macro2::TokenTree>()?.to_string());
    }
    if text.is_empty() {
        return Err(input.error("expected a value"));
    }
    Ok(text)
}

/// Reads a doc attribute; `None` when it is not a mark.
///
/// Prose is no mark: `/// checkpoint` counts on a line of its own, `/// checkpoint the data` does not.
#[must_use]
pub fn parse_doc(attribute: &Attribute) -> Option<syn::Result<Vec<MarkOption>>> {
    let text = match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => string(&pair.value)?,
        Meta::List(list) if list.path.is_ident("doc") => {
            let metas = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok()?;
            metas.iter().find_map(|meta| match meta {
                Meta::NameValue(pair) if pair.path.is_ident("alias") => {
                    string(&pair.value).filter(|text| options_text(text.trim()).is_some())
                }
                _ => None,
            })?
        }
        _ => return None,
    };
    // A block comment is one attribute of several lines.
    text.lines().map(str::trim).find_map(options_text).map(|options| {
        let tokens = options.parse::<TokenStream>().map_err(|error| {
            let message = format!("the options of this mark cannot be read: {error}");
            syn::Error::new_spanned(attribute, message)
        })?;
        parse_options(tokens, Form::Doc)
    })
}

/// What stands in the parentheses of `checkpoint(..)`, or nothing for `checkpoint`.
fn options_text(line: &str) -> Option<&str> {
    let rest = line.strip_prefix(WORD)?.trim_start();
    if rest.is_empty() { Some("") } else { rest.strip_prefix('(')?.strip_suffix(')') }
}

fn string(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    fn literals(attribute: &Attribute) -> Option<Vec<(String, String)>> {
        let options = parse_doc(attribute)?.ok()?;
        let pair = |option: MarkOption| {
            let value = match option.value {
                Value::Literal(text) => text,
                Value::Names(names) => names.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
                Value::Paths(_) | Value::Expr(_) | Value::Type(_) => String::from("code"),
            };
            (option.name.to_string(), value)
        };
        Some(options.into_iter().map(pair).collect())
    }

    #[test]
    fn all_spellings_of_the_doc_mark_are_read() {
        let bare: [Attribute; 3] = [
            parse_quote!(#[doc = "checkpoint"]),
            parse_quote!(#[doc = " checkpoint"]),
            parse_quote!(#[doc(alias = "checkpoint")]),
        ];
        for attribute in &bare {
            assert_eq!(literals(attribute), Some(Vec::new()));
        }
        let alias: Attribute =
            parse_quote!(#[doc(alias = "checkpoint(directory = x/y, on_error = raise, ignore(a, b))")]);
        let pairs = [("directory", "x/y"), ("on_error", "raise"), ("ignore", "a,b")];
        assert_eq!(literals(&alias), Some(pairs.map(|(n, v)| (n.to_owned(), v.to_owned())).to_vec()));
        let allows: Attribute = parse_quote!(#[doc = "checkpoint(allow(clock, static))"]);
        assert_eq!(literals(&allows), Some(vec![("allow".to_owned(), "clock,static".to_owned())]));
    }

    #[test]
    fn prose_and_other_attributes_are_no_mark() {
        let others: [Attribute; 4] = [
            parse_quote!(#[doc = " checkpoint the data"]),
            parse_quote!(#[doc = " checkpoints"]),
            parse_quote!(#[doc(alias = "save")]),
            parse_quote!(#[inline]),
        ];
        assert!(others.iter().all(|attribute| parse_doc(attribute).is_none()));
    }

    #[test]
    fn times_are_read() {
        for (text, expected) in [
            ("90s", Some(90)),
            ("15m", Some(900)),
            ("1h30m", Some(5400)),
            ("7d", Some(604_800)),
            ("4w", Some(2_419_200)),
            ("", None),
            ("15", None),
            ("m", None),
            ("15 m", None),
            ("-1s", None),
            ("99999999999999999999s", None),
            ("9999999999999999999w", None),
            ("15min", None),
            ("0s", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }

    #[test]
    fn an_option_that_would_have_no_effect_is_an_error() {
        let error = |text: &str, form| parse_options(text.parse().unwrap(), form).err().unwrap().to_string();
        assert!(error("speed = 3", Form::Attribute).contains("unknown option `speed`"));
        assert!(error("version = 1, version = 2", Form::Attribute).contains("twice"));
        assert!(error("extra = seed()", Form::Doc).contains("#[checkpoint(extra ..)]"));
        assert!(error("ignore(a)", Form::Call).contains("belongs on the mark"));
        assert!(error("allow(clock)", Form::Call).contains("belongs on the mark"));
        assert!(error("allow(clocks)", Form::Doc).contains("unknown lint `clocks`; there are clock, random"));
    }
}
