//! What can go wrong, in one enum. The Python package has a class for each variant.

mod words;

use std::{fmt, sync::Arc, time::Duration};

use bytes::Bytes;

pub use crate::sent::Sent;
use crate::{call::Head, router::record::Record};

/// An answer's headers, names in lower case.
pub type Headers = Vec<(String, String)>;

/// Why a call failed.
#[derive(Clone, Debug)]
pub enum Error {
    /// Bedrock answered with an error.
    Service(Box<ServiceError>),
    /// Bedrock sent an exception inside a stream that had begun.
    Stream {
        /// The kind, as on the wire: `throttlingException`.
        code: String,
        /// Bedrock's text.
        message: String,
        /// The frame's JSON.
        body: Bytes,
    },
    /// A stream ended before its end.
    StreamCut {
        /// What was missing.
        reason: String,
    },
    /// A stream's bytes are no event stream.
    StreamBroken {
        /// What is wrong with them.
        reason: String,
        /// Whether a checksum did not match.
        checksum: bool,
    },
    /// An answer is not what its headers say.
    AnswerBroken {
        /// What is wrong with it.
        reason: String,
        /// The id under which AWS knows the request.
        request_id: Option<String>,
    },
    /// A success without an answer: a gateway's page, half of one, JSON that cannot be read.
    InvalidAnswer {
        /// What is wrong with it, without a word of what it says.
        reason: String,
        /// Status and headers.
        head: Box<Head>,
        /// All that came.
        body: Bytes,
    },
    /// Nobody answered at the endpoint.
    Connect {
        /// The endpoint.
        url: String,
        /// What the system said.
        reason: String,
    },
    /// The proxy did not let the connection through.
    Proxy {
        /// What it said.
        reason: String,
        /// Whether it was asked; else its URL is unfit.
        asked: bool,
    },
    /// The endpoint's certificate or TLS is not acceptable.
    Tls {
        /// The endpoint.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The connection was closed before an answer.
    Closed {
        /// The endpoint.
        url: String,
        /// What the system said.
        reason: String,
        /// How far the request had come.
        sent: Sent,
    },
    /// A clock of [`crate::settings::Timeouts`] ran out.
    TimedOut {
        /// The clock.
        clock: Timeout,
        /// What it was set to.
        after: Duration,
        /// The endpoint.
        url: String,
    },
    /// No credentials anywhere.
    NoCredentials,
    /// A source of credentials failed.
    Credentials {
        /// What it said.
        reason: String,
    },
    /// What the environment or the AWS files say cannot be, or what they name as a source of credentials failed.
    Environment(Box<Fault>),
    /// The Region is no host label.
    InvalidRegion {
        /// The Region given.
        region: String,
    },
    /// The configuration files have no such profile.
    ProfileNotFound {
        /// The profile asked for.
        profile: String,
    },
    /// The configuration files cannot be read.
    ConfigParse {
        /// What is wrong with them.
        reason: String,
    },
    /// The endpoint is no URL.
    InvalidEndpoint {
        /// The URL given.
        url: String,
    },
    /// A bearer token would go over a connection that anyone can read.
    InsecureEndpoint {
        /// The endpoint.
        url: String,
    },
    /// A setting that cannot be.
    InvalidSetting {
        /// The rule, the value and the way out.
        reason: String,
    },
    /// An argument that cannot be, found before anything was sent.
    InvalidArgument {
        /// The rule, the value and the way out.
        reason: String,
    },
    /// The call was ended by `close()` on its stream or client.
    Cancelled,
    /// The process has no file descriptor, thread or memory left for it, or no connection became free in time.
    ProcessLimit {
        /// What is missing, and the way out.
        reason: String,
    },
    /// The code broke off where it never should. What it said may hold anything, so it is not kept.
    Bug,
    /// A router has no target that may be called.
    NoTarget {
        /// Each target and why it may not.
        reason: String,
    },
    /// A router could not have sent the call in time.
    Overloaded {
        /// What was missing, and the way out.
        reason: String,
    },
    /// A router's last error, and what it did before.
    Routed {
        /// The error.
        error: Box<Error>,
        /// All attempts.
        record: Arc<Record>,
    },
}

/// An error that botocore knows by a name of its own.
#[derive(Clone, Debug)]
pub struct Fault {
    /// botocore's class.
    pub class: &'static str,
    /// What its text is made from, by botocore's names.
    pub details: Vec<(&'static str, String)>,
    /// What AWS answered, where it did: code, text and operation.
    pub answer: Option<[String; 3]>,
    /// Where was looked, and what was found there.
    pub notes: Vec<String>,
}

impl Fault {
    /// An error of botocore's class `class`.
    pub(crate) fn error<const N: usize>(
        class: &'static str,
        details: [(&'static str, String); N],
    ) -> Error {
        Error::Environment(Box::new(Self {
            class,
            details: details.into(),
            answer: None,
            notes: vec![],
        }))
    }

    /// The environment or the files contradict themselves.
    pub(crate) fn config(message: String) -> Error {
        Self::error("InvalidConfigError", [("error_msg", message)])
    }

    /// A source of credentials failed.
    pub(crate) fn source(provider: &str, reason: impl fmt::Display) -> Error {
        Self::error(
            "CredentialRetrievalError",
            [
                ("provider", provider.to_owned()),
                ("error_msg", reason.to_string()),
            ],
        )
    }

    /// A part of the keys is missing.
    pub(crate) fn partial(provider: &str, missing: &str) -> Error {
        Self::error(
            "PartialCredentialsError",
            [
                ("provider", provider.to_owned()),
                ("cred_var", missing.to_owned()),
            ],
        )
    }

    fn is_of_credentials(&self) -> bool {
        ["Credential", "SSO", "Token", "Login", "Metadata", "MFA"]
            .iter()
            .any(|word| self.class.contains(word))
    }
}

impl ServiceError {
    /// The id under which AWS knows the request.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        let id = self
            .headers
            .iter()
            .find(|(name, _)| name == "x-amzn-requestid");
        id.map(|(_, value)| value.as_str())
    }
}

/// An error that Bedrock answered with.
#[derive(Clone, Debug)]
pub struct ServiceError {
    /// `ThrottlingException`
    pub code: String,
    /// Bedrock's text.
    pub message: String,
    /// The HTTP status.
    pub status: u16,
    /// The answer's headers.
    pub headers: Headers,
    /// The answer's body.
    pub body: Bytes,
    /// How many attempts were made.
    pub attempts: u32,
    /// Whether the last attempt that was allowed failed.
    pub exhausted: bool,
    /// What to do about it, where Bedrock's text does not say.
    pub hint: Option<String>,
}

/// One of the clocks of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timeout {
    /// Name resolution and TCP.
    Connect,
    /// The TLS handshake.
    TlsHandshake,
    /// The wait for the server to take more of the request.
    Upload,
    /// The wait for the answer's first byte.
    FirstByte,
    /// The wait for a stream's first delta, in a router.
    FirstDelta,
    /// The wait between two reads.
    Idle,
    /// The whole call.
    Total,
}

impl fmt::Display for Timeout {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Connect => "connect",
            Self::TlsHandshake => "TLS handshake",
            Self::Upload => "upload",
            Self::FirstByte => "first byte",
            Self::FirstDelta => "first delta",
            Self::Idle => "idle",
            Self::Total => "total",
        })
    }
}

impl std::error::Error for Error {}

impl Error {
    /// Whether a model has probably worked for the request and been paid, though no whole answer came.
    ///
    /// Of an answer, this says nothing: it speaks for itself.
    #[must_use]
    pub fn probably_paid(&self) -> bool {
        match self {
            Self::Closed { sent, .. } => !sent.may_go_again(),
            Self::TimedOut { clock, .. } => {
                matches!(
                    clock,
                    Timeout::FirstByte | Timeout::FirstDelta | Timeout::Idle | Timeout::Total
                )
            }
            Self::StreamCut { .. }
            | Self::StreamBroken { .. }
            | Self::AnswerBroken { .. }
            | Self::InvalidAnswer { .. } => true,
            Self::Routed { error, .. } => error.probably_paid(),
            _ => false,
        }
    }
}
