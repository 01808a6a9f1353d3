//! From settings to something that can call: Region, credentials, TLS, and the SDK's view of them.

use std::{borrow::Cow, future::Future, sync::Arc, time::Duration};

use aws_config::{BehaviorVersion, Region, sts::AssumeRoleProvider};
use aws_credential_types::{
    Credentials,
    provider::{ProvideCredentials, SharedCredentialsProvider, error::CredentialsError, future},
};
use aws_smithy_types::{
    retry::{RetryConfig, RetryMode as SdkRetryMode, RetrySpec},
    timeout::TimeoutConfig,
};
use aws_types::{SdkConfig, service_config::ServiceConfigKey};
use tokio::runtime::Handle;

use crate::{
    checks, endpoint,
    error::Error,
    http::{Http, Room, Tls},
    identity::Identity,
    metrics::Metrics,
    model::Service,
    profiles::Profiles,
    quotas::Quotas,
    settings::{RetryMode, Settings},
};

/// How long a source of credentials may take to begin its answer.
const CREDENTIALS_FIRST_BYTE: Duration = Duration::from_secs(5);

/// What sessions and clients share: who calls, from which Region, and how. It opens no connection by itself.
#[derive(Clone, Debug)]
pub struct Connection {
    settings: Arc<Settings>,
    sdk: SdkConfig,
    region: String,
    tls: Arc<Tls>,
    room: Arc<Room>,
    metrics: [Arc<Metrics>; 2],
    quotas: Arc<Quotas>,
    identity: Arc<Identity>,
}

/// Gives the runtime that fetches credentials.
///
/// A connection is driven by the runtime that opened it, and credentials are fetched for every client and thread, so
/// they are fetched on one runtime that is always driven, whoever asks.
pub type Background = Arc<dyn Fn() -> Result<Handle, Error> + Send + Sync>;

impl Connection {
    /// Reads the environment and the AWS files; looks no further than this machine.
    pub async fn open(mut settings: Settings, background: Background) -> Result<Self, Error> {
        let profiles = Profiles::load(settings.profile_name.as_deref()).await?;
        let region = match settings.region_name.clone() {
            Some(region) => Some(region),
            None => profiles.region().await,
        };
        let region = region.ok_or(Error::NoRegion)?;
        if !is_region(&region) {
            return Err(Error::InvalidRegion { region });
        }
        settings.ca_bundle = settings
            .ca_bundle
            .or_else(|| std::env::var("AWS_CA_BUNDLE").ok());
        let tls = Arc::new(Tls::new(
            settings.ca_bundle.as_deref(),
            settings.http_version,
        )?);
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .region(Region::new(region.clone()))
            .http_client(for_credentials(&settings, Arc::clone(&tls))?.sdk_client())
            .timeout_config(TimeoutConfig::disabled())
            // The SDK would panic over what it does not know in the environment.
            .retry_config(profiles.retries()?);
        if let Some(profile) = &settings.profile_name {
            loader = loader.profile_name(profile);
        }
        checks::default_headers(&settings.default_headers)?;
        if let Some(keys) = &settings.keys {
            checks::keys(keys)?;
            let token = keys
                .session_token
                .as_ref()
                .map(|token| token.reveal().to_owned());
            let (id, secret) = (keys.access_key_id.clone(), keys.secret_access_key.reveal());
            loader =
                loader.credentials_provider(Credentials::new(id, secret, token, None, "given"));
        }
        if let Some(url) = &settings.endpoint_url {
            checks::endpoint(url)?;
        }
        let mut sdk = loader.load().await;
        if let Some(inner) = sdk.credentials_provider() {
            let provider = SharedCredentialsProvider::new(Checked(inner));
            sdk = sdk.into_builder().credentials_provider(provider).build();
        }
        if sdk.endpoint_url() == Some("") {
            let mut builder = sdk.into_builder();
            builder.set_endpoint_url(None);
            sdk = builder.build();
        }
        if let Some(role) = &settings.role_arn {
            let mut provider = AssumeRoleProvider::builder(role).configure(&sdk);
            if let Some(name) = &settings.role_session_name {
                provider = provider.session_name(name);
            }
            let provider = SharedCredentialsProvider::new(provider.build().await);
            sdk = sdk.into_builder().credentials_provider(provider).build();
        }
        if settings.keys.is_none() || settings.role_arn.is_some() {
            let inner = sdk.credentials_provider().ok_or(Error::NoCredentials)?;
            let provider = SharedCredentialsProvider::new(Fetched { inner, background });
            sdk = sdk.into_builder().credentials_provider(provider).build();
        }
        let retries = retry_config(&settings, sdk.retry_config());
        let sdk = sdk.into_builder().retry_config(retries).build();
        let identity = Identity::new(&settings, sdk.credentials_provider());
        Ok(Self {
            room: settings
                .max_connections
                .map_or_else(Room::of_process, Room::of),
            settings: Arc::new(settings),
            sdk,
            region,
            tls,
            metrics: Default::default(),
            quotas: Arc::default(),
            identity: Arc::new(identity),
        })
    }

