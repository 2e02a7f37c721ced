//! Says what a path in an expression stands for, and what it gives when it is called.

use super::calls::Callee;
use super::convert::type_of_std;
use super::known;
use super::probe::Found;
use super::ty::{Subst, Type};
use super::walk::Walk;
use crate::ir::{Anchor, Expr, ExprIdx, Fields, ItemKind, Name, Namespace, PathRef, Ref, RefIdx, TyIdx};
use crate::link::lookup::{Origin, Target};
use crate::link::path::Reached;
use crate::link::scopes::Namespace3;
use crate::link::{ItemId, Sym};

/// What a path in an expression stands for, where it is one thing.
enum Value {
    Item(ItemId),
    Variant(Type, ItemId, Sym),
    /// `Self`: as a constructor, or a unit struct.
    Own(Type),
    /// `Type::name`
    Associated(Type, Sym),
    /// `Trait::name`
    OfTrait(ItemId, Sym),
    /// `<Type as Trait>::name`
    Qualified(Type, ItemId, Sym),
    /// A function or constant of the standard library, by its path.
    Std(std::sync::Arc<str>),
    /// `Some`, `None`, `Ok`, `Err`
    Prelude(&'static str),
}

impl Walk<'_, '_> {
    /// A path in value position that is not called.
    pub(super) fn path_value(&mut self, path: RefIdx, args: &[TyIdx], owner_args: &[TyIdx]) -> Type {
        match self.callee(path, args, owner_args) {
            Some(Ok(callee)) => callee.value(),
            Some(Err(ty)) => ty,
            None => Type::Unknown,
        }
    }

    pub(super) fn call(&mut self, callee: ExprIdx, args: &[ExprIdx]) -> Type {
        let item = self.item;
        if let Expr::Path { path, args: generics, owner_args } = &item.body.exprs[callee.0 as usize] {
            let target = match self.callee(*path, generics, owner_args) {
                Some(Ok(target)) => target,
                Some(Err(ty)) => self.called(&ty),
                None => Callee::unknown(),
            };
            return self.apply(target, args);
        }
        let value = self.expr(callee);
        let target = self.called(&value);
        self.apply(target, args)
    }

    /// A value that is called.
    fn called(&mut self, value: &Type) -> Callee {
        let mut ty = self.head(value);
        for _ in 0..8 {
            match &ty {
                Type::Callable(params, ret) => return Callee::simple(params, Type::clone(ret)),
                Type::Param(_) | Type::Opaque(_) | Type::Assoc(_) | Type::Dyn(_) => {
                    return match self.program.bound_callable(self.id, &ty) {
                        Some(Type::Callable(params, ret)) => Callee::simple(&params, Type::clone(&ret)),
                        _ => Callee::unknown(),
                    };
                }
                _ => match known::pointee(&ty).cloned() {
                    Some(inner) => ty = self.head(&inner),
                    None => break,
                },
            }
        }
        Callee::unknown()
    }

