//! One record of the invocation log: what a report needs of it.

use std::borrow::Cow;

use super::scan::{Malformed, Scanner};
use super::time::milliseconds;

/// What a report needs of one invocation record. Everything may be missing: records of failed calls have no bodies, and
/// older versions have fewer members. Unknown members are skipped.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Record<'a> {
    /// When the call was made, in milliseconds since 1970.
    pub timestamp: Option<i64>,
    /// The Region that was called.
    pub region: Option<Cow<'a, str>>,
    /// The Region that served the call, if the record names one.
    pub inference_region: Option<Cow<'a, str>>,
    /// The id that an answer's `RequestId` is joined with.
    pub request_id: Option<Cow<'a, str>>,
    /// The API operation.
    pub operation: Option<Cow<'a, str>>,
    /// What the caller passed: a model id, a profile id or an ARN.
    pub model_id: Option<Cow<'a, str>>,
    /// The error of a failed call.
    pub error_code: Option<Cow<'a, str>>,
    /// Tokens of the prompt that came from no cache.
    pub input_tokens: Option<f64>,
    /// Tokens of the answer.
    pub output_tokens: Option<f64>,
    /// Tokens read from the prompt cache.
    pub cache_read_tokens: Option<f64>,
    /// Tokens written to the prompt cache.
    pub cache_write_tokens: Option<f64>,
    /// Latency to the last token, in milliseconds. It stands in the answer's body, so metadata-only records have none.
    pub latency: Option<f64>,
    /// Latency to the first token of an `InvokeModel` stream, in milliseconds.
    pub first_byte_latency: Option<f64>,
}

impl<'a> Record<'a> {
    /// Reads one line; `None` if it is no JSON object. A time stamp before it, as CloudWatch Logs' exports have, is
    /// passed over.
    #[must_use]
    pub fn parse(line: &'a [u8]) -> Option<Self> {
        let line = json_of(line)?;
        let mut scanner = Scanner::new(line);
        let mut record = Self::default();
        record.read(&mut scanner).ok()?;
        scanner.end().ok()?;
        Some(record)
    }

    /// The Region that served the call: the source Region unless the record says otherwise, since a call that was not
    /// re-routed has no `inferenceRegion`.
    #[must_use]
    pub fn serving_region(&self) -> &str {
        self.inference_region
            .as_deref()
            .or(self.region.as_deref())
            .unwrap_or("unknown")
    }

    /// Whether another Region than the called one served.
    #[must_use]
    pub fn is_rerouted(&self) -> bool {
        self.inference_region.is_some() && self.inference_region != self.region
    }

    fn read(&mut self, scanner: &mut Scanner<'a>) -> Result<(), Malformed> {
        scanner.members(|key, value| {
            match key {
                b"timestamp" => self.timestamp = value.text()?.as_deref().and_then(milliseconds),
                b"region" => self.region = value.text()?,
                b"inferenceRegion" => {
                    self.inference_region = value.text()?.filter(|region| !region.is_empty());
                }
                b"requestId" => self.request_id = value.text()?,
                b"operation" => self.operation = value.text()?,
                b"modelId" => self.model_id = value.text()?,
                b"errorCode" => self.error_code = value.text()?,
                b"input" => self.read_input(value)?,
                b"output" => self.read_output(value)?,
                _ => value.skip()?,
            }
            Ok(())
        })
    }

    fn read_input(&mut self, scanner: &mut Scanner<'a>) -> Result<(), Malformed> {
        scanner.members(|key, value| {
            match key {
                b"inputTokenCount" => self.input_tokens = value.number()?,
                b"cacheReadInputTokenCount" => self.cache_read_tokens = value.number()?,
                b"cacheWriteInputTokenCount" => self.cache_write_tokens = value.number()?,
                _ => value.skip()?,
            }
            Ok(())
        })
    }

    fn read_output(&mut self, scanner: &mut Scanner<'a>) -> Result<(), Malformed> {
        scanner.members(|key, value| {
            match key {
                b"outputTokenCount" => self.output_tokens = value.number()?,
                // A stream of InvokeModel is a list of events, of which the last has the measurements.
                b"outputBodyJson" if value.at_array()? => {
                    value.elements(|event| self.read_body(event))?;
                }
                b"outputBodyJson" => self.read_body(value)?,
                _ => value.skip()?,
            }
            Ok(())
        })
    }

