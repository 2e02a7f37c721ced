//! Errors in a body point at the body.
use kept::checkpoint;

#[checkpoint]
fn mismatched(x: u8) -> u16 {
    x
}

#[checkpoint]
fn returns_other(x: u8) -> u8 {
    if x > 1 {
        return "one";
    }
    missing(x)
}

#[checkpoint]
async fn awaits(x: u8) -> u8 {
    x.await
}

fn main() {}
