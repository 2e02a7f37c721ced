//! Loads the flowers, splits them in two and scales them.

use crate::step;
use checkpointing::checkpoint;
use ndarray::{Array1, Array2, Axis};
use rand::SeedableRng;
use rand::rngs::SmallRng;
use serde::{Deserialize, Serialize};

/// Measurements, one flower a row, and the species of each.
#[derive(Serialize, Deserialize)]
pub struct Flowers {
    pub measurements: Array2<f64>,
    pub species: Array1<usize>,
}

/// The flowers to learn from, and those to judge by.
#[derive(Serialize, Deserialize)]
pub struct Split {
    pub training: Flowers,
    pub validation: Flowers,
}

/// Loads all flowers in random order, split by `ratio`.
///
/// Both parts are scaled by what is known of the first: the second stands for flowers not yet seen.
#[checkpoint(allow(static))]
pub fn load(ratio: f32, seed: u64) -> Split {
    step::computing();
    let mut rng = SmallRng::seed_from_u64(seed);
    let (training, validation) = linfa_datasets::iris().shuffle(&mut rng).split_with_ratio(ratio);
    let scale = Scale::of(&training.records);
    let flowers = |part: linfa::Dataset<f64, usize, ndarray::Ix1>| Flowers {
        measurements: scale.apply(&part.records),
        species: part.targets,
    };
    Split { training: flowers(training), validation: flowers(validation) }
}

/// Mean and standard deviation of each column.
struct Scale {
    mean: Array1<f64>,
    deviation: Array1<f64>,
}

impl Scale {
    fn of(measurements: &Array2<f64>) -> Self {
        let mean = measurements.sum_axis(Axis(0)) / measurements.nrows() as f64;
        Self { mean, deviation: measurements.std_axis(Axis(0), 0.0) }
    }

    fn apply(&self, measurements: &Array2<f64>) -> Array2<f64> {
        (measurements - &self.mean) / &self.deviation
    }
}