    /// What a path gives: something to call, or a value.
    fn callee(&mut self, path: RefIdx, args: &[TyIdx], owner_args: &[TyIdx]) -> Option<Result<Callee, Type>> {
        let Ref::Path(path) = &self.item.skeleton.refs[path.0 as usize] else { return None };
        match self.value_of(path, args, owner_args)? {
            Value::Item(id) => match &self.program.item(id).kind {
                ItemKind::Const { ty: Some(ty), .. } | ItemKind::Static { ty, .. } => {
                    Some(Err(Subst::default().apply(&self.program.type_of(id, *ty))))
                }
                ItemKind::Struct { fields, .. } => {
                    let whole = self.fresh_local(id, args);
                    self.constructor(id, fields, whole)
                }
                ItemKind::Fn(function) => Some(Ok(self.function(id, function, Subst::default(), args))),
                _ => None,
            },
            Value::Variant(whole, id, name) => {
                let fields = self.fields_of(id, Some(name))?;
                self.constructor(id, fields, whole)
            }
            Value::Own(ty) => {
                let Type::Local(id, _) = ty else { return None };
                let fields = self.fields_of(id, None)?;
                self.constructor(id, fields, ty)
            }
            Value::Associated(ty, name) => self.associated(&ty, name, args),
            Value::Qualified(ty, of_trait, name) => {
                let known = self.vars.deep(&ty);
                let scope = self.program.entry(self.id).scope;
                let declared = self.program.declared(of_trait, name)?;
                let mut found = self.program.own_items(self.id, &known, name, scope)?;
                found.retain(|found| {
                    found.item == declared || self.program.implements_item(found.item, of_trait)
                });
                (!found.is_empty()).then(|| self.one_of(found, &ty, args)).flatten()
            }
            Value::OfTrait(of_trait, name) => {
                let found = self.program.declared(of_trait, name)?;
                let ItemKind::Fn(function) = &self.program.item(found).kind else { return None };
                // Who `Self` is, the arguments say.
                let own = self.vars.fresh();
                let has_receiver = function.receiver.is_some();
                let callee = self.function(found, function, Subst::default().with_own(own.clone()), args);
                Some(Ok(if has_receiver { callee.with_receiver(&own) } else { callee }))
            }
            Value::Std(full) => self.standard(&full, args, owner_args),
            Value::Prelude(name) => {
                let given = if args.is_empty() { owner_args } else { args };
                let mut given: Vec<Type> = given.iter().map(|&ty| self.written(ty)).collect();
                given.extend((given.len()..2).map(|_| self.vars.fresh()));
                let (first, second) = (given[0].clone(), given[1].clone());
                let of_result = || Type::std("Result", [first.clone(), second.clone()]);
                Some(match name {
                    "Some" => {
                        Ok(Callee::simple(std::slice::from_ref(&first), Type::std("Option", [first.clone()])))
                    }
                    "Ok" => Ok(Callee::simple(std::slice::from_ref(&first), of_result())),
                    "Err" => Ok(Callee::simple(std::slice::from_ref(&second), of_result())),
                    _ => Err(Type::std("Option", [first])),
                })
            }
        }
    }

    /// A struct or variant, made from its fields.
    fn constructor(&mut self, id: ItemId, fields: &Fields, whole: Type) -> Option<Result<Callee, Type>> {
        match fields {
            Fields::Unit => Some(Err(whole)),
            Fields::Tuple(types) => {
                let params: Vec<Type> =
                    types.iter().map(|&field| self.field_type(id, field, &whole)).collect();
                Some(Ok(Callee::simple(&params, whole)))
            }
            Fields::Named(_) => None,
        }
    }

    /// A type of ours with these arguments, and open ones for the rest.
    pub(super) fn fresh_local(&mut self, id: ItemId, args: &[TyIdx]) -> Type {
        let mut types: Vec<Type> = args.iter().map(|&ty| self.written(ty)).collect();
        if let Some(generics) = self.generics(id) {
            let params: Vec<bool> = generics.params.iter().map(|param| param.is_const).collect();
            for is_const in params.into_iter().skip(types.len()) {
                let ty = if is_const { Type::Unknown } else { self.vars.fresh() };
                types.push(ty);
            }
        }
        Type::Local(id, types.into())
    }

    /// `Type::name`
    fn associated(&mut self, ty: &Type, name: Sym, args: &[TyIdx]) -> Option<Result<Callee, Type>> {
        // What the type itself has comes before what traits give it.
        if let Some(found) = self.known_function_of(ty, name, args) {
            return Some(found);
        }
        let known = self.vars.deep(ty);
        let scope = self.program.entry(self.id).scope;
        let found: Vec<Found> = self.program.own_items(self.id, &known, name, scope)?;
        if found.is_empty() {
            return self.known_method_of(ty, name, args).or_else(|| self.made(ty, name));
        }
        self.one_of(found, ty, args)
    }

    /// What these items are, where they agree.
    fn one_of(&mut self, found: Vec<Found>, ty: &Type, args: &[TyIdx]) -> Option<Result<Callee, Type>> {
        match <[Found; 1]>::try_from(found) {
            Ok([mut only]) => {
                let subst = std::mem::take(&mut only.subst);
                match &self.program.item(only.item).kind {
                    ItemKind::Fn(function) => {
                        let has_receiver = function.receiver.is_some();
                        let callee = self.function(only.item, function, subst, args);
                        Some(Ok(if has_receiver { callee.with_receiver(ty) } else { callee }))
                    }
                    ItemKind::Const { ty: Some(declared), .. } => {
                        let declared = subst.apply(&self.program.type_of(only.item, *declared));
                        Some(Err(self.normalized(&declared)))
                    }
                    _ => None,
                }
            }
            Err(several) => {
                let is_fn = |found: &Found| matches!(self.program.head(found.item).kind, ItemKind::Fn(_));
                if !several.iter().all(is_fn) {
                    return None;
                }
                let ret = self.common_result(&several);
                self.vars.forget(ty);
                Some(Ok(Callee::unknown().returning(ret)))
            }
        }
    }

