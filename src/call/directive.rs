//! Hands what `rerun!(f(x))` asks for to the wrapper that `#[checkpoint]` put around `f`.
//!
//! The call site leaves a directive on the thread, addressed to one function, and calls that
//! function; the wrapper takes it first of all. Marked functions below it are not meant.

use super::known::Options;
use crate::codec::Format;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// What a call site asks of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Load, or compute and store.
    Cached,
    /// Compute and store.
    Rerun,
    /// Compute.
    Bypass,
    /// Load.
    Peek,
    /// Remove.
    Forget,
    /// Store what is given.
    Put,
}

impl Mode {
    /// Whether the function is never run.
    pub(crate) fn only_stores(self) -> bool {
        matches!(self, Mode::Peek | Mode::Forget | Mode::Put)
    }
}

/// What a wrapper answers when it has no result to return: it is thrown to the call site, silently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Nothing is stored, or nothing could be.
    Nothing,
    Forgotten,
}

/// A request to one function.
#[derive(Debug)]
pub(crate) struct Directive {
    pub path: String,
    /// Where its name may stand; empty when its row was not found.
    pub positions: Vec<(u32, u32)>,
    pub mode: Mode,
    pub options: Options,
    pub extra: Option<[u8; 32]>,
    /// For [`Mode::Put`].
    pub value: Option<Value>,
}

/// A result that goes to a wrapper, which alone knows its codec.
#[derive(Debug)]
pub(crate) struct Value {
    pub format: Format,
    pub bytes: Vec<u8>,
}

/// A directive, and whether it was taken.
type Waiting = (Box<Directive>, Rc<Cell<bool>>);

thread_local! {
    static DIRECTIVE: RefCell<Option<Waiting>> = const { RefCell::new(None) };
}

/// Removes the directive when it is dropped, taken or not.
pub(crate) struct Left {
    taken: Rc<Cell<bool>>,
}

/// Leaves a directive for the function that is called next.
pub(crate) fn leave(directive: Box<Directive>) -> Left {
    let taken = Rc::new(Cell::new(false));
    DIRECTIVE.set(Some((directive, Rc::clone(&taken))));
    Left { taken }
}

impl Left {
    /// Removes the directive; whether the function that it was meant for took it before.
    pub fn taken(self) -> bool {
        self.taken.get()
    }
}

impl Drop for Left {
    fn drop(&mut self) {
        DIRECTIVE.set(None);
    }
}

/// Takes the directive if it is meant for this function. One that is not is for nobody below it.
pub(crate) fn take(path: &str, position: (u32, u32)) -> Option<Box<Directive>> {
    let (directive, taken) = DIRECTIVE.take()?;
    let meant =
        directive.path == path && (directive.positions.is_empty() || directive.positions.contains(&position));
    taken.set(meant);
    meant.then_some(directive)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directive(positions: &[(u32, u32)]) -> Box<Directive> {
        let (path, positions) = (String::from("q::f"), positions.to_vec());
        let (mode, options) = (Mode::Rerun, Options::NONE);
        Box::new(Directive { path, positions, mode, options, extra: None, value: None })
    }

    #[test]
    fn only_the_function_that_is_meant_takes_it_and_only_once() {
        let left = leave(directive(&[(1, 2)]));
        assert_eq!(take("q::f", (1, 2)).unwrap().mode, Mode::Rerun);
        assert!(take("q::f", (1, 2)).is_none());
        assert!(left.taken());
        for (path, position) in [("q::g", (1, 2)), ("q::f", (3, 2))] {
            let left = leave(directive(&[(1, 2)]));
            assert!(take(path, position).is_none());
            assert!(take("q::f", (1, 2)).is_none(), "a function below is not meant");
            assert!(!left.taken());
        }
        drop(leave(directive(&[])));
        assert!(take("q::f", (1, 2)).is_none(), "it does not outlive the call");
    }
}