    fn read_body(&mut self, scanner: &mut Scanner<'a>) -> Result<(), Malformed> {
        scanner.members(|key, value| match key {
            // Of Converse, and of the last event of ConverseStream where that is logged as a list.
            b"metrics" => value.members(|key, value| {
                match key {
                    b"latencyMs" => self.latency = value.number()?.or(self.latency),
                    _ => value.skip()?,
                }
                Ok(())
            }),
            b"metadata" => self.read_body(value),
            b"amazon-bedrock-invocationMetrics" => value.members(|key, value| {
                match key {
                    b"invocationLatency" => self.latency = value.number()?.or(self.latency),
                    b"firstByteLatency" => {
                        self.first_byte_latency = value.number()?.or(self.first_byte_latency);
                    }
                    _ => value.skip()?,
                }
                Ok(())
            }),
            _ => value.skip(),
        })
    }
}

/// One name for the several spellings of what was called: the id out of the ARN of a model or system-defined profile.
/// An application profile keeps its kind, since its id alone says nothing.
#[must_use]
pub fn profile_of(model_id: &str) -> &str {
    let Some(resource) = model_id
        .strip_prefix("arn:")
        .and_then(|rest| rest.splitn(5, ':').nth(4))
    else {
        return model_id;
    };
    for kind in ["inference-profile/", "foundation-model/"] {
        if let Some(id) = resource.strip_prefix(kind) {
            return id;
        }
    }
    resource
}

