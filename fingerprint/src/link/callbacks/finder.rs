//! Walks one item's expressions and references, and gathers what they may call back.

use super::types::{Held, View};
use super::{Callback, Callbacks, On, Operand, TraitSet, Traits, operators};
use crate::ir::{Expr, ExprIdx, Item, ItemKind, Ref, RefIdx, Ty, TyIdx};
use crate::link::infer::Type;
use crate::link::links::Query;
use crate::link::{ItemId, Program, TraitOf};
use std::collections::BTreeSet;

pub(super) struct Finder<'p, 'a> {
    pub(super) program: &'p Program<'a>,
    pub(super) view: View<'p, 'a>,
    pub(super) id: ItemId,
    pub(super) item: &'a Item,
    /// Traits that are called on any type.
    any: TraitSet,
    /// Code of a package may run, on any type.
    pub(super) enters: bool,
    exact: BTreeSet<Callback>,
    pub(super) holds_foreign: bool,
    pub(super) is_uncertain: bool,
    /// Paths that were called with arguments of certain types.
    pub(super) settled: BTreeSet<RefIdx>,
}

/// What an item's code calls back in one world, and whether that of the other may differ.
pub(super) fn find(program: &Program<'_>, id: ItemId, in_tests: bool) -> (Callbacks, bool) {
    let item = program.code(id);
    let mut finder = Finder {
        program,
        view: View::new(program, in_tests),
        id,
        item,
        any: TraitSet::default(),
        enters: false,
        exact: BTreeSet::new(),
        holds_foreign: false,
        is_uncertain: false,
        settled: BTreeSet::new(),
    };
    for index in 0..item.body.exprs.len() as u32 {
        finder.expr(ExprIdx(index));
    }
    finder.references();
    for (index, ty) in item.body.types.iter().enumerate() {
        match ty {
            Ty::Impl(bounds) => finder.hidden_type(bounds),
            Ty::Path { args, .. } if !args.is_empty() => finder.written_type(TyIdx(index as u32), args),
            _ => {}
        }
    }
    if item.unread && has_code(&item.kind) {
        finder.any = finder.any.and(operators::in_tokens(&item.skeleton.text));
        finder.is_uncertain = true;
    }
    finder.attributes();
    // What a parameter's type is, only the caller knows.
    finder.enters |= finder.is_uncertain && finder.is_bound_by_package();
    let is_of_tests = finder.view.is_of_tests();
    (finder.finish(), is_of_tests)
}

/// Types of the standard library that are no iterators, whatever they hold.
const NO_ITERATORS: [&str; 20] = [
    "Vec",
    "VecDeque",
    "LinkedList",
    "HashMap",
    "HashSet",
    "BTreeMap",
    "BTreeSet",
    "BinaryHeap",
    "Option",
    "Result",
    "Cell",
    "RefCell",
    "OnceCell",
    "OnceLock",
    "Mutex",
    "RwLock",
    "Rc",
    "Arc",
    "Weak",
    "PhantomData",
];

/// Items whose tokens run.
fn has_code(kind: &ItemKind) -> bool {
    matches!(
        kind,
        ItemKind::Fn(_)
            | ItemKind::Const { .. }
            | ItemKind::Static { .. }
            | ItemKind::Macro { .. }
            | ItemKind::MacroCall { .. }
            | ItemKind::Include(_)
            | ItemKind::Opaque { .. }
    )
}

impl Finder<'_, '_> {
    fn finish(self) -> Callbacks {
        let any = if self.enters { Traits::ALL } else { Traits::of_std(self.any.closed()) };
        let left = self.exact.into_iter().filter(|callback| !callback.traits.without(any).is_empty());
        let exact = left.map(|callback| (callback.traits, self.program.query_id(Query::Called(callback))));
        Callbacks {
            any,
            exact: exact.collect(),
            holds_foreign: self.holds_foreign,
            is_uncertain: self.is_uncertain,
        }
    }

