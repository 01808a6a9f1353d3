//! What a user can say about a connection: the arguments of `Session`, of a client and of `CrossRegion`.

use std::{fmt, time::Duration};

/// Text that is never shown.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Secret(String);

impl Secret {
    /// Hides `text`.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text itself, to sign or send with.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("***")
    }
}

/// Keys given by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys {
    /// `aws_access_key_id`
    pub access_key_id: String,
    /// `aws_secret_access_key`
    pub secret_access_key: Secret,
    /// `aws_session_token`
    pub session_token: Option<Secret>,
}

/// How long each part of a call may take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Timeouts {
    /// Name resolution and TCP, and then the TLS handshake: this long for each of the two.
    pub connect: Option<Duration>,
    /// From the request's last byte to the answer's first.
    pub first_byte: Option<Duration>,
    /// Between two reads of an answer that has begun, and between two writes of a request.
    pub idle: Option<Duration>,
    /// From the call to the end of its answer, retries and streams included.
    pub total: Option<Duration>,
}

impl Default for Timeouts {
    /// 3.1 s to connect is the SDKs' own default. A model may think for an hour before the first byte of a whole answer
    /// (AWS advises 3,600 s for long thinking), so a dead connection is found by TCP keep-alive, not by this clock.
    fn default() -> Self {
        Self {
            connect: Some(Duration::from_millis(3_100)),
            first_byte: Some(Duration::from_hours(1)),
            idle: Some(Duration::from_mins(5)),
            total: None,
        }
    }
}

/// How a call is repeated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retries {
    /// `standard`, or `adaptive` with a client-side rate limit; what the environment says, else `standard`.
    pub mode: Option<RetryMode>,
    /// Attempts in all, the first included; what the environment says, else 3.
    pub max_attempts: Option<u32>,
}

/// AWS's retry modes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryMode {
    /// Back-off with jitter and a retry quota.
    Standard,
    /// The same, and a rate limit that throttling lowers.
    Adaptive,
}

/// Which HTTP version is offered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HttpVersion {
    /// HTTP/2 where the endpoint takes it by ALPN, else HTTP/1.1. Without TLS there is no ALPN: HTTP/1.1.
    Automatic,
    /// HTTP/1.1 only.
    #[default]
    Http1,
    /// HTTP/2 only, with prior knowledge where there is no TLS.
    Http2,
}

/// Where a proxy comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Proxy {
    /// `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`.
    #[default]
    Environment,
    /// None, whatever the environment says.
    None,
    /// This URL, for every endpoint. It may hold a password, so it is a secret.
    Url(Secret),
}

/// The longest answer of Bedrock's that is documented has 25 MB.
pub const MAX_RESPONSE_BYTES: usize = 64 << 20;

/// Everything a user can say about a connection. `None` means: what the environment and the AWS files say.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The source Region.
    pub region_name: Option<String>,
    /// The endpoint to call instead of AWS's.
    pub endpoint_url: Option<String>,
    /// The profile of the AWS configuration files.
    pub profile_name: Option<String>,
    /// Keys given by hand, which win over the profile's.
    pub keys: Option<Keys>,
    /// The role to assume with the credentials found.
    pub role_arn: Option<String>,
    /// The name of the assumed role's session.
    pub role_session_name: Option<String>,
    /// A Bedrock API key, which wins over all credentials.
    pub bearer_token: Option<Secret>,
    /// The clocks.
    pub timeouts: Timeouts,
    /// The repeats.
    pub retries: Retries,
    /// How many idle connections are kept to a host.
    pub max_pool_connections: Option<usize>,
    /// How many connections may be open; by default, what the process may open.
    pub max_connections: Option<usize>,
    /// After how long an idle connection is closed; before a load balancer's usual 60 s by default.
    pub pool_idle: Option<Duration>,
    /// The longest whole answer that is read into memory, in bytes; `MAX_RESPONSE_BYTES` by default.
    pub max_response_bytes: Option<usize>,
    /// The HTTP version.
    pub http_version: HttpVersion,
    /// The proxy.
    pub proxy: Proxy,
    /// A PEM file of the authorities to trust instead of the system's.
    pub ca_bundle: Option<String>,
    /// Headers that every request carries.
    pub default_headers: Vec<(String, String)>,
}
