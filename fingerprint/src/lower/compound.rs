//! Writes the expressions of many parts: closures, arms, method calls, struct literals.

use super::attributes::Presence;
use super::context::Cx;
use super::paths::{Use, Written};
use crate::ir::{Expr as Ir, Namespace, Ref, RefIdx};
use syn::{Arm, Expr, FieldValue, Member, Pat};

impl Cx<'_, '_> {
    pub(super) fn closure(&mut self, closure: &syn::ExprClosure) -> Ir {
        let syn::ExprClosure {
            attrs,
            lifetimes,
            modifiers: _,
            constness,
            asyncness,
            capture,
            inputs_begin: _,
            inputs,
            inputs_end: _,
            output,
            body,
        } = closure;
        self.node(attrs);
        self.w.word("(");
        let lifetime_mark = self.scope.lifetimes.len();
        self.binder(lifetimes.as_ref());
        for (present, word) in
            [(constness.is_some(), "const"), (asyncness.is_some(), "async"), (capture.is_some(), "move")]
        {
            if present {
                self.w.word(word);
            }
        }
        self.w.word("|");
        let mark = self.scope.locals.len();
        let pending = self.scope.pending.len();
        let mut params = Vec::with_capacity(inputs.len());
        for input in inputs {
            let (pat, ty) = match input {
                Pat::Type(syn::PatType { attrs, pat, colon_token: _, ty }) => {
                    if self.node(attrs) == Presence::Gone {
                        continue;
                    }
                    let pat = self.pat(pat, false);
                    self.w.word(":");
                    (pat, Some(self.ty(ty)))
                }
                pat => (self.pat(pat, false), None),
            };
            self.w.word(",");
            params.push((pat, ty));
        }
        self.w.word("|");
        let ret = self.ret(output);
        self.scope.publish(pending);
        let body = self.expr(self.without_braces(body));
        self.scope.locals.truncate(mark);
        self.scope.lifetimes.truncate(lifetime_mark);
        self.w.word(")");
        Ir::Closure { params, ret, body, is_async: asyncness.is_some() }
    }

    pub(super) fn arm(&mut self, arm: &Arm) -> Option<crate::ir::MatchArm> {
        let Arm { attrs, pat, fat_arrow_token: _, body, comma: _ } = arm;
        if self.node(attrs) == Presence::Gone {
            return None;
        }
        let mark = self.scope.locals.len();
        // A guard's own bindings are visible in the body.
        let (pat, guard) = match pat {
            Pat::Guard(syn::PatGuard { attrs, pat, if_token: _, guard }) if attrs.is_empty() => {
                let pat = self.binding(pat, true);
                self.w.word("if");
                (pat, Some(self.expr(guard)))
            }
            pat => (self.binding(pat, true), None),
        };
        self.w.word("=>");
        let body = self.expr(self.without_braces(body));
        self.w.word(",");
        self.scope.locals.truncate(mark);
        Some(crate::ir::MatchArm { pat, guard, body })
    }

    /// `{ e }` as `e`, where the block has nothing else.
    fn without_braces<'e>(&self, expr: &'e Expr) -> &'e Expr {
        if let Expr::Paren(syn::ExprParen { attrs, paren_token: _, expr: inner }) = expr
            && attrs.is_empty()
        {
            return self.without_braces(inner);
        }
        if let Expr::Block(syn::ExprBlock { attrs, label: None, block }) = expr
            && attrs.is_empty()
            && let [syn::Stmt::Expr(tail, None)] = block.stmts.as_slice()
            && leading_attributes(tail).is_empty()
            && match tail {
                // A macro can expand to statements in a block, and not without one.
                Expr::Macro(syn::ExprMacro { attrs: _, mac }) => self.is_trusted(&mac.path),
                Expr::Verbatim(_) => false,
                _ => true,
            }
        {
            return self.without_braces(tail);
        }
        expr
    }

    pub(super) fn method_call(&mut self, call: &syn::ExprMethodCall) -> Ir {
        let syn::ExprMethodCall { attrs, receiver, dot_token: _, method, turbofish, paren_token: _, args } =
            call;
        self.node(attrs);
        self.w.word("(");
        let receiver = self.expr(receiver);
        self.w.word(".");
        let name = self.ident(method);
        let scope = self.block;
        let method: RefIdx = self.w.reference(Ref::Method { name, scope, receiver: Some(receiver) });
        let turbofish =
            turbofish.as_ref().map(|arguments| self.angle_bracketed(arguments).0).unwrap_or_default();
        self.w.word("(");
        let args = self.list(args);
        self.w.word(") )");
        Ir::MethodCall { receiver, name, method, turbofish, args }
    }

    pub(super) fn struct_literal(&mut self, literal: &syn::ExprStruct) -> Ir {
        let syn::ExprStruct { attrs, qself, path, brace_token: _, fields, dot2_token, rest } = literal;
        self.node(attrs);
        self.w.word("(");
        let Written { path, args, assoc: _, .. } = self.path(qself.as_ref(), path, Use::of(Namespace::Type));
        self.w.word("{");
        let mut list = Vec::with_capacity(fields.len());
        for FieldValue { attrs, member, colon_token: _, expr } in fields {
            if self.node(attrs) == Presence::Gone {
                continue;
            }
            let name = match member {
                Member::Named(ident) => self.ident(ident),
                member @ Member::Unnamed(_) => self.member(member),
            };
            self.w.word(":");
            list.push((name, self.expr(expr)));
            self.w.word(",");
        }
        if dot2_token.is_some() {
            self.w.word("..");
        }
        let rest = rest.as_ref().map(|rest| self.expr(rest));
        self.w.word("} )");
        Ir::Struct { path, args, fields: list, rest }
    }
}

