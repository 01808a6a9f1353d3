//! One service in one Region: sends calls and hands back answers and streams.

use std::{error::Error as StdError, pin::Pin, sync::Arc, time::Duration};

use aws_credential_types::provider::error::{CredentialsError, TokenError};
use aws_smithy_runtime_api::client::{
    orchestrator::HttpResponse, result::SdkError,
    stalled_stream_protection::StalledStreamProtectionConfig,
};
use aws_smithy_types::{body::SdkBody, byte_stream::ByteStream, timeout::TimeoutConfig};
use bytes::{Bytes, BytesMut};
use tokio::time::Instant;

use crate::{
    call::{Answer, Call, Head},
    checks,
    credentials::Source,
    endpoint,
    error::{Error, Sent, Timeout},
    exchange::{Carrier, Exchange, Reply},
    hints::hint,
    http::{Http, next_chunk, reasons, within},
    identity::{Identity, Who},
    metrics::{Metrics, Running, Usage},
    model::{Location, Service},
    no_answer,
    quotas::Quotas,
    retries::BedrockClassifier,
    session::{Session, credentials_error},
    settings::{MAX_RESPONSE_BYTES, Timeouts},
    signing::Signer,
    stream::Stream,
};

/// What AWS calls credentials that were good once.
const EXPIRED: &[&str] = &["ExpiredTokenException", "ExpiredToken"];

/// A client of one service. Its connections belong to the runtime that `http` was made for.
#[derive(Clone, Debug)]
pub struct Client {
    sdk: Sdk,
    endpoint_url: String,
    region: String,
    timeouts: Timeouts,
    default_headers: Vec<(String, String)>,
    /// What signs calls that bring no credentials of their own; `None` where a bearer token does.
    source: Option<Source>,
    metrics: Arc<Metrics>,
    quotas: Arc<Quotas>,
    most: usize,
    identity: Arc<Identity>,
}

/// Where a client calls, and what it always says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Site<'a> {
    pub(crate) region: &'a str,
    pub(crate) url: &'a str,
    pub(crate) headers: &'a [(String, String)],
}

impl<'a> Site<'a> {
    pub(crate) fn of(client: &'a Client) -> Self {
        Self {
            region: &client.region,
            url: &client.endpoint_url,
            headers: &client.default_headers,
        }
    }
}

#[derive(Clone, Debug)]
enum Sdk {
    Bedrock(aws_sdk_bedrock::Client),
    BedrockRuntime(aws_sdk_bedrockruntime::Client),
}

/// Makes the SDK's client, and finds its endpoint. The two crates have the same names for everything but no trait.
macro_rules! sdk_client {
    ($sdk:ident, $session:ident, $service:ident, $http:ident) => {{
        use $sdk::config::endpoint::{DefaultResolver, Params, ResolveEndpoint};

        let mut config = $sdk::config::Builder::from($session.sdk());
        let named = $session.endpoint_url($service)?.map(str::to_owned);
        // As in botocore, a named endpoint is called as it is.
        let plain = named.is_some();
        let fips = $session.sdk().use_fips().filter(|_| !plain);
        let dual_stack = $session.sdk().use_dual_stack().filter(|_| !plain);
        config.set_endpoint_url(named.clone());
        config.set_use_fips(fips);
        config.set_use_dual_stack(dual_stack);
        let config = config
            .http_client($http.sdk_client())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .timeout_config(TimeoutConfig::disabled())
            .interceptor(Carrier)
            .retry_classifier(BedrockClassifier);
        let config = match $session.bearer_token() {
            Some(token) => config
                .bearer_token($sdk::config::Token::new(token.reveal(), None))
                .auth_scheme_preference([
                    aws_smithy_runtime_api::client::auth::http::HTTP_BEARER_AUTH_SCHEME_ID,
                ]),
            None => config,
        };
        let params = Params::builder()
            .region($session.region())
            .set_use_fips(fips)
            .set_use_dual_stack(dual_stack)
            .set_endpoint(named)
            .build();
        let params = params.map_err(|error| Error::InvalidSetting {
            reason: reasons(&error),
        })?;
        let endpoint = DefaultResolver::new().resolve_endpoint(&params).await;
        let endpoint = endpoint.map_err(|error| Error::InvalidSetting {
            reason: error.to_string(),
        })?;
        let config = config.retry_partition($session.quotas().of(endpoint.url(), None));
        (
            endpoint.url().to_owned(),
            $sdk::Client::from_conf(config.build()),
        )
    }};
}

