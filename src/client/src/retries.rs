//! What outcrop adds to the SDK's judgement of which failures may be tried again.

use std::time::Duration;

use aws_smithy_runtime_api::client::{
    interceptors::context::InterceptorContext,
    orchestrator::HttpResponse,
    retries::classifiers::{ClassifyRetry, RetryAction, RetryClassifierPriority},
};
use aws_smithy_types::retry::ErrorKind;

use crate::error::{Clock, Error};

/// Two rules. A model that did not answer in time was probably paid for, so the call is not repeated behind the
/// caller's back. And every 429 may be repeated, also one whose code nobody modeled.
#[derive(Debug)]
pub(crate) struct BedrockClassifier;

impl ClassifyRetry for BedrockClassifier {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        if let Some(Err(error)) = context.output_or_error()
            && error
                .as_connector_error()
                .and_then(std::error::Error::source)
                .is_some_and(paid_for)
        {
            return RetryAction::RetryForbidden;
        }
        match context.response() {
            Some(response) if response.status().as_u16() == 429 => too_many(response),
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "Bedrock"
    }

    /// First of all, so that whoever knows the code of a 429 has the last word on it.
    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_before(RetryClassifierPriority::http_status_code_classifier())
    }
}

fn paid_for(error: &(dyn std::error::Error + 'static)) -> bool {
    let ours = error.downcast_ref::<Error>();
    matches!(
        ours,
        Some(Error::TimedOut {
            clock: Clock::FirstByte | Clock::Idle | Clock::Total,
            ..
        })
    )
}

/// A model that is still loading is no throttle: the short back-off fits it.
fn too_many(response: &HttpResponse) -> RetryAction {
    let header = |name: &str| response.headers().get(name);
    let loading =
        header("x-amzn-errortype").is_some_and(|code| code.starts_with("ModelNotReadyException"));
    let kind = if loading {
        ErrorKind::TransientError
    } else {
        ErrorKind::ThrottlingError
    };
    match header("x-amz-retry-after").and_then(|value| value.parse().ok()) {
        Some(milliseconds) => RetryAction::retryable_error_with_explicit_delay(
            kind,
            Duration::from_millis(milliseconds),
        ),
        None => RetryAction::retryable_error(kind),
    }
}
