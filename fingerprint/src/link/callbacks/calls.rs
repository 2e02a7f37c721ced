//! Says what calls of functions, methods and macros may call back in the standard library.

use super::finder::Finder;
use super::types::{Held, Holding};
use super::{Operand, TraitSet, std_calls};
use crate::ir::{Expr, ExprIdx, Name, Ref, RefIdx};
use crate::link::{On, Sym};

/// What a macro of the standard library calls on what it is given.
pub(super) fn of_macro(name: &str) -> TraitSet {
    let others = match name {
        "write" | "writeln" => "Write",
        "assert_eq" | "assert_ne" | "debug_assert_eq" | "debug_assert_ne" => "PartialEq",
        "vec" => return TraitSet::of("Clone"),
        "try" => return TraitSet::of("From"),
        "assert" | "debug_assert" | "print" | "println" | "eprint" | "eprintln" | "format"
        | "format_args" | "panic" | "unreachable" | "todo" | "unimplemented" | "dbg" => "",
        _ => return TraitSet::default(),
    };
    TraitSet::of(FORMATTING).and(TraitSet::of(others))
}

const FORMATTING: &str = "Binary Debug Display LowerExp LowerHex Octal Pointer UpperExp UpperHex";

/// Traits that are implemented for what a call *returns*: `parse`, `collect`, `into`.
const OF_RESULTS: &str = "Default Extend From FromIterator FromStr Into Product Sum ToOwned TryFrom TryInto";

impl Finder<'_, '_> {
    pub(super) fn method(
        &mut self,
        call: ExprIdx,
        receiver: ExprIdx,
        name: Name,
        method: RefIdx,
        args: &[ExprIdx],
    ) {
        let name = self.program.sym(self.id, name);
        let on = self.program.receiver(self.id, receiver);
        self.may_be_of_package(&on, receiver, name, method);
        let holders = self.program.std_holders(&self.type_at(receiver));
        let found = match &holders {
            Some(types) => std_calls::on_types(self.program.text(name), types),
            None => std_calls::by_name(self.program.text(name)),
        };
        match found {
            Some(traits) => {
                let given = std::iter::once(receiver).chain(args.iter().copied());
                self.std_call(Holding::default(), traits, given, call);
            }
            // Of a newer library, for all that is known.
            None if !self.has_candidates(name, &on) => self.uncertain(TraitSet::ALL),
            None => {}
        }
    }

    pub(super) fn call(&mut self, call: ExprIdx, callee: ExprIdx, args: &[ExprIdx]) {
        let Expr::Path { path, .. } = &self.item.body.exprs[callee.0 as usize] else { return };
        let Ref::Path(reference) = self.reference(*path) else { return };
        let Some(&name) = reference.segments.last() else { return };
        let name = self.program.sym(self.id, name);
        // `T::default()`: the arguments do not tell.
        let Some(own) = self.type_before(reference) else { return };
        let Some(traits) = own.calls(self.program.text(name)) else { return };
        if traits.is_empty() || !own.held.is_uncertain() {
            self.settled.insert(*path);
            self.std_call(own.held, traits, args.iter().copied(), call);
        }
    }

    /// A function of the standard library that calls these traits on the types that it is given.
    fn std_call(
        &mut self,
        mut given: Holding,
        traits: TraitSet,
        args: impl Iterator<Item = ExprIdx>,
        call: ExprIdx,
    ) {
        if traits.is_empty() {
            return;
        }
        let closed = traits.closed();
        for arg in args {
            given.add(&self.type_at(arg), &self.view, closed);
        }
        let held = given.held();
        let mut of_results = closed.within(TraitSet::of(OF_RESULTS));
        if traits.within(of_results).is_empty() {
            of_results = TraitSet::default();
        }
        match self.type_at(call).held(&self.view, of_results) {
            _ if of_results.is_empty() => {}
            // `impl Sum<Ours> for f64`
            Held::Nothing if matches!(held, Held::Anything) => {
                self.pair(of_results, Operand::Foreign, Operand::Any);
            }
            Held::Nothing => {}
            Held::Types(types) => self.held(of_results, types),
            // `x.into()`: an impl that takes what is given.
            Held::Anything if !traits.within(TraitSet::of("From Into TryFrom TryInto")).is_empty() => {
                let from = TraitSet::of("From Into TryFrom TryInto");
                match &held {
                    Held::Nothing => self.pair(from, Operand::Any, Operand::Foreign),
                    Held::Types(types) => self.pair(from, Operand::Any, Operand::Types(types.clone())),
                    Held::Anything => self.uncertain(from),
                }
                self.anywhere(of_results.without(from));
            }
            Held::Anything => self.uncertain(of_results),
        }
        match held {
            Held::Nothing => {}
            Held::Types(types) => self.held(closed, types),
            Held::Anything => self.uncertain(closed.without(of_results)),
        }
    }

    /// `e?` makes an error of the function's own kind from that of `e`.
    pub(super) fn question(&mut self, inner: ExprIdx) {
        let ty = self.type_at(inner);
        if ty.is_std("Option") {
            return;
        }
        let from = TraitSet::of("From Into");
        match ty.error().map(|error| error.held(&self.view, from)) {
            Some(Held::Nothing) => self.pair(from, Operand::Any, Operand::Foreign),
            Some(Held::Types(types)) => self.pair(from, Operand::Any, Operand::Types(types)),
            Some(Held::Anything) | None => self.uncertain(from),
        }
    }

    pub(super) fn std_macro(&mut self, name: &str, args: &[ExprIdx]) {
        let traits = of_macro(name);
        let before = match (name, args) {
            ("write" | "writeln", [to, ..]) => {
                self.on(&[*to], TraitSet::of("Write"));
                1
            }
            ("assert" | "debug_assert", _) => 1,
            ("vec", [only]) if !matches!(self.item.body.exprs[only.0 as usize], Expr::Repeat { .. }) => {
                return;
            }
            ("vec", [_, _, ..]) => return,
            _ => 0,
        };
        self.on(args.get(before..).unwrap_or_default(), traits);
    }

    /// A function of this name that nothing is known of: the standard library's, perhaps.
    pub(super) fn called_by_name(&mut self, name: Sym) {
        match std_calls::by_name(self.program.text(name)) {
            Some(traits) => self.anywhere(traits),
            None => self.is_uncertain = true,
        }
    }

    /// A value of the standard library, by its name alone.
    pub(super) fn called_in_std(&mut self, name: Sym) {
        let name = self.program.text(name);
        // `Ordering::Less`, `u32::MAX`: a variant or a constant runs nothing.
        if !name.starts_with(char::is_uppercase) {
            self.anywhere(std_calls::by_name(name).unwrap_or(TraitSet::ALL));
        }
    }

    /// Whether the standard library has a function of this name.
    pub(super) fn is_of_std(&self, name: Sym) -> bool {
        std_calls::by_name(self.program.text(name)).is_some()
    }

    /// Whether something of ours can be meant by a name.
    pub(super) fn has_candidates(&self, name: Sym, on: &On) -> bool {
        let query = crate::link::links::Query::Named { name, on: on.clone() };
        !self.program.candidates_of(&query).is_empty()
    }
}
