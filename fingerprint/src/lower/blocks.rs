//! Writes blocks and statements. Items in a block become items of the file and leave no trace here.

use super::attributes::{Presence, effective};
use super::bodies::Expanded;
use super::cfg::Truth;
use super::compound::leading_attributes;
use super::context::Cx;
use super::{item_macros, items, macros, uses};
use crate::ir::{BlockScope, Expr as Ir, ExprIdx, ItemIdx, Pat as IrPat, Stmt as IrStmt};
use syn::{Attribute, Block, Expr, Item, Local, LocalInit, Pat, Stmt, StmtMacro};

/// What a list of statements ends.
#[derive(Clone, Copy)]
struct Ends {
    /// Nothing comes behind them in the block.
    block: bool,
    /// They are all that a macro call stands for: a call at their end is read as statements.
    expansion: bool,
}

/// How a macro call in a block is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Statements,
    WithSemicolon,
    Expression,
}

/// A macro call that is a statement.
struct Call<'s> {
    attrs: &'s [Attribute],
    mac: &'s syn::Macro,
    form: Form,
    /// It ends its block.
    ends: bool,
}

impl<'s> Call<'s> {
    /// `is_last`: no other statement follows in the list.
    fn of(stmt: &'s Stmt, ends: Ends, is_last: bool) -> Option<Self> {
        let ends_block = ends.block && is_last;
        let (attrs, mac, form) = match stmt {
            Stmt::Expr(Expr::Macro(syn::ExprMacro { attrs, mac }), None) if ends.expansion && is_last => {
                (attrs, mac, Form::Statements)
            }
            Stmt::Macro(StmtMacro { attrs, mac, semi_token }) => {
                // At the end of a block, `m!(..)` is an expression, and `m! {..}` statements.
                let braces = matches!(mac.delimiter, syn::MacroDelimiter::Brace(_));
                let form = match semi_token {
                    Some(_) => Form::WithSemicolon,
                    None if ends_block && !braces => Form::Expression,
                    None => Form::Statements,
                };
                (attrs, mac, form)
            }
            _ => return None,
        };
        Some(Self { attrs, mac, form, ends: ends_block })
    }

    /// What the statements that it stands for end.
    fn expansion(&self) -> Ends {
        Ends { block: self.ends && self.form != Form::WithSemicolon, expansion: true }
    }
}

impl Cx<'_, '_> {
    pub(super) fn is_gone(&self, attributes: &[Attribute]) -> bool {
        !attributes.is_empty() && effective(attributes, &self.file.settings.cfg).gate.plain == Truth::False
    }

    pub(super) fn block(&mut self, block: &Block) -> ExprIdx {
        let Block { brace_token: _, stmts } = block;
        let mark = self.scope.locals.len();
        let outer = (self.block, self.scope.globs);
        let items = self.block_items(stmts);
        self.w.word("{");
        let mut out = Vec::with_capacity(stmts.len());
        let mut tail = None;
        let macros = self.scope.macros.len();
        self.statements(stmts, Ends { block: true, expansion: false }, &mut out, &mut tail);
        self.scope.macros.truncate(macros);
        self.w.word("}");
        self.scope.locals.truncate(mark);
        let scope = self.block;
        (self.block, self.scope.globs) = outer;
        debug_assert!(items || scope == outer.0);
        self.push(Ir::Block { scope, stmts: out, tail })
    }

    fn statements(&mut self, stmts: &[Stmt], ends: Ends, out: &mut Vec<IrStmt>, tail: &mut Option<ExprIdx>) {
        let last = self.last(stmts);
        for (index, stmt) in stmts.iter().enumerate() {
            let is_last = last == Some(index);
            if let Stmt::Item(Item::Macro(syn::ItemMacro { ident: Some(ident), .. })) = stmt {
                let name = self.name(ident);
                self.scope.define(name);
            }
            if self.skipped(stmt) {
                continue;
            }
            if let Some(call) = Call::of(stmt, ends, is_last) {
                self.macro_statement(&call, out, tail);
                continue;
            }
            match stmt {
                Stmt::Local(local) => self.local_statement(local, out),
                Stmt::Expr(expr, semi) => {
                    let leading = leading_attributes(expr);
                    let presence = self.node(leading);
                    self.handled = if leading.is_empty() { std::ptr::null() } else { leading.as_ptr() };
                    let node = self.expr(expr);
                    self.handled = std::ptr::null();
                    self.end_statement(node, semi.is_some(), ends.block && is_last, presence, out, tail);
                }
                Stmt::Item(_) | Stmt::Macro(_) => {}
            }
        }
    }

