//! What a failure of one target means for the call: go on elsewhere, or tell the caller.

use std::time::Duration;

use super::breaker::Outcome;
use crate::{
    apis::faults,
    error::{Error, ServiceError, Timeout},
};

/// What kind of failure it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The request is wrong or may not be made; it would fail anywhere. The target is well.
    Caller,
    /// The target's quota or room is used up for now.
    Throttled,
    /// Its quota of the day is used up.
    DailyQuota,
    /// The target failed, or cannot be reached.
    Failed,
    /// No answer came in time, or it broke off, after the request had been sent: it was probably paid for.
    PaidFor,
    /// A policy denies this target; another may be allowed.
    Denied,
    /// The account may not call this model there, nobody may any more, or AWS does not take its keys; of another model or
    /// account that may not be so.
    NotTheirs,
}

/// Tells what kind of failure an error is.
#[must_use]
pub fn kind(error: &Error) -> Kind {
    match error {
        Error::Routed { error, .. } => kind(error),
        Error::Service(error) => by_code(&error.code, Some(error.status), &error.message, || {
            original_status(error)
        }),
        // Its real kind, whatever the status of the answer it came in.
        Error::Stream { message, .. } => by_code(&error.name(), None, message, || None),
        error if error.probably_paid() => Kind::PaidFor,
        Error::Connect { .. }
        | Error::Proxy { .. }
        | Error::Tls { .. }
        | Error::Closed { .. }
        | Error::TimedOut { .. } => Kind::Failed,
        // It waited for room and found none.
        Error::Overloaded { .. } => Kind::Throttled,
        _ => Kind::Caller,
    }
}

/// The kind of what Bedrock said: by its code, then by the text, then by the status, which an exception inside a stream
/// does not have. `original` is the status of the model behind it, where the answer tells.
#[must_use]
pub fn by_code(
    code: &str,
    status: Option<u16>,
    message: &str,
    original: impl FnOnce() -> Option<u64>,
) -> Kind {
    match code {
        "AccessDeniedException" if message.contains("explicit deny") => Kind::Denied,
        "ModelNotReadyException"
        | "ModelTimeoutException"
        | "ModelStreamErrorException"
        | "InternalServerException"
        | "ServiceUnavailableException" => Kind::Failed,
        _ if faults::is_failure(code) => Kind::Failed,

        // The status of the model behind it says whether the request was at fault.
        "ModelErrorException" => match original() {
            Some(status) if status < 500 => Kind::Caller,
            _ => Kind::Failed,
        },
        _ if status == Some(429) || is_throttling(code) => {
            if message.contains("per day") {
                Kind::DailyQuota
            } else {
                Kind::Throttled
            }
        }
        _ if status.is_some_and(|status| status >= 500 || status == 408) => Kind::Failed,
        _ => Kind::Caller,
    }
}

/// Names under which AWS's services say that there is no room. A used-up quota belongs to one account in one Region, so
/// another Region may have room, and this one has it later.
fn is_throttling(code: &str) -> bool {
    code.starts_with("Throttl")
        || faults::is_throttling(code)
        || matches!(
            code,
            "TooManyRequestsException" | "ServiceQuotaExceededException" | "RequestLimitExceeded"
        )
}

/// What a failure says of its target; `None` where it says nothing against it.
#[must_use]
pub fn outcome(kind: Kind, name: &str, passes_denied: bool) -> Option<Outcome> {
    match kind {
        Kind::Throttled => Some(Outcome::Throttled),
        Kind::Failed | Kind::PaidFor | Kind::NotTheirs => Some(Outcome::Failed(name.to_owned())),
        Kind::DailyQuota => Some(Outcome::FailedForLong("its daily quota is used up".into())),
        Kind::Denied if passes_denied => Some(Outcome::FailedForLong("a policy denies it".into())),
        Kind::Denied | Kind::Caller => None,
    }
}

impl Kind {
    /// Whether it was for want of room.
    #[must_use]
    pub const fn is_throttling(self) -> bool {
        matches!(self, Self::Throttled | Self::DailyQuota)
    }

    /// A word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Caller | Self::NotTheirs => "caller",
            Self::Throttled => "throttled",
            Self::DailyQuota => "daily-quota",
            Self::Failed => "failed",
            Self::PaidFor => "paid-for",
            Self::Denied => "denied",
        }
    }
}

