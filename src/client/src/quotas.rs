//! Whose retries are counted together.
//!
//! The SDK's retry quota and its adaptive rate limit are process-wide, one of each for a service and a Region: one tenant's
//! outage, or a broken endpoint, would leave all others without retries. Here each caller has them for each endpoint.

use std::{
    num::NonZeroUsize,
    sync::{Mutex, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

use aws_smithy_runtime::client::retries::{ClientRateLimiter, RetryPartition, TokenBucket};
use lru::LruCache;

/// How many are remembered; whoever did not call for longest begins anew.
const MOST: NonZeroUsize = NonZeroUsize::new(1024).expect("more than none");

/// The quotas of those who call by one connection.
#[derive(Debug)]
pub(crate) struct Quotas(Mutex<LruCache<Key, RetryPartition>>);

/// Where, and by whose access key if not the connection's own.
type Key = (String, Option<String>);

impl Default for Quotas {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(MOST)))
    }
}

impl Quotas {
    /// The quota of those who call this endpoint with this access key, or with the connection's own credentials.
    pub(crate) fn of(&self, endpoint_url: &str, access_key_id: Option<&str>) -> RetryPartition {
        let key = (endpoint_url.to_owned(), access_key_id.map(str::to_owned));
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get_or_insert(key, quota).clone()
    }
}

/// A full quota at the costs of AWS's retry rules, and a rate limit that nothing has lowered yet.
fn quota() -> RetryPartition {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    RetryPartition::custom("outcrop")
        .token_bucket(
            TokenBucket::builder()
                .retry_cost(14)
                .timeout_retry_cost(14)
                .throttling_retry_cost(5)
                .build(),
        )
        .client_rate_limiter(ClientRateLimiter::new(
            now.unwrap_or_default().as_secs_f64(),
        ))
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_memory_of_callers_is_bounded_and_keeps_those_who_call() {
        let quotas = Quotas::default();
        for number in 0..2 * MOST.get() {
            quotas.of("https://a", None);
            quotas.of("https://a", Some(&number.to_string()));
        }
        let known = quotas.0.lock().expect("a lock");
        assert_eq!(known.len(), MOST.get());
        assert!(known.contains(&("https://a".into(), None)));
        assert!(!known.contains(&("https://a".into(), Some("0".into()))));
    }
}
