//! The options of a router, from the flat dict that `outcrop.cross_region` makes.

use std::time::Duration;

use outcrop_client::router::{
    conversation::Affinity,
    options::{BreakerOptions, Concurrency, Hedge, Limits, Options},
    terms::Conditions,
};
use pyo3::{prelude::*, types::PyDict};

use crate::seconds::duration;

/// What is not in the dict keeps its default.
pub fn read(options: &Bound<'_, PyDict>) -> PyResult<Options> {
    let default = Options::default();
    let of_breaker = BreakerOptions::default();
    let hedge_after = seconds(options, "hedge_after")?;
    let concurrency: Option<u32> = get(options, "concurrency")?;
    let affinity: Option<String> = get(options, "affinity")?;
    Ok(Options {
        max_attempts: get(options, "max_attempts")?,
        retry_budget: get(options, "retry_budget")?.unwrap_or(default.retry_budget),
        total: seconds(options, "total")?,
        repeat_read_timeouts: get(options, "repeat_read_timeouts")?.unwrap_or_default(),
        pass_denied: get(options, "pass_denied")?.unwrap_or_default(),
        breaker: BreakerOptions {
            window: seconds(options, "window")?.unwrap_or(of_breaker.window),
            minimum_calls: get(options, "minimum_calls")?.unwrap_or(of_breaker.minimum_calls),
            error_rate: get(options, "error_rate")?.unwrap_or(of_breaker.error_rate),
            throttle_rate: get(options, "throttle_rate")?.unwrap_or(of_breaker.throttle_rate),
            slow_rate: get(options, "slow_rate")?.unwrap_or(of_breaker.slow_rate),
            slow_after: seconds(options, "slow_after")?,
            consecutive_failures: get(options, "consecutive_failures")?
                .unwrap_or(of_breaker.consecutive_failures),
            open_for: seconds(options, "open_for")?.unwrap_or(of_breaker.open_for),
            open_at_most: seconds(options, "open_at_most")?.unwrap_or(of_breaker.open_at_most),
            open_long: seconds(options, "open_long")?.unwrap_or(of_breaker.open_long),
            probes: get(options, "probes")?.unwrap_or(of_breaker.probes),
        },
        hedge: match hedge_after {
            None => None,
            Some(after) => Some(Hedge {
                after,
                share: get(options, "hedge_share")?.unwrap_or(0.05),
            }),
        },
        conditions: Conditions {
            retention: get(options, "retention")?,
            projects: get(options, "projects")?.unwrap_or_default(),
        },
        affinity: affinity.map(|name| match &*name {
            "prefix" => Affinity::Prefix,
            _ => Affinity::Key,
        }),
        weighted: get(options, "weighted")?.unwrap_or_default(),
        limits: Limits {
            concurrency: match concurrency {
                None => None,
                // Nobody asks for a limit of nothing: it stands for one that adapts.
                Some(0) => Some(Concurrency::Adaptive),
                Some(limit) => Some(Concurrency::Fixed(limit)),
            },
            tokens_per_minute: get(options, "tokens_per_minute")?,
            requests_per_minute: get(options, "requests_per_minute")?,
            reads_tokens: get(options, "reads_tokens")?.unwrap_or_default(),
            burndown_rate: get(options, "burndown_rate")?,
            longest_wait: seconds(options, "longest_wait")?,
            shared: get(options, "shared_limits")?,
        },
    })
}

fn get<'py, T: FromPyObjectOwned<'py>>(
    options: &Bound<'py, PyDict>,
    name: &str,
) -> PyResult<Option<T>> {
    match options.get_item(name)? {
        Some(value) if !value.is_none() => Ok(Some(value.extract().map_err(Into::into)?)),
        _ => Ok(None),
    }
}

fn seconds(options: &Bound<'_, PyDict>, name: &str) -> PyResult<Option<Duration>> {
    let seconds = get::<f64>(options, name)?;
    seconds.map(|seconds| duration(name, seconds)).transpose()
}
