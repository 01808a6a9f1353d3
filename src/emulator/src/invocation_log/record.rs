//! One record in Bedrock's schema `ModelInvocationLog` 1.0.

use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::clock::Instant;
use crate::ids;
use crate::model::Usage;

/// Bodies above this size go to S3 instead of into the record.
const LARGEST_BODY: usize = 100_000;

/// What is known of a call whatever came of it.
#[derive(Clone, Debug)]
pub struct Facts {
    /// When it came.
    pub time: Instant,
    /// The account.
    pub account: String,
    /// The identity that called, as an ARN.
    pub identity: String,
    /// The source Region.
    pub region: String,
    /// The request's id.
    pub request_id: String,
    /// `Converse`, `InvokeModel`, …
    pub operation: &'static str,
    /// What the caller named as the model.
    pub model_id: String,
    /// What the caller attached.
    pub metadata: Option<Value>,
}

#[derive(Clone, Debug)]
enum Result {
    Answered {
        region: String,
        usage: Usage,
        input: Bytes,
        output: Value,
    },
    Failed {
        code: String,
    },
}

/// A record that is written when its call has ended.
#[derive(Clone, Debug)]
pub struct Record {
    facts: Facts,
    result: Result,
}

impl Record {
    /// The record of a call that was answered from `region`.
    #[must_use]
    pub fn answered(
        facts: Facts,
        region: String,
        usage: Usage,
        input: Bytes,
        output: Value,
    ) -> Self {
        Self {
            facts,
            result: Result::Answered {
                region,
                usage,
                input,
                output,
            },
        }
    }

    /// The record of a call that failed.
    #[must_use]
    pub fn failed(facts: Facts, code: String) -> Self {
        Self {
            facts,
            result: Result::Failed { code },
        }
    }

