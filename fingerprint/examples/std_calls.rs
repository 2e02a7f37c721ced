//! Makes the table of what functions of the standard library may call back, from its sources:
//! `cargo run -p checkpointing-fingerprint --example std_calls -- FOLDER > fingerprint/src/link/std_calls.txt`,
//! where the folder holds `core`, `alloc` and `std` (the component `rust-src` has them in
//! `lib/rustlib/src/rust/library`).
//!
//! A generic function can call code of another crate through the bounds of its parameters alone. So
//! each line lists, for a function (`Type.name`, `Trait::name` or `name`), the traits in its bounds, and in
//! those of the impl or trait around it. Of functions that call nothing, those of a type are listed one by one
//! where the same name calls something elsewhere.

use proc_macro2::{TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use syn::{
    FnArg, GenericParam, Generics, ImplItem, Item, Signature, TraitItem, Type, TypeParamBound, Visibility,
    WherePredicate,
};

type Names = BTreeSet<String>;

/// Functions by name, with the type (`Type.`) or trait (`Trait::`) that they belong to.
#[derive(Default)]
struct Table(BTreeMap<(String, String), Names>);

fn main() {
    let root = std::env::args().nth(1).expect("the folder with the sources of core, alloc and std");
    let mut table = Table::default();
    for entry in walkdir::WalkDir::new(&root).sort_by_file_name() {
        let entry = entry.expect("a readable folder");
        let path = entry.path();
        let is_left_out = path.components().any(|part| {
            ["tests", "benches", "core_arch", "stdarch", "std_detect"]
                .iter()
                .any(|name| part.as_os_str() == *name)
        });
        if !is_left_out && path.extension().is_some_and(|extension| extension == "rs") {
            table.file(path);
        }
    }
    for (name, bounds) in OF_HELPERS {
        table.add("[].", name, bounds.iter().map(|bound| (*bound).to_owned()).collect());
    }
    print!("{}", table.text());
}

/// Functions of slices whose bounds stand in the impls of traits that only the library has (`Concat`, `Join`), or
/// that clone what is `Copy`.
const OF_HELPERS: [(&str, &[&str]); 4] = [
    ("concat", &["Borrow", "Clone"]),
    ("connect", &["Borrow", "Clone"]),
    ("join", &["Borrow", "Clone"]),
    ("repeat", &["Clone"]),
];

impl Table {
    fn file(&mut self, path: &Path) {
        let mut text = std::fs::read_to_string(path).expect("a readable file");
        // Const traits are not stable, and mean nothing here.
        for (form, plain) in [
            ("[const] ", ""),
            ("~const ", ""),
            ("const trait ", "trait "),
            ("impl const ", "impl "),
            ("> const ", "> "),
        ] {
            text = text.replace(form, plain);
        }
        match syn::parse_file(&text) {
            Ok(file) => {
                for item in &file.items {
                    self.item(item);
                }
            }
            Err(error) => {
                eprintln!("{}: {error}: read as text", path.display());
                self.words(text.parse().unwrap_or_default());
            }
        }
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Fn(function) if is_public(&function.vis) => self.function("", &function.sig, &Names::new()),
            Item::Mod(module) => {
                if let Some((_, items)) = &module.content {
                    for item in items {
                        self.item(item);
                    }
                }
            }
            Item::Trait(of_trait) if is_public(&of_trait.vis) => {
                let name = of_trait.ident.to_string();
                let holder = format!("{name}::");
                let mut bounds = bounds_of(&of_trait.generics);
                bounds.extend(of_trait.supertraits.iter().filter_map(trait_name));
                bounds.insert(name);
                for item in &of_trait.items {
                    if let TraitItem::Fn(function) = item {
                        self.function(&holder, &function.sig, &bounds);
                    }
                }
            }
            // What a trait's impls call is the trait's matter.
            Item::Impl(block) if block.trait_.is_none() => {
                let bounds = bounds_of(&block.generics);
                let mut head = head(&block.self_ty);
                if !head.is_empty() {
                    head.push('.');
                }
                for item in &block.items {
                    if let ImplItem::Fn(function) = item
                        && is_public(&function.vis)
                    {
                        self.function(&head, &function.sig, &bounds);
                    }
                }
            }
            Item::Macro(call) => self.words(call.mac.tokens.clone()),
            _ => {}
        }
    }

    fn function(&mut self, holder: &str, signature: &Signature, around: &Names) {
        let mut bounds = bounds_of(&signature.generics);
        for input in &signature.inputs {
            if let FnArg::Typed(typed) = input {
                type_bounds(&typed.ty, &mut bounds);
            }
        }
        bounds.extend(around.iter().cloned());
        self.add(holder, &signature.ident.to_string(), bounds);
    }

    fn add(&mut self, holder: &str, name: &str, mut bounds: Names) {
        bounds.retain(|bound| TRAITS.contains(&bound.as_str()));
        self.0.entry((name.to_owned(), holder.to_owned())).or_default().extend(bounds);
    }

    /// Functions in the tokens of a macro, with the traits in the bounds there.
    fn words(&mut self, tokens: TokenStream) {
        let mut words = Vec::new();
        flatten(tokens, &mut words);
        let bounds: Names = words
            .windows(3)
            .filter(|three| match (three[0].as_str(), three[1].as_str()) {
                (":", ":") => false,
                (_, ":" | "+") => true,
                _ => false,
            })
            .map(|three| three[2].clone())
            .collect();
        for (at, pair) in words.windows(2).enumerate() {
            if pair[0] == "fn" && words[at.saturating_sub(4)..at].iter().any(|word| word == "pub") {
                self.add("", &pair[1], bounds.clone());
            }
        }
    }

    fn text(&self) -> String {
        let loud: BTreeSet<&String> =
            self.0.iter().filter(|(_, bounds)| !bounds.is_empty()).map(|((name, _), _)| name).collect();
        let mut some = BTreeSet::new();
        let mut nothing = BTreeSet::new();
        for ((name, holder), bounds) in &self.0 {
            let bounds: Vec<&str> = bounds.iter().map(String::as_str).collect();
            if !bounds.is_empty() {
                some.insert(format!("{holder}{name}: {}", bounds.join(" ")));
            } else if loud.contains(name) {
                nothing.insert(format!("{holder}{name}"));
            } else {
                nothing.insert(name.clone());
            }
        }
        let lines: Vec<String> = some.into_iter().chain([String::new()]).chain(nothing).collect();
        lines.join("\n") + "\n"
    }
}

