//! Walks a body once, in order, and notes the type of every expression and local.

use super::flow::Frame;
use super::known;
use super::receivers::Types;
use super::ty::{Assoc, TraitKey, Type};
use super::vars::Vars;
use crate::ir::{Expr, ExprIdx, Item, ItemKind, Literal, Name, Stmt, TyIdx};
use crate::link::{ItemId, Program, Sym};
use std::collections::HashMap;

pub(super) struct Walk<'p, 'a> {
    pub(super) program: &'p Program<'a>,
    pub(super) id: ItemId,
    pub(super) item: &'a Item,
    pub(super) vars: Vars,
    locals: HashMap<u32, Type>,
    pub(super) frames: Vec<Frame>,
    /// How many expressions so far are not known: they may hold jumps.
    pub(super) unseen: u32,
    /// What `collect` makes, and of which items: decided by what comes later.
    collected: Vec<(Type, Type)>,
    exprs: Vec<Type>,
}

pub(super) fn infer(program: &Program<'_>, id: ItemId) -> Types {
    let item = program.code(id);
    let mut walk = Walk {
        program,
        id,
        item,
        vars: Vars::default(),
        locals: HashMap::new(),
        frames: Vec::new(),
        unseen: 0,
        collected: Vec::new(),
        exprs: vec![Type::Unknown; item.body.exprs.len()],
    };
    match &item.kind {
        ItemKind::Fn(function) => {
            if let Some(receiver) = &function.receiver {
                let ty = program.type_of(id, receiver.ty);
                walk.set_local(0, &ty);
            }
            for param in &function.params {
                let ty = program.type_of(id, param.ty);
                walk.bind(param.pat, &ty);
            }
            if let Some(block) = function.block {
                let ret = function.ret.map_or_else(Type::unit, |ret| program.type_of(id, ret));
                walk.body(block, &ret);
            }
        }
        ItemKind::Const { value: Some(value), ty } => {
            let ty = ty.map_or(Type::Unknown, |ty| program.type_of(id, ty));
            walk.body(*value, &ty);
        }
        ItemKind::Static { value: Some(value), ty, .. } => {
            let ty = program.type_of(id, *ty);
            walk.body(*value, &ty);
        }
        _ => {}
    }
    walk.decide_collected();
    let exprs = std::mem::take(&mut walk.exprs);
    exprs.iter().map(|ty| walk.settled(ty)).collect()
}

impl Walk<'_, '_> {
    pub(super) fn set_local(&mut self, local: u32, ty: &Type) {
        match self.locals.get(&local).cloned() {
            // Bound in each alternative of a pattern.
            Some(before) => self.vars.unify(&before, ty),
            None => _ = self.locals.insert(local, ty.clone()),
        }
    }

    pub(super) fn each(&mut self, exprs: &[ExprIdx]) -> Vec<Type> {
        exprs.iter().map(|&expr| self.expr(expr)).collect()
    }

    pub(super) fn optional(&mut self, expr: Option<ExprIdx>) -> Option<Type> {
        expr.map(|expr| self.expr(expr))
    }

    pub(super) fn expr(&mut self, index: ExprIdx) -> Type {
        let item = self.item;
        let ty = self.visit(&item.body.exprs[index.0 as usize]);
        self.exprs[index.0 as usize] = ty.clone();
        ty
    }

    /// A closure that is called with these types, where the caller is known.
    pub(super) fn expected_closure(&mut self, index: ExprIdx, called_with: &[Type]) -> Type {
        let item = self.item;
        let Expr::Closure { params, ret, body, is_async } = &item.body.exprs[index.0 as usize] else {
            return self.expr(index);
        };
        let ty = self.closure(params, *ret, *body, *is_async, called_with);
        self.exprs[index.0 as usize] = ty.clone();
        ty
    }

    pub(super) fn is_closure(&self, index: ExprIdx) -> bool {
        matches!(self.item.body.exprs[index.0 as usize], Expr::Closure { .. })
    }

