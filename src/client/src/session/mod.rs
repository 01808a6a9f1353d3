//! From settings to something that can call: Region, credentials, TLS, and the SDK's view of them.

mod whoami;

use std::{sync::Arc, time::Duration};

use aws_credential_types::{
    Credentials,
    provider::{SharedCredentialsProvider, error::CredentialsError},
};
use aws_smithy_runtime::client::identity::IdentityCache;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_types::{retry::RetryConfig, timeout::TimeoutConfig};
use aws_types::{SdkConfig, app_name::AppName, region::Region};

use crate::{
    account::Account,
    checks,
    credentials::{Background, Services, Source},
    endpoint,
    environment::{Endpoint, Environment, Found, Place, ProxyVariables},
    error::Error,
    http::{Bundle, Http, Proxies, Room, Tls},
    identity::Identity,
    metrics::Metrics,
    model::Service,
    quotas::Quotas,
    settings::{Secret, Settings},
};

/// How long a source of credentials may take to begin its answer.
const CREDENTIALS_FIRST_BYTE: Duration = Duration::from_secs(5);

/// What clients share: who calls, from which Region, and how. It opens no connection.
#[derive(Clone, Debug)]
pub struct Session {
    settings: Arc<Settings>,
    sdk: SdkConfig,
    region: String,
    /// Of each service, so that a mistake in one's stops its own clients only.
    endpoints: [Result<Option<Found>, Error>; 2],
    bearer_token: Option<Secret>,
    credentials: Source,
    tls: Arc<Tls>,
    room: Arc<Room>,
    proxies: Arc<Proxies>,
    /// For [`whoami`].
    found: Arc<[whoami::Line]>,
    metrics: [Arc<Metrics>; 2],
    quotas: Arc<Quotas>,
    identity: Arc<Identity>,
}

