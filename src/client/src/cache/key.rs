//! What an answer is known by: a hash of the request and of the place that it goes to.

use sha2::{Digest, Sha256};

use super::{Key, canonical::canonical};
use crate::{call::Call, identity::Who, model::Location};

/// Members of the body that change no answer.
const METADATA: &[&str] = &["requestMetadata"];
/// The header that carries the same for `InvokeModel`.
const METADATA_HEADER: &str = "X-Amzn-Bedrock-Request-Metadata";

/// Where a call may be answered.
#[derive(Clone, Debug)]
pub(crate) struct Place<'a> {
    /// The source Region. An id can mean something else in another, and is served elsewhere.
    pub region: &'a str,
    /// An emulator's answer is none of Bedrock's.
    pub endpoint_url: &'a str,
    /// Headers that all requests there carry.
    pub headers: &'a [(String, String)],
    /// The model or profile, as it is sent.
    pub model_id: String,
    /// The project that the call goes in, where the router says so: what one team was told is none of another's.
    pub project: Option<String>,
}

/// A request, but for its place and for who asks.
#[derive(Debug)]
pub(crate) struct Request([u8; 32]);

impl Request {
    /// Everything in it that may change the answer. Headers beside the modeled ones are those of traces.
    pub fn of(call: &Call) -> Self {
        let mut hash = Sha256::new();
        // Another number, should the meaning of what follows ever change.
        field(&mut hash, b"outcrop 4");
        field(&mut hash, call.operation.service.name().as_bytes());
        field(&mut hash, call.operation.name.as_bytes());
        let mut located: Vec<(String, &str)> = call
            .located
            .iter()
            .filter_map(|(location, value)| Some((name(*location)?, value.as_str())))
            .collect();
        located.sort_unstable();
        for (name, value) in located {
            field(&mut hash, name.as_bytes());
            field(&mut hash, value.as_bytes());
        }
        // Before the body, so that a body cannot pass for a member.
        field(&mut hash, b"body");
        let mut body = Sha256::new();
        // A model's own body has no metadata of Bedrock's: whatever it names so is the model's affair.
        let omitted = if call.operation.takes_bytes() {
            &[]
        } else {
            METADATA
        };
        if canonical(&call.body, omitted, |piece| body.update(piece)) {
            field(&mut hash, b"json");
        } else {
            field(&mut hash, b"bytes");
            body.update(&call.body);
        }
        hash.update(body.finalize());
        Self(hash.finalize().into())
    }

    /// The key of its answer from one place to one who asks.
    pub fn key(&self, who: Who, place: &Place<'_>) -> Key {
        let mut hash = Sha256::new();
        hash.update(self.0);
        field(&mut hash, who.bytes());
        field(&mut hash, place.region.as_bytes());
        field(&mut hash, place.endpoint_url.as_bytes());
        field(&mut hash, place.model_id.as_bytes());
        field(
            &mut hash,
            place.project.as_deref().unwrap_or_default().as_bytes(),
        );
        let lower = |(name, value): &(String, String)| (name.to_ascii_lowercase(), value.clone());
        let mut headers: Vec<_> = place.headers.iter().map(lower).collect();
        headers.sort_unstable();
        for (name, value) in headers {
            field(&mut hash, name.as_bytes());
            field(&mut hash, value.as_bytes());
        }
        hash.finalize().into()
    }
}

/// The key under which equal calls to the same places are one.
pub(crate) fn together(keys: &[Key]) -> Key {
    match keys {
        [only] => *only,
        several => Sha256::digest(several.concat()).into(),
    }
}

/// With its length before it, so that two fields never look like one.
fn field(hash: &mut Sha256, bytes: &[u8]) {
    hash.update((bytes.len() as u64).to_be_bytes());
    hash.update(bytes);
}