    fn known_head(&mut self, ty: &Type) -> Option<&'static known::Head> {
        match self.head(ty) {
            Type::Std(name, _) => known::head(name),
            Type::Slice(_) => known::head("slice"),
            _ => None,
        }
    }

    /// `Vec::new`, `u32::MAX`
    fn known_function_of(&mut self, ty: &Type, name: Sym, args: &[TyIdx]) -> Option<Result<Callee, Type>> {
        let head = self.known_head(ty)?;
        let [signature, ..] = head.functions(self.program.text(name)) else { return None };
        let callee = self.known_function(signature, ty, None, args);
        Some(if signature.is_called { Ok(callee) } else { Err(callee.into_result()) })
    }

    /// `str::len`
    fn known_method_of(&mut self, ty: &Type, name: Sym, args: &[TyIdx]) -> Option<Result<Callee, Type>> {
        let head = self.known_head(ty)?;
        let [signature] = head.methods(self.program.text(name)) else { return None };
        let callee = self.known_function(signature, ty, None, args);
        Some(Ok(callee.with_receiver(ty)))
    }

    /// A constructor that a trait of the standard library declares: `T::default`, `T::from`.
    fn made(&mut self, ty: &Type, name: Sym) -> Option<Result<Callee, Type>> {
        let ty = self.head(ty);
        // Another package's trait may declare the name too.
        if !ty.is_known() || self.program.bounds_of(self.id, &ty).unseen {
            return None;
        }
        let ret = match self.program.text(name) {
            "default" | "from" | "from_iter" | "clone" => ty,
            "from_str" | "try_from" => Type::std("Result", [ty, Type::Unknown]),
            _ => return None,
        };
        Some(Ok(Callee::unknown().returning(ret)))
    }

    /// A path into the standard library.
    fn standard(&mut self, full: &str, args: &[TyIdx], owner_args: &[TyIdx]) -> Option<Result<Callee, Type>> {
        let (before, name) = full.rsplit_once("::")?;
        for (module, float) in [("f64::consts", "f64"), ("f32::consts", "f32")] {
            if before.ends_with(module) {
                return Some(Err(Type::std(float, [])));
            }
        }
        let start = full.rmatch_indices("::").nth(1).map_or(0, |(at, _)| at + 2);
        if let Some(signature) = known::free_function(&full[start..]) {
            let last = before.rsplit("::").next().unwrap_or(before);
            if last.starts_with(char::is_lowercase) && !known::is_primitive(last) {
                let callee = self.known_function(signature, &Type::Unknown, None, args);
                return Some(Ok(callee));
            }
        }
        let owner = self.open_std(before, owner_args)?;
        if full.ends_with("Default::default") {
            return None;
        }
        let name = self.program.find_symbol(name)?;
        self.associated(&owner, name, args)
    }

    /// A type of the standard library with these arguments, and open ones for the rest.
    fn open_std(&mut self, full: &str, args: &[TyIdx]) -> Option<Type> {
        let given: Vec<Type> = args.iter().map(|&ty| self.written(ty)).collect();
        let ty = type_of_std(full, &given.clone().into());
        let Type::Std(name, all) = ty else { return None };
        let mut all = all.to_vec();
        for ty in all.iter_mut().skip(given.len()) {
            *ty = self.vars.fresh();
        }
        Some(Type::Std(name, all.into()))
    }

