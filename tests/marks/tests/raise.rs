//! Tests that the panic of `on_error = raise` points at the program's own call.
#![cfg(unix)]

use kept::{bypass, cached, checkpoint, forget, handle, peek, put, rerun};
use std::cell::RefCell;
use std::panic::{catch_unwind, set_hook};

thread_local! {
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

fn unmarked(x: u8) -> u8 {
    x
}

// table: - - on_error="raise"~directory="/dev/null/nowhere"
#[doc = "checkpoint(on_error = raise, directory = \"/dev/null/nowhere\")"]
fn nowhere(x: u8) -> u8 {
    x
}

const WRAPPED: u32 = line!() + 1;
#[checkpoint(on_error = raise, directory = "/dev/null/nowhere")]
fn wrapped(x: u8) -> u8 {
    x
}

fn check(line: u32, call: fn()) {
    assert!(catch_unwind(call).is_err(), "line {line} raises");
    assert_eq!(PLACE.take(), format!("{}:{line}", file!()));
}

#[test]
#[rustfmt::skip]
fn a_panic_points_at_the_call() {
    set_hook(Box::new(|panic| {
        eprintln!("{panic}");
        let at = panic.location().unwrap();
        PLACE.set(format!("{}:{}", at.file(), at.line()));
    }));
    let passes = catch_unwind(|| bypass!(nowhere(1)));
    assert_eq!(passes.unwrap(), 1);
    check(line!(), || _ = cached!(nowhere(1)));
    check(line!(), || _ = rerun!(nowhere(4)));
    check(line!(), || put!(nowhere(5), 2));
    check(line!(), || _ = handle!(nowhere(_)).call((2,)));
    check(line!(), || _ = handle!(nowhere(_)).rerun((3,)));
    check(line!(), || _ = cached!(unmarked(1), on_error = raise));
    check(line!(), || _ = peek!(unmarked(1), on_error = raise));
    check(line!(), || _ = forget!(unmarked(1), on_error = raise));
    check(line!(), || put!(unmarked(1), 2, on_error = raise));
    // The caller of a wrapper is not known in it: the mark is.
    check(WRAPPED, || _ = wrapped(1));
    check(WRAPPED, || _ = rerun!(wrapped(2)));
}
