//! What is known of a type. References are left out: for the question which impls a call can mean,
//! `&T` and `T` are one (auto-ref tries both).

use crate::ir::TyIdx;
use crate::link::ItemId;
use std::rc::Rc;
use std::sync::Arc;

pub(in crate::link) type Args = Rc<[Type]>;

/// A type, as far as it is certain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::link) enum Type {
    #[default]
    Unknown,
    Never,
    /// Decided by what follows in the body, by its number in [`super::vars::Vars`].
    Var(u32),
    /// A type of the analysed crates.
    Local(ItemId, Args),
    /// A primitive or a type of the standard library that [`super::known`] describes.
    Std(&'static str, Args),
    /// Any other type of another package, by its path.
    Foreign(Arc<str>, Args),
    /// A generic parameter of the item, by number.
    Param(u32),
    /// `Self` in a trait.
    SelfOf(ItemId),
    /// `T::Item`, where bounds alone say what it is.
    Assoc(Rc<Assoc>),
    /// `impl Trait`
    Opaque(Rc<Written>),
    /// `dyn Trait`
    Dyn(Rc<Written>),
    Tuple(Args),
    /// Arrays too.
    Slice(Rc<Type>),
    /// A function pointer, function item or closure: what it takes and what it returns.
    Callable(Args, Rc<Type>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::link) struct Assoc {
    pub(super) base: Type,
    pub(super) of_trait: TraitKey,
    pub(super) name: Arc<str>,
}

/// Which trait an associated type is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::link) enum TraitKey {
    Local(ItemId),
    /// One of the standard library, by name.
    Std(Arc<str>),
    Unknown,
}

/// Bounds that an item writes, with its generic arguments and its `Self`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::link) struct Written {
    pub(super) item: ItemId,
    pub(super) ty: TyIdx,
    pub(super) args: Args,
    pub(super) own: Option<Type>,
}

impl Type {
    /// A `_` in a written type.
    pub(super) const HOLE: Type = Type::Var(u32::MAX);

    pub(super) fn std(name: &'static str, args: impl IntoIterator<Item = Type>) -> Self {
        Type::Std(name, args.into_iter().collect())
    }

    pub(super) fn slice(item: Type) -> Self {
        Type::Slice(Rc::new(item))
    }

    pub(super) fn unit() -> Self {
        Type::Tuple(Rc::new([]))
    }

    pub(super) fn boolean() -> Self {
        Type::std("bool", [])
    }

    pub(super) fn is_unit(&self) -> bool {
        matches!(self, Type::Tuple(elems) if elems.is_empty())
    }

    pub(super) fn is_known(&self) -> bool {
        !matches!(self, Type::Unknown | Type::Never | Type::Var(_))
    }

    /// The arguments of the type's head.
    pub(super) fn args(&self) -> &[Type] {
        match self {
            Type::Local(_, args) | Type::Std(_, args) | Type::Foreign(_, args) | Type::Tuple(args) => args,
            Type::Slice(item) => std::slice::from_ref(&**item),
            _ => &[],
        }
    }

    /// The type with every part replaced for which `replace` has something.
    pub(super) fn mapped(&self, replace: &mut dyn FnMut(&Type) -> Option<Type>) -> Type {
        if let Some(ty) = replace(self) {
            return ty;
        }
        match self {
            Type::Local(id, args) if !args.is_empty() => Type::Local(*id, mapped_all(args, replace)),
            Type::Std(name, args) if !args.is_empty() => Type::Std(name, mapped_all(args, replace)),
            Type::Foreign(name, args) if !args.is_empty() => {
                Type::Foreign(Arc::clone(name), mapped_all(args, replace))
            }
            Type::Tuple(args) if !args.is_empty() => Type::Tuple(mapped_all(args, replace)),
            Type::Slice(item) => Type::slice(item.mapped(replace)),
            Type::Callable(params, ret) => {
                Type::Callable(mapped_all(params, replace), Rc::new(ret.mapped(replace)))
            }
            Type::Assoc(assoc) => Type::Assoc(Rc::new(Assoc {
                base: assoc.base.mapped(replace),
                of_trait: assoc.of_trait.clone(),
                name: Arc::clone(&assoc.name),
            })),
            Type::Opaque(written) => Type::Opaque(Rc::new(written.mapped(replace))),
            Type::Dyn(written) => Type::Dyn(Rc::new(written.mapped(replace))),
            other => other.clone(),
        }
    }

    /// What two types have in common.
    pub(super) fn agreed(&self, other: &Type) -> Type {
        let all = |one: &Args, other: &Args| -> Args {
            let count = one.len().max(other.len());
            let at = |args: &Args, index: usize| args.get(index).cloned().unwrap_or_default();
            (0..count).map(|index| at(one, index).agreed(&at(other, index))).collect()
        };
        match (self, other) {
            (Type::Local(a, one), Type::Local(b, other)) if a == b => Type::Local(*a, all(one, other)),
            (Type::Std(a, one), Type::Std(b, other)) if a == b => Type::Std(a, all(one, other)),
            (Type::Tuple(one), Type::Tuple(other)) if one.len() == other.len() => {
                Type::Tuple(all(one, other))
            }
            (Type::Slice(one), Type::Slice(other)) => Type::slice(one.agreed(other)),
            _ if self == other => self.clone(),
            _ => Type::Unknown,
        }
    }

