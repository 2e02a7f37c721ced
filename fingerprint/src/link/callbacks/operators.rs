//! Says which traits an operator calls, on what.

use super::calls::of_macro;
use super::finder::Finder;
use super::types::Held;
use super::{Operand, TraitSet};
use crate::ir::ExprIdx;
use crate::link::infer::Type;

/// The traits behind a binary operator.
fn behind(op: &str) -> TraitSet {
    TraitSet::of(match op {
        "+" => "Add",
        "-" => "Sub",
        "*" => "Mul",
        "/" => "Div",
        "%" => "Rem",
        "&" => "BitAnd",
        "|" => "BitOr",
        "^" => "BitXor",
        "<<" => "Shl",
        ">>" => "Shr",
        "+=" => "AddAssign",
        "-=" => "SubAssign",
        "*=" => "MulAssign",
        "/=" => "DivAssign",
        "%=" => "RemAssign",
        "&=" => "BitAndAssign",
        "|=" => "BitOrAssign",
        "^=" => "BitXorAssign",
        "<<=" => "ShlAssign",
        ">>=" => "ShrAssign",
        "==" | "!=" => "PartialEq",
        "<" | ">" | "<=" | ">=" => "PartialOrd",
        _ => "",
    })
}

/// What operators in tokens that nobody parsed may call.
pub(super) fn in_tokens(text: &str) -> TraitSet {
    let mut found = TraitSet::default();
    let mut before = "";
    for word in text.split(' ') {
        let indexed = |c: char| c.is_alphanumeric() || matches!(c, '_' | ')' | ']' | '\u{1}');
        found = found.and(behind(word)).and(TraitSet::of(match word {
            "!" => "Not",
            "-" => "Neg",
            "?" => "From",
            "for" => "IntoIterator Iterator",
            "[" if before.ends_with(indexed) => "Index IndexMut",
            _ => "",
        }));
        if word == "!" {
            found = found.and(of_macro(before));
        }
        before = word;
    }
    found
}

impl Finder<'_, '_> {
    pub(super) fn binary(&mut self, op: &str, left: ExprIdx, right: ExprIdx) {
        let traits = behind(op);
        if traits.is_empty() {
            return;
        }
        if !traits.within(TraitSet::of("PartialEq PartialOrd")).is_empty() {
            // Containers and derived impls compare what they hold.
            return self.on(&[left, right], traits);
        }
        match (self.operand(left), self.operand(right)) {
            // An impl has a type of ours in its header.
            (Operand::Foreign, Operand::Foreign) => {}
            (on, with) => self.pair(traits, on, with),
        }
        // `&set | &set` hashes what the sets hold.
        let below = traits.closed().without(traits);
        if !below.is_empty() {
            let sides = [left, right];
            let containers = sides.into_iter().filter(|side| self.type_at(*side).is_container());
            let containers: Vec<ExprIdx> = containers.collect();
            self.on(&containers, below);
        }
    }

    pub(super) fn unary(&mut self, inner: ExprIdx) {
        let on = self.operand(inner);
        if on != Operand::Foreign {
            self.pair(TraitSet::of("Neg Not"), on, Operand::Any);
        }
    }

    pub(super) fn index(&mut self, base: ExprIdx, index: ExprIdx) {
        let traits = TraitSet::of("Index IndexMut");
        match self.type_at(base) {
            // `impl Index<Span> for str`
            Type::Slice(_) | Type::Std("Vec" | "VecDeque" | "str" | "String", _) => match self.operand(index)
            {
                Operand::Foreign => {}
                with => self.pair(traits, Operand::Any, with),
            },
            Type::Local(id, _) => match self.program.with_derefs(&[id]) {
                Some((types, derefs_to_foreign)) => {
                    self.held(traits, types.into_iter().collect());
                    if derefs_to_foreign {
                        self.on(&[base], traits);
                    }
                }
                None => self.uncertain(traits.closed()),
            },
            _ => self.on(&[base], traits),
        }
    }

    /// What an operator works on.
    fn operand(&self, expr: ExprIdx) -> Operand {
        match self.type_at(expr) {
            Type::Local(id, _) => Operand::Types(vec![id]),
            ty => match ty.held(&self.view, TraitSet::default()) {
                Held::Nothing => Operand::Foreign,
                Held::Types(types) => Operand::Types(types),
                Held::Anything => Operand::Any,
            },
        }
    }
}
