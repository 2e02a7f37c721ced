//! Evaluates `cfg` predicates with what is known of the build: true, false, or unknown.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::{Ident, LitBool, LitStr, Token, parenthesized};

/// Names that rustc and cargo themselves decide: what is not in [`CfgEnv::known`] is false.
///
/// Not `test`, `debug_assertions`, `overflow_checks` and `ub_checks`, which differ between builds
/// that share a build script's output.
const WELL_KNOWN: [&str; 37] = [
    "clippy",
    "doc",
    "docsrs",
    "doctest",
    "feature",
    "fmt_debug",
    "miri",
    "panic",
    "proc_macro",
    "relocation_model",
    "rustfmt",
    "sanitize",
    "sanitizer_cfi_generalize_pointers",
    "sanitizer_cfi_normalize_integers",
    "target_abi",
    "target_arch",
    "target_endian",
    "target_env",
    "target_family",
    "target_feature",
    "target_has_atomic",
    "target_has_atomic_equal_alignment",
    "target_has_atomic_load_store",
    "target_has_atomic_primitive_alignment",
    "target_has_reliable_f128",
    "target_has_reliable_f128_math",
    "target_has_reliable_f16",
    "target_has_reliable_f16_math",
    "target_object_format",
    "target_os",
    "target_pointer_width",
    "target_thread_local",
    "target_vendor",
    "unix",
    "version",
    "wasm_c_abi",
    "windows",
];

/// What is known of the build.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CfgEnv {
    /// Values by name. A bare name such as `unix` has the empty set.
    pub known: BTreeMap<String, BTreeSet<String>>,
    /// Features that are on.
    pub features: BTreeSet<String>,
    /// Features that may be on or off.
    pub unknown_features: BTreeSet<String>,
    /// Names for which absence from `known` means false.
    pub decided_names: BTreeSet<String>,
}

impl CfgEnv {
    /// An environment in which nothing is set, and rustc's own names are decided.
    #[must_use]
    pub fn well_known() -> Self {
        Self { decided_names: WELL_KNOWN.map(str::to_owned).into(), ..Self::default() }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Truth {
    False,
    Unknown,
    True,
}

impl Truth {
    pub(super) fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
            Self::True => Self::False,
        }
    }

    fn of(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

/// A predicate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Predicate {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Name(String),
    Pair(String, String),
    Literal(bool),
    /// `version(..)`, or what cannot be read: its tokens.
    Other(String),
}

impl Predicate {
    /// Reads a predicate; what is none becomes one that is unknown.
    pub(super) fn read(tokens: &proc_macro2::TokenStream) -> Self {
        let parser = |input: ParseStream<'_>| {
            let predicate = input.parse::<Self>()?;
            input.parse::<Option<Token![,]>>()?;
            Ok(predicate)
        };
        parser.parse2(tokens.clone()).unwrap_or_else(|_| Self::Other(tokens.to_string()))
    }

    pub(super) fn evaluate(&self, env: &CfgEnv, test: Truth) -> Truth {
        match self {
            Self::All(list) => {
                list.iter().map(|inner| inner.evaluate(env, test)).min().unwrap_or(Truth::True)
            }
            Self::Any(list) => {
                list.iter().map(|inner| inner.evaluate(env, test)).max().unwrap_or(Truth::False)
            }
            Self::Not(inner) => inner.evaluate(env, test).not(),
            Self::Name(name) if name == "test" => test,
            Self::Name(name) => match env.known.get(name) {
                Some(values) if values.is_empty() || values.contains("") => Truth::True,
                Some(_) => Truth::Unknown,
                None if env.decided_names.contains(name) => Truth::False,
                None => Truth::Unknown,
            },
            Self::Pair(name, value) if name == "feature" => {
                if env.unknown_features.contains(value) {
                    Truth::Unknown
                } else {
                    Truth::of(env.features.contains(value))
                }
            }
            Self::Pair(name, value) => match env.known.get(name) {
                Some(values) => Truth::of(values.contains(value)),
                None if env.decided_names.contains(name) => Truth::False,
                None => Truth::Unknown,
            },
            Self::Literal(value) => Truth::of(*value),
            Self::Other(_) => Truth::Unknown,
        }
    }

