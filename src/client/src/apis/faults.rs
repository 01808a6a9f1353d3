//! Errors as these APIs put them: in an answer, in an answer that claims to be a success, in a stream.

use serde_json::Value;

use super::Api;
use crate::error::ServiceError;

/// What an `error` member says, if it says anything: its code and its text.
pub(super) fn said(value: &Value) -> Option<(String, String)> {
    let error = value.get("error")?;
    match error {
        Value::Object(members) => {
            let text = |name: &str| members.get(name).and_then(Value::as_str);
            let named = |name: &str| text(name).filter(|text| !text.is_empty());
            let code = named("code").or_else(|| named("type"));
            let message = text("message").unwrap_or_default();
            Some((code.unwrap_or("error").to_owned(), message.to_owned()))
        }
        Value::String(message) if !message.is_empty() => Some(("error".into(), message.clone())),
        _ => None,
    }
}

/// What an event says that is an error.
pub(super) fn of_event(event: &Value) -> (String, String) {
    let response = event.get("response").and_then(said);
    let found = response.or_else(|| said(event));
    found.unwrap_or_else(|| {
        let text = |name: &str| event.get(name).and_then(Value::as_str);
        let code = text("code").unwrap_or("error");
        let message = text("message").unwrap_or_default();
        (code.to_owned(), message.to_owned())
    })
}

/// The error of an answer, with the code and the text that it has in these APIs' shape.
pub(crate) fn named(error: ServiceError) -> ServiceError {
    let aws = error
        .headers
        .iter()
        .any(|(name, _)| name == "x-amzn-errortype");
    let body: Value = serde_json::from_slice(&error.body).unwrap_or_default();
    match said(&body) {
        Some((code, message)) if !aws => ServiceError {
            code,
            message,
            ..error
        },
        _ => error,
    }
}

/// Whether a code says that there is no room, in the two makers' words.
pub(crate) fn is_throttling(code: &str) -> bool {
    matches!(
        code,
        "rate_limit_error" | "rate_limit_exceeded" | "throttling_error" | "too_many_requests"
    )
}

/// Whether a code says that the service failed.
pub(crate) fn is_failure(code: &str) -> bool {
    matches!(
        code,
        "api_error"
            | "internal_error"
            | "internal_server_error"
            | "overloaded_error"
            | "server_error"
            | "service_unavailable"
            | "timeout_error"
    )
}

/// What an answer says that came with the status of a success and is none: the status that it should have had, a code and a
/// text. An answer that says it has failed is one, unless the request was at fault: then it is the caller's.
pub(crate) fn in_success(api: Api, body: &[u8]) -> Option<(u16, String, String)> {
    let has = |text: &str| memchr::memmem::find(body, text.as_bytes()).is_some();
    // An answer is not looked through for what no answer has.
    if body.len() > LONGEST || !has("\"error\"") && !has("__type") {
        return None;
    }
    let answer: Value = serde_json::from_slice(body).unwrap_or_default();
    let unknown = answer
        .pointer("/Output/__type")
        .or_else(|| answer.get("__type"));
    if let Some(kind) = unknown.and_then(Value::as_str) {
        let code = kind.rsplit('#').next().unwrap_or(kind).to_owned();
        let text = "the runtime endpoint has no such path (it answered with status 200)";
        return Some((404, code, text.into()));
    }
    let (code, message) = said(&answer)?;
    // A response that was stored says of itself that it had failed.
    if api == Api::Stored {
        return None;
    }
    let status = match &*code {
        code if is_throttling(code) => 429,
        code if is_failure(code) => 500,
        // What is a response all the same, with its id and its state, tells it better.
        _ if answer.get("status").is_some() => return None,
        _ => 400,
    };
    Some((status, code, message))
}

/// Longer than any error, or an answer without one.
const LONGEST: usize = 256 * 1024;

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn checked(api: Api, body: &str) -> Option<(u16, String)> {
        in_success(api, body.as_bytes()).map(|(status, code, _)| (status, code))
    }

    #[test]
    fn a_path_that_nobody_knows_is_no_success() {
        let body = r#"{"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"}"#;
        for api in [
            Api::Chat,
            Api::Responses,
            Api::Stored,
            Api::Messages,
            Api::Other,
        ] {
            assert_eq!(
                checked(api, body),
                Some((404, "UnknownOperationException".into()))
            );
        }
    }

    #[test]
    fn an_answer_that_says_it_failed_is_no_success() {
        for (api, body, expected) in [
            (
                Api::Chat,
                r#"{"error":{"message":"m","code":"rate_limit_exceeded"}}"#,
                Some((429, "rate_limit_exceeded")),
            ),
            (
                Api::Messages,
                r#"{"type":"error","error":{"type":"overloaded_error","message":"m"}}"#,
                Some((500, "overloaded_error")),
            ),
            (
                Api::Chat,
                r#"{"error":{"type":"invalid_request_error","code":null}}"#,
                Some((400, "invalid_request_error")),
            ),
            (
                Api::Responses,
                r#"{"status":"failed","error":{"code":"server_error"}}"#,
                Some((500, "server_error")),
            ),
            (
                Api::Responses,
                r#"{"status":"failed","error":{"code":"invalid_prompt"}}"#,
                None,
            ),
            (
                Api::Responses,
                r#"{"status":"completed","error":null}"#,
                None,
            ),
            (
                Api::Stored,
                r#"{"status":"failed","error":{"code":"server_error"}}"#,
                None,
            ),
            (
                Api::Chat,
                r#"{"choices":[{"message":{"content":"\"error\""}}]}"#,
                None,
            ),
        ] {
            let expected = expected.map(|(status, code)| (status, code.to_owned()));
            assert_eq!(checked(api, body), expected, "{body}");
        }
    }

    #[test]
    fn codes_and_texts_are_read_in_each_shape() {
        for (body, code, message) in [
            (
                r#"{"error":{"message":"m","type":"t","code":"c"}}"#,
                "c",
                "m",
            ),
            (
                r#"{"error":{"message":"m","type":"t","code":null}}"#,
                "t",
                "m",
            ),
            (
                r#"{"type":"error","error":{"type":"not_found_error","message":"m"}}"#,
                "not_found_error",
                "m",
            ),
            (r#"{"error":"m"}"#, "error", "m"),
            (r#"{"message":"m"}"#, "400", "kept"),
        ] {
            let error = named(ServiceError {
                code: "400".into(),
                message: "kept".into(),
                status: 400,
                headers: vec![],
                body: Bytes::from_static(body.as_bytes()),
                attempts: 1,
                exhausted: false,
                hint: None,
            });
            assert_eq!(
                (error.code.as_str(), error.message.as_str()),
                (code, message),
                "{body}"
            );
        }
    }
}