/// Whether an error is about the model that was called and not about the request: no access to it, or its end of life.
/// Another model is no cure for what a request itself has wrong, nor for an id that is none.
#[must_use]
pub fn is_the_models(error: &Error) -> bool {
    let Error::Service(error) = error else {
        return false;
    };
    let says = |text: &str| error.message.contains(text);
    match &*error.code {
        "AccessDeniedException" => says("access to the model") || says("bedrock:InvokeModel"),
        "ResourceNotFoundException" => !says("guardrail"),
        _ => false,
    }
}

/// Whether an error is about the keys of the account that called, or about how to come by them: another account's may be
/// well.
#[must_use]
pub fn is_the_keys(error: &Error) -> bool {
    match error {
        Error::NoCredentials | Error::Credentials { .. } | Error::Environment(_) => true,
        Error::Service(error) => {
            matches!(
                &*error.code,
                "UnrecognizedClientException"
                    | "InvalidClientTokenId"
                    | "ExpiredTokenException"
                    | "ExpiredToken"
                    | "InvalidSignatureException"
                    | "SignatureDoesNotMatch"
                    | "IncompleteSignatureException"
                    | "MissingAuthenticationTokenException"
                    | "MissingAuthenticationToken"
            ) || (error.code == "AccessDeniedException" && error.message.contains("API Key"))
        }
        _ => false,
    }
}

/// Whether an error came from beyond the endpoint: where that was not reached, no other model there is either.
#[must_use]
pub fn was_reached(error: &Error) -> bool {
    !matches!(
        error,
        Error::Connect { .. }
            | Error::Proxy { .. }
            | Error::Tls { .. }
            | Error::TimedOut {
                clock: Timeout::Connect | Timeout::TlsHandshake,
                ..
            }
    )
}

fn original_status(error: &ServiceError) -> Option<u64> {
    let body: serde_json::Value = serde_json::from_slice(&error.body).ok()?;
    body.get("originalStatusCode")?.as_u64()
}

/// No wish is taken for longer: whoever stands in between may write any number.
const LONGEST_WISH: Duration = Duration::from_hours(1);

