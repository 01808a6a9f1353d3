//! What the body of a request says that decides where it may go, and the body as a target takes it.

use std::{borrow::Cow, ops::Range};

use bytes::{Bytes, BytesMut};
use memchr::memmem;
use serde::de::IgnoredAny;
use serde_json::{Deserializer, Value};

use super::{RESPONSE, usage};
use crate::{error::Error, json_check};

/// What the body says.
#[derive(Debug, Default)]
pub(crate) struct Said {
    pub(crate) model: Option<String>,
    pub(crate) stream: bool,
    /// Ids and texts that only the target knows which gave them.
    pub(crate) bound: Vec<String>,
    pub(crate) cache_key: Option<String>,
    /// A file that nobody can have uploaded.
    pub(crate) file_id: bool,
    /// Whether it says if a stream is to tell its tokens, one way or the other.
    pub(crate) says_usage: bool,
}

/// Reads it. It is read once, and not built but for what matters here.
pub(crate) fn read(body: &[u8]) -> Result<Said, String> {
    let mut said = Said::default();
    let mut flaw = None;
    let checked = json_check::check(body, usize::MAX, |name, value| match &*plain(name) {
        b"model" => {
            said.model = first::<String>(value);
            if said.model.is_none() {
                flaw = Some("its model is no text");
            }
        }
        b"stream" => said.stream = first(value).unwrap_or(false),
        b"previous_response_id" => said.bound.extend(first::<Option<String>>(value).flatten()),
        b"prompt_cache_key" => said.cache_key = first::<Option<String>>(value).flatten(),
        b"stream_options" => said.says_usage |= !usage::may_be_asked(value),
        b"input" if memmem::find(value, ENCRYPTED.as_bytes()).is_some() => {
            let items: Value = first(value).unwrap_or_default();
            encrypted(&items, &mut said.bound);
        }
        _ => {}
    });
    match checked {
        Ok(b'{') => {}
        Ok(_) => return Err("its body is no JSON object".into()),
        Err(flaw) => return Err(format!("its body is no JSON, but has {flaw}")),
    }
    if let Some(flaw) = flaw {
        return Err(flaw.into());
    }
    if memmem::find(body, b"file_id").is_some() {
        let whole: Value = serde_json::from_slice(body).unwrap_or_default();
        said.file_id = ["input", "messages", "tools"]
            .iter()
            .any(|name| names_file(&whole[*name]));
    }
    Ok(said)
}

/// The member of reasoning that is encrypted.
pub(crate) const ENCRYPTED: &str = "encrypted_content";

/// The texts of encrypted reasoning in a conversation: only the Region that wrote them reads them.
fn encrypted(items: &Value, found: &mut Vec<String>) {
    for item in items.as_array().into_iter().flatten() {
        let text = item.get(ENCRYPTED).and_then(Value::as_str);
        found.extend(text.filter(|text| !text.is_empty()).map(str::to_owned));
    }
}

/// What an answer of Responses, or an event of one, can be gone on with: its id, and encrypted reasoning. It repeats all of
/// the request, which is not built.
pub(crate) fn said_in_answer(json: &[u8]) -> Vec<String> {
    let (mut found, mut inner) = (vec![], None);
    said_by_response(json, &mut found, &mut inner);
    if let Some(response) = inner {
        said_by_response(response, &mut found, &mut None);
    }
    found
}

fn said_by_response<'a>(json: &'a [u8], found: &mut Vec<String>, inner: &mut Option<&'a [u8]>) {
    let _ = json_check::check(json, usize::MAX, |name, value| match name {
        b"id" => {
            let id = first::<String>(value);
            found.extend(id.filter(|id| id.starts_with(RESPONSE)));
        }
        b"response" => *inner = Some(value),
        b"output" | b"item" if memmem::find(value, ENCRYPTED.as_bytes()).is_some() => {
            match first(value) {
                Some(items @ Value::Array(_)) => encrypted(&items, found),
                Some(item) => encrypted(&Value::Array(vec![item]), found),
                None => {}
            }
        }
        _ => {}
    });
}

/// Whether a part of a conversation, or a tool, is a file by its id. What a tool was called with is its own affair.
fn names_file(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.iter().any(|(name, value)| match name.as_str() {
            "file_id" => value.is_string(),
            "input" | "arguments" | "parameters" | "input_schema" | "schema" => false,
            _ => names_file(value),
        }),
        Value::Array(values) => values.iter().any(names_file),
        _ => false,
    }
}

/// The first value of these bytes, if it is one of that type.
fn first<T: serde::de::DeserializeOwned>(value: &[u8]) -> Option<T> {
    let first = Deserializer::from_slice(value).into_iter().next();
    first.and_then(Result::ok)
}

/// A name as its reader sees it: an escape may stand for any letter.
fn plain(name: &[u8]) -> Cow<'_, [u8]> {
    if !name.contains(&b'\\') {
        return Cow::Borrowed(name);
    }
    let quoted = [b"\"", name, b"\""].concat();
    let text: Option<String> = serde_json::from_slice(&quoted).ok();
    text.map_or(Cow::Borrowed(name), |text| Cow::Owned(text.into_bytes()))
}

