//! Types of calls: what functions, methods, constructors and constants are declared to give.

use super::convert::Arguments;
use super::walk::Walk;
use super::{Type, std_types};
use crate::ir::{Anchor, Expr, ExprIdx, Fields, Fn, ItemKind, Name, PathRef, Ref, RefIdx, Ty, TyIdx};
use crate::link::lookup::Target;
use crate::link::path::Reached;
use crate::link::{ItemId, SelfHead, Sym};
use std::rc::Rc;

impl Walk<'_, '_> {
    /// A path in value position that is not called.
    pub(super) fn path_value(&mut self, path: RefIdx, args: &[TyIdx]) -> Type {
        let Ref::Path(path_ref) = &self.item.skeleton.refs[path.0 as usize] else { return Type::Unknown };
        match self.value_of(path_ref) {
            Some(Value::Item(id)) => match &self.program.item(id).kind {
                ItemKind::Const { ty: Some(ty), .. } | ItemKind::Static { ty, .. } => {
                    Arguments::default().apply(&self.program.type_of(id, *ty))
                }
                ItemKind::Struct { fields: Fields::Unit, .. } => Type::Local(id, self.types(args)),
                ItemKind::Struct { .. } => Type::Callable(Rc::new(Type::Local(id, self.types(args)))),
                ItemKind::Fn(function) => {
                    Type::Callable(Rc::new(self.returned(id, function, &[], &Arguments::default())))
                }
                _ => Type::Unknown,
            },
            Some(Value::Variant(id, name)) => {
                let whole = Type::Local(id, Rc::new([]));
                if self.is_tuple_variant(id, name) { Type::Callable(Rc::new(whole)) } else { whole }
            }
            Some(Value::Own(ty)) => ty,
            None if self.is_std_none(path_ref) => Type::std("Option", [Type::Open]),
            Some(Value::Associated(..)) | None => Type::Unknown,
        }
    }

    fn is_std_none(&self, path: &PathRef) -> bool {
        let [name] = path.segments.as_slice() else { return false };
        let is_std = |target: &Target| matches!(target, Target::Foreign(crate::link::Origin::Std, _));
        path.anchor == Anchor::Plain
            && self.program.text(self.program.sym(self.id, *name)) == "None"
            && self.program.path_targets(self.id, path).iter().all(is_std)
    }

    pub(super) fn call(&mut self, callee: ExprIdx, args: &[ExprIdx]) -> Type {
        let item = self.item;
        let Expr::Path { path, args: generics } = &item.body.exprs[callee.0 as usize] else {
            let callee = self.expr(callee);
            self.each(args);
            return if let Type::Callable(ret) = callee { Type::clone(&ret) } else { Type::Unknown };
        };
        let types = self.each(args);
        let Ref::Path(path_ref) = &item.skeleton.refs[path.0 as usize] else { return Type::Unknown };
        match self.value_of(path_ref) {
            Some(Value::Item(id)) => match &self.program.item(id).kind {
                ItemKind::Fn(function) => {
                    let mut known = Arguments::default();
                    for (position, &ty) in generics.iter().enumerate() {
                        if !matches!(self.item.body.types[ty.0 as usize], Ty::Infer) {
                            let pattern = Type::Param(function.generics.first + position as u32);
                            known.fit(&pattern, &self.program.type_of(self.id, ty));
                        }
                    }
                    self.returned(id, function, &types, &known)
                }
                ItemKind::Struct { .. } => Type::Local(id, self.types(generics)),
                _ => Type::Unknown,
            },
            Some(Value::Variant(id, _)) => Type::Local(id, Rc::new([])),
            Some(Value::Own(ty)) => ty,
            Some(Value::Associated(ty, name)) => self.associated(&ty, name, &types),
            None => self.std_call(path_ref, types),
        }
    }

    pub(super) fn method_call(
        &mut self,
        receiver: ExprIdx,
        name: Name,
        turbofish: &[TyIdx],
        args: &[ExprIdx],
    ) -> Type {
        let receiver = self.expr(receiver).settled();
        let word = self.program.sym(self.id, name);
        let text = self.program.text(word);
        let called_with = self.closure_arguments(&receiver, word);
        let item = self.item;
        let mut types = Vec::new();
        for &arg in args {
            let ty = match &item.body.exprs[arg.0 as usize] {
                Expr::Closure { params, ret, body, is_async } => {
                    self.closure(params, *ret, *body, *is_async, &called_with)
                }
                _ => self.expr(arg),
            };
            types.push(ty);
        }
        match &receiver {
            Type::Local(..) => {
                let found = self.associated(&receiver, word, &types);
                // `Clone` gives the same type back, and so does it for a reference to it.
                if found == Type::Unknown && text == "clone" && self.has_no_method(&receiver, word) {
                    receiver
                } else {
                    found
                }
            }
            Type::Std(pointer, inner) if std_types::pointee(pointer, inner).is_some() => {
                let inner = std_types::pointee(pointer, inner).cloned().unwrap_or_default();
                match (text, &inner) {
                    ("clone", _)
                        if self.has_no_method(&receiver, word) && self.has_no_method(&inner, word) =>
                    {
                        receiver
                    }
                    // The pointer's own methods come first, and what traits give it.
                    (_, Type::Local(..))
                        if !std_types::is_of_pointer(text)
                            && self.candidates(&receiver, word) == self.candidates(&inner, word) =>
                    {
                        self.associated(&inner, word, &types)
                    }
                    _ => Type::Unknown,
                }
            }
            Type::Std(..) | Type::Slice(_) if self.has_no_method(&receiver, word) => {
                let returned = types.iter().rev().find_map(|ty| match ty {
                    Type::Callable(ret) => Some(Type::clone(ret)),
                    _ => None,
                });
                if text == "collect" && !turbofish.is_empty() {
                    return self.program.type_of(self.id, turbofish[0]);
                }
                std_types::method(&receiver, text, returned.as_ref())
            }
            _ => Type::Unknown,
        }
    }