/// The JSON of a line, without a time stamp before it and white space around.
fn json_of(line: &[u8]) -> Option<&[u8]> {
    let line = line.trim_ascii();
    if line.first() == Some(&b'{') {
        return Some(line);
    }
    let start = line.iter().take(48).position(|&byte| byte == b'{')?;
    (line[start - 1] == b' ').then(|| &line[start..])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, Value, json};

    use super::{Record, profile_of};

    /// The same, written the slow and plain way.
    fn reference(value: &Value) -> Record<'_> {
        let text = |value: &Value, key: &str| {
            value
                .get(key)
                .and_then(Value::as_str)
                .map(|text| text.to_owned().into())
        };
        let number = |pointer: &str| value.pointer(pointer).and_then(Value::as_f64);
        let mut record = Record {
            timestamp: value["timestamp"].as_str().and_then(super::milliseconds),
            region: text(value, "region"),
            inference_region: text(value, "inferenceRegion")
                .filter(|region: &std::borrow::Cow<'_, str>| !region.is_empty()),
            request_id: text(value, "requestId"),
            operation: text(value, "operation"),
            model_id: text(value, "modelId"),
            error_code: text(value, "errorCode"),
            input_tokens: number("/input/inputTokenCount"),
            output_tokens: number("/output/outputTokenCount"),
            cache_read_tokens: number("/input/cacheReadInputTokenCount"),
            cache_write_tokens: number("/input/cacheWriteInputTokenCount"),
            ..Record::default()
        };
        let body = &value["output"]["outputBodyJson"];
        let one = [body.clone()];
        for event in body.as_array().map_or(&one[..], Vec::as_slice) {
            let event = if event["metadata"].is_object() {
                &event["metadata"]
            } else {
                event
            };
            // In the order of the text, which serde_json sorts by name.
            let metrics = &event["amazon-bedrock-invocationMetrics"];
            record.latency = metrics["invocationLatency"].as_f64().or(record.latency);
            record.latency = event["metrics"]["latencyMs"].as_f64().or(record.latency);
            record.first_byte_latency = metrics["firstByteLatency"]
                .as_f64()
                .or(record.first_byte_latency);
        }
        record
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (-1.0e9..1.0e9).prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            r#"[a-z"\\\n{}\[\],:é]{0,8}"#.prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::hash_map(r#"[a-z"\\]{0,4}"#, inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    /// Records with every member present or not, of the right kind or not.
    fn any_record() -> impl Strategy<Value = Value> {
        let text =
            || prop_oneof![4 => "[a-z0-9:./\"-]{0,12}".prop_map(Value::from), 1 => any_json()];
        let number = || prop_oneof![4 => (0_i32..100_000).prop_map(Value::from), 1 => any_json()];
        let metrics = (number(), number(), number()).prop_map(|(a, b, c)| {
            json!({"text": a, "metrics": {"latencyMs": a}, "amazon-bedrock-invocationMetrics": {"invocationLatency": b, "firstByteLatency": c}})
        });
        let body = prop_oneof![
            metrics.clone(),
            prop::collection::vec(prop_oneof![metrics.clone(), any_json()], 0..3)
                .prop_map(Value::from),
            metrics.prop_map(|body| json!({"metadata": body})),
            any_json(),
        ];
        let names = [
            "timestamp",
            "region",
            "inferenceRegion",
            "requestId",
            "operation",
            "modelId",
            "errorCode",
            "status",
        ];
        let texts = prop::collection::hash_map(prop::sample::select(names.to_vec()), text(), 0..8);
        let counts = || prop::collection::vec(number(), 3);
        (texts, counts(), counts(), body, any_json(), any::<bool>()).prop_map(|(texts, input, output, body, other, whole)| {
            let mut record: Map<String, Value> = texts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            record.insert("other".to_owned(), other);
            if whole {
                record.insert("input".to_owned(), json!({
                    "inputTokenCount": input[0], "cacheReadInputTokenCount": input[1], "cacheWriteInputTokenCount": input[2]
                }));
                record.insert("output".to_owned(), json!({"outputTokenCount": output[0], "outputBodyJson": body}));
            }
            Value::Object(record)
        })
    }

    proptest! {
        #[test]
        fn agrees_with_the_plain_way(value in any_record(), pretty in any::<bool>()) {
            let line = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
            let line = line.expect("a value is JSON");
            // Metrics beside and inside `metadata` would be read in the order of the text; logs have one or the other.
            prop_assume!(!value["output"]["outputBodyJson"]["metadata"].is_object() || value["output"]["outputBodyJson"].get("metrics").is_none());
            let record = Record::parse(line.as_bytes());
            prop_assert_eq!(record, Some(reference(&value)));
        }

        #[test]
        fn a_line_cut_off_is_no_record(value in any_record(), part in 0.0..1.0) {
            let line = value.to_string();
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a position in a short line")]
            let cut = (line.len() as f64 * part) as usize;
            prop_assert_eq!(Record::parse(&line.as_bytes()[..cut]), None);
        }

        #[test]
        fn no_bytes_make_it_panic(line in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Record::parse(&line);
        }

        #[test]
        fn no_near_json_makes_it_panic(line in r#"\{[{}\[\]",:\\a1 ]{0,40}\}?"#) {
            let _ = Record::parse(line.as_bytes());
        }
    }

    #[test]
    fn a_time_stamp_of_an_export_is_passed_over() {
        let line = br#"2026-04-02T10:11:12.000Z {"region":"us-east-1"}"#;
        assert_eq!(
            Record::parse(line)
                .and_then(|record| record.region)
                .as_deref(),
            Some("us-east-1")
        );
        assert_eq!(
            Record::parse(b"ERROR something {}"),
            Some(Record::default())
        );
        assert_eq!(Record::parse(b"ERROR something"), None);
        assert_eq!(Record::parse(b""), None);
    }

    #[test]
    fn a_missing_serving_region_is_the_source() {
        let at_home = Record::parse(br#"{"region":"us-east-1"}"#).expect("a record");
        assert_eq!(
            (at_home.serving_region(), at_home.is_rerouted()),
            ("us-east-1", false)
        );
        let named = Record::parse(br#"{"region":"us-east-1","inferenceRegion":"us-east-1"}"#)
            .expect("a record");
        assert_eq!(
            (named.serving_region(), named.is_rerouted()),
            ("us-east-1", false)
        );
        let away = Record::parse(br#"{"region":"us-east-1","inferenceRegion":"us-west-2"}"#)
            .expect("a record");
        assert_eq!(
            (away.serving_region(), away.is_rerouted()),
            ("us-west-2", true)
        );
        let unknown = Record::parse(b"{}").expect("a record");
        assert_eq!(
            (unknown.serving_region(), unknown.is_rerouted()),
            ("unknown", false)
        );
    }

    #[test]
    fn spellings_of_a_profile_are_one() {
        assert_eq!(
            profile_of("us.amazon.nova-lite-v1:0"),
            "us.amazon.nova-lite-v1:0"
        );
        assert_eq!(
            profile_of(
                "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-lite-v1:0"
            ),
            "us.amazon.nova-lite-v1:0"
        );
        assert_eq!(
            profile_of("arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"),
            "amazon.nova-lite-v1:0"
        );
        assert_eq!(
            profile_of(
                "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3"
            ),
            "application-inference-profile/a1b2c3"
        );
        assert_eq!(profile_of("arn:"), "arn:");
    }
}
