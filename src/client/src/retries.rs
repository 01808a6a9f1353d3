//! What outcrop adds to the SDK's judgement of which failures may be tried again.

use std::time::Duration;

use aws_smithy_runtime_api::client::{
    interceptors::context::InterceptorContext,
    orchestrator::HttpResponse,
    retries::classifiers::{ClassifyRetry, RetryAction, RetryClassifierPriority},
};
use aws_smithy_types::retry::ErrorKind;

use crate::{error::Error, exchange::ended_with};

/// AWS's codes for a signature that may be wrong because the clock is.
const SKEWED: [&str; 5] = [
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "AuthFailure",
    "RequestTimeTooSkewed",
    "AccessDeniedException",
];

/// What was probably paid for is not repeated behind the caller's back; [`Sent`](crate::sent::Sent) has the rule. Every 429 may be
/// repeated, also one whose code nobody modeled. And a signature that was refused with the clock corrected, too, is wrong.
#[derive(Debug)]
pub(crate) struct BedrockClassifier;

impl ClassifyRetry for BedrockClassifier {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let Some(Err(error)) = context.output_or_error() else {
            return RetryAction::NoActionIndicated;
        };
        let paid = |source: &(dyn std::error::Error + 'static)| {
            source
                .downcast_ref::<Error>()
                .is_some_and(Error::probably_paid)
        };
        let connection = error.as_connector_error();
        if connection
            .and_then(std::error::Error::source)
            .is_some_and(paid)
        {
            return RetryAction::RetryForbidden;
        }
        match context.response() {
            Some(response) if response.status().as_u16() == 429 => too_many(response),
            _ if ended_with(&SKEWED) > 1 => RetryAction::RetryForbidden,
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