    /// Whether some part of the type, itself included, is so.
    pub(super) fn any(&self, wanted: &mut dyn FnMut(&Type) -> bool) -> bool {
        if wanted(self) {
            return true;
        }
        let mut each = |types: &[Type]| types.iter().any(|ty| ty.any(wanted));
        match self {
            Type::Local(_, args) | Type::Std(_, args) | Type::Foreign(_, args) | Type::Tuple(args) => {
                each(args)
            }
            Type::Slice(item) => item.any(wanted),
            Type::Callable(params, ret) => each(params) || ret.any(wanted),
            Type::Assoc(assoc) => assoc.base.any(wanted),
            Type::Opaque(written) | Type::Dyn(written) => {
                each(&written.args) || written.own.as_ref().is_some_and(|own| own.any(wanted))
            }
            _ => false,
        }
    }
}

fn mapped_all(args: &[Type], replace: &mut dyn FnMut(&Type) -> Option<Type>) -> Args {
    args.iter().map(|ty| ty.mapped(replace)).collect()
}

impl Written {
    fn mapped(&self, replace: &mut dyn FnMut(&Type) -> Option<Type>) -> Written {
        Written {
            item: self.item,
            ty: self.ty,
            args: mapped_all(&self.args, replace),
            own: self.own.as_ref().map(|own| own.mapped(replace)),
        }
    }
}

/// What the generic parameters and `Self` of an item stand for elsewhere.
#[derive(Clone, Debug, Default)]
pub(super) struct Subst {
    args: Vec<Option<Type>>,
    own: Option<Type>,
}

impl Subst {
    pub(super) fn new(args: &[Type], own: Option<Type>) -> Self {
        Subst { args: args.iter().cloned().map(Some).collect(), own }
    }

    pub(super) fn with_own(mut self, own: Type) -> Self {
        self.own = Some(own);
        self
    }

    pub(super) fn get(&self, number: u32) -> Type {
        self.args.get(number as usize).cloned().flatten().unwrap_or_default()
    }

    /// Whether something tells what it is, if only that it is not known.
    pub(super) fn has(&self, number: u32) -> bool {
        self.args.get(number as usize).is_some_and(Option::is_some)
    }

    pub(super) fn set(&mut self, number: u32, ty: Type) {
        let index = number as usize;
        if self.args.len() <= index {
            self.args.resize(index + 1, None);
        }
        self.args[index] = Some(ty);
    }

    /// A type that the item writes, as it is elsewhere: what nothing tells is unknown.
    pub(super) fn apply(&self, ty: &Type) -> Type {
        ty.mapped(&mut |part| match part {
            Type::Param(number) => Some(self.get(*number)),
            Type::SelfOf(_) => Some(self.own.clone().unwrap_or_default()),
            _ => None,
        })
    }

    /// Whether a pattern (an impl's self type) can be this type; fills in what its parameters then are.
    pub(super) fn fit(&mut self, pattern: &Type, actual: &Type) -> bool {
        let mut all = |patterns: &[Type], actual: &[Type]| {
            patterns.iter().zip(actual).all(|(pattern, actual)| self.fit(pattern, actual))
        };
        match (pattern, actual) {
            (Type::Param(number), actual) => {
                if !self.get(*number).is_known() {
                    self.set(*number, actual.clone());
                }
                true
            }
            // What is not certain can be anything.
            (Type::Unknown | Type::Assoc(_) | Type::Opaque(_) | Type::Var(_) | Type::SelfOf(_), _)
            | (_, Type::Unknown | Type::Assoc(_) | Type::Var(_) | Type::Never) => true,
            (Type::Local(a, inner), Type::Local(b, known)) => a == b && all(inner, known),
            (Type::Std(a, inner), Type::Std(b, known)) => {
                (a == b || super::known::are_literal_and_number(a, b)) && all(inner, known)
            }
            (Type::Foreign(a, inner), Type::Foreign(b, known)) => {
                // One type can have several paths.
                a != b || all(inner, known)
            }
            (Type::Foreign(..), Type::Std(..)) | (Type::Std(..), Type::Foreign(..)) => true,
            (Type::Tuple(inner), Type::Tuple(known)) => inner.len() == known.len() && all(inner, known),
            (Type::Slice(inner), Type::Slice(known)) => self.fit(inner, known),
            (Type::Dyn(_), Type::Dyn(_)) | (Type::Callable(..), Type::Callable(..)) => true,
            // A function is a type of its own, and bounds can hold for it.
            (Type::Dyn(_), Type::Callable(..)) | (Type::Callable(..), Type::Dyn(_)) => true,
            (Type::Never, _) => false,
            // An impl for a concrete type does not hold for a parameter or an unnamed type, as far as
            // the body can tell.
            (pattern, Type::Param(_) | Type::SelfOf(_) | Type::Opaque(_)) => {
                matches!(pattern, Type::Param(_))
            }
            _ => false,
        }
    }
}
