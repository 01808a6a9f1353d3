//! The bodies of `InvokeModel`: each family of models has its own.

pub mod anthropic;
pub mod asynchronous;
mod completions;
pub mod converse;
pub mod embeddings;
mod meta;
mod nova;
pub mod openai;
pub mod rerank;
pub mod responses;

use bytes::Bytes;
use serde_json::Value;

use crate::catalogue::Model;
use crate::clock::Instant;
use crate::error::{self, ServiceError};
use crate::ids;
use crate::model::{Part, Prompt, Reply, Role, Turn};
use crate::refusals::Form;

/// What a body may tell of the call beside the answer.
pub struct Context {
    /// The model's id.
    pub model: String,
    /// A number that depends on the conversation alone.
    pub seed: u64,
    /// When the call came.
    pub now: Instant,
}

impl Context {
    /// An id in the family's own form that depends on the conversation alone.
    pub fn id(&self, prefix: &str, length: usize) -> String {
        format!("{prefix}{}", ids::letters(self.seed, length))
    }
}

/// The forms that bodies come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Anthropic's messages.
    Anthropic,
    /// One prompt for `DeepSeek`, whose newer models speak chat completions, too.
    Completions,
    /// One prompt for Meta's Llama.
    Meta,
    /// One prompt for Mistral's older models.
    Mistral,
    /// Amazon Nova's messages.
    Nova,
    /// Chat completions, which most providers on Bedrock speak.
    OpenAi,
}

impl Family {
    /// The form that a model speaks; some speak two, and the body tells which.
    pub fn of(model: &Model, body: &Value) -> Self {
        match model.family() {
            "anthropic" => Self::Anthropic,
            "amazon" if model.id.contains("nova") && !model.embeds() => Self::Nova,
            "meta" if body.get("messages").is_none() => Self::Meta,
            "mistral" if body.get("messages").is_none() => Self::Mistral,
            "deepseek" if body.get("prompt").is_some() && body.get("messages").is_none() => {
                Self::Completions
            }
            _ => Self::OpenAi,
        }
    }

    /// The form that there are rules for.
    pub fn form(self) -> Form {
        match self {
            Self::Anthropic => Form::Messages,
            Self::Nova => Form::Nova,
            _ => Form::Other,
        }
    }

    /// The conversation in a body.
    pub fn prompt(self, body: &Value, model: &Model) -> Result<Prompt, ServiceError> {
        match self {
            Self::Anthropic => anthropic::prompt(body, model),
            Self::Completions => completions::DEEPSEEK.prompt(body),
            Self::Meta => meta::prompt(body),
            Self::Mistral => completions::MISTRAL.prompt(body),
            Self::Nova => nova::prompt(body, model),
            Self::OpenAi => openai::prompt(body),
        }
    }

    /// A whole answer.
    pub fn answer(self, reply: &Reply, context: &Context) -> Value {
        match self {
            Self::Anthropic => anthropic::answer(reply, context),
            Self::Completions => completions::DEEPSEEK.answer(reply),
            Self::Meta => meta::answer(reply),
            Self::Mistral => completions::MISTRAL.answer(reply),
            Self::Nova => nova::answer(reply),
            Self::OpenAi => openai::answer(reply, context),
        }
    }

    /// The events of a streamed answer.
    pub fn events(self, reply: &Reply, context: &Context) -> Vec<Value> {
        match self {
            Self::Anthropic => anthropic::events(reply, context),
            Self::Completions => completions::DEEPSEEK.events(reply),
            Self::Meta => meta::events(reply),
            Self::Mistral => completions::MISTRAL.events(reply),
            Self::Nova => nova::events(reply),
            Self::OpenAi => openai::events(reply, context),
        }
    }
}

/// A body as JSON.
pub fn read(body: &Bytes) -> Result<Value, ServiceError> {
    match serde_json::from_slice::<Value>(body) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => Err(malformed("#: expected type: JSONObject")),
        Err(_) => Err(malformed("expected valid JSON")),
    }
}

/// A refusal of a body that breaks its schema.
fn malformed(what: &str) -> ServiceError {
    ServiceError::validation(error::malformed(what))
}

/// A member that must be there.
fn required<'a>(body: &'a Value, key: &str) -> Result<&'a Value, ServiceError> {
    body.get(key)
        .filter(|value| !value.is_null())
        .ok_or_else(|| malformed(&format!("#: required key [{key}] not found")))
}

/// A whole number of at least one.
fn limit(body: &Value, key: &str) -> Result<Option<usize>, ServiceError> {
    match body.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match value
            .as_u64()
            .and_then(|number| usize::try_from(number).ok())
        {
            Some(number) if number >= 1 => Ok(Some(number)),
            _ if value.is_number() => Err(malformed(&format!(
                "#/{key}: {value} is not greater or equal to 1"
            ))),
            _ => Err(malformed(&format!(
                "#/{key}: expected type: Integer, found: {}",
                named(value)
            ))),
        },
    }
}

fn named(value: &Value) -> &'static str {
    match value {
        Value::Null => "Null",
        Value::Bool(_) => "Boolean",
        Value::Number(_) => "Number",
        Value::String(_) => "String",
        Value::Array(_) => "JSONArray",
        Value::Object(_) => "JSONObject",
    }
}

/// A list of texts, as stop sequences are.
fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(values)) => values
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    }
}

/// A text that must be there.
fn text_of(body: &Value, key: &str) -> Result<String, ServiceError> {
    let value = required(body, key)?;
    value.as_str().map(str::to_owned).ok_or_else(|| {
        malformed(&format!(
            "#/{key}: expected type: String, found: {}",
            named(value)
        ))
    })
}

/// A conversation of one text, as models without roles have it.
fn plain_prompt(text: &str) -> Prompt {
    let turn = Turn {
        role: Role::User,
        parts: vec![Part::Text(text.to_owned())],
    };
    Prompt {
        turns: vec![turn],
        ..Prompt::default()
    }
}
