//! What a conversation begins with, hashed: the system prompt, the tools, and the messages up to the first of the user.
//!
//! That is what stays from turn to turn, and what prompt caches go by. Cache points are left out, since they move with every
//! turn; and a text is the same whether it stands alone or as the one block of a list, which is how a cache point is put to it.

use serde_json::{Deserializer, Map, Value};
use sha2::{Digest, Sha256};

use super::conversation::Id;
use crate::json_check::check;

/// The members that say what a conversation is about, in the bodies of all families; the last two are its messages.
const MEMBERS: [&[u8]; 6] = [
    b"system",
    b"instructions",
    b"tools",
    b"toolConfig",
    b"messages",
    b"input",
];
const MESSAGES: [usize; 2] = [4, 5];

/// The digest of a conversation's beginning; `None` for a body without a message of a user.
pub(super) fn digest(body: &[u8]) -> Option<Id> {
    let mut parts: [Option<Value>; MEMBERS.len()] = Default::default();
    check(body, usize::MAX, |name, rest| {
        if let Some(at) = MEMBERS.iter().position(|it| *it == name) {
            parts[at] = if MESSAGES.contains(&at) {
                first_of_user(rest)
            } else {
                first(rest)
            };
        }
    })
    .ok()?;
    if MESSAGES.iter().all(|at| parts[*at].is_none()) {
        return None;
    }
    let mut hash = Sha256::new();
    hash.update("prefix");
    for part in &parts {
        hash.update([0]);
        if let Some(part) = part {
            feed(part, &mut hash);
        }
    }
    Some(hash.finalize().into())
}

/// The value that bytes begin with.
fn first(bytes: &[u8]) -> Option<Value> {
    Deserializer::from_slice(bytes).into_iter().next()?.ok()
}

/// The messages up to the first of the user; some families have the system prompt before it. What comes later, which may
/// be long, is not built.
fn first_of_user(messages: &[u8]) -> Option<Value> {
    let bytes = messages.trim_ascii_start();
    let Some(mut rest) = bytes.strip_prefix(b"[") else {
        // Responses takes a text in place of messages.
        return first(bytes).filter(Value::is_string);
    };
    let mut found = vec![];
    loop {
        let mut values = Deserializer::from_slice(rest).into_iter::<Value>();
        let message = values.next()?.ok()?;
        let is_users = message.get("role").and_then(Value::as_str) == Some("user");
        found.push(message);
        if is_users {
            return Some(Value::Array(found));
        }
        rest = rest[values.byte_offset()..].trim_ascii_start();
        rest = rest.strip_prefix(b",")?;
    }
}

/// Puts a value into a hash, members in the order of their names.
fn feed(value: &Value, hash: &mut Sha256) {
    let text = |text: &str, hash: &mut Sha256| {
        hash.update(b"\"");
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    };
    match value {
        Value::String(it) => text(it, hash),
        Value::Array(values) => {
            let kept: Vec<_> = values.iter().filter(|it| !is_nothing(it)).collect();
            if let [one] = &kept[..]
                && let Some(alone) = text_of(one)
            {
                return text(alone, hash);
            }
            hash.update(b"[");
            for value in kept {
                feed(value, hash);
            }
            hash.update(b"]");
        }
        Value::Object(members) => {
            let mut kept: Vec<_> = members.iter().filter(counts).collect();
            kept.sort_unstable_by_key(|(name, _)| *name);
            hash.update(b"{");
            for (name, value) in kept {
                text(name, hash);
                feed(value, hash);
            }
            hash.update(b"}");
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            hash.update(b"=");
            hash.update(value.to_string());
            hash.update(b";");
        }
    }
}

/// Whether a member says something: a cache point says nothing.
fn counts((name, value): &(&String, &Value)) -> bool {
    !matches!(name.as_str(), "cachePoint" | "cache_control") && !is_nothing(value)
}

/// Whether a value is nothing but a cache point, or there is nothing in it.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(values) => values.iter().all(is_nothing),
        Value::Object(members) => {
            members.contains_key("cachePoint") && members.iter().all(|it| !counts(&it))
        }
        _ => false,
    }
}

