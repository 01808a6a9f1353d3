//! What was counted, handed to Python when somebody asks.

use outcrop_client::{
    metrics::{BOUNDS, Histogram, Metrics},
    router::counters::TargetMetrics,
};
use pyo3::prelude::*;

/// Counts a class, sum in seconds, and quantiles in seconds.
type Distribution = (Vec<u64>, f64, Vec<Option<f64>>);
/// Operation; outcome; calls, retries and events; tokens; latency; time to the first event.
pub type Row = (
    &'static str,
    String,
    (u64, u64, u64),
    (u64, u64, u64, u64),
    Distribution,
    Distribution,
);

/// The upper bounds of the histograms' classes, in seconds.
#[pyfunction]
pub fn histogram_bounds() -> Vec<f64> {
    BOUNDS.to_vec()
}

/// Region, account, model id; attempts under way; series of calls and of attempts.
pub type TargetRow = (String, Option<String>, String, u64, Vec<Row>, Vec<Row>);
/// Calls under way, series of calls that were sent nowhere, and the targets.
pub type Routed = (u64, Vec<Row>, Vec<TargetRow>);

/// The counters of a router.
pub fn of_targets(metrics: &TargetMetrics, quantiles: &[f64]) -> Routed {
    let (under_way, nowhere) = read(&metrics.calls, quantiles);
    let targets = metrics.all().into_iter().map(|of| {
        let (_, calls) = read(&of.calls, quantiles);
        let (attempts_under_way, attempts) = read(&of.attempts, quantiles);
        let (region, account) = (of.source.region.clone(), of.source.account.name());
        (
            region,
            account,
            of.model_id.clone(),
            attempts_under_way,
            calls,
            attempts,
        )
    });
    (under_way, nowhere, targets.collect())
}

/// Calls under way, and the series.
pub fn read(metrics: &Metrics, quantiles: &[f64]) -> (u64, Vec<Row>) {
    let distribution = |it: &Histogram| {
        let found = quantiles.iter().map(|&quantile| it.quantile(quantile));
        (it.classes().to_vec(), it.sum(), found.collect())
    };
    let rows = metrics
        .snapshot()
        .into_iter()
        .map(|(operation, outcome, series)| {
            let usage = series.usage;
            (
                operation,
                outcome,
                (series.calls, series.retries, series.events),
                (
                    usage.input,
                    usage.output,
                    usage.cache_read,
                    usage.cache_write,
                ),
                distribution(&series.latency),
                distribution(&series.first_event),
            )
        });
    (metrics.in_flight(), rows.collect())
}