    fn visit(&mut self, expr: &Expr) -> Type {
        match expr {
            Expr::Local(local) => self.locals.get(local).cloned().unwrap_or_default(),
            Expr::Path { path, args, owner_args } => self.path_value(*path, args, owner_args),
            Expr::Lit(literal) => self.literal(*literal),
            Expr::Call { callee, args } => self.call(*callee, args),
            Expr::MethodCall { receiver, name, turbofish, args, method } => {
                self.method_call(*receiver, *name, *method, turbofish, args)
            }
            Expr::Field { base, name } => {
                let base = self.expr(*base);
                self.field(&base, *name)
            }
            Expr::Index { base, index } => self.indexed(*base, *index),
            Expr::Deref(inner) => {
                let inner = self.expr(*inner);
                self.dereferenced(&inner)
            }
            Expr::Unary(inner) => {
                let inner = self.expr(*inner);
                self.unary(&inner)
            }
            Expr::Binary { op, left, right } => self.binary(op, *left, *right),
            Expr::Assign { left, right } => {
                let place = self.expr(*left);
                let value = self.expr(*right);
                self.vars.coerce(&value, &place);
                Type::unit()
            }
            Expr::Ref { inner, .. } => self.expr(*inner),
            Expr::Cast { inner, ty } => {
                let inner = self.expr(*inner);
                let to = self.written(*ty);
                self.vars.forget(&inner);
                to
            }
            Expr::Struct { path, args, fields, rest } => self.struct_literal(*path, args, fields, *rest),
            Expr::Tuple(elems) => Type::Tuple(self.each(elems).into()),
            Expr::Array(elems) if elems.is_empty() => Type::slice(self.vars.fresh()),
            Expr::Array(elems) => {
                let types = self.each(elems);
                Type::slice(self.vars.joined(types))
            }
            Expr::Repeat { value, len } => {
                let value = self.expr(*value);
                self.expr(*len);
                Type::slice(value)
            }
            Expr::Range { start, end, inclusive } => self.range(*start, *end, *inclusive),
            Expr::Block { stmts, tail, .. } => self.block(stmts, *tail),
            Expr::Labelled { label, block } => self.labelled(*label, *block),
            Expr::Async(block) => {
                let output = self.returning(*block);
                Type::std(known::FUTURE, [output])
            }
            Expr::If { cond, then, otherwise } => {
                self.expr(*cond);
                let then = self.expr(*then);
                let otherwise = self.optional(*otherwise).unwrap_or_else(Type::unit);
                self.vars.joined([then, otherwise])
            }
            Expr::Let { pat, value } => {
                let value = self.expr(*value);
                self.bind(*pat, &value);
                Type::boolean()
            }
            Expr::Match { value, arms } => {
                let value = self.expr(*value);
                let mut types = Vec::with_capacity(arms.len());
                for arm in arms {
                    self.bind(arm.pat, &value);
                    self.optional(arm.guard);
                    types.push(self.expr(arm.body));
                }
                self.vars.joined(types)
            }
            Expr::Loop { label, body } => self.endless(*label, *body),
            Expr::While { cond, body } => {
                self.looped(None, &[*cond, *body]);
                Type::unit()
            }
            Expr::For { pat, iter, body } => {
                let iter = self.expr(*iter);
                let item = self.iterated(&iter);
                self.bind(*pat, &item);
                self.looped(None, &[*body]);
                Type::unit()
            }
            Expr::Closure { params, ret, body, is_async } => {
                self.closure(params, *ret, *body, *is_async, &[])
            }
            Expr::Try(inner) => {
                let inner = self.expr(*inner);
                self.tried(&inner)
            }
            Expr::Await(inner) => {
                let inner = self.expr(*inner);
                self.awaited(&inner)
            }
            Expr::Jump { kind, label, value } => self.jump(*kind, *label, *value),
            Expr::Std { name, args } => {
                let types = self.each(args);
                if self.is_std_macro(*name) {
                    self.std_macro(*name, &types)
                } else {
                    self.vars.forget_all();
                    Type::Unknown
                }
            }
            Expr::Unknown(inner) => {
                self.each(inner);
                self.unseen += 1;
                // It may name every local.
                self.vars.forget_all();
                Type::Unknown
            }
        }
    }