impl Session {
    /// Reads the environment and the AWS files; looks no further than this machine.
    pub fn open(settings: Settings, background: Background) -> Result<Self, Error> {
        let environment = Environment::read(settings.profile_name.as_deref())?;
        environment.check()?;
        checks::headers("default_headers", &settings.default_headers)?;
        let (named, region, fips) = source_region(&settings, &environment)?;
        let dual_stack = environment.flag("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint");
        let endpoints = match &settings.endpoint_url {
            Some(url) => {
                let found = Found::url(url, Place::Argument("endpoint_url"));
                checks::endpoint(&found.text)?;
                [Ok(Some(found.clone())), Ok(Some(found))]
            }
            None => [Endpoint::Bedrock, Endpoint::BedrockRuntime].map(|service| {
                let found = environment.endpoint_url(service)?;
                if let Some(found) = &found {
                    checks::endpoint(&found.text)?;
                }
                Ok(found)
            }),
        };
        let bearer_token = settings.bearer_token.clone().or_else(|| {
            let token = environment.variables.filled("AWS_BEARER_TOKEN_BEDROCK")?;
            Some(Secret::new(token.to_owned()))
        });
        if let Some(keys) = &settings.keys {
            checks::keys(keys)?;
        }
        let tls = Arc::new(Tls::new(
            bundle(&settings, &environment)?,
            settings.http_version,
        ));
        if settings.ca_bundle.is_some() {
            tls.check()?;
        }
        let proxies = ProxyVariables::of(&environment.variables);
        let proxies = Arc::new(Proxies::new(&settings.proxy, proxies)?);
        let asked = for_credentials(&settings);
        let http = |proxies| Http::new(&asked, Arc::clone(&tls), proxies, Room::of_process());
        let through = http(Arc::clone(&proxies));
        let services = Services {
            region: region.clone(),
            fips,
            dual_stack,
            http: through.sdk_client(),
            through,
            direct: http(Arc::new(Proxies::None)),
        };
        let retries = environment.retries(&settings.retries)?;
        let mut sdk = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region.clone()))
            .use_fips(fips)
            .use_dual_stack(dual_stack)
            .timeout_config(TimeoutConfig::disabled())
            .retry_config(retries.clone())
            // `Source` keeps them.
            .identity_cache(IdentityCache::no_cache());
        sdk.set_app_name(
            environment
                .value("AWS_SDK_UA_APP_ID", "sdk_ua_app_id")
                .and_then(|found| app_name(&found.text)),
        );
        let found = whoami::lines(
            &environment,
            &named,
            fips,
            dual_stack,
            &settings.retries,
            &retries,
        );
        let credentials = Source::new(&settings, environment, services, background)?;
        let provider = SharedCredentialsProvider::new(credentials.clone());
        let identity = Identity::new(&settings, bearer_token.as_ref(), Some(provider.clone()));
        sdk.set_credentials_provider(Some(provider));
        Ok(Self {
            room: settings
                .max_connections
                .map_or_else(Room::of_process, Room::of),
            settings: Arc::new(settings),
            sdk: sdk.build(),
            region,
            endpoints,
            bearer_token,
            credentials,
            tls,
            proxies,
            found: found.into(),
            metrics: Default::default(),
            quotas: Arc::default(),
            identity: Arc::new(identity),
        })
    }

    /// The same caller at another source Region, for a router: it does not repeat calls and has no total clock, since
    /// both are the router's.
    pub fn in_region(&self, region: &str, endpoint_url: Option<&str>) -> Result<Self, Error> {
        checks::region(region)?;
        let mut settings = Settings::clone(&self.settings);
        settings.region_name = Some(region.to_owned());
        settings.timeouts.total = None;
        settings.retries.max_attempts = Some(1);
        let mut endpoints = self.endpoints.clone();
        if let Some(url) = endpoint_url {
            checks::endpoint(url)?;
            settings.endpoint_url = Some(url.to_owned());
            let found = Found::new(url, Place::Argument("endpoint_urls"));
            endpoints = [Ok(Some(found.clone())), Ok(Some(found))];
        }
        let retries = self.sdk.retry_config().cloned();
        let retries = retries.unwrap_or_else(RetryConfig::standard);
        let retries = retries.with_max_attempts(1);
        let sdk = self.sdk.clone().into_builder();
        let made = Self {
            sdk: sdk
                .region(Region::new(region.to_owned()))
                .retry_config(retries)
                .build(),
            settings: Arc::new(settings),
            region: region.to_owned(),
            endpoints,
            bearer_token: self.bearer_token.clone(),
            credentials: self.credentials.clone(),
            tls: Arc::clone(&self.tls),
            room: Arc::clone(&self.room),
            proxies: Arc::clone(&self.proxies),
            found: Arc::clone(&self.found),
            metrics: self.metrics.clone(),
            quotas: Arc::clone(&self.quotas),
            identity: Arc::clone(&self.identity),
        };
        let named = made.endpoint_url(Service::BedrockRuntime)?;
        if let Some(url) = named {
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

    /// The profile of the AWS files that is read.
    #[must_use]
    pub fn profile_name(&self) -> &str {
        let named = self.found.iter().find(|[name, ..]| name == "profile");
        named.map_or("default", |[_, profile, _]| profile)
    }

    /// What the calls to a service add up to, whichever client made them.
    #[must_use]
    pub fn metrics(&self, service: Service) -> &Arc<Metrics> {
        match service {
            Service::Bedrock => &self.metrics[0],
            Service::BedrockRuntime => &self.metrics[1],
        }
    }

    /// Whose retries are counted together, of those who call by this session.
    pub(crate) fn quotas(&self) -> &Arc<Quotas> {
        &self.quotas
    }

    /// The account that calls go out from, once that is known. Nobody is asked for it.
    #[must_use]
    pub fn account(&self) -> Account {
        match &self.bearer_token {
            Some(_) => Account::default(),
            None => self.credentials.account().clone(),
        }
    }

    /// Whether calls of both may go over the same pool, as those of one session to several Regions do.
    #[must_use]
    pub fn shares_pool_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.tls, &other.tls)
    }

    /// A pool of connections for one runtime.
    #[must_use]
    pub fn http(&self) -> Http {
        Http::new(
            &self.settings,
            Arc::clone(&self.tls),
            Arc::clone(&self.proxies),
            Arc::clone(&self.room),
        )
    }

    /// The credentials in use now.
    pub async fn credentials(&self) -> Result<Credentials, Error> {
        self.credentials.get().await
    }

    /// What signs calls, unless a bearer token does.
    pub(crate) fn signer(&self) -> Option<&Source> {
        self.bearer_token.is_none().then_some(&self.credentials)
    }

    /// The Bedrock API key to call with in place of credentials.
    pub(crate) fn bearer_token(&self) -> Option<&Secret> {
        self.bearer_token.as_ref()
    }

    pub(crate) fn source(&self) -> &Source {
        &self.credentials
    }

    pub(crate) fn found(&self) -> &[whoami::Line] {
        &self.found
    }

    pub(crate) fn proxies(&self) -> &Proxies {
        &self.proxies
    }

    pub(crate) fn tls(&self) -> &Tls {
        &self.tls
    }

    /// What names the endpoint of `bedrock-runtime`.
    pub(crate) fn endpoint_place(&self) -> String {
        let found = self.named(Service::BedrockRuntime).ok().flatten();
        found
            .map_or(&Place::Default, |found| &found.place)
            .to_string()
    }

    /// What names the bearer token, if there is one.
    pub(crate) fn bearer_place(&self) -> Option<String> {
        self.bearer_token.as_ref()?;
        Some(match self.settings.bearer_token {
            Some(_) => Place::Argument("bearer_token").to_string(),
            None => Place::Variable("AWS_BEARER_TOKEN_BEDROCK").to_string(),
        })
    }

    pub(crate) fn identity(&self) -> &Arc<Identity> {
        &self.identity
    }

    pub(crate) fn sdk(&self) -> &SdkConfig {
        &self.sdk
    }

    /// The endpoint that the user named for a service, by argument, environment or file.
    pub fn endpoint_url(&self, service: Service) -> Result<Option<&str>, Error> {
        let found = self.named(service)?;
        Ok(found.map(|found| &found.text[..]))
    }

    fn named(&self, service: Service) -> Result<Option<&Found>, Error> {
        let found = match service {
            Service::Bedrock => &self.endpoints[0],
            Service::BedrockRuntime => &self.endpoints[1],
        };
        found.as_ref().map(Option::as_ref).map_err(Clone::clone)
    }
}