    /// A hidden type may be a bare type of ours: whoever gets it calls its traits.
    fn hidden_type(&mut self, bounds: &[TyIdx]) {
        for &bound in bounds {
            if let TraitOf::Foreign(name, krate) = self.program.trait_of(self.id, bound) {
                self.any = self.any.and(TraitSet::named(&name));
                self.enters |= !krate.is_empty();
            }
        }
    }

    /// `Peekable<Tokens>`: whoever has such a value iterates over ours, wherever it was made.
    fn written_type(&mut self, ty: TyIdx, args: &[TyIdx]) {
        let is_none = match self.program.type_of(self.id, ty) {
            Type::Std(name, _) => NO_ITERATORS.contains(&name),
            // Our own code calls what it has, and says so.
            Type::Local(..) => true,
            _ => false,
        };
        if is_none || self.is_trait_of_impl(ty) {
            return;
        }
        let mut types = BTreeSet::new();
        for &arg in args {
            self.program.types_in(self.id, arg, &mut types, 0);
        }
        if !types.is_empty() {
            let traits = TraitSet::of("DoubleEndedIterator ExactSizeIterator Iterator");
            self.held(traits.closed(), types.into_iter().collect());
        }
    }

    /// `impl Add<Ours> for ..` is no type.
    fn is_trait_of_impl(&self, ty: TyIdx) -> bool {
        matches!(&self.item.kind, ItemKind::Impl(block) if block.of_trait == Some(ty))
    }

    fn expr(&mut self, index: ExprIdx) {
        match &self.item.body.exprs[index.0 as usize] {
            Expr::Binary { op, left, right } => self.binary(op, *left, *right),
            Expr::Unary(inner) => self.unary(*inner),
            Expr::Index { base, index } => self.index(*base, *index),
            Expr::For { iter, .. } => self.on(&[*iter], TraitSet::of("IntoIterator Iterator")),
            Expr::Try(inner) => self.question(*inner),
            Expr::Await(_) => self.is_uncertain = true,
            Expr::Std { name, args } => {
                let name = self.program.text(self.program.sym(self.id, *name));
                self.std_macro(name, args);
            }
            Expr::MethodCall { receiver, name, args, method, .. } => {
                self.method(index, *receiver, *name, *method, args);
            }
            Expr::Call { callee, args } => self.call(index, *callee, args),
            _ => {}
        }
    }

    /// Traits that are called on what these expressions hold.
    pub(super) fn on(&mut self, exprs: &[ExprIdx], traits: TraitSet) {
        let traits = traits.closed();
        for &expr in exprs {
            match self.type_at(expr).held(&self.view, traits) {
                Held::Nothing => {}
                Held::Types(types) => self.held(traits, types),
                Held::Anything => self.uncertain(traits),
            }
        }
    }

    pub(super) fn uncertain(&mut self, traits: TraitSet) {
        self.any = self.any.and(traits);
        self.is_uncertain = true;
    }

    pub(super) fn anywhere(&mut self, traits: TraitSet) {
        self.any = self.any.and(traits);
    }

    /// Traits that are called on types of ours that a value holds.
    pub(super) fn held(&mut self, traits: TraitSet, types: Vec<ItemId>) {
        if !traits.is_empty() {
            self.ask(Callback { traits: Traits::of_std(traits), on: On::Held(types) });
        }
    }

    /// Traits that are called on a pair of types.
    pub(super) fn pair(&mut self, traits: TraitSet, left: Operand, right: Operand) {
        if left == Operand::Any && right == Operand::Any {
            return self.uncertain(traits);
        }
        self.is_uncertain |= left == Operand::Any || right == Operand::Any;
        self.ask(Callback { traits: Traits::of_std(traits), on: On::Pair(left, right) });
    }

    pub(super) fn ask(&mut self, callback: Callback) {
        self.exact.insert(callback);
    }

    pub(super) fn type_at(&self, expr: ExprIdx) -> Type {
        self.program.type_of_expr(self.id, expr)
    }

    pub(super) fn reference(&self, index: RefIdx) -> &Ref {
        &self.item.skeleton.refs[index.0 as usize]
    }
}