/// The text of a block that has nothing else.
fn text_of(block: &Value) -> Option<&str> {
    let of = |members: &Map<String, Value>| {
        members
            .iter()
            .filter(counts)
            .all(|(name, value)| match name.as_str() {
                "text" => true,
                "type" => value == "text" || value == "input_text",
                _ => false,
            })
    };
    match block {
        Value::String(text) => Some(text),
        Value::Object(members) if of(members) => members.get("text")?.as_str(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn of(body: &Value) -> Id {
        digest(body.to_string().as_bytes()).expect("a user says something")
    }

    #[test]
    fn turns_of_one_conversation_are_one_wherever_their_cache_points_stand() {
        let first = json!({
            "system": [{"text": "be brief"}, {"cachePoint": {"type": "default"}}],
            "toolConfig": {"tools": [{"toolSpec": {"name": "a"}}, {"cachePoint": {"type": "default"}}]},
            "messages": [{"role": "user", "content": [{"text": "hi"}]}],
        });
        let later = json!({
            "messages": [
                {"content": [{"text": "hi"}, {"cachePoint": {"type": "default", "ttl": "1h"}}], "role": "user"},
                {"role": "assistant", "content": [{"text": "hello"}]},
                {"role": "user", "content": [{"text": "and now?"}]},
            ],
            "toolConfig": {"tools": [{"toolSpec": {"name": "a"}}]},
            "system": [{"text": "be brief"}],
            "inferenceConfig": {"maxTokens": 5},
        });
        assert_eq!(of(&first), of(&later));
    }

    #[test]
    fn a_text_and_its_block_with_a_cache_point_are_one() {
        let turn = |content: Value| {
            of(&json!({"system": "s", "messages": [{"role": "user", "content": content}]}))
        };
        let plain = turn(json!("hi"));
        for content in [
            json!([{"type": "text", "text": "hi"}]),
            json!([{"type": "text", "text": "hi", "cache_control": {"type": "ephemeral"}}]),
            json!([{"type": "input_text", "text": "hi"}]),
            json!([{"text": "hi"}, {"cachePoint": {"type": "default"}}]),
        ] {
            assert_eq!(turn(content), plain);
        }
        for content in [
            json!([{"text": "hi"}, {"text": "hi"}]),
            json!([{"type": "text", "text": "hi", "citations": true}]),
            json!([{"type": "image", "text": "hi"}]),
        ] {
            assert_ne!(turn(content), plain);
        }
        let responses = |input: Value| of(&json!({"instructions": "s", "input": input}));
        let items = json!([{"role": "user", "content": "hi"}]);
        assert_eq!(
            responses(items.clone()),
            responses(json!([items[0], {"type": "reasoning"}, {"role": "user", "content": "x"}]))
        );
        assert_ne!(responses(json!("hi")), responses(json!("ho")));
    }

    #[test]
    fn another_beginning_is_another_conversation() {
        let with = |system: &str, tools: &str, text: &str, role: &str| {
            of(&json!({
                "system": system,
                "tools": tools,
                "messages": [{"role": "system", "content": role}, {"role": "user", "content": text}],
            }))
        };
        let one = with("a", "b", "c", "d");
        assert_eq!(one, with("a", "b", "c", "d"));
        for other in [
            with("x", "b", "c", "d"),
            with("a", "x", "c", "d"),
            with("a", "b", "x", "d"),
            with("a", "b", "c", "x"),
            with("b", "a", "c", "d"),
        ] {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn what_nobody_said_is_no_conversation() {
        for body in [
            "",
            "{}",
            "[]",
            r#"{"prompt":"a"}"#,
            r#"{"messages":[]}"#,
            r#"{"messages":[{"role":"assistant","content":"a"}]}"#,
            r#"{"messages":[{"role":"user""#,
            r#"{"input":[{"type":"function_call_output","output":"a"}]}"#,
        ] {
            assert_eq!(digest(body.as_bytes()), None, "{body}");
        }
    }

    proptest! {
        /// Whatever the bytes are, nobody panics; and what follows the first message of a user changes nothing.
        #[test]
        fn only_the_beginning_counts(
            junk in prop::collection::vec(any::<u8>(), 0..40),
            system in ".{0,9}",
            text in ".{0,9}",
            later in prop::collection::vec(".{0,9}", 0..4),
        ) {
            let _ = digest(&junk);
            let mut messages = vec![json!({"role": "user", "content": text})];
            let begun = of(&json!({"system": system, "messages": messages}));
            messages.extend(later.iter().map(|it| json!({"role": "assistant", "content": it})));
            prop_assert_eq!(of(&json!({"messages": messages, "system": system})), begun);
            let other = json!({"system": format!("{system}x"), "messages": messages});
            prop_assert_ne!(of(&other), begun);
        }
    }
}