    fn block(&mut self, stmts: &[Stmt], tail: Option<ExprIdx>) -> Type {
        let mut ends = false;
        for stmt in stmts {
            ends |= self.statement(stmt);
            self.decide_collected();
        }
        match tail {
            Some(tail) => {
                let ty = self.expr(tail);
                if ends && ty.is_unit() { Type::Never } else { ty }
            }
            None if ends => Type::Never,
            None => Type::unit(),
        }
    }

    /// Whether nothing comes after it.
    fn statement(&mut self, stmt: &Stmt) -> bool {
        match stmt {
            Stmt::Let { pat, ty, init, diverge } => {
                let declared = ty.map(|ty| self.written(ty));
                let init = self.optional(*init);
                let ends = init == Some(Type::Never);
                let ty = match (declared, init) {
                    (Some(declared), Some(init)) => {
                        self.vars.coerce(&init, &declared);
                        declared
                    }
                    (Some(declared), None) => declared,
                    (None, Some(init)) => init,
                    (None, None) => self.vars.fresh(),
                };
                self.optional(*diverge);
                self.bind(*pat, &ty);
                ends
            }
            Stmt::Expr(expr) => self.expr(*expr) == Type::Never,
        }
    }

    /// A type as the body writes it; what it leaves out is decided later.
    pub(super) fn written(&mut self, ty: TyIdx) -> Type {
        let written = self.program.type_with_holes(self.id, ty);
        let vars = &mut self.vars;
        written.mapped(&mut |part| (*part == Type::HOLE).then(|| vars.fresh()))
    }

    /// The type with its head decided, as far as it can be by now.
    pub(super) fn head(&mut self, ty: &Type) -> Type {
        let mut ty = self.vars.shallow(ty);
        if matches!(ty, Type::Var(_)) && !self.collected.is_empty() {
            self.decide_collected();
            ty = self.vars.shallow(&ty);
        }
        self.normal(ty)
    }

    /// An associated type of a base that is known by now.
    fn normal(&self, ty: Type) -> Type {
        let Type::Assoc(assoc) = &ty else { return ty };
        let base = self.vars.deep(&assoc.base);
        let base = self.normal(base);
        if matches!(base, Type::Var(_)) {
            return ty;
        }
        self.program.projected(self.id, &Assoc { base, ..Assoc::clone(assoc) })
    }

    /// The type at the end of the body.
    fn settled(&self, ty: &Type) -> Type {
        let settled = self.vars.settled(ty);
        settled.mapped(&mut |part| match part {
            Type::Assoc(_) => Some(self.normal(part.clone())),
            _ => None,
        })
    }

    /// `FromIterator` of the standard library's collections says what is in them.
    pub(super) fn decide_collected(&mut self) {
        for (into, item) in std::mem::take(&mut self.collected) {
            self.collect(&into, &item);
        }
    }

    pub(super) fn collect(&mut self, into: &Type, item: &Type) {
        match self.vars.shallow(into) {
            open @ Type::Var(_) => self.collected.push((open, item.clone())),
            Type::Std("Vec" | "VecDeque" | "BinaryHeap" | "LinkedList" | "HashSet" | "BTreeSet", args) => {
                if let (Some(inner), false) = (args.first(), self.collects_otherwise()) {
                    self.vars.unify(inner, item);
                }
            }
            Type::Std("HashMap" | "BTreeMap", args) => match (&*args, self.vars.shallow(item)) {
                ([key, value, ..], Type::Tuple(pair)) if pair.len() == 2 && !self.collects_otherwise() => {
                    self.vars.unify(key, &pair[0]);
                    self.vars.unify(value, &pair[1]);
                }
                _ => self.vars.forget(into),
            },
            Type::Std("Box", args) => match args.first().map(|inner| self.vars.shallow(inner)) {
                Some(Type::Slice(inner)) if !self.collects_otherwise() => self.vars.unify(&inner, item),
                _ => self.vars.forget(into),
            },
            Type::Std(name @ ("Option" | "Result"), args) => match (&*args, self.vars.shallow(item)) {
                ([inner, rest @ ..], Type::Std(of, parts)) if of == name => {
                    let (inner, part) = (inner.clone(), parts.first().cloned().unwrap_or_default());
                    if let (Some(error), Some(of)) = (rest.first(), parts.get(1)) {
                        self.vars.unify(error, of);
                    }
                    self.collect(&inner, &part);
                }
                _ => self.vars.forget(into),
            },
            other => self.vars.forget(&other),
        }
    }

