//! Follows the web from one root until nothing is added. One [`Reach`] serves many roots, one after another;
//! its tables are stamped, not cleared.

use super::web::{Calls, Closure, Kind, Lead, NONE, Web};
use super::{NodeSet, Root};
use crate::ir::World;
use crate::link::{Node, Program, Traits};

/// A root by its slot.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start {
    slot: u32,
    /// `None`: in both.
    world: Option<World>,
    is_function: bool,
}

impl Start {
    pub(super) fn new(program: &Program<'_>, root: Root) -> Self {
        let (node, world, is_function) = match root {
            Root::Function(id, world) => (Node::Item(id), Some(world), true),
            Root::Package(index) => (Node::Package(index), None, false),
        };
        Start { slot: program.slot(node) as u32, world, is_function }
    }

    pub(super) fn in_both(self) -> Self {
        Start { world: None, ..self }
    }
}

/// What the web does not hold yet.
#[derive(Debug, Default)]
pub(super) struct Missing {
    pub(super) steps: Vec<u32>,
    pub(super) queries: Vec<u32>,
    /// Impls whose bounds are not known.
    pub(super) bounds: Vec<u32>,
    pub(super) functions: bool,
}

impl Missing {
    pub(super) fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.queries.is_empty() && self.bounds.is_empty() && !self.functions
    }
}

#[derive(Default)]
pub(super) struct Reach {
    stamp: u32,
    world: Option<World>,
    /// By slot.
    reached: Stamps,
    /// By impl: live, and any of them may stand behind a value.
    live: Stamps,
    forced: Stamps,
    /// By query, and by index into [`Web::forces`].
    asked: Stamps,
    applied: Stamps,
    queue: Vec<u32>,
    pub(super) found: Vec<u32>,
    /// By impl: items that are called and whose impl is not live yet; and the impls that have some.
    waiting: Vec<Vec<u32>>,
    waited_for: Vec<u32>,
    has_functions: bool,
    /// Traits whose live impls are all reached.
    called: Traits,
    /// Of all that was reached: whether it may hold values of another package's types, and whether it does
    /// something to a value whose type is not certain.
    holds_foreign: bool,
    is_uncertain: bool,
    pub(super) missing: Missing,
}

impl Reach {
    /// The web must hold everything that the root can reach.
    pub(super) fn close(&mut self, web: &Web, start: Start) -> Closure {
        self.begin(start.world);
        self.start(web, start);
        self.run(web);
        assert!(self.missing.is_empty(), "a closure leads to what no root of the web reaches");
        let reached: NodeSet = self.found.iter().map(|&slot| web.indexes[slot as usize] as usize).collect();
        let open = start.is_function && web.opening(start.slot).is_some_and(|opening| opening.open);
        Closure { root: web.index(start.slot as usize), reached, open }
    }

    /// `None`: in both worlds at once.
    pub(super) fn begin(&mut self, world: Option<World>) {
        self.stamp += 1;
        self.world = world;
        self.queue.clear();
        self.found.clear();
        for index in self.waited_for.drain(..) {
            self.waiting[index as usize].clear();
        }
        self.has_functions = false;
        self.called = Traits::default();
        self.holds_foreign = false;
        self.is_uncertain = false;
    }

    pub(super) fn start(&mut self, web: &Web, start: Start) {
        self.reach(web, start.slot);
        if !start.is_function {
            return;
        }
        for &index in &web.ready {
            self.make_live(web, index);
        }
        if let Some(opening) = web.opening(start.slot) {
            for &force in &opening.forces {
                self.force(web, force);
            }
            if opening.functions {
                self.functions(web);
            }
        }
    }

    pub(super) fn run(&mut self, web: &Web) {
        while let Some(slot) = self.queue.pop() {
            self.visit(web, slot);
        }
    }

    fn reach(&mut self, web: &Web, slot: u32) {
        if web.exists(slot, self.world) && self.reached.set(slot, self.stamp) {
            self.found.push(slot);
            self.queue.push(slot);
        }
    }

    pub(super) fn visit(&mut self, web: &Web, slot: u32) {
        let Some(step) = web.steps.get(slot as usize).and_then(Option::as_deref) else {
            return self.missing.steps.push(slot);
        };
        self.follow(web, &step.lead);
        for &index in &step.impls {
            if !step.is_trait {
                self.make_live_when_ready(web, index);
            } else if self.live.has(index, self.stamp) {
                self.reach(web, web.impls[index as usize].slot);
            }
        }
        if self.world != Some(World::Test) || step.in_tests.is_none() {
            self.call_back(web, &step.in_builds);
        }
        if let (Some(calls), true) = (&step.in_tests, self.world != Some(World::NotTest)) {
            self.call_back(web, calls);
        }
    }

    /// Reaches what foreign code may call for an item's code.
    fn call_back(&mut self, web: &Web, calls: &Calls) {
        self.holds_foreign |= calls.holds_foreign;
        self.is_uncertain |= calls.is_uncertain;
        // What is done to a value of another package's type may call anything.
        let any = if self.holds_foreign && self.is_uncertain { Traits::ALL } else { calls.any };
        if !any.without(self.called).is_empty() {
            for &(traits, query) in &web.called {
                if !traits.without(self.called).is_empty() && traits.without(any).is_empty() {
                    self.ask(web, query);
                }
            }
            self.called = self.called.and(any);
        }
        for &(traits, query) in &calls.exact {
            if !traits.without(self.called).is_empty() {
                self.ask(web, query);
            }
        }
    }

