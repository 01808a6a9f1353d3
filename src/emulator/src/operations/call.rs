//! One call on its way through an operation.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::{Labels, Operation};
use crate::arn;
use crate::clock::Instant;
use crate::completion::Settlement;
use crate::error::ServiceError;
use crate::faults::{Effects, Subject};
use crate::http::{Answer, Request};
use crate::journal::Entry;
use crate::shapes;
use crate::state::Service;

/// Everything that an operation needs.
pub struct Call<'a> {
    /// The emulator.
    pub service: &'a Arc<Service>,
    /// The request.
    pub request: &'a Request,
    /// The operation.
    pub operation: &'static Operation,
    /// The Region that is called.
    pub region: String,
    /// The members of the input, checked.
    pub input: Value,
    /// Whether the answer is to be a stream of events.
    pub streams: bool,
    /// When it came.
    pub now: Instant,
    /// What is noted on the way.
    pub notes: &'a mut Notes,
}

/// What is noted of a call on its way, whether it succeeds or not.
#[derive(Debug, Default)]
pub struct Notes {
    /// What the journal will say.
    pub entry: Entry,
    /// What is settled at the end.
    pub settlement: Settlement,
    /// What faults and scripts want.
    pub effects: Effects,
}

impl<'a> Call<'a> {
    /// Gathers and checks the input of an operation.
    pub fn new(
        service: &'a Arc<Service>,
        request: &'a Request,
        operation: &'static Operation,
        labels: &Labels,
        region: String,
        notes: &'a mut Notes,
    ) -> Result<Self, ServiceError> {
        let mut call = Self {
            service,
            request,
            operation,
            region,
            input: Value::Object(Map::new()),
            streams: operation.streams(),
            now: service.clock.now(),
            notes,
        };
        if operation.api.is_some() {
            // What the API's own body says is read by its handler.
            return Ok(call);
        }
        let (_, shape) = shapes::bundled().input(operation.name);
        let has_payload = shape.is_some_and(|shape| shape.payload.is_some());
        let body = if has_payload || request.body.is_empty() {
            None
        } else {
            let unreadable = |_| shapes::serialization("The request body is no valid JSON.");
            Some(serde_json::from_slice(&request.body).map_err(unreadable)?)
        };
        let sources = shapes::Sources {
            labels,
            query: &request.query,
            headers: &request.headers,
            body,
        };
        call.input = shapes::input(operation.name, sources)?;
        Ok(call)
    }

    /// A member of the input as text; empty when it is absent.
    #[must_use]
    pub fn text(&self, member: &str) -> &str {
        self.input
            .get(member)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// A member of the input as text, if it is there.
    #[must_use]
    pub fn optional(&self, member: &str) -> Option<String> {
        self.input
            .get(member)
            .and_then(Value::as_str)
            .map(str::to_owned)
    }

    /// The ARN of something that the account owns in this Region.
    #[must_use]
    pub fn owned_arn(&self, kind: &str, id: &str) -> String {
        arn::owned(&self.region, &self.service.account, kind, id)
    }

    /// Looks up what faults and scripts want of this call; an error that one of them raises is the call's.
    pub fn consult_rules(&mut self, text: Option<&str>) -> Result<(), ServiceError> {
        let subject = Subject {
            region: &self.region,
            operation: self.operation.name,
            model_id: self
                .notes
                .entry
                .model_id
                .as_deref()
                .or(self.input.get("modelId").and_then(Value::as_str)),
            model: self.notes.entry.model.as_deref(),
            text,
            streams: self.streams,
        };
        let effects = self.service.rules.effects(&subject);
        self.notes.entry.rule = effects.rule;
        let error = effects.error.clone();
        self.notes.effects = effects;
        error.map_or(Ok(()), Err)
    }

    /// A JSON answer.
    #[expect(
        clippy::unused_self,
        reason = "every operation ends with its call's answer"
    )]
    pub fn answer(&self, status: u16, body: &Value) -> Answer {
        Answer::json(status, body)
    }
}