/// When Bedrock asks to be left alone, for how long.
#[must_use]
pub fn retry_after(error: &Error) -> Option<Duration> {
    let Error::Service(error) = error else {
        return None;
    };
    let (_, value) = error
        .headers
        .iter()
        .find(|(name, _)| name == "x-amz-retry-after")?;
    let wish = value.parse().ok().map(Duration::from_millis)?;
    Some(wish.min(LONGEST_WISH))
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::error::Sent;

    fn answered(code: &str, status: u16, message: &str) -> Error {
        Error::Service(Box::new(ServiceError {
            code: code.into(),
            message: message.into(),
            status,
            headers: vec![("x-amz-retry-after".into(), "1500".into())],
            body: Bytes::from_static(b"{\"originalStatusCode\":400}"),
            attempts: 1,
            exhausted: true,
            hint: None,
        }))
    }

    #[test]
    fn answers_are_told_apart_by_code_then_text_then_status() {
        for (code, status, message, expected) in [
            (
                "ThrottlingException",
                429,
                "Too many tokens, please wait before trying again.",
                Kind::Throttled,
            ),
            (
                "ThrottlingException",
                429,
                "Too many tokens per day, please wait.",
                Kind::DailyQuota,
            ),
            ("ServiceUnavailableException", 503, "", Kind::Failed),
            ("InternalServerException", 500, "", Kind::Failed),
            ("ModelNotReadyException", 429, "", Kind::Failed),
            ("ModelTimeoutException", 408, "", Kind::Failed),
            ("ModelErrorException", 424, "", Kind::Caller),
            ("ValidationException", 400, "", Kind::Caller),
            ("ServiceQuotaExceededException", 400, "", Kind::Throttled),
            ("TooManyRequestsException", 400, "", Kind::Throttled),
            ("TeapotException", 429, "", Kind::Throttled),
            ("ResourceNotFoundException", 404, "", Kind::Caller),
            (
                "AccessDeniedException",
                403,
                "no identity-based policy allows it",
                Kind::Caller,
            ),
            (
                "AccessDeniedException",
                403,
                "with an explicit deny in a service control policy",
                Kind::Denied,
            ),
            ("502", 502, "", Kind::Failed),
        ] {
            assert_eq!(kind(&answered(code, status, message)), expected, "{code}");
        }
    }

    #[test]
    fn another_model_cures_what_is_the_models_own() {
        for (code, status, message, expected) in [
            (
                "AccessDeniedException",
                403,
                "You don't have access to the model with the specified model ID.",
                true,
            ),
            (
                "AccessDeniedException",
                403,
                "User: a is not authorized to perform: bedrock:InvokeModel on resource: b because no identity-based policy \
                 allows the bedrock:InvokeModel action",
                true,
            ),
            (
                "ResourceNotFoundException",
                404,
                "Access denied. This Model is marked by provider as Legacy",
                true,
            ),
            (
                "ResourceNotFoundException",
                404,
                "the guardrail is gone",
                false,
            ),
            (
                "AccessDeniedException",
                403,
                "bedrock:ApplyGuardrail",
                false,
            ),
            ("ValidationException", 400, "access to the model", false),
            ("ExpiredTokenException", 403, "access to the model", false),
        ] {
            let error = answered(code, status, message);
            assert_eq!(is_the_models(&error), expected, "{code}: {message}");
        }
        let text = String::new;
        assert!(!is_the_models(&Error::StreamCut { reason: text() }));
        assert!(was_reached(&Error::StreamCut { reason: text() }));
        let (url, reason) = (text(), text());
        assert!(!was_reached(&Error::Tls { url, reason }));
    }

    #[test]
    fn exceptions_in_a_stream_have_their_real_kind() {
        let of = |code: &str| {
            kind(&Error::Stream {
                code: code.into(),
                message: String::new(),
                body: Bytes::new(),
            })
        };
        assert_eq!(of("throttlingException"), Kind::Throttled);
        assert_eq!(of("serviceUnavailableException"), Kind::Failed);
        assert_eq!(of("serviceQuotaExceededException"), Kind::Throttled);
        assert_eq!(of("validationException"), Kind::Caller);
        // An error frame, which is no modelled exception, names the error itself.
        assert_eq!(of("ThrottlingException"), Kind::Throttled);
        assert_eq!(of("InternalServerException"), Kind::Failed);
        assert_eq!(of("ValidationException"), Kind::Caller);
        // OpenAI's and Anthropic's words.
        assert_eq!(of("rate_limit_error"), Kind::Throttled);
        assert_eq!(of("server_error"), Kind::Failed);
        assert_eq!(of("overloaded_error"), Kind::Failed);
        assert_eq!(of("invalid_request_error"), Kind::Caller);
    }

    #[test]
    fn only_what_was_not_sent_is_free_to_repeat() {
        let timed_out = |clock| Error::TimedOut {
            clock,
            after: Duration::from_secs(1),
            url: String::new(),
        };
        let text = String::new;
        let (url, reason) = (text(), text());
        assert_eq!(kind(&Error::Tls { url, reason }), Kind::Failed);
        assert_eq!(kind(&timed_out(Timeout::Connect)), Kind::Failed);
        assert_eq!(kind(&timed_out(Timeout::FirstByte)), Kind::PaidFor);
        assert_eq!(kind(&timed_out(Timeout::Idle)), Kind::PaidFor);
        assert_eq!(kind(&Error::StreamCut { reason: text() }), Kind::PaidFor);
        assert_eq!(kind(&timed_out(Timeout::Upload)), Kind::Failed);
        let closed = |sent| Error::Closed {
            url: String::new(),
            reason: String::new(),
            sent,
        };
        assert_eq!(kind(&closed(Sent::Partly)), Kind::Failed);
        assert_eq!(kind(&closed(Sent::Unpaid)), Kind::Failed);
        assert_eq!(kind(&closed(Sent::Paid)), Kind::PaidFor);
    }

    #[test]
    fn the_pause_that_bedrock_asks_for_is_read() {
        let error = answered("ThrottlingException", 429, "");
        assert_eq!(retry_after(&error), Some(Duration::from_millis(1500)));
        for (value, expected) in [
            ("18446744073709551615", Some(LONGEST_WISH)),
            ("99999999999999999999", None),
            ("-5", None),
            ("soon", None),
        ] {
            let Error::Service(mut refused) = answered("ThrottlingException", 429, "") else {
                unreachable!("it was just made")
            };
            refused.headers[0].1 = value.into();
            assert_eq!(retry_after(&Error::Service(refused)), expected, "{value}");
        }
    }
}
