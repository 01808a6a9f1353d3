//! What is no answer, though its status says that it went well.
//!
//! A gateway's page or its words, half an answer, JSON that cannot be read: whoever takes it for an answer shows nothing
//! for what was paid, keeps it in a cache, and counts its target as well. It is decided here, once for all of them.

use bytes::Bytes;

use crate::{
    apis::{Api, faults},
    call::Head,
    error::{Error, ServiceError},
    json_check::{self, DEEPEST},
    model::{Kind, Location, Member, Operation, Service, Structure},
    shown,
};

/// Checks a success.
pub(crate) fn check(operation: &Operation, head: &Head, body: &Bytes) -> Result<(), Error> {
    if let Some(error) = fault(operation, head, body) {
        return Err(error);
    }
    let Some(what) = flaw(operation, head, body) else {
        return Ok(());
    };
    Err(invalid(operation, head.clone(), body.clone(), &what))
}

/// The error that stands in an answer of the other APIs' in place of what was asked for.
pub(crate) fn fault(operation: &Operation, head: &Head, body: &[u8]) -> Option<Error> {
    let (status, code, message) = faults::in_success(Api::of(operation)?, body)?;
    Some(Error::Service(Box::new(ServiceError {
        code,
        message,
        status,
        headers: head.headers.clone(),
        // Its own says that it is a success.
        body: Bytes::new(),
        attempts: head.attempts,
        exhausted: head.exhausted,
        hint: None,
    })))
}

/// Whether the head of a success already says that no event stream follows.
pub(crate) fn is_other_than_events(operation: &Operation, head: &Head) -> bool {
    let kind = content_type(head);
    if Api::of(operation).is_some() {
        return kind != EVENTS || encoding(head).is_some();
    }
    kind.starts_with("text/") || is_json(&kind)
}

/// The error for it; the body is at hand in it, and is in no text.
#[must_use]
pub fn invalid(operation: &Operation, head: Head, body: Bytes, what: &str) -> Error {
    let paid = match operation.service {
        Service::BedrockRuntime => "; it was probably paid for",
        Service::Bedrock => "",
    };
    let (status, name) = (head.status, operation.name);
    let encoded = encoding(&head);
    let encoded = encoded.map(|it| format!("it is encoded as {it}, which nobody asked for"));
    let what = encoded.as_deref().unwrap_or(what);
    Error::InvalidAnswer {
        reason: format!(
            "status {status} came without an answer of {name}: {what}{paid}, and what came is the error's `body`"
        ),
        head: Box::new(head),
        body,
    }
}

fn flaw(operation: &Operation, head: &Head, body: &[u8]) -> Option<String> {
    let Kind::Structure(output) = &operation.output.kind else {
        return None;
    };
    if operation.answers_bytes().is_some() {
        return flaw_of_bytes(head, body).or_else(|| flaw_of_api(operation, head, body));
    }
    match operation.whole_body().map(|member| &member.shape.kind) {
        Some(Kind::Structure(whole)) => flaw_of_members(operation, whole, head, body),
        _ => flaw_of_members(operation, output, head, body),
    }
}

/// OpenAI's and Anthropic's answers are objects, whatever type somebody in between says that they are.
fn flaw_of_api(operation: &Operation, head: &Head, body: &[u8]) -> Option<String> {
    if Api::of(operation)? == Api::Stored && content_type(head) == EVENTS {
        return None;
    }
    match json_check::check(body, usize::MAX, |_, _| {}) {
        Ok(b'{') => None,
        Ok(_) => Some("its body is JSON but no object".into()),
        Err(_) => Some("its body is no JSON".into()),
    }
}

/// An answer in the words of a model's family, which need not be known here.
fn flaw_of_bytes(head: &Head, body: &[u8]) -> Option<String> {
    let text = body.trim_ascii();
    let kind = content_type(head);
    let Some(first) = text.first() else {
        return Some("its body is empty".into());
    };
    if kind == "text/html" || (*first == b'<' && (kind.is_empty() || is_json(&kind))) {
        return Some("it is a page of a server in between".into());
    }
    // Other types are the caller's affair: some models answer with pictures.
    let as_json = is_json(&kind) || (kind.is_empty() && matches!(first, b'{' | b'['));
    if !as_json {
        return None;
    }
    let mut said = Said::default();
    match json_check::check(text, usize::MAX, |name, _| said.see(name, false)) {
        Err(flaw) => Some(format!("its body is no JSON, but has {flaw}")),
        Ok(b'{') => said.flaw(),
        Ok(b'n') => Some("its JSON is null".into()),
        Ok(_) => None,
    }
}

