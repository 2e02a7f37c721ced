//! Writes patterns and binds their names.
//!
//! An identifier pattern can name a const or a unit struct. One with a capital never binds here; a
//! lowercase one that could be refuted binds, and refers to a const of that name as well.

use super::attributes::Presence;
use super::context::Cx;
use super::paths::{Use, Written};
use super::writer::Sigil;
use crate::ir::{Namespace, Pat as IrPat, PatIdx};
use syn::punctuated::Punctuated;
use syn::{FieldPat, Member, Pat, Token};

impl Cx<'_, '_> {
    /// Lowers a pattern and makes its names visible.
    pub(super) fn binding(&mut self, pat: &Pat, refutable: bool) -> PatIdx {
        let mark = self.scope.pending.len();
        let pat = self.pat(pat, refutable);
        self.scope.publish(mark);
        pat
    }

    /// Lowers a pattern; its names wait in the scope's `pending`.
    pub(super) fn pat(&mut self, pat: &Pat, refutable: bool) -> PatIdx {
        let pat = match pat {
            Pat::Const(expr) => {
                self.const_block(expr);
                IrPat::Other
            }
            Pat::Guard(syn::PatGuard { attrs, pat, if_token: _, guard }) => {
                self.node(attrs);
                let inner = self.pat(pat, refutable);
                self.w.word("if");
                // The guard sees the names; the arm makes them visible for good. Patterns around it may
                // wait too, and must not be seen: names are the safe way here.
                self.named = true;
                let mark = self.scope.locals.len();
                let pending = self.scope.pending.clone();
                self.scope.publish(0);
                self.scope.pending = pending;
                self.expr(guard);
                self.scope.locals.truncate(mark);
                return inner;
            }
            Pat::Ident(ident) => self.ident_pat(ident, refutable),
            Pat::Lit(syn::ExprLit { attrs, lit }) => {
                self.node(attrs);
                self.literal(lit);
                IrPat::Other
            }
            Pat::Macro(syn::ExprMacro { attrs, mac }) => {
                self.node(attrs);
                if let Some(pat) = self.expanded_pat(mac, refutable) {
                    return pat;
                }
                self.unknown_macro(mac);
                self.obscure_tokens(mac.tokens.clone());
                IrPat::Other
            }
            Pat::Or(syn::PatOr { attrs, leading_vert: _, cases }) => {
                self.node(attrs);
                if cases.len() == 1
                    && let Some(only) = cases.first()
                {
                    return self.pat(only, refutable);
                }
                let before = self.scope.begin_or();
                self.w.word("(");
                let mut elems = Vec::with_capacity(cases.len());
                for (index, case) in cases.iter().enumerate() {
                    if index > 0 {
                        self.w.word("|");
                    }
                    elems.push(self.pat(case, refutable));
                }
                self.w.word(")");
                self.scope.end_or(before);
                IrPat::Or(elems)
            }
            Pat::Paren(syn::PatParen { attrs, paren_token: _, pat }) => {
                self.node(attrs);
                return self.pat(pat, refutable);
            }
            Pat::Path(syn::ExprPath { attrs, qself, path }) => {
                self.node(attrs);
                self.path(qself.as_ref(), path, Use::of(Namespace::Value));
                IrPat::Other
            }
            Pat::Range(range) => {
                self.range(range);
                IrPat::Other
            }
            Pat::Reference(syn::PatReference { attrs, and_token: _, mutability, pat }) => {
                self.node(attrs);
                self.w.word(if mutability.is_some() { "& mut" } else { "&" });
                IrPat::Ref(self.pat(pat, refutable))
            }
            Pat::Rest(syn::PatRest { attrs, dot2_token: _ }) => {
                self.node(attrs);
                self.w.word("..");
                IrPat::Other
            }
            Pat::Slice(syn::PatSlice { attrs, bracket_token: _, elems }) => {
                self.node(attrs);
                self.w.word("[");
                let (elems, rest) = self.pats(elems, refutable);
                self.w.word("]");
                IrPat::Slice { elems, rest }
            }
            Pat::Struct(pat) => self.struct_pat(pat, refutable),
            Pat::Tuple(syn::PatTuple { attrs, paren_token: _, elems }) => {
                self.node(attrs);
                self.w.word("(");
                let (elems, rest) = self.pats(elems, refutable);
                self.w.word(")");
                IrPat::Tuple { elems, rest }
            }
            Pat::TupleStruct(syn::PatTupleStruct { attrs, qself, path, paren_token: _, elems }) => {
                self.node(attrs);
                let Written { path, args: _, assoc: _, .. } =
                    self.path(qself.as_ref(), path, Use::of(Namespace::Value));
                self.w.word("(");
                let (elems, rest) = self.pats(elems, refutable);
                self.w.word(")");
                IrPat::TupleStruct { path, elems, rest }
            }
            Pat::Type(syn::PatType { attrs, pat, colon_token: _, ty }) => {
                self.node(attrs);
                let pat = self.pat(pat, refutable);
                self.w.word(":");
                let ty = self.ty(ty);
                IrPat::Typed { pat, ty }
            }
            Pat::Verbatim(tokens) => {
                self.unknown_tokens(tokens.clone());
                self.obscure_tokens(tokens.clone());
                IrPat::Other
            }
            Pat::Wild(syn::PatWild { attrs, underscore_token: _ }) => {
                self.node(attrs);
                self.w.word("_");
                IrPat::Wild
            }
            _ => {
                self.whole = true;
                IrPat::Other
            }
        };
        self.push_pat(pat)
    }