    /// The last statement that leaves something.
    fn last(&self, stmts: &[Stmt]) -> Option<usize> {
        stmts.iter().rposition(|stmt| !self.skipped(stmt))
    }

    fn macro_statement(&mut self, call: &Call<'_>, out: &mut Vec<IrStmt>, tail: &mut Option<ExprIdx>) {
        let Call { attrs, mac, form, ends } = *call;
        let semi = form == Form::WithSemicolon;
        let presence = self.node(attrs);
        if self.is_trusted(&mac.path) {
            let node = self.macro_call(mac);
            self.end_statement(node, semi, ends, presence, out, tail);
            return;
        }
        if form == Form::Expression {
            if let Some(node) = self.expanded_expr(mac) {
                self.end_statement(node, false, true, presence, out, tail);
                return;
            }
        } else if presence == Presence::Here {
            let inner = call.expansion();
            let write = |cx: &mut Self, stmts: &[Stmt]| cx.statements(stmts, inner, out, tail);
            if self.expanded_statements(mac, write).is_some() {
                return;
            }
        }
        self.unknown_macro(mac);
        // It may bind or rebind the names that it is given.
        self.obscure_tokens(mac.tokens.clone());
        let node = self.push(Ir::Unknown(Vec::new()));
        self.end_statement(node, semi, ends, presence, out, tail);
    }

    /// Statements that leave nothing: stray semicolons, and what `cfg` removes.
    fn skipped(&self, stmt: &Stmt) -> bool {
        match stmt {
            Stmt::Expr(Expr::Verbatim(tokens), _) => tokens.is_empty(),
            Stmt::Expr(expr, _) => self.is_gone(leading_attributes(expr)),
            Stmt::Local(Local { attrs, .. }) | Stmt::Macro(StmtMacro { attrs, .. }) => self.is_gone(attrs),
            Stmt::Item(_) => true,
        }
    }

    fn end_statement(
        &mut self,
        node: ExprIdx,
        semi: bool,
        last: bool,
        presence: Presence,
        out: &mut Vec<IrStmt>,
        tail: &mut Option<ExprIdx>,
    ) {
        // Where it may not be there, what stands before it may be the block's value.
        if semi || !last && presence == Presence::Here {
            self.w.word(";");
        } else if !last {
            self.w.word(",");
        }
        if last && !semi {
            *tail = Some(if presence == Presence::Maybe { self.push(Ir::Unknown(vec![node])) } else { node });
        } else {
            out.push(IrStmt::Expr(node));
        }
    }

    fn local_statement(&mut self, local: &Local, out: &mut Vec<IrStmt>) {
        let Local { attrs, let_token: _, modifiers: _, pat, init, semi_token: _ } = local;
        let presence = self.node(attrs);
        self.w.word("let");
        let pending = self.scope.pending.len();
        let diverges = init.as_ref().is_some_and(|init| init.diverge.is_some());
        let (pat, ty) = match pat {
            Pat::Type(syn::PatType { attrs, pat, colon_token: _, ty }) if attrs.is_empty() => {
                let pat = self.pat(pat, diverges);
                self.w.word(":");
                (pat, Some(self.ty(ty)))
            }
            pat => (self.pat(pat, diverges), None),
        };
        let (mut value, mut otherwise) = (None, None);
        if let Some(LocalInit { eq_token: _, expr, diverge }) = init {
            self.w.word("=");
            value = Some(self.expr(expr));
            if let Some((_, diverge)) = diverge {
                self.w.word("else");
                otherwise = Some(self.expr(diverge));
            }
        }
        self.w.word(";");
        if presence == Presence::Maybe {
            // Another statement may bind these names in this one's stead: nothing is known of them.
            let names: Vec<_> = self.scope.pending.drain(pending..).map(|(name, _)| name).collect();
            for name in names {
                self.scope.obscure(name);
            }
            let pat = self.push_pat(IrPat::Other);
            out.push(IrStmt::Let { pat, ty: None, init: value, diverge: otherwise });
            return;
        }
        self.scope.publish(pending);
        out.push(IrStmt::Let { pat, ty, init: value, diverge: otherwise });
    }

