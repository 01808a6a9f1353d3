//! Credentials of an EC2 instance, which its metadata service has.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use serde_json::Value;

use super::{
    keys::{credentials, moment},
    services::Asking,
};
use crate::{
    environment::Environment,
    error::{Error, Fault},
};

const PROVIDER: &str = "iam-role";
const ROLES: &str = "latest/meta-data/iam/security-credentials/";

/// Where and how patiently the service is asked.
pub(super) struct Metadata {
    url: String,
    patience: Duration,
    attempts: u64,
    version_1: bool,
}

impl Metadata {
    /// Checks what the environment says of it, as botocore does before it looks anywhere.
    pub(super) fn of(environment: &Environment) -> Result<Self, Error> {
        let number = |variable, key| Ok(environment.number(variable, key)?.unwrap_or(1));
        let mode = environment.value(
            "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
            "ec2_metadata_service_endpoint_mode",
        );
        let version_6 = match mode {
            Some(found) => match found.text.to_lowercase().as_str() {
                "ipv6" => true,
                "ipv4" => false,
                _ => {
                    let details = [(
                        "error_msg",
                        format!("{}, where ipv4 and ipv6 are possible", found.text),
                    )];
                    return Err(Fault::error("InvalidIMDSEndpointModeError", details));
                }
            },
            None => environment.flag("AWS_IMDS_USE_IPV6", "imds_use_ipv6"),
        };
        let named = environment.value(
            "AWS_EC2_METADATA_SERVICE_ENDPOINT",
            "ec2_metadata_service_endpoint",
        );
        let url = match named.filter(|found| !found.text.is_empty()) {
            Some(found) if crate::checks::endpoint(&found.text).is_err() => {
                let details = [("error_msg", found.text)];
                return Err(Fault::error("InvalidIMDSEndpointError", details));
            }
            Some(found) => found.text,
            None if version_6 => "http://[fd00:ec2::254]/".to_owned(),
            None => "http://169.254.169.254/".to_owned(),
        };
        let apart = if url.ends_with('/') { "" } else { "/" };
        let url = format!("{url}{apart}");
        let disabled = "AWS_EC2_METADATA_V1_DISABLED";
        Ok(Self {
            url,
            patience: Duration::from_secs(number(
                "AWS_METADATA_SERVICE_TIMEOUT",
                "metadata_service_timeout",
            )?),
            attempts: number(
                "AWS_METADATA_SERVICE_NUM_ATTEMPTS",
                "metadata_service_num_attempts",
            )?,
            version_1: !environment.flag(disabled, "ec2_metadata_v1_disabled"),
        })
    }

    /// The token of version 2 of the service; `None` where it has only version 1, or where nobody answers.
    async fn token(&self, asking: &mut Asking<'_>) -> Result<Option<String>, ()> {
        let url = format!("{}latest/api/token", self.url);
        let headers = [("x-aws-ec2-metadata-token-ttl-seconds", "21600")];
        for _ in 0..self.attempts {
            let asked = asking.services.ask("PUT", &url, &headers, self.patience);
            match asked.await {
                Ok((200, token)) => return Ok(Some(token)),
                Ok((status, _)) => {
                    let answered = format!("{} answered {status} to the token request", self.url);
                    asking.note("instance metadata", answered);
                    match status {
                        400 => return Err(()),
                        403..=405 => return Ok(None),
                        _ => {}
                    }
                }
                Err(error) => asking.note("instance metadata", format!("{}: {error}", self.url)),
            }
        }
        Ok(None)
    }

    async fn get(
        &self,
        asking: &mut Asking<'_>,
        path: &str,
        token: Option<&str>,
        fits: impl Fn(&str) -> bool,
    ) -> Option<String> {
        let url = format!("{}{path}", self.url);
        let headers = token.map(|token| ("x-aws-ec2-metadata-token", token));
        let headers: Vec<_> = headers.into_iter().collect();
        for _ in 0..self.attempts {
            let asked = asking.services.ask("GET", &url, &headers, self.patience);
            match asked.await {
                Ok((200, body)) if !body.is_empty() && fits(&body) => return Some(body),
                Ok((status, _)) => {
                    asking.note("instance metadata", format!("{url} answered {status}"));
                }
                Err(error) => asking.note("instance metadata", format!("{url}: {error}")),
            }
        }
        None
    }
}

/// Asks the metadata service, by its second version and else by its first.
pub(super) async fn ask(asking: &mut Asking<'_>) -> Result<Option<Credentials>, Error> {
    let metadata = Metadata::of(asking.environment)?;
    let disabled = asking
        .environment
        .variables
        .get("AWS_EC2_METADATA_DISABLED");
    if disabled.is_some_and(|value| value.eq_ignore_ascii_case("true")) {
        asking.note("instance metadata", "AWS_EC2_METADATA_DISABLED is true");
        return Ok(None);
    }
    let Ok(token) = metadata.token(asking).await else {
        return Ok(None);
    };
    if token.is_none() && !metadata.version_1 {
        return Err(Fault::error(
            "MetadataRetrievalError",
            [(
                "error_msg",
                "Unable to retrieve token for use in IMDSv2 call and IMDSv1 has been disabled"
                    .into(),
            )],
        ));
    }
    let token = token.as_deref();
    let Some(role) = metadata.get(asking, ROLES, token, |_| true).await else {
        return Ok(None);
    };
    let path = format!("{ROLES}{role}");
    let is_json = |body: &str| serde_json::from_str::<Value>(body).is_ok();
    let Some(body) = metadata.get(asking, &path, token, is_json).await else {
        return Ok(None);
    };
    let answer: Value = serde_json::from_str(&body).unwrap_or_default();
    let parts = ["AccessKeyId", "SecretAccessKey", "Token", "Expiration"];
    let [Some(id), Some(secret), Some(session), Some(expiry)] =
        parts.map(|part| answer[part].as_str())
    else {
        let code = answer["Code"].as_str().unwrap_or("no code");
        asking.note(
            "instance metadata",
            format!("no credentials for the role {role}: {code}"),
        );
        return Ok(None);
    };
    let expiry = extended(moment(PROVIDER, expiry)?);
    credentials(PROVIDER, id, secret, Some(session), Some(expiry)).map(Some)
}

/// Where AWS cannot hand out new keys, instances go on with the old ones for a while.
fn extended(expiry: SystemTime) -> SystemTime {
    let more = Duration::from_secs(15 * 60 + fastrand::u64(120..=600));
    let now = SystemTime::now();
    if now + more >= expiry {
        now + more
    } else {
        expiry
    }
}
