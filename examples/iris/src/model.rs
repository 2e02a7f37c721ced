//! Trains the classifier.

use crate::data::Flowers;
use crate::step;
use checkpointing::checkpoint;
use linfa::Dataset;
use linfa::traits::Fit;
use linfa_logistic::{MultiFittedLogisticRegression, MultiLogisticRegression};

pub type Classifier = MultiFittedLogisticRegression<f64, usize>;

/// Fits a multinomial logistic regression.
///
/// # Panics
/// When the solver fails, as on a single species.
#[checkpoint(allow(static))]
pub fn train(flowers: &Flowers, alpha: f64, iterations: u64) -> Classifier {
    step::computing();
    let dataset = Dataset::new(flowers.measurements.clone(), flowers.species.clone());
    MultiLogisticRegression::default()
        .alpha(alpha)
        .max_iterations(iterations)
        .fit(&dataset)
        .expect("the regression can be fitted")
}