    fn follow(&mut self, web: &Web, lead: &Lead) {
        for &slot in &lead.nodes {
            self.reach(web, slot);
        }
        for &query in &lead.queries {
            self.ask(web, query);
        }
        for &force in &lead.forces {
            self.force(web, force);
        }
    }

    pub(super) fn ask(&mut self, web: &Web, query: u32) {
        if !self.asked.set(query, self.stamp) {
            return;
        }
        let Some(candidates) = web.queries.get(query as usize).and_then(Option::as_deref) else {
            self.asked.unset(query);
            return self.missing.queries.push(query);
        };
        for &(slot, in_impl) in candidates {
            if in_impl == NONE || self.live.has(in_impl, self.stamp) {
                self.reach(web, slot);
            } else {
                let index = in_impl as usize;
                if self.waiting.len() <= index {
                    self.waiting.resize_with(web.impls.len().max(index + 1), Vec::new);
                }
                if self.waiting[index].is_empty() {
                    self.waited_for.push(in_impl);
                }
                self.waiting[index].push(slot);
            }
        }
    }

    fn make_live_when_ready(&mut self, web: &Web, index: u32) {
        let required = &web.impls[index as usize].required;
        if required.iter().all(|&slot| self.reached.has(slot, self.stamp)) {
            self.make_live(web, index);
        }
    }

    fn make_live(&mut self, web: &Web, index: u32) {
        if !self.live.set(index, self.stamp) {
            return;
        }
        let info = &web.impls[index as usize];
        let is_forced = self.forced.has(index, self.stamp);
        match &info.kind {
            Kind::Inherent => {}
            Kind::Local(traits) => {
                if is_forced || traits.iter().any(|&slot| self.reached.has(slot, self.stamp)) {
                    self.reach(web, info.slot);
                }
            }
            Kind::Foreign { at_once } => {
                self.reach(web, info.slot);
                // What else may call it is asked for where it is called.
                for &slot in info.items.iter().filter(|_| *at_once || is_forced) {
                    self.reach(web, slot);
                }
            }
        }
        if let Some(waiting) = self.waiting.get_mut(index as usize) {
            let items = std::mem::take(waiting);
            for &slot in &items {
                self.reach(web, slot);
            }
            // Keeps its memory; `begin` clears it.
            self.waiting[index as usize] = items;
        }
    }

    /// Makes every impl of a trait live: any of them can stand behind a value that comes from outside.
    fn force(&mut self, web: &Web, force: u32) {
        if !self.applied.set(force, self.stamp) {
            return;
        }
        let force = &web.forces[force as usize];
        for &slot in &force.nodes {
            self.reach(web, slot);
        }
        if force.functions {
            self.functions(web);
        }
        for &index in &force.impls {
            self.force_impl(web, index);
        }
    }

    fn force_impl(&mut self, web: &Web, index: u32) {
        if !self.forced.set(index, self.stamp) {
            return;
        }
        let info = &web.impls[index as usize];
        self.reach(web, info.slot);
        for &slot in &info.required {
            self.reach(web, slot);
        }
        self.make_live_when_ready(web, index);
        if self.live.has(index, self.stamp) && matches!(info.kind, Kind::Foreign { .. }) {
            // It may have been live before, for what is called by name.
            for &slot in &info.items {
                self.reach(web, slot);
            }
        }
        self.force_bounds(web, index);
    }

    /// The caller chooses the parameters of a generic type too.
    pub(super) fn force_bounds(&mut self, web: &Web, index: u32) {
        let Some(bounds) = web.bounds.get(index as usize).and_then(Option::as_deref) else {
            return self.missing.bounds.push(index);
        };
        for &force in bounds {
            self.force(web, force);
        }
    }

    /// Any function that some code uses as a value can be passed in.
    pub(super) fn functions(&mut self, web: &Web) {
        if std::mem::replace(&mut self.has_functions, true) {
            return;
        }
        let Some([in_both, in_tests, in_builds]) = &web.functions else {
            self.has_functions = false;
            self.missing.functions = true;
            return;
        };
        self.follow(web, in_both);
        if self.world != Some(World::NotTest) {
            self.follow(web, in_tests);
        }
        if self.world != Some(World::Test) {
            self.follow(web, in_builds);
        }
    }
}

/// A set of numbers, stamped by whom it is for.
#[derive(Default)]
struct Stamps(Vec<u32>);

impl Stamps {
    fn has(&self, index: u32, stamp: u32) -> bool {
        self.0.get(index as usize) == Some(&stamp)
    }

    /// Whether it was not set before.
    fn set(&mut self, index: u32, stamp: u32) -> bool {
        let index = index as usize;
        if self.0.len() <= index {
            self.0.resize((index + 1).next_power_of_two(), 0);
        }
        std::mem::replace(&mut self.0[index], stamp) != stamp
    }

    fn unset(&mut self, index: u32) {
        self.0[index as usize] = 0;
    }
}
