//! Expands `cached!(f(a, b), ..)` and its kin.
//!
//! The function is named once and bound, the arguments are taken by a helper that is typed by the
//! function (so that `&vec` becomes the slice that is declared), in the scrutinee of a `match` (so
//! that temporaries live as long as the call).

use crate::options;
use checkpointing_mark::Form;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote_spanned};
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Error, Expr, ExprCall, ExprPath, Result, Token};

/// The most arguments that the runtime's tuples take.
const MOST: usize = 16;

pub fn expand(input: TokenStream) -> TokenStream {
    let mut tokens = input.into_iter();
    let (Some(runtime), Some(TokenTree::Ident(mode))) = (tokens.next(), tokens.next()) else {
        return Error::new(Span::call_site(), "use cached!(f(x)) or one of its kin").to_compile_error();
    };
    let runtime = TokenStream::from(runtime);
    let input: TokenStream = tokens.collect();
    crate::unread::ask(input.span());
    crate::row::check_table()
        .and_then(|()| call(input, &runtime, &mode))
        .unwrap_or_else(|error| error.to_compile_error())
}

fn call(input: TokenStream, runtime: &TokenStream, mode: &Ident) -> Result<TokenStream> {
    let puts = mode == "Put";
    let parser = |input: ParseStream<'_>| {
        if input.is_empty() {
            return Err(input.error("expected a call of a marked function, such as f(x)"));
        }
        let expr: Expr = input.parse()?;
        let comma = |input: ParseStream<'_>| {
            if input.is_empty() { Ok(()) } else { input.parse::<Token![,]>().map(|_| ()) }
        };
        comma(input)?;
        let value = if puts {
            if input.is_empty() {
                return Err(input.error("expected the value to store: put!(f(x), value)"));
            }
            let value: Expr = input.parse()?;
            comma(input)?;
            Some(value)
        } else {
            None
        };
        Ok((expr, value, input.parse::<TokenStream>()?))
    };
    let (expr, value, rest) = parser.parse2(input)?;
    let options = options::parse(rest, Form::Call, runtime)?;
    let (function, arguments, awaits) = take(expr)?;
    if arguments.args.len() > MOST {
        let message =
            format!("a cached call takes up to {MOST} arguments; put some into a struct or a tuple");
        return Err(Error::new(arguments.args.span(), message));
    }
    if mode == "Handle" {
        return handle(&function, &arguments, awaits, &options, runtime);
    }
    let later = if awaits { "_later" } else { "" };
    let declared = format_ident!("declared{}{later}", arguments.args.len(), span = Span::mixed_site());
    let values = arguments.args.iter();
    let settings = options.expand(runtime);
    let mixed = Span::mixed_site();
    let extra = options.extra.iter().map(|extra| quote_spanned!(mixed=> .extra(&(#extra))));
    let when = options.when.iter().map(|when| quote_spanned!(mixed=> .when(#when)));
    let (kept, codec) = options.kept(runtime);
    let verb = match mode.to_string().as_str() {
        "Peek" => "peek",
        "Forget" => "forget",
        "Put" => "put",
        _ => "call",
    };
    let parts = (verb != "call").then(|| quote_spanned!(mixed=> #runtime::__macro::parts(__outcome),));
    let value = value.map(|value| quote_spanned!(mixed=> , #value));
    let (verb, later) = if awaits {
        (format_ident!("{verb}_later", span = mixed), quote_spanned!(mixed=> .await))
    } else {
        (Ident::new(verb, mixed), TokenStream::new())
    };
    let run = quote_spanned!(mixed=> .#verb(__kept, #parts __function, __arguments #value) #later);
    Ok(quote_spanned! {mixed=>
        match #function {
            __function => match #runtime::__macro::Site::new(
                #runtime::table!(),
                #runtime::__macro::type_name_of_val(&__function),
                #runtime::__macro::Mode::#mode,
            )
            .options(#settings)
            #(#extra)*
            #(#when)*
            {
                __site => match #runtime::__macro::#declared(&__function).given(#(#values),*) {
                    (__arguments, __probe) => {
                        let __outcome = {
                            #[allow(unused_imports)]
                            use #runtime::__macro::{ViaFallible as _, ViaPlain as _, ViaReturning as _};
                            (&&&__probe).outcome()
                        };
                        let __kept = #kept::<#codec _, _>(__outcome);
                        __site #run
                    }
                },
            },
        }
    })
}

/// The value of type `Handle`.
fn handle(
    function: &ExprPath,
    call: &ExprCall,
    awaits: bool,
    options: &options::Options,
    runtime: &TokenStream,
) -> Result<TokenStream> {
    if let Some(argument) = call.args.iter().find(|argument| !matches!(argument, Expr::Infer(_))) {
        let message = "a handle is made without arguments: write `_` for each, as in handle!(f(_, _))";
        return Err(Error::new(argument.span(), message));
    }
    let mixed = Span::mixed_site();
    let absent = call.args.iter().map(|_| quote_spanned!(mixed=> #runtime::__macro::absent()));
    let settings = options.expand(runtime);
    let extra = options.extra.iter().map(|extra| quote_spanned!(mixed=> .extra(&(#extra))));
    let when = options.when.iter().map(|when| quote_spanned!(mixed=> .when(#when)));
    let (kept, codec) = options.kept(runtime);
    let (of, later) = if awaits {
        (quote_spanned!(mixed=> of_later), quote_spanned!(mixed=> .later()))
    } else {
        (quote_spanned!(mixed=> of), TokenStream::new())
    };
    Ok(quote_spanned! {mixed=>
        match #function {
            __function => {
                let __probe = #runtime::__macro::Probe::#of(|| __function(#(#absent),*));
                let __outcome = {
                    #[allow(unused_imports)]
                    use #runtime::__macro::{ViaFallible as _, ViaPlain as _, ViaReturning as _};
                    (&&&__probe).outcome()
                };
                #runtime::Handle::new(
                    #runtime::__macro::Site::new(
                        #runtime::table!(),
                        #runtime::__macro::type_name_of_val(&__function),
                        #runtime::__macro::Mode::Cached,
                    )
                    .options(#settings)
                    #(#extra)*
                    #(#when)*,
                    __function,
                    #kept::<#codec _, _>(__outcome),
                    #runtime::__macro::parts(__outcome),
                )
                #later
            }
        }
    })
}

/// The function, the call, and whether it is awaited.
fn take(expr: Expr) -> Result<(ExprPath, ExprCall, bool)> {
    let refuse = |span: Span, message: &str| Err(Error::new(span, message));
    match expr {
        Expr::Paren(paren) => take(*paren.expr),
        Expr::Group(group) => take(*group.expr),
        Expr::Await(awaited) => {
            let (function, call, _) = take(*awaited.base)?;
            Ok((function, call, true))
        }
        Expr::Call(call) => {
            let mut function = &*call.func;
            while let Expr::Paren(syn::ExprParen { expr, .. }) | Expr::Group(syn::ExprGroup { expr, .. }) =
                function
            {
                function = expr;
            }
            match function {
                Expr::Path(path) => Ok((path.clone(), call.clone(), false)),
                other => refuse(
                    other.span(),
                    "name the function by its path: f(x), module::f(x) or Type::method(&value, x)",
                ),
            }
        }
        Expr::MethodCall(method) => refuse(
            method.method.span(),
            &format!(
                "name the method by its path, with the receiver as first argument: Type::{}(&value, ..)",
                method.method
            ),
        ),
        Expr::Try(tried) => {
            refuse(tried.question_token.span(), "put the `?` behind the macro: cached!(f(x))?")
        }
        Expr::Path(path) => refuse(path.span(), "call the function: f(x)"),
        other => refuse(other.span(), "expected a call of a marked function by its path, such as f(x)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    fn error(text: &str) -> String {
        error_of("Cached", text)
    }

    fn error_of(mode: &str, text: &str) -> String {
        let mode = Ident::new(mode, Span::call_site());
        call(text.parse().unwrap(), &quote!(c), &mode)
            .err()
            .map_or_else(String::new, |error| error.to_string())
    }

    #[test]
    fn calls_by_path_pass() {
        for text in [
            "f()",
            "f(a, b,)",
            "m::f::<u8>(a)",
            "<T as Tr>::f(&a)",
            "(f)(a)",
            "f(a).await",
            "f(a), extra = x, when = a > 1, version = 2",
        ] {
            assert_eq!(error(text), "", "{text}");
        }
    }

    #[test]
    fn a_handle_takes_no_arguments() {
        for text in ["f()", "f(_, _)", "m::f::<u8>(_).await, version = 2"] {
            assert_eq!(error_of("Handle", text), "", "{text}");
        }
        assert!(error_of("Handle", "f(_, x)").contains("write `_` for each"));
        assert!(error_of("Handle", "f").contains("call the function"));
    }

    #[test]
    fn put_takes_a_value_before_the_options() {
        assert_eq!(error_of("Put", "f(a), vec![1], extra = x"), "");
        assert!(error_of("Put", "f(a)").contains("the value to store"));
        assert!(error_of("Peek", "f(a), vec![1]").contains("unknown option"));
    }

    #[test]
    fn everything_else_says_what_to_write() {
        for (text, expected) in [
            ("", "expected a call"),
            ("m.fit(x)", "Type::fit(&value, ..)"),
            ("f(x)?", "cached!(f(x))?"),
            ("f", "call the function"),
            ("1 + 2", "expected a call"),
            ("(self.f)(x)", "name the function"),
            ("f(x), ignore(x)", "belongs on the mark"),
            ("f(1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17)", "up to 16"),
        ] {
            assert!(error(text).contains(expected), "{text}: {}", error(text));
        }
    }
}
