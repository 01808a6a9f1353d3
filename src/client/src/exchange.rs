//! One call inside the SDK.
//!
//! The SDK carries the call: endpoint, credentials, signature, retries. The body does not pass through its typed
//! builders: [`Carrier`] puts this file's serializer and deserializer in place of the generated ones, so one SDK
//! operation a service carries every operation of the table, what Bedrock adds tomorrow works today, and nothing is
//! parsed twice. `docs/dev/carrier.md` says more.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use aws_sdk_bedrock::operation::delete_inference_profile::{
    DeleteInferenceProfileError, DeleteInferenceProfileOutput,
};
use aws_sdk_bedrockruntime::{
    operation::converse::{ConverseError, ConverseOutput},
    types::StopReason,
};
use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{
            Intercept,
            context::{
                BeforeSerializationInterceptorContextMut, BeforeTransmitInterceptorContextMut,
                BeforeTransmitInterceptorContextRef, Error as AnyError,
                FinalizerInterceptorContextRef, Input, Output,
            },
            dyn_dispatch_hint,
        },
        orchestrator::{HttpRequest, HttpResponse, OrchestratorError},
        retries::RequestAttempts,
        runtime_components::RuntimeComponents,
        ser_de::{
            DeserializeResponse, SerializeRequest, SharedRequestSerializer,
            SharedResponseDeserializer,
        },
    },
};
use aws_smithy_types::{
    body::SdkBody,
    config_bag::{ConfigBag, Layer},
    error::ErrorMetadata,
    retry::RetryConfig,
};
use bytes::Bytes;

use crate::{
    answer,
    apis::faults,
    call::{Call, Head, insert},
    error::{Error, ServiceError},
    model::Service,
    observation::Attempt,
};

/// A call and the place for its answer.
#[derive(Clone, Debug)]
pub(crate) struct Exchange(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    call: Call,
    reply: Mutex<Option<Reply>>,
    attempts: Mutex<Attempts>,
}

/// The requests that a call took. Nothing is written down before one fails.
#[derive(Clone, Debug)]
pub(crate) struct Attempts {
    began: Instant,
    /// How many.
    pub(crate) count: u32,
    last_began: Instant,
    last_ended: Option<Instant>,
    written: Vec<Attempt>,
}

impl Attempts {
    fn new() -> Self {
        let now = Instant::now();
        Self {
            began: now,
            count: 0,
            last_began: now,
            last_ended: None,
            written: vec![],
        }
    }

    fn begin(&mut self) {
        self.count += 1;
        self.last_began = Instant::now();
    }

    fn end(&mut self, error: Option<String>, request_id: impl FnOnce() -> Option<String>) {
        let now = Instant::now();
        if error.is_some() || !self.written.is_empty() {
            let back_off = self.last_ended.map(|ended| self.last_began - ended);
            self.written.push(Attempt {
                region: String::new(),
                model_id: String::new(),
                error,
                request_id: request_id(),
                begun: self.last_began - self.began,
                duration: now - self.last_began,
                back_off: back_off.unwrap_or(Duration::ZERO),
            });
        }
        self.last_ended = Some(now);
    }

    /// What was written down, by a client of this Region.
    pub(crate) fn of(self, region: &str, model_id: Option<&str>) -> Vec<Attempt> {
        let mut written = self.written;
        for attempt in &mut written {
            region.clone_into(&mut attempt.region);
            model_id
                .unwrap_or_default()
                .clone_into(&mut attempt.model_id);
        }
        written
    }
}

/// What came back last.
#[derive(Debug)]
pub(crate) enum Reply {
    /// A success, its body not read yet.
    Answer(Head, SdkBody),
    /// Bedrock's error.
    Refused(ServiceError),
}

impl Exchange {
    pub(crate) fn new(call: Call) -> Self {
        Self(Arc::new(Inner {
            call,
            reply: Mutex::default(),
            attempts: Mutex::new(Attempts::new()),
        }))
    }

