//! Knows what the standard library's types do: its tables (`*.types`) say which of them dereference
//! to another type or iterate, and what their methods take and return.
//!
//! The tables are written like Rust, without references: `type Vec<T> derefs [T] iterates T`, and
//! below it a signature in each line. `names(parameters) -> result`: the receiver is left out,
//! `fn(T) -> U` is a closure, `each<T>` is whatever iterates over `T`, `iter<T>` is any iterator of the
//! standard library, a single capital letter is a type parameter, `_` is not known, and `::name`
//! is called by its path. A trait's methods are what any type has that implements it.

mod parse;
mod table;

pub(super) use parse::{Sig, Signature};
pub(super) use table::{Head, alias, free_function, head, head_name, of_trait};

use super::ty::Type;

/// Stands for every iterator of the standard library; its argument is the item.
pub(in crate::link) const ITERATOR: &str = "iter";
/// What an `async fn` returns.
pub(super) const FUTURE: &str = "future";
/// A literal without a suffix.
pub(super) const INTEGER: &str = "{integer}";
pub(super) const FLOAT: &str = "{float}";

pub(in crate::link) fn is_primitive(name: &str) -> bool {
    matches!(name, "bool" | "char" | "str") || is_number(name)
}

pub(super) fn is_number(name: &str) -> bool {
    is_integer(name) || is_float(name)
}

pub(super) fn is_integer(name: &str) -> bool {
    let is_written = matches!(
        name,
        "i8" | "i16" | "i32" | "i64" | "i128" | "isize" | "u8" | "u16" | "u32" | "u64" | "u128" | "usize"
    );
    is_written || name == INTEGER
}

pub(super) fn is_float(name: &str) -> bool {
    matches!(name, "f16" | "f32" | "f64" | "f128" | FLOAT)
}

pub(super) fn is_literal(name: &str) -> bool {
    matches!(name, INTEGER | FLOAT)
}

/// Whether the two can be one type: a literal takes the type of what it stands beside.
pub(super) fn are_literal_and_number(a: &str, b: &str) -> bool {
    let fits = |literal: &str, other: &str| match literal {
        INTEGER => is_integer(other),
        FLOAT => is_float(other),
        _ => false,
    };
    fits(a, b) || fits(b, a)
}

/// Whether a type of the standard library has all its arguments: what is left out holds nothing of ours.
pub(in crate::link) fn is_whole(name: &str, args: &[Type]) -> bool {
    let defaults = usize::from(matches!(name, "HashMap" | "HashSet"));
    head(name).is_some_and(|head| head.slots <= args.len() + defaults)
}

/// What a smart pointer dereferences to.
pub(super) fn pointee(ty: &Type) -> Option<&Type> {
    let Type::Std(name, args) = ty else { return None };
    let head = head(name)?;
    // Of `Cow<'a, T>` and the like only the type arguments are listed.
    (head.derefs == Some(Sig::Slot(0))).then(|| args.first()).flatten()
}

/// Whether every module has the name without an import.
pub(in crate::link) fn is_prelude(name: &str) -> bool {
    is_primitive(name) || matches!(name, "Vec" | "String" | "Option" | "Result" | "Box")
}

/// Whether the standard library's prelude has the name, in any edition and namespace.
pub(in crate::link) fn is_in_prelude(name: &str) -> bool {
    is_prelude(name)
        || is_prelude_trait(name)
        || matches!(
            name,
            "Some" | "None" | "Ok" | "Err" | "drop" | "size_of" | "size_of_val" | "align_of" | "align_of_val"
        )
        || matches!(name, "AsyncFn" | "AsyncFnMut" | "AsyncFnOnce" | "Future" | "IntoFuture")
}

/// Traits that every module has without an import, as far as their methods are listed.
pub(super) fn is_prelude_trait(name: &str) -> bool {
    matches!(
        name,
        "Iterator"
            | "IntoIterator"
            | "DoubleEndedIterator"
            | "ExactSizeIterator"
            | "Extend"
            | "Clone"
            | "Copy"
            | "Default"
            | "Fn"
            | "FnMut"
            | "FnOnce"
            | "AsRef"
            | "AsMut"
            | "Into"
            | "From"
            | "TryFrom"
            | "TryInto"
            | "FromIterator"
            | "PartialEq"
            | "Eq"
            | "PartialOrd"
            | "Ord"
            | "ToString"
            | "ToOwned"
            | "Drop"
            | "Send"
            | "Sync"
            | "Sized"
            | "Unpin"
    )
}

/// The standard library's traits that stand in bounds.
pub(super) fn is_trait(name: &str) -> bool {
    is_prelude_trait(name)
        || super::bounds::OPERATORS
            .iter()
            .any(|(_, of_trait)| *of_trait == name || name.strip_suffix("Assign") == Some(of_trait))
        || matches!(
            name,
            "Debug"
                | "Display"
                | "LowerHex"
                | "UpperHex"
                | "Binary"
                | "Octal"
                | "Hash"
                | "Hasher"
                | "BuildHasher"
                | "FusedIterator"
                | "Sum"
                | "Product"
                | "Borrow"
                | "BorrowMut"
                | "FromStr"
                | "Any"
                | "Error"
                | "Read"
                | "Write"
                | "BufRead"
                | "Seek"
                | "Neg"
                | "Not"
                | "Index"
                | "IndexMut"
                | "RangeBounds"
                | "SliceIndex"
                | "Future"
                | "UnwindSafe"
                | "RefUnwindSafe"
                | "Tuple"
        )
}
