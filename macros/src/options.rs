//! Turns the options of a mark or of a call into what the runtime takes.

use checkpointing_mark::{Form, MarkOption, Value, parse_options, seconds};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{Error, Expr, Path, Result, Type};

/// Options, checked.
#[derive(Default)]
pub struct Options {
    /// Fields of `__macro::Options`.
    fields: Vec<(Ident, TokenStream)>,
    pub ignore: Vec<Ident>,
    pub hash_with: Vec<(Ident, Path)>,
    pub extra: Option<Expr>,
    pub when: Option<Expr>,
    pub codec: Option<Type>,
    /// Where `on_error = return` stands.
    pub returns: Option<Span>,
}

/// Reads options; the runtime's crate is at `runtime`.
pub fn parse(tokens: TokenStream, form: Form, runtime: &TokenStream) -> Result<Options> {
    let mut options = Options::default();
    for MarkOption { name, value } in parse_options(tokens, form)? {
        match value {
            // For the build script.
            Value::Names(_) if name == "allow" => {}
            Value::Names(names) => options.ignore = names,
            Value::Paths(paths) => options.hash_with = paths,
            Value::Expr(expr) => match name.to_string().as_str() {
                "extra" => options.extra = Some(*expr),
                "when" => options.when = Some(*expr),
                _ => options.fields.push((name, quote!(#expr))),
            },
            Value::Type(of) => {
                if options.fields.iter().any(|(name, _)| name == "format") {
                    return Err(Error::new(
                        name.span(),
                        "`codec` and `format` are two answers to one question",
                    ));
                }
                options.codec = Some(*of);
            }
            Value::Literal(text) => {
                if name == "on_error" && text == "return" {
                    options.returns = Some(name.span());
                }
                let value = literal(&name, &text, runtime)?;
                options.fields.push((name, value));
            }
        }
    }
    Ok(options)
}

fn literal(name: &Ident, text: &str, runtime: &TokenStream) -> Result<TokenStream> {
    let error = |message: String| Err(Error::new(name.span(), message));
    let variant = |of: &str, known: &[(&str, &str)]| {
        let Some((_, variant)) = known.iter().find(|(word, _)| *word == text) else {
            let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
            return error(format!("`{name}` is {}, not `{text}`", words.join(" or ")));
        };
        let (of, variant) = (Ident::new(of, Span::call_site()), Ident::new(variant, Span::call_site()));
        Ok(quote!(#runtime::__macro::#of::#variant))
    };
    match name.to_string().as_str() {
        "directory" => Ok(quote!(#text)),
        "on_error" => variant(
            "OnError",
            &[("warn", "Warn"), ("raise", "Raise"), ("ignore", "Ignore"), ("return", "Return")],
        ),
        "format" => variant(
            "Format",
            &[
                ("postcard", "Postcard"),
                ("json", "Json"),
                ("postcard+zstd", "PostcardZstd"),
                ("json+zstd", "JsonZstd"),
            ],
        ),
        "version" => match text.parse::<u64>() {
            Ok(version) => Ok(quote!(#version)),
            Err(_) => error(format!("`version` is a whole number, not `{text}`")),
        },
        "expires" => match seconds(text) {
            Some(seconds) => Ok(quote!(::core::time::Duration::from_secs(#seconds))),
            None => error(format!("`expires` is a time such as 90s, 15m, 1h30m, 7d or 4w, not `{text}`")),
        },
        _ => error(format!("this version of checkpointing does not have `{name}`: remove it")),
    }
}

impl Options {
    /// The path of the function that makes a `Kept`, and its first generic arguments.
    pub fn kept(&self, runtime: &TokenStream) -> (TokenStream, TokenStream) {
        match &self.codec {
            None => (quote!(#runtime::__macro::kept), TokenStream::new()),
            Some(codec) => (quote!(#runtime::__macro::kept_by), quote!(#codec,)),
        }
    }

    /// The value of type `__macro::Options`.
    pub fn expand(&self, runtime: &TokenStream) -> TokenStream {
        let fields = self.fields.iter().map(|(name, value)| {
            let name = Ident::new(&name.to_string(), Span::mixed_site());
            quote!(#name: ::core::option::Option::Some(#value),)
        });
        quote!(#runtime::__macro::Options { #(#fields)* ..#runtime::__macro::Options::NONE })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        let runtime = quote!(::checkpointing);
        parse(text.parse().unwrap(), Form::Attribute, &runtime)
            .err()
            .map_or_else(String::new, |e| e.to_string())
    }

    #[test]
    fn values_are_checked() {
        assert_eq!(
            error(
                "directory = x/y, on_error = raise, format = json+zstd, expires = 15m, version = 3, ignore(a, self), allow(clock)"
            ),
            ""
        );
        assert_eq!(
            error("on_error = explode"),
            "`on_error` is warn or raise or ignore or return, not `explode`"
        );
        assert!(error("expires = 15").contains("such as 90s, 15m"));
        assert_eq!(error("version = -1"), "`version` is a whole number, not `-1`");
        assert_eq!(error("codec = m::Packed<u8>, store = team(), identify = &HOST"), "");
        assert!(error("format = json, codec = Mine").contains("two answers"));
        assert!(error("speed = 3").contains("unknown option"));
    }
}
