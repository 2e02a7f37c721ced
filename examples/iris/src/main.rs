//! Trains a classifier on Fisher's iris flowers in three cached steps, and says which of them ran.
//!
//! A second run loads all three. Another `--alpha` trains and evaluates anew; an edit of
//! `evaluation.rs` evaluates anew.

mod data;
mod evaluation;
mod model;
mod step;

use clap::Parser;
use step::report;

/// What can be varied. Each step is given what it uses, so that it reruns for that alone.
#[derive(Parser)]
struct Options {
    /// Share of the flowers that the classifier is trained on
    #[arg(long, default_value_t = 0.6)]
    ratio: f32,
    /// Seed of the shuffle before the split
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Strength of the regularisation
    #[arg(long, default_value_t = 1.0)]
    alpha: f64,
    /// Limit on the solver's iterations
    #[arg(long, default_value_t = 100)]
    iterations: u64,
}

fn main() {
    let options = Options::parse();
    let split = report("load", || data::load(options.ratio, options.seed));
    let model = report("train", || model::train(&split.training, options.alpha, options.iterations));
    let evaluation = report("evaluate", || evaluation::evaluate(&model, &split.validation));
    println!("{evaluation}");
}
