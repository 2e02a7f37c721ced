//! Options that are not understood, or would have no effect.
use kept::checkpoint;

#[checkpoint(speed = 3)]
fn unknown() -> u8 {
    1
}

#[checkpoint(version = 1, version = 2)]
fn twice() -> u8 {
    1
}

#[checkpoint(on_error = explode)]
fn explodes() -> u8 {
    1
}

#[checkpoint(expires = "15 min")]
fn expires() -> u8 {
    1
}

#[checkpoint(ignore(b))]
fn nobody(a: u8) -> u8 {
    a
}

#[checkpoint(on_error = return)]
fn holds(a: u8) -> u8 {
    a
}

#[checkpoint(on_error = return)]
fn holds_other(a: u8) -> Result<u8, String> {
    Ok(a)
}

fn main() {}
