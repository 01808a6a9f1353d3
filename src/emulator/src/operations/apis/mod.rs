//! The runtime's APIs of other companies: `OpenAI`'s chat completions and responses, Anthropic's messages.
//!
//! What they are on Bedrock was read in AWS's user guide and in recorded answers (August to November 2026): where it is not
//! what the company's own service does, the file that does it says so.

mod chat;
mod encrypted;
mod errors;
mod messages;
mod output;
mod responses;
mod stored;
mod support;

use hyper::Method;
use serde_json::{Map, Value, json};

use crate::bodies::{anthropic, openai, responses as responses_body};
use crate::error::ServiceError;
use crate::http::{Answer, Request};
use crate::model::Prompt;
use crate::operations::{Call, Handler, Operation, RUNTIME, inference};
use crate::refusals::Form;
use crate::stream::Sse;
use crate::targets::Target;

pub use errors::refusal;

/// The APIs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Api {
    /// `/openai/v1/chat/completions`
    Chat,
    /// `/openai/v1/responses`
    Responses,
    /// `/anthropic/v1/messages`
    Messages,
}

/// Their operations. They have names of their own in the journal, since AWS publishes none.
pub fn operations() -> impl Iterator<Item = Operation> {
    let table: [(&'static str, Method, &'static str, Api, Handler); 6] = [
        (
            "ChatCompletions",
            Method::POST,
            "/openai/v1/chat/completions",
            Api::Chat,
            chat::answer,
        ),
        (
            "CreateResponse",
            Method::POST,
            "/openai/v1/responses",
            Api::Responses,
            responses::answer,
        ),
        (
            "GetResponse",
            Method::GET,
            "/openai/v1/responses/{responseId}",
            Api::Responses,
            stored::get,
        ),
        (
            "DeleteResponse",
            Method::DELETE,
            "/openai/v1/responses/{responseId}",
            Api::Responses,
            stored::delete,
        ),
        (
            "CancelResponse",
            Method::POST,
            "/openai/v1/responses/{responseId}/cancel",
            Api::Responses,
            stored::cancel,
        ),
        (
            "Messages",
            Method::POST,
            "/anthropic/v1/messages",
            Api::Messages,
            messages::answer,
        ),
    ];
    table.into_iter().map(|(name, method, path, api, handler)| {
        let mut operation = Operation::new(name, RUNTIME, method, path, handler);
        operation.api = Some(api);
        operation
    })
}

/// An answer as server-sent events, which the log has as they are.
fn streamed(
    call: &mut Call<'_>,
    served: &inference::Served,
    sse: &Sse,
    events: Vec<Value>,
) -> Answer {
    let written = sse.events(&events, served.pace, served.seed);
    inference::streamed(
        call,
        served,
        written,
        Value::Array(events),
        Sse::CONTENT_TYPE,
    )
}

/// What a path below these APIs answers that is none of theirs: a 200 that says that it is nothing (recorded 2026).
pub fn unknown(request: &Request) -> Option<Answer> {
    let path = request.path.as_str();
    if path.starts_with("/anthropic/v1/messages/batches") {
        let body = json!({"message": "Authorization header is missing"});
        return Some(Answer::json(403, &body));
    }
    let below = ["/openai/", "/anthropic/", "/v1/"];
    below
        .iter()
        .any(|prefix| path.starts_with(prefix))
        .then(|| {
            let kind = "com.amazon.coral.service#UnknownOperationException";
            Answer::json(200, &json!({"Output": {"__type": kind}, "Version": "1.0"}))
        })
}

impl Api {
    /// The API of a path.
    fn of_path(path: &str) -> Option<Self> {
        let below = |prefix: &str| path.starts_with(prefix);
        match () {
            () if below("/openai/v1/chat/") => Some(Self::Chat),
            () if below("/openai/") => Some(Self::Responses),
            () if below("/anthropic/") => Some(Self::Messages),
            () => None,
        }
    }

