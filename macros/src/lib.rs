//! x
use proc_macro::TokenStream;
#[proc_macro_attribute] pub fn checkpoint(_: TokenStream, i: TokenStream) -> TokenStream { i }
#[proc_macro] pub fn __call(i: TokenStream) -> TokenStream { i }
#[proc_macro] pub fn __unit(_: TokenStream) -> TokenStream { "\"\"".parse().unwrap() }
