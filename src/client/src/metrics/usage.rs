//! How many tokens an answer says it took.

use serde_json::Value;

use super::tokens;
use crate::{
    apis::Api, call::Head, log_records::scan::Scanner, model::Operation, stream::chunk_json,
};

/// Tokens of one answer, or of many together.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// Tokens of the prompt that came from no cache.
    pub input: u64,
    /// Tokens of the answer.
    pub output: u64,
    /// Tokens read from the prompt cache.
    pub cache_read: u64,
    /// Tokens written to the prompt cache.
    pub cache_write: u64,
}

impl Usage {
    /// Adds another's. A server may say any number, so a sum stops at the largest.
    pub fn add(&mut self, other: Self) {
        self.input = self.input.saturating_add(other.input);
        self.output = self.output.saturating_add(other.output);
        self.cache_read = self.cache_read.saturating_add(other.cache_read);
        self.cache_write = self.cache_write.saturating_add(other.cache_write);
    }

    /// Of a whole answer: Converse tells it in the body, `InvokeModel` in headers, and the others nowhere.
    #[must_use]
    pub fn of(operation: &Operation, head: &Head, body: &[u8]) -> Self {
        match operation.name {
            _ if Api::of(operation).is_some() => tokens::of_body(body),
            "Converse" => Self::of_body(body),
            _ => Self::of_head(head),
        }
    }

    /// Of `InvokeModel`, in headers.
    #[must_use]
    pub fn of_head(head: &Head) -> Self {
        let mut found = Self::default();
        for (name, value) in &head.headers {
            let place = match name.as_str() {
                "x-amzn-bedrock-input-token-count" => &mut found.input,
                "x-amzn-bedrock-output-token-count" => &mut found.output,
                "x-amzn-bedrock-cache-read-input-token-count" => &mut found.cache_read,
                "x-amzn-bedrock-cache-write-input-token-count" => &mut found.cache_write,
                _ => continue,
            };
            *place = value.parse().unwrap_or(0);
        }
        found
    }

    /// Of Converse's answer or a stream's metadata: the member `usage`. The rest of the body is passed over, not built.
    #[must_use]
    pub fn of_body(body: &[u8]) -> Self {
        let mut found = Self::default();
        // A body that is no JSON has no usage; whoever asked for the answer is told about it.
        let _ = Scanner::new(body).members(|key, value| match key {
            b"usage" => value.members(|key, value| {
                let place = match key {
                    b"inputTokens" => &mut found.input,
                    b"outputTokens" => &mut found.output,
                    b"cacheReadInputTokens" => &mut found.cache_read,
                    b"cacheWriteInputTokens" => &mut found.cache_write,
                    _ => return value.skip(),
                };
                *place = count(value.number()?);
                Ok(())
            }),
            _ => value.skip(),
        });
        found
    }

    /// Of the last chunk of an `InvokeModel` stream.
    #[must_use]
    pub fn of_chunk(payload: &[u8]) -> Self {
        let chunk = chunk_json(payload).unwrap_or(Value::Null);
        let metrics = &chunk["amazon-bedrock-invocationMetrics"];
        let count = |name: &str| metrics[name].as_u64().unwrap_or(0);
        Self {
            input: count("inputTokenCount"),
            output: count("outputTokenCount"),
            cache_read: count("cacheReadInputTokenCount"),
            cache_write: count("cacheWriteInputTokenCount"),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float cast saturates, and tokens are few"
)]
fn count(number: Option<f64>) -> u64 {
    number.unwrap_or(0.0) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOUND: Usage = Usage {
        input: 12,
        output: 34,
        cache_read: 5,
        cache_write: 6,
    };

    #[test]
    fn converse_tells_it_in_the_body() {
        let body = br#"{"output":{"usage":{"inputTokens":9}},"text":"\"usage\":1","usage":{"inputTokens":12,"outputTokens":34,
            "totalTokens":46,"cacheReadInputTokens":5,"cacheWriteInputTokens":6},"metrics":{}}"#;
        assert_eq!(Usage::of_body(body), FOUND);
        for body in ["", "[]", "{\"usage\":", "{\"usage\":7}", "{}"] {
            assert_eq!(Usage::of_body(body.as_bytes()), Usage::default(), "{body}");
        }
    }

    #[test]
    fn absurd_counts_stop_at_the_largest() {
        let mut sum = Usage::of_body(br#"{"usage":{"inputTokens":1e999,"outputTokens":-7}}"#);
        sum.add(FOUND);
        assert_eq!((sum.input, sum.output), (u64::MAX, 34));
    }

    #[test]
    fn invoke_model_tells_it_in_headers() {
        let header = |name: &str, value: &str| {
            (
                format!("x-amzn-bedrock-{name}-token-count"),
                value.to_owned(),
            )
        };
        let head = Head {
            headers: vec![
                header("input", "12"),
                header("output", "34"),
                header("cache-read-input", "5"),
                header("cache-write-input", "6"),
            ],
            ..Head::default()
        };
        assert_eq!(Usage::of_head(&head), FOUND);
        assert_eq!(Usage::of_head(&Head::default()), Usage::default());
    }

    #[test]
    fn a_stream_of_invoke_model_tells_it_in_its_last_chunk() {
        let inner = r#"{"amazon-bedrock-invocationMetrics":{"inputTokenCount":12,"outputTokenCount":34,
            "cacheReadInputTokenCount":5,"cacheWriteInputTokenCount":6}}"#;
        let payload = format!(
            r#"{{"bytes":"{}","p":"abc"}}"#,
            aws_smithy_types::base64::encode(inner)
        );
        assert_eq!(Usage::of_chunk(payload.as_bytes()), FOUND);
        assert_eq!(Usage::of_chunk(b"{}"), Usage::default());
    }
}
