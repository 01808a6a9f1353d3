//! How many tokens an answer of these APIs says it took, and why it stopped.

use serde_json::Value;

use super::Usage;
use crate::apis;

/// Of a whole answer.
pub(crate) fn of_body(body: &[u8]) -> Usage {
    let answer: Value = serde_json::from_slice(body).unwrap_or_default();
    of(&answer).unwrap_or_default()
}

/// Of an event that tells it, with why the answer stopped.
pub(crate) fn told(event: &[u8]) -> (Option<Usage>, Option<String>) {
    let data = apis::data(event);
    let event: Value = serde_json::from_slice(&data).unwrap_or_default();
    let reason = [
        "/choices/0/finish_reason",
        "/delta/stop_reason",
        "/response/status",
    ];
    let reason = reason.iter().find_map(|path| event.pointer(path)?.as_str());
    (of(&event), reason.map(str::to_owned))
}

/// Both of OpenAI's APIs count cached tokens among those of the input, Anthropic's beside them.
fn of(answer: &Value) -> Option<Usage> {
    let places = ["/usage", "/response/usage", "/message/usage"];
    let usage = places
        .iter()
        .find_map(|place| answer.pointer(place).filter(|it| it.is_object()))?;
    let count = |names: &[&str]| names.iter().find_map(|name| usage.pointer(name)?.as_u64());
    let input = count(&["/prompt_tokens", "/input_tokens"]);
    let output = count(&["/completion_tokens", "/output_tokens"]);
    if input.is_none() && output.is_none() {
        return None;
    }
    let inside = |name: &str| {
        count(&[
            &format!("/prompt_tokens_details/{name}"),
            &format!("/input_tokens_details/{name}"),
        ])
    };
    let (read, written) = (inside("cached_tokens"), inside("cache_write_tokens"));
    let cached = read.unwrap_or(0).saturating_add(written.unwrap_or(0));
    Some(Usage {
        input: input.unwrap_or(0).saturating_sub(cached),
        output: output.unwrap_or(0),
        cache_read: read.or(count(&["/cache_read_input_tokens"])).unwrap_or(0),
        cache_write: written
            .or(count(&["/cache_creation_input_tokens"]))
            .unwrap_or(0),
    })
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
    fn each_api_tells_it_in_words_of_its_own() {
        for body in [
            r#"{"usage":{"prompt_tokens":23,"completion_tokens":34,"total_tokens":57,
                "prompt_tokens_details":{"cached_tokens":5,"cache_write_tokens":6}}}"#,
            r#"{"usage":{"input_tokens":23,"output_tokens":34,"input_tokens_details":{"cached_tokens":5,"cache_write_tokens":6}}}"#,
            r#"{"usage":{"input_tokens":12,"output_tokens":34,"cache_read_input_tokens":5,"cache_creation_input_tokens":6}}"#,
        ] {
            assert_eq!(of_body(body.as_bytes()), FOUND, "{body}");
        }
        for body in [
            "",
            "[]",
            "{}",
            r#"{"usage":null}"#,
            r#"{"usage":{"input_tokens":-1}}"#,
        ] {
            assert_eq!(of_body(body.as_bytes()), Usage::default(), "{body}");
        }
    }

    #[test]
    fn a_stream_tells_it_in_its_last_events() {
        let usage = r#""usage":{"input_tokens":12,"output_tokens":34,"cache_read_input_tokens":5,"cache_creation_input_tokens":6}"#;
        for (event, reason) in [
            (format!("event: message_delta\ndata: {{\"delta\":{{\"stop_reason\":\"end_turn\"}},{usage}}}\n\n"), "end_turn"),
            (
                "data: {\"type\":\"response.completed\",\"response\":{\"status\":\"completed\",\"usage\":{\"input_tokens\":23,\
                 \"output_tokens\":34,\"input_tokens_details\":{\"cached_tokens\":5,\"cache_write_tokens\":6}}}}\n\n"
                    .to_owned(),
                "completed",
            ),
        ] {
            assert_eq!(told(event.as_bytes()), (Some(FOUND), Some(reason.to_owned())));
        }
        assert_eq!(told(b"data: [DONE]\n\n"), (None, None));
    }
}
