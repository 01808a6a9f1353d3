//! The tokens that an answer says it took.

use serde_json::Value;

use crate::{call::Answer, metrics::Usage, stream::chunk_json};

/// A server may say any number: what no answer can have taken is none.
const MOST: f64 = 1e12;

/// The tokens of one answer; what it does not tell is 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Used {
    input: f64,
    output: f64,
    cache_read: f64,
    cache_write: f64,
}

impl Used {
    /// Of a whole answer: its `usage`, or what Bedrock's headers say of a model with other words for it.
    pub(super) fn of(answer: &Answer) -> Option<Self> {
        let header = |name: &str| {
            let name = format!("x-amzn-bedrock-{name}-token-count");
            answer.head.header(&name)?.parse().ok()
        };
        Self::of_usage(&answer.body).or_else(|| {
            Self::told([
                header("input"),
                header("output"),
                header("cache-read-input"),
                header("cache-write-input"),
            ])
        })
    }

    /// Of what has been counted already.
    pub(super) fn from(usage: Usage) -> Self {
        let count = |tokens: u64| u32::try_from(tokens).map_or(MOST, f64::from).min(MOST);
        Self {
            input: count(usage.input),
            output: count(usage.output),
            cache_read: count(usage.cache_read),
            cache_write: count(usage.cache_write),
        }
    }

    /// Of the `usage` in an answer, or in the metadata of a stream.
    pub(super) fn of_usage(json: &[u8]) -> Option<Self> {
        let value: Value = serde_json::from_slice(json).ok()?;
        let usage = value.get("usage")?;
        let count = |names: [&str; 2]| names.iter().find_map(|name| usage.get(name)?.as_f64());
        Self::told([
            count(["inputTokens", "input_tokens"]),
            count(["outputTokens", "output_tokens"]),
            count(["cacheReadInputTokens", "cache_read_input_tokens"]),
            count(["cacheWriteInputTokens", "cache_creation_input_tokens"]),
        ])
    }

    /// Of what Bedrock counts in the last chunk of a model's own stream.
    pub(super) fn of_chunk(payload: &[u8]) -> Option<Self> {
        let body = chunk_json(payload)?;
        let metrics = body.get("amazon-bedrock-invocationMetrics")?;
        let count = |name: &str| metrics.get(name)?.as_f64();
        Self::told([
            count("inputTokenCount"),
            count("outputTokenCount"),
            count("cacheReadInputTokenCount"),
            count("cacheWriteInputTokenCount"),
        ])
    }

    fn told(counts: [Option<f64>; 4]) -> Option<Self> {
        let counts = counts.map(|count| count.filter(|it| (0.0..=MOST).contains(it)));
        if counts.iter().all(Option::is_none) {
            return None;
        }
        let [input, output, cache_read, cache_write] = counts.map(Option::unwrap_or_default);
        Some(Self {
            input,
            output,
            cache_read,
            cache_write,
        })
    }

    /// What it took of a quota, where one token of the answer takes `burndown`. Cached reads are not counted there.
    pub(super) fn of_quota(&self, burndown: f64) -> f64 {
        self.input + self.output * burndown + self.cache_write
    }

    /// The tokens of the input, cached or not.
    pub(super) fn of_input(&self) -> f64 {
        self.input + self.cache_read + self.cache_write
    }
}

#[cfg(test)]
mod tests {
    use aws_smithy_types::base64;

    use super::*;

    #[test]
    fn the_words_of_each_form_are_read() {
        let expected = Used {
            input: 3.0,
            output: 4.0,
            cache_read: 5.0,
            cache_write: 6.0,
        };
        let converse = br#"{"usage":{"inputTokens":3,"outputTokens":4,"cacheReadInputTokens":5,"cacheWriteInputTokens":6}}"#;
        let claude = br#"{"usage":{"input_tokens":3,"output_tokens":4,"cache_read_input_tokens":5,"cache_creation_input_tokens":6}}"#;
        for usage in [converse.as_slice(), claude] {
            assert_eq!(Used::of_usage(usage), Some(expected));
        }
        let metrics = r#"{"amazon-bedrock-invocationMetrics":{"inputTokenCount":3,"outputTokenCount":4,"cacheReadInputTokenCount":5,"cacheWriteInputTokenCount":6}}"#;
        let chunk = format!(r#"{{"bytes":"{}"}}"#, base64::encode(metrics));
        assert_eq!(Used::of_chunk(chunk.as_bytes()), Some(expected));
        assert!((expected.of_quota(5.0) - 29.0).abs() < f64::EPSILON);
        assert!((expected.of_input() - 14.0).abs() < f64::EPSILON);
    }

    #[test]
    fn what_no_answer_can_have_taken_is_not_believed() {
        for usage in [
            r#"{"usage":{"inputTokens":-1}}"#,
            r#"{"usage":{"inputTokens":1e300}}"#,
            r#"{"usage":{"inputTokens":"3"}}"#,
            r#"{"usage":{}}"#,
            "{}",
            "no",
        ] {
            assert_eq!(Used::of_usage(usage.as_bytes()), None, "{usage}");
        }
    }
}
