//! A whole HTTP request of OpenAI's or Anthropic's, as a call.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;

use crate::{
    apis::{self, Api, Asked, Said},
    call::Call,
    checks,
    error::Error,
    model::Location,
};

/// A request as a client library made it.
#[derive(Debug)]
pub struct Request {
    /// The HTTP method.
    pub method: String,
    /// The path, and the query if there is one.
    pub target: String,
    /// The headers, those of the library's own among them.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
    /// How long the answer may take, of a stream its beginning.
    pub patience: Option<Duration>,
    /// What is said for Anthropic's version, in place of what Bedrock is known to take.
    pub anthropic_version: Option<String>,
}

impl Request {
    /// The call that it is.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] says what cannot be sent: nothing was.
    pub fn lay_out(self) -> Result<Call, Error> {
        let (path, query) = self.target.split_once('?').unwrap_or((&self.target, ""));
        let api = Api::of_path(path).filter(|_| is_target(&self.target));
        let Some(api) = api else {
            return Err(refused(&format!(
                "{} is no path of OpenAI's or Anthropic's APIs on Bedrock's runtime endpoint: base_url must end in \
                 /openai/v1 or in /anthropic",
                crate::shown::text(path)
            )));
        };
        checks::headers("a header of the request", &self.headers)?;
        let said = if self.body.is_empty() {
            Said::default()
        } else {
            apis::read(&self.body)
                .map_err(|flaw| refused(&format!("{path} cannot be called: {flaw}")))?
        };
        if said.file_id {
            return Err(refused(
                "the request names a file by its id, but Bedrock's runtime endpoint keeps no files: put the data into the \
                 request, as a data: URL or as s3://",
            ));
        }
        let (mut headers, trace) = apis::sorted(self.headers);
        if path.starts_with("/anthropic/") {
            apis::of_messages(&mut headers, self.anthropic_version.as_deref());
        }
        let stored = apis::stored_id(path);
        // What is stored is there, whichever way it is told.
        let asks = said.stream || query.split('&').any(|pair| pair == "stream=true");
        let streams = asks && api != Api::Stored;
        let asked = Asked {
            api,
            bound: said
                .bound
                .into_iter()
                .chain(stored.map(str::to_owned))
                .collect(),
            hides_usage: api == Api::Chat && said.stream && !said.says_usage,
            method: self.method,
            patience: self.patience,
            target: self.target,
        };
        asked.check(&headers)?;
        let model = said.model.map(|model| (Location::Uri("modelId"), model));
        Ok(Call {
            located: model.into_iter().collect(),
            body: self.body,
            headers,
            trace,
            affinity_key: said.cache_key.filter(|key| !key.is_empty()),
            api: Some(Arc::new(asked)),
            ..Call::new(api.operation(streams))
        })
    }
}

/// What can stand in a request's first line and is sent as it is: no segment that anybody on the way might fold away.
fn is_target(target: &str) -> bool {
    let path = target.split('?').next().unwrap_or_default();
    let folds = |segment: &str| {
        let plain = segment.to_ascii_lowercase().replace("%2e", ".");
        plain == "." || plain == ".."
    };
    target.parse::<http::uri::PathAndQuery>().is_ok()
        && !target.contains('#')
        && !path.contains("//")
        && !path.split('/').any(folds)
}

fn refused(reason: &str) -> Error {
    Error::InvalidArgument {
        reason: reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(target: &str, body: &'static str) -> Request {
        Request {
            method: "POST".into(),
            target: target.into(),
            headers: vec![("Content-Type".into(), "application/json".into())],
            body: Bytes::from_static(body.as_bytes()),
            patience: None,
            anthropic_version: None,
        }
    }

    #[test]
    fn the_path_names_the_api_and_the_body_whether_it_streams() {
        for (target, body, name) in [
            ("/openai/v1/chat/completions", "{}", "CreateChatCompletion"),
            (
                "/openai/v1/chat/completions",
                r#"{"stream":true}"#,
                "CreateChatCompletionStream",
            ),
            ("/openai/v1/responses", "{}", "CreateResponse"),
            ("/openai/v1/responses/resp_1", "", "StoredResponse"),
            (
                "/openai/v1/responses/resp_1?stream=true",
                "",
                "StoredResponse",
            ),
            ("/openai/v1/responses/compact", "{}", "SendRequest"),
            ("/openai/v1/responses/resp_1/cancel", "", "StoredResponse"),
            (
                "/anthropic/v1/messages?beta=true",
                r#"{"stream":true}"#,
                "CreateMessageStream",
            ),
            ("/anthropic/v1/messages/count_tokens", "{}", "SendRequest"),
        ] {
            let call = request(target, body).lay_out().expect("it can be sent");
            assert_eq!(call.operation.name, name);
        }
    }

    #[test]
    fn what_is_no_path_of_theirs_is_not_sent() {
        for target in [
            "/model/m/converse",
            "/",
            "",
            "*",
            "/openai/../model/m/converse",
            "/openai/%2E%2e/x",
            "/openai//x",
            "/openai/v1/a b",
            "https://elsewhere.example/openai/v1/responses",
        ] {
            assert!(request(target, "{}").lay_out().is_err(), "{target}");
        }
    }

    #[test]
    fn a_guardrail_that_would_guard_nothing_is_refused() {
        let with = |target| {
            let mut request = request(target, "{}");
            request
                .headers
                .push(("X-Amzn-Bedrock-GuardrailIdentifier".into(), "g".into()));
            request.lay_out()
        };
        assert!(with("/openai/v1/chat/completions").is_ok());
        assert!(with("/anthropic/v1/messages").is_ok());
        let error = with("/openai/v1/responses").expect_err("Bedrock ignores it");
        assert!(
            error
                .to_string()
                .starts_with("Bedrock ignores guardrails on the Responses API")
        );
    }

    #[test]
    fn a_stored_response_is_bound_to_its_target() {
        let call = request("/openai/v1/responses/resp_1/cancel?x=1", "").lay_out();
        let asked = call.expect("it can be sent").api.expect("it is one");
        assert_eq!(asked.bound, ["resp_1"]);
    }
}
