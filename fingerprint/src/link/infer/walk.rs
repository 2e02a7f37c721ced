//! Walks a body once, in order, and notes the type of every expression and local.

use super::{Type, Types, std_types};
use crate::ir::{Expr, ExprIdx, Item, ItemKind, Literal, Name, Stmt};
use crate::link::{ItemId, Program};
use std::collections::HashMap;
use std::rc::Rc;

pub(super) struct Walk<'p, 'a> {
    pub(super) program: &'p Program<'a>,
    pub(super) id: ItemId,
    pub(super) item: &'a Item,
    locals: HashMap<u32, Type>,
    /// What `return` and `break` give in the closure that is being walked.
    jumps: Vec<Type>,
    exprs: Vec<Type>,
}

pub(super) fn infer(program: &Program<'_>, id: ItemId) -> Types {
    let item = program.item(id);
    let mut walk = Walk {
        program,
        id,
        item,
        locals: HashMap::new(),
        jumps: Vec::new(),
        exprs: vec![Type::Unknown; item.body.exprs.len()],
    };
    let start = match &item.kind {
        ItemKind::Fn(function) => {
            if let Some(receiver) = &function.receiver {
                let ty = program.type_of(id, receiver.ty);
                walk.set_local(0, &ty);
            }
            for param in &function.params {
                let ty = program.type_of(id, param.ty);
                walk.bind(param.pat, &ty);
            }
            function.block
        }
        ItemKind::Const { value, .. } | ItemKind::Static { value, .. } => *value,
        _ => None,
    };
    if let Some(start) = start {
        walk.expr(start);
    }
    walk.exprs.into()
}

impl Walk<'_, '_> {
    pub(super) fn set_local(&mut self, local: u32, ty: &Type) {
        self.locals.insert(local, ty.settled());
    }

    pub(super) fn each(&mut self, exprs: &[ExprIdx]) -> Vec<Type> {
        exprs.iter().map(|&expr| self.expr(expr)).collect()
    }

    fn optional(&mut self, expr: Option<ExprIdx>) -> Type {
        expr.map_or(Type::Unknown, |expr| self.expr(expr))
    }

    pub(super) fn expr(&mut self, index: ExprIdx) -> Type {
        let item = self.item;
        let ty = self.visit(&item.body.exprs[index.0 as usize]);
        self.exprs[index.0 as usize] = ty.clone();
        ty
    }

