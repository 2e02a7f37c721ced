//! Knows what the standard library's types do: which of them point to another type, what their
//! methods return, and what the closures that those take are called with.

use super::Type;
use std::rc::Rc;

/// Stands for every iterator of the standard library; its argument is the item.
pub(super) const ITERATOR: &str = "{iterator}";
/// What an `async fn` returns.
pub(super) const FUTURE: &str = "{future}";

/// What a smart pointer dereferences to.
pub(super) fn pointee<'t>(name: &str, args: &'t [Type]) -> Option<&'t Type> {
    let points = matches!(
        name,
        "Box"
            | "Rc"
            | "Arc"
            | "Pin"
            | "Cow"
            | "Ref"
            | "RefMut"
            | "MutexGuard"
            | "RwLockReadGuard"
            | "RwLockWriteGuard"
            | "ManuallyDrop"
            | "LazyLock"
            | "LazyCell"
            | "AssertUnwindSafe"
            | "Saturating"
            | "PeekMut"
    );
    // Of `Cow<'a, T>` and the like only the type arguments are listed.
    points.then(|| args.first().unwrap_or(&Type::Unknown))
}

/// Methods of smart pointers themselves.
pub(super) fn is_of_pointer(name: &str) -> bool {
    matches!(
        name,
        "clone"
            | "as_ref"
            | "as_mut"
            | "borrow"
            | "borrow_mut"
            | "deref"
            | "deref_mut"
            | "take"
            | "into_inner"
            | "into_owned"
            | "to_owned"
            | "to_mut"
            | "is_borrowed"
            | "get_ref"
            | "get_mut"
            | "set"
            | "into_ref"
    )
}

/// Methods of `Iterator` that take `self`.
pub(super) fn is_by_value_of_iterator(name: &str) -> bool {
    matches!(
        name,
        "all"
            | "chain"
            | "cloned"
            | "cmp"
            | "collect"
            | "copied"
            | "count"
            | "cycle"
            | "enumerate"
            | "eq"
            | "filter"
            | "filter_map"
            | "flat_map"
            | "flatten"
            | "fold"
            | "for_each"
            | "fuse"
            | "inspect"
            | "into_iter"
            | "last"
            | "map"
            | "map_while"
            | "max"
            | "max_by"
            | "max_by_key"
            | "min"
            | "min_by"
            | "min_by_key"
            | "partition"
            | "peekable"
            | "product"
            | "reduce"
            | "rev"
            | "scan"
            | "skip"
            | "skip_while"
            | "step_by"
            | "sum"
            | "take"
            | "take_while"
            | "unzip"
            | "zip"
    )
}

/// Types whose methods are their own and those of traits: they dereference to nothing of ours.
pub(super) fn is_flat(name: &str) -> bool {
    is_primitive(name)
        || matches!(
            name,
            "Vec"
                | "String"
                | "Option"
                | "Result"
                | "HashMap"
                | "HashSet"
                | "BTreeMap"
                | "BTreeSet"
                | "VecDeque"
                | "BinaryHeap"
                | "LinkedList"
                | "Range"
                | "RangeInclusive"
                | "RangeFrom"
                | "RangeTo"
                | "RangeFull"
                | "RangeToInclusive"
                | "Bound"
                | "Duration"
                | "Instant"
                | "SystemTime"
                | "Path"
                | "PathBuf"
                | "OsStr"
                | "OsString"
                | "CStr"
                | "CString"
                | "Cell"
                | "RefCell"
                | "Mutex"
                | "RwLock"
                | "OnceCell"
                | "OnceLock"
                | "Ordering"
                | "PhantomData"
                | "Wrapping"
                | "NonZero"
                | "Formatter"
                | "Arguments"
                | "Layout"
                | "Chars"
                | "CharIndices"
                | "Bytes"
                | "Lines"
                | "Weak"
                | "NonNull"
                | "File"
                | "Stdin"
                | "Stdout"
                | "AtomicBool"
                | "AtomicUsize"
                | "AtomicU64"
                | "AtomicU32"
                | "AtomicI64"
                | "TypeId"
                | "MaybeUninit"
                | "Entry"
                | "OccupiedEntry"
                | "VacantEntry"
                | "Discriminant"
                | "Utf8Error"
                | "*"
        )
        || name == ITERATOR
        || name == FUTURE
}

