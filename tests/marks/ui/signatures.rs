//! Signatures that cannot be cached.
use kept::checkpoint;

#[checkpoint]
const fn constant() -> u8 {
    1
}

#[checkpoint]
unsafe fn promised(x: *const u8) -> u8 {
    0
}

#[checkpoint]
fn changes(values: &mut Vec<u8>) -> usize {
    values.len()
}

#[checkpoint]
fn borrows(text: &str) -> &str {
    text
}

#[checkpoint]
fn unnamed() -> impl Iterator<Item = u8> {
    0..3
}

#[checkpoint]
struct NoFunction;

trait Declares {
    #[checkpoint]
    fn declared(&self) -> u8;
}

fn main() {}
