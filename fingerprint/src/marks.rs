//! Picks out the marked functions and says under which names a call finds them in the table.

use crate::ir::{ItemKind, Mark, MarkKind, MarkValue, Obstacle, Ty, TyIdx};
use crate::link::{ItemId, Program, TraitOf};
use std::collections::BTreeMap;

/// A marked function.
pub(crate) struct Marked {
    pub(crate) id: ItemId,
    pub(crate) is_doc: bool,
    /// The normal form of `std::any::type_name`: what the runtime looks for.
    pub(crate) lookup: String,
    /// The key needs the generic arguments, or `Self`.
    pub(crate) is_generic: bool,
    /// Literal options of a doc mark, in the table's form.
    pub(crate) options: BTreeMap<String, String>,
    /// The folder that the mark names for results.
    pub(crate) directory: Option<String>,
    /// The lints that the mark allows.
    pub(crate) allowed: Vec<String>,
    /// Why it cannot be cached; an error of the build where no macro reports it.
    pub(crate) problem: Option<String>,
}

/// Every marked function of the program, sorted by place.
pub(crate) fn marked(program: &Program<'_>) -> Vec<Marked> {
    program.item_ids().filter_map(|id| describe(program, id)).collect()
}

fn describe(program: &Program<'_>, id: ItemId) -> Option<Marked> {
    let mark = program.head(id).mark.as_ref()?;
    let ItemKind::Fn(function) = &program.item(id).kind else { return None };
    if let MarkKind::Attribute(_, path) = &mark.kind
        && !program.is_our_mark(id, path)
    {
        return None;
    }
    let is_doc = mark.kind == MarkKind::Doc;
    let problem = is_doc.then(|| problem(mark, function.obstacle.as_ref())).flatten();
    Some(Marked {
        id,
        is_doc,
        lookup: lookup_path(program, id),
        is_generic: is_generic(program, id),
        options: if is_doc { options(program, id, mark) } else { BTreeMap::new() },
        directory: mark.options.iter().find_map(|option| match &option.value {
            MarkValue::Literal(folder) if option.name == "directory" => Some(folder.clone()),
            _ => None,
        }),
        allowed: allowed(mark),
        problem,
    })
}

fn allowed(mark: &Mark) -> Vec<String> {
    let names =
        mark.options.iter().filter(|option| option.name == "allow").filter_map(|option| {
            match &option.value {
                MarkValue::Names(names) => Some(names),
                MarkValue::Literal(_) | MarkValue::Expression => None,
            }
        });
    names.flatten().cloned().collect()
}

fn problem(mark: &Mark, obstacle: Option<&Obstacle>) -> Option<String> {
    if let Some(error) = mark.error.clone().or_else(|| mark.options.iter().find_map(invalid)) {
        return Some(error);
    }
    Some(match obstacle? {
        Obstacle::MutableArgument(name) => format!(
            "the argument `{name}` is `&mut`: what the function writes there would be lost on a hit; take it by value and return it"
        ),
        Obstacle::BorrowedResult => {
            "the result borrows, and a stored result has nothing to borrow from; return an owned value (String for &str, Vec<T> for &[T])".to_owned()
        }
        Obstacle::OpaqueResult => {
            "the result is `impl Trait`, which has no name to be loaded as; name the type, or collect into one".to_owned()
        }
        Obstacle::Variadic => "a variadic function cannot be cached".to_owned(),
    })
}

/// What is wrong with the value of a literal option.
fn invalid(option: &crate::ir::MarkOption) -> Option<String> {
    let MarkValue::Literal(value) = &option.value else { return None };
    let valid = match option.name.as_str() {
        "version" => value.parse::<u64>().is_ok(),
        "expires" => checkpointing_mark::seconds(value).is_some(),
        "on_error" => matches!(value.as_str(), "warn" | "raise" | "ignore" | "return"),
        "format" => matches!(value.as_str(), "postcard" | "json" | "postcard+zstd" | "json+zstd"),
        _ => true,
    };
    let takes = checkpointing_mark::LITERALS
        .iter()
        .find(|(name, _)| *name == option.name)
        .map_or("", |(_, takes)| takes);
    (!valid).then(|| format!("`{} = {value}`: the option takes {takes}", option.name))
}