    fn ident_pat(&mut self, pat: &syn::PatIdent, refutable: bool) -> IrPat {
        let syn::PatIdent { attrs, by_ref, mutability, ident, subpat } = pat;
        self.node(attrs);
        let word = self.word(ident);
        let name = word.name;
        if by_ref.is_some() {
            self.w.word("ref");
        }
        if mutability.is_some() {
            self.w.word("mut");
        }
        let capital = self.file.names.get(name).chars().next().is_some_and(char::is_uppercase);
        if capital {
            self.scope.capitals.push(name);
            self.write_name(name);
            let reference = self.names_reference(false, vec![name], Namespace::Value, true, true);
            self.w.reference(reference);
            if let Some((_, sub)) = subpat {
                self.w.word("@");
                self.pat(sub, refutable);
            }
            return IrPat::Other;
        }
        let local = self.scope.bind(word);
        self.w.number(Sigil::Local, local, word);
        if refutable && by_ref.is_none() && mutability.is_none() && subpat.is_none() {
            self.uncertain_value(name);
        }
        let sub = subpat.as_ref().map(|(_, sub)| {
            self.w.word("@");
            self.pat(sub, refutable)
        });
        IrPat::Bind { local, by_ref: by_ref.is_some(), sub }
    }

    /// The patterns of a list, and where `..` stands among them.
    fn pats(&mut self, pats: &Punctuated<Pat, Token![,]>, refutable: bool) -> (Vec<PatIdx>, Option<u32>) {
        let mut elems = Vec::with_capacity(pats.len());
        let mut rest = None;
        for pat in pats {
            if matches!(pat, Pat::Rest(_)) {
                rest = Some(elems.len() as u32);
                self.pat(pat, refutable);
            } else {
                elems.push(self.pat(pat, refutable));
            }
            self.w.word(",");
        }
        (elems, rest)
    }

    fn struct_pat(&mut self, pat: &syn::PatStruct, refutable: bool) -> IrPat {
        let syn::PatStruct { attrs, qself, path, brace_token: _, fields, rest } = pat;
        self.node(attrs);
        let Written { path, args: _, assoc: _, .. } =
            self.path(qself.as_ref(), path, Use::of(Namespace::Type));
        self.w.word("{");
        let mut list = Vec::with_capacity(fields.len());
        for FieldPat { attrs, member, colon_token: _, pat } in fields {
            if self.node(attrs) == Presence::Gone {
                continue;
            }
            let name = self.member(member);
            self.w.word(":");
            list.push((name, self.pat(pat, refutable)));
            self.w.word(",");
        }
        if let Some(syn::PatRest { attrs, dot2_token: _ }) = rest
            && self.node(attrs) != Presence::Gone
        {
            self.w.word("..");
        }
        self.w.word("}");
        IrPat::Struct { path, fields: list }
    }

    /// Writes the name or number of a field.
    pub(super) fn member(&mut self, member: &Member) -> crate::ir::Name {
        match member {
            Member::Named(ident) => self.ident(ident),
            Member::Unnamed(syn::Index { index, span: _ }) => {
                let text = index.to_string();
                self.w.word(&text);
                self.file.names.text(&text)
            }
        }
    }
}