    /// The same caller at another source Region, for a router: it does not repeat calls and has no total clock, since
    /// both are the router's.
    pub fn in_region(&self, region: &str, endpoint_url: Option<&str>) -> Result<Self, Error> {
        if !is_region(region) {
            return Err(Error::InvalidRegion {
                region: region.to_owned(),
            });
        }
        let mut settings = Settings::clone(&self.settings);
        settings.region_name = Some(region.to_owned());
        settings.timeouts.total = None;
        settings.retries.max_attempts = Some(1);
        if let Some(url) = endpoint_url {
            checks::endpoint(url)?;
            settings.endpoint_url = Some(url.to_owned());
        }
        let retries = retry_config(&settings, self.sdk.retry_config());
        let sdk = self.sdk.clone().into_builder();
        let made = Self {
            sdk: sdk
                .region(Region::new(region.to_owned()))
                .retry_config(retries)
                .build(),
            settings: Arc::new(settings),
            region: region.to_owned(),
            tls: Arc::clone(&self.tls),
            room: Arc::clone(&self.room),
            metrics: self.metrics.clone(),
            quotas: Arc::clone(&self.quotas),
            identity: Arc::clone(&self.identity),
        };
        let named = made.endpoint_url(Service::BedrockRuntime);
        if let Some(url) = named.as_deref() {
            match endpoint_url {
                Some(_) => endpoint::check(url, region)?,
                None => endpoint::check_shared(url, region)?,
            }
        }
        Ok(made)
    }

    /// What the user said.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The source Region.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// What the calls to a service add up to, whichever client made them.
    #[must_use]
    pub fn metrics(&self, service: Service) -> &Arc<Metrics> {
        match service {
            Service::Bedrock => &self.metrics[0],
            Service::BedrockRuntime => &self.metrics[1],
        }
    }

    /// Whose retries are counted together, of those who call by this connection.
    pub(crate) fn quotas(&self) -> &Arc<Quotas> {
        &self.quotas
    }

    /// A pool of connections for one runtime.
    pub fn http(&self) -> Result<Http, Error> {
        Http::new(
            &self.settings,
            Arc::clone(&self.tls),
            Arc::clone(&self.room),
        )
    }

    /// The credentials in use now.
    pub async fn credentials(&self) -> Result<Credentials, Error> {
        let provider = self
            .sdk
            .credentials_provider()
            .ok_or(Error::NoCredentials)?;
        provider
            .provide_credentials()
            .await
            .map_err(|error| credentials_error(&error))
    }

    pub(crate) fn identity(&self) -> &Arc<Identity> {
        &self.identity
    }

    pub(crate) fn sdk(&self) -> &SdkConfig {
        &self.sdk
    }

    /// The endpoint that the user named for a service, by argument, environment or file.
    #[must_use]
    pub fn endpoint_url(&self, service: Service) -> Option<Cow<'_, str>> {
        if let Some(url) = &self.settings.endpoint_url {
            return Some(Cow::Borrowed(url));
        }
        // AWS's guide has an underscore in the files' `services` sections, too, where the SDK makes a hyphen of a space.
        let service_id = match service {
            Service::Bedrock => "bedrock",
            Service::BedrockRuntime => "bedrock_runtime",
        };
        let key = ServiceConfigKey::builder()
            .service_id(service_id)
            .env("AWS_ENDPOINT_URL")
            .profile("endpoint_url");
        let own = key
            .build()
            .ok()
            .and_then(|key| self.sdk.service_config()?.load_config(key));
        // Empty, a variable or a line of a file names none.
        own.filter(|url| !url.is_empty())
            .map(Cow::Owned)
            .or_else(|| self.sdk.endpoint_url().map(Cow::Borrowed))
    }
}

/// Credentials that can be signed with, whatever source they have.
#[derive(Debug)]
struct Checked(SharedCredentialsProvider);