/// What a call with credentials of its own has in place of the client's, a bearer token among them: the retry quota, too.
/// They are at hand, so no cache is to keep them.
macro_rules! called_by {
    ($sdk:ident, $signer:ident, $quota:ident) => {{
        let config = $sdk::Config::builder().retry_partition($quota);
        match $signer {
            Signer::Keys(keys) => config
                .credentials_provider(keys)
                .identity_cache($sdk::config::IdentityCache::no_cache())
                .auth_scheme_preference([aws_runtime::auth::sigv4::SCHEME_ID]),
            Signer::Token(token) => config
                .bearer_token($sdk::config::Token::new(token.reveal(), None))
                .auth_scheme_preference([
                    aws_smithy_runtime_api::client::auth::http::HTTP_BEARER_AUTH_SCHEME_ID,
                ]),
        }
    }};
}

impl Client {
    /// A client of `service` whose connections are those of `http`.
    pub async fn new(session: &Session, service: Service, http: &Http) -> Result<Self, Error> {
        let (endpoint_url, sdk) = match service {
            Service::Bedrock => {
                let (url, client) = sdk_client!(aws_sdk_bedrock, session, service, http);
                (url, Sdk::Bedrock(client))
            }
            Service::BedrockRuntime => {
                let (url, client) = sdk_client!(aws_sdk_bedrockruntime, session, service, http);
                (url, Sdk::BedrockRuntime(client))
            }
        };
        endpoint::check(&endpoint_url, session.region())?;
        let settings = session.settings();
        endpoint::check_headers(&settings.default_headers, session.region())?;
        if let Some(token) = session.bearer_token() {
            checks::bearer_token(token.reveal())?;
        }
        if session.bearer_token().is_some() && !may_carry_a_token(&endpoint_url) {
            return Err(Error::InsecureEndpoint { url: endpoint_url });
        }
        Ok(Self {
            sdk,
            endpoint_url,
            region: session.region().to_owned(),
            timeouts: settings.timeouts,
            default_headers: settings.default_headers.clone(),
            source: session.signer().cloned(),
            metrics: Arc::clone(session.metrics(service)),
            quotas: Arc::clone(session.quotas()),
            most: settings.max_response_bytes.unwrap_or(MAX_RESPONSE_BYTES),
            identity: Arc::clone(session.identity()),
        })
    }

    /// Where the calls go.
    #[must_use]
    pub fn endpoint_url(&self) -> &str {
        &self.endpoint_url
    }

    /// The source Region.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The headers of every call.
    pub(crate) fn default_headers(&self) -> &[(String, String)] {
        &self.default_headers
    }

    /// Who makes a call, `own` being credentials of its own; nobody where there are no credentials.
    pub(crate) async fn who(&self, own: Option<&Signer>) -> Option<Who> {
        self.identity.who(own).await
    }

    /// The same as far as it is known already.
    pub(crate) fn known(&self, own: Option<&Signer>) -> Option<Who> {
        self.identity.known(own)
    }

    /// How long a call may take.
    pub(crate) fn total(&self) -> Option<Duration> {
        self.timeouts.total
    }

    /// Makes a call and reads its whole answer.
    pub async fn call(&self, call: Call) -> Result<Answer, Error> {
        let mut running = Running::of(&call, &self.metrics);
        let operation = call.operation;
        let work = async {
            let (head, body) = self.send(call, &mut running).await?;
            let body = self.read(&head, body).await?;
            no_answer::check(operation, &head, &body)?;
            let usage = Usage::of(operation, &head, &body);
            Ok(Answer { head, body, usage })
        };
        let answer = within(
            self.timeouts.total,
            Timeout::Total,
            &self.endpoint_url,
            work,
        )
        .await;
        running.answered(&answer);
        answer
    }

    /// Makes a call whose answer is an event stream.
    pub async fn open(&self, call: Call) -> Result<Stream, Error> {
        let operation = call.operation;
        let hides_usage = call.api.as_deref().is_some_and(|it| it.hides_usage);
        let mut running = Running::of(&call, &self.metrics);
        let deadline = self
            .timeouts
            .total
            .map(|total| (Instant::now() + total, total));
        let sent = within(
            self.timeouts.total,
            Timeout::Total,
            &self.endpoint_url,
            self.send(call, &mut running),
        )
        .await;
        let (head, body) = sent.inspect_err(|error| running.failed(error))?;
        running.begun(&head);
        let mut stream = Stream::new(
            operation,
            head,
            body,
            self.timeouts.idle,
            deadline,
            &self.endpoint_url,
            running,
        );
        stream.hides_usage = hides_usage;
        Ok(stream)
    }

