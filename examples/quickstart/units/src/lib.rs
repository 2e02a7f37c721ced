//! Converts steps to metres.

/// Metres in one step.
const STEP: i64 = 1;

/// The length of so many steps, in metres.
#[must_use]
pub fn metres(steps: i64) -> i64 {
    steps * STEP
}