impl ProvideCredentials for Checked {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            let found = self.0.provide_credentials().await?;
            checks::credentials(&found).map_err(CredentialsError::provider_error)?;
            Ok(found)
        })
    }
}

/// Credentials fetched on the background runtime; see [`Background`].
struct Fetched {
    inner: SharedCredentialsProvider,
    background: Background,
}

impl std::fmt::Debug for Fetched {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Fetched")
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}

impl Fetched {
    fn fetch(
        &self,
    ) -> impl Future<Output = Result<Credentials, CredentialsError>> + Send + 'static {
        let inner = self.inner.clone();
        let task = (self.background)()
            .map(|handle| handle.spawn(async move { inner.provide_credentials().await }));
        async move {
            match task {
                Ok(task) => task.await.unwrap_or_else(|_| {
                    Err(CredentialsError::provider_error(Error::Credentials {
                        reason: "their source broke down: a key or an endpoint in the environment or in the AWS \
                                 files, with which a role was to be assumed, is none"
                            .into(),
                    }))
                }),
                Err(error) => Err(CredentialsError::provider_error(error)),
            }
        }
    }
}

impl ProvideCredentials for Fetched {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.fetch())
    }
}

/// AWS's retry rules of November 2026: three attempts, 50 ms base or 1 s for throttling, a quota of 500 tokens.
fn retry_config(settings: &Settings, found: Option<&RetryConfig>) -> RetryConfig {
    let mut config = found.cloned().unwrap_or_else(RetryConfig::standard);
    match settings.retries.mode {
        Some(RetryMode::Standard) => config = config.with_retry_mode(SdkRetryMode::Standard),
        Some(RetryMode::Adaptive) => config = config.with_retry_mode(SdkRetryMode::Adaptive),
        None => {}
    }
    if let Some(attempts) = settings.retries.max_attempts {
        config = config.with_max_attempts(attempts);
    }
    config.with_retry_spec(RetrySpec::v2_1())
}

/// The connections to STS and its like: no model thinks there, so they need not wait an hour.
fn for_credentials(settings: &Settings, tls: Arc<Tls>) -> Result<Http, Error> {
    let mut settings = settings.clone();
    let first_byte = settings.timeouts.first_byte.unwrap_or(Duration::MAX);
    settings.timeouts.first_byte = Some(first_byte.min(CREDENTIALS_FIRST_BYTE));
    Http::new(&settings, tls, Room::of_process())
}

/// What a credentials provider's error means.
pub(crate) fn credentials_error(error: &CredentialsError) -> Error {
    if let Some(ours) = ours(error) {
        return ours.clone();
    }
    let reason = checks::shown_reasons(error);
    match error {
        CredentialsError::CredentialsNotLoaded(_) => Error::NoCredentials,
        // The instance metadata service is the last place to look; where it says no, or is none, nobody has any.
        _ if reason.contains("IMDS session token") => Error::NoCredentials,
        _ if is_single_sign_on(&reason) => Error::SingleSignOn { reason },
        _ => Error::Credentials { reason },
    }
}

/// The error of this crate's that is behind one of the SDK's.
fn ours<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a Error> {
    let mut source = Some(error);
    while let Some(cause) = source {
        if let Some(ours) = cause.downcast_ref() {
            return Some(ours);
        }
        source = cause.source();
    }
    None
}

/// The SDK's texts have the word; a role may have its letters in its name.
fn is_single_sign_on(reason: &str) -> bool {
    let words = reason.split(|letter: char| !letter.is_ascii_alphanumeric());
    words.into_iter().any(|word| word == "SSO")
}

/// A Region becomes part of a host name, so it is one label of it.
fn is_region(region: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=63).contains(&region.len())
        && region.bytes().all(inner)
        && !region.starts_with('-')
        && !region.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_a_host_label() {
        for region in ["us-east-1", "eusc-de-east-1", "moon"] {
            assert!(is_region(region), "{region}");
        }
        for region in [
            "",
            "us east",
            "us-east-1.evil.example",
            "-a",
            "a-",
            "us_east_1",
            "a/b",
        ] {
            assert!(!is_region(region), "{region}");
        }
    }

    #[test]
    fn a_name_with_the_letters_is_no_single_sign_on() {
        assert!(is_single_sign_on("failed to load the cached SSO token"));
        assert!(!is_single_sign_on(
            "not authorized to assume arn:aws:iam::1:role/Professor"
        ));
    }
}