/// The name of the caller's program in the user agent, with a dash for each letter that it cannot have.
fn app_name(named: &str) -> Option<AppName> {
    let fit = |letter: char| AppName::new(letter.to_string()).is_ok();
    let name: String = named
        .chars()
        .map(|letter| if fit(letter) { letter } else { '-' })
        .collect();
    AppName::new(name).ok()
}

/// The authorities that are named.
fn bundle(settings: &Settings, environment: &Environment) -> Result<Option<Bundle>, Error> {
    let found = match &settings.ca_bundle {
        Some(path) => Some(Found::new(path, Place::Argument("ca_bundle"))),
        None => environment.ca_bundle()?,
    };
    Ok(found.map(|found| Bundle {
        path: found.text,
        place: found.place.to_string(),
    }))
}

/// The source Region as it was named, as it is, and whether its endpoints of FIPS are called.
fn source_region(
    settings: &Settings,
    environment: &Environment,
) -> Result<(Found, String, bool), Error> {
    let found = match &settings.region_name {
        Some(region) => Some(Found::new(region, Place::Argument("region_name"))),
        None => environment.region(),
    };
    let found = found.filter(|found| !found.text.is_empty());
    let named = found.ok_or_else(|| environment.no_region(settings.region_name.is_some()))?;
    let region = named.text.clone();
    checks::region(&region)?;
    // Older names of FIPS endpoints look like Regions.
    let plain = region.replace("fips-", "").replace("-fips", "");
    let fips = plain != region || environment.flag("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint");
    Ok((named, plain, fips))
}

/// The settings of the connections to STS and its like: no model thinks there, so they need not wait an hour.
fn for_credentials(settings: &Settings) -> Settings {
    let mut settings = settings.clone();
    let first_byte = settings.timeouts.first_byte.unwrap_or(Duration::MAX);
    settings.timeouts.first_byte = Some(first_byte.min(CREDENTIALS_FIRST_BYTE));
    settings
}

/// What a credentials provider's error means.
pub(crate) fn credentials_error(error: &CredentialsError) -> Error {
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        if let Some(ours) = cause.downcast_ref::<Error>() {
            return ours.clone();
        }
        source = cause.source();
    }
    Error::Credentials {
        reason: crate::http::reasons(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_a_host_label() {
        for region in ["us-east-1", "eusc-de-east-1", "moon"] {
            assert!(checks::region(region).is_ok(), "{region}");
        }
        for region in [
            "",
            "us east",
            "us-east-1.evil.example",
            "-a",
            "a-",
            "us_east_1",
            "a/b",
            "123",
        ] {
            assert!(checks::region(region).is_err(), "{region}");
        }
    }

    #[test]
    fn an_endpoint_is_an_http_url() {
        for url in [
            "http://127.0.0.1:8080",
            "https://vpce-1.example",
            "http://[::1]:80/",
        ] {
            assert!(checks::endpoint(url).is_ok(), "{url}");
        }
        for url in [
            "",
            "localhost",
            "ftp://x",
            "http://",
            "127.0.0.1:80",
            "\"http://x\"",
            "http://a_b",
            " http://x",
        ] {
            assert!(checks::endpoint(url).is_err(), "{url}");
        }
    }
}
