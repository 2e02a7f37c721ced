//! Arguments and results that serde does not know.
use kept::{cached, checkpoint};

struct Opaque;

#[checkpoint]
fn takes(opaque: &Opaque) -> u8 {
    0
}

#[checkpoint]
fn gives() -> Opaque {
    Opaque
}

#[checkpoint]
fn maybe() -> Result<Opaque, String> {
    Ok(Opaque)
}

// table: types::generic generic -
#[checkpoint]
fn generic<T>(value: T) -> u8 {
    0
}

#[doc = "checkpoint"]
fn marked(opaque: &Opaque, x: u8) -> Opaque {
    Opaque
}

fn main() {
    cached!(marked(&Opaque, 1));
}
