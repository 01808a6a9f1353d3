//! The Regions of guardrails that a call names by their ARNs: the prompt is judged there.

use serde_json::Deserializer;

use crate::{
    call::{Call, Rewritten},
    json_check::check,
    model::Location,
};

/// `InvokeModel`'s, which anybody may write himself.
const HEADER: &str = "X-Amzn-Bedrock-GuardrailIdentifier";

/// The Regions in the ARNs of a call's guardrails, wherever they stand: among its own headers, among `headers` that every
/// call of a session has, in its body, in what it is for other models. An id alone names none.
pub(super) fn regions<'a>(
    call: &'a Call,
    headers: impl IntoIterator<Item = &'a (String, String)>,
) -> Vec<String> {
    let rewritten = || call.rewritten.iter().flat_map(|it| it.iter()).flatten();
    let rewritten = || {
        rewritten().filter_map(|it| match it {
            Rewritten::As { located, body } => Some((located, body)),
            Rewritten::Not => None,
        })
    };
    let modeled = call.located.iter();
    let modeled = modeled.chain(rewritten().flat_map(|(located, _)| located));
    let modeled = modeled.filter(|(location, _)| matches!(location, Location::Header(HEADER)));
    let written = call.headers.iter().chain(headers);
    let written = written.filter(|(name, _)| name.eq_ignore_ascii_case(HEADER));
    let values = modeled
        .map(|(_, value)| value)
        .chain(written.map(|(_, value)| value));
    let bodies = std::iter::once(&call.body).chain(rewritten().map(|(_, body)| body));
    let in_bodies = bodies.filter_map(|body| in_body(call, body));
    let all = values.cloned().chain(in_bodies);
    all.filter_map(|identifier| region(&identifier)).collect()
}

/// arn:partition:bedrock:Region:account:guardrail/id
fn region(identifier: &str) -> Option<String> {
    let mut parts = identifier.split(':');
    let is_arn = parts.next().is_some_and(|first| first.trim() == "arn");
    is_arn.then(|| parts.nth(2).map(str::to_owned)).flatten()
}

fn in_body(call: &Call, body: &[u8]) -> Option<String> {
    if call.operation.takes_bytes() {
        return None;
    }
    // Long bodies are read only if they may have one.
    memchr::memmem::find(body, b"guardrailConfig")?;
    let mut identifier = None;
    // What else the body has, and whether it is sound, is Bedrock's to judge: nothing in it hides a guardrail.
    let _ = check(body, usize::MAX, |name, config| {
        if name == b"guardrailConfig" {
            let _ = check(config, usize::MAX, |name, value| {
                if name == b"guardrailIdentifier" {
                    let first = Deserializer::from_slice(value).into_iter().next();
                    identifier = first.and_then(Result::ok);
                }
            });
        }
    });
    identifier
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
            assert_eq!(regions(&call(operation, &body), &[]), ["eu-west-1"]);
        }
    }

    #[test]
    fn an_arn_counts_in_what_is_written_for_another_model() {
        let mut call = call("Converse", "{}");
        let body = format!(r#"{{"guardrailConfig": {{"guardrailIdentifier": "{ARN}"}}}}"#);
        let other = Rewritten::As {
            located: vec![(
                Location::Header(HEADER),
                ARN.replace("eu-west-1", "eu-west-2"),
            )],
            body: Bytes::from(body),
        };
        call.rewritten = Some([None, Some(Rewritten::Not), Some(other)].into());
        assert_eq!(regions(&call, &[]), ["eu-west-2", "eu-west-1"]);
    }

    #[test]
    fn an_arn_names_its_region_in_a_header() {
        let mut call = call("InvokeModel", "no JSON");
        let location = Location::Header("X-Amzn-Bedrock-GuardrailIdentifier");
        call.located.push((location, ARN.to_owned()));
        assert_eq!(regions(&call, &[]), ["eu-west-1"]);
    }

    #[test]
    fn an_arn_that_somebody_wrote_into_a_header_counts_too() {
        let header = |region: &str| {
            let arn = ARN.replace("eu-west-1", region);
            ("x-amzn-bedrock-guardrailidentifier".to_owned(), arn)
        };
        let mut call = call("InvokeModel", "no JSON");
        call.headers.push(header("eu-west-2"));
        assert_eq!(
            regions(&call, &[header("eu-west-3")]),
            ["eu-west-2", "eu-west-3"]
        );
    }

    #[test]
    fn nothing_hides_one_in_a_body() {
        let deep = format!("{}{}", "[".repeat(499), "]".repeat(499));
        for other in ["NaN", &deep, "1e999"] {
            for body in [
                format!(
                    r#"{{"a": {other}, "guardrailConfig": {{"b": {other}, "guardrailIdentifier": "{ARN}"}}}}"#
                ),
                format!(
                    r#"{{"guardrailConfig": {{"guardrailIdentifier": "{ARN}", "b": {other}}}, "a": {other}}}"#
                ),
            ] {
                assert_eq!(
                    regions(&call("Converse", &body), &[]),
                    ["eu-west-1"],
                    "{other}"
                );
            }
        }
    }

    #[test]
    fn an_id_names_none_and_neither_does_a_prompt() {
        for body in [
            r#"{"guardrailConfig": {"guardrailIdentifier": "abc"}}"#,
            r#"{"messages": [{"content": [{"text": "\"guardrailConfig\": {\"guardrailIdentifier\": \"arn:a:b:c\"}"}]}]}"#,
            r#"{"guardrailConfig": null}"#,
            "{}",
        ] {
            assert!(regions(&call("Converse", body), &[]).is_empty(), "{body}");
        }
        assert!(regions(&call("InvokeModel", "{}"), &[]).is_empty());
    }
}
