//! Evaluates the classifier on flowers that it was not trained on.

use crate::data::Flowers;
use crate::model::Classifier;
use crate::step;
use checkpointing::checkpoint;
use linfa::traits::Predict;
use ndarray::Array1;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How many flowers were classified, and how many of them rightly.
#[derive(Serialize, Deserialize)]
pub struct Evaluation {
    right: usize,
    flowers: usize,
    accuracy: f64,
}

/// Compares what the classifier says with what the flowers are.
#[checkpoint(allow(static))]
pub fn evaluate(classifier: &Classifier, flowers: &Flowers) -> Evaluation {
    step::computing();
    let predicted: Array1<usize> = classifier.predict(&flowers.measurements);
    let right = matches(&predicted, &flowers.species);
    let flowers = flowers.species.len();
    Evaluation { right, flowers, accuracy: right as f64 / flowers as f64 }
}

fn matches(predicted: &Array1<usize>, species: &Array1<usize>) -> usize {
    predicted.iter().zip(species).filter(|(predicted, species)| predicted == species).count()
}

impl fmt::Display for Evaluation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { right, flowers, accuracy } = self;
        write!(f, "accuracy {accuracy:.3}: {right} of {flowers} flowers")
    }
}
