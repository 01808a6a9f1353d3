//! A histogram of seconds: fixed classes for Prometheus, and a sketch for quantiles.

use std::time::Duration;

use sketches_ddsketch::{Config, DDSketch};

/// The upper bounds of the classes in seconds: those that OpenTelemetry names for the duration of a call to a model.
pub const BOUNDS: [f64; 14] = [
    0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
];

/// Durations, added up. Quantiles are right within one per cent.
#[derive(Clone)]
pub struct Histogram {
    classes: [u64; BOUNDS.len() + 1],
    sum: f64,
    sketch: DDSketch,
}

impl Default for Histogram {
    fn default() -> Self {
        Self {
            classes: [0; BOUNDS.len() + 1],
            sum: 0.0,
            sketch: DDSketch::new(Config::defaults()),
        }
    }
}

impl Histogram {
    /// Adds a duration.
    pub fn add(&mut self, duration: Duration) {
        let seconds = duration.as_secs_f64();
        self.classes[BOUNDS.partition_point(|bound| *bound < seconds)] += 1;
        self.sum += seconds;
        self.sketch.add(seconds);
    }

    /// How many are in each class; the last is above all bounds.
    #[must_use]
    pub fn classes(&self) -> &[u64] {
        &self.classes
    }

    /// All durations together, in seconds.
    #[must_use]
    pub fn sum(&self) -> f64 {
        self.sum
    }

    /// A quantile in seconds; `None` if nothing was added.
    #[must_use]
    pub fn quantile(&self, quantile: f64) -> Option<f64> {
        self.sketch.quantile(quantile).ok().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_belongs_to_its_class_and_the_longest_have_one_of_their_own() {
        let mut histogram = Histogram::default();
        for milliseconds in [0, 10, 11, 81_920, 100_000] {
            histogram.add(Duration::from_millis(milliseconds));
        }
        assert_eq!(histogram.classes()[..2], [2, 1]);
        assert_eq!(histogram.classes()[BOUNDS.len() - 1..], [1, 1]);
        assert!((histogram.sum() - 181.941).abs() < 1e-6);
    }

    #[test]
    fn quantiles_are_right_within_one_per_cent() {
        let mut histogram = Histogram::default();
        assert_eq!(histogram.quantile(0.5), None);
        for milliseconds in 1..=1000 {
            histogram.add(Duration::from_millis(milliseconds));
        }
        for quantile in [0.5, 0.95, 0.99] {
            let found = histogram.quantile(quantile).expect("there are durations");
            assert!((found / quantile - 1.0).abs() < 0.015, "{found}");
        }
    }
}