    fn closure_arguments(&self, receiver: &Type, name: Sym) -> Vec<Type> {
        if self.has_no_method(receiver, name) {
            std_types::closure_arguments(receiver, self.program.text(name))
        } else {
            Vec::new()
        }
    }

    /// No item of ours can be what this method call means.
    fn has_no_method(&self, ty: &Type, name: Sym) -> bool {
        self.candidates(ty, name).is_empty()
    }

    fn candidates(&self, ty: &Type, name: Sym) -> Vec<ItemId> {
        let on = self.program.methods_of(self.id, ty);
        let found = self.program.candidates_of(&crate::link::Query { name, on });
        let mut items: Vec<ItemId> = found.iter().map(|(item, _)| *item).collect();
        items.dedup();
        items
    }

    /// What an associated function of a local type returns, where all that can be meant agree.
    fn associated(&self, ty: &Type, name: Sym, args: &[Type]) -> Type {
        let mut result: Option<Type> = None;
        for id in self.candidates(ty, name) {
            let ItemKind::Fn(function) = &self.program.item(id).kind else { return Type::Unknown };
            if !self.is_direct(ty, id) {
                return Type::Unknown;
            }
            let mut known = Arguments::default();
            if let Some(owner) = self.program.entry(id).owner
                && let ItemKind::Impl(impl_) = &self.program.item(owner).kind
            {
                known.fit(&self.program.type_of(owner, impl_.self_ty), ty);
            }
            let args = if function.receiver.is_some() {
                args
            } else {
                &args[..args.len().min(function.params.len())]
            };
            if function.receiver.is_some() && self.may_be_by_value(ty, name) {
                return Type::Unknown;
            }
            // `Self` of a trait's method is the type that it is called on.
            let ret = self.returned(id, function, args, &known).with_self(ty);
            match &result {
                None => result = Some(ret),
                Some(before) if *before == ret => {}
                Some(_) => return Type::Unknown,
            }
        }
        result.unwrap_or_default()
    }

    /// Whether an item belongs to the type itself: what a `Deref` or a blanket impl offers may be hidden
    /// by a method that a derive or another package's trait gives the type.
    fn is_direct(&self, ty: &Type, id: ItemId) -> bool {
        let Type::Local(local, _) = ty else { return false };
        let impls = self.program.impls();
        let own =
            |info: &crate::link::ImplInfo| info.head == SelfHead::Local && info.self_types.contains(local);
        match self.program.entry(id).owner {
            Some(owner) => match impls.info(owner) {
                Some(info) => own(info),
                None => impls.of_trait(owner).iter().any(|&index| own(&impls.all[index])),
            },
            None => false,
        }
    }

    /// Methods of the standard library that take `self`: they come before an inherent `&self`.
    fn may_be_by_value(&self, ty: &Type, name: Sym) -> bool {
        let Type::Local(id, _) = ty else { return false };
        let implements = |wanted: &str| {
            let infos = self.program.impls().with_type(*id).iter().map(|&i| &self.program.impls().all[i]);
            infos.into_iter().any(
                |info| matches!(&info.of_trait, crate::link::TraitOf::Foreign(name, _) if &**name == wanted),
            )
        };
        match self.program.text(name) {
            "into" | "try_into" => true,
            name => std_types::is_by_value_of_iterator(name) && implements("Iterator"),
        }
    }

    /// The declared result, with the generic parameters that the arguments tell.
    fn returned(&self, id: ItemId, function: &Fn, args: &[Type], known: &Arguments) -> Type {
        let mut all = known.clone();
        // Called as a path, a method has its receiver among the arguments.
        let params = if args.len() > function.params.len() {
            &args[args.len() - function.params.len()..]
        } else {
            args
        };
        for (param, arg) in function.params.iter().zip(params) {
            all.fit(&self.program.type_of(id, param.ty), arg);
        }
        let ret = function.ret.map_or_else(|| Type::Tuple(Rc::new([])), |ret| self.program.type_of(id, ret));
        let ret = all.apply(&ret);
        if function.is_async { Type::std(std_types::FUTURE, [ret]) } else { ret }
    }