    /// The requests that it took.
    pub(crate) fn attempts(&self) -> Attempts {
        self.attempting().clone()
    }

    fn attempting(&self) -> MutexGuard<'_, Attempts> {
        self.0
            .attempts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs an SDK call as this exchange.
    pub(crate) fn carry<F: Future>(&self, sending: F) -> impl Future<Output = F::Output> {
        UNDER_WAY.scope(self.clone(), sending)
    }

    /// Whether Bedrock refused it by one of these codes.
    pub(crate) fn is_refused_as(&self, codes: &[&str]) -> bool {
        let reply = self.0.reply.lock();
        matches!(
            &*reply.unwrap_or_else(PoisonError::into_inner),
            Some(Reply::Refused(error)) if codes.contains(&error.code.as_str())
        )
    }

    pub(crate) fn take(&self) -> Option<Reply> {
        self.0
            .reply
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    fn put(&self, reply: Reply) {
        *self.0.reply.lock().unwrap_or_else(PoisonError::into_inner) = Some(reply);
    }

    /// The SDK casts the output to the type of its own operation, so there must be one.
    fn success(&self) -> Output {
        match self.0.call.operation.service {
            Service::Bedrock => Output::erase(DeleteInferenceProfileOutput::builder().build()),
            Service::BedrockRuntime => Output::erase(
                ConverseOutput::builder()
                    .stop_reason(StopReason::EndTurn)
                    .build()
                    .expect("all that is required"),
            ),
        }
    }

    /// The same for an error; the SDK's retry classifiers read its code.
    fn failure(&self, code: &str) -> OrchestratorError<AnyError> {
        let metadata = ErrorMetadata::builder().code(code).build();
        OrchestratorError::operation(match self.0.call.operation.service {
            Service::Bedrock => AnyError::erase(DeleteInferenceProfileError::generic(metadata)),
            Service::BedrockRuntime => AnyError::erase(ConverseError::generic(metadata)),
        })
    }
}

fn head(response: &HttpResponse, config: &ConfigBag) -> Head {
    let attempts = config
        .load::<RequestAttempts>()
        .map_or(1, RequestAttempts::attempts);
    let allowed = config
        .load::<RetryConfig>()
        .map_or(u32::MAX, RetryConfig::max_attempts);
    Head {
        status: response.status().as_u16(),
        headers: response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        attempts,
        exhausted: attempts >= allowed,
        route: None,
        reuse: None,
    }
}

tokio::task_local! {
    static UNDER_WAY: Exchange;
}

/// How many attempts of the call under way, up to the last, ended with one of these errors.
pub(crate) fn ended_with(names: &[&str]) -> usize {
    let one = |attempt: &&Attempt| {
        let error = attempt.error.as_deref();
        error.is_some_and(|error| names.contains(&error))
    };
    let count = |exchange: &Exchange| {
        let attempts = exchange.attempting();
        let last = attempts.written.last().filter(one);
        last.map_or(0, |_| attempts.written.iter().filter(one).count())
    };
    UNDER_WAY.try_with(count).unwrap_or_default()
}

/// What an SDK client has to have for its calls to be exchanges. An interceptor for each call would do, too, but the
/// SDK then lays the whole call out twice: 4 KB of each call in flight.
#[derive(Debug)]
pub(crate) struct Carrier;

#[dyn_dispatch_hint]
impl Intercept for Carrier {
    fn name(&self) -> &'static str {
        "OutcropCarrier"
    }

    fn modify_before_serialization(
        &self,
        _: &mut BeforeSerializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let exchange = UNDER_WAY.try_with(Exchange::clone)?;
        // In a layer of their own: two more entries, and the SDK's table for this call doubles its size.
        let mut layer = Layer::new("outcrop");
        layer.store_put(SharedRequestSerializer::new(exchange.clone()));
        layer.store_put(SharedResponseDeserializer::new(exchange));
        config.push_layer(layer);
        Ok(())
    }

