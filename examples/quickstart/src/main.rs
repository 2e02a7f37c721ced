//! Adds two walks up, once: the second run loads what the first one computed.
//!
//! Edit `calc`, `total`, `START` or the crate in `units/`, and `calc` runs again. Add a comment, reformat
//! or rename a local, and it does not.

use checkpointing::cached;
use std::env;
use std::num::ParseIntError;

/// Metres walked before the first step is counted.
const START: i64 = 0;

#[doc = "checkpoint"]
fn calc(a: i64, b: i64) -> i64 {
    println!("calc is running for {a}, {b}");
    START + total(a, b)
}

fn total(a: i64, b: i64) -> i64 {
    units::metres(a) + units::metres(b)
}

fn main() -> Result<(), ParseIntError> {
    let mut numbers = env::args().skip(1);
    let mut number = |default| numbers.next().map_or(Ok(default), |text| text.parse());
    let (a, b) = (number(1)?, number(2)?);
    let result = cached!(calc(a, b));
    println!("result: {result}");
    Ok(())
}