    /// Lowers the items of a block, and opens a scope for them where there are any.
    fn block_items(&mut self, stmts: &[Stmt]) -> bool {
        let mut indices: Vec<ItemIdx> = Vec::new();
        if !self.statement_items(stmts, Ends { block: true, expansion: false }, &mut indices) {
            return false;
        }
        self.body.scopes.push((self.block, indices.clone()));
        self.block = BlockScope(self.body.scopes.len() as u32);
        for index in indices {
            let Some(item) = self.file.items.get(index) else { continue };
            match &item.kind {
                crate::ir::ItemKind::Use(leaves) => {
                    let imported = uses::imported(leaves);
                    if imported.globs {
                        self.scope.globs = self.scope.locals.len();
                    }
                    for name in imported.names {
                        // Whether it imports a value is not known here.
                        self.named |= self.scope.binds(name);
                        self.scope.hide(name);
                    }
                }
                crate::ir::ItemKind::Fn(_)
                | crate::ir::ItemKind::Const { .. }
                | crate::ir::ItemKind::Static { .. }
                | crate::ir::ItemKind::Struct { .. }
                | crate::ir::ItemKind::ForeignMod { .. } => {
                    if let Some(name) = item.name {
                        self.scope.hide(name);
                    }
                }
                crate::ir::ItemKind::MacroCall { .. }
                | crate::ir::ItemKind::Include(_)
                | crate::ir::ItemKind::Opaque { .. } => {
                    self.named = true;
                    self.scope.globs = self.scope.locals.len();
                }
                _ => {}
            }
        }
        true
    }

    /// Lowers the items among statements, and those among what the macro calls there stand for: all are the block's.
    /// Returns whether there are any.
    fn statement_items(&mut self, stmts: &[Stmt], ends: Ends, out: &mut Vec<ItemIdx>) -> bool {
        let last = self.last(stmts);
        let mut any = false;
        for (index, stmt) in stmts.iter().enumerate() {
            match stmt {
                Stmt::Item(item) => {
                    if let Item::Macro(syn::ItemMacro { ident: Some(_), .. }) = item {
                        // It sees the locals around it by their names.
                        self.named = true;
                    }
                    items::lower(self.file, item, out);
                    any = true;
                }
                Stmt::Macro(StmtMacro { attrs, mac, semi_token: _ })
                | Stmt::Expr(Expr::Macro(syn::ExprMacro { attrs, mac }), _)
                    if macros::defines_items(mac) =>
                {
                    item_macros::thread_locals(self.file, attrs, mac, out);
                    any = true;
                }
                stmt => {
                    let call = Call::of(stmt, ends, last == Some(index));
                    let call = call.filter(|call| call.form != Form::Expression && self.may_hold_items(call));
                    let Some(call) = call else { continue };
                    let inner = call.expansion();
                    self.expanded_statements(call.mac, |cx, stmts| {
                        any |= cx.statement_items(stmts, inner, out);
                    });
                }
            }
        }
        any
    }

    /// Whether a call is expanded as statements, and items may be among them.
    fn may_hold_items(&self, call: &Call<'_>) -> bool {
        self.expansion(call.mac).is_some_and(Expanded::may_hold_items)
            && !self.is_trusted(&call.mac.path)
            && effective(call.attrs, &self.file.settings.cfg).gate.plain == Truth::True
    }
}
