//! Writes expressions in one canonical form: whatever has operands is enclosed, so that parentheses
//! in the source add nothing.

use super::attributes::Presence;
use super::context::Cx;
use super::scope::Local;
use super::types::{Use, Written, pointer};
use super::writer::Sigil;
use crate::ir::{Expr as Ir, ExprIdx, Name, Namespace, Ref, RefIdx};
use syn::punctuated::Punctuated;
use syn::{Arm, BinOp, Expr, FieldValue, Member, Pat, RangeLimits, Token, UnOp};

impl Cx<'_, '_> {
    pub(super) fn expr(&mut self, expr: &Expr) -> ExprIdx {
        let node = match expr {
            Expr::Array(syn::ExprArray { attrs, bracket_token: _, elems }) => {
                self.node(attrs);
                self.w.word("[");
                let elems = self.list(elems);
                self.w.word("]");
                Ir::Array(elems)
            }
            Expr::Assign(syn::ExprAssign { attrs, left, eq_token: _, right }) => {
                self.node(attrs);
                self.w.word("(");
                let left = self.expr(left);
                self.w.word("=");
                let right = self.expr(right);
                self.w.word(")");
                Ir::Assign { left, right }
            }
            Expr::Async(syn::ExprAsync { attrs, async_token: _, capture, modifiers: _, block }) => {
                self.node(attrs);
                self.w.word(if capture.is_some() { "async move" } else { "async" });
                Ir::Async(self.block(block))
            }
            Expr::Await(syn::ExprAwait { attrs, base, dot_token: _, await_token: _ }) => {
                self.node(attrs);
                self.w.word("(");
                let base = self.expr(base);
                self.w.word(". await )");
                Ir::Await(base)
            }
            Expr::Binary(syn::ExprBinary { attrs, left, op, right }) => {
                self.node(attrs);
                self.w.word("(");
                let left = self.expr(left);
                let op = self.operator(op);
                self.w.word(op);
                let right = self.expr(right);
                self.w.word(")");
                Ir::Binary { op: op.to_owned(), left, right }
            }
            Expr::Block(syn::ExprBlock { attrs, label, block }) => {
                self.node(attrs);
                let mark = self.label(label.as_ref());
                let block = self.block(block);
                self.scope.labels.truncate(mark);
                // A labelled block also has the values of its breaks.
                if label.is_none() {
                    return block;
                }
                Ir::Unknown(vec![block])
            }
            Expr::Break(syn::ExprBreak { attrs, break_token: _, label, expr }) => {
                self.node(attrs);
                self.jump("break", label.as_ref(), expr.as_deref())
            }
            Expr::Call(syn::ExprCall { attrs, func, paren_token: _, args }) => {
                self.node(attrs);
                self.w.word("(");
                let callee = self.expr(func);
                self.w.word("(");
                let args = self.list(args);
                self.w.word(") )");
                Ir::Call { callee, args }
            }
            Expr::Cast(syn::ExprCast { attrs, expr, as_token: _, ty }) => {
                self.node(attrs);
                self.w.word("(");
                let inner = self.expr(expr);
                self.w.word("as");
                let ty = self.ty(ty);
                self.w.word(")");
                Ir::Cast { inner, ty }
            }
            Expr::Closure(closure) => self.closure(closure),
            Expr::Const(expr) => return self.const_block(expr),
            Expr::Continue(syn::ExprContinue { attrs, continue_token: _, label }) => {
                self.node(attrs);
                self.jump("continue", label.as_ref(), None)
            }
            Expr::Field(syn::ExprField { attrs, base, dot_token: _, member }) => {
                self.node(attrs);
                self.w.word("(");
                let base = self.expr(base);
                self.w.word(".");
                let name = self.member(member);
                self.w.word(")");
                Ir::Field { base, name }
            }
            Expr::ForLoop(syn::ExprForLoop { attrs, label, for_token: _, pat, in_token: _, expr, body }) => {
                self.node(attrs);
                let labels = self.label(label.as_ref());
                self.w.word("for");
                let mark = self.scope.locals.len();
                let pending = self.scope.pending.len();
                let pat = self.pat(pat, false);
                self.w.word("in");
                let iter = self.expr(expr);
                self.scope.publish(pending);
                let body = self.block(body);
                self.scope.locals.truncate(mark);
                self.scope.labels.truncate(labels);
                Ir::For { pat, iter, body }
            }
            Expr::Group(syn::ExprGroup { attrs, group_token: _, expr })
            | Expr::Paren(syn::ExprParen { attrs, paren_token: _, expr }) => {
                self.node(attrs);
                return self.expr(expr);
            }
            Expr::If(syn::ExprIf { attrs, if_token: _, cond, then_branch, else_branch }) => {
                self.node(attrs);
                self.w.word("if");
                let mark = self.scope.locals.len();
                let cond = self.expr(cond);
                let then = self.block(then_branch);
                self.scope.locals.truncate(mark);
                let otherwise = else_branch.as_ref().map(|(_, otherwise)| {
                    self.w.word("else");
                    self.expr(otherwise)
                });
                Ir::If { cond, then, otherwise }
            }
            Expr::Index(syn::ExprIndex { attrs, expr, bracket_token: _, index }) => {
                self.node(attrs);
                self.w.word("(");
                let base = self.expr(expr);
                self.w.word("[");
                let index = self.expr(index);
                self.w.word("] )");
                Ir::Index { base, index }
            }
            Expr::Infer(syn::ExprInfer { attrs, underscore_token: _ }) => {
                self.node(attrs);
                self.w.word("_");
                Ir::Unknown(Vec::new())
            }
            Expr::Let(syn::ExprLet { attrs, let_token: _, pat, eq_token: _, expr }) => {
                self.node(attrs);
                self.w.word("( let");
                let pending = self.scope.pending.len();
                let pat = self.pat(pat, true);
                self.w.word("=");
                let value = self.expr(expr);
                self.scope.publish(pending);
                self.w.word(")");
                Ir::Let { pat, value }
            }
            Expr::Lit(syn::ExprLit { attrs, lit }) => {
                self.node(attrs);
                Ir::Lit(self.literal(lit))
            }
            Expr::Loop(syn::ExprLoop { attrs, label, loop_token: _, body }) => {
                self.node(attrs);
                let labels = self.label(label.as_ref());
                self.w.word("loop");
                let body = self.block(body);
                self.scope.labels.truncate(labels);
                Ir::Loop { body }
            }
            Expr::Macro(syn::ExprMacro { attrs, mac }) => {
                self.node(attrs);
                return self.macro_call(mac);
            }
            Expr::Match(syn::ExprMatch { attrs, match_token: _, expr, brace_token: _, arms }) => {
                self.node(attrs);
                self.w.word("match");
                let value = self.expr(expr);
                self.w.word("{");
                let mut list = Vec::with_capacity(arms.len());
                for arm in arms {
                    list.extend(self.arm(arm));
                }
                self.w.word("}");
                Ir::Match { value, arms: list }
            }
            Expr::MethodCall(call) => self.method_call(call),
            Expr::Path(syn::ExprPath { attrs, qself, path }) => {
                self.node(attrs);
                if qself.is_none()
                    && let Some(ident) = path.get_ident()
                {
                    let name = self.name(ident);
                    if let Some(local) = self.local(name) {
                        return local;
                    }
                }
                let Written { path, args, assoc: _ } =
                    self.path(qself.as_ref(), path, Use::of(Namespace::Value));
                Ir::Path { path, args }
            }
            Expr::Range(range) => return self.range(range),
            Expr::RawAddr(syn::ExprRawAddr { attrs, and_token: _, raw: _, mutability, expr }) => {
                self.node(attrs);
                self.w.word("( & raw");
                self.w.word(pointer(mutability));
                let inner = self.expr(expr);
                self.w.word(")");
                Ir::Unknown(vec![inner])
            }
            Expr::Reference(syn::ExprReference { attrs, and_token: _, mutability, expr }) => {
                self.node(attrs);
                self.w.word(if mutability.is_some() { "( & mut" } else { "( &" });
                let inner = self.expr(expr);
                self.w.word(")");
                Ir::Ref { mutable: mutability.is_some(), inner }
            }
            Expr::Repeat(syn::ExprRepeat { attrs, bracket_token: _, expr, semi_token: _, len }) => {
                self.node(attrs);
                self.w.word("[");
                let value = self.expr(expr);
                self.w.word(";");
                let len = self.expr(len);
                self.w.word("]");
                Ir::Repeat { value, len }
            }
            Expr::Return(syn::ExprReturn { attrs, return_token: _, expr }) => {
                self.node(attrs);
                self.jump("return", None, expr.as_deref())
            }
            Expr::Struct(literal) => self.struct_literal(literal),
            Expr::Try(syn::ExprTry { attrs, expr, question_token: _ }) => {
                self.node(attrs);
                self.w.word("(");
                let inner = self.expr(expr);
                self.w.word("? )");
                Ir::Try(inner)
            }
            Expr::TryBlock(syn::ExprTryBlock { attrs, try_token: _, modifiers: _, block }) => {
                self.node(attrs);
                self.w.word("try");
                let block = self.block(block);
                Ir::Unknown(vec![block])
            }
            Expr::Tuple(syn::ExprTuple { attrs, paren_token: _, elems }) => {
                self.node(attrs);
                self.w.word("(");
                let elems = self.list(elems);
                self.w.word(")");
                Ir::Tuple(elems)
            }
            Expr::Unary(syn::ExprUnary { attrs, op, expr }) => {
                self.node(attrs);
                self.w.word("(");
                match op {
                    UnOp::Deref(_) => self.w.word("*"),
                    UnOp::Not(_) => self.w.word("!"),
                    UnOp::Neg(_) => self.w.word("-"),
                    _ => self.whole = true,
                }
                let inner = self.expr(expr);
                self.w.word(")");
                if matches!(op, UnOp::Deref(_)) { Ir::Deref(inner) } else { Ir::Unary(inner) }
            }
            Expr::Unsafe(syn::ExprUnsafe { attrs, unsafe_token: _, block }) => {
                self.node(attrs);
                self.w.word("unsafe");
                return self.block(block);
            }
            Expr::Verbatim(tokens) => {
                self.unknown_tokens(tokens.clone());
                Ir::Unknown(Vec::new())
            }
            Expr::While(syn::ExprWhile { attrs, label, while_token: _, cond, body }) => {
                self.node(attrs);
                let labels = self.label(label.as_ref());
                self.w.word("while");
                let mark = self.scope.locals.len();
                let cond = self.expr(cond);
                let body = self.block(body);
                self.scope.locals.truncate(mark);
                self.scope.labels.truncate(labels);
                Ir::While { cond, body }
            }
            Expr::Yield(syn::ExprYield { attrs, yield_token: _, expr }) => {
                self.node(attrs);
                self.jump("yield", None, expr.as_deref())
            }
            _ => {
                self.whole = true;
                Ir::Unknown(Vec::new())
            }
        };
        self.push(node)
    }