    fn visit(&mut self, expr: &Expr) -> Type {
        match expr {
            Expr::Local(local) => self.locals.get(local).cloned().unwrap_or_default(),
            Expr::Path { path, args } => self.path_value(*path, args),
            Expr::Lit(literal) => self.literal(*literal),
            Expr::Call { callee, args } => self.call(*callee, args),
            Expr::MethodCall { receiver, name, turbofish, args, .. } => {
                self.method_call(*receiver, *name, turbofish, args)
            }
            Expr::Field { base, name } => {
                let base = self.expr(*base);
                self.field(&base, *name)
            }
            Expr::Index { base, index } => {
                let base = self.expr(*base);
                let index = self.expr(*index);
                std_types::indexed(&base, &index)
            }
            Expr::Deref(inner) => match self.expr(*inner) {
                // A reference, which is left out, or its own `Deref`?
                Type::Local(id, _) if self.program.deref_targets(id).is_none_or(|t| !t.is_empty()) => {
                    Type::Unknown
                }
                Type::Param(_) | Type::Traits | Type::SelfOf(_) => Type::Unknown,
                Type::Std(name, args) if &*name == "*" => args.first().cloned().unwrap_or_default(),
                other => other,
            },
            Expr::Unary(inner) => match self.expr(*inner) {
                ty @ Type::Std(..) => ty,
                _ => Type::Unknown,
            },
            Expr::Binary { op, left, right } => self.binary(op, *left, *right),
            Expr::Assign { left, right } => {
                self.expr(*left);
                self.expr(*right);
                unit()
            }
            Expr::Ref { inner, .. } => self.expr(*inner),
            Expr::Cast { inner, ty } => {
                self.expr(*inner);
                self.program.type_of(self.id, *ty)
            }
            Expr::Struct { path, args, fields, rest } => {
                for (_, value) in fields {
                    self.expr(*value);
                }
                self.optional(*rest);
                self.constructed(*path, args)
            }
            Expr::Tuple(elems) => Type::Tuple(self.each(elems).into()),
            Expr::Array(elems) => {
                let types = self.each(elems);
                Type::Slice(Rc::new(Type::joined(types)))
            }
            Expr::Repeat { value, len } => {
                let value = self.expr(*value);
                self.expr(*len);
                Type::Slice(Rc::new(value))
            }
            Expr::Range { start, end, inclusive } => {
                let start = self.optional(*start);
                let end = self.optional(*end);
                let name = if *inclusive { "RangeInclusive" } else { "Range" };
                Type::std(name, [Type::joined([start, end].into_iter().filter(Type::is_known))])
            }
            Expr::Block { stmts, tail, .. } => {
                let ends = stmts.iter().fold(false, |ends, stmt| self.statement(stmt) | ends);
                match tail {
                    Some(tail) => self.expr(*tail),
                    None if ends => Type::Never,
                    None => unit(),
                }
            }
            Expr::Async(block) => {
                let output = self.returning(*block);
                Type::std(std_types::FUTURE, [output])
            }
            Expr::If { cond, then, otherwise } => {
                self.expr(*cond);
                let then = self.expr(*then);
                let otherwise = otherwise.map_or_else(unit, |otherwise| self.expr(otherwise));
                Type::joined([then, otherwise])
            }
            Expr::Let { pat, value } => {
                let value = self.expr(*value);
                self.bind(*pat, &value);
                std_types::boolean()
            }
            Expr::Match { value, arms } => {
                let value = self.expr(*value);
                let mut types = Vec::new();
                for arm in arms {
                    self.bind(arm.pat, &value);
                    self.optional(arm.guard);
                    types.push(self.expr(arm.body));
                }
                Type::joined(types)
            }
            Expr::Loop { body } => {
                self.expr(*body);
                Type::Unknown
            }
            Expr::While { cond, body } => {
                self.expr(*cond);
                self.expr(*body);
                unit()
            }
            Expr::For { pat, iter, body } => {
                let iter = self.expr(*iter);
                self.bind(*pat, &std_types::iterated(&iter));
                self.expr(*body);
                unit()
            }
            Expr::Closure { params, ret, body, is_async } => {
                self.closure(params, *ret, *body, *is_async, &[])
            }
            Expr::Try(inner) => {
                let inner = self.expr(*inner);
                std_types::tried(&inner)
            }
            Expr::Await(inner) => match self.expr(*inner) {
                Type::Std(name, args) if &*name == std_types::FUTURE => {
                    args.first().cloned().unwrap_or_default()
                }
                _ => Type::Unknown,
            },
            Expr::Jump(value) => {
                if let Some(value) = value {
                    let value = self.expr(*value);
                    self.jumps.push(value);
                }
                Type::Never
            }
            Expr::Std { name, args } => {
                let types = self.each(args);
                if self.is_std_macro(*name) { self.std_macro(*name, types) } else { Type::Unknown }
            }
            Expr::Unknown(inner) => {
                self.each(inner);
                Type::Unknown
            }
        }
    }

    /// Whether nothing comes after it.
    fn statement(&mut self, stmt: &Stmt) -> bool {
        match stmt {
            Stmt::Let { pat, ty, init, diverge } => {
                let init = self.optional(*init);
                let ends = init == Type::Never;
                self.optional(*diverge);
                let ty = ty.map_or(init, |ty| self.program.type_of(self.id, ty));
                self.bind(*pat, &ty);
                ends
            }
            Stmt::Expr(expr) => self.expr(*expr) == Type::Never,
        }
    }

