//! Writes expressions in one canonical form: whatever has operands is enclosed, so that parentheses
//! in the source add nothing.

use super::compound::leading_attributes;
use super::context::Cx;
use super::paths::{Use, Written};
use super::scope::{Local, Word};
use super::types::pointer;
use super::writer::Sigil;
use crate::ir::{Expr as Ir, ExprIdx, Jump, Namespace};
use syn::punctuated::Punctuated;
use syn::{BinOp, Expr, RangeLimits, Token, UnOp};

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
                let (mark, number) = self.label(label.as_ref());
                let block = self.block(block);
                self.scope.labels.truncate(mark);
                match number {
                    Some(label) => Ir::Labelled { label, block },
                    None => return block,
                }
            }
            Expr::Break(syn::ExprBreak { attrs, break_token: _, label, expr }) => {
                self.node(attrs);
                self.jump(Jump::Break, label.as_ref(), expr.as_deref())
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
                self.jump(Jump::Continue, label.as_ref(), None)
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
                let (labels, _) = self.label(label.as_ref());
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
                let (labels, label) = self.label(label.as_ref());
                self.w.word("loop");
                let body = self.block(body);
                self.scope.labels.truncate(labels);
                Ir::Loop { label, body }
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
                    let word = self.word(ident);
                    if let Some(local) = self.local(word) {
                        return local;
                    }
                }
                let Written { path, args, owner_args, assoc: _ } =
                    self.path(qself.as_ref(), path, Use::of(Namespace::Value));
                Ir::Path { path, args, owner_args }
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
                self.jump(Jump::Return, None, expr.as_deref())
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
                let (labels, _) = self.label(label.as_ref());
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
                self.jump(Jump::Yield, None, expr.as_deref())
            }
            _ => {
                self.whole = true;
                Ir::Unknown(Vec::new())
            }
        };
        self.push(node)
    }

    /// A single identifier as a local, where it is one.
    pub(super) fn local(&mut self, word: Word) -> Option<ExprIdx> {
        let name = word.name;
        if self.file.names.get(name) == "self" {
            self.w.word("self");
            let node = if self.scope.receiver { Ir::Local(0) } else { Ir::Unknown(Vec::new()) };
            return Some(self.push(node));
        }
        match self.scope.local(word)? {
            Local::Hidden => None,
            Local::Bound { number, doubtful } => {
                self.w.number(Sigil::Local, number, word);
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

    /// Writes a label in front of a loop or block; returns what to truncate the labels to, and its number.
    fn label(&mut self, label: Option<&syn::Label>) -> (usize, Option<u32>) {
        let mark = self.scope.labels.len();
        let mut bound = None;
        if let Some(syn::Label { name: syn::Lifetime { apostrophe: _, ident }, colon_token: _ }) = label {
            let word = self.word(ident);
            let number = self.scope.bind_label(word);
            self.w.number(Sigil::Label, number, word);
            self.w.word(":");
            bound = Some(number);
        }
        (mark, bound)
    }

    fn jump(&mut self, kind: Jump, label: Option<&syn::Lifetime>, value: Option<&Expr>) -> Ir {
        self.w.word("(");
        self.w.word(match kind {
            Jump::Return => "return",
            Jump::Break => "break",
            Jump::Continue => "continue",
            Jump::Yield => "yield",
        });
        let mut to = None;
        if let Some(syn::Lifetime { apostrophe: _, ident }) = label {
            let word = self.word(ident);
            if let Some(number) = self.scope.label(word) {
                self.w.number(Sigil::Label, number, word);
                to = Some(number);
            } else {
                let text = format!("'{}", self.file.names.get(word.name));
                self.w.word(&text);
                self.w.step(word.step);
            }
        }
        let value = value.map(|value| self.expr(value));
        self.w.word(")");
        Ir::Jump { kind, label: to, value }
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
}