    async fn send(&self, mut call: Call, running: &mut Running) -> Result<(Head, SdkBody), Error> {
        check_region(&call, &self.region)?;
        let model = call.model_id().map(str::to_owned);
        let observation = call.observation.clone();
        for (name, value) in &self.default_headers {
            if !call
                .headers
                .iter()
                .any(|(it, _)| it.eq_ignore_ascii_case(name))
            {
                call.headers.push((name.clone(), value.clone()));
            }
        }
        if let Some(asked) = &call.api {
            asked.check(&call.headers)?;
        }
        let own = call.credentials.take();
        let own = own.as_ref().and_then(|own| own.of(0));
        match own {
            Some(Signer::Keys(keys)) => checks::credentials(keys)?,
            Some(Signer::Token(token)) => {
                checks::bearer_token(token.reveal())?;
                if !may_carry_a_token(&self.endpoint_url) {
                    let url = self.endpoint_url.clone();
                    return Err(Error::InsecureEndpoint { url });
                }
            }
            None => {}
        }
        let exchange = Exchange::new(call);
        let done = match own {
            Some(own) => self.sent_by(own.clone(), &exchange).await,
            None => self.signed_and_sent(&exchange).await,
        };
        let attempts = exchange.attempts();
        running.tried(attempts.count);
        if let Some(observation) = observation {
            observation.seen().attempts = attempts.of(&self.region, model.as_deref());
        }
        match (done, exchange.take()) {
            (Ok(()), Some(Reply::Answer(head, body))) => Ok((head, body)),
            (Err(Failure::Service), Some(Reply::Refused(mut error))) => {
                error.hint = hint(&error, model.as_deref(), &self.region);
                Err(Error::Service(Box::new(error)))
            }
            (Err(Failure::Other(error)), _) => Err(error),
            (done, _) => {
                unreachable!("the SDK said {done:?} but the exchange has another reply")
            }
        }
    }

    /// Sends with the client's credentials, and once more with others where AWS says that they have expired and the
    /// environment or the files have others by now.
    async fn signed_and_sent(&self, exchange: &Exchange) -> Result<(), Failure> {
        let used = self.source.as_ref().and_then(Source::key_in_use);
        let done = self.sent(exchange).await;
        let (Err(Failure::Service), Some(source)) = (&done, &self.source) else {
            return done;
        };
        if !exchange.is_refused_as(EXPIRED) {
            return done;
        }
        // The first call fetches what it is signed with.
        let Some(used) = used.or_else(|| source.key_in_use()) else {
            return done;
        };
        let renewed = Box::pin(source.other_than(&used)).await;
        match renewed {
            // Boxed: a future that awaits another twice has room for it twice.
            Ok(Some(_)) => Box::pin(self.sent(exchange)).await,
            Ok(None) => done,
            Err(error) => {
                tracing::warn!(target: "outcrop::connection", "expired credentials could not be renewed: {error}");
                done
            }
        }
    }

    async fn sent(&self, exchange: &Exchange) -> Result<(), Failure> {
        match &self.sdk {
            Sdk::Bedrock(sdk) => {
                let sent = exchange.carry(sdk.delete_inference_profile().send()).await;
                sent.map(drop).map_err(|error| self.failure(&error))
            }
            Sdk::BedrockRuntime(sdk) => {
                let sent = exchange.carry(sdk.converse().send()).await;
                sent.map(drop).map_err(|error| self.failure(&error))
            }
        }
    }