/// Traits whose impls are looked at one by one.
const TRAITS: &[&str] = &[
    "Add",
    "AddAssign",
    "AsMut",
    "AsRef",
    "Binary",
    "BitAnd",
    "BitAndAssign",
    "BitOr",
    "BitOrAssign",
    "BitXor",
    "BitXorAssign",
    "Borrow",
    "BorrowMut",
    "BufRead",
    "BuildHasher",
    "Clone",
    "Debug",
    "Default",
    "Display",
    "Div",
    "DivAssign",
    "DoubleEndedIterator",
    "Eq",
    "Error",
    "ExactSizeIterator",
    "Extend",
    "From",
    "FromIterator",
    "FromStr",
    "FusedIterator",
    "Hash",
    "Hasher",
    "Index",
    "IndexMut",
    "Into",
    "IntoIterator",
    "Iterator",
    "LowerExp",
    "LowerHex",
    "Mul",
    "MulAssign",
    "Neg",
    "Not",
    "Octal",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Pointer",
    "Product",
    "RangeBounds",
    "Read",
    "Rem",
    "RemAssign",
    "Seek",
    "Shl",
    "ShlAssign",
    "Shr",
    "ShrAssign",
    "Sub",
    "SubAssign",
    "Sum",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "UpperExp",
    "UpperHex",
    "Write",
];

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// The words of tokens, without literals and so without docs.
fn flatten(tokens: TokenStream, words: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => flatten(group.stream(), words),
            TokenTree::Ident(ident) => words.push(ident.to_string()),
            TokenTree::Punct(punct) => words.push(punct.to_string()),
            TokenTree::Literal(_) => {}
        }
    }
}

/// The last word of a type, for those that have one.
fn head(ty: &Type) -> String {
    match ty {
        Type::Path(ty) => ty.path.segments.last().map_or(String::new(), |last| last.ident.to_string()),
        Type::Reference(ty) => head(&ty.elem),
        Type::Slice(_) | Type::Array(_) => "[]".to_owned(),
        _ => String::new(),
    }
}

fn trait_name(bound: &TypeParamBound) -> Option<String> {
    match bound {
        TypeParamBound::Trait(bound) => bound.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    }
}

fn bounds_of(generics: &Generics) -> Names {
    let mut names = Names::new();
    for param in &generics.params {
        if let GenericParam::Type(param) = param {
            names.extend(bounds_on_user_types(param.bounds.iter()));
        }
    }
    for predicate in generics.where_clause.iter().flat_map(|clause| &clause.predicates) {
        if let WherePredicate::Type(predicate) = predicate {
            names.extend(bounds_on_user_types(predicate.bounds.iter()));
        }
    }
    names
}

/// An allocator is cloned, too, but nobody has one of their own on stable Rust.
fn bounds_on_user_types<'b>(bounds: impl Iterator<Item = &'b TypeParamBound>) -> Vec<String> {
    let names: Vec<String> = bounds.filter_map(trait_name).collect();
    if names.iter().any(|name| name == "Allocator") { Vec::new() } else { names }
}

/// `impl Trait` and `dyn Trait` in an argument.
fn type_bounds(ty: &Type, names: &mut Names) {
    match ty {
        Type::ImplTrait(ty) => names.extend(ty.bounds.iter().filter_map(trait_name)),
        Type::TraitObject(ty) => names.extend(ty.bounds.iter().filter_map(trait_name)),
        Type::Reference(ty) => type_bounds(&ty.elem, names),
        Type::Paren(ty) => type_bounds(&ty.elem, names),
        Type::Path(ty) => {
            for segment in &ty.path.segments {
                if let syn::PathArguments::AngleBracketed(args) = &segment.arguments {
                    for arg in &args.args {
                        if let syn::GenericArgument::Type(ty) = arg {
                            type_bounds(ty, names);
                        }
                    }
                }
            }
        }
        _ => {}
    }
}
