//! Which conversation a call is a turn of: by a key of its caller's, or by how it begins.
//!
//! Nothing but a digest is kept, neither of the key nor of the prompt.

use std::time::Duration;

use memchr::memmem;
use serde_json::{Deserializer, Value};
use sha2::{Digest, Sha256};

use super::prefix;
use crate::{apis::Api, call::Call};

/// How long a prompt cache keeps a prefix, from its last use on.
const USUAL: Duration = Duration::from_mins(5);
/// The same where a cache point asks for it.
const LONG: Duration = Duration::from_hours(1);
/// The least that OpenAI's models keep one for, through Responses.
const RESPONSES: Duration = Duration::from_mins(30);
/// The members that are cache points, in Converse's words and in Anthropic's.
const POINTS: [&str; 2] = ["\"cachePoint\"", "\"cache_control\""];

/// What keeps the calls of a conversation at one target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Affinity {
    /// A key that the caller brings with the call.
    Key,
    /// The same; and for calls without one the beginning of the conversation.
    Prefix,
}

/// A digest of what a conversation is known by.
pub(super) type Id = [u8; 32];

/// A conversation, as one of its calls shows it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conversation {
    /// The same for each of its calls, in every process.
    pub(super) id: Id,
    /// How long the prompt cache keeps it, from this call on.
    pub(super) lifetime: Duration,
    /// Whether it stays where it was answered; else its id tells which share of the calls it is in, and no more.
    pub(super) stays: bool,
}

impl Conversation {
    /// The one that its callers know by this key, and that a prompt cache keeps for so long.
    #[must_use]
    pub fn keyed(key: &str, lifetime: Duration) -> Self {
        Self {
            id: hashed("key", key.as_bytes()),
            lifetime,
            stays: true,
        }
    }

    /// The conversation of a call; `None` where no model writes anything.
    #[must_use]
    pub fn of(call: &Call, affinity: Option<Affinity>) -> Option<Self> {
        let api = call.api.as_deref().map(|asked| asked.api);
        if call.operation.name == "CountTokens" || matches!(api, Some(Api::Stored | Api::Other)) {
            return None;
        }
        let (id, stays) = if let Some(key) = &call.affinity_key {
            (hashed("key", key.as_bytes()), affinity.is_some())
        } else if let Some(prefix) = prefix::digest(&call.body) {
            (prefix, affinity == Some(Affinity::Prefix))
        } else {
            // An embedding, or a prompt that is one text: no call goes on with it.
            (hashed("body", &call.body), false)
        };
        let lifetime = match api {
            _ if !stays => Duration::ZERO,
            Some(Api::Responses) => RESPONSES,
            _ if asks_for_long(&call.body) => LONG,
            _ => USUAL,
        };
        Some(Self {
            id,
            lifetime,
            stays,
        })
    }

    /// A number between 0 and 1 for one of several, the same each time and in every process.
    pub(super) fn chance(&self, of: &str) -> f64 {
        let mut hash = Sha256::new();
        hash.update(self.id);
        hash.update(of);
        let digest = <[u8; 32]>::from(hash.finalize());
        let head = digest.first_chunk().expect("it has eight bytes");
        // As many bits as a float holds, and never 0.
        let bits = u64::from_be_bytes(*head) >> 12;
        #[expect(clippy::cast_precision_loss, reason = "52 bits")]
        let chance = (bits as f64 + 0.5) / (1_u64 << 52) as f64;
        chance
    }
}

/// A digest of something that is known by its bytes.
fn hashed(kind: &str, bytes: &[u8]) -> Id {
    let mut hash = Sha256::new();
    hash.update(kind);
    hash.update([0]);
    hash.update(bytes);
    hash.finalize().into()
}

