//! The tokens of a stream of Chat Completions, which are told only to those who ask.
//!
//! Limits, metrics and telemetry count them, so outcrop asks where a caller says nothing of it, and takes out of the stream what
//! came of that: a last chunk without choices, and a member of others. The caller's stream is as if nobody had asked.

use bytes::Bytes;
use memchr::memmem;
use serde_json::{Map, Value};

use super::{body::place, lines};
use crate::json_check;

/// Whether the value of `stream_options` leaves it open if tokens are to be told.
pub(super) fn may_be_asked(value: &[u8]) -> bool {
    let mut values =
        serde_json::Deserializer::from_slice(value).into_iter::<Option<Map<_, Value>>>();
    match values.next() {
        Some(Ok(options)) => options.is_none_or(|it| !it.contains_key("include_usage")),
        _ => false,
    }
}

/// A value of `stream_options` that leaves it open, with the wish.
pub(super) fn asked_for(value: &[u8]) -> String {
    let wish = r#"{"include_usage":true"#;
    match value.strip_prefix(b"{") {
        None => format!("{wish}}}"),
        Some(rest) => {
            let is_empty = rest.trim_ascii_start().starts_with(b"}");
            let more = if is_empty { "" } else { "," };
            format!("{wish}{more}{}", String::from_utf8_lossy(rest))
        }
    }
}

/// An event without the tokens that its reader did not ask for; nothing where it tells nothing else.
pub(crate) fn hidden(event: &Bytes) -> Option<Bytes> {
    // In a text there would be an escape before the quotation mark.
    if memmem::find(event, b"\"usage\"").is_none() {
        return Some(event.clone());
    }
    let json = lines::data(event);
    let (mut member, mut told, mut chosen) = (None, false, true);
    let checked = json_check::check(&json, usize::MAX, |name, value| match name {
        b"usage" => {
            let start = name.as_ptr().addr() - json.as_ptr().addr() - 1;
            told = value.starts_with(b"{");
            member = Some(start..place(&json, value).end);
        }
        b"choices" => {
            let rest = value.strip_prefix(b"[");
            chosen = !rest.is_some_and(|rest| rest.trim_ascii_start().starts_with(b"]"));
        }
        _ => {}
    });
    let (Ok(_), Some(member)) = (checked, member) else {
        return Some(event.clone());
    };
    if told && !chosen {
        return None;
    }
    let (before, after) = (&json[..member.start], json[member.end..].trim_ascii_start());
    let without = match (
        after.strip_prefix(b","),
        before.trim_ascii_end().strip_suffix(b","),
    ) {
        (Some(after), _) => [before, after].concat(),
        (None, Some(before)) => [before, after].concat(),
        (None, None) => [before, after].concat(),
    };
    Some(lines::with_data(event, &without))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn shown(event: &str) -> Option<String> {
        let hidden = hidden(&Bytes::copy_from_slice(event.as_bytes()))?;
        Some(String::from_utf8(hidden.to_vec()).expect("it is text"))
    }

    #[test]
    fn what_nobody_asked_for_is_taken_out_and_nothing_else() {
        for (event, expected) in [
            (
                "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1}}\n\n",
                None,
            ),
            (
                "data: {\"usage\":{\"prompt_tokens\":1},\"choices\": [ ]}\n\n",
                None,
            ),
            (
                "id: 7\ndata: {\"choices\":[{\"delta\":{}}],\"usage\":{\"a\":[1,2]}}\n\n",
                Some("id: 7\ndata: {\"choices\":[{\"delta\":{}}]}\n\n"),
            ),
            (
                "data: {\"usage\":null,\"choices\":[{}]}\r\n\r\n",
                Some("data: {\"choices\":[{}]}\r\n\r\n"),
            ),
            (
                "data: {\"a\":1, \"usage\": null , \"choices\":[]}\n\n",
                Some("data: {\"a\":1,  \"choices\":[]}\n\n"),
            ),
            (
                "data: {\"choices\":[{}],\ndata: \"usage\":{}}\n\n",
                Some("data: {\"choices\":[{}]}\n\n"),
            ),
            (
                "data: {\"choices\":[{\"usage\":1}]}\n\n",
                Some("data: {\"choices\":[{\"usage\":1}]}\n\n"),
            ),
            (
                "id: 7\rdata: {\rdata: \"usage\":null}\r: x\r\r",
                Some("id: 7\rdata: {\rdata: }\r: x\r\r"),
            ),
            ("data: {\"usage\":{}}\n\n", Some("data: {}\n\n")),
            ("data: [DONE]\n\n", Some("data: [DONE]\n\n")),
        ] {
            assert_eq!(shown(event).as_deref(), expected, "{event}");
        }
    }

    proptest! {
        #[test]
        fn a_chunk_keeps_all_but_its_tokens(
            before in prop::collection::btree_map("[a-b]{1,3}", ".{0,9}", 0..3),
            after in prop::collection::btree_map("[x-z]{1,3}", any::<i32>(), 0..3),
            text in ".{0,9}",
            told: bool,
        ) {
            let mut chunk = Map::new();
            chunk.extend(before.into_iter().map(|(name, value)| (name, Value::from(value))));
            chunk.insert("choices".into(), json!([{"delta": {"content": text}}]));
            chunk.extend(after.into_iter().map(|(name, value)| (name, Value::from(value))));
            let expected = Value::Object(chunk.clone());
            chunk.insert("usage".into(), if told { json!({"prompt_tokens": 1}) } else { Value::Null });
            let event = format!("data: {}\n\n", Value::Object(chunk));
            let hidden = hidden(&Bytes::from(event)).expect("it tells more");
            let found: Value = serde_json::from_slice(&lines::data(&hidden)).expect("it is JSON");
            prop_assert_eq!(found, expected);
        }
    }
}