/// The attributes in front of an expression, which syn hangs on its first operand.
pub(super) fn leading_attributes(expr: &Expr) -> &[syn::Attribute] {
    match expr {
        Expr::Assign(syn::ExprAssign { attrs, left, .. }) if attrs.is_empty() => leading_attributes(left),
        Expr::Binary(syn::ExprBinary { attrs, left, .. }) if attrs.is_empty() => leading_attributes(left),
        Expr::Cast(syn::ExprCast { attrs, expr, .. }) if attrs.is_empty() => leading_attributes(expr),
        Expr::Array(syn::ExprArray { attrs, .. })
        | Expr::Assign(syn::ExprAssign { attrs, .. })
        | Expr::Async(syn::ExprAsync { attrs, .. })
        | Expr::Await(syn::ExprAwait { attrs, .. })
        | Expr::Binary(syn::ExprBinary { attrs, .. })
        | Expr::Block(syn::ExprBlock { attrs, .. })
        | Expr::Break(syn::ExprBreak { attrs, .. })
        | Expr::Call(syn::ExprCall { attrs, .. })
        | Expr::Cast(syn::ExprCast { attrs, .. })
        | Expr::Closure(syn::ExprClosure { attrs, .. })
        | Expr::Const(syn::ExprConst { attrs, .. })
        | Expr::Continue(syn::ExprContinue { attrs, .. })
        | Expr::Field(syn::ExprField { attrs, .. })
        | Expr::ForLoop(syn::ExprForLoop { attrs, .. })
        | Expr::Group(syn::ExprGroup { attrs, .. })
        | Expr::If(syn::ExprIf { attrs, .. })
        | Expr::Index(syn::ExprIndex { attrs, .. })
        | Expr::Infer(syn::ExprInfer { attrs, .. })
        | Expr::Let(syn::ExprLet { attrs, .. })
        | Expr::Lit(syn::ExprLit { attrs, .. })
        | Expr::Loop(syn::ExprLoop { attrs, .. })
        | Expr::Macro(syn::ExprMacro { attrs, .. })
        | Expr::Match(syn::ExprMatch { attrs, .. })
        | Expr::MethodCall(syn::ExprMethodCall { attrs, .. })
        | Expr::Paren(syn::ExprParen { attrs, .. })
        | Expr::Path(syn::ExprPath { attrs, .. })
        | Expr::Range(syn::ExprRange { attrs, .. })
        | Expr::RawAddr(syn::ExprRawAddr { attrs, .. })
        | Expr::Reference(syn::ExprReference { attrs, .. })
        | Expr::Repeat(syn::ExprRepeat { attrs, .. })
        | Expr::Return(syn::ExprReturn { attrs, .. })
        | Expr::Struct(syn::ExprStruct { attrs, .. })
        | Expr::Try(syn::ExprTry { attrs, .. })
        | Expr::TryBlock(syn::ExprTryBlock { attrs, .. })
        | Expr::Tuple(syn::ExprTuple { attrs, .. })
        | Expr::Unary(syn::ExprUnary { attrs, .. })
        | Expr::Unsafe(syn::ExprUnsafe { attrs, .. })
        | Expr::While(syn::ExprWhile { attrs, .. })
        | Expr::Yield(syn::ExprYield { attrs, .. }) => attrs,
        _ => &[],
    }
}
