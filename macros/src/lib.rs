//! Expands checkpointing's attribute and call macros.
//!
//! Use them through the crate `checkpointing`, which documents them.

mod attribute;
mod call;
mod options;
mod row;
mod signature;
mod unit;
mod unread;

use proc_macro::TokenStream;

/// Caches every call of a function: the attribute marks it, and wraps its body.
///
/// ```ignore
/// // in a package whose build script calls checkpointing_fingerprint::emit()
/// #[checkpoint]
/// fn train(data: &[f64], rate: f64) -> Model { .. }
///
/// #[checkpoint(ignore(threads), extra = seed(), version = 2)]
/// fn fit(data: &[f64], threads: usize) -> Model { .. }
/// ```
///
/// It goes on free functions and methods, generic and `async` ones too. Arguments must be
/// `Serialize`, the result `Serialize + DeserializeOwned`; of a `Result` only `Ok` is stored, and the
/// error type needs neither.
///
/// # Options
/// - `ignore(a, self)`: arguments that do not count; they need not be `Serialize`.
/// - `hash_with(a = path)`: what `path(&a)` returns counts instead of `a`.
/// - `extra = expr`: a value that counts like an argument; it may use the arguments.
/// - `when = expr`: where it is false the call is a plain call.
/// - `version = 3`: a number that counts.
/// - `expires = "15m"`: what was stored longer ago is computed again.
/// - `directory = "x/y"`, `format = postcard | json | ..`, `on_error = warn | raise | ignore | return`.
/// - `store = expr`, `identify = expr`, `codec = Type`: implementations of one's own.
///
/// # Errors
/// A compile error for what cannot be cached (an `&mut` argument, a result that borrows, `impl Trait`
/// in the result, a `const` or `unsafe` fn), and for a function that the build script did not see.
#[proc_macro_attribute]
pub fn checkpoint(options: TokenStream, item: TokenStream) -> TokenStream {
    attribute::expand(options.into(), &item.into()).into()
}

/// What `cached!` and its kin expand to: `$crate`, a mode, and what the user wrote.
#[doc(hidden)]
#[proc_macro]
pub fn __call(input: TokenStream) -> TokenStream {
    call::expand(input.into()).into()
}

/// What tells this build of the crate from others, as a string literal.
#[doc(hidden)]
#[proc_macro]
pub fn __unit(_: TokenStream) -> TokenStream {
    let unit = unit::of_compiler();
    quote::quote!(#unit).into()
}