/// In the table's form: `ignore` as indexes of arguments, `self` being 0, and `expires` in seconds.
fn options(program: &Program<'_>, id: ItemId, mark: &Mark) -> BTreeMap<String, String> {
    let ItemKind::Fn(function) = &program.item(id).kind else { return BTreeMap::new() };
    let first = usize::from(function.receiver.is_some());
    let index = |wanted: &String| {
        if wanted == "self" && first == 1 {
            return Some(0);
        }
        let named = |param: &crate::ir::Param| {
            param.name.is_some_and(|name| program.text(program.sym(id, name)) == wanted)
        };
        function.params.iter().position(named).map(|index| index + first)
    };
    let mut found = BTreeMap::new();
    for option in mark.options.iter().filter(|option| option.name != "allow") {
        let value = match &option.value {
            MarkValue::Literal(text) if option.name == "expires" => {
                checkpointing_mark::seconds(text).unwrap_or_default().to_string()
            }
            MarkValue::Literal(text) => text.clone(),
            MarkValue::Names(names) => {
                names.iter().filter_map(index).map(|index| index.to_string()).collect::<Vec<_>>().join(",")
            }
            MarkValue::Expression => continue,
        };
        found.insert(option.name.clone(), value);
    }
    found
}

fn is_generic(program: &Program<'_>, id: ItemId) -> bool {
    let item = program.item(id);
    let own = match &item.kind {
        ItemKind::Fn(function) => {
            let has_impl = item.body.types.iter().any(|ty| matches!(ty, Ty::Impl(_)));
            !function.generics.params.is_empty() || has_impl
        }
        _ => false,
    };
    own || program.entry(id).owner.is_some_and(|owner| match &program.head(owner).kind {
        ItemKind::Impl(impl_) => !impl_.generics.params.is_empty(),
        ItemKind::Trait { .. } => true,
        _ => false,
    })
}

/// `crate::module::f`, `crate::module::Type::f`, or `<crate::Type as crate::Trait>::f` without modules, and
/// without the crate of what is not analysed.
fn lookup_path(program: &Program<'_>, id: ItemId) -> String {
    let name = program.name_of(id).map_or("_", |name| program.text(name));
    let entry = program.entry(id);
    let Some(owner) = entry.owner else {
        return format!("{}::{name}", scope_path(program, id));
    };
    match &program.head(owner).kind {
        ItemKind::Trait { .. } => {
            format!("<* as {}>::{name}", in_crate(program, owner))
        }
        ItemKind::Impl(impl_) => match impl_.of_trait {
            Some(of_trait) => {
                let of_trait = match program.trait_of(owner, of_trait) {
                    TraitOf::Local(ids) => ids.first().map_or_else(String::new, |&id| in_crate(program, id)),
                    _ => program.type_word(owner, of_trait),
                };
                let own =
                    program.head_type(owner, impl_.self_ty).filter(|_| program.is_path(owner, impl_.self_ty));
                let own =
                    own.map_or_else(|| program.type_word(owner, impl_.self_ty), |id| in_crate(program, id));
                format!("<{own} as {of_trait}>::{name}")
            }
            None => format!("{}::{name}", type_path(program, owner, impl_.self_ty)),
        },
        _ => format!("{}::{name}", scope_path(program, id)),
    }
}

/// A type's or trait's name behind its crate.
fn in_crate(program: &Program<'_>, id: ItemId) -> String {
    let name = program.name_of(id).map_or("_", |name| program.text(name));
    format!("{}::{name}", program.crate_name_of(id))
}

/// The full path of a local type, as `type_name` prints it less generic arguments.
fn type_path(program: &Program<'_>, id: ItemId, ty: TyIdx) -> String {
    match program.head_type(id, ty) {
        Some(local) => {
            let name = program.name_of(local).map_or("_", |name| program.text(name));
            format!("{}::{name}", scope_path(program, local))
        }
        None => program.type_word(id, ty),
    }
}

/// The module, or the function, that an item stands in.
fn scope_path(program: &Program<'_>, id: ItemId) -> String {
    program.scope_path_by(program.scope_of(id), &|around| lookup_path(program, around))
}