    /// A closure's type, with what it is called with where the caller is known.
    pub(super) fn closure(
        &mut self,
        params: &[(crate::ir::PatIdx, Option<crate::ir::TyIdx>)],
        ret: Option<crate::ir::TyIdx>,
        body: ExprIdx,
        is_async: bool,
        called_with: &[Type],
    ) -> Type {
        for (position, (pat, ty)) in params.iter().enumerate() {
            let expected = called_with.get(position).cloned().unwrap_or_default();
            let ty = ty.map_or(expected, |ty| self.program.type_of(self.id, ty));
            self.bind(*pat, &ty);
        }
        let body = self.returning(body);
        let ret = ret.map_or(body, |ret| self.program.type_of(self.id, ret));
        let ret = if is_async { Type::std(std_types::FUTURE, [ret]) } else { ret };
        Type::Callable(Rc::new(ret))
    }

    /// What a body gives, with what it returns on the way.
    fn returning(&mut self, body: ExprIdx) -> Type {
        let outer = std::mem::take(&mut self.jumps);
        let end = self.expr(body);
        // Without a last expression it may never get to its end.
        let end = if end.is_unit() { Type::Unknown } else { end };
        let jumps = std::mem::replace(&mut self.jumps, outer);
        Type::joined(jumps.into_iter().chain([end]))
    }

    /// Whether a macro of this name is the standard library's, for all that is known here.
    fn is_std_macro(&self, name: Name) -> bool {
        let name = self.program.sym(self.id, name);
        let scope = self.program.entry(self.id).scope;
        self.program.is_std_macro(scope, name)
    }

    fn literal(&self, literal: Literal) -> Type {
        let suffixed = |suffix: Option<Name>, default: &str| {
            let name = suffix.map_or(default, |name| self.program.text(self.program.sym(self.id, name)));
            Type::std(name, [])
        };
        match literal {
            Literal::Int(suffix) => suffixed(suffix, std_types::INTEGER),
            Literal::Float(suffix) => suffixed(suffix, std_types::FLOAT),
            Literal::Str => Type::std("str", []),
            Literal::ByteStr => Type::Slice(Rc::new(Type::std("u8", []))),
            Literal::CStr => Type::std("CStr", []),
            Literal::Byte => Type::std("u8", []),
            Literal::Char => Type::std("char", []),
            Literal::Bool => std_types::boolean(),
        }
    }

    fn binary(&mut self, op: &str, left: ExprIdx, right: ExprIdx) -> Type {
        let left = self.expr(left);
        let right = self.expr(right);
        match op {
            "==" | "!=" | "<" | ">" | "<=" | ">=" | "&&" | "||" => std_types::boolean(),
            // An operator of ours returns what its impl says.
            _ => match (&left, &right) {
                (Type::Std(a, _), Type::Std(b, _))
                    if std_types::is_primitive(a) && std_types::is_primitive(b) =>
                {
                    let literal = a.starts_with('{') && !matches!(op, "<<" | ">>");
                    if literal { right } else { left }
                }
                _ => Type::Unknown,
            },
        }
    }

    fn std_macro(&self, name: Name, types: Vec<Type>) -> Type {
        match self.program.text(self.program.sym(self.id, name)) {
            "vec" => match types.into_iter().next() {
                Some(Type::Slice(item)) => Type::std("Vec", [Type::clone(&item)]),
                _ => Type::Unknown,
            },
            "format" | "concat" => Type::std("String", []),
            "matches" => std_types::boolean(),
            "dbg" if types.len() == 1 => types.into_iter().next().unwrap_or_default(),
            "panic" | "unreachable" | "todo" | "unimplemented" => Type::Never,
            _ => Type::Unknown,
        }
    }
}

fn unit() -> Type {
    Type::Tuple(Rc::new([]))
}