/// Whether a cache point asks for an hour. The quotes of a text that has these words are escaped.
fn asks_for_long(body: &[u8]) -> bool {
    let asks = |after: &[u8]| {
        let value = after.trim_ascii_start().strip_prefix(b":")?;
        let point: Value = Deserializer::from_slice(value).into_iter().next()?.ok()?;
        Some(point.get("ttl")? == "1h")
    };
    POINTS.iter().any(|name| {
        memmem::find_iter(body, name).any(|at| asks(&body[at + name.len()..]) == Some(true))
    })
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use serde_json::json;

    use super::*;
    use crate::{model::Service, request::Request};

    fn call(body: &Value) -> Call {
        let operation = Service::BedrockRuntime.operation("Converse");
        Call {
            body: Bytes::from(body.to_string()),
            ..Call::new(operation.expect("it exists"))
        }
    }

    fn of(call: &Call, affinity: Option<Affinity>) -> Conversation {
        Conversation::of(call, affinity).expect("a model writes")
    }

    fn asked(path: &str, body: &Value) -> Call {
        let request = Request {
            method: "POST".into(),
            target: path.into(),
            headers: vec![],
            body: Bytes::from(body.to_string()),
            patience: None,
            anthropic_version: None,
        };
        request.lay_out().expect("it can be sent")
    }

    #[test]
    fn an_hour_is_what_a_cache_point_asks_for_and_nothing_else() {
        let lifetime = |content: Value| {
            let body = json!({"messages": [{"role": "user", "content": content}]});
            of(&call(&body), Some(Affinity::Prefix)).lifetime
        };
        let point = |ttl: &str| json!([{"cachePoint": {"type": "default", "ttl": ttl}}]);
        assert_eq!(lifetime(point("1h")), LONG);
        assert_eq!(lifetime(point("5m")), USUAL);
        let block =
            json!([{"type": "text", "text": "a", "cache_control": {"type": "e", "ttl": "1h"}}]);
        assert_eq!(lifetime(block), LONG);
        // What a prompt says of cache points asks for nothing, nor does what else is kept for an hour.
        let text = json!([{"text": "{\"cachePoint\": {\"ttl\": \"1h\"}}"}]);
        assert_eq!(lifetime(text), USUAL);
        assert_eq!(
            lifetime(json!([{"toolUse": {"input": {"ttl": "1h"}}}])),
            USUAL
        );
        assert!(asks_for_long(br#"{"cachePoint" : {"ttl" : "1h"}}"#));
        assert!(!asks_for_long(br#"{"cachePoint" : {"ttl"#));
    }

    #[test]
    fn a_key_comes_before_the_beginning_and_stays_where_anything_does() {
        let body = json!({"messages": [{"role": "user", "content": "hi"}]});
        let keyed = |key: Option<&str>, affinity| {
            let call = Call {
                affinity_key: key.map(str::to_owned),
                ..call(&body)
            };
            of(&call, affinity)
        };
        for affinity in [Affinity::Key, Affinity::Prefix].map(Some) {
            let one = keyed(Some("one"), affinity);
            assert!(one.stays);
            assert_ne!(one.id, keyed(Some("two"), affinity).id);
            // A share is no other for it.
            assert_eq!(one.id, keyed(Some("one"), None).id);
        }
        assert!(!keyed(Some("one"), None).stays);
        assert!(!keyed(None, Some(Affinity::Key)).stays);
        assert!(keyed(None, Some(Affinity::Prefix)).stays);
        assert_eq!(
            keyed(None, Some(Affinity::Key)).id,
            keyed(None, Some(Affinity::Prefix)).id
        );
    }

    #[test]
    fn what_no_call_goes_on_with_stays_nowhere_and_has_a_share() {
        let prefix = Some(Affinity::Prefix);
        let one = of(&call(&json!({"inputText": "a"})), prefix);
        assert!(!one.stays);
        assert_ne!(one.id, of(&call(&json!({"inputText": "b"})), prefix).id);
        let cut = Call {
            body: Bytes::from_static(b"{\"messages\": [{\"role\""),
            ..call(&json!({}))
        };
        assert!(!of(&cut, prefix).stays);
        let counted = Service::BedrockRuntime.operation("CountTokens");
        let counted = Call::new(counted.expect("it exists"));
        assert_eq!(Conversation::of(&counted, prefix), None);
        for path in [
            "/openai/v1/responses/resp_1/cancel",
            "/anthropic/v1/messages/count_tokens",
        ] {
            assert_eq!(
                Conversation::of(&asked(path, &json!({"messages": []})), prefix),
                None
            );
        }
    }

    #[test]
    fn the_other_apis_have_keys_and_lifetimes_of_their_own() {
        let turn = json!({"role": "user", "content": "hi"});
        let body =
            |key: &str| json!({"model": "m", "input": [turn.clone()], "prompt_cache_key": key});
        let responses = |key| {
            of(
                &asked("/openai/v1/responses", &body(key)),
                Some(Affinity::Key),
            )
        };
        assert!(responses("a").stays);
        assert_eq!(responses("a").lifetime, RESPONSES);
        assert_ne!(responses("a").id, responses("b").id);
        let chat = json!({"model": "m", "messages": [turn], "prompt_cache_key": "a"});
        let chat = of(
            &asked("/openai/v1/chat/completions", &chat),
            Some(Affinity::Key),
        );
        assert_eq!((chat.id, chat.lifetime), (responses("a").id, USUAL));
    }

    #[test]
    fn chances_are_even() {
        let mut sums = [0.0; 3];
        for number in 0..2000_u32 {
            let conversation = Conversation {
                id: hashed("n", &number.to_be_bytes()),
                lifetime: USUAL,
                stays: false,
            };
            for (name, sum) in ["a", "b", "c"].iter().zip(&mut sums) {
                let chance = conversation.chance(name);
                assert!(chance > 0.0 && chance < 1.0);
                *sum += chance;
            }
        }
        assert!(sums.iter().all(|sum| (sum / 2000.0 - 0.5).abs() < 0.03));
    }
}