/// The body with `model` for its model, wherever it names one, and, of a stream that is to tell tokens which its caller did not
/// ask for, with that wish. Nothing else is changed.
pub(crate) fn as_sent(
    body: &Bytes,
    model: Option<&str>,
    tells_usage: bool,
) -> Result<Bytes, Error> {
    let model = model.map(|model| Value::from(model).to_string());
    let (mut named, mut optional) = (model.is_none(), !tells_usage);
    let mut changes: Vec<(Range<usize>, String)> = vec![];
    let checked = json_check::check(body, usize::MAX, |name, value| {
        match (&*plain(name), &model) {
            (b"model", Some(model)) => {
                named = true;
                changes.push((place(body, value), model.clone()));
            }
            (b"stream_options", _) if tells_usage => {
                optional = true;
                let place = place(body, value);
                changes.push((place.clone(), usage::asked_for(&body[place])));
            }
            _ => {}
        }
    });
    if !matches!(checked, Ok(b'{')) {
        return Err(Error::InvalidArgument {
            reason: "the body is no JSON object, so no model can be set in it".into(),
        });
    }
    let model = model
        .filter(|_| !named)
        .map(|model| format!("\"model\":{model}"));
    let options = (!optional).then(|| format!("\"stream_options\":{}", usage::asked_for(b"null")));
    let missing: Vec<String> = model.into_iter().chain(options).collect();
    if !missing.is_empty() {
        let brace = memchr::memchr(b'{', body).expect("it is an object") + 1;
        let is_empty = body[brace..].trim_ascii_start().starts_with(b"}");
        let more = if is_empty { "" } else { "," };
        changes.insert(0, (brace..brace, format!("{}{more}", missing.join(","))));
    }
    changes.retain(|(place, text)| body[place.clone()] != *text.as_bytes());
    if changes.is_empty() {
        return Ok(body.clone());
    }
    let longer: usize = changes.iter().map(|(_, text)| text.len()).sum();
    let mut sent = BytesMut::with_capacity(body.len() + longer);
    let mut at = 0;
    for (place, text) in changes {
        sent.extend_from_slice(&body[at..place.start]);
        sent.extend_from_slice(text.as_bytes());
        at = place.end;
    }
    sent.extend_from_slice(&body[at..]);
    Ok(sent.freeze())
}

