//! Describes types, patterns and expressions of an item as far as the inference of receiver types
//! needs them. Nothing here is hashed.

use super::{BlockScope, ItemIdx, Name, RefIdx};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ExprIdx(pub u32);
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PatIdx(pub u32);
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TyIdx(pub u32);

/// The arenas of one item, and the blocks in it that hold items.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Body {
    pub exprs: Vec<Expr>,
    pub pats: Vec<Pat>,
    pub types: Vec<Ty>,
    /// [`BlockScope`] `n` is `scopes[n - 1]`: the scope around it, and its items.
    pub scopes: Vec<(BlockScope, Vec<ItemIdx>)>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Ty {
    /// A type or, in bounds, a trait: the reference, the generic arguments of its last segment
    /// (types, and [`Ty::Unknown`] for a const; for `Fn(A) -> B` the one tuple of arguments), and associated types
    /// (`Item = T`; for `Fn(A) -> B` it is `Output = B`).
    Path {
        path: RefIdx,
        args: Vec<TyIdx>,
        assoc: Vec<(Name, TyIdx)>,
    },
    Ref {
        mutable: bool,
        inner: TyIdx,
    },
    Ptr(TyIdx),
    Slice(TyIdx),
    Array(TyIdx),
    Tuple(Vec<TyIdx>),
    FnPtr {
        params: Vec<TyIdx>,
        ret: Option<TyIdx>,
    },
    Dyn(Vec<TyIdx>),
    Impl(Vec<TyIdx>),
    Never,
    /// `_`
    Infer,
    Unknown,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Pat {
    /// A binding of the local with this number. `by_ref`: `ref x`.
    Bind {
        local: u32,
        by_ref: bool,
        sub: Option<PatIdx>,
    },
    Tuple {
        elems: Vec<PatIdx>,
        rest: Option<u32>,
    },
    TupleStruct {
        path: RefIdx,
        elems: Vec<PatIdx>,
        rest: Option<u32>,
    },
    Struct {
        path: RefIdx,
        fields: Vec<(Name, PatIdx)>,
    },
    Ref(PatIdx),
    Or(Vec<PatIdx>),
    Slice {
        elems: Vec<PatIdx>,
        rest: Option<u32>,
    },
    Typed {
        pat: PatIdx,
        ty: TyIdx,
    },
    Wild,
    /// Literals, ranges, consts, paths, `..`.
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Literal {
    /// With its suffix, where it has one.
    Int(Option<Name>),
    Float(Option<Name>),
    Str,
    ByteStr,
    CStr,
    Byte,
    Char,
    Bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MatchArm {
    pub pat: PatIdx,
    pub guard: Option<ExprIdx>,
    pub body: ExprIdx,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Stmt {
    Let {
        pat: PatIdx,
        ty: Option<TyIdx>,
        init: Option<ExprIdx>,
        diverge: Option<ExprIdx>,
    },
    /// With a semicolon.
    Expr(ExprIdx),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Jump {
    Return,
    Break,
    Continue,
    Yield,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Expr {
    /// A local, by its number. `self` is 0 where there is a receiver.
    Local(u32),
    /// A path, with the type arguments of its last segment, and of the one before it.
    Path {
        path: RefIdx,
        args: Vec<TyIdx>,
        owner_args: Vec<TyIdx>,
    },
    Lit(Literal),
    Call {
        callee: ExprIdx,
        args: Vec<ExprIdx>,
    },
    /// `method` is the index of its [`super::Ref::Method`].
    MethodCall {
        receiver: ExprIdx,
        name: Name,
        method: RefIdx,
        turbofish: Vec<TyIdx>,
        args: Vec<ExprIdx>,
    },
    Field {
        base: ExprIdx,
        name: Name,
    },
    Index {
        base: ExprIdx,
        index: ExprIdx,
    },
    Deref(ExprIdx),
    /// `!x`, `-x`
    Unary(ExprIdx),
    /// The operator is its token (`+`, `==`, `&&`, `+=`).
    Binary {
        op: String,
        left: ExprIdx,
        right: ExprIdx,
    },
    Assign {
        left: ExprIdx,
        right: ExprIdx,
    },
    Ref {
        mutable: bool,
        inner: ExprIdx,
    },
    Cast {
        inner: ExprIdx,
        ty: TyIdx,
    },
    Struct {
        path: RefIdx,
        args: Vec<TyIdx>,
        fields: Vec<(Name, ExprIdx)>,
        rest: Option<ExprIdx>,
    },
    Tuple(Vec<ExprIdx>),
    Array(Vec<ExprIdx>),
    /// `[value; len]`
    Repeat {
        value: ExprIdx,
        len: ExprIdx,
    },
    Range {
        start: Option<ExprIdx>,
        end: Option<ExprIdx>,
        inclusive: bool,
    },
    Block {
        scope: BlockScope,
        stmts: Vec<Stmt>,
        tail: Option<ExprIdx>,
    },
    /// `'a: {}`: also has the values of its breaks.
    Labelled {
        label: u32,
        block: ExprIdx,
    },
    /// `async {}` gives a future of it.
    Async(ExprIdx),
    If {
        cond: ExprIdx,
        then: ExprIdx,
        otherwise: Option<ExprIdx>,
    },
    /// `let` in a condition.
    Let {
        pat: PatIdx,
        value: ExprIdx,
    },
    Match {
        value: ExprIdx,
        arms: Vec<MatchArm>,
    },
    Loop {
        label: Option<u32>,
        body: ExprIdx,
    },
    While {
        cond: ExprIdx,
        body: ExprIdx,
    },
    For {
        pat: PatIdx,
        iter: ExprIdx,
        body: ExprIdx,
    },
    Closure {
        params: Vec<(PatIdx, Option<TyIdx>)>,
        ret: Option<TyIdx>,
        body: ExprIdx,
        is_async: bool,
    },
    Try(ExprIdx),
    Await(ExprIdx),
    /// With what it carries.
    Jump {
        kind: Jump,
        label: Option<u32>,
        value: Option<ExprIdx>,
    },
    /// A macro of the standard library by name, with its arguments as expressions; `vec!` has one, an array.
    Std {
        name: Name,
        args: Vec<ExprIdx>,
    },
    /// Anything else, with the expressions in it.
    Unknown(Vec<ExprIdx>),
}
