//! One call on its way through an operation.

use std::sync::Arc;

use serde_json::Value;

use super::{Labels, Operation};
use crate::arn;
use crate::clock::Instant;
use crate::completion::Settlement;
use crate::error::ServiceError;
use crate::http::{Answer, Request};
use crate::journal::Entry;
use crate::service::Service;
use crate::shapes;

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
    /// Who calls.
    pub principal: String,
    /// The members of the input, checked.
    pub input: Value,
    /// When it came.
    pub now: Instant,
    /// What the journal will say.
    pub entry: &'a mut Entry,
    /// What is settled at the end.
    pub settlement: &'a mut Settlement,
}

impl<'a> Call<'a> {
    /// Gathers and checks the input of an operation.
    #[expect(
        clippy::too_many_arguments,
        reason = "they are the parts of a call, and it is made in one place"
    )]
    pub fn new(
        service: &'a Arc<Service>,
        request: &'a Request,
        operation: &'static Operation,
        labels: &Labels,
        region: String,
        principal: String,
        entry: &'a mut Entry,
        settlement: &'a mut Settlement,
    ) -> Result<Self, ServiceError> {
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
        let input = shapes::input(operation.name, sources)?;
        let now = service.clock.now();
        Ok(Self {
            service,
            request,
            operation,
            region,
            principal,
            input,
            now,
            entry,
            settlement,
        })
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

    /// A JSON answer.
    #[expect(
        clippy::unused_self,
        reason = "every operation ends with its call's answer"
    )]
    pub fn answer(&self, status: u16, body: &Value) -> Answer {
        Answer::json(status, body)
    }
}
