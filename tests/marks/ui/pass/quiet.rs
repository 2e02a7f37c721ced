//! Expansions without a warning, however strict the crate is.
#![deny(warnings, clippy::pedantic, unused)]

use kept::{cached, checkpoint, rerun};

#[checkpoint]
fn quiet(mut a: u8, _b: &str, (c, _): (u8, u8)) -> u8 {
    a += c;
    a
}

#[doc = "checkpoint"]
fn calc(a: i64) -> i64 {
    a
}

fn main() {
    quiet(1, "", (2, 3));
    let _ = cached!(calc(1)) + rerun!(calc(2), version = 1);
}
