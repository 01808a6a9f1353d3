//! What a session calls with, and where each part came from. No secret is in it.

use aws_smithy_types::retry::{RetryConfig, RetryMode};

use super::Session;
use crate::{
    credentials::refused,
    environment::{Endpoint, Environment, Found, Place},
    error::Error,
    settings::Retries,
};

/// A part of a session: its name, what it is, and where that came from.
pub type Line = [String; 3];

/// What is found when a session is opened.
pub(crate) fn lines(
    environment: &Environment,
    region: &Found,
    fips: bool,
    dual: bool,
    given: &Retries,
    retries: &RetryConfig,
) -> Vec<Line> {
    let mut lines = vec![];
    let mut add = |name: &str, value: String, place: &Place| {
        lines.push([name.to_owned(), value, place.to_string()]);
    };
    let none = Place::Default;
    let place = environment.profile().map_or(&none, |found| &found.place);
    add("profile", environment.profile_name().to_owned(), place);
    for (name, variable, number) in [
        ("config file", "AWS_CONFIG_FILE", 0),
        ("credentials file", "AWS_SHARED_CREDENTIALS_FILE", 1),
    ] {
        let files = &environment.files;
        let state = if files.found[number] {
            ""
        } else {
            " (not there)"
        };
        let set = environment.variables.get(variable).is_some();
        let place = if set {
            Place::Variable(variable)
        } else {
            Place::Default
        };
        add(name, format!("{}{state}", files.paths[number]), &place);
    }
    add("region", region.text.clone(), &region.place);
    for (name, on, variable, key) in [
        ("FIPS", fips, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"),
        (
            "dual stack",
            dual,
            "AWS_USE_DUALSTACK_ENDPOINT",
            "use_dualstack_endpoint",
        ),
    ] {
        let found = environment.value(variable, key);
        let place = found.map_or(Place::Default, |found| found.place);
        add(name, if on { "on" } else { "off" }.to_owned(), &place);
    }
    let mode = match retries.mode() {
        RetryMode::Adaptive => "adaptive",
        _ => "standard",
    };
    for (name, value, given, variable, key) in [
        (
            "retry mode",
            mode.to_owned(),
            given.mode.is_some(),
            "AWS_RETRY_MODE",
            "retry_mode",
        ),
        (
            "attempts",
            retries.max_attempts().to_string(),
            given.max_attempts.is_some(),
            "AWS_MAX_ATTEMPTS",
            "max_attempts",
        ),
    ] {
        let place = if given {
            Place::Argument("retries")
        } else {
            let found = environment.value(variable, key);
            found.map_or(Place::Default, |found| found.place)
        };
        add(name, value, &place);
    }
    lines
}

impl Session {
    /// What this session calls with. `endpoint_url` is where its client sends.
    #[must_use]
    pub fn described(&self, endpoint_url: &str) -> Vec<Line> {
        let mut lines = self.found().to_vec();
        let mut add = |name: &str, value: String, place: String| {
            lines.push([name.to_owned(), value, place]);
        };
        add("endpoint", endpoint_url.to_owned(), self.endpoint_place());
        let proxy = match endpoint_url.parse().map(|uri| self.proxies().before(&uri)) {
            Ok(Ok(Some(proxy))) => proxy.to_string(),
            Ok(Err(error)) => error.to_string(),
            Ok(Ok(None)) | Err(_) => "none".to_owned(),
        };
        add("proxy", proxy, String::new());
        let authorities = self.tls().authorities().unwrap_or_else(|error| error);
        add("authorities", authorities, String::new());
        lines
    }

    /// Which source gave the credentials, and their access key; a bearer token is named only.
    pub async fn credentials_described(&self) -> Result<Line, Error> {
        if let Some(place) = self.bearer_place() {
            return Ok(["credentials".into(), "a Bedrock API key".into(), place]);
        }
        let (credentials, via) = self.source().described().await?;
        let id = credentials.access_key_id().to_owned();
        Ok(["credentials".into(), id, via])
    }

    /// Who STS says that the caller is: the ARN. This is a request.
    pub async fn principal(&self) -> Result<String, Error> {
        let credentials = self.credentials().await?;
        let sdk = self.source().sdk(Endpoint::Sts)?;
        let config = aws_sdk_sts::config::Builder::from(&sdk).credentials_provider(credentials);
        let client = aws_sdk_sts::Client::from_conf(config.build());
        let identity = client.get_caller_identity().send().await;
        let identity = identity.map_err(|error| refused("sts", "GetCallerIdentity", &error))?;
        Ok(identity.arn().unwrap_or("unknown").to_owned())
    }
}