    /// The source Region, whose configuration counts.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.facts.region
    }

    /// Milliseconds since the Unix epoch.
    #[must_use]
    pub fn timestamp(&self) -> u64 {
        self.facts.time.epoch_milliseconds()
    }

    /// When the call came.
    #[must_use]
    pub fn time(&self) -> Instant {
        self.facts.time
    }

    /// The record as the configuration wants it, and the bodies that are too large for it, each with its place in S3.
    #[must_use]
    pub fn write(&self, configuration: &Value) -> (Value, Vec<(String, Vec<u8>)>) {
        let facts = &self.facts;
        let mut large = Vec::new();
        let mut record = json!({
            "timestamp": facts.time.iso8601(),
            "accountId": facts.account,
            "identity": {"arn": facts.identity},
            "region": facts.region,
            "requestId": facts.request_id,
            "operation": facts.operation,
            "modelId": facts.model_id,
        });
        match &self.result {
            Result::Answered {
                region,
                usage,
                input,
                output,
            } => {
                record["inferenceRegion"] = json!(region);
                let mut read = self.body(configuration, "input", input, None, &mut large);
                read.insert("inputTokenCount".to_owned(), json!(usage.input));
                read.insert(
                    "cacheReadInputTokenCount".to_owned(),
                    json!(usage.cache_read),
                );
                read.insert(
                    "cacheWriteInputTokenCount".to_owned(),
                    json!(usage.cache_write),
                );
                record["input"] = Value::Object(read);
                let text = output.to_string();
                let mut written = self.body(
                    configuration,
                    "output",
                    text.as_bytes(),
                    Some(output),
                    &mut large,
                );
                written.insert("outputTokenCount".to_owned(), json!(usage.output));
                record["output"] = Value::Object(written);
            }
            Result::Failed { code } => {
                record["status"] = json!("failed");
                record["errorCode"] = json!(code);
            }
        }
        if let Some(metadata) = &facts.metadata {
            record["requestMetadata"] = metadata.clone();
        }
        record["schemaType"] = json!("ModelInvocationLog");
        record["schemaVersion"] = json!("1.0");
        (record, large)
    }

    /// A body in the record, its place in S3, or neither when text is not to be delivered.
    fn body(
        &self,
        configuration: &Value,
        side: &str,
        body: &[u8],
        read: Option<&Value>,
        large: &mut Vec<(String, Vec<u8>)>,
    ) -> Map<String, Value> {
        let mut members = Map::new();
        members.insert(format!("{side}ContentType"), json!("application/json"));
        if configuration.get("textDataDeliveryEnabled") == Some(&json!(false)) {
            return members;
        }
        if body.len() <= LARGEST_BODY {
            let value = read
                .cloned()
                .unwrap_or_else(|| serde_json::from_slice(body).unwrap_or(Value::Null));
            members.insert(format!("{side}BodyJson"), value);
        } else if let Some(folder) = self.large_bodies(configuration) {
            let path = format!("{folder}/data/{}_{side}.json.gz", self.facts.request_id);
            members.insert(format!("{side}BodyS3Path"), json!(path));
            large.push((path, body.to_vec()));
        }
        members
    }

    /// Where the record itself goes in S3, if it goes there.
    #[must_use]
    pub fn place(&self, configuration: &Value, text: &str) -> Option<String> {
        let folder = self.folder(configuration.get("s3Config")?)?;
        let time = self.facts.time.iso8601().replace(['-', ':', '.'], "");
        let name = ids::lower_case(ids::hash(text.as_bytes()), 16);
        Some(format!("{folder}/{time}_{name}.json.gz"))
    }

    fn large_bodies(&self, configuration: &Value) -> Option<String> {
        let place = configuration
            .pointer("/cloudWatchConfig/largeDataDeliveryS3Config")
            .or_else(|| configuration.get("s3Config"))?;
        self.folder(place)
    }

    /// The folder of the hour in a bucket.
    fn folder(&self, place: &Value) -> Option<String> {
        let bucket = place.get("bucketName")?.as_str()?;
        let prefix = place
            .get("keyPrefix")
            .and_then(Value::as_str)
            .filter(|prefix| !prefix.is_empty());
        let prefix = prefix
            .map(|prefix| format!("{prefix}/"))
            .unwrap_or_default();
        let Facts {
            account,
            region,
            time,
            ..
        } = &self.facts;
        let hour = time.iso8601()[..13].replace(['-', 'T'], "/");
        Some(format!(
            "s3://{bucket}/{prefix}AWSLogs/{account}/BedrockModelInvocationLogs/{region}/{hour}"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        Facts {
            time: Instant::from_epoch_seconds(0),
            account: "123456789012".to_owned(),
            identity: "arn:aws:iam::123456789012:user/emulator".to_owned(),
            region: "us-east-1".to_owned(),
            request_id: "r".to_owned(),
            operation: "Converse",
            model_id: "us.amazon.nova-lite-v1:0".to_owned(),
            metadata: None,
        }
    }

    #[test]
    fn a_record_tells_where_it_was_served() {
        let usage = Usage {
            input: 3,
            output: 5,
            ..Usage::default()
        };
        let input = Bytes::from_static(b"{\"messages\":[]}");
        let record = Record::answered(
            facts(),
            "us-west-2".to_owned(),
            usage,
            input,
            json!({"output": 1}),
        );
        let (written, _) = record.write(&json!({}));
        assert_eq!(written["inferenceRegion"], "us-west-2");
        assert_eq!(written["input"]["inputBodyJson"], json!({"messages": []}));
        assert_eq!(
            (
                &written["output"]["outputTokenCount"],
                &written["input"]["inputTokenCount"]
            ),
            (&json!(5), &json!(3))
        );
        let (quiet, _) = record.write(&json!({"textDataDeliveryEnabled": false}));
        assert!(quiet["input"].get("inputBodyJson").is_none());
    }

    #[test]
    fn large_bodies_go_to_s3() {
        let large = json!({"text": "x".repeat(LARGEST_BODY)});
        let record = Record::answered(
            facts(),
            "us-east-1".to_owned(),
            Usage::default(),
            Bytes::new(),
            large,
        );
        let configuration = json!({"s3Config": {"bucketName": "logs", "keyPrefix": "p"}});
        let (written, bodies) = record.write(&configuration);
        assert_eq!(written["output"]["outputBodyS3Path"], bodies[0].0.as_str());
        assert!(bodies[0].1.len() > LARGEST_BODY);
        let place = record.place(&configuration, "x").unwrap();
        assert!(
            place.starts_with("s3://logs/p/AWSLogs/123456789012/BedrockModelInvocationLogs/us-east-1/1970/01/01/00/"),
            "{place}"
        );
        assert_eq!(
            written["output"]["outputBodyS3Path"],
            "s3://logs/p/AWSLogs/123456789012/BedrockModelInvocationLogs/us-east-1/1970/01/01/00/data/r_output.json.gz"
        );
    }

    #[test]
    fn a_failure_has_no_bodies() {
        let (written, _) =
            Record::failed(facts(), "ThrottlingException".to_owned()).write(&json!({}));
        assert_eq!(written["errorCode"], "ThrottlingException");
        assert!(written.get("input").is_none() && written.get("inferenceRegion").is_none());
    }
}
