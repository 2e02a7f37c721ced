//! Follows what leaves an expression early: `return`, `break`, `?`, and what loops and closures then give.

use super::known;
use super::ty::{TraitKey, Type};
use super::walk::Walk;
use crate::ir::{ExprIdx, Jump, PatIdx, TyIdx};
use std::rc::Rc;

/// Something that a jump can leave.
pub(super) enum Frame {
    /// A function, closure or `async` block: what it is declared to return, and what it returns.
    Body { declared: Option<Type>, returned: Vec<Type> },
    /// A loop or a labelled block, with the values of its breaks; one without a value gives `()`.
    Broken { label: Option<u32>, is_loop: bool, values: Vec<Type> },
}

impl Walk<'_, '_> {
    /// A body whose result is declared.
    pub(super) fn body(&mut self, body: ExprIdx, ret: &Type) {
        self.frames.push(Frame::Body { declared: Some(ret.clone()), returned: Vec::new() });
        let end = self.expr(body);
        self.frames.pop();
        self.vars.coerce(&end, ret);
    }

    /// What a body gives, with what it returns on the way.
    pub(super) fn returning(&mut self, body: ExprIdx) -> Type {
        let before = self.unseen;
        self.frames.push(Frame::Body { declared: None, returned: Vec::new() });
        let end = self.expr(body);
        let Some(Frame::Body { mut returned, .. }) = self.frames.pop() else { return Type::Unknown };
        if self.unseen != before && !returned.is_empty() {
            // A macro may return too, and the first of all decides.
            self.vars.forget(&end);
            return Type::Unknown;
        }
        // Without a last expression it may never get to its end.
        if returned.is_empty() || !end.is_unit() {
            returned.push(end);
        }
        self.vars.joined(returned)
    }

    /// A closure's type, with what it is called with where the caller is known.
    pub(super) fn closure(
        &mut self,
        params: &[(PatIdx, Option<TyIdx>)],
        ret: Option<TyIdx>,
        body: ExprIdx,
        is_async: bool,
        called_with: &[Type],
    ) -> Type {
        let mut types = Vec::with_capacity(params.len());
        for (position, (pat, ty)) in params.iter().enumerate() {
            let expected = called_with.get(position).cloned();
            let ty = match ty {
                Some(ty) => {
                    let written = self.written(*ty);
                    if let Some(expected) = expected {
                        self.vars.coerce(&expected, &written);
                    }
                    written
                }
                None => expected.unwrap_or_default(),
            };
            self.bind(*pat, &ty);
            types.push(ty);
        }
        let ret = match ret {
            Some(ret) => {
                let ret = self.written(ret);
                self.body(body, &ret);
                ret
            }
            None => self.returning(body),
        };
        let ret = if is_async { Type::std(known::FUTURE, [ret]) } else { ret };
        Type::Callable(types.into(), Rc::new(ret))
    }

    /// A loop that only a `break` ends.
    pub(super) fn endless(&mut self, label: Option<u32>, body: ExprIdx) -> Type {
        let before = self.unseen;
        let values = self.looped(label, &[body]);
        if self.unseen != before {
            for value in &values {
                self.vars.forget(value);
            }
            return Type::Unknown;
        }
        self.vars.joined(values)
    }

    /// Walks what a loop holds; gives the values of its breaks.
    pub(super) fn looped(&mut self, label: Option<u32>, parts: &[ExprIdx]) -> Vec<Type> {
        self.frames.push(Frame::Broken { label, is_loop: true, values: Vec::new() });
        for &part in parts {
            self.expr(part);
        }
        match self.frames.pop() {
            Some(Frame::Broken { values, .. }) => values,
            _ => Vec::new(),
        }
    }

    pub(super) fn labelled(&mut self, label: u32, block: ExprIdx) -> Type {
        let before = self.unseen;
        self.frames.push(Frame::Broken { label: Some(label), is_loop: false, values: Vec::new() });
        let end = self.expr(block);
        let Some(Frame::Broken { mut values, .. }) = self.frames.pop() else { return Type::Unknown };
        values.push(end);
        if self.unseen != before {
            for value in &values {
                self.vars.forget(value);
            }
            return Type::Unknown;
        }
        self.vars.joined(values)
    }

    pub(super) fn jump(&mut self, kind: Jump, label: Option<u32>, value: Option<ExprIdx>) -> Type {
        let value = self.optional(value);
        match kind {
            Jump::Return => {
                let body = self.frames.iter_mut().rev().find_map(|frame| match frame {
                    Frame::Body { declared, returned } => Some((declared, returned)),
                    Frame::Broken { .. } => None,
                });
                if let Some((declared, returned)) = body {
                    let value = value.unwrap_or_else(Type::unit);
                    match declared.clone() {
                        Some(declared) => self.vars.coerce(&value, &declared),
                        None => returned.push(value),
                    }
                }
                Type::Never
            }
            Jump::Break => {
                for frame in self.frames.iter_mut().rev() {
                    match frame {
                        Frame::Broken { label: own, is_loop, values } => {
                            if if label.is_some() { *own == label } else { *is_loop } {
                                values.push(value.unwrap_or_else(Type::unit));
                                break;
                            }
                        }
                        Frame::Body { .. } => break,
                    }
                }
                Type::Never
            }
            Jump::Continue => Type::Never,
            // What is sent in is not known.
            Jump::Yield => Type::Unknown,
        }
    }

    /// What `?` unwraps.
    pub(super) fn tried(&mut self, ty: &Type) -> Type {
        match self.head(ty) {
            Type::Std("Option" | "Result", args) => args.first().cloned().unwrap_or_default(),
            other => {
                self.vars.forget(&other);
                Type::Unknown
            }
        }
    }

    pub(super) fn awaited(&mut self, ty: &Type) -> Type {
        let ty = self.head(ty);
        match &ty {
            Type::Std(known::FUTURE, args) => args.first().cloned().unwrap_or_default(),
            Type::Std("Pin" | "Box", args) => {
                let inner = args.first().cloned().unwrap_or_default();
                self.awaited(&inner)
            }
            Type::Local(..) if self.program.implements(&ty, "IntoFuture") => Type::Unknown,
            Type::Local(..) | Type::Opaque(_) | Type::Dyn(_) | Type::Param(_) => {
                self.projected(&ty, TraitKey::Std("Future".into()), "Output")
            }
            _ => Type::Unknown,
        }
    }
}