/// Where in `json` the first value of these of its bytes stands.
pub(super) fn place(json: &[u8], value: &[u8]) -> Range<usize> {
    let start = value.as_ptr().addr() - json.as_ptr().addr();
    let mut values = Deserializer::from_slice(value).into_iter::<IgnoredAny>();
    let _ = values.next();
    start..start + values.byte_offset()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_decides_is_read() {
        let said = read(br#"{"model":"a","stream":true,"previous_response_id":"resp_1","prompt_cache_key":"k",
            "input":[{"type":"reasoning","encrypted_content":"gAAA"},{"type":"message","content":"encrypted_content"}]}"#);
        let said = said.expect("it is JSON");
        assert_eq!(said.model.as_deref(), Some("a"));
        assert!(said.stream);
        assert_eq!(said.bound, ["resp_1", "gAAA"]);
        assert_eq!(said.cache_key.as_deref(), Some("k"));
        assert!(!said.file_id);
        let none = read(
            br#"{"previous_response_id":null,"prompt_cache_key":null,"input":"encrypted_content"}"#,
        );
        let none = none.expect("it is JSON");
        assert!(
            none.bound.is_empty()
                && none.cache_key.is_none()
                && none.model.is_none()
                && !none.stream
        );
    }

    #[test]
    fn a_body_that_cannot_be_read_says_why_and_shows_nothing() {
        for (body, why) in [
            (
                "",
                "its body is no JSON, but has its end too early at byte 0 of 0",
            ),
            ("[\"MARKER\"]", "its body is no JSON object"),
            (
                "{\"MARKER\" 1}",
                "its body is no JSON, but has no colon at byte 10 of 12",
            ),
            ("{\"model\":7}", "its model is no text"),
        ] {
            let error = read(body.as_bytes()).expect_err("it cannot be read");
            assert_eq!(error, why);
        }
    }

    #[test]
    fn an_answer_says_what_can_be_gone_on_with() {
        let whole = r#"{"id":"resp_1","input":[{"id":"resp_0"}],"output":[{"type":"reasoning","encrypted_content":"gA"},{"id":"m"}]}"#;
        assert_eq!(said_in_answer(whole.as_bytes()), ["resp_1", "gA"]);
        let event = format!(r#"{{"type":"response.completed","response":{whole}}}"#);
        assert_eq!(said_in_answer(event.as_bytes()), ["resp_1", "gA"]);
        let item = r#"{"type":"response.output_item.done","item":{"type":"reasoning","encrypted_content":"gB"}}"#;
        assert_eq!(said_in_answer(item.as_bytes()), ["gB"]);
        assert!(said_in_answer(b"[DONE]").is_empty());
    }

    #[test]
    fn files_are_found_where_they_are_files() {
        for (body, expected) in [
            (
                json!({"input": [{"content": [{"type": "input_file", "file_id": "file-1"}]}]}),
                true,
            ),
            (
                json!({"messages": [{"content": [{"type": "file", "file": {"file_id": "f"}}]}]}),
                true,
            ),
            (
                json!({"messages": [{"content": [{"type": "document", "source": {"type": "file", "file_id": "f"}}]}]}),
                true,
            ),
            (
                json!({"messages": [{"content": [{"type": "tool_use", "input": {"file_id": "mine"}}]}]}),
                false,
            ),
            (json!({"messages": [{"content": "file_id"}]}), false),
            (
                json!({"tools": [{"function": {"parameters": {"properties": {"file_id": {"type": "string"}}}}}]}),
                false,
            ),
            (json!({"metadata": {"file_id": "mine"}}), false),
        ] {
            let said = read(body.to_string().as_bytes()).expect("it is JSON");
            assert_eq!(said.file_id, expected, "{body}");
        }
    }

    #[test]
    fn a_model_is_set_however_it_is_spelt() {
        for (body, expected) in [
            (r#"{"model":"a","x":1}"#, r#"{"model":"us.b","x":1}"#),
            (
                r#"{ "x": {"model": "a"} , "model" : "a" }"#,
                r#"{ "x": {"model": "a"} , "model" : "us.b" }"#,
            ),
            (
                r#"{"m\u006fdel":"a","model":"b"}"#,
                r#"{"m\u006fdel":"us.b","model":"us.b"}"#,
            ),
            (r#"{"x":1}"#, r#"{"model":"us.b","x":1}"#),
            ("{ }", r#"{"model":"us.b" }"#),
        ] {
            let body = Bytes::from_static(body.as_bytes());
            let sent = as_sent(&body, Some("us.b"), false);
            assert_eq!(sent.expect("it is JSON"), expected);
            assert_eq!(as_sent(&body, None, false).expect("it is JSON"), body);
        }
        assert!(as_sent(&Bytes::from_static(b"[]"), Some("us.b"), false).is_err());
    }

    #[test]
    fn a_stream_is_asked_for_its_tokens_where_its_caller_says_nothing_of_them() {
        for (body, expected) in [
            (
                r#"{"model":"a"}"#,
                r#"{"stream_options":{"include_usage":true},"model":"us.b"}"#,
            ),
            (
                "{}",
                r#"{"model":"us.b","stream_options":{"include_usage":true}}"#,
            ),
            (
                r#"{"model":"a","stream_options": null }"#,
                r#"{"model":"us.b","stream_options": {"include_usage":true} }"#,
            ),
            (
                r#"{"stream_options":{ },"model":"a"}"#,
                r#"{"stream_options":{"include_usage":true },"model":"us.b"}"#,
            ),
            (
                r#"{"model":"a","stream_options":{"include_obfuscation":false}}"#,
                r#"{"model":"us.b","stream_options":{"include_usage":true,"include_obfuscation":false}}"#,
            ),
        ] {
            let body = Bytes::from_static(body.as_bytes());
            assert!(!read(&body).expect("it is JSON").says_usage);
            let sent = as_sent(&body, Some("us.b"), true);
            assert_eq!(sent.expect("it is JSON"), expected);
        }
        for options in [
            r#"{"include_usage":true}"#,
            r#"{"include_obfuscation":true,"include_usage":false}"#,
            r#"{"include_usage":null}"#,
            r#"{"include\u005fusage":true}"#,
            "7",
            "\"x\"",
        ] {
            let body = format!(r#"{{"model":"a","stream_options":{options}}}"#);
            let said = read(body.as_bytes()).expect("it is JSON");
            assert!(said.says_usage, "{body}");
        }
    }

    proptest! {
        #[test]
        fn nothing_but_the_model_changes(
            model in ".{0,20}",
            before in prop::collection::btree_map("[a-l]{1,3}", ".{0,9}", 0..4),
            after in prop::collection::btree_map("[n-z]{1,3}", any::<i32>(), 0..4),
            new in "[a-z.:/-]{1,40}",
        ) {
            let mut body = serde_json::Map::new();
            body.extend(before.into_iter().map(|(name, value)| (name, Value::from(value))));
            body.insert("model".into(), Value::from(model));
            body.extend(after.into_iter().map(|(name, value)| (name, Value::from(value))));
            let bytes = Bytes::from(Value::Object(body.clone()).to_string());
            let changed = as_sent(&bytes, Some(&new), false).expect("it is JSON");
            body.insert("model".into(), Value::from(new.clone()));
            prop_assert_eq!(serde_json::from_slice::<Value>(&changed).expect("it is JSON"), Value::Object(body));
            prop_assert_eq!(as_sent(&changed, Some(&new), false).expect("it is JSON"), changed);
        }
    }
}
