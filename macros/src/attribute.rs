//! Expands `#[checkpoint(..)]`: the body of the function moves into the cached computation.
//!
//! Into a closure (an async closure for an async fn), not into a function of its own, so that `self`,
//! `Self` and the generics stay what they are; `return` and `?` leave the closure with the result.
//! The user's tokens keep their spans; everything else is marked as made by a macro.

use crate::options::{self, Options};
use crate::{row, signature, unit};
use checkpointing_mark::Form;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Error, FnArg, ItemFn, Pat, Result, ReturnType, Signature, TraitItemFn, parse_quote};

pub fn expand(options: TokenStream, item: &TokenStream) -> TokenStream {
    let runtime = unit::runtime();
    match function(item).and_then(|function| wrap(options, function, &runtime)) {
        Ok(wrapped) => wrapped,
        // The function itself stays, so that its uses are no errors too.
        Err(error) => {
            let error = error.to_compile_error();
            quote!(#error #item)
        }
    }
}

fn function(item: &TokenStream) -> Result<ItemFn> {
    syn::parse2::<ItemFn>(item.clone()).map_err(|error| {
        if syn::parse2::<TraitItemFn>(item.clone()).is_ok_and(|declared| declared.default.is_none()) {
            return Error::new_spanned(
                item,
                "a declaration has no body to cache: put #[checkpoint] on the impls",
            );
        }
        let fixed = "#[checkpoint] goes on a function with a body";
        if syn::parse2::<syn::Item>(item.clone()).is_ok() { Error::new_spanned(item, fixed) } else { error }
    })
}

/// An argument as the expansion sees it.
struct Argument {
    /// Its name, for `ignore` and `hash_with`; `None` for a pattern.
    name: Option<Ident>,
    /// The expression that is hashed.
    value: TokenStream,
    /// Where its type stands.
    span: Span,
}

fn wrap(options: TokenStream, mut function: ItemFn, runtime: &TokenStream) -> Result<TokenStream> {
    let options = options::parse(options, Form::Attribute, runtime)?;
    signature::check(&function.sig)?;
    row::check(&function.sig.ident)?;

    let mut unpacked = Vec::new();
    let arguments = arguments(&mut function.sig, &mut unpacked);
    let counted = counted(&arguments, &options)?;

    let result = match &function.sig.output {
        ReturnType::Default => quote!(()),
        ReturnType::Type(_, result) => result.to_token_stream(),
    };
    let result_span = match &function.sig.output {
        ReturnType::Default => function.sig.ident.span(),
        ReturnType::Type(_, result) => result.span(),
    };
    // At the user's place, but from a macro: errors point there, lints do not look there.
    let mixed = Span::mixed_site();
    let at = |span: Span| mixed.located_at(span);
    let (kept, codec) = options.kept(runtime);
    let kept = quote_spanned!(at(result_span)=> #kept::<#codec #result, _>((&&&__probe).outcome()));
    let holds = options.returns.map(|span| quote_spanned!(at(span)=> #runtime::__macro::holds::<#result>();));
    let place = place(&function.sig.ident);
    let settings = options.expand(runtime);
    let when = options.when.iter().map(|when| quote_spanned!(mixed=> __call.when(#when);));
    let extra = options.extra.iter().map(|extra| quote_spanned!(mixed=> __call.extra(&(#extra));));
    let body = &function.block;
    let body = if unpacked.is_empty() { quote!(#body) } else { quote!({ #(#unpacked)* #body }) };
    let run = if function.sig.asyncness.is_some() {
        quote_spanned! {mixed=>
            #runtime::__macro::run_later(
                __call,
                __outcome,
                #runtime::__macro::future::<#result, _, _>(async || -> #result #body),
            )
            .await
        }
    } else {
        quote_spanned!(mixed=> #runtime::__macro::run(__call, __outcome, || -> #result #body))
    };
    let block = quote_spanned! {mixed=> {
        #holds
        let __probe = #runtime::__macro::Probe::<#result>::new();
        let __outcome = {
            #[allow(unused_imports)]
            use #runtime::__macro::{ViaFallible as _, ViaPlain as _, ViaReturning as _};
            #kept
        };
        #[allow(unused_mut)]
        let mut __call = #runtime::__macro::Call::of_attribute(
            #runtime::table!(),
            #runtime::__macro::type_name_of_val(&|| ()),
            #place,
            #settings,
            __outcome.stored(),
        );
        #(#when)*
        if __call.counts() {
            #(#extra)*
            #(#counted)*
        }
        #run
    }};
    function.block = parse_quote!(#block);
    Ok(function.into_token_stream())
}

/// Names every argument; patterns move into `unpacked`, to be matched inside the body.
fn arguments(signature: &mut Signature, unpacked: &mut Vec<TokenStream>) -> Vec<Argument> {
    let mut arguments = Vec::new();
    for (index, input) in signature.inputs.iter_mut().enumerate() {
        arguments.push(match input {
            FnArg::Receiver(receiver) => {
                let value = receiver.self_token;
                let name = Some(Ident::new("self", value.span));
                Argument { name, value: quote!(#value), span: receiver.self_token.span }
            }
            FnArg::Typed(typed) => {
                let span = typed.ty.span();
                if let Pat::Ident(pattern) = &*typed.pat
                    && pattern.by_ref.is_none()
                    && pattern.subpat.is_none()
                {
                    let name = pattern.ident.clone();
                    let mut used = name.clone();
                    // As the user sees the name, and from a macro: `_name` may be used here.
                    used.set_span(Span::call_site().located_at(span));
                    Argument { name: Some(name), value: quote!(#used), span }
                } else {
                    let made = format_ident!("__argument{index}", span = Span::mixed_site());
                    let pattern = std::mem::replace(&mut *typed.pat, parse_quote!(#made));
                    if !matches!(pattern, Pat::Wild(_)) {
                        unpacked.push(quote!(let #pattern = #made;));
                    }
                    Argument { name: None, value: quote!(#made), span }
                }
            }
        });
    }
    arguments
}

/// The statements that add the arguments to the key.
fn counted(arguments: &[Argument], options: &Options) -> Result<Vec<TokenStream>> {
    let find = |wanted: &Ident| {
        let at =
            arguments.iter().position(|argument| argument.name.as_ref().is_some_and(|name| name == wanted));
        at.ok_or_else(|| Error::new(wanted.span(), format!("there is no argument of the name `{wanted}`")))
    };
    let ignored = options.ignore.iter().map(find).collect::<Result<Vec<usize>>>()?;
    let mut hashed = Vec::new();
    for (name, path) in &options.hash_with {
        let index = find(name)?;
        if ignored.contains(&index) {
            return Err(Error::new(name.span(), format!("`{name}` is ignored, so nothing of it is hashed")));
        }
        hashed.push((index, path));
    }
    let statement = |(index, argument): (usize, &Argument)| {
        let (value, number) = (&argument.value, index as u32);
        if ignored.contains(&index) {
            return TokenStream::new();
        }
        let span = Span::mixed_site().located_at(argument.span);
        if let Some((_, path)) = hashed.iter().find(|(hashed, _)| *hashed == index) {
            quote_spanned!(span=> __call.hashed_with(#number, &#path(&#value));)
        } else {
            quote_spanned!(span=> __call.argument(#number, &#value);)
        }
    };
    Ok(arguments.iter().enumerate().map(statement).collect())
}

/// File, line and column of the function's name.
fn place(name: &Ident) -> TokenStream {
    let span = name.span().unwrap();
    let (file, line, column) = (span.file(), span.line() as u32, span.column() as u32);
    quote!((#file, #line, #column))
}
