//! The other APIs of the runtime's endpoint: OpenAI's Chat Completions and Responses, and Anthropic's Messages.
//!
//! A request of theirs is a [`Call`] like any other: the same credentials, connections, permits, breakers and limits. What
//! differs is in this room: the body is the caller's, with its `model` set to the target's; the path names the API; streams
//! are server-sent events, which are handed on as they came. `docs/dev/transports.md` tells why it is as it is.

mod asked;
mod body;
mod events;
pub(crate) mod faults;
mod headers;
mod lines;
mod usage;

use std::sync::LazyLock;

pub use self::asked::Asked;
#[cfg(test)]
pub(crate) use self::events::CONTENT;
pub(crate) use self::{
    body::{ENCRYPTED, Said, as_sent, read, said_in_answer},
    events::{END, Meaning, OPENING, USAGE, meaning},
    headers::{of_messages, sorted},
    lines::{data, name},
    usage::hidden,
};
use crate::model::{ELSEWHERE, Operation, Service};

/// One of the APIs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Api {
    /// OpenAI's Chat Completions.
    Chat,
    /// OpenAI's Responses.
    Responses,
    /// A response that Bedrock has stored: read, cancelled, deleted.
    Stored,
    /// Anthropic's Messages.
    Messages,
    /// A path below these that nobody here knows.
    Other,
}

/// A name for whole answers and one for streams, each with its API.
const NAMES: [(&str, Api, bool); 9] = [
    ("CreateChatCompletion", Api::Chat, false),
    ("CreateChatCompletionStream", Api::Chat, true),
    ("CreateMessage", Api::Messages, false),
    ("CreateMessageStream", Api::Messages, true),
    ("CreateResponse", Api::Responses, false),
    ("CreateResponseStream", Api::Responses, true),
    ("SendRequest", Api::Other, false),
    ("SendRequestStream", Api::Other, true),
    ("StoredResponse", Api::Stored, false),
];

/// They are told apart by name where calls are counted. Their answers are bytes, as those of `InvokeModel` are.
static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let like = |stream| {
        let name = if stream {
            "InvokeModelWithResponseStream"
        } else {
            "InvokeModel"
        };
        Service::BedrockRuntime
            .operation(name)
            .expect("it is in the table")
    };
    let operation = |&(name, _, stream): &(&'static str, Api, bool)| Operation {
        name,
        service: Service::BedrockRuntime,
        method: "POST",
        path: ELSEWHERE,
        input: like(stream).input,
        output: like(stream).output,
        errors: &[],
        paginator: None,
    };
    NAMES.iter().map(operation).collect()
});

/// The id of the stored response that a path is about.
pub(crate) fn stored_id(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("/openai/v1/responses/")?;
    let id = rest.split('/').next().unwrap_or(rest);
    // Others are operations.
    id.starts_with(RESPONSE).then_some(id)
}

/// How the ids of responses begin.
pub(crate) const RESPONSE: &str = "resp";

impl Api {
    /// The API that a path is of.
    pub(crate) fn of_path(path: &str) -> Option<Self> {
        Some(match path {
            "/openai/v1/chat/completions" => Self::Chat,
            "/openai/v1/responses" => Self::Responses,
            "/anthropic/v1/messages" => Self::Messages,
            _ if stored_id(path).is_some() => Self::Stored,
            _ if path.starts_with("/openai/") || path.starts_with("/anthropic/") => Self::Other,
            _ => return None,
        })
    }

    /// The API of an operation; `None` for those of the table.
    #[must_use]
    pub fn of(operation: &Operation) -> Option<Self> {
        // No operation of the table has that path.
        if operation.path != ELSEWHERE {
            return None;
        }
        let mut names = NAMES.iter();
        names
            .find(|(name, ..)| *name == operation.name)
            .map(|(_, api, _)| *api)
    }

    pub(crate) fn operation(self, stream: bool) -> &'static Operation {
        let found = NAMES.iter().zip(OPERATIONS.iter());
        let mut found = found.filter(|((_, api, streams), _)| (*api, *streams) == (self, stream));
        found.next().expect("each has one of what it can be").1
    }

    /// Whether a model writes the answer.
    #[must_use]
    pub fn generates(self) -> bool {
        matches!(self, Self::Chat | Self::Responses | Self::Messages)
    }
}