/// An answer whose members are known. Members that are not are added every few weeks.
fn flaw_of_members(
    operation: &Operation,
    output: &Structure,
    head: &Head,
    body: &[u8],
) -> Option<String> {
    let needed: Vec<&Member> = needed(operation, output);
    if body.trim_ascii().is_empty() {
        // Whatever of the members is missing, a service writes at least `{}` where there are any.
        let mut members = output.members.iter();
        let any = members.any(|member| member.location == Location::Body);
        return any.then(|| "its body is empty".into());
    }
    let mut said = Said::default();
    let mut found = needed.is_empty();
    let checked = json_check::check(body, DEEPEST, |name, value| {
        let known = output.members.iter().any(|it| it.name.as_bytes() == name);
        said.see(name, known);
        found |= needed
            .iter()
            .any(|it| it.name.as_bytes() == name && holds(it, value));
    });
    match checked {
        Err(_)
            if content_type(head) == "text/html" || body.trim_ascii_start().starts_with(b"<") =>
        {
            Some("it is a page of a server in between".into())
        }
        Err(flaw) => Some(format!(
            "its body is no JSON that can be read, but has {flaw}"
        )),
        Ok(b'{') if found => said.only_words().then(|| said.flaw()).flatten(),
        Ok(b'{') => said.flaw().or_else(|| {
            let names: Vec<_> = needed.iter().map(|it| it.name).collect();
            Some(format!("its JSON has no {}", names.join(" and no ")))
        }),
        Ok(_) => Some("its body is JSON but no object".into()),
    }
}

/// The members of which an answer has at least one. What a model said is needed of Converse; all else beside it may be
/// missing where something stands in for Bedrock.
fn needed<'a>(operation: &Operation, output: &'a Structure) -> Vec<&'a Member> {
    let members = output.members.iter();
    let required = members.filter(|it| it.required && it.location == Location::Body);
    match operation.name {
        "Converse" => required.filter(|it| it.name == "output").collect(),
        _ => required.collect(),
    }
}

/// Whether a value is one for the member.
fn holds(member: &Member, value: &[u8]) -> bool {
    let first = value.first().copied().unwrap_or_default();
    match member.shape.kind {
        Kind::List(_) => first == b'[',
        Kind::Structure(_) | Kind::Map { .. } => first == b'{',
        Kind::String | Kind::Blob => first == b'"',
        _ => first != b'n',
    }
}

/// What an object at the top says.
#[derive(Default)]
struct Said {
    members: usize,
    /// `message` and `__type`, where the answer has no such member: how gateways, load balancers and AWS's services put
    /// what went wrong.
    words: usize,
}

impl Said {
    fn see(&mut self, name: &[u8], known: bool) {
        self.members += 1;
        self.words += usize::from(!known && matches!(name, b"message" | b"Message" | b"__type"));
    }

    fn only_words(&self) -> bool {
        self.members > 0 && self.members == self.words
    }

    fn flaw(&self) -> Option<String> {
        match self.members {
            0 => Some("its JSON is empty".into()),
            _ if self.only_words() => {
                Some("its JSON is nothing but a message of what went wrong".into())
            }
            _ => None,
        }
    }
}

const EVENTS: &str = "text/event-stream";