    fn read_before_attempt(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        UNDER_WAY.try_with(|exchange| exchange.attempting().begin())?;
        Ok(())
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let headers = context.request_mut().headers_mut();
        UNDER_WAY.try_with(|exchange| insert(headers, &exchange.0.call.trace))??;
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response();
        let request_id = || {
            let id = response?.headers().get("x-amzn-requestid")?;
            Some(id.to_owned())
        };
        UNDER_WAY.try_with(|exchange| {
            let error = match context.output_or_error() {
                Some(Err(error)) => Some(exchange.name_of(error)),
                _ => None,
            };
            exchange.attempting().end(error, request_id);
        })?;
        Ok(())
    }
}

impl Exchange {
    /// The name of what an attempt failed with.
    fn name_of(&self, error: &OrchestratorError<AnyError>) -> String {
        let reply = self.0.reply.lock();
        if error.is_operation_error()
            && let Some(Reply::Refused(refused)) = &*reply.unwrap_or_else(PoisonError::into_inner)
        {
            return refused.code.clone();
        }
        let mut source: Option<&(dyn std::error::Error + 'static)> =
            error.as_connector_error().map(|error| error as _);
        while let Some(cause) = source {
            if let Some(ours) = cause.downcast_ref::<Error>() {
                return ours.name();
            }
            source = cause.source();
        }
        "ConnectionClosedError".into()
    }
}

impl SerializeRequest for Exchange {
    fn serialize_input(&self, _: Input, _: &mut ConfigBag) -> Result<HttpRequest, BoxError> {
        Ok(self.0.call.request()?)
    }
}

impl DeserializeResponse for Exchange {
    /// A success leaves the SDK with its body unread: reading it is the same for whole answers and streams, and a body
    /// that breaks off must not make the SDK pay for the prompt again.
    fn deserialize_streaming_with_config(
        &self,
        response: &mut HttpResponse,
        config: &ConfigBag,
    ) -> Option<Result<Output, OrchestratorError<AnyError>>> {
        if !response.status().is_success() {
            return None;
        }
        self.put(Reply::Answer(head(response, config), response.take_body()));
        Some(Ok(self.success()))
    }

    fn deserialize_nonstreaming_with_config(
        &self,
        response: &HttpResponse,
        config: &ConfigBag,
    ) -> Result<Output, OrchestratorError<AnyError>> {
        let body = Bytes::copy_from_slice(response.body().bytes().unwrap_or_default());
        let mut error = answer::service_error(head(response, config), body);
        if self.0.call.api.is_some() {
            error = faults::named(error);
        }
        let failure = self.failure(&error.code);
        self.put(Reply::Refused(error));
        Err(failure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_succeeds_at_once_has_nothing_written_down() {
        let mut attempts = Attempts::new();
        attempts.begin();
        attempts.end(None, || unreachable!("nobody asks for its id"));
        assert_eq!(attempts.count, 1);
        assert!(attempts.of("us-east-1", Some("m")).is_empty());
    }

    #[test]
    fn after_a_failure_each_attempt_is_written_down() {
        let mut attempts = Attempts::new();
        attempts.begin();
        attempts.end(Some("ThrottlingException".into()), || Some("one".into()));
        attempts.begin();
        attempts.end(None, || Some("two".into()));
        assert_eq!(attempts.count, 2);
        let written = attempts.of("us-east-1", Some("m"));
        let errors: Vec<_> = written.iter().map(|it| it.error.as_deref()).collect();
        assert_eq!(errors, [Some("ThrottlingException"), None]);
        assert!(
            written
                .iter()
                .all(|it| (it.region.as_str(), it.model_id.as_str()) == ("us-east-1", "m"))
        );
        let [first, second] = &written[..] else {
            panic!("two attempts")
        };
        assert_eq!(first.back_off, Duration::ZERO);
        assert_eq!(second.begun, first.begun + first.duration + second.back_off);
    }
}