    /// Its path.
    fn path(self) -> &'static str {
        match self {
            Self::Chat => "/openai/v1/chat/completions",
            Self::Responses => "/openai/v1/responses",
            Self::Messages => "/anthropic/v1/messages",
        }
    }

    /// The forms that there are rules for.
    fn forms(self) -> &'static [Form] {
        match self {
            Self::Chat => &[Form::Chat],
            Self::Responses => &[Form::Responses],
            Self::Messages => &[Form::AnthropicPath, Form::Messages],
        }
    }

    /// The refusal of a body without a member that it must have.
    fn missing(self, member: &str) -> ServiceError {
        match self {
            Self::Messages => ServiceError::validation(format!("{member}: Field required")),
            _ => ServiceError::validation(format!("Missing required parameter: '{member}'."))
                .with("code", "missing_required_parameter")
                .with("param", member),
        }
    }
}

/// A call's body, once what it says beside the conversation was noted: the model, and whether the answer is a stream.
fn read(call: &mut Call<'_>, api: Api) -> Result<Value, ServiceError> {
    let mut body: Value = serde_json::from_slice(&call.request.body)
        .ok()
        .filter(Value::is_object)
        .ok_or_else(|| ServiceError::validation("The request body is not valid JSON."))?;
    call.streams = body.get("stream") == Some(&Value::Bool(true));
    let mut input = Map::new();
    if api != Api::Responses {
        // Responses take no notice of a guardrail.
        for (header, member) in [
            ("x-amzn-bedrock-guardrailidentifier", "guardrailIdentifier"),
            ("x-amzn-bedrock-guardrailversion", "guardrailVersion"),
            ("x-amzn-bedrock-trace", "trace"),
        ] {
            if let Some(value) = call.request.header(header) {
                input.insert(member.to_owned(), json!(value));
            }
        }
    }
    if let Some(user) = body.pointer("/metadata/user_id")
        && api == Api::Messages
    {
        input.insert("requestMetadata".to_owned(), json!({"user_id": user}));
    }
    let model = body.get("model").and_then(Value::as_str);
    let model = model.filter(|model| !model.is_empty());
    input.insert("modelId".to_owned(), json!(model));
    let named = model.is_some();
    if let (Api::Messages, Some(members)) = (api, body.as_object_mut()) {
        // The rest is what `InvokeModel` has, and held against the same rules.
        members.remove("model");
        members.remove("stream");
    }
    call.input = Value::Object(input);
    if named {
        Ok(body)
    } else {
        Err(api.missing("model"))
    }
}

/// What a call's model stands for, unless it does not speak this API.
fn target(call: &mut Call<'_>, api: Api) -> Result<Target, ServiceError> {
    let id = call.text("modelId").to_owned();
    let target = inference::target(call).map_err(|error| {
        let catalogue = crate::read(&call.service.catalogue);
        let known = catalogue.models.contains_key(&id) || catalogue.profiles.contains_key(&id);
        let invalid = error == ServiceError::invalid_model_identifier();
        if invalid && !known && !id.starts_with("arn:") {
            support::missing(&id)
        } else {
            error
        }
    })?;
    support::check(api, &id, &target)?;
    Ok(target)
}

/// The conversation in a body, unless the model refuses it.
fn prompt(
    call: &Call<'_>,
    api: Api,
    target: &Target,
    body: &Value,
) -> Result<Prompt, ServiceError> {
    for member in match api {
        Api::Chat => ["messages", "model"],
        Api::Responses => ["input", "model"],
        Api::Messages => ["max_tokens", "messages"],
    } {
        if body.get(member).is_none_or(Value::is_null) {
            return Err(api.missing(member));
        }
    }
    let mut prompt = match api {
        Api::Chat => openai::prompt(body)?,
        Api::Responses => responses_body::prompt(body)?,
        Api::Messages => anthropic::conversation(body, &target.model)?,
    };
    let explicit = body.pointer("/prompt_cache_options/mode") == Some(&Value::from("explicit"));
    prompt.caches_itself = api != Api::Messages && target.model.caches_itself() && !explicit;
    let reading = inference::reading(call, target);
    for form in api.forms() {
        reading.hold(*form, body, &prompt, Some(&call.request.headers))?;
    }
    Ok(prompt)
}