    /// The type that a struct literal makes.
    pub(super) fn constructed(&mut self, path: RefIdx, args: &[TyIdx]) -> Type {
        let Ref::Path(path) = &self.item.skeleton.refs[path.0 as usize] else { return Type::Unknown };
        match self.value_of(path) {
            Some(Value::Item(id)) if self.program.is_type(id) => Type::Local(id, self.types(args)),
            Some(Value::Item(id)) => match &self.program.item(id).kind {
                ItemKind::TypeAlias { .. } => {
                    let args = self.types(args);
                    self.program.type_of_path(self.id, path, &args, 0)
                }
                _ => Type::Unknown,
            },
            Some(Value::Variant(id, _)) => Type::Local(id, Rc::new([])),
            Some(Value::Own(ty)) => ty,
            _ => Type::Unknown,
        }
    }

    fn types(&self, args: &[TyIdx]) -> Rc<[Type]> {
        args.iter().map(|&ty| self.program.type_of(self.id, ty)).collect()
    }

    fn is_tuple_variant(&self, id: ItemId, name: Sym) -> bool {
        match &self.program.item(id).kind {
            ItemKind::Enum { variants, .. } => variants.iter().any(|variant| {
                self.program.sym(id, variant.name) == name && matches!(variant.fields, Fields::Tuple(_))
            }),
            _ => false,
        }
    }

    /// What a path in an expression stands for, where it is one thing.
    fn value_of(&self, path: &PathRef) -> Option<Value> {
        let segments: Vec<Sym> = path.segments.iter().map(|name| self.program.sym(self.id, *name)).collect();
        match path.anchor {
            Anchor::SelfType => {
                let whole = PathRef { segments: Vec::new(), ..path.clone() };
                let ty = self.program.type_of_path(self.id, &whole, &Rc::from([]), 0);
                return match segments.as_slice() {
                    [] => Some(Value::Own(ty)),
                    [name] => match ty {
                        Type::Local(id, _) if self.program.has_variant(id, *name) => {
                            Some(Value::Variant(id, *name))
                        }
                        ty => Some(Value::Associated(ty, *name)),
                    },
                    _ => None,
                };
            }
            Anchor::Generic(_) | Anchor::Qualified { .. } => return None,
            _ => {}
        }
        let scope = self.program.entry(self.id).block(path.scope);
        let namespaces = crate::link::scopes::Namespace3::of(path.namespace);
        let mut ends = self.program.resolve(scope, path.anchor, &segments, namespaces).ends.into_iter();
        let (Some(end), None) = (ends.next(), ends.next()) else { return None };
        let rest = &segments[end.rest.min(segments.len())..];
        match (end.reached, rest) {
            (Reached::Target(Target::Item(id)), []) => Some(Value::Item(id)),
            (Reached::Target(Target::Item(id)), [name]) if self.program.is_type(id) => {
                Some(Value::Associated(Type::Local(id, Rc::new([])), *name))
            }
            (Reached::Target(Target::Variant(id, name)), []) => Some(Value::Variant(id, name)),
            _ => None,
        }
    }

    /// Constructors of the prelude and of the smart pointers.
    fn std_call(&self, path: &PathRef, mut types: Vec<Type>) -> Type {
        // `T::Vec::new` is an associated type's.
        if matches!(path.anchor, Anchor::SelfType | Anchor::Generic(_) | Anchor::Qualified { .. }) {
            return Type::Unknown;
        }
        let words: Vec<&str> =
            path.segments.iter().map(|name| self.program.text(self.program.sym(self.id, *name))).collect();
        // A name that resolves to something of ours never comes here; one of another package might.
        let is_std = self
            .program
            .path_targets(self.id, path)
            .iter()
            .all(|target| matches!(target, Target::Foreign(crate::link::Origin::Std, _)));
        if !is_std {
            return Type::Unknown;
        }
        let mut first = || if types.is_empty() { Type::Unknown } else { types.swap_remove(0) };
        match words.as_slice() {
            ["Some"] => Type::std("Option", [first()]),
            ["Ok"] => Type::std("Result", [first(), Type::Open]),
            ["Err"] => Type::std("Result", [Type::Open, first()]),
            [.., pointer @ ("Box" | "Rc" | "Arc"), "new"] => Type::std(pointer, [first()]),
            [
                ..,
                name @ ("Vec" | "String" | "HashMap" | "HashSet" | "BTreeMap" | "BTreeSet" | "VecDeque"),
                "new" | "with_capacity",
            ] => Type::std(name, []),
            ["String", "from"] => Type::std("String", []),
            _ => Type::Unknown,
        }
    }
}

enum Value {
    Item(ItemId),
    Variant(ItemId, Sym),
    /// `Self`: as a constructor, or a unit struct.
    Own(Type),
    Associated(Type, Sym),
}