pub(in crate::link) fn is_primitive(name: &str) -> bool {
    matches!(
        name,
        "bool"
            | "char"
            | "str"
            | "f16"
            | "f32"
            | "f64"
            | "f128"
            | "i8"
            | "i16"
            | "i32"
            | "i64"
            | "i128"
            | "isize"
            | "u8"
            | "u16"
            | "u32"
            | "u64"
            | "u128"
            | "usize"
            | INTEGER
            | FLOAT
    )
}

/// A literal without a suffix.
pub(super) const INTEGER: &str = "{integer}";
pub(super) const FLOAT: &str = "{float}";

pub(super) fn is_literal(name: &str) -> bool {
    matches!(name, INTEGER | FLOAT)
}

/// Names that every module has without an import.
pub(super) fn is_prelude(name: &str) -> bool {
    is_primitive(name) || matches!(name, "Vec" | "String" | "Option" | "Result" | "Box")
}

/// What a method of a standard type returns, given what its last closure argument returns.
pub(super) fn method(ty: &Type, name: &str, closure: Option<&Type>) -> Type {
    let Some((kind, item)) = shape(ty) else { return Type::Unknown };
    let closure = || closure.cloned().unwrap_or_default();
    let option = |ty: Type| Type::std("Option", [ty]);
    let iterator = |ty: Type| Type::std(ITERATOR, [ty]);
    match (kind, name) {
        (
            Shape::Option,
            "unwrap" | "expect" | "unwrap_or" | "unwrap_or_else" | "unwrap_or_default" | "unwrap_unchecked"
            | "insert" | "get_or_insert" | "get_or_insert_with",
        )
        | (Shape::Result, "unwrap" | "expect" | "unwrap_or" | "unwrap_or_else" | "unwrap_or_default") => item,
        (
            Shape::Option,
            "as_ref" | "as_mut" | "cloned" | "copied" | "take" | "filter" | "or" | "or_else" | "replace"
            | "clone",
        )
        | (Shape::Result, "as_ref" | "as_mut" | "cloned" | "copied" | "map_err" | "clone") => match name {
            "map_err" => Type::std("Result", [item, closure()]),
            _ => ty.clone(),
        },
        (Shape::Option, "map") => option(closure()),
        // The other's error.
        (Shape::Result, "or") => Type::std("Result", [item, Type::Unknown]),
        (Shape::Result, "map") => Type::std("Result", [closure(), error_of(ty)]),
        (Shape::Option | Shape::Result, "and_then") => closure(),
        (Shape::Option, "map_or" | "map_or_else") => Type::Unknown,
        (Shape::Option, "ok_or" | "ok_or_else") => Type::std("Result", [item, Type::Unknown]),
        (Shape::Result, "ok") => option(item),
        (Shape::Result, "err") => option(error_of(ty)),
        (Shape::Result, "unwrap_err" | "expect_err") => error_of(ty),
        (
            Shape::Option | Shape::Result,
            "is_some" | "is_none" | "is_ok" | "is_err" | "is_some_and" | "is_ok_and",
        ) => boolean(),
        (Shape::Option, "iter" | "iter_mut" | "into_iter") => iterator(item),

        (Shape::Sequence, "iter" | "iter_mut" | "into_iter" | "drain") => iterator(item),
        (
            Shape::Sequence,
            "first" | "last" | "first_mut" | "last_mut" | "pop" | "pop_front" | "pop_back" | "front" | "back"
            | "front_mut" | "back_mut" | "peek",
        ) => option(item),
        (Shape::Sequence, "remove" | "swap_remove") if is_vec(ty) => item,
        (Shape::Sequence, "remove") if !is_set(ty) => option(item),
        (Shape::Sequence, "len" | "capacity") | (Shape::Map, "len") => Type::std("usize", []),
        (Shape::Sequence, "is_empty" | "contains" | "starts_with" | "ends_with")
        | (Shape::Map, "is_empty" | "contains_key") => boolean(),
        (Shape::Sequence, "as_slice" | "as_mut_slice") => Type::Slice(Rc::new(item)),
        (Shape::Sequence, "to_vec" | "into_boxed_slice") => Type::std("Vec", [item]),
        (Shape::Sequence, "clone" | "to_owned") => ty.clone(),
        (Shape::Sequence, "chunks" | "windows" | "chunks_exact" | "chunks_mut") => {
            iterator(Type::Slice(Rc::new(item)))
        }

        (Shape::Map, "get" | "get_mut" | "remove") => option(item),
        (Shape::Map, "values" | "values_mut" | "into_values") => iterator(item),
        (Shape::Map, "clone") => ty.clone(),

        (
            Shape::Iterator,
            "next" | "next_back" | "last" | "nth" | "peek" | "max" | "min" | "max_by_key" | "min_by_key"
            | "max_by" | "min_by" | "find" | "reduce",
        ) => option(item),
        (
            Shape::Iterator,
            "filter" | "rev" | "skip" | "take" | "skip_while" | "take_while" | "step_by" | "chain"
            | "peekable" | "cloned" | "copied" | "by_ref" | "fuse" | "inspect" | "cycle" | "into_iter"
            | "clone",
        ) => iterator(item),
        (Shape::Iterator, "map" | "scan" | "map_while") if name == "map" => iterator(closure()),
        (Shape::Iterator, "filter_map") => match closure() {
            Type::Std(name, args) if &*name == "Option" => {
                iterator(args.first().cloned().unwrap_or_default())
            }
            _ => iterator(Type::Unknown),
        },
        (Shape::Iterator, "enumerate") => iterator(Type::Tuple([Type::std("usize", []), item].into())),
        (Shape::Iterator, "count" | "len") => Type::std("usize", []),
        (Shape::Iterator, "all" | "any") => boolean(),
        (Shape::Text, "len") => Type::std("usize", []),
        (Shape::Text, "is_empty" | "starts_with" | "ends_with" | "contains" | "eq_ignore_ascii_case") => {
            boolean()
        }
        (Shape::Text, "to_string" | "to_owned" | "to_lowercase" | "to_uppercase" | "replace" | "repeat") => {
            Type::std("String", [])
        }
        (Shape::Text, "as_str" | "trim" | "trim_start" | "trim_end" | "trim_matches") => Type::std("str", []),
        (Shape::Text, "chars") => iterator(Type::std("char", [])),
        (Shape::Text, "char_indices") => {
            iterator(Type::Tuple([Type::std("usize", []), Type::std("char", [])].into()))
        }
        (Shape::Text, "bytes") => iterator(Type::std("u8", [])),
        (Shape::Text, "as_bytes" | "into_bytes") => Type::Slice(Rc::new(Type::std("u8", []))),
        (Shape::Text, "lines" | "split" | "split_whitespace" | "splitn") => iterator(Type::std("str", [])),
        (
            Shape::Number,
            "clone" | "abs" | "pow" | "min" | "max" | "wrapping_add" | "wrapping_sub" | "wrapping_mul"
            | "saturating_sub" | "saturating_add" | "saturating_mul" | "rotate_left" | "rotate_right"
            | "sqrt" | "swap_bytes",
        ) => ty.clone(),
        (Shape::Number, "checked_add" | "checked_sub" | "checked_mul" | "checked_div") => option(ty.clone()),
        (Shape::Number, "count_ones" | "count_zeros" | "leading_zeros" | "trailing_zeros") => {
            Type::std("u32", [])
        }
        _ => Type::Unknown,
    }
}