    /// The predicate as `cfg!` takes it.
    pub(super) fn canonical(&self) -> String {
        let list = |word: &str, inner: &[Self]| {
            let inner: Vec<String> = inner.iter().map(Self::canonical).collect();
            format!("{word}({})", inner.join(", "))
        };
        match self {
            Self::All(inner) => list("all", inner),
            Self::Any(inner) => list("any", inner),
            Self::Not(inner) => list("not", std::slice::from_ref(inner)),
            Self::Name(name) => name.clone(),
            Self::Pair(name, value) => format!("{name} = {value:?}"),
            Self::Literal(value) => value.to_string(),
            Self::Other(text) => text.clone(),
        }
    }
}

impl Parse for Predicate {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitBool) {
            return Ok(Self::Literal(input.parse::<LitBool>()?.value));
        }
        let mut name = input.call(Ident::parse_any)?.unraw().to_string();
        while input.peek(Token![::]) {
            input.parse::<Token![::]>()?;
            name = format!("{name}::{}", input.call(Ident::parse_any)?);
        }
        if input.peek(syn::token::Paren) {
            let inner;
            parenthesized!(inner in input);
            if !matches!(name.as_str(), "all" | "any" | "not") {
                return Ok(Self::Other(format!("{name}({})", inner.parse::<proc_macro2::TokenStream>()?)));
            }
            let mut list: Vec<Self> =
                Punctuated::<Self, Token![,]>::parse_terminated(&inner)?.into_iter().collect();
            return match name.as_str() {
                "all" => Ok(Self::All(list)),
                "any" => Ok(Self::Any(list)),
                _ if list.len() == 1 => Ok(Self::Not(Box::new(list.remove(0)))),
                _ => Err(inner.error("expected one predicate")),
            };
        }
        if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            return Ok(Self::Pair(name, input.parse::<LitStr>()?.value()));
        }
        Ok(Self::Name(name))
    }
}

/// Several predicates that must all hold, in both worlds.
#[derive(Clone, Debug)]
pub(super) struct Gate {
    pub with_test: Truth,
    pub without_test: Truth,
    /// With `test` unknown.
    pub plain: Truth,
    /// Those that are unknown also where `test` is known.
    pub unknown: Vec<String>,
    /// Those that are unknown when `test` is.
    pub open: Vec<String>,
}

impl Default for Gate {
    fn default() -> Self {
        Self {
            with_test: Truth::True,
            without_test: Truth::True,
            plain: Truth::True,
            unknown: Vec::new(),
            open: Vec::new(),
        }
    }
}

impl Gate {
    pub(super) fn add(&mut self, predicate: &Predicate, env: &CfgEnv) {
        let with = predicate.evaluate(env, Truth::True);
        let without = predicate.evaluate(env, Truth::False);
        let plain = predicate.evaluate(env, Truth::Unknown);
        if with == Truth::Unknown || without == Truth::Unknown {
            self.unknown.push(predicate.canonical());
        }
        // Where both worlds agree it does not depend on `test`, whatever it says.
        let plain = if with == without { with } else { plain };
        if plain == Truth::Unknown {
            self.open.push(predicate.canonical());
        }
        self.with_test = self.with_test.min(with);
        self.without_test = self.without_test.min(without);
        self.plain = self.plain.min(plain);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn truth(text: &str) -> Truth {
        let mut env = CfgEnv::well_known();
        env.known.insert("unix".into(), BTreeSet::new());
        env.known.insert("target_os".into(), ["linux".to_owned()].into());
        env.features.insert("on".into());
        env.unknown_features.insert("maybe".into());
        Predicate::read(&text.parse().unwrap()).evaluate(&env, Truth::Unknown)
    }

    #[test]
    fn predicates_have_three_values() {
        for text in
            ["unix", "target_os = \"linux\"", "feature = \"on\"", "true", "any(has_cuda, unix)", "all()"]
        {
            assert_eq!(truth(text), Truth::True, "{text}");
        }
        for text in
            ["windows", "feature = \"off\"", "miri", "all(has_cuda, windows)", "not(unix)", "any()", "false"]
        {
            assert_eq!(truth(text), Truth::False, "{text}");
        }
        for text in [
            "test",
            "debug_assertions",
            "has_cuda",
            "feature = \"maybe\"",
            "not(has_cuda)",
            "version(\"1.2\")",
        ] {
            assert_eq!(truth(text), Truth::Unknown, "{text}");
        }
    }

    #[test]
    fn the_canonical_text_can_be_read_again() {
        let text = "all(not(unix), any(feature = \"a b\", has_cuda), true)";
        let predicate = Predicate::read(&text.parse().unwrap());
        assert_eq!(predicate.canonical(), text);
    }
}
