//! A request's way through: who asks, of which Region, which operation; and what is settled when the answer has gone.

use std::sync::Arc;

use crate::completion::{Completion, Settlement};
use crate::error::ServiceError;
use crate::http::{Answer, Refusal, Request};
use crate::journal::Outcome;
use crate::operations::{self, Call, Labels, Notes, Operation, apis, logged};
use crate::regions::Health;
use crate::state::Service;

impl Service {
    /// Answers one request.
    #[must_use]
    pub fn handle(self: &Arc<Self>, request: Request) -> Answer {
        let mut notes = Notes::default();
        let request_id = self.ids.request_id();
        notes.entry.request_id.clone_from(&request_id);
        notes.entry.time = self.clock.now().epoch_seconds_with_fraction();
        notes.entry.http_version = if request.http2 { "2" } else { "1.1" };
        let answer = self.answer(&request, &mut notes).unwrap_or_else(|error| {
            notes.entry.error_code = Some(error.code.clone());
            apis::refusal(&request, &error)
        });
        let mut answer = answer.with_header("x-amzn-requestid", &request_id);
        let Notes {
            mut entry,
            settlement,
            effects,
        } = notes;
        effects.apply(&mut answer);
        if answer.refusal.is_some() {
            entry.error_code = None;
        } else {
            entry.status = Some(answer.status.as_u16());
        }
        self.metrics.count(&entry);
        entry.method = request.method.to_string();
        entry.path = request.path;
        entry.query = request.query;
        entry.headers = request.headers;
        entry.body = request.body;
        let sequence = self.journal.push(entry);
        let service = Arc::clone(self);
        answer.completion = Some(Completion::new(settlement, move |settlement, outcome| {
            service.settle(sequence, settlement, outcome);
        }));
        answer
    }

    fn answer(
        self: &Arc<Self>,
        request: &Request,
        notes: &mut Notes,
    ) -> Result<Answer, ServiceError> {
        let found = operations::find(request);
        if let Some((operation, _)) = &found {
            notes.entry.operation = Some(operation.name);
            notes.entry.service = operation.service;
        }
        let caller = self.authority.authenticate(request)?;
        notes.entry.region.clone_from(&caller.region);
        notes.entry.principal.clone_from(&caller.principal);
        if !crate::read(&self.catalogue).knows_region(&caller.region) {
            let region = &caller.region;
            return Err(ServiceError::new(
                "InvalidSignatureException",
                format!(
                    "Credential should be scoped to a valid region. The emulator has no Region '{region}'."
                ),
            ));
        }
        let health = self.regions.health(&caller.region);
        if health == Health::Unreachable {
            notes.effects.refusal = Some(Refusal::Closed);
            return Ok(Answer::json(503, &serde_json::json!({})));
        }
        let available = if health == Health::Unavailable {
            let message = crate::error::usual_message("ServiceUnavailableException");
            Err(ServiceError::new("ServiceUnavailableException", message))
        } else {
            Ok(())
        };
        let Some((operation, labels)) = found else {
            available?;
            if let Some(refused) = operations::unanswered(request) {
                return Err(refused);
            }
            return apis::unknown(request).ok_or_else(|| operations::unknown(request));
        };
        let answer = available
            .and_then(|()| self.perform(request, operation, &labels, caller.region, notes));
        if let Err(error) = &answer
            && operation.infers()
        {
            logged::failed(self, request, &labels, notes, &error.code);
        }
        answer
    }

    fn perform(
        self: &Arc<Self>,
        request: &Request,
        operation: &'static Operation,
        labels: &Labels,
        region: String,
        notes: &mut Notes,
    ) -> Result<Answer, ServiceError> {
        let mut call = Call::new(self, request, operation, labels, region, notes)?;
        if !operation.infers() {
            call.consult_rules(None)?;
        }
        (operation.handler)(&mut call)
    }

    /// The journal, capacity and the invocation log learn how an answer went.
    fn settle(&self, sequence: u64, settlement: &Settlement, outcome: Outcome) {
        if let Some(placement) = &settlement.placement {
            self.regions.settle(placement, settlement.tokens);
        }
        self.journal.end(sequence, outcome);
        if let Some(record) = &settlement.record {
            self.invocation_log.deliver(record);
        }
    }
}