/// What the closure that a method takes is called with.
pub(super) fn closure_arguments(ty: &Type, name: &str) -> Vec<Type> {
    let Some((kind, item)) = shape(ty) else { return Vec::new() };
    match (kind, name) {
        (
            Shape::Option | Shape::Result,
            "map" | "and_then" | "filter" | "is_some_and" | "is_ok_and" | "map_or" | "inspect",
        ) => vec![item],
        (Shape::Result, "map_err" | "unwrap_or_else" | "or_else") => vec![error_of(ty)],
        (
            Shape::Iterator,
            "map" | "for_each" | "filter" | "filter_map" | "flat_map" | "all" | "any" | "find" | "find_map"
            | "position" | "skip_while" | "take_while" | "map_while" | "inspect" | "partition" | "max_by_key"
            | "min_by_key" | "rposition",
        ) => vec![item],
        (Shape::Iterator, "fold" | "try_fold" | "scan") => vec![Type::Unknown, item],
        (Shape::Iterator, "max_by" | "min_by" | "reduce") => vec![item.clone(), item],
        (
            Shape::Sequence,
            "retain"
            | "sort_by_key"
            | "sort_unstable_by_key"
            | "sort_by_cached_key"
            | "binary_search_by"
            | "partition_point"
            | "retain_mut"
            | "binary_search_by_key",
        ) if !is_set(ty) || name == "retain" => vec![item],
        (Shape::Sequence, "sort_by" | "sort_unstable_by") => vec![item.clone(), item],
        _ => Vec::new(),
    }
}