    /// What a path stands for.
    fn value_of(&mut self, path: &PathRef, args: &[TyIdx], owner_args: &[TyIdx]) -> Option<Value> {
        let segments: Vec<Sym> = path.segments.iter().map(|name| self.sym(*name)).collect();
        match path.anchor {
            Anchor::SelfType => {
                let whole = PathRef { segments: Vec::new(), ..path.clone() };
                let ty = self.program.type_of_path(self.id, &whole, &std::rc::Rc::from([]), 0);
                return match segments.as_slice() {
                    [] => Some(Value::Own(ty)),
                    [name] => match &ty {
                        Type::Local(id, _) if self.program.has_variant(*id, *name) => {
                            Some(Value::Variant(ty.clone(), *id, *name))
                        }
                        _ => Some(Value::Associated(ty, *name)),
                    },
                    _ => None,
                };
            }
            Anchor::Generic(number) => {
                return match segments.as_slice() {
                    [name] => Some(Value::Associated(Type::Param(number), *name)),
                    _ => None,
                };
            }
            Anchor::Qualified { ty, trait_len } => {
                let own = self.written(ty);
                let (of_trait, [name]) = segments.split_at_checked(trait_len as usize)? else { return None };
                if of_trait.is_empty() {
                    return Some(Value::Associated(own, *name));
                }
                return self.qualified(own, path, of_trait, *name);
            }
            _ => {}
        }
        let scope = self.program.entry(self.id).block(path.scope);
        let resolution =
            self.program.resolve(scope, path.anchor, &segments, Namespace3::of(Namespace::Value));
        let mut ends = resolution.ends.into_iter();
        let (Some(end), None) = (ends.next(), ends.next()) else { return None };
        let rest = &segments[end.rest.min(segments.len())..];
        match (end.reached, rest) {
            (Reached::Target(Target::Item(id)), []) => Some(Value::Item(id)),
            (Reached::Target(Target::Item(id)), [name]) => match &self.program.item(id).kind {
                ItemKind::Trait { .. } => Some(Value::OfTrait(id, *name)),
                _ if self.program.is_type(id) => {
                    Some(Value::Associated(self.fresh_local(id, owner_args), *name))
                }
                ItemKind::TypeAlias { .. } => self.through_alias(id, *name, owner_args),
                _ => None,
            },
            (Reached::Target(Target::Variant(id, name)), []) => {
                // `Enum::<T>::Variant` or `Variant::<T>`
                let given = if owner_args.is_empty() { args } else { owner_args };
                Some(Value::Variant(self.fresh_local(id, given), id, name))
            }
            (Reached::Target(Target::Foreign(Origin::Std, full)), _) => match full.rsplit("::").next() {
                Some("Some") => Some(Value::Prelude("Some")),
                Some("None") => Some(Value::Prelude("None")),
                Some("Ok") => Some(Value::Prelude("Ok")),
                Some("Err") => Some(Value::Prelude("Err")),
                _ => Some(Value::Std(full)),
            },
            (Reached::Unknown, _) => {
                let only_std = resolution.foreign_globs.iter().all(|origin| *origin == Origin::Std);
                match segments.as_slice() {
                    [name] if only_std => {
                        let text = self.program.text(*name);
                        ["Some", "None", "Ok", "Err"]
                            .into_iter()
                            .find(|word| *word == text)
                            .map(Value::Prelude)
                    }
                    [ty, name] => {
                        let text = self.program.text(*ty);
                        let is_certain = known::is_primitive(text)
                            || (known::is_prelude(text) && resolution.foreign_globs.is_empty());
                        if !is_certain {
                            return None;
                        }
                        let text = text.to_owned();
                        Some(Value::Associated(self.open_std(&text, owner_args)?, *name))
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// `<T as Trait>::name`
    fn qualified(&self, own: Type, path: &PathRef, of_trait: &[Sym], name: Sym) -> Option<Value> {
        let (anchor, segments) = self.program.anchored(of_trait);
        let scope = self.program.entry(self.id).block(path.scope);
        let resolution = self.program.resolve(scope, anchor, segments, &[Namespace3::Type]);
        let [end] = resolution.ends.as_slice() else { return None };
        let Reached::Target(Target::Item(of_trait)) = end.reached else { return None };
        Some(Value::Qualified(own, of_trait, name))
    }

    /// `Alias::name`, where the alias is of a type.
    fn through_alias(&mut self, id: ItemId, name: Sym, owner_args: &[TyIdx]) -> Option<Value> {
        let given: Vec<Type> = owner_args.iter().map(|&ty| self.written(ty)).collect();
        let mut args = given;
        if let ItemKind::TypeAlias { generics, .. } = &self.program.item(id).kind {
            for _ in args.len()..generics.params.len() {
                args.push(self.vars.fresh());
            }
        }
        let ty = self.program.type_of_item(id, &args.into(), 0);
        match &ty {
            Type::Local(of, _) if self.program.has_variant(*of, name) => {
                let of = *of;
                Some(Value::Variant(ty, of, name))
            }
            Type::Unknown => None,
            _ => Some(Value::Associated(ty, name)),
        }
    }

    /// A path to a type, perhaps through an alias, and one segment behind it.
    pub(super) fn type_and_rest(&self, path: &PathRef) -> Option<(Type, Option<Sym>)> {
        let segments: Vec<Sym> = path.segments.iter().map(|name| self.sym(*name)).collect();
        if path.anchor == Anchor::SelfType {
            let whole = PathRef { segments: Vec::new(), ..path.clone() };
            let ty = self.program.type_of_path(self.id, &whole, &std::rc::Rc::from([]), 0);
            return match segments.as_slice() {
                [] => Some((ty, None)),
                [name] => Some((ty, Some(*name))),
                _ => None,
            };
        }
        let scope = self.program.entry(self.id).block(path.scope);
        let namespace = if segments.len() > 1 { Namespace::Type } else { path.namespace };
        let resolution = self.program.resolve(scope, path.anchor, &segments, Namespace3::of(namespace));
        let [end] = resolution.ends.as_slice() else { return None };
        let Reached::Target(Target::Item(id)) = end.reached else { return None };
        let ty = self.program.type_of_item(id, &std::rc::Rc::from([]), 0);
        match &segments[end.rest.min(segments.len())..] {
            [] => Some((ty, None)),
            [name] => Some((ty, Some(*name))),
            _ => None,
        }
    }

    /// Whether a path of one word is nothing of ours and of no other package.
    pub(super) fn is_std_path(&self, path: RefIdx) -> bool {
        let Ref::Path(path) = &self.item.skeleton.refs[path.0 as usize] else { return false };
        if matches!(path.anchor, Anchor::SelfType | Anchor::Generic(_) | Anchor::Qualified { .. }) {
            return false;
        }
        let is_std = |target: &Target| matches!(target, Target::Foreign(Origin::Std, _));
        self.program.path_targets(self.id, path).iter().all(is_std)
    }

    /// The type that a struct literal makes.
    pub(super) fn struct_literal(
        &mut self,
        path: RefIdx,
        args: &[TyIdx],
        fields: &[(Name, ExprIdx)],
        rest: Option<ExprIdx>,
    ) -> Type {
        let whole = self.constructed(path, args);
        for &(name, value) in fields {
            let field = match &whole {
                Some((whole @ Type::Local(id, _), variant)) => {
                    let declared = self.fields_of(*id, *variant);
                    let field = declared.and_then(|fields| self.field_of(*id, fields, self.sym(name)));
                    field.map_or(Type::Unknown, |field| self.field_type(*id, field, whole))
                }
                _ => Type::Unknown,
            };
            let value = if self.is_closure(value) {
                let called_with = match self.head(&field) {
                    Type::Callable(params, _) => params.to_vec(),
                    _ => Vec::new(),
                };
                self.expected_closure(value, &called_with)
            } else {
                self.expr(value)
            };
            self.vars.coerce(&value, &field);
        }
        let rest = self.optional(rest);
        match whole {
            Some((whole, _)) => {
                if let Some(rest) = rest {
                    self.vars.coerce(&rest, &whole);
                }
                whole
            }
            None => Type::Unknown,
        }
    }

    fn constructed(&mut self, path: RefIdx, args: &[TyIdx]) -> Option<(Type, Option<Sym>)> {
        let (id, variant) = self.target(path)?;
        let Ref::Path(path) = &self.item.skeleton.refs[path.0 as usize] else { return None };
        if path.anchor == Anchor::SelfType {
            let (whole, _) = self.type_and_rest(path)?;
            return Some((whole, variant));
        }
        // An alias may give its type arguments that are not written here.
        let direct = match self.program.path_targets(self.id, path).as_slice() {
            [Target::Item(of)] => *of == id,
            [Target::Variant(of, _)] => *of == id,
            _ => false,
        };
        if !direct {
            let (whole, _) = self.type_and_rest(path)?;
            return Some((whole, variant));
        }
        Some((self.fresh_local(id, args), variant))
    }
}

impl crate::link::Program<'_> {
    /// The item of a trait with this name.
    pub(super) fn declared(&self, of_trait: ItemId, name: Sym) -> Option<ItemId> {
        let ItemKind::Trait { items, .. } = &self.item(of_trait).kind else { return None };
        self.members(of_trait, items).into_iter().find(|&item| self.name_of(item) == Some(name))
    }

    /// Whether an item of an impl is of this trait.
    pub(super) fn implements_item(&self, item: ItemId, of_trait: ItemId) -> bool {
        let info = self.entry(item).owner.and_then(|owner| self.impls().info(owner));
        info.is_some_and(
            |info| matches!(&info.of_trait, crate::link::TraitOf::Local(ids) if ids.contains(&of_trait)),
        )
    }
}
