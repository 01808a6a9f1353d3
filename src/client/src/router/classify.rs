//! What a failure of one target means for the call: go on elsewhere, or tell the caller.

use std::time::Duration;

use crate::error::{Clock, Error, ServiceError};

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
}

/// Tells what kind of failure an error is.
#[must_use]
pub fn kind(error: &Error) -> Kind {
    match error {
        Error::Routed { error, .. } => kind(error),
        Error::Service(error) => service(error),
        // Its real kind, whatever the status of the answer it came in.
        Error::Stream { message, .. } => in_stream(&name(error), message),
        error if error.probably_paid() => Kind::PaidFor,
        Error::Connect { .. }
        | Error::Proxy { .. }
        | Error::Closed { .. }
        | Error::TimedOut { .. } => Kind::Failed,
        _ => Kind::Caller,
    }
}

fn service(error: &ServiceError) -> Kind {
    match error.code.as_str() {
        "AccessDeniedException" if error.message.contains("explicit deny") => Kind::Denied,
        "ModelNotReadyException" | "ModelTimeoutException" | "ModelStreamErrorException" => {
            Kind::Failed
        }
        // The status of the model behind it says whether the request was at fault.
        "ModelErrorException" => match original_status(error) {
            Some(status) if status < 500 => Kind::Caller,
            _ => Kind::Failed,
        },
        _ if error.status == 429 || error.code.starts_with("Throttl") => throttled(&error.message),
        _ if error.status >= 500 || error.status == 408 => Kind::Failed,
        _ => Kind::Caller,
    }
}

/// An exception frame has its member's name for a code, an error frame the error's own; `name` is the same for both.
fn in_stream(name: &str, message: &str) -> Kind {
    match name {
        "InternalServerException"
        | "ServiceUnavailableException"
        | "ModelTimeoutException"
        | "ModelStreamErrorException"
        | "ModelNotReadyException" => Kind::Failed,
        _ if name.starts_with("Throttl") => throttled(message),
        _ => Kind::Caller,
    }
}

fn throttled(message: &str) -> Kind {
    if message.contains("per day") {
        Kind::DailyQuota
    } else {
        Kind::Throttled
    }
}

fn original_status(error: &ServiceError) -> Option<u64> {
    let body: serde_json::Value = serde_json::from_slice(&error.body).ok()?;
    body.get("originalStatusCode")?.as_u64()
}

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
    value.parse().ok().map(Duration::from_millis)
}

/// The error's name, as an exception of Python has it.
#[must_use]
pub fn name(error: &Error) -> String {
    match error {
        Error::Routed { error, .. } => name(error),
        Error::Service(error) => error.code.clone(),
        Error::Stream { code, .. } => {
            let mut letters = code.chars();
            letters.next().map_or_else(String::new, |first| {
                first.to_ascii_uppercase().to_string() + letters.as_str()
            })
        }
        Error::StreamCut { .. } => "StreamCutError".into(),
        Error::StreamBroken { .. } => "ParserError".into(),
        Error::AnswerBroken { .. } => "ResponseStreamingError".into(),
        Error::Connect { .. } => "EndpointConnectionError".into(),
        Error::Proxy { .. } => "ProxyConnectionError".into(),
        Error::Tls { .. } => "SSLError".into(),
        Error::Closed { .. } => "ConnectionClosedError".into(),
        Error::TimedOut {
            clock: Clock::Connect | Clock::TlsHandshake,
            ..
        } => "ConnectTimeoutError".into(),
        Error::TimedOut { .. } => "ReadTimeoutError".into(),
        Error::Cancelled => "CancelledCallError".into(),
        Error::ProcessLimit { .. } => "ProcessLimitError".into(),
        Error::Bug => "InternalError".into(),
        _ => "BotoCoreError".into(),
    }
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
            ("ServiceQuotaExceededException", 400, "", Kind::Caller),
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
        assert_eq!(of("validationException"), Kind::Caller);
        // An error frame, which is no modelled exception, names the error itself.
        assert_eq!(of("ThrottlingException"), Kind::Throttled);
        assert_eq!(of("InternalServerException"), Kind::Failed);
        assert_eq!(of("ValidationException"), Kind::Caller);
    }

    #[test]
    fn only_what_was_not_sent_is_free_to_repeat() {
        let timed_out = |clock| Error::TimedOut {
            clock,
            after: Duration::from_secs(1),
            url: String::new(),
        };
        assert_eq!(kind(&timed_out(Clock::Connect)), Kind::Failed);
        assert_eq!(kind(&timed_out(Clock::FirstByte)), Kind::PaidFor);
        assert_eq!(kind(&timed_out(Clock::Idle)), Kind::PaidFor);
        assert_eq!(kind(&timed_out(Clock::Upload)), Kind::Failed);
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
    }
}