/// A member that is not in the body; `None` for the model, which belongs to the place, and for metadata.
fn name(location: Location) -> Option<String> {
    match location {
        Location::Uri("modelId") => None,
        Location::Header(name) if name.eq_ignore_ascii_case(METADATA_HEADER) => None,
        Location::Uri(name) => Some(format!("path {name}")),
        Location::Query(name) => Some(format!("query {name}")),
        Location::Header(name) => Some(format!("header {}", name.to_ascii_lowercase())),
        Location::Body | Location::Payload => unreachable!("those are the body"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Service;
    use bytes::Bytes;
    use std::collections::HashSet;

    fn here() -> Place<'static> {
        Place {
            region: "us-east-1",
            endpoint_url: "https://bedrock-runtime.us-east-1.amazonaws.com",
            headers: &[],
            model_id: "us.amazon.nova-lite-v1:0".into(),
            project: None,
        }
    }

    fn call(operation: &str, located: &[(Location, &str)], body: &'static str) -> Call {
        let located = located
            .iter()
            .map(|(location, value)| (*location, (*value).to_owned()));
        let operation = Service::BedrockRuntime.operation(operation);
        Call {
            located: located.collect(),
            body: Bytes::from_static(body.as_bytes()),
            ..Call::new(operation.expect("it exists"))
        }
    }

    fn key(call: &Call) -> Key {
        Request::of(call).key(Who::named("one"), &here())
    }

    #[test]
    fn who_asks_counts() {
        let call = call("Converse", &[], "{}");
        let other = Request::of(&call).key(Who::named("other"), &here());
        assert_ne!(key(&call), other);
    }

    #[test]
    fn what_a_model_calls_metadata_counts() {
        let one = call("InvokeModel", &[], r#"{"requestMetadata":1}"#);
        assert_ne!(key(&one), key(&call("InvokeModel", &[], "{}")));
    }

    #[test]
    fn every_part_of_a_request_counts() {
        let guardrail = |id| (Location::Header("X-Amzn-Bedrock-GuardrailIdentifier"), id);
        let accept = |kind| (Location::Header("Accept"), kind);
        let calls = [
            call("Converse", &[], "{}"),
            call("ConverseStream", &[], "{}"),
            call("InvokeModel", &[], "{}"),
            call("InvokeModel", &[], r#"{"a":1}"#),
            call("InvokeModel", &[], "text"),
            call("InvokeModel", &[], ""),
            call("InvokeModel", &[guardrail("a")], "{}"),
            call("InvokeModel", &[guardrail("b")], "{}"),
            call("InvokeModel", &[accept("a")], "{}"),
            call("InvokeModel", &[guardrail("a"), accept("b")], "{}"),
            call("InvokeModel", &[guardrail("b"), accept("a")], "{}"),
        ];
        let keys: HashSet<_> = calls.iter().map(key).collect();
        assert_eq!(keys.len(), calls.len());
    }

    #[test]
    fn order_space_and_metadata_do_not_count() {
        let one = call("Converse", &[], r#"{"messages":[],"system":[]}"#);
        let other = r#"{ "system":[], "messages":[], "requestMetadata":{"user":"a"} }"#;
        let mut other = call("Converse", &[], other);
        other
            .headers
            .push(("traceparent".into(), "00-1-2-01".into()));
        assert_eq!(key(&one), key(&other));

        let who = |value| (Location::Header(METADATA_HEADER), value);
        let one = call("InvokeModel", &[who("{\"user\":\"a\"}")], "{}");
        assert_eq!(key(&one), key(&call("InvokeModel", &[], "{}")));
    }

    #[test]
    fn every_part_of_a_place_counts() {
        let request = Request::of(&call("Converse", &[], "{}"));
        let header = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
        let (one, other) = (header("a", "bc"), header("ab", "c"));
        let places = [
            here(),
            Place {
                region: "us-west-2",
                ..here()
            },
            Place {
                endpoint_url: "http://127.0.0.1:1",
                ..here()
            },
            Place {
                model_id: "eu.amazon.nova-lite-v1:0".into(),
                ..here()
            },
            Place {
                project: Some("proj_a".into()),
                ..here()
            },
            Place {
                project: Some("proj_b".into()),
                ..here()
            },
            Place {
                headers: &one,
                ..here()
            },
            Place {
                headers: &other,
                ..here()
            },
        ];
        let keys: HashSet<_> = places
            .iter()
            .map(|place| request.key(Who::named("one"), place))
            .collect();
        assert_eq!(keys.len(), places.len());
        let upper = header("A", "bc");
        let place = Place {
            headers: &upper,
            ..here()
        };
        assert!(keys.contains(&request.key(Who::named("one"), &place)));
    }
}
