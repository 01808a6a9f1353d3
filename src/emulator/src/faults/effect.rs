//! What can happen to a call.

use std::time::Duration;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::matcher::Subject;
use super::stream;
use crate::error::{self, ServiceError};
use crate::http::{Answer, End, Refusal};
use crate::jobs::Course;
use crate::model::ScriptedReply;

/// The longest name that an error may have.
const LONGEST_CODE: usize = 128;

/// One thing that happens.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Effect {
    /// An error answer.
    Error {
        /// AWS's name of it.
        #[serde(deserialize_with = "code")]
        code: String,
        /// Its text, else the usual one.
        message: Option<String>,
        /// What else its shape holds.
        #[serde(default)]
        members: Map<String, Value>,
    },
    /// More time before the first byte.
    Latency {
        /// How much more.
        seconds: f64,
    },
    /// A pause inside a stream.
    Stall {
        /// Events that are sent before it.
        after_events: usize,
        /// How long it is.
        seconds: f64,
    },
    /// A stream that ends with an exception.
    ExceptionFrame {
        /// Events that are sent before it.
        after_events: usize,
        /// AWS's name of it.
        #[serde(deserialize_with = "code")]
        code: String,
        /// Its text, else the usual one.
        message: Option<String>,
    },
    /// A stream that ends inside a frame.
    CutFrame {
        /// Events that are sent before it.
        after_events: usize,
    },
    /// A frame whose checksum is wrong.
    BadChecksum {
        /// Events that are sent before it.
        after_events: usize,
    },
    /// A connection that is reset, before the answer or inside a stream.
    Reset {
        /// Events that are sent before it; nothing means before the answer.
        after_events: Option<usize>,
    },
    /// A connection that closes without an answer.
    Drop,
    /// A body that is shorter than announced.
    Truncate {
        /// Bytes that are sent; nothing means half of them.
        bytes: Option<usize>,
    },
    /// An answer of one's own.
    Reply(ScriptedReply),
    /// Another course of a batch job.
    Job(Course),
}

/// A code that headers and frames can carry.
fn code<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let code = String::deserialize(deserializer)?;
    let named = code.len() <= LONGEST_CODE
        && code
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    if named && !code.is_empty() {
        return Ok(code);
    }
    let start: String = code.chars().take(40).collect();
    Err(serde::de::Error::custom(format!(
        "an error's code must be a name such as ThrottlingException, got {start:?}"
    )))
}

/// What happens inside a stream or a body.
#[derive(Clone, Debug, PartialEq)]
pub enum InBody {
    /// See [`Effect::ExceptionFrame`].
    Exception(usize, ServiceError),
    /// See [`Effect::CutFrame`].
    CutFrame(usize),
    /// See [`Effect::BadChecksum`].
    BadChecksum(usize),
    /// See [`Effect::Reset`].
    Reset(usize),
    /// See [`Effect::Truncate`].
    Truncate(Option<usize>),
}

impl Effect {
    /// Whether it can happen to a call at all.
    pub(super) fn fits(&self, subject: &Subject<'_>) -> bool {
        match self {
            Self::Stall { .. } | Self::ExceptionFrame { .. } | Self::CutFrame { .. } => {
                subject.streams
            }
            // Server-sent events have none.
            Self::BadChecksum { .. } => matches!(
                subject.operation,
                "ConverseStream" | "InvokeModelWithResponseStream"
            ),
            Self::Reset { after_events } => after_events.is_none() || subject.streams,
            Self::Reply(reply) => {
                let fits = reply.events.is_none() || subject.operation == "ConverseStream";
                subject.text.is_some() && fits
            }
            Self::Job(_) => subject.operation == "CreateModelInvocationJob",
            Self::Error { .. } | Self::Latency { .. } | Self::Drop | Self::Truncate { .. } => true,
        }
    }
}

fn made(code: &str, message: Option<&String>) -> ServiceError {
    ServiceError::new(
        code,
        message.map_or_else(|| error::usual_message(code).to_owned(), Clone::clone),
    )
}

fn seconds(number: f64) -> Duration {
    Duration::try_from_secs_f64(number).unwrap_or(Duration::MAX / 4)
}

/// Everything that happens to one call.
#[derive(Clone, Debug, Default)]
pub struct Effects {
    /// The first rule that has a say.
    pub rule: Option<u64>,
    /// An error answer.
    pub error: Option<ServiceError>,
    /// A connection that ends instead of an answer.
    pub refusal: Option<Refusal>,
    /// An answer of one's own.
    pub reply: Option<ScriptedReply>,
    /// What becomes of a batch job.
    pub job: Option<Course>,
    /// What happens inside the body.
    pub stream: Option<InBody>,
    latency: Option<Duration>,
    stall: Option<(usize, Duration)>,
}

impl Effects {
    /// Takes an effect in unless its place is taken; tells whether it was.
    pub(super) fn add(&mut self, rule: u64, effect: &Effect) -> bool {
        fn put<T>(place: &mut Option<T>, value: impl FnOnce() -> T) -> bool {
            let free = place.is_none();
            if free {
                *place = Some(value());
            }
            free
        }
        let taken = match effect {
            Effect::Error {
                code,
                message,
                members,
            } => put(&mut self.error, || {
                let mut error = made(code, message.as_ref());
                error.members.clone_from(members);
                error
            }),
            Effect::Latency { seconds: number } => put(&mut self.latency, || seconds(*number)),
            Effect::Stall {
                after_events,
                seconds: number,
            } => put(&mut self.stall, || (*after_events, seconds(*number))),
            Effect::ExceptionFrame {
                after_events,
                code,
                message,
            } => put(&mut self.stream, || {
                InBody::Exception(*after_events, made(code, message.as_ref()))
            }),
            Effect::CutFrame { after_events } => {
                put(&mut self.stream, || InBody::CutFrame(*after_events))
            }
            Effect::BadChecksum { after_events } => {
                put(&mut self.stream, || InBody::BadChecksum(*after_events))
            }
            Effect::Reset {
                after_events: Some(events),
            } => put(&mut self.stream, || InBody::Reset(*events)),
            Effect::Reset { after_events: None } => put(&mut self.refusal, || Refusal::Reset),
            Effect::Drop => put(&mut self.refusal, || Refusal::Closed),
            Effect::Truncate { bytes } => put(&mut self.stream, || InBody::Truncate(*bytes)),
            Effect::Reply(reply) => put(&mut self.reply, || reply.clone()),
            Effect::Job(course) => put(&mut self.job, || course.clone()),
        };
        if taken {
            self.rule.get_or_insert(rule);
        }
        taken
    }

    /// Whether nothing that follows can matter.
    pub(super) fn ends_the_call(&self) -> bool {
        self.error.is_some() || self.refusal.is_some()
    }

    /// Changes an answer as the rules want it.
    pub fn apply(&self, answer: &mut Answer) {
        answer.delay = answer
            .delay
            .saturating_add(self.latency.unwrap_or_default());
        if self.refusal.is_some() {
            answer.refusal = self.refusal;
        }
        if answer.status.as_u16() >= 400 {
            return;
        }
        if let Some(change) = &self.stream {
            stream::change(&mut answer.body, change);
        }
        if let Some((after, pause)) = self.stall {
            stream::stall(&mut answer.body, after, pause);
        }
    }

    /// Whether the answer will not end as it should.
    #[must_use]
    pub fn breaks(answer: &Answer) -> bool {
        answer.refusal.is_some() || answer.body.end != End::Complete
    }
}