    /// An impl of ours makes a collection of other items than its own.
    fn collects_otherwise(&self) -> bool {
        let impls = self.program.impls();
        let mut infos = impls.of_foreign_trait("FromIterator").iter().map(|&index| &impls.all[index]);
        infos.any(|info| info.head != crate::link::SelfHead::Local)
    }

    /// What `for x in value` binds.
    pub(super) fn iterated(&mut self, ty: &Type) -> Type {
        let ty = self.head(ty);
        match &ty {
            Type::Local(..) => self.projected(&ty, TraitKey::Std("IntoIterator".into()), "Item"),
            Type::Param(_) | Type::SelfOf(_) | Type::Assoc(_) | Type::Opaque(_) | Type::Dyn(_) => {
                let of_trait = self.program.trait_with(self.id, &ty, "Item");
                self.projected(&ty, of_trait, "Item")
            }
            Type::Std(..) => match known::pointee(&ty).cloned() {
                Some(inner)
                    if matches!(self.head(&inner), Type::Local(..) | Type::Param(_) | Type::Dyn(_)) =>
                {
                    if self.program.implements_for_pointer("IntoIterator") {
                        Type::Unknown
                    } else {
                        self.iterated(&inner)
                    }
                }
                _ => super::project::iterated(&ty),
            },
            _ => super::project::iterated(&ty),
        }
    }

    pub(super) fn projected(&mut self, base: &Type, of_trait: TraitKey, name: &str) -> Type {
        let base = self.vars.deep(base);
        self.program.projected(self.id, &Assoc { base, of_trait, name: name.into() })
    }

    pub(super) fn sym(&self, name: Name) -> Sym {
        self.program.sym(self.id, name)
    }

    pub(super) fn text(&self, name: Name) -> &str {
        self.program.text(self.sym(name))
    }

    /// Whether a macro of this name is the standard library's, for all that is known here.
    fn is_std_macro(&self, name: Name) -> bool {
        let scope = self.program.entry(self.id).scope;
        self.program.is_std_macro(scope, self.sym(name))
    }

    fn literal(&self, literal: Literal) -> Type {
        let suffixed = |suffix: Option<Name>, default: &'static str| {
            let name = suffix.and_then(|name| known::head_name(self.text(name)));
            Type::std(name.unwrap_or(default), [])
        };
        match literal {
            Literal::Int(suffix) => suffixed(suffix, known::INTEGER),
            Literal::Float(suffix) => suffixed(suffix, known::FLOAT),
            Literal::Str => Type::std("str", []),
            Literal::ByteStr => Type::slice(Type::std("u8", [])),
            Literal::CStr => Type::std("CStr", []),
            Literal::Byte => Type::std("u8", []),
            Literal::Char => Type::std("char", []),
            Literal::Bool => Type::boolean(),
        }
    }

    fn std_macro(&mut self, name: Name, types: &[Type]) -> Type {
        match self.text(name) {
            "vec" => match types {
                [Type::Slice(item)] => Type::std("Vec", [Type::clone(item)]),
                _ => Type::Unknown,
            },
            "format" => Type::std("String", []),
            "concat" | "stringify" | "file" | "module_path" | "env" | "include_str" => Type::std("str", []),
            "line" | "column" => Type::std("u32", []),
            "option_env" => Type::std("Option", [Type::std("str", [])]),
            "include_bytes" => Type::slice(Type::std("u8", [])),
            "matches" | "cfg" => Type::boolean(),
            "format_args" => Type::std("Arguments", []),
            // A `write_fmt` of ours may return anything.
            "write" | "writeln" if !self.program.is_named("write_fmt") => {
                Type::std("Result", [Type::unit(), Type::Unknown])
            }
            "dbg" if types.len() == 1 => types[0].clone(),
            "panic" | "unreachable" | "todo" | "unimplemented" => Type::Never,
            "assert" | "assert_eq" | "assert_ne" | "debug_assert" | "debug_assert_eq" | "debug_assert_ne"
            | "println" | "print" | "eprintln" | "eprint" => Type::unit(),
            _ => Type::Unknown,
        }
    }
}