/// In lower case, without parameters; empty where none is said.
fn content_type(head: &Head) -> String {
    let kind = head.header("content-type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default();
    kind.trim().to_ascii_lowercase()
}

/// How somebody in between has packed an answer: no request says that it may.
fn encoding(head: &Head) -> Option<String> {
    let encoding = head.header("content-encoding")?.trim();
    let is_none = encoding.is_empty() || encoding.eq_ignore_ascii_case("identity");
    (!is_none).then(|| shown::text(encoding).to_string())
}

fn is_json(kind: &str) -> bool {
    kind == "application/json" || kind.ends_with("+json")
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use proptest::{collection::vec, prelude::*};

    fn operation(name: &str) -> &'static Operation {
        let mut services = [Service::BedrockRuntime, Service::Bedrock].into_iter();
        let found = services.find_map(|service| service.operation(name));
        found.expect("it is known")
    }

    fn said(name: &str, kind: &str, body: &str) -> Option<String> {
        let headers = (!kind.is_empty()).then(|| ("content-type".to_owned(), kind.to_owned()));
        let head = Head {
            status: 200,
            headers: headers.into_iter().collect(),
            ..Head::default()
        };
        let body = Bytes::copy_from_slice(body.as_bytes());
        match check(operation(name), &head, &body) {
            Ok(()) => None,
            Err(Error::InvalidAnswer {
                reason, body: kept, ..
            }) => {
                assert_eq!(kept, body);
                assert!(reason.contains(name), "{reason}");
                Some(reason)
            }
            Err(other) => panic!("{other}"),
        }
    }

    const WHOLE: &str = r#"{"output":{"message":{"role":"assistant","content":[]}},"zzNew":1}"#;
    const MESSAGE: &str = r#"{"message":"Endpoint request timed out"}"#;

    #[test]
    fn an_answer_of_converse_has_an_output() {
        assert_eq!(said("Converse", "application/json", WHOLE), None);
        assert_eq!(said("Converse", "", WHOLE), None);
        for body in [
            "",
            " ",
            "{}",
            MESSAGE,
            "null",
            "[]",
            "3",
            "<html></html>",
            "no JSON",
            &WHOLE[..30],
            r#"{"output":null}"#,
            r#"{"output":"x"}"#,
            r#"{"stopReason":"end_turn"}"#,
            r#"{"Output":{"message":{}}}"#,
            &format!("{WHOLE}{WHOLE}"),
        ] {
            assert!(
                said("Converse", "application/json", body).is_some(),
                "{body}"
            );
        }
    }

    #[test]
    fn the_text_says_what_is_wrong_and_not_what_came() {
        let reason = said(
            "Converse",
            "text/html; charset=utf-8",
            "<html>MARKER</html>",
        );
        assert_eq!(
            reason.as_deref(),
            Some(
                "status 200 came without an answer of Converse: it is a page of a server in between; it was probably \
                 paid for, and what came is the error's `body`"
            )
        );
        let cut = said(
            "Converse",
            "application/json",
            r#"{"output":{"message":"MARKER"#,
        );
        let cut = cut.expect("it is none");
        assert!(cut.contains("its end too early at byte 28 of 28"), "{cut}");
        assert!(!cut.contains("MARKER"));
        let lacks = said(
            "CountTokens",
            "application/json",
            r#"{"outputTokens":"MARKER"}"#,
        );
        let lacks = lacks.expect("it is none");
        assert!(lacks.contains("its JSON has no inputTokens"), "{lacks}");
    }

    #[test]
    fn a_models_own_words_are_trusted_unless_they_cannot_be_any() {
        let json = "application/json";
        for (kind, body) in [
            (json, r#"{"zz":1}"#),
            (json, r#"[{"generated_text":"a"}]"#),
            (json, r#"{"message":"a","id":1}"#),
            (json, "\"a text\""),
            ("", "a text"),
            ("", r#"{"a":1}"#),
            ("image/png", "<png"),
            ("text/plain", "<b>bold</b>"),
        ] {
            assert_eq!(said("InvokeModel", kind, body), None, "{kind} {body}");
        }
        let deep = [vec![b'['; 5000], vec![b']'; 5000]].concat();
        let deep = String::from_utf8(deep).expect("it is text");
        assert_eq!(said("InvokeModel", json, &deep), None);
        for (kind, body) in [
            (json, ""),
            ("", ""),
            (json, "{}"),
            (json, MESSAGE),
            (json, " null\n"),
            (json, r#"{"a":"#),
            ("", r#"{"a":"#),
            (json, "<!DOCTYPE html>"),
            ("", "<html>"),
            ("Text/HTML; charset=utf-8", "Bad gateway"),
        ] {
            assert!(said("InvokeModel", kind, body).is_some(), "{kind} {body}");
        }
    }

    #[test]
    fn what_may_be_empty_stays_so() {
        for name in ["DeleteInferenceProfile", "TagResource"] {
            for body in ["", "{}"] {
                assert_eq!(
                    said(name, "application/json", body),
                    None,
                    "{name} {body:?}"
                );
            }
            assert!(said(name, "", "<html>").is_some());
            let reason = said(name, "", MESSAGE).expect("it is none");
            assert!(!reason.contains("paid for"), "{reason}");
        }
        assert_eq!(
            said(
                "ListInferenceProfiles",
                "",
                r#"{"inferenceProfileSummaries":[]}"#
            ),
            None
        );
        assert!(said("ListInferenceProfiles", "", MESSAGE).is_some());
        let job = r#"{"jobArn":"arn:x","message":"it waits"}"#;
        assert_eq!(said("GetModelInvocationJob", "", job), None);
    }

    #[test]
    fn a_body_that_is_empty_answers_only_what_has_no_members() {
        let mut with_members = 0;
        for service in [Service::BedrockRuntime, Service::Bedrock] {
            for operation in service.operations() {
                let Kind::Structure(output) = &operation.output.kind else {
                    panic!("answers are structures")
                };
                let held = |it: &Member| matches!(it.location, Location::Body | Location::Payload);
                let members = output.members.iter().any(held);
                with_members += usize::from(members);
                for body in ["", " \r\n"] {
                    let reason = said(operation.name, "application/json", body);
                    assert_eq!(reason.is_some(), members, "{}", operation.name);
                    let empty = |reason: String| reason.contains("its body is empty");
                    assert!(reason.is_none_or(empty), "{}", operation.name);
                }
            }
        }
        assert!(with_members > 20);
        for name in [
            "ListInferenceProfiles",
            "GetModelInvocationLoggingConfiguration",
        ] {
            assert_eq!(said(name, "application/json", "{}"), None);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_an_answer_or_an_error_with_them(body in vec(any::<u8>(), 0..80), named in 0..5usize) {
            let name = ["Converse", "CountTokens", "InvokeModel", "ListInferenceProfiles", "ApplyGuardrail"][named];
            let head = Head { status: 200, ..Head::default() };
            let body = Bytes::from(body);
            if let Err(error) = check(operation(name), &head, &body) {
                let Error::InvalidAnswer { body: kept, .. } = error else { panic!("{error}") };
                prop_assert_eq!(kept, body);
            }
        }
    }
}
