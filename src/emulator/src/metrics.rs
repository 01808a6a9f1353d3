//! The counts that CloudWatch has in the namespace `AWS/Bedrock`, by source Region and `ModelId`.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde::Serialize;

use crate::journal::Entry;

/// One `ModelId` of one Region.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Counts {
    /// Calls that were answered or failed, throttled ones not among them.
    pub invocations: u64,
    /// Calls that failed by the caller's fault.
    pub invocation_client_errors: u64,
    /// Calls that failed by the service's fault.
    pub invocation_server_errors: u64,
    /// Calls that were throttled.
    pub invocation_throttles: u64,
    /// Milliseconds that answers took, together.
    pub invocation_latency: u64,
    /// Tokens read.
    pub input_token_count: u64,
    /// Tokens written.
    pub output_token_count: u64,
}

/// All counts.
#[derive(Debug, Default)]
pub struct Metrics {
    counts: Mutex<BTreeMap<(String, String), Counts>>,
}

impl Metrics {
    /// Counts a call to a model.
    pub fn count(&self, entry: &Entry) {
        let Some(model_id) = entry.profile.as_ref().or(entry.model.as_ref()) else {
            return;
        };
        let mut counts = crate::lock(&self.counts);
        let counted = counts
            .entry((entry.region.clone(), model_id.clone()))
            .or_default();
        match (entry.error_code.as_deref(), entry.status) {
            (Some("ThrottlingException"), _) => {
                counted.invocation_throttles += 1;
                return;
            }
            (Some(_), Some(status)) if status >= 500 => counted.invocation_server_errors += 1,
            (Some(_), _) => counted.invocation_client_errors += 1,
            (None, _) => {
                counted.invocation_latency += entry.latency_milliseconds;
                counted.input_token_count += entry.input_tokens;
                counted.output_token_count += entry.output_tokens;
            }
        }
        counted.invocations += 1;
    }

    /// All counts, by Region and `ModelId`.
    #[must_use]
    pub fn all(&self) -> Vec<(String, String, Counts)> {
        let counts = crate::lock(&self.counts);
        counts
            .iter()
            .map(|((region, model_id), counts)| (region.clone(), model_id.clone(), counts.clone()))
            .collect()
    }

    /// Starts from nothing.
    pub fn clear(&self) {
        crate::lock(&self.counts).clear();
    }
}
