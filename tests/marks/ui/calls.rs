//! Calls that are not calls by path.
use kept::{cached, rerun};

struct Model;

impl Model {
    fn fit(&self, x: u8) -> u8 {
        x
    }
}

#[doc = "checkpoint"]
fn calc(a: i64, b: i64) -> i64 {
    a + b
}

fn main() {
    cached!();
    cached!(Model.fit(1));
    cached!(calc);
    rerun!(calc(1, 2)?);
    cached!(1 + 2);
    cached!(calc(1, 2), ignore(a));
    cached!(calc(1));
    cached!(calc(1, "2"));
}