    /// A single identifier as a local, where it is one.
    pub(super) fn local(&mut self, name: Name) -> Option<ExprIdx> {
        if self.file.names.get(name) == "self" {
            self.w.word("self");
            let node = if self.scope.receiver { Ir::Local(0) } else { Ir::Unknown(Vec::new()) };
            return Some(self.push(node));
        }
        match self.scope.local(name)? {
            Local::Hidden => None,
            Local::Bound { number, doubtful } => {
                self.w.number(Sigil::Local, number, name);
                if doubtful {
                    self.uncertain_value(name);
                    return Some(self.push(Ir::Unknown(Vec::new())));
                }
                Some(self.push(Ir::Local(number)))
            }
        }
    }

    /// Expressions with commas between, less those that `cfg` removes.
    pub(super) fn list(&mut self, exprs: &Punctuated<Expr, Token![,]>) -> Vec<ExprIdx> {
        let mut out = Vec::with_capacity(exprs.len());
        for expr in exprs {
            if self.is_gone(leading_attributes(expr)) {
                continue;
            }
            out.push(self.expr(expr));
            self.w.word(",");
        }
        out
    }

    fn operator(&mut self, op: &BinOp) -> &'static str {
        match op {
            BinOp::Add(_) => "+",
            BinOp::Sub(_) => "-",
            BinOp::Mul(_) => "*",
            BinOp::Div(_) => "/",
            BinOp::Rem(_) => "%",
            BinOp::And(_) => "&&",
            BinOp::Or(_) => "||",
            BinOp::BitXor(_) => "^",
            BinOp::BitAnd(_) => "&",
            BinOp::BitOr(_) => "|",
            BinOp::Shl(_) => "<<",
            BinOp::Shr(_) => ">>",
            BinOp::Eq(_) => "==",
            BinOp::Lt(_) => "<",
            BinOp::Le(_) => "<=",
            BinOp::Ne(_) => "!=",
            BinOp::Ge(_) => ">=",
            BinOp::Gt(_) => ">",
            BinOp::AddAssign(_) => "+=",
            BinOp::SubAssign(_) => "-=",
            BinOp::MulAssign(_) => "*=",
            BinOp::DivAssign(_) => "/=",
            BinOp::RemAssign(_) => "%=",
            BinOp::BitXorAssign(_) => "^=",
            BinOp::BitAndAssign(_) => "&=",
            BinOp::BitOrAssign(_) => "|=",
            BinOp::ShlAssign(_) => "<<=",
            BinOp::ShrAssign(_) => ">>=",
            _ => {
                self.whole = true;
                "?"
            }
        }
    }

    /// Writes a label in front of a loop or block; returns what to truncate the labels to.
    fn label(&mut self, label: Option<&syn::Label>) -> usize {
        let mark = self.scope.labels.len();
        if let Some(syn::Label { name: syn::Lifetime { apostrophe: _, ident }, colon_token: _ }) = label {
            let name = self.name(ident);
            let number = self.scope.bind_label(name);
            self.w.number(Sigil::Label, number, name);
            self.w.word(":");
        }
        mark
    }

    fn jump(&mut self, word: &str, label: Option<&syn::Lifetime>, value: Option<&Expr>) -> Ir {
        self.w.word("(");
        self.w.word(word);
        if let Some(syn::Lifetime { apostrophe: _, ident }) = label {
            let name = self.name(ident);
            match self.scope.label(name) {
                Some(number) => self.w.number(Sigil::Label, number, name),
                None => {
                    let text = format!("'{}", self.file.names.get(name));
                    self.w.word(&text);
                }
            }
        }
        let value = value.map(|value| self.expr(value));
        self.w.word(")");
        Ir::Jump(value)
    }

    pub(super) fn const_block(&mut self, expr: &syn::ExprConst) -> ExprIdx {
        let syn::ExprConst { attrs, const_token: _, modifiers: _, block } = expr;
        self.node(attrs);
        self.w.word("const");
        self.block(block)
    }

    pub(super) fn range(&mut self, range: &syn::ExprRange) -> ExprIdx {
        let syn::ExprRange { attrs, start, limits, end } = range;
        self.node(attrs);
        self.w.word("(");
        let start = start.as_ref().map(|start| self.expr(start));
        let inclusive = matches!(limits, RangeLimits::Closed(_));
        self.w.word(if inclusive { "..=" } else { ".." });
        let end = end.as_ref().map(|end| self.expr(end));
        self.w.word(")");
        self.push(Ir::Range { start, end, inclusive })
    }

    fn closure(&mut self, closure: &syn::ExprClosure) -> Ir {
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

    fn arm(&mut self, arm: &Arm) -> Option<crate::ir::MatchArm> {
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

    fn method_call(&mut self, call: &syn::ExprMethodCall) -> Ir {
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

    fn struct_literal(&mut self, literal: &syn::ExprStruct) -> Ir {
        let syn::ExprStruct { attrs, qself, path, brace_token: _, fields, dot2_token, rest } = literal;
        self.node(attrs);
        self.w.word("(");
        let Written { path, args, assoc: _ } = self.path(qself.as_ref(), path, Use::of(Namespace::Type));
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