    /// Sends with credentials of the call's own. Boxed, so that calls without any hold no room for it.
    fn sent_by<'a>(
        &'a self,
        own: Signer,
        exchange: &'a Exchange,
    ) -> Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>> {
        let key = match &own {
            Signer::Keys(keys) => Some(keys.access_key_id()),
            // Its text is a secret, and changes within hours.
            Signer::Token(_) => None,
        };
        let quota = self.quotas.of(&self.endpoint_url, key);
        match &self.sdk {
            Sdk::Bedrock(sdk) => {
                let call = sdk.delete_inference_profile().customize();
                let sending = call.config_override(called_by!(aws_sdk_bedrock, own, quota));
                Box::pin(async {
                    let sent = exchange.carry(sending.send()).await;
                    sent.map(drop).map_err(|error| self.failure(&error))
                })
            }
            Sdk::BedrockRuntime(sdk) => {
                let call = sdk.converse().customize();
                let sending = call.config_override(called_by!(aws_sdk_bedrockruntime, own, quota));
                Box::pin(async {
                    let sent = exchange.carry(sending.send()).await;
                    sent.map(drop).map_err(|error| self.failure(&error))
                })
            }
        }
    }

    /// How long a stream that goes on may bring no delta: as long as the more patient of the clocks that stop when
    /// something comes.
    pub(crate) fn longest_opening(&self) -> Option<Duration> {
        Some(self.timeouts.first_byte?.max(self.timeouts.idle?))
    }

    async fn read(&self, head: &Head, body: SdkBody) -> Result<Bytes, Error> {
        let broken = |reason| Error::AnswerBroken {
            reason,
            request_id: head.header("x-amzn-requestid").map(str::to_owned),
        };
        if let Some(bytes) = body.bytes() {
            within_bounds(bytes.len(), self.most).map_err(broken)?;
            return Ok(Bytes::copy_from_slice(bytes));
        }
        let (mut stream, mut first, mut rest) =
            (ByteStream::new(body), Bytes::new(), BytesMut::new());
        loop {
            let chunk = next_chunk(&mut stream, self.timeouts.idle, &self.endpoint_url).await;
            let chunk = chunk.map_err(|error| match error {
                Error::StreamCut { reason } => broken(reason),
                other => other,
            })?;
            match chunk {
                // A slice of the connection's read buffer would keep all of that buffer.
                None if rest.is_empty() => return Ok(Bytes::copy_from_slice(&first)),
                None => return Ok(rest.freeze()),
                Some(chunk) if first.is_empty() => first = chunk,
                Some(chunk) => {
                    if rest.is_empty() {
                        rest.extend_from_slice(&first);
                    }
                    rest.extend_from_slice(&chunk);
                }
            }
            within_bounds(first.len().max(rest.len()), self.most).map_err(broken)?;
        }
    }

    fn failure<E: StdError + 'static>(&self, error: &SdkError<E, HttpResponse>) -> Failure {
        if matches!(error, SdkError::ServiceError(_)) {
            return Failure::Service;
        }
        let mut source: Option<&(dyn StdError + 'static)> = Some(error);
        while let Some(cause) = source {
            if let Some(ours) = cause.downcast_ref::<Error>() {
                return Failure::Other(ours.clone());
            }
            if let Some(credentials) = cause.downcast_ref::<CredentialsError>() {
                return Failure::Other(credentials_error(credentials));
            }
            if let Some(TokenError::TokenNotLoaded(_)) = cause.downcast_ref::<TokenError>() {
                return Failure::Other(Error::NoCredentials);
            }
            source = cause.source();
        }
        // What the SDK says of itself is not printed: it may hold the whole request.
        Failure::Other(match error {
            // It waits so long for credentials and no longer, and has no type of its own to say so.
            _ if reasons(error).contains("identity resolver timed out") => Error::Credentials {
                reason: "they did not come in time".into(),
            },
            SdkError::ConstructionFailure(_) => Error::InvalidSetting {
                reason: "no request can be made of these settings and arguments, and the SDK does not say why in words \
                         that could be shown: please report it, with the names of both"
                    .into(),
            },
            _ => Error::Closed {
                url: self.endpoint_url.clone(),
                reason: "the exchange failed before there was an answer".into(),
                sent: Sent::Unpaid,
            },
        })
    }
}

#[derive(Debug)]
enum Failure {
    /// The exchange has the details.
    Service,
    Other(Error),
}

/// A whole answer lies in memory, so there is an end to it.
fn within_bounds(length: usize, most: usize) -> Result<(), String> {
    if length <= most {
        return Ok(());
    }
    Err(format!(
        "the answer is longer than max_response_bytes, which is {most}: allow more if this is no mistake of the server's"
    ))
}

/// Bedrock would answer that the model identifier is invalid, which says nothing of Regions.
fn check_region(call: &Call, region: &str) -> Result<(), Error> {
    let is_model = |location: &Location| {
        matches!(
            location,
            Location::Uri("modelId" | "inferenceProfileIdentifier" | "modelIdentifier")
        )
    };
    let arns = call
        .located
        .iter()
        .filter(|(location, _)| is_model(location))
        .map(|(_, value)| value);
    for arn in arns.filter(|value| value.starts_with("arn:")) {
        let of = arn.split(':').nth(3).unwrap_or_default();
        if !of.is_empty() && of != region {
            return Err(Error::InvalidArgument {
                reason: format!(
                    "the ARN {arn:?} belongs to {of}, but this client calls {region}: an ARN can be called only in its \
                     own Region, so make the client with region_name={of:?} or name the ARN of {region}"
                ),
            });
        }
    }
    Ok(())
}

/// A bearer token is a password: it goes over TLS, or does not leave the machine.
fn may_carry_a_token(endpoint_url: &str) -> bool {
    let Ok(uri) = endpoint_url.parse::<http::Uri>() else {
        return false;
    };
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let loopback = host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback());
    uri.scheme_str() == Some("https") || loopback
}
