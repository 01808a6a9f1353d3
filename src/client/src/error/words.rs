//! What errors are called, and what they say.

use std::{borrow::Cow, fmt};

use super::{Error, Timeout};

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(error) => write!(formatter, "{}: {}", error.code, error.message),
            Self::Stream { code, message, .. } => write!(formatter, "{code}: {message}"),
            Self::StreamCut { reason }
            | Self::StreamBroken { reason, .. }
            | Self::AnswerBroken { reason, .. }
            | Self::InvalidAnswer { reason, .. }
            | Self::Credentials { reason }
            | Self::ConfigParse { reason }
            | Self::ProcessLimit { reason }
            | Self::InvalidSetting { reason }
            | Self::InvalidArgument { reason } => formatter.write_str(reason),
            Self::Connect { url, reason } => {
                write!(formatter, "could not connect to {url}: {reason}")
            }
            Self::Proxy { reason, .. } => {
                write!(formatter, "the proxy refused the connection: {reason}")
            }
            Self::Tls { url, reason } => write!(formatter, "TLS with {url} failed: {reason}"),
            Self::Closed { url, reason, sent } => {
                write!(
                    formatter,
                    "{url} closed the connection: {reason}{}",
                    sent.note()
                )
            }
            Self::TimedOut { clock, after, url } => {
                write!(
                    formatter,
                    "the {clock} time-out of {} s ran out at {url}",
                    after.as_secs_f64()
                )
            }
            Self::Environment(fault) => {
                let details: Vec<&str> = fault.details.iter().map(|(_, text)| &text[..]).collect();
                write!(formatter, "{}: {}", fault.class, details.join(": "))
            }
            Self::NoCredentials => formatter.write_str("no credentials were found"),
            Self::InvalidRegion { region } => write!(formatter, "{region:?} is no Region"),
            Self::ProfileNotFound { profile } => {
                write!(formatter, "the profile {profile:?} was not found")
            }
            Self::InvalidEndpoint { url } => write!(formatter, "{url:?} is no endpoint"),
            Self::InsecureEndpoint { url } => {
                write!(formatter, "a bearer token cannot go over {url}: use https")
            }
            Self::Cancelled => formatter.write_str("the call was cancelled"),
            Self::Bug => formatter.write_str("a bug in outcrop ended the call"),
            Self::NoTarget { reason } => write!(formatter, "no target may be called:\n{reason}"),
            Self::Overloaded { reason } => write!(formatter, "the call was shed: {reason}"),
            Self::Routed { error, .. } => error.fmt(formatter),
        }
    }
}

/// A code in a stream as answers have it. AWS's begin with a small letter in streams alone; others are words of their own.
fn spelt(code: &str) -> String {
    let mut letters = code.chars();
    match letters.next() {
        Some(first) if !code.contains('_') => {
            first.to_ascii_uppercase().to_string() + letters.as_str()
        }
        _ => code.to_owned(),
    }
}

impl Error {
    /// The error's name, as an exception of Python has it.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Routed { error, .. } => error.name(),
            Self::Service(error) => error.code.clone(),
            Self::Stream { code, .. } => spelt(code),
            Self::StreamCut { .. } => "StreamCutError".into(),
            Self::StreamBroken { .. } => "ParserError".into(),
            Self::AnswerBroken { .. } => "ResponseStreamingError".into(),
            Self::InvalidAnswer { .. } => "InvalidAnswerError".into(),
            Self::Connect { .. } => "EndpointConnectionError".into(),
            Self::Proxy { .. } => "ProxyConnectionError".into(),
            Self::Tls { .. } => "SSLError".into(),
            Self::Closed { .. } => "ConnectionClosedError".into(),
            Self::TimedOut {
                clock: Timeout::Connect | Timeout::TlsHandshake,
                ..
            } => "ConnectTimeoutError".into(),
            Self::TimedOut { .. } => "ReadTimeoutError".into(),
            Self::Cancelled => "CancelledCallError".into(),
            Self::ProcessLimit { .. } => "ProcessLimitError".into(),
            Self::Bug => "InternalError".into(),
            Self::Environment(fault) => fault.class.into(),
            Self::NoCredentials => "NoCredentialsError".into(),
            Self::Credentials { .. } => "CredentialRetrievalError".into(),
            Self::InvalidArgument { .. } => "ParamValidationError".into(),
            Self::InvalidRegion { .. } => "InvalidRegionError".into(),
            _ => "BotoCoreError".into(),
        }
    }

    /// One word for it, to count by: Bedrock's own code where it answered, spelled alike in answers and streams.
    #[must_use]
    pub fn outcome(&self) -> Cow<'static, str> {
        let word = match self {
            Self::Service(error) => return Cow::Owned(error.code.clone()),
            Self::Stream { code, .. } => {
                return Cow::Owned(spelt(code));
            }
            Self::StreamCut { .. }
            | Self::StreamBroken { .. }
            | Self::AnswerBroken { .. }
            | Self::InvalidAnswer { .. } => "broken",
            Self::Connect { .. } | Self::Proxy { .. } | Self::Tls { .. } | Self::Closed { .. } => {
                "connection"
            }
            Self::TimedOut { .. } => "timeout",
            Self::NoCredentials | Self::Credentials { .. } => "no_credentials",
            Self::Environment(fault) if fault.is_of_credentials() => "no_credentials",
            Self::Cancelled => "abandoned",
            Self::ProcessLimit { .. } => "process_limit",
            Self::Bug => "bug",
            Self::NoTarget { .. } => "no_target",
            Self::Overloaded { .. } => "overloaded",
            Self::Routed { error, .. } => return error.outcome(),
            _ => "invalid",
        };
        Cow::Borrowed(word)
    }
}