/// What `for x in value` binds, and what `?` unwraps.
pub(super) fn iterated(ty: &Type) -> Type {
    match shape(ty) {
        Some((Shape::Sequence | Shape::Iterator | Shape::Option, item)) => item,
        _ => Type::Unknown,
    }
}

pub(super) fn tried(ty: &Type) -> Type {
    match shape(ty) {
        Some((Shape::Option | Shape::Result, item)) => item,
        _ => Type::Unknown,
    }
}

/// What an index of this kind gives.
pub(super) fn indexed(ty: &Type, index: &Type) -> Type {
    match (shape(ty), index) {
        (Some((Shape::Sequence, item)), Type::Std(name, _)) if is_primitive(name) => item,
        (Some((Shape::Sequence, item)), Type::Std(name, _)) if name.starts_with("Range") => {
            Type::Slice(Rc::new(item))
        }
        (Some((Shape::Text, _)), _) => Type::std("str", []),
        (Some((Shape::Map, item)), _) => item,
        _ => Type::Unknown,
    }
}

pub(super) fn boolean() -> Type {
    Type::std("bool", [])
}

fn error_of(ty: &Type) -> Type {
    match ty {
        Type::Std(_, args) => args.get(1).cloned().unwrap_or_default(),
        _ => Type::Unknown,
    }
}

fn is_vec(ty: &Type) -> bool {
    matches!(ty, Type::Std(name, _) if &**name == "Vec")
}

fn is_set(ty: &Type) -> bool {
    matches!(ty, Type::Std(name, _) if matches!(&**name, "HashSet" | "BTreeSet"))
}

enum Shape {
    Option,
    Result,
    Sequence,
    Map,
    Iterator,
    Text,
    Number,
}

/// What kind of type it is, with what it holds.
fn shape(ty: &Type) -> Option<(Shape, Type)> {
    let (name, args) = match ty {
        Type::Slice(item) => return Some((Shape::Sequence, Type::clone(item))),
        Type::Std(name, args) => (&**name, args),
        _ => return None,
    };
    let arg = |index: usize| args.get(index).cloned().unwrap_or_default();
    Some(match name {
        "Option" => (Shape::Option, arg(0)),
        "Result" => (Shape::Result, arg(0)),
        "Vec" | "VecDeque" | "BinaryHeap" | "LinkedList" | "HashSet" | "BTreeSet" => {
            (Shape::Sequence, arg(0))
        }
        "HashMap" | "BTreeMap" => (Shape::Map, arg(1)),
        ITERATOR | "Range" | "RangeInclusive" | "RangeFrom" => (Shape::Iterator, arg(0)),
        "Chars" => (Shape::Iterator, Type::std("char", [])),
        "Bytes" => (Shape::Iterator, Type::std("u8", [])),
        "str" | "String" => (Shape::Text, Type::Unknown),
        _ if is_primitive(name) && !matches!(name, "bool" | "char") => (Shape::Number, Type::Unknown),
        _ => return None,
    })
}
