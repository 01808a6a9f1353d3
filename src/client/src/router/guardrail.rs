//! The Region of a guardrail that a call names by its ARN: the prompt is judged there.

use serde::Deserialize;

use crate::{call::Call, model::Location};

/// What Converse's body says of a guardrail; all else in it is passed over.
#[derive(Deserialize)]
struct Body {
    #[serde(rename = "guardrailConfig")]
    guardrail: Option<Guardrail>,
}

#[derive(Deserialize)]
struct Guardrail {
    #[serde(rename = "guardrailIdentifier")]
    identifier: Option<String>,
}

/// The Region in the guardrail's ARN; `None` without a guardrail, or where an id alone names it.
pub(super) fn region(call: &Call) -> Option<String> {
    let header = call.located.iter().find_map(|(location, value)| {
        let is_it = matches!(
            location,
            Location::Header("X-Amzn-Bedrock-GuardrailIdentifier")
        );
        is_it.then(|| value.clone())
    });
    let identifier = header.or_else(|| in_body(call))?;
    let mut parts = identifier.split(':');
    let is_arn = parts.next().is_some_and(|first| first.trim() == "arn");
    // arn:partition:bedrock:Region:account:guardrail/id
    let region = is_arn.then(|| parts.nth(2)).flatten()?;
    Some(region.to_owned())
}

fn in_body(call: &Call) -> Option<String> {
    if call.operation.takes_bytes() {
        return None;
    }
    // Long bodies are read only if they may have one.
    memchr::memmem::find(&call.body, b"guardrailConfig")?;
    let body: Body = serde_json::from_slice(&call.body).ok()?;
    body.guardrail?.identifier
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::model::Service;

    const ARN: &str = "arn:aws:bedrock:eu-west-1:123456789012:guardrail/abc";

    fn call(operation: &str, body: &str) -> Call {
        let operation = Service::BedrockRuntime
            .operation(operation)
            .expect("it is one");
        Call {
            body: Bytes::from(body.to_owned()),
            ..Call::new(operation)
        }
    }

    #[test]
    fn an_arn_names_its_region_in_a_body() {
        for operation in ["Converse", "ConverseStream"] {
            let body = format!(
                r#"{{"messages": [], "guardrailConfig": {{"guardrailIdentifier": "{ARN}", "trace": "enabled"}}}}"#
            );
            assert_eq!(
                region(&call(operation, &body)).as_deref(),
                Some("eu-west-1")
            );
        }
    }

    #[test]
    fn an_arn_names_its_region_in_a_header() {
        let mut call = call("InvokeModel", "no JSON");
        let location = Location::Header("X-Amzn-Bedrock-GuardrailIdentifier");
        call.located.push((location, ARN.to_owned()));
        assert_eq!(region(&call).as_deref(), Some("eu-west-1"));
    }

    #[test]
    fn an_id_names_none_and_neither_does_a_prompt() {
        for body in [
            r#"{"guardrailConfig": {"guardrailIdentifier": "abc"}}"#,
            r#"{"messages": [{"content": [{"text": "\"guardrailConfig\": {\"guardrailIdentifier\": \"arn:a:b:c\"}"}]}]}"#,
            r#"{"guardrailConfig": null}"#,
            "{}",
        ] {
            assert_eq!(region(&call("Converse", body)), None, "{body}");
        }
        assert_eq!(region(&call("InvokeModel", "{}")), None);
    }
}
